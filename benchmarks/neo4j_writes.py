"""How fast Neo4j is written: the rows of real issues through the store, and through a raw loop that unwinds the same.

`python -m benchmarks.neo4j_writes EXTRACTS [--rounds N]` derives the rows of each issue beforehand. The raw loop sends
one MERGE a kind of row (and type of edge) in one transaction an issue, with the same indexes and no lock, no check, no
links. Both are run in turn on an emptied database; the first round of each is not counted. Beside them: the whole
import with what it reads and derives, and the statements that are sent for an issue.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import neo4j

from app import bootstrap
from app.settings import Neo4jURL, load
from benchmarks.material import extracts, neo4j_server
from kg import reference, schema
from kg.graph import Graph
from kg.model import Extract
from kg.store.base import Row, Store
from kg.store.neo4j import Neo4jStore
from kg.store.neo4j_faces import LABELS, Naming, node, relationship
from kg.store.sqlite import SQLiteStore


@dataclass
class Changes:
    """What one issue changes: rows to put and ids to delete, as they stand at the end of its transaction."""

    put: dict[tuple[str, str], Row] = field(default_factory=dict)
    gone: set[tuple[str, str]] = field(default_factory=set)


class Recording(SQLiteStore):
    """A store that keeps what each transaction put and deleted."""

    def __init__(self, path: Path) -> None:
        """Open a file."""
        super().__init__(path)
        self.changes: list[Changes] = []

    def put(self, rows: Iterable[Row]) -> None:
        """Note and put."""
        some = list(rows)
        for row in some:
            self.changes[-1].put[row.kind, row.id] = row
            self.changes[-1].gone.discard((row.kind, row.id))
        super().put(some)

    def delete(self, kind: str, ids: Iterable[str]) -> None:
        """Note and delete."""
        some = list(ids)
        for id in some:
            self.changes[-1].put.pop((kind, id), None)
            self.changes[-1].gone.add((kind, id))
        super().delete(kind, some)


def recorded(issues: Sequence[Extract]) -> list[Changes]:
    """Return what each issue changes when they are imported one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        store = Recording(Path(folder) / "kg.db")
        graph = Graph(store, schema.load(), reference.load())
        for one in issues:
            store.changes.append(Changes())
            graph.put(one)
        store.close()
        return store.changes


def by_store(store: Store, changes: Sequence[Changes]) -> float:
    """Return the seconds that the store takes for the changes, one transaction an issue."""
    began = time.perf_counter()
    for one in changes:

        def work(one: Changes = one) -> None:
            for kind, some in groupby(sorted(one.gone), key=lambda k: k[0]):
                store.delete(kind, [id for _, id in some])
            store.put(one.put.values())

        store.write(work)
    return time.perf_counter() - began


def raw(driver: neo4j.Driver, naming: Naming, changes: Sequence[Changes]) -> float:
    """Return the seconds of a loop that unwinds the same rows: nodes by kind, edges by type."""
    began = time.perf_counter()
    for one in changes:
        with driver.session() as session:
            session.execute_write(_unwind, naming, one)
    return time.perf_counter() - began


def _unwind(tx: neo4j.ManagedTransaction, naming: Naming, one: Changes) -> None:
    for kind, some in groupby(sorted(one.gone), key=lambda k: k[0]):
        ids = [id for _, id in some]
        if kind == "edge":
            tx.run("MATCH ()-[e]->() WHERE e.id IN $ids DELETE e", ids=ids).consume()
        else:
            tx.run(f"UNWIND $ids AS id MATCH (n:{LABELS[kind]} {{id: id}}) DETACH DELETE n", ids=ids).consume()
    kinds: dict[str, list[dict[str, Any]]] = {}
    types: dict[str, list[dict[str, Any]]] = {}
    for row in one.put.values():
        if row.kind == "edge":
            face = {**relationship(row), "data": node(row)["data"]}
            types.setdefault(naming.type(row.data["relation"]), []).append(face)
        else:
            kinds.setdefault(row.kind, []).append(node(row))
    for kind, rows in kinds.items():
        tx.run(f"UNWIND $rows AS row MERGE (n:{LABELS[kind]} {{id: row.id}}) SET n = row", rows=rows).consume()
    for type, rows in types.items():
        query = f"""UNWIND $rows AS row MATCH (a:Entity {{id: row.subject_id}}) MATCH (b:Entity {{id: row.object_id}})
            MERGE (a)-[e:{type} {{id: row.id}}]->(b) SET e = row"""
        tx.run(query, rows=rows).consume()


class Counting:
    """Counts the statements that the driver sends in transactions."""

    def __init__(self) -> None:
        """Begin at none."""
        self.sent = 0
        self._run: Callable[..., Any] = neo4j.ManagedTransaction.run

    def __enter__(self) -> Counting:
        def run(tx: Any, *args: Any, **more: Any) -> Any:
            self.sent += 1
            return self._run(tx, *args, **more)

        neo4j.ManagedTransaction.run = run  # type: ignore[method-assign]
        return self

    def __exit__(self, *_: object) -> None:
        neo4j.ManagedTransaction.run = self._run  # type: ignore[method-assign]


def emptied(driver: neo4j.Driver, url: str) -> Neo4jStore:
    """Return the store, emptied."""
    with driver.session() as session:
        session.run("MATCH (n) CALL { WITH n DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS").consume()
    store = bootstrap.open_store(load(url))
    assert isinstance(store, Neo4jStore)
    return store


def measure(url: str, issues: Sequence[Extract], rounds: int) -> None:
    """Print the figures."""
    changes = recorded(issues)
    rows = sum(len(c.put) + len(c.gone) for c in changes)
    print(f"{len(issues)} issues, {rows} rows, {sum(len(x.statements) for x in issues)} statements")
    place = load(url).store
    assert isinstance(place, Neo4jURL)
    naming = Naming.of(schema.load())
    with neo4j.GraphDatabase.driver(
        place.uri, auth=(place.user or "", place.password or ""), notifications_min_severity="OFF"
    ) as driver:
        ours, loops, sent, whole = [], [], 0, 0.0
        for n in range(rounds + 1):
            store = emptied(driver, url)
            with Counting() as counting:
                ours.append(by_store(store, changes))
            store.close()
            sent = counting.sent
            emptied(driver, url).close()
            loops.append(raw(driver, naming, changes))
            print(f"round {n}: store {ours[-1]:.1f} s, raw loop {loops[-1]:.1f} s{' (not counted)' if not n else ''}")
        store = emptied(driver, url)
        graph = Graph(store, schema.load(), reference.load())
        with Counting() as counting:
            began = time.perf_counter()
            for one in issues:
                graph.put(one)
            whole = time.perf_counter() - began
        store.close()
    ratio = statistics.median(b / a for a, b in zip(ours[1:], loops[1:], strict=True))
    print(f"rate of the store against the raw loop: {ratio:.2f} (median of {rounds} rounds)")
    print(
        f"rows a second: store {rows / statistics.median(ours[1:]):.0f}, raw {rows / statistics.median(loops[1:]):.0f}"
    )
    print(
        f"statements an issue: {sent / len(issues):.1f} for writing, {counting.sent / len(issues):.1f} with derivation"
    )
    print(f"the whole import, with what it reads and derives: {whole:.1f} s, {whole / len(issues):.3f} s an issue")


def main() -> int:
    """Measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("extracts", type=Path, help="a folder of extracts")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with neo4j_server() as url:
        measure(url, extracts(args.extracts), args.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
