"""Logs: one JSON object a line, and never a token in one."""

from __future__ import annotations

import json
import logging

import pytest
import structlog
from slack_bolt import App
from slack_sdk import WebClient

from runtime import logs

BOT_TOKEN = "xoxb-111-222-abcDEF"


pytestmark = pytest.mark.usefixtures("logs_restored")


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_log_line_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("INFO", "json")
    structlog.get_logger("praxis.test").info("event.created", id=7)
    (line,) = lines(capsys)
    assert (line["event"], line["id"], line["level"], line["logger"]) == ("event.created", 7, "info", "praxis.test")


@pytest.mark.parametrize("form", ["json", "console"])
def test_tokens_never_reach_a_log(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("DEBUG", form, secrets=["signing-secret-value"])
    own = structlog.get_logger("praxis.test")
    own.info("a", token=BOT_TOKEN, nested={"deep": [f"Bearer {BOT_TOKEN}"]}, secret="signing-secret-value")
    own.info(f"connected with xapp-1-{'A' * 10}")
    logging.getLogger("some.library").warning("failed for %s at %s", BOT_TOKEN, "postgresql://me:pass@host/db")
    try:
        raise ValueError(f"bad {BOT_TOKEN}")
    except ValueError:
        own.exception("b")
    shown = capsys.readouterr().err
    assert shown.count(logs.HIDDEN) >= 6
    for secret in ("xoxb-", "xapp-", "signing-secret-value", "pass@"):
        assert secret not in shown


def test_a_trace_says_where_it_failed_and_not_what_people_wrote(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(form="json")
    written = " ".join(("what", "Ann", "wrote"))
    try:
        try:
            int(written)
        except ValueError as error:
            raise KeyError(written) from error
    except KeyError:
        structlog.get_logger("own").exception("a")
        logging.getLogger("theirs").exception("b")
    told = capsys.readouterr().err
    assert written not in told
    assert [line.count("test_logs.py") for line in told.splitlines()] == [2, 2]
    assert told.count("Traceback") == 4
    assert told.count("ValueError") == told.count('KeyError"') == 2


def test_what_libraries_complain_of_while_all_is_well_is_left_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logs.configure("INFO", "json")
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT_TOKEN)  # Bolt looks there by itself
    bolt = logging.getLogger("slack_bolt")
    App(logger=bolt, client=WebClient(BOT_TOKEN), signing_secret="s", token_verification_enabled=False)
    logging.getLogger("websocket").error("Connection closed normally (code 1000) - goodbye")
    bolt.warning("something else")
    assert [line["event"] for line in lines(capsys)] == ["something else"]
