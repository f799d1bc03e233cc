"""The Money page in Streamlit's own test runner: loops, flows, central firms, paths, and texts that stay texts."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.web.money import flows, loops, sankey
from app.web.money.wish import MoneyWish
from kg import reference, schema
from kg.circulation import streams
from kg.cycles import cycles
from kg.flows import Flows, Money
from kg.graph import Graph
from kg.model import Extract
from kg.names import entity_id
from kg.store.sqlite import SQLiteStore
from tests.app import money_material as material
from tests.app import network_material, web_material
from tests.app import opened as pages
from tests.app.opened import Open, shown, to_network

open_page = pages.open_page  # the fixture that the next one needs


@pytest.fixture
def opened(open_page: Open) -> Open:
    """Return a function that fills a store and opens the page (or another `view`) on it with an address."""
    return partial(open_page, view="money")


def table(at: AppTest) -> list[dict[str, Any]]:
    """Return the rows of the page's table."""
    (found,) = at.dataframe
    rows: list[dict[str, Any]] = json.loads(found.value.to_json(orient="records"))
    return rows


def money_of(tmp_path: Path, *extracts: Extract) -> Money:
    store = SQLiteStore(tmp_path / "own.db")
    graph = Graph(store, schema.load(), reference.load())
    for extract in extracts:
        graph.put(extract)
    made = Flows(store, graph.schema, graph.reference).money()
    store.close()
    return made


def test_loops_are_listed_with_their_money_and_what_holds(opened: Open) -> None:
    rows = table(opened(material.circle()))
    assert [row["Firms"] for row in rows] == [
        "Ostrava Labs → Tinroof Cloud → Quillmark → Ostrava Labs",
        f"{web_material.HOSTILE_NAME} → Bluefern → {web_material.HOSTILE_NAME}",
        "Amazon → Orbo Labs → Amazon",
    ]
    first, _, third = rows
    assert first == {
        "Firms": first["Firms"], "Least, confirmed": 1e9, "Least, with promises": 1e9, "Completed deals only": "no",
        "Confirmed money only": "yes", "Within 24 months": "yes",
        "Weakest leg": "Quillmark → Ostrava Labs: debt · $1 billion · completed · 2026-01-15",
    }  # fmt: skip
    assert (third["Least, confirmed"], third["Least, with promises"]) == (None, 25e9)


@pytest.mark.parametrize(
    ("address", "firms"),
    [
        ({"parties": "2"}, ["Bluefern", "Orbo Labs"]),
        ({"through": "org/quillmark"}, ["Tinroof Cloud"]),
        ({"through": "org/aws"}, ["Orbo Labs"]),
        ({"through": "org/gone"}, []),
        ({"certain": "1"}, ["Tinroof Cloud", "Bluefern", "Orbo Labs"]),
        ({"parties": "9", "months": "many", "show": "<b>", "by": "x"}, ["Tinroof Cloud", "Bluefern", "Orbo Labs"]),
    ],
)
def test_an_address_narrows_the_loops(opened: Open, address: dict[str, str], firms: list[str]) -> None:
    at = opened(material.circle(), **address)
    if not firms:
        assert any("No loop" in text for text in shown(at, "kg-info"))
        return
    rows = table(at)
    assert len(rows) == len(firms)
    assert all(firm in row["Firms"] for firm, row in zip(firms, rows, strict=True))


def test_the_window_is_tested_with_the_months_of_the_address(opened: Open) -> None:
    at = opened(material.circle(), months="0", parties="3")
    assert table(at)[0]["Within 0 months"] == "no"
    at.number_input(key="money-months").set_value(6).run()
    assert at.query_params["months"] in ("6", ["6"])
    assert table(at)[0]["Within 6 months"] == "yes"
    at.number_input(key="money-parties").set_value(2).run()
    assert at.query_params["parties"] in ("2", ["2"])
    assert len(table(at)) == 2


def test_a_chosen_loop_shows_its_legs_in_order_each_with_its_sentence(opened: Open) -> None:
    at = opened(material.circle(), loop=list(material.THREE))
    legs = shown(at, "kg-leg")
    assert [leg.partition("  ")[0].split("compute")[0].split("equity")[0].split("debt")[0] for leg in legs] == [
        "Ostrava Labs → Tinroof Cloud",
        "Tinroof Cloud → Quillmark",
        "Quillmark → Ostrava Labs",
    ]
    assert "compute · $12 billion · announced · 2026-02-01" in legs[0]
    assert ["weakest" in leg for leg in legs] == [False, False, True]
    assert shown(at, "kg-claim") == [material.SPENDS, material.STAKE, material.LOAN]
    assert any("Further deals along the same legs (1)" in text for text in shown(at, "kg-section"))
    assert any("up to $2 billion · planned" in text and "a promise" in text for text in shown(at, "kg-kinds"))
    assert at.session_state["money-table-loop"]["selection"]["rows"] == [0]


