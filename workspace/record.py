"""The record of every Web API call that was received."""

from __future__ import annotations

import json
from collections import deque
from datetime import UTC, datetime
from pathlib import Path

from workspace.clock import instant
from workspace.kinds import Json

KEPT = 20_000


class Record:
    """Calls in memory (the newest twenty thousand) and, with a path, appended to a file of JSON lines."""

    def __init__(self, path: Path | None = None) -> None:
        self.calls: deque[Json] = deque(maxlen=KEPT)
        self._file = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a", encoding="utf-8")

    def add(self, method: str, args: Json, *, ok: bool, error: str | None) -> None:
        """Write one call down."""
        call = {"method": method, "args": args, "ok": ok, "error": error, "at": instant(datetime.now(UTC))}
        self.calls.append(call)
        if self._file is not None:
            self._file.write(json.dumps(call, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n")
            self._file.flush()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None
