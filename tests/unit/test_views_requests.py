"""What is shown of questions passed on and of expertise, in both languages, and who is named to whom."""

from __future__ import annotations

import json

import pytest

from community.expert_records import Expertise, ExpertRequest, RequestPerson, RequestState, StepKind
from community.expertise import Expert
from community.records import Member
from community.requests import Asked, Case
from knowledge.catalogue.loaded import Catalogue, KnownCompetency, KnownLevel
from tests.golden_files import looks_as_before
from tests.unit.views_people import NOW
from views import expertise, request_news, requests
from views.i18n import translator
from views.text import message

LOCALES = ["en", "fr"]
TITLES = {"en": "Records management", "fr": "Gestion des documents"}
CATALOGUE = Catalogue(
    competencies={"RM": KnownCompetency("RM", None, TITLES, {"en": "", "fr": ""}, {}, {}, sample=True)},
    scale={2: KnownLevel(2, {"en": "Working", "fr": "Fonctionnel"}, {"en": "", "fr": ""})},
)


def person(number: int, name: str, locale: str) -> Member:
    zone = "America/Toronto"
    return Member(id=number, slack_user_id=f"U{number}", name=name, time_zone=zone, chosen_locale=locale, active=True)


def case(state: RequestState, locale: str, *, held_by: int | None = None, **more: object) -> Case:
    sam, ann, luc = person(1, "Sam", locale), person(2, "Ann", locale), person(3, "Luc", locale)
    values: dict[str, object] = {
        "id": 4, "community_id": 1, "text": "How long are files kept?\nSee https://example.org/rules", "locale": "en",
        "state": state, "asked_in": "C1", "channel": "C2", "channel_turn": 1, "opened_at": NOW, "holder_id": held_by,
        "asker_id": 1, "answer_en": None, "answer_fr": None, "draft_slug": None,
    }  # fmt: skip
    asked = [Asked(member, RequestPerson(member_id=member.id, turn=1)) for member in (ann, luc)]
    holder = next((one.member for one in asked if one.member.id == held_by), None)
    return Case(ExpertRequest(**(values | more)), sam, holder, asked, 2)


ANSWERED = {"answer_en": "Seven years.", "answer_fr": "Sept ans."}
STATES = {
    "open": case(RequestState.open, "en"),
    "claimed": case(RequestState.claimed, "en", held_by=2),
    "answered": case(RequestState.answered, "en", held_by=2, **ANSWERED),
    "declined": case(RequestState.declined, "en"),
}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", STATES)
def test_card_of_who_was_asked(name: str, locale: str) -> None:
    found = STATES[name]
    for one in found.asked:
        one.member.chosen_locale = locale
        looks_as_before(f"requests/{name}_{one.member.name.lower()}.{locale}", requests.card(found, one, TITLES))


@pytest.mark.parametrize("name", STATES)
def test_channel_card_names_nobody_who_asked(name: str) -> None:
    card = requests.channel_card(STATES[name], TITLES, "America/Toronto")
    assert "U1" not in json.dumps(card)
    assert "Sam" not in json.dumps(card)
    looks_as_before(f"requests/channel_{name}", card)


def test_a_newer_card_takes_the_buttons_of_the_one_before() -> None:
    found = case(RequestState.open, "en", channel_turn=2)
    found.asked[0].row.turn = 2
    letters = {letter.key: json.dumps(letter.payload) for letter in requests.letters(found, TITLES, "America/Toronto")}
    assert list(letters) == [
        "request:4:card:2:1", "request:4:card:2:2", "request:4:card:3:1",
        "request:4:card:channel:1", "request:4:card:channel:2",
    ]  # fmt: skip
    with_buttons = [key for key, shown in letters.items() if "request.claim" in shown]
    assert with_buttons == ["request:4:card:2:2", "request:4:card:3:1", "request:4:card:channel:2"]
    assert "still waits" in letters["request:4:card:2:2"]


def test_who_left_slack_gets_no_card_and_an_asker_who_left_needs_none_pressed() -> None:
    found = case(RequestState.declined, "en")
    found.asked[0].member.active = found.asker.active = False
    letters = requests.letters(found, TITLES, "America/Toronto")
    assert [letter.key for letter in letters] == ["request:4:card:3:1", "request:4:card:channel:1"]
    assert "action_id" not in json.dumps([letter.payload for letter in letters])


@pytest.mark.parametrize("locale", LOCALES)
def test_forms(locale: str) -> None:
    looks_as_before(f"requests/answer_form.{locale}", requests.answer_form(STATES["open"], locale))
    looks_as_before(f"requests/reassign_form.{locale}", requests.reassign_form(STATES["open"], locale))
    looks_as_before(f"requests/ask_form.{locale}", requests.ask_form("RM", TITLES, locale))


@pytest.mark.parametrize("locale", LOCALES)
def test_news_for_who_asked(locale: str) -> None:
    found = case(RequestState.answered, locale, held_by=2, **ANSWERED)
    told = {kind.value: request_news.news(found, kind, found.asked[1].member)["text"] for kind in request_news.NEWS}
    looks_as_before(f"requests/news.{locale}", told)
    looks_as_before(f"requests/news_claimed.{locale}", request_news.news(found, StepKind.claimed))
    answer = request_news.answer(found)
    assert ("Sept ans." if locale == "fr" else "Seven years.") in json.dumps(answer)
    looks_as_before(f"requests/answer.{locale}", answer)
    found.request.answer_en, found.request.answer_fr = "Seven years." if locale == "fr" else None, None
    if locale == "fr":
        assert "en anglais seulement" in json.dumps(request_news.answer(found), ensure_ascii=False)


@pytest.mark.parametrize("locale", LOCALES)
def test_digest(locale: str) -> None:
    found = [STATES["open"].request, STATES["claimed"].request]
    ann = person(2, "Ann", locale)
    looks_as_before(f"requests/digest.{locale}", request_news.digest(found, {2: ann}, ann))
    many = request_news.digest(found * 20, {2: ann}, person(9, "Olivia", locale))
    assert len(many["blocks"]) <= 50
    if locale == "en":
        looks_as_before("requests/digest_channel", request_news.channel_digest(found, {2: ann}, "America/Toronto"))


@pytest.mark.parametrize("locale", LOCALES)
def test_expertise(locale: str) -> None:
    rows = [Expertise(competency_code="RM", level=2, words="retention"), Expertise(competency_code="OLD", words="")]
    t = translator(locale)
    form = expertise.form(CATALOGUE, rows, locale, chosen=CATALOGUE.competencies["RM"], notice="*!*")
    looks_as_before(f"expertise/form.{locale}", form)
    looks_as_before(f"expertise/empty.{locale}", expertise.form(Catalogue(), [], locale))
    experts = [Expert(person(number, f"Person {number}", locale), rows[0]) for number in range(22)]
    lead, blocks = expertise.who_knows(CATALOGUE, "RM", experts, t)
    looks_as_before(f"expertise/who_knows.{locale}", message(lead, blocks))
    assert "<@" not in json.dumps(blocks)
    lead, blocks = expertise.who_knows(CATALOGUE, "RM", [], t)
    looks_as_before(f"expertise/nobody.{locale}", message(lead, blocks))
