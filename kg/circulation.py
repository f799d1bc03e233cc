"""Circulation: what flows between firms in sum, how two of them are connected, and who stands at the centre."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any

import networkx as nx

from kg.deal_list import DealFilter, Deals, sides
from kg.deal_stages import ENDED
from kg.deals import total
from kg.errors import QuestionError
from kg.flows import Leg, Money
from kg.model import Deal, plain_numbers
from kg.reference import Reference
from kg.schema import Schema
from kg.store.base import Store

PATHS = 5  # ways between two firms that are told
Totals = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Stream:
    """What one firm pays another as one kind of money: currency → (confirmed, with promises), and its legs."""

    source: str
    target: str
    flow: str
    total: Totals = field(hash=False)
    legs: tuple[Leg, ...]

    @property
    def high(self) -> float:
        """Return the promised money in its largest currency; what is not converted is only ordered by it."""
        return max((most for _, most in self.total.values()), default=0.0)

    def as_json(self) -> dict[str, Any]:
        """Return the stream as `kg flow --json` prints it."""
        return {
            "from": self.source,
            "to": self.target,
            "flow": self.flow,
            "totals": _totals_json(self.total),
            "deals": [leg.deal_id for leg in self.legs],
        }


def streams(money: Money, *, of: Iterable[str] = (), flows: Iterable[str] = ()) -> list[Stream]:
    """Return what flows between each two firms, by kind of money, the most first; of these entities, of these kinds."""
    firms, kinds = {money.firms.get(id, id) for id in of}, set(flows)
    grouped: dict[tuple[str, str, str], list[Leg]] = {}
    for pair, legs in money.between().items():
        for leg in legs:
            if (not firms or firms & set(pair)) and (not kinds or leg.flow in kinds):
                grouped.setdefault((*pair, leg.flow), []).append(leg)
    made = [Stream(*key, _total(legs), tuple(legs)) for key, legs in grouped.items()]
    return sorted(made, key=lambda s: (-s.high, s.source, s.target, s.flow))


def _total(legs: Iterable[Leg]) -> Totals:
    """Return what legs come to by the rules of `kg.deals.total`: each as a deal of its own amount."""
    parts = [
        Deal(id=leg.deal_id or "", kind="", stage=leg.stage, parties=(), amount=leg.amount, certain=leg.certain)
        for leg in legs
    ]
    return total(parts)


def _totals_json(found: Totals) -> dict[str, Any]:
    return {currency: {"confirmed": sure, "promised": most} for currency, (sure, most) in found.items()}


@dataclass(frozen=True)
class Step:
    """One step of a path: the deals between two firms (none: one is part of the other, background)."""

    source: str
    target: str
    deals: tuple[Deal, ...] = ()


@dataclass(frozen=True)
class Ways:
    """The shortest ways between two firms over deals, and the names of all that they pass."""

    paths: tuple[tuple[Step, ...], ...]
    names: Mapping[str, str] = field(default_factory=dict, hash=False)


class Circulation:
    """Paths and central players over the deals of a store."""

    def __init__(self, store: Store, schema: Schema, reference: Reference) -> None:
        """Read from a store; the reference says what is part of what."""
        self.store, self.schema, self.reference = store, schema, reference

    def paths(self, start: str, end: str, *, most: int = PATHS) -> Ways:
        """Return the shortest ways over deals of any kind from one entity to another, most steps told by deals.

        Raise QuestionError if the two are one.
        """
        if start == end:
            raise QuestionError(f"{start}: a path needs two different names")
        graph, deals, names = self._deals()
        for id in (start, end):
            graph.add_node(id)
            self._part(graph, id, names)
        found: list[tuple[Step, ...]] = []
        if nx.has_path(graph, start, end):
            least = nx.shortest_path_length(graph, start, end)
            every = nx.shortest_simple_paths(graph, start, end)
            for path in islice(every, most):
                if len(path) - 1 > least + 1:
                    break
                found.append(tuple(Step(a, b, deals.get(frozenset((a, b)), ())) for a, b in pairwise(path)))
        return Ways(tuple(found), names)

    def _deals(self) -> tuple[nx.Graph[str], dict[frozenset[str], tuple[Deal, ...]], dict[str, str]]:
        """Return the graph of who has deals with whom, the deals of each pair, and names; parts hang on their firms."""
        listed = Deals(self.store).find(DealFilter())
        between: dict[frozenset[str], list[Deal]] = {}
        for deal in listed.deals:
            if deal.stage in ENDED:
                continue
            givers, receivers = sides(deal, self.schema)
            ends = [(a.entity_id, b.entity_id) for a in givers or receivers for b in receivers or givers]
            for a, b in ends:
                if a != b and deal not in between.setdefault(frozenset((a, b)), []):
                    between[frozenset((a, b))].append(deal)
        names = dict(listed.names)
        graph: nx.Graph[str] = nx.Graph()
        graph.add_edges_from((min(pair), max(pair)) for pair in sorted(between, key=sorted))
        for id in sorted(graph):
            self._part(graph, id, names)
        return graph, {pair: tuple(some) for pair, some in between.items()}, names

    def _part(self, graph: nx.Graph[str], id: str, names: dict[str, str]) -> None:
        """Hang an entity on the firm that it is part of, by the reference facts."""
        firm = self.reference.root(id)
        if firm != id:
            graph.add_edge(id, firm)
            entry = self.reference.entry(firm)
            names.setdefault(firm, entry.name if entry else firm)
        known = self.reference.entry(id)
        names.setdefault(id, known.name if known else id)


def ways_json(ways: Ways) -> dict[str, Any]:
    """Return paths as `kg path --json` prints them."""
    paths = [
        [
            {
                "from": step.source,
                "to": step.target,
                "deals": [{"id": d.id, "kind": d.kind, "stage": d.stage} for d in step.deals],
                "background": not step.deals,
            }
            for step in path
        ]
        for path in ways.paths
    ]
    ids = sorted({id for path in ways.paths for step in path for id in (step.source, step.target)})
    return {"paths": paths, "names": {id: ways.names.get(id, id) for id in ids}}


@dataclass(frozen=True)
class Place:
    """A firm's place in the circulation by one measure."""

    id: str
    name: str
    value: float


