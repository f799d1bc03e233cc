"""The review list: what is suggested and what is not, its order, and that what was judged is out of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.errors import QuestionError
from kg.graph import Graph
from kg.lookup import LAYERS
from kg.model import Entity, EntityType, Extract, Judgement
from kg.record import hashed
from kg.reference import Entry, Reference
from kg.review import Listed, Review
from kg.review_items import CONTRADICTIONS, DEALS, DUPLICATES, LESS_CERTAIN, Answer, Item
from kg.review_names import Known, hints
from kg.store.base import Row
from kg.store.sqlite import SQLiteStore
from tests.app.web_material import HOSTILE_NAME
from tests.kg.graph_parts import SCHEMA, extract, issue, money, sentence

KNOWN = Reference(
    [
        Entry(id="org/orbo", kind="company", name="Orbo"),
        Entry(id="org/orbolabs", kind="company", name="Orbo Labs", parent="org/orbo"),
        Entry(id="org/velane", kind="company", name="Velane"),
        Entry(id="org/velanecloud", kind="company", name="Velane Cloud", parent="org/velane"),
    ]
)
TRUST = dict.fromkeys(SCHEMA.relations, 0.7)
World = Callable[..., "Made"]


class Made:
    """A filled graph and its review list."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.review = Review(graph.store, SCHEMA, KNOWN, trust=TRUST)

    def items(self, *kinds: str) -> tuple[Item, ...]:
        return self.review.items(kinds).items

    def ids(self, *kinds: str) -> list[str]:
        return [item.id for item in self.items(*kinds)]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Return a function that fills a store with extracts."""
    stores: list[SQLiteStore] = []

    def made(*extracts: Extract) -> Made:
        store = SQLiteStore(tmp_path / f"{len(stores)}.db")
        stores.append(store)
        graph = Graph(store, SCHEMA, KNOWN, trust=TRUST)
        for one in extracts:
            graph.put(one)
        return Made(graph)

    yield made
    for store in stores:
        store.close()


def pair(a: str, b: str, kind: EntityType = "company", **apart: Any) -> tuple[Extract, Extract]:
    """Return two issues, each of which says something of one of the names."""
    said = {
        "company": lambda name, n: (name, "partnered_with", f"Fellow {'One' if n else 'Two'}"),
        "person": lambda name, n: (name, "works_at", f"Fellow {'One' if n else 'Two'}"),
        "model": lambda name, n: (name, "available_on", f"Fellow {'One' if n else 'Two'}"),
        "benchmark": lambda name, n: ("Vanta", "scored", name, {"value": float(n)}),
    }[kind]
    types: dict[str, EntityType] = {a: kind, b: kind, "Vanta": "model"}
    made = []
    for n, name in enumerate((a, b)):
        fact = said(name, n)
        kinds = {e: types.get(e, "company") for e in (fact[0], fact[2])}
        made.append(extract(issue(hashed("i", name)), fact, types=kinds, **apart.get(f"aliases{n}", {})))
    return made[0], made[1]


def ends(ids: list[str]) -> list[tuple[str, ...]]:
    return [tuple(id.partition(":")[2].split("|")) for id in ids]


@pytest.mark.parametrize(
    ("a", "b", "kind", "why"),
    [
        ("Quillmark", "Quillmarc", "company", "nearly the same letters"),
        ("Brightfen Systems", "Brightfen Sistems", "company", "nearly the same letters"),
        ("Quillmark", "Quillmark AG", "company", "legal form"),
        ("Quillmark SE", "The Quillmark Company", "company", "legal form"),
        ("Quillmark", "Quillmark Labs", "company", "the same name but for “labs”"),
        ("ABC", "Alder Brook Capital", "company", "the first letters"),
        ("AFB", "Alder Foundation of Brook", "company", "the first letters"),
        ("Mara Lindqvist", "M. Lindqvist", "person", "the same surname"),
        ("Sam Lindqvist", "Samuel Lindqvist", "person", "the same surname"),
        ("Mara Lindqvist", "Mara J. Lindqvist", "person", "the same surname"),
        ("Mara Lindqvist", "Lindqvist", "person", "is the surname"),
        ("Vanta 2", "Fellow One Vanta 2", "model", "a firm"),
        ("Long Ladder Score", "LLS", "benchmark", "the first letters"),
    ],
)  # fmt: skip
def test_likely_duplicates_are_listed_with_the_reason(world: World, a: str, b: str, kind: EntityType, why: str) -> None:
    (item,) = world(*pair(a, b, kind)).items(DUPLICATES)
    assert {f"“{a}”" in item.title, f"“{b}”" in item.title} == {True}
    assert any(why in reason for reason in item.why), item.why
    assert [answer.verdict for answer in item.answers] == ["same", "different", "unsure"]


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        ("Vanta 2", "Vanta 3", "model"),  # digits differ
        ("Vanta 2.5", "Vanta 25", "model"),
        ("Vanta", "Vanta 2", "model"),
        ("Vanta Pro", "Vanta Flash", "model"),
        ("Vanta Pro", "Vanta Mini", "model"),
        ("Vanta Pro 2", "Ember Vanta Pro 2", "model"),  # another's offspring: Ember is no firm
        ("Vanta300", "Vanta300X", "model"),
        ("Mistrel", "Magistrel", "company"),
        ("Meta", "Metal", "company"),
        ("Alder Capital", "Alder Robotics", "company"),
        ("Northgate", "Southgate", "company"),
        ("Mara Lindqvist", "Tobias Lindqvist", "person"),
        ("Dario Amberg", "Daniela Amberg", "person"),
        ("AB", "Alder Brook", "company"),  # two letters
        ("Abc", "Alder Brook Capital", "company"),  # no capitals
        ("Quillmark", "Brightfen", "company"),
    ],
)  # fmt: skip
def test_what_is_not_alike_is_not_listed(world: World, a: str, b: str, kind: EntityType) -> None:
    assert world(*pair(a, b, kind)).ids(DUPLICATES) == []


def test_a_word_that_begins_several_works_is_a_family_name(world: World) -> None:
    works = ("Vanta Pro 2", "Ember Vanta Pro 2", "Ember Max", "Ember Mini")
    made = world(*(extract(issue(hashed("i", w)), (w, "available_on", f"On {w}"), types={w: "model"}) for w in works))
    assert ends(made.ids()) == [("model/embervantapro2", "model/vantapro2")]


def test_a_short_form_of_one_issue_that_is_a_name_elsewhere_is_asked(world: World) -> None:
    (item,) = world(*pair("Alder Brook Foundry", "Foundry", aliases0={"Alder Brook Foundry": ("Foundry",)})).items()
    assert item.why == ("an issue calls “Alder Brook Foundry” “Foundry”",)


def test_a_company_and_an_organization_are_compared_a_person_and_a_firm_are_not(world: World) -> None:
    one = extract(issue("i1"), ("Quillmark", "partnered_with", "Fellow One"))
    other = extract(
        issue("i2"), ("Quillmark AG", "partnered_with", "Fellow Two"), types={"Quillmark AG": "organization"}
    )
    person = extract(issue("i3"), ("Quillmark", "works_at", "Fellow Two"), types={"Quillmark": "person"})
    assert ends(world(one, other).ids()) == [("org/quillmark", "org/quillmarkag")]
    assert world(one, person).ids() == []


def test_reference_data_and_a_link_between_them_say_that_two_are_two(world: World) -> None:
    assert world(*pair("Orbo", "Orbo Labs")).ids() == []  # a parent and its part
    assert world(*pair("Velane", "Velane Cloud")).ids() == []
    assert len(world(*pair("Velane", "Velane Labs")).ids()) == 1  # only one is curated
    bought = extract(issue("i3"), ("Quillmark", "acquired", "Quillmark Labs"))
    assert world(*pair("Quillmark", "Quillmark Labs"), bought).ids() == []


def test_shared_neighbours_raise_and_names_side_by_side_lower(world: World) -> None:
    def likely(*extracts: Extract) -> float:
        found = world(*extracts).items(DUPLICATES)
        return found[0].consequence.likely if found else 0.0

    plain = likely(*pair("Quillmark", "Quillmark Labs"))
    fellow = extract(issue("i1"), ("Quillmark Labs", "partnered_with", "Fellow Two"))
    shared = likely(pair("Quillmark", "Quillmark Labs")[0], fellow)
    assert shared > plain > 0

    def beside(gap: int) -> Extract:
        names = [Entity(name="Quillmark AG", type="company", mentions=((0, 12),)),
                 Entity(name="Quillmark", type="company", mentions=((20 + gap, 29 + gap),))]  # fmt: skip
        return Extract(issue=issue("i9"), entities=tuple(names))

    alone = likely(*pair("Quillmark", "Quillmark AG"))
    far, near = (likely(*pair("Quillmark", "Quillmark AG"), beside(gap)) for gap in (1000, 10))
    assert alone > far > near


def test_models_of_two_makers_are_two(world: World) -> None:
    one = extract(issue("i1"), ("Brightfen", "developed", "Vanta Pro"), types={"Vanta Pro": "model"})
    other = extract(issue("i2"), ("Corvanta", "developed", "Ember Vanta Pro"), types={"Ember Vanta Pro": "model"})
    same = extract(issue("i2"), ("Brightfen", "developed", "Ember Vanta Pro"), types={"Ember Vanta Pro": "model"})
    assert world(one, other).ids() == []
    assert len(world(one, same).ids()) == 1


def test_a_name_without_links_is_not_asked_about(world: World) -> None:
    alone = Extract(issue=issue("i2"), entities=(Entity(name="Quillmark AG", type="company"),))
    assert world(pair("Quillmark", "X")[0], alone).ids() == []


def apart(world: World, *extracts: Extract) -> Made:
    """Return a store in which each extract's deal is one of its own, however deals join."""
    made, others = world(), [world(one) for one in extracts]
    kinds = (*(kind for _, kinds in LAYERS for kind in kinds), "meta")
    rows = [row for other in others for kind in kinds for row in other.graph.store.rows(kind)]
    made.graph.store.write(lambda: made.graph.store.put(rows))
    return made


