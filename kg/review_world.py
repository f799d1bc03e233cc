"""Review world: the rows of a store that the review list is made of, read once and turned round by what is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from kg.deal_list import deal_of
from kg.deal_stages import ENDED
from kg.deals import total
from kg.model import Deal, Judgement
from kg.names import normal
from kg.naming import ends
from kg.reference import Reference
from kg.schema import Schema
from kg.store.base import Row, Store

Span = tuple[int, int]


class World:
    """All that the review list is a function of: view, statements, mentions, days and judgements of one store."""

    def __init__(self, store: Store, schema: Schema, reference: Reference, trust: Mapping[str, float]) -> None:
        """Read the rows, in a few reads; inside `store.read` all are of one state of the store, as `places` are."""
        self.store, self.schema, self.reference, self.trust = store, schema, reference, trust
        self.entities = {row.id: row.data for row in store.rows("entity")}
        self.edges = list(store.rows("edge"))
        self.deals = {row.id: deal_of(row) for row in store.rows("deal")}
        self.cells = {row.id: str(row.data["cell"]) for row in store.rows("deal")}
        self.statements = {row.id: row for row in store.rows("statement")}
        self.judgements = list(store.rows("judgement"))
        listings = list(store.rows("listing"))
        self.days = {row.id: row.data["published"] for row in listings if row.data["counted"]}
        self.members = {m: id for id, data in self.entities.items() for m in data["members"]}

    def places(self, ids: Iterable[str]) -> dict[str, dict[str, list[Span]]]:
        """Return entity → issue → where it is named, of some entities, in one read."""
        members = sorted({m for id in ids for m in self.entities[id]["members"]})
        out: dict[str, dict[str, list[Span]]] = {}
        for row in self.store.rows("mention", member=members) if members else ():
            data = row.data
            if data["issue"] in self.days:
                spans = out.setdefault(self.members[data["member"]], {}).setdefault(data["issue"], [])
                spans += [(start, end) for start, end in data["mentions"]]
        return out

    def name(self, id: str) -> str:
        """Return the name of an entity."""
        return str(self.entities[id]["name"]) if id in self.entities else id

    def names(self, ids: Iterable[str], most: int = 3) -> str:
        """Return the names of some entities in words: "A, B and 4 more"."""
        some = [self.name(id) for id in ids]
        if len(some) <= most:
            return " and ".join(filter(None, (", ".join(some[:-1]), some[-1]))) if some else ""
        return f"{', '.join(some[:most])} and {len(some) - most} more"

    def sentence(self, relation: str, subject: str, target: str) -> str:
        """Return a relation of two names in a sentence: "Amazon invested in Anthropic"."""
        parts = self.schema.relations[relation].forms.active.replace("{object}", "\0").split("{subject}")
        return subject.join(parts).replace("\0", target)  # names may hold braces themselves

    @cached_property
    def edges_of(self) -> dict[str, list[Row]]:
        """Return entity → the edges that it has."""
        out: dict[str, list[Row]] = {}
        for edge in self.edges:
            for id in {edge.data["subject_id"], edge.data["object_id"]}:
                out.setdefault(id, []).append(edge)
        return out

    @cached_property
    def edges_of_deal(self) -> dict[str, list[Row]]:
        """Return deal → its edges."""
        out: dict[str, list[Row]] = {}
        for edge in self.edges:
            if edge.data["deal_id"]:
                out.setdefault(edge.data["deal_id"], []).append(edge)
        return out

    @cached_property
    def deals_of(self) -> dict[str, set[str]]:
        """Return entity → the deals that it takes part in."""
        out: dict[str, set[str]] = {}
        for deal in self.deals.values():
            for party in deal.parties:
                out.setdefault(party.entity_id, set()).add(deal.id)
        return out

    @cached_property
    def accepted(self) -> set[str]:
        """Return the statements that a person accepted or put right."""
        said = (j for j in self.verdicts("statement") if j.data["verdict"] in ("accept", "correct"))
        return {self._standing(j.data["target"], j.data["about"]) for j in said}

    @cached_property
    def judged_statements(self) -> set[str]:
        """Return the statements that a person has judged."""
        return {self._standing(j.data["target"], j.data["about"]) for j in self.verdicts("statement")}

    @cached_property
    def figures(self) -> set[str]:
        """Return the statements whose amount a person has chosen as their deal's figure."""
        return {self._standing(j.data["target"], j.data["about"]) for j in self.verdicts("figure")}

    @cached_property
    def judged_names(self) -> set[frozenset[str]]:
        """Return the pairs of entities that a person has judged."""
        found = (j.data["about"].get("members") or ends(j.data["target"]) or () for j in self.verdicts("entity"))
        now = {row.id: row.data["entity_id"] for row in self.store.rows("member")}
        return {frozenset(str(now.get(key, key)) for key in keys) for keys in found}

    @cached_property
    def judged_deals(self) -> set[frozenset[str]]:
        """Return the pairs of statements whose deals a person has judged."""
        out = set()
        for j in self.verdicts("deal"):
            ends = zip(j.data["target"].split("|"), (j.data["about"].get(end) or {} for end in "ab"), strict=False)
            out.add(frozenset(self._standing(id, about) for id, about in ends))
        return out

    def _standing(self, id: str, about: Mapping[str, Any]) -> str:
        """Return the statement that a judgement holds for: its target, else the only one of its issue and pair."""
        if id in self.statements:
            return id
        known = self._by_pair.get(_pair(about), [])
        return known[0] if len(known) == 1 else id

    @cached_property
    def _by_pair(self) -> dict[tuple[str, ...], list[str]]:
        out: dict[tuple[str, ...], list[str]] = {}
        for row in self.statements.values():
            out.setdefault(_pair(row.data), []).append(row.id)
        return out

    def judged_apart(self, ours: Iterable[str], theirs: Iterable[str]) -> bool:
        """Say whether a person has judged a statement of the one with a statement of the other as deals."""
        first, second = set(ours), set(theirs)
        return any(pair & first and pair & second for pair in self.judged_deals)

    def verdicts(self, kind: str) -> list[Row]:
        """Return the judgements of a kind."""
        return [row for row in self.judgements if row.data["kind"] == kind]

    def certain(self, statement: str) -> bool:
        """Say whether a statement is certain: trusted, or accepted by a person."""
        data = self.statements[statement].data
        trusted = float(data["confidence"]) >= self.trust.get(data["relation"], 0.0)
        return trusted or statement in self.accepted

    def issues(self, statements: Iterable[str]) -> set[str]:
        """Return the issues that make the statements."""
        return {self.statements[id].data["issue"] for id in statements if id in self.statements}

    def day(self, statement: str) -> str | None:
        """Return the day of a statement's issue."""
        found = self.statements.get(statement)
        return self.days.get(found.data["issue"]) if found else None

    def sentences(self, statement: str) -> set[tuple[str, int, int]]:
        """Return where the sentences of a statement stand: issue, start and end."""
        data = self.statements[statement].data
        return {(data["issue"], e["start"], e["end"]) for e in data["evidence"] if e["role"] == "claim"}

    def about(self, statement: str) -> dict[str, Any]:
        """Return what a judgement keeps of its statement, so that it is found again if its id changes."""
        data = self.statements[statement].data
        said = {name: data[name] for name in ("issue", "relation", "subject", "object")}
        return {**said, "amount": data["attrs"].get("amount")}

    def on_statement(self, statement: str, verdict: str) -> Judgement:
        """Return the judgement that accepts or rejects a statement."""
        return Judgement(kind="statement", target=statement, verdict=verdict, about=self.about(statement))

    def on_deals(self, first: str, second: str, verdict: str) -> Judgement:
        """Return the judgement on the deals of two statements: same, different or unsure."""
        a, b = sorted((first, second))
        return Judgement(
            kind="deal", target=f"{a}|{b}", verdict=verdict, about={"a": self.about(a), "b": self.about(b)}
        )


def _pair(about: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a judgement finds its statement again by: issue, relation and the two names."""
    ends = (normal(str(about.get(end) or "")) for end in ("subject", "object"))
    return (str(about.get("issue")), str(about.get("relation")), *ends)


def stake(deal: Deal) -> dict[str, float]:
    """Return currency → what a deal comes to with promises if it counts: certain, and neither denied nor ended."""
    counting = deal.model_copy(update={"stage": "announced", "certain": True})
    return {currency: promised for currency, (_, promised) in total([counting]).items() if promised}


def stakes(deals: Iterable[Deal]) -> dict[str, float]:
    """Return currency → what deals come to with promises, less certain ones included; what was called off is not."""
    counting = [d.model_copy(update={"stage": "announced", "certain": True}) for d in deals if d.stage not in ENDED]
    return {currency: promised for currency, (_, promised) in total(counting).items() if promised}


def size(money: Mapping[str, float]) -> float:
    """Return the largest figure: what lists are ordered by, nothing is converted."""
    return max(money.values(), default=0.0)
