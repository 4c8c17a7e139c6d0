"""What is pressed on an answer's card: whether it helped, which suggestion was meant, share it."""

from __future__ import annotations

import re
from typing import Any

import structlog
from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from handlers import answering
from handlers.payloads import number_of, place_of, pressed, row_id, value_of
from handlers.profiles import impatient, manner
from handlers.trouble import tell
from handlers.work import Work, work
from knowledge import questions
from knowledge.errors import NotFound, NotYours
from knowledge.records import Question
from views import answers as view
from views.i18n import translator

log = structlog.get_logger("praxis.answer_cards")


def register(app: App) -> None:
    """Take the buttons of answers."""
    app.action("answer.helpful")(helpful)
    app.action("answer.not_helpful")(not_helpful)
    app.action(re.compile(r"^answer\.pick\.\d+$"))(pick)
    app.action("answer.share")(share)
    app.action("question.news")(news)


def helpful(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """The answer helped."""
    ack()
    _rate(context, body, helpful=True)


def not_helpful(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """The answer did not help."""
    ack()
    _rate(context, body, helpful=False)


def _rate(context: BoltContext, body: dict[str, Any], *, helpful: bool) -> None:
    with work(context, body) as w:
        number = number_of(pressed(body))
        before = questions.get(w.session, number, w.member).helpful
        question = questions.rate(w.session, number, w.member, helpful)
        if before is helpful:
            w.whisper(view.sentence(view.RATED_AGAIN, w.locale))
        else:
            show(w, question)


def pick(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """One of the suggestions was meant: the card becomes its answer. Whoever did not ask sees it alone."""
    ack()
    number, _, slug = value_of(pressed(body)).partition(":")
    knowledge = answering.knowledge_of(context["services"])
    with work(context, body) as w:
        try:
            question = questions.pick(w.session, row_id(number), w.member, slug)
        except NotYours:
            shown = knowledge.show(slug, w.locale)
            w.whisper(view.answer(shown, w.locale, today=w.today) if shown else view.sentence(view.GONE, w.locale))
        else:
            show(w, question)


def news(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """The asker wants to be told, or not, when there is an answer."""
    ack()
    number, _, wanted = value_of(pressed(body)).partition(":")
    with work(context, body) as w:
        show(w, questions.want_news(w.session, row_id(number), w.member, wanted == "1"))


def share(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Post an answer that its asker alone sees for everybody in the channel, with the name of who shares it."""
    ack()
    place = place_of(body)
    if not place.channel or not _can_post(context.client, place.channel):
        locale = manner(context["services"], place.user).locale
        tell(context, body, translator(locale)(view.CANNOT_SHARE))
        return
    with work(context, body) as w:
        question = questions.get(w.session, number_of(pressed(body)), w.member)
        intro = view.sharing(question.text, w.member.slack_user_id, question.locale)
        shown = answering.for_others(w, question, intro)
        if shown is None:
            raise NotFound("entry_unknown")
        w.say(shown, key=f"answer:{question.id}:shared:{place.channel}")
        w.whisper(view.sentence(view.SHARED, w.locale))


def _can_post(client: WebClient, channel: str) -> bool:
    """Whether the bot is, or can get itself, into the channel."""
    patient = impatient(client)
    try:
        info = patient.conversations_info(channel=channel)["channel"]
        if not info.get("is_member"):
            patient.conversations_join(channel=channel)
        return True
    except SlackApiError as error:
        log.info("answer.not_shared", channel=channel, error=error.response.get("error"))
        return False
    except (SlackClientError, OSError) as error:
        # Slack does not say; the outbox will find out, and an organizer sees when it cannot.
        log.warning("answer.share_unsure", channel=channel, error=type(error).__name__)
        return True


def show(w: Work, question: Question) -> None:
    """The card follows what was pressed."""
    payload = answering.card(w, question, can_share=answering.may_share(w))
    w.replace(payload, of=view.card_key(question.id))
