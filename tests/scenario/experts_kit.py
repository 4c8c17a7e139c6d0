"""What people do who offer what they know, and who ask."""

from __future__ import annotations

from sqlalchemy import select

from community.expert_records import ExpertRequest
from tests.kit import Person
from tests.scenario.house import House
from tests.scenario.roles_kit import payload_of


def offers(person: Person, code: str, level: str | None = None, words: str = "") -> None:
    """Offer a competency in the modal."""
    person.command("experts")
    view = person.sees_view("expertise.offer")
    found = person.do("suggest", view_id=view["id"], action_id="expertise.competency", value=code)
    assert code in [option["value"] for option in found["options"]]
    more = {"level": level} if level else {}
    outcome = person.submit(competency=code, words=words, **more)
    assert outcome["outcome"] == "updated", outcome


def request_of(house: House, asker: Person) -> ExpertRequest:
    """The request that came of the person's last question."""
    question = house.question(asker)
    assert question is not None
    with house.bot.database.read() as session:
        return session.scalars(select(ExpertRequest).where(ExpertRequest.question_id == question.id)).one()


def pass_on(
    asker: Person, text: str, unknown: str = "I have no answer", told: str = "I passed your question on"
) -> None:
    """Ask what no entry knows, and have it passed on."""
    asker.say(text)
    asker.click(asker.sees(unknown), "question.pass_on")
    asker.sees(told)


def press_by_hand(person: Person, action_id: str, number: int) -> None:
    """A press that no page offers this person."""
    person.do("payload", payload=payload_of("action", action_id, str(number)))
