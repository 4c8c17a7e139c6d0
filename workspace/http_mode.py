"""HTTP delivery: signed requests to the app's request URL."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import http.client
import json
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

from workspace import ids
from workspace.envelopes import Envelope, Patience
from workspace.kinds import Json


class HttpMode:
    """Delivery to one request URL; the app answers with the response's body."""

    def __init__(self, patience: Patience) -> None:
        self.url: str | None = None
        self._patience = patience
        self._pool = ThreadPoolExecutor(32, "http-delivery")

    async def verify(self, url: str) -> str | None:
        """Slack's handshake with a request URL; returns what is wrong with it, or None after taking it into use."""
        challenge = secrets.token_urlsafe(32)
        body = {"token": ids.VERIFICATION_TOKEN, "challenge": challenge, "type": "url_verification"}
        status, answer, _ = await self._post(url, json.dumps(body).encode(), "application/json", {})
        if status != 200:
            return f"The request URL answered with status {status}."
        text = answer.decode("utf-8", "replace").strip()
        try:
            found = json.loads(text)
            text = found.get("challenge", "") if isinstance(found, dict) else text
        except ValueError:
            pass
        if text != challenge:
            return "The request URL did not answer with the challenge."
        self.url = url
        return None

    def send(self, envelope: Envelope) -> None:
        """Post an envelope's payload, with Slack's retries when it is an event."""
        for _ in range(envelope.copies):
            task = asyncio.get_running_loop().create_task(self._deliver(envelope))
            _RUNNING.add(task)
            task.add_done_callback(_RUNNING.discard)

    async def _deliver(self, envelope: Envelope) -> None:
        body, kind = _encoded(envelope)
        reason, status = "", -1
        for attempt in range(1 + (len(self._patience.retry_seconds) if envelope.is_event else 0)):
            headers = {}
            if attempt:
                await asyncio.sleep(self._patience.retry_seconds[attempt - 1])
                headers = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
            if self.url is None:
                break
            status, answer, final = await self._post(self.url, body, kind, headers)
            if status == 200:
                envelope.settle(_decoded(answer))
                return
            reason = "http_timeout" if status == 0 else "connection_failed" if status < 0 else "http_error"
            if final:
                break
        envelope.give_up("operation_timeout" if status == 0 else "no_bot" if status < 0 else "http_error")

    async def _post(self, url: str, body: bytes, kind: str, headers: dict[str, str]) -> tuple[int, bytes, bool]:
        """Status (0: too late, -1: no connection), body, and whether the app asked for no retry."""
        stamp = str(int(time.time()))
        base = b"v0:" + stamp.encode() + b":" + body
        signature = "v0=" + hmac.new(ids.SIGNING_SECRET.encode(), base, hashlib.sha256).hexdigest()
        sent = {
            "Content-Type": kind,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature,
        } | headers
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, _request, url, body, sent, self._patience.ack_seconds)

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(wait=False, cancel_futures=True)


_RUNNING: set[asyncio.Task[None]] = set()  # asyncio itself holds tasks only weakly


def _request(url: str, body: bytes, headers: dict[str, str], seconds: float) -> tuple[int, bytes, bool]:
    parts = urlsplit(url)
    connect = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = connect(parts.hostname or "", parts.port, timeout=seconds)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        return response.status, response.read(), response.getheader("X-Slack-No-Retry") == "1"
    except TimeoutError:
        return 0, b"", False
    except (OSError, http.client.HTTPException):
        return -1, b"", False
    finally:
        connection.close()


def _encoded(envelope: Envelope) -> tuple[bytes, str]:
    if envelope.is_event:
        return json.dumps(envelope.payload).encode(), "application/json"
    fields = envelope.payload if envelope.kind == "slash_commands" else {"payload": json.dumps(envelope.payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def _decoded(answer: bytes) -> Json | None:
    text = answer.decode("utf-8", "replace").strip()
    if not text:
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return {"text": text}
    return found if isinstance(found, dict) and found else None
