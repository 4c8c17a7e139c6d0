"""Which pictures there are, by what has happened so far: who looks where, through which window, after which steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bench import event_day
from bench.morning import People, a_morning

WIDE: dict[str, Any] = {"viewport": {"width": 1360, "height": 850}}
NARROW: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
TALL: dict[str, Any] = {"viewport": {"width": 1360, "height": 1250}}
DARK: dict[str, Any] = {"color_scheme": "dark"}


@dataclass(frozen=True)
class Shot:
    """One picture: who looks where, through which window, after which steps."""

    name: str
    who: str
    place: str
    steps: str = ""  # words for `act`, one after the other
    window: dict[str, Any] = field(default_factory=lambda: WIDE)


def both(name: str, place: str, steps: Mapping[str, str], window: dict[str, Any] = WIDE) -> tuple[Shot, ...]:
    """The same place, seen by an organizer of each language."""
    readers = {"en": "olivia", "fr": "lucie"}
    return tuple(Shot(f"{name}-{locale}", who, place, steps[locale], window) for locale, who in readers.items())


COURSE_FORM = {
    "en": "command:courses on:course.open:4 on:course.edit",
    "fr": "command:cours on:course.open:4 on:course.edit",
}
COMPETENCY = {
    "en": "command:competencies+records+management",
    "fr": "command:compétences+gestion+des+documents",
}
EDITOR = dict.fromkeys(("en", "fr"), "press:entry.list on:entry.open on:entry.edit")

MORNING = (
    Shot("organizer-home-en", "olivia", "home"),
    Shot("organizer-channel-en", "olivia", "im-community"),
    Shot("organizer-new-event-en", "olivia", "home", "press:event.create"),
    Shot("organizer-announcement-en", "olivia", "home", "press:announcement.write"),
    Shot("organizer-clock-en", "olivia", "im-community", "clock"),
    Shot("organizer-people-en", "olivia", "im-community", "people"),
    Shot("organizer-entries-en", "olivia", "home", "press:entry.list"),
    Shot("organizer-entries-fr", "lucie", "home", "press:entry.list"),
    Shot("organizer-review-en", "olivia", "home", "press:review.open"),
    Shot("organizer-review-fr", "lucie", "home", "press:review.open"),
    Shot("organizer-figures-en", "olivia", "@praxis", window=TALL),
    Shot("organizer-figures-fr", "lucie", "@praxis", window=TALL),
    Shot("answer-card-en", "ben", "@praxis", window=TALL),
    Shot("answer-card-fr", "amelie", "@praxis", window=TALL),
    Shot("course-list-en", "noor", "@praxis", window=TALL),
    Shot("course-list-fr", "leo", "@praxis", window=TALL),
    *both("courses-browse", "general", {"en": "command:courses", "fr": "command:cours"}, TALL),
    *both("course-open", "general", {"en": "command:courses on:course.open:4", "fr": "command:cours on:course.open:4"}),
    *both("course-form", "general", COURSE_FORM, TALL),
    *both("competencies", "general", {"en": "command:competencies", "fr": "command:compétences"}, TALL),
    *both("competency-open", "general", COMPETENCY, TALL),
    *both("entry-page", "home", dict.fromkeys(("en", "fr"), "press:entry.list on:entry.open"), TALL),
    *both("entry-editor", "home", EDITOR, TALL),
    *both("entry-editor-end", "home", {locale: f"{steps} down" for locale, steps in EDITOR.items()}, TALL),
    Shot("expert-card-en", "imani", "@praxis", window=TALL),
    Shot("expert-card-fr", "theo", "@praxis", window=TALL),
    Shot("practitioner-home-fr", "amelie", "home"),
    Shot("practitioner-question-fr", "amelie", "@praxis"),
    Shot("practitioner-channel-fr", "amelie", "im-community", "thread"),
    Shot("practitioner-commands-fr", "amelie", "im-community", "slash"),
    Shot("practitioner-home-en", "ben", "home"),
    Shot("practitioner-question-en", "ben", "@praxis"),
    Shot("facilitator-home-fr", "francois", "home"),
    Shot("facilitator-channel-fr-dark", "francois", "im-community", window=WIDE | DARK),
    Shot("supervisor-home-en", "sam", "home"),
    Shot("supervisor-question-en-dark", "sam", "@praxis", window=WIDE | DARK),
    Shot("narrow-channel-fr", "amelie", "im-community", window=NARROW),
    Shot("narrow-drawer-fr", "amelie", "im-community", "drawer", NARROW),
    Shot("narrow-home-en-dark", "ben", "home", window=NARROW | DARK),
)

# The card is for everybody in the channel and speaks both languages: these are the pages of two readers.
DOORS_OPEN = (
    Shot("event-card-en", "ben", "im-community", window=TALL),
    Shot("event-card-fr", "amelie", "im-community", window=TALL),
    Shot("event-details-en", "ben", "im-community", "open:event.open"),
    Shot("event-details-fr", "amelie", "im-community", "open:event.open"),
    Shot("check-in-prompt-en", "ben", "@praxis"),
    Shot("check-in-prompt-fr", "amelie", "@praxis"),
    Shot("code-card-en", "olivia", "@praxis"),
    Shot("code-card-fr", "francois", "@praxis"),
    Shot("code-form-en", "noor", "@praxis", "open:checkin.enter"),
    Shot("code-form-fr", "leo", "@praxis", "open:checkin.enter"),
)
RUNNING = (
    Shot("event-under-way-en", "ben", "im-community", window=TALL),
    Shot("event-under-way-fr", "amelie", "im-community", window=TALL),
)
OVER = (
    Shot("roster-summary-en", "olivia", "@praxis", window=TALL),
    Shot("roster-summary-fr", "francois", "@praxis", window=TALL),
    Shot("roster-en", "olivia", "@praxis", "open:roster.open", TALL),
    Shot("roster-fr", "francois", "@praxis", "open:roster.open", TALL),
    Shot("roster-history-en", "olivia", "@praxis", "open:roster.open press:roster.history", TALL),
    Shot("roster-history-fr", "francois", "@praxis", "open:roster.open press:roster.history", TALL),
)
ASKED = (
    Shot("survey-asks-en", "ben", "@praxis"),
    Shot("survey-asks-fr", "amelie", "@praxis"),
    Shot("survey-en", "ben", "@praxis", "open:survey.answer", TALL),
    Shot("survey-fr", "amelie", "@praxis", "open:survey.answer", TALL),
)
ANSWERED = (
    Shot("survey-results-en", "olivia", "general", "open:report.open:1", TALL),
    Shot("survey-results-fr", "lucie", "general", "open:report.open:1", TALL),
)
A_YEAR = (
    Shot("report-en", "olivia", "general", window=TALL | {"viewport": {"width": 1360, "height": 1500}}),
    Shot("report-fr", "lucie", "general", window=TALL | {"viewport": {"width": 1360, "height": 1500}}),
    Shot("report-figure-en", "olivia", "general", "open:report.open", TALL),
    Shot("report-figure-fr", "lucie", "general", "open:report.open", TALL),
)

STAGES: tuple[tuple[Callable[[People], None], tuple[Shot, ...]], ...] = (
    (a_morning, MORNING),
    (event_day.a_year, A_YEAR),
    (event_day.doors_open, DOORS_OPEN),
    (event_day.under_way, RUNNING),
    (event_day.over, OVER),
    (event_day.asked, ASKED),
    (event_day.answered, ANSWERED),
)
