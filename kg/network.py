"""The network of deals: companies and people as points, deals as lines, cut to what can be looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

from kg.deal_kinds import look
from kg.deal_list import DealFilter, Deals, Found
from kg.deal_stages import ENDED
from kg.deals import total, worth
from kg.model import Amount, Deal
from kg.money import read, show
from kg.schema import Schema
from kg.store.base import Row, Store

DEAL = "deal"  # the type of a point that stands for a deal whose other side is not known
CLOSED = "completed"
KEPT = 24  # lists of deals and drawings that are kept, for one state of the store


@dataclass(frozen=True)
class Node:
    """A point: an entity with what its deals come to, or a deal (type DEAL) whose other side is not known.

    `total` is currency → (confirmed, with promises) of the deals that fit the filter, `deals` their number; `more`
    says how many deals of the entity are not drawn.
    """

    id: str
    name: str
    type: str
    total: Mapping[str, tuple[float, float]] = field(default_factory=dict, hash=False)
    deals: int = 0
    more: int = 0
    deal_id: str | None = None


@dataclass(frozen=True)
class Link:
    """A line: one for each deal and pair. `amount` is this pair's own, `whole` that of the deal."""

    id: str
    source: str
    target: str
    deal_id: str
    kind: str
    stage: str
    amount: Amount | None = None
    whole: Amount | None = None
    date: str | None = None
    certain: bool = True
    directed: bool = True

    @property
    def closed(self) -> bool:
        """Return whether the deal is done."""
        return self.stage == CLOSED

    @property
    def ended(self) -> bool:
        """Return whether the deal was called off or denied."""
        return self.stage in ENDED


@dataclass(frozen=True)
class View:
    """What is drawn: points, lines, the deals behind them and all that fit the filter, largest first."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    deals: tuple[Deal, ...]
    found: tuple[Deal, ...]
    names: Mapping[str, str] = field(hash=False)
    left_out: tuple[str, ...] = ()
    added: int = 0  # deals that are drawn though they do not fit the filter's parties: those of opened entities

    @property
    def said(self) -> str:
        """Return how much of it is drawn: "300 of 1,200 deals shown, by amount"."""
        fit = len(self.found)
        own = len(self.deals) - self.added
        noun = "deal" if fit == 1 else "deals"
        text = f"{own:,} of {fit:,} {noun} shown, by amount" if own < fit else f"{fit:,} {noun} shown"
        return text + (f", and {self.added:,} around opened companies" if self.added else "")


class Network:
    """The deals of a store as a network; lists are kept as long as the store does not change."""

    def __init__(self, store: Store, schema: Schema) -> None:
        """Read from a store."""
        self.store, self.schema = store, schema
        self._version = ""
        self._lock = Lock()  # several visitors may look at once
        self._kept: OrderedDict[Any, Any] = OrderedDict()

    def view(
        self,
        wanted: DealFilter = DealFilter(),  # noqa: B008  # a frozen value
        *,
        most: int = 300,
        around: Sequence[str] = (),
        depth: int = 1,
        opened: Sequence[str] = (),
        only: Sequence[str] = (),
        keep: Sequence[str] = (),
    ) -> View:
        """Return the network of the deals that fit, the `most` largest of them; raise QuestionError for a bad date.

        `around` limits it to deals within `depth` steps of these entities, `only` to these deals; the deals of
        `opened` entities are drawn too (at most `most`), and those of `keep` (deal ids) whatever their amount. A
        handful of reads of the store, whatever the size.
        """
        return self.store.read(lambda: self._view(wanted, most, around, depth, opened, frozenset(only), keep))

    def _view(
        self,
        wanted: DealFilter,
        most: int,
        around: Sequence[str],
        depth: int,
        opened: Sequence[str],
        only: frozenset[str],
        keep: Sequence[str],
    ) -> View:
        fitting = self._find(wanted)
        found = fitting.deals
        if only:
            found = tuple(d for d in found if d.id in only)
        if around:
            found = near(found, around, depth)
        every = self._find(replace(wanted, parties=(), roles=())) if opened or wanted.parties or only else fitting
        wished = frozenset(keep)
        shown = {d.id: d for n, d in enumerate(found) if n < most or d.id in wished}
        fits = {d.id for d in found}
        others = [d for d in every.deals if d.id not in shown and _has(d, opened)][:most]
        others += [d for d in every.deals if d.id in wished and d.id not in shown and d not in others]
        shown |= {d.id: d for d in others}
        deals = tuple(sorted(shown.values(), key=_order(every.deals)))
        ids = tuple(d.id for d in deals)
        nodes, links = self._once((wanted, ids), lambda: self._drawn(deals, every))
        added = sum(d.id not in fits for d in deals)
        return View(nodes, links, deals, found, {**every.names, **fitting.names}, fitting.left_out, added)

    def parties(self) -> tuple[tuple[str, str], ...]:
        """Return (entity id, name) of all that take part in deals, those with most deals first."""
        found = self.store.read(lambda: self._find(DealFilter()))
        counts: dict[str, int] = {}
        for deal in found.deals:
            for id in {p.entity_id for p in deal.parties}:
                counts[id] = counts.get(id, 0) + 1
        return tuple((id, found.names[id]) for id in sorted(counts, key=lambda id: (-counts[id], found.names[id])))

    def _find(self, wanted: DealFilter) -> Found:
        made: Found = self._once(wanted, lambda: Deals(self.store).find(wanted))
        return made

    def _once(self, key: Any, make: Any) -> Any:
        """Return what was made for this key of this state of the store, or make it."""
        version = self.store.version()
        with self._lock:
            if version != self._version:
                self._version, self._kept = version, OrderedDict()
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            if version == self._version:
                self._kept[key] = made
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
        return made

    def _drawn(self, deals: Sequence[Deal], every: Found) -> tuple[tuple[Node, ...], tuple[Link, ...]]:
        by_deal: dict[str, list[Row]] = {}
        for edge in self.store.rows("edge", deal_id=[d.id for d in deals]) if deals else ():
            by_deal.setdefault(edge.data["deal_id"], []).append(edge)
        links: list[Link] = []
        points: list[Node] = []
        for deal in deals:
            lines, point = self._lines(deal, by_deal.get(deal.id, ()))
            links += lines
            points += [point] if point else []
        return (*self._entities(deals, every), *points), tuple(links)

    def _lines(self, deal: Deal, edges: Iterable[Row]) -> tuple[list[Link], Node | None]:
        """Return a deal's lines, and the point that stands for it where only one side is known."""
        pairs: dict[frozenset[str], Row] = {}
        for edge in edges:
            ends = frozenset((edge.data["subject_id"], edge.data["object_id"]))
            if len(ends) == 2 and (ends not in pairs or _says_more(edge, pairs[ends])):
                pairs[ends] = edge
        whole = worth(deal)
        if pairs:
            alone = len(pairs) == 1
            return [self._link(deal, edge, whole, alone) for edge in pairs.values()], None
        name = " · ".join(filter(None, (deal.round, show(whole) if whole else ""))) or look(deal.kind).label
        point = Node(deal.id, name, DEAL, deals=1, deal_id=deal.id)
        owners = sorted({p.entity_id for p in deal.parties})
        day = deal.announced or deal.reported
        lines = [
            Link(f"{deal.id}/{id}", deal.id, id, deal.id, deal.kind, deal.stage, whole, whole, day, deal.certain)
            for id in owners
        ]
        return lines, point

    def _link(self, deal: Deal, edge: Row, whole: Amount | None, alone: bool) -> Link:
        data = edge.data
        own = read(data) if data["amount_low"] is not None or data["amount_high"] is not None else None
        if own is not None and (stated := (data.get("attrs") or {}).get("amount")):
            own = Amount.model_validate(stated)
        relation = self.schema.relations.get(data["relation"])
        return Link(
            id=f"{deal.id}/{edge.id}",
            source=data["subject_id"],
            target=data["object_id"],
            deal_id=deal.id,
            kind=deal.kind,
            stage=data["stage"] if data["stage"] in (*ENDED, CLOSED) and not alone else deal.stage,
            amount=whole if alone and whole is not None else own,
            whole=whole,
            date=deal.announced or deal.reported,
            certain=bool(data["certain"]),
            directed=not (relation and relation.symmetric),
        )

    def _entities(self, deals: Sequence[Deal], every: Found) -> list[Node]:
        drawn = {d.id for d in deals}
        ids = sorted({p.entity_id for d in deals for p in d.parties})
        own: dict[str, list[Deal]] = {id: [] for id in ids}
        for deal in every.deals:
            for id in {p.entity_id for p in deal.parties}:
                if id in own:
                    own[id].append(deal)
        rows = {row.id: row.data for row in self.store.get("entity", ids)}
        nodes = []
        for id in ids:
            data = rows.get(id, {})
            more = sum(d.id not in drawn for d in own[id])
            name, type_ = data.get("name", id), data.get("type", "company")
            nodes.append(Node(id, name, type_, total(own[id]), len(own[id]), more))
        return nodes


