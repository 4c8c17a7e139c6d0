"""Answers from a community's entries, in memory and safe for many threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import structlog

from knowledge.encoder import EncoderName, Vectors
from knowledge.language import detect
from knowledge.loading import LARGE_FROM, Judgement, Loader, Progress, State, in_the_log
from knowledge.matching import Match
from knowledge.records import Outcome
from knowledge.store import KnownEntry
from storage.database import Database

log = structlog.get_logger(__name__)

LOCALES = ("en", "fr")
CERTAIN = 0.9  # of an entry's own phrasing, asked as it stands, the score is higher


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

    @property
    def certain(self) -> bool:
        """Whether it was asked in an entry's own words."""
        return self.answer is not None and self.score >= CERTAIN


class Answers:
    """Answers of one community.

    `load` once (a second or two), then `ask` from any thread; `refresh` now and then. What changed is answered from
    once `refresh` returns; thresholds for it are chosen beside the answering, and those before stand in until then.
    From `large_from` phrasings on not all of them are compared with every question.
    """

    def __init__(
        self, database: Database, community_id: int, *, encoder: EncoderName = "use", large_from: int = LARGE_FROM
    ) -> None:
        self._loader = Loader(database, community_id, encoder, large_from)
        self._state: State | None = None
        self._changing = threading.Lock()
        self._first = threading.Event()
        self._beside: dict[Callable[[], None], bool] = {}  # work beside the answering; True: to be done once more
        self._unkept: Judgement | None = None

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

    @property
    def busy(self) -> bool:
        """Whether thresholds are being chosen, or all is being indexed anew, beside the answering."""
        return bool(self._beside)

    def wait(self, seconds: float) -> bool:
        """Wait at most so long until questions can be asked; whether they can."""
        return self._first.wait(seconds)

    def load(self, progress: Progress | None = None) -> None:
        """Read the entries, encode what is new, choose thresholds; blocks, but `ready` comes before it returns.

        `progress` is called with a step's name, how much of it is done, and of how much.
        """
        progress = progress or in_the_log()
        with self._changing:
            self._take(self._loader.read(progress, self._state))
        self._judge(progress)
        self._keep()

    def refresh(self) -> bool:
        """Take up changed entries; True when there were any. One small query when there were none.

        Of many entries only those that changed are read; when too many have, all are indexed anew beside the answering.
        """
        with self._changing:
            self._keep()
            before = self._state
            if before is not None and before.version == self._loader.version():
                return False
            state = self._loader.changed(before) if before else None
            state = self._take(state or self._loader.read(in_the_log(), before))
            if state.overgrown:
                self._start(self._index_anew)
            elif state.unjudged:
                self._start(self._judge)
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

    def _take(self, state: State) -> State:
        self._state = state
        self._first.set()
        return state

    def _keep(self) -> None:
        judgement, self._unkept = self._unkept, None
        if judgement:
            self._loader.keep(judgement)

    def _start(self, work: Callable[[], None]) -> None:
        """Have it done beside the answering, again where it is under way; called with `_changing` held."""
        if work in self._beside:
            self._beside[work] = True
            return
        self._beside[work] = False
        threading.Thread(target=self._run, args=(work,), name="knowledge", daemon=True).start()

    def _run(self, work: Callable[[], None]) -> None:
        again = True
        while again:
            try:
                work()
            except Exception as error:  # the database is away: what there is goes on answering
                log.warning("knowledge.not_finished", step=work.__name__.strip("_"), error=type(error).__name__)
            with self._changing:
                again = self._beside.pop(work)
                if again:
                    self._beside[work] = False

    def _judge(self, progress: Progress | None = None) -> None:
        """Needs no database: a process that ends meanwhile leaves nothing open, and chooses at its next start."""
        state = self._ready_state()
        if state.unjudged:
            chosen = self._loader.judge(state, progress or in_the_log(), self._let_pass)
            with self._changing:
                self._unkept = chosen
                self._take(self._ready_state().judged_by(chosen))

    def _let_pass(self) -> None:
        """Wait while changes are taken up: two at once on one interpreter would take twice as long."""
        with self._changing:
            return

    def _index_anew(self) -> None:
        state = self._ready_state()
        if state.overgrown:
            state = self._loader.read(in_the_log(), state)
            if state.unjudged:
                self._unkept = chosen = self._loader.judge(state, in_the_log(), self._let_pass)
                state = state.judged_by(chosen)
            with self._changing:
                self._take(self._loader.changed(state) or state)  # what changed meanwhile


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
