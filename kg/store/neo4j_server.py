"""A Neo4j database: opening it, sessions for many threads, transactions that see and leave one state, errors.

Neo4j reads what is committed, statement by statement, and a commit does not appear at one stroke: a count may show what
an index does not hold yet. Two nodes make one state of several reads. A writer holds the lock of (:Lock) through its
transaction. Right before it commits it counts up `begun` of (:Gate), and when the commit is through it sets `done` to
the same number, each in a transaction of its own. A reader begins where both are equal, and reads again if they moved.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import neo4j
from neo4j import exceptions as neo

from kg.errors import StoreError
from kg.store.base import INDEXES
from kg.store.neo4j_errors import explained, version_problem
from kg.store.neo4j_faces import LABELS, Naming

SCHEMA = 1  # of labels, properties and indexes
TRIES, PAUSE, PATIENCE = 5, 0.01, 2.0  # of a reader that meets a commit: times, seconds, seconds
LOCK = "MATCH (l:Lock {id: 'write'}) SET l.at = timestamp()"
STATE = "MATCH (g:Gate {id: 'gate'}) RETURN g.done AS done, g.begun AS begun"
BEGIN = "MATCH (g:Gate {id: 'gate'}) SET g.begun = g.begun + 1 RETURN g.begun AS number"
DONE = "MATCH (g:Gate {id: 'gate'}) WHERE g.done < $number SET g.done = $number"
REPAIR = "MATCH (g:Gate {id: 'gate'}) SET g.done = g.begun"
T = TypeVar("T")
# What the driver logs comes as an error too, which is told in our words; without a handler Python would print it.
logging.getLogger("neo4j").addHandler(logging.NullHandler())


class Neo4jServer:
    """A database of a server, made ready when it is empty. Raises StoreError, which says what to do."""

    def __init__(
        self,
        uri: str,
        *,
        naming: Naming,
        user: str | None = None,
        password: str | None = None,
        database: str | None = None,
        wait: float = 30.0,
    ) -> None:
        """Connect; `wait`: seconds that a transaction is tried again when the server breaks it off."""
        self.url = uri + (f"/{database}" if database else "")
        self.naming, self._database = naming, database
        self._local = threading.local()
        self._connected = self._closed = False
        auth = (user or "neo4j", password) if password is not None else None
        with self.explained():
            self._driver = neo4j.GraphDatabase.driver(
                uri, auth=auth, user_agent="ai-industry-kg", connection_timeout=10.0, telemetry_disabled=True,
                max_transaction_retry_time=wait, notifications_min_severity="OFF",
            )  # fmt: skip
            self._bookmarks = neo4j.GraphDatabase.bookmark_manager()
            try:
                self._prepare()
            except BaseException:
                self._driver.close()
                raise

    def _prepare(self) -> None:
        """Check server and database, and make constraints and indexes where they are not there yet."""
        if problem := version_problem(self._driver.get_server_info().agent, self.url):
            raise StoreError(problem)
        self._connected = True
        with self.session() as session:
            made = session.execute_read(lambda tx: tx.run("MATCH (g:Gate {id: 'gate'}) RETURN g.schema").value())
            if made == [SCHEMA]:
                return
            if made and (made[0] or 0) > SCHEMA:
                raise StoreError(
                    f"{self.url} was written by a newer version (schema {made[0]}, this program knows {SCHEMA}); "
                    "install the newer program or name another --store"
                )
            if not made and session.execute_read(lambda tx: tx.run("MATCH (n) RETURN count(n)").value()) != [0]:
                raise StoreError(f"{self.url} holds data of another program; name an empty database")
            session.execute_write(lambda tx: [tx.run(statement).consume() for statement in definitions(self.naming)])
            session.run("CALL db.awaitIndexes(60)").consume()
            session.execute_write(lambda tx: tx.run(
                "MERGE (:Lock {id: 'write'}) "
                "MERGE (g:Gate {id: 'gate'}) ON CREATE SET g.begun = 0, g.done = 0 SET g.schema = $schema",
                schema=SCHEMA,
            ).consume())  # fmt: skip

    def write(self, work: Callable[[], T]) -> T:
        """Take the write lock, run the work in one transaction, and return what it returns. Not nested."""
        if self._held() is not None:
            raise StoreError("a transaction is open in this thread already")
        with self.explained(), self.session() as session:
            result, number = session.execute_write(self._locked, work)
            if number is not None:
                self._alone(DONE, number=number)
            return result

    def _locked(self, tx: neo4j.ManagedTransaction, work: Callable[[], T]) -> tuple[T, int | None]:
        """Return the work's result and the number of its commit, None if it changed nothing."""
        tx.run(LOCK).consume()
        self._hold(tx, writes=True)
        try:
            result = work()
            self._finish()
            return result, int(self._alone(BEGIN)[0]["number"]) if self._local.changed else None
        finally:
            self._hold(None)

    def _finish(self) -> None:
        """Write what is left to be written."""

    def _alone(self, cypher: str, **params: Any) -> list[neo4j.Record]:
        """Run a statement in a transaction of its own, whatever this thread holds."""
        with self.session() as session:
            return session.execute_write(lambda tx: list(tx.run(cypher, params)))

    def read(self, work: Callable[[], T]) -> T:
        """Return what the work returns, all its reads seeing one state of the store."""
        if self._held() is not None:
            return work()
        with self.explained():
            for _ in range(TRIES):
                try:
                    with self.session() as session:
                        found = session.execute_read(self._reading, work)
                except _TornError:
                    continue
                if found is None:
                    break
                result, same = found
                if same:
                    return result
        return self._among_writers(work)

    def _reading(self, tx: neo4j.ManagedTransaction, work: Callable[[], T]) -> tuple[T, bool] | None:
        """Return the work's result and whether no commit began meanwhile; None if commits do not rest.

        What the work breaks on while others commit is half of what they wrote: it is run again.
        """
        state = _rest(tx)
        if state is None:
            return None
        self._hold(tx, writes=False, done=state)
        try:
            result = work()
        except (neo.Neo4jError, neo.DriverError):
            raise
        except Exception as error:
            if _still(tx, state):
                raise
            raise _TornError from error
        finally:
            self._hold(None)
        return result, _still(tx, state)

    def _among_writers(self, work: Callable[[], T]) -> T:
        """Read with the write lock held: where commits never rest, or a writer died in the midst of one."""

        def locked() -> T:
            self._run(REPAIR)
            return work()

        return self.write(locked)

    def version(self) -> str:
        """Return a word that changes with every committed write."""
        known = getattr(self._local, "done", None)
        return str(known if self._held() is not None and known is not None else self._run(STATE)[0]["done"])

    def close(self) -> None:
        """Close the connections."""
        self._closed = True
        self._driver.close()

    def _run(self, cypher: str, /, **params: Any) -> list[neo4j.Record]:
        """Return the records of a reading statement: inside this thread's transaction, else in one of its own."""
        held = self._held()
        if held is not None:
            return list(held.run(cypher, params))
        with self.explained(), self.session() as session:
            return session.execute_read(lambda tx: list(tx.run(cypher, params)))

    def _writing(self) -> neo4j.ManagedTransaction:
        held = self._held()
        if held is None or not self._local.writes:
            raise StoreError("rows are written inside a transaction only: store.write(work)")
        self._local.changed = True
        return held

    def _held(self) -> neo4j.ManagedTransaction | None:
        """Return the transaction of this thread."""
        held: neo4j.ManagedTransaction | None = getattr(self._local, "tx", None)
        return held

    def _hold(self, tx: neo4j.ManagedTransaction | None, *, writes: bool = False, done: int | None = None) -> None:
        self._local.tx, self._local.writes, self._local.done, self._local.changed = tx, writes, done, False

    @contextmanager
    def session(self, **more: Any) -> Iterator[neo4j.Session]:
        """Yield a session of the database."""
        if self._closed:
            raise StoreError(f"{self.url}: the store is closed")
        with self._driver.session(database=self._database, bookmark_manager=self._bookmarks, **more) as session:
            yield session

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn the driver's errors into StoreError; inside a transaction they pass, so that it can be tried again."""
        try:
            yield
        except (neo.Neo4jError, neo.DriverError, OSError) as error:
            if self._held() is not None:
                raise
            raise explained(error, self.url, connected=self._connected) from error


