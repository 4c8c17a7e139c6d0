"""A cohort is made, invited and joined later; a guest from outside the list asks and is let in."""

from __future__ import annotations

from sqlalchemy import delete

from community.records import ChannelMember
from tests.kit import action_ids, eventually, texts
from tests.scenario.events_kit import Town, town_on_each

__all__ = ["town_on_each"]  # the fixture of every test here


def test_a_cohort_is_invited_and_a_guest_asks_to_come(town_on_each: Town) -> None:
    town = town_on_each
    town.olivia.command("cohortes")
    listed = town.olivia.sees("There is no cohort yet.", "general")
    town.olivia.click(listed, "cohort.create", channel="general")
    town.olivia.sees_view("cohort.code")
    assert "letters" in str(town.olivia.submit(code="2026 A", name_en="Autumn <!channel>")["errors"])
    town.olivia.submit(code="2026-A", name_en="Autumn <!channel>", starts_on="2026-11-01")
    page = town.olivia.sees_view("Autumn &lt;!channel&gt;")
    town.olivia.click(page["id"], "cohort.people")
    town.olivia.sees_view("cohort.people.add")
    town.olivia.submit(add=[town.amelie.id])
    town.olivia.sees_view("1 person was added.")

    # A list is pasted: what is wrong is said by its line, and only a list without a problem is taken in.
    town.olivia.click(town.olivia.sees_view("cohort.list")["id"], "cohort.list")
    town.olivia.sees_view("cohort.text")
    good = f"person,department,supervisor\n{town.amelie.id},Health & Safety,{town.sam.id}"
    town.olivia.submit(text=f"{good}\nnobody@example.org,<!here>,")
    wrong = texts(town.olivia.sees_view("Nothing was taken in"))
    assert "Line 3, person: Nobody here has the e-mail address or Slack id “nobody@example.org”." in wrong
    assert good in str(town.olivia.view()).replace("\\n", "\n"), "what was pasted is still there"
    town.olivia.submit(text=good)
    town.olivia.sees_view("Department or supervisor of 1 person was noted.")
    assert town.member(town.amelie).department == "Health & Safety"

    # A list of others: she stays unless the list is whole, and is named before she is taken out.
    town.olivia.click(town.olivia.sees_view("cohort.list")["id"], "cohort.list")
    town.olivia.sees_view("cohort.text")
    other = f"person\n{town.ben.id}"
    town.olivia.submit(text=other)
    town.olivia.sees_view("1 person of the cohort is not in the list and stays.")
    town.olivia.click(town.olivia.sees_view("cohort.list")["id"], "cohort.list")
    town.olivia.sees_view("cohort.text")
    town.olivia.submit(text=f"person\n{town.amelie.id}", whole=["whole"])
    asked = texts(town.olivia.sees_view("would be taken out"))
    assert "Ben Nakamura" in asked
    town.olivia.submit()
    town.olivia.sees_view("1 person was removed.")

    # The cohort is enrolled, the user group is invited, and nobody else may come without asking.
    town.plan(town.start(days=10))
    event = town.event()
    confirmation = town.olivia.sees("Plain language* is planned for")
    town.olivia.click(confirmation, "event.open")
    details = town.olivia.sees_view("event.invite")
    town.olivia.click(details["id"], "event.invite")
    form = town.olivia.sees_view("invite.people")
    ask = {"action_id": "invite.groups", "block_id": "groups", "view_id": form["id"]}
    assert [o["value"] for o in town.olivia.do("suggest", value="pract", **ask)["options"]] == ["S0PRACTICE"]
    known = {"action_id": "invite.cohorts", "block_id": "cohorts", "view_id": form["id"]}
    assert [o["value"] for o in town.olivia.do("suggest", value="autumn", **known)["options"]] == ["1"]
    outcome = town.olivia.submit(cohorts=["1"], groups=["S0PRACTICE"], terms=["enrolled", "only"])
    assert outcome["outcome"] == "closed", outcome
    letter = town.amelie.sees("Langage clair")
    assert ("rsvp.going", str(event.id)) in action_ids(letter)
    town.ben.sees("You are enrolled in *Plain language*")
    town.olivia.sees("2 people are invited to *Plain language* and told.")
    town.amelie.click(letter, "rsvp.going")
    town.amelie.sees("Votre participation")

    # Sam is not on the list: he asks, an organizer lets him in, and a second decision finds the first.
    town.sam.click(town.card(event.id), "rsvp.going", channel="general")
    town.sam.sees("This event is for those invited.", "general")
    town.sam.click(town.card(event.id), "event.open", channel="general")
    opened = town.sam.sees_view("guest.ask")
    assert "rsvp.going" not in texts(opened)
    town.sam.click(opened["id"], "guest.ask")
    town.sam.sees_view("I asked the organizers")
    request = town.olivia.sees("Sam Whitfield is not on the list")
    town.olivia.click(request, "guest.approve")
    town.olivia.sees("Sam Whitfield may come and is told.")
    welcome = town.sam.sees("You may come to *Plain language*")
    town.sam.click(welcome, "rsvp.going")
    town.sam.sees("You are going to *Plain language*")
    town.press_by_hand(town.olivia, "guest.decline", "1")
    town.olivia.sees("Somebody has decided on this guest already.", "general")

    # Sam asks to be told; the facilitator attaches the notes, and he alone hears of them.
    town.sam.click(town.sam.sees_view("material.open")["id"], "material.open")
    town.sam.click(town.sam.sees_view("material.wish")["id"], "material.wish")
    town.sam.sees_view("You will be told once")
    town.francois.click(town.card(event.id), "event.open", channel="general")
    town.francois.click(town.francois.sees_view("material.open")["id"], "material.open")
    town.francois.click(town.francois.sees_view("material.add")["id"], "material.add")
    town.francois.sees_view("material.link")
    town.francois.submit(kind="notes", title="Notes <!here>", link="https://example.org/notes")
    town.francois.sees_view("https://example.org/notes")
    assert "&lt;!here&gt;" in texts(town.sam.sees("There is something new on"))
    assert not [m for m in town.ben.messages() if "something new" in texts(m)]

    # What was attached is corrected and taken away, by who may attach; nobody is told a second time.
    told = len([m for m in town.sam.messages() if "something new" in texts(m)])
    town.francois.click(town.francois.sees_view("material.change")["id"], "material.change")
    filled = town.francois.sees_view("material.remove")
    assert "Notes <!here>" in str(filled)
    assert "link" in town.francois.submit(link="javascript:alert(1)")["errors"]
    town.francois.submit(kind="recording", title="The recording", link="https://example.org/film")
    changed = town.francois.sees_view("https://example.org/film")
    assert "https://example.org/notes" not in texts(changed)
    town.francois.click(changed["id"], "material.change")
    town.francois.click(town.francois.sees_view("material.remove")["id"], "material.remove")
    town.francois.sees_view("Rien n’est encore joint")
    assert len([m for m in town.sam.messages() if "something new" in texts(m)]) == told == 1

    # Whoever joins the cohort later is invited too; without the scope user groups are not to be had.
    newcomer = town.olivia.command("cohorts")
    assert "1 person" in texts(newcomer["response"])
    town.olivia.click(town.olivia.sees("2026-A", "general"), "cohort.open", channel="general")
    town.olivia.click(town.olivia.sees_view("cohort.people")["id"], "cohort.people")
    town.olivia.sees_view("cohort.people.add")
    town.olivia.submit(add=[town.francois.id], remove=[town.amelie.id])
    town.olivia.sees_view("1 person was added. 1 person was removed.")
    eventually(lambda: any("Langage clair" in texts(m) for m in town.francois.messages()), what="his invitation")
    # Who is in a channel is asked when it is invited, not before the form is answered, and what came of it is told.
    with town.bot.database.begin() as session:
        session.execute(delete(ChannelMember))
    channel = {"channels": ["C0GENERAL1"]}
    town.workspace.post("/faults", method="conversations.members", kind="error", error="not_in_channel", times=1)
    town.olivia.click(confirmation, "event.open")
    town.olivia.click(town.olivia.sees_view("event.invite")["id"], "event.invite")
    town.olivia.sees_view("invite.people")
    assert town.olivia.submit(**channel)["outcome"] == "closed"
    town.olivia.sees("Slack does not tell me who is in one of these channels")
    town.workspace.post("/faults", method="conversations.members", kind="ratelimited", retry_after=1, times=1)
    town.olivia.click(town.olivia.sees_view("event.duplicate")["id"], "event.invite")
    town.olivia.sees_view("invite.people")
    assert town.olivia.submit(**channel)["outcome"] == "closed"
    town.olivia.sees("Slack does not answer me just now")
    town.olivia.click(town.olivia.sees_view("event.duplicate")["id"], "event.invite")
    town.olivia.sees_view("invite.people")
    assert town.olivia.submit(**channel)["outcome"] == "closed"
    town.olivia.sees("1 person is invited to *Plain language* and told.")

    town.workspace.post("/faults", method="usergroups.list", kind="error", error="missing_scope", times=1)
    town.olivia.click(town.olivia.sees_view("event.duplicate")["id"], "event.invite")
    form = town.olivia.sees_view("invite.people")
    assert town.olivia.do("suggest", value="", **ask | {"view_id": form["id"]})["options"] == []
