"""The Web API's arguments, scopes and tiers, beside Slack's own reference where that is at hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from settings import ROOT
from workspace import api
from workspace.api.call import METHODS
from workspace.manifest import SCOPES

REFERENCE = ROOT.parent / "shared" / "slack-truth" / "methods"
# reactions.add asks for its target by an error of its own, `no_item_specified`, not as a missing argument.
ASKED_FOR_OTHERWISE = {"reactions.add": {"channel", "timestamp"}}
WANTED = [
    "api.test",
    "auth.test",
    "apps.connections.open",
    "chat.postMessage",
    "chat.postEphemeral",
    "chat.update",
    "chat.delete",
    "chat.getPermalink",
    "conversations.open",
    "conversations.history",
    "conversations.replies",
    "conversations.info",
    "conversations.list",
    "conversations.members",
    "conversations.join",
    "users.info",
    "users.list",
    "users.lookupByEmail",
    "views.open",
    "views.update",
    "views.push",
    "views.publish",
    "reactions.add",
    "reactions.remove",
    "files.getUploadURLExternal",
    "files.completeUploadExternal",
    "bots.info",
    "team.info",
]


def reference(method: str) -> dict[str, Any]:
    path = REFERENCE / f"{method}.json"
    if not path.is_file():
        pytest.skip("Slack's method reference is not beside this repository (../shared/slack-truth/methods).")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_every_wanted_method_is_there() -> None:
    assert callable(api.answer)
    assert set(WANTED) <= set(METHODS)


@pytest.mark.parametrize("name", sorted(WANTED))
def test_method_takes_what_slacks_reference_says(name: str) -> None:
    spec, ours = reference(name), METHODS[name]
    known = set(spec["args"].get("properties", {})) - {"token"}
    assert ours.optional - {"team_id"} == known - {"team_id"} or name == "api.test"
    required = set(spec["args"].get("required") or ()) - {"token"} - ASKED_FOR_OTHERWISE.get(name, set())
    assert set(ours.required) == required
    assert f"t{ours.tier}" == spec["rate_limits"]


@pytest.mark.parametrize("name", sorted(WANTED))
def test_method_needs_the_scopes_that_slacks_reference_says(name: str) -> None:
    wanted = set(reference(name)["scope"].get("bot", ()))
    assert set(METHODS[name].scopes) == wanted
    assert not wanted or wanted & set(SCOPES)
