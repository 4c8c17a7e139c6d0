"""Attendance as people live it: reminded, asked in, checking in by button and by code, late, absent, corrected."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from community import codes
from community.records import AttendanceChange, Status
from tests.kit import Person, action_ids, eventually, texts
from tests.scenario.attendance_kit import go, going, statuses
from tests.scenario.events_kit import Town, town, town_on_each

__all__ = ["town", "town_on_each"]  # the fixtures of the tests here

MINUTE = timedelta(minutes=1)


def _bens_clock(town: Town, minutes: int) -> str:
    """What a clock in Vancouver shows so many minutes after the event's start."""
    moment = (town.event().starts_at + minutes * MINUTE).astimezone(ZoneInfo("America/Vancouver"))
    return f"{moment.hour % 12 or 12}:{moment:%M}"


def _again(town: Town, message: dict[str, Any]) -> dict[str, Any]:
    """The message in Olivia's conversation as it is now."""
    return next(m for m in town.olivia.messages() if m["ts"] == message["ts"])


def _turned(town: Town, card: dict[str, Any]) -> str | None:
    """The digits on the card once they are others than it showed first."""
    shown = _again(town, card)
    first, now = (str(m["blocks"][0]["text"]["text"]) for m in (card, shown))
    return now if now != first else None


def test_from_the_reminder_to_the_corrected_roster(town: Town) -> None:
    start = town.start(days=3)
    card = town.plan(start)
    event = town.event()
    go(town, card, town.amelie, town.ben, town.francois, town.sam)

    # By itself: a day before, an hour before, and the call to check in at the start.
    town.go_to(start - timedelta(days=1))
    town.amelie.sees("Langage clair")
    town.ben.sees("Plain language")
    town.go_to(start - timedelta(hours=1))
    town.go_to(start)
    prompt = town.ben.sees("It is time to check in: *Plain language*.")
    eventually(lambda: ("checkin.button", str(event.id)) in action_ids(town.card(event.id)), what="the card's button")
    running = town.card(event.id)
    assert running["ts"] == card["ts"]

    # Ben presses the button, twice; François types the code that the organizer shows.
    town.ben.click(prompt, "checkin.button")
    town.ben.sees(f"You are recorded as present at *Plain language*: {_bens_clock(town, 0)}")
    town.go_to(start + MINUTE)
    town.ben.click(prompt, "checkin.button")
    town.ben.sees(f"You were already recorded as present at *Plain language*: {_bens_clock(town, 0)}")
    town.olivia.command("events")
    town.olivia.click(town.olivia.sees("Show the code", "general"), "event.code", channel="general")
    town.olivia.sees_view("Check-in code of")
    shown = town.olivia.sees("Code de présence de l’activité")
    town.go_to(start + MINUTE + timedelta(seconds=31))
    turned = eventually(lambda: _turned(town, shown), what="the next code on the card")
    town.francois.click(running, "checkin.enter", channel="general")
    town.francois.sees_view("Les six chiffres")
    assert "Un code de présence compte six chiffres" in str(town.francois.submit(code="12")["errors"])
    town.francois.submit(code=turned)
    known = town.francois.sees_view("Votre présence")
    assert "Votre présence à l’activité *Langage clair* est consignée" in texts(known)

    # Amélie presses the card's button after the time from which people are late.
    town.go_to(start + 11 * MINUTE)
    town.amelie.click(running, "checkin.button", channel="general")
    late = town.amelie.sees("Votre arrivée en retard à l’activité *Langage clair* est consignée", "general")
    assert "9 h 11" in texts(late)
    assert statuses(town) == {"Ben": "present", "François": "present", "Amélie": "late"}

    # At the end Sam, who said yes, is absent.
    town.go_to(event.ends_at)
    eventually(lambda: statuses(town).get("Sam") == "absent", what="the close")
    eventually(
        lambda: action_ids(town.card(event.id)) == [("event.open", str(event.id))], what="a card without buttons"
    )
    town.sam.click(town.sam.sees("It is time to check in"), "checkin.button")
    town.sam.sees("Check-in to “Plain language” is closed, because the event is over.")

    # One tap in the organizer's summary; then the facilitator corrects: Sam had an excuse; and Olivia was there.
    summary = town.olivia.sees("*Recorded as absent.*")
    town.olivia.click(summary, "roster.was_there", f"{event.id}:{town.member(town.sam).id}:present")
    eventually(lambda: statuses(town)["Sam"] == "present", what="the correction")
    eventually(lambda: "Recorded as absent" not in texts(_again(town, summary)), what="the summary as it is now")
    town.francois.click(town.card(event.id), "event.open", channel="general")
    eventually(lambda: (town.francois.view() or known)["id"] != known["id"], what="the event's window")
    details = town.francois.sees_view("roster.open")
    town.francois.click(details["id"], "roster.open")
    roster = town.francois.sees_view("Absences")
    sam = town.member(town.sam)
    town.francois.do(
        "click",
        view_id=roster["id"],
        action_id="roster.status",
        block_id=f"roster:{sam.id}:present",
        value=f"{event.id}:{sam.id}:excused",
        values={"why": "Mission imprévue <!channel>"},
    )
    excused = town.francois.sees_view("Modifié par François Lavoie")
    assert "« Mission imprévue &lt;!channel&gt; »" in texts(excused).replace("\u00a0", " ")
    assert "Absences justifiées\u00a0: 1." in texts(excused)
    eventually(lambda: "1 person is excused." in texts(_again(town, summary)), what="the summary after the roster")
    town.francois.click(excused["id"], "roster.add", town.olivia.id)
    town.francois.sees_view("Présence consignée pour Olivia Bennett.")
    assert statuses(town) == {
        "Ben": "present", "François": "present", "Amélie": "late", "Sam": "excused", "Olivia": "present",
    }  # fmt: skip
    with town.bot.database.read() as session:
        changes = session.scalars(select(AttendanceChange).where(AttendanceChange.member_id == sam.id)).all()
        assert [(c.before, c.after) for c in changes] == [
            (None, Status.absent),
            (Status.absent, Status.present),
            (Status.present, Status.excused),
        ]
        assert (changes[2].changed_by_id, changes[2].reason) == (
            town.member(town.francois).id,
            "Mission imprévue <!channel>",
        )
        theirs = select(AttendanceChange.reason).where(AttendanceChange.member_id == town.member(town.olivia).id)
        assert session.scalars(theirs).all() == [None], "what was said of Sam is said of nobody else"
    town.francois.click(excused["id"], "roster.history", str(event.id))
    history = texts(town.francois.sees_view("Par bouton.")).replace("\u00a0", " ")
    for said in (f"*{sam.name}* : Présence, puis Absence justifiée", "Par bouton.", "Par code.", "Olivia Bennett"):
        assert said in history


