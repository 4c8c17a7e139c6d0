"""Courses: looked through in a modal, opened, waited for; answers made from their records corrected."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from community import sessions
from handlers import answering, course_answers, modals
from handlers.payloads import Body, is_modal, number_of, place_of, pressed, row_id, value_of
from handlers.profiles import manner
from handlers.work import Work, work
from knowledge import questions
from knowledge.catalogue import answers, filters, watches
from knowledge.catalogue.loaded import Catalogue
from knowledge.catalogue.understanding import find_competency
from knowledge.catalogue.wishes import Ask, Wish
from knowledge.errors import NotFound
from views import answers as answer_view
from views import course_browse as view
from views.course_understood import COMPETENCY, COURSE, SET
from views.courses import course_options, now_watched
from views.entered import action_values
from views.text import message

FILTER = "course.filter."


def register(app: App) -> None:
    """Take everything that is pressed on courses."""
    app.action("course.browse")(browse)
    app.action(re.compile(r"^course\.filter\."))(choose)
    app.options(view.COMPETENCY)(competencies)
    app.action("course.open")(show)
    app.action("course.watch")(watch)
    app.action("course.unwatch")(unwatch)
    app.action(re.compile(r"^catalogue\.without\."))(without)
    app.action(re.compile(r"^catalogue\.set\.(competency|course|level|from_level)$"))(meant)
    app.options(COMPETENCY)(only_competencies)
    app.options(COURSE)(named)


def command(ack: Ack, body: dict[str, Any], context: BoltContext, client: WebClient, rest: str) -> None:  # noqa: ARG001 - the signature of every sub-command
    """`/praxis courses [words]`: look through the catalogue, by the filters that the words name."""
    with work(context, body) as w:
        catalogue = course_answers.catalogue_of(w)
        found = filters.find(rest, catalogue).values
        named = find_competency(catalogue, rest) if rest else None
        found.pop("from_level", None)
        modal = _browse(w, Wish(Ask.courses, competency=named.code if named else None, **found))
    modals.show(context, body, modal)


def browse(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Look through the catalogue by what was understood of a question."""
    ack()
    with work(context, body) as w:
        number = number_of(pressed(body))
        wish = course_answers.wish_in(questions.get(w.session, number, w.member)) if number else None
        modal = _browse(w, wish if wish and wish.ask is Ask.courses else Wish(Ask.courses))
    modals.show(context, body, modal, push=is_modal(body))


def choose(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """A filter was chosen: the modal shows what is left."""
    ack()
    with work(context, body) as w:
        chosen = action_values(body["view"]["state"])
        modal = _browse(w, view.wish_from({name.removeprefix(FILTER): value for name, value in chosen.items()}))
    modals.update(context, body, body["view"]["id"], modal)


def competencies(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Competencies for what was typed so far."""
    catalogue, locale = _of_reader(context, body)
    ack(options=view.competency_options(catalogue, str(body.get("value") or ""), locale))


def _of_reader(context: BoltContext, body: Body) -> tuple[Catalogue, str]:
    """The catalogue, and the language of who types, who waits for it with every letter."""
    services = context["services"]
    with services.database.read() as session:
        catalogue = services.shelf.catalogue(session, services.community_id)
    return catalogue, manner(services, place_of(body).user).locale


def show(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Open a course's card."""
    ack()
    with work(context, body) as w:
        modal = card(w, value_of(pressed(body)))
    modals.show(context, body, modal, push=is_modal(body))


def watch(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """The person wants to hear of the next session."""
    ack()
    _set_watch(context, body, wanted=True)


def unwatch(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """The person does not want to hear of it any more."""
    ack()
    _set_watch(context, body, wanted=False)


def _set_watch(context: BoltContext, body: Body, *, wanted: bool) -> None:
    code = value_of(pressed(body))
    with work(context, body) as w:
        if wanted:
            watches.watch(w.session, w.community.id, w.member.id, code, w.now)
        else:
            watches.unwatch(w.session, w.community.id, w.member.id, code)
        modal = card(w, code)
        if not is_modal(body):
            w.whisper(message(now_watched(code, w.locale, watched=wanted)))
    if is_modal(body):
        modals.update(context, body, body["view"]["id"], modal)


def without(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """One thing was not meant: the answer is made anew without it."""
    ack()
    number, _, name = value_of(pressed(body)).partition(":")
    with work(context, body) as w:
        _answer_anew(w, row_id(number), lambda wish: wish.without(name))


def meant(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Something else was meant: the answer is made anew about that."""
    ack()
    press = pressed(body)
    name = str(press.get("action_id")).rpartition(".")[2]
    chosen = value_of(press)
    value: Any = row_id(chosen) if name in ("level", "from_level") else chosen
    with work(context, body) as w:
        number = row_id(str(press.get("block_id") or "").removeprefix(SET))
        _answer_anew(w, number, lambda wish: replace(wish, **{name: value}))


def _answer_anew(w: Work, number: int, change: Callable[[Wish], Wish]) -> None:
    question = questions.get(w.session, number, w.member)
    wish = course_answers.wish_in(question)
    if wish is None:
        raise NotFound("question_unknown")
    wish = change(wish)
    question.understood, question.helpful = wish.as_dict(), None
    payload = course_answers.card(w, question, wish, can_share=answering.may_share(w))
    w.replace(payload, of=answer_view.card_key(question.id))


def named(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Courses for what was typed so far."""
    catalogue, locale = _of_reader(context, body)
    ack(options=course_options(catalogue, str(body.get("value") or ""), locale))


def only_competencies(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Competencies for what was typed so far, without "all"."""
    catalogue, locale = _of_reader(context, body)
    ack(options=view.named_competencies(catalogue, str(body.get("value") or ""), locale))


def _browse(w: Work, wish: Wish) -> dict[str, Any]:
    catalogue = course_answers.catalogue_of(w)
    found = [course.code for course in answers.courses(catalogue, wish)[: view.SHOWN]]
    planned = sessions.next_of_each(w.session, w.community.id, found, w.now)
    return view.browse(catalogue, wish, planned, w.locale, w.time_zone, may_add=w.is_organizer)


def card(w: Work, code: str, changed: Catalogue | None = None) -> dict[str, Any]:
    """A course's card as this person sees it; `changed`: the catalogue as this very transaction makes it.

    Raises NotFound `course_unknown`.
    """
    catalogue = changed or course_answers.catalogue_of(w)
    if code not in catalogue.courses:
        raise NotFound("course_unknown")
    planned = sessions.upcoming(w.session, w.community.id, [code], w.now)
    watched = code in watches.watched(w.session, w.community.id, w.member.id)
    return view.opened(
        catalogue, catalogue.courses[code], planned, w.locale, w.time_zone, watched=watched, may_edit=w.is_organizer
    )
