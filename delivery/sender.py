"""The sender: posts what is due in the outbox, wakes at once after a commit, and stops cleanly.

One thread, the clerk, does all the writing: it settles what was posted and claims what is next in one transaction, so
that a commit serves several messages. The others post. Nobody waits for Slack with a transaction open.
"""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import dataclass

import structlog
from slack_sdk import WebClient

from delivery import claims
from delivery.calls import Done, Refused, call
from delivery.claims import Claim, Settlement
from delivery.journal import Journal
from delivery.posting import Poster, Timing, TokenRefused, monotonic
from delivery.records import OutboxState
from delivery.waking import to_post
from storage import Database
from storage.errors import StorageError

log = structlog.get_logger(__name__)

MOST_PATIENCE_S = 30.0
TROUBLES_IN_A_ROW = 5  # more than one bad moment of Slack's makes


@dataclass(frozen=True)
class Health:
    """Whether messages go out; `problem` is Slack's code for a token it refuses, or what is wrong.

    That may be the database, Slack itself, which took nothing several times in a row, or the sender.
    """

    ok: bool
    problem: str | None = None


class Sender:
    """Posts for one Slack token with `threads` calls under way at a time.

    `community_id` restricts it to the rows of one community: needed where communities with different tokens share a
    database. Make the client with `delivery.client.web_client`.
    """

    def __init__(
        self,
        database: Database,
        client: WebClient,
        *,
        threads: int = 4,
        community_id: int | None = None,
        timing: Timing | None = None,
    ) -> None:
        self._database = database
        self._client = client
        self._timing = timing or Timing()
        self._community_id = community_id
        self._poster = Poster(client, self._timing)
        self._size = threads
        self._jobs: queue.SimpleQueue[Claim | None] = queue.SimpleQueue()
        self._state = threading.Condition()
        self._results: list[Settlement] = []
        # By claim and not by row: after a long standstill a row may be claimed anew while its old claim comes back.
        self._under_way: dict[int, Claim] = {}
        self._woken = True
        self._stopping = False
        self._leave_by = 0.0
        self._rounds_without_work = 0
        self._trouble = 0
        self._probe_at = 0.0
        self._took_over_at = 0.0
        self._refused: str | None = None
        self._database_problem: str | None = None
        self._journal = Journal()
        self._threads = [
            threading.Thread(target=self._post_claims, name=f"sender-{number}", daemon=True)
            for number in range(1, threads + 1)
        ]
        self._clerk = threading.Thread(target=self._keep_books, name="sender-clerk", daemon=True)

    @property
    def health(self) -> Health:
        """Whether messages go out just now."""
        died = self._clerk.ident is not None and not self._clerk.is_alive() and not self._stopping
        problem = "The sender has ended by itself; restart Praxis." if died else self._refused or self._database_problem
        if problem is None and self._trouble >= TROUBLES_IN_A_ROW:
            problem = f"Slack did not take {self._trouble} messages in a row; they wait until it does."
        return Health(problem is None, problem)

    def start(self) -> None:
        """Begin to post."""
        to_post.subscribe(self.wake)
        for thread in [self._clerk, *self._threads]:
            thread.start()

    def wake(self) -> None:
        """Look for something to post now."""
        with self._state:
            self._woken = True
            self._state.notify_all()

    def stop(self) -> None:
        """Finish what is under way, give back what is not, and return; at most a lease later."""
        to_post.unsubscribe(self.wake)
        with self._state:
            self._leave_by = time.monotonic() + self._timing.lease
            self._stopping = True
            self._state.notify_all()
        for thread in [self._clerk, *self._threads]:
            if thread.ident is not None:
                thread.join(max(0.0, self._leave_by - time.monotonic()))
        self._journal.tell_figures(now=True)

    def drain(self, timeout: float = 30.0) -> None:
        """Wait until nothing is due and nothing under way, or the token is refused. Raises TimeoutError (seconds)."""
        with self._state:
            self._woken = True
            self._rounds_without_work = 0
            self._state.notify_all()
            # Two rounds: the first may have begun before the caller's commit.
            if not self._state.wait_for(lambda: self._rounds_without_work >= 2 or self._refused, timeout):
                raise TimeoutError(f"Messages are still under way after {timeout} s")

    # The clerk

    def _keep_books(self) -> None:
        unsettled: list[Settlement] = []
        setbacks = 0
        while not (self._stopping and self._is_done(unsettled)):
            finished, rested = self._wait_for_work(hurry=bool(unsettled) or setbacks > 0)
            unsettled += finished
            try:
                if self._refused:
                    self._check_token()
                room = self._room()
                unsettled, new = self._settle_and_claim(unsettled, room, only_if_due=rested)
                self._database_problem, setbacks = None, 0
            except Exception as error:
                setbacks += 1
                self._note_setback(error, setbacks)
                continue
            self._hand_out(new, looked=room > 0)
            self._journal.tell_figures()
        for _ in self._threads:
            self._jobs.put(None)

    def _is_done(self, unsettled: list[Settlement]) -> bool:
        """Whether the clerk may leave: with its books in order, or when their time is up."""
        with self._state:
            in_order = not (self._under_way or self._results or unsettled)
        return in_order or time.monotonic() >= self._leave_by

    def _wait_for_work(self, *, hurry: bool) -> tuple[list[Settlement], bool]:
        """What was finished meanwhile, and whether the clerk comes from resting without having been woken."""
        with self._state:
            if hurry:  # a row was held by somebody else, or the database could not be had: soon again, but not at once
                self._state.wait(min(0.1, self._timing.poll))
            elif self._stopping:
                self._state.wait_for(lambda: self._results, self._timing.poll)
            else:
                self._state.wait_for(lambda: self._results or self._woken or self._stopping, self._timing.poll)
            rested = not (self._results or self._woken)
            finished, self._results = self._results, []
            for settlement in finished:
                del self._under_way[id(settlement.claim)]
            self._woken = False
            return finished, rested

    def _settle_and_claim(
        self, finished: list[Settlement], room: int, *, only_if_due: bool
    ) -> tuple[list[Settlement], list[Claim]]:
        if not finished:
            if room == 0:
                return [], []
            if only_if_due:
                with self._database.read() as session:
                    if not claims.anything_due(session, self._community_id):
                        return [], []
        # Taken before the claim is, so that it can only be over too early.
        deadline = monotonic() + self._timing.lease - self._timing.margin
        with self._database.begin() as session:
            deferred = claims.settle(session, finished)
            new = (
                claims.claim(
                    session,
                    lease=self._timing.lease_delta,
                    deadline=deadline,
                    limit=room,
                    bulk_limit=self._room_for_bulk(room),
                    overdue=self._time_to_take_over(),
                    community_id=self._community_id,
                )
                if room
                else []
            )
        held = {settlement.claim.id for settlement in deferred}
        for settlement in finished:
            if settlement.claim.id not in held:
                self._note(settlement)
        return deferred, new

    def _time_to_take_over(self) -> bool:
        """Whether to look for rows in overdue hands: now and then is enough, and whenever there is little to do."""
        now = time.monotonic()
        if self._under_way and now - self._took_over_at < self._timing.poll:
            return False
        self._took_over_at = now
        return True

    def _room(self) -> int:
        if self._stopping or self._refused:
            return 0
        if self._trouble >= self._size:
            # Slack is down: one message at a time finds out whether it still is, and the others stay undoubted.
            return 1 if not self._under_way and time.monotonic() >= self._probe_at else 0
        return self._size - len(self._under_way)

    def _room_for_bulk(self, room: int) -> int:
        """One place stays free for what somebody waits for."""
        if self._size == 1:
            return room
        bulk = sum(1 for claim in self._under_way.values() if claim.priority == claims.BULK)
        return min(room, max(0, self._size - 1 - bulk))

    def _hand_out(self, new: list[Claim], *, looked: bool) -> None:
        with self._state:
            for claim in new:
                self._under_way[id(claim)] = claim
                self._jobs.put(claim)
            idle = looked and not new and not self._under_way and not self._results
            self._rounds_without_work = self._rounds_without_work + 1 if idle else 0
            # Somebody drains: the second look has to be taken at once.
            self._woken = self._woken or (idle and self._rounds_without_work == 1)
            self._state.notify_all()

    def _note(self, settlement: Settlement) -> None:
        if settlement.is_trouble:
            self._trouble += 1
            wait = min(MOST_PATIENCE_S, self._timing.poll * 2 ** min(self._trouble - self._size, 10))
            self._probe_at = time.monotonic() + wait
        elif not settlement.untried:
            self._trouble = 0
        self._journal.note(settlement)

    def _note_setback(self, error: Exception, setbacks: int) -> None:
        self._database_problem = str(error) if isinstance(error, StorageError) else type(error).__name__
        if setbacks == 1:
            # What has no name of ours is a defect, and its trace is wanted.
            log.error("delivery.setback", error=self._database_problem, exc_info=not isinstance(error, StorageError))

    def _check_token(self) -> None:
        """After a refusal, ask now and then whether the token is good again."""
        if time.monotonic() < self._probe_at or self._stopping:
            return
        outcome = call(self._client, "auth.test")
        self._probe_at = time.monotonic() + self._timing.token_check
        if isinstance(outcome, Done):
            log.info("delivery.token_accepted")
            self._refused = None
        elif isinstance(outcome, Refused):
            self._refused = outcome.code

    # Those who post

    def _post_claims(self) -> None:
        while (claim := self._jobs.get()) is not None:
            settlement = self._carry_out(claim)
            with self._state:
                self._results.append(settlement)
                self._state.notify_all()

    def _carry_out(self, claim: Claim) -> Settlement:
        try:
            return self._poster.carry_out(claim)
        except TokenRefused as refusal:
            with self._state:
                if self._refused is None:
                    log.error("delivery.token_refused", error=refusal.code, kept="every message waits for a good token")
                self._refused = refusal.code
                self._probe_at = time.monotonic() + self._timing.token_check
                self._state.notify_all()
            return refusal.settlement
        except Exception as error:
            # A defect of ours: the row goes to where a person sees it, and the others go on.
            log.exception("delivery.defect", row=claim.id, key=claim.key)
            return Settlement(claim, OutboxState.parked, error=type(error).__name__, in_doubt=True)
