"""One process of the bot: every part made, joined, started and stopped in the right order."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

import handlers
from community import people
from community.records import Community
from delivery.client import is_loopback, web_client
from delivery.inbox import Inbox
from delivery.sender import Sender
from handlers import acks, receiving
from handlers.news import News
from handlers.people import sync
from handlers.services import Services
from knowledge import files
from knowledge.answering import Answers
from runtime import health
from runtime.content import CONTENT, UNCLAIMED_TEAM, import_folder, import_sample_catalogue
from runtime.errors import StartError
from runtime.local_clock import ClockFollower
from runtime.local_people import give_roles
from runtime.reader import Reader
from runtime.socket_mode import Connections
from scheduler.clock import Clock
from scheduler.requests import Requests
from scheduler.service import Service
from settings import Settings
from storage import Database, migrate
from storage.errors import StorageError

log = structlog.get_logger("praxis.process")

WORKSPACE_HEADER = "x-workspace-url"
# An acknowledgement gives up the interpreter a dozen times, at each call of the database and the socket; with the usual
# 5 ms until it is given back, one busy listener would make it late.
SWITCH_S = 0.0005
LISTENERS = 16  # threads that run listeners; none of them waits for Slack longer than a modal takes to open
GOODBYE_S = 0.5  # what runs in the background at the end leaves nothing half done: it writes all or nothing
FIRST_PATIENCE_S, MOST_PATIENCE_S = 2.0, 300.0  # between two attempts to read who is there


@dataclass(frozen=True)
class Access:
    """How to reach one Slack workspace. Secrets stay out of the repr."""

    api_url: str
    bot_token: str = field(repr=False)
    app_token: str | None = field(default=None, repr=False)
    signing_secret: str | None = field(default=None, repr=False)


class Process:
    """One running bot. `start` returns once it is connected (Socket Mode) or ready to be served (HTTP)."""

    def __init__(self, settings: Settings, access: Access) -> None:
        self.settings = settings
        self.access = access
        self.clock = Clock()
        self.database = Database(settings.database_url.get_secret_value())
        self.client: WebClient = web_client(access.bot_token, access.api_url)
        self.app: App
        self.services: Services
        self.news: News
        self.sender: Sender
        self.service: Service
        self.connections: Connections | None = None
        self.follower: ClockFollower | None = None
        self.reader: Reader | None = None
        self.workspace_url: str | None = None
        self._background: list[threading.Thread] = []
        self._ending = threading.Event()
        self._stopped = False

    def start(self) -> None:
        """Migrate, say hello to Slack, listen, load the knowledge, take up unfinished work.

        Raises StartError, or a storage error that says what is wrong with the database.
        """
        began = time.monotonic()
        sys.setswitchinterval(SWITCH_S)
        migrate.upgrade(self.database)
        hello = self._hello()
        # Only a Slack on this machine may move the bot's clock and name who has which role.
        self.workspace_url = hello.headers.get(WORKSPACE_HEADER) if is_loopback(self.access.api_url) else None
        with migrate.getting_ready(self.database):
            community_id = self._community(hello)
            self._import_starter_entries(community_id)
            import_sample_catalogue(self.database, community_id)
        answers = Answers(self.database, community_id, encoder=self.settings.encoder)
        self.services = Services(
            database=self.database,
            inbox=Inbox(self.database, community_id=community_id),
            answers=answers,
            now=self.clock.now,
            community_id=community_id,
            experts_channel=self.settings.experts_channel,
            experts_wait=timedelta(hours=self.settings.experts_wait_hours),
            default_locale=self.settings.locale,
            default_time_zone=self.settings.time_zone,
            organizers=self.settings.organizers,
            public_url=self.settings.public_url if self.access.app_token is None else None,
        )
        self.news = News(self.services, self.client)
        self.app = self._bolt()
        # One token, one community: what another's bot is to say in its own workspace is not ours to post.
        self.sender = Sender(self.database, self.client, threads=self.settings.senders, community_id=community_id)
        self.service = Service(
            self.database,
            self.clock,
            replay=lambda: receiving.replay(self.app, self.services, self.news),
            community_id=community_id,
            requests=Requests(self.services.experts_channel, self.services.experts_wait, self.services.shelf),
        )
        if self.workspace_url:
            self.follower = ClockFollower(self.workspace_url, self.clock, self.service)
            self.follower.start()
        self.sender.start()
        self.news.start()
        if self.access.app_token:
            self._connect()
        # After the connection is open: reading takes a core for a second or two, and acknowledgements need no entries.
        self.reader = Reader(self.database, community_id, answers, self.clock.now)
        self._in_background("knowledge", self.reader.run)
        receiving.replay(self.app, self.services, self.news, all_open=True)
        self.service.start()
        self._in_background("sync-members", self._sync_members)
        log.info("process.started", seconds=round(time.monotonic() - began, 2), community=community_id)

    def stop(self) -> None:
        """Take nothing new, let what is under way finish, give everything back. Safe to call twice."""
        if self._stopped:
            return
        self._stopped = True
        self._ending.set()
        made_last = (getattr(self, name, None) for name in ("news", "service", "sender"))
        for part in (self.connections, self.follower, self.reader, *made_last):
            if part is not None:
                part.stop()
        if hasattr(self, "app"):
            self.app.listener_runner.listener_executor.shutdown(wait=False)
            for queue in (self.services.errands, self.services.files):
                queue.shutdown(wait=False, cancel_futures=True)
        until = time.monotonic() + GOODBYE_S
        for thread in self._background:
            thread.join(max(0.0, until - time.monotonic()))
        self.database.close()
        log.info("process.stopped")

    def health(self) -> dict[str, Any]:
        """What `/healthz` tells; see `runtime.health`."""
        return health.report(
            self.database, self.sender, self.service, self.connections, community_id=self.services.community_id
        )

    def _hello(self) -> Any:
        try:
            return self.client.auth_test()
        except SlackApiError as error:
            raise StartError(
                f"Slack refused the bot token ({error.response.get('error')}). Copy the Bot User OAuth Token (xoxb-…) "
                "from the app's “OAuth & Permissions” page into SLACK_BOT_TOKEN."
            ) from None
        except (SlackClientError, OSError) as error:
            raise StartError(
                f"Slack cannot be reached at {self.access.api_url} ({type(error).__name__}). "
                "Check the network, the proxy and SLACK_API_URL."
            ) from None

    def _community(self, hello: Any) -> int:
        with self.database.begin() as session:
            _claim(session, hello["team_id"])
            community = people.ensure_community(
                session,
                slack_team_id=hello["team_id"],
                name=hello.get("team") or hello["team_id"],
                locale=self.settings.locale,
                time_zone=self.settings.time_zone,
                now=self.clock.now(),
                bot_user_id=hello.get("user_id"),
                enterprise_id=hello.get("enterprise_id"),
            )
            return community.id

    def _import_starter_entries(self, community_id: int) -> None:
        with self.database.read() as session:
            if files.count(session, community_id):
                return
        import_folder(self.database, community_id, CONTENT, self.clock.now())

    def _bolt(self) -> App:
        app = App(
            logger=logging.getLogger("slack_bolt"),
            client=self.client,
            signing_secret=self.access.signing_secret or "unused: Socket Mode requests carry no signature",
            listener_executor=ThreadPoolExecutor(LISTENERS, thread_name_prefix="listener"),
        )
        acks.first_stands(app.listener_runner)
        app.use(receiving.write_down(self.services, self.news))
        handlers.register(app)
        return app

    def _connect(self) -> None:
        self.connections = Connections(self.app, self.access.app_token or "", self.settings.socket_connections)
        try:
            self.connections.start()
        except SlackApiError as error:
            raise StartError(
                f"Slack refused the app token ({error.response.get('error')}). Create an app-level token (xapp-…) with "
                "the scope connections:write on the app's “Basic Information” page and put it into SLACK_APP_TOKEN."
            ) from None
        except TimeoutError as error:
            raise StartError(f"Socket Mode did not open: {error}. Check the network and the proxy.") from None

    def _sync_members(self) -> None:
        """Until it has worked once: without it nobody is an organizer."""
        patience = FIRST_PATIENCE_S
        while not self._ending.is_set():
            try:
                sync(self.client, self.services, self._ending.wait)
                if self.workspace_url:
                    give_roles(self.workspace_url, self.database, self.services.community_id, self.clock.now())
                return
            except (SlackClientError, OSError, StorageError) as error:
                log.warning("members.sync_failed", error=type(error).__name__, again_in_s=patience)
            self._ending.wait(patience)
            patience = min(2 * patience, MOST_PATIENCE_S)

    def _in_background(self, name: str, call: Callable[[], object]) -> threading.Thread:
        def run() -> None:
            try:
                call()
            except Exception as error:
                log.exception("background.failed", task=name, error=type(error).__name__)

        thread = threading.Thread(target=run, name=name, daemon=True)
        thread.start()
        self._background.append(thread)
        return thread


def _claim(session: Session, team_id: str) -> None:
    """A knowledge base that was asked before the bot met any Slack workspace belongs to the first it meets."""
    if session.scalar(select(Community.id).where(Community.slack_team_id == team_id)) is None:
        unclaimed = update(Community).where(Community.slack_team_id == UNCLAIMED_TEAM)
        session.execute(unclaimed.values(slack_team_id=team_id))
