"""App Home, settings, roles and the one slash command, in the local workspace."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from community import people
from community.records import Member, Role
from delivery import outbox
from delivery.records import Outbox, OutboxState
from tests.kit import Person, action_ids, eventually, texts
from tests.scenario.house import House, buttons, house  # noqa: F401  # a fixture


@pytest.fixture
def ben(house: House) -> Person:  # noqa: F811
    return house.newcomer()


@pytest.fixture
def amelie(house: House) -> Person:  # noqa: F811
    return house.newcomer("fr-CA", "America/Vancouver")


@pytest.fixture
def olivia(house: House) -> Person:  # noqa: F811
    return house.newcomer(role=Role.organizer)


def shows(person: Person, words: str) -> dict[str, Any]:
    """The person's Home once it has these words."""

    def look() -> dict[str, Any] | None:
        view = person.workspace.get(f"/people/{person.name}/home")["view"]
        return view if view and words in texts(view) else None

    return eventually(look, what=f"a Home with {words!r}")


def roles_of(house: House, person: Person) -> frozenset[Role]:  # noqa: F811
    member = house.member(person)
    assert member is not None
    with house.bot.database.read() as session:
        return people.roles(session, member)


def test_home_shows_a_member_their_part_alone(ben: Person) -> None:
    shown = texts(ben.home())
    assert "The next events" in shown
    assert "Your settings" in shown
    assert "For organizers" not in shown
    ben.click("home", "course.browse")
    ben.sees_view("course.filter.")


def test_home_of_an_organizer_has_a_second_part(olivia: Person) -> None:
    home = olivia.home()
    assert "For organizers" in texts(home)
    assert {"event.create", "announcement.write", "people.open"} <= {name for name, _ in action_ids(home)}


def test_home_speaks_the_language_of_slack_until_another_is_chosen(house: House, amelie: Person) -> None:  # noqa: F811
    assert "Vos réglages" in texts(amelie.home())
    amelie.click("home", "language.choose", "en")
    assert "Vancouver, Pacific Time" in texts(shows(amelie, "Your settings"))
    amelie.click("home", "language.choose", "slack")
    shows(amelie, "Vos réglages")
    amelie.do("profile", locale="en-US")
    eventually(lambda: (m := house.member(amelie)) and m.slack_locale == "en-US")
    assert "Your settings" in texts(amelie.home())


def test_notifications_are_what_the_person_ticked(house: House, ben: Person) -> None:  # noqa: F811
    ben.home()
    ben.click("home", "notifications.choose", ["announcements"])
    eventually(lambda: (m := house.member(ben)) and not m.wants_reminders and m.wants_announcements)
    ben.click("home", "notifications.choose", [])
    eventually(lambda: (m := house.member(ben)) and not m.wants_announcements)


def test_help_in_home_comes_as_a_message(ben: Person) -> None:
    ben.home()
    ben.click("home", "help.show")
    assert "What I can do is in the Messages tab." in texts(ben.sees_view("Messages tab"))
    ben.sees("What I can do for you")


def test_question_without_an_answer_waits_in_an_organizers_home_without_a_name(ben: Person, olivia: Person) -> None:
    ben.say(f"zxqv wombat kumquat {ben.name} & <b>")
    ben.sees("I have no answer")
    home = texts(olivia.home())
    assert f"zxqv wombat kumquat {ben.name} &amp; &lt;b&gt;" in home
    assert ben.id not in home


def trouble(house: House, state: OutboxState, key: str) -> int:  # noqa: F811
    """A message to a channel that did not arrive for certain."""
    with house.bot.database.begin() as session:
        outbox.post(
            session,
            community_id=house.bot.services.community_id,
            key=key,
            payload={"text": f"text of {key}"},
            channel="C0GENERAL1",
            subject="announcement:1",
        )
        # In this transaction no sender can have claimed it yet.
        session.execute(
            update(Outbox).where(Outbox.key == key).values(state=state, last_error="not_in_channel", attempts=1)
        )
        found = session.scalar(select(Outbox.id).where(Outbox.key == key))
        assert found is not None
        return found


def state_of(house: House, number: int) -> OutboxState:  # noqa: F811
    with house.bot.database.read() as session:
        return session.get_one(Outbox, number).state


def test_failed_message_is_seen_and_sent_again_from_home(house: House, olivia: Person, ben: Person) -> None:  # noqa: F811
    number = trouble(house, OutboxState.failed, "again")
    assert "not_in_channel" in texts(olivia.home())
    olivia.click("home", "delivery.retry", str(number))
    ben.sees("text of again", channel="general")
    eventually(lambda: state_of(house, number) is OutboxState.sent)


def test_parked_message_is_discarded_from_home(house: House, olivia: Person) -> None:  # noqa: F811
    number = trouble(house, OutboxState.parked, "never")
    assert "text of never" in texts(olivia.home())
    olivia.click("home", "delivery.discard", str(number))
    eventually(lambda: state_of(house, number) is OutboxState.discarded)
    eventually(lambda: "text of never" not in texts(olivia.workspace.get(f"/people/{olivia.name}/home")["view"]))


