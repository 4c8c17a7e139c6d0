"""The programme report as an organizer uses it: shown, opened, narrowed down, sent; closed to everybody else."""

from __future__ import annotations

import io
import json

from pypdf import PdfReader

from community.records import Member
from reports import certificate
from runtime import sample_year
from tests.kit import Person, eventually, texts
from tests.scenario.events_kit import Town, town_on_each

__all__ = ["town_on_each"]  # the fixture of the test here


def files(town: Town, who: Person, name: str) -> bytes:
    """The bytes of the newest file of this name in the person's messages."""

    def look() -> dict:  # type: ignore[type-arg]
        found = [f for m in who.messages() for f in m.get("files", ()) if f["name"] == name]
        return found[-1] if found else {}

    file = eventually(look, within=60, what=name)
    return town.workspace.http.get(file["url_private"]).content


def test_an_organizer_sees_opens_narrows_down_and_takes_along_the_report(town_on_each: Town) -> None:
    town = town_on_each
    drawn = town.bot.database.is_sqlite  # pictures are the same on both engines, and take their time
    assert sample_year.load(town.bot.database, town.bot.services.community_id)
    shown = town.olivia.command("report")["response"]
    said = texts(shown)
    for words in ("*82%* Attendance at learning", "*90%* Learning", "*80%* Attendance at action", "*95%* Action"):
        assert words in said
    assert "205 came, of 250 expected" in said
    assert "Sample data" in said
    card = town.olivia.sees("Sample data", "general")

    town.olivia.click(card, "report.open", next(_values(shown, "report.open")), channel="general")
    opened = texts(town.olivia.sees_view("Denominator: 250"))
    assert "26 of them excused: not counted" in opened
    assert "(sample) (2 times)" in opened
    assert "2025-09-10 From data to decisions (sample): 85% (17 of 20)" in opened

    # A department of one or two: attendance is there, what they answered is not, and the report says so.
    town.olivia.click(card, "report.choose", next(_values(shown, "report.choose")), channel="general")
    chooser = town.olivia.sees_view("report.department")

    def offered(who: Person, action_id: str, typed: str, view: dict) -> list[str]:  # type: ignore[type-arg]
        ask = {"action_id": action_id, "block_id": action_id.partition(".")[2], "view_id": view["id"], "value": typed}
        return [one["value"] for one in who.do("suggest", **ask)["options"]]

    (department,) = offered(town.olivia, "report.department", "agri-food", chooser)
    assert offered(town.olivia, "report.series", "", chooser)[0] == "all"
    assert "before the first" in str(town.olivia.submit(since="2026-05-01", until="2026-04-01"))
    town.olivia.submit(since="2025-09-01", until="2026-08-31", department=department)
    narrowed = texts(town.olivia.sees("Agriculture and Agri-Food Canada"))
    assert "0 agree, of 0 who answered" in narrowed
    assert "too small to be told apart" in narrowed
    assert "What supervisors see, in the whole programme" in narrowed

    kinds = (("csv", b"\xef\xbb\xbfby,name"), ("png", b"\x89PNG"), ("pdf", b"%PDF"))
    for form, start in kinds if drawn else kinds[:1]:
        town.olivia.click(card, f"report.file.{form}", next(_values(shown, f"report.file.{form}")), channel="general")
        assert files(town, town.olivia, f"report.{form}").startswith(start), form
    if drawn:
        (page,) = PdfReader(io.BytesIO(files(town, town.olivia, "report.pdf"))).pages
        text = page.extract_text()
        assert "82%" in text
        assert "45 of those asked did not answer" in text
        picture = next(f for m in town.olivia.messages() for f in m.get("files", ()) if f["name"] == "report.png")
        assert "Attendance at learning events: 82%" in json.dumps(picture)

    # A certificate for somebody who has earned it; for somebody who has not, the reason at the name.
    made = texts(town.olivia.command("certificate")["response"])
    assert "No series that you were expected at" in made
    card = town.olivia.sees("No series that you were expected at", "general")
    town.olivia.click(card, "certificate.choose", channel="general")
    maker = town.olivia.sees_view("Make it")
    with town.bot.database.read() as session:
        series, people = certificate.takers(session, town.bot.services.community_id, "en")
        series_id = next(number for number, name in series if name.startswith("Learning"))
        found = [
            record
            for member_id, _ in people
            for record in certificate.records(session, session.get_one(Member, member_id), "en")
            if record.series_id == series_id
        ]
    enough = next(record.member for record in found if record.earned)
    too_few = next(record.member for record in found if not record.earned)
    for one in (enough, too_few):
        assert offered(town.olivia, "certificate.member", one.name, maker) == [str(one.id)]
    assert offered(town.olivia, "certificate.series", "learning", maker) == [str(series_id)]
    assert "A certificate takes 80 %" in str(town.olivia.submit(series=str(series_id), member=str(too_few.id)))
    town.olivia.submit(series=str(series_id), member=str(enough.id))
    (sheet,) = PdfReader(io.BytesIO(files(town, town.olivia, "certificate.pdf"))).pages
    assert enough.name in sheet.extract_text()

    # Nobody else sees any of it.
    town.ben.command("report")
    assert "Only organizers" in texts(town.ben.sees("Only organizers", "general"))
    town.press_by_hand(town.ben, "report.open", "learning_event.attendance|{}")
    # Waited for: what is still being looked up must not outlive the database.
    eventually(
        lambda: sum("Only organizers" in texts(m) for m in town.ben.messages("general")) == 2, what="a second refusal"
    )
    assert town.ben.view() is None


def _values(message: dict, action_id: str):  # type: ignore[no-untyped-def, type-arg]
    """Values of the buttons of this id."""
    for block in message["blocks"]:
        for element in [block.get("accessory") or {}, *(block.get("elements") or ())]:
            if element.get("action_id") == action_id:
                yield element["value"]
