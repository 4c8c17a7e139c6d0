"""A list of people taken into cohorts: all or nothing, once, with whoever is new invited and told."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from community import cohort_lists, cohorts, invitations
from community.cohorts import CohortDraft
from community.errors import NotAllowed
from community.group_records import Cohort
from community.records import Member
from delivery.records import Outbox
from runtime import cohort_import
from storage import Database
from tests.town import NOW, Town


def founded(town: Town, code: str = "2027-A") -> Cohort:
    with town.database.begin() as session:
        return cohorts.create(session, town.organizer, CohortDraft(code, "Winter", "Hiver"), NOW)


def inside(town: Town, cohort: Cohort) -> list[tuple[str, str | None, int | None]]:
    with town.database.read() as session:
        members = cohorts.members(session, session.get_one(Cohort, cohort.id))
        return [(member.name, member.department, member.supervisor_id) for member in members]


def test_a_list_adds_describes_invites_and_again_changes_nothing(town: Town, tmp_path: Path) -> None:
    cohort, event = founded(town), town.event()
    amelie, ben, chief = (town.person(name) for name in ("Amélie", "Ben", "Chief"))
    with town.database.begin() as session:
        held = invitations.open_for(session, town.organizer, event.id, NOW)
        invitations.for_cohort(session, held, cohort.id, enrolled=True)
    path = tmp_path / "people.csv"
    path.write_text(
        "\ufeffperson;cohort;department;supervisor\n"
        f"{amelie.slack_user_id};2027-A;Health;{str(chief.email).upper()}\n"
        f"{ben.email};2027-A;;\n",
        encoding="utf-8",
    )

    def run(*, dry_run: bool = False) -> tuple[int, int, int]:
        taken, problems = cohort_import.run(town.database, town.id, path, NOW, dry_run=dry_run)
        assert problems == []
        return taken.newcomers, len(taken.described), taken.unchanged

    assert run(dry_run=True) == (2, 1, 0)
    assert inside(town, cohort) == []
    assert run() == (2, 1, 0)
    assert inside(town, cohort) == [("Amélie", "Health", chief.id), ("Ben", None, None)]
    with town.database.read() as session:
        told = select(Outbox.user).where(Outbox.community_id == town.id, Outbox.subject == f"event:{event.id}")
        assert set(session.scalars(told)) == {amelie.slack_user_id, ben.slack_user_id}
    assert run() == (0, 0, 2)

    # A column that is not there leaves what is known, and so does a line that ends early; an empty one takes it away.
    path.write_text(f"person,cohort\n{amelie.email},2027-A\n", encoding="utf-8")
    assert run() == (0, 0, 1)
    path.write_text(f"person,cohort,department,supervisor\n{amelie.email},2027-A\n", encoding="utf-8")
    assert run() == (0, 0, 1)
    path.write_text(f"person,cohort,department\n{amelie.email},2027-A,\n", encoding="utf-8")
    assert run() == (0, 1, 0)
    assert inside(town, cohort)[0] == ("Amélie", None, chief.id)

    # Who is not in the list stays and is named, until the list is said to be whole.
    kept, _ = cohort_import.run(town.database, town.id, path, NOW, dry_run=False)
    assert [(of.code, [one.name for one in those]) for of, those in kept.missing] == [("2027-A", ["Ben"])]
    assert (kept.removed, [name for name, _, _ in inside(town, cohort)]) == (0, ["Amélie", "Ben"])
    tried, _ = cohort_import.run(town.database, town.id, path, NOW, dry_run=True, whole=True)
    assert (tried.removed, len(inside(town, cohort))) == (1, 2)
    assert [one.name for _, those in tried.missing for one in those] == ["Ben"]
    cohort_import.run(town.database, town.id, path, NOW, dry_run=False, whole=True)
    assert [name for name, _, _ in inside(town, cohort)] == ["Amélie"]
    with town.database.read() as session:
        assert ben.id not in invitations.enrolled(session, event), "invited still, but not expected without a reply"


def test_who_is_in_two_cohorts_of_a_list_is_described_by_any_line_that_does_so(town: Town, tmp_path: Path) -> None:
    founded(town)
    founded(town, "2027-B")
    ben, path = town.person("Ben"), tmp_path / "people.csv"
    path.write_text(
        f"person,cohort,department\n{ben.email},2027-A,Health\n{ben.slack_user_id},2027-B\n", encoding="utf-8"
    )
    for newcomers, described in ((2, 1), (0, 0)):
        taken, problems = cohort_import.run(town.database, town.id, path, NOW, dry_run=False)
        assert (taken.newcomers, len(taken.described), problems) == (newcomers, described, [])


def test_with_one_problem_nothing_is_taken_in_and_each_is_named_by_its_line(town: Town, tmp_path: Path) -> None:
    cohort = founded(town)
    founded(town, "2027-B")
    ben, bot = town.person("Ben"), town.person(is_bot=True)
    twins = town.people(2)
    with town.database.begin() as session:
        for twin in twins:
            session.get_one(Member, twin.id).email = "twin@example.org"
    stranger = Town(town.database).person("Elsewhere")
    path = tmp_path / "people.csv"
    path.write_text(
        "\n".join(
            [
                "person,cohort,department,supervisor",
                f"{ben.email},2027-A,,",
                f"{ben.slack_user_id},2027-A,,",
                "nobody@example.org,2027-A,,",
                f"{ben.email},2099-Z,,",
                f"{bot.slack_user_id},2027-A,,",
                f"{stranger.email},2027-A,,",
                "twin@example.org,2027-A,,",
                f"{ben.email},2027-A,=1+1,",
                ",2027-A,,",
                "short",
                f"{ben.email},2027-B,Health,",
            ]
        ),
        encoding="utf-8",
    )
    taken, problems = cohort_import.run(town.database, town.id, path, NOW, dry_run=False)
    said = {problem.line: problem.sentence for problem in problems}
    assert sorted(said) == [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    assert "in this list twice" in said[3]
    assert all("Nobody here has" in said[line] for line in (4, 6, 7))
    assert "no cohort with the code “2099-Z”" in said[5]
    assert "Several people" in said[8]
    assert "holds a formula" in said[9]
    assert "cannot be empty" in said[10]
    assert "says something else of" in said[12]
    assert said[12].startswith("department")
    assert taken.newcomers == 0
    assert inside(town, cohort) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_column_missing"),
        (b"person,cohort\n", "empty"),
        ("person,cohort\nAmélie,A".encode("latin-1"), "file_not_utf8"),
        (b"person,cohort,age\n", "file_column_unknown"),
        (b"x" * 5_000_001, "file_too_large"),
        (b"person,cohort\n" + b"=x,<!channel>\n" * 3_000, "file_lines"),
    ],
)
def test_what_is_no_list_is_refused_as_a_whole(town: Town, content: bytes, code: str) -> None:
    with town.database.read() as session:
        lines, troubles = cohort_lists.read(session, town.organizer, content)
    assert lines == []
    assert troubles[-1].error.code == code


def test_a_list_for_one_cohort_names_no_other_and_only_organizers_read_one(town: Town, database: Database) -> None:
    cohort, ben = founded(town), town.person("Ben")
    founded(town, "2027-B")
    content = f"person\tcohort\n{ben.email}\t2027-B\n".encode()
    with database.read() as session:
        assert (
            cohort_lists.read(session, town.organizer, content, cohort=cohort)[1][0].error.code == "file_other_cohort"
        )
        lines, troubles = cohort_lists.read(session, town.organizer, f"person\n{ben.email}".encode(), cohort=cohort)
        assert (len(lines), troubles) == (1, [])
        with pytest.raises(NotAllowed):
            cohort_lists.read(session, ben, content)
