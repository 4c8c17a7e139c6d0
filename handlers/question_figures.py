"""Figures on questions, for organizers: counted, drawn and sent to whoever asks for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient
from sqlalchemy.orm import Session

from community import answer_times, people
from community.records import Community, Role
from delivery import outbox
from handlers import at_home, trouble
from handlers.payloads import place_of, pressed, value_of
from handlers.profiles import manner
from handlers.services import Services
from handlers.work import work
from knowledge import figures
from knowledge.catalogue.loaded import Shelf
from knowledge.figures import Figures
from reports import charts, questions
from reports.questions import Words
from views import question_figures as view
from views.i18n import translator

log = structlog.get_logger("praxis.figures")


def register(app: App) -> None:
    """Take the button on Home."""
    app.action("figures.send")(send)


def command(ack: Ack, body: dict[str, Any], context: BoltContext, client: WebClient, rest: str) -> None:  # noqa: ARG001 - the signature of every sub-command
    """`/praxis figures [weeks]`: of the last 13 weeks, or of 4, 26 or 52."""
    _send(ack, context, body, rest)


def send(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """The figures of the last 13 weeks."""
    _send(ack, context, body, value_of(pressed(body)))


def _send(ack: Ack, context: BoltContext, body: dict[str, Any], weeks: str) -> None:
    services: Services = context["services"]
    locale, _ = manner(services, place_of(body).user)
    if not _may(services, place_of(body).user):
        with work(context, body) as w:
            w.require(Role.organizer)
        return
    ack(translator(locale)(view.COMING)) if "command" in body else ack()
    at_home.point(context, body, "figures")
    trouble.apart(context, body, lambda: _make(context, body, weeks, locale))


def _make(context: BoltContext, body: dict[str, Any], weeks: str, locale: str) -> None:
    services: Services = context["services"]
    # Counting and drawing take seconds, so no transaction is open meanwhile. Taken up again after a crash it is all
    # done anew: nothing was said yet.
    with services.database.read() as session:
        found, said = gathered(session, services.community_id, services.shelf, services.now(), weeks, locale)
    chart = None
    try:
        chart = charts.png(questions.chart(found, said))
    except charts.ChartFailed as error:
        log.warning("figures.not_drawn", error=str(error))
    names, alt = view.file_names(found, locale), view.alt(found, locale)
    files = [outbox.File(names["chart"], chart, said.said["title"], alt)] if chart else []
    files.append(outbox.File(names["table"], questions.as_csv(questions.table(found, said)), said.said["title"]))
    with work(context, body) as w:
        w.require(Role.organizer)
        w.message(view.summary(found, locale))
        outbox.upload(
            w.session,
            community_id=w.community.id,
            key=f"{w.key}/figures",
            text=w.t(view.FILES if chart else view.NOT_DRAWN),
            files=files,
            user=w.member.slack_user_id,
        )
    log.info("figures.sent", user=w.member.slack_user_id, questions=found.total.asked, chart=chart is not None)


def gathered(
    session: Session, community_id: int, shelf: Shelf, now: datetime, weeks: str, locale: str
) -> tuple[Figures, Words]:
    """The figures of so many weeks (`view.WEEKS`, else 13), this one included, and what is said of them."""
    number = int(weeks) if weeks in {str(choice) for choice in view.WEEKS} else 13
    community = session.get_one(Community, community_id)
    today = now.astimezone(ZoneInfo(community.time_zone)).date()
    since = today - timedelta(days=today.weekday(), weeks=number - 1)
    catalogue = shelf.catalogue(session, community_id)
    passed_on = answer_times.passed_on(session, community_id, now - timedelta(weeks=number))
    found = figures.gather(
        session,
        community_id,
        since=since,
        until=today,
        time_zone=community.time_zone,
        catalogue=catalogue,
        waits={question: passed.waited for question, passed in passed_on.items() if passed.waited is not None},
        codes={question: passed.competency for question, passed in passed_on.items() if passed.competency},
    )
    return found, Words(locale, view.said(found, locale), *view.names(found, catalogue, locale))


def _may(services: Services, user: str | None) -> bool:
    with services.database.read() as session:
        member = people.find_member(session, services.community_id, user or "")
        return member is not None and Role.organizer in people.roles(session, member)
