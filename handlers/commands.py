"""The slash command: one word, several sub-commands, in English and in French."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

from rapidfuzz import fuzz, process
from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers import (
    announcements,
    certificates,
    check_in,
    cohorts,
    competencies,
    courses,
    entries,
    events,
    expertise,
    question_figures,
    questions,
    reminders,
    reports,
    review,
    surveys,
)
from handlers import help as helping
from handlers.work import acked, work
from views import help as view

Command = Callable[[Ack, dict[str, Any], BoltContext, WebClient, str], None]

NAME = "/praxis"
COMMANDS: dict[str, Command] = {
    "ask": questions.command,
    "events": events.command,
    "checkin": check_in.command,
    "cohorts": cohorts.command,
    "announce": announcements.command,
    "courses": courses.command,
    "competencies": competencies.command,
    "entries": entries.command,
    "experts": expertise.command,
    "survey": surveys.command,
    "figures": question_figures.command,
    "report": reports.command,
    "certificate": certificates.command,
    "review": review.command,
    "help": helping.command,
    "reminders": reminders.command,
}
# Other words for the same: French ones, plurals, what people type first. Without accents.
WORDS = {
    "aide": "help",
    "annonce": "announce",
    "annoncer": "announce",
    "annonces": "announce",
    "announcement": "announce",
    "activite": "events",
    "activites": "events",
    "demande": "ask",
    "demander": "ask",
    "event": "events",
    "expert": "experts",
    "expertes": "experts",
    "expertise": "experts",
    "expertises": "experts",
    "entry": "entries",
    "fiche": "entries",
    "fiches": "entries",
    "formation": "courses",
    "formations": "courses",
    "catalogue": "courses",
    "check-in": "checkin",
    "cohort": "cohorts",
    "cohorte": "cohorts",
    "cohortes": "cohorts",
    "competence": "competencies",
    "competences": "competencies",
    "competency": "competencies",
    "cours": "courses",
    "course": "courses",
    "presence": "checkin",
    "presences": "checkin",
    "question": "ask",
    "attestation": "certificate",
    "attestations": "certificate",
    "certificates": "certificate",
    "certificat": "certificate",
    "rapport": "report",
    "rappel": "reminders",
    "rappels": "reminders",
    "reminder": "reminders",
    "sondage": "survey",
    "sondages": "survey",
    "surveys": "survey",
    "reviews": "review",
    "chiffre": "figures",
    "chiffres": "figures",
    "figure": "figures",
    "revision": "review",
    "revisions": "review",
    "rapports": "report",
    "reports": "report",
}
NEAR = 70  # of 100: one slip in a short word, two in a long one


def register(app: App) -> None:
    """Take the slash command."""
    app.command(NAME)(dispatch)


def dispatch(ack: Ack, body: dict[str, Any], context: BoltContext, client: WebClient) -> None:
    """Hand the rest of the line to the sub-command; with no word, or one that is not known, help."""
    word, _, rest = str(body.get("text") or "").strip().partition(" ")
    name = named(word)
    if name in COMMANDS:
        COMMANDS[name](ack, body, context, client, rest.strip())
        if not acked(context):
            ack()
        return
    with work(context, body) as w:
        question = f"{word} {rest}".strip() if rest else ""
        w.whisper(view.unknown(word, nearest(word), w.locale, w.roles, question))


def named(word: str) -> str:
    """The sub-command that a word names, whatever its case and accents; the word itself when it names none."""
    bare = _bare(word)
    return WORDS.get(bare, bare) or "help"


def _bare(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(c))


def nearest(word: str) -> str | None:
    """The sub-command that was probably meant, if any."""
    known = [*COMMANDS, *(word for word, name in WORDS.items() if name in COMMANDS)]
    found = process.extractOne(_bare(word), known, scorer=fuzz.ratio, score_cutoff=NEAR)
    return named(found[0]) if found else None