def deals_of(store: Store, rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the ids of the deals that the rows of an answer speak of, in their order."""
    some = list(rows)
    fields = ("relation", "subject_id", "object_id")
    asked = {name: sorted({row[name] for row in some}) for name in fields}
    deals: dict[str, str] = {}
    for edge in store.rows("edge", **asked) if some else ():
        if edge.data["deal_id"]:
            deals |= dict.fromkeys(edge.data["statement_ids"], edge.data["deal_id"])
    return tuple(dict.fromkeys(deals[s] for row in some for s in row["statement_ids"] if s in deals))


def near(deals: Iterable[Deal], centre: Iterable[str], depth: int) -> tuple[Deal, ...]:
    """Return the deals within `depth` steps of the entities, in their order."""
    some = list(deals)
    inside = set(centre)
    kept: set[str] = set()
    for _ in range(depth):
        reached = [d for d in some if d.id not in kept and _has(d, inside)]
        kept |= {d.id for d in reached}
        inside |= {p.entity_id for d in reached for p in d.parties}
    return tuple(d for d in some if d.id in kept)


def _has(deal: Deal, ids: Iterable[str]) -> bool:
    wanted = ids if isinstance(ids, set | frozenset) else set(ids)
    return any(p.entity_id in wanted for p in deal.parties)


def _says_more(a: Row, b: Row) -> bool:
    size = [max(r.data["amount_high"] or 0, r.data["amount_low"] or 0) for r in (a, b)]
    return (a.data["certain"], size[0], a.id) > (b.data["certain"], size[1], b.id)


def _order(deals: Iterable[Deal]) -> Any:
    places = {d.id: n for n, d in enumerate(deals)}
    return lambda deal: places.get(deal.id, len(places))
