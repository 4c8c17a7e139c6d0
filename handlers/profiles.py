"""What Slack says of a person, and which language and zone to use with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from community import people
from community.people import Profile
from delivery.client import web_client
from handlers.services import Services
from storage.errors import StorageError
from views.i18n import locale_of

log = structlog.get_logger("praxis.profiles")

# A person waits for an answer meanwhile: without a profile they get one in the community's language.
PATIENCE_S = 2


class Manner(NamedTuple):
    """How to speak to a person: `en` or `fr`, and the zone of their clock."""

    locale: str
    time_zone: str


def profile_of(user: Mapping[str, Any]) -> Profile:
    """The profile in Slack's `user` object; what is missing or blank there is None here."""
    shown = user.get("profile") or {}
    names = (shown.get("real_name"), user.get("real_name"), shown.get("display_name"), user.get("name"), user.get("id"))
    return Profile(
        slack_user_id=str(user.get("id") or ""),
        name=next(str(name) for name in (*names, "?") if name),
        email=shown.get("email") or None,
        time_zone=user.get("tz") or None,
        locale=user.get("locale") or None,
        is_bot=bool(user.get("is_bot") or user.get("is_workflow_bot") or user.get("id") == "USLACKBOT"),
        deleted=bool(user.get("deleted")),
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
    )


def impatient(client: WebClient) -> WebClient:
    """The same client with a timeout that a waiting person bears."""
    return web_client(client.token or "", client.base_url, timeout=PATIENCE_S)


def missing(services: Services, client: WebClient, user: str) -> Profile | None:
    """The profile of a person not met before, asked of Slack; None when they are known, or when Slack is slow."""
    if not user or user in services.locales:
        return None
    with services.database.read() as session:
        member = people.find_member(session, services.community_id, user)
        if member is not None and member.refreshed_at is not None:
            return None
    return fetch(client, user)


def fetch(client: WebClient, user: str) -> Profile | None:
    """The person's profile with language and zone; None when Slack does not say within `PATIENCE_S`."""
    if not user:  # a hand-made payload may name nobody
        return None
    try:
        response = impatient(client).users_info(user=user, include_locale=True)
        return profile_of(response["user"])
    except (SlackClientError, OSError) as error:
        log.warning("profile.unavailable", user=user, error=type(error).__name__)
        return None


def manner(services: Services, user: str | None) -> Manner:
    """How to speak to a person, also when the database cannot be asked."""
    try:
        with services.database.read() as session:
            member = people.find_member(session, services.community_id, user or "")
            if member is not None:
                return Manner(locale_of(member.locale), member.time_zone)
    except StorageError as error:
        log.warning("profile.unread", user=user, error=type(error).__name__)
    return Manner(services.locale_of(user), services.default_time_zone)
