"""The programme report, for organizers: shown, opened figure by figure, narrowed down, sent as a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import structlog
from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient
from sqlalchemy.orm import Session

from community import cohorts, people, times
from community.cohorts import title as cohort_title
from community.errors import CommunityError, Invalid, NotFound
from community.records import EventKind, Role
from delivery import outbox
from handlers import at_home, modals, trouble
from handlers.payloads import Body, is_modal, place_of, pressed, row_id, value_of
from handlers.profiles import manner
from handlers.services import Services
from handlers.suggestions import for_organizers
from handlers.work import submission, work
from reports import charts, opened, page, programme, rendered, selection
from reports.page import Page
from reports.selection import Selection
from views import at_home as home_view
from views import report as view
from views.entered import input_values
from views.i18n import translator
from views.text import message

log = structlog.get_logger("praxis.reports")
T = TypeVar("T")

FORMS = ("csv", "xlsx", "pdf", "png")


def register(app: App) -> None:
    """Take the report and its buttons."""
    app.action("report.show")(show)
    app.action("report.open")(open_figure)
    app.action("report.choose")(open_choices)
    app.view("report.choose")(narrow)
    for name, named in (("series", _series), ("cohort", _cohorts), ("department", _departments)):
        app.options(f"report.{name}")(for_organizers(named))
    for form in FORMS:
        app.action(f"report.file.{form}")(send_file)


def command(ack: Ack, body: dict[str, Any], context: BoltContext, client: WebClient, rest: str) -> None:  # noqa: ARG001 - the signature of every sub-command
    """`/praxis report`: the twelve months up to the newest event that is over."""
    show(body, context)


def show(body: dict[str, Any], context: BoltContext) -> None:
    """Show the report to whoever asks for it, alone."""
    shown = _read(context, body, lambda session, locale: _report(session, _last_year(context, session), locale))
    with work(context, body) as w:
        w.require(Role.organizer)
        if shown is not None:
            w.whisper(shown)
    at_home.point(context, body, "report")


def open_figure(body: dict[str, Any], context: BoltContext) -> None:
    """Open one figure."""
    code, _, text = value_of(pressed(body)).partition("|")
    kind_name, _, what = code.partition(".")

    def make(session: Session, locale: str) -> dict[str, Any]:
        if kind_name not in set(EventKind) or what not in ("attendance", "agreement"):
            raise NotFound("report_unknown")
        chosen, kind, t = _chosen(context, session, text), EventKind(kind_name), translator(locale)
        found = _page(session, chosen, locale)
        measure = next((one for one in found.measures if one.code == code), None)
        if measure is None:
            raise NotFound("report_unknown")
        parts = (opened.attendance if what == "attendance" else opened.agreement)(session, chosen, kind, t)
        return view.opened(locale, measure, parts)

    shown = _read(context, body, make)
    with work(context, body) as w:
        w.require(Role.organizer)
    if shown is not None:
        modals.show(context, body, shown, push=is_modal(body))


def open_choices(body: dict[str, Any], context: BoltContext) -> None:
    """Open what the report can be narrowed to."""

    def make(session: Session, locale: str) -> dict[str, Any]:
        chosen = _chosen(context, session, value_of(pressed(body)))
        now = {}
        if chosen.series_ids:
            first = selection.roots(session, chosen.community_id)[min(chosen.series_ids)]
            titles = selection.titles(session, chosen.community_id, {first}, locale)
            now["series"] = (str(first), titles[first])
        if chosen.cohort:
            now["cohort"] = (str(chosen.cohort.id), cohort_title(chosen.cohort, locale))
        if chosen.department:
            now["department"] = (_mark(chosen.department), chosen.department)
        return view.choose_form(locale, chosen.since, chosen.until, now)

    shown = _read(context, body, make)
    with work(context, body) as w:
        w.require(Role.organizer)
    if shown is not None:
        modals.show(context, body, shown, push=is_modal(body))


def _series(session: Session, community_id: int, locale: str) -> list[tuple[object, str]]:
    first = set(selection.roots(session, community_id).values())
    return [view.everything(locale), *selection.titles(session, community_id, first, locale).items()]


def _cohorts(session: Session, community_id: int, locale: str) -> list[tuple[object, str]]:
    return [view.everything(locale), *cohorts.named(session, community_id, locale)]


def _departments(session: Session, community_id: int, locale: str) -> list[tuple[object, str]]:
    return [view.everything(locale), *((_mark(name), name) for name in selection.departments(session, community_id))]


def _mark(department: str) -> str:
    """What stands for a department in a form: its name may be longer than what an option holds."""
    return hashlib.sha256(department.encode()).hexdigest()[:32]


def narrow(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Send the report narrowed down, as a message."""
    values = input_values(body["view"]["state"])

    def make(session: Session, locale: str) -> dict[str, Any] | CommunityError:
        services: Services = context["services"]
        try:
            return _report(session, _narrowed(session, services.community_id, values), locale)
        except CommunityError as error:  # said at its field, once the form is being answered
            return error

    made = _read(context, body, make)
    with submission(context, body, ack) as w:
        w.require(Role.organizer)
        if isinstance(made, CommunityError):
            raise made
        if made is not None:
            w.message(made)
            w.answer(response_action="update", view=home_view.sent(w.locale, "report"))


