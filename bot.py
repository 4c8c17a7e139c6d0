"""The command line and the composition root."""

from __future__ import annotations

import os
import signal

if __name__ == "__main__":
    # Until there is somebody to take the wish to stop, which is after a second of imports, it ends the process at once.
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))

import typer
from rich.table import Table

from runtime.command_line import PROBLEMS, out, reporting, say
from runtime.commands import asking, attendance, cohorts, copies, courses, entries, figures, programme
from settings import Mode

app = typer.Typer(
    help="Praxis: answers, events and attendance for communities of practice, in Slack. "
    "Exit codes: 0 all is well, 1 problems were found, 2 wrong usage or settings, "
    "3 the database or Slack is not available.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
)


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


for command in (asking.ask, figures.report, copies.backup, copies.restore):
    app.command()(command)
groups = {
    "knowledge": entries.app,
    "catalogue": courses.app,
    "events": programme.app,
    "cohorts": cohorts.app,
    "attendance": attendance.app,
    "sample": figures.app,
}
for name, group in groups.items():
    app.add_typer(group, name=name)

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    app()
