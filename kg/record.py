"""The record of one issue as rows, with the keys by which its names and statements meet those of other issues."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import product
from typing import Any

from kg.model import Extract, Issue, merged, plain_numbers
from kg.names import digits, entity_id, visible
from kg.schema import Schema
from kg.store.base import Row

Cell = tuple[str, ...]  # a deal kind or relation, and the one or two names that a cell belongs to


@lru_cache(maxsize=100_000)
def numbers(name: str) -> str:
    """Return the numbers of a name joined by dots ("2.6"); names that differ in them are never one thing."""
    return ".".join(digits(unicodedata.normalize("NFKC", visible(name))))


def member(name: str, kind: str) -> str:
    """Return the key of a full name: its readable id, and its numbers if it has any (model/kimik26#2.6)."""
    figures = numbers(name)
    return f"{entity_id(name, kind)}#{figures}" if figures else entity_id(name, kind)


def plain_id(member: str) -> str:
    """Return the readable id of a member key."""
    return re.sub(r"#[\d.]+$", "", member)


class Cells:
    """Which cell a statement belongs to: a rule over the schema, for member keys and for entity ids alike."""

    def __init__(self, schema: Schema) -> None:
        """Learn from the schema which relations are deals, and which deals are known by their receiver alone."""
        self.schema = schema
        deals = {name: r.deal for name, r in schema.relations.items() if r.deal is not None}
        self.receivers: dict[str, str] = {
            deal.kind: deal.subject for name, deal in deals.items() if schema.relations[name].unary
        }
        self.unordered: set[str] = {deal.kind for deal in deals.values()}
        self.unordered |= {name for name, r in schema.relations.items() if r.symmetric and r.deal is None}

    def of(self, relation: str, subject: str, target: str) -> Cell | None:
        """Return the cell of a claim; None for a relation that the schema does not know."""
        known = self.schema.relations.get(relation)
        if known is None:
            return None
        if known.deal is None:
            return (relation, *sorted((subject, target))) if known.symmetric else (relation, subject, target)
        kind = known.deal.kind
        if kind in self.receivers:
            return (kind, target if known.deal.object == self.receivers[kind] else subject)
        return (kind, *sorted((subject, target)))

    def spread(self, cell: Cell, members: Mapping[str, Iterable[str]]) -> set[str]:
        """Return the keys that a cell's statements may have in the record, given the members of its entities."""
        head, ends = cell[0], [members.get(id) or [id] for id in cell[1:]]
        if head in self.unordered:
            return {cell_key((head, *sorted(combination))) for combination in product(*ends)}
        return {cell_key((head, *combination)) for combination in product(*ends)}

    def sound(self, relation: str, subject: str, target: str) -> bool:
        """Say whether the two ends, once resolved, may be linked: a thing with itself in unary relations only."""
        known = self.schema.relations.get(relation)
        return known is not None and known.unary == (subject == target)

    def ends(self, relation: str, subject_types: Iterable[str], object_types: Iterable[str]) -> tuple[str, str]:
        """Return the types that two names have in a statement, where a name of the issue may have several."""
        pairs = sorted(product(sorted(set(subject_types)), sorted(set(object_types))))
        return next((p for p in pairs if self.schema.allows(relation, *p)), pairs[0])


def cell_key(cell: Cell) -> str:
    """Return a cell as one string."""
    return json.dumps(cell, separators=(",", ":"))


def hashed(prefix: str, *parts: Any) -> str:
    """Return a short id that is a function of its parts."""
    return prefix + hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def record_rows(extract: Extract, cells: Cells) -> list[Row]:
    """Return the issue row, its mentions and its statements; equal Extracts give equal rows."""
    key = extract.issue.key
    mentions: dict[tuple[str, str], dict[str, Any]] = {}
    for e in extract.entities:
        said = mentions.setdefault((e.type, e.name), {"aliases": set(), "mentions": set()})
        said["aliases"] |= set(e.aliases) - {e.name}
        said["mentions"] |= set(e.mentions)
    rows = [
        Row("mention", hashed("m", key, kind, name), {
            "issue": key, "member": member(name, kind), "name": name, "type": kind,
            "aliases": sorted(said["aliases"]), "mentions": [list(span) for span in sorted(said["mentions"])],
        })
        for (kind, name), said in sorted(mentions.items())
    ]  # fmt: skip
    types: dict[str, set[str]] = {}
    for kind, name in mentions:
        types.setdefault(name, set()).add(kind)
    for s in merged(extract.statements):
        data = plain_numbers(s.model_dump(mode="json"))
        data |= {"issue": key, "attrs": s.attrs.stated(), "confidence": s.confidence}
        rows.append(Row("statement", s.id(key), keyed(data, types, cells)))
    about = extract.issue.model_dump(exclude={"key"})
    about |= {"file": re.split(r"[/\\]", extract.issue.file)[-1], "text_sha256": extract.issue.text_sha256}
    content = hashed("", about, extract.reader, [[r.kind, r.id, r.data] for r in sorted(rows, key=lambda r: r.id)])
    return [Row("issue", key, {**about, "reader": extract.reader, "content": content}), *rows]


def issue_of(row: Row) -> Issue:
    """Return the issue that an issue row keeps: what the reader was given, the day that the text or its file says."""
    return Issue(key=row.id, **{name: row.data[name] for name in Issue.model_fields if name in row.data})


def keyed(statement: Mapping[str, Any], types: Mapping[str, Iterable[str]], cells: Cells) -> dict[str, Any]:
    """Return the data of a statement row with the keys of its ends and of its cell."""
    relation, subject, target = statement["relation"], statement["subject"], statement["object"]
    subject_type, object_type = cells.ends(relation, types[subject], types[target])
    ends = (member(subject, subject_type), member(target, object_type))
    cell = cells.of(relation, *ends)
    return {
        **statement, "subject_member": ends[0], "object_member": ends[1],
        "cell": None if cell is None else cell_key(cell),
    }  # fmt: skip
