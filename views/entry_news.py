"""What people are told of entries: that one was saved, where it came from."""

from __future__ import annotations

from views.i18n import translator
from views.text import Block, actions, button, message, section
from views.typed import bold


def saved(slug: str, title: str, locale: str, *, published: bool) -> Block:
    """To who wrote a new entry."""
    t = translator(locale)
    text = (
        t("Published: {title}. From now on I answer from it.", title=bold(title))
        if published
        else t("Saved as a draft: {title}. I answer from it once an organizer has published it.", title=bold(title))
    )
    return message(text, [section(text), actions(button(t("Open"), "entry.open", slug))])


def source_of_message(author: str, day: str, locale: str) -> str:
    """How an entry that was made of a message names its source."""
    t = translator(locale)
    return t("{person}, in Slack, {date}", person=author or t("A message"), date=day)
