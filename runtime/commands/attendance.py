"""`bot.py attendance …`: attendance from files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from runtime.command_line import PROBLEMS, USAGE, fail, reporting, say, there

app = typer.Typer(help="Attendance.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keeps the group's name while it has one command."""


@app.command("import")
def import_(
    event: Annotated[str, typer.Argument(metavar="EVENT", help="The event: its number, or its day as 2027-01-11")],
    path: Annotated[Path, typer.Argument(metavar="FILE", help="The meeting's list of participants, a CSV file")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, change nothing")] = False,
) -> None:
    """Record attendance from a video meeting's list of names and minutes. Unsure names are asked on the roster."""
    with reporting(quiet=True) as settings:
        from community import meeting_files
        from community.errors import CommunityError
        from runtime import attending, console, local_state
        from views.errors import sentence

        if not there(path).is_file():
            fail(f"{escape(str(path))} is no file.", USAGE)
        with console.knowledge_base(settings) as (database, community_id):
            try:
                attendees = meeting_files.read(path.read_bytes())
                found = attending.find(database, community_id, event)
                outcome = attending.take(database, found, attendees, local_state.now(settings), dry_run=dry_run)
            except attending.NoSuchEvent as error:
                fail(str(error), USAGE)
            except CommunityError as error:
                fail(sentence(error, "en", time_zone=settings.time_zone, markup=False), PROBLEMS)
        if dry_run:
            say("Dry run, nothing was changed. An import would do this:")
        for line in attending.told(outcome):
            say(line)
