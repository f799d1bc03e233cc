"""Patterns as SQL: one SELECT, every value a parameter, every field from a fixed list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from kg.store.base import Filter, Hop, Node, Pattern, clean
from kg.store.variables import Variables


def bind(value: Any) -> Any:
    """Return a value as SQLite takes it: lists as JSON, truth as a number."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, list | tuple | set | frozenset):
        return json.dumps([bind(v) for v in value], allow_nan=False)
    return clean(value)


class Compiled(Variables):
    """The SELECT of one pattern: `sql`, `params`, and the variables in the order of the columns (id, data each)."""

    def __init__(self, pattern: Pattern) -> None:
        """Compile; raise StoreError for an unknown variable, field or operator."""
        super().__init__(pattern)
        self.params: list[Any] = []
        self.sql = " ".join(self._select())

    def _select(self) -> Iterator[str]:
        alias = {**self.nodes, **self.edges}
        yield "SELECT " + ", ".join(f"{a}.id, {a}.data" for a in alias.values())
        yield "FROM " + ", ".join([*(f"edge {a}" for a in self.edges.values()), *self._entities(self.nodes)])
        conditions = [c for hop in self.pattern.hops for c in self._hop(hop, self.edges[hop.var], self.nodes)]
        conditions += [c for node in self.pattern.nodes for c in self._node(node, self.nodes)]
        inside = {hop.var for hop in self.pattern.absent}
        conditions += [self._filter(f, alias) for f in self.pattern.filters if f.var not in inside]
        conditions += [self._absent(i, hop) for i, hop in enumerate(self.pattern.absent)]
        if conditions:
            yield "WHERE " + " AND ".join(conditions)
        order = [self._order(var, field, down, alias) for var, field, down in self.pattern.order]
        yield "ORDER BY " + ", ".join([*order, *(f"{a}.id" for a in (*self.edges.values(), *self.nodes.values()))])
        if self.pattern.limit is not None:
            self.params.append(max(0, self.pattern.limit))
            yield "LIMIT ?"

    @staticmethod
    def _entities(nodes: dict[str, str]) -> list[str]:
        return [f"entity {alias}" for alias in nodes.values()]

    def _hop(self, hop: Hop, edge: str, nodes: dict[str, str]) -> Iterator[str]:
        subject, target = nodes[hop.subject], nodes[hop.object]
        there = f"{edge}.subject_id = {subject}.id AND {edge}.object_id = {target}.id"
        if hop.either:
            yield f"({there} OR {edge}.subject_id = {target}.id AND {edge}.object_id = {subject}.id)"
        else:
            yield there
        if hop.relations:
            yield self._among(f"{edge}.relation", hop.relations)

    def _node(self, node: Node, nodes: dict[str, str]) -> Iterator[str]:
        if node.var in nodes:
            if node.ids:
                yield self._among(f"{nodes[node.var]}.id", node.ids)
            if node.types:
                yield self._among(f"{nodes[node.var]}.type", node.types)

    def _absent(self, number: int, hop: Hop) -> str:
        """Return the NOT EXISTS of a hop; ends that stand nowhere else are free inside it."""
        edge = f"a{number}"
        free = [v for v in dict.fromkeys((hop.subject, hop.object)) if v not in self.nodes]
        inner = {var: f"{edge}n{i}" for i, var in enumerate(free)}
        conditions = list(self._hop(hop, edge, {**self.nodes, **inner}))
        conditions += [c for node in self.pattern.nodes for c in self._node(node, inner)]
        alias = {hop.var: edge}
        conditions += [self._filter(f, alias) for f in self.pattern.filters if f.var == hop.var]
        tables = ", ".join([f"edge {edge}", *self._entities(inner)])
        return f"NOT EXISTS (SELECT 1 FROM {tables} WHERE {' AND '.join(conditions)})"

    def _among(self, column: str, values: tuple[str, ...]) -> str:
        self.params.append(bind(values))
        return f"{column} IN (SELECT value FROM json_each(?))"

    def _filter(self, condition: Filter, alias: dict[str, str]) -> str:
        column = self._column(condition.var, condition.field, alias)
        if condition.op in ("null", "not null"):
            return f"{column} IS {condition.op.upper()}"
        if condition.op == "in":
            return self._among(column, tuple(condition.value))
        self.params.append(bind(condition.value))
        return f"{column} {self.operator(condition.op)} ?"

    def _order(self, var: str, field: str, descending: bool, alias: dict[str, str]) -> str:
        column = self._column(var, field, alias)
        return f"{column} IS NULL, {column} {'DESC' if descending else 'ASC'}"

    def _column(self, var: str, field: str, alias: dict[str, str]) -> str:
        self.check(var, field, alias)
        return f'{alias[var]}."{field}"'
