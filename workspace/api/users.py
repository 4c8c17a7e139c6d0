"""users.*: who is here."""

from __future__ import annotations

from workspace.api.call import ApiError, Call, method
from workspace.kinds import Json
from workspace.people import Person

_READ = ("users:read",)


def _shown(call: Call, person: Person) -> Json:
    email = "users:read.email" in call.ws.manifest.scopes
    return person.as_slack(locale=call.flag("include_locale"), email=email, now=call.ws.clock.now())


@method("users.info", tier=4, scopes=_READ, required="user", optional="include_locale")
def info(call: Call) -> Json:
    """One person."""
    return {"user": _shown(call, call.person())}


@method("users.list", tier=2, scopes=_READ, optional="cursor include_locale limit")
def list_(call: Call) -> Json:
    """Everybody, bots and those who left too."""
    page, metadata = call.page(list(call.ws.people.by_id.values()), 1000)
    return {
        "members": [_shown(call, person) for person in page],
        "cache_ts": int(call.ws.clock.now()),
        "response_metadata": metadata,
    }


@method("users.lookupByEmail", tier=3, scopes=("users:read.email",), required="email")
def lookup_by_email(call: Call) -> Json:
    """The person with an address."""
    person = call.ws.people.by_email(call.text("email"))
    if person is None or person.deleted:
        raise ApiError("users_not_found")
    return {"user": _shown(call, person)}
