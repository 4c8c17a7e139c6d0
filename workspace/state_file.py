"""The file that a workspace is kept in: rows of JSON in SQLite, and the bytes of uploaded files."""

from __future__ import annotations

import fcntl
import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

VERSION = 1  # of the rows; a file with a higher one is left alone
_SIGNATURE = 0x50524158  # "PRAX": tells our file from any other SQLite database
_TABLES = """
CREATE TABLE IF NOT EXISTS items (kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (kind, key));
CREATE TABLE IF NOT EXISTS bytes (file TEXT PRIMARY KEY, data BLOB NOT NULL);
"""
# An update in place keeps the row's number, and so the order of arrival.
_PUT = "INSERT INTO items VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body"

Row = tuple[str, str, str | None]  # kind, key, JSON; None takes the row away


class StateError(Exception):
    """The state cannot be kept in this file; the message is a sentence that says what to do."""


class StateInUse(StateError):
    """Another workspace keeps its state in the file; `url` is where it can be seen, if it says so."""

    def __init__(self, message: str, url: str) -> None:
        super().__init__(message)
        self.url = url


class StateNewer(StateError):
    """A newer version of Praxis wrote the file."""


class StateDamaged(StateError):
    """The file is not in one piece."""


class StateFile:
    """One file, locked for as long as it is open: SQLite makes each write all or nothing, whatever dies meanwhile.

    Raises StateInUse, StateNewer, StateDamaged, or StateError when there can be no such file. To be used by one thread
    at a time.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(path)
        except OSError as error:
            raise StateError(f"The workspace cannot be kept in {path} ({error.strerror}); name another file.") from None
        try:
            self._base = self._open()
        except BaseException:
            self._lock.close()
            raise

    def _open(self) -> sqlite3.Connection:
        try:
            base = sqlite3.connect(self.path, timeout=1, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._explained(error) from None
        try:
            fresh = not base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if not fresh:
                self._inspect(base)
            base.execute("PRAGMA journal_mode = WAL")
            base.execute("PRAGMA synchronous = NORMAL")  # a killed process loses nothing that was committed
            if fresh:
                base.execute(f"PRAGMA application_id = {_SIGNATURE}")
                base.execute(f"PRAGMA user_version = {VERSION}")
                base.executescript(_TABLES)
        except sqlite3.Error as error:
            base.close()
            raise self._explained(error) from None
        except StateError:
            base.close()
            raise
        return base

    def _inspect(self, base: sqlite3.Connection) -> None:
        signature, version = (
            base.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
        )
        if signature != _SIGNATURE:
            raise StateError(f"{self.path} is another program's database; name another file for the workspace.")
        if version > VERSION:
            raise StateNewer(
                f"{self.path} was written by a newer version of Praxis and is left as it is; run that version, or name "
                "another file for the workspace."
            )
        if base.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise StateDamaged(f"{self.path} is damaged.")

    def _explained(self, error: sqlite3.Error) -> StateError:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the extended codes keep the primary one in their low byte
        if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            return StateDamaged(f"{self.path} is damaged.")
        return StateError(f"The workspace cannot be kept in {self.path} ({error}); name another file.")

    def announce(self, url: str) -> None:
        """Say to whoever finds the file taken where the workspace can be seen."""
        self._lock.seek(0)
        self._lock.truncate()
        self._lock.write(url)
        self._lock.flush()

    def rows(self) -> list[tuple[str, str, str]]:
        """Everything as `(kind, key, JSON)`, in order of arrival."""
        try:
            return self._base.execute("SELECT kind, key, body FROM items ORDER BY rowid").fetchall()
        except sqlite3.Error as error:
            raise self._explained(error) from None

    def data(self) -> dict[str, bytes]:
        """The bytes of every file."""
        try:
            return dict(self._base.execute("SELECT file, data FROM bytes").fetchall())
        except sqlite3.Error as error:
            raise self._explained(error) from None

    def write(self, rows: Iterable[Row], data: Mapping[str, bytes]) -> None:
        """Put rows and the bytes of new files in, all or nothing. Raises StateError."""
        try:
            self._base.execute("BEGIN IMMEDIATE")
            self._base.executemany("INSERT OR REPLACE INTO bytes VALUES (?, ?)", data.items())
            for kind, key, body in rows:
                if body is None:
                    self._base.execute("DELETE FROM items WHERE kind = ? AND key = ?", (kind, key))
                else:
                    self._base.execute(_PUT, (kind, key, body))
            self._base.execute("COMMIT")
        except sqlite3.Error as error:
            if self._base.in_transaction:
                self._base.execute("ROLLBACK")
            raise self._explained(error) from None

    def close(self) -> None:
        """Let go of the file. Safe to call twice."""
        self._base.close()
        self._lock.close()


def _locked(path: Path) -> IO[str]:
    """The lock beside the file; the system opens it again when its holder dies, however it dies."""
    beside = path.with_name(path.name + ".lock")
    lock = beside.open("a+", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        url = lock.read().strip()
        lock.close()
        where = f" at {url}" if url else ""
        raise StateInUse(f"A workspace that is kept in {path} is running already{where}.", url) from None
    return lock


def kept_offset(path: Path) -> float:
    """By how many seconds the clock of the workspace kept there was moved ahead; 0 where none is kept.

    Only reads, also while a workspace runs.
    """
    try:
        base = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1)
    except sqlite3.Error:
        return 0.0
    try:
        row = base.execute("SELECT body FROM items WHERE kind = 'clock'").fetchone()
        return float(json.loads(row[0])["offset"]) if row else 0.0
    except (sqlite3.Error, ValueError, TypeError, KeyError):
        return 0.0
    finally:
        base.close()


def set_aside(path: Path) -> Path:
    """Rename a damaged file, with what SQLite keeps beside it; returns its new name."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    path.rename(aside)
    for ending in ("-wal", "-shm"):
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.rename(f"{aside}{ending}")
    return aside
