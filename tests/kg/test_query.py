"""Queries: typed values that run through pattern matching, and the answers they give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kg import reference, schema
from kg.answer import Answer, answer
from kg.conditions import Where
from kg.graph import Graph
from kg.model import Amount
from kg.query import Query, Step, Term, find
from kg.schema import Schema
from kg.store.sqlite import SQLiteStore
from tests.kg.asking_world import APRIL, extract, world

World = tuple[SQLiteStore, Schema]
ANYONE = Term("s", types=("company", "organization", "person"))
ANY_FIRM = Term("o", types=("company", "organization"))


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return the small world."""
    store, rules, _ = world(tmp_path_factory.mktemp("world"))
    return store, rules


def one(relation: str, subject: Term, target: Term, *where: Where, **more: Any) -> Query:
    """Return a query of one step."""
    return Query((Step((relation,), subject.var, target.var, where),), (subject, target), **more)


def named(made: Answer, end: str) -> list[str]:
    """Return the names at one end of an answer's rows."""
    return [row[end] for row in made.rows]


ANTHROPIC = Term("o", ("org/anthropic",), label="Anthropic")
DOLLARS = Amount(low=1e11, high=1e11)
LIMITS: list[tuple[str, tuple[Where, ...], list[str]]] = [
    ("commits_spend", (Where("amount", ">=", DOLLARS),), ["OpenAI", "Anthropic"]),
    ("commits_spend", (Where("amount", ">=", Amount(low=2e11, high=2e11)),), ["OpenAI"]),
    ("commits_spend", (Where("amount", "<=", DOLLARS),), []),  # "more than" has no upper end
    ("commits_spend", (Where("term", "=", "10 years"),), ["Anthropic"]),
    ("invested_in", (Where("status", "in", ("announced",)),), ["Amazon"]),
    ("invested_in", (Where("status", "not in", ("announced", "completed")),), ["Orbo Capital"]),
    ("invested_in", (Where("date", "within", "2026-04"),), ["Amazon"]),
    ("invested_in", (Where("date", "within", "2025"),), []),
    ("raised", (Where("round", "like", "series c"),), ["Cartesia"]),
    ("raised", (Where("round", "like", "Series B"),), []),
    ("owns_stake", (Where("percent", ">=", 27.0),), ["Microsoft"]),
    ("reports_metric", (Where("metric", "in", ("capex",)), Where("period", "within", "2026")), ["Meta"]),
]


@pytest.mark.parametrize(("relation", "where", "names"), LIMITS)
def test_conditions_limit_the_rows(known: World, relation: str, where: tuple[Where, ...], names: list[str]) -> None:
    made = answer(one(relation, ANYONE, ANY_FIRM, *where, ask=("s",)), *known)
    assert named(made, "subject") == names
    assert made.reason == (None if names else "not_stated")


def test_rows_that_cannot_be_judged_are_counted(known: World) -> None:
    made = answer(one("invested_in", ANYONE, ANY_FIRM, Where("amount", ">=", Amount(low=1e9, high=1e9))), *known)
    assert made.left_out == ("1 more in another currency (EUR; nothing is converted)",)


def test_a_count_a_sum_and_a_maximum_have_values(known: World) -> None:
    amazon = Term("s", ("org/amazon",), label="Amazon")
    assert answer(one("invested_in", ANYONE, ANTHROPIC, ask=("s",), measure="count"), *known).value == 1
    summed = answer(one("invested_in", amazon, ANTHROPIC, measure="sum"), *known)
    assert summed.value == {
        "low": None, "high": 33_000_000_000, "currency": "USD", "confirmed": 8_000_000_000, "promised": 33_000_000_000,
    }  # fmt: skip
    most = answer(one("invested_in", amazon, ANTHROPIC, measure="max"), *known)
    assert most.value["high"] == 25_000_000_000


def test_order_and_limit_say_what_they_leave_out(known: World) -> None:
    query = one("owns_stake", ANYONE, ANY_FIRM, ask=("s",), order=("percent", True), limit=1)
    made = answer(query, *known)
    assert named(made, "subject") == ["Microsoft"]
    assert made.left_out == ("1 more beyond the first 1",)


def test_two_steps_meet_in_one_variable(known: World) -> None:
    model, maker = Term("m", types=("model",)), Term("a", types=("company",))
    weaker = Term("o", ("model/gpt54",), label="GPT-5.4")
    steps = (Step(("outperforms",), "m", "o"), Step(("developed",), "a", "m"))
    made = answer(Query(steps, (model, weaker, maker), ask=("a",)), *known)
    assert made.text.startswith("Moonshot AI")
    assert {s["relation"] for s in made.statements} == {"outperforms", "developed"}


def test_the_query_is_told_in_english(known: World) -> None:
    said = one("invested_in", ANYONE, ANTHROPIC, Where("date", "within", "2026", "in 2026"), ask=("s",)).english(
        known[1]
    )
    assert said == "which company/organization/person invested in Anthropic, in 2026"


def test_less_certain_statements_stand_apart(tmp_path: Path) -> None:
    store, rules = SQLiteStore(tmp_path / "kg.db"), schema.load()
    graph = Graph(store, rules, reference.load(), trust={"invested_in": 0.9, "available_on": 0.9})
    made = extract("letter", "2026-04-21", APRIL)
    doubtful = {"Amazon had given Anthropic $8 billion in earlier years.", "Kimi K2.6 also runs in vLLM."}
    statements = tuple(
        s.model_copy(update={"confidence": 0.5}) if s.evidence[0].text in doubtful or s.object == "Baseten" else s
        for s in made.statements
    )
    graph.put(made.model_copy(update={"statements": statements}))
    some = answer(one("invested_in", ANYONE, ANTHROPIC, ask=("s",)), store, rules)
    assert [row["certain"] for row in some.rows] == [True]
    assert "less certain (1)" in some.left_out
    assert sorted(s["certain"] for s in some.statements) == [False, True]
    hosts = Term("o", ("org/baseten",), label="Baseten")
    only = answer(one("available_on", Term("s", types=("model", "product")), hosts, ask=("s",)), store, rules)
    assert only.answered
    assert only.text.startswith("Less certain:")


def test_an_empty_store_has_read_no_issue(tmp_path: Path) -> None:
    made = answer(one("invested_in", ANYONE, ANTHROPIC, ask=("s",)), SQLiteStore(tmp_path / "kg.db"), schema.load())
    assert made.text == "That is not stated in the 0 issues read."


def test_a_hedged_share_stays_hedged(known: World) -> None:
    made = answer(one("owns_stake", ANYONE, ANY_FIRM, ask=("s",), qualifier="percent"), *known)
    assert "Microsoft: about 27%" in made.text
    assert "OpenAI Foundation: 26%" in made.text


def test_find_keeps_rows_of_another_status_apart(known: World) -> None:
    gemini = Term("o", ("model/gemini",), label="Gemini")
    found = find(one("licenses", ANYONE, gemini, Where("status", "in", ("completed",))), known[0])
    assert found.bindings == ()
    assert len(found.unlike) == 1
