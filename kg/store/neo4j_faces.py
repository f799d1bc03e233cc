"""Faces of rows in Neo4j: labels, readable properties and links, so that a person in Browser sees companies and deals.

Every row is a node with its id, its JSON (`data`) and its flat fields. An edge row has a second face, the readable
relationship between its entities; that of a firm to itself leads to its deal, or to a Metric of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.errors import StoreError
from kg.model import Amount
from kg.money import show
from kg.schema import Schema
from kg.store.base import EDGE_FIELDS, FIELDS, Row, clean

LABELS = {kind: kind.capitalize() for kind in FIELDS}  # of the nodes that rows are: Issue, Statement, Entity, Edge …
RELATED = "RELATED_TO"  # the type of a relation that the naming does not know
Properties = dict[str, Any]


@dataclass(frozen=True)
class Naming:
    """The names that the schema gives: entity type → label, relation → relationship type, relations to oneself."""

    labels: Mapping[str, str]
    types: Mapping[str, str]
    unary: frozenset[str] = frozenset()

    @classmethod
    def of(cls, schema: Schema) -> Naming:
        """Return the names that a schema gives."""
        return cls(
            {name: kind.label for name, kind in schema.entity_types.items()},
            {name: relation.edge for name, relation in schema.relations.items()},
            frozenset(name for name, relation in schema.relations.items() if relation.unary),
        )

    def type(self, relation: str) -> str:
        """Return the relationship type of a relation."""
        return self.types.get(relation, RELATED)

    @property
    def every(self) -> tuple[str, ...]:
        """Return all relationship types that edges may have."""
        return tuple(dict.fromkeys((*self.types.values(), RELATED)))


def node(row: Row) -> Properties:
    """Return the properties of the node that a row is; raise StoreError for what JSON does not hold."""
    try:
        data = json.dumps(row.data, allow_nan=False, separators=(",", ":"))
    except ValueError as error:
        raise StoreError(f"{row.kind} {row.id}: holds a number that is not finite, or no JSON ({error})") from error
    flat = {name: clean(row.data.get(name)) for name in FIELDS[row.kind]}
    return {**_READABLE.get(row.kind, _nothing)(row.data), **flat, "id": clean(row.id), "data": data}


def relationship(row: Row) -> Properties:
    """Return the properties of the readable relationship of an edge row."""
    data = row.data
    face = {name: clean(data.get(name)) for name in EDGE_FIELDS[1:]}
    money = (data.get("attrs") or {}).get("amount")
    return {
        **face, "id": clean(row.id), "amount": _amount(money), "sentence": clean(data.get("sentence")),
        "statement_ids": _texts(data.get("statement_ids")),
    }  # fmt: skip


def links(row: Row) -> Properties:
    """Return the entities (with role) and statements that a deal row names."""
    parties = row.data.get("parties") or ()
    return {
        "id": clean(row.id),
        "parties": [
            {"id": clean(p["entity_id"]), "role": clean(p["role"]), "amount": _amount(p.get("amount"))} for p in parties
        ],
        "statements": _texts(row.data.get("statement_ids")),
    }


def metric(row: Row) -> Properties:
    """Return the node that a figure of a firm is: "revenue 2026: $10 billion"."""
    attrs = row.data.get("attrs") or {}
    figure = _amount(attrs.get("amount")) or " ".join(
        f"{attrs[k]:g}" if isinstance(attrs[k], float) else str(attrs[k])
        for k in ("value", "percent", "unit")
        if attrs.get(k) is not None
    )
    about = " ".join(str(attrs[k]) for k in ("metric", "period") if attrs.get(k))
    name = ": ".join(part for part in (about or row.data["relation"].replace("_", " "), figure) if part)
    return {"id": clean(row.id), "name": clean(name)}


def _nothing(data: Mapping[str, Any]) -> Properties:
    return {}


def _entity(data: Mapping[str, Any]) -> Properties:
    return {"aliases": _texts(data.get("aliases"))}


def _deal(data: Mapping[str, Any]) -> Properties:
    money = data.get("amount") or {}
    kind, told = str(data.get("kind") or "deal").replace("_", " "), _amount(data.get("amount"))
    return {
        "name": clean(", ".join(part for part in (data.get("round") or kind, told) if part)), "amount": told,
        "amount_low": clean(money.get("low")), "amount_high": clean(money.get("high")),
        "currency": clean(money.get("currency")), "round": clean(data.get("round")),
        "announced": clean(data.get("announced")), "reported": clean(data.get("reported")),
    }  # fmt: skip


def _issue(data: Mapping[str, Any]) -> Properties:
    return {name: clean(data.get(name)) for name in ("title", "publisher", "published", "url", "file")}


def _statement(data: Mapping[str, Any]) -> Properties:
    claims = [span["text"] for span in data.get("evidence") or () if span.get("role") == "claim"]
    said = {name: clean(data.get(name)) for name in ("relation", "subject", "object", "confidence")}
    return {**said, "sentence": clean(" ".join(claims[0].split()) if claims else None)}


def _name(data: Mapping[str, Any]) -> Properties:
    return {"form": clean(data.get("form"))}


_READABLE = {"entity": _entity, "deal": _deal, "issue": _issue, "statement": _statement, "name": _name}


def _amount(money: Mapping[str, Any] | None) -> str | None:
    return show(Amount.model_validate(money)) if money else None


def _texts(values: Any) -> list[str]:
    return [str(clean(v)) for v in values or ()]
