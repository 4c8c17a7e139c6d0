"""A question passed on is asked of those who may know, taken up by one of them, and never lost."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from community import expertise, people, requests, routing
from community.errors import Conflict, Invalid, NotAllowed, NotFound
from community.expert_records import ExpertRequest, RequestPerson, RequestState, StepKind
from community.people import Profile
from community.records import Member, Role
from knowledge.records import Outcome, Question
from storage import Database
from tests.town import NOW, Town

WAIT = timedelta(hours=24)
CHANNEL = "C0EXPERTS"


@dataclass
class Desk:
    """A town with people who know, and a question of Sam's."""

    town: Town

    def __post_init__(self) -> None:
        self.sam = self.town.person("Sam")

    def knows(self, name: str, code: str = "RM", level: int | None = None) -> Member:
        member = self.town.person(name)
        with self.town.database.begin() as session:
            expertise.offer(session, member, code, NOW, level=level, words="")
        return member

    def open(self, circles: list[list[str]] | None = None, channel: str | None = None) -> ExpertRequest:
        with self.town.database.begin() as session:
            question = Question(
                community_id=self.town.id, member_id=self.sam.id, text="Why?", locale="en", outcome=Outcome.unknown,
                suggestions=[], asked_at=NOW,
            )  # fmt: skip
            session.add(question)
            session.flush()
            request = requests.open_request(
                session, self.sam, question.id, "Why?", NOW, locale="en", asked_in=None, code="RM", wait=WAIT
            )
            routing.route(session, request, circles if circles is not None else [["RM"]], channel, NOW)
        return request

    def leave(self, member: Member) -> None:
        with self.town.database.begin() as session:
            gone = Profile(member.slack_user_id, member.name, deleted=True)
            people.ensure_member(session, self.town.community, member.slack_user_id, NOW, gone)

    def case(self, request: ExpertRequest) -> requests.Case:
        with self.town.database.read() as session:
            return requests.case(session, session.get_one(ExpertRequest, request.id))

    def asked(self, request: ExpertRequest) -> list[str]:
        return [one.member.name for one in self.case(request).asked if one.row.declined_at is None]

    def steps(self, request: ExpertRequest) -> list[StepKind]:
        with self.town.database.read() as session:
            return [step.kind for step in requests.history(session, request)]


@pytest.fixture
def desk(town: Town) -> Desk:
    return Desk(town)


def claim(session: Session, member: Member, request: ExpertRequest) -> bool:
    return requests.claim(session, member, request.id, NOW, WAIT)[1]


def test_experts_of_the_competency_are_asked_a_few_at_a_time_the_least_busy_first(desk: Desk) -> None:
    names = [desk.knows(name, level=4 - number) and name for number, name in enumerate(("Ann", "Ben", "Eve", "Fay"))]
    assert desk.asked(desk.open()) == names[:3]
    assert desk.asked(desk.open())[0] == "Fay"


def test_nearest_circle_first_then_the_channel_then_experts_then_organizers(desk: Desk) -> None:
    desk.town.person("Named", role=Role.expert)
    assert desk.asked(desk.open()) == ["Named"]
    wider = desk.knows("Wide", "IM")
    assert desk.asked(desk.open([["RM"], ["IM"]])) == ["Wide"]
    request = desk.open([], CHANNEL)
    assert (desk.asked(request), desk.case(request).request.channel) == ([], CHANNEL)
    desk.knows("Near")
    request = desk.open([["RM"], ["IM"]], CHANNEL)
    with desk.town.database.begin() as session:
        held = requests.held(session, desk.town.id, request.id)
        found = [routing.route(session, held, [["RM"], ["IM"]], CHANNEL, NOW) for _ in range(5)]
    assert [[m.name for m in one.people] or one.channel for one in found] == [
        ["Wide"], CHANNEL, ["Named"], ["Olivia Organizer"], None,
    ]  # fmt: skip
    assert not found[-1]
    assert wider.name in desk.asked(request)


def test_whoever_asks_is_not_asked(desk: Desk) -> None:
    with desk.town.database.begin() as session:
        expertise.offer(session, desk.sam, "RM", NOW, level=4, words="")
    request = desk.open()
    assert desk.asked(request) == ["Olivia Organizer"]
    with desk.town.database.begin() as session, pytest.raises(NotAllowed, match="request_own"):
        claim(session, desk.sam, request)


