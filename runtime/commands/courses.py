"""`bot.py catalogue …`: courses and competencies between tables and the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from runtime.command_line import CHANGES_SHOWN, PROBLEMS, USAGE, fail, out, refuse, reporting, say, there

Tables = Annotated[
    Path,
    typer.Argument(
        metavar="TABLES",
        help="A folder with courses.csv, competencies.csv, levels.csv; one of them; or a .xlsx",
    ),
]

app = typer.Typer(help="The catalogue of courses and the competency framework.", no_args_is_help=True)


@app.command("validate")
def validate(path: Tables) -> None:
    """Say line by line what is wrong with tables of courses and competencies."""
    with reporting(quiet=True) as settings:
        from runtime import cataloguing, console, local_state

        with console.knowledge_base(settings) as (database, community_id):
            now = local_state.now(settings)
            drafts, problems = cataloguing.validate(database, community_id, there(path), now)
        console.show_problems(out, problems)
        out.print(f"Lines that are fine: {drafts.lines}. Problems: {len(problems)}.")
        if problems:
            raise typer.Exit(PROBLEMS)


@app.command("import")
def import_(
    path: Tables,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, change nothing")] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Take the table, also where a course was changed in Slack since")
    ] = False,
) -> None:
    """Take tables into the database, each as a whole. With a problem in them nothing is imported.

    What was changed in Slack since the last import stays, line by line, and is named.
    """
    with reporting(quiet=True) as settings:
        from runtime import cataloguing, console, local_state

        with console.knowledge_base(settings) as (database, community_id):
            now = local_state.now(settings)
            drafts, problems = cataloguing.examine(database, community_id, there(path), now)
            zone = cataloguing.zone_of(database, community_id)
            if not problems:
                report, problems = cataloguing.take(
                    database, community_id, drafts, dry_run=dry_run, overwrite=overwrite
                )
        if problems:
            console.show_problems(out, problems)
            refuse(problems)
        if dry_run:
            out.print("Dry run, nothing was changed. An import would do this:")
            for kind, name in report.changes[:CHANGES_SHOWN]:
                out.print(f"  {kind}: {name}", highlight=False)
            if len(report.changes) > CHANGES_SHOWN:
                out.print(f"  … and {len(report.changes) - CHANGES_SHOWN} more")
        out.print(
            f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, {report.retired} retired."
        )
        for sentence in cataloguing.told(report.kept, zone, overwrite=overwrite):
            say(sentence)


@app.command("export")
def export(
    target: Annotated[Path, typer.Argument(metavar="TABLES", help="A folder for CSV files, or a .xlsx")],
) -> None:
    """Write courses, competencies and levels as CSV files or as one workbook, without live formulas."""
    with reporting(quiet=True) as settings:
        from runtime import cataloguing, console

        if target.is_file() != (target.suffix.lower() == ".xlsx") and target.exists():
            fail(f"{target} is there and cannot be written to. Name a folder, or a file that ends in .xlsx.", USAGE)
        with console.knowledge_base(settings) as (database, community_id):
            count = cataloguing.export(database, community_id, target)
        out.print(f"{count} lines written to {target}.")
