"""What a check-in is answered with."""

from __future__ import annotations

from community.attendance import CheckIn
from community.records import Status
from views.events import Viewer, named
from views.i18n import Translator, clock, mark, translator

_RECORDED = {
    Status.present: mark("You are recorded as present at {title}: {time}."),
    Status.late: mark("You are recorded as late at {title}: {time}."),
}
_STANDS = {
    Status.present: mark("You were already recorded as present at {title}: {time}."),
    Status.late: mark("You were already recorded as late at {title}: {time}."),
    Status.excused: mark("An organizer recorded you as excused from {title}; this stays so."),
    Status.absent: mark("An organizer recorded you as absent from {title}; ask them if this is wrong."),
}
CODE_USAGE = mark("Type the six digits that are shown at the event, for example `/praxis checkin 482915`.")


def recorded(viewer: Viewer, check_in: CheckIn) -> str:
    """What was recorded, or what stands since before, with the time in the person's zone (mrkdwn)."""
    t: Translator = translator(viewer.locale)
    sentences = _RECORDED if check_in.first and check_in.status in _RECORDED else _STANDS
    return t(
        sentences[check_in.status],
        title=named(check_in.event, t.locale),
        time=clock(check_in.at, t.locale, viewer.time_zone),
    )


def code_usage(viewer: Viewer) -> str:
    """How to check in with a code."""
    return translator(viewer.locale)(CODE_USAGE)
