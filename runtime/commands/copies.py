"""`bot.py backup` and `bot.py restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from runtime.command_line import out, reporting


def backup(target: Annotated[Path, typer.Argument(help="File to write")]) -> None:
    """Write a consistent copy of the database, while the bot runs."""
    with reporting(quiet=True) as settings:
        from runtime import console
        from storage import backup as copies

        with console.open_database(settings, migrate_first=False) as database:
            written = copies.backup(database, target)
        out.print(f"Backup written to {target} ({written} rows).")


def restore(
    source: Annotated[Path, typer.Argument(help="A file written by `backup`", exists=True, dir_okay=False)],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what the database holds now")] = False,
) -> None:
    """Bring a backup back into the database that DATABASE_URL names. Stop the bot first."""
    with reporting(quiet=True) as settings:
        from storage import backup as copies

        rows = copies.restore(source, settings.database_url.get_secret_value(), overwrite=overwrite)
        out.print(f"Restored {rows} rows from {source}.")
