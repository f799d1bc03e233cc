"""The digest: what an issue or a period changed, kind by kind, and that it is a difference of two views."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.deal_claims import Claim
from kg.derive import VIEW
from kg.digest import Digest, _without, digest, digest_of
from kg.digest_deals import Comparison, Said, Side
from kg.digest_text import footnotes, headline, sections
from kg.errors import QuestionError
from kg.graph import Graph
from kg.model import Amount, Deal, Extract, Judgement, Party, Span
from tests.kg.graph_parts import SCHEMA, extract, extracts, graph, issue, money, rows

ROUND = ("Harrow Fund", "invested_in", "Quillmere")
SPEND = ("Quillmere", "commits_spend", "Harrow Fund")
JOB = ("Mara Voss", "works_at", "Quillmere")
PEOPLE = {"Mara Voss": "person"}
Facts = tuple[tuple[Any, ...], ...]


@pytest.fixture
def g(tmp_path: Path) -> Iterator[Graph]:
    made = graph(tmp_path / "kg.db")
    yield made
    made.store.close()


def fact(triple: tuple[str, str, str], sentence: str = "", **attrs: Any) -> tuple[Any, ...]:
    """Return a fact as `extract` takes it, with its sentence."""
    text = sentence or f"{triple[0]} and {triple[2]} are told of."
    return (*triple, {**attrs, "evidence": (Span(role="claim", text=text, start=0, end=len(text)),)})


def letter(key: str, *facts: tuple[Any, ...], published: str | None = "2026-05-01", text: str | None = None) -> Extract:
    named = {name for f in facts for name in (f[0], f[2])}
    types = {name: kind for name, kind in PEOPLE.items() if name in named}
    return extract(issue(key, text, published, publisher=f"The {key} Letter"), *facts, types=types)


def told(made: Digest) -> set[str]:
    """Return the kinds of changes that a digest tells of, entities and names apart."""
    parts = {name: made.to_json()[name] for name in KINDS}
    return {name for name, some in parts.items() if some}


KINDS = ("deals", "told_again", "stages", "figures", "joined", "parted", "loops", "people", "facts")
A, B, C = "2026-04-01", "2026-04-08", "2026-04-15"
CASES: dict[str, tuple[Facts, Facts, set[str]]] = {
    "a first deal": ((), (fact(ROUND, amount=money(5e9)),), {"deals"}),
    "a deal of the same pair with another amount": (
        (fact(ROUND, amount=money(5e9)),), (fact(ROUND, amount=money(8e9)),), {"deals"},
    ),
    "a deal told again": ((fact(ROUND, amount=money(5e9)),), (fact(ROUND),), {"told_again"}),
    "a stage moved": (
        (fact(ROUND, status="in_talks"),), (fact(ROUND, status="completed"),), {"told_again", "stages"},
    ),
    "words that never lead back": (
        (fact(ROUND, status="completed"),), (fact(ROUND, status="in_talks"),), {"told_again"},
    ),
    "a first figure": ((fact(ROUND),), (fact(ROUND, amount=money(5e9)),), {"told_again", "figures"}),
    "a finer figure": (
        (fact(ROUND, amount=money(8.1e9, 8.1e9, "about")),), (fact(ROUND, amount=money(8e9)),),
        {"told_again", "figures"},
    ),
    "two figures for one part of a round": (
        (fact(("Quillmere", "raised", "Quillmere"), round="Series B"),
         fact(ROUND, amount=money(1e9), round="Series B")),
        (fact(ROUND, amount=money(2e9), round="Series B"),), {"told_again", "figures"},
    ),
    "a share of a round is no other figure": (
        (fact(("Quillmere", "raised", "Quillmere"), round="Series B", amount=money(9e9)),),
        (fact(ROUND, amount=money(2e9), round="Series B"),), {"told_again"},
    ),
    "deals that turn out to be one": (
        (fact(("Orrin Bank", "invested_in", "Quillmere"), round="Series B"), fact(ROUND, amount=money(1e9))),
        (fact(ROUND, amount=money(1e9), round="Series B"),), {"told_again", "joined"},
    ),
    "a deal that turns out to be two": (
        (fact(ROUND, date="2026-03-10"), fact(ROUND, amount=money(5e9))),
        (fact(ROUND, date="2026-03-10", amount=money(8e9)),), {"told_again", "parted"},
    ),
    "a loop of money": (
        (fact(ROUND, amount=money(5e9)),), (fact(SPEND, amount=money(2e9)),), {"deals", "loops"},
    ),
    "a loop that was there": (
        (fact(ROUND, amount=money(5e9)), fact(SPEND, amount=money(2e9))), (fact(SPEND, amount=money(3e9)),),
        {"deals"},
    ),
    "a second contract, so that two told in both directions are a loop": (
        (fact(SPEND, amount=money(2e9)), fact((SPEND[2], SPEND[1], SPEND[0]), amount=money(2e9))),
        (fact(SPEND, amount=money(3e9)),), {"deals", "loops"},
    ),
    "a called off deal is in no loop": (
        (fact(ROUND, amount=money(5e9)),), (fact(SPEND, status="cancelled"),), {"deals"},
    ),
    "a post": ((), (fact(JOB, role="CTO", current=True),), {"people"}),
    "a post that was known": ((fact(JOB, role="CTO"),), (fact(JOB, role="cto", current=True),), set()),
    "the bare word that someone works there": ((), (fact(JOB),), {"facts"}),
    "another fact": ((), (fact(("Quillmere", "sued", "Orrin Bank")),), {"facts"}),
    "a fact that was known": (
        (fact(("Quillmere", "sued", "Orrin Bank")),), (fact(("Quillmere", "sued", "Orrin Bank")),), set(),
    ),
    "nothing": ((fact(ROUND),), (), set()),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_kind_of_change_is_told_and_no_other(g: Graph, case: str) -> None:
    before, after, expected = CASES[case]
    g.put(letter("k1", *before, published=A))
    g.put(letter("k2", *after, published=B))
    assert told(digest(g, ["k2"])) == expected
    assert told(digest_of(g, B)) == expected


def test_a_stage_is_told_with_the_step_that_it_rests_on(g: Graph) -> None:
    g.put(letter("k1", fact(ROUND, status="in_talks"), published=A))
    g.put(letter("k2", fact(ROUND, "It closed.", status="completed"), published=B))
    (moved,) = digest(g, ["k2"]).to_json()["stages"]
    (deal,) = rows(g.store, "deal")
    assert {k: moved[k] for k in ("deal_id", "from", "to", "sentence", "issue", "publisher", "date")} == {
        "deal_id": deal["id"], "from": "in_talks", "to": "completed", "sentence": "It closed.", "issue": "k2",
        "publisher": "The k2 Letter", "date": B,
    }  # fmt: skip
    assert g.deal("d" + moved["statement_id"][1:]).id == deal["id"]


def test_a_deal_whose_id_changes_is_known_by_its_statements(g: Graph) -> None:
    g.put(letter("k2", fact(ROUND, status="announced"), published=B))
    (old,) = rows(g.store, "deal")
    g.put(letter("k1", fact(ROUND, status="rumored"), published=A))
    (new,) = rows(g.store, "deal")
    assert new["id"] != old["id"]
    made = digest(g, ["k1"])
    assert told(made) == {"told_again"}
    assert [t.deal.id for t in made.deals.again] == [new["id"]]


def test_two_figures_are_told_with_who_said_what_when(g: Graph) -> None:
    before, after, _ = CASES["two figures for one part of a round"]
    g.put(letter("k1", *before, published=A))
    g.put(letter("k2", *after, published=B))
    (found,) = digest(g, ["k2"]).to_json()["figures"]
    assert found["what"] == "contradicted"
    ends = [(found[e]["amount"]["low"], found[e]["publisher"], found[e]["date"]) for e in ("from", "to")]
    assert ends == [(1000000000, "The k1 Letter", A), (2000000000, "The k2 Letter", B)]
    (line,) = next(s for s in sections(digest(g, ["k2"]), SCHEMA) if s.name == "contradicted").lines
    assert "$1 billion (The k1 Letter, 2026-04-01) against $2 billion (The k2 Letter, 2026-04-08)" in line.text


@pytest.mark.parametrize(
    ("before", "after", "what", "ends"),
    [
        ({}, {"amount": money(5e9)}, "stated", (None, 5e9)),
        ({"amount": money(8.1e9, 8.1e9, "about")}, {"amount": money(8e9)}, "changed", (8.1e9, 8e9)),
    ],
)
def test_a_deals_own_figure_is_told_where_it_is_another_one(
    g: Graph, before: dict[str, Any], after: dict[str, Any], what: str, ends: tuple[float | None, float]
) -> None:
    g.put(letter("k1", fact(ROUND, **before), published=A))
    g.put(letter("k2", fact(ROUND, **after), published=B))
    (found,) = digest(g, ["k2"]).deals.figures
    assert (found.what, *(f and f.amount.low for f in (found.before, found.after))) == (what, *ends)
    assert found.after
    assert found.after.said
    assert found.after.said.issue == "k2"


def deal(id: str, amount: float, *statements: str) -> Deal:
    sides = (Party(entity_id="org/a", role="buyer"), Party(entity_id="org/b", role="supplier"))
    money = Amount(low=amount, high=amount)
    return Deal(id=id, kind="supply", stage="announced", parties=sides, amount=money, statement_ids=statements)


def claims(**amounts: float) -> dict[str, Claim]:
    return {
        id: Claim(id, f"k{n}", f"2026-04-0{n}", "commits_spend", "org/a", "org/b",
                  {"amount": Amount(low=x, high=x).model_dump()})
        for n, (id, x) in enumerate(amounts.items(), 1)
    }  # fmt: skip


CONTRADICTED = [("contradicted", 1e9, 2e9)]


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ([deal("d1", 1e9, "s1")], deal("d1", 2e9, "s1", "s2"), CONTRADICTED),
        ([deal("d1", 1e9, "s1")], deal("d1", 1e9, "s1", "s2"), CONTRADICTED),
        ([deal("d1", 1e9, "s1"), deal("d2", 2e9, "s2")], deal("d1", 2e9, "s1", "s2"), CONTRADICTED),
        ([], deal("d1", 2e9, "s1", "s2", "s3"), CONTRADICTED),
        ([deal("d1", 2e9, "s1", "s2")], deal("d1", 2e9, "s1", "s2"), []),
        ([deal("d1", 1e9, "s1")], deal("d1", 1e9, "s1"), []),
        ([deal("d1", 2e9, "s2")], deal("d1", 2e9, "s2", "s3"), []),
    ],
)
def test_figures_that_disagree_in_one_deal_are_told_once(
    was: list[Deal], now: Deal, expected: list[tuple[str, float, float]]
) -> None:
    every = claims(s1=1e9, s2=2e9, s3=2e9)

    def cite(claim: Claim) -> Said:
        return Said(claim.id, claim.issue, "", claim.day, "")

    found = Comparison(Side(tuple(was), every), Side((now,), every), {}, cite).changes().figures
    assert [(f.what, f.before and f.before.amount.low, f.after and f.after.amount.low) for f in found] == expected


POSTS: dict[str, tuple[Facts, Facts, list[tuple[str, str | None]]]] = {
    "holds": ((), (fact(JOB, role="CTO", current=True),), [("holds", "CTO")]),
    "a second role": ((fact(JOB, role="CTO"),), (fact(JOB, role="CEO", current=True),), [("holds", "CEO")]),
    "left": ((fact(JOB, role="CTO", current=True),), (fact(JOB, role="CTO", current=False),), [("left", "CTO")]),
    "left without a word of the role": ((fact(JOB, role="CTO"),), (fact(JOB, current=False),), [("left", None)]),
    "only told of as past": ((), (fact(JOB, role="CTO", current=False),), [("held", "CTO")]),
    "told by several issues at once": (
        (), (fact(JOB, current=True), fact(JOB, role="CTO"), fact(JOB, role="CTO", current=True)), [("holds", "CTO")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", POSTS)
def test_posts_that_begin_and_end(g: Graph, case: str) -> None:
    before, after, expected = POSTS[case]
    g.put(letter("k1", *before, published=A))
    for number, one in enumerate(after):
        g.put(letter(f"l{number}", one, published=B))
    made = digest(g, [f"l{number}" for number in range(len(after))])
    assert [(p.what, p.role) for p in made.people] == expected
    assert all(p.said.issue.startswith("l") and p.said.sentence for p in made.people)


def test_a_loop_is_told_as_kg_cycles_tells_it(g: Graph) -> None:
    g.put(letter("k1", fact(ROUND, amount=money(5e9))))
    g.put(letter("k2", fact(SPEND, "Quillmere pays.", amount=money(2e9))))
    made = digest(g, ["k2"])
    (loop,) = made.to_json()["loops"]
    assert loop["parties"] == ["org/harrowfund", "org/quillmere"]
    assert [leg["sentence"] for leg in loop["legs"]][1] == "Quillmere pays."
    (line,) = next(s for s in sections(made, SCHEMA) if s.name == "loops").lines
    assert line.text == "Harrow Fund → Quillmere → Harrow Fund"
    assert [part.deal_id for part in line.parts] == [leg["deal_id"] for leg in loop["legs"]]


def test_new_names_are_those_that_no_other_issue_has(g: Graph) -> None:
    g.put(letter("k1", fact(ROUND)))
    g.put(letter("k2", fact(("Harrow Fund, Inc.", "invested_in", "Lanmoor")), fact(JOB)))
    assert digest(g, ["k2"]).entities == (
        ("org/lanmoor", "Lanmoor", "company"),
        ("person/maravoss", "Mara Voss", "person"),
    )
    assert digest(g, ["k1"]).entities == ()  # k2 has them too
    assert len(digest(g, ["k1", "k2"]).entities) == 4


def test_an_entity_whose_id_moves_is_not_new(g: Graph) -> None:
    g.put(letter("k1", fact(("Quillmere", "sued", "Lab 26"))))
    g.put(letter("k2", fact(("Quillmere", "sued", "Lab 2.6"))))
    made = digest(g, ["k2"])
    assert [name for _, name, _ in made.entities] == ["Lab 2.6"]
    assert made.facts == {"sued": 1}


def test_an_unknown_issue_is_a_question_that_cannot_be_answered(g: Graph) -> None:
    g.put(letter("k1", fact(ROUND)))
    with pytest.raises(QuestionError, match="no issue is called 'k9'"):
        digest(g, ["k1", "k9"])


@pytest.mark.parametrize("period", [("2026-13", None), ("soon", None), ("2026-05", "2026-04"), ("2026", "<2027")])
def test_a_period_must_be_one(g: Graph, period: tuple[str, str | None]) -> None:
    with pytest.raises(QuestionError):
        digest_of(g, *period)


def test_a_period_is_between_what_came_before_it_and_its_end(g: Graph) -> None:
    for key, day, status in (("k1", A, "rumored"), ("k2", B, "in_talks"), ("k3", C, "completed"), ("k4", None, None)):
        g.put(letter(key, fact(ROUND, status=status), published=day))
    moves = {
        (since, until): [(m.before, m.after) for m in digest_of(g, since, until).deals.moved]
        for since, until in ((A, A), (B, B), (C, None), (B, C), ("2026", None), (A, B))
    }
    assert moves == {
        (A, A): [], (B, B): [("rumored", "in_talks")], (C, None): [("in_talks", "completed")],
        (B, C): [("rumored", "completed")], ("2026", None): [], (A, B): [],
    }  # fmt: skip
    whole = digest_of(g, "2026")
    assert (len(whole.issues), len(whole.deals.new), whole.undated) == (3, 1, 1)
    assert "k4" not in {s.issue for t in whole.deals.new for s in t.said}
    assert list(footnotes(whole)) == ["1 issue without a date left out"]
    g.judge(Judgement(kind="date", target="k4", verdict="correct", value=C))
    assert digest_of(g, C).undated == 0
    assert len(digest_of(g, C).issues) == 2


def test_a_period_without_an_issue_changes_nothing(g: Graph) -> None:
    assert digest_of(g, "2025").empty
    g.put(letter("k1", fact(ROUND), published=A))
    made = digest_of(g, "2025", "2025")
    assert (made.empty, made.issues, sections(made, SCHEMA)) == (True, (), [])
    assert headline(made) == "What 0 issues since 2025 until 2025 changed"


def graph_of(folder: pytest.TempPathFactory, letters: Iterable[Extract]) -> Graph:
    made = graph(folder.mktemp("graph") / "kg.db")
    for one in letters:
        made.put(one)
    return made


def test_of_issues_with_one_text_the_first_counts_and_its_twin_takes_its_place(g: Graph) -> None:
    twins = [letter(key, fact(ROUND, amount=money(5e9)), text="one text", published=A) for key in ("k1", "k2")]
    for one in twins:
        g.put(one)
    second = digest(g, ["k2"])
    assert (second.empty, second.duplicates) == (True, ("k2",))
    assert "k2: another issue has the same text" in next(footnotes(second))
    first = digest(g, ["k1"])
    assert (told(first), first.entities, first.duplicates) == (set(), (), ())  # without it, k2 says the same
    both = digest(g, ["k1", "k2"])
    assert (told(both), both.duplicates) == ({"deals"}, ())
    g.put(letter("k0", fact(ROUND, amount=money(5e9)), text="one text", published=B))
    assert digest(g, ["k0"]).empty
    assert told(digest_of(g, A, A)) == {"deals"}  # k1 counts there, though k0 counts in the whole
    assert told(digest_of(g, B, B)) == set()


def test_a_judgement_holds_on_both_sides(g: Graph) -> None:
    g.put(letter("k1", fact(ROUND, amount=money(5e9))))
    g.put(letter("k2", fact(ROUND, status="completed")))
    target = digest(g, ["k2"]).deals.moved[0].said
    assert target
    g.judge(Judgement(kind="statement", target=target.statement_id, verdict="reject"))
    assert digest(g, ["k2"]).empty


def test_what_is_less_certain_is_said_so(tmp_path: Path) -> None:
    made = graph(tmp_path / "kg.db", trust={"invested_in": 0.8, "sued": 0.8})
    made.put(letter("k1", fact(ROUND, status="in_talks", confidence=0.9)))
    unsure = fact(("Quillmere", "sued", "Harrow Fund"), confidence=0.5)
    made.put(letter("k2", fact(ROUND, status="completed", confidence=0.5), unsure, published="2026-06-01"))
    found = digest(made, ["k2"])
    assert found.unsure == 1
    text = {s.name: s.lines[0].text for s in sections(found, SCHEMA)}
    assert text["stages"].endswith("in talks → completed (less certain)")
    assert text["facts"] == "sued 1 (1 of them less certain)"
    made.store.close()


def test_the_largest_deals_come_first_and_the_less_certain_last(tmp_path: Path) -> None:
    made = graph(tmp_path / "kg.db", trust={"invested_in": 0.8})
    sizes = (("Alder", 1e9, 0.9), ("Birch", 9e9, 0.5), ("Cedar", 3e9, 0.9))
    deals = [fact((name, "invested_in", "Quillmere"), amount=money(x), confidence=c) for name, x, c in sizes]
    made.put(letter("k1", *deals))
    assert [t.deal.parties[0].entity_id for t in digest(made, ["k1"]).deals.new] == [
        "org/cedar", "org/alder", "org/birch",
    ]  # fmt: skip
    made.store.close()


def test_the_order_of_import_makes_no_difference(tmp_path_factory: pytest.TempPathFactory) -> None:
    letters = [
        letter("k1", fact(ROUND, status="in_talks"), published=A),
        letter("k2", fact(ROUND, amount=money(5e9)), fact(JOB, role="CTO"), published=B),
        letter("k3", fact(SPEND, amount=money(2e9)), fact(ROUND, status="completed"), published=C),
    ]
    made = []
    for order in permutations(letters):
        one = graph_of(tmp_path_factory, order)
        made.append([digest(one, [k]).to_json() for k in ("k1", "k2", "k3")] + [digest_of(one, B, C).to_json()])
        one.store.close()
    assert all(other == made[0] for other in made)
    assert [bool(d["loops"]) for d in made[0]] == [False, False, True, True]


def view(store: Any) -> dict[tuple[str, str], Any]:
    return {(row.kind, row.id): row.data for kind in VIEW for row in store.rows(kind)}


@settings(max_examples=25, deadline=None)
@given(some=st.lists(extracts(), min_size=1, max_size=5), data=st.data())
def test_the_view_without_issues_is_that_of_a_graph_without_them(
    tmp_path_factory: pytest.TempPathFactory, some: list[Extract], data: st.DataObject
) -> None:
    whole = graph_of(tmp_path_factory, some)
    last = {one.issue.key: one for one in some}
    gone = data.draw(st.sets(st.sampled_from(sorted(last)), min_size=1))
    before = whole.dump()
    rest = graph_of(tmp_path_factory, (one for key, one in last.items() if key not in gone))
    assert view(_without(whole, whole.store, gone)) == view(rest.store)
    assert all(type(part) is list for part in (digest(whole, gone).to_json()[k] for k in KINDS[:-1]))
    assert whole.dump() == before
    for key in gone:
        whole.remove(key)
    assert view(whole.store) == view(rest.store)
    for made in (whole, rest):
        made.store.close()
