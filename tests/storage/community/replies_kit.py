"""What tests of replies share."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from community import rsvp
from community.records import Event, Member, Reply
from community.rsvp import Answer
from storage import Database
from tests.town import NOW


def reply(database: Database, member: Member, event: Event, wanted: Reply, now: datetime = NOW) -> Answer:
    """What became of somebody's reply."""
    with database.begin() as session:
        return rsvp.respond(session, member, event.id, wanted, now)


def run(call: Callable[[Member], None], members: list[Member]) -> None:
    """Have all of them do it at once."""
    threads = [threading.Thread(target=call, args=(member,)) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
