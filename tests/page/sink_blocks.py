"""Every block and element that the page promises to show, as a bot would send them."""

from __future__ import annotations

from typing import Any

Block = dict[str, Any]

# 2027-06-01 13:30 UTC: half past nine in Toronto, half past six in Vancouver. In summer, because not every machine has
# heard that British Columbia keeps its summer time.
MEETING = 1_811_856_600

HOSTILE = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'> \u202eesrever \u0645\u0631\u062d"
LONG_WORD = "W" * 2_900


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": True}


def option(text: str, value: str) -> Block:
    return {"text": plain(text), "value": value}


FRIENDS = {"include": ["im"], "exclude_bot_users": True}
COLOURS = [option("Green", "green"), option("Blue", "blue"), option("Amber", "amber")]
GROUPS = [
    {"label": plain("Warm"), "options": [option("Red", "red"), option("Orange", "orange")]},
    {"label": plain("Cold"), "options": [option("Teal", "teal"), option("Violet", "violet")]},
]


def display(picture_url: str) -> list[Block]:
    """Blocks that only show something."""
    return [
        {"type": "header", "text": plain("Every block :tada:")},
        {
            "type": "section",
            "text": {
                "type": "mrkdwn",
                "text": (
                    "*Bold* _italic_ ~struck~ `code` <https://example.org/a?b=1&amp;c=2|a link> "
                    "<@U0AMELIE01> <#C0GENERAL1>\n"
                    "> quoted\n• first\n• second\n```fenced *not bold*```\n"
                    f"Meeting <!date^{MEETING}^{{date_long}} · {{time}}|fallback>, a &lt;tag&gt; and <!channel>"
                ),
            },
        },
        {
            "type": "section",
            "fields": [{"type": "mrkdwn", "text": "*Seats*\n12"}, {"type": "mrkdwn", "text": "*Place*\nOnline"}],
        },
        {"type": "divider"},
        {"type": "context", "elements": [
            {"type": "image", "image_url": picture_url, "alt_text": "a small picture"},
            {"type": "mrkdwn", "text": "Reviewed on 1 November"},
        ]},
        {"type": "image", "image_url": picture_url, "alt_text": "a picture from here", "title": plain("A picture")},
        {"type": "image", "image_url": "https://pictures.example.org/far.png", "alt_text": "a picture from outside"},
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": [
                    {"type": "text", "text": "Rich ", "style": {"bold": True}},
                    {"type": "user", "user_id": "U0BEN00001"},
                    {"type": "emoji", "name": "wave"},
                    {"type": "link", "url": "https://example.org/rich", "text": "rich link"},
                ]},
                {"type": "rich_text_list", "style": "ordered", "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]},
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "two"}]},
                ]},
                {"type": "rich_text_quote", "elements": [{"type": "text", "text": "rich quote"}]},
                {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "rich = code"}]},
            ],
        },
        {"type": "table", "rows": [
            [{"type": "raw_text", "text": "Name"}, {"type": "raw_text", "text": "Attendance"}],
            [{"type": "raw_text", "text": "Amélie"}, {"type": "raw_text", "text": "present"}],
        ]},
        {"type": "markdown", "text": "## A heading\n**strong** and [a site](https://example.org/md)\n\n1. uno\n2. due"},
    ]  # fmt: skip


PRESSABLE: list[Block] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "Pick one"}, "accessory": {
        "type": "static_select", "action_id": "sink.colour", "placeholder": plain("Colour"), "options": COLOURS,
    }},
    {"type": "section", "text": {"type": "mrkdwn", "text": "More here"}, "accessory": {
        "type": "overflow", "action_id": "sink.overflow",
        "options": [option("Rename", "rename"), option("Archive", "archive")],
    }},
    {"type": "actions", "block_id": "presses", "elements": [
        {"type": "button", "action_id": "sink.approve", "text": plain("Approve"), "style": "primary", "value": "yes"},
        {
            "type": "button", "action_id": "sink.remove", "text": plain("Remove"), "style": "danger", "value": "gone",
            "confirm": {
                "title": plain("Remove it?"), "text": {"type": "mrkdwn", "text": "This *cannot* be undone."},
                "confirm": plain("Remove it"), "deny": plain("Keep it"), "style": "danger",
            },
        },
        {"type": "button", "action_id": "sink.site", "text": plain("Site"), "url": "https://example.org/site"},
        {"type": "button", "action_id": "sink.silent", "text": plain("Silence")},
        {"type": "datepicker", "action_id": "sink.day", "initial_date": "2026-12-01"},
    ]},
]  # fmt: skip


