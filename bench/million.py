"""`bench.growth` at a million phrasings; takes some minutes, so it is measured only when asked for by name."""

from __future__ import annotations

from typing import Any

from bench import growth


def measure() -> list[dict[str, Any]]:
    """Rows for the table of benchmarks."""
    return growth.measure([growth.MILLION])
