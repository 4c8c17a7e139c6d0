"""What can be wrong with a database, each with a sentence that says what to do.

StorageError
├── DatabaseMissing       there is no such file or database
├── DatabaseUnavailable   PostgreSQL cannot be reached, or it refused us
├── DatabaseLocked        another process keeps it to itself for too long
├── DatabaseReadOnly      it can be read, but not written
├── DatabaseFull          no room left on its disk
├── DatabaseDamaged       it is not a database, or not in one piece
├── DatabaseNewer         a newer version of Praxis has migrated it
└── BackupError           a backup cannot be made, read or restored

The messages name the database without its password.
"""

from __future__ import annotations

import re
import sqlite3

import psycopg
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, OperationalError


class StorageError(Exception):
    """Base: the message is one sentence for an operator."""


class DatabaseMissing(StorageError):
    """There is no such file or database."""


class DatabaseUnavailable(StorageError):
    """PostgreSQL cannot be reached, or it refused us."""


class DatabaseLocked(StorageError):
    """Another process keeps the database to itself for too long; trying again later is right."""


class DatabaseReadOnly(StorageError):
    """The database can be read, but not written."""


class DatabaseFull(StorageError):
    """No room left on the disk."""


class DatabaseDamaged(StorageError):
    """It is not a database, or not in one piece."""


class DatabaseNewer(StorageError):
    """The schema is newer than this version of Praxis knows."""


class BackupError(StorageError):
    """A backup cannot be made, read or restored."""


def shown(url: URL) -> str:
    """How messages name a database: the file, or server and database without the credentials."""
    if url.get_backend_name() == "sqlite":
        return url.database or ":memory:"
    host = url.host or url.query.get("host") or "localhost"
    return f"{url.database} on {host}" + (f":{url.port}" if url.port else "")


def explained(error: DBAPIError, url: URL) -> StorageError | None:
    """The named error behind a driver's, or None when the fault is in the statement and not in the database."""
    return _sqlite(error, shown(url)) if url.get_backend_name() == "sqlite" else _postgresql(error, url)


def _sqlite(error: DBAPIError, where: str) -> StorageError | None:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is None:
        return None
    match code & 0xFF:  # the extended codes keep the primary one in their low byte
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return DatabaseLocked(
                f"The database {where} is locked by another process; wait for it to finish, or stop it, and try again."
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return DatabaseReadOnly(
                f"The database {where} is read-only; give the user who runs Praxis the right to write to the file "
                "and to its folder."
            )
        case sqlite3.SQLITE_CANTOPEN:
            return DatabaseMissing(
                f"The database {where} cannot be opened; check that the folder exists and that the user who runs "
                "Praxis may read and write there."
            )
        case sqlite3.SQLITE_FULL:
            return DatabaseFull(
                f"There is no room left for the database {where}; free space on its disk; delivery then goes on."
            )
        case sqlite3.SQLITE_IOERR:
            return DatabaseUnavailable(
                f"The disk that holds the database {where} reports an error; check the disk and its free space."
            )
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return DatabaseDamaged(
                f"The file {where} is not a sound database; restore the last backup with `bot.py restore`, or name "
                "another file in DATABASE_URL."
            )
    return None


def _postgresql(error: DBAPIError, url: URL) -> StorageError | None:
    where, cause = shown(url), error.orig
    state = str(getattr(cause, "sqlstate", None) or "")
    text = str(cause)
    if state == "3D000" or re.search(r'database ".*" does not exist', text):
        return DatabaseMissing(
            f"There is no database {where}; create it (`createdb {url.database}`), or mend DATABASE_URL."
        )
    if state in ("25006", "42501"):
        return DatabaseReadOnly(
            f"The database {where} does not let us write; grant the user of DATABASE_URL the right to create and "
            "change tables, or point DATABASE_URL at the primary server."
        )
    if state == "53100":
        return DatabaseFull(
            f"The server of the database {where} has no room left; free space on its disk; delivery then goes on."
        )
    if state in ("55P03", "57014"):
        return DatabaseLocked(
            f"The database {where} is locked by another process; wait for it to finish, or stop it, and try again."
        )
    if state.startswith("28") or re.search(r"authentication failed|role \".*\" does not exist", text):
        return DatabaseUnavailable(f"The database {where} refused the user or the password; mend them in DATABASE_URL.")
    if state in ("XX001", "XX002"):
        return DatabaseDamaged(f"PostgreSQL found damaged data in {where}; restore the last backup.")
    if state.startswith(("08", "53", "57P")) or (
        isinstance(error, OperationalError) and (isinstance(cause, psycopg.OperationalError) and not state)
    ):
        return DatabaseUnavailable(
            f"The database {where} cannot be reached; check that PostgreSQL runs there and that DATABASE_URL names it."
        )
    return None
