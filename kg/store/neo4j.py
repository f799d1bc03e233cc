"""The Neo4j store: rows as nodes and readable relationships, written in batches; what a person sees is in the faces."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import neo4j

from kg.errors import StoreError
from kg.store.base import FIELDS, LINKS, Pattern, Row, clean, fold
from kg.store.neo4j_faces import LABELS, Naming, links, metric, node, relationship
from kg.store.neo4j_match import Compiled
from kg.store.neo4j_server import Neo4jServer
from kg.store.neo4j_write import EDGE_TYPES, MOVABLE, MOVED, NEEDS, ORDER, Writing
from kg.store.paths import Link, near, shortest

BATCH = 2000  # rows a statement
AMOUNT = "coalesce(k.amount_high, k.amount_low)"


class Neo4jStore(Neo4jServer):
    """A store in a Neo4j database, for many threads and processes at once.

    Rows are gathered and written before they are read, or at the end of the transaction; those that an edge, a
    statement or a mention speaks of must be there by then. Every method raises StoreError.
    """

    def __init__(self, uri: str, *, naming: Naming, **more: Any) -> None:
        """Connect as `Neo4jServer` does."""
        self._cypher = Writing(naming)
        super().__init__(uri, naming=naming, **more)

    def put(self, rows: Iterable[Row]) -> None:
        """Insert or replace rows by kind and id (inside `write`)."""
        self._writing()
        for row in rows:
            self._fields(row.kind)
            self._pending.setdefault(row.kind, {})[clean(row.id)] = row

    def delete(self, kind: str, ids: Iterable[str]) -> None:
        """Delete rows by id (inside `write`); unknown ids are ignored."""
        self._writing()
        self._fields(kind)
        self._pending.setdefault(kind, {}).update({clean(id): None for id in ids})

    def get(self, kind: str, ids: Iterable[str]) -> list[Row]:
        """Return the rows that exist, in the order of the ids."""
        wanted = list(dict.fromkeys(clean(id) for id in ids))
        cypher = f"UNWIND $ids AS id MATCH (n:{self._label(kind)} {{id: id}}) RETURN n.id, n.data"
        found: dict[str, str] = dict(self._seen(kind, cypher, ids=wanted)) if wanted else {}
        return [Row(kind, id, json.loads(found[id])) for id in wanted if id in found]

    def rows(self, kind: str, /, **equal: Any) -> Iterator[Row]:
        """Yield rows of a kind sorted by id; `equal` narrows by one of FIELDS: a value, None, or a list of values."""
        where, params = self._where(kind, equal)
        found = self._seen(kind, f"MATCH (n:{self._label(kind)}){where} RETURN n.id, n.data", **params)
        for id, data in sorted(found, key=lambda r: str(r[0])):
            yield Row(kind, id, json.loads(data))

    def count(self, kind: str, /, **equal: Any) -> int:
        """Return how many rows `rows` would yield."""
        where, params = self._where(kind, equal)
        return int(self._seen(kind, f"MATCH (n:{self._label(kind)}){where} RETURN count(n)", **params)[0][0])

    def match(self, pattern: Pattern) -> list[dict[str, Row]]:
        """Return the bindings of the pattern: variable → entity or edge row."""
        compiled = Compiled(pattern, self.naming)
        return compiled.bindings(self._seen("edge", compiled.cypher, **compiled.params))

    def neighbourhood(self, ids: Iterable[str], *, depth: int = 1, limit: int = 1000) -> list[Row]:
        """Return the edges within `depth` steps of the entities, largest amounts first; one query a step."""
        if depth <= 0:
            return []
        around = near(self._around, [clean(id) for id in ids], depth - 1)
        cypher = f"""
            MATCH (k:Edge) WHERE k.subject_id IN $ids OR k.object_id IN $ids
            RETURN k.id, k.data ORDER BY {AMOUNT} IS NULL, {AMOUNT} DESC, k.id LIMIT $limit"""
        found = self._seen("edge", cypher, ids=around, limit=max(0, limit))
        return [Row("edge", id, json.loads(data)) for id, data in found]

    def path(self, start: str, end: str, *, longest: int = 4) -> list[Row]:
        """Return the edges of a shortest path, or an empty list; one query a step."""
        return self.get("edge", shortest(self._around, start, end, longest))

    def _around(self, ids: list[str]) -> list[Link]:
        cypher = """
            MATCH (k:Edge) WHERE k.subject_id IN $ids OR k.object_id IN $ids
            RETURN k.id, k.subject_id, k.object_id ORDER BY k.id"""
        return [(id, subject, target) for id, subject, target in self._seen("edge", cypher, ids=ids)]

    def names(self, text: str | None = None, *, limit: int = 20) -> list[tuple[str, str]]:
        """Return (form, entity id) whose form contains the text's words, nearest first; all of them for None."""
        if text is None:
            return [(row.data["form"], row.data["entity_id"]) for row in self.rows("name")]
        whole = clean(fold(text))
        if not whole:
            return []
        cypher = """
            MATCH (n:Name) WHERE n.folded CONTAINS $words[0] AND all(word IN $words WHERE n.folded CONTAINS word)
            RETURN n.data ORDER BY n.folded <> $whole, NOT n.folded STARTS WITH $whole, size(n.folded), n.folded, n.id
            LIMIT $limit"""
        found = self._seen("name", cypher, words=whole.split(), whole=whole, limit=max(0, limit))
        rows = [json.loads(data) for (data,) in found]
        return [(name["form"], name["entity_id"]) for name in rows]

    @property
    def _pending(self) -> dict[str, dict[str, Row | None]]:
        """Return the rows of this thread's transaction that are to be written, None for those to be deleted."""
        pending: dict[str, dict[str, Row | None]] = self._local.pending
        return pending

    def _hold(self, tx: neo4j.ManagedTransaction | None, *, writes: bool = False, done: int | None = None) -> None:
        super()._hold(tx, writes=writes, done=done)
        self._local.pending, self._local.deleted = {}, {}

    def _seen(self, kind: str, cypher: str, /, **params: Any) -> list[neo4j.Record]:
        """Return the records of a reading statement that sees what this transaction has put of the kind."""
        if self._held() is not None and self._pending:
            self._flush(*NEEDS.get(kind, ()), kind)
        return self._run(cypher, **params)

    def _flush(self, *kinds: str) -> None:
        """Write the gathered rows of these kinds."""
        for kind in (k for k in ORDER if k in kinds and k in self._pending):
            some = self._pending.pop(kind)
            gone = self._local.deleted.setdefault(kind, set())
            gone |= {id for id, row in some.items() if row is None}
            gone -= {id for id, row in some.items() if row is not None}
            self._drop(kind, [id for id, row in some.items() if row is None])
            self._upsert(kind, [row for row in some.values() if row is not None])

    def _drop(self, kind: str, ids: list[str]) -> None:
        if kind == "edge" and ids:
            for found in self._run(EDGE_TYPES, ids=ids):
                self._send(self._cypher.delete_faces(found["type"]), "ids", found["ids"])
        self._send(self._cypher.delete[kind], "ids", ids)

    def _upsert(self, kind: str, rows: list[Row]) -> None:
        if kind == "edge":
            self._upsert_edges(rows)
        elif kind == "deal":
            self._send(self._cypher.put[kind], "rows", [{**links(row), "node": node(row)} for row in rows])
        else:
            self._send(self._cypher.put[kind], "rows", [node(row) for row in rows], kind=kind)

    def _upsert_edges(self, rows: list[Row]) -> None:
        """Write edges, and their relationships type by type; a firm's relation to itself leads to deal or figure."""
        nodes = [{**node(row), "type": self.naming.type(row.data["relation"])} for row in rows]
        for found in self._run(MOVED, rows=[{k: n.get(k) for k in MOVABLE} for n in nodes]) if nodes else ():
            self._send(self._cypher.delete_faces(found["type"]), "ids", found["ids"])
        self._send(self._cypher.put["edge"], "rows", nodes)
        parts: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for row in rows:
            way, form = "entity", {"face": relationship(row)}
            if row.data["subject_id"] == row.data["object_id"]:
                way, form = ("deal", form) if row.data.get("deal_id") else ("figure", {**form, "metric": metric(row)})
            parts.setdefault((self.naming.type(row.data["relation"]), way), []).append(form)
        for (type, way), some in sorted(parts.items()):
            self._send(self._cypher.put_faces(type, way), "rows", some, kind="edge")

    def _send(self, cypher: str, name: str, rows: list[Any], *, kind: str = "") -> None:
        """Run a writing statement over rows; raise StoreError where some speak of what is not there."""
        tx = self._writing()
        for first in range(0, len(rows), BATCH):
            some = rows[first : first + BATCH]
            found = tx.run(cypher, {name: some}).single()
            if kind and (found is None or found["n"] != len(some)):
                raise StoreError(
                    f"{self.url}: {kind} rows speak of a row that is not in the store; nothing was written"
                )

    def _finish(self) -> None:
        """Write what is left, and see that no row speaks of one that is gone."""
        self._flush(*ORDER)
        for kind, fields in LINKS.items():
            for field, target in fields.items():
                gone = sorted(self._local.deleted.get(target, ()))
                if gone and self._run(self._cypher.left(kind, field), ids=gone)[0]["n"]:
                    raise StoreError(f"{self.url}: {kind} rows speak of a deleted {target}; nothing was written")

    def _label(self, kind: str) -> str:
        self._fields(kind)
        return LABELS[kind]

    def _fields(self, kind: str) -> tuple[str, ...]:
        if kind not in FIELDS:
            raise StoreError(f"unknown kind of row {kind!r}; known are {', '.join(FIELDS)}")
        return FIELDS[kind]

    def _where(self, kind: str, equal: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        parts, params = [], {}
        for name, value in equal.items():
            if name not in self._fields(kind):
                raise StoreError(f"{kind} rows have no field {name!r} to narrow by")
            if value is None:
                parts.append(f"n.{name} IS NULL")
            elif isinstance(value, list | tuple | set | frozenset):
                parts.append(f"n.{name} IN ${name}")
                params[name] = [clean(v) for v in value]
            else:
                parts.append(f"n.{name} = ${name}")
                params[name] = clean(value)
        self._fields(kind)
        return (" WHERE " + " AND ".join(parts) if parts else ""), params
