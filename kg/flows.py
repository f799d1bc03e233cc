"""Money flows: which firm pays which, one leg for each deal and pair, with parts of a firm known as parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.deal_kinds import looks
from kg.deal_list import deal_of, when
from kg.deal_stages import ENDED, UNSURE
from kg.deals import confirmed_low, sizes
from kg.model import Amount, Deal
from kg.names import group
from kg.reference import Reference
from kg.schema import Schema
from kg.store.base import Row, Rows


@dataclass(frozen=True)
class Leg:
    """Money that goes from one entity to another in one deal; without a deal, a firm and a part of it (background).

    `amount` is what this pair's statements give, or the whole deal's where only one side gives; `paid` the parts of "up
    to" that are paid now and depend on nothing. `flow` is what the money is: equity, compute, debt, licence.
    """

    source: str
    target: str
    deal_id: str | None = None
    flow: str = ""
    stage: str = ""
    amount: Amount | None = None
    date: str | None = None
    certain: bool = True
    sentence: str = ""
    paid: float = 0.0

    @property
    def background(self) -> bool:
        """Return whether the leg is a reference fact, without a deal and without a sentence."""
        return self.deal_id is None

    @property
    def low(self) -> float:
        """Return the money that is sure: of "up to" what is paid now, nothing of talks, nothing less certain."""
        if self.amount is None or self.stage in UNSURE or not self.certain:
            return 0.0
        return self.amount.low or self.paid

    @property
    def high(self) -> float:
        """Return the money with promises."""
        if self.amount is None:
            return 0.0
        return self.amount.high if self.amount.high is not None else self.amount.low or 0.0

    @property
    def promise(self) -> bool:
        """Return whether the money is but promised: "up to", or of what is rumored, in talks or planned."""
        return self.amount is not None and (not self.amount.low or self.stage in UNSURE)

    def as_json(self) -> dict[str, Any]:
        """Return the leg in plain JSON values, amounts as stated (null where nothing is)."""
        amount = self.amount
        return {
            "from": self.source,
            "to": self.target,
            "deal_id": self.deal_id,
            "flow": self.flow or None,
            "stage": self.stage or None,
            "low": None if amount is None else amount.low,
            "high": None if amount is None else amount.high,
            "currency": None if amount is None else amount.currency,
            "date": self.date,
            "certain": self.certain,
            "promise": self.promise,
            "background": self.background,
            "sentence": self.sentence or None,
        }


@dataclass(frozen=True)
class Money:
    """All legs of a store, the names of their ends, and the firm that each end is part of (itself, if of none)."""

    legs: tuple[Leg, ...]
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    firms: Mapping[str, str] = field(default_factory=dict, hash=False)

    def name(self, id: str) -> str:
        """Return the name of an entity."""
        return self.names.get(id, id)

    def between(self) -> dict[tuple[str, str], list[Leg]]:
        """Return the legs by the firms that pay and are paid; what stays inside a firm is left out."""
        out: dict[tuple[str, str], list[Leg]] = {}
        for leg in self.legs:
            pair = (self.firms[leg.source], self.firms[leg.target])
            if pair[0] != pair[1]:
                out.setdefault(pair, []).append(leg)
        return out

    def parts(self, ids: Iterable[str]) -> list[tuple[str, str]]:
        """Return (part, firm) of those entities that count as another one: background that must be told."""
        return sorted({(id, self.firms[id]) for id in ids if self.firms.get(id, id) != id})


class Flows:
    """Reads the money flows of a store."""

    def __init__(self, store: Rows, schema: Schema, reference: Reference) -> None:
        """Read from a store; schema and reference say who gives, and what is part of what."""
        self.store, self.schema, self.reference = store, schema, reference

    def money(self, *, certain_only: bool = False, rolled_up: bool = True) -> Money:
        """Return the legs of all deals in which money flows and that were not called off, in three reads."""
        return self.store.read(lambda: self._money(certain_only, rolled_up))

    def _money(self, certain_only: bool, rolled_up: bool) -> Money:
        kinds = {kind: look.flow for kind, look in looks().items() if look.flow}
        known = {r.deal.kind for r in self.schema.relations.values() if r.deal and r.deal.subject != r.deal.object}
        kinds |= {kind: kind for kind in known - looks().keys()}  # of a relation that came later
        deals = {row.id: deal_of(row) for row in self.store.rows("deal", kind=sorted(kinds))}
        edges = self.store.rows("edge", deal_id=sorted(deals)) if deals else ()
        legs = []
        for (deal_id, _, _), rows in _by_pair(edges).items():
            leg = self._leg(deals[deal_id], rows, kinds[deals[deal_id].kind] or "")
            if leg is not None and (leg.certain or not certain_only):
                legs.append(leg)
        legs.sort(key=lambda leg: (-leg.high, leg.deal_id or "", leg.source, leg.target))
        ids = sorted({id for leg in legs for id in (leg.source, leg.target)})
        names = {row.id: str(row.data["name"]) for row in self.store.get("entity", ids)}
        firms = {id: self.reference.root(id) if rolled_up else id for id in ids}
        for firm in set(firms.values()) - names.keys():
            entry = self.reference.entry(firm)
            names[firm] = entry.name if entry else firm
        return Money(tuple(legs), names, firms)

    def _leg(self, deal: Deal, rows: list[Row], flow: str) -> Leg | None:
        """Return the leg of one deal and pair from its edges, None where it was called off or has but one end."""
        row = max(rows, key=lambda r: (r.data["certain"], r.data["amount_high"] or r.data["amount_low"] or 0, r.id))
        data = row.data
        if data["subject_id"] == data["object_id"] or _off(deal, data):
            return None
        stated = (data.get("attrs") or {}).get("amount")
        amount = Amount.model_validate(stated) if stated else self._alone(deal, data["subject_id"])
        stage = data["stage"] if data["stage"] == "completed" else deal.stage
        return Leg(
            data["subject_id"], data["object_id"], deal.id, flow, stage, amount, when(deal), bool(data["certain"]),
            str(data["sentence"]), confirmed_low(deal, amount) or 0.0 if amount else 0.0,
        )  # fmt: skip

    def _alone(self, deal: Deal, giver: str) -> Amount | None:
        """Return the amount of a deal for its one giver; of several none knows the share."""
        roles = {r.deal.subject for r in self.schema.relations.values() if r.deal and not r.unary}
        givers = {p.entity_id for p in deal.parties if p.role in roles}
        found = sizes(deal)
        return found[0] if givers == {giver} and len(found) == 1 else None


def _off(deal: Deal, edge: Mapping[str, Any]) -> bool:
    """Return whether a deal, or this party's part in it, was called off or denied."""
    return deal.stage in ENDED or edge["stage"] in ENDED


def _by_pair(edges: Iterable[Row]) -> dict[tuple[str, str, str], list[Row]]:
    out: dict[tuple[str, str, str], list[Row]] = {}
    for edge in edges:
        data = edge.data
        out.setdefault((data["deal_id"], data["subject_id"], data["object_id"]), []).append(edge)
    return out


def is_firm(id: str) -> bool:
    """Return whether an entity is a firm or organization, by its id."""
    return id.partition("/")[0] == group("company")
