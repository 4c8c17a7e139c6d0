"""However people are spread, and whoever answers, nothing that can be worked out is about fewer than the floor."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from community.survey_cells import Key, pooled
from reports import themes

FLOORS = st.integers(5, 10)
KEYS = st.tuples(st.sampled_from([None, "A", "B", "C"]), st.sampled_from([None, "Health", "Justice", "Parks", "Mint"]))
COUNTS = st.dictionaries(KEYS, st.integers(0, 14), max_size=12)


def sizes(counts: dict[Key, int], becomes: dict[Key, Key]) -> dict[Key, int]:
    found: dict[Key, int] = {}
    for key, number in counts.items():
        found[becomes[key]] = found.get(becomes[key], 0) + number
    return found


@given(COUNTS, FLOORS)
def test_every_group_has_the_floor_or_there_is_but_one(counts: dict[Key, int], floor: int) -> None:
    becomes = pooled(counts, floor)
    groups = sizes(counts, becomes)
    assert len(groups) <= 1 or min(groups.values()) >= floor
    assert sum(groups.values()) == sum(counts.values())
    # A group keeps a name only where it is of that name alone.
    for (cohort, department), (new_cohort, new_department) in becomes.items():
        assert new_cohort in (None, cohort)
        assert new_department in (None, department)
    assert pooled(dict(reversed(counts.items())), floor) == becomes, "whatever the order"


@settings(max_examples=150, deadline=None)
@given(st.data(), COUNTS, FLOORS)
def test_no_combination_of_filters_gives_away_fewer_than_the_floor(
    data: st.DataObject, asked: dict[Key, int], floor: int
) -> None:
    """The attack: ask for every cohort, department and both, and subtract whatever can be subtracted."""
    first = pooled(asked, floor)
    groups = sizes(asked, first)
    answered = {group: data.draw(st.integers(0, size)) for group, size in groups.items()}
    final = pooled(answered, floor)
    cells = {group: number for group, number in sizes(answered, final).items() if number >= floor}

    shown = [frozenset(cells)]
    shown += [frozenset(cell for cell in cells if cell[0] == cohort) for cohort in ("A", "B", "C")]
    shown += [frozenset(cell for cell in cells if cell[1] == name) for name in ("Health", "Justice", "Parks", "Mint")]
    shown += [one & other for one, other in combinations(shown, 2)]

    def people(group: frozenset[Key]) -> int:
        return sum(cells[cell] for cell in group)

    for one in shown:
        assert people(one) == 0 or people(one) >= floor
    for one, other in combinations(shown, 2):
        for derived in (one - other, other - one, one ^ other, one | other):
            assert people(derived) == 0 or people(derived) >= floor
    # What a sum leaves out of all that is shown: whole groups again.
    for one, other, third in combinations(shown[:6], 3):
        derived = shown[0] - one - other - third
        assert people(derived) == 0 or people(derived) >= floor


def test_themes_are_counted_in_both_languages_and_hidden_below_the_floor() -> None:
    texts = ["More time!", "Plus de TEMPS", "a bit fast", "le rythme", "Shorter days", "Example: records", "?"]
    found = themes.grouped(texts, 5)
    assert (found.n, found.counts, found.hidden) == (7, (("time", 5),), 1)
    assert themes.grouped(texts[:4], 5) == themes.Themes(0, (), 0)
    assert themes.grouped(reversed(texts), 5) == found
