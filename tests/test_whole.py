"""The whole way: real issues in any order and with any removal; a relation that is added by its file alone."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from app import bootstrap
from ingest.features import RELATIONS, allowed_types
from ingest.network import Network
from ingest.pipeline import Reader
from ingest.readers import read
from kg import reference, schema
from kg.ask import ask
from kg.cycles import cycles
from kg.deal_list import DealFilter, Deals
from kg.deal_story import story
from kg.deals import total
from kg.flows import Flows
from kg.graph import Graph
from kg.model import Amount, Deal, Extract, Issue, Judgement
from kg.store.sqlite import SQLiteStore


def graph(file: Path) -> Graph:
    return Graph(SQLiteStore(file), *bootstrap.knowledge())


def extracts(paths: list[Path]) -> list[Extract]:
    return [bootstrap.reader().extract(i) for i in read(paths) if isinstance(i, Issue)]


@pytest.fixture(scope="module")
def samples() -> list[Extract]:
    return extracts(bootstrap.samples())


def check(tmp_path: Path, issues: list[Extract], seed: int) -> None:
    """Put and remove at random, then compare with a fresh import of what is left."""
    chance = random.Random(seed)
    g = graph(tmp_path / f"{seed}.db")
    there: dict[str, Extract] = {}
    for x in chance.sample(issues, len(issues)):
        g.put(x)
        there[x.issue.key] = x
        if chance.random() < 0.4:
            key = chance.choice(sorted(there))
            g.remove(key)
            del there[key]
    fresh = graph(tmp_path / f"{seed}-fresh.db")
    for x in chance.sample(sorted(there.values(), key=lambda x: x.issue.key), len(there)):
        fresh.put(x)
    assert list(g.dump()) == list(fresh.dump())
    for key in sorted(there):
        g.remove(key)
    assert list(g.dump()) == []


@pytest.mark.parametrize("seed", range(4))
def test_samples_in_any_order_and_with_any_removal(tmp_path: Path, samples: list[Extract], seed: int) -> None:
    check(tmp_path, samples, seed)


def test_real_issues_in_any_order_and_with_any_removal(tmp_path: Path, shared: Path, samples: list[Extract]) -> None:
    paths = sorted((shared / "newsletters" / "bensbites").glob("*.md"))[::90]
    paths += sorted((shared / "newsletters" / "seeds").glob("*.txt"))
    real = extracts(paths)
    assert len(real) >= 6
    for seed in range(3):
        check(tmp_path, [*real, *samples[:3]], seed)


def test_importing_again_changes_nothing(tmp_path: Path, samples: list[Extract]) -> None:
    g = graph(tmp_path / "kg.db")
    for x in samples:
        g.put(x)
    before = list(g.dump())
    for x in reversed(samples):
        assert g.put(x).what == "unchanged"
    assert list(g.dump()) == before


ADDED = """
name: mentored
meaning: A person taught another.
subjects: [person]
objects: [person]
edge: MENTORED
forms: {active: "{subject} mentored {object}", noun: mentor}
words: {taught: [taught, mentored]}
wordings: ["{subject:person} {taught} {object:person}"]
questions: {list_subjects: ["who {taught} {object}"]}
examples:
  - {style: active, entities: {Ana Quill: person, Ben Marsh: person}, facts: [[Ana Quill, mentored, Ben Marsh]],
     text: "Ana Quill taught Ben Marsh."}
  - {style: active, entities: {Ana Quill: person, Ben Marsh: person}, facts: [[Ana Quill, mentored, Ben Marsh]],
     text: "Ana Quill mentored Ben Marsh."}