def test_codes_that_do_not_open_the_event_say_why(town: Town) -> None:
    start = town.start(days=2)
    town.plan(start)

    def code() -> str:
        return codes.shown(town.event(), town.now).digits

    def answer(rest: str, word: str = "checkin", who: Person | None = None) -> str:
        return str((who or town.ben).command(f"{word} {rest}".strip())["response"]["text"])

    assert answer("") == "Type the six digits that are shown at the event, for example `/praxis checkin 482915`."
    for form in ("48211", "abcdef", "<!channel>", "'; DROP TABLE event;--", "4 8", "٤٨٢"):
        assert answer(form) == "A check-in code has six digits, such as 482 915. Please type it again.", form
    town.go_to(start - timedelta(hours=1))
    wrong = f"{(int(code()) + 1) % 1_000_000:06}"
    assert answer(wrong).startswith("This code is not right.")
    assert answer(code()).startswith("This is the code of “Plain language”, but it is too early")
    town.go_to(start)
    old = code()
    town.go_to(start + 2 * MINUTE)
    assert answer(old).startswith("This code is no longer valid")
    town.go_to(start + timedelta(minutes=61))
    assert answer(code()).startswith("This is the code of “Plain language”, but check-in is closed.")
    assert "code" in answer(code(), "présence", town.amelie)
    assert statuses(town) == {}
    # Guessing is slowed down, whatever comes next.
    for _ in range(5):
        last = answer(wrong)
    assert "too many wrong codes" in answer(wrong) or "too many wrong codes" in last


