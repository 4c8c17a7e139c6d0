"""What an operator should know before or after something does not work: `bot.py check`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from delivery.client import web_client
from knowledge import files
from knowledge.encoder import EncoderUnavailable
from knowledge.encoders import load_encoder
from runtime.content import CONTENT
from runtime.modes import access_from
from runtime.process import Access
from runtime.samples import sample_payloads
from settings import ROOT, Mode, Settings
from storage import Database, migrate
from storage.errors import StorageError

Level = Literal["ok", "note", "problem"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what was found and, unless it is fine, what to do."""

    level: Level
    what: str
    found: str
    remedy: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Every finding, in the order in which one would mend them. Changes nothing."""
    findings = [*_database(settings), *_entries(), *_encoder(settings)]
    if settings.mode is Mode.local:
        return [Finding("ok", "Mode", "no tokens: the local workspace"), *findings]
    access = access_from(settings)
    return [
        Finding("ok", "Mode", f"{settings.mode} at {access.api_url}"),
        *_slack(access, settings.experts_channel),
        *findings,
    ]


def _database(settings: Settings) -> Iterator[Finding]:
    database = Database(settings.database_url.get_secret_value())
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    try:
        current, head = migrate.current(database), migrate.head()
    except StorageError as error:
        yield Finding("problem", "Database", kind, str(error))
        return
    finally:
        database.close()
    if current is None:
        yield Finding("note", "Database", f"{kind}, empty", "Nothing: the first run makes the tables.")
    elif current != head:
        yield Finding("note", "Migrations", f"{current}, the code has {head}", "Nothing: the next run migrates it.")
    else:
        yield Finding("ok", "Database", f"{kind}, at migration {current}")


def _entries() -> Iterator[Finding]:
    entries, problems = files.read_folder(CONTENT)
    if problems:
        first = problems[0]
        yield Finding(
            "problem",
            "Entries",
            f"{len(problems)} problems, first: {first.file}:{first.line}",
            f"{first.sentence} Run `python bot.py knowledge validate` for all of them.",
        )
    else:
        yield Finding("ok", "Entries", f"{len(entries)} in {CONTENT.relative_to(ROOT)}, all valid")


def _encoder(settings: Settings) -> Iterator[Finding]:
    try:
        load_encoder(settings.encoder)
    except EncoderUnavailable as error:
        remedy = "Reinstall with `make clean setup`. Until then spelling alone decides, and answers are poorer."
        yield Finding("problem", "Sentence encoder", f"cannot be loaded ({error})", remedy)
    else:
        yield Finding("ok", "Sentence encoder", settings.encoder)


def _slack(access: Access, experts_channel: str | None) -> Iterator[Finding]:
    client = web_client(access.bot_token, access.api_url)
    try:
        hello = client.auth_test()
    except SlackApiError as error:
        yield Finding(
            "problem",
            "Bot token",
            str(error.response.get("error")),
            "Copy the Bot User OAuth Token (xoxb-…) from “OAuth & Permissions” into SLACK_BOT_TOKEN.",
        )
        return
    except (SlackClientError, OSError) as error:
        yield Finding(
            "problem", "Slack", f"not reached ({type(error).__name__})", "Check the network, proxy and SLACK_API_URL."
        )
        return
    yield Finding("ok", "Bot token", f"{hello.get('user')} in {hello.get('team')}")
    yield from _scopes(hello.headers.get("x-oauth-scopes") or hello.headers.get("X-OAuth-Scopes"))
    if access.app_token:
        yield _app_token(client, access.app_token)
    if experts_channel:
        yield _experts(client, experts_channel)
    yield from _blocks(client)


WITHOUT = {
    "channels:history": "In channels, a follow-up then needs a mention, and a post whose fate is unknown is parked.",
    "usergroups:read": "Nobody can then be invited to an event by user group.",
}


def _scopes(granted: str | None) -> Iterator[Finding]:
    if granted is None:
        yield Finding("note", "Scopes", "Slack did not say", "Compare “OAuth & Permissions” with manifest.json.")
        return
    have = {scope.strip() for scope in granted.split(",")}
    wanted = json.loads((ROOT / "manifest.json").read_text())["oauth_config"]["scopes"]
    missing = sorted(set(wanted["bot"]) - have)
    if missing:
        yield Finding(
            "problem",
            "Scopes",
            f"missing: {', '.join(missing)}",
            "Add them under “OAuth & Permissions”, then reinstall.",
        )
    else:
        yield Finding("ok", "Scopes", f"all {len(wanted['bot'])} that are needed")
    for scope in sorted(set(wanted.get("bot_optional", ())) - have):
        yield Finding(
            "note",
            "Optional scope",
            f"without {scope}",
            WITHOUT.get(scope, "Compare with manifest.json."),
        )


def _app_token(client: WebClient, app_token: str) -> Finding:
    try:
        client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        return Finding(
            "problem",
            "App token",
            str(error.response.get("error")),
            "Create an app-level token (xapp-…) with connections:write and turn Socket Mode on.",
        )
    return Finding("ok", "App token", "Socket Mode can be opened")


def _experts(client: WebClient, channel: str) -> Finding:
    """Whether questions that are passed on reach the experts' channel."""
    what = "Experts' channel"
    try:
        found = client.conversations_info(channel=channel)["channel"]
    except SlackApiError as error:
        remedy = "PRAXIS_EXPERTS_CHANNEL is a channel's id (C…), not its name; into a private one, invite the bot."
        return Finding("problem", what, f"{channel}: {error.response.get('error')}", remedy)
    if found.get("is_archived"):
        return Finding("problem", what, f"{channel} is archived", "Set PRAXIS_EXPERTS_CHANNEL to another channel.")
    # Into a public one the bot goes by itself with its first message.
    return Finding("ok", what, f"#{found.get('name') or channel}")


def _blocks(client: WebClient) -> Iterator[Finding]:
    """What the bot shows, held against Slack's own validator where this Slack has one."""
    wrong: list[str] = []
    count = 0
    for name, kind, payload in sample_payloads():
        try:
            client.api_call("blocks.validate", json={kind: json.dumps(payload)})
            count += 1
        except SlackApiError as error:
            if error.response.get("error") in ("unknown_method", "not_allowed_token_type", "missing_scope"):
                yield Finding("note", "Blocks", "this Slack has no blocks.validate", "Nothing: tests hold the limits.")
                return
            wrong.append(f"{name}: {_first_issue(error.response)}")
    if wrong:
        yield Finding("problem", "Blocks", wrong[0], f"{len(wrong)} views are refused by Slack: please report this.")
    else:
        yield Finding("ok", "Blocks", f"{count} views accepted by blocks.validate")


def _first_issue(response: Any) -> str:
    issues = response.get("errors") or [{}]
    return f"{response.get('error')} {issues[0].get('pointer', '')} {issues[0].get('message', '')}".strip()
