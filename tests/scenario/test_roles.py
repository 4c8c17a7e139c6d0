"""Nobody does by a payload of their own making what their role does not allow: every id the bot listens to is tried."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from community import announcements, cohorts, requests
from community.choices import CommunitySetting
from community.cohorts import CohortDraft
from community.errors import NotAllowed
from community.expert_records import ExpertRequest, RequestPerson, RequestStep
from community.records import Announcement, Attendance, AttendanceChange, Community, Event, MemberRole, Role, Rsvp
from delivery.records import Inbox, Outbox, OutboxState
from knowledge import revisions
from knowledge.records import Entry, EntryRevision, EntryState, Outcome, Question
from storage.base import Base
from tests.kit import Person, eventually
from tests.scenario.events_kit import GENERAL, Town, town  # noqa: F401  # a fixture
from tests.scenario.roles_kit import EVERYBODY, OFFERED_TO_ORGANIZERS, listened_to, payload_of, send
from tests.scenario.roles_table import A_SLUG, GUARDED, Made
from views.errors import sentence


def test_every_id_is_either_for_everybody_or_guarded_by_a_role() -> None:
    assert not EVERYBODY & GUARDED.keys()
    assert listened_to() == EVERYBODY | GUARDED.keys()


@pytest.fixture
def made(town: Town) -> Made:  # noqa: F811
    """An event, an announcement, a delivery in trouble and a role, for the payloads to refer to."""
    town.plan()
    event, now = town.event(), datetime.now(UTC)
    with town.bot.database.begin() as session:
        organizer = town.member(town.olivia)
        entry = revisions.draft(
            session, organizer.community_id, slug=A_SLUG, texts={"en": ("What?", "This."), "fr": ("Quoi?", "Ceci.")},
            phrasings={}, source="Us", by_member_id=organizer.id, now=now,
        )  # fmt: skip
        entry.state, entry.version = EntryState.published, 1
        draft = announcements.draft(session, organizer, "Hello", "Bonjour", {"kind": "members"}, None, now)
        trouble = Outbox(
            community_id=town.bot.services.community_id,
            key="in trouble",
            method="chat.postMessage",
            channel=GENERAL,
            conversation=f"{GENERAL}/",
            payload={"text": "?"},
            state=OutboxState.failed,
            not_before=now,
            created_at=now,
        )
        session.add(trouble)
        session.flush()
        asked = Question(
            community_id=organizer.community_id, member_id=town.member(town.sam).id, text="Why?", locale="en",
            outcome=Outcome.unknown, suggestions=[], asked_at=now,
        )  # fmt: skip
        session.add(asked)
        session.flush()
        request = requests.open_request(
            session,
            town.member(town.sam),
            asked.id,
            "Why?",
            now,
            locale="en",
            asked_in=None,
            code=None,
            wait=timedelta(days=1),
        )
        return Made(event, draft.id, trouble.id, town.member(town.francois).id, request.id)


def state(town: Town, made: Made) -> dict[str, Any]:  # noqa: F811
    """All that the payloads are about, as it stands."""

    def rows(record: type[Base]) -> list[dict[str, Any]]:
        found = session.scalars(select(record)).all()
        names = [column.name for column in record.__table__.columns]
        return sorted(({name: getattr(row, name) for name in names} for row in found), key=str)

    with town.bot.database.read() as session:
        tables = {
            record.__name__: rows(record)
            for record in (
                ExpertRequest,
                RequestPerson,
                RequestStep,
                Announcement,
                Attendance,
                AttendanceChange,
                Community,
                Event,
                MemberRole,
                Rsvp,
            )
        }
        tables |= {record.__name__: rows(record) for record in (CommunitySetting, Entry, EntryRevision)}
        trouble = session.get_one(Outbox, made.delivery)
        tables["trouble"] = [{"state": trouble.state, "attempts": trouble.attempts}]
        return tables


def offered(who: Person) -> dict[str, int]:
    """How many options each select of organizers offers this person, where it offers any."""
    payloads = {name: payload_of("options", name) for name in sorted(OFFERED_TO_ORGANIZERS)}
    found = {name: who.do("payload", payload=payload)["response"]["options"] for name, payload in payloads.items()}
    return {name: len(options) for name, options in found.items() if options}


def test_a_payload_made_by_hand_does_nothing_that_the_persons_role_does_not_allow(town: Town, made: Made) -> None:  # noqa: F811
    with town.bot.database.begin() as session:
        session.merge(town.member(town.francois)).department = "Fisheries"
        cohorts.create(session, town.member(town.olivia), CohortDraft("L26", "Leaders", "Leaders"), town.now)
    assert offered(town.ben) == offered(town.francois) == {}, "a facilitator is no organizer"
    found = offered(town.olivia)
    assert [found[name] for name in ("announcement.groups", "invite.cohorts", "report.department")] == [5, 1, 2]
    before = state(town, made)
    modals = [len(town.workspace.calls(method)) for method in ("views.open", "views.push", "views.update")]

    def refused(who: Person, locale: str, kind: str, name: str) -> None:
        guard = GUARDED[kind, name]
        needed = sentence(NotAllowed(f"needs_{guard.role.value}"), locale, time_zone="UTC", markup=False)
        told = send(town, who, kind, name, guard, made)
        assert needed.split(".")[0] in told, (kind, name, told)

    # Side by side: most of it is waiting for what they are told.
    with ThreadPoolExecutor() as pool:
        for number, ((kind, name), guard) in enumerate(GUARDED.items(), 1):
            trying = [pool.submit(refused, town.ben, "en", kind, name)]
            if guard.role is Role.organizer:  # a facilitator may do the rest
                trying.append(pool.submit(refused, town.francois, "fr", kind, name))
            for tried in trying:
                tried.result()
            if number % 10 == 0 or number == len(GUARDED):
                assert state(town, made) == before, f"{kind} {name}, or one of the nine before it"
    assert [len(town.workspace.calls(m)) for m in ("views.open", "views.push", "views.update")] == modals


def test_values_that_name_nothing_are_answered_and_break_nothing(town: Town, made: Made) -> None:  # noqa: F811
    before = state(town, made)
    ids = [name for kind, name in listened_to() if kind == "action" and not name.startswith("^")]
    ids += ["answer.pick.0", "answer.related.0", "catalogue.without.0", "catalogue.set.level", "course.filter.level"]
    odd = (("", f"{'9' * 18}:{'9' * 18}:present"), ("9" * 40, "٣"))  # in turn: values are read by a few functions
    tries = [
        payload_of("action", name, value, {"event": value, "page": value})
        for number, name in enumerate(sorted(ids))
        for value in odd[number % 2]
    ]
    fields = dict.fromkeys(("title_en", "member", "role", "audience", "text_en", "day", "course_code"), "9" * 40)
    tries += [
        payload_of("view", name, metadata=metadata, fields=fields)
        for name in (name for kind, name in listened_to() if kind == "view")
        for metadata in ("", "[]", '{"event": []}')
    ]
    for payload in tries:
        town.olivia.do("payload", payload=payload)
    eventually(lambda: not unfinished(town), what="an end of all requests")
    with town.bot.database.read() as session:
        failed = session.scalars(select(Inbox.last_error).where(Inbox.last_error.is_not(None))).all()
    assert not failed
    assert state(town, made) == before


def unfinished(town: Town) -> list[str]:  # noqa: F811
    with town.bot.database.read() as session:
        return list(session.scalars(select(Inbox.key).where(Inbox.state == "open", Inbox.last_error.is_(None))))
