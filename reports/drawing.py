"""Draws one chart: `python -m reports.drawing` reads it as JSON and writes a PNG picture to standard output."""

from __future__ import annotations

import io
import json
import sys
from itertools import cycle, islice
from textwrap import shorten, wrap
from typing import Any

import matplotlib as mpl
from babel.numbers import format_decimal, format_percent
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from reports.charts import Chart, Panel, Shape, from_json

# Told apart with every kind of colour vision (Okabe and Ito, 2008), each with a hatching and a mark of its own.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
HATCHES = ("", "//", "..", "\\\\", "xx", "--")
MARKS = ("o", "s", "^", "D", "v", "P")
WIDTH_IN, DPI = 9.0, 110
MOST_LABELS, LABEL_LIMIT = 16, 48
_GREY = "#555555"


def draw(chart: Chart) -> bytes:
    """The chart as a PNG picture."""
    mpl.rcParams.update({"text.parse_math": False, "font.size": 10, "hatch.linewidth": 0.6, "hatch.color": "white"})
    heights = [_height(panel) for panel in chart.panels]
    figure = Figure(figsize=(WIDTH_IN, sum(heights) + 1.2), dpi=DPI, layout="constrained")
    figure.suptitle("\n".join(wrap(chart.title, 70)), fontsize=13, fontweight="bold", x=0.01, ha="left")
    # Each panel for itself: the long labels of one take no room from the others.
    parts: Any = figure.subfigures(len(chart.panels), 1, squeeze=False, height_ratios=heights)
    for panel, part in zip(chart.panels, parts[:, 0], strict=True):
        _panel(part.subplots(), panel, chart.locale)
        if len(panel.series) > 1:
            part.legend(loc="outside right upper", frameon=False, fontsize=9)
    if chart.note:
        figure.supxlabel("\n".join(wrap(chart.note, 110)), fontsize=8, color=_GREY, x=0.01, ha="left")
    out = io.BytesIO()
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def _height(panel: Panel) -> float:
    if panel.shape is not Shape.across:
        return 2.8
    return 0.9 + 0.3 * max(2, len(panel.labels)) * max(1, 0.7 * len(panel.series))


def _panel(axes: Axes, panel: Panel, locale: str) -> None:
    axes.set_title("\n".join(wrap(panel.title, 80)), fontsize=11, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_axisbelow(True)
    axes.margins(0.02, 0.12)
    across = panel.shape is Shape.across
    axes.grid(axis="x" if across else "y", color="#dddddd", linewidth=0.7)
    value_axis = axes.xaxis if across else axes.yaxis
    value_axis.set_major_locator(MaxNLocator(nbins=5, integer=not panel.percent))
    value_axis.set_major_formatter(FuncFormatter(lambda value, _: _number(value, panel, locale)))
    (_lines if panel.shape is Shape.lines else _across if across else _columns)(axes, panel, locale)
    if across:
        axes.set_xlim(0, max(axes.get_xlim()[1], 0.01 if panel.percent else 1.0))
    else:
        # Shares over time are compared from chart to chart: each goes up to all.
        whole = panel.percent and panel.shape is Shape.lines
        axes.set_ylim(0, 1.04 if whole else max(axes.get_ylim()[1], 0.01 if panel.percent else 1.0))
        _name_columns(axes, panel)


def _columns(axes: Axes, panel: Panel, locale: str) -> None:
    stacked = panel.shape is Shape.stacked
    width = 0.8 if stacked else 0.8 / max(1, len(panel.series))
    base = [0.0] * len(panel.labels)
    few = len(panel.labels) * (1 if stacked else len(panel.series)) <= 2 * MOST_LABELS
    for number, (series, look) in enumerate(zip(panel.series, _looks(), strict=False)):
        values = [value or 0.0 for value in series.values]
        offset = 0.0 if stacked else (number - (len(panel.series) - 1) / 2) * width
        at = [place + offset for place in range(len(values))]
        bars = axes.bar(at, values, width * 0.94, base if stacked else 0, label=series.name, **look)
        if few:
            texts = [_number(value, panel, locale) if value else "" for value in series.values]
            # Inside a stack the value stands on the hatching and needs a ground of its own.
            ground = {"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85} if stacked else None
            axes.bar_label(
                bars, texts, label_type="center" if stacked else "edge", fontsize=8, padding=0 if stacked else 2
            )
            for text, said in zip(axes.texts[-len(texts) :], texts, strict=True):
                text.set_bbox(ground if said else None)
        if stacked:
            base = [low + value for low, value in zip(base, values, strict=True)]

    for place in range(len(panel.labels)):
        if panel.missing and all(series.values[place] is None for series in panel.series):
            axes.text(place, 0, panel.missing, ha="center", va="bottom", fontsize=8, color=_GREY)


def _lines(axes: Axes, panel: Panel, _locale: str) -> None:
    for series, colour, mark in zip(panel.series, cycle(COLOURS), cycle(MARKS), strict=False):
        values = [float("nan") if value is None else value for value in series.values]
        axes.plot(range(len(values)), values, color=colour, marker=mark, markersize=5, linewidth=1.8, label=series.name)


def _across(axes: Axes, panel: Panel, locale: str) -> None:
    height = 0.8 / max(1, len(panel.series))
    for number, (series, look) in enumerate(zip(panel.series, _looks(), strict=False)):
        at = [place + (number - (len(panel.series) - 1) / 2) * height for place in range(len(panel.labels))]
        bars = axes.barh(at, [value or 0.0 for value in series.values], height * 0.9, label=series.name, **look)
        texts = [panel.missing if value is None else _number(value, panel, locale) for value in series.values]
        axes.bar_label(bars, texts, fontsize=8, padding=3)
    axes.set_yticks(range(len(panel.labels)), [shorten(label, LABEL_LIMIT, placeholder="…") for label in panel.labels])
    axes.invert_yaxis()


def _name_columns(axes: Axes, panel: Panel) -> None:
    step = max(1, -(-len(panel.labels) // MOST_LABELS))  # some of them where all would overlap
    shown = list(islice(enumerate(panel.labels), 0, None, step))
    crowded = len(shown) > 8 or any(len(label) > 14 for _, label in shown)
    axes.set_xticks(
        [place for place, _ in shown],
        [shorten(label, LABEL_LIMIT, placeholder="…") for _, label in shown],
        rotation=35 if crowded else 0,
        ha="right" if crowded else "center",
    )


def _looks() -> Any:
    for colour, hatch in zip(cycle(COLOURS), cycle(HATCHES), strict=False):
        yield {"color": colour, "hatch": hatch}


def _number(value: float, panel: Panel, locale: str) -> str:
    if panel.percent:
        return format_percent(value, locale=locale)
    return format_decimal(round(value, 1), locale=locale)


if __name__ == "__main__":
    sys.stdout.buffer.write(draw(from_json(json.load(sys.stdin))))
