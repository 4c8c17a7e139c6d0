"""Announcements as people live them: written, previewed, sent once, followed until they arrived."""

from __future__ import annotations

from typing import Any

from community import cohorts, people
from community.cohorts import CohortDraft
from tests.kit import action_ids, eventually, texts
from tests.scenario.events_kit import GENERAL, Town, town

__all__ = ["town"]  # the fixture of every test here

ENGLISH = "The catalogue is out: https://example.org/catalogue <!channel> <@U0BEN00001> =2+5"
FRENCH = "Le catalogue est paru : https://example.org/catalogue <!everyone> '; DROP TABLE member;--"


def _write(town: Town, **values: Any) -> dict[str, Any]:
    town.olivia.command("announce")
    town.olivia.sees_view("announcement.text_en")
    written: dict[str, Any] = town.olivia.submit(**{"text_en": ENGLISH, "text_fr": FRENCH} | values)
    return written


def test_members_get_it_once_in_their_language_and_the_author_sees_it_arrive(town: Town) -> None:
    previewed = _write(town, audience="members")
    assert previewed["outcome"] == "pushed"
    shown = texts(previewed["view"])
    assert "This will go to 5 people by direct message" in shown
    assert "The catalogue is out" in shown
    assert "Le catalogue est paru" in shown
    assert not town.workspace.calls("chat.postMessage")
    # The window says where it went; what was confirmed is not there to be confirmed again.
    said = town.olivia.submit()
    assert (said["outcome"], said["view"]["clear_on_close"]) == ("updated", True)
    assert "Your announcement is on its way." in texts(said["view"])
    assert not said["view"].get("submit")
    english = town.ben.sees("The catalogue is out")
    french = town.amelie.sees("Le catalogue est paru")
    assert "Announcement from Olivia Bennett" in texts(english)
    assert "&lt;!channel&gt;" in texts(english)
    assert "Annonce rédigée par Olivia Bennett" in texts(french)
    assert "The catalogue" not in texts(french)
    done = town.olivia.sees("Delivery is finished.")
    assert "Sent: 5" in texts(done)
    assert [name for name, _ in action_ids(done)] == ["announcement.refresh"]
    for call in town.workspace.calls("chat.postMessage"):
        assert "<!channel>" not in str(call["args"])
        assert "<!everyone>" not in str(call["args"])


def test_a_channel_gets_both_languages_and_the_confirmed_mention(town: Town) -> None:
    previewed = _write(town, audience="channel", channel=GENERAL, mention="here")
    assert "<#C0GENERAL1>" in texts(previewed["view"])
    town.olivia.submit()
    posted = town.ben.sees("The catalogue is out", "general")
    assert texts({"blocks": posted["blocks"]}).count("<!here>") == 1
    assert texts(posted).index("The catalogue") < texts(posted).index("Le catalogue")
    assert town.olivia.sees("Sent: 1")


def test_a_cohort_and_the_supervisors_get_it_and_nobody_else(town: Town) -> None:
    with town.bot.database.begin() as session:
        organizer = town.member(town.olivia)
        cohort = cohorts.create(session, organizer, CohortDraft("L26", "Leaders", "Leaders"), town.now)
        cohorts.add(session, organizer, cohort.id, [town.member(town.amelie)], town.now)
    nobody = _write(town, audience="groups")
    assert nobody["errors"] == {"groups": "This cannot be empty. Please fill it in."}
    form = town.olivia.sees_view("announcement.groups")
    ask = {"action_id": "announcement.groups", "block_id": "groups", "view_id": form["id"]}
    found = {words: town.olivia.do("suggest", value=words, **ask)["options"] for words in ("leaders", "")}
    assert [one["value"] for one in found["leaders"]] == [f"cohort:{cohort.id}"]
    assert len(found[""]) == 5
    few = town.olivia.submit(groups=["role:expert"])
    assert few["errors"] == {"groups": "Nobody would get this: nobody is there, or wants announcements. Choose others."}
    previewed = town.olivia.submit(groups=[f"cohort:{cohort.id}", "role:supervisor"])
    assert "This will go to 2 people by direct message" in texts(previewed["view"])
    assert "To: Supervisors, Leaders" in texts(previewed["view"])
    town.olivia.submit()
    town.amelie.sees("Le catalogue est paru")
    town.sam.sees("The catalogue is out")
    assert "Sent: 2" in texts(town.olivia.sees("Delivery is finished."))
    assert not any("catalogue" in texts(m) for who in (town.ben, town.francois) for m in who.messages())


