"""Nobody does by a payload of their own making what their role does not allow: every id the bot listens to is tried."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

import handlers
from community import announcements, requests
from community.choices import CommunitySetting
from community.errors import NotAllowed
from community.expert_records import ExpertRequest, RequestPerson, RequestStep
from community.records import Announcement, Attendance, AttendanceChange, Community, Event, MemberRole, Role, Rsvp
from delivery.records import Inbox, Outbox, OutboxState
from handlers.commands import COMMANDS
from knowledge import revisions
from knowledge.records import Entry, EntryRevision, EntryState, Outcome, Question
from storage.base import Base
from tests.kit import Person, eventually, texts
from tests.scenario.events_kit import GENERAL, Town, town  # noqa: F401  # a fixture
from views.errors import sentence

# What anybody may do. Whatever is new belongs here or, with its role and a payload, into GUARDED.
EVERYBODY = {
    *(("action", name) for name in ("answer.helpful", "answer.not_helpful", "answer.share", "checkin.button")),
    *(("action", name) for name in (r"^answer\.pick\.\d+$", r"^answer\.related\.\d+$", "question.ask")),
    ("action", "checkin.enter"),
    ("action", "excuse.write"),
    ("view", "excuse.give"),
    ("view", "checkin.code"),
    ("action", "series.open"),
    *(("action", name) for name in ("calendar.make", "calendar.open", "calendar.stop", "event.calendar")),
    *(("action", name) for name in ("event.open", "help.show", "language.choose", "notifications.choose")),
    *(("action", name) for name in ("question.pass_on", "rsvp.going", "rsvp.maybe", "rsvp.not_going")),
    *(("action", name) for name in ("guest.ask", "rsvp.online", "rsvp.reason")),
    ("view", "rsvp.reason"),
    ("action", "question.news"),
    ("action", "request.ask"),
    *(("action", name) for name in (r"^catalogue\.without\.", r"^course\.filter\.", "course.browse", "course.open")),
    *(("action", name) for name in ("competency.area", "competency.open", "course.unwatch", "course.watch")),
    *(("action", name) for name in ("expertise.open", "expertise.withdraw")),
    *(("view", name) for name in ("expertise.offer", "request.ask")),
    ("view", "expertise.offer"),
    ("options", "invite.groups"),
    *(("action", name) for name in ("material.open", "material.unwish", "material.wish")),
    ("action", "quiet.open"),
    ("view", "quiet.save"),
    ("shortcut", "question.ask_about"),
    *(
        ("options", name)
        for name in (
            r"^gap\.phrase$|^entry\.related",
            r"^event\.zone",
            r"^event\.course",
            "course.filter.competency",
            "expertise.competency",
        )
    ),
    *(("command", name) for name in ("ask", "checkin", "competencies", "courses", "events", "experts", "help")),
    ("action", "certificate.send"),
    ("command", "certificate"),
    # Who is not asked is told so by the rule: their role does not matter.
    *((kind, "survey.answer") for kind in ("action", "view")),
}
# Slack itself says these, or they take what nothing else takes.
NOT_OF_PEOPLE = {"event", "error", "view_closed", "view_submission"}


@dataclass(frozen=True)
class Made:
    """What the payloads refer to, all of it there."""

    event: Event
    announcement: int
    delivery: int
    member: int
    request: int


@dataclass(frozen=True)
class Guard:
    """Who may, besides organizers, and what a payload carries."""

    role: Role
    value: Callable[[Made], str] = lambda made: str(made.event.id)
    metadata: Callable[[Made], Any] = lambda _made: ""
    fields: Callable[[Town, Made], dict[str, Any]] = lambda _town, _made: {}
    in_modal: bool = False


def _shown(made: Made) -> dict[str, int]:
    return {"event": made.event.id, "page": 0}


def _event(town: Town, _made: Made) -> dict[str, Any]:  # noqa: F811
    return town.fill(kind="learning_event", time_zone="America/Toronto", minutes="60", title_en="Mine")


def _question(*_: object) -> dict[str, Any]:
    return {"kind": "text", "text_en": "Why?", "text_fr": "Pourquoi?"}


def _course() -> dict[str, Any]:
    texts = {"title_en": "Mine", "title_fr": "À moi", "provider": "Me", "length": "1 day", "languages": "en"}
    return texts | {"mode": "online", "level": "advanced", "verified_on": "2026-11-01"}


def _check_in(_town: Town, _made: Made) -> dict[str, Any]:
    numbers = ("opens", "closes", "late", "points_present", "points_late", "points_excused", "points_absent", "need")
    return dict.fromkeys(numbers, "5")


ORGANIZER, FACILITATOR, EXPERT = Role.organizer, Role.facilitator, Role.expert
A_SLUG = "an-entry"
GUARDED: dict[tuple[str, str], Guard] = {
    ("action", "announcement.refresh"): Guard(ORGANIZER, lambda made: str(made.announcement)),
    ("action", "announcement.retry"): Guard(ORGANIZER, lambda made: str(made.announcement)),
    ("action", "announcement.write"): Guard(ORGANIZER),
    ("action", "checkin.settings"): Guard(ORGANIZER),
    ("action", "course.edit"): Guard(ORGANIZER, lambda _made: "RM-101"),
    ("action", "course.new"): Guard(ORGANIZER),
    ("action", "course.restore"): Guard(ORGANIZER, lambda _made: "RM-101"),
    ("action", "course.retire"): Guard(ORGANIZER, lambda _made: "RM-301"),
    ("action", "delivery.discard"): Guard(ORGANIZER, lambda made: str(made.delivery)),
    ("action", "delivery.retry"): Guard(ORGANIZER, lambda made: str(made.delivery)),
    ("action", "entry.edit"): Guard(ORGANIZER, lambda _made: A_SLUG),
    ("action", "entry.gate"): Guard(ORGANIZER, in_modal=True),
    ("action", "entry.history"): Guard(EXPERT, lambda _made: A_SLUG),
    ("action", "entry.list"): Guard(EXPERT),
    ("action", "entry.new"): Guard(EXPERT),
    ("action", "entry.next"): Guard(EXPERT, in_modal=True),
    ("action", "entry.open"): Guard(EXPERT, lambda _made: A_SLUG),
    ("action", "entry.past"): Guard(EXPERT, lambda _made: A_SLUG, in_modal=True),
    ("action", "entry.previous"): Guard(EXPERT, in_modal=True),
    ("action", "entry.publish"): Guard(ORGANIZER, lambda _made: f"{A_SLUG}:1"),
    ("action", "entry.restore"): Guard(ORGANIZER, lambda _made: f"{A_SLUG}:1"),
    ("action", "entry.retire"): Guard(ORGANIZER, lambda _made: f"{A_SLUG}:1"),
    ("action", "entry.revert"): Guard(ORGANIZER, lambda _made: f"{A_SLUG}:1:1", in_modal=True),
    ("action", "entry.review"): Guard(ORGANIZER, lambda _made: f"{A_SLUG}:1"),
    ("action", "entry.revision"): Guard(EXPERT, lambda _made: f"{A_SLUG}:1", in_modal=True),
    ("action", "entry.show"): Guard(EXPERT, lambda _made: "retired", in_modal=True),
    ("action", "event.cancel"): Guard(ORGANIZER, lambda made: f"{made.event.id}:{made.event.version}"),
    ("action", "event.code"): Guard(FACILITATOR),
    ("action", "event.create"): Guard(ORGANIZER),
    ("action", "event.duplicate"): Guard(ORGANIZER),
    ("action", "event.edit"): Guard(ORGANIZER),
    ("action", "event.replies"): Guard(ORGANIZER),
    ("action", "material.add"): Guard(FACILITATOR),
    ("action", "material.change"): Guard(FACILITATOR, lambda _made: "1"),
    ("action", "material.remove"): Guard(FACILITATOR, lambda _made: "1"),
    ("view", "material.correct"): Guard(
        FACILITATOR,
        metadata=lambda _made: "1",
        fields=lambda *_: {"kind": "notes", "title": "Mine", "link": "https://example.org/mine"},
    ),
    ("view", "material.attach"): Guard(
        FACILITATOR,
        metadata=lambda made: str(made.event.id),
        fields=lambda *_: {"kind": "notes", "title": "Mine", "link": "https://example.org"},
    ),
    ("action", "reminder.people"): Guard(ORGANIZER, lambda _made: "1"),
    ("action", "reminder.rules"): Guard(ORGANIZER, lambda _made: "learning_event"),
    ("command", "reminders"): Guard(ORGANIZER),
    ("view", "reminder.confirm"): Guard(
        ORGANIZER, metadata=lambda _made: {"kind": "learning_event", "kinds": ["hour_before"], "mandatory": []}
    ),
    ("view", "reminder.rules"): Guard(
        ORGANIZER, metadata=lambda _made: "learning_event", fields=lambda *_: {"kinds": ""}
    ),
    ("action", "cohort.create"): Guard(ORGANIZER),
    ("action", "cohort.edit"): Guard(ORGANIZER),
    ("action", "cohort.list"): Guard(ORGANIZER),
    ("action", "cohort.open"): Guard(ORGANIZER),
    ("action", "cohort.people"): Guard(ORGANIZER),
    ("action", "event.invite"): Guard(ORGANIZER),
    ("action", "guest.approve"): Guard(ORGANIZER, lambda _made: "1"),
    ("action", "guest.decline"): Guard(ORGANIZER, lambda _made: "1"),
    ("command", "cohorts"): Guard(ORGANIZER),
    ("view", "cohort.list"): Guard(
        ORGANIZER, metadata=lambda _made: "1", fields=lambda *_: {"text": "person\nU0BEN00001"}
    ),
    ("view", "cohort.people"): Guard(ORGANIZER, metadata=lambda _made: "1", fields=lambda *_: {"add": ""}),
    ("view", "cohort.save"): Guard(ORGANIZER, fields=lambda *_: {"code": "A", "name_en": "A", "name_fr": "A"}),
    ("view", "event.invite"): Guard(
        ORGANIZER, metadata=lambda made: str(made.event.id), fields=lambda *_: {"people": "U0BEN00001"}
    ),
    ("action", "meeting.paste"): Guard(FACILITATOR),
    ("action", "people.open"): Guard(ORGANIZER),
    ("action", "people.revoke"): Guard(ORGANIZER, lambda made: f"{made.member}:facilitator", in_modal=True),
    ("action", "figures.send"): Guard(ORGANIZER, lambda _made: "4"),
    ("action", "gap.entry"): Guard(ORGANIZER, lambda _made: "1:1", in_modal=True),
    ("action", "gap.nearest"): Guard(ORGANIZER, lambda _made: "1", in_modal=True),
    ("action", "gap.not_ours"): Guard(ORGANIZER, lambda _made: "1:1", in_modal=True),
    ("action", "gap.phrase"): Guard(ORGANIZER, lambda _made: "1", in_modal=True),
    ("action", "review.next"): Guard(ORGANIZER, lambda _made: "1", in_modal=True),
    ("action", "review.open"): Guard(ORGANIZER),
    ("action", "review.period"): Guard(ORGANIZER, lambda _made: "30", in_modal=True),
    ("action", "review.previous"): Guard(ORGANIZER, lambda _made: "0", in_modal=True),
    ("action", "request.answer"): Guard(EXPERT, lambda made: str(made.request)),
    ("action", "request.claim"): Guard(EXPERT, lambda made: str(made.request)),
    ("action", "request.decline"): Guard(EXPERT, lambda made: str(made.request)),
    ("action", "request.draft"): Guard(ORGANIZER, lambda made: str(made.request)),
    ("action", "request.reassign"): Guard(EXPERT, lambda made: str(made.request)),
    ("action", "roster.add"): Guard(FACILITATOR, lambda _made: "U0BEN00001", _shown, in_modal=True),
    ("action", "roster.was_excused"): Guard(FACILITATOR, lambda made: f"{made.event.id}:{made.member}:excused"),
    ("action", "roster.was_there"): Guard(FACILITATOR, lambda made: f"{made.event.id}:{made.member}:present"),
    ("action", "roster.next"): Guard(FACILITATOR, lambda _made: "1", _shown, in_modal=True),
    ("action", "roster.open"): Guard(FACILITATOR),
    ("action", "roster.previous"): Guard(FACILITATOR, lambda _made: "0", _shown, in_modal=True),
    ("action", "roster.status"): Guard(
        FACILITATOR, lambda made: f"{made.event.id}:{made.member}:excused", _shown, in_modal=True
    ),
    ("action", "certificate.choose"): Guard(ORGANIZER),
    ("action", "report.choose"): Guard(ORGANIZER, lambda _made: "{}"),
    **{
        ("action", f"report.file.{form}"): Guard(ORGANIZER, lambda _made: "{}")
        for form in ("csv", "xlsx", "pdf", "png")
    },
    ("action", "report.open"): Guard(ORGANIZER, lambda _made: "learning_event.attendance|{}"),
    ("action", "report.show"): Guard(ORGANIZER),
    ("action", "member.describe"): Guard(ORGANIZER),
    ("action", "survey.add"): Guard(ORGANIZER, lambda _made: "learning_event"),
    ("action", "survey.change"): Guard(ORGANIZER, lambda _made: "1"),
    ("action", "survey.open"): Guard(ORGANIZER),
    ("action", "survey.settings"): Guard(ORGANIZER, lambda _made: "learning_event"),
    ("action", "settings.open"): Guard(ORGANIZER),
    ("action", "series.cancel"): Guard(ORGANIZER, lambda made: f"{made.event.id}:{made.event.version}"),
    ("action", "series.dates"): Guard(ORGANIZER),
    ("action", "series.dates_again"): Guard(ORGANIZER),
    ("action", "series.rework"): Guard(ORGANIZER, lambda _made: "1"),
    ("command", "announce"): Guard(ORGANIZER),
    ("command", "entries"): Guard(EXPERT),
    ("command", "report"): Guard(ORGANIZER),
    ("command", "survey"): Guard(ORGANIZER),
    ("command", "figures"): Guard(ORGANIZER),
    ("command", "review"): Guard(ORGANIZER),
    ("shortcut", "announcement.write"): Guard(ORGANIZER),
    ("shortcut", "entry.save"): Guard(EXPERT),
    ("shortcut", "event.create"): Guard(ORGANIZER),
    ("view", "announcement.confirm"): Guard(ORGANIZER, metadata=lambda made: str(made.announcement)),
    ("view", "announcement.write"): Guard(
        ORGANIZER, fields=lambda *_: {"text_en": "Hear", "text_fr": "Oyez", "audience": "channel", "channel": GENERAL}
    ),
    ("action", "experts.settings"): Guard(ORGANIZER),
    ("view", "experts.save"): Guard(ORGANIZER, fields=lambda *_: {"channel": "", "hours": "3"}),
    ("view", "course.create"): Guard(ORGANIZER, fields=lambda *_: _course() | {"code": "XX-100"}),
    ("view", "course.save"): Guard(ORGANIZER, metadata=lambda _made: {"code": "RM-101"}, fields=lambda *_: _course()),
    ("view", "entry.create"): Guard(
        EXPERT, fields=lambda *_: {"title_en": "Mine?", "answer_en": "Mine.", "source": "I", "marks": "publish"}
    ),
    ("view", "entry.edit"): Guard(
        ORGANIZER,
        metadata=lambda _made: {"slug": A_SLUG, "version": 1},
        fields=lambda *_: {"title_en": "Mine?", "answer_en": "Mine.", "source": "I"},
    ),
    ("view", "entry.list"): Guard(EXPERT, fields=lambda *_: {"words": "a"}),
    ("view", "meeting.read"): Guard(
        FACILITATOR, metadata=lambda made: str(made.event.id), fields=lambda *_: {"text": "Ben Nakamura, 60"}
    ),
    ("view", "meeting.settle"): Guard(
        FACILITATOR, metadata=lambda made: str(made.event.id), fields=lambda *_: {"who:1": "1"}
    ),
    ("view", "checkin.set"): Guard(ORGANIZER, metadata=lambda made: str(made.event.id), fields=_check_in),
    ("view", "event.create"): Guard(ORGANIZER, fields=_event),
    ("view", "event.edit"): Guard(
        ORGANIZER, metadata=lambda made: {"event": made.event.id, "version": made.event.version}, fields=_event
    ),
    ("view", "certificate.make"): Guard(
        ORGANIZER, fields=lambda _there, made: {"series": "1", "member": str(made.member)}
    ),
    ("view", "report.choose"): Guard(ORGANIZER, fields=lambda *_: {"since": "2026-01-01", "series": "all"}),
    ("view", "member.describe"): Guard(
        ORGANIZER, fields=lambda there, _made: {"member": there.ben.id, "department": "Parks"}
    ),
    ("view", "survey.add"): Guard(ORGANIZER, metadata=lambda _made: {"purpose": "learning_event"}, fields=_question),
    ("view", "survey.change"): Guard(ORGANIZER, metadata=lambda _made: {"question": 1}, fields=_question),
    ("view", "survey.settings"): Guard(
        ORGANIZER,
        metadata=lambda _made: {"purpose": "learning_event"},
        fields=lambda *_: {"open_days": "3", "floor": "6"},
    ),
    ("view", "settings.save"): Guard(
        ORGANIZER, fields=lambda *_: {"offer_minutes": "30", "cutoff_minutes": "30", "a_day": "9"}
    ),
    ("view", "series.dates"): Guard(
        ORGANIZER, metadata=lambda made: {"event": made.event.id, "version": made.event.version}
    ),
    ("view", "series.redo"): Guard(
        ORGANIZER,
        metadata=lambda made: {
            "event": made.event.id,
            "version": made.event.version,
            "rule": "FREQ=WEEKLY",
            "holidays": None,
            "on_holiday": "skip",
            "days_off": [],
        },
    ),
    ("view", "series.preview"): Guard(ORGANIZER, metadata=lambda _made: {"series": 1, "custom": False}),
    ("view", "series.repeat"): Guard(ORGANIZER, metadata=lambda _made: {"series": 1, "custom": False}),
    ("view", "request.answer"): Guard(
        EXPERT, metadata=lambda made: str(made.request), fields=lambda *_: {"text_en": "Mine", "text_fr": ""}
    ),
    ("view", "request.reassign"): Guard(
        EXPERT, metadata=lambda made: str(made.request), fields=lambda there, _made: {"to": there.ben.id}
    ),
    ("view", "people.grant"): Guard(
        ORGANIZER, fields=lambda there, _made: {"member": there.ben.id, "role": "organizer"}
    ),
}


class Listeners:
    """Stands where Bolt's app stands while handlers register, and notes what they listen to."""

    def __init__(self) -> None:
        self.found: set[tuple[str, str]] = set()

    def __getattr__(self, kind: str) -> Callable[..., Callable[[Any], Any]]:
        def listen(to: Any = None) -> Callable[[Any], Any]:
            self.found.add((kind, str(getattr(to, "pattern", to))))
            return lambda listener: listener

        return listen


