"""`bot.py report` and `bot.py sample …`: the programme report, and a made-up year to try it with."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from runtime.command_line import PROBLEMS, USAGE, fail, out, reporting

app = typer.Typer(help="A made-up year of a programme, to try reports with.", no_args_is_help=True)


class Format(StrEnum):
    """What a report can be written as."""

    text = "text"
    csv = "csv"
    xlsx = "xlsx"
    pdf = "pdf"
    png = "png"


def report(
    locale: Annotated[str, typer.Option(help="`en` or `fr`")] = "en",
    form: Annotated[Format, typer.Option("--format", help="What to write it as")] = Format.text,
    output: Annotated[Path | None, typer.Option("--output", help="File to write; else it is printed")] = None,
) -> None:
    """Print the programme report: attendance and agreement with numerators, denominators and who was left out."""
    if locale not in ("en", "fr"):
        fail(f"--locale is “en” or “fr”, not “{locale}”.", USAGE)
    if output is None and form in (Format.xlsx, Format.pdf, Format.png):
        fail(f"A report as {form.value} is a file: name it with --output.", USAGE)
    with reporting(quiet=True) as settings:
        from reports.charts import ChartFailed
        from reports.rendered import written
        from reports.selection import last_year
        from runtime import console
        from views.i18n import translator

        with console.knowledge_base(settings, import_content=False) as (database, community_id):
            try:
                with database.read() as session:
                    made = written(session, last_year(session, community_id), translator(locale), form.value)
            except ChartFailed as error:
                fail(f"The chart could not be drawn ({error}).", PROBLEMS)
        if output is None:
            sys.stdout.write(made.decode("utf-8"))
        else:
            output.parent.mkdir(parents=True, exist_ok=True)
            output.write_bytes(made)
            out.print(f"Report written to {output}.", highlight=False, soft_wrap=True)


@app.command("load")
def load() -> None:
    """Record the sample year; loading it again changes nothing."""
    with reporting(quiet=True) as settings:
        from runtime import console, sample_year

        with console.knowledge_base(settings, import_content=False) as (database, community_id):
            new = sample_year.load(database, community_id)
        out.print("The sample year is loaded." if new else "The sample year is here already; nothing was changed.")


@app.command("remove")
def remove() -> None:
    """Take the sample year away again, and nothing else."""
    with reporting(quiet=True) as settings:
        from runtime import console, sample_year

        with console.knowledge_base(settings, import_content=False) as (database, community_id):
            gone = sample_year.remove(database, community_id)
        out.print("The sample year is gone." if gone else "There is no sample year here; nothing was changed.")
