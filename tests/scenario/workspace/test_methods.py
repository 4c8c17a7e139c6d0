"""Every Web API method, called by Slack's own SDK."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from slack_sdk import WebClient

from tests.kit import Person, Workspace
from tests.workspace_kit import Call, refused
from workspace import ids, server

GENERAL = "C0GENERAL1"
AMELIE = "U0AMELIE01"


def test_auth_test_names_bot_and_team(client: WebClient, slack: server.Running) -> None:
    answer = client.auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == (ids.BOT_USER, ids.BOT, ids.TEAM)
    assert answer.headers["x-workspace-url"] == slack.url


def test_api_test_echoes_and_fails_on_demand(client: WebClient) -> None:
    assert client.api_test(foo="bar")["args"] == {"foo": "bar"}
    assert refused(lambda: client.api_test(error="my_error")) == "my_error"


def test_posted_message_is_seen_with_its_thread(client: WebClient, person: Callable[[str], Person]) -> None:
    top = client.chat_postMessage(channel=GENERAL, text="A <b> & more")
    reply = client.chat_postMessage(channel=GENERAL, text="Below", thread_ts=top["ts"])
    below = client.chat_postMessage(channel=GENERAL, text="Below the reply", thread_ts=reply["ts"])
    assert below["message"]["thread_ts"] == top["ts"]
    ben = person("ben")
    seen = next(message for message in ben.messages("general") if message["ts"] == top["ts"])
    assert seen["reply_count"] == 2
    assert [m["text"] for m in ben.messages("general", top["ts"])] == ["A <b> & more", "Below", "Below the reply"]


def test_broadcast_reply_shows_in_thread_and_channel(client: WebClient, person: Callable[[str], Person]) -> None:
    top = client.chat_postMessage(channel=GENERAL, text="Top")
    both = client.chat_postMessage(channel=GENERAL, text="Both", thread_ts=top["ts"], reply_broadcast=True)
    shown = person("ben").messages("general")
    assert both["message"]["subtype"] == "thread_broadcast"
    assert both["ts"] in [message["ts"] for message in shown]


def test_message_to_a_person_reaches_their_direct_messages(client: WebClient, person: Callable[[str], Person]) -> None:
    answer = client.chat_postMessage(channel=AMELIE, text="Bonjour")
    assert answer["channel"] == "D0AMELIE01"
    assert person("amelie").messages()[-1]["text"] == "Bonjour"


def test_ephemeral_message_is_seen_by_one_person_only(client: WebClient, person: Callable[[str], Person]) -> None:
    answer = client.chat_postEphemeral(channel=GENERAL, user=AMELIE, text="For you")
    mine = [m for m in person("amelie").messages("general") if m["ts"] == answer["message_ts"]]
    assert [m["ephemeral"] for m in mine] == [True]
    assert answer["message_ts"] not in [m["ts"] for m in person("ben").messages("general")]
    history = client.conversations_history(channel=GENERAL, limit=1000)
    assert answer["message_ts"] not in [m["ts"] for m in history["messages"]]


def test_update_keeps_blocks_it_does_not_name(client: WebClient, person: Callable[[str], Person]) -> None:
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "*Card*"}}
    ts = client.chat_postMessage(channel=GENERAL, text="Card", blocks=[block])["ts"]
    client.chat_update(channel=GENERAL, ts=ts, text="Card, renewed")
    seen = next(m for m in person("ben").messages("general") if m["ts"] == ts)
    assert seen["text"] == "Card, renewed"
    assert seen["blocks"][0]["text"]["text"] == "*Card*"
    assert seen["edited"]["user"] == ids.BOT_USER
    client.chat_update(channel=GENERAL, ts=ts, text="Plain", blocks=[])
    assert "blocks" not in next(m for m in person("ben").messages("general") if m["ts"] == ts)


def test_deleted_message_is_gone_but_keeps_its_thread(client: WebClient, person: Callable[[str], Person]) -> None:
    alone = client.chat_postMessage(channel=GENERAL, text="Alone")["ts"]
    head = client.chat_postMessage(channel=GENERAL, text="Head")["ts"]
    client.chat_postMessage(channel=GENERAL, text="Tail", thread_ts=head)
    client.chat_delete(channel=GENERAL, ts=alone)
    client.chat_delete(channel=GENERAL, ts=head)
    shown = {m["ts"]: m for m in person("ben").messages("general")}
    assert alone not in shown
    assert shown[head]["subtype"] == "tombstone"
    assert [m["text"] for m in person("ben").messages("general", head)][1:] == ["Tail"]


def test_permalink_opens_the_page(client: WebClient, workspace: Workspace) -> None:
    ts = client.chat_postMessage(channel=GENERAL, text="Link me")["ts"]
    link = client.chat_getPermalink(channel=GENERAL, message_ts=ts)["permalink"]
    assert link.endswith(f"/archives/{GENERAL}/p{ts.replace('.', '')}")
    assert workspace.http.get(link).headers["content-type"].startswith("text/html")


def test_metadata_comes_back_from_history_and_replies_when_asked_for(client: WebClient) -> None:
    metadata = {"event_type": "praxis_delivery", "event_payload": {"key": "answer:1"}}
    top = client.chat_postMessage(channel=GENERAL, text="Keyed", metadata=metadata)
    client.chat_postMessage(channel=GENERAL, text="Below", thread_ts=top["ts"], metadata=metadata)
    newest = client.conversations_history(channel=GENERAL, limit=1, include_all_metadata=True)["messages"][0]
    assert newest["metadata"] == metadata
    thread = client.conversations_replies(channel=GENERAL, ts=top["ts"], include_all_metadata=True)["messages"]
    assert [message["metadata"] for message in thread] == [metadata, metadata]
    assert "metadata" not in client.conversations_history(channel=GENERAL, limit=1)["messages"][0]


def test_history_pages_by_cursor_without_gap_or_repeat(client: WebClient) -> None:
    posted = [client.chat_postMessage(channel="C0IMCOMMU1", text=f"m{number}")["ts"] for number in range(25)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = client.conversations_history(channel="C0IMCOMMU1", limit=7, cursor=cursor, oldest=posted[3])
        seen += [message["ts"] for message in page["messages"]]
        if not page["has_more"]:
            break
        cursor = page["response_metadata"]["next_cursor"]
    assert seen == posted[:3:-1]
    inside = client.conversations_history(channel="C0IMCOMMU1", oldest=posted[3], latest=posted[5], inclusive=True)
    assert [message["ts"] for message in inside["messages"]] == posted[5:2:-1]


def test_replies_page_with_their_parent_at_the_head(client: WebClient) -> None:
    top = client.chat_postMessage(channel=GENERAL, text="Top")["ts"]
    below = [client.chat_postMessage(channel=GENERAL, text=f"r{n}", thread_ts=top)["ts"] for n in range(5)]
    first = client.conversations_replies(channel=GENERAL, ts=top, limit=3)
    second = client.conversations_replies(
        channel=GENERAL, ts=top, limit=3, cursor=first["response_metadata"]["next_cursor"]
    )
    assert [m["ts"] for m in first["messages"]] == [top, *below[:3]]
    assert [m["ts"] for m in second["messages"]] == [top, *below[3:]]
    late = client.conversations_replies(channel=GENERAL, ts=top, oldest=below[2])
    assert [m["ts"] for m in late["messages"]] == [top, *below[3:]]


def test_conversations_are_listed_by_type_and_page(client: WebClient) -> None:
    first = client.conversations_list(limit=2)
    rest = client.conversations_list(limit=2, cursor=first["response_metadata"]["next_cursor"])
    names = [channel["name"] for channel in (*first["channels"], *rest["channels"])]
    assert names == ["general", "im-community", "random"]
    member = {channel["name"]: channel["is_member"] for channel in (*first["channels"], *rest["channels"])}
    assert member == {"general": True, "im-community": True, "random": False}
    client.conversations_open(users=AMELIE)
    ims = client.conversations_list(types="im")["channels"]
    assert "D0AMELIE01" in [channel["id"] for channel in ims]


def test_info_and_members_know_the_channel(client: WebClient) -> None:
    info = client.conversations_info(channel=GENERAL, include_num_members=True)["channel"]
    page = client.conversations_members(channel=GENERAL, limit=2)
    rest = client.conversations_members(channel=GENERAL, cursor=page["response_metadata"]["next_cursor"])
    assert info["num_members"] == len(page["members"]) + len(rest["members"])
    assert ids.BOT_USER in (*page["members"], *rest["members"])


def test_opening_direct_messages_twice_gives_the_same(client: WebClient) -> None:
    first = client.conversations_open(users="U0SAM00001", return_im=True)["channel"]
    second = client.conversations_open(users=["U0SAM00001"])
    assert first["user"] == "U0SAM00001"
    assert second["channel"]["id"] == first["id"]
    assert second["already_open"] is True


def test_bot_joins_a_channel_once(client: WebClient, workspace: Workspace) -> None:
    workspace.post("/people/olivia/leave", channel="random")
    assert client.conversations_join(channel="C0RANDOM01")["channel"]["is_member"] is True
    assert client.conversations_join(channel="C0RANDOM01")["warning"] == "already_in_channel"
    assert client.chat_postMessage(channel="#random", text="Here I am")["ok"]


def test_people_come_with_zone_and_on_request_language(client: WebClient) -> None:
    user = client.users_info(user=AMELIE, include_locale=True)["user"]
    assert (user["tz"], user["locale"], user["is_admin"]) == ("America/Toronto", "fr-CA", False)
    assert user["profile"]["email"] == "amelie@praxis.example"
    assert "locale" not in client.users_info(user=AMELIE)["user"]
    assert client.users_info(user=ids.BOT_USER)["user"]["is_bot"] is True


def test_everybody_is_listed_page_by_page(client: WebClient) -> None:
    found, cursor = [], ""
    while True:
        page = client.users_list(limit=3, cursor=cursor)
        found += [member["id"] for member in page["members"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert {"U0OLIVIA01", AMELIE, ids.BOT_USER, "USLACKBOT"} <= set(found)
    assert len(found) == len(set(found))


def test_person_is_found_by_address(client: WebClient) -> None:
    assert client.users_lookupByEmail(email="ben@praxis.example")["user"]["id"] == "U0BEN00001"


def test_reactions_are_added_and_removed(client: WebClient, person: Callable[[str], Person]) -> None:
    ts = client.chat_postMessage(channel=GENERAL, text="React to me")["ts"]
    client.reactions_add(channel=GENERAL, timestamp=ts, name="thumbsup")
    shown = next(m for m in person("ben").messages("general") if m["ts"] == ts)
    assert shown["reactions"] == [{"name": "thumbsup", "users": [ids.BOT_USER], "count": 1}]
    client.reactions_remove(channel=GENERAL, timestamp=ts, name="thumbsup")
    assert "reactions" not in next(m for m in person("ben").messages("general") if m["ts"] == ts)


def test_bot_and_team_introduce_themselves(client: WebClient) -> None:
    assert client.bots_info(bot=ids.BOT)["bot"]["user_id"] == ids.BOT_USER
    assert client.team_info()["team"]["id"] == ids.TEAM


def test_home_is_published_and_replaced(client: WebClient, workspace: Workspace) -> None:
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "One"}}
    first = client.views_publish(user_id=AMELIE, view={"type": "home", "blocks": [block]})["view"]
    second = client.views_publish(
        user_id=AMELIE, view={"type": "home", "blocks": [block, {"type": "divider"}]}, hash=first["hash"]
    )["view"]
    assert second["id"] == first["id"]
    assert second["hash"] != first["hash"]
    assert len(workspace.get("/people/amelie/home")["view"]["blocks"]) == 2


def test_file_goes_up_in_three_steps_and_comes_down(
    client: WebClient, person: Callable[[str], Person], workspace: Workspace, tmp_path: Path
) -> None:
    picture = tmp_path / "dot.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    client.files_upload_v2(file=str(picture), channel=GENERAL, title="A dot", initial_comment="Look", alt_txt="A dot")
    message = person("ben").messages("general")[-1]
    file = message["files"][0]
    assert (message["text"], file["title"], file["mimetype"], file["alt_txt"]) == (
        "Look",
        "A dot",
        "image/png",
        "A dot",
    )
    got = workspace.http.get(file["url_private"])
    assert got.content == picture.read_bytes()
    assert got.headers["x-content-type-options"] == "nosniff"


def test_image_block_can_show_an_uploaded_file(client: WebClient, person: Callable[[str], Person]) -> None:
    file = client.files_upload_v2(content=b"\x89PNG", filename="chart.png")["file"]
    image = {"type": "image", "alt_text": "Chart", "slack_file": {"id": file["id"]}}
    client.chat_postMessage(channel=GENERAL, text="Chart", blocks=[image])
    shown = person("ben").messages("general")[-1]["blocks"][0]["slack_file"]
    assert shown == {"id": file["id"], "url": file["url_private"]}
    gone = image | {"slack_file": {"id": "F0NOTHING1"}}
    assert refused(lambda: client.chat_postMessage(channel=GENERAL, text="x", blocks=[gone])) == "invalid_blocks"


def test_file_that_could_run_as_a_page_is_only_offered_for_download(workspace: Workspace) -> None:
    answer = workspace.http.post("/people/ben/upload?name=evil.html", content=b"<script>alert(1)</script>").json()
    got = workspace.http.get(answer["file"]["url_private"])
    assert got.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("way", ["json", "form", "query", "body token", "empty json"])
def test_arguments_and_token_come_in_every_way_slack_takes(slack: server.Running, call: Call, way: str) -> None:
    header = {"authorization": f"Bearer {slack.bot_token}"}
    args = {"user": AMELIE}
    sent = {
        "json": lambda: call.send("users.info", json=args, headers=header),
        "form": lambda: call.send("users.info", data=args, headers=header),
        "query": lambda: call.send("users.info", params=args, headers=header),
        "body token": lambda: call.send("users.info", data=args | {"token": slack.bot_token}),
        "empty json": lambda: call.send(
            "auth.test", content=b"", headers=header | {"content-type": "application/json;charset=utf-8"}
        ),
    }[way]()
    assert sent.json()["ok"] is True


def test_form_body_carries_blocks_as_json_and_the_record_holds_them_decoded(
    call: Call,
    slack: server.Running,
    workspace: Workspace,
) -> None:
    blocks = '[{"type": "divider"}]'
    header = {"authorization": f"Bearer {slack.bot_token}"}
    answer = call.send(
        "chat.postMessage", data={"channel": GENERAL, "text": "x", "blocks": blocks}, headers=header
    ).json()
    assert answer["ok"] is True
    newest = workspace.calls("chat.postMessage")[-1]
    assert newest["args"] == {"channel": GENERAL, "text": "x", "blocks": [{"type": "divider"}]}
    assert (newest["ok"], newest["error"]) == (True, None)
    assert slack.bot_token not in str(newest)
