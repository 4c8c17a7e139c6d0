"""What happens when something cannot be done: the person is told in their language, and nothing is left half done."""

from __future__ import annotations

import threading
import traceback
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog
from slack_bolt import App, BoltContext, BoltRequest, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy.exc import SQLAlchemyError

from community.errors import CommunityError
from delivery import inbox
from delivery.inbox import AlreadyDone
from handlers import at_home
from handlers.acks import PromptAck
from handlers.payloads import REPLAYED, Body, event_of, is_command, key_of, kind_of, place_of, waits
from handlers.profiles import impatient, manner
from handlers.services import NotReady, Services
from handlers.work import Settled, acked, input_for, work
from knowledge.errors import KnowledgeError
from storage.errors import StorageError
from views import errors
from views.text import message

log = structlog.get_logger("praxis.trouble")

READY_WITHIN_S = 45  # less than the inbox's lease: after that the clock takes the request up again


def handler(app: App) -> Callable[..., BoltResponse | None]:
    """Bolt's error handler: what listeners raise ends here, and the person hears of it."""

    def on_error(
        error: Exception, context: BoltContext, body: dict[str, Any], response: BoltResponse | None
    ) -> BoltResponse | None:
        _handle(app, error, context, body)
        if response is None or acked(context):
            return None
        return BoltResponse(status=200, body="")

    return on_error


def again(app: App, key: str, body: dict[str, Any]) -> None:
    """Take up again what is in the inbox under `key`."""
    app.dispatch(BoltRequest(mode="socket_mode", body=body, context={REPLAYED: key}))


def apart(context: BoltContext, body: dict[str, Any], call: Callable[[], None]) -> None:
    """Have `call` run where files are made, one after another, and what it raises handled as a listener's.

    The request must be acknowledged. Listeners who made files themselves could take every thread there is, and whoever
    asks meanwhile would wait. What a stop leaves undone is in the inbox, and done after the next start.
    """
    services: Services = context["services"]

    def run() -> None:
        try:
            call()
        except Exception as error:
            _handle(None, error, context, body)

    with suppress(RuntimeError):  # stopping
        services.files.submit(run)


def _handle(app: App | None, error: Exception, context: BoltContext, body: dict[str, Any]) -> None:
    services: Services | None = context.get("services")
    if services is None:  # before our middleware: nothing was written down, Slack will send it again
        log.error("request.failed", kind=kind_of(body), error=type(error).__name__, where=_where(error))
        return
    if isinstance(error, AlreadyDone | Settled):
        log.info("listener.nothing_to_do", kind=kind_of(body), key=context.get("inbox_key"))
    elif isinstance(error, CommunityError | KnowledgeError):
        user = place_of(body).user
        log.info("listener.refused", kind=kind_of(body), code=error.code, user=user)
        locale, zone = manner(services, user)
        sentence = errors.sentence(error, locale, time_zone=zone)
        tell(context, body, sentence, settled=getattr(error, "keep", False))
        at_home.say(context, body, sentence)
    elif isinstance(error, NotReady) and app is not None:
        _later(app, services, context, body)
    else:
        _unexpected(error, services, context, body)


def tell(context: BoltContext, body: Body, text: str, *, settled: bool = False) -> None:
    """Say one sentence to the person alone, in a transaction of its own that also settles the request.

    With `settled` the request is left as it is, and the sentence is said once, however often the request is tried.
    Where nobody waits, as for a profile that changed, nobody is told.
    """
    with work(context, body, apart="/trouble" if settled else None) as w:
        if waits(body):
            w.whisper(message(text))


def _later(app: App, services: Services, context: BoltContext, body: dict[str, Any]) -> None:
    """Take the request up again once the entries are read, and tell the person meanwhile."""
    key, user, answers = context.get("inbox_key"), place_of(body).user, services.answers
    log.info("listener.later", kind=kind_of(body), key=key)

    def when_ready() -> None:
        if answers and key and answers.wait(READY_WITHIN_S):
            again(app, key, body)

    threading.Thread(target=when_ready, name="answers-ready", daemon=True).start()
    tell(context, body, errors.say(errors.NOT_READY, manner(services, user).locale), settled=True)


def _unexpected(error: Exception, services: Services, context: BoltContext, body: Body) -> None:
    key, place = context.get("inbox_key"), place_of(body)
    log.error("listener.failed", kind=kind_of(body), key=key, user=place.user, error=_name(error), where=_where(error))
    try:
        if isinstance(error, StorageError):
            raise error
        if key:
            inbox.fail(services.database, key, f"{_name(error)} {_where(error)}")
        tell(context, body, errors.say(errors.UNEXPECTED, manner(services, place.user).locale), settled=True)
    except (StorageError, SQLAlchemyError) as trouble:
        log.error("listener.untold", kind=kind_of(body), key=key, error=_name(trouble))
        without_database(services, context, body)


def without_database(services: Services, context: BoltContext, body: Body) -> BoltResponse:
    """Tell the person that nothing can be written down, without writing anything down.

    Returns what to acknowledge: a command and a modal are answered in it; an event is refused, so that Slack sends it
    again; for the rest the sentence is posted without the outbox, which is what does not work.
    """
    user = place_of(body).user
    text = errors.say(errors.NO_DATABASE, services.locale_of(user))
    # A locked database is waited for; by then Slack may have closed the door.
    in_time = not (isinstance(context.ack, PromptAck) and context.ack.late)
    if in_time and is_command(body):
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": text})
    if in_time and body.get("type") == "view_submission" and (block_id := input_for(body, None)):
        return BoltResponse(status=200, body={"response_action": "errors", "errors": {block_id: text}})
    key = key_of(body)
    if user and key and waits(body) and _first_time(key):
        threading.Thread(target=_post_directly, args=(context.client, user, text), daemon=True).start()
    return BoltResponse(status=503 if event_of(body) else 200, body="")


_told: OrderedDict[str, None] = OrderedDict()
_told_lock = threading.Lock()


def _first_time(key: str) -> bool:
    with _told_lock:
        if key in _told:
            return False
        _told[key] = None
        while len(_told) > 1000:
            _told.popitem(last=False)
        return True


def _post_directly(client: WebClient, user: str, text: str) -> None:
    try:
        patient = impatient(client)
        channel = patient.conversations_open(users=user)["channel"]["id"]
        patient.chat_postMessage(channel=channel, text=text)
    except (SlackClientError, OSError) as error:
        log.error("person.untold", user=user, error=_name(error))


def _name(error: BaseException) -> str:
    """The error's name and Slack's code; never its text, which may quote what people wrote."""
    code = error.response.get("error") if isinstance(error, SlackApiError) else None
    return f"{type(error).__name__}({code})" if code else type(error).__name__


def _where(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "site-packages" not in frame.filename] or frames
    return f"{Path(own[-1].filename).name}:{own[-1].lineno}" if own else "?"