def by_hand(person: Person, action_id: str, value: str = "1") -> None:
    """Press a button that this person is never shown."""
    action = {
        "type": "button",
        "action_id": action_id,
        "block_id": "b",
        "value": value,
        "action_ts": str(datetime.now(UTC)),
    }
    person.do("payload", payload={"type": "block_actions", "actions": [action]})


@pytest.mark.parametrize("action_id", ["delivery.retry", "delivery.discard", "people.open", "people.revoke"])
def test_organizers_action_made_by_hand_is_refused(house: House, amelie: Person, action_id: str) -> None:  # noqa: F811
    number = trouble(house, OutboxState.failed, f"hand-made {action_id}")
    by_hand(amelie, action_id, str(number) if action_id.startswith("delivery") else "1:organizer")
    amelie.sees("Seules les personnes organisatrices peuvent faire cela")
    assert state_of(house, number) is OutboxState.failed
    with house.bot.database.begin() as session:
        outbox.discard(session, house.bot.services.community_id, number)


def test_member_cannot_name_themselves_by_a_submission_made_by_hand(house: House, ben: Person) -> None:  # noqa: F811
    state = {
        "member": {"person": {"type": "users_select", "selected_user": ben.id}},
        "role": {"role": {"type": "static_select", "selected_option": {"value": "organizer"}}},
    }
    view = {
        "type": "modal",
        "callback_id": "people.grant",
        "id": "V1",
        "hash": "x",
        "state": {"values": state},
        "blocks": [],
    }
    ben.do("payload", payload={"type": "view_submission", "view": view})
    ben.sees("Only organizers can do this")
    assert roles_of(house, ben) == {Role.member}


def test_unknown_button_of_an_older_message_is_answered_kindly(amelie: Person) -> None:
    by_hand(amelie, "answer.of_long_ago")
    amelie.sees("Je ne connais plus ce bouton")


def test_organizer_gives_a_role_and_takes_it_back(house: House, olivia: Person, amelie: Person) -> None:  # noqa: F811
    olivia.home()
    olivia.click("home", "people.open")
    olivia.sees_view("Give a role")
    answer = olivia.submit(member=amelie.id, role="facilitator")
    assert answer["outcome"] == "updated"
    assert "now has the role" in texts(answer["view"])
    amelie.sees("le rôle d’animation")
    assert Role.facilitator in roles_of(house, amelie)
    member = house.member(amelie)
    assert member is not None
    view = olivia.sees_view("now has the role")
    olivia.click(view["id"], "people.revoke", f"{member.id}:facilitator")
    olivia.sees_view("no longer has the role")
    assert Role.facilitator not in roles_of(house, amelie)


def test_role_for_a_bot_is_refused_at_the_field(olivia: Person) -> None:
    olivia.home()
    olivia.click("home", "people.open")
    olivia.sees_view("Give a role")
    answer = olivia.submit(member="U0PRAXIS01", role="organizer")
    assert answer["outcome"] == "errors"
    assert "bot" in answer["errors"]["member"]
    olivia.do("close")


def test_newcomer_is_known_by_name_language_and_zone(house: House, amelie: Person) -> None:  # noqa: F811
    member = house.member(amelie)
    assert member is not None
    assert (member.name, member.locale, member.time_zone) == (f"New {amelie.name}", "fr", "America/Vancouver")


def test_change_of_name_zone_and_leaving_is_followed(house: House, ben: Person) -> None:  # noqa: F811
    ben.do("profile", real_name="Benjamin", tz="Europe/Paris")
    eventually(lambda: (m := house.member(ben)) and (m.name, m.time_zone) == ("Benjamin", "Europe/Paris"))
    ben.do("profile", deleted=True)
    eventually(lambda: (m := house.member(ben)) and not m.active)


def test_everybody_in_the_workspace_was_read_at_the_start(house: House) -> None:  # noqa: F811
    with house.bot.database.read() as session:
        known = {m.slack_user_id: m for m in session.scalars(select(Member))}
    for person in house.workspace.get("/people")["people"]:
        assert person["id"] in known
    assert known["U0AMELIE01"].locale == "fr"
    assert known["U0PRAXIS01"].is_bot


@pytest.mark.parametrize("typed", ["", "help", "aide", "AIDE "])
def test_help_is_in_the_persons_language(amelie: Person, typed: str) -> None:
    assert "Ce que je peux faire pour vous" in texts(amelie.command(typed)["response"])


def test_help_shows_organizers_their_part(olivia: Person, ben: Person) -> None:
    assert "Write an announcement" in texts(olivia.command("help")["response"])
    assert "Write an announcement" not in texts(ben.command("help")["response"])


def test_unknown_word_names_the_nearest_and_can_be_asked_after_all(amelie: Person) -> None:
    answer = amelie.command("activitez du mois")["response"]
    assert "`/praxis activités`" in texts(answer)
    card = amelie.sees("Je ne connais pas", channel="general")
    amelie.click(card, "question.ask", "activitez du mois", channel="general")
    amelie.sees("question", channel="general")


def test_hostile_word_comes_back_harmless(ben: Person) -> None:
    shown = json.dumps(ben.command("<!channel>`*x*` =1+1")["response"])
    assert "<!channel>" not in shown


def test_card_of_home_offers_nothing_to_press_twice(olivia: Person) -> None:
    assert len(buttons(olivia.home(), "event.create")) == 1