def keep(made: Made, judgement: Judgement) -> None:
    """Write a judgement without what follows from it."""
    row = Row("judgement", f"{judgement.kind}/{judgement.target}", {**judgement.model_dump(mode="json"), "issue": None})
    made.graph.store.write(lambda: made.graph.store.put([row]))


ROUND = ("Quillmark", "raised", "Quillmark")


def gave(name: str, amount: float | None = None, **more: Any) -> tuple[Any, ...]:
    return (name, "acquired", "Quillmark", {**({"amount": money(amount)} if amount else {}), **more})


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        (gave("Brightfen", 2.1e9, status="rumored"), gave("Brightfen", 2.3e9), "rumored first, announced afterwards"),
        (gave("Brightfen", 2.1e9), gave("Brightfen", 2.2e9), "the amounts are near"),
        (gave("Brightfen", 2e9, status="in_talks"), gave("Brightfen", 3e9), "may have changed"),
        ((*ROUND, {"amount": money(4e8), "round": "Series B"}), (*ROUND, {"amount": money(4.2e8), "round": "series b"}),
         "both are the Series B"),
        ((*ROUND, {"amount": money(4e8)}), ("Brightfen", "invested_in", "Quillmark", {"amount": money(4e8)}),
         "the amounts agree"),
    ],
)  # fmt: skip
def test_deals_that_may_be_one_are_listed_with_the_reason(world: World, first: Any, second: Any, why: str) -> None:
    made = apart(world, extract(issue("i1", published="2026-04-01"), first), extract(issue("i2"), second))
    assert made.graph.store.count("deal") == 2
    (item,) = made.items(DEALS)
    assert any(why in reason for reason in item.why), item.why
    assert len(item.sides) == 2
    assert all(side.statement_ids for side in item.sides)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (gave("Brightfen", 2e9), gave("Brightfen", 9e9)),  # other money
        (gave("Brightfen", 2e9), ("Brightfen", "acquired", "Quillmark", {"amount": money(2e9, currency="EUR")})),
        (gave("Brightfen", 2e9), gave("Corvanta", 2e9)),  # other parties
        ((*ROUND, {"amount": money(4e8), "round": "Seed"}), (*ROUND, {"amount": money(4.1e8), "round": "Series C"})),
        (gave("Brightfen", 2e9), gave("Brightfen", 2.1e9, date="2023-01")),  # three years between them
    ],
)  # fmt: skip
def test_deals_that_differ_are_not_listed(world: World, first: Any, second: Any) -> None:
    made = apart(world, extract(issue("i1"), first), extract(issue("i2"), second))
    assert made.graph.store.count("deal") == 2
    assert made.ids(DEALS) == []


