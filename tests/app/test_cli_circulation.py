"""kg cycles, flow, path and central: what they print, their JSON forms, and how they refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app import bootstrap
from kg.graph import Graph
from kg.model import Issue, Span
from kg.store.sqlite import SQLiteStore
from tests.app.runner import Run, runner
from tests.kg.graph_parts import extract, money

HOSTILE = "<script>alert(1)</script> [red]x[/red]"
TEXT = (
    "Amazon will put up to $25 billion into Orbo Labs. Orbo Labs will spend $100 billion with AWS.\n"
    f"{HOSTILE} lent Orbo Labs €300 million.\n"
)
GAVE, SPENDS = TEXT.splitlines()[0].split(". ")


def said(part: str) -> tuple[Span, ...]:
    return (Span(role="claim", text=part, start=TEXT.index(part), end=TEXT.index(part) + len(part)),)


LETTER = extract(
    Issue(key="letter-1", doc_id="letter", text=TEXT, title="Letter", published="2026-04-21", file="l.txt"),
    ("Amazon", "invested_in", "Orbo Labs", {
        "amount": money(None, 25e9, "up_to"), "status": "announced", "evidence": said(GAVE + ".")}),
    ("Orbo Labs", "commits_spend", "AWS", {"amount": money(100e9), "status": "announced", "evidence": said(SPENDS)}),
    (HOSTILE, "lent_to", "Orbo Labs", {"amount": money(3e8, currency="EUR"), "evidence": said(TEXT.splitlines()[1])}),
)  # fmt: skip


@pytest.fixture
def kg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a runner of commands on an empty store, which gives their standard output."""
    return runner(tmp_path, monkeypatch, capsys)


@pytest.fixture
def filled(kg: Run, tmp_path: Path) -> Run:
    store = SQLiteStore(tmp_path / "kg.db")
    Graph(store, *bootstrap.knowledge(), trust=bootstrap.trust()).put(LETTER)
    store.close()
    return kg


def test_a_loop_is_told_with_its_legs_its_background_and_what_it_survives(filled: Run) -> None:
    text = filled("cycles")
    assert "Amazon → Orbo Labs → AWS → Amazon" in text
    assert "a promise" in text
    assert "AWS → Amazon: one firm (background)" in text
    assert "completed deals only: no; with confirmed money only: no; within 24 months: yes" in text
    assert GAVE in text
    assert "AWS counted as Amazon (background)" in text
    assert "no loop of money" in filled("cycles", "--apart")


def test_the_json_form_of_loops(filled: Run) -> None:
    data: dict[str, Any] = json.loads(filled("cycles", "--json"))
    (cycle,) = data["cycles"]
    assert cycle["parties"] == ["org/amazon", "org/orbolabs", "org/aws"]
    assert [(leg["low"], leg["high"], leg["background"]) for leg in cycle["legs"]] == [
        (None, 25000000000, False),
        (100000000000, 100000000000, False),
        (None, None, True),
    ]
    assert cycle["legs"][2]["deal_id"] is None
    assert cycle["survives"] == {"completed_only": False, "low_amounts": False, "window": True}
    assert cycle["weakest"]["from"] == "org/amazon"
    assert json.loads(filled("cycles", "--json", "--party", HOSTILE))["cycles"] == []


def test_flows_paths_and_central_firms(filled: Run) -> None:
    table = filled("flow")
    assert "€300 million" in table
    assert HOSTILE in " ".join(table.split())
    rows = json.loads(filled("flow", "--json", "--kind", "compute"))["streams"]
    assert rows == [{
        "from": "org/orbolabs", "to": "org/amazon", "flow": "compute",
        "totals": {"USD": {"confirmed": 100000000000, "promised": 100000000000}}, "deals": [rows[0]["deals"][0]],
    }]  # fmt: skip
    assert "Orbo Labs: Funding round announced" in filled("path", "Amazon", "Orbo Labs")
    ways = json.loads(filled("path", "Amazon", HOSTILE, "--json"))["paths"]
    assert ways[0][0]["to"] == "org/orbolabs"
    assert json.loads(filled("central", "--by", "received", "--json"))["firms"][0]["id"] == "org/amazon"


@pytest.mark.parametrize(
    "words",
    [
        ("cycles", "--parties", "6"),
        ("cycles", "--party", "Nobody"),
        ("cycles", "--window", "-1"),
        ("flow", "--kind", "love"),
        ("path", "Amazon", "Amazon"),
        ("path", "Amazon", "'; DROP TABLE row; --"),
        ("central", "--by", "fame"),
    ],
)
def test_what_makes_no_sense_is_told(filled: Run, words: tuple[str, ...]) -> None:
    assert filled(*words, code=2).strip()


@pytest.mark.parametrize("words", [("cycles",), ("flow",), ("central",)])
def test_an_empty_store_says_what_to_do(kg: Run, words: tuple[str, ...]) -> None:
    assert "kg import" in kg(*words)
    assert json.loads(kg(*words, "--json"))
