"""What the workspace wants the app to know, and how long it insists."""

from __future__ import annotations

import asyncio
import json
import uuid
from dataclasses import dataclass, field

from workspace.kinds import Json

ACK_SECONDS = 3.0
RETRY_SECONDS = (0.0, 60.0, 300.0)  # after the first failure, the second, the third; then Slack gives up


class Unanswered(Exception):
    """The app did not answer; `code` is `no_bot` or `operation_timeout`, or says what it answered with."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Patience:
    """How long an answer may take and after how long an unanswered event is sent again."""

    ack_seconds: float = ACK_SECONDS
    retry_seconds: tuple[float, ...] = RETRY_SECONDS


@dataclass(eq=False)
class Envelope:
    """One delivery; `answer` becomes the app's answer, or Unanswered."""

    kind: str  # events_api, interactive or slash_commands
    payload: Json
    answer: asyncio.Future[Json | None]
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    attempt: int = 0
    reason: str = ""
    copies: int = 1

    @property
    def is_event(self) -> bool:
        """Whether it is an event, which is sent again when nobody answers; a person's press is not."""
        return self.kind == "events_api"

    def as_text(self, envelope_id: str) -> str:
        """As it goes over the socket."""
        out: Json = {
            "envelope_id": envelope_id,
            "payload": self.payload,
            "type": self.kind,
            "accepts_response_payload": not self.is_event,
        }
        if self.is_event:
            out |= {"retry_attempt": self.attempt, "retry_reason": self.reason}
        return json.dumps(out)

    def settle(self, answer: Json | None) -> None:
        """The app answered."""
        if not self.answer.done():
            self.answer.set_result(answer)

    def give_up(self, code: str) -> None:
        """The app will not answer."""
        if not self.answer.done():
            self.answer.set_exception(Unanswered(code))
            self.answer.exception()  # events have nobody who waits; asyncio would complain
