"""The form in which a course's record is written or changed; its blocks are named after the columns of the table."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date

from knowledge.catalogue.cells import TITLE_LIMIT
from knowledge.catalogue.editing import MOST_LISTED, Cells, beyond, marks
from knowledge.catalogue.loaded import Catalogue
from knowledge.catalogue.problems import TableProblem
from knowledge.catalogue.records import CODE
from views import courses as words
from views.i18n import Translator, capital, mark, translator
from views.inputs import date_input
from views.text import (
    Block,
    checkboxes,
    clip,
    context_line,
    divider,
    escape,
    field,
    modal,
    option,
    section,
    select,
    text_input,
)
from views.typed import typed_sections

SAMPLE = "sample"

# What can be wrong with a cell, with what to do about it; filled with what the problem names.
SENTENCES: dict[str, str] = {
    "empty": mark("This cannot be empty. Please fill it in."),
    "too_long": mark("This has {length} characters; at most {limit} fit. Please shorten it."),
    "formula": mark("This begins like a formula. Write it without the “=”."),
    "control_character": mark("This holds a character that cannot be seen. Please type it again."),
    "bad_code": mark("“{value}” cannot be a code. Use at most 32 letters, digits and hyphens: RM-101."),
    "duplicate_code": mark("There is a course {code} already. Open it to change it, or choose another code."),
    "similar_code": mark(
        "This differs from {other} only by case or hyphens, so that nobody could tell them apart. Choose another code."
    ),
    "bad_languages": mark("“{value}” is not a language that courses are given in. Tick English, French or both."),
    "bad_choice": mark("I do not know “{value}”. Pick one from the list."),
    "bad_length": mark("“{value}” is not a length. Write a number and its unit: 2 days, 3 h, 90 min."),
    "bad_cost": mark(
        "“{value}” is not a cost. Write dollars such as 250 or 250.00, 0 when it is free, nothing when it is not known."
    ),
    "bad_date": mark("This is not a date. Pick one from the calendar."),
    "future_date": mark("This day is still to come. Pick the day on which somebody last checked the record."),
    "bad_level": mark("“{value}” is not a level. Write a whole number from 1 to {limit}."),
    "bad_pair": mark("“{value}” must be a competency and the level reached, with a colon between: RM:2."),
    "bad_yes": mark("I do not know “{value}”. Pick one from the list."),
    "unknown_competency": mark(
        "There is no competency {code}. Correct the code; the hint below lists those there are."
    ),
    "unknown_level": mark("The scale has no level {level}. Those there are: {known}."),
    "unknown_course": mark("There is no course {code}. Correct the code, or add that course first."),
    "repeated": mark("“{value}” is there twice. Keep one of them."),
    "own_prerequisite": mark("A course cannot name itself here. Remove its own code."),
    "circle": mark("These courses would require each other: {codes}. Remove one of the prerequisites."),
}


def sentences(wrong: Mapping[str, TableProblem], locale: str) -> dict[str, str]:
    """What is wrong, by block, in the person's language."""
    t = translator(locale)
    return {column: t(SENTENCES[problem.code], **problem.params) for column, problem in wrong.items()}


def form(
    catalogue: Catalogue,
    cells: Cells,
    locale: str,
    *,
    new: bool,
    today: date,
    base: Cells | None = None,
    clash: Mapping[str, str] | None = None,
    retired: bool = False,
    turn: int = 0,
) -> Block:
    """The form with these cells. `base`: what the record says now, where that is something else.

    `clash`: another changed the record meanwhile; what it says now, by column, where both changed the same. `retired`:
    another retired it. `turn` counts how often the form came back: Slack keeps what was typed while ids stay the same.
    """
    t = translator(locale)
    blocks: list[Block] = []
    if clash is not None or retired:
        blocks += [section(_clash(t, escape(cells["code"]), clash or {}, retired=retired)), divider()]
    elif not new:
        blocks.append(section(f"*{escape(cells['code'])}*"))
    for name, element, label, hint, optional in _inputs(t, catalogue, cells, f".t{turn}", new=new, today=today):
        if name in beyond(cells):
            told = t("This list is longer than a form can hold. It stays as it is; an import changes it.")
            blocks.append(section(f"*{label}*\n{told}"))
            continue
        blocks.append(field(label, element, name, hint=hint, optional=optional))
        if clash and name in clash:
            there = clash[name]
            blocks.append(context_line(t("*The record says now:*") if there else t("*The record leaves it empty.*")))
            blocks.extend(typed_sections(_in_words(t, name, there)))
    kept = {"code": "" if new else cells["code"], "turn": turn, "retired": retired}
    return modal(
        "course.create" if new else "course.save",
        t("New course") if new else t("Edit the course"),
        blocks,
        submit=t("Save anyway") if clash is not None or retired else t("Save"),
        close=t("Cancel"),
        metadata=json.dumps(kept if new else kept | {"base": marks(base or cells)}),
    )


