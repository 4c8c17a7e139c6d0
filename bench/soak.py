"""`make soak`: the fault tests of delivery at full length, in one table with what is required; writes build/soak.json.

`--quick` runs each for seconds instead of minutes, `--only NAME` (repeatable) only those whose name contains NAME.
"""

from __future__ import annotations

import argparse
import json
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console
from rich.table import Table

import knowledge.records  # noqa: F401  # every table, for the foreign keys
from bench.ground import ENGINES, Ground, Seen, Trial, prepared
from bench.soak_events import EVENT_TRIALS
from tests import postgresql
from tests.faults import test_uploads, trials
from tests.faults.harness import Tally
from tests.faults.victim import STEPS

TARGET = Path("build") / "soak.json"
UNCLEAR: tuple[tuple[str, dict[str, Any]], ...] = (
    ("drop", {"after_effect": True}),
    ("drop", {"after_effect": False}),
    ("status", {"status": 503, "after_effect": True}),
    ("status", {"status": 500, "after_effect": False}),
    ("truncate", {}),
)


def _clean(*tallies: Tally) -> tuple[bool, str]:
    lost, doubled = sum(tally.lost for tally in tallies), sum(tally.doubled for tally in tallies)
    return lost == doubled == 0, f"{sum(tally.expected for tally in tallies)} messages: {lost} lost, {doubled} doubled"


def _killed_at_random(ground: Ground, quick: bool) -> Seen:
    wanted, tallies, kills, turn = (10 if quick else 500), [], 0, 0
    for engine in ENGINES:
        met = 0
        with ground.world(engine) as world:
            while met < wanted:
                turn += 1
                recipients, times = (60, 12) if quick else (500, 60)
                tally, killed = trials.kill_at_random(
                    world, recipients=recipients, kills=min(times, wanted - met), seed=turn, text=f"random{turn}"
                )
                tallies.append(tally)
                met += killed
        kills += met
    ok, words = _clean(*tallies)
    return Seen(ok, f"{kills} kills, {words}")


def _killed_at_steps(ground: Ground, quick: bool) -> Seen:
    rounds, tallies, reached = (1 if quick else 20), [], 0
    for engine in ENGINES:
        with ground.world(engine) as world:
            tally, at = trials.kill_at_steps(world, recipients=6, rounds=rounds, text="step")
            tallies.append(tally)
            reached += len(at)
    ok, words = _clean(*tallies)
    return Seen(ok and reached == 2 * rounds * len(STEPS), f"{reached} kills at {len(STEPS)} steps, {words}")


def _ambiguous(ground: Ground, quick: bool) -> Seen:
    tallies = []
    for engine in ENGINES:
        for number, (kind, options) in enumerate(UNCLEAR):
            with ground.world(engine) as world:
                tallies.append(
                    trials.ambiguous(
                        world, kind, recipients=12 if quick else 200, text=f"unclear{number}", seed=number, **options
                    )
                )
    ok, words = _clean(*tallies)
    return Seen(ok, f"half of the answers unclear, {words}")


def _rate_limited(ground: Ground, quick: bool) -> Seen:
    tallies, limited, early, slowest = [], 0, 0, 0.0
    for engine in ENGINES:
        with ground.world(engine) as world:
            tally, more, sooner, p99 = trials.rate_limited(world, recipients=15 if quick else 300)
            tallies.append(tally)
            limited, early, slowest = limited + more, early + sooner, max(slowest, p99)
    ok, words = _clean(*tallies)
    return Seen(
        ok and early == 0 and slowest < 1.0, f"{limited} put off, {early} early, {words}; p99 {slowest * 1000:.0f} ms"
    )


def _shared(ground: Ground, quick: bool) -> Seen:
    with ground.world("PostgreSQL") as world:
        ok, words = _clean(trials.share(world, processes=4, recipients=60 if quick else 10_000, text="due"))
    return Seen(ok, words)


def _stopped(ground: Ground, quick: bool) -> Seen:
    tallies = []
    for engine in ENGINES:
        with ground.world(engine) as world:
            tallies.append(trials.stop_past_lease(world, recipients=4, times=1 if quick else 50, text="still"))
    ok, words = _clean(*tallies)
    return Seen(ok, words)


def _delivered_again(ground: Ground, quick: bool) -> Seen:
    events, seen = (60 if quick else 1000), []
    for engine in ENGINES:
        with ground.world(engine) as world:
            seen.append(trials.deliver_again_and_again(world, processes=4, events=events))
    return Seen(seen == [events, events], f"{events} events: {seen[0]} effects on SQLite, {seen[1]} on PostgreSQL")


def _postgresql_killed(ground: Ground, quick: bool) -> Seen:
    with postgresql.running(durable=True) as server:
        own = Ground(ground.folder, ground.slack, ground.victims, server)
        with own.world("PostgreSQL") as world:
            tally, said = trials.postgresql_killed(world, server, recipients=30 if quick else 300)
    ok, words = _clean(tally)
    return Seen(ok and "cannot be reached" in said, f"{words}; said: {said.partition(';')[2].strip()}")


def _sqlite_locked(ground: Ground, quick: bool) -> Seen:
    with ground.world("SQLite") as world:
        tally, said, refusal = trials.sqlite_locked(world, recipients=20, seconds=0.3 if quick else 5)
    ok, words = _clean(tally)
    return Seen(ok and "locked" in said and "locked" in refusal, f"{words}; said: {said.partition(';')[2].strip()}")