def test_two_deals_that_one_issue_tells_of_are_less_likely_one(world: World) -> None:
    def likely(*keys: str) -> float:
        told = (extract(issue(k), gave("Brightfen", n * 1e9)) for k, n in zip(keys, (2.1, 2.2), strict=True))
        return apart(world, *told).items(DEALS)[0].consequence.likely

    assert likely("i1", "i1") < likely("i1", "i2")


def stake(name: str, share: float) -> tuple[Any, ...]:
    return (name, "owns_stake", "Quillmark", {"percent": share})


@pytest.mark.parametrize(
    ("facts", "id", "answers"),
    [
        ([gave("Brightfen", 2e9), gave("Corvanta", 3e9)], "buyers:org/quillmark", 3),
        ([stake("Brightfen", 60.0), stake("Corvanta", 55.0)], "owners:org/quillmark", 3),
        ([stake("Brightfen", 160.0)], "owners:org/quillmark", 2),
        ([(name, "works_at", "Quillmark", {"role": "CEO"}) for name in ("Ada Nova", "Ida Nordin")],
         "post:org/quillmark|ceo", 3),
        ([gave("Brightfen", 2e9, status="completed"), gave("Brightfen", status="denied")], "denial:", 4),
    ],
)  # fmt: skip
def test_what_cannot_all_be_so_is_listed(world: World, facts: list[Any], id: str, answers: int) -> None:
    people = {"Ada Nova": "person", "Ida Nordin": "person"}
    issues = [
        extract(issue(f"i{n}"), fact, types={k: v for k, v in people.items() if k in fact})
        for n, fact in enumerate(facts)
    ]
    (item,) = world(*issues).items(CONTRADICTIONS)
    assert item.id.startswith(id)
    assert len(item.answers) == answers
    assert len(item.sides) == len(facts)


