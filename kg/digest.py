"""The digest: what an issue or a period changed, as the difference of two views."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.cycles import Cycles, closed
from kg.deal_claims import Claim
from kg.deal_list import deal_of
from kg.derive_cells import Recompute
from kg.digest_deals import Comparison, DealChanges, Said, Side
from kg.digest_people import Post, posts, says_post
from kg.errors import QuestionError
from kg.flows import Flows, Money
from kg.graph import Graph
from kg.model import Statement
from kg.periods import asked
from kg.store.base import Row, Rows
from kg.store.overlay import Overlay


@dataclass(frozen=True)
class Digest:
    """What some issues changed. `entities`: (id, name, type); `facts`: how many others are new, by relation.

    `unsure` says how many of those are less certain, `undated` how many issues are on neither side of the period,
    `duplicates` which of the issues have the text of another one, under whose key it counts; `names` has the name of
    every entity that is spoken of.
    """

    issues: tuple[Mapping[str, Any], ...]
    since: str | None = None
    until: str | None = None
    entities: tuple[tuple[str, str, str], ...] = ()
    deals: DealChanges = field(default_factory=DealChanges)
    loops: Cycles = field(default_factory=lambda: Cycles(()))
    money: Money = field(default_factory=lambda: Money(()))
    people: tuple[Post, ...] = ()
    facts: Mapping[str, int] = field(default_factory=dict)
    unsure: int = 0
    undated: int = 0
    duplicates: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Return whether nothing changed."""
        return not (self.entities or self.deals.deals or self.loops.cycles or self.people or self.facts)

    def to_json(self) -> dict[str, Any]:
        """Return it as `kg digest --json` prints it."""
        return {
            "issues": [dict(issue) for issue in self.issues],
            "since": self.since,
            "until": self.until,
            "entities": [{"id": id, "name": name, "type": kind} for id, name, kind in self.entities],
            **self.deals.as_json(self.names),
            "loops": [cycle.as_json() for cycle in self.loops.cycles],
            "loops_cut": self.loops.cut,
            "people": [post.as_json() for post in self.people],
            "facts": dict(self.facts),
            "less_certain": self.unsure,
            "names": dict(sorted(self.names.items())),
            "left_out": {"undated": self.undated, "duplicates": list(self.duplicates)},
        }


def digest(graph: Graph, issues: Iterable[str]) -> Digest:
    """Return what these issues changed: the view with them beside the view without them, all else equal.

    An issue is named by its key, or by a file name or title that fits one; raise QuestionError for another name.
    Nothing is written.
    """
    named = list(issues)

    def work() -> Digest:
        keys = list(dict.fromkeys(graph.find_issue(name) for name in named))
        return _Difference(graph, _without(graph, graph.store, keys)).digest(keys)

    return graph.store.read(work)


def digest_of(graph: Graph, since: str, until: str | None = None) -> Digest:
    """Return what the issues of a period changed: the view at its end beside that before it began.

    Both days are inclusive and as precise as given (2026, 2026-04, 2026-Q1, 2026-04-21); raise QuestionError for what
    is no date. Undated issues are on neither side. Nothing is written.
    """
    first, last = asked("since", since)[0], None if until is None else asked("until", until)[1]
    if last and last < first:
        raise QuestionError(f"no day is since {since} and until {until}")

    def work() -> Digest:
        days = {row.id: row.data["published"] for row in graph.store.rows("listing")}
        undated = sum(day is None for day in days.values())
        end = _without(graph, graph.store, [id for id, day in days.items() if day is None or (last and day > last)])
        keys = [id for id, day in days.items() if day and first <= day and not (last and day > last)]
        about = {"since": since, "until": until, "undated": undated}
        return _Difference(graph, _without(graph, end, keys)).digest(keys, **about)

    return graph.store.read(work)


def _without(graph: Graph, rows: Rows, keys: Iterable[str]) -> Overlay:
    """Return the rows as they would be without these issues."""
    made = Overlay(rows)
    Recompute(made, graph.view).remove(keys)
    return made


