"""What open answers are about, by the words in them: a fixed list of themes, counted, never quoted.

An answer belongs to every theme of which it has a word, in either language. No theme is shown that fewer answers have
than the floor: few words can give somebody away.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.text import fold

# Beginnings of words, folded, English and French side by side: "practic" finds practice and practical.
THEMES: dict[str, tuple[str, ...]] = {
    "examples": ("example", "exemple", "case", "cas", "scenario"),
    "practice": ("practic", "pratiqu", "exercis", "exercic", "hands"),
    "discussion": ("discuss", "echang", "debate", "debat", "group", "groupe", "peer", "pair", "network", "reseau"),
    "time": ("time", "temps", "pace", "rythme", "long", "short", "court", "slow", "lent", "fast", "rapid", "break"),
    "speakers": ("speaker", "conferenci", "facilitat", "animat", "presenter", "presentateur", "trainer", "formateur"),
    "material": ("slide", "diapo", "document", "handout", "material", "materiel", "reading", "lecture", "recording"),
    "place": ("room", "salle", "cold", "froid", "sound", "son", "audio", "online", "ligne", "technolog", "lunch"),
}


_NAMED = "|".join(f"(?P<{name}>{'|'.join(starts)})" for name, starts in THEMES.items())
_BEGINNINGS = re.compile(rf"\b(?:{_NAMED})")


@dataclass(frozen=True)
class Themes:
    """How many of `n` answers belong to each theme that is shown, the most first; 0 when `n` is below the floor."""

    n: int
    counts: tuple[tuple[str, int], ...]
    hidden: int


def grouped(texts: Iterable[str], floor: int) -> Themes:
    """The themes of these answers; `hidden` are those that too few of them have."""
    counts: Counter[str] = Counter()
    n = 0
    for text in texts:
        n += 1
        counts.update({found.lastgroup or "" for found in _BEGINNINGS.finditer(fold(text))})
    if n < floor:
        return Themes(0, (), 0)
    shown = [(name, number) for name, number in counts.items() if number >= floor]
    return Themes(n, tuple(sorted(shown, key=lambda item: (-item[1], item[0]))), len(counts) - len(shown))
