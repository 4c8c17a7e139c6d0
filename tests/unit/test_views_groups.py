"""Lists of a cohort's people and an event's material as people see them, in both languages."""

from __future__ import annotations

import pytest

from community.cohort_lists import Taken
from community.errors import Invalid
from community.group_records import Cohort
from community.tables import Trouble
from tests.golden_files import looks_as_before
from tests.kit import texts
from tests.unit.views_people import HOSTILE, READERS
from views import cohort_lists as view

COHORT = Cohort(id=7, community_id=1, code="2027-A", name_en="Winter", name_fr="Hiver")
TROUBLES = [
    Trouble(1, Invalid("file_column_missing", name="person", known="person, department, supervisor")),
    *(Trouble(line, Invalid("file_person_unknown", field="person", value="who@example.org")) for line in range(2, 30)),
]


@pytest.mark.parametrize("locale", READERS)
def test_a_pasted_list_looks(locale: str) -> None:
    looks_as_before(f"cohorts/list.{locale}", view.form(locale, COHORT))
    again = view.form(locale, COHORT, text="person\nwho@example.org", troubles=TROUBLES, zone="America/Toronto")
    looks_as_before(f"cohorts/list_wrong.{locale}", again)
    assert view.taken_in(locale, Taken())


def test_nothing_that_was_pasted_comes_alive() -> None:
    hostile = [Trouble(2, Invalid("file_person_unknown", field="person", value=HOSTILE))]
    for locale in READERS:
        shown = texts(view.form(locale, COHORT, troubles=hostile, zone="America/Toronto"))
        assert "<!channel>" not in shown
        assert "<@U1" not in shown
