"""A survey as people live it: asked after the event, answered once, reminded once, closed; changed by organizers."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from community import codes
from community.survey_records import SurveyAnswered, SurveyQuestion, SurveyResponse, SurveyRun
from tests.kit import Person, action_ids, eventually, texts
from tests.scenario.events_kit import Town, town, town_on_each

__all__ = ["town", "town_on_each"]  # the fixtures of the tests here

HOUR = timedelta(hours=1)


def counted(town: Town) -> tuple[int, int]:
    with town.bot.database.read() as session:
        answered = session.scalar(select(func.count()).select_from(SurveyAnswered)) or 0
        return answered, session.scalar(select(func.count()).select_from(SurveyResponse)) or 0


def fill_in(who: Person, run: SurveyRun, scale: str, pace: str, words: str) -> str:
    """Submit the three questions; returns what became of it."""
    values = dict(zip((f"question.{number}" for number in run.question_ids), (scale, pace, words), strict=True))
    return str(who.submit(**values))


def test_those_who_came_are_asked_once_answer_once_and_are_reminded_once(town_on_each: Town) -> None:
    town = town_on_each
    card = town.plan()
    event = town.event()
    for who in (town.amelie, town.ben, town.francois):
        who.click(card, "rsvp.going", channel="general")
    town.go_to(event.starts_at)
    code = codes.shown(event, town.now).digits
    town.ben.command(f"checkin {code}")
    town.amelie.command(f"présence {code}")
    town.go_to(event.ends_at + timedelta(minutes=1))
    eventually(lambda: town.event().state.value == "closed", what="a settled roster")
    town.go_to(event.ends_at + HOUR)
    english, french = town.ben.sees("How was"), town.amelie.sees("Comment avez-vous trouvé")
    assert "Langage clair" in texts(french)
    with town.bot.database.read() as session:
        run = session.scalars(select(SurveyRun)).one()

    # Somebody who was not there has no message; a payload of their own making is answered and changes nothing.
    assert not [m for m in town.francois.messages() if "survey.answer" in str(action_ids(m))]
    town.press_by_hand(town.francois, "survey.answer", str(run.id))
    assert "s’adresse aux personnes qui étaient présentes" in eventually(
        lambda: next((t for m in town.francois.messages("general") if "s’adresse" in (t := texts(m))), ""),
        what="why not",
    )

    town.ben.click(english, "survey.answer")
    form = town.ben.sees_view("improved my understanding")
    assert "Strongly agree" in texts(form)
    outcome = fill_in(town.ben, run, "5", "2", "More time; =HYPERLINK(1)")
    assert "counted" in outcome
    assert counted(town) == (1, 3)
    thanks = town.ben.sees("Thank you: your answers about")
    assert not action_ids(thanks)
    # A second submission, made by hand: told so, and nothing is counted.
    values = {f"question.{number}": "4" for number in run.question_ids}
    again = town.submit_by_hand(town.ben, "survey.answer", values, {"run": run.id, "about": 0})
    assert again["response_action"] == "errors"
    assert counted(town) == (1, 3)

    # Halfway, whoever is silent is reminded, once, in their language.
    town.go_to(event.ends_at + HOUR + timedelta(days=4))
    reminder = town.amelie.sees("Il est encore temps")
    assert not [m for m in town.ben.messages() if "still time" in texts(m)]
    # The form is open when the survey closes: a clear sentence, and nothing is kept.
    town.amelie.click(reminder, "survey.answer")
    town.amelie.sees_view("Fortement d’accord")
    town.go_to(event.ends_at + HOUR + timedelta(days=8))
    outcome = fill_in(town.amelie, run, "1", "1", "Trop tard")
    assert "Ce sondage a pris fin" in outcome
    # One person alone has answered: that stays known, what they said does not.
    eventually(lambda: counted(town) == (1, 0), what="the end of what nobody will be shown")
    assert len([m for m in town.amelie.messages() if "encore temps" in texts(m)]) == 1


def test_organizers_change_what_is_asked(town: Town) -> None:
    town.olivia.command("survey")
    shown = town.olivia.sees_view("After a learning event")
    assert "Results from 5 answers on." in texts(shown)
    town.olivia.click(shown["id"], "survey.settings", "learning_event")
    town.olivia.sees_view("survey.floor")
    assert "fewer answers would give away" in str(town.olivia.submit(open_days="3", floor="4"))
    town.olivia.submit(open_days="3", floor="10")
    shown = town.olivia.sees_view("Results from 10 answers on.")
    with town.bot.database.read() as session:
        pace = session.scalars(select(SurveyQuestion).where(SurveyQuestion.text_en.startswith("How was the"))).first()
    assert pace is not None
    town.olivia.click(shown["id"], "survey.change", str(pace.id))
    town.olivia.sees_view("choices_en")
    bad = town.olivia.submit(kind="choice", text_en="Room?", text_fr="Salle?", choices_en="Good\nBad", choices_fr="Bon")
    assert "choices_fr" in str(bad)
    town.olivia.submit(kind="choice", text_en="Room?", text_fr="Salle?", choices_en="Good\nBad", choices_fr="Bien\nMal")
    shown = town.olivia.sees_view("Room?")
    town.olivia.click(shown["id"], "survey.add", "learning_event")
    town.olivia.sees_view("Question in English")
    town.olivia.submit(kind="text", text_en="Anything <!channel> else?", text_fr="Autre chose?")
    shown = town.olivia.sees_view("Anything")
    assert "<!channel>" not in texts(shown)
    town.amelie.command("sondage")
    town.amelie.sees("Seules les personnes organisatrices", "general")
