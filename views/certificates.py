"""Certificates of attendance: what somebody has earned, and the form by which organizers make one for others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from views.i18n import translator
from views.inputs import looked_up
from views.text import Block, actions, button, escape, field, message, modal, section


class Record(Protocol):
    """One person's attendance at a series (`reports.certificate`)."""

    @property
    def series_id(self) -> int:
        """Which series."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def came(self) -> int:
        """Days that count as attended."""

    @property
    def counted(self) -> int:
        """Days that count."""

    @property
    def need(self) -> int:
        """The percentage that a certificate takes."""

    @property
    def earned(self) -> bool:
        """Whether the attendance is enough."""


def mine(locale: str, records: Sequence[Record], *, may_make: bool) -> Block:
    """Every series that the person took part in, with a button where the certificate is earned."""
    t = translator(locale)
    blocks = []
    for record in records:
        text = t("Days attended: {came} of {counted}.", came=record.came, counted=record.counted)
        if not record.earned:
            text += " " + t("A certificate takes {need} %.", need=record.need)
        send = button(t("Certificate"), "certificate.send", record.series_id) if record.earned else None
        blocks.append(
            section(f"*{escape(record.title)}*\n{text}", accessory=send, id=f"certificate:{record.series_id}")
        )
    if not records:
        blocks.append(section(t("No series that you were expected at has had an event so far.")))
    if may_make:
        blocks.append(actions(button(t("For somebody else"), "certificate.choose"), id="certificate:more"))
    return message(t("Your certificates of attendance"), blocks)


def choose_form(locale: str, *, possible: bool) -> Block:
    """Whose certificate, and for which series; `possible` once one has had an event."""
    t = translator(locale)
    if not possible:
        return modal(
            "certificate.none",
            t("Certificate"),
            [section(t("No series has had an event so far."))],
            close=t("Close"),
        )
    blocks = [
        field(label, looked_up(f"certificate.{name}", None, t("Type a few letters")), name)
        for label, name in ((t("Series"), "series"), (t("Person"), "member"))
    ]
    return modal("certificate.make", t("Certificate"), blocks, submit=t("Make it"), close=t("Cancel"))


def sent(locale: str, name: str, series: str) -> str:
    """What is said with the file."""
    return translator(locale)("Certificate of attendance: {name}, {series}", name=escape(name), series=escape(series))
