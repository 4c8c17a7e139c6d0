"""views.*: modals and Home tabs."""

from __future__ import annotations

from workspace.api import pictures
from workspace.api.call import ApiError, Call, method
from workspace.blocks.surfaces import too_large, view_problems
from workspace.kinds import Json
from workspace.state import Workspace
from workspace.triggers import Trigger, TriggerError
from workspace.views import DEEPEST, View

_TRIGGER = "trigger_id interactivity_pointer"


def checked(ws: Workspace, source: object, *kinds: str, instead_of: View | None = None) -> Json:
    """A view that Slack would take; ApiError for one that it refuses."""
    if not isinstance(source, dict):
        raise ApiError("invalid_arguments", ["[ERROR] must be an object [json-pointer:/view]"])
    if too_large(source):
        raise ApiError("view_too_large")
    problems = view_problems(source, kinds=kinds) or pictures.resolve(ws, source["blocks"], "/view/blocks")
    if problems:
        raise ApiError("invalid_arguments", problems)
    same = ws.views.external(str(source.get("external_id") or ""))
    if same is not None and same is not instead_of:
        raise ApiError("duplicate_external_id")
    return source


def _trigger(call: Call) -> Trigger:
    wanted = call.text("trigger_id") or call.text("interactivity_pointer")
    if not wanted:
        raise ApiError("invalid_arguments", ["[ERROR] missing required field: trigger_id"])
    try:
        return call.ws.triggers.take(wanted)
    except TriggerError as error:
        raise ApiError(str(error)) from None


@method("views.open", tier=4, required="view", optional=_TRIGGER)
def open_(call: Call) -> Json:
    """Open a modal for whoever gave the trigger."""
    source = checked(call.ws, call.value("view"), "modal")
    trigger = _trigger(call)
    view = call.ws.views.open(trigger.user, source)
    call.ws.show_view(trigger.user)
    return {"view": view.as_slack()}


@method("views.push", tier=4, required="view", optional=_TRIGGER)
def push(call: Call) -> Json:
    """Put a modal on top of the one the trigger came from."""
    source = checked(call.ws, call.value("view"), "modal")
    trigger = _trigger(call)
    stack = call.ws.views.stacks.get(trigger.user) or []
    if trigger.view is None or not any(view.id == trigger.view for view in stack):
        raise ApiError("not_found")
    if len(stack) >= DEEPEST:
        raise ApiError("push_limit_reached")
    view = call.ws.views.push(trigger.user, source)
    call.ws.show_view(trigger.user)
    return {"view": view.as_slack()}


@method("views.update", tier=4, required="view", optional="view_id external_id hash")
def update(call: Call) -> Json:
    """New contents for a view that is still open."""
    if not (call.args.get("view_id") or call.args.get("external_id")):
        raise ApiError("invalid_arguments", ["[ERROR] missing required field: view_id"])
    by_id = call.ws.views.by_id.get(call.text("view_id"))
    view = by_id or call.ws.views.external(call.text("external_id"))
    kinds = (view.source["type"],) if view else ("modal", "home")
    source = checked(call.ws, call.value("view"), *kinds, instead_of=view)
    if view is None:
        raise ApiError("not_found")
    if call.args.get("hash") and call.text("hash") != view.hash:
        raise ApiError("hash_conflict", view=view.as_slack())
    call.ws.views.replace(view, source)
    call.ws.show_view(view.user, "home" if view.source["type"] == "home" else "view")
    return {"view": view.as_slack()}


@method("views.publish", tier=4, required="user_id view", optional="hash interactivity_pointer")
def publish(call: Call) -> Json:
    """A person's Home."""
    person = call.person("user_id")
    home = call.ws.views.homes.get(person.id)
    source = checked(call.ws, call.value("view"), "home", instead_of=home)
    if home is not None and call.args.get("hash") and call.text("hash") != home.hash:
        raise ApiError("hash_conflict", view=home.as_slack())
    view = call.ws.views.publish(person.id, source)
    call.ws.show_view(person.id, "home")
    call.ws.home_published(person.id)
    return {"view": view.as_slack()}