def entry(block_id: str, label: str, element: Block, **more: object) -> Block:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": f"in.{block_id}"} | element,
    } | more


FORM_INPUTS: list[Block] = [
    entry(
        "name", "Name", {"type": "plain_text_input", "min_length": 2, "max_length": 20}, hint=plain("As on your badge")
    ),
    entry("notes", "Notes", {"type": "plain_text_input", "multiline": True}, optional=True),
    entry("rich", "Remarks", {"type": "rich_text_input"}, optional=True),
    entry("mail", "E-mail", {"type": "email_text_input"}),
    entry("site", "Web site", {"type": "url_text_input"}, optional=True),
    entry("seats", "Seats", {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "50"}),
    entry("day", "Day", {"type": "datepicker"}),
    entry("hour", "Hour", {"type": "timepicker", "initial_time": "09:00"}),
    entry("moment", "Moment", {"type": "datetimepicker", "initial_date_time": MEETING}),
    entry("colour", "Colour", {"type": "static_select", "option_groups": GROUPS}),
    entry("colours", "Colours", {"type": "multi_static_select", "options": COLOURS, "max_selected_items": 2}),
    entry("topic", "Topic", {"type": "external_select", "min_query_length": 2, "placeholder": plain("Find a topic")}),
    entry("zone", "Zone", {"type": "external_select", "initial_option": option("Eastern Time", "eastern")}),
    entry("person", "Person", {"type": "users_select"}),
    entry("people", "People", {"type": "multi_users_select"}, optional=True),
    entry("channel", "Channel", {"type": "channels_select"}),
    entry("talk", "Conversation", {"type": "conversations_select"}, optional=True),
    entry("place", "Place", {"type": "conversations_select", "filter": {"include": ["public"]}}, optional=True),
    entry("friend", "Friend", {"type": "conversations_select", "filter": FRIENDS}, optional=True),
    entry("ticks", "Needs", {"type": "checkboxes", "options": COLOURS}, optional=True),
    entry("radio", "Language", {"type": "radio_buttons", "options": COLOURS, "initial_option": COLOURS[1]}),
    entry("files", "Documents", {"type": "file_input", "max_files": 2}, optional=True),
]


def form(private: str = "") -> Block:
    return {
        "type": "modal", "callback_id": "sink.form", "title": plain("Every input"),
        "submit": plain("Save"), "close": plain("Leave"), "notify_on_close": True, "private_metadata": private,
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": "Fill in *everything*."}},
            {"type": "actions", "block_id": "extra", "elements": [
                {"type": "button", "action_id": "sink.more", "text": plain("Add a line")},
            ]},
            *FORM_INPUTS,
        ],
    }  # fmt: skip


def step(number: int, text: str = "") -> Block:
    return {
        "type": "modal", "callback_id": f"sink.step{number}", "title": plain(f"Step {number}"), "submit": plain("Next"),
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": text or f"This is step {number}."}},
            entry("answer", f"Answer {number}", {"type": "plain_text_input"}, optional=True),
        ],
    }  # fmt: skip


def home(user: str, pressed: int = 0) -> Block:
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "text": plain("Your events")},
            {"type": "section", "text": {"type": "mrkdwn", "text": f"Hello <@{user}>, pressed {pressed} times."}},
            {"type": "actions", "elements": [
                {"type": "button", "action_id": "sink.home", "text": plain("Press"), "value": str(pressed + 1)},
            ]},
        ],
    }  # fmt: skip
