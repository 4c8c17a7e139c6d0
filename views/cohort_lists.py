"""A list of a cohort's people: pasted, told line by line what is wrong with it, taken in."""

from __future__ import annotations

from collections.abc import Sequence

from community.cohort_lists import Taken
from community.cohorts import title
from community.errors import Invalid
from community.group_records import Cohort
from community.records import Member
from community.tables import Trouble
from views import errors
from views.i18n import Translator, translator
from views.reminder_outlook import names
from views.text import Block, checkboxes, escape, field, modal, option, section, text_input
from views.typed import bold, verbatim

MOST_TEXT = 3_000  # Slack's own limit of a text input
NAMED = 15


def form(
    locale: str, cohort: Cohort, *, text: str = "", troubles: Sequence[Trouble] = (), zone: str = "",
    leaving: Sequence[Member] = (), asked: str = "",
) -> Block:  # fmt: skip
    """Where the list is pasted; again with what was wrong with it, or with who would be taken out.

    `asked` is what is then confirmed.
    """
    t = translator(locale)
    wrong = []
    if troubles:
        said = t.n(
            "*Nothing was taken in*; {n} line has a problem:",
            "*Nothing was taken in*; {n} lines have a problem:",
            len(troubles),
        )
        lines = [f"• {told(one, t, zone)}" for one in troubles[:NAMED]]
        wrong = [section(said), verbatim("\n".join(lines))]
    elif leaving:
        said = t.n(
            "*{n} person is not in this list and would be taken out.* Send it again to do so; nothing is done yet.",
            "*{n} people are not in this list and would be taken out.* Send it again to do so; nothing is done yet.",
            len(leaving),
        )
        wrong = [section(said), *names(leaving, t)]
    return modal(
        "cohort.list",
        t("Paste a list"),
        [
            verbatim(bold(title(cohort, locale), locale)),
            *wrong,
            field(
                t("The list, with its header line"),
                text_input("cohort.text", multiline=True, most=MOST_TEXT, initial=text or None),
                "text",
                hint=t(
                    "The first line names the columns: person, department, supervisor; the last two may be left out. "
                    "People are named by e-mail address or Slack id. Longer lists come part by part; the box below is "
                    "then not to be ticked, for it would take out everybody of the other parts."
                ),
            ),
            field(
                t("Whoever is not in the list"),
                checkboxes(
                    "cohort.whole",
                    [option(t("Take them out of the cohort"), "whole", t("They are named to you first."))],
                    initial=["whole"] if leaving else [],
                ),
                "whole",
                optional=True,
            ),
        ],
        submit=t("Take in"),
        close=t("Cancel"),
        metadata=f"{cohort.id}:{asked}",
    )


def told(trouble: Trouble, t: Translator, zone: str) -> str:
    """What is wrong on a line (mrkdwn)."""
    error = trouble.error
    said = errors.sentence(error, t.locale, time_zone=zone)
    if isinstance(error, Invalid) and error.field:
        return t("Line {n}, {column}: {sentence}", n=trouble.number, column=escape(error.field), sentence=said)
    return t("Line {n}: {sentence}", n=trouble.number, sentence=said)


def taken_in(locale: str, taken: Taken) -> str:
    """What a list did."""
    t = translator(locale)
    said = []
    if taken.newcomers:
        said.append(t.n("{n} person was added.", "{n} people were added.", taken.newcomers))
    if taken.described:
        said.append(
            t.n(
                "Department or supervisor of {n} person was noted.",
                "Department or supervisor of {n} people was noted.",
                len(taken.described),
            )
        )
    if taken.removed:
        said.append(t.n("{n} person was removed.", "{n} people were removed.", taken.removed))
    elif taken.absent:
        said.append(
            t.n(
                "{n} person of the cohort is not in the list and stays.",
                "{n} people of the cohort are not in the list and stay.",
                taken.absent,
            )
        )
    return " ".join(said) or t("Nothing was changed.")
