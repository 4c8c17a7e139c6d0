"""Questions that wait for a person: brought up again, asked of others when somebody left, listed once a day.

Each request is one transaction that holds its row; a digest's row is taken before it is sent. Any number of clocks do
each thing once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from community import expert_terms, people, requests, routing, waiting
from community.expert_records import ExpertRequest, StepKind
from community.expert_terms import Terms
from community.records import Community, Member, Role
from community.times import zone
from delivery import outbox
from knowledge.catalogue.loaded import Shelf
from scheduler.apart import Apart
from storage import Database
from views import request_news as news
from views import requests as view

log = structlog.get_logger("praxis.scheduler")


@dataclass(frozen=True)
class Done:
    """Something was done with a request; `told` is what whoever asked hears of it."""

    told: StepKind | None


Deed = Callable[[Session, ExpertRequest, datetime], Done | None]


@dataclass
class Requests:
    """What is done by itself with requests; `wait` is how long one waits before it is brought up again.

    Channel and wait are those of communities whose organizers chose none.
    """

    channel: str | None = None
    wait: timedelta = timedelta(hours=24)
    shelf: Shelf = field(default_factory=Shelf, repr=False)
    _apart: Apart = field(default_factory=Apart, repr=False)
    _digests: dict[int, date] = field(default_factory=dict, repr=False)  # days that need not be looked at again

    def work_off(self, database: Database, clock: Callable[[], datetime], community_id: int | None = None) -> int:
        """Do all that is due; returns how many. Raises StorageError when the database cannot be used."""
        now = clock()
        with database.read() as session:
            left = routing.with_departed(session, community_id)
            due = waiting.due(session, now, community_id)
            mornings = self._mornings(session, now, community_id)
        done = sum(self._one(database, request, now, self._replace) for request in left)
        done += sum(self._one(database, request, now, self._bring_up) for request in due)
        return done + sum(self._digest(database, community, now) for community in mornings)

    def _one(self, database: Database, found: tuple[int, int], now: datetime, do: Deed) -> bool:
        """Whether this one was ours to do."""

        def once() -> Done | None:
            with database.begin() as session:
                request = requests.held(session, *found)
                done = do(session, request, now)
                if done:
                    self._show(session, request, done.told)
            return done

        done = self._apart.attempt("request", found[1], once, now)
        if done:
            log.info("request.brought_up", request=found[1], told=done.told and done.told.value)
        return done is not None

    def _replace(self, session: Session, request: ExpertRequest, now: datetime) -> Done | None:
        """Somebody left: others are asked where nobody is left who was."""
        if not routing.drop_departed(session, request, now):
            return None
        if routing.is_stuck(session, request) and not self._route(session, request, now):
            requests.give_up(session, request, now)
            return Done(StepKind.given_up)
        return Done(StepKind.left)

    def _bring_up(self, session: Session, request: ExpertRequest, now: datetime) -> Done | None:
        """It waited too long: those asked are reminded, then others asked, in the end it is given up."""
        brought = waiting.bring_up(session, request, now, self._terms(session, request.community_id).wait)
        if brought is None:
            return None
        if brought.given_up:
            return Done(StepKind.given_up)
        more = brought.widen or routing.is_stuck(session, request)
        asked = self._route(session, request, now) if more else None
        if brought.released:
            return Done(StepKind.released)
        if asked:
            return Done(StepKind.asked)
        return Done(None if routing.is_stuck(session, request) else StepKind.brought_up)

    def _route(self, session: Session, request: ExpertRequest, now: datetime) -> routing.Route:
        circles = self.shelf.catalogue(session, request.community_id).around(request.competency_code)
        return routing.route(session, request, circles, self._terms(session, request.community_id).channel, now)

    def _terms(self, session: Session, community_id: int) -> Terms:
        return expert_terms.terms(session, community_id, Terms(self.channel, self.wait))

    def _show(self, session: Session, request: ExpertRequest, told: StepKind | None) -> None:
        case = requests.case(session, request)
        community = session.get_one(Community, request.community_id)
        known = self.shelf.catalogue(session, community.id).competencies.get(request.competency_code or "")
        for letter in view.letters(case, known.titles if known else None, community.time_zone):
            outbox.put(session, community_id=community.id, **vars(letter))
        if told and case.asker.active:
            outbox.post(
                session,
                community_id=community.id,
                key=news.key(case),
                payload=news.news(case, told),
                user=case.asker.slack_user_id,
            )

    def _mornings(self, session: Session, now: datetime, community_id: int | None) -> list[int]:
        """Communities whose digest of the day may have to be made."""
        which = select(Community) if community_id is None else select(Community).where(Community.id == community_id)
        found = []
        for community in session.scalars(which):
            day = waiting.digest_day(community, now)
            if day is not None and self._digests.get(community.id) != day:
                found.append(community.id)
        return found

    def _digest(self, database: Database, community_id: int, now: datetime) -> bool:
        with database.begin() as session:
            community = session.get_one(Community, community_id)
            found = waiting.take_day(session, community, now)
            if found:
                self._send(session, community, found, now)
            day = waiting.digest_day(community, now)
        if day is not None:
            self._digests[community_id] = day
        return bool(found)

    def _send(self, session: Session, community: Community, found: list[ExpertRequest], now: datetime) -> None:
        """To each what waits for them; all of it to the experts' channel, or else to the organizers."""
        day = now.astimezone(zone(community.time_zone)).date()
        holders = {
            member.id: member
            for member in session.scalars(select(Member).where(Member.id.in_([r.holder_id for r in found])))
        }
        lists = waiting.waiting_for(session, found)
        if channel := self._terms(session, community.id).channel:
            payload = news.channel_digest(found, holders, community.time_zone)
            key = news.digest_key(day, "channel")
            outbox.post(session, community_id=community.id, key=key, payload=payload, channel=channel)
        else:
            for member in people.with_role(session, community.id, Role.organizer):
                lists[member.id] = [request for request in found if request.asker_id != member.id]
        for member_id, theirs in ((member_id, some) for member_id, some in lists.items() if some):
            member = session.get_one(Member, member_id)
            try:
                payload = news.digest(theirs, holders, member)
            except Exception as error:  # one person's list is not to cost the others theirs
                log.exception("request.digest_failed", member=member_id, error=type(error).__name__)
                continue
            key = news.digest_key(day, member_id)
            outbox.post(session, community_id=community.id, key=key, payload=payload, user=member.slack_user_id)
        log.info("request.digest", community=community.id, waiting=len(found), people=len(lists))
