"""The statements by which rows are claimed and settled, built once: building one costs more than running it."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Executable,
    Integer,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from delivery.records import DirectMessage, Method, Outbox, OutboxState, Pause, Payload
from storage.base import UtcDateTime

OUTBOX = cast(Table, Outbox.__table__)
_PAYLOAD = cast(Table, Payload.__table__)
_DIRECT = cast(Table, DirectMessage.__table__)
_PAUSE = cast(Table, Pause.__table__)
_OPEN = (OutboxState.pending, OutboxState.claimed)

UPLOAD_URL = "files.getUploadURLExternal"
EVERYWHERE = ""  # the channel of a pause that holds in all of them

_NOW = bindparam("now", type_=UtcDateTime)
_COMMUNITY = bindparam("community_id", type_=Integer)
_OF_COMMUNITY = or_(_COMMUNITY.is_(None), OUTBOX.c.community_id == _COMMUNITY)
_OVERDUE = and_(OUTBOX.c.state == OutboxState.claimed, OUTBOX.c.lease_until <= _NOW)
_DUE = and_(OUTBOX.c.state == OutboxState.pending, OUTBOX.c.not_before <= _NOW)

# The database's own clock where it has one, and when the last pause ends.
clock_and_pauses: Executable = select(func.clock_timestamp(), select(func.max(_PAUSE.c.until)).scalar_subquery())
last_pause: Executable = select(func.max(_PAUSE.c.until))
forget_pauses: Executable = delete(_PAUSE).where(_PAUSE.c.until <= _NOW)

anything_due: Executable = select(or_(exists().where(_OVERDUE, _OF_COMMUNITY), exists().where(_DUE, _OF_COMMUNITY)))


def _unhindered() -> ColumnElement[bool]:
    """The condition that a row needs no method that Slack asked to be left alone."""
    row, pause = OUTBOX.c, _PAUSE.c
    channel: ColumnElement[Any] = func.coalesce(
        row.channel,
        select(_DIRECT.c.channel)
        .where(_DIRECT.c.community_id == row.community_id, _DIRECT.c.user == row.user)
        .correlate(OUTBOX)
        .scalar_subquery(),
    )
    posts = row.method == Method.post
    says = row.method.in_((Method.post, Method.upload))
    doubtful = and_(says, row.in_doubt_since.is_not(None))
    needs = or_(
        and_(posts, pause.method == Method.post.value, or_(pause.channel == EVERYWHERE, pause.channel == channel)),
        and_(says, pause.method == "conversations.open", channel.is_(None)),
        and_(doubtful, pause.method == "conversations.history", row.thread_ts.is_(None)),
        and_(doubtful, pause.method == "conversations.replies", row.thread_ts.is_not(None)),
        and_(row.method == Method.upload, pause.method == UPLOAD_URL, row.uploaded.is_(None)),
        *(
            and_(row.method == method, pause.method == method.value)
            for method in (Method.ephemeral, Method.update, Method.publish, Method.upload)
        ),
    )
    return _none(select(pause.until).where(pause.community_id == row.community_id, pause.until > _NOW, needs))


def _none(rows: Select[Any]) -> ColumnElement[bool]:
    """NOT EXISTS in a form that is asked row by row: else PostgreSQL may join the whole outbox to find four rows."""
    return rows.limit(1).correlate(OUTBOX).scalar_subquery().is_(None)


@cache
def candidates(*, overdue: bool, hindered: bool) -> Executable:
    """Rows that may be posted now, at most `most` of them: `overdue` in another's hands, or else due.

    What somebody waits for comes before broadcasts, then the oldest first.
    """
    row, earlier, target = OUTBOX.c, OUTBOX.alias("earlier"), OUTBOX.alias("target")
    posted = select(target.c.ts).where(target.c.community_id == row.community_id, target.c.key == row.target_key)
    query = (
        select(row.id, row.priority, row.in_doubt_since, row.insisted)
        .where(
            _OVERDUE if overdue else _DUE,
            _OF_COMMUNITY,
            # A message may be changed only once it is there.
            or_(row.method != Method.update, posted.correlate(OUTBOX).scalar_subquery().is_not(None)),
            # People read a conversation in the order in which it was written; only broadcasts may be overtaken.
            _none(
                select(earlier.c.id).where(
                    earlier.c.conversation == row.conversation,
                    earlier.c.state.in_(_OPEN),
                    earlier.c.id < row.id,
                    earlier.c.priority <= row.priority,
                )
            ),
        )
        .order_by(row.priority, row.lease_until if overdue else row.not_before, row.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
    )
    return query.where(_unhindered()) if hindered else query


claim: Executable = (
    update(OUTBOX)
    .where(OUTBOX.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=OutboxState.claimed,
        attempts=OUTBOX.c.attempts + 1,
        lease_until=bindparam("until", type_=UtcDateTime),
        in_doubt_since=func.coalesce(OUTBOX.c.in_doubt_since, _NOW),
        insisted=False,  # whoever dies now must not make another one post it once more
    )
    .returning(*OUTBOX.c)
)

payload: Executable = select(_PAYLOAD.c.body).where(_PAYLOAD.c.id == bindparam("id"))

direct_message: Executable = select(_DIRECT.c.channel).where(
    _DIRECT.c.community_id == bindparam("community_id"), _DIRECT.c.user == bindparam("user")
)

posted: Executable = select(OUTBOX.c.channel, OUTBOX.c.ts).where(
    OUTBOX.c.community_id == bindparam("community_id"), OUTBOX.c.key == bindparam("key")
)

# Waiting for a lock while holding others could end in a deadlock with a handler that updates several messages.
free: Executable = (
    select(OUTBOX.c.id).where(OUTBOX.c.id.in_(bindparam("ids", expanding=True))).with_for_update(skip_locked=True)
)

settle: Executable = (
    update(OUTBOX)
    .where(
        OUTBOX.c.id == bindparam("row"),
        or_(
            and_(OUTBOX.c.state == OutboxState.claimed, OUTBOX.c.lease_until == bindparam("lease", type_=UtcDateTime)),
            and_(
                bindparam("whoever_holds_it", type_=Boolean),
                or_(*(OUTBOX.c.state == state for state in (*_OPEN, OutboxState.parked))),
            ),
        ),
    )
    .values(
        # A newer payload may have come while an older one was under way: it is still to be sent.
        state=case(
            (
                OUTBOX.c.generation == bindparam("of_generation", type_=Integer),
                bindparam("new_state", type_=OUTBOX.c.state.type),
            ),
            else_=OutboxState.pending,
        ),
        lease_until=None,
        last_error=bindparam("error", type_=String),
        insisted=bindparam("still_insisted", type_=Boolean),
        uploaded=bindparam("uploaded", type_=OUTBOX.c.uploaded.type),
        not_before=bindparam("again_at", type_=UtcDateTime),
        attempts=OUTBOX.c.attempts - bindparam("uncounted", type_=Integer),
        in_doubt_since=case((bindparam("in_doubt", type_=Boolean), OUTBOX.c.in_doubt_since), else_=null()),
        sent_at=func.coalesce(bindparam("posted_at", type_=UtcDateTime), OUTBOX.c.sent_at),
        ts=func.coalesce(bindparam("posted_ts", type_=String), OUTBOX.c.ts),
        channel=func.coalesce(OUTBOX.c.channel, bindparam("posted_in", type_=String)),
    )
)


@cache
def remember_direct_message(dialect: str) -> Executable:
    """Keep the channel of the bot's conversation with a person."""
    statement = (sqlite.insert(_DIRECT) if dialect == "sqlite" else postgresql.insert(_DIRECT)).values(
        community_id=bindparam("community_id"), user=bindparam("user"), channel=bindparam("channel")
    )
    return statement.on_conflict_do_update(
        index_elements=[_DIRECT.c.community_id, _DIRECT.c.user], set_={"channel": statement.excluded.channel}
    )


@cache
def record_pause(dialect: str) -> Executable:
    """Have a method left alone until then; a longer pause that is on record stays."""
    statement = (sqlite.insert(_PAUSE) if dialect == "sqlite" else postgresql.insert(_PAUSE)).values(
        {name: bindparam(name) for name in ("community_id", "method", "channel", "until")}
    )
    new = statement.excluded.until
    return statement.on_conflict_do_update(
        index_elements=[_PAUSE.c.community_id, _PAUSE.c.method, _PAUSE.c.channel],
        set_={"until": case((new > _PAUSE.c.until, new), else_=_PAUSE.c.until)},
    )
