"""What an import's change takes from the digest: stages moved, figures that disagree, loops closed; nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app import changes
from kg.graph import Graph
from tests.kg.graph_parts import extract, graph, issue, money

ROUND = ("Harrow Fund", "invested_in", "Quillmere")
SPEND = ("Quillmere", "commits_spend", "Harrow Fund")
TALKS = (*ROUND, {"status": "in_talks"})
CLOSED = (*ROUND, {"status": "completed", "amount": money(5e9)})
PAYS = (*SPEND, {"amount": money(2e9)})


@pytest.fixture
def g(tmp_path: Path) -> Iterator[Graph]:
    made = graph(tmp_path / "kg.db")
    yield made
    made.store.close()


def imported(g: Graph, **letters: tuple[tuple[Any, ...], ...]) -> dict[str, list[str]]:
    """Import issues as a job does, and return what its change tells of the digest."""
    before = changes.seen(g)
    for key, facts in letters.items():
        g.put(extract(issue(key, f"{key}: {facts}", f"2026-04-0{key[1]}"), *facts))
    news = changes.difference(g, before, list(letters)).news
    return {title: [note.text for note in notes] for title, notes in news.items()}


MOVED = {"Stages moved": ["Harrow Fund → Quillmere: in talks → completed"]}
LOOP = {"Loops of money closed": ["Harrow Fund → Quillmere → Harrow Fund"]}


def test_stages_moved_and_loops_closed_by_an_import(g: Graph) -> None:
    assert imported(g, k1=(TALKS,)) == {}
    assert imported(g, k2=(CLOSED, PAYS)) == MOVED | LOOP
    assert imported(g, k3=(CLOSED,)) == {}


def test_a_new_version_of_an_issue_tells_only_what_the_old_one_did_not(g: Graph) -> None:
    imported(g, k1=(TALKS,))
    assert imported(g, k2=(CLOSED,)) == MOVED
    assert imported(g, k2=(CLOSED, PAYS)) == LOOP
    assert imported(g, k2=(CLOSED, PAYS, ("Quillmere", "sued", "Harrow Fund"))) == {}


def test_an_import_that_put_nothing_tells_nothing(g: Graph) -> None:
    assert imported(g) == {}


def test_figures_that_disagree_are_told_with_both_sentences(g: Graph) -> None:
    named = {"round": "Series B", "status": "announced"}
    imported(g, k1=(("Quillmere", "raised", "Quillmere", named), (*ROUND, {**named, "amount": money(1e9)})))
    told = imported(g, k2=((*ROUND, {**named, "amount": money(2e9)}),))
    assert list(told) == ["Figures that disagree"]
    assert "$1 billion (k1, 2026-04-01) against $2 billion (k2, 2026-04-02)" in told["Figures that disagree"][0]
