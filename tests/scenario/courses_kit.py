"""What people do with the catalogue of courses, and what they see of it."""

from __future__ import annotations

from typing import Any

from tests.kit import Person, action_ids, eventually

RECORDS_COURSES = "Which courses develop records management?"
GOOD = {
    "code": "ZZ-150", "title_en": "Naming files", "title_fr": "Nommer les fichiers", "provider": "Our library",
    "languages": ["en"], "mode": "online", "length": "1,5 jour", "cost": "$250", "level": "introductory",
    "competencies": "RM:2", "prerequisites": "RM-101", "equivalences": "GC-7", "verified_on": "2026-11-01",
}  # fmt: skip


def listed(message: dict[str, Any]) -> list[str]:
    """Codes of the courses that a message or view lists."""
    return [value for name, value in action_ids(message) if name == "course.open"]


def suggested(person: Person, action_id: str, typed: str) -> list[str]:
    """What a list that the bot looks up offers for what is typed."""
    view = person.view()
    assert view is not None
    found = person.do("suggest", view_id=view["id"], action_id=action_id, value=typed)
    return [option["value"] for option in found["options"]]


def newest(person: Person) -> tuple[dict[str, Any], str]:
    """The newest card, and the id of the block in which one says what was meant."""
    message = person.messages()[-1]
    return message, next(b["block_id"] for b in message["blocks"] if str(b["block_id"]).startswith("catalogue.set:"))


def choose(person: Person, action_id: str, value: str) -> None:
    """Say in the newest card what was meant."""
    message, block = newest(person)
    person.do("click", channel="@praxis", ts=message["ts"], action_id=action_id, block_id=block, value=value)


def offered(person: Person, action_id: str, typed: str) -> list[str]:
    """What the newest card offers for what is typed."""
    message, block = newest(person)
    asked = {"channel": "@praxis", "ts": message["ts"], "action_id": action_id, "block_id": block, "value": typed}
    return [option["value"] for option in person.do("suggest", **asked)["options"]]


def opened(person: Person, callback_id: str) -> None:
    """Wait until this modal is on top."""
    eventually(lambda: (person.view() or {}).get("callback_id") == callback_id, what=callback_id)


def change_title(organizer: Person, title: str) -> None:
    """Edit the event planned last; everything else stays, the course too."""
    organizer.click(organizer.messages()[-1], "event.edit")
    organizer.sees_view("Edit the event")
    assert organizer.submit(title_en=title)["outcome"] == "closed"
    organizer.sees("is saved")


def plan_session(organizer: Person, code: str, day: str, kind: str = "course_session") -> Any:
    """Fill in the event form for a session of a course."""
    organizer.home()
    organizer.click("home", "event.create")
    organizer.sees_view("Create an event")
    assert suggested(organizer, "event.course", code.lower()) == [code]
    return organizer.submit(
        kind=kind, course_code=code, title_en=f"Session of {code}", title_fr=f"Séance de {code}", day=day, at="09:00",
        minutes="60", channel="C0GENERAL1",
    )  # fmt: skip
