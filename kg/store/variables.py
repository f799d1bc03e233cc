"""Variables of a pattern: what both query languages must know of it before they are written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kg.errors import StoreError
from kg.store.base import EDGE_FIELDS, ENTITY_FIELDS, Pattern, Row

OPERATORS = {"=": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}  # in SQL and in Cypher


class Variables:
    """The short names of a pattern's variables: entities n0, n1 …, edges e0, e1 …; raise StoreError if it cannot be."""

    def __init__(self, pattern: Pattern) -> None:
        """Name them; a node that stands in absent hops alone is none of the result."""
        self.pattern = pattern
        self.edges = {hop.var: f"e{i}" for i, hop in enumerate(pattern.hops)}
        ends = [end for hop in pattern.hops for end in (hop.subject, hop.object)]
        inside = {end for hop in pattern.absent for end in (hop.subject, hop.object)}
        outer = dict.fromkeys([*ends, *(n.var for n in pattern.nodes if n.var not in inside)])
        self.nodes = {var: f"n{i}" for i, var in enumerate(outer)}
        if not self.nodes or len(pattern.hops) > 4:
            raise StoreError(f"a pattern has one to four hops, not {len(pattern.hops)}")
        if len(self.edges) < len(pattern.hops) or self.edges.keys() & self.nodes.keys():
            raise StoreError("a pattern's variables must differ")
        self.variables = (*self.nodes, *self.edges)

    def check(self, var: str, field: str, alias: Mapping[str, str]) -> None:
        """Raise StoreError for a variable that is not there, or a field that its rows do not have."""
        known = EDGE_FIELDS if var in self.edges or var not in self.nodes else ENTITY_FIELDS
        if var not in alias or field not in known:
            raise StoreError(f"a pattern names {var}.{field}, which is not there; known fields: {', '.join(known)}")

    def bindings(self, records: Iterable[Sequence[Any]]) -> list[dict[str, Row]]:
        """Return variable → row for each record (id and JSON of each variable); a row that comes often is read once."""
        kinds = {var: "edge" if var in self.edges else "entity" for var in self.variables}
        known: dict[tuple[str, str], Row] = {}
        out = []
        for record in records:
            binding = {}
            for var, id, data in zip(self.variables, record[::2], record[1::2], strict=True):
                key = (kinds[var], id)
                if key not in known:
                    known[key] = Row(kinds[var], id, json.loads(data))
                binding[var] = known[key]
            out.append(binding)
        return out

    @staticmethod
    def operator(op: str) -> str:
        """Return a comparison as both languages write it; raise StoreError for another one."""
        if op not in OPERATORS:
            raise StoreError(f"unknown operator {op!r} in a pattern")
        return OPERATORS[op]
