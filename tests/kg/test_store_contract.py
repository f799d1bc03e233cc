"""What every store does: rows, patterns, ways, names, transactions. A further store is one more of STORES."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app import bootstrap, settings
from kg.errors import StoreError
from kg.store.base import Filter, Hop, Node, Pattern, Row, Store, fold
from kg.store.sqlite import SQLiteStore

Opens = Callable[[], Store]
STORES = ("sqlite", pytest.param("neo4j", marks=pytest.mark.neo4j))
HOSTILE = (
    'C++ / * " : ( ) --', "x'); DROP TABLE edge; --", "{n}) MATCH (m) DETACH DELETE m //", "<script>alert(1)</script>",
    "100% _off_", "\\", "🤗", "né\u0301e\u200b", "$ ~ * :name:", "AND OR NOT NEAR", "\x00zero", "half \ud800 pair", "北京智谱",
)  # fmt: skip


@pytest.fixture(params=STORES)
def opens(request: pytest.FixtureRequest, tmp_path: Path) -> Opens:
    """Return what opens a store of one kind, always the same one."""
    if request.param == "sqlite":
        return lambda: SQLiteStore(tmp_path / "kg.db")
    url = request.getfixturevalue("neo4j_url")
    return lambda: bootstrap.open_store(settings.load(url))


@pytest.fixture
def store(opens: Opens) -> Iterator[Store]:
    """Return an open store with the graph of `world`."""
    s = opens()
    s.write(lambda: s.put(world()))
    yield s
    s.close()


def entity(id: str, name: str, kind: str = "company") -> Row:
    return Row("entity", id, {"type": kind, "name": name, "cluster": id})


def name(form: str, id: str) -> Row:
    return Row("name", f"n {id} {form}", {"form": form, "folded": fold(form), "key": form, "entity_id": id})


def edge(id: str, subject: str, relation: str, target: str, **more: Any) -> Row:
    return Row("edge", id, {"relation": relation, "subject_id": subject, "object_id": target, **more})


def world() -> list[Row]:
    return [
        entity("a", "Amazon"), entity("b", "Bright"), entity("c", "Cloudia"), entity("d", "Dora", "person"),
        entity("e", "Echo-1", "model"), entity("z", "Zero"),
        edge("1", "a", "invested_in", "b", amount_low=8e9, amount_high=8e9, currency="USD", certain=True, stage="completed"),
        edge("2", "a", "invested_in", "b", amount_low=None, amount_high=25e9, currency="USD", certain=True, stage="announced"),
        edge("3", "a", "invested_in", "c", currency=None, certain=False, stage="rumored", attrs={"lead": True}),
        edge("4", "d", "works_at", "b"),
        edge("5", "b", "raised", "b", amount_low=13e9, amount_high=13e9, currency="USD", date="2026-04"),
        edge("6", "b", "developed", "e"),
        edge("7", "c", "partnered_with", "b"),
    ]  # fmt: skip


def bound(found: list[dict[str, Row]], *variables: str) -> list[tuple[str, ...]]:
    return [tuple(binding[v].id for v in variables) for binding in found]


INVESTED = Hop("e", "x", "y", ("invested_in",))
# ruff: noqa: E501
PATTERNS: dict[str, tuple[Pattern, tuple[str, ...], list[tuple[str, ...]]]] = {
    "one hop": (Pattern((INVESTED,)), ("x", "e", "y"), [("a", "1", "b"), ("a", "2", "b"), ("a", "3", "c")]),
    "bound ends": (Pattern((INVESTED,), (Node("y", ("b", "nowhere")),)), ("e",), [("1",), ("2",)]),
    "types": (Pattern((Hop("e", "x", "y"),), (Node("x", types=("person", "model")),)), ("e",), [("4",)]),
    "two hops": (Pattern((INVESTED, Hop("f", "y", "m", ("developed",)))), ("e", "m"), [("1", "e"), ("2", "e")]),
    "either way": (Pattern((Hop("e", "x", "y", ("partnered_with",), either=True),), (Node("x", ("b",)),)), ("x", "y"), [("b", "c")]),
    "a loop": (Pattern((Hop("e", "x", "x"),)), ("e", "x"), [("5", "b")]),
    "amount": (Pattern((INVESTED,), filters=(Filter("e", "amount_high", ">", 10e9),)), ("e",), [("2",)]),
    "true": (Pattern((INVESTED,), filters=(Filter("e", "certain", "=", True),)), ("e",), [("1",), ("2",)]),
    "unequal leaves nulls out": (Pattern((INVESTED,), filters=(Filter("e", "currency", "!=", "EUR"),)), ("e",), [("1",), ("2",)]),
    "null": (Pattern((INVESTED,), filters=(Filter("e", "currency", "null"),)), ("e",), [("3",)]),
    "not null": (Pattern((Hop("e", "x", "y"),), filters=(Filter("e", "date", "not null"),)), ("e",), [("5",)]),
    "in": (Pattern((INVESTED,), filters=(Filter("e", "stage", "in", ("rumored", "completed")),)), ("e",), [("1",), ("3",)]),
    "a name": (Pattern((INVESTED,), filters=(Filter("y", "name", "=", "Cloudia"),)), ("e",), [("3",)]),
    "order, nulls last": (Pattern((INVESTED,), order=(("e", "amount_high", True),)), ("e",), [("2",), ("1",), ("3",)]),
    "limit": (Pattern((INVESTED,), order=(("e", "amount_high", False),), limit=1), ("e",), [("1",)]),
    "absent, bound": (Pattern((INVESTED,), absent=(Hop("n", "y", "y", ("raised",)),)), ("e",), [("3",)]),
    "absent, free end": (Pattern((INVESTED,), absent=(Hop("n", "y", "m", ("developed",)),)), ("e",), [("3",)]),
    "absent, free end of a type": (
        Pattern((INVESTED,), (Node("m", types=("person",)),), absent=(Hop("n", "y", "m"),)), ("e",), [("1",), ("2",), ("3",)]),
    "absent, with a filter": (
        Pattern((INVESTED,), filters=(Filter("n", "date", "=", "2025"),), absent=(Hop("n", "y", "y"),)),
        ("e",), [("1",), ("2",), ("3",)]),
    "nothing": (Pattern((INVESTED,), (Node("x", ("'; DROP TABLE edge",)),)), ("e",), []),
    "no hop": (Pattern((), (Node("x", types=("person",)),)), ("x",), [("d",)]),
}  # fmt: skip


@pytest.mark.parametrize("case", PATTERNS)
def test_patterns_bind_what_they_say(store: Store, case: str) -> None:
    pattern, variables, expected = PATTERNS[case]
    assert bound(store.match(pattern), *variables) == expected


def test_a_binding_carries_whole_rows(store: Store) -> None:
    (binding,) = store.match(Pattern((INVESTED,), (Node("y", ("c",)),)))
    assert binding["y"].data["name"] == "Cloudia"
    assert binding["e"].data["attrs"] == {"lead": True}


@pytest.mark.parametrize(
    "pattern",
    [
        Pattern((INVESTED,), filters=(Filter("e", "data", "=", 1),)),
        Pattern((INVESTED,), filters=(Filter("e", 'id"; --', "=", 1),)),
        Pattern((INVESTED,), filters=(Filter("q", "id", "=", 1),)),
        Pattern((INVESTED,), filters=(Filter("e", "id", "LIKE", 1),)),  # type: ignore[arg-type]
        Pattern((INVESTED,), order=(("x", "amount_low", True),)),
        Pattern((INVESTED, INVESTED)),
        Pattern(()),
        Pattern(tuple(Hop(f"e{i}", f"n{i}", f"n{i + 1}") for i in range(5))),
    ],
)
def test_a_pattern_that_cannot_be_is_refused(store: Store, pattern: Pattern) -> None:
    with pytest.raises(StoreError):
        store.match(pattern)


def test_rows_come_sorted_and_narrowed(store: Store) -> None:
    assert [r.id for r in store.rows("entity")] == ["a", "b", "c", "d", "e", "z"]
    assert [r.id for r in store.rows("entity", type="company", name=["Zero", "Bright", "?"])] == ["b", "z"]
    assert [r.id for r in store.rows("edge", amount_low=None, relation="invested_in")] == ["2", "3"]
    assert [r.id for r in store.rows("edge", certain=False)] == ["3"]
    assert list(store.rows("edge", relation=[])) == []
    assert store.count("edge") == 7
    assert store.count("edge", certain=True) == 2


def test_rows_are_got_in_the_order_of_the_ids(store: Store) -> None:
    assert [r.id for r in store.get("entity", ["z", "nowhere", "a", "z"])] == ["z", "a"]
    assert store.get("entity", []) == []


def test_unknown_kinds_and_fields_are_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="unknown kind"):
        list(store.rows("edge; DROP TABLE edge"))
    with pytest.raises(StoreError, match="no field"):
        list(store.rows("edge", data="x"))


def test_a_row_is_replaced_whole_and_deleted(store: Store) -> None:
    def change() -> None:
        store.put([entity("z", "Zeta"), entity("z", "Eta", "person")])
        store.delete("edge", ["1", "nowhere"])

    store.write(change)
    assert store.get("entity", ["z"])[0].data == {"type": "person", "name": "Eta", "cluster": "z"}
    assert store.get("edge", ["1"]) == []


def test_the_version_changes_with_what_is_committed(store: Store) -> None:
    seen = [store.version()]
    store.write(lambda: store.get("entity", ["a"]))
    assert store.version() == seen[0]
    store.write(lambda: store.put([entity("new", "New")]))
    seen.append(store.version())
    store.write(lambda: store.delete("entity", ["new"]))
    seen.append(store.read(store.version))
    assert len(set(seen)) == 3


def test_an_error_takes_the_whole_transaction_back(store: Store) -> None:
    def broken_off() -> None:
        store.put([entity("new", "New")])
        store.delete("edge", ["1"])
        assert store.get("entity", ["new"])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.write(broken_off)
    assert store.get("entity", ["new"]) == []
    assert store.get("edge", ["1"])
    store.write(lambda: store.put([entity("new", "New")]))
    assert store.get("entity", ["new"])


def test_writing_needs_a_transaction_and_one_only(store: Store) -> None:
    acts: list[Callable[[], None]] = [
        lambda: store.put([entity("y", "Y")]),
        lambda: store.delete("entity", ["a"]),
    ]
    for act in acts:
        with pytest.raises(StoreError, match="transaction"):
            act()
        with pytest.raises(StoreError, match="transaction"):
            store.read(act)
    with pytest.raises(StoreError, match="already"):
        store.write(lambda: store.write(lambda: None))
    assert store.count("entity") == 6


def test_rows_that_speak_of_nothing_are_refused_when_the_transaction_ends(store: Store) -> None:
    with pytest.raises(StoreError):
        store.write(lambda: store.put([edge("9", "a", "invested_in", "nowhere")]))
    assert store.count("edge") == 7
    store.write(lambda: store.put([edge("9", "a", "invested_in", "new"), entity("new", "New")]))  # in any order
    assert store.count("edge") == 8


def test_numbers_texts_and_nesting_survive(opens: Opens) -> None:
    s = opens()
    data = {
        "type": "company", "name": "\x00\ud800🤗", "cluster": None, "whole": 25000000000, "part": 0.1, "big": 2**80,
        "list": [1, [2.5, None, True]], "text": "a\r\n\tb\u2028",
    }  # fmt: skip
    s.write(lambda: s.put([Row("entity", "q", data)]))
    assert s.get("entity", ["q"])[0].data == data
    with pytest.raises(StoreError, match="finite"):
        s.write(lambda: s.put([Row("entity", "w", {"value": float("inf")})]))
    s.close()


def test_the_neighbourhood_grows_by_steps_largest_amounts_first(store: Store) -> None:
    assert [r.id for r in store.neighbourhood(["a"])] == ["2", "1", "3"]
    assert [r.id for r in store.neighbourhood(["a"], depth=2)] == ["2", "5", "1", "3", "4", "6", "7"]
    assert [r.id for r in store.neighbourhood(["a"], depth=2, limit=2)] == ["2", "5"]
    assert store.neighbourhood(["nowhere"]) == store.neighbourhood([]) == store.neighbourhood(["a"], depth=0) == []


@pytest.mark.parametrize(
    ("start", "end", "longest", "expected"),
    [("d", "e", 4, ["4", "6"]), ("a", "c", 4, ["3"]), ("a", "e", 1, []), ("a", "e", 2, ["1", "6"]), ("a", "z", 4, []),
     ("a", "a", 4, []), ("nowhere", "a", 4, []), ("e", "d", 4, ["6", "4"])],
)  # fmt: skip
def test_a_path_is_a_shortest_one(store: Store, start: str, end: str, longest: int, expected: list[str]) -> None:
    assert [r.id for r in store.path(start, end, longest=longest)] == expected


def test_names_hold_the_words_nearest_first(store: Store) -> None:
    forms = ("Amazon Web Services", "Amazon", "amazon.com", "My Amazon", "Amazonas Labs")
    store.write(lambda: store.put([name(f, "a") for f in forms]))
    assert store.names("AMAZON") == [
        (f, "a") for f in ("Amazon", "amazon.com", "Amazonas Labs", "Amazon Web Services", "My Amazon")
    ]
    assert store.names("services amazon") == [("Amazon Web Services", "a")]
    assert store.names("amazon", limit=1) == [("Amazon", "a")]
    assert store.names("  ") == store.names("nothing of the sort") == []
    assert sorted(store.names()) == sorted((f, "a") for f in forms)


@pytest.mark.parametrize("form", HOSTILE)
def test_hostile_names_are_kept_found_and_harmless(store: Store, form: str) -> None:
    rows = [entity(f"org/{form}", form), name(form, f"org/{form}")]
    store.write(lambda: store.put([*rows, edge("h", f"org/{form}", "invested_in", "b", stage=form)]))
    (kept,) = store.get("entity", [f"org/{form}"])
    assert kept.data["name"] == form
    assert [f for f, _ in store.names(form)] == [form]
    assert [f for f, _ in store.names(form.split()[0])] == [form]
    pattern = Pattern((INVESTED,), (Node("x", (f"org/{form}",)),), filters=(Filter("e", "stage", "=", form),))
    assert bound(store.match(pattern), "e") == [("h",)]
    assert store.count("edge") == 8


def test_readers_see_whole_transactions_only(store: Store) -> None:
    """While a thread writes pairs of rows, others never see half a pair: `read` sees one state."""
    stop, torn = threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            first, second = store.read(lambda: [store.count("entity", type=side) for side in ("left", "right")])
            time.sleep(0.002)
            if first != second:
                torn.append((first, second))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for r in readers:
        r.start()
    for i in range(40):
        pair = [entity(f"l{i}", "L", "left"), entity(f"r{i}", "R", "right")]
        store.write(lambda pair=pair: [store.put([row]) for row in pair])
    stop.set()
    for r in readers:
        r.join()
    assert torn == []
    assert store.count("entity", type="left") == 40


def test_writers_wait_for_each_other(store: Store) -> None:
    """Four threads count up one row, reading it inside the transaction: no count is lost."""

    def count_up() -> None:
        found = store.get("meta", ["n"])
        store.put([Row("meta", "n", {"n": found[0].data["n"] + 1 if found else 1})])

    def count() -> None:
        for _ in range(10):
            store.write(count_up)

    writers = [threading.Thread(target=count) for _ in range(4)]
    for w in writers:
        w.start()
    for w in writers:
        w.join()
    assert store.get("meta", ["n"])[0].data == {"n": 40}


def test_a_store_opened_again_holds_what_was_committed(opens: Opens) -> None:
    first = opens()
    first.write(lambda: first.put(world()))
    first.close()
    with pytest.raises(StoreError, match="closed"):
        first.count("entity")
    second = opens()
    assert second.count("edge") == 7
    second.close()
