"""What organizers choose for their community stays theirs and can be taken back."""

from __future__ import annotations

from typing import Any

import pytest

from community import choices
from storage import Database
from tests.town import Town


@pytest.mark.parametrize("value", [0, False, "", [], {"en": ["a"], "n": 1.5}, "é"])
def test_a_choice_is_kept_as_it_was_made_and_changed_in_place(town: Town, database: Database, value: Any) -> None:
    other = Town(database)
    with database.begin() as session:
        assert choices.get(session, town.id, "offer", 7) == 7
        choices.set(session, town.id, "offer", "first")
        choices.set(session, town.id, "offer", value)
        choices.set(session, other.id, "offer", 3)
    with database.read() as session:
        assert choices.get(session, town.id, "offer", 7) == value
        assert choices.get(session, other.id, "offer", 7) == 3


def test_no_choice_is_the_default_again(town: Town, database: Database) -> None:
    with database.begin() as session:
        choices.set(session, town.id, "offer", 5)
        choices.set(session, town.id, "offer", None)
        assert choices.get(session, town.id, "offer", 7) == 7
