"""What Slack asked to be left alone, and until when: shared by every process, so that none of them asks early."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, exists, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from delivery.records import Method, Outbox, Pause

EVERYWHERE = ""


@dataclass(frozen=True)
class Rest:
    """Leave `method` alone for some seconds: in one channel, or everywhere."""

    method: str
    channel: str
    seconds: float


def record(session: Session, community_id: int, method: str, channel: str, until: datetime) -> None:
    """Leave `method` alone until then; a longer pause that is on record stays."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(Pause).values(community_id=community_id, method=method, channel=channel, until=until)
    new = statement.excluded.until
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[Pause.community_id, Pause.method, Pause.channel],
            set_={"until": case((new > Pause.until, new), else_=Pause.until)},
        )
    )


def any_in_force(session: Session, now: datetime) -> bool:
    """Whether anything at all is to be left alone; forgets what is over."""
    ends = session.scalars(select(Pause.until)).all()
    if any(until <= now for until in ends):
        session.execute(delete(Pause).where(Pause.until <= now))
    return any(until > now for until in ends)


def unhindered(channel: ColumnElement[Any], now: datetime) -> ColumnElement[bool]:
    """The condition that an outbox row needs no method that is to be left alone.

    `channel` is the row's own, or that of the direct message it goes to; null while that has yet to be opened.
    """
    posts = Outbox.method == Method.post
    doubtful_post = and_(posts, Outbox.in_doubt_since.is_not(None))
    needs = or_(
        and_(posts, Pause.method == Method.post.value, or_(Pause.channel == EVERYWHERE, Pause.channel == channel)),
        and_(posts, Pause.method == "conversations.open", channel.is_(None)),
        and_(doubtful_post, Pause.method == "conversations.history", Outbox.thread_ts.is_(None)),
        and_(doubtful_post, Pause.method == "conversations.replies", Outbox.thread_ts.is_not(None)),
        *(
            and_(Outbox.method == method, Pause.method == method.value)
            for method in (Method.ephemeral, Method.update, Method.publish)
        ),
    )
    return ~exists().where(Pause.community_id == Outbox.community_id, Pause.until > now, needs)
