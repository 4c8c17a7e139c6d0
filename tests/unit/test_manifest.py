"""The Slack app's manifest: valid, and asking for no more than the bot uses."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest

from settings import ROOT

SCHEMA = ROOT.parent / "shared" / "slack-truth" / "manifest.schema.2.0.0.json"
# Which scope each subscribed event needs, from Slack's reference of events.
NEEDED_BY_EVENT = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "message.channels": "channels:history",
    "message.im": "im:history",
    "team_join": "users:read",
    "user_change": "users:read",
}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((ROOT / "manifest.json").read_text())
    return loaded


@pytest.mark.skipif(not SCHEMA.exists(), reason="Slack's manifest schema is not at hand beside this folder")
def test_manifest_is_valid_against_slacks_schema(manifest: dict[str, Any]) -> None:
    jsonschema.validate(manifest, json.loads(SCHEMA.read_text()))


def test_every_subscribed_event_has_its_scope(manifest: dict[str, Any]) -> None:
    scopes = manifest["oauth_config"]["scopes"]
    asked = {*scopes["bot"], *scopes["bot_optional"]}
    for event in manifest["settings"]["event_subscriptions"]["bot_events"]:
        assert NEEDED_BY_EVENT[event] is None or NEEDED_BY_EVENT[event] in asked


def test_no_scope_lets_the_bot_read_private_channels_or_act_for_a_person(manifest: dict[str, Any]) -> None:
    scopes = manifest["oauth_config"]["scopes"]
    assert "user" not in scopes
    assert not {"groups:history", "mpim:history", "chat:write.public", "admin"} & {
        *scopes["bot"],
        *scopes["bot_optional"],
    }
    assert "channels:history" not in scopes["bot"]


def test_every_shortcut_and_command_has_a_listener(manifest: dict[str, Any]) -> None:
    listened = "\n".join(path.read_text() for path in (ROOT / "handlers").glob("*.py"))
    for shortcut in manifest["features"]["shortcuts"]:
        assert re.search(rf"shortcut\(\s*[\"']{re.escape(shortcut['callback_id'])}[\"']", listened), shortcut[
            "callback_id"
        ]
    for command in manifest["features"]["slash_commands"]:
        assert f'"{command["command"]}"' in listened
