"""Block Kit as the workspace accepts it."""

from __future__ import annotations

from typing import Any

import pytest

from settings import ROOT
from workspace.blocks import message_problems, view_problems
from workspace.kinds import Json

CHECKER = ROOT.parent / "shared" / "slack-truth" / "check_calls.py"


def plain(text: str = "Text") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "*Text*") -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str = "1", text: str = "One") -> Json:
    return {"text": plain(text), "value": value}


def button(**more: Any) -> Json:
    return {"type": "button", "action_id": "go", "text": plain(), "value": "1"} | more


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "pick", "options": [option("1"), option("2")]} | more


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn()} | more


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain(), "element": element} | more


def typed(kind: str = "plain_text_input", **more: Any) -> Json:
    return {"type": kind, "action_id": "text"} | more


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("Title"), "submit": plain("Send"), "blocks": list(blocks)} | more


CONFIRM = {"title": plain(), "text": mrkdwn(), "confirm": plain("Yes"), "deny": plain("No")}
GOOD_BLOCKS: list[Json] = [
    section(),
    section(text=plain()),
    {"type": "section", "fields": [mrkdwn()] * 10},
    section(accessory=button(style="danger", confirm=CONFIRM)),
    section(accessory={"type": "image", "image_url": "https://x.example/a.png", "alt_text": "A"}),
    section(accessory={"type": "overflow", "action_id": "more", "options": [option()]}),
    {"type": "divider", "block_id": "line"},
    {"type": "header", "text": plain("x" * 150)},
    {"type": "image", "image_url": "https://x.example/a.png", "alt_text": "A", "title": plain()},
    {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "A"},
    {"type": "context", "elements": [mrkdwn(), plain(), {"type": "image", "image_url": "https://x", "alt_text": "A"}]},
    actions(button(), select(), {"type": "datepicker", "action_id": "day", "initial_date": "2026-12-01"}),
    actions({"type": "timepicker", "action_id": "time", "initial_time": "09:30"}),
    actions({"type": "checkboxes", "action_id": "c", "options": [option()], "initial_options": [option()]}),
    actions({"type": "radio_buttons", "action_id": "r", "options": [option()], "initial_option": option()}),
    actions({"type": "users_select", "action_id": "u", "placeholder": plain(), "initial_user": "U1"}),
    actions({"type": "multi_external_select", "action_id": "e", "min_query_length": 0, "max_selected_items": 3}),
    actions({"type": "static_select", "action_id": "g", "option_groups": [{"label": plain(), "options": [option()]}]}),
    field(typed(max_length=10, min_length=1, multiline=True)),
    {"type": "markdown", "text": "# Title"},
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}]},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 20] * 100},
]


@pytest.mark.parametrize("block", GOOD_BLOCKS, ids=lambda block: str(block["type"]))
def test_right_blocks_pass(block: Json) -> None:
    assert message_problems([block]) == []


