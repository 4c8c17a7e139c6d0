"""What the command line does with any file of lines: reads it, says what is wrong, takes a dry run back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from sqlalchemy.orm import Session

from community import people
from community.errors import Invalid
from community.records import Community, Member, Role
from community.tables import LARGEST, Trouble
from runtime.errors import StartError
from views import errors


class Undone(Exception):
    """Leaves a transaction on purpose; nothing went wrong."""


@dataclass(frozen=True)
class Problem:
    """What is wrong on a line of the file, in words."""

    file: str
    line: int
    sentence: str


def content(path: Path) -> bytes:
    """What the file holds, one byte more than may be read at most. Raises StartError."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise StartError(f"{path} cannot be read ({error.strerror or type(error).__name__}).") from None


def organizer(session: Session, community_id: int) -> Member:
    """In whose name files are taken in. Raises StartError while nobody is an organizer."""
    organizers = people.with_role(session, community_id, Role.organizer)
    if not organizers:
        raise StartError("Nobody is an organizer yet: start the bot once, so that it gets to know the people.")
    return organizers[0]


def problems(
    path: Path, troubles: Iterable[Trouble], community: Community, names: Mapping[str, str] = MappingProxyType({})
) -> list[Problem]:
    """The troubles in English; what several parts of one line have in common is said once.

    `names`: what the file calls fields that we call otherwise.
    """
    return list(dict.fromkeys(_problem(path, trouble, community, names) for trouble in troubles))


def _problem(path: Path, trouble: Trouble, community: Community, names: Mapping[str, str]) -> Problem:
    error = trouble.error
    sentence = errors.sentence(error, "en", time_zone=community.time_zone, markup=False)
    named = f"{names.get(error.field, error.field)}: " if isinstance(error, Invalid) and error.field else ""
    return Problem(str(path), trouble.number, f"{named}{sentence}")
