"""Parts that the tests of store, graph and derivation share: a small reference, generated Extracts, stores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from kg import schema
from kg.graph import Graph
from kg.model import Amount, Attrs, Entity, EntityType, Extract, Issue, Judgement, Span, Statement
from kg.record import member
from kg.reference import Entry, Reference
from kg.store.base import Store
from kg.store.sqlite import SQLiteStore

SCHEMA = schema.load()
REFERENCE = Reference(
    [
        Entry(id="org/amazon", kind="company", name="Amazon", aliases=("Amazon.com", "AMZN")),
        Entry(id="org/anthropic", kind="company", name="Anthropic", aliases=("Anthropic PBC",)),
        Entry(id="model/gpt41", kind="model", name="GPT-4.1", aliases=("OpenAI GPT-4.1",)),
        Entry(id="org/andreessenhorowitz", kind="company", name="Andreessen Horowitz", abbreviations=("a16z",)),
    ]
)
POOLS = (slice(0, 5), slice(5, 9), slice(9, 14), slice(0, None))  # small ones, so that names meet often
NAMES: tuple[tuple[str, EntityType], ...] = (
    ("Amazon", "company"), ("AMZN", "company"), ("Anthropic", "company"), ("Anthropic", "organization"),
    ("Anthropic PBC", "company"), ("Northwind", "company"), ("Northwind, Inc.", "company"), ("Northwind", "product"),
    ("a16z", "company"), ("GPT-4.1", "model"), ("GPT 41", "model"), ("Kimi K2.6", "model"), ("Kimi K26", "model"),
    ("KIMI K2-6", "model"), ("Ada Nova", "person"), ("C++ / * ' \" : ( ) --", "product"), ("🤗", "company"),
    ("{x}') MATCH (n) DETACH DELETE n //", "company"),
)  # fmt: skip


def money(low: float | None, high: float | None = None, qualifier: Any = "exact", currency: str = "USD") -> Amount:
    """Return an amount; exact where one figure is given."""
    return Amount(
        low=low, high=low if high is None and qualifier == "exact" else high, qualifier=qualifier, currency=currency
    )


def issue(key: str, text: str | None = None, published: str | None = "2026-04-21", **more: Any) -> Issue:
    """Return an issue with a text of its own."""
    return Issue(key=key, doc_id=key, text=text if text is not None else f"text of {key}", published=published, **more)


def extract(about: Issue, *facts: tuple[Any, ...], types: dict[str, Any] | None = None, **aliases: Any) -> Extract:
    """Return an Extract of facts (subject, relation, object, {qualifiers}); names are companies unless `types` says."""
    statements, names = [], dict.fromkeys(types or {})
    for subject, relation, target, *attrs in facts:
        names |= dict.fromkeys((subject, target))
        said = dict(attrs[0]) if attrs else {}
        more = {k: said.pop(k) for k in ("confidence", "evidence", "words") if k in said}
        statements.append(Statement(subject=subject, relation=relation, object=target, attrs=Attrs(**said), **more))
    kinds = types or {}
    entities = [Entity(name=n, type=kinds.get(n, "company"), aliases=aliases.get(n, ())) for n in names]
    return Extract(issue=about, entities=tuple(entities), statements=tuple(statements), reader="r1")


def sentence(start: int, end: int) -> tuple[Span, ...]:
    """Return a claim as evidence."""
    return (Span(role="claim", text="x" * (end - start), start=start, end=end),)


def graph(path: Path, **more: Any) -> Graph:
    """Return a graph over a SQLite file."""
    return Graph(SQLiteStore(path), SCHEMA, more.pop("reference", REFERENCE), **more)


def rows(store: Store, kind: str) -> list[dict[str, Any]]:
    """Return the data of all rows of a kind, with their ids."""
    return [{"id": row.id, **row.data} for row in store.rows(kind)]


AMOUNTS = (
    None,
    money(5e9),
    money(8e9),
    money(None, 25e9, "up_to"),
    money(8.1e9, 8.1e9, "about"),
    money(3e8, currency="EUR"),
)


@st.composite
def attrs(draw: st.DrawFn, relation: str) -> Attrs:
    """Return qualifiers that the relation may have."""
    choices: dict[str, tuple[Any, ...]] = {
        "amount": AMOUNTS, "round": (None, "Series A", "series a", "Series B"), "valuation": (None, money(60e9)),
        "status": (None, "announced", "completed", "in_talks", "denied"), "date": (None, "2026", "2026-04-20"),
        "percent": (None, 27.0, 12.5), "metric": ("revenue", "users"), "period": (None, "2026", "2026-Q1"),
        "value": (None, 61.4), "role": (None, "CEO"), "lead": (None, True),
    }  # fmt: skip
    known = SCHEMA.relations[relation].qualifiers
    return Attrs(**{name: draw(st.sampled_from(some)) for name, some in choices.items() if name in known})


@st.composite
def extracts(draw: st.DrawFn, keys: int = 6, texts: int = 3) -> Extract:
    """Return an Extract: few keys, texts and names, so that duplicates, versions and joins are frequent."""
    about = issue(
        f"k{draw(st.integers(0, keys - 1))}",
        f"text {draw(st.integers(0, texts - 1))}",
        draw(st.sampled_from((None, "2026-04-01", "2026-04-21", "2026-05-02"))),
    )
    pool = NAMES[draw(st.sampled_from(POOLS))]
    chosen = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=5, unique=True))
    short = st.lists(st.sampled_from(("K2.6", "Max", "Northwind", "4.1")), max_size=2, unique=True)
    entities = tuple(Entity(name=n, type=t, aliases=tuple(draw(short)), mentions=((0, len(n)),)) for n, t in chosen)
    names = sorted({n for n, _ in chosen})
    statements = []
    for _ in range(draw(st.integers(0, 5))):
        relation = draw(st.sampled_from(sorted(SCHEMA.relations)))
        subject = draw(st.sampled_from(names))
        target = subject if SCHEMA.relations[relation].unary else draw(st.sampled_from(names))
        words = draw(st.sampled_from(({}, {}, {"date": "last month"})))
        start = draw(st.integers(0, 2)) * 10  # sentences that stand side by side
        said = draw(attrs(relation))
        if words:
            said = said.model_copy(update={"date": None})
        statements.append(
            Statement(
                subject=subject, relation=relation, object=target, attrs=said, words=words,
                confidence=draw(st.sampled_from((0.4, 0.9))), evidence=sentence(start, start + 9),
            )
        )  # fmt: skip
    return Extract(issue=about, entities=entities, statements=tuple(statements), reader="r1")


@st.composite
def judgements(draw: st.DrawFn, of: list[Extract]) -> Judgement:
    """Return a judgement of any kind, on what is there, gone, or was never seen."""
    kind = draw(st.sampled_from(("statement", "date", "entity", "entity", "deal", "deal", "figure")))
    when = f"2026-05-01T10:00:0{draw(st.integers(0, 5))}Z"
    if kind == "entity":
        return draw(_of_names(of, when))
    some = [(x, s) for x in of for s in x.statements]
    if kind == "date" or not some:
        day = draw(st.sampled_from(("2026-03-01", "2026-06-01")))
        target = draw(st.sampled_from(of)).issue.key
        return Judgement(kind="date", target=target, verdict="correct", value=day, when=when)
    x, s = draw(st.sampled_from(some))
    first = (draw(st.sampled_from((s.id(x.issue.key), "sgone"))), said(x, s))
    if kind == "figure":
        return Judgement(kind=kind, target=first[0], verdict="chosen", when=when, about=first[1])
    if kind == "deal":
        some = [(y, t) for y, t in some if SCHEMA.relations[t.relation].deal]
        near = [(y, t) for y, t in some if t.relation == s.relation and t.object == s.object] or some or [(x, s)]
        y, t = draw(st.sampled_from(near))
        second = (draw(st.sampled_from((t.id(y.issue.key), "sgone2"))), said(y, t))
        if first[0] != second[0]:
            (a, about_a), (b, about_b) = sorted((first, second), key=lambda end: end[0])
            verdict = draw(st.sampled_from(("same", "different", "unsure")))
            return Judgement(
                kind=kind, target=f"{a}|{b}", verdict=verdict, when=when, about={"a": about_a, "b": about_b}
            )
    value = draw(st.sampled_from((None, *CORRECTIONS))) if "amount" in SCHEMA.relations[s.relation].qualifiers else None
    verdict = "correct" if value else draw(st.sampled_from(("accept", "reject")))
    return Judgement(kind="statement", target=first[0], verdict=verdict, value=value, when=when, about=first[1])


CORRECTIONS = (
    '{"amount": null}', '{"status": "completed", "date": null}',
    '{"amount": {"low": 7e9, "high": 7e9, "currency": "USD", "qualifier": "exact"}}',
)  # fmt: skip


@st.composite
def _of_names(draw: st.DrawFn, of: list[Extract], when: str) -> Judgement:
    """Return a judgement on two names, most often of those that are there and may be one."""
    keys = sorted({member(e.name, e.type) for x in of for e in x.entities} | {"org/nobody", "model/kimik27#2.7"})
    a = draw(st.sampled_from(keys))
    like = [k for k in keys if k.partition("/")[0] == a.partition("/")[0]] if draw(st.booleans()) else keys
    b = draw(st.sampled_from([k for k in like if k != a] or ["org/noone"]))
    verdict = draw(st.sampled_from(("same", "same", "different", "unsure")))
    a, b = sorted((a, b))
    if a.partition("/")[0] != b.partition("/")[0] and verdict == "same":
        verdict = "different"
    return Judgement(kind="entity", target=f"{a}|{b}", verdict=verdict, when=when, about={"names": [a, b]})


def said(x: Extract, s: Statement) -> dict[str, Any]:
    """Return what a judgement keeps of a statement."""
    return {
        "issue": x.issue.key, "relation": s.relation, "subject": s.subject, "object": s.object,
        "amount": s.attrs.stated().get("amount"),
    }  # fmt: skip
