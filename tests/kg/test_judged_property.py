"""Any order of issues and judgements, few firms, many deals: cells, undo, removal and import agree with the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

from kg.deal_figures import CHOSEN
from kg.derive import derive
from kg.errors import KGError
from kg.graph import Graph
from kg.judgement_file import lines, read
from kg.model import Attrs, Entity, Extract, Judgement, Statement
from kg.record import member
from tests.kg.graph_parts import AMOUNTS, CORRECTIONS, SCHEMA, graph, issue, said, sentence
from tests.kg.test_property import check_cells

NAMES = ("Amazon", "AMZN", "Amazon.com", "Nova", "Nova Labs", "Novum 4.1", "Novum 41")
RELATIONS = ("invested_in", "invested_in", "raised", "lent_to", "acquired", "partnered_with", "developed")


def some_extracts(rng: Random) -> list[Extract]:
    """Return Extracts in which several statements may be one deal."""
    few = rng.sample(NAMES, 3)
    return [some_extract(rng, few if rng.random() < 0.7 else rng.sample(NAMES, 3)) for _ in range(8)]


def some_extract(rng: Random, names: list[str]) -> Extract:
    statements = []
    for _ in range(rng.randint(2, 6)):
        relation, target = rng.choice(RELATIONS), rng.choice(names[:2])
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
    pair = {s.subject, s.object}
    near = [e for e in ends if (e[2].relation, {e[2].subject, e[2].object}) == (s.relation, pair) and e[0] != id]
    near = near or [("sgone", {}, s)]
    other = rng.choice(near)
    (a, about_a), (b, about_b) = sorted((id_about[:2] for id_about in ((id, about), other)), key=lambda end: end[0])
    verdict = rng.choice(("same", "same", "different", "different", "unsure"))
    return Judgement(kind=kind, target=f"{a}|{b}", verdict=verdict, when=when, about={"a": about_a, "b": about_b})


def walk(g: Graph, rng: Random, drawn: list[Extract]) -> tuple[dict[str, Extract], dict[tuple[str, str], Judgement]]:
    """Put, remove, judge, take back, in any order; return what is there in the end."""
    there: dict[str, Extract] = {}
    kept: dict[tuple[str, str], Judgement] = {}
    for _ in range(40):
        step = rng.choice((*("put",) * 4, "remove", *("judge",) * 6, "unjudge", "undo"))
        if step == "put":
            x = rng.choice(drawn)
            g.put(x)
            there[x.issue.key] = x
        elif step == "remove" and there:
            assert g.remove(there.pop(rng.choice(sorted(there))).issue.key)
        elif step == "judge":
            j = some_judgement(rng, rng.choice((drawn, list(there.values()) or drawn)))
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


def meets(g: Graph) -> Iterator[str]:
    """Yield what the judgements of a graph come to, so that a walk that meets nothing is seen."""
    for e in (row.data for row in g.store.rows("entity")):
        if len({m.partition("#")[0] for m in e["members"]} - {"org/amzn", "org/amazoncom"}) > 1:
            yield "names merged"
        if e["members"] == ["org/amzn"] and e["cluster"] == "org/amazon":
            yield "an alias alone"
    yield from ("corrected" for row in g.store.rows("edge") if "corrected" in row.data)
    deals = [row.data for row in g.store.rows("deal")]
    yield from ("figure" for deal in deals if deal["figure_why"] == CHOSEN)
    record = [row for kind in ("issue", "mention", "statement") for row in g.store.rows(kind)]
    others = [row for row in g.store.rows("judgement") if row.data["kind"] != "deal"]
    ruled = sum(row.kind == "deal" for row in derive(record, others, g.view))
    if len(deals) != ruled:
        yield "deals merged" if len(deals) < ruled else "deals split"


def test_issues_and_judgements_in_any_order_give_one_graph(tmp_path: Path) -> None:
    met: Counter[str] = Counter()
    for seed in range(12):
        rng = Random(seed)
        g, fresh = (graph(tmp_path / f"{seed}{name}.db", trust={"invested_in": 0.5}) for name in "ab")
        there, kept = walk(g, rng, some_extracts(rng))
        met += Counter(meets(g))
        todo = [(fresh.put, x) for x in there.values()] + [(lambda j, g=fresh: g.adopt([j]), j) for j in kept.values()]
        rng.shuffle(todo)
        for act, value in todo:
            act(value)
        dump = g.dump()
        assert dump == fresh.dump(), seed
        fresh.rebuild()
        assert dump == fresh.dump(), seed
        taken_back_and_in_again(g, fresh, len(kept))
        for key in there:
            g.remove(key)
        check_cells(g)
        while g.undo():
            pass
        assert g.dump() == []
        for one in (g, fresh):
            one.store.close()
    assert len(met) == 6, met


def taken_back_and_in_again(g: Graph, fresh: Graph, count: int) -> None:
    """Export, import where all is known, undo everything, import: the graph is what it was."""
    dump = g.dump()
    judgements = read("\n".join(lines(g.judgements())).encode(), "kept.jsonl", SCHEMA)
    done = fresh.adopt(judgements)
    assert (done.new, done.replaced, done.unchanged) == (0, 0, count)
    while g.undo():
        check_cells(g)
    assert g.judgements() == []
    assert g.adopt(judgements).new == count
    assert g.dump() == dump
