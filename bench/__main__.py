"""`make bench`: every figure beside its peer, measured in the same run; writes build/bench.json."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

PARTS = (
    "envelopes",
    "outbox",
    "clock",
    "check_in",
    "reminders",
    "answers",
    "changes",
    "catalogue",
    "review",
    "growth",
    "report",
)
BY_NAME = ("million",)  # takes minutes
TARGET = Path("build") / "bench.json"


def main() -> int:
    """Measure the parts asked for (by default all of PARTS), print and write them. 1 when a goal was missed."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"any of: {', '.join(PARTS + BY_NAME)}")
    chosen = parser.parse_args().parts or list(PARTS)
    if unknown := set(chosen) - {*PARTS, *BY_NAME}:
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS + BY_NAME)}")
    rows: list[dict[str, Any]] = []
    for part in chosen:
        rows += [{"part": part, **row} for row in importlib.import_module(f"bench.{part}").measure()]
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(
        json.dumps({"measured_at": datetime.now(UTC).isoformat(), "machine": machine, "figures": rows}, indent=2) + "\n"
    )
    show(rows, machine)
    return 0 if all(row.get("ok") is not False for row in rows) else 1


def show(rows: list[dict[str, Any]], machine: str) -> None:
    """The figures as a table, with what they are held against."""
    table = Table("", "Figure", "Seen", "Peer", "Peer's", "Ratio", "Goal", title=f"Praxis on {machine}")
    for row in rows:
        mark = {True: "[green]met[/]", False: "[red]missed[/]", None: ""}[row.get("ok")]
        table.add_row(
            mark,
            str(row["name"]),
            f"{_number(row['figure'])} {row.get('unit', '')}",
            str(row.get("peer") or ""),
            _number(row.get("peer_figure")),
            _number(row.get("ratio")),
            str(row.get("goal") or ""),
        )
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def _number(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,.3g}" if isinstance(value, float) and abs(value) < 1000 else f"{value:,.0f}"


if __name__ == "__main__":
    sys.exit(main())
