"""The command line and the composition root."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from settings import ROOT, Mode, Settings, SettingsError

OK, PROBLEMS, USAGE, UNAVAILABLE = 0, 1, 2, 3
CONTENT = ROOT / "knowledge" / "content"

app = typer.Typer(
    help="Praxis: answers, events and attendance for communities of practice, in Slack. "
    "Exit codes: 0 all is well, 1 problems were found, 2 wrong usage or settings, "
    "3 the database or Slack is not available.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
)
knowledge_app = typer.Typer(help="The entries that questions are answered from.", no_args_is_help=True)
app.add_typer(knowledge_app, name="knowledge")
catalogue_app = typer.Typer(help="The catalogue of courses and the competency framework.", no_args_is_help=True)
app.add_typer(catalogue_app, name="catalogue")

out = Console()
err = Console(stderr=True)

Folder = Annotated[Path, typer.Argument(help="Folder of Markdown entries", file_okay=False)]


@app.callback(invoke_without_command=True)
def main(context: typer.Context) -> None:
    """Run the bot when no command is given."""
    if context.invoked_subcommand is None:
        run()


@app.command()
def run() -> None:
    """Start the bot: in the local workspace without tokens, by Socket Mode or HTTP with them."""
    with reporting() as settings:
        from runtime import stopping

        with stopping.on_request() as stop:
            from runtime import modes  # takes a second or two, in which somebody may change their mind

            match settings.mode:
                case Mode.local:
                    modes.run_local(settings, stop, say=say)
                case Mode.socket:
                    modes.run_socket(settings, stop, say=say)
                case Mode.http:
                    modes.run_http(settings, say=say)


@app.command()
def check() -> None:
    """Look at tokens, scopes, database, migrations and entries; say what is wrong and how to mend it."""
    with reporting() as settings:
        from runtime import checks

        findings = checks.examine(settings)
        table = Table("", "What", "Found", "What to do")
        for finding in findings:
            mark = {"ok": "[green]ok[/]", "note": "[yellow]note[/]", "problem": "[red]problem[/]"}[finding.level]
            table.add_row(mark, finding.what, finding.found, finding.remedy)
        out.print(table)
        if any(finding.level == "problem" for finding in findings):
            raise typer.Exit(PROBLEMS)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question; `-` reads questions from standard input, one a line")],
    locale: Annotated[str | None, typer.Option(help="`en` or `fr`; found from the question when not given")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show what every stage of the matching did")] = False,
) -> None:
    """Ask the knowledge base, without Slack."""
    if locale not in (None, "en", "fr"):
        fail(f"--locale is “en” or “fr”, not “{locale}”.", USAGE)
    with reporting(quiet=True) as settings:
        from knowledge import present
        from knowledge.answering import Answers
        from runtime import console, explaining
        from runtime.records import RecordsDesk

        with console.knowledge_base(settings) as (database, community_id):
            answers = Answers(database, community_id, encoder=settings.encoder)
            answers.load()
            desk = RecordsDesk(database, community_id)
            from_stdin = question == "-"
            for line in _lines() if from_stdin else [question]:
                answer = answers.ask(line, locale)
                match = answers.explain(line) if explain else None
                records = desk.answer(line, locale)
                if as_json or from_stdin:
                    told = present.as_json(answer) | ({"explain": present.explained(match)} if match else {})
                    told |= {"records": records} if records else {}
                    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
                    sys.stdout.flush()
                else:
                    if match:
                        explaining.show_match(out, match, answer)
                    if records:
                        console.show_records(out, records["text"])
                    else:
                        console.show_answer(out, answer)


@knowledge_app.command("validate")
def knowledge_validate(folder: Folder = CONTENT) -> None:
    """Say file by file and line by line what is wrong with a folder of entries."""
    with reporting(quiet=True):
        from runtime import console

        entries, problems = _read_folder(folder)
        console.show_problems(out, problems)
        out.print(f"{len(entries)} entries are fine, {len(problems)} problems.")
        if problems or not entries:
            raise typer.Exit(PROBLEMS)


@knowledge_app.command("import")
def knowledge_import(
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


@knowledge_app.command("export")
def knowledge_export(folder: Annotated[Path, typer.Argument(help="Folder to write to", file_okay=False)]) -> None:
    """Write every entry of the database as a Markdown file."""
    with reporting(quiet=True) as settings:
        from knowledge import files
        from runtime import console

        with console.knowledge_base(settings) as (database, community_id), database.read() as session:
            count = files.export(session, community_id, folder)
        out.print(f"{count} entries written to {folder}.")


@knowledge_app.command("evaluate")
def knowledge_evaluate(
    train: Annotated[Path, typer.Option("--train", help="CSV with columns sentence,label: entries are built from it")],
    test: Annotated[Path, typer.Option("--test", help="Questions to be judged by, in the same form")],
    validation: Annotated[
        Path | None, typer.Option("--validation", help="Questions to choose the threshold by")
    ] = None,
    alone: Annotated[bool, typer.Option("--alone", help="Without the baselines, which take longer")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object with every figure")] = False,
) -> None:
    """Judge the matching on labelled questions, beside baselines in the same run. Needs no database."""
    with reporting(quiet=True) as settings:
        from knowledge.encoder import EncoderUnavailable, load_encoder
        from runtime import evaluating

        try:
            sets = evaluating.read(train, test, validation)
            with err.status("Praxis …"):
                ours = evaluating.judge(sets, load_encoder(settings.encoder)).as_dict()
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


Tables = Annotated[
    Path,
    typer.Argument(
        metavar="TABLES",
        help="A folder with courses.csv, competencies.csv, levels.csv; one of them; or a .xlsx",
    ),
]


@catalogue_app.command("validate")
def catalogue_validate(path: Tables) -> None:
    """Say line by line what is wrong with tables of courses and competencies."""
    with reporting(quiet=True) as settings:
        from runtime import cataloguing, console

        with console.knowledge_base(settings) as (database, community_id):
            drafts, problems = cataloguing.examine(database, community_id, _there(path))
        console.show_problems(out, problems)
        out.print(f"{drafts.lines} lines are fine, {len(problems)} problems.")
        if problems:
            raise typer.Exit(PROBLEMS)


@catalogue_app.command("import")
def catalogue_import(
    path: Tables,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, change nothing")] = False,
) -> None:
    """Take tables into the database, each as a whole. With a problem in them nothing is imported."""
    with reporting(quiet=True) as settings:
        from runtime import cataloguing, console

        with console.knowledge_base(settings) as (database, community_id):
            drafts, problems = cataloguing.examine(database, community_id, _there(path))
            if problems:
                console.show_problems(out, problems)
                fail(f"{len(problems)} problems; nothing was imported.", PROBLEMS)
            report = cataloguing.take(database, community_id, drafts, dry_run=dry_run)
        if dry_run:
            out.print("Dry run, nothing was changed. An import would do this:")
        out.print(
            f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, {report.retired} retired."
        )


@catalogue_app.command("export")
def catalogue_export(
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


@app.command()
def backup(target: Annotated[Path, typer.Argument(help="File to write")]) -> None:
    """Write a consistent copy of the database, while the bot runs."""
    with reporting(quiet=True) as settings:
        from runtime import console
        from storage import backup as copies

        with console.open_database(settings, migrate_first=False) as database:
            written = copies.backup(database, target)
        out.print(f"Backup written to {target} ({written} rows).")


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="A file written by `backup`", exists=True, dir_okay=False)],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what the database holds now")] = False,
) -> None:
    """Bring a backup back into the database that DATABASE_URL names. Stop the bot first."""
    with reporting(quiet=True) as settings:
        from storage import backup as copies

        rows = copies.restore(source, settings.database_url.get_secret_value(), overwrite=overwrite)
        out.print(f"Restored {rows} rows from {source}.")


class _DryRun(Exception):
    """Leaves a transaction on purpose; nothing went wrong."""


def _read_folder(folder: Path) -> tuple[Any, Any]:
    from knowledge import files

    if not folder.is_dir():
        fail(f"There is no folder {folder}.", USAGE)
    return files.read_folder(folder)


def _there(path: Path) -> Path:
    if not path.exists():
        fail(f"There is no {path}.", USAGE)
    return path


def _lines() -> Iterator[str]:
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", errors="replace").rstrip("\r\n")


def say(sentence: str) -> None:
    """Print as it is: rich would break lines, and take brackets for its own."""
    out.print(sentence, highlight=False, markup=False, soft_wrap=True)


def fail(message: str, code: int) -> None:
    """Say what went wrong on standard error and leave with `code`."""
    err.print(f"[red]error:[/] {message}", highlight=False, markup=True, soft_wrap=True)
    raise typer.Exit(code)


@contextmanager
def reporting(*, quiet: bool = False) -> Iterator[Settings]:
    """The settings, with logs set up; every foreseen failure becomes one sentence and an exit code."""
    from runtime import logs

    try:
        settings = Settings()
        settings.mode  # noqa: B018 - raises when only half of a configuration is there
    except ValidationError as error:
        problems = "; ".join(
            f"{_setting_name(item['loc'])}: {item['msg']}" for item in error.errors(include_input=False)
        )
        return fail(escape(f"A setting cannot be used. {problems}"), USAGE)
    except SettingsError as error:
        return fail(escape(str(error)), USAGE)
    secrets = (settings.slack_bot_token, settings.slack_app_token, settings.slack_signing_secret)
    logs.configure(
        "WARNING" if quiet and settings.log_level == "INFO" else settings.log_level,
        settings.log_format,
        [secret.get_secret_value() for secret in secrets if secret],
    )
    from runtime.errors import StartError
    from storage.errors import StorageError

    try:
        yield settings
    except (StartError, StorageError) as error:
        fail(escape(str(error)), UNAVAILABLE)
    return None


def _setting_name(location: tuple[int | str, ...]) -> str:
    field = Settings.model_fields.get(str(location[0])) if location else None
    alias = field.validation_alias if field else None
    return str(alias or (f"PRAXIS_{str(location[0]).upper()}" if field else ".".join(map(str, location))))


if __name__ == "__main__":
    app()
