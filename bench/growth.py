"""How answering grows with the number of phrasings, beside four searches that know nothing of meaning.

The phrasings are made up: halves of sentences put together at random, without repeats. A vector is the mean of those of
its halves; encoding a million sentences would take a quarter of an hour and change nothing about the search. Questions
are phrasings with a word more and, one in three, with a typing error; they are encoded as any question is.
A million phrasings take some minutes: `bench.million`.
"""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from rapidfuzz import fuzz, process, utils

from knowledge.encoder import Encoder, Vectors
from knowledge.encoders import load_encoder
from knowledge.index import Index, Phrasing
from knowledge.large import LargeIndex
from knowledge.loading import LARGE_FROM
from knowledge.matching import Matcher
from knowledge.text import tokens

ROOT = Path(__file__).resolve().parents[1]
GOALS_MS = {1_000: 25.0, 100_000: 40.0, 1_000_000: 80.0}  # p95 a question, on one thread
GOAL_MB = 3_000.0  # at a million
GOAL_CHANGE_S = 2.0
SIZES = (1_000, 10_000, 100_000)
MILLION = 1_000_000
QUESTIONS = 60
PATIENCE_S = 8.0  # for one peer at one size; a slow one is asked fewer questions
PART = 20_000

_OPENINGS = (
    "how do I|where can I|who may|when should I|can somebody|is it possible to|what does it take to|why would we"
)
_VERBS = (
    "find|renew|archive|share|request|review|approve|translate|classify|publish|restore|protect|transfer|describe|audit|"
    "delete|migrate|digitize|label|register|borrow|sign|scan|retain|summarize|price|print|replace|report|repair"
)
_THINGS = (
    "retention schedule|filing plan|metadata profile|privacy notice|security badge|travel claim|course certificate|"
    "meeting room|project charter|data dictionary|mailing list|training record|inventory sheet|access request|"
    "backup tape|paper archive|web page|survey form|risk register|service agreement|budget line|software licence|"
    "legal hold|taxonomy term|floor plan|parking permit|photo library|shared drive|email account|digital signature"
)
_PLACES = (
    "Ottawa|Gatineau|Halifax|Winnipeg|Vancouver|Québec|Regina|Whitehorse|Moncton|Toronto|Calgary|Iqaluit|Sherbrooke|"
    "Victoria|Kingston|Sudbury|Yellowknife|Rimouski|Charlottetown|Edmonton|Laval|Saskatoon|Fredericton|Kelowna|Hamilton"
)
_TIMES = (
    "before the audit|after a merger|during parental leave|in the first week|for a contractor|without a supervisor|"
    "on a weekend|under the new policy|for a small team|at the end of the year|when the network is down|for students|"
    "with two signatures|from home|in both languages|at short notice|for the second time|as a new manager|"
    "with an old form|for a pilot|while travelling|for retired staff|with a deadline|as a volunteer|in an emergency"
)


