"""What people type, cleaned and held to its limits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community import text
from community.errors import Invalid

HOSTILE = ["<!channel>", "=1+1", "'; DROP TABLE event; --", "*bold* _it_ `code`", "&amp; <b>", "@everyone"]


@pytest.mark.parametrize("typed", HOSTILE)
def test_markup_formulas_and_sql_are_kept_as_plain_text(typed: str) -> None:
    assert text.clean(typed) == typed


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_cleaned_text_can_be_stored_and_cleaning_again_changes_nothing(typed: str) -> None:
    cleaned = text.clean(typed)
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned
    assert text.clean(cleaned) == cleaned
    assert "\n" not in text.one_line(typed)


def test_line_ends_become_newlines_and_a_title_has_one_line() -> None:
    assert text.clean("a\r\nb\rc\x07d") == "a\nb\ncd"
    assert text.one_line("  a\r\n\t b \u2029 c ") == "a b c"


def test_empty_and_too_long_are_named_with_field_and_limit() -> None:
    with pytest.raises(Invalid) as empty:
        text.required(text.one_line(" \n "), 10, "title_en")
    assert (empty.value.code, empty.value.field) == ("empty", "title_en")
    with pytest.raises(Invalid) as long:
        text.within("x" * 11, 10, "title_en")
    assert (long.value.code, long.value.params) == ("too_long", {"limit": 10, "length": 11})
    assert text.within("x" * 10, 10, "title_en") == "x" * 10


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org",
        "HTTP://Example.org/a?b=c#d",
        "https://teams.example/l/meetup/19%3a",
        "https://éxample.ca/é",
    ],
)
def test_web_links_are_kept(link: str) -> None:
    assert text.web_link(f" {link} ", 2000, "link") == link


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "ftp://example.org",
        "example.org",
        "https://",
        "https://a b",
        "https://a|<!channel>",
        "https://[",
        "https://bank.ca@evil.example",
        "data:text/html,x",
        "https:///path",
        "https://a.example\\@b.example",
    ],
)
def test_what_is_no_plain_web_link_is_refused(link: str) -> None:
    with pytest.raises(Invalid) as caught:
        text.web_link(link, 2000, "link")
    assert (caught.value.code, caught.value.field) == ("link_form", "link")


def test_no_link_is_none() -> None:
    assert text.web_link(None, 10, "link") is None
    assert text.web_link("  ", 10, "link") is None