@pytest.mark.parametrize(
    ("block", "where", "what"),
    [
        ({"type": "card"}, "/blocks/0/type", "unsupported type: card"),
        ("text", "/blocks/0/type", "unsupported type: None"),
        ({"type": "section"}, "/blocks/0", "missing required field: text or fields"),
        (section(text=mrkdwn("")), "/blocks/0/text/text", "must be more than 0 characters"),
        (section(text=mrkdwn("x" * 3001)), "/blocks/0/text/text", "must be less than 3001 characters"),
        (section(text="x"), "/blocks/0/text", "must be an object"),
        (section(text={"type": "html", "text": "x"}), "/blocks/0/text/type", "must be one of: plain_text, mrkdwn"),
        (section(text=mrkdwn() | {"emoji": True}), "/blocks/0/text", "invalid additional property: emoji"),
        (section(colour="red"), "/blocks/0", "invalid additional property: colour"),
        ({"type": "section", "fields": []}, "/blocks/0/fields", "no fewer than 1 items required"),
        ({"type": "section", "fields": [mrkdwn()] * 11}, "/blocks/0/fields", "no more than 10 items allowed"),
        (section(fields=[mrkdwn("x" * 2001)]), "/blocks/0/fields/0/text", "must be less than 2001 characters"),
        (section(accessory=typed()), "/blocks/0/accessory/type", "unsupported type: plain_text_input"),
        (section(block_id="x" * 256), "/blocks/0/block_id", "must be less than 256 characters"),
        ({"type": "header", "text": plain("x" * 151)}, "/blocks/0/text/text", "must be less than 151 characters"),
        ({"type": "header", "text": mrkdwn()}, "/blocks/0/text/type", "must be one of: plain_text"),
        ({"type": "image", "image_url": "https://x"}, "/blocks/0", "missing required field: alt_text"),
        ({"type": "image", "alt_text": "A"}, "/blocks/0", "exactly one of image_url and slack_file is required"),
        ({"type": "context", "elements": [mrkdwn()] * 11}, "/blocks/0/elements", "no more than 10 items allowed"),
        (actions(), "/blocks/0/elements", "no fewer than 1 items required"),
        (
            actions(*[button(action_id=str(n)) for n in range(26)]),
            "/blocks/0/elements",
            "no more than 25 items allowed",
        ),
        (actions(button(), button()), "/blocks/0/elements/1/action_id", "action_id already exists: go"),
        (actions(button(text=plain("x" * 76))), "/blocks/0/elements/0/text/text", "must be less than 76 characters"),
        (actions(button(text=mrkdwn())), "/blocks/0/elements/0/text/type", "must be one of: plain_text"),
        (actions(button(value="x" * 2001)), "/blocks/0/elements/0/value", "must be less than 2001 characters"),
        (actions(button(url="nowhere")), "/blocks/0/elements/0/url", "must be a valid URL"),
        (actions(button(style="loud")), "/blocks/0/elements/0/style", "must be one of: primary, danger"),
        (actions(button(action_id="")), "/blocks/0/elements/0/action_id", "must be more than 0 characters"),
        (actions(button(colour="red")), "/blocks/0/elements/0", "invalid additional property: colour"),
        (
            actions(button(confirm=CONFIRM | {"confirm": plain("x" * 31)})),
            "/blocks/0/elements/0/confirm/confirm/text",
            "must be less than 31 characters",
        ),
        (
            actions(button(confirm={"title": plain()})),
            "/blocks/0/elements/0/confirm",
            "missing required field: text",
        ),
        (actions(select(options=[])), "/blocks/0/elements/0/options", "no fewer than 1 items required"),
        (
            actions(select(options=[option(str(n)) for n in range(101)])),
            "/blocks/0/elements/0/options",
            "no more than 100 items allowed",
        ),
        (
            actions(select(options=[option("x" * 76)])),
            "/blocks/0/elements/0/options/0/value",
            "must be less than 76 characters",
        ),
        (
            actions(select(options=[option("1", "x" * 76)])),
            "/blocks/0/elements/0/options/0/text/text",
            "must be less than 76 characters",
        ),
        (
            actions(select(options=[option(), option()])),
            "/blocks/0/elements/0/options",
            "option values must be unique",
        ),
        (
            actions(select(initial_option=option("9"))),
            "/blocks/0/elements/0",
            "initial option must exactly match one of the provided options",
        ),
        (
            actions({"type": "static_select", "action_id": "pick"}),
            "/blocks/0/elements/0",
            "exactly one of options and option_groups is required",
        ),
        (
            actions({"type": "overflow", "action_id": "o", "options": [option(str(n)) for n in range(6)]}),
            "/blocks/0/elements/0/options",
            "no more than 5 items allowed",
        ),
        (
            actions({"type": "checkboxes", "action_id": "o", "options": [option(str(n)) for n in range(11)]}),
            "/blocks/0/elements/0/options",
            "no more than 10 items allowed",
        ),
        (
            actions({"type": "datepicker", "action_id": "d", "initial_date": "tomorrow"}),
            "/blocks/0/elements/0/initial_date",
            "must be a date like 2026-12-01",
        ),
        (
            actions({"type": "timepicker", "action_id": "d", "initial_time": "25:00"}),
            "/blocks/0/elements/0/initial_time",
            "must be a time like 09:30",
        ),
        (field(typed("number_input")), "/blocks/0/element/type", "unsupported type: number_input"),
        (field(button()), "/blocks/0/element/type", "unsupported type: button"),
        (field(typed(max_length=3001)), "/blocks/0/element/max_length", "must be between 1 and 3000"),
        (field(typed(), label=mrkdwn()), "/blocks/0/label/type", "must be one of: plain_text"),
        (field(typed(placeholder=plain("x" * 151))), "/blocks/0/element/placeholder/text",
         "must be less than 151 characters"),
        ({"type": "markdown", "text": "x" * 12_001}, "/blocks/0/text", "must be less than 12001 characters"),
        ({"type": "table", "rows": [[]]}, "/blocks/0/rows/0", "no fewer than 1 items required"),
    ],
)  # fmt: skip
def test_wrong_block_is_found_where_it_is(block: Json, where: str, what: str) -> None:
    assert f"[ERROR] {what} [json-pointer:{where}]" in message_problems([block])


