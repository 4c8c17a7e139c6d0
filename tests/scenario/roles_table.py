"""What a role guards: each id of that kind with a payload that would do something, had the right person sent it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from community.records import Event, Role
from tests.scenario.events_kit import GENERAL, Town


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


def _event(town: Town, _made: Made) -> dict[str, Any]:
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
    ("action", "roster.history"): Guard(FACILITATOR, in_modal=True),
    ("action", "roster.newer"): Guard(FACILITATOR, lambda _made: "0", _shown, in_modal=True),
    ("action", "roster.older"): Guard(FACILITATOR, lambda _made: "0", _shown, in_modal=True),
    ("view", "roster.view"): Guard(FACILITATOR),
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


MODAL_ONLY = {name for (kind, name), guard in GUARDED.items() if guard.in_modal} | {"course.filter.level"}
