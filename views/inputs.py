"""Inputs of modals beyond text and lists: dates, numbers, addresses, people, channels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time

from knowledge.text import fold
from views.text import Block, clean, clip, option, plain


def date_input(action_id: str, initial: date | None = None) -> Block:
    """A calendar."""
    block: Block = {"type": "datepicker", "action_id": action_id}
    return {**block, "initial_date": initial.isoformat()} if initial else block


def time_input(action_id: str, initial: time | None = None) -> Block:
    """A time of day."""
    block: Block = {"type": "timepicker", "action_id": action_id}
    return {**block, "initial_time": initial.strftime("%H:%M")} if initial else block


def number_input(action_id: str, initial: int | None = None) -> Block:
    """A whole number. Its limits are the rule's to explain, in the person's language, so none are set here."""
    block: Block = {"type": "number_input", "action_id": action_id, "is_decimal_allowed": False}
    return {**block, "initial_value": str(initial)} if initial is not None else block


def link_input(action_id: str, initial: str | None = None) -> Block:
    """A web address."""
    block: Block = {"type": "url_text_input", "action_id": action_id}
    return {**block, "initial_value": clip(clean(initial), 3000)} if initial else block


def looked_up(action_id: str, initial: Block | None, placeholder: str) -> Block:
    """A select whose options the bot looks up as the person types, from the first opening on."""
    block: Block = {
        "type": "external_select",
        "action_id": action_id,
        "min_query_length": 0,
        "placeholder": plain(placeholder, 150),
    }
    return {**block, "initial_option": initial} if initial else block


def found_options(named: Iterable[tuple[object, str]], typed: str) -> list[Block]:
    """Of (value, name) those whose name has every word that was typed: at most the 100 that Slack shows."""
    wanted = fold(typed).split()
    found = [(value, name) for value, name in named if all(word in fold(name) for word in wanted)]
    return [option(name, value) for value, name in found[:100]]


def channel_input(action_id: str, initial: str | None, placeholder: str) -> Block:
    """A public or private channel."""
    block: Block = {
        "type": "conversations_select",
        "action_id": action_id,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        "placeholder": plain(placeholder, 150),
    }
    return {**block, "initial_conversation": initial} if initial else block


def people_input(action_id: str, placeholder: str) -> Block:
    """Several people of the Slack workspace."""
    return {"type": "multi_users_select", "action_id": action_id, "placeholder": plain(placeholder, 150)}


def channels_input(action_id: str, placeholder: str) -> Block:
    """Several public or private channels."""
    return {
        "type": "multi_conversations_select",
        "action_id": action_id,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        "placeholder": plain(placeholder, 150),
    }


def several_looked_up(action_id: str, placeholder: str, initial: Sequence[Block] = ()) -> Block:
    """Several of the options that the bot looks up as the person types; `initial` are chosen at first."""
    block: Block = {
        "type": "multi_external_select",
        "action_id": action_id,
        "min_query_length": 0,
        "placeholder": plain(placeholder, 150),
    }
    return {**block, "initial_options": list(initial)} if initial else block


def person_input(action_id: str, placeholder: str, initial: str | None = None) -> Block:
    """A person of the Slack workspace; `initial` is their Slack id."""
    block: Block = {"type": "users_select", "action_id": action_id, "placeholder": plain(placeholder, 150)}
    return {**block, "initial_user": initial} if initial else block