def test_message_holds_fifty_blocks_with_ids_of_their_own() -> None:
    assert message_problems([section()] * 50) == []
    assert message_problems([section()] * 51) == ["[ERROR] no more than 50 items allowed [json-pointer:/blocks]"]
    assert message_problems([section(block_id="a"), section(block_id="a")]) == [
        "[ERROR] `block_id` already exists: a [json-pointer:/blocks/1/block_id]"
    ]
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    assert message_problems([table, table]) == ["[ERROR] only one table is allowed [json-pointer:/blocks]"]


@pytest.mark.parametrize(
    ("view", "what"),
    [
        (modal(title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
        (modal(submit=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/submit/text]"),
        (modal(private_metadata="x" * 3001), "must be less than 3001 characters [json-pointer:/view/private_metadata]"),
        (modal(callback_id="x" * 256), "must be less than 256 characters [json-pointer:/view/callback_id]"),
        (modal(notify_on_close="yes"), "must be a boolean [json-pointer:/view/notify_on_close]"),
        (modal(colour="red"), "invalid additional property: colour [json-pointer:/view]"),
        (modal(*[section()] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
        (modal({"type": "markdown", "text": "x"}), "unsupported type: markdown [json-pointer:/view/blocks/0/type]"),
        (modal(field(typed()), submit=None), "missing required field: submit [json-pointer:/view/submit]"),
        (
            modal(field(typed(focus_on_load=True)), field(typed(focus_on_load=True))),
            "only one element may have focus_on_load [json-pointer:/view/blocks]",
        ),
        ({"type": "workflow_step"}, "must be one of: modal [json-pointer:/view/type]"),
        ({"type": "modal", "title": plain()}, "missing required field: blocks [json-pointer:/view]"),
    ],
)
def test_wrong_view_is_found_where_it_is(view: Json, what: str) -> None:
    assert f"[ERROR] {what}" in view_problems(view, kinds=("modal",))


def test_modal_takes_every_input() -> None:
    kinds = [
        typed(),
        typed("email_text_input"),
        typed("url_text_input"),
        typed("rich_text_input"),
        typed("number_input", is_decimal_allowed=False, min_value="1", max_value="500"),
        {"type": "file_input", "action_id": "f", "max_files": 1, "filetypes": ["pdf"]},
        {"type": "datetimepicker", "action_id": "d", "initial_date_time": 1_800_000_000},
        select(),
        {"type": "multi_users_select", "action_id": "u"},
    ]
    assert view_problems(modal(*[field(kind, optional=True) for kind in kinds]), kinds=("modal",)) == []
