"""What whoever asked is told at each step of a question passed on, and the daily list of what waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from community.expert_records import ExpertRequest, StepKind
from community.records import Member
from community.requests import Case
from views.i18n import Translator, mark, translator, when
from views.requests import LANGUAGES, quoted
from views.text import Block, button, clip, context_line, escape, header, message, section
from views.typed import in_slacks_bold, typed_sections, verbatim

LISTED, ON_HOME = 20, 5
NEWS = {
    StepKind.claimed: mark("{person} took up your question and will answer you."),
    StepKind.reassigned: mark("Your question was handed on to {other}, who may know."),
    StepKind.released: mark("Whoever had taken up your question gave it back. I am asking others."),
    StepKind.declined: mark("Those I asked cannot answer your question. I am asking others."),
    StepKind.asked: mark("Nobody has answered your question yet. I am asking more people."),
    StepKind.brought_up: mark("Nobody has answered your question yet. I reminded those who may know."),
    StepKind.given_up: mark("Nobody could answer your question so far. It is noted for the organizers."),
    StepKind.left: mark("Whoever was to answer your question has left. I am asking others."),
}
ANSWERED_IN = {
    "en": mark("The answer was written in English only."),
    "fr": mark("The answer was written in French only."),
}
NOT_PASSED_ON = mark("There is nobody to pass it on to yet. Your question is noted for the organizers.")
PASSED_ON = mark("I passed your question on. I will tell you as soon as somebody takes it up.")
PASSED_ON_ALREADY = mark("Your question was passed on already. I will tell you what becomes of it.")
CLAIMED = mark("It is yours now. The question and who asked it are in your direct messages with me.")
CLAIMED_ALREADY = mark("You had taken this up already; it is yours.")
HANDED_ON = mark("I handed the question on to {person}.")
DECLINED = mark("You are not asked about this question any more.")
DRAFTED_ALREADY = mark("A draft entry was made from this answer already.")


def key(case: Case) -> str:
    """Key of the message that tells of the request's newest step."""
    return f"request:{case.request.id}:news:{case.steps}"


def news(case: Case, kind: StepKind, other: Member | None = None) -> Block:
    """To whoever asked: what has become of their question."""
    t = translator(case.asker.locale)
    names = {
        "person": f"<@{case.holder.slack_user_id}>" if case.holder else "",
        "other": f"<@{other.slack_user_id}>" if other else "",
    }
    lead = t(NEWS[kind], **names)
    return message(lead, [section(lead), quoted(case.request.text, 600)])


def answer(case: Case) -> Block:
    """To whoever asked: the answer, in their language where it was given in it."""
    t, request = translator(case.asker.locale), case.request
    texts = {"en": request.answer_en, "fr": request.answer_fr}
    language = t.locale if texts[t.locale] else "fr" if t.locale == "en" else "en"
    said = in_slacks_bold(texts[language] or "")
    lead = t("{person} answered your question:", person=f"<@{case.holder.slack_user_id}>" if case.holder else "")
    blocks = [section(lead), quoted(request.text, 600), *typed_sections(said)]
    if language != t.locale:
        blocks.append(context_line(t(ANSWERED_IN[language])))
    return message(f"{lead}\n{clip(escape(said), 3000)}", blocks)


def digest(found: Sequence[ExpertRequest], holders: Mapping[int, Member], reader: Member) -> Block:
    """What waits for one person, or, for an organizer, for anybody; what others do not hold can be answered here."""
    t = translator(reader.locale)
    lead = t.n("{n} question waits for an answer", "{n} questions wait for an answer", len(found))
    return message(lead, [header(lead), *_rows(found, holders, reader, LISTED, t)])


def waiting_rows(found: Sequence[ExpertRequest], reader: Member) -> list[Block]:
    """What waits for one person, on their Home; nothing where nothing does."""
    t = translator(reader.locale)
    if not found:
        return []
    holders = {reader.id: reader}
    lead = t.n("{n} question waits for your answer", "{n} questions wait for your answer", len(found))
    return [header(lead), *_rows(found, holders, reader, ON_HOME, t)]


def _rows(
    found: Sequence[ExpertRequest], holders: Mapping[int, Member], reader: Member, most: int, t: Translator
) -> list[Block]:
    rows = []
    for request in found[:most]:
        reply = button(t("Answer"), "request.answer", request.id, label=t("Answer: {question}", question=request.text))
        theirs = request.holder_id in (None, reader.id)
        rows.append(verbatim(_line(request, holders, t, reader.time_zone, reader), reply if theirs else None))
    return [*rows, *_rest(len(found) - most, t)]


def channel_digest(found: Sequence[ExpertRequest], holders: Mapping[int, Member], time_zone: str) -> Block:
    """What waits, for the experts' channel: English, then French."""
    blocks: list[Block] = []
    leads = []
    for t in (translator(locale) for locale in LANGUAGES):
        leads.append(t.n("{n} question waits for an answer", "{n} questions wait for an answer", len(found)))
        lines = [_line(request, holders, t, time_zone, None) for request in found[:LISTED]]
        blocks += [header(leads[-1]), *(verbatim(line) for line in lines), *_rest(len(found) - LISTED, t)]
    return message(" / ".join(leads), blocks)


def digest_key(day: date, whose: object) -> str:
    """Key of the digest of a day."""
    return f"request:digest:{day.isoformat()}:{whose}"


def _line(
    request: ExpertRequest, holders: Mapping[int, Member], t: Translator, time_zone: str, reader: Member | None
) -> str:
    question = escape(clip(" ".join(request.text.split()), 200))
    since = when(request.opened_at, t.locale, time_zone)
    holder = holders.get(request.holder_id or 0)
    if holder is None:
        told = t("Since {when}; nobody has taken it up.", when=since)
    elif reader is not None and holder.id == reader.id:
        told = t("Since {when}; you took it up.", when=since)
    else:
        told = t("Since {when}; {person} took it up.", when=since, person=escape(holder.name))
    return f"{question}\n{told}"


def _rest(number: int, t: Translator) -> list[Block]:
    return [context_line(t.n("{n} more waits.", "{n} more wait.", number))] if number > 0 else []