def test_what_is_wrong_goes_with_all_its_statements_and_what_is_right_needs_both_sides(world: World) -> None:
    told = [gave("Brightfen", 2e9), gave("Brightfen", 2e9), gave("Corvanta", 3e9)]
    made = world(*(extract(issue(f"i{n}"), fact) for n, fact in enumerate(told)))
    (item,) = made.items(CONTRADICTIONS)
    wrong = {len(a.judgements): a for a in item.answers if a.verdict.startswith("wrong")}
    assert str(wrong[2].command).count(" && kg reject s") == 1
    first, second = (made.graph.judge(j) for j in item.answers[-1].judgements)
    assert made.ids(CONTRADICTIONS) == []
    made.graph.unjudge("statement", second.target)
    assert made.ids(CONTRADICTIONS) == [item.id]  # one side is right: the other may be so too, or not
    made.graph.unjudge("statement", first.target)
    for judgement in wrong[2].judgements:
        made.graph.judge(judgement)
    assert made.ids(CONTRADICTIONS) == []


@pytest.mark.parametrize(
    "facts",
    [
        [stake("Brightfen", 60.0), stake("Corvanta", 40.0)],
        [stake("Brightfen", 60.0), stake("Brightfen", 55.0)],  # one owner, at two times
        [stake("Brightfen", 60.0), ("Corvanta", "owns_stake", "Quillmark", {"percent": 55.0, "confidence": 0.4})],
        [gave("Brightfen", 2e9), gave("Corvanta", 3e9, status="in_talks")],
        [gave("Brightfen", 2e9), gave("Corvanta", 3e9), ("Corvanta", "acquired", "Brightfen")],  # bought on
        [gave("Orbo", 2e9), gave("Orbo Labs", 2e9)],  # a firm and its part
        [gave("Brightfen", 2e9, status="in_talks"), gave("Brightfen", status="denied")],  # no one said that it is so
    ],
)
def test_what_can_all_be_so_is_no_contradiction(world: World, facts: list[Any]) -> None:
    assert world(*(extract(issue(f"i{n}"), fact) for n, fact in enumerate(facts))).ids(CONTRADICTIONS) == []


