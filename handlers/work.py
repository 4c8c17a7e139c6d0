"""One thing a person did is one transaction: what they asked for, and the messages that tell of it, or none of both.

    with work(context, body) as w:
        w.require(Role.organizer)
        ...one rule of the community...
        w.whisper(view)

A CommunityError inside undoes it all, and the person is told its sentence in their language (`handlers.trouble`); it
goes on to Bolt, so nothing after the block runs. In a modal's submission use `submission`, which answers at the field.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from slack_bolt import Ack, BoltContext
from sqlalchemy.orm import Session

from community import people
from community.errors import CommunityError
from community.records import Community, Member, Role
from delivery import inbox, outbox
from handlers import profiles, replies
from handlers.acks import PromptAck
from handlers.payloads import Body, Place, is_command, kind_of, place_of
from handlers.services import Services
from knowledge.errors import KnowledgeError
from storage import after_commit
from views import errors
from views.i18n import Translator, translator

log = structlog.get_logger("praxis.work")

Payload = dict[str, Any]


class Settled(Exception):
    """The person was told why it cannot be; nothing is left to do, and the caller must not go on."""


@dataclass
class Work:
    """What a handler works with while its transaction is open."""

    session: Session
    services: Services
    community: Community
    member: Member
    place: Place
    now: datetime
    context: BoltContext
    body: Body
    key: str
    _answer: dict[str, Any] | None = field(default=None, repr=False)
    _replies: list[tuple[Payload, bool]] = field(default_factory=list, repr=False)
    _said: int = 0

    @property
    def locale(self) -> str:
        """`en` or `fr`: the person's."""
        return self.member.locale

    @property
    def time_zone(self) -> str:
        """The person's zone."""
        return self.member.time_zone

    @property
    def today(self) -> date:
        """The day where the community is."""
        return self.now.astimezone(ZoneInfo(self.community.time_zone)).date()

    @property
    def t(self) -> Translator:
        """Sentences in the person's language."""
        return translator(self.locale)

    @cached_property
    def roles(self) -> frozenset[Role]:
        """What the person may do."""
        return people.roles(self.session, self.member)

    @property
    def is_command(self) -> bool:
        """Whether it is a slash command, whose acknowledgement carries the answer."""
        return is_command(self.body)

    @property
    def may_run(self) -> bool:
        """Whether the person may run a meeting: show its code, correct its roster."""
        return not self.roles.isdisjoint({Role.organizer, Role.facilitator})

    @property
    def is_organizer(self) -> bool:
        """Whether the person may do everything."""
        return Role.organizer in self.roles

    def require(self, *roles: Role) -> None:
        """Go on only when the person has one of the roles. Raises NotAllowed."""
        people.require(self.session, self.member, *roles)

    def say(
        self,
        payload: Payload,
        *,
        thread_ts: str | None = None,
        channel: str | None = None,
        key: str | None = None,
        subject: str | None = None,
    ) -> str:
        """Post for everybody there: in the place it was done in (a DM where that is no conversation) or in `channel`.

        Returns the key by which `outbox.update` finds the message; `key` names it, else it is named after the request.
        """
        channel = channel or self.place.channel
        key = key or self._next_key()
        outbox.post(
            self.session,
            community_id=self.community.id,
            key=key,
            payload=payload,
            channel=channel,
            user=None if channel else self.member.slack_user_id,
            thread_ts=thread_ts,
            subject=subject,
        )
        return key

    def whisper(self, payload: Payload, *, key: str | None = None) -> None:
        """Tell the person alone: in the answer to a command, unseen by others in a channel, as a message in a DM."""
        if self._answers_in_ack():
            self._answer = {**(self._answer or {}), **payload}
            return
        if replies.is_private(self.body):
            self._replies.append((payload, False))
            return
        place = self.place
        if place.channel and not place.is_dm and not self.is_command:
            outbox.ephemeral(
                self.session,
                community_id=self.community.id,
                key=key or self._next_key(),
                channel=place.channel,
                user=self.member.slack_user_id,
                payload=payload,
                thread_ts=place.thread_ts,
            )
        else:
            self.message(payload, thread_ts=place.thread_ts if place.is_dm and not self.is_command else None, key=key)

    def replace(self, payload: Payload, *, of: str) -> None:
        """Show `payload` in place of the message that was pressed; `of` is the key it was posted under.

        Where that message is not there any more, or was none, the person is told alone.
        """
        if replies.is_private(self.body):
            self._replies.append((payload, True))
            return
        try:
            outbox.update(self.session, community_id=self.community.id, of=of, payload=payload)
        except LookupError:
            self.whisper(payload)

    def message(
        self, payload: Payload, *, member: Member | None = None, thread_ts: str | None = None, key: str | None = None,
        subject: str | None = None,
    ) -> str:  # fmt: skip
        """Write to a person (by default the one who acts) in their DM with the bot; returns the message's key."""
        key = key or self._next_key()
        outbox.post(
            self.session,
            community_id=self.community.id,
            key=key,
            payload=payload,
            user=(member or self.member).slack_user_id,
            thread_ts=thread_ts,
            subject=subject,
        )
        return key

    def answer(self, **ack: Any) -> None:
        """What the acknowledgement is to carry once committed, e.g. `response_action="update", view=…`."""
        self._answer = {**(self._answer or {}), **ack}

    def after(self, call: Any) -> None:
        """Have `call` run once this is committed."""
        after_commit(self.session, call)

    def reply(self) -> None:
        """Say, once it is committed, what does not go through the outbox."""
        for payload, replace in self._replies:
            if not replies.send(self.body, payload, replace=replace):
                with work(self.context, self.body, apart="/unreplied") as w:
                    w.message(payload)
        if self._answer is not None and not acked(self.context):
            plain = "response_action" not in self._answer
            self.context.ack(self._answer) if plain else self.context.ack(**self._answer)

    def _answers_in_ack(self) -> bool:
        return self.is_command and not acked(self.context)

    def _next_key(self) -> str:
        self._said += 1
        return f"{self.key}/{self._said}"


