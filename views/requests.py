"""A question that waits for a person: its card, in both languages where many see it, in the reader's where one does.

Who asked is named to the one who reads a card of their own, because they may answer; a channel's card names nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from community.expert_records import ExpertRequest, RequestState
from community.records import Member
from community.requests import ANSWER_LIMIT, Asked, Case
from views.i18n import Translator, both, translator, when
from views.inputs import person_input
from views.text import (
    Block,
    actions,
    button,
    clip,
    confirmation,
    context_line,
    escape,
    field,
    header,
    message,
    modal,
    section,
    text_input,
)
from views.typed import in_slacks_bold, typed, verbatim

Titles = Mapping[str, str] | None  # of the competency that the question is about, by locale
LANGUAGES = ("en", "fr")


@dataclass(frozen=True)
class Letter:
    """A message as the outbox takes it: to a person (their Slack id) or into a channel."""

    key: str
    payload: Block
    user: str | None = None
    channel: str | None = None


def letters(case: Case, titles: Titles, time_zone: str) -> list[Letter]:
    """Every card there is to be of the request, as it stands: a newer one takes the buttons of the one before."""
    request = case.request
    found = [
        Letter(
            _card_key(request, asked.member.id, turn),
            card(case, asked, titles, superseded=turn < asked.row.turn),
            user=asked.member.slack_user_id,
        )
        for asked in case.asked
        if asked.member.active
        for turn in range(1, asked.row.turn + 1)
    ]
    for turn in range(1, request.channel_turn + 1):
        payload = channel_card(case, titles, time_zone, superseded=turn < request.channel_turn)
        found.append(Letter(_card_key(request, "channel", turn), payload, channel=request.channel))
    return found


def card(case: Case, asked: Asked, titles: Titles, *, superseded: bool = False) -> Block:
    """The card of one who was asked, in their language; `superseded` by a newer one it has no buttons."""
    request, member = case.request, asked.member
    t = translator(member.locale)
    person = f"<@{case.asker.slack_user_id}>"
    lead = t("{person} has a question for people who know:", person=person)
    if asked.row.turn > 1 and not superseded:
        lead = t("This question still waits for an answer. {person} asked:", person=person)
    blocks = [section(lead), quoted(request.text)]
    small = [t("About {competency}", competency=escape(titles[t.locale]))] if titles else []
    if request.asked_in:
        small.append(t("Asked in {channel}.", channel=f"<#{request.asked_in}>"))
    small.append(t("Passed on {when}", when=when(request.opened_at, t.locale, member.time_zone)))
    blocks += [context_line(*small), *_state(case, member, t)]
    buttons = [] if superseded else _buttons(case, asked, t)
    if buttons:
        blocks.append(actions(*buttons, id=f"request:{request.id}"))
    return message(t("A question was passed on to you: {question}", question=escape(clip(request.text, 300))), blocks)


def channel_card(case: Case, titles: Titles, time_zone: str, *, superseded: bool = False) -> Block:
    """The card in the experts' channel: English, then French, and not who asked."""
    request = case.request
    again = request.channel_turn > 1 and not superseded
    blocks = [section("\n".join(both(lambda t: _channel_lead(t, again=again)))), quoted(request.text)]
    for t in (translator(locale) for locale in LANGUAGES):
        small = [t("About {competency}", competency=escape(titles[t.locale]))] if titles else []
        blocks.append(context_line(*small, t("Passed on {when}", when=when(request.opened_at, t.locale, time_zone))))
    for t in (translator(locale) for locale in LANGUAGES):
        blocks += _state(case, None, t)
    if request.state is RequestState.answered:
        blocks += answered(request)
    if not superseded and (buttons := _channel_buttons(case)):
        blocks.append(actions(*buttons, id=f"request:{request.id}"))
    said = both(lambda t: t("A question waits for an answer: {question}", question=escape(clip(request.text, 300))))
    return message(" / ".join(said), blocks)


def quoted(text: str, limit: int = 2000) -> Block:
    """What somebody asked or answered, as a quotation."""
    return verbatim("\n".join(f">{line}" for line in typed(clip(text, limit)).splitlines()) or ">")


def answered(request: ExpertRequest) -> list[Block]:
    """The answer, in each language that it was given in."""
    return [quoted(in_slacks_bold(text), ANSWER_LIMIT) for text in (request.answer_en, request.answer_fr) if text]