def test_a_former_holder_of_a_post_contradicts_nobody(world: World) -> None:
    types: dict[str, EntityType] = {"Ada Nova": "person", "Ida Nordin": "person"}
    facts = [("Ada Nova", "works_at", "Quillmark", {"role": "CEO", "current": False}),
             ("Ida Nordin", "works_at", "Quillmark", {"role": "CEO", "current": True})]  # fmt: skip
    assert world(extract(issue("i1"), *facts, types=types)).ids() == []


def test_figures_of_one_period_that_disagree_are_asked(world: World) -> None:
    def told(key: str, figure: float, period: str | None) -> Extract:
        said = {"metric": "revenue", "amount": money(figure), **({"period": period} if period else {})}
        return extract(issue(key), ("Quillmark", "reports_metric", "Quillmark", said))

    (item,) = world(told("i1", 3e9, "2026"), told("i2", 5e9, "2026")).items()
    assert item.title == "Quillmark, revenue 2026: $3 billion and $5 billion?"
    assert world(told("i1", 3e9, "2026"), told("i2", 5e9, "2027")).ids() == []
    assert world(told("i1", 3e9, None), told("i2", 5e9, None)).ids() == []
    assert world(told("i1", 3e9, "2026"), told("i2", 3e9, "2026")).ids() == []


def test_amounts_of_one_deal_that_disagree_are_asked_with_each_figure_as_an_answer(world: World) -> None:
    def of_round(key: str, amount: float, **more: str) -> Extract:
        said = {"amount": money(amount), "round": "Series B", **more}
        return extract(issue(key), ("Brightfen", "invested_in", "Quillmark", said))

    made = world(of_round("i1", 3e8), of_round("i2", 5e8), extract(issue("i3"), (*ROUND, {"round": "Series B"})))
    assert made.graph.store.count("deal") == 1
    (item,) = made.items(CONTRADICTIONS)
    assert item.id == f"figure:{next(made.graph.store.rows('deal')).id}"
    assert [a.words for a in item.answers] == ["$300 million", "$500 million", "Two deals", "Unsure"]
    assert item.consequence.money == {"USD": 2e8}
    (chosen,) = item.answers[0].judgements
    assert (chosen.kind, chosen.verdict, chosen.about["relation"]) == ("figure", "chosen", "invested_in")
    made.graph.judge(chosen)
    assert made.ids(CONTRADICTIONS) == []
    assert world(of_round("i1", 3e8, status="in_talks"), of_round("i2", 5e8)).ids(CONTRADICTIONS) == []


