"""The figures a programme is judged by, how they went month by month, and what open answers were about."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from community.records import Event, EventKind
from community.survey_records import Survey, Wave
from community.surveys import FLOORS
from reports import opinions, presence, supervisors, themes
from reports.opinions import Opinion, Tally
from reports.presence import LeftOut, Presence
from reports.selection import By, Selection
from reports.themes import Themes

MEASURED = (EventKind.learning_event, EventKind.action_learning)
# "Meeting - MGI Senior Officials" (briefing), 25 November 2004, Information Management Leadership Initiative.
PILOT = {
    (EventKind.learning_event, "rate"): 0.82,
    (EventKind.learning_event, "share"): 0.90,
    (EventKind.action_learning, "rate"): 0.80,
    (EventKind.action_learning, "share"): 0.95,
}


@dataclass(frozen=True)
class Judged:
    """One kind of event: attendance and agreement, as a whole and by month."""

    kind: EventKind
    presence: Presence
    opinion: Opinion
    left_out: LeftOut
    by_month: Mapping[Hashable, Presence]
    opinion_by_month: Mapping[Hashable, Opinion]


@dataclass(frozen=True)
class Programme:
    """The report's figures; `sample` when made-up events are among them."""

    selection: Selection
    judged: tuple[Judged, ...]
    themes: Themes
    supervisors: Mapping[Wave, list[Tally]]
    floor: int
    sample: bool

    @property
    def narrowed(self) -> bool:
        """Whether it is of a part of the people or events; what supervisors see is of all all the same."""
        chosen = self.selection
        return bool(chosen.series_ids or chosen.cohort or chosen.department)

    @property
    def months(self) -> list[str]:
        """Months in which something took place, in order, as 2026-03."""
        found = {str(month) for one in self.judged for month in (*one.by_month, *one.opinion_by_month)}
        return sorted(found)


def report(session: Session, selection: Selection) -> Programme:
    """Everything the one page says."""
    floors = session.scalars(select(Survey.floor).where(Survey.community_id == selection.community_id)).all()
    floor = max(floors, default=FLOORS[0])
    made_up = session.scalar(select(func.count()).select_from(Event).where(*selection.events(), Event.sample))
    return Programme(
        selection,
        tuple(_judged(session, selection.of_kind(kind)) for kind in MEASURED),
        themes.grouped(opinions.words(session, selection), floor),
        supervisors.tallies(session, selection.community_id),
        floor,
        bool(made_up),
    )


def _judged(session: Session, selection: Selection) -> Judged:
    (kind,) = selection.kinds
    by_month = presence.figures(session, selection, By.month)
    opinion_by_month = opinions.figures(session, selection, By.month)
    return Judged(
        kind,
        presence.total(by_month.values()),
        opinions.total(opinion_by_month.values()),
        presence.left_out(session, selection),
        by_month,
        opinion_by_month,
    )
