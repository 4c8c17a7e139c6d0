"""Free words in both languages become questions to the records, and what is none is left to the entries."""

from __future__ import annotations

import csv
import string
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import files
from knowledge.catalogue.loaded import Catalogue
from knowledge.catalogue.names import names_of
from knowledge.catalogue.records import CourseLevel, Mode
from knowledge.catalogue.understanding import find_competency, name_alone, refine, understand
from knowledge.catalogue.wishes import FILTERS, Ask, Wish
from settings import ROOT

ENTRIES, _ = files.read_folder(ROOT / "knowledge" / "content")
# The prose about the sample courses says what their records say: the records come first.
OF_COURSES = {"course-rm-101", "course-list", "competency-areas", "proficiency-levels"}


def asks(**wanted: Any) -> dict[str, Any]:
    return wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("which courses develop records management?", asks(competency="RM")),
        ("Which courses develop ATIP to level 2, in French, online, under two days, free?",
         asks(competency="ATIP", level=2, language="fr", mode=Mode.online, most_minutes=900, below=True, most_cents=0)),
        ("Quels cours développent la gestion des documents au niveau 2, en français, en ligne, d'au plus deux jours?",
         asks(competency="RM", level=2, language="fr", mode=Mode.online, most_minutes=900)),
        ("what free online courses are there in French?", asks(language="fr", mode=Mode.online, most_cents=0)),
        ("cours gratuits en ligne", asks(mode=Mode.online, most_cents=0)),
        ("cours bilingues", asks(language="both")),
        ("show me courses up to half a day", asks(most_minutes=225)),
        ("formations de moins d'une demi-journée", asks(most_minutes=225, below=True)),
        ("courses under $300 on privacy", asks(competency="ATIP", most_cents=30_000)),
        ("formations en AIPRP de moins de 300 $", asks(competency="ATIP", most_cents=30_000)),
        ("advanced courses in ATIP", asks(competency="ATIP", course_level=CourseLevel.advanced)),
        ("cours d'introduction à la rédaction Web", asks(competency="WEB", course_level=CourseLevel.introductory)),
        ("which courses get me to the advanced level in ATIP", asks(competency="ATIP", level=3)),
        ("courses not online about privacy", asks(competency="ATIP", not_mode=Mode.online)),
        ("des cours d'AIPRP, mais pas en personne", asks(competency="ATIP", not_mode=Mode.in_person)),
        ("courses not in French", asks(language="en")),
        ("courses on privacy that aren't online", asks(competency="ATIP", not_mode=Mode.online)),
        ("I could not find online courses on privacy", asks(competency="ATIP")),
        ("why are there no online courses on privacy?", asks(competency="ATIP")),
        ("courses on privacy, not only online", asks(competency="ATIP")),
        ("is there no French course on privacy?", asks(competency="ATIP")),
        ("des cours d'AIPRP, pas seulement en ligne", asks(competency="ATIP")),
        ("courses that are not free", None),
        ("which courses have no prerequisite?", asks(no_prerequisite=True)),
        ("cours sans préalable en gestion des documents", asks(competency="RM", no_prerequisite=True)),
        ("what can I take without any prerequisites on records", asks(competency="RM", no_prerequisite=True)),
        ("self-paced training about the web content", asks(competency="WEB", mode=Mode.self_paced)),
        ("I'd like to get better at web writing, any training you would recommend?", asks(competency="WEB")),
        ("je veux apprendre à gérer les documents, quelle formation me suggérez-vous?", asks(competency="RM")),
        ("recrods managment courses", asks(competency="RM")),
        ("cours de gestoin des documents", asks(competency="RM")),
        ("how do I learn policy writing", asks(competency="POL")),
        # Nobody types "course" in each question, nor every word without a slip.
        ("what do you have on privacy that isnt classroom", asks(competency="ATIP", not_mode=Mode.in_person)),
        ("any free recrods management trainning i can do from my desk?",
         asks(competency="RM", mode=Mode.online, most_cents=0)),
        ("is there something on libraries in french", asks(competency="LIB", language="fr")),
        ("courses that are neither online nor self paced", asks(not_mode=Mode.online)),
        ("y a-t-il qqch en ligne sur la rédaction Web", asks(competency="WEB", mode=Mode.online)),
        ("un cours qui n'est pas en classe et qui coûte moins de 300 $",
         asks(not_mode=Mode.in_person, most_cents=30_000)),
        ("quels cours en anglais seulement", asks(language="en")),
        ("formatoins gratuites en AIPRP que je peux suivre de chez moi",
         asks(competency="ATIP", mode=Mode.online, most_cents=0)),
        ("a privacy course costing less than $200 and lasting at most a day",
         asks(competency="ATIP", most_cents=20_000, most_minutes=450)),
    ],
)  # fmt: skip
def test_courses_are_looked_for_by_what_was_said(sample: Catalogue, text: str, wanted: dict[str, Any] | None) -> None:
    assert understand(sample, text) == (None if wanted is None else Wish(Ask.courses, **wanted))


