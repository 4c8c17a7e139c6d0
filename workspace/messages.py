"""One message, and how Slack writes it."""

from __future__ import annotations

from dataclasses import dataclass, field

from workspace import ids
from workspace.kinds import Json


@dataclass
class Message:
    """A message of a person (`client_msg_id`) or of the bot (`bot`); replies hang on their parent."""

    ts: str
    user: str
    text: str
    bot: bool = False
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    files: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    parent_user: str | None = None
    broadcast: bool = False
    subtype: str | None = None
    client_msg_id: str | None = None
    metadata: Json | None = None
    edited: Json | None = None
    ephemeral: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    replies: list[Message] = field(default_factory=list)
    last_modified: int = 0

    @property
    def is_reply(self) -> bool:
        """Whether it lives in a thread under another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    def core(self, bot_name: str) -> Json:
        """What every rendering of it holds."""
        out: Json = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text, "team": ids.TEAM}
        if self.subtype:
            out["subtype"] = self.subtype
        if self.bot:
            out["bot_id"] = ids.BOT
            out["bot_profile"] = bot_profile(bot_name)
        if self.client_msg_id:
            out["client_msg_id"] = self.client_msg_id
        if self.blocks:
            out["blocks"] = self.blocks
        if self.attachments:
            out["attachments"] = self.attachments
        if self.files:
            out["files"] = self.files
            out["upload"] = not self.bot
        if self.thread_ts:
            out["thread_ts"] = self.thread_ts
            if self.is_reply and self.parent_user:
                out["parent_user_id"] = self.parent_user
        if self.edited:
            out["edited"] = self.edited
        return out

    def as_slack(self, bot_name: str, *, metadata: bool = False) -> Json:
        """As conversations.history gives it."""
        out = self.core(bot_name)
        if self.bot:
            out["app_id"] = ids.APP
        if self.replies:
            out |= self.thread_summary()
        if self.reactions:
            out["reactions"] = [
                {"name": name, "users": list(users), "count": len(users)} for name, users in self.reactions.items()
            ]
        if metadata and self.metadata:
            out["metadata"] = self.metadata
        return out

    def thread_summary(self) -> Json:
        """What a parent tells about its replies."""
        users = list(dict.fromkeys(reply.user for reply in self.replies))
        return {
            "reply_count": len(self.replies),
            "reply_users": users[:5],
            "reply_users_count": len(users),
            "latest_reply": self.replies[-1].ts,
        }

    def as_seen(self, bot_name: str) -> Json:
        """As a person's client shows it."""
        return self.as_slack(bot_name) | ({"ephemeral": True} if self.ephemeral else {})


def bot_profile(name: str) -> Json:
    """The bot's card as messages carry it."""
    return {
        "id": ids.BOT,
        "deleted": False,
        "name": name,
        "updated": 1_760_000_000,
        "app_id": ids.APP,
        "icons": {size: f"https://a.slack-edge.com/bot/{size}.png" for size in ("image_36", "image_48", "image_72")},
        "team_id": ids.TEAM,
    }
