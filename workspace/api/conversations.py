"""conversations.*: which there are, who is in them, opening and joining."""

from __future__ import annotations

from workspace import happenings, ids
from workspace.api.call import ApiError, Call, method
from workspace.conversations import Conversation
from workspace.kinds import Json

READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_TYPES = {"public_channel", "private_channel", "mpim", "im"}


def _shown(conversation: Conversation) -> Json:
    return conversation.as_slack(ids.BOT_USER in conversation.members)


def scoped(call: Call, conversation: Conversation, what: str) -> None:
    """Refuse a kind of conversation whose own scope is missing."""
    needed = f"{'im' if conversation.is_im else 'channels'}:{what}"
    if needed not in call.ws.manifest.scopes:
        raise ApiError("missing_scope", needed=needed, provided=",".join(sorted(call.ws.manifest.scopes)))


@method("conversations.info", tier=3, scopes=READ, required="channel", optional="include_locale include_num_members")
def info(call: Call) -> Json:
    """One conversation."""
    conversation = call.conversation()
    scoped(call, conversation, "read")
    shown = _shown(conversation)
    if not call.flag("include_num_members"):
        shown.pop("num_members", None)
    if call.flag("include_locale"):
        shown["locale"] = "en-US"
    return {"channel": shown}


@method("conversations.list", tier=2, scopes=READ, optional="cursor exclude_archived limit types")
def list_(call: Call) -> Json:
    """All conversations of the wanted types."""
    types = {kind.strip() for kind in call.text("types", "public_channel").split(",")}
    if types - _TYPES:
        raise ApiError("invalid_types")
    found: list[Conversation] = []
    if "public_channel" in types:
        found += call.ws.conversations.channels()
    if "im" in types:
        found += [one for one in call.ws.conversations.by_id.values() if one.is_im and one.is_open]
    for conversation in found[:1] + found[-1:]:
        scoped(call, conversation, "read")
    if call.flag("exclude_archived"):
        found = [one for one in found if not one.is_archived]
    page, metadata = call.page(found, 100)
    return {"channels": [_shown(conversation) for conversation in page], "response_metadata": metadata}


@method("conversations.members", tier=4, scopes=READ, required="channel", optional="cursor limit")
def members(call: Call) -> Json:
    """Who is in a conversation."""
    conversation = call.conversation()
    scoped(call, conversation, "read")
    page, metadata = call.page(list(conversation.members), 100)
    return {"members": page, "response_metadata": metadata}


@method("conversations.join", tier=3, scopes=("channels:join",), required="channel")
def join(call: Call) -> Json:
    """The bot joins a public channel."""
    conversation = call.conversation()
    if conversation.is_im:
        raise ApiError("method_not_supported_for_channel_type")
    if conversation.is_archived:
        raise ApiError("is_archived")
    fresh = happenings.join(call.ws, conversation, ids.BOT_USER)
    out: Json = {"channel": _shown(conversation)}
    if not fresh:
        out |= {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return out


@method(
    "conversations.open",
    tier=3,
    scopes=("im:write", "mpim:write", "channels:manage", "groups:write"),
    optional="channel return_im users prevent_creation",
)
def open_(call: Call) -> Json:
    """The direct messages with one person."""
    if call.args.get("channel"):
        conversation = call.conversation()
        if not conversation.is_im:
            raise ApiError("method_not_supported_for_channel_type")
    else:
        conversation = _with(call)
    already = conversation.is_open
    conversation.is_open = True
    call.ws.keeper.conversation(conversation)
    whole = call.flag("return_im")
    out: Json = {"channel": _shown(conversation) if whole else {"id": conversation.id}}
    return out | ({"no_op": True, "already_open": True} if already else {})


def _with(call: Call) -> Conversation:
    value = call.value("users")
    users = [user.strip() for user in (value if isinstance(value, list) else call.text("users").split(","))]
    users = [user for user in users if user]
    if not users:
        raise ApiError("users_list_not_supplied")
    people = [call.ws.people.by_id.get(user) for user in users]
    if None in people:
        raise ApiError("user_not_found")
    if len(people) > 1:  # group conversations are none of this workspace's
        raise ApiError("too_many_users" if len(people) > 8 else "invalid_user_combination")
    person = people[0]
    if person is None or not person.im:
        raise ApiError("cannot_dm_bot")
    if person.deleted:
        raise ApiError("user_disabled")
    return call.ws.conversations.by_id[person.im]
