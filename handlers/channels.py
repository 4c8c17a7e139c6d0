"""Channels: whether the bot can post there, and who is in them."""

from __future__ import annotations

import structlog
from slack_bolt import BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy.exc import SQLAlchemyError

from community import people
from community.channels import set_channel_members
from community.errors import Invalid
from community.records import Community
from handlers import profiles
from handlers.payloads import Body, place_of
from handlers.profiles import impatient
from handlers.services import Services
from storage.errors import StorageError

log = structlog.get_logger("praxis.channels")

# What Slack says when posting there cannot work, whatever is tried later.
_CLOSED = {
    "channel_not_found": "channel_unknown",
    "is_archived": "channel_archived",
    "method_not_supported_for_channel_type": "channel_private",
}
# What says nothing of the channel, only of the moment.
_PASSING = frozenset({"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"})
MEMBERS_A_PAGE = 1000
PAGES = 20
STRANGERS = 50  # people of other workspaces, and bots: whoever is not in the list of our own people


def trouble(context: BoltContext, body: Body, channel: str | None) -> Invalid | None:
    """Why the bot cannot post in the channel, after trying to join it; None when it can, or when nobody can tell.

    Call it before the transaction: it talks to Slack. For people who are no organizers it does nothing.
    """
    services: Services = context["services"]
    if not channel or not acts_for_organizer(services, place_of(body).user or ""):
        return None
    client = impatient(context.client)
    try:
        found = client.conversations_info(channel=channel)["channel"]
        if found.get("is_archived"):
            return Invalid("channel_archived", field="channel")
        if found.get("is_member"):
            return None
        if found.get("is_private") or found.get("is_im") or found.get("is_mpim"):
            return Invalid("channel_private", field="channel")
        client.conversations_join(channel=channel)
    except SlackApiError as error:
        code = str(error.response.get("error"))
        log.warning("channel.closed", channel=channel, error=code)
        return Invalid(_CLOSED[code], field="channel") if code in _CLOSED else None
    except (SlackClientError, OSError) as error:
        log.warning("channel.unknown", channel=channel, error=type(error).__name__)
    return None


def remember_members(context: BoltContext, channel: str) -> None:
    """Have it noted who is in the channel, for its events’ reminders; softly, for who enters later is noted by itself.

    It may ask Slack dozens of times, which is no work for a listener: others wait for its thread.
    """
    services: Services = context["services"]
    services.errands.submit(_remember_members, services, context.client, channel)


def _remember_members(services: Services, client: WebClient, channel: str) -> None:
    try:
        read_members(services, client, channel)
    except Invalid:
        return  # noted above
    except (StorageError, SQLAlchemyError) as error:
        log.warning("channel.members_unknown", channel=channel, error=type(error).__name__)
    except Exception as error:
        log.exception("channel.members_failed", channel=channel, error=type(error).__name__)


def read_members(services: Services, client: WebClient, channel: str) -> None:
    """Note who is in the channel. It may ask dozens of times: not for a listener.

    Raises Invalid when Slack does not tell, `slack_busy` where it may a little later.
    """
    users: list[str] = []
    cursor = ""
    try:
        for _ in range(PAGES):
            page = client.conversations_members(channel=channel, limit=MEMBERS_A_PAGE, cursor=cursor or None)
            users += page["members"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
    except (SlackClientError, OSError) as error:
        log.warning("channel.members_unknown", channel=channel, error=type(error).__name__)
        raise Invalid("slack_busy" if passing(error) else "channel_unread", field="channels") from error
    with services.database.begin() as session:
        set_channel_members(session, services.community_id, channel, users, services.now())
        strangers = [member.slack_user_id for member in people.unprofiled(session, services.community_id, STRANGERS)]
    for user in strangers:
        if (profile := profiles.fetch(client, user)) is not None:
            with services.database.begin() as session:
                community = session.get_one(Community, services.community_id)
                people.ensure_member(session, community, user, services.now(), profile)
    log.info("channel.members", channel=channel, members=len(users), strangers=len(strangers))


def passing(error: Exception) -> bool:
    """Whether Slack may well answer a little later what it did not answer now."""
    return not isinstance(error, SlackApiError) or error.response.get("error") in _PASSING


def acts_for_organizer(services: Services, user: str) -> bool:
    """Whether this person may do everything here."""
    with services.database.read() as session:
        member = people.find_member(session, services.community_id, user)
        return member is not None and "organizer" in people.roles(session, member)
