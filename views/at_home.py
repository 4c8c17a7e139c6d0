"""Windows that say what became of a press in App Home, or of a form: messages are not seen from there."""

from __future__ import annotations

from views.i18n import mark, translator
from views.text import Block, modal, section

SENT = {
    "report": mark("The report is in the Messages tab."),
    "help": mark("What I can do is in the Messages tab."),
    "figures": mark("I am drawing the figures; they come to the Messages tab."),
    "announcement": mark("Your announcement is on its way. In the Messages tab a card shows how many have it."),
}


def said(locale: str, sentence: str) -> Block:
    """One sentence (mrkdwn)."""
    t = translator(locale)
    return modal("home.said", "Praxis", [section(sentence)], close=t("Close"))


def sent(locale: str, what: str) -> Block:
    """Where it is, by its name in `SENT`; closing it closes the forms below it too."""
    t = translator(locale)
    return {**said(locale, t(SENT[what])), "clear_on_close": True}
