"""Time zones as people look for them: by city, by the zone's own name, Canadian ones first."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location, get_timezone_name

# West to east reads like a map, but most of the community sits in Ottawa and Gatineau: Eastern Time comes first.
CANADIAN = (
    "America/Toronto",
    "America/St_Johns",
    "America/Halifax",
    "America/Moncton",
    "America/Iqaluit",
    "America/Winnipeg",
    "America/Regina",
    "America/Edmonton",
    "America/Whitehorse",
    "America/Vancouver",
)
# Capitals and large cities that no zone is named after.
CITIES = {
    "America/Toronto": "Ottawa Gatineau Montréal Québec Kingston",
    "America/St_Johns": "Terre-Neuve",
    "America/Halifax": "Charlottetown",
    "America/Moncton": "Fredericton Saint-Jean",
    "America/Regina": "Saskatoon",
    "America/Edmonton": "Calgary Yellowknife",
    "America/Vancouver": "Victoria",
}
MOST_OPTIONS = 100
OPTION_CHARACTERS = 75


def _folded(text: str) -> str:
    """Words in lower case without accents, each behind a space, so that ` word` looks for the start of one."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = (character for character in decomposed if not unicodedata.combining(character))
    return " " + " ".join(re.findall(r"[a-z0-9+]+", "".join(kept)))


def zone_name(zone: str, locale: str) -> str:
    """City and name of an IANA zone: `Toronto, Eastern Time` or `Toronto, heure de l’Est`."""
    if zone == "UTC":
        return "UTC"
    babel = Locale.parse("fr_CA" if locale == "fr" else "en_CA")
    city = get_timezone_location(zone, locale=babel, return_city=True)
    canonical = get_global("zone_aliases").get(zone, zone)
    country = babel.territories.get(get_global("zone_territories").get(canonical, ""), "")
    name = get_timezone_name(zone, locale=babel)
    # A zone without a name of its own is called after its place, in a pattern that says summer time in French.
    if not name or city in name or (country and country in name):
        name = country
    return (f"{city}, {name}" if name and name != city else city)[:OPTION_CHARACTERS]


@cache
def _catalogue(locale: str) -> tuple[tuple[str, str, str], ...]:
    """(zone, label, what a search looks in), Canadian zones first, then by label."""
    aliases: dict[str, str] = dict(get_global("zone_aliases"))
    known = {zone for zone in available_timezones() if "/" in zone}
    places = {zone for zone in known if zone not in aliases and not zone.startswith(("Etc/", "SystemV/"))} | {"UTC"}
    also = {zone: CITIES.get(zone, "") for zone in places}
    for alias, zone in aliases.items():
        if zone in also and "/" in alias:
            also[zone] += f" {alias}"
    rows = []
    for zone in places:
        label = zone_name(zone, locale)
        rows.append((zone, label, _folded(f"{label} {zone} {also[zone]} {zone_name(zone, 'en')}")))
    order = {zone: place for place, zone in enumerate(CANADIAN)}
    return tuple(sorted(rows, key=lambda row: (order.get(row[0], len(order)), row[1])))


def zone_option(zone: str, locale: str) -> dict[str, Any]:
    """The option of a select for one zone."""
    return {"text": {"type": "plain_text", "text": zone_name(zone, locale)}, "value": zone}


def zone_options(typed: str, locale: str, own: str | None = None) -> list[dict[str, Any]]:
    """At most 100 options whose city or name has every word typed; without a word, `own` first, then Canada's."""
    words = _folded(typed).split()
    if not words:
        zones = [zone for zone in (own, *CANADIAN, "UTC") if zone]
        return [zone_option(zone, locale) for zone in dict.fromkeys(zones)]
    found = [(zone, label) for zone, label, text in _catalogue(locale) if all(f" {word}" in text for word in words)]
    return [{"text": {"type": "plain_text", "text": label}, "value": zone} for zone, label in found[:MOST_OPTIONS]]