def _narrowed(session: Session, community_id: int, values: Mapping[str, Any]) -> Selection:
    since, until = (times.parse_day(text) if (text := values.get(name)) else None for name in ("since", "until"))
    if since and until and until < since:
        raise Invalid("period_order", field="until")
    chosen = Selection(community_id, since, until)
    if series_id := row_id(values.get("series")):
        if series_id not in selection.roots(session, community_id):
            raise NotFound("report_unknown")
        chosen = replace(chosen, series_ids=selection.family(session, community_id, series_id))
    if cohort_id := row_id(values.get("cohort")):
        found = [one for one in selection.cohorts(session, community_id) if one.id == cohort_id]
        if not found:
            raise NotFound("report_unknown")
        chosen = replace(chosen, cohort=found[0])
    mark = str(values.get("department") or view.ALL)
    if mark != view.ALL:
        named = {_mark(name): name for name in selection.departments(session, community_id)}
        if mark not in named:
            raise NotFound("report_unknown")
        chosen = replace(chosen, department=named[mark])
    return chosen


def send_file(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
    """Send the report as a file, in the person's direct message."""
    ack()
    trouble.apart(context, body, lambda: _send_file(body, context))


def _send_file(body: dict[str, Any], context: BoltContext) -> None:
    form = str(pressed(body).get("action_id")).rpartition(".")[2]

    def make(session: Session, locale: str) -> tuple[bytes | None, str, str]:
        t = translator(locale)
        chosen = _chosen(context, session, value_of(pressed(body)))
        shown = _page(session, chosen, locale)
        try:
            return rendered.written(session, chosen, t, form), shown.period, page.alt_text(shown, t)
        except charts.ChartFailed as error:
            log.warning("report.not_drawn", error=str(error))
            return None, shown.period, ""

    made = _read(context, body, make)
    with work(context, body) as w:
        w.require(Role.organizer)
        if made is None:
            return
        content, period, alt = made
        if content is None:
            w.whisper(message(view.not_drawn(w.t)))
            return
        name = f"{'rapport' if w.locale == 'fr' else 'report'}.{form}"
        outbox.upload(
            w.session,
            community_id=w.community.id,
            key=f"{w.key}/{form}",
            text=view.file_text(w.locale, period),
            files=[outbox.File(name, content, w.t("Programme report"), alt if form == "png" else "")],
            user=w.member.slack_user_id,
        )


def _read(context: BoltContext, body: Body, make: Callable[[Session, str], T]) -> T | None:
    """What `make` works out for an organizer, before the transaction: it takes a while. None for anybody else."""
    services: Services = context["services"]
    user = place_of(body).user or ""
    locale = manner(services, user).locale
    with services.database.read() as session:
        member = people.find_member(session, services.community_id, user)
        if member is None or Role.organizer not in people.roles(session, member):
            return None
        return make(session, locale)


def _last_year(context: BoltContext, session: Session) -> Selection:
    services: Services = context["services"]
    return selection.last_year(session, services.community_id)


def _chosen(context: BoltContext, session: Session, text: str) -> Selection:
    services: Services = context["services"]
    return selection.read(session, services.community_id, text)


def _page(session: Session, chosen: Selection, locale: str) -> Page:
    return page.page(programme.report(session, chosen), translator(locale))


def _report(session: Session, chosen: Selection, locale: str) -> dict[str, Any]:
    narrowed = []
    if chosen.series_ids:
        first = min(chosen.series_ids)
        narrowed.append(selection.titles(session, chosen.community_id, {first}, locale).get(first, ""))
    if chosen.cohort:
        narrowed.append(cohort_title(chosen.cohort, locale))
    if chosen.department:
        narrowed.append(chosen.department)
    return view.report(locale, _page(session, chosen, locale), selection.written(chosen), narrowed)