def test_less_certain_statements_are_listed_by_what_would_count(world: World) -> None:
    made = world(
        extract(issue("i1"), ("Brightfen", "invested_in", "Quillmark", {"amount": money(2e9), "confidence": 0.5})),
        extract(issue("i2"), ("Brightfen", "partnered_with", "Corvanta", {"confidence": 0.6})),
        extract(issue("i3"), ("Brightfen", "partnered_with", "Halvic", {"confidence": 0.9})),
    )
    first, second = made.items()
    assert {first.kind, second.kind} == {LESS_CERTAIN}
    assert first.consequence.money == {"USD": 2e9}
    assert first.title == "Brightfen invested in Quillmark: $2 billion (announced)"
    assert second.consequence.money == {}
    assert [a.command for a in first.answers] == [f"kg {v} {first.id[10:]}" for v in ("accept", "reject")]


BOTH = {"amount": money(2e9), "confidence": 0.5}
LONG = "commits_spend: $2 billion, over 5 years (announced)"


@pytest.mark.parametrize(
    ("said", "title", "sentences"),
    [
        # The likelier one states no money: the one that does is asked about.
        ([BOTH, {"capacity_gw": 4.5, "confidence": 0.6}], "commits_spend: $2 billion (announced)", 1),
        # The one that is asked about is told by its own stage, not by its fellow's.
        ([{**BOTH, "status": "in_talks"}, {"status": "closed", "confidence": 0.6}], "raised: $2 billion (in talks)", 1),
        # The likeliest of those that tell amount and stage.
        ([BOTH, {**BOTH, "term": "5 years", "confidence": 0.6}], LONG, 1),
        # The deal comes to what the other states: that one is shown too.
        ([BOTH, {**BOTH, "amount": money(2.1e9, 2.1e9, "about")}], "commits_spend: about $2.1 billion (announced)", 2),
    ],
)  # fmt: skip
def test_what_is_asked_is_what_the_shown_statement_says(
    world: World, said: list[dict[str, Any]], title: str, sentences: int
) -> None:
    relation, _, told = title.partition(": ")
    target = "Brightfen" if relation == "raised" else "Quillmark"
    made = world(*(extract(issue(f"i{n}"), ("Brightfen", relation, target, one)) for n, one in enumerate(said)))
    (item,) = made.items(LESS_CERTAIN)
    assert item.consequence.money == {"USD": 2e9}
    assert item.title.partition(": ")[2] == told
    assert len(item.statement_ids) == sentences
    amounts = [s["attrs"]["amount"]["low"] for s in made.review.statements([item]).values()]
    assert 2e9 in amounts


@pytest.mark.parametrize("answer", [0, 1])
def test_a_statement_that_is_judged_is_out(world: World, answer: int) -> None:
    made = world(extract(issue("i2"), ("Brightfen", "partnered_with", "Corvanta", {"confidence": 0.6})))
    (item,) = made.items()
    made.graph.judge(item.answers[answer].judgements[0])
    assert made.ids() == []
    made.graph.unjudge("statement", item.answers[answer].judgements[0].target)
    assert made.ids() == [item.id]


@pytest.mark.parametrize("verdict", ["same", "different", "unsure"])
def test_judged_pairs_are_out_whatever_the_verdict(world: World, verdict: str) -> None:
    (names,) = (made := world(*pair("Quillmark", "Quillmark AG"))).items()
    (judgement,) = next(a for a in names.answers if a.verdict == verdict).judgements
    assert names.id == f"entity:{judgement.target}"
    assert judgement.about == {"names": ["Quillmark", "Quillmark AG"]}
    made.graph.judge(judgement)
    assert made.ids() == []

    (deals,) = (made := two_deals(world)).items()
    (judgement,) = next(a for a in deals.answers if a.verdict == verdict).judgements
    assert deals.id == f"deal:{judgement.target}"
    assert judgement.target == "|".join(sorted(judgement.target.split("|")))
    about = judgement.about
    assert {about[end]["issue"] for end in "ab"} == {"i3", "i4"}
    assert (about["a"]["relation"], about["b"]["subject"], about["b"]["amount"]["currency"]) == (
        "acquired", "Brightfen", "USD",
    )  # fmt: skip
    keep(made, judgement)
    assert made.ids() == []


