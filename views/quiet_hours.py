"""Each person's quiet hours: the form, and what is said of them."""

from __future__ import annotations

from community.records import Member
from community.times import parse_time
from views.i18n import Translator, translator
from views.inputs import time_input
from views.text import Block, field, modal, section


def form(member: Member) -> Block:
    """When to leave the person alone."""
    t = translator(member.locale)
    since, until = (parse_time(text) if text else None for text in (member.quiet_from, member.quiet_until))
    return modal(
        "quiet.save",
        t("Quiet hours"),
        [
            section(
                t(
                    "Between these times, on your own clock, I send you nothing by myself. What can wait comes when "
                    "they are over. Check-in, changes of an event and what organizers mark as mandatory come at once."
                )
            ),
            field(t("From"), time_input("quiet.from", since), "quiet_from", optional=True),
            field(t("Until"), time_input("quiet.until", until), "quiet_until", optional=True),
        ],
        submit=t("Save"),
        close=t("Cancel"),
    )


def said(member: Member, t: Translator) -> str:
    """The person's quiet hours in a sentence."""
    if not member.quiet_from:
        return t("You have no quiet hours.")
    return t("Your quiet hours: {begin} to {end}.", begin=member.quiet_from, end=member.quiet_until)