def _disk_full(ground: Ground, _quick: bool) -> Seen:
    with ground.world("SQLite") as world:
        tally, refusal = trials.disk_full(world, recipients=20)
    ok, words = _clean(tally)
    return Seen(ok and "no room left" in refusal, f"{words}; said: {refusal.partition(';')[2].strip()}")


def _token_revoked(ground: Ground, _quick: bool) -> Seen:
    seen = []
    for engine in ENGINES:
        with ground.world(engine) as world:
            seen.append(trials.token_revoked(world, "token_revoked", recipients=20))
    ok, words = _clean(*(tally for tally, _ in seen))
    said = {code for _, code in seen}
    return Seen(ok and said == {"token_revoked"}, f"{words}; said: {', '.join(said)}")


def _uploads(ground: Ground, quick: bool) -> Seen:
    """Killed, or left without an answer, in the middle of sending files."""
    seen: list[int] = []
    for engine in ENGINES:
        with ground.world(engine) as world:
            for turn in range(1 if quick else 20):
                seen += test_uploads.lose_answers(world, f"files {turn}") + test_uploads.kill_at_steps(
                    world, f"sheet {turn}"
                )
    lost, doubled = seen.count(0), sum(number > 1 for number in seen)
    return Seen(lost == doubled == 0, f"{len(seen)} messages with two files: {lost} lost, {doubled} doubled")


def _of(run: Callable[[Callable[[str], str], bool], tuple[bool, str]]) -> Callable[[Ground, bool], Seen]:
    return lambda ground, quick: Seen(*run(ground.url, quick))


TRIALS = (
    Trial("kill -9 of the sender at random", "1,000 kills: 0 lost, 0 doubled", _killed_at_random),
    Trial("kill -9 at each named step", "20 times each and engine: 0 lost, 0 doubled", _killed_at_steps),
    Trial("unclear answers (lost, 5xx, cut)", "200 of each: 0 lost, 0 doubled", _ambiguous),
    Trial("429 on 30 % of the calls", "0 lost, none early, an ack's p99 below 1 s", _rate_limited),
    Trial("4 processes share what is due (PostgreSQL)", "10,000 of 10,000 exactly once", _shared),
    Trial("SIGSTOP past the lease", "100 times: 0 doubled", _stopped),
    Trial("each event delivered 4 times, several processes", "1,000 events: 1,000 effects", _delivered_again),
    Trial("PostgreSQL killed and started again", "0 lost, 0 doubled, says what is wrong", _postgresql_killed),
    Trial("SQLite locked for 5 s", "0 lost, 0 doubled, says what is wrong", _sqlite_locked),
    Trial("disk full", "0 lost, 0 doubled, says what is wrong", _disk_full),
    Trial("killed, or no answer, while files are uploaded", "20 times each and engine: 0 lost, 0 doubled", _uploads),
    Trial("token revoked while running", "0 lost, 0 doubled, says what is wrong", _token_revoked),
    *(Trial(name, required, _of(run)) for name, required, run in EVENT_TRIALS),
)


def main() -> int:
    """Run the trials asked for, print the table and write it; 1 when one showed something else than is required."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="seconds instead of minutes for each")
    parser.add_argument("--only", action="append", metavar="NAME", help="only trials whose name contains this")
    options = parser.parse_args()
    chosen = [trial for trial in TRIALS if not options.only or any(part in trial.name for part in options.only)]
    if not chosen:
        parser.error(f"no such trial; there are: {'; '.join(trial.name for trial in TRIALS)}")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    console = Console()
    rows: list[dict[str, Any]] = []
    with prepared() as ground:
        for trial in chosen:
            console.print(f"{trial.name} …", style="dim")
            rows.append(_row(trial, ground, quick=options.quick))
            console.print(
                f"  {rows[-1]['seen']} ({rows[-1]['seconds']:.0f} s)",
                style="" if rows[-1]["ok"] else "red",
                markup=False,
            )
            _write(rows, quick=options.quick, left=len(chosen) - len(rows))
    console.print(_table(rows, quick=options.quick))
    return 0 if all(row["ok"] for row in rows) else 1


def _write(rows: list[dict[str, Any]], *, quick: bool, left: int) -> None:
    """After each trial: hours of work are not lost when somebody stops the last one."""
    TARGET.parent.mkdir(exist_ok=True)
    seen = {"measured_at": datetime.now(UTC).isoformat(), "quick": quick, "left": left, "trials": rows}
    TARGET.write_text(json.dumps(seen, indent=2) + "\n")


def _table(rows: list[dict[str, Any]], *, quick: bool) -> Table:
    table = Table("", "Trial", "Required", "Seen", "Seconds", title="Faults" + (", quick form" if quick else ""))
    for row in rows:
        mark = "[green]met[/]" if row["ok"] else "[red]missed[/]"
        table.add_row(mark, row["name"], row["required"], row["seen"], f"{row['seconds']:.0f}")
    return table


def _row(trial: Trial, ground: Ground, *, quick: bool) -> dict[str, Any]:
    before = time.monotonic()
    try:
        seen = trial.run(ground, quick)
    except Exception as error:
        # One that breaks must not hide what the others show.
        seen = Seen(False, f"{type(error).__name__}: {error}"[:300])
    finally:
        ground.slack.clear()
    return {
        "name": trial.name,
        "required": trial.required,
        "seen": seen.words,
        "ok": seen.ok,
        "seconds": round(time.monotonic() - before, 1),
    }


if __name__ == "__main__":
    raise SystemExit(main())
