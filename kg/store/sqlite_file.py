"""One SQLite file: opening and migrating it, connections for many threads, transactions, errors."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kg.errors import StoreError
from kg.store.base import FIELDS, INDEXES, LINKS, T

APPLICATION_ID = 0x414B4731  # "AKG1": tells our files from other programs' databases
NUMBERS = {"amount_low", "amount_high", "percent", "value", "confidence", "certain", "counted"}


def _first_tables(connection: sqlite3.Connection) -> None:
    """Version 1: the tables of FIELDS."""
    for kind, fields in FIELDS.items():
        columns = ["id TEXT PRIMARY KEY", "data TEXT NOT NULL"]
        for name in fields:
            link = LINKS.get(kind, {}).get(name)
            more = f" REFERENCES {link}(id) DEFERRABLE INITIALLY DEFERRED" if link else ""
            columns.append(f'"{name}" {"NUMERIC" if name in NUMBERS else "TEXT"}{more}')
        connection.execute(f'CREATE TABLE "{kind}" ({", ".join(columns)})')
    for number, (kind, *fields_of) in enumerate(INDEXES):
        by = ", ".join(f'"{c}"' for c in fields_of)
        connection.execute(f'CREATE INDEX "{kind}_{number}" ON "{kind}" ({by})')


def _version(connection: sqlite3.Connection) -> None:
    """Version 2: a number that every writing transaction counts up."""
    connection.execute("CREATE TABLE version (number INTEGER NOT NULL)")
    connection.execute("INSERT INTO version VALUES (0)")


# Each step leads from the version of its position to the next; a step that was released is never changed.
MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_first_tables, _version)


REASONS: tuple[tuple[str, str | None], ...] = (
    ("locked", None),
    ("busy", None),
    ("not a database", "is not a store (some other file is there); name another --store"),
    ("malformed", "the store is damaged; restore a copy, or delete it and import again"),
    ("unable to open", "cannot be opened; is the folder there and writable? else name another --store"),
    ("readonly", "cannot be written (the file or its folder is read-only); mend that or name another --store"),
    ("full", "the disk is full; make room and import again (nothing half-written stays)"),
    ("disk i/o", "the disk refuses; look at it, then try again"),
    ("foreign key", "rows speak of an issue or an entity that is not in the store; nothing was written"),
)


class SQLiteFile:
    """A file with its connections; made where it is missing. Raises StoreError, which says what to do."""

    def __init__(self, path: str | Path, *, wait: float = 10.0) -> None:
        """Open the file and bring it to this version; `wait`: seconds that a writer waits for another one."""
        self.file, self.wait = Path(path), wait
        self._local = threading.local()
        self._guard, self._writer = threading.Lock(), threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{self.file}: cannot make the folder ({error.strerror}); name another --store") from error
        if self.file.is_dir():
            raise StoreError(f"{self.file} is a folder; a store is a file, for example {self.file / 'kg.db'}")
        with self._explained():
            connection = self._open()
            try:
                self._migrate(connection)
            except BaseException:
                connection.close()
                raise
        self._idle.append(connection)

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.file, timeout=self.wait, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")
        except BaseException:
            connection.close()
            raise
        return connection

    def _migrate(self, connection: sqlite3.Connection) -> None:
        """Bring the file to the newest version in one transaction; refuse other programs' and newer files."""
        newest = len(MIGRATIONS)
        if self._version(connection) == newest:
            return
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        try:
            for step in MIGRATIONS[self._version(connection) :]:
                step(connection)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {newest}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _version(self, connection: sqlite3.Connection) -> int:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        owner = int(connection.execute("PRAGMA application_id").fetchone()[0])
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and owner != APPLICATION_ID:
            raise StoreError(f"{self.file} is a database of another program; name another --store")
        if version > len(MIGRATIONS):
            raise StoreError(
                f"{self.file} was written by a newer version (schema {version}, this program knows "
                f"{len(MIGRATIONS)}); install the newer program or name another --store"
            )
        return version

    def write(self, work: Callable[[], T]) -> T:
        """Take the write lock, run the work in one transaction, and return what it returns. Not nested."""
        if self._held_connection() is not None:
            raise StoreError("a transaction is open in this thread already")
        if not self._writer.acquire(timeout=self.wait):
            raise StoreError(self._busy())
        try:
            with self._explained(), self._held("BEGIN IMMEDIATE"):
                done = work()
                if self._local.changed:
                    self._writing().execute("UPDATE version SET number = number + 1")
                return done
        finally:
            self._writer.release()

    def read(self, work: Callable[[], T]) -> T:
        """Return what the work returns, all its reads seeing one state of the store."""
        if self._held_connection() is not None:
            return work()
        with self._explained(), self._held("BEGIN"):
            return work()

    def version(self) -> str:
        """Return a word that changes with every committed write."""
        return str(self._all("SELECT number FROM version", [])[0][0])

    @contextmanager
    def _held(self, begin: str) -> Iterator[None]:
        with self._connection() as connection:
            connection.execute(begin)
            self._local.connection, self._local.writes = connection, begin != "BEGIN"
            self._local.changed = False
            try:
                yield
                connection.execute("COMMIT")
            finally:
                self._local.connection = None
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection of this thread's transaction, else an idle one, else a new one."""
        held = self._held_connection()
        if held is not None:
            yield held
            return
        with self._guard:
            if self._closed:
                raise StoreError(f"{self.file}: the store is closed")
            connection = self._idle.pop() if self._idle else None
        if connection is None:
            connection = self._open()
        try:
            yield connection
        finally:
            self._give_back(connection)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._guard:
            if self._closed:
                connection.close()
            else:
                self._idle.append(connection)

    def _held_connection(self) -> sqlite3.Connection | None:
        """Return the connection of this thread's transaction or reading."""
        held: sqlite3.Connection | None = getattr(self._local, "connection", None)
        return held

    def _writing(self) -> sqlite3.Connection:
        held = self._held_connection()
        if held is None or not self._local.writes:
            raise StoreError("rows are written inside a transaction only: store.write(work)")
        self._local.changed = True
        return held

    def close(self) -> None:
        """Close the connections; those in use close when they are given back."""
        with self._guard:
            self._closed = True
            while self._idle:
                self._idle.pop().close()

    def _all(self, sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
        with self._explained(), self._connection() as connection:
            return connection.execute(sql, params).fetchall()

    def _busy(self) -> str:
        return f"{self.file}: another program is writing to the store; try again when it is done"

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn the driver's errors into StoreError."""
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(self._reason(str(error))) from error

    def _reason(self, said: str) -> str:
        for sign, text in REASONS:
            if sign in said.lower():
                return self._busy() if text is None else f"{self.file}: {text}"
        return f"{self.file}: the store refuses ({said})"
