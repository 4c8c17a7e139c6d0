"""Who is who: everybody is read from Slack at the start, and organizers give and take roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from community import people, rsvp
from community.errors import Invalid, NotFound
from community.people import Profile
from community.records import Community, Member, Role
from handlers import event_news, home, modals, profiles
from handlers.payloads import pressed, row_id, value_of
from handlers.services import Services
from handlers.work import Work, submission, work
from views import people as view
from views.entered import input_values

log = structlog.get_logger("praxis.people")

PAGE = 200  # users.list: what Slack recommends
REST_S = 30.0  # when Slack wants to be left alone and does not say for how long


def register(app: App) -> None:
    """Take the modal of roles."""
    app.action("people.open")(open_roles)
    app.view("people.grant")(grant)
    app.action("people.revoke")(revoke)


def sync(client: WebClient, services: Services, rest: Callable[[float], bool]) -> int:
    """Read everybody from Slack, page by page; then the first organizers are named. Returns how many people.

    Slack allows some twenty pages a minute: `rest` waits as many seconds as it asks for, and says whether to give up.
    Raises SlackApiError and what else keeps Slack from being read.
    """
    profiles_seen: list[Profile] = []
    cursor = ""
    while True:
        page = _page(client, cursor, rest)
        found = [profiles.profile_of(user) for user in page["members"]]
        with services.database.begin() as session:
            community, now = session.get_one(Community, services.community_id), services.now()
            people.ensure_members(session, community, {profile.slack_user_id: profile for profile in found}, now)
        profiles_seen += found
        cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            break
    with services.database.begin() as session:
        community = session.get_one(Community, services.community_id)
        first = people.seed_organizers(session, community, profiles_seen, services.organizers, services.now())
    _free_seats(services)
    services.locales.clear()
    log.info("people.synced", people=len(profiles_seen), organizers_named=len(first))
    return len(profiles_seen)


def _free_seats(services: Services) -> None:
    """Whoever left Slack while nobody was told of it comes to no event: their seats go to those who wait."""
    with services.database.read() as session:
        gone = rsvp.departed(session, services.community_id, services.now())
    for member in gone:
        with services.database.begin() as session:
            by_nobody = event_news.ByNobody(session, services.now())
            event_news.give_up(by_nobody, session.merge(member, load=False))


def _page(client: WebClient, cursor: str, rest: Callable[[float], bool]) -> Any:
    while True:
        try:
            return client.users_list(limit=PAGE, cursor=cursor, include_locale=True)
        except SlackApiError as error:
            if error.response.status_code != 429:
                raise
            headers = {name.lower(): value for name, value in error.response.headers.items()}
            if rest(float(headers.get("retry-after") or REST_S)):
                raise


def open_roles(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Show who has which role."""
    ack()
    with work(context, body) as w:
        w.require(Role.organizer)
        modal = view.roles_modal(w.locale, _held(w))
    modals.show(context, body, modal)


def grant(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Give somebody a role; the modal stays open and says so, and they hear of it."""
    values = input_values(body["view"]["state"])
    user = str(values.get("member") or "")
    services: Services = context["services"]
    profile = profiles.missing(services, context.client, user) if user else None
    with submission(context, body, ack) as w:
        w.require(Role.organizer)
        role = _role(values.get("role"))
        if not user:
            raise Invalid("empty", field="member")
        member = people.ensure_member(w.session, w.community, user, w.now, profile)
        people.grant(w.session, w.member, member, role, w.now)
        if member.id != w.member.id:
            w.message(view.named(member, role, w.member), member=member)
        notice = view.granted(w.locale, member, role)
        w.answer(response_action="update", view=view.roles_modal(w.locale, _held(w), notice))


def revoke(ack: Ack, context: BoltContext, body: dict[str, Any]) -> None:
    """Take a role back, in the modal that lists them."""
    ack()
    number, _, name = value_of(pressed(body)).partition(":")
    with work(context, body) as w:
        w.require(Role.organizer)
        member = w.session.get(Member, row_id(number))
        if member is None or member.community_id != w.community.id:
            raise NotFound("member_unknown")
        role = _role(name)
        people.revoke(w.session, w.member, member, role)
        modal = view.roles_modal(w.locale, _held(w), view.revoked(w.locale, member, role))
        home.refresh(w)
    if view_id := (body.get("view") or {}).get("id"):
        modals.update(context, body, view_id, modal)


def _role(name: object) -> Role:
    if name not in [role.value for role in view.ROLES]:
        raise Invalid("role_unknown", field="role")
    return Role(str(name))


def _held(w: Work) -> list[tuple[Member, Role]]:
    return [(member, role) for role in view.ROLES for member in people.with_role(w.session, w.community.id, role)]
