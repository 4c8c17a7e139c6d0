"""`bot.py ask`: the knowledge base without Slack."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from runtime.command_line import USAGE, err, fail, out, reporting


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
        from handlers import asking
        from knowledge import present
        from knowledge.answering import Answers
        from knowledge.language import detect
        from runtime import console, explaining, local_state
        from runtime.records import RecordsDesk
        from views.i18n import translator

        read = asking.read(question)
        if question != "-" and not as_json and read.refusal:
            words = translator(locale or detect(question))(read.refusal, n=asking.LIMIT)
            fail(words.replace("*", ""), USAGE)
        with console.knowledge_base(settings) as (database, community_id):
            answers = Answers(database, community_id, encoder=settings.encoder)
            answers.load()
            if answers.encoder_lost:
                err.print(answers.degraded, markup=False)
            desk = RecordsDesk(database, community_id, local_state.now(settings))
            from_stdin = question == "-"
            for line in _lines() if from_stdin else [question]:
                answer = answers.ask(line, locale)
                match = answers.explain(line) if explain else None
                records = desk.answer(line, locale, sure=answer.certain)
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


def _lines() -> Iterator[str]:
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", errors="replace").rstrip("\r\n")
