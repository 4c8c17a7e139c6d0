"""The small parts of the workspace: typed text, entered values, conversations, limits, clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workspace import ids, streams, values
from workspace.clock import Clock, parse_instant
from workspace.conversations import Conversation, Conversations
from workspace.limits import Limits
from workspace.messages import Message
from workspace.people import People
from workspace.text import clean, escape, rich_text, typed, unescape
from workspace.triggers import Triggers
from workspace.views import with_ids

T = TypeVar("T")
NOW = 1_800_000_000.0
PEOPLE, CHANNELS = People(NOW), Conversations(NOW)


def _run(coroutine: Coroutine[Any, Any, T]) -> T:
    """The coroutine's result, from a thread of its own: a browser test before may have left a loop in this one."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, coroutine).result()


@pytest.mark.parametrize(
    ("raw", "arrives"),
    [
        ("hi @praxis", "hi <@U0PRAXIS01>"),
        ("@Praxis: hi", "<@U0PRAXIS01>: hi"),
        ("ask @olivia, or @ben.", "ask <@U0OLIVIA01>, or <@U0BEN00001>."),
        ("in #general", "in <#C0GENERAL1|general>"),
        ("#im-community!", "<#C0IMCOMMU1|im-community>!"),
        ("@here and @channel", "<!here> and <!channel>"),
        ("<!channel> & <@U0BEN00001>", "&lt;!channel&gt; &amp; &lt;@U0BEN00001&gt;"),
        ("mail ben@praxis.example", "mail ben@praxis.example"),
        ("@nobody in #nowhere", "@nobody in #nowhere"),
        ("@U0BEN00001", "@U0BEN00001"),
        ("a\r\nb\tc\x00\x07", "a\nb\tc"),
        ("half \ud83d emoji", "half  emoji"),
    ],
)
def test_typed_text_arrives_as_slack_passes_it_on(raw: str, arrives: str) -> None:
    assert typed(raw, PEOPLE, CHANNELS) == arrives


@given(st.text())
def test_escaped_text_holds_no_markup_and_comes_back_whole(raw: str) -> None:
    assert not set("<>") & set(escape(raw))
    assert unescape(escape(raw)) == raw
    assert clean(raw).encode("utf-8").decode("utf-8") == clean(raw)


def test_rich_text_has_one_element_for_each_piece() -> None:
    block = rich_text("a &lt; <@U1> in <#C1|x> <!here> https://x.example/?a=1&amp;b=2 end", "b")[0]
    assert block["elements"][0]["elements"] == [
        {"type": "text", "text": "a < "},
        {"type": "user", "user_id": "U1"},
        {"type": "text", "text": " in "},
        {"type": "channel", "channel_id": "C1"},
        {"type": "text", "text": " "},
        {"type": "broadcast", "range": "here"},
        {"type": "text", "text": " "},
        {"type": "link", "url": "https://x.example/?a=1&b=2"},
        {"type": "text", "text": " end"},
    ]


ONE = {"text": {"type": "plain_text", "text": "One"}, "value": "1"}
TWO = {"text": {"type": "plain_text", "text": "Two"}, "value": "2"}


