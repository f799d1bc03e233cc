"""Any order, any removal: the graph is what a fresh import of the rest is, and the cells what the whole is."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.derive import VIEW, derive
from kg.errors import KGError
from kg.graph import Graph
from kg.model import Extract, Judgement
from tests.kg.graph_parts import extracts, graph, judgements

TRUST = {"invested_in": 0.5, "developed": 0.5}


def check_cells(g: Graph) -> None:
    """The view in the store, made cell by cell, is the view that the whole record gives."""
    record = [row for kind in ("issue", "mention", "statement") for row in g.store.rows(kind)]
    whole = {(r.kind, r.id): r.data for r in derive(record, list(g.store.rows("judgement")), g.view)}
    kept = {(r.kind, r.id): r.data for kind in VIEW for r in g.store.rows(kind)}
    assert kept == whole


def kept(g: Graph, judgement: Judgement) -> Judgement | None:
    """Judge, whatever was said before; None where it cannot be (of deals of different parties)."""
    try:
        return g.judge(judgement, force=True)
    except KGError:
        return None


def adopt(g: Graph) -> Callable[[Judgement], object]:
    """Return what takes one judgement into a graph as an import does: what it speaks of may not be there yet."""
    return lambda judgement: g.adopt([judgement])


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_order_and_any_removal_give_the_graph_of_a_fresh_import(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        g = graph(Path(folder) / "a.db", trust=TRUST)
        drawn = data.draw(st.lists(extracts(), min_size=1, max_size=5))
        there: dict[str, Extract] = {}
        said: dict[tuple[str, str], Judgement] = {}
        for step in data.draw(
            st.lists(
                st.sampled_from((*("put",) * 3, "remove", *("judge",) * 4, "unjudge", "undo")), min_size=4, max_size=14
            )
        ):
            if step == "put":
                x = data.draw(st.sampled_from(drawn))
                g.put(x)
                there[x.issue.key] = x
            elif step == "remove" and there:
                key = data.draw(st.sampled_from(sorted(there)))
                assert g.remove(key)
                del there[key]
            elif step == "judge":
                if j := kept(g, data.draw(judgements(drawn))):
                    said[j.kind, j.target] = j
            elif step == "unjudge" and said:
                chosen = data.draw(st.sampled_from(sorted(said)))
                assert g.unjudge(*chosen)
                del said[chosen]
            elif step == "undo" and said:
                done = g.undo()
                assert done is not None
                key = (done.judgement.kind, done.judgement.target)
                assert said.pop(key).verdict == done.judgement.verdict
                if done.again:
                    said[key] = done.again
            check_cells(g)
        fresh = graph(Path(folder) / "b.db", trust=TRUST)
        todo = [(fresh.put, x) for x in there.values()] + [(adopt(fresh), j) for j in said.values()]
        for act, value in data.draw(st.permutations(todo)):
            act(value)  # type: ignore[arg-type]
        dump = list(g.dump())
        assert dump == sorted(dump)
        assert dump == list(fresh.dump())
        fresh.rebuild()
        assert dump == list(fresh.dump())
        for key in there:
            g.remove(key)
        for kind, target in said:
            g.unjudge(kind, target)
        assert list(g.dump()) == []
        g.store.close()
        fresh.store.close()


@given(st.lists(extracts(keys=30, texts=30), min_size=1, max_size=6))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_deriving_the_whole_again_changes_nothing(some: list[Extract]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        g = graph(Path(folder) / "kg.db")
        for x in some:
            g.put(x)
        before = list(g.dump())
        g.rebuild()
        assert list(g.dump()) == before
        g.store.close()
