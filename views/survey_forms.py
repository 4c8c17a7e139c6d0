"""What organizers see of surveys: all of them with their questions, and the forms to change both."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from community.records import Member
from community.supervision import DEPARTMENT_LIMIT
from community.survey_defaults import QuestionDraft
from community.survey_records import QuestionKind, Survey, SurveyPurpose, SurveyQuestion
from community.surveys import CHOICE_LIMIT, FLOORS, MOST_CHOICES, MOST_QUESTIONS, TEXT_LIMIT
from views.i18n import Translator, mark, translator
from views.inputs import number_input, person_input
from views.surveys import words_of
from views.text import (
    Block,
    actions,
    button,
    checkboxes,
    context_line,
    divider,
    escape,
    field,
    header,
    message,
    modal,
    option,
    radio,
    section,
    select,
    text_input,
)

PURPOSES = {
    SurveyPurpose.learning_event: mark("After a learning event"),
    SurveyPurpose.action_learning: mark("After an action learning group"),
    SurveyPurpose.course_session: mark("After a course session"),
    SurveyPurpose.supervisor: mark("Supervisors, about their participants"),
}
KINDS = {
    QuestionKind.scale: mark("From “strongly disagree” to “strongly agree”"),
    QuestionKind.choice: mark("One of several choices"),
    QuestionKind.text: mark("In their own words"),
}


@dataclass(frozen=True)
class Shown:
    """A survey with what it asks now."""

    survey: Survey
    questions: Sequence[SurveyQuestion]


def overview(locale: str, shown: Sequence[Shown]) -> Block:
    """Every survey of the community."""
    t = translator(locale)
    blocks = [block for one in shown for block in (*_survey(one, t), divider())]
    who = button(t("Department and supervisor of a person"), "member.describe")
    return modal("survey.overview", t("Surveys"), [*blocks, actions(who, id="survey:people")], close=t("Close"))


def describe_form(locale: str) -> Block:
    """Where a person works, and who supervises them."""
    t = translator(locale)
    return modal(
        "member.describe",
        t("A person"),
        [
            field(t("Person"), person_input("member.person", t("Choose a person")), "member"),
            field(
                t("Department"),
                text_input("member.department", most=DEPARTMENT_LIMIT),
                "department",
                hint=t("Figures are told apart by it. Leave it empty when it is not known."),
                optional=True,
            ),
            field(
                t("Supervisor"),
                person_input("member.supervisor", t("Choose a person")),
                "supervisor",
                hint=t("Is asked about this person when their cohort starts, and 90 days later."),
                optional=True,
            ),
        ],
        submit=t("Save"),
        close=t("Cancel"),
    )


def described(locale: str, member: Member, supervisor: Member | None) -> Block:
    """What is known of the person now."""
    t = translator(locale)
    name = escape(member.name)
    lines = [t("{name}: department {department}.", name=name, department=escape(member.department or "–"))]
    if supervisor is not None:
        lines.append(t("{name} is supervised by {supervisor}.", name=name, supervisor=escape(supervisor.name)))
    return message(" ".join(lines))


def _survey(shown: Shown, t: Translator) -> list[Block]:
    survey = shown.survey
    state = (
        t.n("Open for {n} day after it is sent.", "Open for {n} days after it is sent.", survey.open_days)
        if survey.enabled
        else t("Not sent.")
    )
    floor = t("Results from {floor} answers on.", floor=survey.floor)
    buttons = [button(t("Settings"), "survey.settings", survey.purpose.value)]
    if len(shown.questions) < MOST_QUESTIONS:
        buttons.append(button(t("Add a question"), "survey.add", survey.purpose.value))
    return [
        header(t(PURPOSES[survey.purpose])),
        context_line(state, floor),
        *(_question(question, t) for question in shown.questions),
        actions(*buttons, id=f"survey:{survey.id}"),
    ]


def _question(question: SurveyQuestion, t: Translator) -> Block:
    lines = [f"*{escape(words_of(question, t.locale))}*", t(KINDS[question.kind])]
    if question.choices_en:
        lines[-1] = escape(" · ".join(question.choices_fr if t.locale == "fr" else question.choices_en))
    if question.headline:
        lines.append(t("The programme is judged by this one."))
    change = button(t("Change"), "survey.change", question.id, label=t("Change this question"))
    return section("\n".join(lines), accessory=change, id=f"survey.question:{question.id}")


def settings_form(locale: str, survey: Survey) -> Block:
    """How a survey is sent."""
    t = translator(locale)
    low, high = FLOORS
    sent = [option(t("Send it"), "enabled")]
    return modal(
        "survey.settings",
        t("Survey settings"),
        [
            section(f"*{t(PURPOSES[survey.purpose])}*"),
            field(
                t("Sending"),
                checkboxes("survey.enabled", sent, initial=["enabled"] if survey.enabled else []),
                "enabled",
                optional=True,
            ),
            field(t("Days it takes answers"), number_input("survey.open_days", survey.open_days), "open_days"),
            field(
                t("Fewest answers that results are shown from"),
                number_input("survey.floor", survey.floor),
                "floor",
                hint=t("From {low} to {high}. Fewer answers would give away whose they are.", low=low, high=high),
            ),
        ],
        submit=t("Save"),
        close=t("Cancel"),
        metadata=json.dumps({"purpose": survey.purpose.value}),
    )


def add_form(locale: str, purpose: SurveyPurpose) -> Block:
    """A new question."""
    t = translator(locale)
    return modal(
        "survey.add",
        t("Add a question"),
        _inputs(t, QuestionDraft(QuestionKind.scale, "", "")),
        submit=t("Add"),
        close=t("Cancel"),
        metadata=json.dumps({"purpose": purpose.value}),
    )


def change_form(locale: str, question: SurveyQuestion) -> Block:
    """A question as it stands; what is asked already keeps its words."""
    t = translator(locale)
    draft = QuestionDraft(
        question.kind,
        question.text_en,
        question.text_fr,
        tuple(question.choices_en),
        tuple(question.choices_fr),
        tuple(question.agreeing),
    )
    blocks = _inputs(t, draft)
    if not question.headline:
        away = [option(t("Do not ask it any more"), "remove")]
        blocks.append(field(t("Remove"), checkboxes("survey.remove", away), "remove", optional=True))
    blocks.append(context_line(t("Changes count from the next survey on. Answers keep the words they were given to.")))
    return modal(
        "survey.change",
        t("Change the question"),
        blocks,
        submit=t("Save"),
        close=t("Cancel"),
        metadata=json.dumps({"question": question.id}),
    )


def _inputs(t: Translator, draft: QuestionDraft) -> list[Block]:
    kinds = [option(t(text), kind.value) for kind, text in KINDS.items()]
    hint = t("For choices alone: one a line, from 2 to {most}.", most=MOST_CHOICES)
    room = (CHOICE_LIMIT + 1) * MOST_CHOICES
    numbers = [option(str(number), number) for number in range(1, MOST_CHOICES + 1)]
    agreed = draft.agreeing[0] if draft.kind is QuestionKind.choice and draft.agreeing else None

    def choices(label: str, name: str, given: tuple[str, ...]) -> Block:
        element = text_input(f"survey.{name}", multiline=True, initial="\n".join(given), most=room)
        return field(label, element, name, hint=hint, optional=True)

    return [
        field(t("How it is answered"), radio("survey.kind", kinds, initial=draft.kind.value), "kind"),
        field(
            t("Question in English"),
            text_input("survey.text_en", initial=draft.text_en, most=TEXT_LIMIT),
            "text_en",
        ),
        field(t("Question in French"), text_input("survey.text_fr", initial=draft.text_fr, most=TEXT_LIMIT), "text_fr"),
        choices(t("Choices in English"), "choices_en", draft.choices_en),
        choices(t("Choices in French"), "choices_fr", draft.choices_fr),
        field(
            t("Which choice counts as agreeing"),
            select("survey.agreeing", numbers, initial=agreed, placeholder=t("None")),
            "agreeing",
            optional=True,
        ),
    ]
