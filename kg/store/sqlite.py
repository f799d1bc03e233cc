"""The SQLite store: one table a kind, rows as JSON with the fields that are searched in columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from kg.errors import StoreError
from kg.store.base import FIELDS, Pattern, Row, fold
from kg.store.paths import Link, shortest
from kg.store.sqlite_file import SQLiteFile
from kg.store.sqlite_match import Compiled, bind


class SQLiteStore(SQLiteFile):
    """A store in one SQLite file (made where it is missing), for many threads and processes at once.

    Every method raises StoreError, which says what is wrong with the file and what to do.
    """

    def put(self, rows: Iterable[Row]) -> None:
        """Insert or replace rows by kind and id (inside a transaction)."""
        connection = self._writing()
        with self._explained():
            for kind, some in groupby(rows, key=lambda row: row.kind):
                columns = ("id", "data", *self._fields(kind))
                names = ", ".join(f'"{c}"' for c in columns)
                new = ", ".join(f'"{c}" = excluded."{c}"' for c in columns[1:])
                marks = ", ".join("?" * len(columns))
                sql = f'INSERT INTO "{kind}" ({names}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {new}'
                connection.executemany(sql, (_flat(row, columns[2:]) for row in some))

    def delete(self, kind: str, ids: Iterable[str]) -> None:
        """Delete rows by id (inside a transaction); unknown ids are ignored."""
        connection = self._writing()
        self._fields(kind)
        with self._explained():
            connection.executemany(f'DELETE FROM "{kind}" WHERE id = ?', ((bind(id),) for id in ids))

    def get(self, kind: str, ids: Iterable[str]) -> list[Row]:
        """Return the rows that exist, in the order of the ids."""
        wanted = list(dict.fromkeys(bind(id) for id in ids))
        self._fields(kind)
        sql = f'SELECT id, data FROM "{kind}" WHERE id IN (SELECT value FROM json_each(?))'
        found = dict(self._all(sql, [bind(wanted)])) if wanted else {}
        return [Row(kind, id, json.loads(found[id])) for id in wanted if id in found]

    def rows(self, kind: str, /, **equal: Any) -> Iterator[Row]:
        """Yield rows of a kind sorted by id; `equal` narrows by one of FIELDS: a value, None, or a list of values."""
        where, params = self._where(kind, equal)
        sql = f'SELECT id, data FROM "{kind}"{where} ORDER BY id'
        if self._held_connection() is not None:
            for id, data in self._all(sql, params):
                yield Row(kind, id, json.loads(data))
            return
        with self._explained(), self._connection() as connection:
            cursor = connection.execute(sql, params)
            try:
                for id, data in cursor:
                    yield Row(kind, id, json.loads(data))
            finally:
                cursor.close()

    def count(self, kind: str, /, **equal: Any) -> int:
        """Return how many rows `rows` would yield."""
        where, params = self._where(kind, equal)
        return int(self._all(f'SELECT count(*) FROM "{kind}"{where}', params)[0][0])

    def match(self, pattern: Pattern) -> list[dict[str, Row]]:
        """Return the bindings of the pattern: variable → entity or edge row."""
        compiled = Compiled(pattern)
        return compiled.bindings(self._all(compiled.sql, compiled.params))

    def neighbourhood(self, ids: Iterable[str], *, depth: int = 1, limit: int = 1000) -> list[Row]:
        """Return the edges within `depth` steps of the entities, largest amounts first."""
        sql = """
            WITH RECURSIVE near(id, steps) AS (
                SELECT value, 1 FROM json_each(?)
                UNION SELECT e.object_id, n.steps + 1 FROM near n JOIN edge e ON e.subject_id = n.id WHERE n.steps < ?
                UNION SELECT e.subject_id, n.steps + 1 FROM near n JOIN edge e ON e.object_id = n.id WHERE n.steps < ?)
            SELECT id, data FROM edge WHERE subject_id IN (SELECT id FROM near) OR object_id IN (SELECT id FROM near)
            ORDER BY coalesce(amount_high, amount_low) IS NULL, coalesce(amount_high, amount_low) DESC, id LIMIT ?"""
        found = self._all(sql, [bind(list(ids)), depth, depth, max(0, limit)]) if depth > 0 else []
        return [Row("edge", id, json.loads(data)) for id, data in found]

    def path(self, start: str, end: str, *, longest: int = 4) -> list[Row]:
        """Return the edges of a shortest path, or an empty list; one query a step."""
        return self.get("edge", shortest(self._around, start, end, longest))

    def _around(self, ids: list[str]) -> list[Link]:
        sql = """
            SELECT id, subject_id, object_id FROM edge WHERE subject_id IN (SELECT value FROM json_each(?1))
            UNION SELECT id, subject_id, object_id FROM edge WHERE object_id IN (SELECT value FROM json_each(?1))
            ORDER BY id"""
        return [(id, subject, target) for id, subject, target in self._all(sql, [bind(ids)])]

    def names(self, text: str | None = None, *, limit: int = 20) -> list[tuple[str, str]]:
        """Return (form, entity id) whose form contains the text's words, nearest first; all of them for None."""
        if text is None:
            return [(row.data["form"], row.data["entity_id"]) for row in self.rows("name")]
        whole = bind(fold(text))
        if not whole:
            return []
        words = whole.split()
        holds = " AND ".join(["instr(folded, ?) > 0"] * len(words))
        sql = f"""
            SELECT data FROM name WHERE {holds}
            ORDER BY folded <> ?, instr(folded, ?) <> 1, length(folded), folded, id LIMIT ?"""
        found = [json.loads(data) for (data,) in self._all(sql, [*words, whole, whole, max(0, limit)])]
        return [(name["form"], name["entity_id"]) for name in found]

    def _fields(self, kind: str) -> tuple[str, ...]:
        if kind not in FIELDS:
            raise StoreError(f"unknown kind of row {kind!r}; known are {', '.join(FIELDS)}")
        return FIELDS[kind]

    def _where(self, kind: str, equal: dict[str, Any]) -> tuple[str, list[Any]]:
        parts, params = [], []
        for name, value in equal.items():
            if name not in self._fields(kind):
                raise StoreError(f"{kind} rows have no field {name!r} to narrow by")
            if value is None:
                parts.append(f'"{name}" IS NULL')
            else:
                several = isinstance(value, list | tuple | set | frozenset)
                parts.append(f'"{name}" ' + ("IN (SELECT value FROM json_each(?))" if several else "= ?"))
                params.append(bind(value))
        self._fields(kind)
        return (" WHERE " + " AND ".join(parts) if parts else ""), params


def _flat(row: Row, fields: tuple[str, ...]) -> list[Any]:
    """Return the column values of a row: id, JSON, then its flat fields."""
    try:
        data = json.dumps(row.data, allow_nan=False, separators=(",", ":"))
    except ValueError as error:
        raise StoreError(f"{row.kind} {row.id}: holds a number that is not finite, or no JSON ({error})") from error
    return [bind(row.id), data, *(bind(row.data.get(name)) for name in fields)]
