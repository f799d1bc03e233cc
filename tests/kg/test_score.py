"""Scoring: what counts as found, and by how much."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kg.errors import ReadError
from kg.score import load, score, table
from kg.score_match import Document, align, close, normal, same_attr, shows

GOLD: dict[str, Any] = {
    "doc_id": "a",
    "entities": [
        {"name": "Corvid Labs", "type": "company", "aliases": ["Corvid"]},
        {"name": "Loom 2", "type": "model", "aliases": []},
        {"name": "Ana Torres", "type": "person", "aliases": ["@ana"]},
    ],
    "facts": [
        {"subject": "Corvid Labs", "relation": "developed", "object": "Loom 2", "attrs": {"status": "previewed"},
         "evidence": "showed Loom 2"},
        {"subject": "Ana Torres", "relation": "founded", "object": "Corvid Labs", "attrs": {}, "evidence": "her firm"},
    ],
    "cited_handles": [{"name": "@poster", "aliases": []}],
}  # fmt: skip


def scored(**changed: Any) -> dict[str, Any]:
    """Return the score of the gold document read with changes."""
    return score([GOLD], [{**GOLD, **changed}])


def test_the_gold_itself_is_perfect() -> None:
    result = scored()
    assert [result[k]["f1"] for k in ("entities", "facts", "attributes")] == [1, 1, 1]
    assert result["evidence"] == {"share": 1.0, "n": 2}
    assert not result["missed"]
    assert not result["spurious"]


def test_a_document_without_prediction_is_all_missed() -> None:
    result = score([GOLD], [])
    assert result["missing_predictions"] == ["a"]
    assert result["entities"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "tp": 0, "predicted": 0, "gold": 3}
    assert "no prediction for: a" in table(result)


@pytest.mark.parametrize(
    ("entities", "tp", "predicted"),
    [
        ([{"name": "corvid", "type": "organization"}], 1, 1),  # by alias, and a company is an organization
        ([{"name": "Corvid", "type": "model"}], 0, 1),
        ([{"name": "Loom 3", "type": "model"}], 0, 1),
        ([{"name": "@poster", "type": "person"}], 0, 0),  # neither asked for nor held against the reader
        ([{"name": "Corvid", "type": "company"}, {"name": "Corvid Labs", "type": "company"}], 1, 2),
    ],
)
def test_an_entity_counts_by_name_and_type(entities: list[dict[str, Any]], tp: int, predicted: int) -> None:
    result = scored(entities=entities, facts=[])["entities"]
    assert (result["tp"], result["predicted"]) == (tp, predicted)


@pytest.mark.parametrize(
    ("fact", "tp"),
    [
        ({"subject": "Corvid", "relation": "developed", "object": "Loom 2"}, 1),
        ({"subject": "Loom 2", "relation": "developed", "object": "Corvid"}, 0),
        ({"subject": "Corvid", "relation": "acquired", "object": "Loom 2"}, 0),
        ({"subject": "@ana", "relation": "founded", "object": "Corvid"}, 1),
    ],
)
def test_a_fact_counts_by_relation_and_ends(fact: dict[str, Any], tp: int) -> None:
    assert scored(facts=[fact])["facts"]["tp"] == tp


def test_partners_agree_in_either_order() -> None:
    gold = {**GOLD, "facts": [{"subject": "Corvid Labs", "relation": "partnered_with", "object": "Ana Torres"}]}
    turned = {**GOLD, "facts": [{"subject": "Ana Torres", "relation": "partnered_with", "object": "Corvid Labs"}]}
    assert score([gold], [turned])["deals"]["f1"] == 1.0


@pytest.mark.parametrize(
    ("name", "gold", "pred", "same"),
    [
        ("status", "announced", None, True),
        ("status", "announced", "completed", True),
        ("status", "planned", "announced", False),
        ("amount", {"low": None, "high": 25e9}, {"low": None, "high": 25.1e9, "currency": "USD"}, True),
        ("amount", {"low": None, "high": 25e9}, {"low": 25e9, "high": 25e9, "currency": "USD"}, False),
        ("amount", {"low": 1e9, "high": 1e9, "currency": "EUR"}, {"low": 1e9, "high": 1e9, "currency": "USD"}, False),
        ("amount", {"low": 1e9, "high": 1e9}, 1e9, False),
        ("date", "2026", "2026-04-21", True),
        ("date", "2026-04-21", "2026-04", True),
        ("date", "2026-04", "2026-05", False),
        ("percent", 27, 27.1, True),
        ("percent", 27, "twenty-seven", False),
        ("lead", True, False, False),
        ("role", "chief executive", "Chief Executive Officer", True),
        ("role", "CEO", "CFO", False),
        ("role", "CEO", None, False),
    ],
)
def test_a_qualifier_agrees_within_its_tolerance(name: str, gold: Any, pred: Any, same: bool) -> None:
    assert same_attr(name, gold, pred) is same


@pytest.mark.parametrize(
    ("evidence", "found"),
    [
        ("It showed  Loom\u00a02 today.", True),
        (["Nothing.", "SHOWED LOOM 2"], True),
        ([{"role": "claim", "text": "They showed Loom 2."}], True),
        ([], False),
        (None, False),
    ],
)
def test_evidence_holds_the_fragment_whatever_its_spaces_and_case(evidence: Any, found: bool) -> None:
    assert shows({"evidence": evidence}, "showed Loom 2") is found


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Scale AI", "scale"),
        ("AI", "ai"),
        ("Corvid Labs, Inc.", "corvidlabs"),
        ("Société A&B", "societeaandb"),
        ("++", "++"),
    ],
)
def test_names_match_in_a_loose_form(name: str, form: str) -> None:
    assert normal(name) == form


def test_numbers_are_close_relative_to_the_gold() -> None:
    assert close(None, None, 0.01)
    assert not close(1, None, 0.01)
    assert close(100, 101, 0.01)
    assert not close(100, 102, 0.01)


def test_predicted_names_are_matched_before_their_aliases() -> None:
    gold = Document({"entities": [{"name": "K2", "type": "model", "aliases": ["Kite"]}]})
    pred = Document(
        {"entities": [{"name": "Ox", "type": "model", "aliases": ["K2"]}, {"name": "Kite", "type": "model"}]}
    )
    assert align(gold, pred) == {1: 0}


def test_a_broken_gold_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "note.json").write_text("[]", encoding="utf-8")
    assert load(tmp_path) == []
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    with pytest.raises(ReadError, match=r"bad\.json"):
        load(tmp_path)