class _TornError(Exception):
    """The work broke on half of what another one was writing."""


def _still(tx: neo4j.ManagedTransaction, state: int) -> bool:
    """Say whether no commit began since a state."""
    found = tx.run(STATE).single(strict=True)
    return bool(found["done"] == found["begun"] == state)


def _rest(tx: neo4j.ManagedTransaction) -> int | None:
    """Wait until no commit is under way; return its number, None if that does not come."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = tx.run(STATE).single(strict=True)
        if found["done"] == found["begun"]:
            return int(found["done"])
        time.sleep(PAUSE)
    return None


def definitions(naming: Naming) -> Iterator[str]:
    """Yield the statements that make constraints and indexes; each does nothing where its own is there already."""
    for label in (*LABELS.values(), "Metric", "Lock", "Gate"):
        yield f"CREATE CONSTRAINT kg_{label.lower()}_id IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
    for kind, *fields in INDEXES:
        by = ", ".join(f"n.{field}" for field in fields)
        yield f"CREATE INDEX kg_{kind}_{'_'.join(fields)} IF NOT EXISTS FOR (n:{LABELS[kind]}) ON ({by})"
    for type in naming.every:
        yield f"CREATE INDEX kg_{type.lower()} IF NOT EXISTS FOR ()-[r:{type}]-() ON (r.id)"
    yield "CREATE TEXT INDEX kg_name_folded IF NOT EXISTS FOR (n:Name) ON (n.folded)"
    yield "CREATE FULLTEXT INDEX entity_names IF NOT EXISTS FOR (n:Entity) ON EACH [n.name, n.aliases]"
