"""What is to be said in Slack, written in the transaction of the change it tells of.

Every function takes an open session and leaves the commit to its owner; after the commit the sender wakes. A payload
is `{"text": str, "blocks": [...]}` and may hold further arguments of the method (`unfurl_links`, …).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy import update as change
from sqlalchemy.orm import Session

from delivery import rows
from delivery.attachments import File, body
from delivery.records import DirectMessage, Method, Outbox, OutboxState, Payload
from delivery.standing import (
    Counts,
    Posted,
    counts,
    discard,
    moving,
    oldest_pending_age,
    position,
    retry,
    retry_failed,
    troubled,
)
from delivery.waking import to_post

__all__ = [
    "Counts",
    "File",
    "Posted",
    "broadcast",
    "counts",
    "discard",
    "ephemeral",
    "moving",
    "oldest_pending_age",
    "position",
    "post",
    "publish_home",
    "put",
    "retry",
    "retry_failed",
    "store_payload",
    "troubled",
    "update",
    "upload",
]

FEW = 500  # people who are looked up by name rather than all together


def post(
    session: Session,
    *,
    community_id: int,
    key: str,
    payload: dict[str, Any] | None = None,
    payload_id: int | None = None,
    channel: str | None = None,
    user: str | None = None,
    thread_ts: str | None = None,
    subject: str | None = None,
    bulk: bool | None = None,
) -> bool:
    """Have a message posted exactly once; False when `key` was there already, and then nothing changes.

    `user` without `channel` means the bot's direct message with that person. `bulk` messages wait for the others; by
    default those are the ones that share a stored payload. Raises ValueError for arguments that name no message.
    """
    if (payload is None) == (payload_id is None):
        raise ValueError("A message has either its own payload or a stored one")
    return rows.add(
        session,
        community_id=community_id,
        key=key,
        method=Method.post,
        **rows.place(session, community_id, channel, user, thread_ts),
        payload=payload,
        payload_id=payload_id,
        subject=subject,
        priority=rows.BULK if (payload_id is not None if bulk is None else bulk) else rows.URGENT,
    )


def upload(
    session: Session,
    *,
    community_id: int,
    key: str,
    text: str,
    files: Sequence[File],
    channel: str | None = None,
    user: str | None = None,
    thread_ts: str | None = None,
    subject: str | None = None,
) -> bool:
    """Have files shared exactly once, in one message that says `text` (mrkdwn); False when `key` was there already.

    The message cannot be changed later. Raises ValueError for files that Slack would refuse.
    """
    place = rows.place(session, community_id, channel, user, thread_ts)
    # Stored apart, so that who looks through the outbox does not carry the bytes along.
    place["payload_id"] = store_payload(session, body(text, files))
    added = rows.add(session, community_id=community_id, key=key, method=Method.upload, subject=subject, **place)
    if not added:
        session.execute(delete(Payload).where(Payload.id == place["payload_id"]))
    return added


def broadcast(
    session: Session, *, community_id: int, letters: Sequence[tuple[str, str, int]], subject: str | None = None
) -> int:
    """`post` for many: letters are `(key, user, payload_id)`; returns how many were not there already.

    Nobody who writes meanwhile waits for long: five thousand take a tenth of the time that single posts do.
    """
    if not letters:
        return 0
    known = select(DirectMessage.user, DirectMessage.channel).where(DirectMessage.community_id == community_id)
    if len(letters) <= FEW:
        known = known.where(DirectMessage.user.in_([user for _, user, _ in letters]))
    channels: dict[str, str] = dict(session.execute(known).all())
    new = []
    for key, user, payload_id in letters:
        where = channels.get(user)
        new.append(
            rows.row(
                session,
                {
                    "community_id": community_id,
                    "key": key,
                    "method": Method.post,
                    "channel": where,
                    "user": user,
                    "conversation": f"{community_id}/{where or f'@{user}'}/",
                    "payload_id": payload_id,
                    "subject": subject,
                    "priority": rows.BULK,
                },
            )
        )
    connection = session.connection()
    statement = rows.insert(connection.dialect.name).on_conflict_do_nothing().returning(rows.TABLE.c.id)
    added = len(connection.execute(statement, new).all())
    to_post.ring(session)
    return added


def ephemeral(
    session: Session,
    *,
    community_id: int,
    key: str,
    channel: str,
    user: str,
    payload: dict[str, Any],
    thread_ts: str | None = None,
) -> bool:
    """Have a message shown to one person in a channel, at most once: in doubt it is parked, never repeated."""
    return rows.add(
        session,
        community_id=community_id,
        key=key,
        method=Method.ephemeral,
        channel=channel,
        user=user,
        conversation=f"{community_id}/{channel}/{thread_ts or ''}/{user}",
        thread_ts=thread_ts,
        payload=payload,
    )


def update(session: Session, *, community_id: int, of: str, payload: dict[str, Any]) -> None:
    """Have the message posted under key `of` show `payload`: the newest wins, at a pace that Slack allows.

    What has not been posted yet is posted in its new form. Raises LookupError when there is no such message.
    """
    # Only as long as it is certain that nothing was posted; if the sender claims it meanwhile, this finds nothing.
    unposted = session.execute(
        change(Outbox)
        .where(
            Outbox.community_id == community_id,
            Outbox.key == of,
            Outbox.method == Method.post,
            Outbox.in_doubt_since.is_(None),
            Outbox.state.in_((OutboxState.pending, OutboxState.failed, OutboxState.discarded)),
        )
        .values(payload=payload, payload_id=None)
        .execution_options(synchronize_session=False)
    )
    if unposted.rowcount:  # type: ignore[attr-defined]  # an update's result counts rows
        return
    posted = select(Outbox.state).where(Outbox.community_id == community_id, Outbox.method == Method.post)
    state = session.scalar(posted.where(Outbox.key == of))
    if state is None:
        raise LookupError(f"No message was posted under the key {of!r}")
    if state is OutboxState.discarded:  # nobody knows where it is, if it is anywhere
        return
    rows.coalesce(
        session,
        community_id=community_id,
        key=f"update:{of}",
        method=Method.update,
        conversation=f"{community_id}/update:{of}"[:80],
        target_key=of,
        payload=payload,
    )


def publish_home(session: Session, *, community_id: int, user: str, view: dict[str, Any]) -> None:
    """Have a person's App Home show `view`; the newest wins."""
    rows.coalesce(
        session,
        community_id=community_id,
        key=f"home:{user}",
        method=Method.publish,
        user=user,
        conversation=f"{community_id}/home:{user}",
        payload=view,
    )


def put(
    session: Session,
    *,
    community_id: int,
    key: str,
    payload: dict[str, Any],
    channel: str | None = None,
    user: str | None = None,
    subject: str | None = None,
) -> None:
    """Have the message with this key show `payload`: posted where there is none yet, else changed."""
    if not post(
        session, community_id=community_id, key=key, payload=payload, channel=channel, user=user, subject=subject
    ):
        update(session, community_id=community_id, of=key, payload=payload)


def store_payload(session: Session, body: dict[str, Any]) -> int:
    """Keep what a broadcast says once, for the `payload_id` of its messages."""
    stored = Payload(body=body)
    session.add(stored)
    session.flush()
    return stored.id
