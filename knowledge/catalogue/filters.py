"""Restrictions in somebody's own words: "in French", « en ligne », "under two days", « gratuit », "to level 3"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from knowledge.catalogue.cells import DAY_MINUTES
from knowledge.catalogue.loaded import Catalogue
from knowledge.catalogue.records import CourseLevel, Mode
from knowledge.catalogue.wishes import BOTH
from knowledge.text import fold, in_full, tokens

_NUMBER_WORDS = {
    "half": 0.5, "demi": 0.5, "demie": 0.5, "a": 1, "an": 1, "one": 1, "un": 1, "une": 1, "two": 2, "deux": 2,
    "three": 3, "trois": 3, "four": 4, "quatre": 4, "five": 5, "cinq": 5, "six": 6, "seven": 7, "sept": 7,
    "eight": 8, "huit": 8, "nine": 9, "neuf": 9, "ten": 10, "dix": 10,
}  # fmt: skip
_N = r"(\d{1,3}(?:[.,]\d)?|" + "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True)) + r")"
_UNIT = r"(days?|jours?|journees?|hours?|hrs?|heures?|h|minutes?|min)\b"
_AMOUNT = rf"(?:d[e']? ?)?(?:(half|une demie?|demie?)[- ](?:an? )?|{_N}[- ]?){_UNIT}"
_AT_MOST = (
    r"up to|at most|(?:a )?max(?:imum)?(?: of)?|no (?:more|longer) than|not (?:more|longer) than|within"
    r"|jusqu'a|(?:d')?au (?:plus|maximum)|pas plus de|(?:un )?maximum de"
)
_UNDER = r"under|less than|fewer than|shorter than|below|(?:de )?moins (?:de|d'|que)|plus courte?s? (?:que|qu')|sous"
_AFTER = r"or (?:less|shorter|under)|ou moins|at most|max(?:imum)?|au (?:plus|maximum)|tops"
_COURSE = r"(?:courses?|class(?:es)?|trainings?|workshops?)"
_COURS = r"(?:cours|formations?|ateliers?)"
_LENGTHS = (
    (re.compile(rf"\b(?:{_AT_MOST}) {_AMOUNT}"), False),
    (re.compile(rf"\b(?:{_UNDER}) ?{_AMOUNT}"), True),
    (re.compile(rf"\b{_AMOUNT} (?:{_AFTER})\b"), False),
    (re.compile(rf"\b{_AMOUNT}(?:[- ]long)? {_COURSE}\b"), False),
    (re.compile(rf"\b{_COURS} (?:[a-z]+ )?d(?:e |'){_AMOUNT}"), False),
)
_COST = re.compile(rf"\b(?:{_AT_MOST}|{_UNDER}) ?(?:\$ ?(\d{{1,6}})|(\d{{1,6}}) ?(?:\$|dollars?|cad\b))")
_NOT = re.compile(
    r"\b(?:not|no|pas|non|ni|neither|nor|sauf|except|without|sans|never|jamais|rather than|plutot que)\s+(?:\w+\s+)?$"
)
# Right before it a denial says what is wanted. Not so in "I did not find French courses", "not only online" or "are
# there no online courses": who asks so would be given the opposite of what they look for.
_UNWANTED = re.compile(r"\b(?:not|pas|non|ni|neither|nor|never|jamais|sauf|except|rather than|plutot que)\s+$")

_WORDS: tuple[tuple[str, Any, str], ...] = (
    ("language", BOTH, r"\b(?:in |en |dans )?(?:both (?:official )?languages|les deux langues|bilingual|bilingues?)\b"),
    ("language", "fr", r"\b(?:in |en )?(?:french|francais(?:es?)?|francophones?)\b"),
    ("language", "en", r"\b(?:in |en )?(?:english|anglais(?:es?)?|anglophones?)\b"),
    ("mode", Mode.self_paced, r"\bself[- ]?paced\b|\bat (?:my|your) own pace\b|\ba (?:mon|son|votre) rythme\b"
                              r"|\bautoformation\b|\bautonome\b|\bon demand\b|\bsur demande\b"),
    ("mode", Mode.blended, r"\bblended\b|\bhybride?s?\b|\bmixtes?\b"),
    ("mode", Mode.in_person, r"\bin[- ]person\b|\bclassroom\b|\bface[- ]to[- ]face\b|\bon[- ]site\b|\ben personne\b"
                             r"|\ben classe\b|\ben salle\b|\b(?:en )?presentiel(?:le)?s?\b|\bsur place\b"),
    ("mode", Mode.online, r"\bon[- ]?line\b|\ben ligne\b|\bvirtual(?:ly)?\b|\bvirtuel(?:le)?s?\b|\bremote(?:ly)?\b"
                          r"|\ba distance\b|\bfrom (?:home|anywhere|my desk)\b|\bwebinars?\b|\bwebinaires?\b"
                          r"|\bde (?:la maison|chez (?:moi|soi|nous)|mon (?:bureau|poste))\b"),
    ("most_cents", 0, r"\b(?:for )?free(?! (?:time|to))(?: of charge)?\b|\bgratuit(?:e?s?|ement)\b"
                      r"|\b(?:at )?no (?:cost|charge|fees?)\b|\bsans frais\b|\bwithout (?:a )?(?:cost|charge|fees?)\b"),
    ("course_level", CourseLevel.introductory, r"\bintroduct(?:ory|ion)\b|\bbeginners?\b|\bbasics?\b|\bfor starters\b"
                                               r"|\bdebutante?s?\b|\bde base\b|\bd'initiation\b|\bpour commencer\b"),
    ("no_prerequisite", True, r"\b(?:no|without(?: any| a)?|sans(?: aucun)?|pas de|aucun|n'(?:ont|a) pas de) "
                              r"(?:prerequis\w*|pre[- ]?requisit\w*|prealables?|prereqs?)\b"
                              r"|\b(?:don't|do not|doesn't|does not) (?:need|have|require) (?:any |a )?prerequisit\w*"),
    ("course_level", CourseLevel.intermediate, r"\bintermediate\b|\bintermediaires?\b"),
    ("course_level", CourseLevel.advanced, r"\badvanced\b|\bavancee?s?\b"),
)  # fmt: skip
# With a restriction of length or cost these say nothing more.
_SAID_OF = {
    "most_minutes": {"lasting", "lasts", "last", "long", "takes", "length", "dure", "durent", "durant", "duree"},
    "most_cents": {"cost", "costs", "costing", "price", "priced", "coute", "coutent", "coutant", "prix"},
}
# What somebody wants who says that they do not want this.
_INSTEAD: dict[tuple[str, Any], tuple[str, Any]] = {
    ("language", "fr"): ("language", "en"),
    ("language", "en"): ("language", "fr"),
    **{("mode", mode): ("not_mode", mode) for mode in Mode},
}
_PATTERNS = tuple((name, value, re.compile(pattern)) for name, value, pattern in _WORDS)
_LEVEL_NUMBER = r"(\d{1,2}|one|two|three|four|five|un|deux|trois|quatre|cinq)"
_LEVEL = re.compile(rf"\b(?:proficiency |competency )?(?:level|lvl|niveau) ?{_LEVEL_NUMBER}\b")
_RISE = re.compile(
    rf"\b(?:from |between |de |du |entre )?(?:(?:the |le )?(?:level|niveau) )?{_LEVEL_NUMBER} "
    rf"(?:to|up to|and|a|au|et|vers(?: le)?|jusqu'a|jusqu'au)(?: (?:the |le )?(?:level|niveau))? {_LEVEL_NUMBER}\b"
)
# "I am at level 1 in X and want to get to 3"
_HERE = re.compile(
    rf"\b(?:at|on|have|reached|au|le|suis) (?:the |le )?(?:level|niveau) {_LEVEL_NUMBER}\b.{{1,80}}?"
    rf"\b(?:to|reach|au|le|atteindre|vers)(?: (?:the |le )?(?:level|niveau))? {_LEVEL_NUMBER}\b"
)


@dataclass
class Found:
    """Restrictions by the wish's field, and the words that said them."""

    values: dict[str, Any] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)

    def take(self, name: str, value: object, match: re.Match[str]) -> None:
        """Note a restriction; what was said first stands."""
        self.words.update(tokens(match.group()), _SAID_OF.get(name, ()))
        self.values.setdefault(name, value)


