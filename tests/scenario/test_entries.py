"""Entries that come in while the bot runs."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from knowledge import files
from runtime.process import Process
from settings import ROOT
from storage import Database
from tests.kit import Person, Workspace, eventually


def test_running_bot_answers_from_entries_that_are_imported_meanwhile(
    start_bot: Callable[..., Process],
    workspace: Workspace,
    prepared: Path,
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{shutil.copy(prepared, tmp_path / 'praxis.db')}"
    bot = start_bot(url)
    answers = bot.services.answers
    assert answers
    eventually(lambda: answers.ready, what="the first reading of the entries")
    example = re.search(r"```markdown\n(---\n.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert example
    (tmp_path / "parking.md").write_text(example[1], encoding="utf-8")
    entries, _ = files.read_folder(tmp_path, known=["course-registration"])

    elsewhere = Database(url)
    try:
        with elsewhere.begin() as session:
            files.import_entries(session, bot.services.community_id, entries, datetime.now(UTC))
    finally:
        elsewhere.close()

    eventually(lambda: answers.show("parking", "en"), what="the new entry")
    ben = Person(workspace, "ben")
    ben.say("is there parking at the training centre?")
    ben.sees("free parking behind the building")
