"""The network of deals: one line for each deal and pair, a cut that is said, neighbourhoods, and few reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg import reference, schema
from kg.deal_kinds import look, looks
from kg.deal_list import DealFilter
from kg.errors import QuestionError
from kg.graph import Graph
from kg.network import DEAL, Network, View, deals_of
from kg.store.sqlite import SQLiteStore
from tests.app import network_material as material


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[Graph]:
    store = SQLiteStore(tmp_path / "network.db")
    made = Graph(store, schema.load(), reference.load())
    made.put(material.ledger())
    yield made
    store.close()


@pytest.fixture
def network(graph: Graph) -> Network:
    return Network(graph.store, graph.schema)


def pairs(view: View) -> Counter[tuple[str, str, str]]:
    """Return (from, to, kind) of the lines, in names."""
    names = {node.id: node.name for node in view.nodes}
    return Counter((names[link.source], names[link.target], link.kind) for link in view.links)


def test_each_deal_and_pair_is_a_line_and_a_round_of_one_side_a_point(network: Network) -> None:
    view = network.view()
    assert view.said == "8 deals shown"
    assert pairs(view) == {
        ("Northgate", "Quillmark", "equity_round"): 1,
        ("Harbour Fund", "Quillmark", "equity_round"): 1,
        ("seed · $40 million", "Bluefern", "equity_round"): 1,
        ("Quillmark", "Bluefern", "acquisition"): 1,
        ("Quillmark", "Tinroof Cloud", "supply"): 2,
        ("Harbour Fund", "Ostrava Labs", "equity_round"): 1,
        ("Northgate", "Tinroof Cloud", "debt"): 1,
        ("Ostrava Labs", "Tinroof Cloud", "partnership"): 1,
    }
    (point,) = [node for node in view.nodes if node.type == DEAL]
    assert point.id == point.deal_id
    assert {node.name for node in view.nodes if node.type == "company"} == set(material.NAMES)


def test_lines_have_their_own_amount_the_deals_stage_and_a_direction(network: Network) -> None:
    view = network.view()
    names = {node.id: node.name for node in view.nodes}
    links = {(names[link.source], link.kind, link.stage): link for link in view.links}
    share, led = links["Harbour Fund", "equity_round", "completed"], links["Northgate", "equity_round", "completed"]
    assert (share.amount and share.amount.high, share.whole and share.whole.high) == (3e8, 2e9)
    assert (led.amount, led.whole and led.whole.high, led.date) == (None, 2e9, "2026-03-02")
    assert share.closed
    talks = links["Harbour Fund", "equity_round", "in_talks"]
    assert not talks.closed
    assert talks.amount is not None
    assert (talks.amount.low, talks.amount.high) == (None, 9e7)
    debt = links["Northgate", "debt", "completed"]
    assert debt.amount is not None
    assert debt.amount.currency == "EUR"
    together = next(link for link in view.links if link.kind == "partnership")
    assert not together.directed
    assert all(link.directed for link in view.links if link.kind != "partnership")


def test_a_points_total_is_that_of_its_deals_never_across_currencies(network: Network) -> None:
    nodes = {node.name: node for node in network.view().nodes}
    assert nodes["Tinroof Cloud"].total == {"EUR": (5e8, 5e8), "USD": (15e9, 15e9)}
    assert nodes["Harbour Fund"].total == {"USD": (2e9, 2.09e9)}
    assert (nodes["Quillmark"].deals, nodes["Quillmark"].more) == (4, 0)


@pytest.mark.parametrize(
    ("most", "said", "deals", "more"),
    [
        (1, "1 of 8 deals shown, by amount", 1, 3),
        (3, "3 of 8 deals shown, by amount", 3, 1),
        (8, "8 deals shown", 8, 0),
        (300, "8 deals shown", 8, 0),
    ],
)
def test_the_cut_takes_the_largest_and_is_said(network: Network, most: int, said: str, deals: int, more: int) -> None:
    view = network.view(most=most)
    assert (view.said, len(view.deals), len(view.found)) == (said, deals, 8)
    sizes = [deal.amount.high or 0 for deal in view.deals if deal.amount]
    assert sizes == sorted(sizes, reverse=True)
    assert {node.name: node.more for node in view.nodes}["Quillmark"] == more


def test_a_kept_deal_is_drawn_however_small(network: Network) -> None:
    last = network.view().found[-1]
    view = network.view(most=1, keep=[last.id, "d-not-there"])
    assert [deal.id for deal in view.deals] == [network.view().found[0].id, last.id]
    assert view.said == "2 of 8 deals shown, by amount"


@pytest.mark.parametrize(
    ("around", "depth", "names"),
    [
        ("org/bluefern", 1, {"Bluefern", "Quillmark", "seed · $40 million"}),
        ("org/bluefern", 2, {*material.NAMES, "seed · $40 million"} - {"Ostrava Labs"}),
        ("org/nowhere", 2, set()),
    ],
)
def test_a_neighbourhood_has_so_many_steps(network: Network, around: str, depth: int, names: set[str]) -> None:
    assert {node.name for node in network.view(around=[around], depth=depth).nodes} == names


def test_opened_points_add_their_deals_whatever_the_parties_asked_for(network: Network) -> None:
    wanted = DealFilter(parties=("org/bluefern",))
    assert network.view(wanted).said == "2 deals shown"
    opened = network.view(wanted, opened=["org/ostravalabs"])
    assert opened.said == "2 deals shown, and 2 around opened companies"
    assert ("Ostrava Labs", "Tinroof Cloud", "partnership") in pairs(opened)
    narrowed = network.view(DealFilter(parties=("org/bluefern",), kinds=("equity_round",)), opened=["org/ostravalabs"])
    assert narrowed.said == "1 deal shown, and 1 around opened companies"


def test_only_some_deals_are_drawn_on_request(network: Network) -> None:
    some = [deal.id for deal in network.view().found[:2]]
    view = network.view(only=some)
    assert [deal.id for deal in view.deals] == some
    assert view.said == "2 deals shown"


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (DealFilter(kinds=("supply",)), 2),
        (DealFilter(stages=("completed",)), 4),
        (DealFilter(min_amount=1e9), 3),
        (DealFilter(since="2026-03", until="2026-03"), 2),
        (DealFilter(kinds=("licence",)), 0),
    ],
)
def test_filters_are_those_of_the_list(network: Network, wanted: DealFilter, count: int) -> None:
    assert len(network.view(wanted).found) == count


def test_what_cannot_be_told_is_said_and_a_bad_date_refused(network: Network) -> None:
    assert network.view(DealFilter(min_amount=1e9)).left_out
    with pytest.raises(QuestionError, match="is no date"):
        network.view(DealFilter(since="soon"))


def test_an_import_shows_at_once_and_a_removed_issue_is_gone(graph: Graph, network: Network) -> None:
    assert len(network.view().found) == 8
    graph.put(material.crowd(5))
    assert len(network.view().found) == 13
    graph.remove("ledger-33333333")
    assert len(network.view().found) == 5


def test_parties_come_with_names_the_busiest_first(network: Network) -> None:
    assert [name for _, name in network.parties()][:2] == ["Quillmark", "Tinroof Cloud"]
    assert len(network.parties()) == 6


class Counting:
    """A store that counts what is asked of it."""

    def __init__(self, store: Any) -> None:
        self.store, self.calls = store, 0

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.store, name)
        if name not in ("get", "rows", "match", "names", "neighbourhood", "path", "count"):
            return method

        def counted(*args: Any, **options: Any) -> Any:
            self.calls += 1
            return method(*args, **options)

        return counted


def test_a_view_takes_few_reads_whatever_its_size_and_none_again(graph: Graph) -> None:
    graph.put(material.crowd(400))
    store = Counting(graph.store)
    network = Network(store, graph.schema)
    assert len(network.view(most=400).links) >= 400
    first = store.calls
    assert first <= 6
    network.view(most=400)
    assert store.calls == first


def test_the_deals_of_an_answers_rows_are_found(graph: Graph, network: Network) -> None:
    from kg.ask import ask

    rows = ask("who invested in Quillmark?", graph.store, graph.schema, graph.reference).to_json()["rows"]
    (deal,) = deals_of(graph.store, rows)
    assert {p.entity_id for p in next(d for d in network.view().found if d.id == deal).parties} == {
        "org/quillmark", "org/northgate", "org/harbourfund",
    }  # fmt: skip
    assert deals_of(graph.store, []) == ()


def test_every_kind_of_the_ontology_has_a_look_of_its_own_and_others_a_plain_one() -> None:
    kinds = {relation.deal.kind for relation in schema.load().relations.values() if relation.deal}
    assert kinds == set(looks())
    assert len({look(kind).colour for kind in kinds}) == len(kinds)
    assert look("joint_venture").label == "Joint venture"
