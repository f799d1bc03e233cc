"""Patterns as Cypher over the readable relationships: values are parameters, or literals where a person will run it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from kg.store.base import Filter, Hop, Node, Pattern, clean
from kg.store.neo4j_faces import RELATED, Naming
from kg.store.variables import Variables

NULLS = {"null": "IS NULL", "not null": "IS NOT NULL"}


class Compiled(Variables):
    """The Cypher of one pattern: `cypher`, `params`, and the variables in the order of the columns (id, data each)."""

    def __init__(self, pattern: Pattern, naming: Naming, *, literal: bool = False) -> None:
        """Compile; `literal`: for a person, values written out and nodes returned; raise StoreError as SQLite does."""
        super().__init__(pattern)
        self.naming, self.literal = naming, literal
        self.params: dict[str, Any] = {}
        self.cypher = "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        alias = {**self.nodes, **self.edges}
        standing = {end for hop in self.pattern.hops for end in (hop.subject, hop.object)}
        for var, name in self.nodes.items():
            if var not in standing:
                yield f"MATCH ({name}:Entity)"
        for hop in self.pattern.hops:
            yield from self._hop(hop, self.edges[hop.var], self.nodes)
        conditions = [c for node in self.pattern.nodes for c in self._node(node, self.nodes)]
        inside = {hop.var for hop in self.pattern.absent}
        conditions += [self._filter(f, alias) for f in self.pattern.filters if f.var not in inside]
        conditions += [self._absent(i, hop) for i, hop in enumerate(self.pattern.absent)]
        if conditions:
            yield "WHERE " + "\n  AND ".join(conditions)
        order = [part for var, field, down in self.pattern.order for part in self._order(var, field, down, alias)]
        order += [f"{a}.id" for a in (*self.edges.values(), *self.nodes.values())]
        if self.literal:
            yield f"RETURN {', '.join(alias.values())}\nORDER BY {', '.join(order)}"
        else:
            rows = " ".join(f"MATCH (r{name}:Edge {{id: {name}.id}})" for name in self.edges.values())
            data = [f"{a}.id, {a if a in self.nodes.values() else 'r' + a}.data" for a in alias.values()]
            yield f"WITH * {rows}\nRETURN {', '.join(data)}\nORDER BY {', '.join(order)}"
        if self.pattern.limit is not None:
            yield f"LIMIT {self._value(max(0, self.pattern.limit))}"

    def _hop(self, hop: Hop, edge: str, nodes: dict[str, str]) -> Iterator[str]:
        """Yield the MATCH of a hop. Relations of a firm to itself lead elsewhere: their object is found by its id."""
        types = tuple(dict.fromkeys(self.naming.type(r) for r in hop.relations)) or self.naming.every
        subject, target = nodes[hop.subject], nodes[hop.object]
        plain = bool(hop.relations) and RELATED not in types and self.naming.unary.isdisjoint(hop.relations)
        path = f"({subject}:Entity)-[{edge}:{'|'.join(types)}]-"
        if plain and subject != target:
            yield f"MATCH {path}{'' if hop.either else '>'}({target}:Entity)"
            return
        conditions = [self._among(f"{edge}.relation", hop.relations)] if hop.relations else []
        if hop.either:
            other = f"CASE {edge}.subject_id WHEN {subject}.id THEN {edge}.object_id ELSE {edge}.subject_id END"
        else:
            other = f"{edge}.object_id"
        conditions += [f"{target}.id = {other}"]
        yield f"MATCH {path}{'' if hop.either else '>'}() MATCH ({target}:Entity)"
        yield f"WHERE {' AND '.join(conditions)} WITH *"

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
        match = list(self._hop(hop, edge, {**self.nodes, **inner}))
        conditions = [c for node in self.pattern.nodes for c in self._node(node, inner)]
        conditions += [self._filter(f, {hop.var: edge}) for f in self.pattern.filters if f.var == hop.var]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"NOT EXISTS {{ {' '.join(match)}{where} RETURN 1 }}"

    def _among(self, field: str, values: tuple[Any, ...]) -> str:
        if len(values) == 1:
            return f"{field} = {self._value(values[0])}"
        return f"{field} IN {self._value(list(values))}"

    def _filter(self, condition: Filter, alias: dict[str, str]) -> str:
        field = self._field(condition.var, condition.field, alias)
        if condition.op in NULLS:
            return f"{field} {NULLS[condition.op]}"
        if condition.op == "in":
            return self._among(field, tuple(condition.value))
        return f"{field} {self.operator(condition.op)} {self._value(condition.value)}"

    def _order(self, var: str, field: str, descending: bool, alias: dict[str, str]) -> tuple[str, str]:
        name = self._field(var, field, alias)
        return f"{name} IS NULL", f"{name}{' DESC' if descending else ''}"

    def _field(self, var: str, field: str, alias: dict[str, str]) -> str:
        self.check(var, field, alias)
        return f"{alias[var]}.{field}"

    def _value(self, value: Any) -> str:
        value = [clean(v) for v in value] if isinstance(value, list) else clean(value)
        if self.literal:
            return literal(value)
        name = f"p{len(self.params)}"
        self.params[name] = value
        return f"${name}"


def literal(value: Any) -> str:
    """Return a value as Cypher writes it; JSON's strings are Cypher's, all but ASCII escaped."""
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    return json.dumps(value)
