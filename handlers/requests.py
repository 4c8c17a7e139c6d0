"""Questions passed on to people: taken up, answered, handed on, declined; whoever asked hears of each step."""

from __future__ import annotations

from typing import Any

import structlog
from slack_bolt import Ack, App, BoltContext

from community import people, requests, routing, waiting
from community.errors import Invalid
from community.expert_records import ExpertRequest, StepKind
from community.records import Member
from delivery import outbox
from handlers import answer_cards, course_answers, drafting, modals, profiles
from handlers.expert_settings import terms
from handlers.payloads import is_modal, number_of, pressed, row_id, value_of
from handlers.services import Services
from handlers.work import Work, submission, work
from knowledge import gaps, questions
from knowledge.answering import Answer
from knowledge.catalogue.loaded import KnownCompetency
from knowledge.catalogue.understanding import find_competency
from knowledge.errors import NotFound
from knowledge.language import detect
from knowledge.records import Outcome, Question
from views import answers as answer_view
from views import entry_news
from views import request_news as news
from views import requests as view
from views.entered import input_values

log = structlog.get_logger("praxis.requests")


def register(app: App) -> None:
    """Take the wish for a person, and what is pressed on the cards of those who may answer."""
    app.action("question.pass_on")(pass_on)
    app.action("request.ask")(open_question)
    app.view("request.ask")(ask)
    app.action("request.claim")(claim)
    app.action("request.answer")(open_answer)
    app.view("request.answer")(answer)
    app.action("request.reassign")(open_reassign)
    app.view("request.reassign")(reassign)
    app.action("request.decline")(decline)
    app.action("request.draft")(draft)


