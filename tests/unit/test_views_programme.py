"""Invitations, cohorts, material, calendars, reminders and settings as people see them, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from community.cohort_lists import Taken
from community.group_records import Cohort, GuestRequest
from community.material_records import EventMaterial, MaterialKind
from community.outlook import Forecast, Person, Planned
from community.records import EventKind, Member, Offer, Reminder, ReminderKind, ReminderState, Reply, Rsvp, Seat
from community.reminder_rules import Rules
from community.seats import Terms
from tests.golden_files import looks_as_before
from tests.unit.views_people import NOW, READERS, START, Reader, a_member, an_event
from views import (
    at_home,
    calendars,
    cohort_lists,
    cohorts,
    event_replies,
    event_settings,
    invitations,
    materials,
    quiet_hours,
    reminder_outlook,
)
from views.text import Block

EVENT = an_event()
COHORT = Cohort(
    id=7, community_id=1, code="2027-A", name_en="Winter & spring", name_fr="Hiver et printemps",
    starts_on=date(2027, 1, 11), ends_on=date(2027, 6, 30),
)  # fmt: skip
AMELIE, BEN = a_member(1, "Amélie Gagnon"), a_member(2, "Ben <Nakamura>")
ASKED = GuestRequest(id=3, event_id=EVENT.id, member_id=BEN.id, asked_at=NOW)
NOTES = EventMaterial(
    id=4, event_id=EVENT.id, kind=MaterialKind.notes, title="Notes & links", link="https://example.org/notes",
    added_by_id=1, added_at=NOW,
)  # fmt: skip
RULES = Rules((ReminderKind.day_before,), (ReminderKind.day_before,), ((ReminderKind.before, 2880),))
REMINDER = Reminder(
    id=9, event_id=EVENT.id, kind=ReminderKind.day_before, minutes=0, occurrence=0, due_at=START - timedelta(days=1),
    state=ReminderState.done, told=4, waiting=2, held=1,
)  # fmt: skip
MISSED = Reminder(
    id=10, event_id=EVENT.id, kind=ReminderKind.hour_before, minutes=0, occurrence=0, due_at=START, told=0, waiting=0,
    held=0, state=ReminderState.missed, reason="too late",
)  # fmt: skip


def reply(number: int, said: Reply, **changes: object) -> Rsvp:
    return Rsvp(event_id=EVENT.id, member_id=number, reply=said, updated_at=NOW, **({"seat": Seat.room} | changes))


def replies() -> list[event_replies.Replied]:
    left = reply(4, Reply.waitlisted, turn=1, offer=Offer.open, offer_ends_at=START - timedelta(hours=3))
    return [
        event_replies.Replied("Amélie Gagnon", reply(1, Reply.going)),
        event_replies.Replied("Ben <Nakamura>", reply(2, Reply.maybe)),
        event_replies.Replied("Chloé", reply(3, Reply.waitlisted, turn=2)),
        event_replies.Replied("Dara", left),
        event_replies.Replied("Émile", reply(5, Reply.not_going, reason="Away <!here>")),
        event_replies.Replied("Fay", reply(6, Reply.not_going)),
    ]


def told(reader: Reader) -> Member:
    person = a_member(8, "Sam")
    person.chosen_locale, person.quiet_from, person.quiet_until = reader.locale, "22:00", "07:30"
    return person


def outlook(reader: Reader) -> Block:
    ahead = Planned(REMINDER, EVENT, 7)
    went = Planned(REMINDER, EVENT, 7, told=4, waiting=2, late=1)
    return reminder_outlook.outlook(reader, [ahead], [went], [Planned(MISSED, EVENT, 3)])


def forecast(reader: Reader) -> Block:
    people = [Person(told(READERS["fr"]), START), Person(a_member(1, "Amélie Gagnon"), None)]
    lines = [((ReminderKind.day_before, 0), START, people), ((ReminderKind.before, 2880), START, [])]
    return reminder_outlook.preview(reader, EventKind.learning_event, RULES, Forecast(EVENT, lines))


def left_out(reader: Reader) -> Block:
    return cohort_lists.form(reader.locale, COHORT, text="person\nU1", leaving=[AMELIE, BEN], asked="x")


LOOKS: dict[str, Callable[[Reader], Block]] = {
    "invite": lambda reader: invitations.form(reader, EVENT, cohorts=True),
    "letter": lambda reader: invitations.letter(reader, EVENT, enrolled=False),
    "letter_enrolled": lambda reader: invitations.letter(reader, EVENT, enrolled=True),
    "guest": lambda reader: invitations.request(reader, EVENT, BEN, ASKED),
    "guest_welcome": lambda reader: invitations.welcome(reader, EVENT),
    "guest_declined": lambda reader: invitations.declined(reader, EVENT),
    "cohorts": lambda reader: cohorts.listing(reader.locale, [(COHORT, 23)]),
    "cohort": lambda reader: cohorts.page(reader.locale, COHORT, [AMELIE, BEN], "1 person was added."),
    "cohort_form": lambda reader: cohorts.form(reader.locale, COHORT),
    "cohort_people": lambda reader: cohorts.people_form(reader.locale, COHORT),
    "cohort_list_leaving": left_out,
    "material": lambda reader: materials.page(reader, EVENT, [NOTES], wished=True, may_attach=True),
    "material_member": lambda reader: materials.page(reader, EVENT, [], wished=False, may_attach=False),
    "material_form": lambda reader: materials.form(reader, EVENT),
    "material_change": lambda reader: materials.change_form(reader, EVENT, NOTES),
    "material_news": lambda reader: materials.news(reader, EVENT, NOTES),
    "calendar": lambda reader: calendars.page(reader, NOW, possible=True),
    "calendar_none": lambda reader: calendars.page(reader, None, possible=True),
    "calendar_files": lambda reader: calendars.page(reader, None, possible=False),
    "calendar_made": lambda reader: calendars.made(reader, "https://example.org/calendar/x.ics"),
    "replies": lambda reader: event_replies.replies_view(reader, EVENT, replies(), ["Gus"]),
    "quiet_hours": lambda reader: quiet_hours.form(told(reader)),
    "settings": lambda reader: event_settings.settings_form(reader.locale, Terms(), 8),
    "reminders": outlook,
    "reminders_preview": forecast,
    "reminder_went": lambda reader: reminder_outlook.went(
        reader, EVENT, (ReminderKind.before, 2880), [AMELIE], [BEN], [told(reader)]
    ),
    "window": lambda reader: at_home.sent(reader.locale, "announcement"),
}


@pytest.mark.parametrize("locale", READERS)
@pytest.mark.parametrize("name", LOOKS)
def test_what_a_programme_is_run_with_looks(name: str, locale: str) -> None:
    looks_as_before(f"programme/{name}.{locale}", LOOKS[name](READERS[locale]))


@pytest.mark.parametrize("locale", READERS)
def test_every_place_that_a_press_at_home_leads_to_has_its_sentence(locale: str) -> None:
    said = {str(at_home.sent(locale, what)["blocks"]) for what in at_home.SENT}
    assert len(said) == len(at_home.SENT)


@pytest.mark.parametrize("locale", READERS)
def test_a_list_says_who_stays_though_not_in_it(locale: str) -> None:
    stay, gone = Taken(missing=[(COHORT, [AMELIE, BEN])]), Taken(missing=[(COHORT, [AMELIE, BEN])], removed=2)
    assert cohort_lists.taken_in(locale, stay).startswith("2 ")
    assert cohort_lists.taken_in(locale, stay) != cohort_lists.taken_in(locale, gone)