@pytest.mark.parametrize(
    ("element", "value", "state"),
    [
        ({"type": "plain_text_input"}, "x", {"value": "x"}),
        ({"type": "plain_text_input"}, "", {"value": None}),
        ({"type": "number_input"}, 12, {"value": "12"}),
        ({"type": "datepicker"}, "2026-12-01", {"selected_date": "2026-12-01"}),
        ({"type": "datetimepicker"}, "1800000000", {"selected_date_time": 1_800_000_000}),
        ({"type": "users_select"}, "U1", {"selected_user": "U1"}),
        ({"type": "multi_channels_select"}, ["C1"], {"selected_channels": ["C1"]}),
        ({"type": "static_select", "options": [ONE]}, "1", {"selected_option": ONE}),
        ({"type": "static_select", "options": [ONE]}, None, {"selected_option": None}),
        ({"type": "external_select"}, "1", {"selected_option": ONE}),
        ({"type": "external_select", "initial_option": TWO}, "2", {"selected_option": TWO}),
        ({"type": "multi_external_select", "initial_options": [TWO]}, ["2", "1"], {"selected_options": [TWO, ONE]}),
        ({"type": "checkboxes", "options": [ONE]}, ["1"], {"selected_options": [ONE]}),
        ({"type": "checkboxes", "options": [ONE]}, [], {"selected_options": []}),
        ({"type": "multi_static_select", "option_groups": [{"options": [ONE]}]}, "1", {"selected_options": [ONE]}),
        ({"type": "file_input"}, ["F1"], {"files": [{"id": "F1"}]}),
    ],
)
def test_entered_value_becomes_slacks_state(element: dict[str, Any], value: object, state: dict[str, Any]) -> None:
    assert values.entered(element, value, [ONE], {"F1": {"id": "F1"}}) == {"type": element["type"]} | state


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ({"type": "static_select", "options": [ONE]}, "2"),
        ({"type": "checkboxes", "options": [ONE]}, ["1", "2"]),
        ({"type": "plain_text_input"}, ["x"]),
        ({"type": "datetimepicker"}, "noon"),
        ({"type": "file_input"}, ["F2"]),
    ],
)
def test_value_that_does_not_fit_is_refused(element: dict[str, Any], value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        values.entered(element, value, [], {})


def message(number: int, **more: Any) -> Message:
    return Message(f"18000000{number:02d}.000000", "U1", f"m{number}", **more)


@given(st.lists(st.sampled_from(["say", "reply", "broadcast", "remove"]), max_size=40))
def test_timeline_stays_in_order_whatever_comes_and_goes(steps: list[str]) -> None:
    place = Conversation("C1", "x", "channel", 0)
    kept: list[Message] = []
    for number, step in enumerate(steps):
        heads = [one for one in kept if not one.is_reply]
        if step == "remove":
            if kept and not kept[-1].replies:
                place.remove(kept.pop())
            continue
        if step != "say" and not heads:
            continue
        new = message(number)
        if step != "say":
            new.thread_ts, new.broadcast = heads[0].ts, step == "broadcast"
        place.add(new)
        kept.append(new)
    shown = [one.ts for one in kept if not one.is_reply or one.broadcast]
    assert [one.ts for one in place.timeline] == shown
    first, last = place.between(None, None, inclusive=False)
    assert (first, last) == (0, len(shown))
    assert set(place.by_ts) == {one.ts for one in kept}


def test_limits_allow_a_burst_and_then_the_pace() -> None:
    limits = Limits()
    waits = [limits.wait("users.list", 2) for _ in range(21)]
    assert waits[:20] == [0] * 20
    assert 1 <= waits[20] <= 3
    assert [limits.wait("chat.postMessage", 5, "C1") for _ in range(10)] == [0] * 10
    assert limits.wait("chat.postMessage", 5, "C1") == 1
    assert limits.wait("chat.postMessage", 5, "C2") == 0
    assert Limits(on=False).wait("users.list", 1) == 0


def test_clock_moves_ahead_and_never_back() -> None:
    clock = Clock()
    clock.advance(3600)
    assert clock.now() - time.time() == pytest.approx(3600, abs=1)
    with pytest.raises(ValueError, match="forward"):
        clock.advance(-1)
    stamps = [clock.ts() for _ in range(1000)]
    assert stamps == sorted(set(stamps))


@pytest.mark.parametrize("text", ["soon", "2026-12-01T09:00:00", 5, None, ""])
def test_instant_without_zone_or_sense_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="looks like"):
        parse_instant(text)


def test_old_triggers_are_forgotten_in_time() -> None:
    triggers = Triggers(lambda _key, _url: None)
    newest = [triggers.give("U1") for _ in range(10_050)][-1]
    assert triggers.take(newest).user == "U1"
    assert len(triggers._triggers) <= 10_000


def test_ids_look_like_slacks_and_do_not_repeat() -> None:
    made = [ids.new_id("Ev") for _ in range(20_000)]
    assert len(set(made)) == len(made)
    assert all(len(one) == 12 and one.isalnum() and one[2:].isupper() for one in made if not one[2:].isdigit())
    assert len({ids.short() for _ in range(500)}) > 495


def test_quiet_stream_says_that_it_is_still_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.01)

    async def listen() -> list[str]:
        every = streams.Streams()
        pieces = every.watch("U1")
        return [await anext(pieces) for _ in range(3)]

    hello, first, second = _run(listen())
    assert "event: hello" in hello
    assert (first[0], second[0]) == (":", ":")


def test_page_that_does_not_read_is_sent_away_to_read_again() -> None:
    async def listen() -> list[str]:
        every = streams.Streams()
        pieces = every.watch("U1")
        await anext(pieces)
        for number in range(2_500):
            every.tell("U1", "message", {"ts": str(number)})
        assert every.watched() == []
        return [piece async for piece in pieces]

    pieces = _run(listen())
    assert len(pieces) == 1_999


def test_blocks_without_ids_get_ids_of_their_own() -> None:
    button: dict[str, Any] = {"type": "button", "text": {"type": "plain_text", "text": "x"}}
    blocks = [{"type": "actions", "elements": [dict(button) for _ in range(25)]} for _ in range(50)]
    filled = with_ids(blocks)
    assert len({block["block_id"] for block in filled}) == 50
    assert all(len({part["action_id"] for part in block["elements"]}) == 25 for block in filled)
    assert "block_id" not in blocks[0]
