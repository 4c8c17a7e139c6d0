"""What scenario tests share: people who act in the local workspace, and waiting for what comes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import httpx

T = TypeVar("T")
WAIT_S = 60.0  # a crowded machine is slow: who waits for what comes loses nothing by patience


def eventually(look: Callable[[], T | None], *, within: float = WAIT_S, what: str = "") -> T:
    """The first truthy result of `look`; fails after `within` seconds, saying what was last seen."""
    deadline = time.monotonic() + within
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"{what or 'it'} did not come within {within} s; last seen: {seen!r}")
        time.sleep(0.02)


def texts(message: dict[str, Any]) -> str:
    """Every word a message, view or block shows, in one string."""

    def walk(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            for key, value in node.items():
                if key in ("text", "fallback", "alt_text") and isinstance(value, str):
                    yield value
                else:
                    yield from walk(value)
        elif isinstance(node, list):
            for item in node:
                yield from walk(item)

    return "\n".join(walk(message))


def action_ids(node: Any) -> list[tuple[str, str]]:
    """(action_id, value) of every button and input in a message or view, in order."""
    if isinstance(node, dict):
        own = [(node["action_id"], str(node.get("value", "")))] if "action_id" in node else []
        return own + [found for value in node.values() for found in action_ids(value)]
    if isinstance(node, list):
        return [found for item in node for found in action_ids(item)]
    return []


class Workspace:
    """The local workspace as tests drive it."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=60, trust_env=False)

    def get(self, path: str, **params: Any) -> Any:
        return self._answer(self.http.get(path, params=params))

    def post(self, path: str, **body: Any) -> Any:
        return self._answer(self.http.post(path, json=body))

    def delete(self, path: str) -> Any:
        return self._answer(self.http.delete(path))

    def advance(self, **body: Any) -> Any:
        return self.post("/clock", **body)

    def calls(self, method: str | None = None) -> list[dict[str, Any]]:
        calls: list[dict[str, Any]] = self.get("/calls")["calls"]
        return [call for call in calls if method in (None, call["method"])]

    @staticmethod
    def _answer(response: httpx.Response) -> Any:
        assert response.status_code < 400, f"{response.request.url}: {response.status_code} {response.text[:500]}"
        return response.json()


class Person:
    """Somebody at the page: says, clicks, fills in, reads."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        self.workspace, self.name = workspace, name
        people = workspace.get("/people")["people"]
        self.id: str = next(p["id"] for p in people if name in (p["name"], p["id"]))

    def do(self, what: str, **body: Any) -> Any:
        return self.workspace.post(f"/people/{self.name}/{what}", **body)

    def say(self, text: str, channel: str = "@praxis", **more: Any) -> Any:
        return self.do("say", channel=channel, text=text, **more)

    def command(self, text: str, channel: str = "general", command: str = "/praxis") -> Any:
        return self.do("command", channel=channel, command=command, text=text)

    def messages(self, channel: str = "@praxis", thread_ts: str | None = None) -> list[dict[str, Any]]:
        params = {"thread_ts": thread_ts} if thread_ts else {}
        found = self.workspace.get(f"/people/{self.name}/conversations/{channel}", **params)
        messages: list[dict[str, Any]] = found["messages"]
        return messages

    def sees(self, words: str, channel: str = "@praxis", thread_ts: str | None = None, within: float = WAIT_S) -> Any:
        """The newest message with these words, waited for."""

        def look() -> Any:
            return next((m for m in reversed(self.messages(channel, thread_ts)) if words in texts(m)), None)

        try:
            return eventually(look, within=within)
        except AssertionError:
            shown = "\n---\n".join(texts(m) for m in self.messages(channel, thread_ts)[-5:])
            raise AssertionError(f"{self.name} sees no {words!r} in {channel}; the last messages:\n{shown}") from None

    def click(self, where: dict[str, Any] | str, action_id: str, value: Any = None, channel: str = "@praxis") -> Any:
        """Press a button: of a message, of a view (by its id), or of the Home (`"home"`)."""
        body: dict[str, Any] = {"action_id": action_id}
        if where == "home":
            body["home"] = True
        elif isinstance(where, str):
            body["view_id"] = where
        else:
            body |= {"channel": where.get("channel", channel), "ts": where["ts"]}
        if value is not None:
            body["value"] = value
        return self.do("click", **body)

    def home(self) -> dict[str, Any]:
        view: dict[str, Any] = self.do("home")["view"]
        return view

    def view(self) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self.workspace.get(f"/people/{self.name}/view")["view"]
        return found

    def sees_view(self, words: str) -> dict[str, Any]:
        """The modal on top, once it shows these words."""

        def look() -> dict[str, Any] | None:
            view = self.view()
            return view if view and words in json.dumps(view, ensure_ascii=False) else None

        return eventually(look, what=f"a view with {words!r} for {self.name}")

    def submit(self, **values: Any) -> Any:
        return self.do("submit", values=values)
