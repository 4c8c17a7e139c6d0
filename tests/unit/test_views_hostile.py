"""Whatever people type, in whichever field, stays text in every view that shows it to others, and Slack accepts it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.attendance import CheckIn, Line, Roster
from community.errors import Invalid
from community.expert_records import Expertise, ExpertRequest, RequestPerson, RequestState, StepKind
from community.expertise import Expert
from community.records import Announcement, Evidence, Member, ReminderKind, Reply, Role, Seat, Status
from community.requests import Asked, Case
from community.rsvp import Answer, Standing
from knowledge import answering
from knowledge.catalogue.loaded import Catalogue
from knowledge.entry_file import EntryDraft, TextDraft
from knowledge.entry_list import Listed
from knowledge.gaps import Page
from knowledge.records import EntryAct, EntryState, Outcome
from tests.unit.views_people import CODE, HOSTILE, NOW, READERS, START, a_group, a_member, an_event
from views import (
    announcements,
    answers,
    attendance_prompt,
    check_in,
    codes,
    entries,
    entry_fields,
    entry_form,
    entry_news,
    errors,
    event_details,
    event_form,
    event_news,
    events,
    expertise,
    help,
    home,
    people,
    reminders,
    request_news,
    requests,
    review,
    roster,
)
from views.event_details import Seen
from views.i18n import translator
from views.text import message
from workspace.blocks import surfaces

# What we say ourselves: dates, the link of an event, people and channels by id; and a typed address that shows itself.
OURS = re.compile(
    r"<!date\^\d+\^[^<>|]*\|[^<>]*>|<https://example\.org/[^<>|]*\|[^<>]*>|<https?://[^<>|]*>|<@U\d+>|<#C\w+>"
)
LIVE = re.compile(r"<[^<>]*>|<[!@#]")
FRAGMENTS = (
    "<!channel>",
    "<!here|x>",
    "<@U0BEN>",
    "<#C1|g>",
    "<https://evil.example|Slack>",
    "&lt;!channel&gt;",
    "\x00",
)
TYPED = st.lists(
    st.sampled_from([*FRAGMENTS, HOSTILE, "*", "`", ">", "\n", "é", "a "]) | st.text(max_size=8), max_size=12
)


def shown(text: str, locale: str) -> Iterator[tuple[str, Any]]:
    """Every view with the text in every field that people fill in."""
    reader = READERS[locale]
    event = an_event(title_en=text, title_fr=text, description_en=text, description_fr=text, place=text)
    ann, ben = a_member(1, text[:200]), a_member(2, text[:200])
    for member in (ann, ben):
        member.chosen_locale, member.wants_reminders, member.wants_announcements = locale, True, True
    standing = Standing(3, 1, 9)
    seen = Seen(event, standing, Reply.going, Status.present, may_run=True, may_change=True)
    yield "card", events.card(event, standing, NOW)
    yield "cancelled card", events.card(an_event(title_en=text, title_fr=text, state="cancelled"), standing, NOW)
    yield "list", event_details.listing(reader, [seen], NOW, may_create=True, notice=None)
    yield "details", event_details.details(reader, seen, NOW)
    yield "code", codes.showing(reader, event, CODE, None)
    yield "code card", codes.code_card(event, CODE)
    yield "code over", codes.code_over(event)
    yield "code form", codes.enter_form(reader, event)
    yield "form", event_form.edit_form(locale, event, event_form.changed_meanwhile(locale, text))
    yield "offered", event_news.offered(reader, event, Seat.room, START)
    yield "reason", event_news.reason_form(reader, event, text)
    for name in ("lapsed", "relocated", "cancelled", "planned"):
        yield name, getattr(event_news, name)(reader, event)
    yield "moved", event_news.moved(reader, event, START - timedelta(days=1), 60, {"starts_at", "place"})
    yield "replied", event_news.replied(reader, Answer(event, Reply.going, None, []), None)
    yield "saved", event_news.saved(reader, event, 2, True)
    yield "called off", event_news.called_off(reader, event, 2)
    yield "reminder", reminders.reminder(reader, event, ReminderKind.hour_before, Reply.going)
    yield "prompt", attendance_prompt.prompt(reader, event)
    yield "recorded", check_in.recorded(reader, CheckIn(event, Status.late, START, True))
    lines = [Line(ann, Reply.going, Status.present, START, Evidence.code), Line(ben, None, None, None, None)]
    yield "summary", reminders.roster_summary(reader, Roster(event, lines))
    yield "roster", roster.roster_view(reader, Roster(event, lines), {}, 0, None)
    yield "roles", people.roles_modal(locale, [(ann, Role.organizer)], people.granted(locale, ann, Role.expert))
    yield "revoked", people.revoked(locale, ann, Role.expert)
    yield "named", people.named(ann, Role.expert, ben)
    announcement = Announcement(
        id=5, text_en=text, text_fr=text, audience={"kind": "channel", "channel": "C1"}, mention=None, confirmed_at=NOW
    )
    yield "for channel", announcements.for_channel(announcement, text)
    yield "for member", announcements.for_member(announcement, locale, text)
    yield "preview", announcements.preview(locale, announcement, text, 3)
    yield "status", announcements.status_card(reader, announcement, announcements.Progress(1, 1, 1, 1))
    yield "help", help.unknown(text, None, locale, set(Role), text)
    offered = Expertise(competency_code=text[:32], level=2, words=text[:200])
    yield (
        "expertise",
        expertise.form(Catalogue(), [offered], locale, notice=expertise.offered(Catalogue(), text, locale)),
    )
    lead, rows = expertise.who_knows(Catalogue(), text, [Expert(ann, offered)], translator(locale))
    yield "who knows", message(lead, rows)
    yield from passed_on(text, ann, ben, locale)
    yield from entries_with(text, locale)
    trouble = home.Trouble(1, True, "announcement", "C1", None, text, text, NOW)
    yield "home", home.view(ann, [seen], NOW, home.Desk([a_group(text)], [trouble]))
    entry = answering.Shown("x", text, text, locale, text, None, NOW.date(), text, (), False, 1)
    like = answering.Answer(text, locale, Outcome.suggested, None, 0.1, (entry,))
    queue = Page((a_group(text, 2, waiting=1),), 9, 20)
    yield "review", review.queue(queue, {1: like}, review.Place(), locale, "UTC", review.phrased(text, 1, 1, locale))
    yield "news", answers.news(text, entry, locale)
    yield "error", errors.sentence(Invalid("check_in_early", opens_at=START, event=event), locale, time_zone="UTC")
    yield "day", errors.sentence(Invalid("day_impossible", day=text[:20]), locale, time_zone="UTC")


def passed_on(text: str, ann: Member, ben: Member, locale: str) -> Iterator[tuple[str, Any]]:
    """Every view of a question passed on, in each of its states."""
    titles = {"en": text[:200], "fr": text[:200]}
    for state in RequestState:
        request = ExpertRequest(
            id=4, text=text, locale=locale, state=state, asked_in="C1", channel="C2", channel_turn=2, opened_at=NOW,
            answer_en=text[:2500], answer_fr=text[:2500], asker_id=1, holder_id=2,
        )  # fmt: skip
        asked = [Asked(ben, RequestPerson(turn=2)), Asked(ann, RequestPerson(turn=1, declined_at=NOW))]
        case = Case(request, ann, None if state is RequestState.open else ben, asked, 3)
        for letter in requests.letters(case, titles, "America/Toronto"):
            yield letter.key, letter.payload
        for kind in request_news.NEWS:
            yield kind.value, request_news.news(case, StepKind(kind), ann)
        yield "answer form", requests.answer_form(case, locale)
        yield "hand on", requests.reassign_form(case, locale)
        yield "answer", request_news.answer(case)
        yield "digest", request_news.digest([request] * 30, {2: ben}, ann)
        yield "channel digest", request_news.channel_digest([request] * 30, {2: ben}, "America/Toronto")
    yield "ask", requests.ask_form("RM", titles, locale)


def entries_with(text: str, locale: str) -> Iterator[tuple[str, Any]]:
    """Entries with the text in every field, as those who look after them see them."""
    said = TextDraft(text, (text,), text, text)
    content = EntryDraft("a", text, None, date(2026, 1, 1), text, (), True, {"en": said, "fr": said})
    past = entries.Past(1, EntryAct.changed, text, NOW, text)
    listed = Listed("a", {"en": text, "fr": text}, EntryState.draft, None, text, None)
    clash = entry_form.Clash(text, NOW, {"answer_en": text, "owner": text})
    page = entries.Page(content, EntryState.draft, 1, text, NOW, edit=True, manage=True)
    yield "entry", entries.page(page, date(2026, 11, 1), locale, "UTC")
    query = entries.Query(text)
    yield "entries", entries.listing([listed], query, NOW.date(), locale, both_languages=True, may_manage=True)
    yield "history", entries.history(content, [past], locale, "UTC")
    yield "revision", entries.revision(content, past, 2, locale, "UTC", may_restore=True)
    yield "entry form", entry_form.edit_form(locale, "UTC", content, 1, entry_fields.Filled.of(content), clash=clash)
    overdue = [Listed("a", {"en": text, "fr": text}, EntryState.published, NOW.date(), text, None)]
    yield "entries due", entry_news.due(overdue, overdue, locale)
    yield "entry saved", entry_news.saved("a", text, locale, published=True)


def markup(node: Any) -> Iterator[str]:
    """All text that Slack reads as markup."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        if isinstance(node.get("text"), str) and node.get("type") != "plain_text":
            yield node["text"]
        for value in node.values():
            if isinstance(value, dict | list):
                yield from markup(value)
    elif isinstance(node, list):
        for item in node:
            if isinstance(item, dict | list):
                yield from markup(item)


@pytest.mark.parametrize("locale", ["en", "fr"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=TYPED)
def test_no_text_comes_alive_in_any_view(locale: str, typed: list[str]) -> None:
    text = "".join(typed).strip()[:2900] or HOSTILE
    for name, view in shown(text, locale):
        for words in markup(view):
            alive = LIVE.search(OURS.sub("", words))
            assert alive is None, f"{name}: {alive and alive.group()!r} in {words!r}"
        if isinstance(view, dict):
            kind = "type" in view
            problems = (
                surfaces.view_problems(view, kinds=("modal", "home"))
                if kind
                else surfaces.message_problems(view.get("blocks", []))
            )
            assert not problems, f"{name}: {problems}"