class Town:
    """Made-up phrasings: `texts`, the label of each, and their vectors part by part."""

    def __init__(self, size: int, encoder: Encoder) -> None:
        chance = random.Random(7)  # noqa: S311 - the same phrasings every time
        firsts = [
            f"{o} {v} the {t}" for o in _OPENINGS.split("|") for v in _VERBS.split("|") for t in _THINGS.split("|")
        ]
        seconds = [f"{t} in {p}" for t in _TIMES.split("|") for p in _PLACES.split("|")]
        firsts = chance.sample(firsts, 3_000)
        pairs = chance.sample(range(len(firsts) * len(seconds)), size)
        self.texts = [f"{firsts[pair // len(seconds)]} {seconds[pair % len(seconds)]}" for pair in pairs]
        self.phrasings = [Phrasing(text, f"entry-{row // 3}") for row, text in enumerate(self.texts)]
        self._pairs, self._seconds = np.array(pairs), len(seconds)
        used, self._first_at = np.unique(self._pairs // len(seconds), return_inverse=True)
        self._firsts = encoder.encode([firsts[number] for number in used])
        self._lasts = encoder.encode(seconds)
        self.questions = [self._asked(chance, number) for number in range(QUESTIONS)]

    def vectors(self) -> Iterator[Vectors]:
        """Of all phrasings in their order."""
        for start in range(0, len(self.texts), PART):
            part = slice(start, start + PART)
            both = self._firsts[self._first_at[part]] + self._lasts[self._pairs[part] % self._seconds]
            yield (both / np.linalg.norm(both, axis=1, keepdims=True)).astype(np.float32)

    def _asked(self, chance: random.Random, number: int) -> str:
        words = [*chance.choice(self.texts).split(), "please"]
        if number % 3 == 0:
            at = max(range(len(words)), key=lambda position: len(words[position]))
            words[at] = words[at][:2] + words[at][3:]
        return " ".join(words)


def ours(size: int) -> dict[str, float]:
    """Build the index and ask: seconds to build, p50 and p95 in ms, MB, seconds for a change, share found."""
    encoder = load_encoder("use")
    if encoder is None:
        raise RuntimeError("There is no encoder to measure with.")
    town = Town(size, encoder)
    before = time.perf_counter()
    index: Index | LargeIndex
    if size < LARGE_FROM:
        index = Index(town.phrasings, np.concatenate(list(town.vectors())))
    else:
        index = LargeIndex(town.phrasings, town.vectors(), encoder.size, _tell)
    matcher = Matcher(index, encoder)
    built = time.perf_counter() - before
    p50, p95, found = _asked(matcher, town, encoder)
    figures = {"build_s": built, "p50_ms": p50, "p95_ms": p95, "found": found}
    if isinstance(index, LargeIndex):
        before = time.perf_counter()
        new = [Phrasing("where is the lighthouse keeper's ladder", "entry-0")]
        changed = matcher.on(index.changed(["entry-0"], new, encoder.encode([new[0].text])), [new[0].text])
        if changed.match("the ladder of the lighthouse keeper").ranked[0][0] != "entry-0":
            raise RuntimeError("A changed entry was not found.")
        figures["change_s"] = time.perf_counter() - before
    return figures | {"mb": psutil.Process().memory_info().rss / 2**20}


def _asked(matcher: Matcher, town: Town, encoder: Encoder) -> tuple[float, float, float]:
    """p50 and p95 in ms, and the share of the ten phrasings nearest in meaning that were looked at."""
    for question in town.questions[:5]:
        matcher.match(question)
    taken = [_milliseconds(matcher.match, question) for question in town.questions]
    asked = [question for number, question in enumerate(town.questions) if number % 3][:20]
    meanings = encoder.encode(asked)
    cosines = np.concatenate([part @ meanings.T for part in town.vectors()])
    shares = []
    for column, probe in enumerate(matcher.index.probes(asked, encoder)):
        best = np.argpartition(-cosines[:, column], 9)[:10]
        shares.append(np.isin(best, matcher.index.near(probe, 400)[0]).mean())
    return float(np.percentile(taken, 50)), float(np.percentile(taken, 95)), float(np.mean(shares))


def peers(size: int) -> dict[str, float]:
    """p95 in ms of searches by words alone."""
    encoder = load_encoder("use")
    if encoder is None:
        raise RuntimeError("There is no encoder to measure with.")
    town = Town(size, encoder)
    return {name: _p95(build(town.texts), town.questions) for name, build in _PEERS.items()}


def _p95(ask: Callable[[str], object], questions: Sequence[str]) -> float:
    until, taken = time.perf_counter() + PATIENCE_S, []
    for question in questions:
        taken.append(_milliseconds(ask, question))
        if time.perf_counter() > until:
            break
    return float(np.percentile(taken, 95))


def _milliseconds(ask: Callable[[str], object], question: str) -> float:
    started = time.perf_counter()
    ask(question)
    return 1000 * (time.perf_counter() - started)


def _fuzzy(texts: Sequence[str]) -> Callable[[str], object]:
    choices = [utils.default_process(text) for text in texts]
    return lambda question: process.extractOne(utils.default_process(question), choices, scorer=fuzz.WRatio)


def _bm25s(texts: Sequence[str]) -> Callable[[str], object]:
    retriever = import_module("bm25s").BM25()
    retriever.index([tokens(text) for text in texts], show_progress=False)
    return lambda question: retriever.retrieve([tokens(question)], k=10, show_progress=False)


def _fts5(texts: Sequence[str]) -> Callable[[str], object]:
    table = sqlite3.connect(":memory:")
    table.execute("CREATE VIRTUAL TABLE phrasing USING fts5(text)")
    table.executemany("INSERT INTO phrasing(text) VALUES (?)", ((text,) for text in texts))
    query = "SELECT rowid FROM phrasing WHERE phrasing MATCH ? ORDER BY rank LIMIT 10"
    return lambda question: table.execute(query, (" OR ".join(f'"{word}"' for word in tokens(question)),)).fetchall()


def _tantivy(texts: Sequence[str]) -> Callable[[str], object]:
    tantivy = import_module("tantivy")
    fields = tantivy.SchemaBuilder().add_text_field("text").add_unsigned_field("row", stored=True).build()
    index = tantivy.Index(fields)
    writer = index.writer(num_threads=1)
    for row, text in enumerate(texts):
        writer.add_document(tantivy.Document(text=text, row=row))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    return lambda question: searcher.search(index.parse_query(" ".join(tokens(question)), ["text"]), 10).hits


_PEERS: dict[str, Callable[[Sequence[str]], Callable[[str], object]]] = {
    "rapidfuzz extractOne": _fuzzy,
    "bm25s": _bm25s,
    "SQLite FTS5": _fts5,
    "tantivy": _tantivy,
}


def measure(sizes: Sequence[int] = SIZES) -> list[dict[str, Any]]:
    """Rows for the table of benchmarks."""
    rows: list[dict[str, Any]] = []
    for size in sizes:
        own, others = _in_a_new_process("ours", size), _in_a_new_process("peers", size)
        what = f"{size:,} phrasings"
        for peer, figure in others.items():
            rows.append(_row(f"a question, p95, {what}", own["p95_ms"], "ms", GOALS_MS.get(size), peer, figure))
        rows += [
            _row(f"a question, p50, {what}", own["p50_ms"], "ms", None),
            _row(f"index built, {what}, known vectors", own["build_s"], "s", None),
            _row(f"of the ten nearest in meaning looked at, {what}", 100 * own["found"], "%", None),
            _row(f"resident memory, {what}", own["mb"], "MB", GOAL_MB if size == MILLION else None),
        ]
        if "change_s" in own:
            rows.append(_row(f"a changed entry taken up, {what}", own["change_s"], "s", GOAL_CHANGE_S))
    return rows


def _in_a_new_process(what: str, size: int) -> dict[str, float]:
    """Each by itself, so that memory is its own."""
    run = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-m", "bench.growth", what, str(size)], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    figures: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return figures


def _row(
    name: str, figure: float, unit: str, goal: float | None, peer: str | None = None, peer_figure: float | None = None
) -> dict[str, Any]:
    return {
        "name": name,
        "figure": round(figure, 3),
        "unit": unit,
        "peer": peer,
        "peer_figure": None if peer_figure is None else round(peer_figure, 3),
        "ratio": None if not peer_figure else round(figure / peer_figure, 3),
        "goal": goal,
        "ok": None if goal is None else figure <= goal,
    }


def _tell(done: int, of: int) -> None:
    sys.stderr.write(f"\r{done:,} of {of:,}" + ("\n" if done == of else ""))


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps({"ours": ours, "peers": peers}[sys.argv[1]](int(sys.argv[2]))) + "\n")
