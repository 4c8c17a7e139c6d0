"""Answers from a community's entries, in memory and safe for many threads."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import structlog

from knowledge.encoder import EncoderName, Vectors
from knowledge.language import detect
from knowledge.large import LargeIndex
from knowledge.loading import LARGE_FROM, Loader, Progress, State, in_the_log
from knowledge.matching import Match
from knowledge.records import Outcome
from knowledge.store import KnownEntry
from storage.database import Database

log = structlog.get_logger(__name__)

LOCALES = ("en", "fr")


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
    review_due_on: date | None = None


@dataclass(frozen=True)
class Answer:
    """What became of a question. `suggestions` stand in place of the answer, or beside it."""

    question: str
    locale: str
    outcome: Outcome
    answer: Shown | None
    score: float
    suggestions: tuple[Shown, ...]


class Answers:
    """Answers of one community.

    `load` once (a second or two), then `ask` from any thread; `refresh` now and then. While thresholds are being
    chosen for new entries, those before stand in. From `large_from` phrasings on not all of them are compared with
    every question.
    """

    def __init__(
        self, database: Database, community_id: int, *, encoder: EncoderName = "use", large_from: int = LARGE_FROM
    ) -> None:
        self._loader = Loader(database, community_id, encoder, large_from)
        self._state: State | None = None
        self._changing = threading.Lock()
        self._first = threading.Event()
        self._rebuilding: threading.Thread | None = None

    @property
    def degraded(self) -> str | None:
        """What it goes without, in a sentence; None when nothing is missing."""
        return self._loader.degraded

    @property
    def encoder_lost(self) -> bool:
        """Whether spelling alone decides although an encoder was wanted."""
        return self._loader.encoder_lost

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
            self._read_all(progress or in_the_log())

    def refresh(self) -> bool:
        """Take up changed entries; True when there were any. One small query when there were none.

        Of many entries only those that changed are read; when too many have, all are indexed anew beside the answering.
        """
        with self._changing:
            if self._state is not None and self._state.version == self._loader.version():
                return False
            changed = self._loader.changed(self._state) if self._state else None
            if changed is None:
                self._read_all(in_the_log())
                return True
            self._state = changed
            if isinstance(changed.matcher.index, LargeIndex) and changed.matcher.index.overgrown:
                self._index_anew()
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

    def meanings(self, texts: Sequence[str]) -> Vectors | None:
        """What texts mean, a row of unit length each, kept for the next time; None where no encoder is loaded."""
        return self._loader.meanings(texts)

    def show(self, slug: str, locale: str) -> Shown | None:
        """An entry by its id; None when it is not, or no longer, there."""
        return shown(self._ready_state().entries, slug, locale)

    def entries(self) -> Sequence[KnownEntry]:
        """Everything questions are answered from."""
        return tuple(self._ready_state().entries.values())

    def _ready_state(self) -> State:
        if self._state is None:
            raise RuntimeError("Answers.load() has not finished its first step yet")
        return self._state

    def _read_all(self, progress: Progress) -> None:
        for state in self._loader.whole(progress, self._state):
            self._state = state
            self._first.set()

    def _index_anew(self) -> None:
        if self._rebuilding is None or not self._rebuilding.is_alive():
            self._rebuilding = threading.Thread(target=self._indexed_anew, name="index-knowledge", daemon=True)
            self._rebuilding.start()

    def _indexed_anew(self) -> None:
        try:
            *_, state = self._loader.whole(in_the_log(), self._state)
            with self._changing:
                self._state = self._loader.changed(state) or state  # what changed meanwhile
        except Exception as error:  # the database is away: the index there is goes on answering
            log.warning("knowledge.not_indexed", error=type(error).__name__)


def _answer(state: State, question: str, locale: str | None, match: Match) -> Answer:
    language = locale if locale in LOCALES else detect(match.cleaned)
    best = match.ranked[0][0] if match.outcome is Outcome.answered else None
    suggestions = (shown(state.entries, slug, language) for slug, _ in match.suggested)
    return Answer(
        question=question,
        locale=language,
        outcome=match.outcome,
        answer=shown(state.entries, best, language) if best else None,
        score=round(match.score, 4),
        suggestions=tuple(other for other in suggestions if other is not None),
    )


def shown(entries: Mapping[str, KnownEntry], slug: str, locale: str) -> Shown | None:
    """The entry of that id as it is shown, beside those of `entries` that are related to it; None when not there."""
    entry = entries.get(slug)
    if entry is None:
        return None
    text = entry.in_(locale)
    related = ((other, entries[other].in_(locale).title) for other in entry.related if other in entries)
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
        review_due_on=entry.review_due_on,
    )
