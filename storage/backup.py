"""Backups: everything there is, as one consistent moment, in one compressed file that either engine can be made from.

The file is gzip over lines of JSON: first what it is (format, schema revision, time, tables), then for each table its
columns and its rows, and in the end how many rows there were, without which a file counts as damaged. It is written
while Praxis runs, from one snapshot, and holds what people wrote: keep it as carefully as the database.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import JSON, Connection, Date, DateTime, LargeBinary, MetaData, Table, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from storage import migrate
from storage.base import Base
from storage.database import Database
from storage.errors import BackupError, explained, shown

FORMAT = 1
_PAGE = 500
_REVISIONS = "alembic_version"


@dataclass(frozen=True)
class Contents:
    """What a backup holds."""

    revision: str
    made_at: datetime
    rows: dict[str, int]  # of each table


def backup(database: Database, target: Path) -> int:
    """Write everything to `target`, readable by its owner only, and return the number of rows; the bot may run.

    A file that is there already is replaced once the new one is whole. Raises BackupError and the errors of a database.
    """
    unfinished = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _snapshot(database) as connection, _private(unfinished) as file:
            rows = _write(connection, file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    except OSError as error:
        raise BackupError(f"The backup {target} cannot be written: {error.strerror}. Name another place.") from error
    finally:
        with suppress(OSError):
            unfinished.unlink()
    return rows


def restore(source: Path, database_url: str, *, overwrite: bool = False) -> int:
    """Make the database at `database_url` what the backup says, all or nothing, and return the number of rows.

    A database that holds rows already is refused unless `overwrite`. Raises BackupError for a file that is damaged, or
    made by a newer version of Praxis.
    """
    contents = inspect_backup(source)
    if not migrate.knows(contents.revision):
        raise BackupError(
            f"The backup {source} was made by a newer version of Praxis (its revision {contents.revision} is unknown "
            "here); install that version."
        )
    database = Database(database_url)
    try:
        with migrate.exclusive(database) as connection:
            if not overwrite and (taken := _table_with_rows(connection)):
                raise BackupError(
                    f"The database {shown(database.url)} is not empty (there are rows in {taken}); name an empty one, "
                    "or say --overwrite to lose what it holds."
                )
            at = migrate.revision_of(connection)
            if at != contents.revision:
                if at is not None:
                    migrate.downgrade_to(connection, "base")
                migrate.upgrade_to(connection, contents.revision)
            _fill(connection, source, contents)
            migrate.upgrade_to(connection)
    finally:
        database.close()
    return sum(contents.rows.values())


def inspect_backup(source: Path) -> Contents:
    """What a backup holds; reads all of it. Raises BackupError when it is not one, or not whole."""
    lines = _lines(source)
    header = next(lines, None)
    if not isinstance(header, dict) or header.get("praxis_backup") != FORMAT:
        raise BackupError(f"{source} is not a backup of Praxis, or one of a format that this version cannot read.")
    rows: dict[str, int] = {}
    table = ""
    end: dict[str, Any] = {}
    for line in lines:
        if isinstance(line, list):
            rows[table] += 1
        elif "table" in line:
            table = line["table"]
            rows[table] = 0
        else:
            end = line
    if end.get("rows") != rows:
        raise _damaged(source)
    return Contents(header["revision"], datetime.fromisoformat(header["made_at"]), rows)


# Writing


@contextmanager
def _snapshot(database: Database) -> Iterator[Connection]:
    """A connection that sees one moment of the database, whatever is written meanwhile."""
    try:
        with database.engine.connect() as connection:
            if not database.is_sqlite:  # a transaction of SQLite is a snapshot by itself
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection
    except DBAPIError as error:
        raise explained(error, database.url) or error from error


def _write(connection: Connection, file: IO[bytes]) -> int:
    revision = migrate.revision_of(connection)
    if revision is None:
        raise BackupError("The database holds nothing of Praxis: there is nothing to back up.")
    rows: dict[str, int] = {}
    with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=6, filename="") as packed:

        def put(line: object) -> None:
            packed.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")

        put({"praxis_backup": FORMAT, "revision": revision, "made_at": datetime.now(UTC).isoformat()})
        for table in _tables(connection, revision).sorted_tables:
            columns = list(table.columns)
            put({"table": table.name, "columns": [column.name for column in columns]})
            rows[table.name] = 0
            # A page at a time: a large database must not be held in memory.
            connection.execution_options(yield_per=_PAGE)
            for row in connection.execute(select(*columns).order_by(*table.primary_key.columns)):
                put([_to_json(value) for value in row])
                rows[table.name] += 1
        put({"rows": rows})
    return sum(rows.values())


def _to_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    return value


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


# Reading


def _lines(source: Path) -> Iterator[Any]:
    try:
        with gzip.open(source, "rt", encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)
    except FileNotFoundError:
        raise BackupError(f"There is no file {source}.") from None
    except (gzip.BadGzipFile, zlib.error, EOFError, ValueError) as error:
        raise _damaged(source) from error
    except OSError as error:
        raise BackupError(f"The backup {source} cannot be read: {error.strerror}.") from error


def _damaged(source: Path) -> BackupError:
    return BackupError(f"The backup {source} is damaged or not whole; nothing was restored. Use another backup.")


def _fill(connection: Connection, source: Path, contents: Contents) -> None:
    tables = _tables(connection, contents.revision)
    if unknown := contents.rows.keys() - tables.tables.keys():
        raise BackupError(f"The backup {source} holds tables that Praxis does not know: {', '.join(sorted(unknown))}.")
    for table in reversed(tables.sorted_tables):
        connection.execute(table.delete())
    for table, rows in _pages(source, tables):
        connection.execute(insert(table), rows)
    if connection.dialect.name == "postgresql":
        for table in tables.sorted_tables:
            _set_sequence(connection, table)


def _pages(source: Path, tables: MetaData) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    table: Table | None = None
    columns: list[str] = []
    page: list[dict[str, Any]] = []
    for line in _lines(source):
        if table is not None and page and (isinstance(line, dict) or len(page) >= _PAGE):
            yield table, page
            page = []
        if isinstance(line, dict):
            if "table" in line:
                table, columns = tables.tables[line["table"]], line["columns"]
        elif table is not None:
            page.append({name: _from_json(table, name, value) for name, value in zip(columns, line, strict=True)})


def _from_json(table: Table, column: str, value: Any) -> Any:
    kind = table.c[column].type
    if value is None:
        return None
    if isinstance(kind, DateTime):
        moment = datetime.fromisoformat(value)
        return moment if kind.timezone else moment.replace(tzinfo=None)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return base64.b64decode(value) if isinstance(kind, LargeBinary) else value


def _tables(connection: Connection, revision: str) -> MetaData:
    """The tables of Praxis as this database has them."""
    tables = MetaData()
    # At the newest revision the records say which tables are ours; before it, whatever is there.
    ours = Base.metadata.tables.keys() if revision == migrate.head() else ()
    tables.reflect(connection, only=lambda name, _: name != _REVISIONS and (not ours or name in ours))
    for table in tables.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type = JSON(none_as_null=True)  # NULL comes back as NULL
    return tables


def _table_with_rows(connection: Connection) -> str | None:
    revision = migrate.revision_of(connection)
    if revision is None:
        return None
    for table in _tables(connection, revision).sorted_tables:
        if connection.scalar(select(func.count()).select_from(table)):
            return table.name
    return None


def _set_sequence(connection: Connection, table: Table) -> None:
    """Numbers given from now on must come after those restored."""
    if "id" not in table.c:
        return
    sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, "id")))
    if sequence:
        highest = connection.scalar(select(func.max(table.c.id)))
        connection.execute(
            text("SELECT setval(:sequence, :value, :used)"),
            {"sequence": sequence, "value": highest or 1, "used": highest is not None},
        )
