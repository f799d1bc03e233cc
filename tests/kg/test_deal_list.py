"""Lists of deals: which fit a filter, which cannot be told to, in which order; the story of one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.deal_list import DealFilter, Deals, listed, sides
from kg.errors import QuestionError
from kg.graph import Graph
from kg.model import Deal
from kg.store.base import Row, Store
from tests.kg.graph_parts import SCHEMA, extract, graph, issue, money, sentence

APRIL = extract(
    issue("april", "a" * 200, "2026-04-21", title="April"),
    ("Amazon", "invested_in", "Anthropic", {"amount": money(None, 25e9, "up_to"), "status": "announced",
                                            "date": "2026-04-20", "evidence": sentence(50, 60)}),
    ("Amazon", "invested_in", "Anthropic", {"amount": money(8e9), "status": "completed", "date": "2025",
                                            "evidence": sentence(70, 80)}),
    ("Anthropic", "commits_spend", "Amazon", {"amount": money(100e9, None, "at_least"), "term": "10 years"}),
    ("Northwind", "acquired", "Metra", {"amount": money(3e8, currency="EUR"), "date": "2026"}),
    ("Northwind", "partnered_with", "Zeta", {"status": "in_talks"}),
    ("Zeta", "raised", "Zeta", {"amount": money(5e8), "round": "Series A", "confidence": 0.4,
                                "evidence": sentence(90, 99)}),
)  # fmt: skip
MAY = extract(
    issue("may", "m", "2026-05-02", title="May"),
    ("Amazon", "invested_in", "Anthropic", {"amount": money(None, 25e9, "up_to"), "status": "closed"}),
)
UNDATED = extract(issue("undated", "u", None), ("Metra", "lent_to", "Zeta", {"amount": money(1e9)}))
NAMES = {  # by what tests call them: kind and amount
    ("equity_round", 25e9): "put", ("equity_round", 8e9): "paid", ("supply", 100e9): "spend", ("debt", 1e9): "loan",
    ("acquisition", 3e8): "bought", ("partnership", -1): "talks", ("equity_round", 5e8): "raised",
}  # fmt: skip


@pytest.fixture(scope="module")
def g(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    made = graph(tmp_path_factory.mktemp("deals") / "kg.db", trust={"raised": 0.9})
    for x in (APRIL, MAY, UNDATED):
        made.put(x)
    yield made
    made.store.close()


def called(deal: Deal) -> str:
    figure = -1 if deal.amount is None else deal.amount.high or deal.amount.low or -1
    return NAMES[deal.kind, figure]


ALL = "spend put paid loan raised bought talks"
TOO_COARSE, UNTOLD, EURO = (
    "whose date is too coarse to tell",
    "without a stated amount",
    "in EUR (nothing is converted)",
)
FILTERS: list[tuple[dict[str, Any], str, tuple[str, ...]]] = [
    ({}, ALL, ()),
    ({"parties": ("org/amazon",)}, "spend put paid", ()),
    ({"parties": ("org/amazon", "org/metra")}, "spend put paid loan bought", ()),
    ({"parties": ("org/amazon",), "roles": ("investor",)}, "put paid", ()),
    ({"roles": ("supplier", "lender")}, "spend loan", ()),
    ({"parties": ("org/nobody",)}, "", ()),
    ({"kinds": ("supply", "debt")}, "spend loan", ()),
    ({"stages": ("completed",)}, "put paid", ()),
    ({"stages": ("closed", "in_talks")}, "put paid talks", ()),
    ({"kinds": ("supply",), "stages": ("completed",)}, "", ()),
    ({"min_amount": 1e9}, "spend put paid loan", (f"1 {EURO}", f"1 {UNTOLD}")),
    ({"min_amount": 200e9}, "", (f"1 {EURO}", "1 of open size", f"1 {UNTOLD}")),
    ({"max_amount": 8e9}, "paid loan raised", (f"1 {EURO}", f"1 {UNTOLD}")),
    ({"max_amount": 200e9}, "put paid loan raised", (f"1 {EURO}", "1 of open size", f"1 {UNTOLD}")),
    ({"min_amount": 1e8, "currency": "EUR"}, "bought", ("5 in USD (nothing is converted)", f"1 {UNTOLD}")),
    ({"currency": "EUR", "kinds": ("acquisition",)}, "bought", ()),
    ({"since": "2026-04"}, "spend put raised talks", (f"1 {TOO_COARSE}", "1 without a date")),
    ({"since": "2026-Q2", "until": "2026-04-20"}, "put", (f"1 {TOO_COARSE}", "1 without a date")),
    ({"since": "2026"}, "spend put raised bought talks", ("1 without a date",)),
    ({"until": "2025"}, "paid", ("1 without a date",)),
    ({"until": "2025-06"}, "", (f"1 {TOO_COARSE}", "1 without a date")),
    ({"min_amount": 1e9, "since": "2027"}, "", ("1 without a date",)),
    ({"certain_only": True}, ALL.replace("raised ", ""), ("1 less certain",)),
]


@pytest.mark.parametrize(("wanted", "names", "left_out"), FILTERS)
def test_a_deal_fits_surely_or_is_left_out_and_counted(
    g: Graph, wanted: dict[str, Any], names: str, left_out: tuple[str, ...]
) -> None:
    found = Deals(g.store).find(DealFilter(**wanted))
    assert [called(d) for d in found.deals] == names.split()
    assert found.left_out == left_out


@pytest.mark.parametrize(
    "wanted",
    [{"since": "yesterday"}, {"until": "2026-13"}, {"since": "2026-02-30"}, {"since": "<2026"}, {"since": "2025..2026"},
     {"since": "2026-05", "until": "2026-04"}],
)  # fmt: skip
def test_a_date_that_is_none_is_refused(g: Graph, wanted: dict[str, Any]) -> None:
    with pytest.raises(QuestionError):
        Deals(g.store).find(DealFilter(**wanted))


def test_the_list_has_totals_of_what_is_shown_and_plain_numbers(g: Graph) -> None:
    found = Deals(g.store).find(DealFilter(parties=("org/amazon",)))
    out = listed(found, 2)
    assert (out["shown"], out["of"]) == (2, 3)
    assert out["totals"] == {"USD": {"confirmed": 100_000_000_000, "promised": 125_000_000_000}}
    put = out["deals"][1]
    assert put["amount"] == {"low": None, "high": 25_000_000_000, "currency": "USD", "qualifier": "up_to"}
    assert isinstance(put["amount"]["high"], int)
    assert [(p["name"], p["role"]) for p in put["parties"]] == [("Amazon", "investor"), ("Anthropic", "receiver")]
    assert [(s["stage"], s["date"], s["reported"]) for s in put["steps"]] == [
        ("announced", "2026-04-20", "2026-04-21"), ("completed", None, "2026-05-02"),
    ]  # fmt: skip
    assert listed(Deals(g.store).find(DealFilter(kinds=("licence",))))["totals"] == {}


def test_the_story_is_found_by_the_deal_or_any_of_its_statements(g: Graph) -> None:
    deals = Deals(g.store)
    (put,) = [d for d in deals.find(DealFilter()).deals if called(d) == "put"]
    story = deals.story(put.id)
    assert list(story) == ["deal", "parties", "steps", "statements", "issues"]
    assert [deals.story(s) for s in put.statement_ids] == [story, story]
    assert [(s["id"], s["evidence"][0]["issue"] if s["evidence"] else None) for s in story["statements"]] == [
        (put.statement_ids[0], "april"), (put.statement_ids[1], None),
    ]  # fmt: skip
    assert [(i["key"], i["title"], i["date"]) for i in story["issues"]] == [
        ("april", "April", "2026-04-21"), ("may", "May", "2026-05-02"),
    ]  # fmt: skip
    assert {s["statement_id"] for s in story["steps"]} <= {s["id"] for s in story["statements"]}


@pytest.mark.parametrize("id", ["d0", "", "s0000000000000000", "'; DROP TABLE deal; --"])
def test_an_unknown_deal_is_told(g: Graph, id: str) -> None:
    with pytest.raises(QuestionError):
        Deals(g.store).story(id)


def test_an_empty_store_has_no_deals(tmp_path: Path) -> None:
    empty = graph(tmp_path / "kg.db")
    assert Deals(empty.store).find(DealFilter()).deals == ()
    empty.store.close()


def test_sides_follow_the_money(g: Graph) -> None:
    deals = {called(d): sides(d, SCHEMA) for d in Deals(g.store).find(DealFilter()).deals}
    ids = {name: tuple([p.entity_id for p in side] for side in both) for name, both in deals.items()}
    assert ids["put"] == (["org/amazon"], ["org/anthropic"])
    assert ids["spend"] == (["org/anthropic"], ["org/amazon"])
    assert ids["raised"] == ([], ["org/zeta"])
    assert ids["talks"] == ([], ["org/northwind", "org/zeta"])


class Counting:
    """A store that counts its reads."""

    def __init__(self, store: Store) -> None:
        self.inner, self.reads = store, 0

    def read(self, work: Any) -> Any:
        return work()

    def rows(self, kind: str, /, **equal: Any) -> list[Row]:
        self.reads += 1
        return list(self.inner.rows(kind, **equal))

    def get(self, kind: str, ids: Any) -> list[Row]:
        self.reads += 1
        return self.inner.get(kind, ids)


def test_reads_are_few_however_many_the_deals(tmp_path: Path) -> None:
    many = graph(tmp_path / "kg.db")
    facts = [(f"Buyer {n}", "acquired", f"Target {n}", {"amount": money(n + 1.0)}) for n in range(300)]
    many.put(extract(issue("k1"), *facts))
    counting = Counting(many.store)
    found = Deals(counting).find(DealFilter(min_amount=100.0))  # type: ignore[arg-type]
    assert (len(found.deals), counting.reads) == (201, 2)
    parties = tuple(p.entity_id for d in found.deals for p in d.parties if p.role == "target")
    again = Deals(counting).find(DealFilter(parties=parties, kinds=("acquisition",)))  # type: ignore[arg-type]
    assert (again.deals, counting.reads) == (found.deals, 6)
    many.store.close()
