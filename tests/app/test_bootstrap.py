"""Opening a store: what older rules made is brought up to date, and nothing is written where nothing is to be done."""

from __future__ import annotations

from pathlib import Path

from app.bootstrap import opened
from app.settings import load
from kg.store.base import Row
from tests.kg.graph_parts import extract, issue


def test_a_view_that_older_rules_made_is_made_anew(tmp_path: Path) -> None:
    chosen = load(f"sqlite:///{tmp_path / 'kg.db'}")
    with opened(chosen) as graph:
        graph.put(extract(issue("k"), ("Amazon", "invested_in", "Anthropic")))
        store, dump = graph.store, graph.dump()

        def spoil() -> None:
            store.delete("edge", [row.id for row in store.rows("edge")])
            store.put([Row("meta", "view", {"made_with": "older rules"})])

        store.write(spoil)
        assert graph.dump() != dump
    with opened(chosen) as graph:
        assert graph.dump() == dump
        version = graph.store.version()
    with opened(chosen) as graph:
        assert graph.store.version() == version