def pass_on(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """A person is wanted: whoever may know is asked, with the asker's name, once."""
    ack()
    with work(context, body) as w:
        number = number_of(pressed(body))
        first = questions.pass_on(w.session, number, w.member, w.now)
        question = questions.get(w.session, number, w.member)
        reached = _open(w, question) if first else True
        answer_cards.show(w, question)
        said = news.PASSED_ON if first else news.PASSED_ON_ALREADY
        w.whisper(answer_view.sentence(said if reached else news.NOT_PASSED_ON, w.locale))


def open_question(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Somebody wants to ask those who offered a competency."""
    ack()
    code = value_of(pressed(body))
    with work(context, body) as w:
        modal = view.ask_form(code, _competency(w, code).titles, w.locale)
    modals.show(context, body, modal, push=is_modal(body))


def ask(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """A question for those who offered a competency."""
    text = str(input_values(body["view"]["state"]).get("question") or "").strip()
    code = str(body["view"].get("private_metadata") or "")
    with submission(context, body, ack) as w:
        if not text:
            raise Invalid("empty", field="question")
        _competency(w, code)
        locale = w.member.chosen_locale or detect(text, "fr" if w.locale == "fr" else "en")
        asked = Answer(text, locale, Outcome.unknown, None, 0.0, ())
        question = questions.record(w.session, w.member, asked, w.now)
        questions.pass_on(w.session, question.id, w.member, w.now)
        reached = _open(w, question, code)
        w.message(answer_view.sentence(news.PASSED_ON if reached else news.NOT_PASSED_ON, w.locale))


def claim(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Somebody will answer; whoever comes second is told who was first."""
    ack()
    with work(context, body) as w:
        request, first = requests.claim(w.session, w.member, number_of(pressed(body)), w.now, terms(w).wait)
        if first:
            _tell_asker(w, _show(w, request), StepKind.claimed)
        if not first or not w.place.is_dm:
            w.whisper(answer_view.sentence(news.CLAIMED if first else news.CLAIMED_ALREADY, w.locale))


def open_answer(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """The form for an answer."""
    ack()
    with work(context, body) as w:
        request = requests.for_answer(w.session, w.member, number_of(pressed(body)))
        modal = view.answer_form(requests.case(w.session, request), w.locale)
    modals.show(context, body, modal)


def answer(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """The answer goes to whoever asked."""
    values = input_values(body["view"]["state"])
    number = row_id(body["view"].get("private_metadata"))
    with submission(context, body, ack) as w:
        texts = (str(values.get("text_en") or ""), str(values.get("text_fr") or ""))
        request = requests.answer(w.session, w.member, number, *texts, w.now)
        case = _show(w, request)
        if case.asker.active:
            w.message(news.answer(case), member=case.asker, key=f"request:{request.id}:answer")
    log.info("request.answered", request=number, user=w.member.slack_user_id)


def open_reassign(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """The form in which somebody else is picked."""
    ack()
    with work(context, body) as w:
        request = requests.for_answer(w.session, w.member, number_of(pressed(body)))
        modal = view.reassign_form(requests.case(w.session, request), w.locale)
    modals.show(context, body, modal)


def reassign(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Somebody else is asked."""
    user = str(input_values(body["view"]["state"]).get("to") or "")
    number = row_id(body["view"].get("private_metadata"))
    services: Services = context["services"]
    profile = profiles.missing(services, context.client, user) if user else None
    with submission(context, body, ack) as w:
        request = requests.for_answer(w.session, w.member, number)
        if not user:
            raise Invalid("empty", field="to")
        known = people.find_member(w.session, w.community.id, user)
        if known is None and profile is None:
            raise Invalid("member_unknown", field="to")
        to = people.ensure_member(w.session, w.community, user, w.now, profile)
        requests.reassign(w.session, w.member, request.id, to, w.now, terms(w).wait)
        _tell_asker(w, _show(w, request), StepKind.reassigned, to)
        person = f"<@{to.slack_user_id}>"
        w.message(answer_view.sentence(news.HANDED_ON, w.locale, person=person))


def decline(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """It is not for this person; where it is for nobody else who was asked, others are asked."""
    ack()
    with work(context, body) as w:
        number = number_of(pressed(body))
        declined = requests.decline(w.session, w.member, number, w.now)
        if declined.first:
            _go_on(w, declined)
        w.whisper(answer_view.sentence(news.DECLINED, w.locale))


def _go_on(w: Work, declined: requests.Declined) -> None:
    """Ask others where nobody is left, or remind the rest where somebody gave it back; whoever asked hears of it."""
    request, told = declined.request, StepKind.released if declined.gave_back else None
    if routing.is_stuck(w.session, request):
        told = StepKind.declined
        if not _route(w, request):
            requests.give_up(w.session, request, w.now)
            told = StepKind.given_up
    elif declined.gave_back:
        routing.remind(w.session, request, w.now)
    case = _show(w, request)
    if told:
        _tell_asker(w, case, told)


def draft(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """The answer becomes a draft entry in both languages, which an organizer looks over."""
    ack()
    with work(context, body) as w:
        request, first = requests.drafted(w.session, w.member, number_of(pressed(body)), w.now)
        if first:
            entry = drafting.from_answer(w, requests.case(w.session, request))
            request.draft_slug = entry.slug
            gaps.drafted(w.session, request.question_id, entry, w.now)
            _show(w, request)
            title = " ".join(request.text.split())
            w.whisper(entry_news.saved(entry.slug, title, w.locale, published=False))
        else:
            w.whisper(answer_view.sentence(news.DRAFTED_ALREADY, w.locale))


def let_go(w: Work, code: str) -> None:
    """The person is not to be asked about a competency any more: nor about questions that wait for somebody."""
    catalogue = course_answers.catalogue_of(w)
    for request in waiting.mine(w.session, w.member):
        near = any(code in circle for circle in catalogue.around(request.competency_code))
        if near and request.holder_id is None:
            _go_on(w, requests.decline(w.session, w.member, request.id, w.now))


def _open(w: Work, question: Question, code: str | None = None) -> bool:
    """The question waits for a person from now on; False when there is nobody to ask yet."""
    code = code or _about(w, question)
    request = requests.open_request(
        w.session,
        w.member,
        question.id,
        question.text,
        w.now,
        locale=question.locale,
        asked_in=question.channel if question.thread_ts and not _is_dm(question.channel) else None,
        code=code,
        wait=terms(w).wait,
    )
    found = _route(w, request)
    _show(w, request)
    log.info("request.opened", request=request.id, competency=code, people=len(found.people), channel=found.channel)
    return bool(found)


def _is_dm(channel: str | None) -> bool:
    return bool(channel and channel.startswith("D"))


def _about(w: Work, question: Question) -> str | None:
    """The competency that a question is about, if it names one."""
    wish = course_answers.wish_in(question)
    if wish and wish.competency:
        return wish.competency
    named = find_competency(course_answers.catalogue_of(w), question.text)
    return named.code if named else None


def _route(w: Work, request: ExpertRequest) -> routing.Route:
    circles = course_answers.catalogue_of(w).around(request.competency_code)
    return routing.route(w.session, request, circles, terms(w).channel, w.now)


def _show(w: Work, request: ExpertRequest) -> requests.Case:
    """Every card of the request shows how it stands; who was asked anew gets one."""
    case = requests.case(w.session, request)
    known = course_answers.catalogue_of(w).competencies.get(request.competency_code or "")
    for letter in view.letters(case, known.titles if known else None, w.community.time_zone):
        outbox.put(w.session, community_id=w.community.id, **vars(letter))
    return case


def _tell_asker(w: Work, case: requests.Case, kind: StepKind, other: Member | None = None) -> None:
    if case.asker.active:
        w.message(news.news(case, kind, other), member=case.asker, key=news.key(case))


def _competency(w: Work, code: str) -> KnownCompetency:
    found = course_answers.catalogue_of(w).competencies.get(code)
    if found is None:
        raise NotFound("competency_unknown")
    return found
