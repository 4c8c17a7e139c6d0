"""A community's morning in the local workspace, acted by people: something to see, for pictures and demonstrations."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx

T = TypeVar("T")
ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 90.0


QUESTIONS = (
    ("ben", "What is the objective of the certificate program?"),
    ("sam", "Who is the certificate for?"),
    ("amelie", "Quel est l’objectif du programme de certificat?"),
)


# People who come besides the personas: name, real name, language.
NEWCOMERS = (
    ("lucie", "Lucie Tremblay", "fr-CA"),
    ("noor", "Noor Haddad", "en-US"),
    ("leo", "Léo Pelletier", "fr-CA"),
    ("imani", "Imani Okafor", "en-US"),
    ("theo", "Théo Bouchard", "fr-CA"),
)
COURSE_QUESTIONS = (
    ("noor", "Which courses develop records management?"),
    ("leo", "Quels cours développent la gestion des documents?"),
)
IN_VAIN = (
    ("ben", "Is there a parking place for bicycles at the sessions?"),
    ("sam", "is there a parking place for bicycles"),
    ("noor", "Is there a bicycle parking place at the sessions?"),
    ("amelie", "Où peut-on laisser son vélo pendant la rencontre?"),
    ("leo", "Où laisser mon vélo pendant la rencontre?"),
    ("ben", "Can my dog come along?"),
)
FOR_AN_EXPERT = (
    ("sam", "imani", "Does our old fax log count for records management, or may it go?"),
    ("amelie", "theo", "Notre vieux registre de télécopies relève-t-il de la gestion des documents?"),
)


class People:
    """People who act in the workspace, so that there is something to see."""

    def __init__(self, url: str, environment: Mapping[str, str] | None = None) -> None:
        self.environment = environment  # of the bot, where it is ours
        self.begins = self.ends = datetime.now(UTC)  # of the event, once it is known
        self.http = httpx.Client(base_url=url, timeout=20, trust_env=False)

    def act(self, who: str, what: str, **body: object) -> dict[str, Any]:
        """One deed over the workspace's own interface; raises when it is refused."""
        answer = self.http.post(f"/people/{who}/{what}", json=body)
        return dict(answer.raise_for_status().json())

    def see(self, who: str, what: str) -> dict[str, Any]:
        """What somebody sees."""
        return dict(self.http.get(f"/people/{who}/{what}").raise_for_status().json())

    def modal(self, who: str, callback_id: str) -> dict[str, Any]:
        """The modal that somebody has on top, once it is that one."""

        def look() -> dict[str, Any] | None:
            view = self.see(who, "view")["view"]
            return view if view and view["callback_id"] == callback_id else None

        return wait(look, f"{callback_id} for {who}", 20)

    def message(self, who: str, channel: str, action: str, seconds: float = 20.0) -> dict[str, Any]:
        """The newest message in a conversation that offers an action; waits for it."""

        def look() -> dict[str, Any] | None:
            messages = self.see(who, f"conversations/{channel}")["messages"]
            return next((one for one in reversed(messages) if f'"{action}' in json.dumps(one)), None)

        return wait(look, f"{action} in {channel}", seconds)


def wait(look: Callable[[], T | None], what: str, seconds: float) -> T:
    """What `look` finds, as soon as it finds it."""
    deadline = time.monotonic() + seconds
    while (found := look()) is None:
        if time.monotonic() > deadline:
            sys.exit(f"{what} did not come within {seconds:.0f} seconds.")
        time.sleep(0.1)
    return found


def answers_come(people: People) -> None:
    """Waits until the bot has read its entries: somebody who is gone again afterwards asks it."""
    visitor = {"name": "visitor", "real_name": "A Visitor", "locale": "en-US", "tz": "America/Toronto"}
    people.http.post("/people", json=visitor).raise_for_status()
    people.act("visitor", "say", channel="@praxis", text="What is a learning event?")
    people.message("visitor", "@praxis", "answer.", START_SECONDS)
    people.act("visitor", "profile", deleted=True)


