"""Points for attendance, settable by organizers."""

from __future__ import annotations

import pytest

from community import points
from community.errors import Invalid, NotAllowed
from community.records import Status
from storage import Database
from tests.town import Town


def test_points_are_as_organizers_chose_them(town: Town, database: Database) -> None:
    ann = town.person()
    with database.begin() as session:
        assert list(points.of(session, town.id).values()) == [2, 1, 1, 0]
        points.choose(session, town.organizer, {Status.present: 3, Status.excused: 0})
        assert list(points.of(session, town.id).values()) == [3, 1, 0, 0]
        with pytest.raises(NotAllowed):
            points.choose(session, ann, {Status.present: 4})
        with pytest.raises(Invalid, match="points_range"):
            points.choose(session, town.organizer, {Status.late: -1})
