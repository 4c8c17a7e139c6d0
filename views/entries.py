"""Entries as those who look after them see them: a list to look through, one entry with what can be done, its past."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from knowledge.entry_file import LOCALES, EntryDraft
from knowledge.entry_list import Listed, Show
from knowledge.records import EntryAct, EntryState
from views.answers import mrkdwn_of, text_blocks
from views.i18n import Translator, capital, mark, quoted, translator, when, written_date
from views.text import (
    Block,
    actions,
    button,
    checkboxes,
    clip,
    confirmation,
    context_line,
    divider,
    escape,
    field,
    header,
    modal,
    option,
    section,
    select,
    text_input,
)
from views.typed import bold, verbatim

A_PAGE = 15
MOST_REVISIONS = 40
SHOWN = {
    Show.current: mark("In use, and drafts"),
    Show.draft: mark("Drafts"),
    Show.due: mark("Due for review"),
    Show.mine: mark("Mine"),
    Show.retired: mark("Retired"),
}
STATES = {
    EntryState.draft: mark("Draft: nobody is answered from it yet"),
    EntryState.published: mark("Published"),
    EntryState.retired: mark("Retired: nobody is answered from it any more"),
}
ACTS = {
    EntryAct.imported: mark("imported from a file"),
    EntryAct.drafted: mark("drafted by {person}"),
    EntryAct.changed: mark("changed by {person}"),
    EntryAct.phrased: mark("a phrasing added by {person}"),
    EntryAct.reviewed: mark("reviewed by {person}"),
    EntryAct.published: mark("published by {person}"),
    EntryAct.retired: mark("retired by {person}"),
    EntryAct.restored: mark("restored by {person}"),
}
LANGUAGES = {"en": mark("English"), "fr": mark("French")}


@dataclass(frozen=True)
class Query:
    """What is looked for, and how far it was paged through."""

    words: str = ""
    show: Show = Show.current
    page: int = 0

    def as_dict(self) -> dict[str, str | int]:
        """For a view's metadata."""
        return asdict(self)


@dataclass(frozen=True)
class Page:
    """An entry as it stands, for somebody who may `edit` it, or `manage` it: publish, retire, restore."""

    content: EntryDraft
    state: EntryState
    version: int
    by: str | None  # who made it so; None: an import
    at: datetime
    edit: bool
    manage: bool


@dataclass(frozen=True)
class Past:
    """One state an entry was in; `by` None: an import."""

    number: int
    act: EntryAct
    by: str | None
    at: datetime
    note: str | None


