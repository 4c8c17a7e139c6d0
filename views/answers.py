"""Answers as people see them: the card with its source, what to pick from, and what to do when nothing is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from markdown_to_mrkdwn import SlackMarkdownConverter

from knowledge.answering import Shown
from views.i18n import Translator, mark, translator, written_date
from views.text import (
    Block,
    actions,
    button,
    clean,
    clip,
    confirmation,
    context_line,
    escape,
    header,
    message,
    paragraphs,
    section,
)
from views.typed import bold, verbatim

RATING = "answer.rating"
LANGUAGES = {
    "en": mark("This answer exists in English only so far."),
    "fr": mark("This answer exists in French only so far."),
}
_TOKEN = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_BARE = re.compile(r"(?<![<|\w/])https?://[^\s<>|]*[^\s<>|.,;:!?)'\"’»]")
_ADDRESS = re.compile(r"(https?://|mailto:)[^\s<>|]+")


@dataclass(frozen=True)
class Asked:
    """What a card must know of the question it answers: its row, and what became of it."""

    id: int
    helpful: bool | None = None
    passed_on: bool = False
    wants_news: bool = False


def card_key(question_id: int) -> str:
    """Key of the delivery that posts the answer to a question, by which its card is updated."""
    return f"answer:{question_id}"


def answer(
    shown: Shown,
    locale: str,
    asked: Asked | None = None,
    *,
    others: Sequence[Shown] = (),
    can_share: bool = False,
    intro: str | None = None,
    today: date | None = None,
) -> Block:
    """An answer with its source and review date. With `asked` its asker can say whether it helped.

    `others` are the further suggestions; `intro` is a line of mrkdwn above it all; with `today` it says when a review
    is overdue.
    """
    t = translator(locale)
    blocks = [*([verbatim(intro)] if intro else []), header(shown.title), *text_blocks(mrkdwn_of(shown.text))[:10]]
    blocks.append(context_line(*_provenance(shown, t)))
    if today and shown.review_due_on and shown.review_due_on <= today:
        due = written_date(shown.review_due_on, t.locale)
        blocks.append(
            context_line(
                t(
                    "*This answer was to be reviewed by {date} and has not been.* Make sure before you rely on it.",
                    date=due,
                )
            )
        )
    if shown.locale != t.locale:
        blocks.append(context_line(t(LANGUAGES[shown.locale])))
    if shown.sample:
        blocks.append(context_line(t("Sample text: invented to show how this works, not checked by anybody.")))
    if asked is not None:
        blocks += rating(asked, t, can_share)
    blocks += more(asked, [(other.id, other.title) for other in others], t("Did you mean one of these?"), "answer.pick")
    offered = {other.id for other in others}
    related = [(slug, title) for slug, title in shown.related if slug not in offered]
    blocks += more(asked, related, t("See also"), "answer.related")
    return message(f"{escape(shown.title)}\n{clip(plain_of(shown.text), 3000)}", blocks)


def suggestions(found: Sequence[Shown], locale: str, asked: Asked) -> Block:
    """Answers that may be meant, as buttons, and a way to a person when none is."""
    t = translator(locale)
    lead = t("I am not sure which of these you mean. Pick one to see its answer.")
    blocks = [section(lead), *more(asked, [(s.id, s.title) for s in found], None, "answer.pick")]
    blocks += _way_on(asked, t, t("None of these? Ask in other words, or pass your question on to a person."))
    return message(lead + "\n" + "\n".join(f"• {escape(s.title)}" for s in found), blocks)


def unknown(locale: str, asked: Asked, *, foreign: bool = False) -> Block:
    """Nothing is known: says so, and what can be done now; `foreign`: asked in neither English nor French."""
    t = translator(locale)
    lead = t("I have no answer to this, and I would rather say so than guess.")
    text = t("You can ask in other words, or pass your question on to a person who may know.")
    if foreign:
        text = f"{t('I read English and French. Please ask in one of the two.')} {text}"
    return message(f"{lead} {text}", [section(f"{lead}\n{text}"), *_way_on(asked, t, None)])


def news(question: str, shown: Shown, locale: str) -> Block:
    """The answer that somebody waited for, under the question they had asked."""
    t = translator(locale)
    asked = bold(clip(" ".join(question.split()), 300), t.locale)
    return answer(shown, locale, intro=t("You asked {question}. There is an answer now:", question=asked))


def not_ours(question: str, locale: str) -> Block:
    """To somebody who waited for an answer that this community will not give."""
    t = translator(locale)
    asked = bold(clip(" ".join(question.split()), 300), t.locale)
    lead = t("You wished to hear more of your question {question}.", question=asked)
    rest = t(
        "The organizers read it, and it is about something that this community does not look after, so there will be "
        "no answer here. Thank you for asking all the same, and do ask me anything else."
    )
    return message(f"{lead} {rest}", [section(f"{lead}\n{rest}")])


def sharing(question: str, sharer: str, locale: str) -> str:
    """The line above an answer that somebody shares with a channel."""
    t = translator(locale)
    return t(
        "{person} asked: {question}",
        person=f"<@{sharer}>",
        question=bold(clip(" ".join(question.split()), 300), t.locale),
    )


def sentence(text: str, locale: str, **values: object) -> Block:
    """A message of one of the sentences below, in the person's language."""
    return message(translator(locale)(text, **values))


