"""Judgements of people: each verdict in the view, contradictions, sleeping and waking, undo, what cannot be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kg.deal_figures import CHOSEN
from kg.derive_cells import Recompute
from kg.errors import KGError
from kg.graph import Graph
from kg.judging import ContradictionError, told
from kg.model import Extract, Judgement
from kg.review_world import World
from tests.kg.graph_parts import extract, graph, issue, money
from tests.kg.test_property import check_cells

DAY = "2026-05-{:02d}T10:00:00Z"


@pytest.fixture
def g(tmp_path: Path) -> Iterator[Graph]:
    """Return a graph, whose cells are compared with the whole in the end."""
    made = graph(tmp_path / "kg.db", trust={"acquired": 0.9})
    yield made
    check_cells(made)
    made.store.close()


def judged(kind: str, target: str, verdict: str, day: int = 1, **more: Any) -> Judgement:
    """Return a judgement of a day in May."""
    return Judgement(kind=kind, target=target, verdict=verdict, when=DAY.format(day), **more)


def names(verdict: str, a: str, b: str, day: int = 1, **more: Any) -> Judgement:
    """Return a judgement on two firms, or models where the ids say so."""
    pair = sorted(id if "/" in id else f"org/{id}" for id in (a, b))
    return judged("entity", "|".join(pair), verdict, day, **more)


def deal(verdict: str, a: str, b: str, day: int = 1) -> Judgement:
    """Return a judgement on the deals of two statements."""
    return judged("deal", "|".join(sorted((a, b))), verdict, day)


def entities(g: Graph) -> dict[str, list[str]]:
    """Return entity id → its member keys."""
    return {row.id: row.data["members"] for row in g.store.rows("entity")}


def deals(g: Graph) -> set[frozenset[str]]:
    """Return the statements of each deal."""
    return {frozenset(row.data["statement_ids"]) for row in g.store.rows("deal")}


def firms(*some: str, types: dict[str, Any] | None = None) -> Extract:
    """Return an Extract in which each of some firms bought Quarry."""
    return extract(issue("k0"), *((name, "acquired", "Quarry") for name in some), types=types)


def sizes(*amounts: float, key: str = "k1", published: str = "2026-04-21") -> Extract:
    """Return an Extract of loans of one pair that have different amounts, so that the rules part them."""
    facts = (("Nova", "lent_to", "Metra", {"amount": money(a), "confidence": 0.5}) for a in amounts)
    return extract(issue(key, f"text of {key}: {amounts}", published), *facts)


def ids(x: Extract) -> list[str]:
    """Return the ids of an Extract's statements, in the order of their claims."""
    return sorted(s.id(x.issue.key) for s in x.statements)


