"""The whole workspace in one place; everything here lives on one event loop, in memory, and in a file if it is kept."""

from __future__ import annotations

import asyncio

from workspace import ids
from workspace.clock import Clock
from workspace.conversations import Conversation, Conversations
from workspace.envelopes import Envelope, Patience
from workspace.faults import Faults
from workspace.files import Files
from workspace.http_mode import HttpMode
from workspace.keeping import Keeper
from workspace.kinds import Json
from workspace.limits import Limits
from workspace.manifest import Manifest
from workspace.messages import Message
from workspace.people import People, Person
from workspace.record import Record
from workspace.socket_mode import SocketMode
from workspace.streams import Streams
from workspace.triggers import Triggers
from workspace.views import Views
from workspace.wire import Wires


class Workspace:
    """People, conversations, views and files, and the ways to the app and to the pages."""

    def __init__(self, manifest: Manifest, record: Record, limits: Limits, patience: Patience) -> None:
        self.url = ""  # known once the port is
        self.manifest, self.record, self.limits, self.patience = manifest, record, limits, patience
        self.clock = Clock()
        self.views = Views()
        self.keeper = Keeper(self.views, self.clock)
        self.faults = Faults()
        self.wires = Wires()
        self.streams = Streams()
        self.triggers = Triggers(self.keeper.response)
        self.files = Files()
        self.socket = SocketMode(self.wires, self.faults, patience)
        self.http = HttpMode(patience)
        self.offered: dict[tuple[str, str], list[Json]] = {}  # latest suggestions by person and action
        self._home_waiters: dict[str, list[asyncio.Future[None]]] = {}
        now = self.clock.now()
        self.people = People(now, manifest.name)
        self.conversations = Conversations(now)
        for person in self.people.humans():
            self.settle_in(person)

    def settle_in(self, person: Person) -> None:
        """Give a person their direct messages with the bot and their place in the channels everybody is in."""
        channel = "D" + person.id[1:]
        person.im = self.conversations.open_im(person.id, channel, self.clock.now()).id
        for conversation in self.conversations.channels():
            conversation.members[person.id] = None
            self.keeper.conversation(conversation)
        self.keeper.conversation(self.conversations.by_id[person.im])
        self.keeper.person(person)

    def begin(self) -> None:
        """The event loop runs: write what a new workspace starts with, send what the app had not acknowledged."""
        if not self.keeper.keeps:
            return
        for person in self.people.humans():
            self.keeper.person(person)
        for conversation in self.conversations.by_id.values():
            self.keeper.conversation(conversation)
        for payload in self.keeper.unacknowledged():
            self.send_event(payload)

    @property
    def bot_name(self) -> str:
        """What the app is called."""
        return self.manifest.name

    # To the app

    def event(self, event: Json, subscription: str | None = None) -> None:
        """Tell the app of an event, if it subscribed to it."""
        if not self.manifest.hears(subscription or event["type"]):
            return
        payload = {
            "token": ids.VERIFICATION_TOKEN,
            "team_id": ids.TEAM,
            "context_team_id": ids.TEAM,
            "context_enterprise_id": None,
            "api_app_id": ids.APP,
            "event": event,
            "type": "event_callback",
            "event_id": ids.new_id("Ev"),
            "event_time": int(self.clock.now()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": ids.TEAM,
                    "user_id": ids.BOT_USER,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{ids.secret()}",
        }
        self.send_event(payload)

    def send_event(self, payload: Json) -> None:
        """Send an event's whole payload to the app."""
        self.keeper.event(payload["event_id"], self._send("events_api", payload))

    async def ask(self, kind: str, payload: Json) -> Json | None:
        """Send a press, command or submission; returns what the app answered, or raises Unanswered."""
        return await self._send(kind, payload).answer

    def _send(self, kind: str, payload: Json) -> Envelope:
        answer: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        envelope = Envelope(kind, payload, answer, copies=self.faults.copies())
        (self.http if self.http.url else self.socket).send(envelope)
        return envelope

    # Waiting for the app

    def next_home(self, user: str) -> asyncio.Future[None]:
        """Done once the app publishes this person's Home the next time."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._home_waiters.setdefault(user, []).append(waiter)
        return waiter

    def home_published(self, user: str) -> None:
        """The app published a Home."""
        for waiter in self._home_waiters.pop(user, ()):
            if not waiter.done():
                waiter.set_result(None)

    # To the pages

    def show(self, event: str, conversation: Conversation, message: Message, only: str | None = None) -> None:
        """A message came, changed or went: keep that, and tell the pages of those who see it."""
        self.keeper.message(conversation, message, only, gone=event == "message_deleted")
        data: Json = {"channel": conversation.id, "ts": message.ts}
        if message.is_reply:
            data["thread_ts"] = message.thread_ts
        if only is not None:
            self.streams.tell(only, event, data)
            return
        for user in self.streams.watched():
            if not conversation.is_im or user in conversation.members:
                self.streams.tell(user, event, data)

    def show_view(self, user: str, kind: str = "view") -> None:
        """A modal (`view`) or the Home (`home`) of a person changed: keep that, and tell their pages."""
        self.keeper.views(user)
        self.streams.tell(user, kind, {})

    def close(self) -> None:
        """End the streams, let go of files and threads."""
        self.streams.close()
        self.http.close()
        self.record.close()