def two_deals(world: World) -> Made:
    """Return a store of two deals that may be one."""
    facts = (("Brightfen", "acquired", "Halvic", {"amount": money(n * 1e9)}) for n in (2.1, 2.2))
    return apart(world, *(extract(issue(f"i{n}"), fact) for n, fact in enumerate(facts, start=3)))


def test_a_judgement_whose_statement_has_another_id_now_is_found_by_what_it_keeps(world: World) -> None:
    (deals,) = (made := two_deals(world)).items()
    ends = deals.id.removeprefix("deal:").split("|")
    (told,) = deals.answers[1].judgements
    for target in (f"sgone|{ends[1]}", f"{ends[0]}|sgone", "sgone1|sgone2"):
        keep(made, told.model_copy(update={"target": target}))
        assert made.ids() == []
        keep(made, told.model_copy(update={"target": target, "about": {}}))  # it keeps nothing to be found by
        assert made.ids() == [deals.id]


def test_a_judged_pair_is_known_by_a_members_id(world: World) -> None:
    made = world(*pair("Halvic 2", "Halvic 2 AG"))
    assert made.ids() == ["entity:org/halvic2|org/halvic2ag"]
    made.graph.judge(Judgement(kind="entity", target="org/halvic2#2|org/halvic2ag#2", verdict="different"))
    assert made.ids() == []


def test_the_most_money_comes_first_then_links_then_what_is_more_likely(world: World) -> None:
    def rich(a: str, b: str, amount: float, times: int = 1) -> Iterator[Extract]:
        for n, name in enumerate((a, b)):
            facts = [(name, "commits_spend", f"Fellow {a}{n}{i}", {"amount": money(amount)} if amount else {})
                     for i in range(times)]  # fmt: skip
            yield extract(issue(f"{a}-{n}"), *facts)

    made = world(
        *rich("Halvic", "Halvic Labs", 0), *rich("Corvanta", "Corvanta AG", 0), *rich("Tessaline", "Tessaline AG", 5e6),
        *rich("Quillmark", "Quillmark Labs", 3e9), *rich("Brightfen", "Brightfen AG", 0, times=3),
    )  # fmt: skip
    firsts = [item.title.split("”")[0][1:] for item in made.items(DUPLICATES)]
    assert firsts == ["Quillmark", "Tessaline", "Brightfen", "Corvanta", "Halvic"]
    assert made.items()[0].consequence.words.startswith("$3 billion at stake, 1 link touched, ")


def test_of_two_names_the_lesser_ones_deals_are_at_stake(world: World) -> None:
    big = extract(issue("i1"), ("Quillmark", "commits_spend", "Fellow One", {"amount": money(900e9)}))
    small = extract(issue("i2"), ("Quillmark AG", "commits_spend", "Fellow Two", {"amount": money(None, 2e9, "up_to")}))
    (item,) = world(big, small).items()
    assert item.consequence.money == {"USD": 2e9}


def test_an_empty_store_has_nothing_and_an_unknown_kind_is_refused(world: World) -> None:
    made = world()
    assert made.review.items() == Listed((), {DUPLICATES: 0, DEALS: 0, CONTRADICTIONS: 0, LESS_CERTAIN: 0})
    assert made.review.as_json(made.review.items()) == {
        "items": [], "shown": 0, "of": 0, "counts": {DUPLICATES: 0, DEALS: 0, CONTRADICTIONS: 0, LESS_CERTAIN: 0},
    }  # fmt: skip
    with pytest.raises(QuestionError, match="no kind of review; there is duplicates, deals"):
        made.review.items(["other"])