def test_confirming_twice_sends_once(town: Town) -> None:
    previewed = _write(town, audience="channel", channel=GENERAL, mention="none")
    announcement_id = previewed["view"]["private_metadata"]
    town.olivia.submit()
    town.submit_by_hand(town.olivia, "announcement.confirm", {}, announcement_id, "V0TWICE")
    town.olivia.sees("already on its way; it was not sent a second time")
    assert len([m for m in town.ben.messages("general") if "The catalogue" in texts(m)]) == 1


def test_what_failed_is_shown_and_sent_again(town: Town) -> None:
    town.workspace.post("/faults", method="chat.postMessage", kind="error", error="channel_not_found", times=1)
    _write(town, audience="channel", channel=GENERAL, mention="none")
    town.olivia.submit()
    failed = town.olivia.sees("Failed: 1")
    town.workspace.delete("/faults")
    town.olivia.click(failed, "announcement.retry")
    town.ben.sees("The catalogue is out", "general")
    done = town.olivia.sees("Sent: 1")
    assert done["ts"] == failed["ts"]
    assert "Failed: 0" in texts(done)
    town.olivia.click(done, "announcement.refresh")


def test_what_cannot_be_is_said_at_the_field_and_nothing_is_lost(town: Town) -> None:
    town.olivia.command("announce")
    town.olivia.sees_view("announcement.text_en")
    refused: list[tuple[dict[str, Any], str, str]] = [
        ({"text_en": "  ", "audience": "members"}, "text_en", "This cannot be empty."),
        ({"audience": "channel", "channel": None}, "channel", "This cannot be empty."),
        ({"audience": "members", "mention": "channel"}, "mention", "Mentioning everybody works only in a channel."),
    ]
    for values, field, sentence in refused:
        outcome = town.olivia.submit(**{"text_en": ENGLISH, "text_fr": FRENCH, "mention": "none"} | values)
        assert outcome["outcome"] == "errors", (values, outcome)
        assert list(outcome["errors"]) == [field]
        assert sentence in outcome["errors"][field]
    written = {"text_en": ENGLISH, "text_fr": FRENCH, "audience": "members", "mention": "none"}
    assert town.olivia.submit(**written)["outcome"] == "pushed"


def test_members_who_turned_announcements_off_get_none(town: Town) -> None:
    with town.bot.database.begin() as session:
        ben = people.find_member(session, town.bot.services.community_id, town.ben.id)
        assert ben is not None
        people.choose_notifications(session, ben, reminders=True, announcements=False)
    previewed = _write(town, audience="members")
    assert "This will go to 4 people" in texts(previewed["view"])
    town.olivia.submit()
    town.sam.sees("The catalogue is out")
    town.olivia.sees("Sent: 4")
    assert not [m for m in town.ben.messages() if "catalogue" in texts(m)]


def _refusals(town: Town) -> int:
    return sum("Only organizers" in texts(m) for m in town.ben.messages("general"))


def test_a_member_can_send_nothing_by_a_payload_of_their_own_making(town: Town) -> None:
    previewed = _write(town, audience="channel", channel=GENERAL, mention="channel")
    announcement_id = previewed["view"]["private_metadata"]
    answered = town.submit_by_hand(town.ben, "announcement.confirm", {}, announcement_id)
    assert "on its way" not in str(answered)
    town.ben.sees("Only organizers can do this.")
    written = {"text_en": "x", "text_fr": "x", "audience": "members", "mention": None}
    answer = town.submit_by_hand(town.ben, "announcement.write", written)
    assert "Only organizers" in str(answer)
    for refused, action in enumerate(("announcement.refresh", "announcement.retry"), 1):
        town.press_by_hand(town.ben, action, announcement_id)
        eventually(lambda: _refusals(town) == refused, what=action)  # noqa: B023 - used at once
    for unknown in ("", "x", "999999", "1; DROP TABLE announcement"):
        town.submit_by_hand(town.olivia, "announcement.confirm", {}, unknown, f"V0{len(unknown)}")
    town.olivia.sees("This announcement is not there any more.")
    assert not [m for m in town.sam.messages("general") if "catalogue" in texts(m)]
