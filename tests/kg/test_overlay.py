"""The overlay: what changes would leave of a store's rows, without changing them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.store.base import Row, Rows
from kg.store.overlay import Overlay
from kg.store.sqlite import SQLiteStore


def deal(id: str, **data: object) -> Row:
    return Row("deal", id, {"kind": "debt", "stage": "announced", "cell": None, **data})


@pytest.fixture
def base(tmp_path: Path) -> Iterator[SQLiteStore]:
    store = SQLiteStore(tmp_path / "kg.db")
    store.write(lambda: store.put([deal("d1"), deal("d3", stage="completed"), deal("d5", cell="c")]))
    yield store
    store.close()


def ids(rows: Rows, **equal: object) -> list[str]:
    return [row.id for row in rows.rows("deal", **equal)]


def test_reads_see_the_changes_and_the_base_does_not(base: SQLiteStore) -> None:
    over = Overlay(base)
    over.put([deal("d2", stage="completed"), deal("d3", stage="planned")])
    over.delete("deal", ["d1", "never"])
    assert ids(over) == ["d2", "d3", "d5"]
    assert ids(over, stage=["completed", "planned"]) == ["d2", "d3"]
    assert ids(over, stage="completed") == ["d2"]
    assert ids(over, cell=None) == ["d2", "d3"]
    assert over.count("deal", kind="debt") == 3
    assert [row.id for row in over.get("deal", ["d5", "d3", "d1", "d2", "d3"])] == ["d5", "d3", "d2"]
    assert ids(base) == ["d1", "d3", "d5"]
    assert over.read(lambda: over.count("deal")) == 3


def test_what_differs_is_told_from_both_sides(base: SQLiteStore) -> None:
    over = Overlay(base)
    over.put([deal("d2"), deal("d3", stage="planned"), deal("d5", cell="c")])
    over.delete("deal", ["d1", "never"])
    there, here = over.differing("deal")
    assert [(r.id, r.data["stage"]) for r in there] == [("d1", "announced"), ("d3", "completed")]
    assert [(r.id, r.data["stage"]) for r in here] == [("d2", "announced"), ("d3", "planned")]
    assert over.differing("edge") == ([], [])


def test_what_was_deleted_comes_back_and_overlays_lie_over_each_other(base: SQLiteStore) -> None:
    lower = Overlay(base)
    lower.delete("deal", ["d1"])
    upper = Overlay(lower)
    upper.put([deal("d1", stage="denied")])
    upper.delete("deal", ["d3"])
    assert (ids(lower), ids(upper)) == (["d3", "d5"], ["d1", "d5"])
    upper.delete("deal", ["d1"])
    upper.put([deal("d3", stage="completed")])
    assert upper.differing("deal") == ([], [])
