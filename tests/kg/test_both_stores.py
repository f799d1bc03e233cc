"""The graph is one whatever it is kept in: the same acts give the same dump and the same answers on both stores."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import bootstrap
from app.settings import load
from kg import reference, schema
from kg.ask import ask
from kg.circulation import streams
from kg.copying import copy
from kg.cycles import as_json, cycles
from kg.errors import KGError
from kg.flows import Flows
from kg.graph import Graph
from kg.model import Judgement
from kg.store.base import Store
from kg.store.neo4j import Neo4jStore
from kg.store.neo4j_explore import explore
from kg.store.neo4j_faces import Naming
from kg.store.neo4j_match import Compiled
from kg.store.sqlite import SQLiteStore
from tests.kg.asking_world import fill
from tests.kg.graph_parts import REFERENCE, SCHEMA, extract, extracts, issue, judgements, money
from tests.kg.test_ask import ANSWERS, NOT_STATED, REFUSED, WITHOUT, YES_OR_NO

pytestmark = pytest.mark.neo4j
HOSTILE = ("C++ / * ' \" : ( ) --", "{x}') MATCH (n) DETACH DELETE n //", "`tick` ``", "🤗 北京", "half \ud800", "\x00")


@pytest.fixture
def file(tmp_path: Path) -> Iterator[SQLiteStore]:
    store = SQLiteStore(tmp_path / "kg.db")
    yield store
    store.close()


@pytest.fixture
def server(neo4j_url: str) -> Iterator[Neo4jStore]:
    store = bootstrap.open_store(load(neo4j_url))
    assert isinstance(store, Neo4jStore)
    yield store
    store.close()


def test_every_act_leaves_both_stores_equal(file: SQLiteStore, server: Neo4jStore) -> None:
    one = extract(
        issue("k1"),
        ("Amazon", "invested_in", "Anthropic", {"amount": money(None, 25e9, "up_to"), "status": "announced"}),
        ("Anthropic", "raised", "Anthropic", {"amount": money(13e9), "round": "Series F"}),
        ("Anthropic", "reports_metric", "Anthropic", {"metric": "revenue", "amount": money(5e9), "period": "2026"}),
        *((name, "partnered_with", "Anthropic") for name in HOSTILE),
    )
    changed = extract(issue("k1", "another text"), ("Amazon", "invested_in", "Anthropic", {"amount": money(8e9)}))
    two = extract(issue("k2", published=None), ("Amazon", "invested_in", "Northwind", {"status": "rumored"}))
    wrong = Judgement(kind="statement", target=one.statements[0].id("k1"), verdict="reject")
    dated = Judgement(kind="date", target="k2", verdict="correct", value="2026-03-01")
    pair = sorted((two.statements[0].id("k2"), changed.statements[0].id("k1")))
    graphs = [Graph(store, SCHEMA, REFERENCE) for store in (file, server)]
    words = [
        Judgement(kind="entity", target="org/anthropic|org/northwind", verdict="same"),
        Judgement(kind="deal", target="|".join(pair), verdict="same"),
        Judgement(kind="figure", target=changed.statements[0].id("k1"), verdict="chosen"),
        Judgement(kind="statement", target=two.statements[0].id("k2"), verdict="correct", value='{"date": "2026"}'),
        Judgement(kind="entity", target="org/amazon|org/amzn", verdict="different"),
    ]
    acts = {
        "import": lambda g: str(g.put(one)), "import again": lambda g: str(g.put(one)),
        "another": lambda g: str(g.put(two)), "reject": lambda g: g.judge(wrong), "date": lambda g: g.judge(dated),
        "a new version": lambda g: str(g.put(changed)), "merge, choose, correct": lambda g: g.judge_all(words),
        "take the corrections back": lambda g: [g.undo() for _ in words], "and in": lambda g: g.judge_all(words),
        "what sleeps": lambda g: g.sleeping(),
        "and out": lambda g: [g.unjudge(j.kind, j.target) for j in words], "the old one": lambda g: str(g.put(one)),
        "take the verdict back": lambda g: g.unjudge("statement", wrong.target), "remove": lambda g: g.remove("k1"),
        "rebuild": lambda g: g.rebuild(), "undate": lambda g: g.unjudge("date", "k2"),
        "remove the last": lambda g: g.remove("k2"),
    }  # fmt: skip
    for name, act in acts.items():
        said = [act(g) for g in graphs]
        dumps = [g.dump() for g in graphs]
        assert said[0] == said[1], name
        assert dumps[0] == dumps[1], name
        assert graphs[0].stats() == graphs[1].stats(), name
    assert dumps == [[], []]
    left = explore(server, "MATCH (n) RETURN labels(n)[0] AS label, count(*) AS n ORDER BY label").rows
    assert left == (("Gate", 1), ("Lock", 1), ("Meta", 1))  # nothing of a removed issue stays


def test_money_goes_the_same_ways_on_both_stores(file: SQLiteStore, server: Neo4jStore) -> None:
    fill(file)
    fill(server)
    sums = [Flows(store, SCHEMA, REFERENCE).money() for store in (file, server)]
    assert sums[0] == sums[1]
    assert sums[0].legs
    loops = [as_json(money, cycles(money)) for money in sums]
    assert loops[0] == loops[1]
    assert [s.as_json() for s in streams(sums[0])] == [s.as_json() for s in streams(sums[1])]


@given(st.data())
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_generated_issues_give_equal_dumps(file: SQLiteStore, server: Neo4jStore, data: st.DataObject) -> None:
    graphs = [Graph(store, SCHEMA, REFERENCE) for store in (file, server)]
    for g in graphs:
        for row in list(g.store.rows("issue")):
            g.remove(row.id)
        for judged in g.judgements():
            g.unjudge(judged.kind, judged.target)
        assert g.dump() == []
    drawn = data.draw(st.lists(extracts(), min_size=1, max_size=6))
    for one in drawn:
        for g in graphs:
            g.put(one)
    judged = data.draw(judgements(drawn))
    gone = data.draw(st.sampled_from(drawn)).issue.key
    for g in graphs:
        g.adopt([judged])
        g.remove(gone)
    assert graphs[0].dump() == graphs[1].dump()


def test_every_question_gets_the_same_answer_and_its_query_finds_the_same_rows(
    file: SQLiteStore, server: Neo4jStore
) -> None:
    fill(file)
    fill(server)
    rules, known = schema.load(), reference.load()
    naming, seen = Naming.of(rules), 0
    for question in [*(q for q, *_ in (*ANSWERS, *WITHOUT, *YES_OR_NO)), *NOT_STATED, *REFUSED]:
        answers = [ask(question, store, rules, known) for store in (file, server)]
        assert answers[0].to_json() == answers[1].to_json(), question
        assert not answers[0].rows or answers[0].patterns, question
        for pattern in answers[0].patterns:
            found = explore(server, Compiled(pattern, naming, literal=True).cypher, limit=10_000)
            ids = [tuple(value["id"] for value in row) for row in found.rows]
            bound = [tuple(row.id for row in binding.values()) for binding in file.match(pattern)]
            assert sorted(ids) == sorted(bound), question
            seen += bool(bound)
    assert seen > 40


def test_a_copy_is_equal_both_ways(file: SQLiteStore, server: Neo4jStore, tmp_path: Path) -> None:
    fill(file, extract(issue("hostile"), *((name, "partnered_with", "Amazon") for name in HOSTILE)))
    Graph(file, SCHEMA, REFERENCE).judge(Judgement(kind="date", target="gone", verdict="correct", value="2026-01-01"))
    before = Graph(file, SCHEMA, REFERENCE).dump()
    counts = copy(file, server).counts
    assert counts["issue"] == 4
    back = SQLiteStore(tmp_path / "back.db")
    copy(server, back)
    for store in (server, back):
        assert Graph(store, SCHEMA, REFERENCE).dump() == before
        assert {row.id: row.data for row in store.rows("issue")} == {row.id: row.data for row in file.rows("issue")}
    with pytest.raises(KGError, match=r"holds 4 issues and 1 judgement; .* --replace"):
        copy(file, back)
    Graph(file, SCHEMA, REFERENCE).remove("letter-april")
    copy(file, server, replace=True)
    assert Graph(server, SCHEMA, REFERENCE).dump() == Graph(file, SCHEMA, REFERENCE).dump()
    back.close()


def test_two_writers_and_readers_at_once_lose_nothing(server: Neo4jStore, neo4j_url: str, file: SQLiteStore) -> None:
    """Two stores, as two programs would open them, import while others ask; the end is that of a serial import."""
    issues = [
        extract(issue(f"k{n}"), (f"Firm {n % 3}", "invested_in", "Anthropic", {"amount": money(1e9 + n)}))
        for n in range(12)
    ]
    other, errors, stop = bootstrap.open_store(load(neo4j_url)), [], threading.Event()

    def put(store: Store, some: list) -> None:
        try:
            for one in some:
                Graph(store, SCHEMA, REFERENCE).put(one)
        except BaseException as error:
            errors.append(error)
            raise

    def look() -> None:
        try:
            while not stop.is_set():
                counts = Graph(server, SCHEMA, REFERENCE).stats()
                if counts["statements"] != counts["issues"]:
                    errors.append(counts)
        except BaseException as error:
            errors.append(error)
            raise

    writers = [threading.Thread(target=put, args=pair) for pair in ((server, issues[::2]), (other, issues[1::2]))]
    readers = [threading.Thread(target=look) for _ in range(3)]
    for thread in (*writers, *readers):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in readers:
        thread.join()
    put(file, issues)
    assert errors == []
    assert Graph(server, SCHEMA, REFERENCE).dump() == Graph(file, SCHEMA, REFERENCE).dump()
    other.close()
