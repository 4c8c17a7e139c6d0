"""`bot.py knowledge …`: entries between files and the database, and how well they answer."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from runtime.command_line import CHANGES_SHOWN, PROBLEMS, USAGE, err, fail, out, refuse, reporting
from settings import ROOT

CONTENT = ROOT / "knowledge" / "content"
PROBLEMS_SHOWN = 100
Source = Annotated[Path, typer.Argument(metavar="SOURCE", help="A folder of Markdown entries, or a .csv")]

app = typer.Typer(help="The entries that questions are answered from.", no_args_is_help=True)


@app.command("validate")
def validate(source: Source = CONTENT) -> None:
    """Say file by file and line by line what is wrong with a folder of entries, or a CSV file of them."""
    with reporting(quiet=True):
        from knowledge import files
        from runtime import console

        entries, problems = files.read(_there(source))
        console.show_problems(out, problems, PROBLEMS_SHOWN)
        out.print(f"Entries that are fine: {len(entries)}. Problems: {len(problems)}.")
        if problems or not entries:
            raise typer.Exit(PROBLEMS)


@app.command("import")
def import_(
    source: Source = CONTENT,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, change nothing")] = False,
    overwrite: Annotated[
        bool,
        typer.Option("--overwrite", help="Take the files whatever was changed in Slack; that stays in the history"),
    ] = False,
) -> None:
    """Take entries from a folder of Markdown files or a CSV file. With a problem in them nothing is imported."""
    with reporting(quiet=True) as settings:
        from runtime import console, importing, local_state

        with console.knowledge_base(settings, import_content=False) as (database, community_id):
            report, problems = importing.take(
                database,
                community_id,
                _there(source),
                local_state.now(settings),
                dry_run=dry_run,
                overwrite=overwrite,
            )
        if report is None:
            console.show_problems(out, problems, PROBLEMS_SHOWN)
            refuse(problems)
        if dry_run:
            out.print("Dry run, nothing was changed. An import would do this:")
        for slug, kind in report.changes[:CHANGES_SHOWN] if dry_run else ():
            out.print(f"  {kind}: {slug}", highlight=False)
        if dry_run and len(report.changes) > CHANGES_SHOWN:
            out.print(f"  … and {len(report.changes) - CHANGES_SHOWN} more")
        out.print(
            f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, {report.retired} retired."
        )
        if report.kept:
            kept = ", ".join(report.kept[:CHANGES_SHOWN]) + (" …" if len(report.kept) > CHANGES_SHOWN else "")
            out.print(
                f"{len(report.kept)} kept: they were changed since, and the file says what they said before: {kept}. "
                "--overwrite takes the file.",
                highlight=False,
                soft_wrap=True,
            )


@app.command("export")
def export(
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="A folder for Markdown files, or a .csv")],
) -> None:
    """Write every entry, drafts and retired ones with their state, as a Markdown file, or all into one CSV file."""
    if target.is_file() != (target.suffix.lower() == ".csv") and target.exists():
        fail(f"{target} is there and cannot be written to. Name a folder, or a file that ends in .csv.", USAGE)
    with reporting(quiet=True) as settings:
        from knowledge import files
        from runtime import console

        with console.knowledge_base(settings) as (database, community_id), database.read() as session:
            count = files.export(session, community_id, target)
        out.print(f"{count} entries written to {target}.")


@app.command("evaluate")
def evaluate(
    train: Annotated[
        Path | None, typer.Option("--train", help="CSV with columns sentence,label: entries are built from it")
    ] = None,
    test: Annotated[Path | None, typer.Option("--test", help="Questions to be judged by, in the same form")] = None,
    validation: Annotated[
        Path | None, typer.Option("--validation", help="Questions to choose the threshold by")
    ] = None,
    own: Annotated[
        Path | None, typer.Option("--own", help="Instead of questions: entries, asked their own phrasings")
    ] = None,
    alone: Annotated[bool, typer.Option("--alone", help="Without the baselines, which take longer")] = False,
    typos: Annotated[bool, typer.Option("--typos", help="Also what one typing error in each question costs")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object with every figure")] = False,
) -> None:
    """Judge the matching on labelled questions, beside baselines in the same run. Needs no database."""
    with reporting(quiet=True) as settings:
        from bench import baselines
        from knowledge.encoder import EncoderUnavailable
        from knowledge.encoders import load_encoder
        from runtime import evaluating

        if not alone and (lacking := baselines.missing()):
            err.print(f"Without {' and '.join(lacking)}: not installed. `make setup-dev` installs what is missing.")
        peers = (lambda _train: ()) if alone else baselines.baselines
        try:
            if own is not None and not (train or test or validation or typos):
                with err.status("Praxis …"):
                    by_pair = evaluating.judge_own(_there(own), load_encoder(settings.encoder), peers)
                if as_json:
                    sys.stdout.write(json.dumps({"own": by_pair}, ensure_ascii=False) + "\n")
                else:
                    evaluating.show_own(out, by_pair)
            elif own is None and train and test:
                sets = evaluating.read(train, test, validation)
                for caution in evaluating.cautions(sets):
                    err.print(escape(caution), soft_wrap=True)
                with err.status("Praxis …"):
                    judged = evaluating.judge_all(sets, load_encoder(settings.encoder), peers, typos=typos)
                if as_json:
                    others = {name: figures for name, figures in judged.items() if name != "Praxis"}
                    sys.stdout.write(json.dumps({**judged["Praxis"], "baselines": others}, ensure_ascii=False) + "\n")
                else:
                    evaluating.show(out, judged)
                    if not alone:
                        out.print("Baselines are shown at their best threshold on these very questions.", style="dim")
            else:
                fail("Name both --train and --test, or --own with nothing but --alone and --json.", USAGE)
        except ValueError as error:
            fail(str(error), PROBLEMS)
        except EncoderUnavailable as error:
            fail(f"The sentence encoder cannot be loaded ({error}).", PROBLEMS)


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
        from runtime import console, local_state
        from views.question_figures import WEEKS

        if locale not in ("en", "fr"):
            fail("--locale is en or fr.", USAGE)
        if weeks not in WEEKS:
            fail("--weeks is 4, 13, 26 or 52.", USAGE)
        with console.knowledge_base(settings) as (database, community_id), database.read() as session:
            found, words = gathered(session, community_id, Shelf(), local_state.now(settings), str(weeks), locale)
        lines = questions.table(found, words)
        console.show_figures(out, words.said["title"], lines)
        try:
            if csv:
                csv.write_bytes(questions.as_csv(lines))
            if chart:
                chart.write_bytes(charts.png(questions.chart(found, words)))
        except charts.ChartFailed as error:
            fail(f"The chart could not be drawn ({error}).", PROBLEMS)
        except OSError as error:
            fail(f"{error.filename} cannot be written: {error.strerror}.", USAGE)


def _there(source: Path) -> Path:
    if not source.exists():
        fail(f"There is no {source}.", USAGE)
    if source.is_file() and source.suffix.lower() != ".csv":
        fail(f"{source} is neither a folder of Markdown files nor a .csv.", USAGE)
    return source
