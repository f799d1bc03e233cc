"""Errors: each miss, each spurious finding and each wrong qualifier is listed once, with its sentences."""

from __future__ import annotations

from typing import Any

import pytest

from app.commands import mistakes
from kg.score import score
from kg.score_errors import errors

TEXT = "# Labs\n\n**Corvid Labs** showed Loom 2.\nAna Torres founded *Corvid* in May. Heron 3 is out.\n"
SENTENCES = ("Labs", "**Corvid Labs** showed Loom 2.", "Ana Torres founded *Corvid* in May.", "Heron 3 is out.")
SPANS = [(TEXT.index(s), TEXT.index(s) + len(s)) for s in SENTENCES]
GOLD: dict[str, Any] = {
    "doc_id": "a",
    "entities": [
        {"name": "Corvid Labs", "type": "company", "aliases": ["Corvid"]},
        {"name": "Loom 2", "type": "model", "aliases": []},
        {"name": "Ana Torres", "type": "person", "aliases": []},
    ],
    "facts": [
        {"subject": "Corvid Labs", "relation": "developed", "object": "Loom 2", "attrs": {"status": "previewed"},
         "evidence": "showed Loom 2"},
        {"subject": "Ana Torres", "relation": "founded", "object": "Corvid Labs", "attrs": {}, "evidence": "in May"},
    ],
    "cited_handles": [{"name": "@poster", "aliases": []}],
}  # fmt: skip


def cites(text: str, role: str = "claim") -> dict[str, Any]:
    at = TEXT.index(text)
    return {"role": role, "text": text, "start": at, "end": at + len(text)}


def mention(name: str) -> list[list[int]]:
    return [[TEXT.index(name), TEXT.index(name) + len(name)]]


PRED: dict[str, Any] = {
    "doc_id": "a",
    "text": TEXT,
    "entities": [
        {"name": "Corvid Labs", "type": "company", "aliases": ["Corvid"], "mentions": mention("Corvid Labs")},
        {"name": "Loom 2", "type": "model", "aliases": [], "mentions": mention("Loom 2")},
        {"name": "Heron 3", "type": "model", "aliases": [], "mentions": mention("Heron 3")},
        {"name": "@poster", "type": "person", "aliases": [], "mentions": []},
    ],
    "facts": [
        {"subject": "Corvid Labs", "relation": "developed", "object": "Loom 2", "attrs": {"date": "2026-05"},
         "confidence": 0.9, "evidence": [cites("**Corvid Labs** showed Loom 2.")]},
        {"subject": "Corvid Labs", "relation": "developed", "object": "Heron 3", "attrs": {}, "confidence": 0.7,
         "evidence": [cites("Heron 3 is out."), cites("*Corvid*", "antecedent")]},
    ],
}  # fmt: skip


def test_each_error_is_listed_with_its_sentences() -> None:
    assert errors([GOLD], [PRED], {"a": SPANS}) == [
        {
            "doc_id": "a",
            "missed_entities": [
                {"name": "Ana Torres", "type": "person", "aliases": [],
                 "sentence": "Ana Torres founded Corvid in May."},
            ],
            "spurious_entities": [
                {"name": "Heron 3", "type": "model", "aliases": [], "sentence": "Heron 3 is out."},
            ],
            "missed_facts": [
                {"subject": "Ana Torres", "relation": "founded", "object": "Corvid Labs", "attrs": {},
                 "evidence": "in May"},
            ],
            "spurious_facts": [
                {"subject": "Corvid Labs", "relation": "developed", "object": "Heron 3", "attrs": {},
                 "confidence": 0.7, "cited": [{"role": "claim", "text": "Heron 3 is out."},
                                              {"role": "antecedent", "text": "Corvid"}]},
            ],
            "wrong_attributes": [
                {"subject": "Corvid Labs", "relation": "developed", "object": "Loom 2", "attribute": name,
                 "gold": gold, "read": read, "evidence": "showed Loom 2",
                 "cited": [{"role": "claim", "text": "Corvid Labs showed Loom 2."}]}
                for name, gold, read in (("date", None, "2026-05"), ("status", "previewed", None))
            ],
        }
    ]  # fmt: skip


def test_the_lines_name_each_error() -> None:
    assert list(mistakes.lines(errors([GOLD], [PRED], {"a": SPANS}))) == [
        "a",
        "  missed   person Ana Torres",
        "           Ana Torres founded Corvid in May.",
        "  spurious model Heron 3",
        "           Heron 3 is out.",
        "  missed   Ana Torres founded Corvid Labs",
        "           annotated: in May",
        "  spurious Corvid Labs developed Heron 3",
        "           cited: Heron 3 is out.",
        "           antecedent: Corvid",
        "  wrong    date of Corvid Labs developed Loom 2: 2026-05 read, not annotated",
        "           annotated: showed Loom 2",
        "           cited: Corvid Labs showed Loom 2.",
        "  wrong    status of Corvid Labs developed Loom 2: not read, previewed annotated",
        "           annotated: showed Loom 2",
        "           cited: Corvid Labs showed Loom 2.",
        "",
    ]


def test_there_are_as_many_errors_as_the_scores_count() -> None:
    result, (found,) = score([GOLD], [PRED]), errors([GOLD], [PRED], {})
    for kind, noun in (("entities", "entities"), ("facts", "facts")):
        assert result[kind]["gold"] - result[kind]["tp"] == len(found[f"missed_{noun}"])
        assert result[kind]["predicted"] - result[kind]["tp"] == len(found[f"spurious_{noun}"])


def test_a_document_without_error_is_left_out_and_one_not_read_is_all_missed() -> None:
    assert errors([GOLD], [{**GOLD, "text": TEXT}], {}) == []
    ((found),) = errors([GOLD], [], {})
    assert [len(found[kind]) for kind, _ in mistakes.KINDS] == [3, 0, 2, 0, 0]
    assert {e["sentence"] for e in found["missed_entities"]} == {""}


def test_of_facts_alike_the_one_that_agrees_least_is_the_spurious_one() -> None:
    best = {**PRED["facts"][0], "attrs": {"status": "previewed"}}
    for facts in ([best, PRED["facts"][0]], [PRED["facts"][0], best]):
        (found,) = errors([GOLD], [{**PRED, "facts": facts}], {})
        assert [f["attrs"] for f in found["spurious_facts"]] == [{"date": "2026-05"}]
        assert found["wrong_attributes"] == []
        assert [f["attrs"] for f in score([GOLD], [{**PRED, "facts": facts}])["spurious"]] == [{"date": "2026-05"}]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("amount", {"low": 5e9, "high": 5e9, "currency": "USD", "qualifier": "exact"}, "$5 billion"),
        ("amount", {"low": "five", "per": "year"}, "{'low': 'five', 'per': 'year'}"),
        ("amount", 5e9, "5e+09"),
        ("valuation", "$5 billion", "$5 billion"),
        ("lead", False, "false"),
        ("percent", 27.5, "27.5"),
        ("tranches", [], "[]"),
        ("role", "CEO \x1b[31m", "CEO"),
    ],
)
def test_any_value_of_an_annotation_can_be_told(name: str, value: Any, said: str) -> None:
    gold = {**GOLD, "facts": [{**GOLD["facts"][1], "attrs": {name: value}}]}
    lines = list(mistakes.lines(errors([gold], [], {})))
    assert any(f"{name} {said}" in line for line in lines) or value in ([], False)
