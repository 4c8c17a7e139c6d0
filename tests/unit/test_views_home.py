"""App Home, help, roles and errors as people see them, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from community.errors import Invalid
from community.expert_records import ExpertRequest
from community.records import Member, Reply, Role
from community.rsvp import Standing
from knowledge.errors import NotYours
from tests.golden_files import looks_as_before
from tests.kit import action_ids, texts
from tests.unit.views_people import HOSTILE, NOW, START, a_group, a_member, an_event
from views import errors, home, people
from views import help as help_view
from views.event_details import Seen
from views.home import Desk, Trouble
from views.i18n import translator

LOCALES = ("en", "fr")
ROOM = Standing(going=3, waitlisted=0, seats_left=9)


def a_person(locale: str, **changes: object) -> Member:
    values: dict[str, object] = {
        "id": 1,
        "slack_user_id": "U0001",
        "name": "Amélie Gagnon",
        "time_zone": "America/Toronto",
        "slack_locale": locale,
        "chosen_locale": None,
        "wants_reminders": True,
        "wants_announcements": True,
    }
    return Member(**(values | changes))


def a_trouble(number: int, **changes: object) -> Trouble:
    values: dict[str, object] = {
        "id": number,
        "parked": False,
        "subject": "announcement",
        "channel": "C0EVENTS",
        "user": None,
        "text": "Hello everybody",
        "error": "not_in_channel",
        "since": NOW,
    }
    return Trouble(**(values | changes))  # type: ignore[arg-type]  # each value has its field's type


@pytest.mark.parametrize("locale", LOCALES)
def test_home_of_a_member(locale: str) -> None:
    seen = [Seen(an_event(), ROOM, Reply.going), Seen(an_event(id=8, link=None), ROOM, None)]
    looks_as_before(f"home/member.{locale}", home.view(a_person(locale), seen, NOW, None))


@pytest.mark.parametrize("locale", LOCALES)
def test_home_with_nothing_ahead_and_own_choices(locale: str) -> None:
    person = a_person("en-US", chosen_locale=locale, wants_reminders=False, wants_announcements=False)
    looks_as_before(f"home/quiet.{locale}", home.view(person, [], NOW, None))


@pytest.mark.parametrize("locale", LOCALES)
def test_home_of_an_organizer(locale: str) -> None:
    troubles = [
        a_trouble(1),
        a_trouble(2, parked=True, subject="answer", channel="D1", user="U0002", text="", error=""),
        a_trouble(3, subject="something", channel=None, user="U0003", text="", error="`user_disabled`"),
    ]
    desk = Desk([a_group("How do I sign up?", 3), a_group(HOSTILE)], troubles, by_spelling=True)
    seen = [Seen(an_event(), ROOM, None, may_run=True, may_change=True)]
    looks_as_before(f"home/organizer.{locale}", home.view(a_person(locale), seen, NOW, desk))


def test_check_in_stands_in_home_while_it_is_open() -> None:
    seen = [Seen(an_event(), ROOM, Reply.going)]
    before = home.view(a_person("en"), seen, START - timedelta(minutes=16), None)
    during = home.view(a_person("en"), seen, START - timedelta(minutes=15), None)
    assert "checkin.button" not in [name for name, _ in action_ids(before)]
    assert "checkin.button" in [name for name, _ in action_ids(during)]


def test_busy_home_keeps_to_what_slack_takes_with_the_settings_still_there() -> None:
    seen = [Seen(an_event(id=n, title_en=HOSTILE), ROOM, None, may_run=True, may_change=True) for n in range(5)]
    desk = Desk([a_group(HOSTILE * 10)] * 50, [a_trouble(n, text=HOSTILE * 9, error=HOSTILE) for n in range(20)])
    waiting = [ExpertRequest(id=n, text=HOSTILE * 9, opened_at=NOW, holder_id=None) for n in range(30)]
    view = home.view(a_person("en"), seen, NOW, desk, waiting)
    assert len(view["blocks"]) <= 100
    assert {"language.choose", "notifications.choose"} <= {name for name, _ in action_ids(view)}
    looks_as_before("home/busy", view)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("role", [Role.member, Role.facilitator, Role.organizer])
def test_help_shows_what_the_roles_allow(locale: str, role: Role) -> None:
    looks_as_before(f"help/{role.value}.{locale}", help_view.overview(locale, {Role.member, role}))


@pytest.mark.parametrize("locale", LOCALES)
def test_unknown_word_is_answered_with_the_nearest_and_help(locale: str) -> None:
    looks_as_before(f"help/unknown.{locale}", help_view.unknown("evnets", "events", locale, (), "evnets of May"))
    hostile = help_view.unknown(HOSTILE * 40, None, locale, (), HOSTILE * 40)
    looks_as_before(f"help/hostile.{locale}", hostile)


@pytest.mark.parametrize("locale", LOCALES)
def test_modal_of_roles(locale: str) -> None:
    held = [(a_member(1, "Olivia"), Role.organizer), (a_member(2, HOSTILE), Role.facilitator)]
    notice = people.granted(locale, held[1][0], Role.facilitator)
    looks_as_before(f"people/roles.{locale}", people.roles_modal(locale, held, notice))
    told = {role.value: people.named(a_person(locale), role, held[0][0])["text"] for role in people.ROLES}
    told["revoked"] = people.revoked(locale, held[0][0], Role.organizer)
    looks_as_before(f"people/told.{locale}", told)


def test_modal_of_many_roles_says_how_many_more() -> None:
    held = [(a_member(number, f"Person {number}"), Role.expert) for number in range(150)]
    modal = people.roles_modal("en", held)
    assert len(modal["blocks"]) <= 100
    assert "110 more people have a role." in texts(modal)


ROOT = Path(errors.__file__).resolve().parent.parent
RAISED = re.compile(
    r"\b(?:NotAllowed|NotFound|NotYours|Invalid|Conflict)\(\s*\"([a-z_]+)\"(?: if \w+ else \"([a-z_]+)\")?"
)


def raised() -> Iterator[str]:
    for room in ("community", "knowledge", "handlers"):
        for path in (ROOT / room).rglob("*.py"):
            for codes in RAISED.findall(path.read_text("utf-8")):
                yield from filter(None, codes)


def test_every_error_that_is_raised_has_its_sentence() -> None:
    codes = set(raised())
    assert len(codes) > 20
    assert codes - set(errors.SENTENCES) == set()


@pytest.mark.parametrize("locale", LOCALES)
def test_errors_say_what_to_do(locale: str) -> None:
    t = translator(locale)
    said = {code: t(text) for code, text in errors.SENTENCES.items()}
    said |= {name.lower(): t(v) for name, v in vars(errors).items() if name.isupper() and isinstance(v, str)}
    looks_as_before(f"errors/sentences.{locale}", said)


def test_error_fills_in_the_event_and_the_instant_in_the_persons_zone() -> None:
    error = Invalid("check_in_early", opens_at=START, event=an_event())
    shown = errors.sentence(error, "en", time_zone="America/Vancouver")
    assert "Plain language &amp; you" in shown
    assert "<!date^" in shown
    plain = errors.sentence(error, "fr", time_zone="America/Vancouver", markup=False)
    assert "Le langage clair et vous" in plain
    assert "UTC-07:00" in plain
    assert "<" not in plain


def test_error_escapes_what_was_typed_and_knows_other_trees() -> None:
    assert "&lt;!channel&gt;" in errors.sentence(Invalid("day_impossible", day="<!channel>"), "en", time_zone="UTC")
    assert errors.sentence(NotYours("question_not_yours"), "fr", time_zone="UTC").startswith("Seule la personne")
    assert errors.sentence(Invalid("never_heard_of"), "en", time_zone="UTC") == errors.GENERAL


def test_numbers_in_a_sentence_are_grouped_as_the_language_groups_them() -> None:
    error = Invalid("seats_range", field="capacity", low=1, high=10_000)
    assert "1 to 10,000 seats" in errors.sentence(error, "en", time_zone="UTC")
    assert "10\u00a0000" in errors.sentence(error, "fr", time_zone="UTC")