@pytest.mark.parametrize(
    ("text", "ask", "course"),
    [
        ("what are the prerequisites of RM-201?", Ask.prerequisites, "RM-201"),
        ("quels sont les préalables de RM-301", Ask.prerequisites, "RM-301"),
        ("rm 201 prereqs?", Ask.prerequisites, "RM-201"),
        ("is RM-101 a prerequisite of RM-201?", Ask.prerequisites, "RM-201"),
        ("do I need RM-101 before RM-201", Ask.prerequisites, "RM-201"),
        ("what do I need before Processing access requests", Ask.prerequisites, "AP-210"),
        ("prerequisites of clasification and retention", Ask.prerequisites, "RM-201"),
        ("what should I take before the drafting policy course", Ask.prerequisites, "PD-210"),
        ("WHAT COMES AFTER RM-101", Ask.followers, "RM-101"),
        ("que suivre après RM101?", Ask.followers, "RM-101"),
        ("which courses require RM-101", Ask.followers, "RM-101"),
        ("what comes next after records management fundamentals", Ask.followers, "RM-101"),
        ("quels cours suivent RM-101?", Ask.followers, "RM-101"),
        ("what level does RM-201 lead to?", Ask.course, "RM-201"),
        ("how much does RM-201 cost?", Ask.course, "RM-201"),
        ("quelles sont les équivalences de RM-101?", Ask.course, "RM-101"),
        ("when is AP-110 next offered?", Ask.sessions, "AP-110"),
        ("quand se donne RM-102?", Ask.sessions, "RM-102"),
        ("quand a lieu la prochaine séance du cours Traitement des demandes d'accès", Ask.sessions, "AP-210"),
        ("What is RM-101?", Ask.course, "RM-101"),
        ("combien coûte RM-201", Ask.course, "RM-201"),
        ("is RM-102 in French?", Ask.course, "RM-102"),
        ("qui enseigne RM-101", Ask.teachers, "RM-101"),
        ("can I do RM-201 without RM-101?", Ask.prerequisites, "RM-201"),
        ("puis-je suivre RM-201 sans avoir fait RM-101", Ask.prerequisites, "RM-201"),
        ("do i have to take anything before the retention schedule course", Ask.prerequisites, "RM-301"),
        ("when's the next records fundamentals", Ask.sessions, "RM-101"),
        ("combien de temps dure le cours sur le calendrier de conservation", Ask.course, "RM-301"),
        ("is RM-102 the same as RM-101?", Ask.course, "RM-102"),
        ("quel cours remplace RM-101", Ask.course, "RM-101"),
    ],
)
def test_a_course_is_asked_about(sample: Catalogue, text: str, ask: Ask, course: str) -> None:
    wish = understand(sample, text)
    assert wish is not None
    assert (wish.ask, wish.course) == (ask, course)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("what does level 3 in records management mean", Wish(Ask.level, competency="RM", level=3)),
        ("que veut dire le niveau 2 en AIPRP?", Wish(Ask.level, competency="ATIP", level=2)),
        ("what are the levels in records management", Wish(Ask.levels, competency="RM")),
        ("what do I need to get from level 2 to 3 in records management?",
         Wish(Ask.growth, competency="RM", level=3, from_level=2)),
        ("que me faut-il pour passer du niveau 2 au niveau 3 en gestion des documents",
         Wish(Ask.growth, competency="RM", level=3, from_level=2)),
        ("how do I reach level 4 in policy development", Wish(Ask.growth, competency="POL", level=4)),
        ("who teaches records management?", Wish(Ask.teachers, competency="RM")),
        ("who teaches or knows records management?", Wish(Ask.teachers, competency="RM")),
        ("qui enseigne l'AIPRP en français?", Wish(Ask.teachers, competency="ATIP", language="fr")),
        ("when is the next course on web content in French?", Wish(Ask.sessions, competency="WEB", language="fr")),
        ("what do I need to get from level 2 to 3 in records management, in French, under three days?",
         Wish(Ask.growth, competency="RM", level=3, from_level=2, language="fr", most_minutes=1350, below=True)),
        ("who knows about privacy?", Wish(Ask.people, competency="ATIP")),
        ("qui s'y connaît en AIPRP", Wish(Ask.people, competency="ATIP")),
        ("does anyone know about privacy?", Wish(Ask.people, competency="ATIP")),
        ("I need to talk to someone about library services", Wish(Ask.people, competency="LIB")),
        ("who do I contact about records management?", Wish(Ask.people, competency="RM")),
        ("quelqu'un s'y connaît en contenu Web?", Wish(Ask.people, competency="WEB")),
        ("avec qui parler de gestion des documents", Wish(Ask.people, competency="RM")),
        ("when is the next records management course", Wish(Ask.sessions, competency="RM")),
        ("prerequisites for RM-103", Wish(Ask.no_course, said="RM-103")),
        ("I'm at level 1 in systems development and want to get to 3, what do I need?",
         Wish(Ask.growth, competency="SYS", level=3, from_level=1)),
        ("je suis au niveau 2 en AIPRP et je veux atteindre le 4",
         Wish(Ask.growth, competency="ATIP", level=4, from_level=2)),
        ("I want to become an expert in library services", Wish(Ask.growth, competency="LIB", level=4)),
        ("je veux passer au niveau suivant en bibliothéconomie", Wish(Ask.levels, competency="LIB")),
        ("c koi le niveau 2 en contenu web", Wish(Ask.level, competency="WEB", level=2)),
        ("whos good at privacy", Wish(Ask.people, competency="ATIP")),
        ("who could help me with a retention schedule", Wish(Ask.people, competency="RM")),
        ("qui est bon en AIPRP?", Wish(Ask.people, competency="ATIP")),
        ("when's the next privacy session", Wish(Ask.sessions, competency="ATIP")),
    ],
)  # fmt: skip
def test_levels_people_and_sessions_are_asked_about(sample: Catalogue, text: str, wanted: Wish) -> None:
    assert understand(sample, text) == wanted


