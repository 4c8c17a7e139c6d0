"""What the clock writes to people, in both languages and in their zone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from community.attendance import Line, Roster
from community.records import EventKind, Evidence, ReminderKind, Reply, Status
from community.reminder_rules import Rules
from tests.golden_files import looks_as_before
from tests.kit import action_ids, texts
from tests.unit.views_people import HOSTILE, READERS, START, a_member, an_event
from views import attendance_prompt, reminders
from views import reminder_outlook as outlook_view
from views.i18n import translator

ROSTER = Roster(
    an_event(),
    [
        Line(a_member(1, "Ann"), Reply.going, Status.present, START, Evidence.code),
        Line(a_member(2, "Ben"), Reply.going, Status.present, START, Evidence.button),
        Line(a_member(3, "Cleo"), Reply.going, Status.absent, None, Evidence.closing),
        Line(a_member(4, "Dev"), None, Status.late, START, Evidence.button),
    ],
)


@pytest.mark.parametrize("locale", READERS)
@pytest.mark.parametrize("kind", [ReminderKind.day_before, ReminderKind.hour_before])
@pytest.mark.parametrize("going", [True, False], ids=["going", "undecided"])
def test_reminder(locale: str, kind: ReminderKind, going: bool) -> None:
    name = f"reminders/{kind.value}_{'going' if going else 'undecided'}.{locale}"
    looks_as_before(name, reminders.reminder(READERS[locale], an_event(), kind, Reply.going if going else None))


def test_the_undecided_hear_that_an_event_is_full_and_those_with_a_seat_need_not() -> None:
    def said(locale: str, going: bool) -> str:
        return texts(
            reminders.reminder(
                READERS[locale], an_event(), ReminderKind.day_before, Reply.going if going else None, full=True
            )
        )

    assert "No seat is left: if you would like to come, you are put on the waitlist." in said("en", going=False)
    assert "Il ne reste aucune place" in said("fr", going=False)
    assert "No seat is left" not in said("en", going=True)


@pytest.mark.parametrize("locale", READERS)
def test_attendance_prompt(locale: str) -> None:
    looks_as_before(f"reminders/attendance_prompt.{locale}", attendance_prompt.prompt(READERS[locale], an_event()))


@pytest.mark.parametrize("locale", READERS)
def test_roster_in_short(locale: str) -> None:
    looks_as_before(f"reminders/roster.{locale}", reminders.roster_summary(READERS[locale], ROSTER))
    looks_as_before(
        f"reminders/roster_empty.{locale}", reminders.roster_summary(READERS[locale], Roster(an_event(), []))
    )


def test_an_event_over_midnight_names_the_day_check_in_closes() -> None:
    long = an_event(ends_at=START + timedelta(days=2))
    assert "check-in closes at Thursday, December 3, 2026, 9:00" in texts(attendance_prompt.prompt(READERS["en"], long))


def test_buttons_do_what_they_say() -> None:
    reader, event = READERS["en"], an_event()
    going = reminders.reminder(reader, event, ReminderKind.day_before, Reply.going)
    undecided = reminders.reminder(reader, event, ReminderKind.day_before, None)
    number = str(event.id)
    assert action_ids(going) == [("rsvp.not_going", number), ("event.open", number)]
    assert action_ids(undecided) == [
        (name, number) for name in ("rsvp.going", "rsvp.maybe", "rsvp.not_going", "event.open")
    ]
    assert action_ids(attendance_prompt.prompt(reader, event)) == [
        ("checkin.button", number),
        ("checkin.enter", number),
        ("event.open", number),
    ]
    assert action_ids(reminders.roster_summary(reader, ROSTER)) == [
        ("roster.was_there", f"{number}:3:present"),
        ("roster.was_excused", f"{number}:3:excused"),
        ("roster.open", number),
    ]


@pytest.mark.parametrize("typed", [HOSTILE, "<!here>", "<#C1|general> <!subteam^S1>", "&lt;!channel&gt;"])
@pytest.mark.parametrize("locale", READERS)
def test_what_organizers_typed_stays_text(locale: str, typed: str) -> None:
    event = an_event(title_en=typed[:150], title_fr=typed[:150], place=typed[:300])
    for shown in (
        reminders.reminder(READERS[locale], event, ReminderKind.day_before, Reply.going),
        reminders.reminder(READERS[locale], event, ReminderKind.hour_before, None),
        attendance_prompt.prompt(READERS[locale], event),
        reminders.roster_summary(READERS[locale], Roster(event, ROSTER.lines)),
    ):
        for live in ("<!channel", "<!here", "<@", "<#", "<!subteam"):
            assert live not in texts(shown)


@pytest.mark.parametrize("locale", READERS)
def test_the_form_of_rules_shows_times_of_ones_own_in_the_largest_unit(locale: str) -> None:
    own = ((ReminderKind.before, 2880), (ReminderKind.before, 90), (ReminderKind.after, 180))
    rules = Rules(free=own, free_mandatory=True)
    form = outlook_view.rules_form(READERS[locale], EventKind.learning_event, rules)
    looks_as_before(f"reminders/rules.{locale}", form)
    t = translator(locale)
    others = ((ReminderKind.after, 5), (ReminderKind.after, 1440))
    assert len({outlook_view.label(*slot, t) for slot in (*own, *others)}) == 5