def test_one_claims_and_the_next_is_told_who_was_first(desk: Desk) -> None:
    ann, ben = desk.knows("Ann"), desk.knows("Ben")
    request = desk.open()
    with desk.town.database.begin() as session:
        assert claim(session, ann, request)
        assert not claim(session, ann, request)
    with desk.town.database.begin() as session, pytest.raises(Conflict, match="request_claimed") as refused:
        claim(session, ben, request)
    assert refused.value.params == {"person": "Ann"}
    with desk.town.database.begin() as session, pytest.raises(Conflict, match="request_claimed"):
        requests.answer(session, ben, request.id, "Because", "", NOW)


def test_two_who_claim_at_once_do_not_both_get_it(desk: Desk) -> None:
    both = [desk.knows("Ann"), desk.knows("Ben")]
    for _ in range(3):
        request, ready = desk.open(), threading.Barrier(2)
        outcomes: list[object] = []

        def take(member: Member, request: ExpertRequest = request, ready: threading.Barrier = ready) -> None:
            ready.wait()
            try:
                with desk.town.database.begin() as session:
                    outcomes.append(claim(session, member, request))  # noqa: B023 - joined before the next turn
            except Conflict as error:
                outcomes.append(error.code)  # noqa: B023

        threads = [threading.Thread(target=take, args=(member,)) for member in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(map(str, outcomes)) == ["True", "request_claimed"]
        assert desk.steps(request).count(StepKind.claimed) == 1


def test_answer_in_one_language_is_enough_and_comes_once(desk: Desk) -> None:
    ann, ben = desk.knows("Ann"), desk.knows("Ben")
    request = desk.open()
    with desk.town.database.begin() as session:
        with pytest.raises(Invalid, match="empty") as empty:
            requests.answer(session, ann, request.id, " \n", "", NOW)
        with pytest.raises(Invalid, match="too_long"):
            requests.answer(session, ann, request.id, "x" * 2501, "", NOW)
    assert empty.value.field == "text_en"
    with desk.town.database.begin() as session:
        requests.answer(session, ann, request.id, "", "  Parce que. ", NOW)
    for member in (ann, ben):
        with desk.town.database.begin() as session, pytest.raises(Conflict, match="request_answered"):
            requests.answer(session, member, request.id, "Again", "", NOW)
    case = desk.case(request)
    assert (case.request.answer_en, case.request.answer_fr) == (None, "Parce que.")
    assert case.holder is not None
    assert (case.holder.name, case.request.state, case.request.due_at) == ("Ann", RequestState.answered, None)


def test_declining_gives_back_what_was_held_and_shows_when_nobody_is_left(desk: Desk) -> None:
    ann, ben = desk.knows("Ann"), desk.knows("Ben")
    request = desk.open()
    with desk.town.database.begin() as session:
        claim(session, ann, request)
        declined = requests.decline(session, ann, request.id, NOW)
        assert (declined.first, declined.gave_back) == (True, True)
        assert not requests.decline(session, ann, request.id, NOW).first
        assert not routing.is_stuck(session, declined.request)
        requests.decline(session, ben, request.id, NOW)
        assert routing.is_stuck(session, requests.held(session, desk.town.id, request.id))
    assert desk.case(request).request.state is RequestState.open
    with desk.town.database.begin() as session:
        assert claim(session, ann, request)  # after all
    assert desk.asked(request) == ["Ann"]


def test_handed_on_to_somebody_who_may_then_answer(desk: Desk) -> None:
    ann, new, robot = desk.knows("Ann"), desk.town.person("New"), desk.town.person(is_bot=True)
    request = desk.open()
    with desk.town.database.begin() as session:
        with pytest.raises(NotAllowed, match="needs_expert"):
            claim(session, new, request)
        for to, code in ((ann, "to_self"), (desk.sam, "to_asker"), (robot, "needs_person")):
            with pytest.raises(Invalid, match=f"request_{code}"):
                requests.reassign(session, ann, request.id, to, NOW, WAIT)
        claim(session, ann, request)
        requests.reassign(session, ann, request.id, new, NOW, WAIT)
    assert desk.asked(request) == ["New"]
    with desk.town.database.begin() as session:
        requests.answer(session, new, request.id, "Because", "", NOW)
    assert desk.steps(request) == [
        StepKind.opened, StepKind.asked, StepKind.claimed, StepKind.reassigned, StepKind.answered,
    ]  # fmt: skip


def test_only_who_was_asked_experts_and_organizers_may_act(desk: Desk, database: Database) -> None:
    desk.knows("Ann")
    request = desk.open()
    outsider, elsewhere = desk.town.person(), Town(database)
    for act in (
        lambda s, m: requests.claim(s, m, request.id, NOW, WAIT),
        lambda s, m: requests.answer(s, m, request.id, "x", "", NOW),
        lambda s, m: requests.decline(s, m, request.id, NOW),
        lambda s, m: requests.reassign(s, m, request.id, outsider, NOW, WAIT),
        lambda s, m: requests.drafted(s, m, request.id, NOW),
    ):
        with desk.town.database.begin() as session, pytest.raises(NotAllowed):
            act(session, outsider)
        with desk.town.database.begin() as session, pytest.raises(NotFound, match="request_unknown"):
            act(session, elsewhere.organizer)
    with desk.town.database.begin() as session:
        assert claim(session, desk.town.organizer, request)


def test_draft_is_made_once_and_only_of_an_answer(desk: Desk) -> None:
    ann, ben = desk.knows("Ann"), desk.knows("Ben")
    request = desk.open()
    with desk.town.database.begin() as session:
        claim(session, ann, request)
        with pytest.raises(Conflict, match="request_unanswered"):
            requests.drafted(session, ann, request.id, NOW)
        requests.answer(session, ann, request.id, "Because", "", NOW)
        with pytest.raises(NotAllowed, match="needs_organizer"):
            requests.drafted(session, ben, request.id, NOW)
        found, first = requests.drafted(session, ann, request.id, NOW)
        found.draft_slug = "why"
        session.flush()
        assert (first, requests.drafted(session, ann, request.id, NOW)[1]) == (True, False)


def test_who_left_slack_is_not_asked_and_what_they_held_is_open_again(desk: Desk) -> None:
    ann, ben = desk.knows("Ann"), desk.knows("Ben")
    held, asked = desk.open(), desk.open()
    with desk.town.database.begin() as session:
        claim(session, ann, held)
    desk.leave(ann)
    assert desk.asked(desk.open()) == ["Ben"]
    with desk.town.database.read() as session:
        found = routing.with_departed(session, desk.town.id)
    assert found == [(desk.town.id, held.id), (desk.town.id, asked.id)]
    with desk.town.database.begin() as session:
        for _, request_id in found:
            assert routing.drop_departed(session, requests.held(session, desk.town.id, request_id), NOW)
            assert not routing.drop_departed(session, requests.held(session, desk.town.id, request_id), NOW)
        assert routing.with_departed(session, desk.town.id) == []
    for request in (held, asked):
        assert desk.asked(request) == ["Ben"]
        assert desk.case(request).request.state is RequestState.open
    desk.leave(ben)
    with desk.town.database.begin() as session:
        request = requests.held(session, desk.town.id, held.id)
        routing.drop_departed(session, request, NOW)
        assert routing.is_stuck(session, request)


def test_when_the_asker_left_nobody_waits(desk: Desk) -> None:
    desk.knows("Ann")
    request = desk.open()
    desk.leave(desk.sam)
    with desk.town.database.begin() as session:
        assert routing.drop_departed(session, requests.held(session, desk.town.id, request.id), NOW)
    assert desk.case(request).request.state is RequestState.declined
    assert desk.steps(request)[-2:] == [StepKind.left, StepKind.given_up]


def test_asked_again_counts_turns(desk: Desk) -> None:
    desk.knows("Ann")
    request = desk.open()
    with desk.town.database.begin() as session:
        routing.remind(session, requests.held(session, desk.town.id, request.id), NOW)
    with desk.town.database.read() as session:
        assert session.query(RequestPerson.turn).filter_by(request_id=request.id).scalar() == 2
