"""`bot.py cohorts …`: who is in which cohort, from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from runtime.command_line import out, refuse, reporting, there

app = typer.Typer(help="Cohorts and who is in them.", no_args_is_help=True)


@app.callback()
def cohorts() -> None:
    """Cohorts and who is in them."""


@app.command("import")
def import_(
    path: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A table: person, cohort, department, supervisor", dir_okay=False),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, change nothing")] = False,
    whole: Annotated[
        bool, typer.Option("--whole", help="The list is whole: take whoever is not in it out of its cohorts")
    ] = False,
) -> None:
    """Take people into their cohorts, with department and supervisor; the same file again changes nothing."""
    with reporting(quiet=True) as settings:
        from runtime import cohort_import, console, local_state

        with console.knowledge_base(settings, import_content=False) as (database, community_id):
            taken, problems = cohort_import.run(
                database, community_id, there(path), local_state.now(settings), dry_run=dry_run, whole=whole
            )
        if problems:
            console.show_problems(out, problems)
            refuse(problems, "nothing was taken in")
        if dry_run:
            out.print("Dry run, nothing was changed. An import would do this:")
        for cohort, members in taken.joined:
            out.print(f"{cohort.code}: {len(members)} added", markup=False)
        out.print(
            f"{taken.newcomers} added to cohorts, {len(taken.described)} with another department or supervisor, "
            f"{taken.unchanged} unchanged."
        )
        for cohort, members in taken.missing:
            names = ", ".join(member.name for member in members)
            out.print(f"{cohort.code}: {len(members)} not in the list: {names}", markup=False)
        if taken.missing and not whole:
            out.print(f"{taken.absent} stay, though not in the list; --whole takes them out.")
        elif whole:
            out.print(f"{taken.removed} taken out.")