def test_questions_of_the_entries_stay_with_them(sample: Catalogue) -> None:
    with (ROOT / "tests" / "data" / "starter_questions.csv").open(encoding="utf-8", newline="") as file:
        asked = [row["sentence"] for row in csv.DictReader(file)]
    phrased = [
        phrasing
        for entry in ENTRIES
        if entry.slug not in OF_COURSES
        for text in entry.texts.values()
        for phrasing in (text.title, *text.phrasings)
    ]
    assert len(asked) == 120
    assert {text: understand(sample, text) for text in (*asked, *phrased) if understand(sample, text)} == {}


@pytest.mark.parametrize(
    "text",
    ["", "?", "courses", "list of courses", "records management", "how do I register for RM-101?",
     "is the training free?",
     "which course is about EX-01", "what is the salary of an EX-01", "and in French?", "😀", "x" * 2000, "level 3",
     "who knows?", "what comes after lunch", "quand est la réunion"],
)  # fmt: skip
def test_what_is_no_question_to_the_records_is_none(sample: Catalogue, text: str) -> None:
    assert understand(sample, text) is None


def test_codes_are_never_confused(sample: Catalogue) -> None:
    for code in sample.courses:
        for typed in (code, code.lower(), code.replace("-", ""), code.replace("-", " ")):
            wish = understand(sample, f"prerequisites of {typed}")
            assert wish is not None
            assert (wish.ask, wish.course) == (Ask.prerequisites, code)
    letters, digits = "RM", ("100", "103", "1O1", "1011", "010")
    for other in digits:
        wish = understand(sample, f"prerequisites of {letters}-{other}")
        assert wish is None or wish.ask is Ask.no_course


