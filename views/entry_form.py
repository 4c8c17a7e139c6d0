"""The form in which an entry is written or changed; its blocks are named after what the rules name in errors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from knowledge.entry_checks import LONGEST_ANSWER, LONGEST_OWNER, LONGEST_SOURCE, LONGEST_TITLE
from knowledge.entry_file import LOCALES, EntryDraft
from views.entry_fields import FITS, SAMPLE, Filled, fitting
from views.i18n import Translator, count, mark, translator, when
from views.inputs import link_input, person_input, several_looked_up
from views.text import (
    Block,
    checkboxes,
    context_line,
    divider,
    escape,
    field,
    modal,
    option,
    section,
    select,
    text_input,
)
from views.typed import typed_sections

MONTHS = {
    3: mark("3 months"),
    6: mark("6 months"),
    12: mark("1 year"),
    24: mark("2 years"),
    0: mark("For ever"),
}
RELATED = "entry.related"
REVIEWED, PUBLISH = "reviewed", "publish"
Named = Mapping[str, tuple[int, str]]  # entries by their id: the row's number, and the title
LONGEST_NOTE = 300


@dataclass(frozen=True)
class Clash:
    """Somebody saved while this person was writing: who, when, and what the fields say now that both changed.

    `retired`: nobody is answered from the entry any more.
    """

    by: str | None
    at: datetime
    theirs: Mapping[str, str]
    retired: bool = False


def new_form(locale: str, filled: Filled, *, may_publish: bool, metadata: Mapping[str, Any] | None = None) -> Block:
    """The form of a new entry, with what is known already."""
    t = translator(locale)
    marks = [option(t("Publish at once"), PUBLISH)] if may_publish else []
    blocks = [*_cut(t, filled), *_inputs(t, filled, "", {}, 0, {}), *_marks(t, marks, []), _note(t, "")]
    saving = json.dumps({**(metadata or {})})
    return modal("entry.create", t("New entry"), blocks, submit=t("Save"), close=t("Cancel"), metadata=saving)


def edit_form(
    locale: str,
    time_zone: str,
    content: EntryDraft,
    version: int,
    filled: Filled,
    *,
    note: str = "",
    clash: Clash | None = None,
    metadata: Mapping[str, Any] | None = None,
    related: Named | None = None,
) -> Block:
    """The form of an entry as it stands, or as somebody wants it while another changed it (`clash`).

    `related`: the entries that are named as related to it.
    """
    t = translator(locale)
    # While ids stay the same, Slack keeps what was typed; with the version in them it shows what is given here.
    suffix = f".v{version}"
    blocks: list[Block] = []
    if clash is not None:
        blocks += [section(_clash(t, clash, time_zone)), divider()]
    left_out = sum(len(text.phrasings) - len(fitting(text.phrasings)) for text in content.texts.values())
    blocks += _inputs(t, filled, suffix, clash.theirs if clash else {}, left_out, related or {})
    marks = [option(t("I made sure today that it is right"), REVIEWED)]
    if content.sample:
        marks.append(option(t("This is still sample text"), SAMPLE))
    blocks += [*_marks(t, marks, [SAMPLE] if filled.sample else [], suffix), _note(t, suffix, note)]
    return modal(
        "entry.edit",
        t("Edit the entry"),
        blocks,
        submit=t("Save anyway") if clash else t("Save"),
        close=t("Cancel"),
        metadata=json.dumps({**(metadata or {}), "slug": content.slug, "version": version}),
    )


def _cut(t: Translator, filled: Filled) -> list[Block]:
    longest = max(len(filled.answer_en), len(filled.answer_fr))
    if longest <= LONGEST_ANSWER:
        return []
    return [
        section(
            t(
                "*The text is longer than an answer can be:* {length} characters, of which {limit} fit. Its end is "
                "missing below; say the rest shorter, or make a second entry of it.",
                length=count(longest, t.locale),
                limit=count(LONGEST_ANSWER, t.locale),
            )
        )
    ]


def _clash(t: Translator, clash: Clash, time_zone: str) -> str:
    at = when(clash.at, t.locale, time_zone)
    lead = (
        t("*{name} changed this entry before you, {when}.*", name=escape(clash.by), when=at)
        if clash.by
        else t("*An import changed this entry before you, {when}.*", when=at)
    )
    rest = (
        t(
            "Nothing is saved yet, and nothing of yours is lost: it stands below. Where you both changed the same, "
            "what the entry says now stands under your text. Bring the two together, then save."
        )
        if clash.theirs
        else t(
            "Nothing is saved yet, and nothing of yours is lost: it stands below, together with the other change. Read "
            "it through, then save."
        )
    )
    gone = t("It is retired now: what you save is kept, but nobody is answered from it.") if clash.retired else ""
    return "\n".join(line for line in (lead, gone, rest) if line)


def _labels(t: Translator) -> dict[str, str]:
    return {
        "title_en": t("Question in English"),
        "answer_en": t("Answer in English"),
        "phrasings_en": t("Other ways to ask, in English"),
        "title_fr": t("Question in French"),
        "answer_fr": t("Answer in French"),
        "phrasings_fr": t("Other ways to ask, in French"),
        "source": t("Source"),
        "source_fr": t("Source as French names it"),
        "source_url": t("Address of the source"),
        "owner_user_id": t("Owner"),
        "owner": t("Owner as shown"),
        "review_months": t("A review holds for"),
        "related": t("See also"),
    }


def _inputs(
    t: Translator, filled: Filled, suffix: str, theirs: Mapping[str, str], left_out: int, related: Named
) -> list[Block]:
    label = _labels(t)
    hints = {
        "answer": t("**bold**, lists with “-”, [links](https://…). Say the answer in the first sentence."),
        "phrasings": t("One a line, as people type it."),
    }
    blocks: list[Block] = []

    def add(name: str, element: Block, *, hint: str | None = None, optional: bool = True) -> None:
        blocks.append(field(label[name], element, name, hint=hint, optional=optional))
        if name in theirs:
            blocks.append(
                context_line(t("*The entry says now:*") if theirs[name] else t("*The entry leaves it empty.*"))
            )
            blocks.extend(typed_sections(_said(t, name, theirs[name], related)))

    def typed(name: str, most: int, *, multiline: bool = False) -> Block:
        initial = getattr(filled, name)
        return text_input(f"entry.{name}{suffix}", multiline=multiline, initial=initial, most=most)

    for locale in sorted(LOCALES, key=lambda one: one != t.locale):  # the reader's own first
        add(f"title_{locale}", typed(f"title_{locale}", LONGEST_TITLE))
        add(f"answer_{locale}", typed(f"answer_{locale}", LONGEST_ANSWER, multiline=True), hint=hints["answer"])
        add(f"phrasings_{locale}", typed(f"phrasings_{locale}", FITS, multiline=True), hint=hints["phrasings"])
    if left_out:
        more = t.n(
            "{n} more phrasing does not fit into the form; it stays as it is.",
            "{n} more phrasings do not fit into the form; they stay as they are.",
            left_out,
        )
        blocks.append(context_line(more))
    add("source", typed("source", LONGEST_SOURCE), hint=t("Where the answer comes from."), optional=False)
    add("source_fr", typed("source_fr", LONGEST_SOURCE), hint=t("Leave it empty where it is the same."))
    add("source_url", link_input(f"entry.source_url{suffix}", filled.source_url or None))
    owner = person_input(f"entry.owner_user_id{suffix}", t("Choose a person"), filled.owner_user_id or None)
    add("owner_user_id", owner, hint=t("Is told when a review is due, and may change the entry."))
    add(
        "owner", typed("owner", LONGEST_OWNER), hint=t("A team, for example. Leave it empty to show the person’s name.")
    )
    months = [option(_months(t, number), number) for number in dict.fromkeys((*MONTHS, filled.review_months))]
    chosen = select(f"entry.review_months{suffix}", months, initial=filled.review_months)
    add("review_months", chosen, optional=False)
    others = [option(related[slug][1], related[slug][0]) for slug in filled.related.split() if slug in related]
    named = several_looked_up(f"{RELATED}{suffix}", t("Choose entries"), others)
    add("related", named, hint=t("Entries that people ask for next; they are offered below the answer."))
    return blocks


def _said(t: Translator, name: str, text: str, related: Named) -> str:
    """What another wrote into a field, in words."""
    if name == "related":
        return "\n".join(related[slug][1] if slug in related else slug for slug in text.split())
    return _months(t, text) if name == "review_months" else text


def _months(t: Translator, months: int | str) -> str:
    number = int(months)
    return t(MONTHS[number]) if number in MONTHS else t.n("{n} month", "{n} months", number)


def _marks(t: Translator, options: list[Block], chosen: list[str], suffix: str = "") -> list[Block]:
    if not options:
        return []
    return [field(t("Marks"), checkboxes(f"entry.marks{suffix}", options, initial=chosen), "marks", optional=True)]


def _note(t: Translator, suffix: str, note: str = "") -> Block:
    element = text_input(f"entry.note{suffix}", initial=note, most=LONGEST_NOTE)
    return field(t("Why"), element, "note", hint=t("For the history: what you changed, and why."), optional=True)