EMPTY = mark("Your question is missing. Write it after the mention or after `/praxis ask`, in a sentence of your own.")
NO_WORDS = mark(
    "I read words, and there are none in this. Ask me in a sentence, for example: *How do I sign up for a course?*"
)
TOO_LONG = mark(
    "That is more than I can take in at once. Please ask one question, in a sentence or two (at most {n} characters)."
)
UNREADABLE = mark("I cannot read this: it does not look like text. Please type your question in a sentence.")
ONLY_FILES = mark("I can read text only, not files. Please type your question in a sentence.")
ONLY_LINKS = mark("I cannot open links. Please ask in a sentence what you want to know.")
WELCOME = mark("You are welcome. Ask me anything about the community, or type `/praxis help`.")
RATED_AGAIN = mark("Thank you. You had said so already; it stands as it is.")
GONE = mark("This answer is no longer there; it was taken out or replaced. Please ask again.")
SHARED = mark("I shared the answer in this channel.")
CANNOT_SHARE = mark(
    "I am not in this conversation, so I cannot post here. Invite me with `/invite @Praxis` and press Share again."
)
PASTED = mark("The message has no text that I could answer.")


@lru_cache(maxsize=512)
def mrkdwn_of(markdown: str) -> str:
    """An entry's Markdown as Slack's mrkdwn, in which nothing but its links is alive: no mention, no mass mention."""
    # What looks like Slack's markup in an entry is text; a quotation's `>` at a line's start is Markdown.
    safe = clean(markdown).replace("&", "&amp;").replace("<", "&lt;")
    safe = re.sub(r"(?m)(?<!^)>", "&gt;", safe)
    linked = _TOKEN.sub(_only_links, SlackMarkdownConverter().convert(safe))
    return _BARE.sub(lambda found: f"<{found.group()}>", linked).strip()


def _only_links(token: re.Match[str]) -> str:
    """A link stays; `[label](!channel)` and the like, which Slack would take for a mention, leave their label."""
    target, label = token.groups()
    return token.group() if _ADDRESS.fullmatch(target) else (label or target)


def plain_of(markdown: str) -> str:
    """An entry's text for a notification: escaped, without Markdown's signs for links, emphasis and headings."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return escape(re.sub(r"(?m)^#+\s*|[*_`]{1,3}", "", text)).strip()


def text_blocks(markup: str) -> list[Block]:
    """Paragraphs in which Slack is told to look for no mention, channel or address beyond those marked up."""
    return [verbatim(block["text"]["text"]) for block in paragraphs(markup)]


def _provenance(shown: Shown, t: Translator) -> list[str]:
    source = escape(clip(shown.source, 1500))
    if shown.source_url and re.fullmatch(r"https?://[^\s<>|]+", shown.source_url):
        source = f"<{shown.source_url.replace('&', '&amp;')}|{source}>"
    parts = [t("Source: {source}", source=source)]
    parts.append(t("Reviewed on {date}", date=written_date(shown.reviewed_on, t.locale)))
    if shown.owner:
        parts.append(t("Owner: {owner}", owner=escape(shown.owner)))
    return parts


def rating(asked: Asked, t: Translator, can_share: bool) -> list[Block]:
    """Whether the answer helped, and sharing it; once it was said, what follows from that."""
    share = [button(t("Share in this channel"), "answer.share", asked.id)] if can_share else []
    if asked.helpful is not None:
        thanks = (
            t("You found this helpful. Thank you.") if asked.helpful else t("You found this not helpful. Thank you.")
        )
        way_on = _way_on(asked, t, None) if asked.helpful is False else []
        return [context_line(thanks), *([actions(*share)] if share else []), *way_on]
    return [
        actions(
            button(t("Helpful"), "answer.helpful", asked.id, label=t("This answer was helpful")),
            button(t("Not helpful"), "answer.not_helpful", asked.id, label=t("This answer was not helpful")),
            *share,
            id=RATING,
        )
    ]


def more(asked: Asked | None, titles: Sequence[tuple[str, str]], lead: str | None, action_id: str) -> list[Block]:
    """Further entries as buttons, below a word that says why; nothing where there are none, or for others to see."""
    if not titles:
        return []
    number = asked.id if asked else 0
    rows = [
        actions(button(title, f"{action_id}.{i}", f"{number}:{slug}")) for i, (slug, title) in enumerate(titles[:5])
    ]
    return [*([context_line(f"*{lead}*")] if lead else []), *rows]


def _way_on(asked: Asked, t: Translator, lead: str | None) -> list[Block]:
    news = (
        button(t("Do not tell me after all"), "question.news", f"{asked.id}:0")
        if asked.wants_news
        else button(t("Tell me when there is an answer"), "question.news", f"{asked.id}:1")
    )
    wished = [context_line(t("I will write to you when there is an answer."))] if asked.wants_news else []
    if asked.passed_on:
        passed_on = t("Your question was passed on. I will tell you what becomes of it.")
        return [*wished, context_line(passed_on), actions(news)]
    sure = confirmation(
        t("Pass it on?"),
        t("The people who may know will see your question and your name, so that they can reply to you."),
        t("Pass it on"),
        t("Cancel"),
    )
    row = actions(button(t("Pass it on to a person"), "question.pass_on", asked.id, confirm=sure), news)
    return [*([context_line(lead)] if lead else []), *wished, row]