@contextmanager
def work(
    context: BoltContext, body: Body, *, profile: people.Profile | None = None, apart: str | None = None
) -> Iterator[Work]:
    """One write transaction for what this person did; the request counts as done exactly when it commits.

    `profile` is what the request itself says of the person; without it an unknown person is looked up in Slack first.
    With `apart` the request is not settled by it, and messages are named apart, so that they do not take the place of
    those of a later try. Raises AlreadyDone when it was done before, and what the rules raise.
    """
    services: Services = context["services"]
    place, key = place_of(body), context.get("inbox_key") or ""
    profile = profile or profiles.missing(services, context.client, place.user or "")
    kept: CommunityError | None = None
    with services.database.begin() as session:
        if key and not apart:
            inbox.finish(session, key)
        community, now = session.get_one(Community, services.community_id), services.now()
        member = people.ensure_member(session, community, place.user or "", now, profile)
        w = Work(session, services, community, member, place, now, context, body, f"{key}{apart or ''}")
        try:
            yield w
        except CommunityError as error:
            if not error.keep:
                raise
            kept = error
    services.remember_locale(member.slack_user_id, member.locale)
    if kept:
        raise kept
    w.reply()


@contextmanager
def submission(context: BoltContext, body: Body, ack: Ack) -> Iterator[Work]:
    """`work` for a modal's submission: acknowledged (the modal closes) once committed, else answered at the field.

    A CommunityError's sentence is shown under the input whose block id is the error's `field`, or under the first
    input; where the modal has none, in a message. The caller does not go on: Settled is raised.
    """
    try:
        with work(context, body) as w:
            yield w
    except (CommunityError, KnowledgeError) as error:
        if acked(context) or not (block_id := input_for(body, error.field)):
            raise
        locale, zone = profiles.manner(context["services"], place_of(body).user)
        text = errors.sentence(error, locale, time_zone=zone, markup=False)
        ack(response_action="errors", errors={block_id: text})
        if not getattr(error, "keep", False):
            settle(context)
        log.info("work.refused", kind=kind_of(body), code=error.code, user=place_of(body).user)
        raise Settled from error
    if not acked(context):
        ack()


def settle(context: BoltContext) -> None:
    """Count the request as done: whoever made it was told, and a new try is a new request."""
    if key := context.get("inbox_key"):
        with context["services"].database.begin() as session:
            inbox.finish(session, key)


def acked(context: BoltContext) -> bool:
    """Whether the request was acknowledged; never waits."""
    ack = context.ack
    return ack.given if isinstance(ack, PromptAck) else ack.response is not None


def input_for(body: Body, wanted: str | None) -> str | None:
    """The block id to show an error under: the wanted input's, or the first input's."""
    inputs = [b.get("block_id") for b in (body.get("view") or {}).get("blocks") or () if b.get("type") == "input"]
    return wanted if wanted in inputs else next((name for name in inputs if name), None)
