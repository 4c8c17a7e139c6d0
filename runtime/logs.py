"""Structured logs: one line per thing that happened, with ids, without message text and without secrets."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterable, MutableMapping
from typing import Any

import structlog
from structlog.typing import ExcInfo

# Slack's own token shapes, so that a token nobody named here is hidden too.
# Ours follows: the secret in the address of a person's calendar.
_TOKEN = re.compile(r"\b(?:xox[a-z]|xapp|xwfp)-[A-Za-z0-9-]+|\bpxcal-[\w-]+|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)")
HIDDEN = "[hidden]"
_HEADING = "Traceback (most recent call last):\n"
# What libraries complain of while all is well.
_FALSE_ALARMS = {
    "websocket": "Connection closed normally",  # an error, to websocket-client, when a connection ends as it should
    "slack_bolt": "As you gave `client` as well, `token` will be unused",  # Bolt finds the token in the environment too
    "apscheduler.scheduler": "maximum number of running instances reached",  # one look at a time is as we want it
}


def _no_false_alarms(record: logging.LogRecord) -> bool:
    """Whether a line of the log tells of something."""
    alarm = _FALSE_ALARMS.get(record.name)
    return alarm is None or alarm not in record.getMessage()


class _Redactor:
    """Hides tokens by their shape and known secrets by their value, in every string of a log line."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self.secrets = tuple(s for s in secrets if len(s) >= 8)

    def clean(self, value: Any) -> Any:
        if isinstance(value, str):
            for secret in self.secrets:
                value = value.replace(secret, HIDDEN)
            return _TOKEN.sub(HIDDEN, value)
        if isinstance(value, dict):
            return {self.clean(key): self.clean(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.clean(item) for item in value]
        return value if isinstance(value, int | float | bool | type(None)) else self.clean(str(value))

    def __call__(self, _logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {key: value if key.startswith("_") else self.clean(value) for key, value in event.items()}


def _trace(exc_info: ExcInfo) -> str:
    """Where it failed and as what, the first cause first; not the errors’ texts, which may quote what people wrote."""
    causes: list[BaseException] = []
    error: BaseException | None = exc_info[1]
    while error is not None and error not in causes:
        causes.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(
        "".join([_HEADING, *traceback.format_tb(cause.__traceback__), type(cause).__qualname__])
        for cause in reversed(causes)
    )


def configure(level: str = "INFO", form: str = "auto", secrets: Iterable[str] = ()) -> None:
    """Send structlog's and the libraries' logs to standard error, as JSON or, on a terminal, readable.

    `form` is `json`, `console` or `auto`. Call once per process; calling again replaces the configuration.
    """
    console = form == "console" or (form == "auto" and sys.stderr.isatty())
    redact = _Redactor(secrets)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_trace),
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    renderer: Any = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if console
        else structlog.processors.JSONRenderer()
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    handler.addFilter(_no_false_alarms)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # These tell of their own workings at INFO; what matters to an operator we say ourselves.
    for noisy in (
        "slack_sdk",
        "slack_bolt",
        "apscheduler",
        "uvicorn",
        "alembic",
        "websocket",
        "websockets",
        "praxis.bolt",
    ):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers[:] = []
        logging.getLogger(name).propagate = True


def quieter_on_a_terminal() -> None:
    """Leave only what is wrong, for who came to try Praxis and not to read logs; elsewhere all stays as it is."""
    if sys.stderr.isatty():
        logging.getLogger().setLevel(logging.WARNING)
