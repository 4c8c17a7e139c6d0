"""The check-in code: the card that shows it to a room, and the form in which it is typed."""

from __future__ import annotations

from community.codes import STEP_SECONDS, Code
from community.records import Event
from views.events import Viewer, named
from views.i18n import Translator, translator
from views.text import Block, actions, button, context_line, divider, field, header, message, modal, section, text_input

EXAMPLE = "482 915"


def display_key(event_id: int, display_id: int) -> str:
    """Key of the delivery that posts a card with the code, by which it is updated."""
    return f"event:{event_id}:code:{display_id}"


def spaced(code: Code) -> str:
    """The digits as one reads them out: “482 915”."""
    half = len(code.digits) // 2
    return f"{code.digits[:half]} {code.digits[half:]}"


def code_card(event: Event, code: Code) -> Block:
    """The code for everybody in the room to see, so in both languages; the card follows it."""
    blocks: list[Block] = [header(spaced(code))]
    for locale in ("en", "fr"):
        t = translator(locale)
        blocks += [
            section(t("Check-in code of {title}.", title=named(event, t.locale))),
            section(
                t(
                    "In Slack, press *Enter the code* on the event’s card or on my Home tab, or type `/praxis checkin "
                    "{code}`.",
                    code=code.digits,
                )
            ),
            context_line(
                t(
                    "The code changes every {seconds} seconds, and this card with it. The one before works for "
                    "{seconds} seconds more.",
                    seconds=STEP_SECONDS,
                )
            ),
        ]
    blocks.insert(4, divider())
    en, fr = translator("en"), translator("fr")
    return message(
        " / ".join(t("Check-in code of {title}.", title=named(event, t.locale)) for t in (en, fr)) + f" {spaced(code)}",
        blocks,
    )


def code_over(event: Event) -> Block:
    """What stays of the card once the code is no longer shown."""
    said = [
        t("The check-in code of {title} is no longer shown here.", title=named(event, t.locale))
        for t in (translator("en"), translator("fr"))
    ]
    show = button("Show the code · Afficher le code", "event.code", event.id)
    return message(" / ".join(said), [*(section(line) for line in said), actions(show, id=f"event:{event.id}:code")])


def showing(viewer: Viewer, event: Event, code: Code, page: str | None) -> Block:
    """A modal for whoever pressed *Show the code*: what it is now, and where it is shown from now on.

    `page` is the address of the page for a large screen, where there is one.
    """
    t = translator(viewer.locale)
    blocks = [
        section(t("Check-in code of {title}.", title=named(event, t.locale))),
        header(spaced(code)),
        section(
            t(
                "It changes every {seconds} seconds. In our direct messages is a card that changes with it: open it "
                "there and share your screen, or read it out.",
                seconds=STEP_SECONDS,
            )
        ),
        *([section(_to_page(page, t))] if page else []),
        context_line(
            t(
                "The code works from {opens} minutes before the start until check-in closes. "
                "Whoever uses it later than {late} minutes after the start is recorded as late.",
                opens=event.check_in_opens_minutes,
                late=event.late_after_minutes,
            )
        ),
    ]
    return modal("event.code", t("Check-in code"), blocks, close=t("Close"))


def _to_page(page: str, t: Translator) -> str:
    return t(
        "For a large screen: {link}. The address is for the room alone; it works for three hours at most.",
        link=f"<{page}|{t('page with the code')}>",
    )


def enter_form(viewer: Viewer, event: Event | None) -> Block:
    """The form in which the code is typed; without an event it is the one whose code it is."""
    t = translator(viewer.locale)
    return modal(
        "checkin.code",
        t("Check in"),
        [
            *([section(named(event, t.locale))] if event else []),
            field(
                t("The six digits shown at the event"),
                text_input("checkin.digits", placeholder=EXAMPLE, most=20),
                "code",
            ),
        ],
        submit=t("Check in"),
        close=t("Cancel"),
        metadata=str(event.id) if event else "",
    )
