"""Whether the bot is well: its database, Slack, its clock, and what waits to be sent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from delivery import outbox
from delivery.sender import Sender
from runtime.socket_mode import Connections
from scheduler.service import Service
from storage import Database

STALE_OUTBOX_S = 300  # a message this long overdue means that sending does not work
STALE_TICK_S = 30


def report(
    database: Database, sender: Sender, service: Service, connections: Connections | None, *, community_id: int
) -> dict[str, Any]:
    """`ok` and one entry each for database, Slack, clock and outbox (age in seconds of what waits longest)."""
    found: dict[str, Any] = {}
    age: float | None = None
    try:
        with database.read() as session:
            session.execute(text("SELECT 1"))
            age = outbox.oldest_pending_age(session, datetime.now(UTC), community_id)
        found["database"] = {"ok": True}
    except Exception as error:  # whatever the driver raises, the check must answer
        found["database"] = {"ok": False, "error": type(error).__name__}
    found["slack"] = _slack(sender, connections)
    tick = service.seconds_since_tick()
    found["clock"] = {"ok": tick is not None and tick < STALE_TICK_S, "seconds_since_tick": tick}
    found["outbox"] = {"ok": age is None or age < STALE_OUTBOX_S, "oldest_pending_seconds": age}
    return {"ok": all(part["ok"] for part in found.values()), **found}


def _slack(sender: Sender, connections: Connections | None) -> dict[str, Any]:
    sending = sender.health
    told = {"ok": sending.ok, "problem": sending.problem}
    if connections is None:
        return told
    alive = connections.alive
    return {**told, "ok": sending.ok and alive > 0, "connections": alive}
