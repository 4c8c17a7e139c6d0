"""Surveys: answering one, and, for organizers, what is asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from community import people, supervision, survey_answers, surveys
from community.errors import Invalid, NotFound
from community.records import Role
from community.survey_defaults import QuestionDraft
from community.survey_records import QuestionKind, SurveyPurpose
from community.surveys import Settings
from delivery import outbox
from handlers import modals, profiles
from handlers.payloads import Body, is_modal, number_of, pressed, row_id, value_of, whole_number
from handlers.work import Work, submission, work
from views import survey_forms as forms
from views import surveys as view
from views.entered import input_values


def register(app: App) -> None:
    """Take the questions and their answers."""
    app.action("survey.answer")(open_questions)
    app.view("survey.answer")(keep)
    app.action("survey.open")(open_overview)
    app.action("survey.settings")(open_settings)
    app.action("survey.add")(open_add)
    app.action("survey.change")(open_change)
    app.action("member.describe")(open_describe)
    app.view("member.describe")(describe)
    app.view("survey.settings")(save_settings)
    app.view("survey.add")(add)
    app.view("survey.change")(change)


def command(ack: Ack, body: dict[str, Any], context: BoltContext, client: WebClient, rest: str) -> None:  # noqa: ARG001 - the signature of every sub-command
    """`/praxis survey`: what is asked, for organizers."""
    open_overview(body, context)


def open_questions(body: dict[str, Any], context: BoltContext) -> None:
    """Open the questions of a survey."""
    run_id, _, about_id = value_of(pressed(body)).partition(":")
    with work(context, body) as w:
        asked = survey_answers.asked(w.session, w.member, row_id(run_id), w.now, row_id(about_id))
        questions = view.thanked(w.locale) if asked.done else view.form(w.locale, asked)
    modals.show(context, body, questions, push=is_modal(body))


def keep(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Count the answers, and thank in place of the message that asked."""
    found = _metadata(body)
    with submission(context, body, ack) as w:
        run_id, about_id = row_id(found.get("run")), row_id(found.get("about"))
        asked = survey_answers.answer(w.session, w.member, run_id, _answers(body), w.now, about_id)
        key = view.ask_key(asked.run.id, w.member.id, asked.about.id)
        with suppress(LookupError):  # restored from a backup, say
            thanks = view.thanks(w.locale, asked.event, asked.about)
            outbox.update(w.session, community_id=w.community.id, of=key, payload=thanks)
        w.answer(response_action="update", view=view.thanked(w.locale))


def _answers(body: Body) -> dict[int, int | str | None]:
    """What was chosen and written, by the question's id."""
    given: dict[int, int | str | None] = {}
    for block_id, elements in (body["view"]["state"].get("values") or {}).items():
        element: Mapping[str, Any] = next(iter(elements.values()), {})
        number = row_id(str(block_id).removeprefix("question."))
        if element.get("type") == "radio_buttons":
            given[number] = row_id((element.get("selected_option") or {}).get("value"))
        else:
            given[number] = str(element.get("value") or "")
    return given


def open_overview(body: dict[str, Any], context: BoltContext) -> None:
    """Open all surveys, for organizers."""
    with work(context, body) as w:
        w.require(Role.organizer)
        shown = _overview(w)
    modals.show(context, body, shown, push=is_modal(body))


def open_settings(body: dict[str, Any], context: BoltContext) -> None:
    """Open how a survey is sent."""
    with work(context, body) as w:
        w.require(Role.organizer)
        survey = surveys.ensure(w.session, w.community.id, _purpose(value_of(pressed(body))))
        form = forms.settings_form(w.locale, survey)
    modals.show(context, body, form, push=is_modal(body))


def open_add(body: dict[str, Any], context: BoltContext) -> None:
    """Open an empty question."""
    with work(context, body) as w:
        w.require(Role.organizer)
        form = forms.add_form(w.locale, _purpose(value_of(pressed(body))))
    modals.show(context, body, form, push=is_modal(body))


