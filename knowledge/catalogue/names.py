"""Finds courses and competencies named in a sentence, whatever its language, case, accents and small typing errors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.catalogue.loaded import Catalogue, KnownCompetency
from knowledge.catalogue.words import FILLER, HOLE, SMALL
from knowledge.text import fold, tokens

# Letters and digits with a hyphen, a space or nothing between: "RM-101", "rm 101", "RM101".
_CODE = re.compile(r"(?<![\w-])([^\W\d_]{1,8})[- ]?(\d{1,5}[a-zA-Z]?)(?![\w-])")
ONE_EDIT_FROM, TWO_EDITS_FROM = 5, 9  # letters
COMPETENCY, COURSE = "competency", "course"
MEANT, CLEARLY = 0.6, 0.15  # share of a title's weight that must be said, and by how much more than of another's


@dataclass(frozen=True)
class Named:
    """What a stretch of words names: `kind` and `code`; `words` are its place among the content words."""

    kind: str
    code: str
    words: range


class Names:
    """Everything by which courses and competencies of one catalogue are called."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._codes = {bare(code): code for code in catalogue.courses}
        self._prefixes = {found[1] for code in catalogue.courses if (found := _CODE.fullmatch(fold(code)))}
        self._names: dict[tuple[str, ...], tuple[str, str]] = {}
        for competency in catalogue.competencies.values():
            for name in _called(competency):
                self._names.setdefault(content(name), (COMPETENCY, competency.code))
        for course in catalogue.courses.values():
            for title in course.titles.values():
                self._names.setdefault(content(title), (COURSE, course.code))
        self._names.pop((), None)
        self._words = {word for name in self._names for word in name}
        self._long_words = [word for word in self._words if len(word) >= ONE_EDIT_FROM and word.isalpha()]
        self._titles = [
            (course.code, frozenset(content(title)))
            for course in catalogue.courses.values()
            for title in course.titles.values()
        ]
        self._title_words: dict[str, frozenset[str]] = {}
        for known, words in self._titles:
            self._title_words[known] = self._title_words.get(known, frozenset()) | words
        self._count = Counter(word for _, title in self._titles for word in title)
        self._longest = max(map(len, self._names), default=0)

    def codes(self, text: str) -> tuple[list[str], list[str], str]:
        """Courses whose code stands in the text; codes that look like ours and name none; the text without both."""
        known: dict[str, None] = {}
        unknown: dict[str, None] = {}

        def take(found: re.Match[str]) -> str:
            letters, digits = fold(found[1]), fold(found[2])
            if code := self._codes.get(letters + digits):
                known[code] = None
            elif letters in self._prefixes:
                unknown[f"{letters}-{digits}".upper()] = None
            else:
                return found.group()
            return f" {HOLE} "

        masked = _CODE.sub(take, text)
        return list(known), list(unknown), masked

    def title_words(self, code: str) -> frozenset[str]:
        """The words of a course's titles, as `content` has them."""
        return self._title_words.get(code, frozenset())

    def knows(self, word: str) -> bool:
        """Whether a folded word is part of a name."""
        return singular(word) in self._words

    def near(self, code: str, limit: int = 3) -> list[str]:
        """Codes that somebody who typed this one may have meant; to be offered, never assumed."""
        found = process.extract(bare(code), list(self._codes), scorer=OSA.distance, limit=limit, score_cutoff=2)
        return [self._codes[name] for name, _, _ in found]

    def find(self, text: str) -> list[Named]:
        """What the text names by title, phrasing or short name; the longest name wins where several overlap."""
        words = [self.known(word) for word in content(text)]
        spans = (
            range(start, start + length)
            for length in range(min(self._longest, len(words)), 0, -1)
            for start in range(len(words) - length + 1)
        )
        found: list[Named] = []
        taken: set[int] = set()
        for span in spans:
            owner = self._names.get(tuple(words[span.start : span.stop]))
            if owner and taken.isdisjoint(span):
                found.append(Named(*owner, span))
                taken.update(span)
        return sorted(found, key=lambda named: named.words.start)

    def meant(self, text: str) -> str | None:
        """The one course most of whose title a text says; None when none is or several are."""
        said = {self.known(word) for word in content(text)}
        shares: dict[str, float] = {}
        for code, title in self._titles:
            whole = sum(1 / self._count[word] for word in title)
            share = sum(1 / self._count[word] for word in title & said) / whole if whole else 0.0
            shares[code] = max(shares.get(code, 0.0), share)
        ranked = sorted(shares.items(), key=lambda found: -found[1])[:2]
        if not ranked or ranked[0][1] < MEANT:
            return None
        return ranked[0][0] if len(ranked) == 1 or ranked[0][1] - ranked[1][1] >= CLEARLY else None

    def known(self, word: str) -> str:
        """The word of a name that is meant: the same, its singular or plural, or one slip away."""
        if word in self._words or word in FILLER or len(word) < ONE_EDIT_FROM or not word.isalpha():
            return word
        edits = 1 if len(word) < TWO_EDITS_FROM else 2
        found = process.extractOne(word, self._long_words, scorer=OSA.distance, score_cutoff=edits)
        return str(found[0]) if found else word


@lru_cache(maxsize=8)
def names_of(catalogue: Catalogue) -> Names:
    """The names of a catalogue, made once for each that is held."""
    return Names(catalogue)


def content(text: str) -> tuple[str, ...]:
    """The words of a text that carry meaning, folded, in the singular."""
    return tuple(singular(word) for word in tokens(text) if word not in SMALL)


def singular(word: str) -> str:
    """A word without its plural's ending, the same way for names and questions in both languages."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith(("s", "x")) and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def bare(code: str) -> str:
    """A code written one way: lower case, letters and digits only."""
    return re.sub(r"[\W_]", "", fold(code))


def _called(competency: KnownCompetency) -> Iterable[str]:
    yield competency.code
    yield from competency.titles.values()
    for phrasings in competency.phrasings.values():
        yield from phrasings
