"""Many phrasings: what is found among them is what is found when all are looked at."""

from __future__ import annotations

import random

import numpy as np
import pytest

from knowledge.clusters import Clusters, Packed
from knowledge.encoder import Encoder
from knowledge.index import Index, Phrasing
from knowledge.large import LargeIndex
from knowledge.matching import Matcher

VERBS = ("find", "renew", "archive", "share", "request", "review", "approve", "translate", "classify", "publish")
THINGS = (
    "schedule",
    "plan",
    "profile",
    "notice",
    "badge",
    "claim",
    "charter",
    "dictionary",
    "list",
    "record",
    "permit",
)
TIMES = ("before the audit", "after a merger", "on a weekend", "from home", "in both languages", "at short notice")


def phrasings(count: int) -> list[Phrasing]:
    every = [f"how do I {verb} the {thing} {time}" for verb in VERBS for thing in THINGS for time in TIMES]
    chosen = random.Random(3).sample(every, count - 2)  # noqa: S311 - the same ones every time
    coded = [Phrasing("What is course RM-101 about?", "rm-101"), Phrasing("What is course RM-102 about?", "rm-102")]
    return [*(Phrasing(text, f"entry-{row // 3}") for row, text in enumerate(chosen)), *coded]


def nothing(_done: int, _of: int) -> None:
    """Progress nobody watches."""


@pytest.fixture(scope="module", params=["with encoder", "by spelling"])
def both(request: pytest.FixtureRequest, encoder: Encoder) -> tuple[Matcher, Matcher, Encoder | None]:
    used = encoder if request.param == "with encoder" else None
    known = phrasings(400)
    vectors = used.encode([phrasing.text for phrasing in known]) if used else None
    parts = None if vectors is None else [vectors[:150], vectors[150:]]
    large = LargeIndex(known, parts, used.size if used else 0, nothing)
    return Matcher(Index(known, vectors), used), Matcher(large, used), used


QUESTIONS = [
    "how can I archive a permit from home?",
    "renw the badge before the audit",
    "translate a notice in both languages please",
    "what is RM 101 about",
    "zxqv",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_candidates_lead_to_the_same_answer_as_looking_at_all(
    both: tuple[Matcher, Matcher, Encoder | None], question: str
) -> None:
    exact, large, _ = both
    one, other = exact.match(question), large.match(question)
    assert other.outcome is one.outcome
    assert [label for label, _ in other.ranked[:1]] == [label for label, _ in one.ranked[:1]]
    assert other.score == pytest.approx(one.score, abs=0.05)
    assert [near for near, _ in other.near[:1]] == [near for near, _ in one.near[:1]]


def test_likeness_is_the_same_to_two_decimals(both: tuple[Matcher, Matcher, Encoder | None]) -> None:
    exact, large, used = both
    rows = np.arange(0, 400, 13)
    assert large.index.among(rows) == pytest.approx(exact.index.among(rows), abs=0.01)
    texts = QUESTIONS[:3]
    for one, other in zip(exact.index.probes(texts, used), large.index.probes(texts, used), strict=True):
        far = dict(zip(*exact.index.near(one, 400), strict=True))
        assert dict(zip(*large.index.near(other, 30), strict=True)) == pytest.approx(
            {row: far[row] for row in large.index.near(other, 30)[0]}, abs=0.01
        )


def test_thresholds_can_be_chosen_in_either(both: tuple[Matcher, Matcher, Encoder | None]) -> None:
    _, _, used = both
    known = [
        Phrasing(f"{opening} {verb} the {thing}", f"{verb}-{thing}")
        for verb in VERBS[:5] for thing in THINGS[:6] for opening in ("how do I", "who may", "when can we")
    ]  # fmt: skip
    vectors = used.encode([phrasing.text for phrasing in known]) if used else None
    exact = Matcher(Index(known, vectors), used)
    large = Matcher(LargeIndex(known, None if vectors is None else [vectors], 512, nothing), used)
    one, other = exact.calibrated().thresholds, large.calibrated().thresholds
    assert other.chosen
    assert other.answer == pytest.approx(one.answer, abs=0.05)


def test_a_change_is_seen_in_the_new_index_and_not_in_the_old(both: tuple[Matcher, Matcher, Encoder | None]) -> None:
    _, large, used = both
    index = large.index
    assert isinstance(index, LargeIndex)
    come = [Phrasing("who feeds the lighthouse cat", "entry-0"), Phrasing("course GI-7 by the sea", "sea")]
    texts = [phrasing.text for phrasing in come]
    changed = large.on(index.changed(["entry-0", "rm-101"], come, used.encode(texts) if used else None), texts)
    assert changed.match("who feeds the lighthouse cat").ranked[0][0] == "entry-0"
    assert changed.match("lighthuose").repair.text == "lighthouse"
    assert changed.index.names("sea", changed.index.codes_in("gi 7"))
    assert "rm-101" not in dict(changed.match("What is course RM-101 about?").ranked)
    gone = index.phrasing(0)
    assert gone.label == "entry-0"
    assert gone not in dict(changed.match(gone.text).near)
    again = changed.on(_large(changed).changed(["sea"], [], used.encode([]) if used else None), [])
    assert "sea" not in dict(again.match("course GI-7 by the sea").ranked)
    assert "sea" in dict(changed.match("course GI-7 by the sea").ranked)
    assert gone in dict(large.match(gone.text).near)
    assert not index.names("sea", frozenset({"gi7"}))
    assert not _large(again).overgrown


def _large(matcher: Matcher) -> LargeIndex:
    assert isinstance(matcher.index, LargeIndex)
    return matcher.index


def test_packed_vectors_keep_their_angles_and_their_neighbours() -> None:
    chance = np.random.default_rng(5)
    vectors = chance.normal(size=(3_000, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    packed = Packed(len(vectors), 64)
    packed.add(vectors[:1_000])
    packed.add(vectors[1_000:])
    told: list[int] = []
    clusters = Clusters(packed, lambda done, _of: told.append(done))
    assert told[-1] == 3_000
    rows = np.array([7, 2_999, 1_234])
    assert clusters.vectors(rows) == pytest.approx(vectors[rows], abs=0.01)
    assert all(row in clusters.near(vectors[row], 5) for row in rows)


def test_nothing_at_all_can_be_large() -> None:
    empty = Matcher(LargeIndex([], None, 0, nothing), None)
    assert empty.match("hello there").ranked == ()
