"""Small builders of Block Kit that keep its limits: what is too long ends in an ellipsis, not in an error."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

Block = dict[str, Any]

MESSAGE_BLOCKS = 50
SURFACE_BLOCKS = 100
_HALF_ENTITY = re.compile(r"&[a-z]{0,4}$")
_HALF_TOKEN = re.compile(r"<[^<>]*$")
# Slack drops control characters at best; the rest of them breaks JSON viewers and logs.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


def escape(text: object) -> str:
    """What a person typed, made safe for mrkdwn: no link, mention or mass mention in it comes alive."""
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clean(text: object) -> str:
    """The text without control characters, lone surrogates and marks that turn the reading direction around."""
    return _CONTROL.sub("", str(text))


def clip(text: str, limit: int) -> str:
    """The text in at most `limit` characters, ending in an ellipsis when cut; never cut within `&amp;` or `<…>`."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return _HALF_ENTITY.sub("", _HALF_TOKEN.sub("", cut)).rstrip() + "…"


def mrkdwn(text: str, limit: int = 3000) -> Block:
    """A text object with Slack's markup."""
    return {"type": "mrkdwn", "text": clip(text, limit) or " "}


def plain(text: str, limit: int = 3000) -> Block:
    """A text object without markup: it needs no escaping."""
    return {"type": "plain_text", "text": clip(clean(text), limit) or " ", "emoji": True}


def section(
    text: str | None = None, *, accessory: Block | None = None, fields: Sequence[str] = (), id: str | None = None
) -> Block:
    """A paragraph of mrkdwn (at most 3,000 characters), fields in two columns (10 of 2,000), one element beside it."""
    block: Block = {"type": "section"}
    if text is not None:
        block["text"] = mrkdwn(text)
    if fields:
        block["fields"] = [mrkdwn(field, 2000) for field in fields[:10]]
    if accessory:
        block["accessory"] = accessory
    return _named(block, id)


def paragraphs(text: str, limit: int = 3000) -> list[Block]:
    """The whole of a long mrkdwn text as sections, cut between lines where it can be."""
    blocks, rest = [], text.strip()
    while rest:
        if len(rest) <= limit:
            blocks.append(section(rest))
            break
        cut = rest.rfind("\n", 1, limit)
        cut = cut if cut > 0 else rest.rfind(" ", 1, limit)
        if cut <= 0:
            head = clip(rest, limit + 1)[:-1] or rest[:limit]
            blocks.append(section(head))
            rest = rest[len(head) :]
        else:
            blocks.append(section(rest[:cut]))
            rest = rest[cut:].strip()
    return blocks


def header(text: str, id: str | None = None) -> Block:
    """A heading (plain text, at most 150 characters)."""
    return _named({"type": "header", "text": plain(text, 150)}, id)


def context_line(*texts: str, id: str | None = None) -> Block:
    """Small print: up to 10 pieces of mrkdwn in one line."""
    return _named({"type": "context", "elements": [mrkdwn(text) for text in texts[:10]]}, id)


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def actions(*elements: Block, id: str | None = None) -> Block:
    """A row of up to 25 elements, each with its own action id."""
    return _named({"type": "actions", "elements": list(elements[:25])}, id)


def button(
    text: str,
    action_id: str,
    value: object = None,
    *,
    style: str | None = None,
    url: str | None = None,
    confirm: Block | None = None,
    label: str | None = None,
) -> Block:
    """A button (text at most 75 characters, value 2,000); `label` is what a screen reader says in place of the text."""
    block: Block = {"type": "button", "action_id": action_id, "text": plain(text, 75)}
    if value is not None:
        block["value"] = str(value)[:2000]
    if style:
        block["style"] = style
    if url:
        block["url"] = url[:3000]
    if confirm:
        block["confirm"] = confirm
    if label:
        block["accessibility_label"] = clip(clean(label), 75)
    return block


def confirmation(title: str, text: str, yes: str, no: str, *, style: str | None = None) -> Block:
    """The question asked before a button does something that is hard to take back."""
    block: Block = {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
    }
    if style:
        block["style"] = style
    return block