def test_a_part_of_a_firm_is_named_as_background(opened: Open) -> None:
    at = opened(material.circle(), loop=["org/amazon", "org/orbolabs"])
    legs = shown(at, "kg-leg")
    assert legs[2] == "AWS → AmazonAWS counted as Amazon (background)"
    assert "confirmed nothing, with promises $25 billion" in legs[0]
    assert "a promise" in legs[0]
    assert shown(at, "kg-claim") == [material.GAVE, material.CLOUD]


def test_a_loop_that_is_not_listed_is_said_to_be_none_of_these(opened: Open) -> None:
    at = opened(material.circle(), loop=["org/gone", "org/quillmark"])
    assert any("is not among these" in text for text in shown(at, "kg-small"))
    at = opened(material.circle(), loop=list(material.THREE), parties="2")
    assert any("is not among these" in text for text in shown(at, "kg-small"))


def test_the_network_opens_with_the_loop_s_deals_alone_and_lit(opened: Open) -> None:
    at = opened(material.circle(), loop=list(material.THREE))
    to_network(at)
    only = at.query_params["only"]
    assert len(set(only)) == 3
    assert at.query_params["chosen"] == only
    assert any("3 deals shown" in text for text in shown(at, "kg-head"))
    assert {material.SPENDS, material.STAKE, material.LOAN} <= set(shown(at, "kg-claim"))


def test_not_this_breaks_a_loop_and_undo_mends_it(opened: Open) -> None:
    at = opened(material.circle(), loop=list(material.THREE))
    next(b for b in at.button if b.key and b.key.startswith("not-money-statements-1")).click().run()
    assert len(table(at)) == 2
    assert any("Set aside: Tinroof Cloud invested in Quillmark" in text for text in shown(at, "kg-small"))
    at.button(key="back-last").click().run()
    assert len(table(at)) == 3
    assert len(shown(at, "kg-leg")) == 3


@pytest.mark.parametrize(
    ("address", "said", "drawn"),
    [
        ({}, "7 flows shown · 2 without an amount in USD not drawn", 7),
        ({"confirmed": "1"}, "6 flows shown · 3 without a confirmed amount in USD not drawn", 6),
        ({"currency": "EUR"}, "1 flow shown · 8 without an amount in EUR not drawn", 1),
        ({"currency": "CHF"}, "0 flows shown · 9 without an amount in CHF not drawn", 0),
    ],
)
def test_flows_are_drawn_in_one_currency_and_the_others_counted(
    opened: Open, address: dict[str, str], said: str, drawn: int
) -> None:
    at = opened(material.circle(), show="flows", **address)
    assert any(said in text for text in shown(at, "kg-small"))
    charts = at.get("plotly_chart")
    assert len(charts) == bool(drawn)
    if drawn:
        link = json.loads(charts[0].proto.spec)["data"][0]["link"]
        assert len(link["source"]) == len(table(at)) == drawn


def test_a_chosen_flow_shows_its_deals_and_sentences(opened: Open) -> None:
    at = opened(material.circle(), show="flows", flow=["org/quillmark", "org/ostravalabs", "debt"])
    assert shown(at, "kg-chosen") == ["Quillmark → Ostrava Labs: debt"]
    assert shown(at, "kg-claim") == [material.MORE, material.LOAN]
    (row,) = at.session_state["money-table-flow"]["selection"]["rows"]
    assert (table(at)[row]["From"], table(at)[row]["Confirmed"], table(at)[row]["With promises"]) == (
        "Quillmark", 1e9, 3e9,
    )  # fmt: skip
    assert any("no longer there" in t for t in shown(opened(material.circle(), show="flows", flow="x"), "kg-small"))


def test_of_many_flows_the_largest_are_drawn_and_the_cut_is_said(tmp_path: Path) -> None:
    own = money_of(tmp_path, network_material.crowd(300))
    found = streams(own)
    made = sankey.cut(found, "USD", 40)
    assert len(made.flows) == 40 < made.there
    assert made.there + made.without == len(found)
    values = [value for _, value in made.flows]
    assert values == sorted(values, reverse=True)
    assert flows.said(made, MoneyWish())[0] == f"40 of {made.there} flows shown, the largest"
    less = sankey.cut(found, "USD", 1000, confirmed=True)
    assert less.there < made.there
    assert all(value == stream.total["USD"][0] for stream, value in less.flows)


def test_the_diagram_has_the_colours_of_the_kinds_and_draws_circles(tmp_path: Path) -> None:
    own = money_of(tmp_path, material.circle())
    made = sankey.cut(streams(own), "USD", 40)
    data = json.loads(sankey.figure(own, made, "USD").to_json())["data"][0]
    label, link = data["node"]["label"], data["link"]
    pairs = {(label[a], label[b]): n for n, (a, b) in enumerate(zip(link["source"], link["target"], strict=True))}
    loan, spend = pairs["Quillmark", "Ostrava Labs"], pairs["Ostrava Labs", "Tinroof Cloud"]
    assert link["value"][loan] == 3e9
    assert link["color"][loan] == "rgba(138, 99, 210, 0.55)"
    assert link["color"][spend] == "rgba(224, 135, 26, 0.55)"
    assert ("Tinroof Cloud", "Quillmark") in pairs
    assert "Quillmark → Ostrava Labs: debt, $3 billion (2 deals)" in link["customdata"]
    assert data["arrangement"] == "snap"


