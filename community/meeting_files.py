"""Who was in a video meeting, and for how long, from the list that the meeting's program writes.

Teams, Zoom, Webex and Meet each write their own: with or without lines before the table, separated by commas,
semicolons or tabs, in UTF-8, UTF-16 or Windows-1252, in English or French. What is read are names, addresses and
minutes; times of day are not, for the lists do not say in which zone they are.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from community.errors import Invalid
from community.text import one_line

MOST_BYTES = 5_000_000
MOST_PEOPLE = 2_000
LINES_BEFORE = 60  # how far down the table may begin
NAME_LIMIT = 120

_NAMES = {
    "name", "full name", "name (original name)", "participant", "participants", "participant name", "display name",
    "user name", "attendee", "attendee name", "nom", "nom complet", "nom (nom original)", "nom (nom d'origine)",
    "nom du participant", "nom d'utilisateur", "nom d'affichage",
}  # fmt: skip
_MINUTES = {
    "duration", "in-meeting duration", "duration (minutes)", "total duration (minutes)", "duration in minutes",
    "attendance duration", "time in session", "time in call", "minutes", "total time", "duree", "duree (minutes)",
    "duree totale (minutes)", "duree de la reunion", "duree en reunion", "duree de participation", "duree en minutes",
}  # fmt: skip
_EMAILS = {
    "email", "e-mail", "user email", "email address", "e-mail address", "participant id (upn)", "upn",
    "attendee email", "courriel", "adresse de courriel", "adresse courriel", "adresse e-mail", "email de l'utilisateur",
}  # fmt: skip
_UNITS = {"h": 3600, "m": 60, "s": 1}


@dataclass(frozen=True)
class Attendee:
    """One person of the list, with the minutes of all their visits."""

    name: str
    email: str | None
    minutes: int


def read(content: bytes | str) -> list[Attendee]:
    """Everybody on the list, in its order.

    Raises Invalid at `text`: `meeting_large`, `meeting_form` where no names and minutes are found, `meeting_people`.
    """
    if len(content) > MOST_BYTES:
        raise Invalid("meeting_large", field="text", megabytes=MOST_BYTES // 1_000_000)
    text = content if isinstance(content, str) else _decoded(content)
    lines = [line for line in text.replace("\0", "").splitlines() if line.strip()]
    rows = _table(lines)
    seconds: dict[tuple[str, str | None], int] = {}
    for name, email, spent in rows:
        shown = one_line(name)[:NAME_LIMIT]
        if shown:
            key = (shown, one_line(email).lower()[:320] or None if email else None)
            seconds[key] = seconds.get(key, 0) + spent
        if len(seconds) > MOST_PEOPLE:
            raise Invalid("meeting_people", field="text", most=MOST_PEOPLE)
    if not seconds:
        raise Invalid("meeting_form", field="text")
    return [Attendee(name, email, min(spent, 7 * 86_400) // 60) for (name, email), spent in seconds.items()]


def seconds_of(text: str) -> int | None:
    """The length that “62”, “62 min”, “1h 2m 3s”, “1 h 2 min” or “1:02:03” says, in seconds; None when it says none."""
    bare = _folded(text).replace(",", ".").strip()
    if re.fullmatch(r"\d{1,6}(\.\d{1,3})?", bare):
        return int(float(bare) * 60)
    if clock := re.fullmatch(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})", bare):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return hours * 3600 + minutes * 60 + seconds
    parts = re.findall(r"(\d{1,6})\s*(h|m|s)[a-z]*\.?", bare)
    if parts and not re.sub(r"\d{1,6}\s*[hms][a-z]*\.?|\s|et|and", "", bare):
        return sum(int(number) * _UNITS[unit] for number, unit in parts)
    return None


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _table(lines: list[str]) -> Iterable[tuple[str, str | None, int]]:
    """Name, address and seconds of each line of the table; a table without a header has name and minutes alone."""
    for number, line in enumerate(lines[:LINES_BEFORE]):
        for separator in ("\t", ";", ","):
            heads = [_folded(cell) for cell in next(_cells([line], separator), [])]
            name, spent = _column(heads, _NAMES), _column(heads, _MINUTES)
            if name is not None and spent is not None:
                return _under(lines[number + 1 :], separator, name, spent, _column(heads, _EMAILS))
    return _bare(lines)


def _under(
    lines: list[str], separator: str, name: int, spent: int, email: int | None
) -> Iterable[tuple[str, str | None, int]]:
    for cells in _cells(lines, separator):
        if len(cells) <= max(name, spent):
            if len(cells) == 1:  # the next part of the file has begun
                return
            continue
        seconds = seconds_of(cells[spent])
        if seconds is not None:
            yield cells[name], cells[email] if email is not None and email < len(cells) else None, seconds


def _bare(lines: list[str]) -> Iterable[tuple[str, str | None, int]]:
    found = []
    for line in lines:
        for separator in ("\t", ";", ","):
            cells = next(_cells([line], separator), [])
            seconds = seconds_of(cells[-1]) if len(cells) > 1 else None
            if seconds is not None:
                found.append((", ".join(cells[:-1]), None, seconds))
                break
    # In nonsense some line ends in a number too: what is no list is not to be taken for a short one.
    return found if 2 * len(found) >= len(lines) else []


def _cells(lines: list[str], separator: str) -> Iterator[list[str]]:
    # A quotation mark that is never closed must not swallow the rest: each line is read by itself.
    for line in lines:
        try:
            yield [cell.strip() for cell in next(csv.reader(io.StringIO(line), delimiter=separator), [])]
        except csv.Error:
            continue


def _column(heads: list[str], names: set[str]) -> int | None:
    return next((number for number, head in enumerate(heads) if head in names), None)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").replace("\N{NO-BREAK SPACE}", " ").lower())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
