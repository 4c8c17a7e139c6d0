"""English and French: sentences through gettext, dates and numbers through Babel, both in Canadian usage.

A message's id is its English sentence with `{named}` fields; the French is in `locales/fr/LC_MESSAGES/praxis.po`, read
as it stands, without a compile step. `python -m views.catalogue` finds messages by the names of what translates them:
`t("…")`, `t.n("…", "…", n)`, `en("…")`, `fr("…")`, and `mark("…")` for one that is translated later.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_gmt, get_timezone_name
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LOCALES = ("en", "fr")
CATALOGUE = Path(__file__).parent / "locales" / "fr" / "LC_MESSAGES" / "praxis.po"


class Planned(Protocol):
    """Something that happens at an instant: an event."""

    @property
    def starts_at(self) -> datetime:
        """The instant, with its zone."""


class Translator:
    """Sentences in one language."""

    def __init__(self, locale: str, texts: gettext.NullTranslations) -> None:
        self.locale = locale
        self._texts = texts

    def __call__(self, message: str, **values: object) -> str:
        """The sentence in this language with its `{named}` fields filled; values are to be escaped by the caller."""
        text = self._texts.gettext(message)
        return text.format(**values) if values else text

    def n(self, singular: str, plural: str, number: int, **values: object) -> str:
        """The sentence for this number of things; `{n}` is the number as the language writes it."""
        text = self._texts.ngettext(singular, plural, number)
        return text.format(n=count(number, self.locale), **values)


@cache
def translator(locale: str | None) -> Translator:
    """The translator for a locale by its prefix: French for `fr`, `fr-CA`, `fr_FR`; English for all others."""
    short = locale_of(locale)
    if short == "en":
        return Translator(short, gettext.NullTranslations())
    with CATALOGUE.open("rb") as source:
        catalogue = read_po(source, locale="fr")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translator(short, gettext.GNUTranslations(compiled))


def locale_of(name: str | None) -> str:
    """`fr` for anything that starts so, else `en`."""
    return "fr" if (name or "").lower().startswith("fr") else "en"


def mark(message: str) -> str:
    """The message unchanged: names a sentence for the catalogue that is translated where it is shown."""
    return message


def both(say: Callable[[Translator], str]) -> tuple[str, str]:
    """What `say` says in English and in French, for cards that serve everybody."""
    return say(translator("en")), say(translator("fr"))


def when(what: Planned | datetime, locale: str | None, time_zone: str) -> str:
    """A date and time as Slack markup: in the reader's own zone; where that cannot be, in `time_zone`, which is named.

    For mrkdwn text only; see `when_plain` for buttons, options and titles.
    """
    moment = _instant(what)
    return f"<!date^{int(moment.timestamp())}^{{date_long}}, {{time}}|{when_plain(moment, locale, time_zone)}>"


def when_plain(what: Planned | datetime, locale: str | None, time_zone: str) -> str:
    """A date and time in words, in `time_zone`, with the zone's name: "Tuesday, November 24, 2026, 9:00 a.m. EST"."""
    moment = _instant(what)
    return f"{day(moment, locale, time_zone)}, {clock(moment, locale, time_zone)}"


def day(what: Planned | datetime, locale: str | None, time_zone: str) -> str:
    """The date in words, as it is in `time_zone`."""
    local = _instant(what).astimezone(ZoneInfo(time_zone))
    return _first(format_date(local.date(), format="full", locale=_babel(locale)), locale)


def clock(what: Planned | datetime, locale: str | None, time_zone: str) -> str:
    """The time of day in `time_zone`, with the zone's short name."""
    local = _instant(what).astimezone(ZoneInfo(time_zone))
    name = _babel(locale)
    # The federal style guide writes 9 h and 9 h 05 where CLDR has 09 h 00 and 09 h 05.
    pattern = ("H 'h' mm" if local.minute else "H 'h'") if locale_of(locale) == "fr" else "short"
    return f"{format_time(local, format=pattern, tzinfo=local.tzinfo, locale=name)} {_zone_name(local, name)}"


def _zone_name(local: datetime, locale: str) -> str:
    """The zone's short name; its distance from Greenwich where names lag behind clocks, as in Vancouver since 2026."""
    if get_timezone_name(local, width="short", locale="en_CA") == local.tzname():
        return get_timezone_name(local, width="short", locale=locale)
    return get_timezone_gmt(local, locale=locale)


def written_date(value: Any, locale: str | None) -> str:
    """A calendar date in words: "November 1, 2026", « 1 novembre 2026 »."""
    return _first(format_date(value, format="long", locale=_babel(locale)), locale)


def count(number: float, locale: str | None) -> str:
    """A number as the language groups its digits."""
    return format_decimal(number, locale=_babel(locale))


def decimals(number: float, locale: str | None) -> str:
    """An amount with its cents: "1,250.50", « 1 250,50 »."""
    return format_decimal(number, format="#,##0.00", locale=_babel(locale))


def _first(text: str, locale: str | None) -> str:
    """French counts the first of a month: « 1er décembre », which CLDR leaves to the reader."""
    return re.sub(r"(^|\s)1(?=\s)", r"\g<1>1er", text) if locale_of(locale) == "fr" else text


def _instant(what: Planned | datetime) -> datetime:
    moment = what if isinstance(what, datetime) else what.starts_at
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment


def _babel(locale: str | None) -> str:
    return f"{locale_of(locale)}_CA"


def quoted(text: str, locale: str | None) -> str:
    """Words in the quotation marks of the language: “so”, « ainsi »."""
    return f"«\u00a0{text}\u00a0»" if locale_of(locale) == "fr" else f"“{text}”"


def capital(text: str) -> str:
    """A word or phrase as it stands at the beginning of a line."""
    return text[:1].upper() + text[1:]
