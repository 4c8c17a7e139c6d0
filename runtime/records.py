"""What the records of courses and competencies answer on the command line, as Slack would show it."""

from __future__ import annotations

import html
import re
from datetime import datetime
from typing import Any

from community import expertise, sessions
from community.records import Community
from knowledge.catalogue.loaded import Catalogue, load
from knowledge.catalogue.understanding import name_alone, understand
from knowledge.language import detect
from storage import Database
from views import course_answers as view
from views.course_rows import Records

_TOKEN = re.compile(r"<[^<>|]*\|([^<>]*)>")


class RecordsDesk:
    """The catalogue of a community, read once, and what it answers at `now`."""

    def __init__(self, database: Database, community_id: int, now: datetime) -> None:
        self._database, self._community_id, self._now = database, community_id, now
        with database.read() as session:
            self._catalogue: Catalogue = load(session, community_id)
            self._time_zone = session.get_one(Community, community_id).time_zone

    def answer(self, text: str, locale: str | None, *, sure: bool) -> dict[str, Any] | None:
        """`understood` and, as Markdown, `text`; None when the question is not plainly one to the records.

        A competency's name alone is one where no entry is `sure` to be meant.
        """
        wish = understand(self._catalogue, text) or (None if sure else name_alone(self._catalogue, text))
        if wish is None or wish.ask not in view.ANSWERED:
            return None
        planned: dict[str, list[Any]] = {}
        with self._database.read() as session:
            codes = list(self._catalogue.courses)[:500]
            for event in sessions.upcoming(session, self._community_id, codes, self._now, limit=200):
                planned.setdefault(event.course_code or "", []).append(event)
            below = self._catalogue.below(wish.competency) if wish.competency else []
            experts = expertise.who_knows(session, self._community_id, below)
        found = Records(self._catalogue, planned, time_zone=self._time_zone, experts=experts)
        shown = view.answer(found, wish, locale or detect(text), None)
        return {"understood": wish.as_dict(), "text": _markdown(shown["text"])}


def _markdown(mrkdwn: str) -> str:
    """Slack's markup as Markdown, a paragraph for each line."""
    bold = re.sub(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])", r"**\1**", _TOKEN.sub(r"\1", mrkdwn))
    return html.unescape(bold).replace("\n", "\n\n")
