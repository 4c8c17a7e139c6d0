"""What every listener needs, put together once by the composition root."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from delivery.inbox import Inbox
from knowledge.answering import Answers
from knowledge.catalogue.loaded import Shelf
from storage import Database


class NotReady(Exception):
    """Something is still being loaded; the request is to be taken up again in a moment."""


@dataclass
class Services:
    """The parts of one running bot; `now` is the clock that people live by, which may have been moved ahead.

    `locales` remembers the language of people seen lately, for when the database cannot be asked. `errands` takes what
    asks Slack many times and nobody waits for, `files` what takes seconds to make; what they have not begun when the
    bot stops is left.
    """

    database: Database
    inbox: Inbox
    answers: Answers | None
    now: Callable[[], datetime]
    community_id: int
    experts_channel: str | None
    default_locale: str
    default_time_zone: str
    organizers: tuple[str, ...]
    experts_wait: timedelta = timedelta(hours=24)  # until a question that waits for a person is brought up again
    public_url: str | None = None  # where people's browsers reach this bot, without a slash at the end
    shelf: Shelf = field(default_factory=Shelf, repr=False)
    locales: dict[str, str] = field(default_factory=dict, repr=False)
    errands: Executor = field(default_factory=lambda: ThreadPoolExecutor(1, "errands"), repr=False)
    files: Executor = field(default_factory=lambda: ThreadPoolExecutor(1, "files"), repr=False)

    def remember_locale(self, user: str, locale: str) -> None:
        """Note a person's language; the ten thousand last seen are kept."""
        self.locales.pop(user, None)
        self.locales[user] = locale
        while len(self.locales) > 10_000:
            self.locales.pop(next(iter(self.locales)), None)

    def locale_of(self, user: str | None) -> str:
        """The language to speak to a person without asking the database."""
        return self.locales.get(user or "", self.default_locale)
