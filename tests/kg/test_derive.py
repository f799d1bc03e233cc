"""The view of a few issues: names that join and names that do not, deals, edges, judgements, versions, duplicates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.errors import KGError, QuestionError
from kg.graph import Graph
from kg.model import Entity, Extract, Judgement
from kg.reference import Entry, Reference
from kg.store.sqlite import SQLiteStore
from tests.kg.graph_parts import SCHEMA, extract, graph, issue, money, rows, sentence


@pytest.fixture
def g(tmp_path: Path) -> Iterator[Graph]:
    made = graph(tmp_path / "kg.db")
    yield made
    made.store.close()


def named(key: str, *names: tuple[str, str], **aliases: tuple[str, ...]) -> Extract:
    entities = tuple(Entity(name=n, type=t, aliases=aliases.get(n, ())) for n, t in names)  # type: ignore[arg-type]
    return Extract(issue=issue(key), entities=entities)


def entities(g: Graph) -> dict[str, Any]:
    return {row["id"]: row for row in rows(g.store, "entity")}


def edges(g: Graph, relation: str) -> list[dict[str, Any]]:
    return [e for e in rows(g.store, "edge") if e["relation"] == relation]


NAMES: dict[str, tuple[tuple[tuple[str, str], ...], set[str]]] = {
    "legal forms drop": ((("Northwind", "company"), ("Northwind, Inc.", "company")), {"org/northwind"}),
    "AI and Labs stay": ((("Scale", "company"), ("Scale AI", "company")), {"org/scale", "org/scaleai"}),
    "company and organization are one group": ((("Metra", "company"), ("Metra", "organization")), {"org/metra"}),
    "types part": ((("Mira", "company"), ("Mira", "model")), {"org/mira", "model/mira"}),
    "curated aliases join": ((("AMZN", "company"), ("Amazon", "company")), {"org/amazon"}),
    "an abbreviation may have digits": ((("a16z", "company"),), {"org/andreessenhorowitz"}),
    "one alone takes the plain id": ((("Kimi K26", "model"),), {"model/kimik26"}),
    "digits must agree": ((("Kimi K2.6", "model"), ("Kimi K26", "model")), {"model/kimik26", "model/kimik26#26"}),
    "digits must agree with curated names": (
        (("GPT 41", "model"), ("gpt-4.1", "model")),
        {"model/gpt41", "model/gpt41#41"},
    ),
    "spelling of one version": ((("Kimi K2.6", "model"), ("KIMI K2-6", "model")), {"model/kimik26"}),
}


@pytest.mark.parametrize("case", NAMES)
def test_names_join_by_full_name_and_curated_alias_only(g: Graph, case: str) -> None:
    names, expected = NAMES[case]
    for number, name in enumerate(names):
        g.put(named(f"k{number}", name))
    assert set(entities(g)) == expected


def test_type_and_name_are_those_of_most_issues(g: Graph) -> None:
    for number, (name, kind) in enumerate([("METRA", "company"), ("Metra", "organization"), ("Metra", "organization")]):
        g.put(named(f"k{number}", (name, kind)))
    (found,) = entities(g).values()
    assert (found["type"], found["name"], found["aliases"], found["issues"]) == ("organization", "Metra", ["METRA"], 3)
    g.remove("k2")
    assert entities(g)["org/metra"]["type"] == "company"  # a tie goes by the alphabet


def test_short_forms_hold_in_their_issue_only(g: Graph) -> None:
    g.put(named("k1", ("Kimi K2.6 Max", "model"), **{"Kimi K2.6 Max": ("Max",)}))
    g.put(named("k2", ("Max", "model")))
    assert set(entities(g)) == {"model/kimik26max", "model/max"}
    assert sorted(id for form, id in g.store.names("max") if form == "Max") == ["model/kimik26max", "model/max"]


def test_every_member_id_and_form_finds_the_entity(g: Graph) -> None:
    g.put(named("k1", ("Amazon.com", "company"), ("Kimi K2.6", "model")))
    for text in ("org/amazon", "org/amazoncom", "Amazon", "amazon.com"):
        assert g.entity(text).id == "org/amazon"
    assert g.entity("model/kimik26#2.6").id == "model/kimik26"
    with pytest.raises(QuestionError, match=r"no entity is called 'Kimi'; there is model/kimik26"):
        g.entity("Kimi")


def test_an_id_that_a_later_issue_claims_moves_with_its_edges(g: Graph) -> None:
    fact = ("Northwind", "acquired", "Lab 26")
    g.put(extract(issue("k1"), fact))
    assert edges(g, "acquired")[0]["object_id"] == "org/lab26"
    g.put(named("k2", ("Lab 2.6", "company")))
    assert edges(g, "acquired")[0]["object_id"] == "org/lab26#26"
    assert entities(g)["org/lab26"]["name"] == "Lab 2.6"
    g.remove("k2")
    assert edges(g, "acquired")[0]["object_id"] == "org/lab26"


def test_a_statement_may_change_its_ends_and_keep_its_id(g: Graph) -> None:
    kinds = {"Kimi K2.6": "model", "Kimi K26": "model"}
    g.put(extract(issue("k1"), ("Kimi K2.6", "available_on", "Kimi K26"), types=kinds))
    g.put(extract(issue("k1"), ("Kimi K2.6", "available_on", "Kimi K2.6"), types={"Kimi K2.6": "model"}))
    assert edges(g, "available_on") == []
    assert set(entities(g)) == {"model/kimik26"}


def test_one_edge_a_deal_and_pair_and_one_a_pair_and_claim_elsewhere(g: Graph) -> None:
    up_to = {"amount": money(None, 25e9, "up_to"), "status": "announced"}
    paid = {"amount": money(8e9), "status": "completed"}
    g.put(
        extract(
            issue("k1"), ("Amazon", "invested_in", "Anthropic", up_to), ("Amazon", "invested_in", "Anthropic", paid)
        )
    )
    g.put(extract(issue("k2", published="2026-05-01"), ("AMZN", "invested_in", "Anthropic PBC", paid)))
    found = sorted(edges(g, "invested_in"), key=lambda e: e["amount_high"])
    assert [(e["amount_low"], e["amount_high"], e["stage"], len(e["statement_ids"])) for e in found] == [
        (8e9, 8e9, "completed", 2), (None, 25e9, "announced", 1),
    ]  # fmt: skip
    assert {e["deal_id"] for e in found} == {d["id"] for d in rows(g.store, "deal")}
    stake = {"percent": 27.0, "status": "completed"}
    g.put(
        extract(
            issue("k3"),
            ("Northwind", "owns_stake", "Metra", stake),
            ("Northwind", "owns_stake", "Metra", {"percent": 30.0}),
        )
    )
    assert [e["deal_id"] for e in edges(g, "owns_stake")] == [None] * len(edges(g, "owns_stake"))


def test_unary_relations_are_loops_and_others_never(g: Graph) -> None:
    g.put(extract(issue("k1"), ("Anthropic", "raised", "Anthropic"), ("Amazon", "acquired", "AMZN")))
    (raised,) = rows(g.store, "edge")
    assert raised["subject_id"] == raised["object_id"] == "org/anthropic"
    assert len(rows(g.store, "statement")) == 2


def test_symmetric_relations_have_one_direction(g: Graph) -> None:
    g.put(extract(issue("k1"), ("Zeta", "partnered_with", "Alfa")))
    g.put(extract(issue("k2"), ("Alfa", "partnered_with", "Zeta")))
    (one,) = edges(g, "partnered_with")
    assert (one["subject_id"], one["object_id"], len(one["statement_ids"])) == ("org/alfa", "org/zeta", 2)


def test_relative_dates_go_by_the_issue_and_wait_for_it_to_be_dated(g: Graph) -> None:
    fact = ("Northwind", "acquired", "Metra", {"words": {"date": "last month"}})
    g.put(extract(issue("k1", published=None), fact))
    (undated,) = edges(g, "acquired")
    assert (undated["date"], undated["reported"]) == (None, None)
    g.judge(Judgement(kind="date", target="k1", verdict="correct", value="2026-04-21"))
    (dated,) = edges(g, "acquired")
    assert (dated["date"], dated["reported"]) == ("2026-03", "2026-04-21")
    assert g.issues()[0]["date"] == "2026-04-21"
    assert g.unjudge("date", "k1")
    assert edges(g, "acquired") == [undated]


def test_a_rejected_statement_leaves_the_view_and_comes_back(g: Graph) -> None:
    g.put(extract(issue("k1"), ("Northwind", "acquired", "Metra"), ("Metra", "acquired", "Zeta")))
    before = list(g.dump())
    target = next(s["id"] for s in rows(g.store, "statement") if s["subject"] == "Northwind")
    kept = g.judge(Judgement(kind="statement", target=target, verdict="reject"))
    assert kept.about == {
        "issue": "k1",
        "relation": "acquired",
        "subject": "Northwind",
        "object": "Metra",
        "amount": None,
    }
    assert [e["subject_id"] for e in edges(g, "acquired")] == ["org/metra"]
    assert g.statement(target).data["subject"] == "Northwind"
    assert g.unjudge("statement", target)
    assert not g.unjudge("statement", target)
    assert list(g.dump()) == before


def test_a_judgement_follows_its_statement_sleeps_and_wakes(g: Graph) -> None:
    def with_amounts(*amounts: float) -> Extract:
        text = f"version {amounts}"
        return extract(issue("k1", text), *(("Northwind", "lent_to", "Metra", {"amount": money(a)}) for a in amounts))

    first = with_amounts(1e9)
    g.put(first)
    g.judge(Judgement(kind="statement", target=first.statements[0].id("k1"), verdict="reject"))
    for amounts, left in (((1e9,), 0), ((2e9,), 0), ((2e9, 3e9), 2), ((1e9, 3e9), 1), ((1e9,), 0)):
        g.put(with_amounts(*amounts))
        assert len(edges(g, "lent_to")) == left, amounts
    g.remove("k1")
    assert len(g.judgements()) == 1
    g.put(with_amounts(4e9))
    assert edges(g, "acquired") == []


def test_an_accepted_statement_is_certain(tmp_path: Path) -> None:
    g = graph(tmp_path / "kg.db", trust={"acquired": 0.9})
    x = extract(issue("k1"), ("Northwind", "acquired", "Metra", {"confidence": 0.5}))
    g.put(x)
    assert edges(g, "acquired")[0]["certain"] is rows(g.store, "deal")[0]["certain"] is False
    g.judge(Judgement(kind="statement", target=x.statements[0].id("k1"), verdict="accept"))
    assert edges(g, "acquired")[0]["certain"] is rows(g.store, "deal")[0]["certain"] is True
    g.store.close()


def test_the_same_again_changes_nothing_and_another_text_replaces(g: Graph) -> None:
    x = extract(issue("k1"), ("Northwind", "acquired", "Metra"))
    assert g.put(x).what == "added"
    before = list(g.dump())
    assert g.put(x).what == "unchanged"
    assert list(g.dump()) == before
    assert (g.has(x.issue), g.has(x.issue, "r1"), g.has(x.issue, "r2"), g.has(issue("k1", "other"))) == (
        True,
        True,
        False,
        False,
    )
    assert g.put(extract(issue("k1", "new text"), ("Zeta", "acquired", "Metra"))).what == "replaced"
    assert set(entities(g)) == {"org/metra", "org/zeta"}
    assert g.put(extract(issue("k1", "new text", title="A title"), ("Zeta", "acquired", "Metra"))).what == "replaced"


def test_a_text_counts_once_under_the_first_key(g: Graph) -> None:
    def twin(key: str) -> Extract:
        return extract(issue(key, "the same text"), ("Northwind", "acquired", "Metra"))

    assert str(g.put(twin("m"))) == "added"
    done = g.put(twin("z"))
    assert (str(done), done.of) == ("duplicate", "m")
    assert g.put(twin("a")).of == "m"
    assert [e["statement_ids"] for e in edges(g, "acquired")] == [[twin("a").statements[0].id("a")]]
    assert entities(g)["org/metra"]["issues"] == 1
    assert [i["key"] for i in g.issues()] == ["a", "m", "z"]
    g.remove("a")
    assert [e["statement_ids"] for e in edges(g, "acquired")] == [[twin("m").statements[0].id("m")]]
    g.put(extract(issue("m", "another text")))  # a new version of the one that counted
    assert [e["statement_ids"] for e in edges(g, "acquired")] == [[twin("z").statements[0].id("z")]]


def test_an_issue_is_found_by_key_file_or_title(g: Graph) -> None:
    g.put(Extract(issue=issue("k1", file="/secret/folder/letter.txt", title="Big Deals")))
    g.put(Extract(issue=issue("k2", file="C:\\mail\\letter.txt", title="Small Deals")))
    assert "secret" not in "".join(g.dump())
    assert [g.find_issue(t) for t in ("k1", "Small Deals", "big deals")] == ["k1", "k2", "k1"]
    with pytest.raises(QuestionError, match=r"'letter.txt' fits 2 issues; there is k1, k2"):
        g.find_issue("letter.txt")
    with pytest.raises(QuestionError, match=r"no issue is called 'deals'; there is k1, k2"):
        g.find_issue("deals")
    with pytest.raises(QuestionError, match="kg issues"):
        g.find_issue("")


def test_a_deal_is_found_by_any_of_its_statements(g: Graph) -> None:
    some = [
        extract(issue(k, published=f"2026-0{n}-01"), ("Northwind", "acquired", "Metra"))
        for n, k in ((2, "a"), (1, "b"))
    ]
    for x in some:
        g.put(x)
    ids = [x.statements[0].id(x.issue.key) for x in some]
    assert g.deal("d" + ids[1][1:]).id == g.deal(ids[0]).id == g.deal("d" + ids[0][1:]).id == "d" + ids[1][1:]
    with pytest.raises(QuestionError):
        g.deal("d0")


@pytest.mark.parametrize(
    "wrong",
    [
        Judgement(kind="date", target="k1", verdict="correct", value="yesterday"),
        Judgement(kind="date", target="k1", verdict="correct", value="2026-04"),
        Judgement(kind="statement", target="s1", verdict="maybe"),
    ],
)
def test_judgements_that_cannot_be_are_refused(g: Graph, wrong: Judgement) -> None:
    with pytest.raises(KGError):
        g.judge(wrong)
    assert list(g.dump()) == []


@pytest.mark.parametrize("key", ["", "two words", "line\nbreak"])
def test_a_key_has_no_blanks(g: Graph, key: str) -> None:
    with pytest.raises(KGError, match="key"):
        g.put(Extract(issue=issue(key, "text")))


def test_an_issue_that_cannot_be_stored_leaves_nothing(g: Graph) -> None:
    bad = extract(issue("k1"), ("Northwind", "acquired", "Metra", {"amount": money(float("inf"))}))
    with pytest.raises(KGError):
        g.put(bad)
    assert list(g.dump()) == []
    assert g.put(extract(issue("k1"), ("Northwind", "acquired", "Metra"))).what == "added"


def test_a_store_made_with_another_reference_is_derived_anew(tmp_path: Path) -> None:
    g = graph(tmp_path / "kg.db")
    g.put(extract(issue("k1"), ("Northwind Traders", "acquired", "Metra")))
    g.store.close()
    more = Reference([Entry(id="org/northwind", kind="company", name="Northwind", aliases=("Northwind Traders",))])
    later = Graph(SQLiteStore(tmp_path / "kg.db"), SCHEMA, more)
    assert later.refresh()
    assert not later.refresh()
    assert edges(later, "acquired")[0]["subject_id"] == "org/northwind"
    fresh = Graph(SQLiteStore(tmp_path / "fresh.db"), SCHEMA, more)
    fresh.put(extract(issue("k1"), ("Northwind Traders", "acquired", "Metra")))
    assert list(later.dump()) == list(fresh.dump())
    later.store.close()
    fresh.store.close()


def test_statistics_count_what_is_there(g: Graph) -> None:
    assert g.stats()["issues"] == 0
    evidence = {"evidence": sentence(0, 4)}
    g.put(extract(issue("k1", "t"), ("Northwind", "acquired", "Metra", evidence)))
    g.put(extract(issue("k2", "t", published=None), ("Northwind", "acquired", "Metra", evidence)))
    assert g.stats() == {
        "issues": 2, "duplicates": 1, "undated": 1, "statements": 2, "deals": 1, "edges": 1, "judgements": 0,
        "entities": {"company": 2}, "relations": {"acquired": 1},
    }  # fmt: skip
