"""The record of a course, added, changed, retired and brought back by an organizer."""

from __future__ import annotations

from functools import partial
from typing import Any

import structlog
from slack_bolt import Ack, App, BoltContext

from community.records import Role
from handlers import course_answers, courses, modals
from handlers.payloads import Body, is_modal, metadata_of, pressed, row_id, value_of
from handlers.work import Work, submission, work
from knowledge.catalogue import editing, importing, loaded
from knowledge.catalogue.loaded import Catalogue
from knowledge.errors import NotFound
from views import course_browse
from views import course_form as view
from views.entered import input_values

log = structlog.get_logger("praxis.courses")

EMPTY = dict.fromkeys(editing.FIELDS, "")


def register(app: App) -> None:
    """Take the form, and the buttons of a course's card that are for organizers."""
    app.action("course.new")(open_empty)
    app.action("course.edit")(open_filled)
    app.view("course.create")(create)
    app.view("course.save")(save)
    app.action("course.retire")(retire)
    app.action("course.restore")(restore)


def open_empty(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Open the form of a new course."""
    ack()
    with work(context, body) as w:
        w.require(Role.organizer)
        modal = view.form(course_answers.catalogue_of(w), EMPTY, w.locale, new=True, today=w.today)
    modals.show(context, body, modal, push=is_modal(body))


def open_filled(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Open the form with the record as it stands."""
    ack()
    with work(context, body) as w:
        w.require(Role.organizer)
        catalogue = course_answers.catalogue_of(w)
        course = catalogue.courses.get(value_of(pressed(body)))
        if course is None:
            raise NotFound("course_unknown")
        modal = view.form(catalogue, editing.cells_of(course, w.locale), w.locale, new=False, today=w.today)
    modals.show(context, body, modal, push=is_modal(body))


def create(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Add the course, or say at each field what is wrong there."""
    typed = view.cells_from(input_values(body["view"]["state"]), EMPTY)
    with submission(context, body, ack) as w:
        catalogue = _held(w)
        draft, wrong = editing.check(catalogue, typed, w.today, new=True)
        if draft is None:
            w.answer(response_action="errors", errors=view.sentences(wrong, w.locale))
            return
        editing.save(w.session, w.community.id, draft, w.now)
        w.answer(response_action="update", view=_changed(w, draft.code))
    log.info("course.added", course=draft.code, user=w.member.slack_user_id)


def save(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Change the record; whoever comes second finds both texts in the form, and nothing overwritten."""
    kept = metadata_of(body)
    code, turn, base = str(kept.get("code") or ""), row_id(kept.get("turn")), kept.get("base")
    values = input_values(body["view"]["state"])
    with submission(context, body, ack) as w:
        catalogue = _held(w)
        course = catalogue.courses.get(code)
        if course is None and not editing.is_retired(w.session, w.community.id, code):
            raise NotFound("course_unknown")
        there = editing.cells_of(course, w.locale) if course else {}
        typed = view.cells_from(values, EMPTY | {"code": code}) | (editing.beyond(there) if course else {})
        draft, wrong = editing.check(catalogue, typed, w.today, new=False)
        form = partial(view.form, catalogue, locale=w.locale, new=False, today=w.today, turn=turn + 1)
        if course is None and not kept.get("retired"):
            w.answer(response_action="update", view=form(typed, retired=True))
            return
        now = there or typed
        if course and isinstance(base, dict) and base != editing.marks(now):
            wanted, theirs = editing.merged(base, typed, now)
            w.answer(response_action="update", view=form(wanted, base=now, clash=theirs))
            return
        if draft is None:
            w.answer(response_action="errors", errors=view.sentences(wrong, w.locale))
            return
        editing.save(w.session, w.community.id, draft, w.now)
        page = _changed(w, code)
    log.info("course.changed", course=code, user=w.member.slack_user_id)
    if previous := body["view"].get("previous_view_id"):
        modals.update(context, body, previous, page)


def retire(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Hide the course; what refers to it is kept."""
    ack()
    code = value_of(pressed(body))
    with work(context, body) as w:
        catalogue = _held(w)
        if code not in catalogue.courses and not editing.is_retired(w.session, w.community.id, code):
            raise NotFound("course_unknown")
        editing.retire(w.session, w.community.id, catalogue, code, w.now)
        modal = course_browse.retired(code, w.locale)
    log.info("course.retired", course=code, user=w.member.slack_user_id)
    _show(context, body, modal)


def restore(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Bring the course back as it was."""
    ack()
    code = value_of(pressed(body))
    with work(context, body) as w:
        editing.restore(w.session, w.community.id, _held(w), code, w.now)
        modal = _changed(w, code)
    log.info("course.restored", course=code, user=w.member.slack_user_id)
    _show(context, body, modal)


def _changed(w: Work, code: str) -> dict[str, Any]:
    """The card as it is once this is committed; not kept for others, who have nothing of it if it is not."""
    return courses.card(w, code, loaded.load(w.session, w.community.id))


def _held(w: Work) -> Catalogue:
    """The catalogue as it stands, kept from changing until the transaction ends; for organizers."""
    w.require(Role.organizer)
    importing.lock(w.session, w.community.id)
    return course_answers.catalogue_of(w)


def _show(context: BoltContext, body: Body, modal: dict[str, Any]) -> None:
    if is_modal(body):
        modals.update(context, body, body["view"]["id"], modal)
    else:
        modals.show(context, body, modal)