def test_too_early_is_said_then_by_code_at_home_and_in_the_details_each_check_in_is_seen(town: Town) -> None:
    start = town.start(days=2)
    card = town.plan(start)
    town.press_by_hand(town.ben, "checkin.button", str(town.event().id))
    early = town.ben.sees("It is too early to check in to “Plain language”", "general")
    assert _bens_clock(town, -15) in texts(early)
    assert statuses(town) == {}

    # Typed with spaces; the first time is kept.
    town.go_to(start - 15 * MINUTE)
    code = codes.shown(town.event(), town.now).digits
    first = town.ben.command(f"checkin {code[:3]} {code[3:]}")["response"]["text"]
    assert first.startswith(f"You are recorded as present at *Plain language*: {_bens_clock(town, -15)}")
    town.go_to(start)
    town.amelie.home()
    town.amelie.click("home", "checkin.button")
    eventually(
        lambda: "Feuille de présence\u00a0: Présence." in texts(town.workspace.get("/people/amelie/home")["view"]),
        what="the check-in at Home",
    )
    town.sam.click(card, "event.open", channel="general")
    details = town.sam.sees_view("checkin.button")
    town.sam.click(details["id"], "checkin.button")
    seen = town.sam.sees_view("You are recorded as present")
    assert "checkin.button" not in dict(action_ids(seen))
    town.go_to(start + 30 * MINUTE)
    code = codes.shown(town.event(), town.now).digits
    again = town.ben.command(f"checkin {code}")["response"]["text"]
    assert again.startswith(f"You were already recorded as present at *Plain language*: {_bens_clock(town, -15)}")


def test_excusing_oneself_ahead_and_how_people_check_in(town_on_each: Town) -> None:
    town = town_on_each
    start = town.start(days=2)
    card = town.plan(start)
    event = town.event()
    go(town, card, town.amelie, town.ben)
    town.amelie.click(card, "event.open", channel="general")
    details = town.amelie.sees_view("excuse.write")
    town.amelie.click(details["id"], "excuse.write")
    town.amelie.sees_view("excuse.give")
    town.amelie.submit(reason="Rendez-vous <!channel>")
    town.amelie.sees_view("Merci d’avoir prévenu")
    assert statuses(town) == {"Amélie": "excused"}
    eventually(lambda: going(town) == 1, what="the seat on the card")
    # Why is for those who run the event, and it stays text.
    town.francois.click(card, "event.open", channel="general")
    town.francois.click(town.francois.sees_view("roster.open")["id"], "roster.open")
    roster = texts(town.francois.sees_view("A prévenu à l’avance."))
    assert "Rendez-vous &lt;!channel&gt;" in roster
    town.ben.click(card, "event.open", channel="general")
    assert "Rendez-vous" not in texts(town.ben.sees_view("event.details"))

    town.olivia.click(card, "event.open", channel="general")
    town.olivia.click(town.olivia.sees_view("checkin.settings")["id"], "checkin.settings")
    town.olivia.sees_view("Keep this")
    assert "0 to 1,440" in str(town.olivia.submit(opens="5000")["errors"])
    town.olivia.submit(opens="30", late="0", nudge="", button="no", points_present="3")
    town.olivia.sees_view("is set as you chose")
    chosen = town.event()
    assert (chosen.check_in_opens_minutes, chosen.late_after_minutes, chosen.nudge_after_minutes) == (30, 0, None)
    town.go_to(start - 20 * MINUTE)
    town.press_by_hand(town.ben, "checkin.button", str(event.id))
    town.ben.sees("takes place in a room", "general")
    code = codes.shown(chosen, town.now).digits
    assert town.ben.command(f"checkin {code}")["response"]["text"].startswith("You are recorded as present")


def test_a_meetings_list_is_pasted_and_the_unsure_are_asked(town: Town) -> None:
    start = town.start(days=2)
    card = town.plan(start, minutes="60")
    go(town, card, town.amelie, town.ben)
    town.go_to(start + 30 * MINUTE)
    town.francois.click(card, "event.open", channel="general")
    town.francois.click(town.francois.sees_view("roster.open")["id"], "roster.open")
    town.francois.click(town.francois.sees_view("meeting.paste")["id"], "meeting.paste")
    town.francois.sees_view("ligne d’en-tête")
    assert "Je n’y trouve pas de noms" in str(town.francois.submit(text="Bonjour")["errors"])
    sure = town.member(town.amelie).name.upper()
    town.francois.submit(text=f"Nom;Durée\n{sure};58 min\nBenji Nakamoura;59\n<!channel>;3\n")
    asked = town.francois.sees_view("Qui est-ce?")
    assert "1 présence est consignée" in texts(asked)
    assert "&lt;!channel&gt;" in texts(asked)
    assert statuses(town) == {"Amélie": "present"}
    (block,) = [b["block_id"] for b in asked["blocks"] if str(b.get("block_id")).startswith("who:")]
    town.francois.submit(**{block: str(town.member(town.ben).id)})
    eventually(lambda: statuses(town) == {"Amélie": "present", "Ben": "present"}, what="Ben")
