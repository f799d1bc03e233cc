"""Circulation: legs of money, loops and their stress test, streams, paths and central firms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg import reference, schema
from kg.circulation import Circulation, central, streams, ways_json
from kg.cycles import Cycle, as_json, cycles, notes
from kg.errors import QuestionError
from kg.flows import Flows, Leg, Money
from kg.graph import Graph
from kg.model import Amount, Extract, Issue
from kg.store.sqlite import SQLiteStore
from tests.app import network_material as material
from tests.app.web_material import entity, statement

A, B, C, D, E, F = (f"org/{x}" for x in "abcdef")


def leg(source: str, target: str, low: float | None = 1e9, high: float | None = 1e9, **about: Any) -> Leg:
    amount = None if low is None and high is None else Amount(low=low, high=high)
    said = {"flow": "equity", "stage": "announced", "date": "2026-01", "deal_id": f"d{source[4:]}{target[4:]}", **about}
    return Leg(source, target, amount=amount, sentence="It is said.", **said)


def money(*legs: Leg, **firms: str) -> Money:
    ids = {id for each in legs for id in (each.source, each.target)}
    parts = {f"org/{part}": f"org/{firm}" for part, firm in firms.items()}
    return Money(legs, {id: id[4:].upper() for id in ids}, {id: parts.get(id, id) for id in ids})


def found(*legs: Leg, **options: Any) -> list[Cycle]:
    return list(cycles(money(*legs), **options).cycles)


def test_money_that_comes_back_is_a_loop_of_two_to_five_firms() -> None:
    ring = [leg(A, B), leg(B, C), leg(C, D), leg(D, E), leg(E, A)]
    assert [c.parties for c in found(*ring)] == [(A, B, C, D, E)]
    assert found(*ring, most_parties=4) == []
    assert found(*ring[:4], leg(E, F), leg(F, A)) == []  # six firms
    assert [c.parties for c in found(leg(A, B), leg(B, A, flow="compute"))] == [(A, B)]
    assert found(leg(A, B), leg(B, C)) == []


def test_one_contract_told_in_both_directions_is_no_loop() -> None:
    assert found(leg(A, B, flow="compute"), leg(B, A, flow="compute")) == []
    assert found(leg(A, B, None, None, flow="licence"), leg(B, A, flow="licence")) == []
    assert len(found(leg(A, B, flow="compute"), leg(B, A, 2e9, 2e9, flow="compute"))) == 1


def test_a_person_is_no_firm_of_a_loop() -> None:
    assert found(leg("person/x", B), leg(B, "person/x", flow="debt")) == []


@pytest.mark.parametrize(
    ("first", "second", "completed", "low", "window"),
    [
        ({"stage": "completed"}, {"stage": "completed"}, True, True, True),
        ({}, {"stage": "completed"}, False, True, True),
        ({"low": None, "high": 5e9}, {}, False, False, True),  # "up to" is never cash
        ({"low": None, "high": 5e9, "paid": 1e9}, {}, False, True, True),  # but for what is paid now
        ({"low": None, "high": 5e9, "paid": 1e9, "stage": "planned"}, {}, False, False, True),
        ({"stage": "in_talks"}, {}, False, False, True),
        ({"low": None, "high": None}, {}, False, False, True),
        ({"certain": False, "stage": "completed"}, {"stage": "completed"}, False, False, True),
        ({"date": "2023-01"}, {"date": "2026-01"}, False, True, False),
        ({"date": None}, {}, False, True, None),
    ],
)
def test_the_stress_test_says_what_a_loop_survives(
    first: dict[str, Any], second: dict[str, Any], completed: bool, low: bool, window: bool | None
) -> None:
    (cycle,) = found(leg(A, B, **first), leg(B, A, flow="compute", **second))
    assert (cycle.completed_only, cycle.low_amounts, cycle.window) == (completed, low, window)


def test_the_weakest_leg_is_the_promise() -> None:
    (cycle,) = found(leg(A, B, None, 25e9), leg(B, A, 100e9, None, flow="compute"))
    assert (cycle.weakest.source, cycle.weakest.promise) == (A, True)


def test_a_parallel_deal_carries_the_loop_where_the_shown_one_does_not() -> None:
    old = leg(A, B, 8e9, 8e9, stage="completed", date="2024-05", deal_id="dold")
    new = leg(A, B, None, 25e9, date="2026-04", deal_id="dnew")
    (cycle,) = found(old, new, leg(B, A, flow="compute", stage="completed", date="2026-04"))
    assert cycle.completed_only
    assert [other.deal_id for other in cycle.others] == ["dnew"]
    assert cycle.legs[0].deal_id == "dold"
    (narrow,) = found(old, new, leg(B, A, flow="compute", date="2026-04"), months=1)
    assert narrow.window  # by the new deal


def test_a_part_counts_as_its_firm_and_the_loop_says_so() -> None:
    some = money(leg(A, B), leg(B, C, flow="compute"), c="a")
    (cycle,) = cycles(some).cycles
    assert [(x.source, x.target, x.background) for x in cycle.legs] == [(A, B, False), (B, C, False), (C, A, True)]
    assert notes(some, [cycle]) == ["C counted as A (background)"]
    assert cycles(money(leg(A, B), leg(B, C, flow="compute"))).cycles == ()
    data = as_json(some, cycles(some))
    assert data["cycles"][0]["legs"][2]["deal_id"] is None
    assert data["cycles"][0]["survives"] == {"completed_only": False, "low_amounts": True, "window": True}
    assert set(data["cycles"][0]) >= {"parties", "legs", "survives", "weakest"}


def test_the_loops_with_the_most_money_in_their_least_leg_come_first() -> None:
    small = [leg(A, B, 5e9, 5e9), leg(B, A, 1e6, 1e6, flow="compute")]
    large = [leg(C, D, 2e9, 2e9), leg(D, C, 3e9, 3e9, flow="compute")]
    assert [c.parties[0] for c in found(*small, *large)] == [C, A]
    assert [c.parties[0] for c in found(*small, *large, through=[B])] == [A]


def test_streams_add_up_by_firms_and_kind_and_never_across_currencies() -> None:
    euros = Leg(A, B, "de", "equity", "completed", Amount(low=5e6, high=5e6, currency="EUR"), "2026-01")
    rows = streams(money(leg(A, B, deal_id="d1"), leg(A, B, None, 2e9, deal_id="d2"), euros, leg(A, B, flow="debt")))
    assert [(s.flow, dict(s.total)) for s in rows] == [
        ("equity", {"EUR": (5e6, 5e6), "USD": (1e9, 3e9)}),
        ("debt", {"USD": (1e9, 1e9)}),
    ]
    assert streams(money(leg(A, B)), flows=["licence"]) == []
    assert streams(money(leg(A, B), leg(C, D)), of=[D])[0].source == C


def test_central_firms_by_named_measures() -> None:
    star = money(leg(A, B), leg(A, C), leg(A, D), leg(D, E, 7e9, 7e9))
    assert central(star, "partners")[0].value == 3
    assert central(star, "betweenness")[0].id == A
    assert (central(star, "paid")[0].id, central(star, "received")[0].id) == (D, E)
    assert central(money(), "partners") == []
    with pytest.raises(QuestionError, match="there is partners"):
        central(star, "fame")


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[Graph]:
    store = SQLiteStore(tmp_path / "money.db")
    made = Graph(store, schema.load(), reference.load())
    made.put(material.ledger())
    yield made
    store.close()


def flows(graph: Graph) -> Flows:
    return Flows(graph.store, graph.schema, graph.reference)


def test_legs_are_read_from_deals_with_what_the_pair_gives(graph: Graph) -> None:
    got = flows(graph).money()
    legs = {(got.name(x.source), got.name(x.target), x.flow, x.low, x.high) for x in got.legs}
    assert legs == {
        ("Northgate", "Quillmark", "equity", 0, 0),  # one of two investors: its share is not told
        ("Harbour Fund", "Quillmark", "equity", 3e8, 3e8),
        ("Quillmark", "Tinroof Cloud", "compute", 12e9, 12e9),
        ("Quillmark", "Tinroof Cloud", "compute", 3e9, 3e9),
        ("Harbour Fund", "Ostrava Labs", "equity", 0, 9e7),
        ("Northgate", "Tinroof Cloud", "debt", 5e8, 5e8),
    }  # neither the purchase, which pays the owners, nor the partnership
    assert all(x.sentence for x in got.legs)


def test_paths_pass_deals_of_every_kind(graph: Graph) -> None:
    circulation = Circulation(graph.store, graph.schema, graph.reference)
    ways = circulation.paths("org/northgate", "org/ostravalabs")
    told = [[ways.names[s.target] for s in way] for way in ways.paths]
    assert told[0] == ["Tinroof Cloud", "Ostrava Labs"]
    assert ["Quillmark", "Harbour Fund", "Ostrava Labs"] in told
    assert ways_json(ways)["paths"][0][0]["deals"][0]["kind"] == "debt"
    assert circulation.paths("org/northgate", "org/nobody").paths == ()
    with pytest.raises(QuestionError, match="two different names"):
        circulation.paths("org/northgate", "org/northgate")


def test_a_called_off_deal_carries_no_money(graph: Graph) -> None:
    text = (
        "Quillmark called off its $12 billion contract with Tinroof Cloud. Tinroof Cloud put $1 billion into Quillmark."
    )
    first, second = text[: text.index("Tinroof Cloud put") - 1], text[text.index("Tinroof Cloud put") :]
    over = material.money(12e9)
    graph.put(
        Extract(
            issue=Issue(key="later-1", doc_id="later", text=text, published="2026-05-01"),
            entities=(entity(text, "Quillmark"), entity(text, "Tinroof Cloud")),
            statements=(
                statement(text, "Quillmark", "commits_spend", "Tinroof Cloud", first, amount=over, status="cancelled"),
                statement(text, "Tinroof Cloud", "invested_in", "Quillmark", second, amount=material.money(1e9)),
            ),
            reader="hand",
        )
    )
    (cycle,) = cycles(flows(graph).money()).cycles
    assert {leg.high for leg in cycle.legs} == {3e9, 1e9}
