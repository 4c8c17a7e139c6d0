"""The day of the morning's event, acted by people: doors open, check-in, the roster, the survey."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from bench.morning import ROOT, People, wait

CARD = "im-community"
READERS = (("olivia", "report"), ("lucie", "rapport"))
FROM_HOME = ("noor", "theo")  # by the card's button; the others are in the room and read the code
IN_THE_ROOM = ("amelie", "ben", "lucie")
ANSWERS = (
    ("amelie", "5", "2", "Gardez du temps pour les échanges en petits groupes."),
    ("ben", "4", "2", "More examples from other departments, please."),
    ("noor", "5", "3", "More time for discussion."),
    ("theo", "4", "2", "Plus d’exemples."),
    ("lucie", "5", "2", "Les exemples des ministères étaient excellents."),
    ("leo", "2", "3", "Le rythme était trop rapide."),
)

SHARE = r"83[.,]3"  # five of those six agree


def a_year(people: People) -> None:
    """The report on the sample year, which is there for that alone."""
    _sample(people, "load")
    for who, wanted in READERS:
        people.act(who, "command", channel="general", command="/praxis", text=wanted)


def doors_open(people: People) -> None:
    """More people reply; at the start they are asked to check in, and the code is shown."""
    _sample(people, "remove")
    card = people.message("olivia", CARD, "rsvp.going")
    for who in ("noor", "leo", "theo", "lucie", "imani"):
        people.act(who, "click", channel=CARD, ts=card["ts"], action_id="rsvp.going")
    start = datetime.fromtimestamp(_start(card), tz=None).astimezone()
    people.begins, people.ends = start, start + timedelta(hours=1)
    _go_to(people, start)
    people.message("ben", "@praxis", "checkin.", 30)
    for who in ("olivia", "francois"):
        people.act(who, "click", channel=CARD, ts=card["ts"], action_id="event.open")
        details = people.modal(who, "event.details")
        people.act(who, "click", view_id=details["id"], action_id="event.code")
        people.modal(who, "event.code")
        people.act(who, "close", all=True)
        _code(people, who)


def under_way(people: People) -> None:
    """Some are there in time, one comes late, somebody does not come."""
    card = people.message("olivia", CARD, "event.open")
    code = _next_code(people, people.begins + timedelta(minutes=2))
    for who in FROM_HOME:
        people.act(who, "click", channel=CARD, ts=card["ts"], action_id="checkin.button")
    for who in IN_THE_ROOM:
        people.act(who, "command", channel="general", command="/praxis", text=f"checkin {code}")
    _next_code(people, people.begins + timedelta(minutes=25))  # once it is shown, the bot lives by the new time too
    people.act("leo", "click", channel=CARD, ts=card["ts"], action_id="checkin.button")
    count = len(FROM_HOME) + len(IN_THE_ROOM) + 1
    wait(
        lambda: f"{count} people have checked in" in json.dumps(_seen(people, "olivia", CARD)) or None, "check-ins", 30
    )


def over(people: People) -> None:
    """The event is over: who runs it gets the roster, to be put right."""
    _go_to(people, people.ends + timedelta(minutes=1))
    for who in ("olivia", "francois"):
        people.message(who, "@praxis", "roster.was_there", 30)


def asked(people: People) -> None:
    """An hour later whoever was there is asked."""
    _go_to(people, people.ends + timedelta(hours=1, minutes=1))
    for who, *_ in ANSWERS:
        people.message(who, "@praxis", "survey.answer", 30)


def answered(people: People) -> None:
    """Everybody answers; once the survey is closed, organizers see its results in the report."""
    for who, *words in ANSWERS:
        card = people.message(who, "@praxis", "survey.answer")
        people.act(who, "click", channel="@praxis", ts=card["ts"], action_id="survey.answer")
        form = people.modal(who, "survey.answer")
        questions = [block["block_id"] for block in form["blocks"] if block["type"] == "input"]
        people.act(who, "submit", values=dict(zip(questions, words, strict=True)))
        people.act(who, "close", all=True)
    _go_to(people, people.ends + timedelta(days=8))
    for reader, wanted in READERS:

        def settled(who: str = reader, command: str = wanted) -> dict[str, Any] | None:
            shown = people.act(who, "command", channel="general", command="/praxis", text=command)["response"]
            return shown if re.search(SHARE, json.dumps(shown.get("blocks"))) else None

        wait(settled, "the survey's end", 60)


def _sample(people: People, what: str) -> None:
    if people.environment is not None:
        command = [sys.executable, str(ROOT / "bot.py"), "sample", what]
        subprocess.run(command, cwd=ROOT, env=dict(people.environment), check=True, capture_output=True)  # noqa: S603 - our own program


def _seen(people: People, who: str, channel: str) -> list[dict[str, Any]]:
    return list(people.see(who, f"conversations/{channel}")["messages"])


def _start(card: Mapping[str, Any]) -> int:
    """When the event begins, as its card says it to Slack: `<!date^1795...`."""
    found = re.search(r"<!date\^(\d+)\^", json.dumps(card))
    if found is None:
        sys.exit("The event's card names no time.")
    return int(found[1])


def _code(people: People, who: str) -> str:
    """The six digits that somebody's card shows."""

    def look() -> str | None:
        return next(_digits(reversed(_seen(people, who, "@praxis"))), None)

    return wait(look, f"the code for {who}", 30)


def _next_code(people: People, moment: datetime) -> str:
    """What the organizer's card shows from that moment on."""
    shown = _code(people, "olivia")
    _go_to(people, moment)
    return wait(lambda: new if (new := _code(people, "olivia")) != shown else None, "the next code", 30)


def _digits(messages: Iterator[dict[str, Any]]) -> Iterator[str]:
    for message in messages:
        for block in message.get("blocks", ()):
            found = re.fullmatch(r"(\d{3}) (\d{3})", str(block.get("text", {}).get("text", "")))
            if block["type"] == "header" and found:
                yield found[1] + found[2]


def _go_to(people: People, moment: datetime) -> None:
    people.http.post("/clock", json={"to": moment.isoformat()}).raise_for_status()
