"""Surveys as people meet them: the message that asks, the questions, the thanks."""

from __future__ import annotations

import json

from community.events import title
from community.records import Event, Member
from community.survey_answers import WORDS_LIMIT, Asked
from community.survey_records import QuestionKind, SurveyQuestion, SurveyRun
from views.events import Viewer, named
from views.i18n import Translator, mark, translator, when
from views.text import (
    Block,
    actions,
    button,
    context_line,
    escape,
    field,
    message,
    modal,
    option,
    radio,
    section,
    text_input,
)

SCALE = {
    5: mark("Strongly agree"),
    4: mark("Agree"),
    3: mark("Neither agree nor disagree"),
    2: mark("Disagree"),
    1: mark("Strongly disagree"),
}


def ask_key(run_id: int, member_id: int, about_id: int) -> str:
    """Key of the message that asks, by which it becomes the one that thanks."""
    return f"survey:{run_id}:ask:{member_id}:{about_id}"


def subject(run_id: int) -> str:
    """What its messages belong to."""
    return f"survey:{run_id}"


def ask(viewer: Viewer, run: SurveyRun, event: Event | None, about: Member, *, again: bool = False) -> Block:
    """Ask somebody to answer; `again` for those who have not done so halfway."""
    t = translator(viewer.locale)
    until = when(run.closes_at, t.locale, viewer.time_zone)
    if event is not None:
        values = {"title": named(event, t.locale), "until": until}
        text = (
            t("There is still time to say how {title} was for you: until {until}.", **values)
            if again
            else t("How was {title} for you? A few questions, until {until}.", **values)
        )
        note = t("Your answers are kept without your name. Nobody sees results before the survey is closed.")
    else:
        values = {"name": escape(about.name), "until": until}
        text = (
            t("There is still time to say how {name} is doing: until {until}.", **values)
            if again
            else t("How is {name} doing? A few questions to you as their supervisor, until {until}.", **values)
        )
        note = t("Your answers are kept without names, and only shown together with those of other supervisors.")
    # About an event all who speak a language read the same.
    which = f"{run.id}:{about.id}" if event is None else str(run.id)
    answer = button(t("Answer"), "survey.answer", which, style="primary")
    return message(text, [section(text), actions(answer, id=f"survey:{which}"), context_line(note)])


def thanks(locale: str, event: Event | None, about: Member) -> Block:
    """In place of the message that asked, once it was answered."""
    t = translator(locale)
    if event is not None:
        text = t("Thank you: your answers about {title} are counted.", title=named(event, t.locale))
    else:
        text = t("Thank you: your answers about {name} are counted.", name=escape(about.name))
    return message(text, [section(text)])  # without blocks Slack would keep the button


def form(locale: str, asked: Asked) -> Block:
    """The questions, one input each; block ids are `question.<id>`."""
    t = translator(locale)
    whom = title(asked.event, t.locale) if asked.event else asked.about.name
    if asked.event:
        note = t(
            "Your answers are kept without your name. Results are shown once the survey is closed, and only from "
            "{floor} answers on.",
            floor=asked.run.floor,
        )
    else:
        note = t(
            "Your answers are kept without names. They are shown only together with others, from {floor} supervisors "
            "on.",
            floor=asked.run.floor,
        )
    return modal(
        "survey.answer",
        t("Survey"),
        [section(f"*{escape(whom)}*"), *(_input(question, t) for question in asked.questions), context_line(note)],
        submit=t("Send"),
        close=t("Cancel"),
        metadata=json.dumps({"run": asked.run.id, "about": asked.about.id}),
    )


def thanked(locale: str) -> Block:
    """The modal once the answers are counted."""
    t = translator(locale)
    return modal(
        "survey.thanks",
        t("Survey"),
        [section(t("Thank you. Your answers are counted, without your name."))],
        close=t("Close"),
    )


def words_of(question: SurveyQuestion, locale: str) -> str:
    """The question in a language."""
    return question.text_fr if locale == "fr" else question.text_en


def choices_of(question: SurveyQuestion, locale: str) -> dict[int, str]:
    """What can be answered, by number, in the order to show it."""
    if question.kind is QuestionKind.scale:
        t = translator(locale)
        return {number: t(text) for number, text in SCALE.items()}
    return dict(enumerate(question.choices_fr if locale == "fr" else question.choices_en, start=1))


def _input(question: SurveyQuestion, t: Translator) -> Block:
    name = f"question.{question.id}"
    label = words_of(question, t.locale)
    if question.kind is QuestionKind.text:
        return field(label, text_input(name, multiline=True, most=WORDS_LIMIT), name, optional=True)
    offered = [option(text, number) for number, text in choices_of(question, t.locale).items()]
    return field(label, radio(name, offered), name)
