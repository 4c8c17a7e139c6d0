"""Lists of participants as the meeting programs write them, and what is none."""

from __future__ import annotations

import random

import pytest

from community import meeting_files
from community.errors import Invalid
from community.meeting_files import Attendee, read, seconds_of

TEAMS = (
    "1. Summary\r\nMeeting title\tLangage clair\r\nAttended participants\t2\r\n\r\n2. Participants\r\n"
    "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole\r\n"
    "Amélie Côté\t11/22/26, 9:00:03 AM\t11/22/26, 10:00:00 AM\t59m 57s\tamelie@example.org\ta@x.org\tOrganizer\r\n"
    "Nakamura, Ben (Guest)\t11/22/26, 9:10:03 AM\t11/22/26, 9:20:00 AM\t9m 57s\t\t\tPresenter\r\n"
    "\r\n3. In-Meeting Activities\r\nName\tJoin Time\tLeave Time\tDuration\tEmail\tRole\r\n"
    "Amélie Côté\tx\ty\t59m\t\t\r\n"
)
ZOOM = (
    '"Name (Original Name)","User Email","Join Time","Leave Time","Duration (Minutes)","Guest"\n'
    '"Ann Martin","ann@example.org","11/22/2026 09:00:00 AM","","31","No"\n'
    '"Ann Martin","ann@example.org","11/22/2026 09:40:00 AM","","20","No"\n"=1+2","","","","5","Yes"\n'
)
FRENCH = "Nom complet;Heure d’arrivée;Durée;Adresse de courriel\nLuc Roy;9 h;1 h 2 min;LUC@example.org\n"


def test_lists_of_the_usual_programs_are_read() -> None:
    teams = [Attendee("Amélie Côté", "amelie@example.org", 59), Attendee("Nakamura, Ben (Guest)", None, 9)]
    for encoded in (TEAMS, TEAMS.encode("utf-16"), TEAMS.encode("utf-8-sig"), TEAMS.encode("cp1252")):
        assert read(encoded) == teams
    assert read(ZOOM) == [Attendee("Ann Martin", "ann@example.org", 51), Attendee("=1+2", None, 5)]
    assert read(FRENCH.encode("cp1252")) == [Attendee("Luc Roy", "luc@example.org", 62)]


def test_name_and_minutes_in_every_line_will_do() -> None:
    assert read("Ann Martin, 55\nRoy, Luc\t1:02:03\n\n“?”;;\n") == [
        Attendee("Ann Martin", None, 55),
        Attendee("Roy, Luc", None, 62),
    ]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("62", 3720),
        ("62,5", 3750),
        ("62 min", 3720),
        ("1h 2m 3s", 3723),
        ("1 h 2 min", 3720),
        ("2 heures et 5 minutes", 7500),
        ("1:02:03", 3723),
        ("05:30", 330),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("9" * 40, None),
    ],
)
def test_a_length_is_read_in_each_way_it_is_written(text: str, seconds: int | None) -> None:
    assert seconds_of(text) == seconds


def test_what_is_no_list_is_refused_with_a_reason() -> None:
    dice = random.Random(7)  # noqa: S311  # the same nonsense each time
    nonsense = "\n".join("".join(chr(dice.randrange(33, 900)) for _ in range(20)) for _ in range(100_000))
    people = "Name,Duration\n" + "\n".join(f"Person {n},10" for n in range(100_000))
    cases: list[tuple[str | bytes, str]] = [
        ("", "meeting_form"),
        ("\0\0\0", "meeting_form"),
        ("Name,Duration\n", "meeting_form"),
        ('"never closed\nName,Duration', "meeting_form"),
        (bytes(dice.randrange(256) for _ in range(50_000)), "meeting_form"),
        (nonsense[:4_000_000], "meeting_form"),
        (people, "meeting_people"),
        ("x" * (meeting_files.MOST_BYTES + 1), "meeting_large"),
    ]
    for content, code in cases:
        with pytest.raises(Invalid, match=f"^{code}$") as caught:
            read(content)
        assert caught.value.field == "text"
