"""`bot.py knowledge …`: entries between files and the database, and how well they answer."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from runtime.command_line import PROBLEMS, USAGE, err, fail, out, reporting
from settings import ROOT

if TYPE_CHECKING:
    from knowledge.files import EntryDraft, Problem

CONTENT = ROOT / "knowledge" / "content"
Folder = Annotated[Path, typer.Argument(help="Folder of Markdown entries", file_okay=False)]

app = typer.Typer(help="The entries that questions are answered from.", no_args_is_help=True)


@app.command("validate")
def validate(folder: Folder = CONTENT) -> None:
    """Say file by file and line by line what is wrong with a folder of entries."""
    with reporting(quiet=True):
        from runtime import console

        entries, problems = _read_folder(folder)
        console.show_problems(out, problems)
        out.print(f"{len(entries)} entries are fine, {len(problems)} problems.")
        if problems or not entries:
            raise typer.Exit(PROBLEMS)


@app.command("import")
def import_(
    folder: Folder = CONTENT,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, change nothing")] = False,
) -> None:
    """Take a folder of entries into the database. All or nothing: with a problem in it nothing is imported."""
    with reporting(quiet=True) as settings:
        from knowledge import files
        from runtime import console

        entries, problems = _read_folder(folder)
        if problems:
            console.show_problems(out, problems)
            fail(f"{len(problems)} problems; nothing was imported.", PROBLEMS)
        with console.knowledge_base(settings, import_content=False) as (database, community_id):
            try:
                with database.begin() as session:
                    report = files.import_entries(session, community_id, entries, datetime.now(UTC))
                    if dry_run:
                        raise _DryRun
            except _DryRun:
                out.print("Dry run, nothing was changed. An import would do this:")
        out.print(
            f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, {report.retired} retired."
        )


@app.command("export")
def export(folder: Annotated[Path, typer.Argument(help="Folder to write to", file_okay=False)]) -> None:
    """Write every entry of the database as a Markdown file."""
    with reporting(quiet=True) as settings:
        from knowledge import files
        from runtime import console

        with console.knowledge_base(settings) as (database, community_id), database.read() as session:
            count = files.export(session, community_id, folder)
        out.print(f"{count} entries written to {folder}.")


@app.command("evaluate")
def evaluate(
    train: Annotated[Path, typer.Option("--train", help="CSV with columns sentence,label: entries are built from it")],
    test: Annotated[Path, typer.Option("--test", help="Questions to be judged by, in the same form")],
    validation: Annotated[
        Path | None, typer.Option("--validation", help="Questions to choose the threshold by")
    ] = None,
    alone: Annotated[bool, typer.Option("--alone", help="Without the baselines, which take longer")] = False,
    typos: Annotated[bool, typer.Option("--typos", help="Also what one typing error in each question costs")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object with every figure")] = False,
) -> None:
    """Judge the matching on labelled questions, beside baselines in the same run. Needs no database."""
    with reporting(quiet=True) as settings:
        from knowledge.encoder import EncoderUnavailable, load_encoder
        from runtime import evaluating

        try:
            sets = evaluating.read(train, test, validation)
            with err.status("Praxis …"):
                encoder = load_encoder(settings.encoder)
                ours: dict[str, float | int | None] = evaluating.judge(sets, encoder).as_dict()
                if typos:
                    ours |= evaluating.judge_typos(sets, encoder)
        except ValueError as error:
            return fail(escape(str(error)), PROBLEMS)
        except EncoderUnavailable as error:
            return fail(escape(f"The sentence encoder cannot be loaded ({error})."), PROBLEMS)
        judged = {"Praxis": ours}
        if not alone:
            from bench import baselines

            if lacking := baselines.missing():
                err.print(f"Without {' and '.join(lacking)}: not installed. `make setup-dev` installs what is missing.")
            for name, rank in baselines.baselines(sets.train):
                with err.status(f"{name} …"):
                    judged[name] = evaluating.judge_baseline(sets, rank)
        if as_json:
            others = {name: figures for name, figures in judged.items() if name != "Praxis"}
            sys.stdout.write(json.dumps({**ours, "baselines": others}, ensure_ascii=False) + "\n")
        else:
            evaluating.show(out, judged)
            if not alone:
                out.print("Baselines are shown at their best threshold on these very questions.", style="dim")
    return None


@app.command("figures")
def figures(
    csv: Annotated[Path | None, typer.Option("--csv", help="Write every figure into this file", dir_okay=False)] = None,
    chart: Annotated[Path | None, typer.Option("--chart", help="Draw them into this PNG", dir_okay=False)] = None,
    locale: Annotated[str, typer.Option("--locale", help="en or fr")] = "en",
    weeks: Annotated[int, typer.Option("--weeks", help="4, 13, 26 or 52, this week included")] = 13,
) -> None:
    """Count what was asked and what became of it, by week, language and competency. No figure says who asked."""
    with reporting(quiet=True) as settings:
        from handlers.question_figures import gathered
        from knowledge.catalogue.loaded import Shelf
        from reports import charts, questions
        from runtime import console
        from views.question_figures import WEEKS

        if locale not in ("en", "fr"):
            fail("--locale is en or fr.", USAGE)
        if weeks not in WEEKS:
            fail("--weeks is 4, 13, 26 or 52.", USAGE)
        with console.knowledge_base(settings) as (database, community_id), database.read() as session:
            found, words = gathered(session, community_id, Shelf(), datetime.now(UTC), str(weeks), locale)
        lines = questions.table(found, words)
        console.show_figures(out, words.said["title"], lines)
        try:
            if csv:
                csv.write_bytes(questions.as_csv(lines))
            if chart:
                chart.write_bytes(charts.png(questions.chart(found, words)))
        except charts.ChartFailed as error:
            fail(escape(f"The chart could not be drawn ({error})."), PROBLEMS)
        except OSError as error:
            fail(escape(f"{error.filename} cannot be written: {error.strerror}."), USAGE)


class _DryRun(Exception):
    """Leaves a transaction on purpose; nothing went wrong."""


def _read_folder(folder: Path) -> tuple[list[EntryDraft], list[Problem]]:
    from knowledge import files

    if not folder.is_dir():
        fail(f"There is no folder {folder}.", USAGE)
    return files.read_folder(folder)