def central(money: Money, measure: str) -> list[Place]:
    """Return the firms by a measure of MEASURES, the greatest first; raise QuestionError for another word."""
    if measure not in MEASURES:
        raise QuestionError(f"{measure!r} is no measure; there is {', '.join(MEASURES)}")
    graph: nx.DiGraph[str] = nx.DiGraph()
    for (source, target), legs in sorted(money.between().items()):
        graph.add_edge(source, target, promised=sum(leg.high for leg in legs if _dollars(leg)), deals=len(legs))
    values = MEASURES[measure](graph) if graph else {}
    found = [Place(id, money.name(id), float(value)) for id, value in values.items()]
    return sorted(found, key=lambda p: (-p.value, p.id))


def _dollars(leg: Leg) -> bool:
    """Say whether a leg's amount is in dollars: nothing is converted, so measures of money see no other currency."""
    return leg.amount is not None and leg.amount.currency == "USD"


def _partners(graph: nx.DiGraph[str]) -> dict[str, float]:
    return {id: float(len({*graph.predecessors(id), *graph.successors(id)})) for id in graph}


MEASURES: dict[str, Callable[[nx.DiGraph[str]], Mapping[str, float]]] = {
    "partners": _partners,
    "betweenness": lambda graph: nx.betweenness_centrality(graph.to_undirected()),
    "paid": lambda graph: dict(graph.out_degree(weight="promised")),
    "received": lambda graph: dict(graph.in_degree(weight="promised")),
}


def central_json(places: Iterable[Place], measure: str) -> dict[str, Any]:
    """Return places as `kg central --json` prints them."""
    rows = [{"id": p.id, "name": p.name, "value": p.value} for p in places]
    found: dict[str, Any] = plain_numbers({"measure": measure, "firms": rows})
    return found
