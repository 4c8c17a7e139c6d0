"""Answers as people see them, in both languages, whatever an entry or a question holds."""

from __future__ import annotations

import re
from datetime import date

import pytest

from knowledge.answering import Shown
from tests.golden_files import looks_as_before
from tests.kit import action_ids, texts
from tests.unit.views_people import HOSTILE
from views import answers
from views.answers import Asked

LOCALES = ("en", "fr")


def a_shown(**changes: object) -> Shown:
    values: dict[str, object] = {
        "id": "plain-language",
        "title": "How do I write plainly?",
        "text": "**Short** sentences.\n\n- one idea\n- see [the guide](https://example.org/guide?a=1&b=2)\n\n> Quoted.",
        "locale": "en",
        "source": "Style guide, 2nd edition",
        "source_url": "https://example.org/source?x=1&y=2",
        "reviewed_on": date(2026, 11, 1),
        "owner": "Writing team",
        "related": (("titles", "What makes a good title?"), ("lists", "When do I use a list?")),
        "sample": False,
        "entry_id": 3,
    }
    return Shown(**(values | changes))  # type: ignore[arg-type]  # each value has its field's type


OTHER = a_shown(id="titles", title="What makes a good title?")


@pytest.mark.parametrize("locale", LOCALES)
def test_answer(locale: str) -> None:
    looks_as_before(f"answers/answer.{locale}", answers.answer(a_shown(locale=locale), locale, Asked(5)))


@pytest.mark.parametrize("locale", LOCALES)
def test_answer_with_everything(locale: str) -> None:
    shown = a_shown(locale="fr" if locale == "en" else "en", sample=True, source_url=None, owner=None)
    card = answers.answer(shown, locale, Asked(5), others=[OTHER], can_share=True)
    looks_as_before(f"answers/other_language_sample.{locale}", card)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("helpful", [True, False])
def test_rated_answer(locale: str, helpful: bool) -> None:
    card = answers.answer(a_shown(locale=locale), locale, Asked(5, helpful), can_share=True)
    looks_as_before(f"answers/rated_{'helpful' if helpful else 'not_helpful'}.{locale}", card)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("passed_on", [False, True])
def test_suggestions(locale: str, passed_on: bool) -> None:
    card = answers.suggestions([a_shown(), OTHER], locale, Asked(5, passed_on=passed_on))
    looks_as_before(f"answers/suggestions{'_passed_on' if passed_on else ''}.{locale}", card)


@pytest.mark.parametrize("locale", LOCALES)
def test_unknown(locale: str) -> None:
    looks_as_before(f"answers/unknown.{locale}", answers.unknown(locale, Asked(5)))


@pytest.mark.parametrize("locale", LOCALES)
def test_shared_answer(locale: str) -> None:
    intro = answers.sharing("How do I *write*?", "U1", locale)
    looks_as_before(f"answers/shared.{locale}", answers.answer(a_shown(locale=locale), locale, intro=intro))


SENTENCES = {name: value for name, value in vars(answers).items() if name.isupper() and isinstance(value, str)}


@pytest.mark.parametrize("locale", LOCALES)
def test_sentences(locale: str) -> None:
    told = {
        name: answers.sentence(text, locale, n=2000)["text"] for name, text in SENTENCES.items() if name != "RATING"
    }
    looks_as_before(f"answers/sentences.{locale}", told)


def test_card_without_an_asker_has_nothing_to_rate() -> None:
    assert [name for name, _ in action_ids(answers.answer(a_shown(), "en"))] == ["answer.related.0", "answer.related.1"]


def test_press_tells_which_question_and_entry() -> None:
    pressed = action_ids(answers.answer(a_shown(), "en", Asked(5), others=[OTHER], can_share=True))
    assert pressed == [
        ("answer.helpful", "5"),
        ("answer.not_helpful", "5"),
        ("answer.share", "5"),
        ("answer.pick.0", "5:titles"),
        ("answer.related.0", "5:lists"),
    ]


@pytest.mark.parametrize(
    ("markdown", "mrkdwn"),
    [
        ("**bold** and _slanted_", "*bold* and _slanted_"),
        ("# Heading\ntext", "*Heading*\ntext"),
        ("- one\n- two", "• one\n• two"),
        ("[label](https://a.example/?x=1&y=2)", "<https://a.example/?x=1&amp;y=2|label>"),
        ("see https://a.example/b.", "see <https://a.example/b>."),
        (
            "<!channel> <@U1> <#C1> <https://a.example|Slack>",
            "&lt;!channel&gt; &lt;@U1&gt; &lt;#C1&gt; &lt;<https://a.example>|Slack&gt;",
        ),
        ("[all](!channel) [you](@U1) [run](javascript:alert)", "all you run"),
        ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
        ("> quoted", "> quoted"),
        ("code `<b>`", "code `&lt;b&gt;`"),
        ("\u202ereversed \x00nul", "reversed nul"),
    ],
)
def test_entry_markdown_becomes_mrkdwn_without_live_markup(markdown: str, mrkdwn: str) -> None:
    assert answers.mrkdwn_of(markdown) == mrkdwn


ALIVE = re.compile(r"<(?!https?://|mailto:|@U1>|#C1>)[^<>]*>")


@pytest.mark.parametrize("locale", LOCALES)
def test_hostile_text_stays_text_everywhere(locale: str) -> None:
    shown = a_shown(
        title=HOSTILE,
        text=HOSTILE * 30,
        source=HOSTILE,
        owner=HOSTILE,
        related=(("x", HOSTILE),),
        source_url="javascript:x",
    )
    cards = [
        answers.answer(shown, locale, Asked(1), others=[shown], intro=answers.sharing(HOSTILE, "U1", locale)),
        answers.suggestions([shown] * 5, locale, Asked(1)),
    ]
    for card in cards:
        for block in [{"type": "mrkdwn", "text": card["text"]}, *_mrkdwn(card)]:
            assert not ALIVE.search(block["text"])
            assert "javascript:" not in re.sub(r"[^<]*<([^>]*)>[^<]*", r"\1", block["text"])
        looks_as_before(f"answers/hostile_{cards.index(card)}.{locale}", card)
    assert "@U1|x" not in texts(cards[0]).replace("&lt;@U1|x&gt;", "").replace("<@U1|x>", "")


def _mrkdwn(node: object) -> list[dict[str, str]]:
    if isinstance(node, dict):
        own = [node] if node.get("type") == "mrkdwn" else []
        return own + [found for value in node.values() for found in _mrkdwn(value)]
    return [found for item in node for found in _mrkdwn(item)] if isinstance(node, list) else []
