"""From the database to something that answers: entries read, phrasings encoded and indexed, thresholds chosen."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import structlog

from knowledge import store, thresholds
from knowledge.encoder import Encoder, EncoderName, EncoderUnavailable, Vectors, encode_missing
from knowledge.encoders import load_encoder
from knowledge.index import Index, Phrasing, Searchable
from knowledge.large import LargeIndex
from knowledge.matching import Matcher
from knowledge.store import KnownEntry, Stamp
from knowledge.thresholds import Thresholds
from storage.database import Database

log = structlog.get_logger(__name__)

LARGE_FROM = 5_000  # phrasings, from which on not all are compared with every question, nor read anew for a change
ENCODED_AT_ONCE = 2_000  # phrasings; what was encoded is kept, so that a restart goes on from there
SAID_EVERY_S = 5.0

Progress = Callable[[str, int, int], object]


@dataclass(frozen=True)
class Judgement:
    """Thresholds, and the name of the phrasings that they were chosen for."""

    phrasings: str | None
    chosen: Thresholds


@dataclass(frozen=True)
class State:
    """Everything one answer needs; replaced as a whole when entries change."""

    version: int
    entries: dict[str, KnownEntry]
    matcher: Matcher
    stamps: dict[str, Stamp] = field(default_factory=dict)  # of a large index: what tells that an entry changed
    unjudged: str | None = None  # names the phrasings, as long as thresholds have to be chosen for them

    @property
    def overgrown(self) -> bool:
        """Whether so much changed in a large index that all ought to be indexed anew."""
        return isinstance(self.matcher.index, LargeIndex) and self.matcher.index.overgrown

    def judged_by(self, judgement: Judgement) -> State:
        """With these thresholds: for its own phrasings they are final, for others they stand in."""
        if self.unjudged is None:
            return self
        unjudged = None if self.unjudged == judgement.phrasings else self.unjudged
        return replace(self, matcher=self.matcher.judged_by(judgement.chosen), unjudged=unjudged)


class Loader:
    """Makes states of one community's knowledge. `degraded` says, in a sentence, what it goes without, if anything."""

    def __init__(self, database: Database, community_id: int, encoder: EncoderName, large_from: int) -> None:
        self._database = database
        self._community_id = community_id
        self._encoder_name: EncoderName = encoder
        self._encoder: Encoder | None = None
        self._encoder_tried = False
        self._sample: Vectors | None = None  # of the sentences that no entry answers
        self._large_from = large_from
        self.degraded: str | None = None
        self.encoder_lost = False  # it was wanted and cannot be loaded

    def version(self) -> int:
        """Grows with every change of the entries."""
        with self._database.read() as session:
            return store.version(session, self._community_id)

    def read(self, progress: Progress, before: State | None) -> State:
        """Everything read anew. Thresholds chosen for just these phrasings serve, else those of `before`."""
        encoder = self._load_encoder(progress)
        with self._database.read() as session:
            version = store.version(session, self._community_id)
            stamps = store.stamps(session, self._community_id)
            entries = store.entries(session, self._community_id)
        phrasings = _indexed(entries.values())
        index = self._index(encoder, phrasings, progress)
        identity = encoder.identity if encoder else "spelling"
        digest = store.calibration_digest(identity, phrasings, thresholds.sample())
        with self._database.read() as session:
            known = store.calibration(session, digest)
        choosing = known is None and len(thresholds.askable(index)) >= thresholds.FEWEST
        if choosing and encoder and self._sample is None:
            self._sample = self._encoded(encoder, thresholds.sample())
        matcher = Matcher(index, encoder, known or (before.matcher.thresholds if before else thresholds.DEFAULT))
        log.info("knowledge.loaded", entries=len(entries), phrasings=len(phrasings))
        return State(version, entries, matcher, stamps, digest if known is None else None)

    def judge(self, state: State, progress: Progress, between: Callable[[], object] = lambda: None) -> Judgement:
        """Thresholds chosen by the phrasings of the state; takes some seconds, and no database.

        `between` is called before each of the many steps: it may wait for what is more urgent.
        """
        progress("thresholds", 0, 1)
        chosen = state.matcher.calibrated(lambda: self._sample, between).thresholds
        progress("thresholds", 1, 1)
        log.info(
            "knowledge.judged", answer=round(chosen.answer, 3), suggest=round(chosen.suggest, 3), chosen=chosen.chosen
        )
        return Judgement(state.unjudged, chosen)

    def keep(self, judgement: Judgement) -> None:
        """Have the next start find it."""
        if judgement.phrasings and judgement.chosen.chosen:
            with self._database.begin() as session:
                store.keep_calibration(session, judgement.phrasings, judgement.chosen)

    def meanings(self, texts: Sequence[str]) -> Vectors | None:
        """Vectors of texts, those that were kept and those that are new; None where no encoder is loaded."""
        return self._encoded(self._encoder, texts) if self._encoder else None

    def changed(self, state: State) -> State | None:
        """The state with what changed since taken up, in a moment; None where all must be read anew."""
        index = state.matcher.index
        if not isinstance(index, LargeIndex):
            return None
        with self._database.read() as session:
            version = store.version(session, self._community_id)
            stamps = store.stamps(session, self._community_id)
            slugs = {slug for slug, stamp in stamps.items() if state.stamps.get(slug) != stamp}
            gone = state.stamps.keys() - stamps.keys()
            if len(slugs) + len(gone) > index.most_strays:
                return None
            come = store.entries(session, self._community_id, slugs=sorted(slugs))
        left = gone | slugs
        entries = {slug: entry for slug, entry in state.entries.items() if slug not in left} | come
        phrasings = _indexed(come.values())
        texts = [phrasing.text for phrasing in phrasings]
        vectors = self._encoded(self._encoder, texts) if self._encoder else None
        matcher = state.matcher.on(index.changed(left, phrasings, vectors), texts)
        log.info("knowledge.changed", entries=len(slugs), gone=len(gone))
        return State(version, entries, matcher, stamps, state.unjudged)

    def _index(self, encoder: Encoder | None, phrasings: Sequence[Phrasing], progress: Progress) -> Searchable:
        texts = [phrasing.text for phrasing in phrasings]
        parts = self._parts(encoder, texts, progress) if encoder else None
        if len(phrasings) < self._large_from:
            return Index(phrasings, None if parts is None else np.concatenate([_no_vectors(encoder), *parts]))
        size = encoder.size if encoder else 0
        return LargeIndex(phrasings, parts, size, lambda done, of: progress("clusters", done, of))

    def _load_encoder(self, progress: Progress) -> Encoder | None:
        if not self._encoder_tried:
            progress("encoder", 0, 1)
            self._encoder_tried = True
            try:
                self._encoder = load_encoder(self._encoder_name)
            except EncoderUnavailable as error:
                self._encoder = self._one_of_two(str(error)) if self._encoder_name == "both" else None
                if self._encoder is None:
                    self.degraded = f"Matching by spelling alone: the sentence encoder cannot be loaded ({error})."
                self.encoder_lost = self._encoder is None
                log.warning("knowledge.encoder_unavailable", reason=str(error))
            else:
                if self._encoder is None:
                    self.degraded = "Matching by spelling alone: the sentence encoder is switched off."
                    log.info("knowledge.encoder_off")
            progress("encoder", 1, 1)
        return self._encoder

    def _one_of_two(self, reason: str) -> Encoder | None:
        try:
            alone = load_encoder("use")
        except EncoderUnavailable:
            return None
        self.degraded = f"Matching with one sentence encoder of two: the second cannot be loaded ({reason})."
        return alone

    def _parts(self, encoder: Encoder, texts: Sequence[str], progress: Progress) -> Iterator[Vectors]:
        progress("phrasings", 0, len(texts))
        for start in range(0, len(texts), ENCODED_AT_ONCE):
            part = texts[start : start + ENCODED_AT_ONCE]
            yield self._encoded(encoder, part)
            progress("phrasings", start + len(part), len(texts))

    def _encoded(self, encoder: Encoder, texts: Sequence[str]) -> Vectors:
        with self._database.read() as session:
            known = store.embeddings(session, encoder, texts)
        vectors, fresh = encode_missing(encoder, texts, known)
        if fresh:
            with self._database.begin() as session:
                store.keep_embeddings(session, fresh)
        return vectors


def in_the_log() -> Progress:
    """Progress told in the log, where it takes longer than some seconds."""
    said = time.monotonic()

    def tell(step: str, done: int, of: int) -> None:
        nonlocal said
        if time.monotonic() - said >= SAID_EVERY_S:
            said = time.monotonic()
            log.info("knowledge.loading", step=step, done=done, of=of)

    return tell


def _indexed(entries: Collection[KnownEntry]) -> list[Phrasing]:
    """Ways to ask for the entries and what their answers say first, but for what several of them say."""
    said = Counter(phrasing.text for entry in entries for phrasing in entry.indexed if not phrasing.asked)
    return [phrasing for entry in entries for phrasing in entry.indexed if phrasing.asked or said[phrasing.text] == 1]


def _no_vectors(encoder: Encoder | None) -> Vectors:
    return np.empty((0, encoder.size if encoder else 0), np.float32)
