"""usergroups.*: the one user group there is, of those who practise."""

from __future__ import annotations

from workspace import ids
from workspace.api.call import ApiError, Call, method
from workspace.kinds import Json

_READ = ("usergroups:read",)
PRACTITIONERS = "S0PRACTICE"


def _users(call: Call) -> list[str]:
    return [person.id for person in call.ws.people.humans() if person.role == "practitioner" and not person.deleted]


@method("usergroups.list", tier=2, scopes=_READ, optional="include_count include_disabled include_users team_id")
def list_(call: Call) -> Json:
    """Every user group."""
    users = _users(call)
    group: Json = {
        "id": PRACTITIONERS,
        "team_id": ids.TEAM,
        "is_usergroup": True,
        "is_subteam": True,
        "name": "Practitioners",
        "description": "Those who practise",
        "handle": "practitioners",
        "is_external": False,
        "date_create": 0,
        "date_update": 0,
        "date_delete": 0,
        "auto_type": None,
        "created_by": ids.BOT_USER,
        "updated_by": ids.BOT_USER,
        "deleted_by": None,
        "prefs": {"channels": [], "groups": []},
    }
    if call.flag("include_users"):
        group["users"] = users
    if call.flag("include_count"):
        group["user_count"] = len(users)
    return {"usergroups": [group]}


@method("usergroups.users.list", tier=2, scopes=_READ, required="usergroup", optional="include_disabled team_id")
def users_list(call: Call) -> Json:
    """Who is in one."""
    if call.text("usergroup") != PRACTITIONERS:
        raise ApiError("no_such_subteam")
    return {"users": _users(call)}
