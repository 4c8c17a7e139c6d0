"""Charts as PNG pictures: what they show is data, and they are drawn in a process of its own.

The drawing library takes a second and 60 MB to load. The bot never loads it: what it takes is given back with the
picture.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TIMEOUT_S = 90.0  # on a busy machine, with the library's first look at the fonts
_one_at_a_time = threading.Lock()


class Shape(StrEnum):
    """How a panel shows its series: side by side, one upon another, as lines over time, or as bars from the left."""

    bars = "bars"
    stacked = "stacked"
    lines = "lines"
    across = "across"


@dataclass(frozen=True)
class Series:
    """Values of one name, one for each label of its panel; None where there is none to show."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Panel:
    """One diagram. A legend names its series, unless there is only one."""

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    shape: Shape = Shape.bars
    percent: bool = False  # values are shares, 1 being all
    missing: str = ""  # what stands in place of a value that is not to be shown

    def __post_init__(self) -> None:
        if any(len(series.values) != len(self.labels) for series in self.series):
            raise ValueError("Each series of a panel has a value, or None, for each of its labels")


@dataclass(frozen=True)
class Chart:
    """Panels one below another, under a title and above a note; every text is in the language of `locale`."""

    title: str
    panels: tuple[Panel, ...]
    note: str = ""
    locale: str = "en"


class ChartFailed(Exception):
    """The picture could not be drawn; the figures themselves are not touched by it."""


def png(chart: Chart) -> bytes:
    """The chart as a PNG picture; the same chart gives the same bytes. Raises ChartFailed.

    Nothing is said by colour alone: series differ in hatching or marks too, and bars carry their values.
    """
    command = [sys.executable, "-m", "reports.drawing"]
    order = json.dumps(asdict(chart)).encode()
    with _one_at_a_time:  # several at once would be several times the memory
        try:
            done = subprocess.run(command, input=order, capture_output=True, cwd=ROOT, timeout=TIMEOUT_S, check=False)  # noqa: S603  # our own module
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ChartFailed(type(error).__name__) from error
    if done.returncode or not done.stdout.startswith(b"\x89PNG"):
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise ChartFailed(said[-1][:200] if said else f"exit status {done.returncode}")
    return done.stdout


def from_json(given: dict[str, Any]) -> Chart:
    """The chart that `asdict` made a dictionary of."""
    panels = [
        Panel(
            panel["title"],
            tuple(panel["labels"]),
            tuple(Series(series["name"], tuple(series["values"])) for series in panel["series"]),
            Shape(panel["shape"]),
            panel["percent"],
            panel["missing"],
        )
        for panel in given["panels"]
    ]
    return Chart(given["title"], tuple(panels), given["note"], given["locale"])