def test_hostile_names_are_text_in_tables_labels_and_on_the_page(opened: Open, tmp_path: Path) -> None:
    name = web_material.HOSTILE_NAME
    at = opened(material.circle(), loop=[entity_id(name, "company"), "org/bluefern"])
    assert shown(at, "kg-leg")[0].startswith(f"{name} → Bluefernequity · $4 million")
    assert shown(at, "kg-claim") == [material.HOSTILE_IN, material.HOSTILE_OUT]
    hostile = next(row for row in table(at) if "Bluefern" in row["Firms"])
    assert hostile["Firms"] == f"{name} → Bluefern → {name}"
    own = money_of(tmp_path, material.circle())
    data = sankey.figure(own, sankey.cut(streams(own), "USD", 40), "USD").to_json()
    assert "<img" not in data.replace("\\u003c", "<")
    assert "&lt;img" in data.replace("\\u0026", "&")


@pytest.mark.parametrize(
    ("words", "escaped"),
    [
        ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
        ("A & B", "A &amp; B"),
        ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
        ("two\nlines", "two lines"),
        ("<a href='javascript:1'>x</a>", "&lt;a href='javascript:1'&gt;x&lt;/a&gt;"),
        ("left\u202eright\x07", "leftright\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_labels_of_the_diagram_are_escaped(words: str, escaped: str) -> None:
    assert sankey.plain(words) == escaped


@pytest.mark.parametrize(
    ("by", "first", "value"),
    [("partners", "Quillmark", 3), ("paid", "Orbo Labs", 100e9), ("received", "Amazon", 100e9)],
)
def test_central_firms_by_each_measure(opened: Open, by: str, first: str, value: float) -> None:
    at = opened(material.circle(), show="central", by=by)
    row = table(at)[0]
    assert row["Firm"] == first
    assert next(v for k, v in row.items() if k != "Firm") == value
    assert any("AWS counted as Amazon (background)" in text for text in shown(at, "kg-small"))


def test_paths_between_two_firms_name_deals_and_background(opened: Open) -> None:
    at = opened(material.circle(), show="paths", between=["org/northgate", "org/quillmark"])
    assert shown(at, "kg-chosen")[0] == "1. Northgate – Tinroof Cloud – Quillmark"
    assert any("€500 million" in text for text in shown(at, "kg-kinds"))
    at = opened(material.circle(), show="paths", between=["org/aws", "org/amazon"])
    assert shown(at, "kg-chosen")[0] == "1. AWS – Amazon"
    assert "AWS counted as Amazon (background)" in shown(at, "kg-small")
    at = opened(material.circle(), show="paths", between=["org/northgate", "org/amazon"])
    assert any("No way" in text for text in shown(at, "kg-info"))
    at = opened(material.circle(), show="paths", between=["org/northgate", "org/gone"])
    assert any("No way" in text for text in shown(at, "kg-info"))


def test_an_empty_store_and_one_without_money_say_so(opened: Open) -> None:
    assert any("Nothing has been read yet" in text for text in shown(opened(), "kg-info"))
    letter = web_material.grid_letter()
    letter = letter.model_copy(update={"statements": letter.statements[-1:]})
    assert any("No money flows yet" in text for text in shown(opened(letter), "kg-info"))


@pytest.mark.parametrize("view", ["money", "deal"])
def test_a_store_out_of_reach_is_told(opened: Open, tmp_path: Path, view: str) -> None:
    (tmp_path / "words.db").write_text("no database, just words " * 100)
    at = opened(store=f"sqlite:///{tmp_path / 'words.db'}", view=view)
    assert any("is not a store" in text for text in shown(at, "kg-error"))


def test_a_wish_comes_back_from_its_address() -> None:
    wish = MoneyWish(
        show="flows", certain=True, through=("org/a", "org/b"), parties=3, months=6, loop=("org/a", "org/b"),
        currency="EUR", confirmed=True, number=80, flow=("org/a", "org/b", "debt"), by="paid",
        between=("org/a", "org/c"),
    )  # fmt: skip
    assert MoneyWish.of_query(wish.to_query()) == wish
    assert MoneyWish().to_query() == {}
    assert MoneyWish.of_query({"parties": ["1"], "months": ["99999"], "loop": ["x" * 900]}) == MoneyWish(
        parties=2, months=240, loop=("x" * 300,)
    )


def test_a_loop_s_currency_is_named_where_it_is_not_dollars(tmp_path: Path) -> None:
    letter = material.circle()
    euro = [
        s.model_copy(update={"attrs": s.attrs.model_copy(update={"amount": network_material.money(7e8, "EUR")})})
        if s.subject == "Quillmark" and s.attrs.status == "completed" else s
        for s in letter.statements
    ]  # fmt: skip
    own = money_of(tmp_path, letter.model_copy(update={"statements": tuple(euro)}))
    made = loops.columns(own, cycles(own, through=["org/quillmark"]).cycles, 24)
    assert made["Currency"] == ["EUR"]
