"""Changes: what an import did to the graph, as the difference of what counted before and what counts after it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from kg.digest import digest
from kg.digest_text import Line, sections
from kg.graph import Graph
from kg.model import Extract
from kg.record import member
from kg.store.base import Row

NEWS = ("stages", "contradicted", "loops")  # sections of the digest that a change tells


@dataclass(frozen=True)
class Seen:
    """What counts in a graph: the member keys of its entities, and the statements that its edges rest on."""

    members: frozenset[str] = frozenset()
    claims: frozenset[str] = frozenset()

    def dumped(self) -> str:
        """Return it as JSON."""
        return json.dumps([sorted(self.members), sorted(self.claims)])

    @classmethod
    def loaded(cls, text: str) -> Seen:
        """Return what `dumped` wrote."""
        return cls(*(frozenset(part) for part in json.loads(text)))


@dataclass(frozen=True)
class Fact:
    """An edge as shown: a deal, or any other relation; `new` if nothing that it rests on counted before."""

    subject: str
    relation: str
    object: str
    attrs: dict[str, Any]
    deal: str | None
    new: bool
    certain: bool


@dataclass(frozen=True)
class Note:
    """A line of the digest as plain text, the deals that it is about, and the sentences that it rests on."""

    text: str
    deals: list[str]
    sentences: list[str]


@dataclass(frozen=True)
class Change:
    """New entities (name, type), new facts and those that gained a statement, and how many statements count no more.

    `news` has by title what the digest of these issues tells of stages moved, figures that disagree and loops closed.
    """

    entities: list[tuple[str, str]] = field(default_factory=list)
    known: int = 0  # entities of these issues that were there before
    facts: list[Fact] = field(default_factory=list)
    gone: int = 0
    news: dict[str, list[Note]] = field(default_factory=dict)

    @property
    def new_deals(self) -> int:
        """Return how many deals are new."""
        return len(self.deals(new=True))

    @property
    def grown_deals(self) -> int:
        """Return how many deals that were known are told of again."""
        return len(self.deals(new=False))

    def deals(self, *, new: bool) -> dict[str, list[Fact]]:
        """Return the facts of each deal (id) that is new, or was known and is told of again, in the order of facts."""
        known = {f.deal for f in self.facts if not f.new}
        found: dict[str, list[Fact]] = {}
        for fact in self.facts:
            if fact.deal and (fact.deal not in known) == new:
                found.setdefault(fact.deal, []).append(fact)
        return found

    def count(self, *, new: bool) -> int:
        """Return how many facts that are no deals are new, or were known and are told of again."""
        return sum(f.deal is None and f.new == new for f in self.facts)

    def dumped(self) -> str:
        """Return it as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def loaded(cls, text: str) -> Change:
        """Return what `dumped` wrote."""
        data = json.loads(text)
        facts = [Fact(**fact) for fact in data["facts"]]
        news = {title: [Note(**note) for note in some] for title, some in data.get("news", {}).items()}
        return cls([(name, kind) for name, kind in data["entities"]], data["known"], facts, data["gone"], news)


def seen(graph: Graph) -> Seen:
    """Return what counts in a graph now."""
    store = graph.store
    return store.read(
        lambda: Seen(
            frozenset(m for row in store.rows("entity") for m in row.data["members"]),
            frozenset(id for row in store.rows("edge") for id in row.data["statement_ids"]),
        )
    )


def difference(graph: Graph, before: Seen, issues: Iterable[str]) -> Change:
    """Return what is new in a graph through these issues (keys); the others' doings in between are left out."""
    keys = list(issues)
    return graph.store.read(lambda: _difference(graph, before, keys))


def _difference(graph: Graph, before: Seen, keys: list[str]) -> Change:
    store = graph.store
    mentioned = {row.data["member"] for row in store.rows("mention", issue=keys)}
    entities = _entities(graph, mentioned)
    new = [row for row in entities if before.members.isdisjoint(row.data["members"])]
    said = {row.id: row for row in store.rows("statement", issue=keys)}
    ends = {row.data[end] for row in said.values() for end in ("subject_member", "object_member")}
    ids = [row.id for row in _entities(graph, ends)]
    edges = [e for e in store.rows("edge", subject_id=ids) if not said.keys().isdisjoint(e.data["statement_ids"])]
    names = {row.id: row.data["name"] for row in store.get("entity", {e.data["object_id"] for e in edges} | set(ids))}
    told = [e for e in edges if not before.claims.issuperset(said.keys() & set(e.data["statement_ids"]))]
    facts = [_fact(edge, names, before) for edge in told]
    facts.sort(key=lambda f: (not f.new, f.deal is None, f.relation, f.subject.casefold(), f.object.casefold()))
    return Change(
        sorted(((row.data["name"], row.data["type"]) for row in new), key=lambda e: (e[1], e[0].casefold())),
        len(entities) - len(new),
        facts,
        len(before.claims - seen(graph).claims),
        _news(graph, before, keys),
    )


def _news(graph: Graph, before: Seen, keys: list[str]) -> dict[str, list[Note]]:
    """Return the sections of NEWS by title; what an older version of these issues told already is left out."""
    if not keys:
        return {}
    found = {s.title: s.lines for s in sections(digest(graph, keys), graph.schema) if s.name in NEWS}
    deals = sorted({id for lines in found.values() for line in lines for id in _deals(line)})
    rest = {row.id: before.claims.issuperset(row.data["statement_ids"]) for row in graph.store.get("deal", deals)}
    fresh = {title: [_note(line) for line in lines if not _known(line, before, rest)] for title, lines in found.items()}
    return {title: some for title, some in fresh.items() if some}


def _known(line: Line, before: Seen, rest: dict[str, bool]) -> bool:
    """Say whether all that a line rests on counted before: its statements, else those of its deals."""
    ids = {said.statement_id for said in line.said if said.statement_id}
    return before.claims.issuperset(ids) if ids else all(rest.get(deal, False) for deal in _deals(line))


def _deals(line: Line) -> list[str]:
    return list(dict.fromkeys(one.deal_id for one in (line, *line.parts) if one.deal_id))


def _note(line: Line) -> Note:
    sentences = [said.sentence for one in (line, *line.parts) for said in one.said if said.sentence]
    return Note(line.text, _deals(line), list(dict.fromkeys(sentences)))


def _entities(graph: Graph, members: Iterable[str]) -> list[Row]:
    """Return the entities of member keys."""
    keys = sorted(members)
    moved = {row.id: row.data["entity_id"] for row in graph.store.get("member", keys)}
    return graph.store.get("entity", sorted({moved.get(key, key) for key in keys}))


def _fact(edge: Row, names: dict[str, str], before: Seen) -> Fact:
    data = edge.data
    ends = [names.get(data[end], data[end]) for end in ("subject_id", "object_id")]
    new = before.claims.isdisjoint(data["statement_ids"])
    return Fact(ends[0], data["relation"], ends[1], data["attrs"], data["deal_id"], new, bool(data["certain"]))


def unknown(graph: Graph, extract: Extract) -> set[tuple[str, str]]:
    """Return the names (with type) of an issue that no entity of the graph has yet."""
    keys = {(e.name, e.type): member(e.name, e.type) for e in extract.entities}
    there = {key for row in _entities(graph, keys.values()) for key in row.data["members"]}
    return {name for name, key in keys.items() if key not in there}
