"""api.*, auth.*, apps.*, bots.*, team.*."""

from __future__ import annotations

from workspace import ids
from workspace.api.call import ApiError, Call, method
from workspace.kinds import Json
from workspace.messages import bot_profile


@method("api.test", tier=4, optional="error foo", caller="none")
def api_test(call: Call) -> Json:
    """Echo the arguments; `error` asks for that error."""
    if call.args.get("error"):
        raise ApiError(call.text("error"), args=call.args)
    return {"args": call.args} if call.args else {}


@method("auth.test", tier=5)
def auth_test(call: Call) -> Json:
    """Who the token belongs to."""
    return {
        "url": f"{call.ws.url}/",
        "team": call.ws.bot_name + " community",
        "user": call.ws.people.bot.name,
        "team_id": ids.TEAM,
        "user_id": ids.BOT_USER,
        "bot_id": ids.BOT,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", tier=3, caller="app")
def connections_open(call: Call) -> Json:
    """A ticket for one Socket Mode connection."""
    address = call.ws.url.replace("http://", "ws://", 1)
    return {"url": f"{address}/link/?ticket={call.ws.socket.ticket()}&app_id={ids.APP}"}


@method("bots.info", tier=3, scopes=("users:read",), optional="bot")
def bots_info(call: Call) -> Json:
    """The bot's card."""
    if not call.args.get("bot"):
        raise ApiError("bot_not_found")
    if call.text("bot") != ids.BOT:
        raise ApiError("bot_not_found")
    profile = bot_profile(call.ws.bot_name)
    profile.pop("team_id")
    return {"bot": profile | {"user_id": ids.BOT_USER}}


@method("team.info", tier=3, scopes=("team:read",), optional="domain team")
def team_info(call: Call) -> Json:
    """The workspace itself."""
    if call.text("team", ids.TEAM) != ids.TEAM:
        raise ApiError("team_not_found")
    icon = {f"image_{size}": f"https://a.slack-edge.com/team/{size}.png" for size in (34, 44, 68, 88, 102, 132)}
    team = {
        "id": ids.TEAM,
        "name": call.ws.bot_name + " community",
        "url": f"{call.ws.url}/",
        "domain": ids.DOMAIN,
        "email_domain": "praxis.example",
        "icon": icon | {"image_default": True},
    }
    return {"team": team}