def test_hostile_names_are_compared_like_others_and_commands_are_safe(world: World) -> None:
    names = ("{x}') MATCH (n) DETACH DELETE n // Bank", "$(rm -rf ~); {subject} <b>Bank</b>", HOSTILE_NAME)
    made = world(*(one for name in names for one in pair(name, f"The {name} AG")))
    assert len(made.ids(DUPLICATES)) == 3
    signs = world(
        extract(issue("i1"), ("$$$", "partnered_with", "Fellow One", {"confidence": 0.5})),
        extract(issue("i2"), ("$$;`x`", "partnered_with", "{object}", {"confidence": 0.5})),
    )
    assert {item.title for item in signs.items()} == {
        "$$$ partnered with Fellow One: announced", "{object} partnered with $$;`x`: announced",
    }  # fmt: skip
    assert Answer("same", "Same", (), (("merge", "org/$$$; ls", "org/x"),)).command == "kg merge 'org/$$$; ls' org/x"


def test_names_of_signs_alone_have_no_words_to_turn_round() -> None:
    assert not hints(Known(f"person/{n}", "person", n, frozenset({n}), frozenset()) for n in ("🤗", "***", "—"))


def test_the_json_form_has_statements_and_the_judgements_of_answers(world: World) -> None:
    said = ("Brightfen", "partnered_with", "Corvanta", {"confidence": 0.6, "evidence": sentence(0, 9)})
    made = world(extract(issue("i2"), said))
    (item,) = made.review.as_json(made.review.items(), 1)["items"]
    (statement,) = item["statements"]
    assert statement["certain"] is False
    assert statement["evidence"] == [{"role": "claim", "text": "x" * 9, "issue": "i2", "start": 0, "end": 9}]
    assert item["sides"] == [{"title": "", "statement_ids": [statement["id"]]}]
    accept = item["answers"][0]
    assert accept["judgements"][0]["about"] == {
        "issue": "i2", "relation": "partnered_with", "subject": "Brightfen", "object": "Corvanta", "amount": None,
    }  # fmt: skip
    assert item["consequence"] == {
        "money": {}, "touched": 1, "likely": 0.6, "words": "no money at stake, 1 link touched, possible (60%)",
    }  # fmt: skip


def test_twenty_thousand_names_are_compared_in_a_few_seconds() -> None:
    starts, ends = (
        ("Bral", "Corv", "Dun", "Elst", "Fen", "Gor", "Hal", "Ist", "Jor", "Kel"),
        ("a", "en", "ix", "or", "um"),
    )
    names = [f"{a}{b}{c}{d}" for a in starts for b in ("", "ma", "ri", "to") for c in starts for d in ends]
    many = [
        Known(f"org/{n}", "company", f"{name.capitalize()} {rest}", frozenset({f"{name} {rest}"}), frozenset())
        for n, (name, rest) in enumerate((n, r) for n in names for r in ("Works", "Bank", "Power", "Air", "Rail", "Sea",
                                                                       "Foods", "Steel", "Oil", "Glass"))
    ]  # fmt: skip
    assert len(many) == 20_000
    before = time.perf_counter()
    hints(many)
    assert time.perf_counter() - before < 20  # some two seconds on a quiet machine


def test_a_corrected_statement_is_shown_as_put_right(world: World) -> None:
    one = extract(issue("k1"), ("Nova", "lent_to", "Metra", {"amount": money(5e9), "confidence": 0.5}))
    made = world(one)
    (item,) = made.items(LESS_CERTAIN)
    (id,) = item.statement_ids
    made.graph.judge(
        Judgement(kind="statement", target=id, verdict="correct", value='{"amount": null, "date": "2026-03"}')
    )
    (said,) = made.review.statements([item]).values()
    assert (said["attrs"], said["certain"]) == ({"date": "2026-03"}, True)
    assert said["corrected"]["amount"]["low"] == 5e9
    assert made.items(LESS_CERTAIN) == ()