def listing(
    found: Sequence[Listed], query: Query, today: date, locale: str, *, both_languages: bool, may_manage: bool
) -> Block:
    """The list that was asked for, a page of it. `both_languages` is what the community requires to publish."""
    t = translator(locale)
    shown = [option(t(name), value.value) for value, name in SHOWN.items()]
    blocks = [
        field(t("Words"), text_input("entry.words", initial=query.words, most=200), "words", optional=True),
        actions(
            select("entry.show", shown, initial=query.show.value),
            button(t("New entry"), "entry.new", style="primary"),
            id="show",
        ),
        section(t.n("*{n} entry*", "*{n} entries*", len(found)) if found else t("*No entry fits.*")),
    ]
    here = min(query.page, max(0, (len(found) - 1) // A_PAGE))
    start = here * A_PAGE
    blocks += [_row(item, today, t) for item in found[start : start + A_PAGE]]
    pages = [
        button(t("Previous page"), "entry.previous", here - 1) if here else None,
        button(t("Next page"), "entry.next", here + 1) if start + A_PAGE < len(found) else None,
    ]
    if any(pages):
        blocks.append(actions(*(one for one in pages if one), id="pages"))
    if may_manage:
        gate = option(t("Publish only what has both languages"), "both", t("Drafts may have one until then"))
        chosen = checkboxes("entry.gate", [gate], initial=["both"] if both_languages else [])
        blocks += [divider(), actions(chosen, id="gate")]
    metadata = json.dumps({"page": here})
    return modal("entry.list", t("Entries"), blocks, submit=t("Search"), close=t("Close"), metadata=metadata)


def _row(item: Listed, today: date, t: Translator) -> Block:
    marks = []
    if item.state is not EntryState.published:
        marks.append(t("*draft*") if item.state is EntryState.draft else t("*retired*"))
    if item.is_due(today) and item.due_on:
        marks.append(t("*review due* since {date}", date=written_date(item.due_on, t.locale)))
    if len(item.titles) < len(LOCALES):
        marks.append(t("one language only"))
    if item.owner:
        marks.append(escape(clip(item.owner, 80)))
    title = item.title(t.locale)
    text = "\n".join((bold(clip(title, 200), t.locale), " · ".join((*marks, f"`{item.slug}`"))))
    opening = button(t("Open"), "entry.open", item.slug, label=t("Open “{title}”", title=clip(title, 60)))
    return verbatim(text, opening)


def page(
    entry: Page, today: date, locale: str, time_zone: str, query: Query | None = None, notice: str | None = None
) -> Block:
    """One entry with what this person may do; `notice` is a sentence of mrkdwn on top."""
    t = translator(locale)
    content = entry.content
    blocks: list[Block] = [section(notice)] if notice else []
    blocks.append(section(f"*{t(STATES[entry.state])}*"))
    if entry.state is EntryState.published and content.due_on and content.due_on <= today:
        due = written_date(content.due_on, t.locale)
        blocks.append(section(t("*A review has been due since {date}.* Answers from this entry say so.", date=due)))
    blocks += [actions(*_buttons(entry, t), id="acts"), *said(content, t)]
    blocks += [context_line(*_about(content, t)), context_line(_last(entry, t, time_zone))]
    if content.sample:
        blocks.append(context_line(t("Sample text: invented to show how this works, not checked by anybody.")))
    metadata = json.dumps({"slug": content.slug, "query": query.as_dict() if query else None})
    return modal("entry.page", t("Entry"), blocks, close=t("Close"), metadata=metadata)


def said(content: EntryDraft, t: Translator) -> list[Block]:
    """What an entry says in each of its languages, the reader's first."""
    blocks: list[Block] = []
    for locale, text in sorted(content.texts.items(), key=lambda one: one[0] != t.locale):
        language = capital(t(LANGUAGES[locale]))
        blocks += [context_line(f"*{language}*"), header(text.title), *text_blocks(mrkdwn_of(text.answer))]
        if text.phrasings:
            asked = " · ".join(quoted(phrasing, locale) for phrasing in text.phrasings)
            blocks.append(context_line(t("Also asked as: {phrasings}", phrasings=escape(clip(asked, 1500)))))
    for locale in LOCALES:
        if locale not in content.texts:
            blocks.append(context_line(t(MISSING[locale])))
    return blocks


MISSING = {
    "en": mark("There is no English text yet."),
    "fr": mark("There is no French text yet."),
}


def _about(content: EntryDraft, t: Translator) -> list[str]:
    parts = [t("Source: {source}", source=escape(clip(content.source, 500)))]
    parts.append(t("Reviewed on {date}", date=written_date(content.reviewed_on, t.locale)))
    if content.due_on:
        parts.append(t("Next review by {date}", date=written_date(content.due_on, t.locale)))
    if content.owner:
        parts.append(t("Owner: {owner}", owner=escape(content.owner)))
    return [*parts, f"`{content.slug}`"]


def _last(entry: Page, t: Translator, time_zone: str) -> str:
    at = when(entry.at, t.locale, time_zone)
    if entry.by is None:
        return t("Revision {number}: from an import, {when}", number=entry.version, when=at)
    return t("Revision {number}: by {person}, {when}", number=entry.version, person=escape(entry.by), when=at)


def _buttons(entry: Page, t: Translator) -> list[Block]:
    slug = entry.content.slug
    value = f"{slug}:{entry.version}"
    row = []
    if entry.state is EntryState.draft and entry.manage:
        row.append(button(t("Publish"), "entry.publish", value, style="primary"))
    if entry.edit:
        row.append(button(t("Edit"), "entry.edit", slug))
        if entry.state is EntryState.published:
            row.append(button(t("Still right"), "entry.review", value, label=t("I made sure that it is still right")))
    if entry.manage and entry.state is EntryState.retired:
        row.append(button(t("Restore"), "entry.restore", value, style="primary"))
    elif entry.manage:
        sure = confirmation(
            t("Retire this entry?"),
            t("Nobody is answered from it any more. It is kept, and you can restore it."),
            t("Retire"),
            t("Cancel"),
            style="danger",
        )
        row.append(button(t("Retire"), "entry.retire", value, style="danger", confirm=sure))
    return [*row, button(t("History"), "entry.history", slug)]


def history(content: EntryDraft, past: Sequence[Past], locale: str, time_zone: str) -> Block:
    """Every revision of an entry, newest first."""
    t = translator(locale)
    blocks = [header(_title(content, t))]
    for one in past[:MOST_REVISIONS]:
        blocks.append(
            section(
                _happened(one, t, time_zone),
                accessory=button(t("Look"), "entry.revision", f"{content.slug}:{one.number}"),
            )
        )
    if len(past) > MOST_REVISIONS:
        more = len(past) - MOST_REVISIONS
        blocks.append(context_line(t.n("{n} older revision is kept too.", "{n} older revisions are kept too.", more)))
    return modal("entry.history", t("History"), blocks, close=t("Close"), metadata=json.dumps({"slug": content.slug}))


def revision(content: EntryDraft, one: Past, current: int, locale: str, time_zone: str, *, may_restore: bool) -> Block:
    """What an entry said in one of its revisions; `current` is the number of the newest."""
    t = translator(locale)
    slug = content.slug
    row = [button(t("Back to the history"), "entry.past", slug)]
    if may_restore and one.number != current:
        sure = confirmation(
            t("Restore this revision?"),
            t("The entry will say this again. What it says now stays in its history."),
            t("Restore"),
            t("Cancel"),
        )
        row.insert(0, button(t("Restore"), "entry.revert", f"{slug}:{current}:{one.number}", confirm=sure))
    blocks = [section(_happened(one, t, time_zone)), *said(content, t), context_line(*_about(content, t))]
    return modal(
        "entry.history",
        t("Revision {number}", number=one.number),
        [*blocks, actions(*row, id="acts")],
        close=t("Close"),
        metadata=json.dumps({"slug": slug}),
    )


def _title(content: EntryDraft, t: Translator) -> str:
    return (content.texts.get(t.locale) or next(iter(content.texts.values()))).title


def _happened(one: Past, t: Translator, time_zone: str) -> str:
    what = t(ACTS[one.act], person=escape(one.by or t("somebody")))
    at = when(one.at, t.locale, time_zone)
    line = t("*Revision {number}*, {when}: {what}", number=one.number, when=at, what=what)
    return f"{line}\n>{escape(clip(' '.join(one.note.split()), 300))}" if one.note else line
