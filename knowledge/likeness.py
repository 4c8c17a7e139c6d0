"""How alike two texts are: one kernel from four, of meaning, spelling, codes and negation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from knowledge.characters import Floats

FALL_OFF = 1.5  # how fast likeness of meaning falls off with the angle between two sentences; decision 0019
SPELLING = 0.2  # share of likeness of spelling beside that of meaning
CODES_DIFFER = 0.6  # what likeness is worth when one text names RM-101 and the other does not
NEGATION_DIFFERS = 0.95  # … and when one text says *not* and the other does not


def blend(
    cosines: Floats | None, spelling: Floats, same_codes: NDArray[np.bool_], same_negation: NDArray[np.bool_]
) -> Floats:
    """Likeness from 0 to 1; `cosines` is None where there is no encoder: then spelling alone decides.

    Sums and products of kernels are kernels, so the equations of scoring keep one solution.
    """
    blended = spelling if cosines is None else (1 - SPELLING) * np.exp(FALL_OFF * (cosines - 1)) + SPELLING * spelling
    blended = blended * np.where(same_codes, np.float32(1), np.float32(CODES_DIFFER))
    result: Floats = blended * np.where(same_negation, np.float32(1), np.float32(NEGATION_DIFFERS))
    return result


def nearest(likeness: Floats, count: int) -> NDArray[np.intp]:
    """Positions of the highest values, highest first; equal ones in their order."""
    if len(likeness) > count:
        best = np.sort(np.argpartition(-likeness, count - 1)[:count])
        return best[np.argsort(-likeness[best], kind="stable")]
    return np.argsort(-likeness, kind="stable")
