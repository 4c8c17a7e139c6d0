"""What Slack asked to be left alone, and until when: shared by every process, so that none of them asks early."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from delivery.records import Pause

EVERYWHERE = ""
_ENDS = select(Pause.until)


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
    ends = session.connection().execute(_ENDS).scalars().all()
    if any(until <= now for until in ends):
        session.execute(delete(Pause).where(Pause.until <= now))
    return any(until > now for until in ends)