def answer_form(case: Case, locale: str) -> Block:
    """The modal for an answer: the asker's language first, the other for whoever writes both."""
    t, request = translator(locale), case.request
    labels = {"en": t("Answer in English"), "fr": t("Answer in French")}
    first, second = (request.locale, "fr" if request.locale == "en" else "en")
    hint = t("Write in one language at least; in both, nobody has to translate it.")

    def input_of(language: str, hint: str | None) -> Block:
        box = text_input(f"text_{language}", multiline=True, most=ANSWER_LIMIT)
        return field(labels[language], box, f"text_{language}", hint=hint, optional=True)

    blocks = [
        section(t("{person} asked:", person=f"<@{case.asker.slack_user_id}>")),
        quoted(request.text),
        input_of(first, None),
        input_of(second, hint),
    ]
    return modal("request.answer", t("Answer"), blocks, submit=t("Send"), close=t("Cancel"), metadata=str(request.id))


def reassign_form(case: Case, locale: str) -> Block:
    """The modal in which somebody else is picked."""
    t = translator(locale)
    blocks = [
        quoted(case.request.text),
        field(t("Who may know"), person_input("to", t("Choose a person")), "to"),
        context_line(t("They are told what was asked and by whom.")),
    ]
    metadata = str(case.request.id)
    return modal(
        "request.reassign", t("Hand it on"), blocks, submit=t("Hand it on"), close=t("Cancel"), metadata=metadata
    )


def ask_form(code: str, titles: Mapping[str, str], locale: str) -> Block:
    """The modal in which a question goes to those who offered a competency."""
    t = translator(locale)
    text = text_input("question", multiline=True, most=2000)
    blocks = [
        header(titles[t.locale]),
        field(t("Your question"), text, "question"),
        context_line(t("The people who may know will see your question and your name, so that they can reply to you.")),
    ]
    return modal("request.ask", t("Ask an expert"), blocks, submit=t("Pass it on"), close=t("Cancel"), metadata=code)


def _channel_lead(t: Translator, *, again: bool) -> str:
    if again:
        return t("This question still waits for an answer:")
    return t("Somebody has a question for people who know:")


def _state(case: Case, reader: Member | None, t: Translator) -> list[Block]:
    """Where it stands, as this reader needs to know it; nothing to say while it is simply open."""
    request, holder = case.request, case.holder
    mine = holder is not None and reader is not None and holder.id == reader.id
    who = f"*{escape(holder.name)}*" if holder else ""
    match request.state:
        case RequestState.claimed if mine:
            return [section(t("*You took this up.* Nobody else is asked meanwhile."))]
        case RequestState.claimed:
            return [section(t("{person} took this up.", person=who))]
        case RequestState.answered if mine:
            return [section(t("*You answered.* Thank you.")), *answered(request)]
        case RequestState.answered:
            return [section(t("{person} answered.", person=who))]
        case RequestState.declined if not case.asker.active:
            return [section(t("Whoever asked has left Slack, so nobody waits for an answer any more."))]
        case RequestState.declined:
            return [section(t("Nobody took this up. You still can."))]
        case _:
            return []


def _buttons(case: Case, asked: Asked, t: Translator) -> list[Block]:
    request, number = case.request, case.request.id
    claim = button(t("I take this up"), "request.claim", number, style="primary")
    reply = button(t("Answer"), "request.answer", number)
    hand_on = button(t("Hand it on"), "request.reassign", number)
    sure = confirmation(
        t("Not for you?"), t("You are not asked about this question any more."), t("Not for me"), t("Cancel")
    )
    decline = button(t("Not for me"), "request.decline", number, confirm=sure)
    mine = case.holder is not None and case.holder.id == asked.member.id
    if not case.asker.active and request.state is not RequestState.answered:
        return []
    match request.state:
        case RequestState.answered if mine and not request.draft_slug:
            return [button(t("Make it an entry"), "request.draft", number)]
        case RequestState.answered:
            return []
        case RequestState.claimed:
            return [reply, hand_on, decline] if mine else []
        case _ if asked.row.declined_at is not None:
            return [button(t("I take this up after all"), "request.claim", number)]
        case RequestState.declined:
            return [claim, reply]
        case _:
            return [claim, reply, hand_on, decline]


def _channel_buttons(case: Case) -> list[Block]:
    request, number = case.request, case.request.id
    if request.state is RequestState.answered or not case.asker.active:
        return []
    if request.state is RequestState.claimed:
        return []
    return [
        button("I take this up · Je m’en charge", "request.claim", number, style="primary"),
        button("Answer · Répondre", "request.answer", number),
        button("Hand it on · Confier à quelqu’un", "request.reassign", number),
        button("Not for me · Pas pour moi", "request.decline", number),
    ]


def _card_key(request: ExpertRequest, whose: Any, turn: int) -> str:
    return f"request:{request.id}:card:{whose}:{turn}"
