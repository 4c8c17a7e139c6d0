"""What organizers choose for questions that wait for a person."""

from __future__ import annotations

from community.expert_terms import Terms
from views.i18n import translator
from views.inputs import channel_input, number_input
from views.text import Block, field, message, modal, section


def form(terms: Terms, locale: str) -> Block:
    """The choices as they stand."""
    t = translator(locale)
    return modal(
        "experts.save",
        t("Waiting questions"),
        [
            section(
                t(
                    "A question that is passed on goes to those who offered what it is about. Here you choose what "
                    "becomes of the others, and of those that nobody answers."
                )
            ),
            field(
                t("Channel for questions that nobody offered to answer"),
                channel_input("experts.channel", terms.channel, t("Choose a channel")),
                "channel",
                hint=t("Leave it empty to ask experts and organizers in direct messages."),
                optional=True,
            ),
            field(
                t("Hours until a question that waits is brought up again"),
                number_input("experts.hours", terms.hours),
                "hours",
                hint=t("From 1 to 720, which is 30 days."),
            ),
        ],
        submit=t("Save"),
        close=t("Cancel"),
    )


def saved(locale: str) -> Block:
    """The choices count from now on."""
    return message(translator(locale)("This is how waiting questions are dealt with from now on."))
