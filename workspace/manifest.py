"""What the app declares about itself: commands, shortcuts, scopes, events."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from workspace.kinds import Json

EVENTS = (
    "app_home_opened",
    "app_mention",
    "channel_rename",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.im",
    "reaction_added",
    "reaction_removed",
    "team_join",
    "user_change",
)
SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "im:history",
    "im:read",
    "im:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "users:read",
    "users:read.email",
)
# Without its scope Slack does not send an event, whatever the app subscribed to.
EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "channel_rename": "channels:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "message.channels": "channels:history",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "team_join": "users:read",
    "user_change": "users:read",
}


@dataclass
class Manifest:
    """The app as installed; without a manifest it may do everything this server offers."""

    name: str = "Praxis"
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    events: set[str] = field(default_factory=lambda: set(EVENTS))
    commands: list[Json] = field(default_factory=list)
    shortcuts: list[Json] = field(default_factory=list)
    declared: bool = False

    def hears(self, event: str) -> bool:
        """Whether the app is told of this kind of event."""
        needed = EVENT_SCOPES.get(event)
        return event in self.events and (needed is None or needed in self.scopes)

    def command(self, name: str) -> Json | None:
        """The declared command of this name; without a manifest every command is taken for declared."""
        if not self.declared:
            return {"command": name}
        return next((command for command in self.commands if command["command"] == name), None)

    def as_json(self) -> Json:
        """What `GET /shortcuts` tells."""
        keys = ("command", "description", "usage_hint")
        return {
            "commands": [{key: command.get(key, "") for key in keys} for command in self.commands],
            "shortcuts": [
                {key: shortcut.get(key, "") for key in ("type", "callback_id", "name", "description")}
                for shortcut in self.shortcuts
            ],
        }


def read(path: Path) -> Manifest:
    """The manifest in a JSON file."""
    body = json.loads(path.read_text(encoding="utf-8"))
    features, settings = body.get("features", {}), body.get("settings", {})
    asked = body.get("oauth_config", {}).get("scopes", {})
    name = features.get("bot_user", {}).get("display_name") or body.get("display_information", {}).get("name")
    return Manifest(
        name=name or "Praxis",
        scopes={*asked.get("bot", ()), *asked.get("bot_optional", ())},  # whoever installs it here grants both
        events=set(settings.get("event_subscriptions", {}).get("bot_events", ())),
        commands=list(features.get("slash_commands", ())),
        shortcuts=list(features.get("shortcuts", ())),
        declared=True,
    )
