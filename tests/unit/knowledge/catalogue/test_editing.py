"""What an organizer types into a course's form, told field by field."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.catalogue import editing
from knowledge.catalogue.loaded import Catalogue
from views import course_form
from views.text import Block

TODAY = date(2026, 11, 22)


def blocks(catalogue: Catalogue, cells: editing.Cells) -> dict[str, Block]:
    """The blocks of the form in which a course is changed."""
    form = course_form.form(catalogue, cells, "en", new=False, today=TODAY)
    return {block["block_id"]: block for block in form["blocks"] if block["type"] == "input"}


@pytest.mark.parametrize(
    ("changes", "column", "problem"),
    [
        ({"competencies": ":2"}, "competencies", "bad_code"),
        ({"competencies": ":"}, "competencies", "bad_level"),
        ({"competencies": "RM 2:1"}, "competencies", "bad_code"),
        ({"competencies": "RM"}, "competencies", "bad_pair"),
        ({"prerequisites": "RM:"}, "prerequisites", "bad_code"),
        ({"prerequisites": "RM\u00a0101"}, "prerequisites", "bad_code"),
        ({"prerequisites": "RM"}, "prerequisites", "unknown_course"),
        ({"equivalences": "X" * 59}, "equivalences", "too_long"),
        ({"length": "long"}, "length", "bad_length"),
        ({"verified_on": "2027-01-01"}, "verified_on", "future_date"),
    ],
)
def test_what_is_wrong_is_said_at_its_own_field_of_the_form(
    sample: Catalogue, changes: dict[str, str], column: str, problem: str
) -> None:
    cells = editing.cells_of(sample.courses["RM-201"], "en")
    draft, wrong = editing.check(sample, cells | changes, TODAY, new=False)
    assert draft is None
    assert {name: each.code for name, each in wrong.items()}.get(column) == problem
    assert set(course_form.sentences(wrong, "fr")) == set(wrong) <= set(blocks(sample, cells))


def test_a_list_that_no_form_holds_is_not_cut_there_but_left_as_it_is(sample: Catalogue) -> None:
    others = "\n".join(f"{number:02}-{'x' * 55}" for number in range(60))
    cells = editing.cells_of(sample.courses["RM-201"], "en") | {"equivalences": others}
    assert "equivalences" not in blocks(sample, cells)
    shown = course_form.form(sample, cells, "fr", new=False, today=TODAY)
    assert "plus longue qu’un formulaire ne peut en contenir" in str(shown)
    assert editing.beyond(cells) == {"equivalences": others}


def test_the_longest_lists_that_a_course_may_have_stand_in_its_form_whole(sample: Catalogue) -> None:
    others = "\n".join(f"{number:02}-{'x' * 55}" for number in range(50))
    cells = editing.cells_of(sample.courses["RM-201"], "en") | {"equivalences": others}
    draft, wrong = editing.check(sample, cells, TODAY, new=False)
    assert (draft and draft.equivalences, wrong) == (tuple(others.splitlines()), {})
    shown = blocks(sample, cells)["equivalences"]["element"]
    assert shown["initial_value"] == others
    assert len(others) <= shown["max_length"]
