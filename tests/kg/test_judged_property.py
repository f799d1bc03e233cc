"""Any order of issues and judgements, few firms, many deals: cells, undo, removal and import agree with the whole."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from kg.derive import derive
from kg.errors import KGError
from kg.graph import Graph
from kg.judgement_file import lines, read
from kg.model import Attrs, Entity, Extract, Judgement, Statement
from kg.record import member
from tests.kg.graph_parts import AMOUNTS, CORRECTIONS, SCHEMA, graph, issue, said, sentence
from tests.kg.test_property import check_cells

NAMES = ("Amazon", "AMZN", "Amazon.com", "Nova", "Nova Labs", "Novum 4.1", "Novum 41")
RELATIONS = ("invested_in", "invested_in", "raised", "acquired", "partnered_with", "developed")
SEEDS = range(20)


def some_extract(rng: Random) -> Extract:
    """Return an Extract in which several statements may be one deal."""
    names = rng.sample(NAMES, rng.randint(2, 4))
    statements = []
    for _ in range(rng.randint(1, 5)):
        relation, target = rng.choice(RELATIONS), rng.choice(names)
        subject = target if relation == "raised" else rng.choice([n for n in names if n != target])
        attrs = {"amount": rng.choice(AMOUNTS), "round": rng.choice((None, "Series A", "Series B"))}
        known = {k: v for k, v in attrs.items() if k in SCHEMA.relations[relation].qualifiers}
        start = 10 * rng.randint(0, 2)
        statements.append(
            Statement(
                subject=subject, relation=relation, object=target, attrs=Attrs(**known),
                confidence=rng.choice((0.4, 0.9)), evidence=sentence(start, start + 9),
            )
        )  # fmt: skip
    about = issue(f"k{rng.randint(0, 4)}", f"text {rng.randint(0, 9)}", rng.choice((None, "2026-04-01", "2026-05-02")))
    return Extract(
        issue=about, entities=tuple(Entity(name=n, type="company") for n in names), statements=tuple(statements)
    )


def some_judgement(rng: Random, of: list[Extract]) -> Judgement:
    """Return a judgement of any kind on what one of the issues says."""
    when = f"2026-05-01T10:00:0{rng.randint(0, 6)}Z"
    kind = rng.choice(("statement", "entity", "entity", "deal", "deal", "deal", "figure", "date"))
    if kind == "entity":
        a, b = sorted(rng.sample(sorted({member(n, "company") for n in NAMES}), 2))
        verdict = rng.choice(("same", "same", "different", "unsure"))
        return Judgement(kind=kind, target=f"{a}|{b}", verdict=verdict, when=when, about={"names": [a, b]})
    ends = [(s.id(x.issue.key), said(x, s), s) for x in of for s in x.statements]
    id, about, s = rng.choice(ends)
    if kind == "date":
        return Judgement(kind=kind, target=about["issue"], verdict="correct", value="2026-03-01", when=when)
    if kind == "statement" and rng.random() < 0.5 and s.attrs.amount:
        return Judgement(kind=kind, target=id, verdict="correct", value=rng.choice(CORRECTIONS), when=when, about=about)
    if kind == "statement":
        return Judgement(kind=kind, target=id, verdict=rng.choice(("accept", "reject")), when=when, about=about)
    if kind == "figure":
        return Judgement(kind=kind, target=id, verdict="chosen", when=when, about=about)
    near = [end for end in ends if end[2].object == s.object and end[0] != id] or [("sgone", {}, s)]
    other = rng.choice(near)
    (a, about_a), (b, about_b) = sorted((id_about[:2] for id_about in ((id, about), other)), key=lambda end: end[0])
    verdict = rng.choice(("same", "same", "different", "different", "unsure"))
    return Judgement(kind=kind, target=f"{a}|{b}", verdict=verdict, when=when, about={"a": about_a, "b": about_b})


def walk(g: Graph, rng: Random, drawn: list[Extract]) -> tuple[dict[str, Extract], dict[tuple[str, str], Judgement]]:
    """Put, remove, judge, take back, in any order; return what is there in the end."""
    there: dict[str, Extract] = {}
    kept: dict[tuple[str, str], Judgement] = {}
    for _ in range(30):
        step = rng.choice((*("put",) * 4, "remove", *("judge",) * 6, "unjudge", "undo"))
        if step == "put":
            x = rng.choice(drawn)
            g.put(x)
            there[x.issue.key] = x
        elif step == "remove" and there:
            assert g.remove(there.pop(rng.choice(sorted(there))).issue.key)
        elif step == "judge":
            j = some_judgement(rng, drawn)
            try:
                g.judge(j, force=True)
                kept[j.kind, j.target] = j
            except KGError:
                continue  # deals of other parties, or a statement without an amount
        elif step == "unjudge" and kept:
            key = rng.choice(sorted(kept))
            assert g.unjudge(*key)
            del kept[key]
        elif step == "undo" and kept and (done := g.undo()):
            last = kept.pop((done.judgement.kind, done.judgement.target))
            assert done.judgement.verdict == last.verdict
            if done.again:
                kept[done.again.kind, done.again.target] = done.again
        check_cells(g)
    return there, kept


@pytest.mark.parametrize("seed", SEEDS)
def test_issues_and_judgements_in_any_order_give_one_graph(seed: int, tmp_path: Path) -> None:
    rng = Random(seed)
    g, fresh = (graph(tmp_path / name, trust={"invested_in": 0.5}) for name in ("a.db", "b.db"))
    there, kept = walk(g, rng, [some_extract(rng) for _ in range(8)])
    todo = [(fresh.put, x) for x in there.values()] + [(lambda j: fresh.adopt([j]), j) for j in kept.values()]
    rng.shuffle(todo)
    for act, value in todo:
        act(value)
    dump = g.dump()
    assert dump == fresh.dump()
    fresh.rebuild()
    assert dump == fresh.dump()

    file = "\n".join(lines(g.judgements())).encode()
    judgements = read(file, "kept.jsonl", SCHEMA)
    done = fresh.adopt(judgements)
    assert (done.new, done.replaced, done.unchanged) == (0, 0, len(kept))
    while g.undo():
        check_cells(g)
    assert g.judgements() == []
    assert g.adopt(judgements).new == len(kept)
    assert g.dump() == dump
    for key in there:
        g.remove(key)
    check_cells(g)
    while g.undo():
        pass
    assert g.dump() == []
    for one in (g, fresh):
        one.store.close()


def test_the_walks_meet_what_they_are_for(tmp_path: Path) -> None:
    met: Counter[str] = Counter()
    for seed in SEEDS:
        rng = Random(seed)
        g = graph(tmp_path / f"{seed}.db")
        walk(g, rng, [some_extract(rng) for _ in range(8)])
        for e in (row.data for row in g.store.rows("entity")):
            met["merged"] += len({m.partition("#")[0] for m in e["members"]} - {"org/amzn", "org/amazoncom"}) > 1
            met["alone"] += e["members"] == ["org/amzn"] and e["cluster"] == "org/amazon"
        met["corrected"] += sum("corrected" in row.data for row in g.store.rows("edge"))
        deals = {row.id: row.data for row in g.store.rows("deal")}
        met["figures"] += sum("figure" in deal for deal in deals.values())
        record = [row for kind in ("issue", "mention", "statement") for row in g.store.rows(kind)]
        others = [row for row in g.store.rows("judgement") if row.data["kind"] != "deal"]
        ruled = {row.id: row.data for row in derive(record, others, g.view) if row.kind == "deal"}
        met["deals merged"] += len(deals) < len(ruled)
        met["deals split"] += len(deals) > len(ruled)
        g.store.close()
    assert len(met) == 6
    assert min(met.values()) > 0, met
