"""What Praxis can do for this person, said in their language; organizers see their part too."""

from __future__ import annotations

from collections.abc import Collection

from community.records import Role
from views.i18n import Translator, mark, translator
from views.text import Block, actions, button, clip, context_line, divider, escape, header, message, section

QUESTION_LIMIT = 2000
# The sub-commands as each language says them; both understand both.
WORDS = {
    "en": {
        "ask": "ask",
        "events": "events",
        "courses": "courses",
        "competencies": "competencies",
        "experts": "experts",
        "review": "review",
        "entries": "entries",
        "figures": "figures",
        "checkin": "checkin",
        "cohorts": "cohorts",
        "reminders": "reminders",
        "announce": "announce",
        "survey": "survey",
        "report": "report",
        "certificate": "certificate",
        "help": "help",
    },
    "fr": {
        "ask": "demander",
        "events": "activités",
        "courses": "cours",
        "competencies": "compétences",
        "experts": "expertise",
        "review": "révision",
        "entries": "fiches",
        "figures": "chiffres",
        "checkin": "présence",
        "cohorts": "cohortes",
        "reminders": "rappels",
        "announce": "annonce",
        "survey": "sondage",
        "report": "rapport",
        "certificate": "attestation",
        "help": "aide",
    },
}


def overview(locale: str, roles: Collection[Role]) -> Block:
    """Everything this person can do, and how."""
    t = translator(locale)
    blocks = [header(t("What I can do for you")), *(section(line) for line in everybody(t))]
    if Role.organizer in roles:
        blocks += [divider(), section(t("*For organizers*")), *(section(line) for line in organizers(t))]
    else:
        if Role.facilitator in roles:
            blocks += [divider(), section(f"{t('*For facilitators*')}\n{t(ROSTER)}")]
        if Role.expert in roles:
            blocks += [divider(), section(f"{t('*For experts*')}\n{t(DRAFTS)}")]
    if Role.expert in roles:
        blocks.append(section(t(PASSED_ON)))
    blocks.append(context_line(t("My Home tab shows your next events, your language and which messages you get.")))
    return message(t("What I can do for you: answer questions, show events, check you in. Details are inside."), blocks)


def unknown(word: str, nearest: str | None, locale: str, roles: Collection[Role], question: str = "") -> Block:
    """A sub-command that is none: says so, names the nearest, offers to take it as a question, and shows help.

    `nearest` is a key of `WORDS`.
    """
    t = translator(locale)
    wanted = escape(clip(word, 60))
    lead = t("I do not know `/praxis {word}`.", word=wanted.replace("`", "'"))
    if nearest:
        lead += " " + t("Did you mean `/praxis {nearest}`?", nearest=WORDS[t.locale][nearest])
    blocks = [section(lead)]
    if question:
        blocks.append(actions(button(t("Ask this as a question"), "question.ask", question[:QUESTION_LIMIT])))
    helping = overview(locale, roles)
    return message(lead, [*blocks, divider(), *helping["blocks"]])


def everybody(t: Translator) -> list[str]:
    """What every member can do."""
    return [
        t(
            "*Ask a question.* Write to me in a direct message, mention me in a channel, type `/praxis ask` and your "
            "question, or choose “Ask Praxis · Demander” in a message's menu."
        ),
        t("*Events.* `/praxis events` shows what is next; say there whether you are going."),
        t(
            "*Courses and competencies.* Ask in your own words, for example which courses develop records management "
            "in French. `/praxis courses` and `/praxis competencies` show what there is."
        ),
        t(
            "*People who know.* Ask who knows about a competency. `/praxis experts` shows what you offer to be asked "
            "about yourself."
        ),
        t("*Check in.* Press “Check in” when an event starts, or type `/praxis checkin` and the code you are shown."),
        t("*Certificates.* `/praxis certificate` shows what you attended and makes your certificate of attendance."),
        t("*Help.* `/praxis help` shows this."),
    ]


def organizers(t: Translator) -> list[str]:
    """What organizers can do."""
    return [
        t("*Create an event* from my Home tab, with “Create an event”."),
        t("*Reminders.* `/praxis reminders` shows what goes out, what went and what was missed, and the rules of it."),
        t("*Cohorts.* `/praxis cohorts` shows them; an event's details let you invite them, channels or people."),
        t("*Write an announcement* with `/praxis announce` or from my Home tab; you see it before it is sent."),
        t(ROSTER),
        t("*Figures on questions* with `/praxis figures`: what was asked and answered, as a chart and a table."),
        t("*Review questions without an answer* with `/praxis review` or from my Home tab; nobody sees who asked."),
        t(ENTRIES),
        t(
            "*Report.* `/praxis report` shows attendance and what people answered; every figure opens, and all of it "
            "comes as a chart, PDF, Excel or CSV."
        ),
        t(
            "*Surveys.* Those who were at an event are asked about it an hour after its end; `/praxis survey` changes "
            "what."
        ),
        t(
            "*Name others* as organizers, facilitators, experts or supervisors from my Home tab, with “People and "
            "roles”."
        ),
    ]


PASSED_ON = mark(
    "*Questions passed on* come to you in a message: take one up, answer it, hand it on or say that it is not for you. "
    "My Home tab shows what waits for you."
)
ROSTER = mark("*Attendance.* Open an event with `/praxis events` to show its check-in code and to correct its roster.")
ENTRIES = mark(
    "*Entries.* `/praxis entries` shows what I answer from: change it, retire it, see what it said before. “Save as "
    "answer · Garder” in a message's menu makes a new one of it."
)
DRAFTS = mark(
    "*Entries.* “Save as answer · Garder” in a message's menu makes a draft of it, which an organizer publishes. "
    "`/praxis entries` shows what there is."
)
