"""Clusters: reports of many issues join into the deals that were sorted by hand."""

from __future__ import annotations

import json

import pytest

from benchmarks.deal_clusters import FROZEN, GOLD, Score, freeze, said, score, thawed
from kg.model import Extract
from tests.kg.graph_parts import extract, issue, money

A = {"file": "a", "kind": "debt", "parties": ["Nova", "Metra"], "amount": 1e9}
B = {**A, "file": "b"}
C = {**A, "file": "c", "amount": 2e9}


@pytest.fixture(scope="module")
def found() -> Score:
    lines = FROZEN.read_text(encoding="utf-8").splitlines()
    return score(json.loads(GOLD.read_text(encoding="utf-8")), said(thawed(lines)))


def test_reports_of_one_deal_join_and_others_do_not(found: Score) -> None:
    assert found.precision >= 0.90, found.wrong
    assert found.recall >= 0.85, found.lost


def test_the_gold_is_large_and_most_of_it_was_read(found: Score) -> None:
    clusters = json.loads(GOLD.read_text(encoding="utf-8"))["clusters"]
    several = [c for c in clusters if len({m["file"] for m in c["parts"][0]}) > 1]
    assert len(several) >= 80
    assert found.found >= 5 * found.missed


def test_no_sentence_is_kept_beside_the_gold() -> None:
    rows = [json.loads(line) for line in FROZEN.read_text(encoding="utf-8").splitlines()]
    said = [row["attrs"].get("until") or "" for row in rows] + [w for row in rows for w in row["words"].values()]
    assert all(len(words.split()) <= 6 for words in said), max(said, key=len)
    assert all(len(word) <= 8 for row in rows for *_, word in row["claims"])


def letters() -> list[Extract]:
    """Return three issues: two of one loan, one of another."""
    facts = (("a", 1e9), ("b", 1e9), ("c", 2e9))
    return [extract(issue(k), ("Nova", "lent_to", "Metra", {"amount": money(x)})) for k, x in facts]


@pytest.mark.parametrize(
    ("clusters", "counts"),
    [
        ([[[A, B]], [[C]]], (1, 1, 1, 3, 0)),
        ([[[A, B, C]]], (3, 1, 1, 3, 0)),  # the third is not joined
        ([[[A]], [[B]]], (0, 1, 0, 2, 0)),  # joined, though two
        ([[[A], [B]]], (0, 0, 0, 2, 0)),  # two parts of one: the pair does not count
        ([[[A, {**B, "amount": 7e9}, {**B, "file": "z"}]]], (0, 0, 0, 1, 2)),  # not read
    ],
)
def test_pairs_are_counted(clusters: list[list[list[dict[str, object]]]], counts: tuple[int, ...]) -> None:
    gold = {"clusters": [{"name": "x", "parts": parts} for parts in clusters]}
    made = score(gold, said(letters(), {k: k for k in "abc"}))
    assert (made.together, made.joined, made.right, made.found, made.missed) == counts


def test_frozen_statements_come_to_the_same_deals() -> None:
    files = {k: k for k in "abc"}
    again = thawed(freeze(letters(), files, ["lent_to"]))
    assert sorted((s.file, s.kind, sorted(s.figures)) for s in said(again)) == sorted(
        (s.file, s.kind, sorted(s.figures)) for s in said(letters(), files)
    )
    assert len({s.deal for s in said(again)}) == 2
