"""`bot.py events …`: a year's events from a file."""

from __future__ import annotations

from collections.abc import Sized
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runtime.command_line import out, refuse, reporting, there

if TYPE_CHECKING:
    from community.series_changes import Following

app = typer.Typer(help="Events, planned from a file.", no_args_is_help=True)


@app.callback()
def events() -> None:
    """Events, planned from a file."""


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A table (.csv) or a calendar (.ics)", dir_okay=False)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, change nothing")] = False,
    channel: Annotated[
        str | None, typer.Option("--channel", help="Id of the channel for events that name none, as in C0123456789")
    ] = None,
) -> None:
    """Take a year's events into the database; the same file again changes nothing. All or nothing."""
    with reporting(quiet=True) as settings:
        from runtime import console, event_import, local_state

        with console.knowledge_base(settings, import_content=False) as (database, community_id):
            report, problems = event_import.run(
                database, community_id, there(path), local_state.now(settings), channel=channel, dry_run=dry_run
            )
        if problems:
            console.show_problems(out, problems)
            refuse(problems)
        if dry_run:
            out.print("Dry run, nothing was changed. An import would do this:")
            for line in report.lines:
                out.print(line, markup=False, highlight=False)
        out.print(
            f"{len(report.added)} added, {len(report.changed)} changed, {len(report.cancelled)} cancelled, "
            f"{report.unchanged} unchanged, {report.past} past."
        )
        if those := (*report.planned, *report.series):
            dates = [sum(len(part) for part in parts) for parts in zip(*map(_dates, those), strict=True)]
            out.print(f"Series: {len(report.planned)} added, {len(report.series)} changed.")
            out.print(f"Their dates: {dates[0]} added, {dates[1]} changed, {dates[2]} cancelled.")


def _dates(done: Following) -> tuple[Sized, Sized, Sized]:
    return done.made, done.changed, done.cancelled