def open_change(body: dict[str, Any], context: BoltContext) -> None:
    """Open a question as it stands."""
    with work(context, body) as w:
        w.require(Role.organizer)
        question = surveys.question(w.session, w.community.id, number_of(pressed(body)))
        form = forms.change_form(w.locale, question)
    modals.show(context, body, form, push=is_modal(body))


def save_settings(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Keep how a survey is sent."""
    values = input_values(body["view"]["state"])
    with submission(context, body, ack) as w:
        w.require(Role.organizer)
        wanted = Settings(
            enabled="enabled" in (values.get("enabled") or ()),
            open_days=whole_number(str(values.get("open_days") or ""), "open_days"),
            floor=whole_number(str(values.get("floor") or ""), "floor"),
        )
        surveys.choose(w.session, w.member, _purpose(_metadata(body).get("purpose")), wanted)
        shown = _overview(w)
    _show_below(context, body, shown)


def add(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Ask one thing more."""
    with submission(context, body, ack) as w:
        w.require(Role.organizer)
        surveys.add(w.session, w.member, _purpose(_metadata(body).get("purpose")), _drafted(body))
        shown = _overview(w)
    _show_below(context, body, shown)


def change(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Ask it in other words, or not any more."""
    question_id = row_id(_metadata(body).get("question"))
    with submission(context, body, ack) as w:
        w.require(Role.organizer)
        if "remove" in (input_values(body["view"]["state"]).get("remove") or ()):
            surveys.remove(w.session, w.member, question_id)
        else:
            surveys.change(w.session, w.member, question_id, _drafted(body))
        shown = _overview(w)
    _show_below(context, body, shown)


def open_describe(body: dict[str, Any], context: BoltContext) -> None:
    """Open the form for a person's department and supervisor."""
    with work(context, body) as w:
        w.require(Role.organizer)
        form = forms.describe_form(w.locale)
    modals.show(context, body, form, push=is_modal(body))


def describe(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Keep where a person works and who supervises them, also when the community has not met them yet."""
    values = input_values(body["view"]["state"])
    users = [str(values.get(name) or "") for name in ("member", "supervisor")]
    services = context["services"]
    found = [profiles.missing(services, context.client, user) if user else None for user in users]
    with submission(context, body, ack) as w:
        w.require(Role.organizer)
        if not users[0]:
            raise Invalid("empty", field="member")
        member, supervisor = (
            people.ensure_member(w.session, w.community, user, w.now, profile) if user else None
            for user, profile in zip(users, found, strict=True)
        )
        assert member is not None  # noqa: S101 - there is a user for it
        supervision.describe(w.session, w.member, member, str(values.get("department") or ""), supervisor)
        w.message(forms.described(w.locale, member, supervisor))


def _drafted(body: Body) -> QuestionDraft:
    values = input_values(body["view"]["state"])
    kind = values.get("kind")
    if kind not in set(QuestionKind):
        raise Invalid("survey_choose", field="kind")
    agreeing = row_id(values.get("agreeing"))
    return QuestionDraft(
        QuestionKind(kind),
        str(values.get("text_en") or ""),
        str(values.get("text_fr") or ""),
        tuple(str(values.get("choices_en") or "").splitlines()),
        tuple(str(values.get("choices_fr") or "").splitlines()),
        (agreeing,) if agreeing else (),
    )


def _overview(w: Work) -> dict[str, Any]:
    found = (surveys.ensure(w.session, w.community.id, purpose) for purpose in SurveyPurpose)
    return forms.overview(w.locale, [forms.Shown(survey, surveys.questions(w.session, survey)) for survey in found])


def _show_below(context: BoltContext, body: Body, shown: dict[str, Any]) -> None:
    """The overview, which the form lay on, as things stand now."""
    if below := body["view"].get("previous_view_id"):
        modals.update(context, body, below, shown)


def _purpose(text: object) -> SurveyPurpose:
    if text not in set(SurveyPurpose):
        raise NotFound("survey_unknown")
    return SurveyPurpose(str(text))


def _metadata(body: Body) -> Mapping[str, Any]:
    """What the view was opened for; nothing when it was made by hand."""
    with suppress(ValueError, TypeError):
        found = json.loads(body["view"].get("private_metadata") or "{}")
        return found if isinstance(found, Mapping) else {}
    return {}
