"""Questions: asked in a DM, by mention, by command or about a message; rated, passed on and shared by their asker."""

from __future__ import annotations

import re
from typing import Any

import structlog
from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers import answering, asking
from handlers.payloads import Body, event_of, place_of, pressed, value_of
from handlers.work import Work, work
from views import answers as view
from views import help as help_view

log = structlog.get_logger("praxis.questions")


def register(app: App) -> None:
    """Take every way of asking."""
    app.event("message")(said)
    app.event("app_mention")(said)
    app.shortcut("question.ask_about")(about_message)
    app.action("question.ask")(ask_instead)
    app.action(re.compile(r"^answer\.related\.\d+$"))(show_related)


def said(context: BoltContext, body: dict[str, Any]) -> None:
    """Somebody wrote to the bot: in a DM the conversation goes on, in a channel the answer is in the thread."""
    event = event_of(body)
    place = place_of(body)
    thread = place.thread_ts if place.is_dm else place.thread_ts or place.message_ts
    _ask(context, body, asking.read(event.get("text"), files=bool(event.get("files"))), thread=thread, public=True)


def command(ack: Ack, body: dict[str, Any], context: BoltContext, client: WebClient, rest: str) -> None:  # noqa: ARG001 - the signature of every sub-command
    """`/praxis ask`: the answer is seen by the asker alone, who may share it."""
    _ask(context, body, asking.read(rest), thread=None, public=False)


def about_message(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """The question in somebody's message, answered to the person who wants to know, and to nobody else."""
    ack()
    found = asking.read((body.get("message") or {}).get("text"))
    if found.refusal == view.EMPTY:
        found = asking.Read(refusal=view.PASTED)
    _ask(context, body, found, thread=None, public=False, own_language=True)


def ask_instead(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """What was no sub-command is taken as a question after all."""
    ack()
    _ask(context, body, asking.read(value_of(pressed(body))), thread=None, public=False)


def show_related(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Another entry that belongs to an answer, shown to whoever pressed."""
    ack()
    _, _, slug = value_of(pressed(body)).partition(":")
    knowledge = answering.knowledge_of(context["services"])
    with work(context, body) as w:
        shown = knowledge.show(slug, w.locale)
        w.whisper(view.answer(shown, w.locale, today=w.today) if shown else view.sentence(view.GONE, w.locale))


def _ask(
    context: BoltContext,
    body: Body,
    found: asking.Read,
    *,
    thread: str | None,
    public: bool,
    own_language: bool = False,
) -> None:
    """`own_language`: answered in the person's language, whatever somebody else's question is written in."""
    if not found.text:
        with work(context, body) as w:
            payload = (
                help_view.overview(w.locale, w.roles)
                if found.wants_help
                else view.sentence(found.refusal or view.EMPTY, w.locale, n=asking.LIMIT)
            )
            _give(w, payload, thread, public)
        return
    # Matching takes milliseconds; the transaction opens after it.
    matched, language = answering.ask(context["services"], place_of(body), found.text, thread=thread, public=public)
    with work(context, body) as w:
        language = language or (w.locale if own_language else None)
        question, payload = answering.take(w, matched, thread=thread, public=public, language=language)
        _give(w, payload, thread, public, key=view.card_key(question.id))
    log.info(
        "question.asked",
        question=question.id,
        user=w.member.slack_user_id,
        outcome=question.outcome.value,
        answered_by=question.answered_by,
        score=matched.score,
        entry=matched.answer.id if matched.answer else None,
    )


def _give(w: Work, payload: dict[str, Any], thread: str | None, public: bool, key: str | None = None) -> None:
    if public:
        w.say(payload, thread_ts=thread, key=key)
    else:
        w.whisper(payload, key=key)
