"""Channels and direct messages with what was said in them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass, field

from workspace import ids
from workspace.kinds import Json
from workspace.messages import Message


def _ts(message: Message) -> str:
    return message.ts  # ten digits before the point until the year 2286, so text order is time order


@dataclass
class Conversation:
    """A channel, or the direct messages between one person and the bot (`user` is the person)."""

    id: str
    name: str
    kind: str  # "channel" or "im"
    created: int
    user: str | None = None
    is_open: bool = True
    is_archived: bool = False
    purpose: str = ""
    members: dict[str, None] = field(default_factory=dict)
    timeline: list[Message] = field(default_factory=list)  # top-level messages and broadcast replies, oldest first
    by_ts: dict[str, Message] = field(default_factory=dict)
    ephemerals: dict[str, list[Message]] = field(default_factory=dict)
    last_read: dict[str, str] = field(default_factory=dict)

    @property
    def is_im(self) -> bool:
        """Whether these are direct messages."""
        return self.kind == "im"

    @property
    def event_kind(self) -> str:
        """The `channel_type` of message events."""
        return "im" if self.is_im else "channel"

    def add(self, message: Message) -> None:
        """Append a message whose ts is the latest so far; a reply's parent must be there."""
        self.by_ts[message.ts] = message
        if message.is_reply and message.thread_ts:
            parent = self.by_ts[message.thread_ts]
            parent.thread_ts = parent.ts
            parent.replies.append(message)
        if not message.is_reply or message.broadcast:
            self.timeline.append(message)

    def whisper(self, user: str, message: Message) -> None:
        """Append a message that only this person sees."""
        self.ephemerals.setdefault(user, []).append(message)

    def remove(self, message: Message) -> None:
        """Take a message out; replies to it stay where they are."""
        del self.by_ts[message.ts]
        if not message.is_reply or message.broadcast:
            del self.timeline[bisect_left(self.timeline, message.ts, key=_ts)]
        if message.is_reply and (parent := self.by_ts.get(message.thread_ts or "")):
            parent.replies.remove(message)
            parent.thread_ts = parent.ts if parent.replies else None

    def between(self, oldest: str | None, latest: str | None, *, inclusive: bool) -> tuple[int, int]:
        """The half-open range of `timeline` between two timestamps."""
        first, last = 0, len(self.timeline)
        if oldest is not None:
            first = (bisect_left if inclusive else bisect_right)(self.timeline, oldest, key=_ts)
        if latest is not None:
            last = (bisect_right if inclusive else bisect_left)(self.timeline, latest, key=_ts)
        return first, max(first, last)

    def seen_by(self, user: str, thread_ts: str | None, since: str | None, limit: int) -> list[Message]:
        """What a person sees, oldest first, at most the newest `limit`; a thread begins with its parent."""
        if thread_ts is None:
            first = bisect_right(self.timeline, since, key=_ts) if since else 0
            found = self.timeline[max(first, len(self.timeline) - limit) :]
        else:
            parent = self.by_ts.get(thread_ts)
            found = [m for m in ([parent, *parent.replies] if parent else []) if not since or m.ts > since][-limit:]
        for message in self.ephemerals.get(user, ()):
            if message.thread_ts == thread_ts and (not since or message.ts > since):
                insort(found, message, key=_ts)
        return found

    def find(self, ts: str, user: str | None = None) -> Message | None:
        """The message with this timestamp, among a person's ephemeral ones too when `user` is given."""
        found = self.by_ts.get(ts)
        if found is None and user is not None:
            found = next((m for m in self.ephemerals.get(user, ()) if m.ts == ts), None)
        return found

    def unread(self, user: str) -> int:
        """How many top-level messages came since the person last read."""
        return len(self.timeline) - bisect_right(self.timeline, self.last_read.get(user, ""), key=_ts)

    def mark_read(self, user: str) -> None:
        """Everything up to now is read by this person."""
        if self.timeline:
            self.last_read[user] = self.timeline[-1].ts

    def as_slack(self, bot_is_member: bool) -> Json:
        """Slack's conversation object, as the bot sees it."""
        if self.is_im:
            return {
                "id": self.id,
                "created": self.created,
                "is_im": True,
                "is_org_shared": False,
                "is_archived": False,
                "context_team_id": ids.TEAM,
                "updated": self.created * 1000,
                "user": self.user,
                "is_user_deleted": False,
                "is_open": self.is_open,
                "priority": 0,
            }
        text = {"value": self.purpose, "creator": "", "last_set": 0}
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": True,
            "is_group": False,
            "is_im": False,
            "is_mpim": False,
            "is_private": False,
            "is_archived": self.is_archived,
            "is_general": self.name == "general",
            "is_shared": False,
            "is_ext_shared": False,
            "is_org_shared": False,
            "is_pending_ext_shared": False,
            "is_member": bot_is_member,
            "created": self.created,
            "creator": "U0OLIVIA01",
            "updated": self.created * 1000,
            "unlinked": 0,
            "parent_conversation": None,
            "pending_shared": [],
            "shared_team_ids": [ids.TEAM],
            "context_team_id": ids.TEAM,
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": text,
            "previous_names": [],
            "num_members": len(self.members),
        }


CHANNELS = (
    ("C0GENERAL1", "general", "Announcements and news for everybody.", True),
    ("C0IMCOMMU1", "im-community", "The information management community of practice.", True),
    ("C0RANDOM01", "random", "Everything else; the bot is not here.", False),
)


class Conversations:
    """All channels and direct messages, found by id or name."""

    def __init__(self, now: float) -> None:
        self.by_id: dict[str, Conversation] = {}
        self._names: dict[str, Conversation] = {}
        for channel, name, purpose, with_bot in CHANNELS:
            self.add(Conversation(channel, name, "channel", int(now), purpose=purpose))
            if with_bot:
                self.by_id[channel].members[ids.BOT_USER] = None

    def add(self, conversation: Conversation) -> None:
        """Put a conversation in."""
        self.by_id[conversation.id] = conversation
        if not conversation.is_im:
            self._names[conversation.name] = conversation

    def open_im(self, user: str, channel: str, now: float) -> Conversation:
        """Make the direct messages between a person and the bot; they show up once somebody uses them."""
        im = Conversation(channel, "directmessage", "im", int(now), user=user, is_open=False)
        im.members.update({user: None, ids.BOT_USER: None})
        self.add(im)
        return im

    def find(self, name: str) -> Conversation | None:
        """The conversation with this id or channel name (with or without #), if there is one."""
        return self.by_id.get(name) or self._names.get(name.removeprefix("#").lower())

    def channels(self) -> list[Conversation]:
        """The public channels, oldest first."""
        return list(self._names.values())
