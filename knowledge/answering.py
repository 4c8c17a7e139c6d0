"""Answers from a community's entries, in memory and safe for many threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import structlog

from knowledge import store, thresholds
from knowledge.encoder import Encoder, EncoderName, EncoderUnavailable, Vectors, encode_missing, load_encoder
from knowledge.index import Index, Phrasing
from knowledge.language import detect
from knowledge.matching import Match, Matcher
from knowledge.records import Outcome
from knowledge.store import KnownEntry
from storage.database import Database

log = structlog.get_logger(__name__)

LOCALES = ("en", "fr")
Progress = Callable[[str, int, int], object]


@dataclass(frozen=True)
class Shown:
    """An entry as it is shown: in the wanted language, else in the one it has (`locale` says which)."""

    id: str
    title: str
    text: str
    locale: str
    source: str
    source_url: str | None
    reviewed_on: date
    owner: str | None
    related: tuple[tuple[str, str], ...]
    sample: bool
    entry_id: int


@dataclass(frozen=True)
class Answer:
    """What became of a question. `suggestions` stand in place of the answer, or beside it."""

    question: str
    locale: str
    outcome: Outcome
    answer: Shown | None
    score: float
    suggestions: tuple[Shown, ...]


@dataclass(frozen=True)
class _State:
    """Everything one answer needs; replaced as a whole when entries change."""

    version: int
    entries: dict[str, KnownEntry]
    matcher: Matcher


class Answers:
    """Answers of one community.

    `load` once (a second or two), then `ask` from any thread; `refresh` now and then. While thresholds are being
    chosen for new entries, careful ones stand in. `degraded` says, in a sentence, what it goes without, if anything.
    """

    def __init__(self, database: Database, community_id: int, *, encoder: EncoderName = "use") -> None:
        self._database = database
        self._community_id = community_id
        self._encoder_name: EncoderName = encoder
        self._encoder: Encoder | None = None
        self._encoder_tried = False
        self._state: _State | None = None
        self._changing = threading.Lock()
        self._first = threading.Event()
        self.degraded: str | None = None

    @property
    def ready(self) -> bool:
        """Whether questions can be asked."""
        return self._state is not None

    def wait(self, seconds: float) -> bool:
        """Wait at most so long until questions can be asked; whether they can."""
        return self._first.wait(seconds)

    def load(self, progress: Progress | None = None) -> None:
        """Read the entries, encode what is new, choose thresholds; blocks, but `ready` comes before it returns.

        `progress` is called with a step's name, how much of it is done, and of how much.
        """
        with self._changing:
            self._rebuild(progress or _silent)

    def refresh(self) -> bool:
        """Take up changed entries; True when there were any. One small query when there were none."""
        with self._changing:
            with self._database.read() as session:
                version = store.version(session, self._community_id)
            if self._state is not None and self._state.version == version:
                return False
            self._rebuild(_silent)
            return True

    def ask(self, text: str, locale: str | None = None) -> Answer:
        """The answer to a question; `locale` None finds the language from the text. Reads no database.

        Raises RuntimeError before `load`.
        """
        state = self._ready_state()  # one state for the whole answer: entries may change meanwhile
        return _answer(state, text, locale, state.matcher.match(text))

    def follow(self, text: str, earlier: str, told: str | None, locale: str | None = None) -> Answer:
        """The answer to a question that leans on an earlier one; `told` is the entry that one was answered with.

        Raises RuntimeError before `load`.
        """
        state = self._ready_state()
        return _answer(state, text, locale, state.matcher.follow(text, earlier, told))

    def explain(self, text: str) -> Match:
        """What every stage of the matching did with a question. Raises RuntimeError before `load`."""
        return self._ready_state().matcher.match(text)

    def show(self, slug: str, locale: str) -> Shown | None:
        """An entry by its id; None when it is not, or no longer, there."""
        return _shown(self._ready_state(), slug, locale)

    def entries(self) -> Sequence[KnownEntry]:
        """Everything questions are answered from."""
        return tuple(self._ready_state().entries.values())

    def _ready_state(self) -> _State:
        if self._state is None:
            raise RuntimeError("Answers.load() has not finished its first step yet")
        return self._state

    def _rebuild(self, progress: Progress) -> None:
        encoder = self._load_encoder(progress)
        with self._database.read() as session:
            version = store.version(session, self._community_id)
            entries = store.entries(session, self._community_id)
        phrasings = [Phrasing(text, entry.slug) for entry in entries.values() for text in entry.phrasings]
        texts = [phrasing.text for phrasing in phrasings]
        progress("phrasings", 0, len(texts))
        vectors = self._vectors(encoder, texts) if encoder else None
        progress("phrasings", len(texts), len(texts))
        index = Index(phrasings, vectors)
        identity = encoder.identity if encoder else "spelling"
        digest = store.calibration_digest(identity, phrasings, thresholds.sample())
        with self._database.read() as session:
            known = store.calibration(session, digest)
        matcher = Matcher(index, encoder, known or thresholds.DEFAULT)
        self._state = _State(version, entries, matcher)
        self._first.set()
        if known is None:
            progress("thresholds", 0, 1)
            matcher = matcher.calibrated(lambda: self._vectors(encoder, thresholds.sample()) if encoder else None)
            self._state = _State(version, entries, matcher)
            if matcher.thresholds.chosen:
                with self._database.begin() as session:
                    store.keep_calibration(session, digest, matcher.thresholds)
        progress("thresholds", 1, 1)
        log.info(
            "knowledge.loaded",
            entries=len(entries),
            phrasings=len(phrasings),
            answer=round(matcher.thresholds.answer, 3),
            suggest=round(matcher.thresholds.suggest, 3),
            chosen=matcher.thresholds.chosen,
        )

    def _load_encoder(self, progress: Progress) -> Encoder | None:
        if not self._encoder_tried:
            progress("encoder", 0, 1)
            self._encoder_tried = True
            try:
                self._encoder = load_encoder(self._encoder_name)
            except EncoderUnavailable as error:
                self.degraded = f"Matching by spelling alone: the sentence encoder cannot be loaded ({error})."
                log.warning("knowledge.encoder_unavailable", reason=str(error))
            else:
                if self._encoder is None:
                    self.degraded = "Matching by spelling alone: the sentence encoder is switched off."
                    log.info("knowledge.encoder_off")
            progress("encoder", 1, 1)
        return self._encoder

    def _vectors(self, encoder: Encoder, texts: list[str] | tuple[str, ...]) -> Vectors:
        with self._database.read() as session:
            known = store.embeddings(session, encoder, texts)
        vectors, fresh = encode_missing(encoder, texts, known)
        if fresh:
            with self._database.begin() as session:
                store.keep_embeddings(session, fresh)
        return vectors


def _answer(state: _State, question: str, locale: str | None, match: Match) -> Answer:
    language = locale if locale in LOCALES else detect(match.cleaned)
    best = match.ranked[0][0] if match.outcome is Outcome.answered else None
    suggestions = (_shown(state, slug, language) for slug, _ in match.suggested)
    return Answer(
        question=question,
        locale=language,
        outcome=match.outcome,
        answer=_shown(state, best, language) if best else None,
        score=round(match.score, 4),
        suggestions=tuple(shown for shown in suggestions if shown is not None),
    )


def _shown(state: _State, slug: str, locale: str) -> Shown | None:
    entry = state.entries.get(slug)
    if entry is None:
        return None
    text = entry.in_(locale)
    related = ((other, state.entries[other].in_(locale).title) for other in entry.related if other in state.entries)
    return Shown(
        id=slug,
        title=text.title,
        text=text.answer,
        locale=text.locale,
        source=text.source or entry.source,
        source_url=entry.source_url,
        reviewed_on=entry.reviewed_on,
        owner=entry.owner,
        related=tuple(related),
        sample=entry.sample,
        entry_id=entry.entry_id,
    )


def _silent(_step: str, _done: int, _of: int) -> None:
    """Progress nobody watches."""
