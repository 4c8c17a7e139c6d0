"""Somebody lets a program guess an event's code from the start to the end: in a thousand guesses, or ten thousand."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from community import attendance, codes
from community.errors import CommunityError
from community.records import CodeTry
from tests.town import Town


@dataclass(frozen=True)
class Guessed:
    """How many guesses were compared with a code at all, how many tries are noted, and the answer to the right code."""

    heard: int
    tries: int
    last: str


def guess_all_day(town: Town, guesses: int) -> Guessed:
    """Guess wrong through all eight hours of an event, then type the right code."""
    event, guesser = town.event(minutes=480), town.person()
    pause = (event.ends_at - event.starts_at) / guesses
    heard, last = 0, ""
    with town.database.begin() as session:
        for number in range(guesses):
            now = event.starts_at + number * pause
            right = {codes.shown(event, now).digits, codes.code_of(event, codes.step_at(now) - 1)}
            guess = next(code for code in (f"{number:06}", f"{number + 500_000:06}", "777777") if code not in right)
            try:
                attendance.check_in_with_code(session, guesser, guess, now)
            except CommunityError as error:
                heard += error.keep
        try:
            attendance.check_in_with_code(session, guesser, codes.shown(event, now).digits, now)
        except CommunityError as error:
            last = error.code
        tries = session.scalar(select(func.count()).where(CodeTry.member_id == guesser.id)) or 0
    return Guessed(heard, tries, last)
