"""The Deal network page in Streamlit's own test runner: messages, addresses, tables, and texts that stay texts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from lxml import html as lxml_html
from streamlit.testing.v1 import AppTest

from app.web.network import deal_rows
from app.web.network.drawn import drawn, scaled
from app.web.network.wish import Wish, amount
from kg import reference, schema
from kg.deal_list import DealFilter
from kg.errors import QuestionError
from kg.graph import Graph
from kg.model import Deal, Party
from kg.network import Network
from kg.store.sqlite import SQLiteStore
from tests.app import network_material as network
from tests.app import web_material as material

MAIN = Path(__file__).resolve().parents[2] / "app" / "web" / "main.py"
Open = Callable[..., AppTest]


@pytest.fixture
def open_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Return a function that fills a store and opens the page on it with an address."""

    def opened(*extracts: Any, store: str | None = None, **address: Any) -> AppTest:
        path = tmp_path / "page.db"
        if store is None:
            material.filled(path, *extracts)
        monkeypatch.setenv("KG_STORE", store or f"sqlite:///{path}")
        at = AppTest.from_file(str(MAIN), default_timeout=300).run().switch_page("views/network.py")
        for name, value in address.items():
            at.query_params[name] = value
        return at.run()

    yield opened
    st.cache_resource.clear()


def shown(at: AppTest, css: str = "") -> list[str]:
    """Return the texts of the page's elements that have this class, as a person sees them."""
    assert not at.exception, at.exception
    bodies = [str(e.proto.body) for e in at.get("html") if not e.proto.body.startswith("<style>")]
    page = lxml_html.fromstring("<main>" + "".join(bodies) + "</main>")
    return [e.text_content() for e in page.xpath(f"//*[contains(concat(' ', @class, ' '), ' {css} ')]")]


@pytest.mark.parametrize(
    ("address", "css", "said"),
    [
        ({}, "kg-head", "8 deals shown"),
        ({"number": "100", "kind": "supply"}, "kg-head", "2 deals shown"),
        ({"kind": "licence"}, "kg-info", "No deal fits"),
        ({"min": "a lot"}, "kg-error", "'a lot' is no amount"),
        ({"since": "soon"}, "kg-error", "'soon' is no date"),
        ({"chosen": "org/quillmark"}, "kg-chosen", "Quillmark"),
        ({"chosen": "org/gone"}, "kg-small", "no longer in the store"),
        ({"chosen": "d0000"}, "kg-small", "no longer there"),
        ({"around": "org/bluefern"}, "kg-head", "only the neighbourhood of Bluefern"),
        ({"number": "many", "depth": "9", "sure": "x", "nonsense": "<b>"}, "kg-head", "8 deals shown"),
    ],
)
def test_an_address_is_drawn_and_what_cannot_be_is_said(
    open_page: Open, address: dict[str, str], css: str, said: str
) -> None:
    at = open_page(network.ledger(), **address)
    assert any(said in text for text in shown(at, css)), shown(at, css)


def test_an_empty_store_says_how_to_fill_it(open_page: Open) -> None:
    assert any("Nothing has been read yet" in text for text in shown(open_page(), "kg-info"))


def test_a_store_without_deals_says_so(open_page: Open) -> None:
    letter = material.grid_letter()
    letter = letter.model_copy(update={"statements": letter.statements[-1:]})
    assert any("No deals yet" in text for text in shown(open_page(letter), "kg-info"))


def test_a_store_out_of_reach_is_told(open_page: Open, tmp_path: Path) -> None:
    (tmp_path / "words.db").write_text("no database, just words " * 100)
    at = open_page(store=f"sqlite:///{tmp_path / 'words.db'}")
    assert any("is not a store" in text for text in shown(at, "kg-error"))


def test_not_this_takes_a_deal_out_of_the_network_and_undo_brings_it_back(open_page: Open) -> None:
    at = open_page(network.ledger(), kind="acquisition")
    deal = next(d for d in network_of(at).view(DealFilter(kinds=("acquisition",))).found)
    at.query_params["chosen"] = deal.id
    at.run()
    next(b for b in at.button if b.key and b.key.startswith("not-network-statements-")).click().run()
    assert any("No deal fits" in text for text in shown(at, "kg-info"))
    assert any("Set aside: Quillmark acquired Bluefern" in text for text in shown(at, "kg-small"))
    at.button(key="back-last").click().run()
    assert any("1 deal shown" in text for text in shown(at, "kg-head"))


def network_of(at: AppTest) -> Network:
    import os

    path = os.environ["KG_STORE"].removeprefix("sqlite:///")
    return Network(SQLiteStore(Path(path)), schema.load())