# names said → entity id → members; "Amazon" and "AMZN" are one by the reference
CLUSTERS: dict[str, tuple[tuple[str, ...], list[Judgement], dict[str, list[str]]]] = {
    "two names become one, by the alphabetically first": (
        ("Nova", "Nova Labs"), [names("same", "nova", "novalabs")], {"org/nova": ["org/nova", "org/novalabs"]},
    ),
    "by the curated one": (
        ("Aardvark", "Amazon"), [names("same", "aardvark", "amazon")], {"org/amazon": ["org/aardvark", "org/amazon"]},
    ),
    "by the curated one, though no text names it in full": (
        ("Aardvark", "AMZN"), [names("same", "aardvark", "amazon")], {"org/amazon": ["org/aardvark", "org/amzn"]},
    ),
    "transitively": (
        ("A", "B", "C"), [names("same", "a", "b"), names("same", "b", "c")], {"org/a": ["org/a", "org/b", "org/c"]},
    ),
    "a different that came first is overruled": (
        ("A", "B", "C"),
        [names("different", "a", "c", 1), names("same", "a", "b", 2), names("same", "b", "c", 3)],
        {"org/a": ["org/a", "org/b", "org/c"]},
    ),
    "a different that comes last cuts the older merge": (
        ("A", "B", "C"),
        [names("same", "a", "b", 1), names("same", "b", "c", 2), names("different", "a", "c", 3)],
        {"org/a": ["org/a"], "org/b": ["org/b", "org/c"]},
    ),
    "the same whatever the order in which they came in": (
        ("A", "B", "C"),
        [names("different", "a", "c", 3), names("same", "b", "c", 2), names("same", "a", "b", 1)],
        {"org/a": ["org/a"], "org/b": ["org/b", "org/c"]},
    ),
    "an alias leaves with its own id": (
        ("Amazon", "AMZN", "Amazon.com"),
        [names("different", "amazon", "amzn")],
        {"org/amazon": ["org/amazon", "org/amazoncom"], "org/amzn": ["org/amzn"]},
    ),
    "and takes along what is merged with it": (
        ("Amazon", "AMZN", "Aztec"),
        [names("different", "amazon", "amzn"), names("same", "amzn", "aztec")],
        {"org/amazon": ["org/amazon"], "org/amzn": ["org/amzn", "org/aztec"]},
    ),
    "two curated ones": (
        ("Amazon", "Anthropic PBC"), [names("same", "amazon", "anthropic")],
        {"org/amazon": ["org/amazon", "org/anthropicpbc"]},
    ),
    "unsure changes nothing": (
        ("Nova", "Nova Labs"), [names("unsure", "nova", "novalabs")],
        {"org/nova": ["org/nova"], "org/novalabs": ["org/novalabs"]},
    ),
    "numbers that differ are one only where a person says so": (
        ("Novum 4.1", "Novum 41", "Oda"), [names("same", "novum41#41", "oda")],
        {"org/novum41": ["org/novum41#4.1"], "org/novum41#41": ["org/novum41#41", "org/oda"]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CLUSTERS)
def test_names_are_one_or_not_as_people_say(g: Graph, case: str) -> None:
    some, said, expected = CLUSTERS[case]
    g.put(firms(*some))
    before = g.dump()
    for judgement in said:
        g.judge(judgement, force=True)
    found = entities(g)
    del found["org/quarry"]
    assert found == expected
    for id, members in expected.items():
        for key in members:
            assert g.entity(key).id == id
    while g.undo():
        check_cells(g)
    assert g.dump() == before


def test_every_id_that_a_merged_entity_had_finds_it(g: Graph) -> None:
    g.put(firms("Novum 4.1", "Oda", "Amazon", "Anthropic PBC"))
    g.judge(names("same", "novum41#4.1", "oda"))
    g.judge(names("same", "amazon", "anthropic"))
    for id in ("org/novum41", "org/novum41#4.1", "org/oda"):
        assert g.entity(id).id == "org/novum41"
    for id in ("org/anthropic", "org/anthropicpbc", "org/amazon", "Anthropic", "AMZN"):
        assert g.entity(id).id == "org/amazon"


def test_a_name_that_left_is_no_form_of_the_curated_entity(g: Graph) -> None:
    g.put(firms("Amazon", "AMZN"))
    g.judge(names("different", "amazon", "amzn"))
    assert [g.entity(name).id for name in ("AMZN", "Amazon", "Amazon.com")] == ["org/amzn", "org/amazon", "org/amazon"]


def test_an_id_without_numbers_stays_with_the_name_that_had_it(g: Graph) -> None:
    g.put(firms("Novum 41", "Oda"))
    kept = g.judge(names("same", "novum41", "oda"))
    assert kept.about == {"names": ["Novum 41", "Oda"], "members": ["org/novum41#41", "org/oda"]}
    g.put(extract(issue("k1"), ("Novum 4.1", "acquired", "Quarry")))  # it takes the id
    found = entities(g)
    assert (found["org/novum41"], found["org/novum41#41"]) == (["org/novum41#4.1"], ["org/novum41#41", "org/oda"])


def test_a_merge_that_contradicts_warns_with_the_decision(g: Graph) -> None:
    g.put(firms("A", "B", "C"))
    g.judge(names("different", "a", "c", 1, note="two  firms"))
    g.judge(names("same", "a", "b", 2))
    before = g.dump()
    with pytest.raises(ContradictionError) as caught:
        g.judge(names("same", "b", "c", 3))
    assert [told(j) for j in caught.value.earlier] == ["contradicts: different, 2026-05-01, note two firms (A and C)"]
    assert g.dump() == before
    with pytest.raises(ContradictionError):
        g.judge(names("same", "a", "c", 3))  # the very pair
    g.judge(names("same", "b", "c", 3), force=True)
    assert list(entities(g)) == ["org/a", "org/quarry"]
    g.judge(names("same", "a", "c", 4))  # overruled already


def test_the_pairs_that_were_judged_go_by_the_ids_of_now(g: Graph) -> None:
    g.put(firms("Novum 4.1", "Oda", "Nova", "Orbo"))
    g.judge(names("unsure", "novum41", "oda"))
    g.judge(names("different", "nova", "oda"))
    g.judge(names("same", "nova", "orbo"))
    g.judge(names("different", "nobody", "oda"))
    assert {tuple(sorted(pair)): j.verdict for pair, j in g.judged_pairs().items()} == {
        ("org/novum41", "org/oda"): "unsure", ("org/nova", "org/oda"): "different",
    }  # fmt: skip


def test_a_judged_pair_stays_judged_in_the_review_if_its_id_passes_to_another_name(g: Graph) -> None:
    g.put(extract(issue("k1"), types={"Kimi K26": "model", "Kimi Max": "model"}))
    g.judge(judged("entity", "model/kimik26|model/kimimax", "different"))
    g.put(extract(issue("k2"), types={"Kimi K2.6": "model"}))  # model/kimik26 from now on
    found = World(g.store, g.schema, g.reference, {}).judged_names
    assert found == {frozenset({"model/kimik26#26", "model/kimimax"})} == g.judged_pairs().keys()


def test_an_issue_whose_date_is_no_day_is_undated_and_can_be_dated(g: Graph) -> None:
    for key in ("k1", "k2"):
        g.put(sizes(5e9, key=key, published="2026-04"))
    assert {row.data["published"] for row in g.store.rows("listing")} == {None}
    g.judge(Judgement(kind="date", target="k1", verdict="correct", value="2026-04-21"))
    assert [row.data["published"] for row in g.store.rows("listing")] == ["2026-04-21", None]


def test_many_words_on_one_deal_make_the_view_follow_once(g: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    some = [sizes(5e9, key=f"k{n}") for n in range(5)]
    for x in some:
        g.put(x)
    first, *others = (id for x in some for id in ids(x))
    runs: list[int] = []
    plain = Recompute.run
    monkeypatch.setattr(Recompute, "run", lambda self, *a, **k: (runs.append(1), plain(self, *a, **k))[1])
    g.judge_all([deal("different", first, other) for other in others])
    assert len(runs) == 1
    assert deals(g) == {frozenset({first}), frozenset(others)}
    assert [g.undo() is not None for _ in range(5)] == [True] * 4 + [False]


def test_people_who_judge_at_once_lose_nothing(g: Graph) -> None:
    some = [f"F{n}" for n in range(16)]
    g.put(firms(*some))
    pairs = [(a.lower(), b.lower(), n % 4 != 3) for n, (a, b) in enumerate(pairwise(some))]
    with ThreadPoolExecutor(4) as threads:
        done = list(
            threads.map(lambda p: g.judge(names("same" if p[2] else "different", p[0].lower(), p[1].lower())), pairs)
        )
    assert len(done) == len(g.judgements()) == 15
    assert sorted(row.data["seq"] for row in g.store.rows("judgement")) == list(range(1, 16))
    assert len(entities(g)) == 1 + 4
    check_cells(g)


def test_what_stands_for_nothing_hinders_nothing(g: Graph) -> None:
    g.put(firms("A", "B", "C"))
    g.judge(names("different", "a", "b", 1))
    g.judge(names("unsure", "a", "c", 1))
    g.judge(names("same", "a", "c", 2))
    assert entities(g)["org/a"] == ["org/a", "org/c"]


def test_a_merge_joins_the_deals_of_both_names(g: Graph) -> None:
    g.put(extract(issue("k1"), ("Nova", "acquired", "Metra"), ("Nova Labs", "acquired", "Metra")))
    assert len(deals(g)) == 2
    g.judge(names("same", "nova", "novalabs"))
    assert len(deals(g)) == 1
    g.judge(names("different", "nova", "novalabs", 2))
    assert len(deals(g)) == 2


def test_deals_are_one_or_not_as_people_say(g: Graph) -> None:
    x = sizes(1e9, 2e9, 3e9)
    g.put(x)
    a, b, c = ids(x)
    g.judge(deal("same", a, b))
    assert deals(g) == {frozenset((a, b)), frozenset((c,))}
    g.judge(deal("same", b, c))
    assert deals(g) == {frozenset((a, b, c))}
    g.judge(deal("different", a, c, 2))  # the later of the two leaves, with what the last merge ties to it
    assert deals(g) == {frozenset((a,)), frozenset((b, c))}
    with pytest.raises(ContradictionError):
        g.judge(deal("same", a, c, 3))
    g.judge(deal("same", a, c, 3), force=True)
    assert deals(g) == {frozenset((a, b, c))}


def test_what_the_rules_join_comes_apart(g: Graph) -> None:
    letters = [
        extract(issue(f"k{n}", published=f"2026-04-0{n}"), ("Nova", "acquired", "Metra", {"amount": money(1e9)}))
        for n in (1, 2, 3)
    ]
    for x in letters:
        g.put(x)
    a, b, c = (ids(x)[0] for x in letters)
    assert deals(g) == {frozenset((a, b, c))}
    g.judge(deal("different", a, b))
    assert deals(g) == {frozenset((a, c)), frozenset((b,))}
    with pytest.raises(ContradictionError):  # c is in the deal of a, by the rules
        g.judge(deal("same", b, c, 2))
    g.judge(deal("different", a, c, 2))  # those that leave stay together
    assert deals(g) == {frozenset((a,)), frozenset((b, c))}
    g.judge(deal("different", b, c, 3))
    assert deals(g) == {frozenset((a,)), frozenset((b,)), frozenset((c,))}
    g.judge(deal("unsure", b, c, 4))
    assert deals(g) == {frozenset((a,)), frozenset((b, c))}


def test_the_chosen_figure_is_that_of_the_deal(g: Graph) -> None:
    x = sizes(1e9, 2e9)
    g.put(x)
    a, b = ids(x)
    g.judge(deal("same", a, b))
    for n, one in enumerate((a, b, a), start=1):
        g.judge(judged("figure", one, "chosen", n))
        row, wanted = next(g.store.rows("deal")), g.statement(one).data["attrs"]["amount"]
        assert (row.data["amount"], row.data["figure_why"]) == (wanted, CHOSEN)
        assert row.data["figures"][0]["statement_ids"] == [one]
        (edge,) = g.store.rows("edge")
        assert edge.data["attrs"]["amount"] == wanted
        assert (edge.data["amount_low"], edge.data["amount_high"]) == (wanted["low"], wanted["high"])
    g.unjudge("figure", a)
    assert next(g.store.rows("deal")).data["figures"][0]["statement_ids"] == [b]
    g.unjudge("figure", b)
    assert next(g.store.rows("deal")).data["figure_why"] != CHOSEN


def test_a_corrected_statement_counts_as_put_right_and_stays_as_read(g: Graph) -> None:
    x = extract(
        issue("k1"), ("Nova", "acquired", "Metra", {
            "amount": money(1e9), "status": "announced", "words": {"date": "last month"}, "confidence": 0.4}),
    )  # fmt: skip
    g.put(x)
    (id,) = ids(x)
    read = g.statement(id).data
    (edge,) = g.store.rows("edge")
    assert (edge.data["date"], edge.data["certain"]) == ("2026-03", False)
    five = '{"amount": {"low": 5e9, "currency": "USD"}, "date": null, "status": "completed"}'
    kept = g.judge(judged("statement", id, "correct", value=five))
    assert kept.value == (
        '{"amount": {"currency": "USD", "high": 5000000000, "low": 5000000000, "qualifier": "exact"}, '
        '"date": null, "status": "completed"}'
    )
    (edge,) = g.store.rows("edge")
    assert (edge.data["amount_low"], edge.data["date"], edge.data["stage"]) == (5000000000, None, "completed")
    assert edge.data["certain"]
    assert g.statement(id).data == read
    (row,) = g.store.rows("deal")
    assert (row.data["amount"]["low"], row.data["stage"], row.data["certain"]) == (5000000000, "completed", True)
    g.judge(judged("statement", id, "reject", 2))
    assert deals(g) == set()
    assert g.undo()
    assert next(g.store.rows("deal")).data["stage"] == "completed"


# How each kind of judgement is made on the statements of `sizes(1e9, 2e9)`, and whether it shows in the view.
ASLEEP: dict[str, tuple[Callable[[list[str]], Judgement], Callable[[Graph], bool]]] = {
    "deal": (lambda s: deal("same", *s), lambda g: len(deals(g)) == 2),
    "figure": (
        lambda s: judged("figure", s[0], "chosen"),
        lambda g: any(r.data["figure_why"] == CHOSEN for r in g.store.rows("deal")),
    ),
    "statement": (
        lambda s: judged("statement", s[0], "correct", value='{"status": "completed"}'),
        lambda g: any(r.data["stage"] == "completed" for r in g.store.rows("deal")),
    ),
    "entity": (lambda s: names("same", "nova", "orbo"), lambda g: "org/orbo" not in entities(g)),
}  # fmt: skip


@pytest.mark.parametrize("kind", ASLEEP)
def test_a_judgement_sleeps_while_its_issue_is_gone_and_wakes(g: Graph, kind: str) -> None:
    make, shows = ASLEEP[kind]
    g.put(extract(issue("other"), ("Orbo", "lent_to", "Metra")))
    x = sizes(1e9, 2e9)
    g.put(x)
    g.judge(make(ids(x)))
    (row,) = g.store.rows("judgement")
    whole = g.dump()
    assert (shows(g), g.sleeping()) == (True, set())
    g.remove("k1")
    assert g.sleeping() == {row.id}
    assert g.resting("k1") == (set() if kind == "entity" else {row.id})
    check_cells(g)
    g.put(x)
    assert (g.dump(), g.sleeping(), g.resting("k1")) == (whole, set(), set())


def test_a_deal_judgement_follows_the_only_statement_of_its_pair(g: Graph) -> None:
    one, two = sizes(1e9, key="k1"), sizes(2e9, key="k2")
    g.put(one)
    g.put(two)
    g.judge(deal("same", *ids(one), *ids(two)))
    g.put(sizes(3e9, key="k1"))  # read anew: another id
    assert len(deals(g)) == 1
    g.put(sizes(3e9, 4e9, key="k1"))  # which of the two?
    assert len(deals(g)) == 3
    assert g.resting("k1")
    assert not g.resting("k2")


def test_undo_takes_back_one_after_another_and_what_was_replaced_holds_again(g: Graph) -> None:
    x = sizes(1e9, 2e9)
    g.put(x)
    a, b = ids(x)
    said = [
        judged("statement", a, "reject", 1), judged("statement", b, "accept", 1), judged("statement", a, "accept", 1),
        judged("date", "k1", "correct", 1, value="2026-05-05"), names("same", "nova", "metra", 2),
        judged("statement", a, "correct", 3, value='{"status": "completed"}'),
    ]  # fmt: skip
    dumps = [g.dump()]
    for judgement in said:
        g.judge(judgement)
        dumps.append(g.dump())
    for judgement in reversed(said):
        assert g.dump() == dumps.pop()
        done = g.undo()
        assert done is not None
        assert (done.judgement.kind, done.judgement.target, done.judgement.verdict) == (
            judgement.kind, judgement.target, judgement.verdict,
        )  # fmt: skip
        again = {"accept": "reject", "correct": "accept"}.get(judgement.verdict) if judgement.target == a else None
        assert (done.again and done.again.verdict) == again
    assert [g.dump()] == dumps
    assert g.undo() is None


def test_the_latest_by_its_time_goes_first(g: Graph) -> None:
    g.put(firms("A", "B", "C"))
    g.judge(names("same", "a", "b", 9))
    g.judge(names("same", "b", "c", 2))
    assert [(done := g.undo()) and done.judgement.target for _ in range(3)] == ["org/a|org/b", "org/b|org/c", None]


def test_of_a_verdict_changed_again_and_again_the_last_hundred_are_kept(g: Graph) -> None:
    x = sizes(1e9)
    g.put(x)
    for n in range(150):
        g.judge(judged("statement", ids(x)[0], ("accept", "reject")[n % 2]))
    undone = 0
    while g.undo():
        undone += 1
    assert undone == 101


def test_deals_of_others_cannot_be_one(g: Graph) -> None:
    x = extract(
        issue("k1"), ("Nova", "acquired", "Metra"), ("Orbo", "acquired", "Metra"), ("Nova", "partnered_with", "Metra"),
        ("Nova", "raised", "Nova"), ("Orbo", "raised", "Orbo"), ("Nova", "sued", "Metra"),
    )  # fmt: skip
    g.put(x)
    by = {(s.subject, s.relation): s.id("k1") for s in x.statements}
    before = g.dump()
    for a, b, told_ in (
        (("Nova", "acquired"), ("Orbo", "acquired"), "different parties: first say that (Nova and Orbo|Orbo and Nova)"),
        (("Nova", "raised"), ("Orbo", "raised"), "different parties: first say that (Nova and Orbo|Orbo and Nova)"),
        (("Nova", "acquired"), ("Nova", "partnered_with"), "different kinds"),
        (("Nova", "acquired"), ("Nova", "sued"), "tells of no deal"),
    ):
        for verdict in ("same", "different", "unsure"):
            with pytest.raises(KGError, match=told_):
                g.judge(deal(verdict, by[a], by[b]))
    with pytest.raises(KGError, match="states no amount"):
        g.judge(judged("figure", by["Nova", "acquired"], "chosen"))
    assert g.dump() == before
    g.judge(names("same", "nova", "orbo"))
    g.judge(deal("same", by["Nova", "acquired"], by["Orbo", "acquired"]))


S, CORRECT = "s0123456789abcdef", {"kind": "statement", "target": "s0123456789abcdef", "verdict": "correct"}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"kind": "zap", "target": "x", "verdict": "same"}, "no kind of judgement; known are statement, date, entity"),
    ({"kind": "entity", "target": "org/a|org/b", "verdict": "maybe"}, "no verdict on an entity; known are same, diff"),
    ({"kind": "deal", "target": "sa|sb", "verdict": "accept"}, "no verdict on a deal"),
    ({"kind": "figure", "target": S, "verdict": "correct"}, "known are chosen"),
    ({"kind": "entity", "target": "org/a", "verdict": "same"}, r"write their ids as org/anthropic\|org/openai"),
    ({"kind": "entity", "target": "a|b", "verdict": "same"}, "no two entities"),
    ({"kind": "entity", "target": "org/a|org/a", "verdict": "same"}, "no two entities"),
    ({"kind": "entity", "target": "model/a|org/a", "verdict": "same"}, "a model is no company"),
    ({"kind": "entity", "target": "org/a|person/a", "verdict": "same"}, "cannot be the same"),
    ({"kind": "entity", "target": "org/a|org/b", "verdict": "same", "about": {"names": "A"}}, "about.names"),
    ({"kind": "entity", "target": "org/amazon|org/amazon#", "verdict": "same", "about": {"members": ["", ""]}}, "keys"),
    ({"kind": "deal", "target": "sa", "verdict": "same"}, r"write their ids as sX\|sY"),
    ({"kind": "deal", "target": "sa|sa", "verdict": "same"}, "no two statements"),
    ({"kind": "deal", "target": "sa|sb|sc", "verdict": "same"}, "no two statements"),
    ({"kind": "deal", "target": "sa|sb", "verdict": "same", "about": {"a": 1}}, "about.a"),
    ({"kind": "figure", "target": "d1", "verdict": "chosen"}, "no statement's id"),
    ({"kind": "statement", "target": "", "verdict": "accept"}, "names nothing"),
    ({"kind": "statement", "target": S, "verdict": "accept", "about": {"issue": 7}}, "about.issue"),
    ({"kind": "statement", "target": S, "verdict": "accept", "when": "yesterday"}, "2026-11-30T10:00:00Z"),
    ({"kind": "statement", "target": S, "verdict": "accept", "when": "2026-11-30T10:00:00"}, "zone"),
    ({"kind": "statement", "target": S, "verdict": "accept", "when": "0001-01-01T00:00:00+14:00"}, "zone"),
    (CORRECT, "JSON object"),
    ({**CORRECT, "value": "[]"}, "JSON object"),
    ({**CORRECT, "value": "{}"}, "JSON object"),
    ({**CORRECT, "value": '{"amount": NaN}'}, "JSON object"),
    ({**CORRECT, "value": '{"colour": "red"}'}, "no such qualifier; there is amount"),
    ({**CORRECT, "value": '{"round": "A"}', "about": {"relation": "acquired"}}, "acquired has no such qualifier"),
    ({**CORRECT, "value": '{"amount": 5}'}, "amount"),
    ({**CORRECT, "value": '{"amount": {"currency": "USD"}}'}, "a low or a high"),
    ({**CORRECT, "value": '{"amount": {"low": 9, "high": 5, "qualifier": "range"}}'}, "low figure is above"),
    ({**CORRECT, "value": '{"amount": {"low": 5, "high": 9, "qualifier": "up_to"}}'}, "up_to has no low"),
    ({**CORRECT, "value": '{"amount": {"low": 5, "high": 9}}'}, "exact has one figure"),
    ({**CORRECT, "value": '{"amount": {"low": -5}}'}, "a low or a high"),
    ({**CORRECT, "value": '{"amount": {"low": 5, "currency": "dollars"}}'}, "write its code"),
    ({**CORRECT, "value": '{"date": "soon"}'}, "write it as 2026, 2026-04"),
    ({**CORRECT, "value": '{"date": "2026-02-30"}'}, "write it as 2026, 2026-04"),
    ({**CORRECT, "value": '{"period": "<2026"}'}, "2026-Q1"),
    ({**CORRECT, "value": '{"status": "maybe"}'}, "there is rumored"),
    ({**CORRECT, "value": '{"percent": "many"}'}, "percent"),
    ({**CORRECT, "value": '{"percent": 1e999}'}, "percent"),
    ({**CORRECT, "value": '{"role": " "}'}, "1 to 500 characters"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "told"), WRONG)
