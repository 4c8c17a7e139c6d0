"""A sentence in each language for everything that can go wrong for a person, by the error's code."""

from __future__ import annotations

from datetime import datetime

from community import events
from community.errors import CommunityError
from community.records import Event
from knowledge.errors import KnowledgeError
from views.i18n import mark, translator, when, when_plain
from views.text import clip, escape

# Each says what is the matter and what to do. Fields are filled from the error's `params`, escaped; an instant is shown
# in the person's zone, an event by its title.
SENTENCES: dict[str, str] = {
    # people
    "needs_organizer": mark(
        "Only organizers can do this. Ask one of them; `/praxis help` says what you can do yourself."
    ),
}

UNEXPECTED = mark(
    "Something went wrong on my side, so this is not done yet. It is written down, and I will try again by myself in a "
    "few minutes."
)
PRESS_AGAIN = mark("That took too long, so Slack did not let me open the window. Please press the button again.")
NO_DATABASE = mark(
    "I cannot write anything down at the moment, so nothing was changed. Please try again in a few minutes; if it goes "
    "on, tell an organizer."
)
UNKNOWN_BUTTON = mark(
    "I do not know this button any more; it may be from an older message. Open my Home tab or type `/praxis help` to "
    "see what I can do."
)
GENERAL = mark("This is not possible. Open my Home tab or type `/praxis help` to see what is.")


def sentence(error: CommunityError | KnowledgeError, locale: str | None, *, time_zone: str, markup: bool = True) -> str:
    """What to tell a person about an error, in their language, as mrkdwn; without `markup` as plain text."""
    t = translator(locale)

    def shown(value: object) -> str:
        if isinstance(value, datetime):
            return when(value, locale, time_zone) if markup else when_plain(value, locale, time_zone)
        text = clip(events.title(value, t.locale) if isinstance(value, Event) else str(value), 200)
        return escape(text) if markup else text

    return t(SENTENCES.get(error.code, GENERAL), **{name: shown(value) for name, value in error.params.items()})


def say(message: str, locale: str | None) -> str:
    """One of the sentences above that belong to no code, in the person's language."""
    return translator(locale)(message)
