"""What Slack refuses, refused with Slack's own codes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient

from tests.kit import Person, Workspace
from tests.workspace_kit import Call, refused
from workspace import server

GENERAL = "C0GENERAL1"
RANDOM = "C0RANDOM01"
OPTION = {"text": {"type": "plain_text", "text": "One"}, "value": "1"}
INPUT = {
    "type": "input",
    "label": {"type": "plain_text", "text": "Name"},
    "element": {"type": "plain_text_input", "action_id": "name"},
}


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("Title"), "submit": plain("Send"), "blocks": list(blocks)} | more


@pytest.mark.parametrize(
    ("method", "args", "code"),
    [
        ("chat.postNothing", {}, "unknown_method"),
        ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": GENERAL, "text": "x", "colour": "red"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "C0NOWHERE1", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": RANDOM, "text": "x"}, "not_in_channel"),
        ("chat.postMessage", {"channel": GENERAL}, "no_text"),
        ("chat.postMessage", {"channel": GENERAL, "text": "  \n"}, "no_text"),
        ("chat.postMessage", {"channel": GENERAL, "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": GENERAL, "text": "x", "blocks": "section"}, "invalid_blocks_format"),
        ("chat.postMessage", {"channel": GENERAL, "text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks"),
        ("chat.postMessage", {"channel": GENERAL, "text": "x", "thread_ts": "1700000000.000001"}, "thread_not_found"),
        ("chat.postMessage", {"channel": GENERAL, "text": "x", "thread_ts": "soon"}, "invalid_thread_ts"),
        ("chat.postMessage", {"channel": GENERAL, "text": "x", "metadata": "key"}, "invalid_metadata_format"),
        ("chat.postMessage", {"channel": GENERAL, "text": "x", "metadata": {"a": 1}}, "invalid_metadata_schema"),
        (
            "chat.postMessage",
            {"channel": GENERAL, "text": "x", "metadata": {"event_type": "k", "event_payload": {"k": "x" * 20_000}}},
            "metadata_too_large",
        ),
        ("chat.postMessage", {"channel": GENERAL, "text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ("chat.postMessage", {"channel": GENERAL, "text": "x", "attachments": [{}] * 101}, "too_many_attachments"),
        ("chat.postEphemeral", {"channel": GENERAL, "user": "U0NOBODY01", "text": "x"}, "user_not_in_channel"),
        ("chat.postEphemeral", {"channel": RANDOM, "user": "U0BEN00001", "text": "x"}, "not_in_channel"),
        ("chat.update", {"channel": GENERAL, "ts": "1700000000.000001", "text": "x"}, "message_not_found"),
        ("chat.delete", {"channel": GENERAL, "ts": "1700000000.000001"}, "message_not_found"),
        ("chat.getPermalink", {"channel": GENERAL, "message_ts": "1700000000.000001"}, "message_not_found"),
        ("conversations.info", {"channel": "C0NOWHERE1"}, "channel_not_found"),
        ("conversations.history", {"channel": RANDOM}, "not_in_channel"),
        ("conversations.history", {"channel": GENERAL, "cursor": "bm90aGluZw=="}, "invalid_cursor"),
        ("conversations.history", {"channel": GENERAL, "oldest": "yesterday"}, "invalid_ts_oldest"),
        ("conversations.history", {"channel": GENERAL, "limit": -1}, "invalid_limit"),
        ("conversations.replies", {"channel": GENERAL, "ts": "1700000000.000001"}, "thread_not_found"),
        ("conversations.list", {"types": "secret"}, "invalid_types"),
        ("conversations.list", {"cursor": "?"}, "invalid_cursor"),
        ("conversations.join", {"channel": "D0BEN00001"}, "method_not_supported_for_channel_type"),
        ("conversations.open", {}, "users_list_not_supplied"),
        ("conversations.open", {"users": "U0NOBODY01"}, "user_not_found"),
        ("conversations.open", {"users": "U0PRAXIS01"}, "cannot_dm_bot"),
        ("users.info", {"user": "U0NOBODY01"}, "user_not_found"),
        ("users.lookupByEmail", {"email": "nobody@praxis.example"}, "users_not_found"),
        ("bots.info", {"bot": "B0NOBODY01"}, "bot_not_found"),
        ("team.info", {"team": "T0NOWHERE1"}, "team_not_found"),
        ("reactions.add", {"name": "x"}, "no_item_specified"),
        ("reactions.add", {"name": "x", "channel": GENERAL, "timestamp": "now"}, "bad_timestamp"),
        ("reactions.add", {"name": "x", "channel": GENERAL, "timestamp": "1700000000.000001"}, "message_not_found"),
        ("views.publish", {"user_id": "U0NOBODY01", "view": {"type": "home", "blocks": []}}, "user_not_found"),
        ("views.publish", {"user_id": "U0BEN00001", "view": modal()}, "invalid_arguments"),
        ("views.open", {"view": modal()}, "invalid_arguments"),
        ("views.open", {"view": modal(), "trigger_id": "1.2.3"}, "invalid_trigger_id"),
        ("views.open", {"view": modal(title=plain("x" * 25)), "trigger_id": "1.2.3"}, "invalid_arguments"),
        ("views.open", {"view": modal(*[INPUT] * 101), "trigger_id": "1.2.3"}, "invalid_arguments"),
        (
            "views.open",
            {
                "view": modal(*[{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}] * 90),
                "trigger_id": "1",
            },
            "view_too_large",
        ),
        ("views.update", {"view": modal()}, "invalid_arguments"),
        ("views.update", {"view": modal(), "view_id": "V0NOTHING1"}, "not_found"),
        ("files.getUploadURLExternal", {"filename": "x", "length": 0}, "invalid_arguments"),
        ("files.completeUploadExternal", {"files": [{"id": "F0NOTHING1"}]}, "file_not_found"),
    ],
)
def test_refused_with_slacks_code(call: Call, method: str, args: dict[str, Any], code: str) -> None:
    assert call(method, **args) | {"ok": False} == call(method, **args)
    assert call(method, **args)["error"] == code


def test_tokens_decide(call: Call, slack: server.Running) -> None:
    assert call("auth.test", token="")["error"] == "not_authed"
    assert call("auth.test", token="xoxb-wrong")["error"] == "invalid_auth"
    assert call("auth.test", token=slack.app_token)["error"] == "not_allowed_token_type"
    assert call("apps.connections.open", token=slack.bot_token)["error"] == "not_allowed_token_type"


def test_missing_scope_says_which(call: Call, workspace: Workspace) -> None:
    before = workspace.get("/delivery")["scopes"]
    workspace.post("/delivery", scopes=[scope for scope in before if scope != "channels:history"])
    try:
        answer = call("conversations.history", channel=GENERAL)
        assert (answer["error"], answer["needed"]) == ("missing_scope", "channels:history")
        assert "channels:history" not in answer["provided"]
        assert call("conversations.history", channel="D0BEN00001")["ok"] is True
        workspace.post("/delivery", scopes=["im:history"])
        assert call("chat.postMessage", channel=GENERAL, text="x")["error"] == "missing_scope"
    finally:
        workspace.post("/delivery", scopes=before)


def test_body_that_is_no_json_is_named(call: Call, slack: server.Running) -> None:
    header = {"authorization": f"Bearer {slack.bot_token}", "content-type": "application/json"}
    assert call.send("auth.test", content=b"{", headers=header).json()["error"] == "invalid_json"
    assert call.send("auth.test", content=b"[]", headers=header).json()["error"] == "json_not_object"
    assert call.send("auth.test", content=b"\xff\xfe", headers=header).json()["error"] == "invalid_json"


def test_invalid_blocks_say_where(call: Call) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    answer = call("chat.postMessage", channel=GENERAL, text="x", blocks=[{"type": "divider"}, section])
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]"
    ]


def test_update_takes_4000_characters_and_no_more(client: WebClient) -> None:
    ts = client.chat_postMessage(channel=GENERAL, text="x")["ts"]
    assert client.chat_update(channel=GENERAL, ts=ts, text="x" * 4000)["ok"]
    assert refused(lambda: client.chat_update(channel=GENERAL, ts=ts, text="x" * 4001)) == "msg_too_long"


def test_only_own_messages_can_be_changed_and_deleted(client: WebClient, person: Callable[[str], Person]) -> None:
    ts = person("ben").say("Mine", "general")["ts"]
    assert refused(lambda: client.chat_update(channel=GENERAL, ts=ts, text="x")) == "cant_update_message"
    assert refused(lambda: client.chat_delete(channel=GENERAL, ts=ts)) == "cant_delete_message"


def test_reaction_counts_once(client: WebClient) -> None:
    ts = client.chat_postMessage(channel=GENERAL, text="x")["ts"]
    client.reactions_add(channel=GENERAL, timestamp=ts, name="eyes")
    assert refused(lambda: client.reactions_add(channel=GENERAL, timestamp=ts, name="eyes")) == "already_reacted"
    assert refused(lambda: client.reactions_remove(channel=GENERAL, timestamp=ts, name="ok")) == "no_reaction"
    assert refused(lambda: client.reactions_add(channel=GENERAL, timestamp=ts, name="no name")) == "invalid_name"


def test_person_who_left_gets_no_direct_messages(client: WebClient, workspace: Workspace) -> None:
    gone = workspace.post("/people", name="gone")["id"]
    workspace.post("/people/gone/profile", deleted=True)
    assert refused(lambda: client.conversations_open(users=gone)) == "user_disabled"
    assert refused(lambda: client.users_lookupByEmail(email="gone@praxis.example")) == "users_not_found"
    assert client.users_info(user=gone)["user"]["deleted"] is True


def test_home_with_an_old_hash_is_a_conflict(client: WebClient) -> None:
    home: dict[str, Any] = {"type": "home", "blocks": []}
    old = client.views_publish(user_id="U0SAM00001", view=home)["view"]["hash"]
    client.views_publish(user_id="U0SAM00001", view=home)
    assert refused(lambda: client.views_publish(user_id="U0SAM00001", view=home, hash=old)) == "hash_conflict"


def test_external_id_names_one_view_only(client: WebClient) -> None:
    home: dict[str, Any] = {"type": "home", "blocks": [], "external_id": "home-1"}
    client.views_publish(user_id="U0SAM00001", view=home)
    assert client.views_publish(user_id="U0SAM00001", view=home)["ok"]
    assert refused(lambda: client.views_publish(user_id="U0BEN00001", view=home)) == "duplicate_external_id"
    assert client.views_update(external_id="home-1", view=home)["ok"]


def test_file_needs_all_its_bytes(client: WebClient, workspace: Workspace) -> None:
    ticket = client.files_getUploadURLExternal(filename="a.txt", length=3)
    assert refused(lambda: client.files_completeUploadExternal(files=[{"id": ticket["file_id"]}])) == "file_not_found"
    assert workspace.http.post(ticket["upload_url"], content=b"four").status_code == 400
    assert workspace.http.post(ticket["upload_url"], content=b"one").status_code == 200
    done = client.files_completeUploadExternal(files=[{"id": ticket["file_id"]}], channel_id=GENERAL)
    assert done["files"][0]["size"] == 3


def test_rate_limits_hold_by_channel_and_tier() -> None:
    running = server.start()
    try:
        ours = Call(running)
        answers = [ours("chat.postMessage", channel=GENERAL, text=f"{n}") for n in range(15)]
        codes = [answer.get("error") for answer in answers]
        assert codes[:10] == [None] * 10
        assert codes[-1] == "ratelimited"
        header = {"authorization": f"Bearer {running.bot_token}"}
        late = ours.send("chat.postMessage", json={"channel": GENERAL, "text": "x"}, headers=header)
        assert (late.status_code, late.headers["retry-after"]) == (429, "1")
        assert ours("chat.postMessage", channel="C0IMCOMMU1", text="another channel")["ok"] is True
        time.sleep(1.05)  # Slack's pace, which the server keeps by real time
        assert ours("chat.postMessage", channel=GENERAL, text="again")["ok"] is True
        lists = [ours("users.list").get("error") for _ in range(21)]
        assert lists == [None] * 20 + ["ratelimited"]
        ours.close()
    finally:
        running.stop()