def test_judgements_that_cannot_be_are_refused_and_say_what_is_right(
    g: Graph, wrong: dict[str, Any], told: str
) -> None:
    with pytest.raises(KGError, match=told):
        g.judge(Judgement(**wrong))
    assert g.dump() == []


def test_the_order_of_a_pair_and_the_zone_of_a_time_play_no_part(g: Graph) -> None:
    g.put(firms("Nova", "Orbo"))
    kept = g.judge(
        Judgement(kind="entity", target="org/orbo|org/nova", verdict="same", when="2026-05-01T12:00:00+02:00")
    )
    assert (kept.target, kept.when, kept.about) == ("org/nova|org/orbo", DAY.format(1), {"names": ["Nova", "Orbo"]})
    with pytest.raises(KGError, match="one name"):
        g.judge(names("same", "amazon", "amazon#", about={"members": ["org/amazon", "org/amazon"]}))


def test_parts_of_a_second_count(g: Graph) -> None:
    x = sizes(1e9, 2e9)
    g.put(x)
    a, b = ids(x)
    g.judge(deal("same", a, b))
    times = ("2026-05-02T10:00:00Z", "2026-05-02T10:00:00.000001Z", "2026-05-02T10:00:00.5Z", "2026-05-02T10:00:01Z")
    for one, when in zip((b, a, b, a), times, strict=True):
        g.judge(Judgement(kind="figure", target=one, verdict="chosen", when=when))
        assert next(g.store.rows("deal")).data["figures"][0]["statement_ids"] == [one]