def test_typed_filters_go_into_the_address_and_clear_all_takes_them_out(open_page: Open) -> None:
    at = open_page(network.ledger())
    at.text_input(key="network-min").set_value("1 billion").run()
    assert at.query_params["min"] in ("1 billion", ["1 billion"])
    assert any("3 deals shown" in text for text in shown(at, "kg-head"))
    at.multiselect(key="network-stage").set_value(["completed"]).run()
    assert any("2 deals shown" in text for text in shown(at, "kg-head"))
    at.button(key="network-reset").click().run()
    assert dict(at.query_params) == {}
    assert at.text_input(key="network-min").value == ""


@pytest.mark.parametrize(
    ("words", "figure"),
    [
        ("500m", 5e8),
        ("$1.5 billion", 1.5e9),
        ("2,000,000", 2e6),
        ("3bn", 3e9),
        (" 1T ", 1e12),
        ("40k", 4e4),
        ("", None),
    ],
)
def test_amounts_are_read_as_people_write_them(words: str, figure: float | None) -> None:
    assert amount(words, "at least") == figure


@pytest.mark.parametrize("words", ["a lot", "5 x", "-3", "1e9", "$", "<b>"])
def test_what_is_no_amount_is_refused(words: str) -> None:
    with pytest.raises(QuestionError, match="is no amount"):
        amount(words, "at least")


def test_a_wish_comes_back_from_its_address() -> None:
    wish = Wish(
        party=("org/a", "org/b"), kind=("debt",), stage=("completed",), min="1b", max="2b", currency="EUR",
        since="2026", until="2026-Q2", sure=True,
        number=1000, around=("org/a",), depth=2, open=("org/c",), only=("d1",),
        chosen=("d1", "org/a"),
    )  # fmt: skip
    assert Wish.of_query(wish.to_query()) == wish
    assert Wish().to_query() == {}
    assert Wish.of_query({"number": ["99999999"], "chosen": ["x" * 900, ""], "party": ["p"] * 500}) == Wish(
        chosen=("x" * 300,), party=("p",)
    )


def deal(**more: Any) -> Deal:
    parties = (Party(entity_id="org/a", role="buyer"), Party(entity_id="org/b", role="target"))
    return Deal(id="d1", kind="acquisition", stage="announced", parties=parties, statement_ids=("s1",), **more)


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+4", "'+4"),
        ("-4", "'-4"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("  =1", "'  =1"),
        ('Quote "x", comma', 'Quote "x", comma'),
        ("two\nlines", "two\nlines"),
        ("日本", "日本"),
    ],
)
def test_no_cell_of_the_csv_is_a_formula(name: str, cell: str) -> None:
    made = deal_rows.as_csv([deal(amount=network.money(5e8))], {"org/a": name, "org/b": "B"}, schema.load())
    assert made.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(made.decode("utf-8-sig"), newline=""))
    assert row["from"] == cell
    assert (row["to"], row["amount"], row["amount_high"], row["status"]) == (
        "B",
        "$500 million",
        "500000000",
        "announced",
    )


def test_the_drawing_has_sizes_colours_and_words_for_all(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "drawn.db")
    graph = Graph(store, schema.load(), reference.load())
    graph.put(network.ledger())
    graph.put(material.hostile_letter())
    view = Network(store, graph.schema).view()
    made = drawn(view, graph.schema)
    store.close()
    words = {link["words"]: link for link in made["links"]}
    large = words["Quillmark → Tinroof Cloud · Supply contract · $12 billion · announced · 2026-02-01"]
    small = words["Quillmark → Tinroof Cloud · Supply contract · $3 billion · completed · 2026-03"]
    assert large["width"] > small["width"]
    assert (large["closed"], small["closed"]) == (False, True)
    assert any(w.startswith("Northgate → Quillmark · Funding round · $2 billion in all") for w in words)
    assert any(w.startswith("Ostrava Labs – Tinroof Cloud · Partnership") for w in words) or any(
        w.startswith("Tinroof Cloud – Ostrava Labs · Partnership") for w in words
    )
    assert {node["name"] for node in made["nodes"]} >= {material.HOSTILE_NAME, *network.NAMES}
    assert [kind["label"] for kind in made["kinds"]] == [
        "Funding round", "Acquisition", "Supply contract", "Debt", "Partnership",
    ]  # fmt: skip
    assert made["currency"] == "USD"


@pytest.mark.parametrize(("value", "size"), [(None, 1.0), (0, 1.0), (1e6, 1.0), (1e9, 6.0), (1e11, 11.0), (1e15, 11.0)])
def test_sizes_stay_within_bounds(value: float | None, size: float) -> None:
    assert scaled(value, 1.0, 11.0) == pytest.approx(size, abs=0.01)