def option(text: str, value: object, description: str | None = None) -> Block:
    """One choice (text and value at most 75 characters)."""
    block: Block = {"text": plain(text, 75), "value": str(value)[:75]}
    if description:
        block["description"] = plain(description, 75)
    return block


def select(
    action_id: str, options: Sequence[Block], *, initial: object = None, placeholder: str | None = None
) -> Block:
    """A drop-down of up to 100 options; `initial` is the value chosen at first."""
    block: Block = {"type": "static_select", "action_id": action_id, "options": list(options[:100])}
    return _chosen(block, initial, placeholder)


def radio(action_id: str, options: Sequence[Block], *, initial: object = None) -> Block:
    """Up to 10 options, one of which is chosen."""
    return _chosen({"type": "radio_buttons", "action_id": action_id, "options": list(options[:10])}, initial, None)


def checkboxes(action_id: str, options: Sequence[Block], *, initial: Iterable[object] = ()) -> Block:
    """Up to 10 options, any of which may be chosen."""
    wanted = {str(value) for value in initial}
    block: Block = {"type": "checkboxes", "action_id": action_id, "options": list(options[:10])}
    chosen = [item for item in block["options"] if item["value"] in wanted]
    if chosen:  # Slack refuses an empty list of initial options
        block["initial_options"] = chosen
    return block


def text_input(
    action_id: str,
    *,
    multiline: bool = False,
    initial: str | None = None,
    most: int | None = None,
    placeholder: str | None = None,
) -> Block:
    """A field to type in; `most` is the number of characters it takes (at most 3,000)."""
    block: Block = {"type": "plain_text_input", "action_id": action_id, "multiline": multiline}
    if most:
        block["max_length"] = min(most, 3000)
    if initial:
        block["initial_value"] = clip(clean(initial), min(most or 3000, 3000))
    if placeholder:
        block["placeholder"] = plain(placeholder, 150)
    return block


def field(
    label: str, element: Block, id: str, *, hint: str | None = None, optional: bool = False, act: bool = False
) -> Block:
    """An input of a modal; `id` is the block's, under which errors are shown; `act` sends every change at once."""
    block: Block = {"type": "input", "block_id": id, "label": plain(label, 2000), "element": element}
    if hint:
        block["hint"] = plain(hint, 2000)
    if optional:
        block["optional"] = True
    if act:
        block["dispatch_action"] = True
    return block


def message(text: str, blocks: Sequence[Block] = ()) -> Block:
    """A message: `text` is what notifications and screen readers say; up to 50 blocks are what is seen.

    The text is kept to 3,900 characters, so that the same message can be updated later (where 4,000 is the limit).
    """
    body: Block = {"text": clip(text, 3900)}
    if blocks:
        body["blocks"] = list(blocks[:MESSAGE_BLOCKS])
    return body


def modal(
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str | None = None,
    close: str | None = None,
    metadata: str | None = None,
    notify_on_close: bool = False,
) -> Block:
    """A modal (title and buttons at most 24 characters, metadata 3,000)."""
    view: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "blocks": list(blocks[:SURFACE_BLOCKS]),
    }
    if submit:
        view["submit"] = plain(submit, 24)
    if close:
        view["close"] = plain(close, 24)
    if metadata:
        if len(metadata) > 3000:
            raise ValueError("a view's metadata holds 3,000 characters")
        view["private_metadata"] = metadata
    if notify_on_close:
        view["notify_on_close"] = True
    return view


def home(blocks: Sequence[Block], callback_id: str = "home") -> Block:
    """An App Home (at most 100 blocks: put what matters first)."""
    return {"type": "home", "callback_id": callback_id, "blocks": list(blocks[:SURFACE_BLOCKS])}


def _chosen(block: Block, initial: object, placeholder: str | None) -> Block:
    for item in block["options"]:
        if initial is not None and item["value"] == str(initial):
            block["initial_option"] = item
    if placeholder:
        block["placeholder"] = plain(placeholder, 150)
    return block


def _named(block: Block, id: str | None) -> Block:
    if id:
        block["block_id"] = id[:255]
    return block