def test_a_model_and_a_product_may_be_one(g: Graph) -> None:
    types = {"Gem": "model", "Gem App": "product"}
    g.put(extract(issue("k1"), ("Nova", "developed", "Gem"), ("Nova", "developed", "Gem App"), types=types))
    g.judge(names("same", "model/gem", "product/gemapp"))
    assert entities(g)["model/gem"] == ["model/gem", "product/gemapp"]


HOSTILE = (
    "| org/",
    "org/|",
    "{x}') MATCH (n) DETACH DELETE n //",
    "<script>alert(1)</script>",
    "🤗",
    "'; DROP TABLE x",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_any_letters_can_be_judged(g: Graph, name: str) -> None:
    g.put(firms("Nova", name))
    (other,) = (id for id in entities(g) if id not in ("org/nova", "org/quarry"))
    g.judge(names("same", "nova", other))
    assert len(entities(g)) == 2
    assert g.undo()
    assert len(entities(g)) == 3


def test_what_is_said_of_an_issue_holds_for_the_one_that_repeats_its_text(g: Graph) -> None:
    facts = (("Nova", "lent_to", "Metra", {"amount": money(a)}) for a in (1e9, 2e9))
    b = extract(issue("kb", "one text"), *facts)
    a = b.model_copy(update={"issue": issue("ka", "one text")})
    g.put(b)
    one, _ = (s.id("kb") for s in b.statements)
    g.judge(judged("statement", one, "reject"))
    alone = [row.data["amount"]["low"] for row in g.store.rows("deal")]
    assert alone == [2e9]
    g.put(a)  # under an earlier key: its statements count instead
    assert [row.data["amount"]["low"] for row in g.store.rows("deal")] == alone
    assert g.sleeping() == set()
    check_cells(g)
    g.judge(judged("statement", a.statements[1].id("ka"), "correct", value='{"amount": null}'))
    assert [row.data["amount"] for row in g.store.rows("deal")] == [None]
    g.remove("ka")
    assert [row.data["amount"]["low"] for row in g.store.rows("deal")] == alone