def an_event(people: People) -> None:
    """The organizer plans a learning event for the next Thursday; three people reply."""
    people.act("olivia", "home")
    people.act("olivia", "click", home=True, action_id="event.create")
    wait(lambda: people.see("olivia", "view")["view"], "the event's form", 10)
    now = datetime.fromisoformat(people.http.get("/clock").json()["now"])
    day = (now + timedelta(days=(3 - now.weekday()) % 7 or 7)).date().isoformat()
    values = {
        "title_en": "Managing information in hybrid teams",
        "title_fr": "Gérer l’information dans les équipes hybrides",
        "description_en": "Three departments show what worked for them, and what did not.",
        "description_fr": "Trois ministères montrent ce qui a fonctionné, et ce qui n’a pas fonctionné.",
        "day": day,
        "at": "13:30",
        "minutes": "60",
        "place": "Teams",
        "link": "https://example.org/meet",
        "capacity": "12",
        "channel": "C0IMCOMMU1",
    }
    outcome = people.act("olivia", "submit", values=values)
    if outcome["outcome"] == "errors":
        sys.exit(f"The event was refused: {outcome['errors']}")
    card = people.message("olivia", "im-community", "rsvp.going")
    for who, reply in (
        ("amelie", "rsvp.going"),
        ("ben", "rsvp.going"),
        ("francois", "rsvp.going"),
        ("sam", "rsvp.not_going"),
    ):
        people.act(who, "click", channel="im-community", ts=card["ts"], action_id=reply)


def newcomers(people: People) -> None:
    """More people join; one becomes an organizer, two offer what they know."""
    for name, real_name, locale in NEWCOMERS:
        newcomer = {"name": name, "real_name": real_name, "locale": locale, "tz": "America/Toronto"}
        people.http.post("/people", json=newcomer).raise_for_status()
    ids = {one["name"]: one["id"] for one in people.http.get("/people").json()["people"]}
    people.act("olivia", "home")
    people.act("olivia", "click", home=True, action_id="people.open")
    people.modal("olivia", "people.grant")
    people.act("olivia", "submit", values={"member": ids["lucie"], "role": "organizer"})
    people.act("olivia", "close", all=True)
    for _, expert, _ in FOR_AN_EXPERT:
        people.act(expert, "command", channel="general", command="/praxis", text="experts")
        people.modal(expert, "expertise.offer")
        found = people.act(expert, "suggest", action_id="expertise.competency", block_id="competency", value="")
        codes = [option["value"] for option in found["options"]]
        wanted = next((code for code in codes if code.startswith("RM")), codes[0])
        people.act(expert, "submit", values={"competency": wanted, "words": "Retention and disposition"})
        people.act(expert, "close", all=True)


def questions(people: People) -> None:
    """Questions that the records answer, questions that nothing answers, and some for an expert."""
    for who, question in IN_VAIN:
        ask(people, who, question)
    for who, _, question in FOR_AN_EXPERT:
        card = ask(people, who, question)
        if "question.pass_on" not in json.dumps(card):
            people.act(who, "click", channel="@praxis", ts=card["ts"], action_id="answer.not_helpful")
        card = people.message(who, "@praxis", "question.pass_on")
        people.act(who, "click", channel="@praxis", ts=card["ts"], action_id="question.pass_on")
    for _, expert, _ in FOR_AN_EXPERT:
        people.message(expert, "@praxis", "request.claim", 30)
    for who, question in (*COURSE_QUESTIONS, *QUESTIONS):
        ask(people, who, question)
    for who, command in (("olivia", "figures"), ("lucie", "chiffres")):
        people.act(who, "command", channel="general", command="/praxis", text=command)


def ask(people: People, who: str, question: str) -> dict[str, Any]:
    """Somebody asks; the card they get."""
    before = len(people.see(who, "conversations/@praxis")["messages"])
    people.act(who, "say", channel="@praxis", text=question)

    def look() -> dict[str, Any] | None:
        said = people.see(who, "conversations/@praxis")["messages"][before:]
        # Somebody who offered what they know gets questions of others meanwhile.
        return next((one for one in said if re.search(r'"(answer|question)\.', json.dumps(one))), None)

    return wait(look, f"an answer to {question!r}", 20)


def a_morning(people: People) -> None:
    """Talk, questions in both languages, a mention, a reaction, an event: a community's morning."""
    answers_come(people)
    said = people.act("sam", "say", channel="im-community", text="Good morning! Who takes notes at Thursday’s session?")
    people.act("ben", "say", channel="im-community", text="I can, if we stay within the hour.", thread_ts=said["ts"])
    people.act("olivia", "say", channel="im-community", text="Thank you @ben!", thread_ts=said["ts"])
    for who in ("olivia", "amelie"):
        people.act(who, "react", channel="im-community", ts=said["ts"], name="raised_hands")
    people.act("francois", "say", channel="im-community", text="Bonjour! Les documents sont dans #general.")
    newcomers(people)
    questions(people)
    people.act("amelie", "say", channel="im-community", text="@praxis À qui s’adresse le certificat en GI?")
    an_event(people)
