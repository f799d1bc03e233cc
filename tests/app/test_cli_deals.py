"""kg deals and kg deal: what they print, their JSON and CSV forms, and how they refuse."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from app import bootstrap
from app.commands.deals import read_amount
from app.settings import SettingsError
from kg.graph import Graph
from kg.model import Extract, Issue, Span
from kg.store.sqlite import SQLiteStore
from tests.app.runner import Run, runner
from tests.kg.graph_parts import extract, money

TEXT = (
    "Orbo Capital will put up to $25 billion into Quillon Labs. It had given $8 billion before.\n"
    "<script>alert(1)</script> bought =HYPERLINK(1) for €300 million [red]$5 ~ $6[/red] :smile:.\n"
    "Quillon Labs talks with Brevia.\n"
)
HOSTILE = ("<script>alert(1)</script>", "=HYPERLINK(1)")


def said(part: str) -> tuple[Span, ...]:
    start = TEXT.index(part)
    return (Span(role="claim", text=part, start=start, end=start + len(part)),)


LINES = TEXT.splitlines()
PUT, PAID = LINES[0].split(". ")[0] + ".", LINES[0].split(". ")[1]
LETTER = extract(
    Issue(key="letter-1", doc_id="letter", text=TEXT, title="Letter [b]1[/b]", published="2026-04-21", file="l.txt"),
    ("Orbo Capital", "invested_in", "Quillon Labs", {
        "amount": money(None, 25e9, "up_to"), "status": "announced", "date": "2026-04-20", "evidence": said(PUT)}),
    ("Orbo Capital", "invested_in", "Quillon Labs", {
        "amount": money(8e9), "status": "completed", "evidence": said(PAID)}),
    (*HOSTILE[:1], "acquired", HOSTILE[1], {"amount": money(3e8, currency="EUR"), "evidence": said(LINES[1])}),
    ("Quillon Labs", "partnered_with", "Brevia", {"status": "in_talks", "evidence": said(LINES[2])}),
)  # fmt: skip


@pytest.fixture
def kg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a runner of commands on an empty store, which gives their standard output."""
    return runner(tmp_path, monkeypatch, capsys, notes=True)


@pytest.fixture
def full(kg: Run, tmp_path: Path) -> Run:
    put(tmp_path, LETTER)
    return kg


def put(folder: Path, *extracts: Extract) -> None:
    graph = Graph(SQLiteStore(folder / "kg.db"), *bootstrap.knowledge())
    for x in extracts:
        graph.put(x)
    graph.store.close()


def document(run: Run, *words: str) -> Any:
    return json.loads(run(*words, "--json"))


def test_deals_stand_by_amount_with_what_they_come_to(full: Run) -> None:
    lines = full("deals").splitlines()
    assert [line.strip().split("  ")[0] for line in lines[1:4]] == ["up to $25 billion", "$8 billion", "€300 million"]
    assert "Orbo Capital → Quillon Labs" in lines[1]
    assert "  funding round  " in lines[1]
    assert "2026-04-20" in lines[1]
    assert "by 2026-04-21" in lines[2]
    assert "Brevia – Quillon Labs" in lines[4]
    assert lines[6:] == [
        "confirmed €300 million, with promises €300 million",
        "confirmed $8 billion, with promises $33 billion",
        "of the 4 deals shown: 1 without a stated amount",
    ]


def test_the_json_form_is_the_agreed_one(full: Run, tmp_path: Path) -> None:
    out = document(full, "deals", "--min", "1bn")
    assert list(out) == ["deals", "shown", "of", "totals", "left_out"]
    assert (out["shown"], out["of"]) == (2, 2)
    assert out["totals"] == {"USD": {"confirmed": 8000000000, "promised": 33000000000}}
    assert out["left_out"] == ["1 in EUR (nothing is converted)", "1 without a stated amount"]
    first = out["deals"][0]
    assert list(first) == [
        "id", "kind", "stage", "amount", "valuation", "round", "term", "until", "capacity_gw", "percent", "announced",
        "reported", "certain", "figures", "figure_why", "tranches", "joins", "parties", "steps", "statement_ids",
    ]  # fmt: skip
    assert first["amount"] == {"low": None, "high": 25000000000, "currency": "USD", "qualifier": "up_to"}
    assert str(tmp_path) not in json.dumps(out)
    assert "25000000000" in full("deals", "--json")


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["--party", "Orbo Capital"], 2),
        (["--party", "orbo capital", "--party", "org/brevia"], 3),
        (["--party", "Quillon Labs", "--role", "receiver"], 2),
        (["--kind", "acquisition"], 1),
        (["--kind", "Equity-Round"], 2),
        (["--kind", "Funding round"], 2),
        (["--stage", "closed", "--stage", "in talks"], 2),
        (["--min", "$10 billion"], 1),
        (["--max", "8,000,000,000"], 1),
        (["--min", "€100m"], 1),
        (["--min", "100m", "--currency", "eur"], 1),
        (["--since", "2026-04-21"], 3),
        (["--until", "2026-04-20"], 1),
        (["--since", "2026-Q3"], 0),
        (["--certain"], 4),
        (["--limit", "1"], 4),
    ],
)
def test_filters(full: Run, words: list[str], count: int) -> None:
    assert document(full, "deals", *words)["of"] == count


