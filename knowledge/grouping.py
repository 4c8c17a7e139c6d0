"""Questions that ask for the same, found one after the other: each joins the one it is most like, or leads a new group.

The same questions in the same order give the same groups, whoever finds them and in however many steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from knowledge.characters import Floats
from knowledge.encoder import Vectors
from knowledge.language import detect
from knowledge.text import codes, negated, normalise

# Of two questions of CLINC150 that are put together nine in ten belong together, of SOFMattress's eight. One group too
# many costs an organizer one press more; a wrong one gives an entry a phrasing that misleads.
ALIKE, ALIKE_IN_SPELLING = 0.45, 0.72
# English and French are less alike to the encoder, and to the eye. Of the starter entries' phrasings, those of half the
# entries chose this: one that has nothing of its own in the other language joins a wrong one no more often than within
# a language (4 in 10 of these close subjects); of those that have, 3 in 4 join it and not 6 in 10. The other half bore
# it out.
ALIKE_ACROSS = 0.36
FALL_OFF = 3.0  # how fast likeness falls off with the angle between two meanings
SPELLING = 0.15  # share of likeness of spelling beside that of meaning


def joined(texts: Sequence[str], known: Sequence[str], vectors: Vectors | None) -> list[int]:
    """For each text the position of the one it joins, in `known` followed by `texts`; its own where it leads a group.

    `vectors` holds a row of unit length for each of `known` and then of `texts`; None where there is no encoder: then
    spelling alone decides. Questions that name different codes, or of which one says *not*, never ask for the same.
    """
    every = [*known, *texts]
    spelled = [normalise(text) for text in every]
    language = cache(lambda place: detect(every[place]))  # of those few that come into question
    kinds: dict[object, int] = {}
    kind = np.array([kinds.setdefault((codes(text), negated(text)), len(kinds)) for text in every], np.intp)
    leads = np.zeros(len(every), bool)
    leads[: len(known)] = True
    found = []
    for own in range(len(known), len(every)):
        near = np.flatnonzero(leads[:own] & (kind[:own] == kind[own]))
        best = _most_alike(own, near, spelled, vectors, language)
        leads[own] = best is None
        found.append(own if best is None else best)
    return found


def _most_alike(
    own: int, near: NDArray[np.intp], spelled: list[str], vectors: Vectors | None, language: Callable[[int], str]
) -> int | None:
    """The place of the one it is most like, measured by how much more than what is wanted of the two languages."""
    meaning, least = np.zeros(len(near), np.float32), np.full(len(near), ALIKE_IN_SPELLING)
    if vectors is not None:
        meaning = (1 - SPELLING) * np.exp(FALL_OFF * (vectors[near] @ vectors[own] - 1))
        worth = meaning >= ALIKE_ACROSS - SPELLING  # no spelling can make up for more
        near, meaning = near[worth], meaning[worth]
        least = np.array([ALIKE if language(int(place)) == language(own) else ALIKE_ACROSS for place in near])
    if not len(near):
        return None
    others = [spelled[place] for place in near]
    ratios: Floats = process.cdist([spelled[own]], others, scorer=fuzz.token_sort_ratio, dtype=np.float32)[0] / 100
    like = ratios if vectors is None else meaning + SPELLING * ratios
    best = int(np.argmax(like - least))
    return int(near[best]) if like[best] >= least[best] else None
