"""The local workspace as fault tests drive it: people to write to, faults, and what they see in the end."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

_numbers = itertools.count(1)


class Slack:
    """A running local workspace, without rate limits of its own."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "workspace", "--port", "0", "--no-limits"], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        if not said:
            raise RuntimeError(f"The local workspace ended with status {self._process.wait(10)}")
        line = json.loads(said)
        self.api_url: str = line["api_url"]
        self.token: str = line["bot_token"]
        self.app_token: str = line["app_token"]
        self._http = httpx.Client(base_url=line["url"], timeout=30, trust_env=False)

    def stop(self) -> None:
        self._http.close()
        self._process.terminate()
        self._process.communicate(timeout=60)

    def people(self, count: int) -> list[str]:
        """The ids of so many new people."""
        names = [f"p{next(_numbers)}" for _ in range(count)]
        return [self._post("/people", name=name, real_name=name)["id"] for name in names]

    def conversations(self, people: list[str]) -> list[str]:
        """The ids of their conversations with the bot, opened if need be."""
        with httpx.Client(
            base_url=self.api_url, headers={"Authorization": f"Bearer {self.token}"}, trust_env=False
        ) as bot:
            opened = (bot.post("conversations.open", json={"users": person}).json() for person in people)
            return [str(answer["channel"]["id"]) for answer in opened]

    def limit(self, *, on: bool) -> None:
        """Have the workspace's rate limits count from now on, or no longer."""
        self._post("/delivery", limits=on)

    def connections(self) -> int:
        """How many Socket Mode connections bots hold."""
        return int(self._get("/delivery")["connections"])

    def person(self, name: str) -> str:
        """The id of a persona."""
        return next(str(found["id"]) for found in self._get("/people")["people"] if found["name"] == name)

    def channel(self, name: str = "general") -> str:
        """The id of a channel that the bot is in."""
        return next(
            str(found["id"])
            for found in self._get("/people/amelie/conversations")["conversations"]
            if found["kind"] == "channel" and found["name"] == name
        )

    def fault(self, kind: str, method: str = "*", *, times: int | None = None, **options: Any) -> None:
        """Have calls go wrong, until `clear` or `times` times."""
        self._post("/faults", kind=kind, method=method, times=times, **options)

    def clear(self) -> None:
        """No faults any more."""
        self._http.delete("/faults").raise_for_status()

    def read(self, person: str, conversation: str = "@praxis") -> list[dict[str, Any]]:
        """The messages a person sees there, oldest first."""
        found: list[dict[str, Any]] = self._get(f"/people/{person}/conversations/{conversation}")["messages"]
        return found

    def texts(self, person: str, conversation: str = "@praxis") -> list[str]:
        """What those messages say."""
        return [str(message["text"]) for message in self.read(person, conversation)]

    def seen(self, people: list[str]) -> Counter[str]:
        """How often each text is there, over the direct messages of all these people."""
        return Counter(text for person in people for text in self.texts(person))

    def home(self, person: str) -> dict[str, Any]:
        """A person's App Home."""
        view: dict[str, Any] = self._get(f"/people/{person}/home")
        return view

    def calls(self, method: str) -> list[dict[str, Any]]:
        """Every call of a method received since `forget_calls`, oldest first."""
        return [found for found in self._get("/calls")["calls"] if found["method"] == method]

    def forget_calls(self) -> None:
        self._http.delete("/calls").raise_for_status()

    def _get(self, path: str) -> Any:
        answer = self._http.get(path)
        answer.raise_for_status()
        return answer.json()

    def _post(self, path: str, **body: Any) -> Any:
        answer = self._http.post(path, json=body)
        assert answer.status_code < 400, answer.text
        return answer.json()


@contextmanager
def running() -> Iterator[Slack]:
    """A workspace for as long as the block lasts."""
    slack = Slack()
    try:
        yield slack
    finally:
        slack.stop()
