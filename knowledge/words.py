"""Which words there are in English and French, and how common each is.

The lists are those of pyspellchecker: counted in film subtitles, cleaned by dictionaries. 300,000 words are held in
4 MB, by their hashes.
"""

from __future__ import annotations

import gzip
import re
import threading
from collections.abc import Sequence
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from knowledge.language import Locale
from knowledge.text import fold

Shares = NDArray[np.float64]
_LINE = re.compile(r'"([^"]+)": *(\d+)')
OF_THE_OTHER_LANGUAGE = 0.05  # what a word's share is worth in a text of the other language: people mix them


class Words:
    """The words of both languages, folded; read when first asked for, which takes a third of a second once."""

    def __init__(self) -> None:
        self._reading = threading.Lock()

    @cached_property
    def _lists(self) -> dict[str, tuple[NDArray[np.int64], NDArray[np.float32]]]:
        return {locale: _read(locale) for locale in ("en", "fr")}

    def read(self) -> None:
        """Have them at hand: whoever asks first need not wait."""
        with self._reading:
            _ = self._lists

    def shares(self, words: Sequence[str], locale: Locale) -> Shares:
        """Of each folded word its share of all words in a text of that language; 0 for what is no word of either."""
        if not words:
            return np.zeros(0)
        self.read()
        hashes = np.fromiter(map(hash, words), np.int64, len(words))
        found = np.zeros(len(words))
        for other, (known, shares) in self._lists.items():
            at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
            worth = 1.0 if other == locale else OF_THE_OTHER_LANGUAGE
            found = np.maximum(found, np.where(known[at] == hashes, worth * shares[at], 0.0))
        return found


def _read(locale: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Hashes of the words of a language in their order, and the share of each; accents make no other word."""
    packed = files("spellchecker").joinpath("resources", f"{locale}.json.gz").read_bytes()
    text = gzip.decompress(packed).decode()
    if "\\" in text:
        raise ValueError(f"the list of words of {locale} is written in another way than expected")
    # One line at a time: as a dictionary the words would take 20 MB that the process never gives back.
    found = ((fold(match[1]), int(match[2])) for match in _LINE.finditer(text))
    pairs = np.fromiter(((hash(word), count) for word, count in found), np.dtype((np.int64, 2)))
    hashes, shares = pairs[:, 0], pairs[:, 1]
    known, which = np.unique(hashes, return_inverse=True)
    return np.asarray(known, np.int64), (np.bincount(which, shares) / shares.sum()).astype(np.float32)


@cache
def load_words() -> Words:
    """One for the whole process."""
    return Words()