def find(text: str, catalogue: Catalogue) -> Found:
    """The restrictions in a text; what is denied there counts as what is left then, or not at all ("not free")."""
    folded = in_full(fold(text)).replace("’", "'")
    found = Found()
    _levels(folded, catalogue, found)
    for pattern, below in _LENGTHS:
        if match := pattern.search(folded):
            found.take("most_minutes", _minutes(match), match)
            found.values.setdefault("below", below)
            break
    if match := _COST.search(folded):
        found.take("most_cents", int(match[1] or match[2]) * 100, match)
    for name, value, regex in _PATTERNS:
        match = regex.search(folded)
        denied = bool(match and _NOT.search(folded[: match.start()]))
        if match and _UNWANTED.search(folded[: match.start()]) and (instead := _INSTEAD.get((name, value))):
            found.take(*instead, match)
            if instead == ("not_mode", Mode.online):  # "neither online nor at my own pace" is not online at all
                found.values["not_mode"] = Mode.online
        if match and not denied:
            if name == "course_level" and "level" in found.values and found.words & set(tokens(match.group())):
                continue  # "the advanced level" is a step of the scale
            found.take(name, value, match)
    return found


def _minutes(match: re.Match[str]) -> int:
    half, number, unit = match.groups()[:3]
    amount = 0.5 if half else _value(number)
    each = DAY_MINUTES if unit[0] in "dj" else 60 if unit[0] == "h" else 1
    return max(1, round(amount * each))


def _value(number: str) -> float:
    return float(_NUMBER_WORDS[number]) if number in _NUMBER_WORDS else float(number.replace(",", "."))


def _levels(folded: str, catalogue: Catalogue, found: Found) -> None:
    rise = _HERE.search(folded) or _RISE.search(folded)
    if rise and ("level" in rise.group() or "niveau" in rise.group()):
        found.take("from_level", int(_value(rise[1])), rise)
        found.take("level", int(_value(rise[2])), rise)
        return
    if match := _LEVEL.search(folded):
        found.take("level", int(_value(match[1])), match)
        return
    for step in catalogue.scale.values():
        for title in {fold(title) for title in step.titles.values()}:
            name = re.escape(title)
            match = re.search(
                rf"\b(?:{name} level|niveau (?:de )?{name}|level {name}|(?:becom\w+|deven\w+) (?:an? |une? )?{name})\b",
                folded,
            )
            if match:
                found.take("level", step.level, match)
                return
