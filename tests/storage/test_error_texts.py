"""An error of the database names what went wrong and quotes nothing of what people wrote."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from community.records import Community
from storage import Database

SECRET = "my salary is none of your business"


def _same_team_twice(session: Session) -> None:
    for _ in range(2):
        session.add(
            Community(slack_team_id=SECRET, name=SECRET, locale="en", time_zone="UTC", created_at=datetime.now(UTC))
        )
        session.flush()


def _nothing_where_something_must_be(session: Session) -> None:
    session.execute(
        text("INSERT INTO community (slack_team_id, name, locale, time_zone) VALUES (:it, :it, :it, 'UTC')"),
        {"it": SECRET},
    )


@pytest.mark.parametrize("mistake", [_same_team_twice, _nothing_where_something_must_be])
def test_a_refused_row_is_not_quoted(database: Database, mistake: Callable[[Session], None]) -> None:
    with pytest.raises(DBAPIError) as caught, database.begin() as session:
        mistake(session)
    told = "".join(traceback.format_exception(caught.value))
    assert SECRET not in told
    assert str(caught.value.orig)
