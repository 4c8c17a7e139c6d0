"""Groups that answers may be told apart by: none smaller than the floor.

Answers are counted by cell, and a cell is all or nothing: every figure is a sum over whole cells. The difference of two
such sums is again one over whole cells, and so is what a filter leaves out; none of them can be less than one cell.
"""

from __future__ import annotations

from collections.abc import Mapping

Key = tuple[str | None, str | None]  # cohort, department; None where several were put together

ALL: Key = (None, None)


def pooled(counts: Mapping[Key, int], floor: int) -> dict[Key, Key]:
    """The group that each group becomes part of, so that each of those has `floor` or more, or there is but one.

    Small departments of a cohort go together, then what is still small goes together across cohorts; where that is not
    enough, the smallest of the others joins them. The same counts always give the same groups.
    """
    becomes = {key: key for key in counts}
    for cohort in sorted({key[0] for key in counts}, key=str):
        _gather(becomes, counts, floor, (cohort, None), [key for key in counts if key[0] == cohort])
    _gather(becomes, counts, floor, ALL, list(counts))
    return becomes


def _gather(becomes: dict[Key, Key], counts: Mapping[Key, int], floor: int, pool: Key, among: list[Key]) -> None:
    """Put into `pool` the groups that are too small, then, while the pool is, the smallest of the others."""
    sizes: dict[Key, int] = {}
    for key in among:
        sizes[becomes[key]] = sizes.get(becomes[key], 0) + counts[key]
    joins = {group for group, size in sizes.items() if size < floor}
    if not joins:
        return
    joins |= {pool} & sizes.keys()
    rest = sorted(sizes.keys() - joins, key=lambda group: (sizes[group], str(group)))
    while rest and sum(sizes[group] for group in joins) < floor:
        joins.add(rest.pop(0))
    for key in among:
        if becomes[key] in joins:
            becomes[key] = pool
