"""The form in which organizers choose how people check in, and what attendance counts for."""

from __future__ import annotations

from collections.abc import Mapping

from community.check_in_settings import CheckInSettings
from community.records import Event, Status
from views.events import Viewer, named
from views.i18n import mark, translator
from views.inputs import number_input
from views.roster import STATUSES
from views.text import Block, checkboxes, divider, field, modal, option, section, select

BUTTON = {
    "auto": mark("By button and code; by code alone where it only takes place in a room"),
    "yes": mark("By button and code"),
    "no": mark("By code alone"),
}


def settings_form(
    viewer: Viewer, event: Event, chosen: CheckInSettings, points: Mapping[Status, int], need: int
) -> Block:
    """The event's settings, then the community's."""
    t = translator(viewer.locale)

    def minutes(label: str, name: str, value: int | None, hint: str | None = None, *, optional: bool = False) -> Block:
        return field(label, number_input(f"checkin.{name}", value), name, hint=hint, optional=optional)

    button = {None: "auto", True: "yes", False: "no"}[chosen.button]
    later = option(t("For events that are planned from now on too"), "new")
    return modal(
        "checkin.set",
        t("Attendance"),
        [
            section(t("*Checking in* to {title}", title=named(event, t.locale))),
            minutes(t("Opens, minutes before the start"), "opens", chosen.opens),
            minutes(t("Closes, minutes after the end"), "closes", chosen.closes),
            minutes(t("Late, minutes after the start"), "late", chosen.late),
            minutes(
                t("Nudge those missing, minutes after the start"),
                "nudge",
                chosen.nudge,
                t("Leave it empty and nobody is nudged."),
                optional=True,
            ),
            field(
                t("How people check in"),
                select("checkin.how", [option(t(text), name) for name, text in BUTTON.items()], initial=button),
                "button",
            ),
            field(t("Keep this"), checkboxes("checkin.new", [later]), "new", optional=True),
            divider(),
            section(t("*What attendance counts for*, at all events")),
            *(
                field(
                    t("Points: {status}", status=t(STATUSES[status])),
                    number_input(f"points.{status.value}", number),
                    f"points_{status.value}",
                )
                for status, number in points.items()
            ),
            field(
                t("Attendance that a certificate takes, in percent"),
                number_input("checkin.need", need),
                "need",
                hint=t("Facilitators are told early when somebody cannot reach it any more."),
            ),
        ],
        submit=t("Save"),
        close=t("Cancel"),
        metadata=str(event.id),
    )


def saved(viewer: Viewer, event: Event) -> str:
    """What was kept (mrkdwn)."""
    t = translator(viewer.locale)
    return t("Attendance at {title} is set as you chose.", title=named(event, t.locale))
