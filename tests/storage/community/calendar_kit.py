"""Lines of a calendar's file about one meeting that repeats, as the tests of its import write them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path


def vevent(day: date, *lines: str, at: str = "12", uid: str = "circle", title: str = "Circle") -> list[str]:
    start = f"DTSTART;TZID=America/Toronto:{day:%Y%m%d}T{at}0000"
    return ["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{title}", start, "DURATION:PT1H", *lines, "END:VEVENT"]


def differs(occurrence: date, day: date, *lines: str, at: str = "12") -> list[str]:
    return vevent(day, f"RECURRENCE-ID;TZID=America/Toronto:{occurrence:%Y%m%d}T120000", *lines, at=at)


def left_out(day: date) -> str:
    return f"EXDATE;TZID=America/Toronto:{day:%Y%m%d}T120000"


def written(folder: Path, events: Iterable[list[str]]) -> Path:
    """The file of these events."""
    path = folder / "year.ics"
    whole = ["BEGIN:VCALENDAR", "VERSION:2.0", *(line for some in events for line in some), "END:VCALENDAR", ""]
    path.write_bytes("\r\n".join(whole).encode())
    return path