negatives: [{text: "Nobody taught."}, {text: "A mentor left."}, {text: "Ben taught."}]
"""


def test_an_added_relation_is_read_stored_and_asked(tmp_path: Path) -> None:
    (tmp_path / "mentored.yaml").write_text(ADDED, encoding="utf-8")
    rules, known = schema.load(extra=[tmp_path / "mentored.yaml"]), reference.load()
    allowed = allowed_types({r: (rules.relations[r].subjects, rules.relations[r].objects) for r in RELATIONS})
    reader = Reader(Network.shipped(allowed), rules)
    text = "Yann LeCun mentored Clara Winterfeld for six years before she left for Zurich.\n"
    extract = reader.extract(Issue(key="letter", doc_id="letter", text=text, published="2026-01-01"))
    assert [(s.subject, s.relation, s.object) for s in extract.statements if s.relation == "mentored"] == [
        ("Yann LeCun", "mentored", "Clara Winterfeld")
    ]
    store = SQLiteStore(tmp_path / "kg.db")
    Graph(store, rules, known).put(extract)
    assert ask("Who mentored Clara Winterfeld?", store, rules, known).text == "Yann LeCun."


ANTHROPIC, AMAZON, AWS = "org/anthropic", "org/amazon", "org/aws"
DATES = {"000_dfc20ebb0db8c232.txt": ["2026-04-21"], "003_54a721ca73e1a575.txt": ["2025-10-28", "2025-10-27"]}


@pytest.fixture(scope="module")
def circle(tmp_path_factory: pytest.TempPathFactory, shared: Path, samples: list[Extract]) -> Graph:
    """A graph of the sample issues and of three real ones, dated by hand."""
    g = graph(tmp_path_factory.mktemp("circle") / "kg.db")
    for x in samples:
        g.put(x)
    days = {file: iter(some) for file, some in DATES.items()}
    for x in extracts(sorted((shared / "newsletters" / "seeds").glob("*.txt"))):
        g.put(x)
        day = next(days[x.issue.file.rsplit("/", 1)[-1]])
        g.judge(Judgement(kind="date", target=x.issue.key, verdict="correct", value=day))
    return g


def between(g: Graph, giver: str, receiver: str, kind: str) -> list[Deal]:
    found = Deals(g.store).find(DealFilter(parties=(giver,), kinds=(kind,))).deals
    return [d for d in found if {p.entity_id for p in d.parties} == {giver, receiver}]


def test_amazon_and_anthropic_have_one_new_deal_in_parts_and_one_before(circle: Graph) -> None:
    new, before = between(circle, AMAZON, ANTHROPIC, "equity_round")
    assert (new.amount, new.announced, len(new.statement_ids)) == (
        Amount(high=25e9, qualifier="up_to"),
        "2026-04-20",
        3,
    )
    assert [(t.amount.high, t.condition is None) for t in new.tranches] == [(5e9, True), (20e9, False)]
    assert {j.why.split(",")[0] for j in new.joins} == {"the same amount"}
    assert before.amount == Amount(low=8e9, high=8e9)
    assert total([new, before]) == {"USD": (13_000_000_000, 33_000_000_000)}
    assert {d.id for d in between(circle, ANTHROPIC, AWS, "supply")} == {
        t["deal_id"] for t in story(circle.store, circle.schema, circle.reference, new.id)["in_return"]
    }


def test_anthropic_spends_at_aws_over_ten_years(circle: Graph) -> None:
    (deal,) = between(circle, ANTHROPIC, AWS, "supply")
    assert deal.amount == Amount(low=100e9, qualifier="at_least")
    assert (deal.term, deal.capacity_gw) == ("10 years", 5)


def test_the_money_comes_back_over_a_part_of_amazon_and_the_promise_is_named(circle: Graph) -> None:
    money = Flows(circle.store, circle.schema, circle.reference).money()
    loop = next(c for c in cycles(money, through=[ANTHROPIC]).cycles if AWS in c.parties)
    assert loop.parties == (AMAZON, ANTHROPIC, AWS)
    assert [leg.background for leg in loop.legs] == [False, False, True]
    assert (loop.completed_only, loop.low_amounts, loop.window) == (False, True, True)
    assert [leg.amount.high for leg in loop.others if leg.amount and leg.promise] == [25e9]
    assert all(leg.sentence for leg in (*loop.legs, loop.weakest) if not leg.background)
