"""An acknowledgement that is waited for without polling."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from copy import copy

from slack_bolt import Ack, BoltRequest, BoltResponse
from slack_bolt.listener import Listener
from slack_bolt.listener.thread_runner import ThreadListenerRunner

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
        super().__init__()  # type: ignore[no-untyped-call]  # Bolt's is not annotated

    def wait(self) -> BoltResponse | None:
        """What was acknowledged, waited for in whichever thread until the deadline."""
        self._given.wait(self._deadline - time.monotonic())
        return self._copy()

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
        return self._copy()

    @response.setter
    def response(self, response: BoltResponse | None) -> None:
        with self._lock:
            if response is not None and self._response is None:
                self._response = response
                self._given.set()

    def _copy(self) -> BoltResponse | None:
        """Bolt turns the response it holds into a 500 when the listener fails: that must not be the one we keep."""
        return copy(self._response)


def first_stands(runner: ThreadListenerRunner) -> None:
    """Have Bolt return what a `PromptAck` was given, whatever becomes of the listener afterwards.

    Bolt's own runner swaps its response for a 500 and then for nothing while a listener fails. Looking at that moment
    it would refuse what is acknowledged, or ask the next listener as if nobody had taken the request.
    """
    run = runner.run

    def run_and_keep(
        request: BoltRequest,
        response: BoltResponse,
        listener_name: str,
        listener: Listener,
        starting_time: float | None = None,
    ) -> BoltResponse | None:
        answered = run(request, response, listener_name, listener, starting_time)
        ack = request.context.ack
        return ack.wait() if isinstance(ack, PromptAck) else answered

    runner.run = run_and_keep  # type: ignore[method-assign]  # Bolt makes its runner itself and takes no other


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
