"""An acknowledgement that is waited for without polling."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

from slack_bolt import Ack, BoltResponse

# Slack gives 3 s; what is not acknowledged by then is acknowledged bare, and the answer follows as a message.
SLACK_WAITS_S = 3.0
DEADLINE_S = 2.5


class PromptAck(Ack):
    """Bolt's `ack`, except that the dispatching thread wakes the moment a listener acknowledges.

    Bolt's own runner looks every 10 ms whether `response` is there. Here reading it from the thread that made
    this object waits, at most until `DEADLINE_S` after the request arrived, and then acknowledges with nothing. The
    first acknowledgement stands: Bolt would otherwise drop it when a listener fails after it.
    """

    def __init__(self) -> None:
        self._dispatcher = threading.get_ident()
        self._deadline = time.monotonic() + DEADLINE_S
        self._given = threading.Event()
        self._lock = threading.Lock()
        self._response: BoltResponse | None = None
        self._through: BoltResponse | None = None
        super().__init__()  # type: ignore[no-untyped-call]  # Bolt's is not annotated

    def wait(self) -> BoltResponse | None:
        """What was acknowledged, waited for in whichever thread until the deadline."""
        self._given.wait(self._deadline - time.monotonic())
        return self._response

    @property
    def late(self) -> bool:
        """Whether Slack has given up on it: what is acknowledged now nobody sees."""
        return time.monotonic() > self._deadline + SLACK_WAITS_S - DEADLINE_S

    @property
    def given(self) -> bool:
        """Whether it was acknowledged already; never waits."""
        return self._given.is_set()

    @property
    def response(self) -> BoltResponse | None:
        """What was acknowledged. Waits only in the thread that dispatches."""
        if threading.get_ident() == self._dispatcher and not self._given.wait(self._deadline - time.monotonic()):
            self.response = BoltResponse(status=200, body="")
        return self._response

    @response.setter
    def response(self, response: BoltResponse | None) -> None:
        with self._lock:
            if response is not None and self._response is None:
                self._response = response
                self._copy()
                self._given.set()

    def speak_through(self, response: BoltResponse) -> None:
        """Have `response` say what is acknowledged: when a listener failed, Bolt returns that one, a 500 until then."""
        with self._lock:
            self._through = response
            self._copy()

    def _copy(self) -> None:
        if self._through is not None and self._response is not None and self._through is not self._response:
            self._through.status = self._response.status
            self._through.headers = self._response.headers
            self._through.body = self._response.body


class Given:
    """The acknowledgements given lately, so that what is delivered twice is answered twice with the same.

    A bare acknowledgement that overtakes the answer to a command would leave the person without it.
    """

    MOST = 500

    def __init__(self) -> None:
        self._acks: OrderedDict[str, PromptAck] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, key: str, ack: PromptAck) -> PromptAck | None:
        """Have later deliveries of the same answered with `ack`; returns the one an earlier delivery began with."""
        with self._lock:
            earlier = self._acks.setdefault(key, ack)
            while len(self._acks) > self.MOST:
                self._acks.popitem(last=False)
        return None if earlier is ack else earlier

    def keep(self, key: str, ack: PromptAck) -> None:
        """`ack` is the one that will be given, whichever delivery began first."""
        with self._lock:
            self._acks[key] = ack