def test_near_codes_are_offered_for_one_that_is_not_there(sample: Catalogue) -> None:
    assert set(names_of(sample).near("RM-103")) >= {"RM-101", "RM-102"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("records management", "RM"),
        ("I struggle with gestion documentaire", "RM"),
        ("a question on RM-201", "RM"),
        ("AIPRP", "ATIP"),
        ("bibliothèques", "LIB"),
        ("recrods managment", "RM"),
        ("lunch", None),
    ],
)
def test_the_competency_of_a_sentence_is_found(sample: Catalogue, text: str, code: str | None) -> None:
    found = find_competency(sample, text)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("records management?", "RM"),
        ("RM", "RM"),
        ("recrods managment", "RM"),
        ("c'est quoi la gestion documentaire?", "RM"),
        ("tell me about web content", "WEB"),
        ("AIPRP", "ATIP"),
        ("records management meetings", None),
        ("RM-101", None),
        ("level 2", None),
    ],
)
def test_name_alone_is_told_from_a_question_about_it(sample: Catalogue, text: str, code: str | None) -> None:
    assert name_alone(sample, text) == (Wish(Ask.competency, competency=code) if code else None)


def test_what_is_around_a_competency_is_itself_and_what_is_below_then_what_it_belongs_to(sample: Catalogue) -> None:
    assert sample.around("RM") == [["RM"], ["IM-P"]]
    assert sample.around("IM-P") == [["IM-P", "RM", "LIB", "WEB"]]
    assert sample.around(None) == sample.around("NOPE") == []
    in_a_ring = {code: replace(sample.competencies["RM"], code=code, parent=up) for code, up in ("AB", "BC", "CA")}
    assert Catalogue(competencies=in_a_ring).around("A")[1:] == [["B"], ["C"]]


def test_what_was_understood_is_kept_and_every_filter_can_be_taken_away() -> None:
    wish = Wish(
        Ask.courses,
        competency="RM",
        level=2,
        course_level=CourseLevel.advanced,
        language="fr",
        mode=Mode.blended,
        not_mode=Mode.online,
        most_minutes=900,
        below=True,
        most_cents=0,
        no_prerequisite=True,
    )
    assert Wish.from_dict(wish.as_dict()) == wish
    assert wish.filters == FILTERS
    for name in FILTERS:
        wish = wish.without(name)
    assert wish == Wish(Ask.courses)
    assert wish.without("ask") == wish
    rise = Wish(Ask.growth, competency="RM", level=3, from_level=2, language="fr")
    assert rise.filters == ("language",)  # what it is about is chosen anew, not taken away
    assert rise.without("competency") == rise
    with pytest.raises(ValueError, match="no wish"):
        Wish.from_dict({})


@given(st.text(alphabet=string.printable + "éàçœ«»’\u00a0\u202e😀RM-1029levelniveau", max_size=200))
def test_nothing_that_is_typed_breaks_it(sample: Catalogue, text: str) -> None:
    wish = understand(sample, text)
    assert wish is None or Wish.from_dict(wish.as_dict()) == wish
    refine(sample, text, Wish(Ask.courses, competency="RM"))
