"""kg review: what it prints, its JSON form, and how it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app import bootstrap
from kg.graph import Graph
from kg.model import Extract, Issue, Span
from kg.store.sqlite import SQLiteStore
from tests.app.runner import Run, runner
from tests.kg.graph_parts import extract, money

HOSTILE = "Quill\x1b[31mmark <script>alert(1)</script> [red]x[/red] {subject}"
GAVE = "Brightfen may put $2 billion into Halvic."
WITH = f"{HOSTILE} works with Brightfen."
ALSO = f"{HOSTILE} AG works with Halvic."


def letter(key: str, text: str, *fact: Any) -> Extract:
    """Return an issue of one sentence."""
    *ends, said = fact
    evidence = (Span(role="claim", text=text, start=0, end=len(text)),)
    about = Issue(key=key, doc_id=key, text=text, title=f"Letter {key}", published="2026-04-21", file="l.txt")
    return extract(about, (*ends, {**said, "evidence": evidence}))


@pytest.fixture
def kg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a runner of commands on an empty store, which gives their standard output."""
    return runner(tmp_path, monkeypatch, capsys)


@pytest.fixture
def filled(kg: Run, tmp_path: Path) -> Run:
    store = SQLiteStore(tmp_path / "kg.db")
    graph = Graph(store, *bootstrap.knowledge(), trust=bootstrap.trust())
    graph.put(letter("one", WITH, HOSTILE, "partnered_with", "Brightfen", {}))
    graph.put(letter("two", ALSO, f"{HOSTILE} AG", "partnered_with", "Halvic", {}))
    said = {"amount": money(2e9), "confidence": 0.4}
    graph.put(letter("three", GAVE, "Brightfen", "invested_in", "Halvic", said))
    store.close()
    return kg


def test_the_list_tells_what_is_at_stake_why_and_the_command_that_answers(filled: Run) -> None:
    text = filled("review")
    first, second = text.index("1. [less-certain] Brightfen invested in Halvic"), text.index("2. [duplicates]")
    assert first < second
    assert "$2 billion at stake, 1 link touched, possible (40%)" in text
    assert f"“{GAVE}”" in text
    assert "Letter three, 2026-04-21 (three)" in text
    assert "the same name but for its legal form" in text
    statement = json.loads(filled("review", "--json"))["items"][0]["statements"][0]["id"]
    assert f"Right: kg accept {statement}" in text
    assert f"Wrong: kg reject {statement}" in text
    assert "Same: kg merge org/" in text
    assert "Different: kg split org/" in text
    assert "2 of 2 shown, by money at stake (duplicates 1, less certain 1)" in text
    assert "\x1b" not in text
    assert "<script>alert(1)</script> [red]x[/red] {subject}" in text


def test_what_was_answered_by_a_command_is_gone(filled: Run) -> None:
    (command,) = [line.split(": ")[1] for line in filled("review").splitlines() if line.strip().startswith("Right:")]
    filled(*command.split()[1:])
    assert "less certain" not in filled("review")


def test_kinds_and_limit_narrow_the_list_and_counts_are_of_all(filled: Run) -> None:
    data: dict[str, Any] = json.loads(filled("review", "--json", "--kind", "duplicates"))
    assert [item["kind"] for item in data["items"]] == ["duplicates"]
    assert (data["shown"], data["of"]) == (1, 1)
    assert data["counts"] == {"duplicates": 1, "deals": 0, "contradictions": 0, "less-certain": 1}
    (item,) = json.loads(filled("review", "--json", "--limit", "1"))["items"]
    assert item["kind"] == "less-certain"
    assert "1 of 2 shown" in filled("review", "--limit", "1")


def test_the_json_form(filled: Run) -> None:
    (item,) = json.loads(filled("review", "--json", "--kind", "duplicates"))["items"]
    assert list(item) == ["kind", "id", "title", "why", "consequence", "sides", "answers", "statements"]
    assert [a["verdict"] for a in item["answers"]] == ["same", "different", "unsure"]
    (judgement,) = item["answers"][0]["judgements"]
    assert judgement["kind"] == "entity"
    assert item["id"] == f"entity:{judgement['target']}"
    assert sorted(judgement["about"]["names"]) == judgement["about"]["names"] == [HOSTILE, f"{HOSTILE} AG"]
    assert {s["subject"] for s in item["statements"]} | {s["object"] for s in item["statements"]} >= {HOSTILE}


def test_an_empty_store_and_a_wrong_kind_are_told(kg: Run) -> None:
    assert "the store is empty; kg import PATH" in kg("review")
    assert json.loads(kg("review", "--json")) == {
        "items": [], "shown": 0, "of": 0,
        "counts": {"duplicates": 0, "deals": 0, "contradictions": 0, "less-certain": 0},
    }  # fmt: skip
    assert "'names' is no kind of review; there is duplicates, deals" in kg("review", "--kind", "names", code=2)
    kg("review", "--limit", "0", code=2)


def test_a_store_in_which_all_is_clear_says_so(kg: Run, tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "kg.db")
    Graph(store, *bootstrap.knowledge(), trust=bootstrap.trust()).put(
        letter("one", GAVE, "Brightfen", "partnered_with", "Halvic", {})
    )
    store.close()
    assert kg("review").strip() == "nothing to review"
