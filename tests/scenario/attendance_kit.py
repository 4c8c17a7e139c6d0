"""Attendance as the tests of several subjects see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from community.records import Attendance, Member
from tests.kit import Person, eventually, texts
from tests.scenario.events_kit import Town, town, town_on_each

__all__ = ["town", "town_on_each"]  # the fixtures of the tests here

MINUTE = timedelta(minutes=1)


def statuses(town: Town) -> dict[str, str]:
    with town.bot.database.read() as session:
        rows = session.execute(
            select(Member.name, Attendance.status).join(Attendance, Attendance.member_id == Member.id)
        ).all()
        return {name.split()[0]: status.value for name, status in rows}


def go(town: Town, card: dict[str, Any], *people: Person) -> None:
    for who in people:
        who.click(card, "rsvp.going", channel="general")
    eventually(lambda: going(town) == len(people), what="everybody's reply")


def going(town: Town) -> int:
    shown = texts(town.card(town.event().id))
    return next((n for n in range(1, 9) if f"{n} pe" in shown and "going." in shown), 0)
