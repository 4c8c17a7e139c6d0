"""Small builders of Block Kit: whatever goes in, Slack accepts what comes out, and nothing typed comes alive."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from views import text as v
from views.entered import input_values
from views.typed import bold
from workspace.blocks import surfaces

anything = st.text(max_size=4000)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<!channel>", "&lt;!channel&gt;"),
        ("a & b", "a &amp; b"),
        ("nul\x00 bell\x07 \u202ereversed", "nul bell reversed"),
        ("half \ud83d surrogate", "half  surrogate"),
        ("tab\tand\nline stay", "tab\tand\nline stay"),
    ],
)
def test_typed_text_is_made_harmless(typed: str, shown: str) -> None:
    assert v.escape(typed) == shown


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("short", 10, "short"),
        ("abcdefghij", 5, "abcd…"),
        ("abc&amp;def", 6, "abc…"),
        ("abc <https://a.b|c> d", 12, "abc…"),
        ("<@U1> says more", 8, "<@U1> s…"),
    ],
)
def test_cut_leaves_no_half_of_an_entity_or_a_token(text: str, limit: int, cut: str) -> None:
    assert v.clip(text, limit) == cut


@given(anything, st.integers(1, 500))
def test_cut_text_fits(text: str, limit: int) -> None:
    assert len(v.clip(v.escape(text), limit)) <= limit


@given(anything)
def test_escaped_text_holds_no_markup(text: str) -> None:
    escaped = v.escape(text)
    assert "<" not in escaped
    assert ">" not in escaped


@given(st.text(alphabet="ab \n&<", max_size=9000))
def test_paragraphs_keep_every_word_within_the_limit(text: str) -> None:
    whole = v.escape(text)
    blocks = v.paragraphs(whole)
    assert "".join("".join(block["text"]["text"].split()) for block in blocks) == "".join(whole.split())
    assert not surfaces.message_problems(blocks[:50])


@given(anything, anything)
def test_every_builder_keeps_slacks_limits(one: str, other: str) -> None:
    choices = [v.option(one, "1", other), v.option(other, "2")]
    sure = v.confirmation(one, other, one, other, style="danger")
    blocks = [
        v.section(v.escape(one), accessory=v.button(one, "a", other, style="danger", confirm=sure, label=other)),
        v.section(fields=[v.escape(one)] * 12),
        v.header(one),
        v.context_line(*[v.escape(other)] * 12),
        v.divider(),
        v.actions(
            v.select("s", choices, initial="2", placeholder=one),
            v.radio("r", choices, initial="1"),
            v.checkboxes("c", choices, initial=["2"]),
            id=f"row of {one}",  # two blocks of a modal may not share one
        ),
        *v.paragraphs(v.escape(one)),
    ]
    assert not surfaces.message_problems(v.message(one, blocks)["blocks"])
    field = v.field(one, v.text_input("t", multiline=True, initial=other, most=5000, placeholder=one), "f", hint=other)
    modal = v.modal("m", one, [*blocks, field], submit=one or "Save", close=other, metadata="x", notify_on_close=True)
    assert not surfaces.view_problems(modal, kinds=("modal",))
    assert not surfaces.view_problems(v.home([*blocks[:5], *[v.divider()] * 120]), kinds=("home",))


def test_metadata_that_does_not_fit_is_an_error_of_ours() -> None:
    with pytest.raises(ValueError, match="3,000"):
        v.modal("m", "t", [], metadata="x" * 3001)


def test_what_was_entered_is_read_by_block() -> None:
    state = {
        "values": {
            "title": {"x": {"type": "plain_text_input", "value": "Talk"}},
            "empty": {"x": {"type": "plain_text_input", "value": None}},
            "kind": {"x": {"type": "static_select", "selected_option": {"value": "a"}}},
            "none": {"x": {"type": "static_select", "selected_option": None}},
            "many": {"x": {"type": "checkboxes", "selected_options": [{"value": "a"}, {"value": "b"}]}},
            "day": {"x": {"type": "datepicker", "selected_date": "2026-12-01"}},
            "at": {"x": {"type": "timepicker", "selected_time": "09:00"}},
            "who": {"x": {"type": "users_select", "selected_user": "U1"}},
            "where": {"x": {"type": "conversations_select", "selected_conversation": "C1"}},
            "odd": {},
        }
    }
    assert input_values(state) == {
        "title": "Talk",
        "empty": None,
        "kind": "a",
        "none": None,
        "many": ["a", "b"],
        "day": "2026-12-01",
        "at": "09:00",
        "who": "U1",
        "where": "C1",
        "odd": None,
    }
    assert input_values({}) == {}


@pytest.mark.parametrize(
    ("name", "locale", "shown"),
    [
        ("Plain language", "fr", "*Plain language*"),
        ("R&D *now*", "en", "“R&amp;D *now*”"),
        ("Langage *clair*", "fr", "«\u00a0Langage *clair*\u00a0»"),
    ],
)
def test_a_name_that_cannot_be_bold_is_quoted_as_the_language_does(name: str, locale: str, shown: str) -> None:
    assert bold(name, locale) == shown
