"""Days on which nobody meets: Canada's statutory holidays, federal or with a province's, and a community's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

from community.errors import Invalid

PROVINCES = ("AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT")
CALENDARS = ("CA", *(f"CA-{province}" for province in PROVINCES))
MOST_DAYS = 100
FURTHEST_SEARCH = 14  # days without a working day, which no calendar has
# Where the package's French is English.
_FRENCH = {"Boxing Day": "Lendemain de Noël"}

Names = tuple[str, str]  # English, French


class DaysOff:
    """A calendar of statutory holidays (None: none) with further days of one's own."""

    def __init__(self, calendar: str | None, own: Iterable[str] = ()) -> None:
        self.calendar = calendar
        self.own = frozenset(date.fromisoformat(day) for day in own)

    def name(self, day: date) -> Names | None:
        """What the day is called in English and French; None for an ordinary day, empty for one of one's own."""
        if self.calendar is not None and (names := _year(self.calendar, day.year).get(day)):
            return names
        return ("", "") if day in self.own else None

    def working_day(self, day: date, step: int) -> date:
        """The nearest day that is no holiday and no weekend, after (`step` 1) or before (-1) this one."""
        for _ in range(FURTHEST_SEARCH):
            day += timedelta(days=step)
            if day.weekday() < 5 and self.name(day) is None:
                return day
        return day


def checked_calendar(name: str | None) -> str | None:
    """The calendar itself. Raises Invalid `holidays_unknown`."""
    if name is not None and name not in CALENDARS:
        raise Invalid("holidays_unknown", field="holidays")
    return name


def checked_days(text: str) -> list[str]:
    """Days written one a line or with commas, in order. Raises Invalid `day_impossible`, `days_off_many`."""
    found: set[str] = set()
    for written in text.replace(",", "\n").split("\n"):
        if day := written.strip():
            try:
                found.add(date.fromisoformat(day).isoformat())
            except ValueError:
                raise Invalid("day_written", field="days_off", day=day[:20]) from None
    if len(found) > MOST_DAYS:
        raise Invalid("days_off_many", field="days_off", most=MOST_DAYS)
    return sorted(found)


@cache
def _year(calendar: str, year: int) -> dict[date, Names]:
    import holidays as statutory  # a tenth of a second, which a start need not wait for

    _, _, province = calendar.partition("-")
    english, french = (
        statutory.country_holidays(
            "CA",
            subdiv=province or None,
            years=year,
            observed=True,
            language=language,
            categories=("government", "public") if province else ("government",),
        )
        for language in ("en_CA", "fr")
    )
    return {day: (name, _translated(french.get(day, name))) for day, name in english.items()}


def _translated(name: str) -> str:
    for english, french in _FRENCH.items():
        name = name.replace(english, french)
    return name