def test_a_limit_is_told(full: Run) -> None:
    out = full("deals", "--limit", "1")
    assert "1 of 4 shown, by amount" in out
    assert "confirmed $0, with promises $25 billion" in out
    assert document(full, "deals", "--limit", "1")["shown"] == 1


def test_what_is_left_out_is_told(full: Run) -> None:
    out = full("deals", "--min", "100bn")
    assert "no deal fits" in out
    assert "left out: 1 in EUR (nothing is converted), 1 without a stated amount" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--party", "Orbo Captial"], "no entity is called"),
        (["--party", "Orbo"], "org/orbocapital"),
        (["--party", "Nobody At All"], "no entity is called"),
        (["--party", ""], "no entity"),
        (["--role", "friend"], "investor"),
        (["--kind", "wedding"], "equity_round"),
        (["--stage", "soon"], "in_talks"),
        (["--min", "much"], "$10 billion"),
        (["--min", "-5"], "no amount"),
        (["--min", "5bn", "--max", "1bn"], "at least"),
        (["--min", "€5", "--max", "$9"], "nothing is converted"),
        (["--min", "$5", "--currency", "EUR"], "nothing is converted"),
        (["--currency", "dollars"], "no currency"),
        (["--since", "yesterday"], "no date"),
        (["--since", ""], "'' is no date"),
        (["--until", " "], "' ' is no date"),
        (["--as-of", ""], "'' is no date"),
        (["--since", "2026-05", "--until", "2026-04"], "no day"),
        (["--limit", "0"], "limit"),
        (["--csv", "--json"], "not both"),
    ],
)
def test_wrong_use_is_told(full: Run, words: list[str], told: str) -> None:
    assert told in full("deals", *words, code=2)


def test_an_empty_store_says_what_to_do(kg: Run) -> None:
    assert "kg import" in kg("deals")
    assert document(kg, "deals") == {"deals": [], "shown": 0, "of": 0, "totals": {}, "left_out": []}
    assert "no deal" in kg("deal", "d0", code=2)


def test_a_deal_is_told_with_its_steps_and_sentences(full: Run) -> None:
    listed = document(full, "deals")["deals"]
    story = document(full, "deal", listed[0]["id"])
    assert list(story) == ["deal", "parties", "steps", "statements", "issues", "in_return", "stakes"]
    assert document(full, "deal", listed[0]["statement_ids"][0]) == story
    assert story["steps"][0]["date"] == "2026-04-20"
    out = full("deal", listed[0]["id"])
    for part in (
        "Orbo Capital → Quillon Labs",
        "funding round · up to $25 billion · announced",
        PUT,
        "Letter [b]1[/b]",
    ):
        assert part in out
    assert PAID not in out


@pytest.mark.parametrize("id", ["d0", "", "'; DROP TABLE deal; --", "s1 or 1=1"])
def test_an_unknown_deal_is_wrong_use(full: Run, id: str) -> None:
    assert "no deal has the id" in full("deal", id, code=2)


def test_names_and_sentences_are_never_markup(full: Run) -> None:
    out = full("deals", "--kind", "acquisition")
    assert f"{HOSTILE[0]} → {HOSTILE[1]}" in out
    id = document(full, "deals", "--kind", "acquisition")["deals"][0]["id"]
    assert "[red]$5 ~ $6[/red] :smile:" in full("deal", id)


def test_csv_has_plain_numbers_and_no_formulas(full: Run) -> None:
    rows = list(csv.DictReader(full("deals", "--csv").splitlines()))
    assert [(r["amount_low"], r["amount_high"], r["currency"]) for r in rows] == [
        ("", "25000000000", "USD"), ("8000000000", "8000000000", "USD"), ("300000000", "300000000", "EUR"),
        ("", "", ""),
    ]  # fmt: skip
    assert rows[2]["to"] == f"'{HOSTILE[1]}"


@pytest.mark.parametrize(
    ("text", "figure", "currency"),
    [
        ("5bn", 5e9, None), ("$10 billion", 10e9, "USD"), ("500m", 5e8, None), ("EUR 2bn", 2e9, "EUR"),
        ("€1.3bn", 1.3e9, "EUR"), ("US$ 2.3 bn", 2.3e9, "USD"), ("3,000,000", 3e6, None), ("0.1", 0.1, None),
        ("A$5k", 5e3, "AUD"), ("inr 4 Trillion", 4e12, "INR"), (" 7 M ", 7e6, None),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(text: str, figure: float, currency: str | None) -> None:
    assert read_amount("--min", text) == (figure, currency)


@pytest.mark.parametrize("text", ["", "x", "5 5", "1,00", "1e9", "nan", "inf", "5bnn", "XX$5", "٥", "9" * 400, "5bn$"])
def test_other_amounts_are_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="--min"):
        read_amount("--min", text)
