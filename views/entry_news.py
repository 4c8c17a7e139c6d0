"""What people are told of entries: that one was saved, where it came from, which ones want a review."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.entry_list import Listed
from views.i18n import Translator, translator, written_date
from views.text import Block, actions, button, clip, context_line, message, section
from views.typed import bold, verbatim

SHOWN = 10  # entries of a list in a message


def saved(slug: str, title: str, locale: str, *, published: bool) -> Block:
    """To who wrote a new entry."""
    t = translator(locale)
    text = (
        t("Published: {title}. From now on I answer from it.", title=bold(title, t.locale))
        if published
        else t(
            "Saved as a draft: {title}. I answer from it once an organizer has published it.",
            title=bold(title, t.locale),
        )
    )
    return message(text, [section(text), actions(button(t("Open"), "entry.open", slug))])


def source_of_message(author: str, day: str, locale: str) -> str:
    """How an entry that was made of a message names its source."""
    t = translator(locale)
    return t("{person}, in Slack, {date}", person=author or t("A message"), date=day)


def due(own: Sequence[Listed], ownerless: Sequence[Listed], locale: str) -> Block:
    """Entries whose review is due: the reader's own, and for organizers those that nobody owns."""
    t = translator(locale)
    blocks: list[Block] = []
    leads = []
    if own:
        lead = t.n("*{n} entry of yours is due for review.*", "*{n} entries of yours are due for review.*", len(own))
        leads.append(lead)
        blocks += [section(lead), *_rows(own, t)]
    if ownerless:
        lead = t.n(
            "*{n} entry that nobody owns is due for review.*",
            "*{n} entries that nobody owns are due for review.*",
            len(ownerless),
        )
        leads.append(lead)
        blocks += [section(lead), *_rows(ownerless, t)]
    how = t(
        "People are still answered from them, and the answers say so. Open an entry and press “Still right”, or change "
        "it. I remind you once a week until then."
    )
    return message(" ".join((*leads, how)).replace("*", ""), [*blocks, context_line(how)])


def _rows(entries: Sequence[Listed], t: Translator) -> list[Block]:
    blocks = []
    for entry in entries[:SHOWN]:
        title = entry.title(t.locale)
        opening = button(t("Open"), "entry.open", entry.slug, label=t("Open “{title}”", title=clip(title, 60)))
        since = t("due since {date}", date=written_date(entry.due_on, t.locale))
        blocks.append(verbatim(f"{bold(clip(title, 200), t.locale)}\n{since}", opening))
    if len(entries) > SHOWN:
        more = len(entries) - SHOWN
        blocks.append(context_line(t.n("and {n} more", "and {n} more", more)))
    return blocks
