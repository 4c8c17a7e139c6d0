"""User groups of the Slack workspace: which there are, and who is in them. It takes an optional scope to see them."""

from __future__ import annotations

from typing import Any

import structlog
from slack_bolt import BoltContext
from slack_sdk.errors import SlackApiError, SlackClientError

from community.errors import Invalid
from handlers.channels import acts_for_organizer, passing
from handlers.payloads import Body, place_of
from handlers.profiles import impatient

log = structlog.get_logger("praxis.user_groups")

MOST = 10


def named(context: BoltContext, body: Body, typed: str) -> list[tuple[str, str]]:
    """(id, name) of the user groups whose name or handle has this text; for organizers alone."""
    if not acts_for_organizer(context["services"], place_of(body).user or ""):
        return []
    try:
        found = impatient(context.client).usergroups_list()["usergroups"]
    except (SlackClientError, OSError) as error:
        _note(error)
        return []
    wanted = typed.strip().lower()
    shown = [(str(g["id"]), f"{g.get('name')} (@{g.get('handle')})") for g in found]
    return [(group, name) for group, name in shown if wanted in name.lower()]


def people(context: BoltContext, body: Body, groups: Any) -> list[str]:
    """Slack ids of those in these groups. Call it before the transaction.

    Raises Invalid when Slack does not tell, `slack_busy` where it may a little later.
    """
    wanted = [str(group) for group in groups][:MOST] if isinstance(groups, list) else []
    if not wanted or not acts_for_organizer(context["services"], place_of(body).user or ""):
        return []
    try:
        client = impatient(context.client)
        return [str(user) for group in wanted for user in client.usergroups_users_list(usergroup=group)["users"]]
    except (SlackClientError, OSError) as error:
        _note(error)
        raise Invalid("slack_busy" if passing(error) else "groups_unread", field="groups") from error


def _note(error: Exception) -> None:
    code = error.response.get("error") if isinstance(error, SlackApiError) else type(error).__name__
    log.warning("user_groups.unread", error=code)
