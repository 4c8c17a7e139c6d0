"""What every command shares: where it prints, how it fails, and the settings it works with."""

from __future__ import annotations

from collections.abc import Iterator, Sized
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.text import Text

from settings import Settings, SettingsError

PROBLEMS, USAGE, UNAVAILABLE = 1, 2, 3  # exit codes; 0 is well
CHANGES_SHOWN = 20  # of what an import would do

# What files hold is shown as it is: rich would take `:x:` for a picture.
out = Console(emoji=False)
err = Console(stderr=True, emoji=False)


def say(sentence: str) -> None:
    """Print as it is: rich would break lines, and take brackets for its own."""
    out.print(sentence, highlight=False, markup=False, soft_wrap=True)


def fail(message: str, code: int) -> NoReturn:
    """Say what went wrong on standard error and leave with `code`."""
    err.print(Text.assemble(("error:", "red"), f" {message}"), highlight=False, soft_wrap=True)
    raise typer.Exit(code)


def refuse(problems: Sized, outcome: str = "nothing was imported") -> NoReturn:
    """Say on standard error how many problems a file has and what became of it, and leave."""
    number = len(problems)
    fail(f"{number} problem{'' if number == 1 else 's'}; {outcome}.", PROBLEMS)


def there(path: Path) -> Path:
    """`path`, when there is something; leaves otherwise."""
    if not path.exists():
        fail(f"There is no {path}.", USAGE)
    return path


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
        fail(f"A setting cannot be used. {problems}", USAGE)
    except SettingsError as error:
        fail(str(error), USAGE)
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
        fail(str(error), UNAVAILABLE)


def _setting_name(location: tuple[int | str, ...]) -> str:
    field = Settings.model_fields.get(str(location[0])) if location else None
    alias = field.validation_alias if field else None
    return str(alias or (f"PRAXIS_{str(location[0]).upper()}" if field else ".".join(map(str, location))))