class _Difference:
    """Two views of one record: without some issues, and with them."""

    def __init__(self, graph: Graph, without: Overlay) -> None:
        self.graph, self.then, self.now = graph, without, without.base
        self.same = self._twins()
        self.publishers = {row.id: str(row.data["publisher"]) for row in self.now.rows("listing")}

    def digest(self, keys: list[str], **about: Any) -> Digest:
        """Return what the issues of these keys changed."""
        issues = self.now.get("listing", keys)
        held, others = self._facts()
        deals, people = self._deals(), self._posts(held)
        money, loops = self._loops() if deals.deals else (Money(()), Cycles(()))
        return Digest(
            tuple(_issue(row) for row in sorted(issues, key=lambda r: (r.data["published"] or "~", r.id))),
            entities=self._entities(), deals=deals, loops=loops, money=money, people=people,
            facts=dict(sorted(Counter(row.data["relation"] for row in others).items())),
            unsure=sum(not row.data["certain"] for row in others),
            duplicates=tuple(row.id for row in issues if (row.data["duplicate_of"] or row.id) not in keys),
            names=self._names(deals, loops, money, people), **about,
        )  # fmt: skip

    def _deals(self) -> DealChanges:
        """Return what became of deals."""
        now, then = self.then.differing("deal")
        before = Side(tuple(map(deal_of, then)), self._claims(self.then, then))
        after = Side(tuple(map(deal_of, now)), self._claims(self.now, now))
        return Comparison(before, after, self.same, self.cite).changes()

    def _facts(self) -> tuple[list[Row], list[Row]]:
        """Return the edges without a deal that rest on nothing that was there before: people's posts, and others."""
        now, then = ([r for r in rows if not r.data["deal_id"]] for rows in self.then.differing("edge"))
        known = {self.same.get(s, s) for row in then for s in row.data["statement_ids"]}
        new = [r for r in now if known.isdisjoint(self.same.get(s, s) for s in r.data["statement_ids"])]
        named = {r.name for r in self.graph.schema.relations.values() if {"role", "current"} <= {*r.qualifiers}}
        parts: tuple[list[Row], list[Row]] = ([], [])
        for row in new:
            parts[not (row.data["relation"] in named and says_post(row))].append(row)
        return parts

    def _posts(self, held: list[Row]) -> tuple[Post, ...]:
        """Return what is new of people's posts."""
        claims = self._claims(self.now, held)
        return posts(held, self.then, lambda row: self.cite(claims[row.data["statement_ids"][0]]))

    def cite(self, claim: Claim) -> Said:
        """Return a claim as a digest cites it."""
        return Said(claim.id, claim.issue, self.publishers[claim.issue], claim.day, claim.text, claim.certain)

    def _twins(self) -> dict[str, str]:
        """Return what a statement is called on both sides, where another issue with its text counts on each."""
        _, then = self.then.differing("listing")
        texts = {row.data["text_sha256"] for row in then if row.data["counted"]}
        keys = {row.id: row.data["text_sha256"] for row in self.now.rows("listing", text_sha256=sorted(texts))}
        rows = self.now.rows("statement", issue=sorted(keys)) if keys else ()
        return {
            row.id: Statement.model_validate({k: row.data[k] for k in Statement.model_fields}).id(keys[issue])
            for row in rows
            if (issue := row.data["issue"])
        }

    def _claims(self, rows: Rows, of: Iterable[Row]) -> dict[str, Claim]:
        """Return the claims of the cells of deals and edges, by statement."""
        cells = {tuple(json.loads(row.data["cell"])) for row in of}
        found = Recompute(rows, self.graph.view).claims(cells)
        return {claim.id: claim for some in found.values() for claim in some}

    def _entities(self) -> tuple[tuple[str, str, str], ...]:
        """Return the entities none of whose members was there before, by type and name."""
        now, then = self.then.differing("entity")
        known = {member for row in then for member in row.data["members"]}
        new = [(r.id, r.data["name"], r.data["type"]) for r in now if known.isdisjoint(r.data["members"])]
        return tuple(sorted(new, key=lambda e: (e[2], e[1].casefold(), e[0])))

    def _loops(self) -> tuple[Money, Cycles]:
        """Return the money with the issues, and its loops that are none without them."""
        schema, reference = self.graph.schema, self.graph.reference
        after, before = (Flows(rows, schema, reference).money() for rows in (self.now, self.then))
        return after, closed(after, before)

    def _names(self, deals: DealChanges, loops: Cycles, money: Money, people: Iterable[Post]) -> dict[str, str]:
        ids = {p.entity_id for deal in deals.deals for p in deal.parties}
        ids |= {id for post in people for id in (post.person_id, post.firm_id)}
        ends = {id for cycle in loops.cycles for leg in cycle.legs for id in (leg.source, leg.target)}
        named = {row.id: row.data["name"] for row in self.now.get("entity", sorted(ids))}
        return {id: id for id in ids} | named | {id: money.name(id) for id in ends}


def _issue(row: Row) -> dict[str, Any]:
    """Return an issue as a digest names it."""
    data = row.data
    return {"key": row.id, "title": data["title"] or data["file"], "publisher": data["publisher"],
            "date": data["published"]}  # fmt: skip
