"""What Slack tells by itself (a profile changed, somebody entered a channel), taken up many at a time.

Nobody waits for it, and a busy workspace sends hundreds a second: one thread works through it in few transactions, so
that acknowledgements and answers do not queue behind it. Each is in the inbox first; what is not taken up here, the
clock takes up again.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from typing import Any, NamedTuple

import structlog
from slack_bolt import BoltContext
from slack_sdk import WebClient
from sqlalchemy.exc import SQLAlchemyError

from community import channels, people
from community.people import Profile
from community.records import Community
from delivery import inbox
from handlers import event_news, profiles
from handlers.payloads import Body, event_of, kind_of, place_of
from handlers.services import Services
from handlers.work import Work
from storage.errors import StorageError

log = structlog.get_logger("praxis.news")

MOVES = frozenset({"event:member_joined_channel", "event:member_left_channel"})
KINDS = MOVES | {"event:team_join", "event:user_change"}
AT_ONCE = 400  # a transaction of some milliseconds: writers who wait for it hardly notice
REST_S, BUSY_REST_S = 0.2, 1.0  # between two of them; what comes meanwhile goes into the next
MANY = 20  # so many at once are a stream and not one person
HELD = 5000  # in memory; the clock brings the others back from the inbox when their lease is over
ASKED_AT_ONCE = 20  # profiles asked of Slack between two transactions; the sync of members reads the others


class Item(NamedTuple):
    """One piece of news and the key under which it is in the inbox."""

    key: str
    body: Body


class News:
    """The thread that takes up news. `put` never waits; `stop` leaves the rest to the next start."""

    def __init__(self, services: Services, client: WebClient) -> None:
        self._services = services
        self._client = client
        self._items: deque[Item] = deque()
        self._came = threading.Event()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="news", daemon=True)

    def start(self) -> None:
        """Begin with what was put so far."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the transaction under way."""
        self._ending.set()
        self._came.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def put(self, key: str, body: Body) -> None:
        """Have it taken up soon; it must be in the inbox."""
        if len(self._items) < HELD:
            self._items.append(Item(key, body))
            self._came.set()

    def _run(self) -> None:
        batch: list[Item] = []
        while True:
            self._came.wait()
            # Others come right behind: a channel is entered by many, a directory is synchronised in one go.
            if self._ending.wait(BUSY_REST_S if len(batch) > MANY else REST_S):
                return
            self._came.clear()
            batch = [self._items.popleft() for _ in range(min(AT_ONCE, len(self._items)))]
            if self._items:
                self._came.set()
            if batch:
                self._take_up(batch)

    def _take_up(self, batch: list[Item]) -> None:
        try:
            self._apply(batch)
        except (StorageError, SQLAlchemyError) as error:
            # They stay in the inbox, where the clock finds them when the database is back.
            log.warning("news.put_off", news=len(batch), error=type(error).__name__)
        except Exception as error:
            if len(batch) > 1:  # one that fails must not take the others with it
                for item in batch:
                    self._take_up([item])
                return
            (item,) = batch
            log.exception("news.failed", kind=kind_of(item.body), key=item.key, error=type(error).__name__)
            inbox.fail(self._services.database, item.key, type(error).__name__)

    def _apply(self, batch: list[Item]) -> None:
        services = self._services
        told = self._profiles(batch)
        moved = {user for item in batch if (user := place_of(item.body).user) and kind_of(item.body) in MOVES}
        with services.database.read() as session:  # most news of profiles says what is known: not to write is cheapest
            community = session.get_one(Community, services.community_id)
            concerned = people.outdated(session, community, told) | moved
        with services.database.begin() as session:
            mine = inbox.finish_all(session, [item.key for item in batch])
            community, now = session.get_one(Community, services.community_id), services.now()
            profiles_of = {user: told[user] for user in sorted(concerned)}
            members = people.ensure_members(session, community, profiles_of, now)
            for key, body in batch:
                member = members.get(place_of(body).user or "")
                if key in mine and member is not None:
                    context = BoltContext({"services": services})
                    _effect(Work(session, services, community, member, place_of(body), now, context, body, key))
        for user, member in members.items():
            services.remember_locale(user, member.locale)
        log.info("news.taken_up", news=len(mine), changed=len(members))

    def _profiles(self, batch: list[Item]) -> dict[str, Profile | None]:
        """Of each person in the news the newest profile; where neither the news nor we have one, Slack is asked."""
        told: dict[str, Profile | None] = {}
        for item in batch:
            user = event_of(item.body).get("user")
            if isinstance(user, Mapping) and user.get("id"):
                told[str(user["id"])] = profiles.profile_of(user)
            elif isinstance(user, str) and user:
                told.setdefault(user, None)
        without = [user for user, profile in told.items() if profile is None or profile.locale is None]
        with self._services.database.read() as session:
            strangers = people.strangers(session, self._services.community_id, without)
        for user in strangers[:ASKED_AT_ONCE]:
            told[user] = profiles.fetch(self._client, user) or told[user]
        return told


def _effect(w: Work) -> None:
    match event_of(w.body).get("type"):
        case "member_joined_channel":
            channels.joined(w.session, w.member, _channel(w.body), w.now)
        case "member_left_channel":
            # The channel's events no longer concern them unless they replied.
            channels.left(w.session, w.member, _channel(w.body))
        case _ if not w.member.active:
            # Whoever left Slack comes to no event: their seats go to those who wait.
            event_news.give_up(w, w.member)


def _channel(body: Mapping[str, Any]) -> str:
    return str(event_of(body).get("channel"))