def cells_from(values: Mapping[str, object], before: Cells) -> dict[str, str]:
    """What was entered, by column; what the form does not hold stays as it was `before`."""
    cells = {name: str(values.get(name) or "").strip() for name in before}
    chosen = values.get("languages")
    cells["languages"] = "; ".join(sorted(map(str, chosen))) if isinstance(chosen, (list, tuple)) else ""
    marked = values.get("marks")
    cells["sample"] = "yes" if isinstance(marked, (list, tuple)) and SAMPLE in marked else "no"
    return cells | {name: before[name] for name in ("code",) if before[name]}


def _clash(t: Translator, code: str, clash: Mapping[str, str], *, retired: bool) -> str:
    if retired:
        return t(
            "*Somebody retired {code} before you.* Nothing of yours is lost: it stands below. Saving brings the course "
            "back as you wrote it.",
            code=code,
        )
    if clash:
        return t(
            "*Somebody changed {code} before you.* Nothing is saved yet, and nothing of yours is lost: it stands "
            "below. Where you both changed the same, what the record says now stands under your text. Bring the "
            "two together, then save.",
            code=code,
        )
    return t(
        "*Somebody changed {code} before you.* Nothing is saved yet, and nothing of yours is lost: it stands below, "
        "together with the other change. Read it through, then save.",
        code=code,
    )


Input = tuple[str, Block, str, str | None, bool]


def _inputs(t: Translator, catalogue: Catalogue, cells: Cells, suffix: str, *, new: bool, today: date) -> list[Input]:
    def typed(name: str, most: int = TITLE_LIMIT, *, multiline: bool = False) -> Block:
        return text_input(f"course.{name}{suffix}", multiline=multiline, initial=cells[name], most=most)

    def chosen(name: str, names: Mapping[str, str]) -> Block:
        options = [option(capital(t(text)), value) for value, text in names.items()]
        return select(f"course.{name}{suffix}", options, initial=cells[name] or next(iter(names)))

    titles = {"en": t("Title in English"), "fr": t("Title in French")}
    in_order = sorted(titles, key=lambda locale: locale != t.locale)  # the reader's own first
    languages = [option(capital(t(text)), locale) for locale, text in words.LANGUAGES.items()]
    given = [locale for locale in words.LANGUAGES if locale in cells["languages"].split("; ")]
    verified = date.fromisoformat(cells["verified_on"]) if cells["verified_on"] else today
    codes = clip(", ".join(catalogue.competencies), 1_500)
    pairs = t(
        "Code and level reached, one a line: {example}. There are {codes}.", example=_example(catalogue), codes=codes
    )
    found: list[Input] = []
    if new:
        found.append(("code", typed("code", CODE), t("Code"), t("Letters, digits and hyphens: RM-101."), False))
    found += [
        *((f"title_{locale}", typed(f"title_{locale}"), titles[locale], None, False) for locale in in_order),
        ("provider", typed("provider"), t("Provider"), None, False),
        ("languages", checkboxes(f"course.languages{suffix}", languages, initial=given), t("Given in"), None, False),
        ("mode", chosen("mode", {value.value: text for value, text in words.MODES.items()}), t("How"), None, False),
        ("length", typed("length", 50), t("Length"), t("With its unit: 2 days, 3 h, 90 min."), False),
        ("cost", typed("cost", 50), t("Cost"), t("In dollars; 0 when it is free, nothing when it is not known."), True),
        (
            "level",
            chosen("level", {value.value: text for value, text in words.LEVELS.items()}),
            t("Level of the course"),
            None,
            False,
        ),
        ("competencies", typed("competencies", MOST_LISTED, multiline=True), t("Develops"), pairs, True),
        (
            "prerequisites",
            typed("prerequisites", MOST_LISTED, multiline=True),
            t("Prerequisites"),
            t("Codes of courses in this catalogue, one a line."),
            True,
        ),
        (
            "equivalences",
            typed("equivalences", MOST_LISTED, multiline=True),
            t("Equivalent to"),
            t("Codes of courses here or elsewhere, one a line."),
            True,
        ),
        (
            "verified_on",
            date_input(f"course.verified_on{suffix}", verified),
            t("Verified on"),
            t("The day on which somebody last checked that all this is right."),
            False,
        ),
    ]
    if cells["sample"] == "yes":
        still = [option(t("This is still sample text"), SAMPLE)]
        found.append(("marks", checkboxes(f"course.marks{suffix}", still, initial=[SAMPLE]), t("Marks"), None, True))
    return found


def _example(catalogue: Catalogue) -> str:
    return f"{next(iter(catalogue.competencies), 'RM')}:{next(iter(catalogue.scale), 1)}"


def _in_words(t: Translator, name: str, text: str) -> str:
    """A cell as the record has it, in the words of the form."""
    names: Mapping[str, Callable[[], str]] = {
        "mode": lambda: t({mode.value: said for mode, said in words.MODES.items()}[text]),
        "level": lambda: t({level.value: said for level, said in words.LEVELS.items()}[text]),
        "languages": lambda: ", ".join(t(words.LANGUAGES[locale]) for locale in text.split("; ")),
        "sample": lambda: text,
    }
    return names[name]() if name in names else text
