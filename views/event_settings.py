"""What organizers choose for all events: how seats are offered, how many messages a day."""

from __future__ import annotations

from community.seats import Terms
from views.i18n import translator
from views.inputs import number_input
from views.text import Block, field, modal, section


def settings_form(locale: str, terms: Terms, a_day: int) -> Block:
    """The choices as they stand."""
    t = translator(locale)
    return modal(
        "settings.save",
        t("Event settings"),
        [
            section(t("*Waitlist.* A seat that becomes free is kept for the first who waits.")),
            field(
                t("For how many minutes it is kept"),
                number_input("settings.offer_minutes", terms.offer_minutes),
                "offer_minutes",
                hint=t("Then it is offered to whoever is next."),
            ),
            field(
                t("How many minutes before the start no seat is offered any more"),
                number_input("settings.cutoff_minutes", terms.cutoff_minutes),
                "cutoff_minutes",
                hint=t("From then on whoever signs up first has a free seat."),
            ),
            section(t("*Messages.* Reminders, requests to check in, surveys and announcements together.")),
            field(
                t("How many a person gets a day at most"),
                number_input("settings.a_day", a_day),
                "a_day",
                hint=t("What is more waits for the next morning where it can. What is mandatory is not counted."),
            ),
        ],
        submit=t("Save"),
        close=t("Cancel"),
    )


def settings_saved(locale: str) -> str:
    """The choices count from now on."""
    return translator(locale)("The event settings are saved. They count from now on.")