def listened_to() -> set[tuple[str, str]]:
    """Every id that people can reach, the sub-commands one by one."""
    listeners = Listeners()
    handlers.register(listeners)  # type: ignore[arg-type]  # it is asked for nothing but the decorators
    ids = {(kind, name) for kind, name in listeners.found if kind not in NOT_OF_PEOPLE and name}
    return ids - {("command", "/praxis")} | {("command", name) for name in COMMANDS}


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


_numbers = itertools.count(1)


MODAL_ONLY = {name for (kind, name), guard in GUARDED.items() if guard.in_modal} | {"course.filter.level"}


def payload_of(
    kind: str, name: str, value: str = "", metadata: Any = "", fields: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What Slack would send, had it offered this."""
    if kind == "shortcut":
        return {"type": "shortcut", "callback_id": name, "action_ts": "1.0"}
    view: dict[str, Any] = {"id": "V0", "type": "modal", "callback_id": name, "blocks": [], "state": {"values": {}}}
    view["private_metadata"] = metadata if isinstance(metadata, str) else json.dumps(metadata)
    if kind == "view":
        given = fields or {}
        view["blocks"] = [{"type": "input", "block_id": field} for field in given]
        values = {field: {"x": {"type": "plain_text_input", "value": value}} for field, value in given.items()}
        return {"type": "view_submission", "view": view | {"state": {"values": values}}}
    action = {"type": "button", "action_id": name, "value": value, "action_ts": f"{next(_numbers)}.0"}
    pressed: dict[str, Any] = {"type": "block_actions", "actions": [action]}
    if name in MODAL_ONLY:
        return pressed | {"view": view, "container": {"type": "view", "view_id": "V0"}}
    place = {"type": "message", "message_ts": "1.1", "channel_id": GENERAL}
    return pressed | {"channel": {"id": GENERAL}, "message": {"ts": "1.1"}, "container": place}


def send(town: Town, who: Person, kind: str, name: str, guard: Guard, made: Made) -> str:  # noqa: F811
    """Send the payload in this person's name; returns what they are told, waited for."""
    if kind == "command":
        before = len(who.messages("general"))
        who.command(name)
        return _told(who, "general", before)
    where = "general" if kind == "action" and name not in MODAL_ONLY else "@praxis"
    before = len(who.messages(where))
    payload = payload_of(kind, name, guard.value(made), guard.metadata(made), guard.fields(town, made))
    answer = who.do("payload", payload=payload)["response"]
    if answer and answer.get("response_action") == "errors":
        return str(answer["errors"])
    return _told(who, where, before)


def _told(who: Person, where: str, before: int) -> str:
    return texts(eventually(lambda: who.messages(where)[before:], what=f"an answer for {who.name}")[-1])


def test_a_payload_made_by_hand_does_nothing_that_the_persons_role_does_not_allow(town: Town, made: Made) -> None:  # noqa: F811
    before = state(town, made)
    modals = [len(town.workspace.calls(method)) for method in ("views.open", "views.push", "views.update")]
    for (kind, name), guard in GUARDED.items():
        refused = NotAllowed(f"needs_{guard.role.value}")
        told = send(town, town.ben, kind, name, guard, made)
        assert sentence(refused, "en", time_zone="UTC", markup=False).split(".")[0] in told, (kind, name, told)
        if guard.role is ORGANIZER:  # a facilitator may do the rest
            told = send(town, town.francois, kind, name, guard, made)
            assert sentence(refused, "fr", time_zone="UTC", markup=False).split(".")[0] in told, (kind, name, told)
        assert state(town, made) == before, (kind, name)
    assert [len(town.workspace.calls(m)) for m in ("views.open", "views.push", "views.update")] == modals


def test_values_that_name_nothing_are_answered_and_break_nothing(town: Town, made: Made) -> None:  # noqa: F811
    before = state(town, made)
    ids = [name for kind, name in listened_to() if kind == "action" and not name.startswith("^")]
    ids += ["answer.pick.0", "answer.related.0", "catalogue.without.0", "course.filter.level"]
    for name in ids:
        for value in ("", "9" * 40, "-1", "٣", f"{'9' * 18}:{'9' * 18}:present", "1; DROP TABLE event"):
            town.olivia.do("payload", payload=payload_of("action", name, value, {"event": value, "page": value}))
    fields = dict.fromkeys(("title_en", "member", "role", "audience", "text_en", "day", "course_code"), "9" * 40)
    for name in (name for kind, name in listened_to() if kind == "view"):
        for metadata in ("", "9" * 40, "[]", '{"event": []}'):
            town.olivia.do("payload", payload=payload_of("view", name, metadata=metadata, fields=fields))
    eventually(lambda: not unfinished(town), what="an end of all requests")
    with town.bot.database.read() as session:
        failed = session.scalars(select(Inbox.last_error).where(Inbox.last_error.is_not(None))).all()
    assert not failed
    assert state(town, made) == before


def unfinished(town: Town) -> list[str]:  # noqa: F811
    with town.bot.database.read() as session:
        return list(session.scalars(select(Inbox.key).where(Inbox.state == "open", Inbox.last_error.is_(None))))
