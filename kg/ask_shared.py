"""Answers that belong to no relation: profiles, connections, types, comparisons, unknown names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg.answer import Answer, answer, issues_read, material, not_stated
from kg.answer_text import detail, joined, row_sentence
from kg.ask_names import Mention
from kg.conditions import size
from kg.query import Query, Term, amount_of, edges, find
from kg.schema import Schema
from kg.store.base import Filter, Hop, Node, Pattern, Row, Store

PROFILE = 40  # statements shown


def unknown_name(mention: Mention, store: Store) -> Answer:
    """Return the answer for a name that no issue has; look-alikes are a hint, never an answer."""
    count = issues_read(store)
    hint = f" Names that look alike: {', '.join(mention.near)}." if mention.near else ""
    issues = f"{count} issue{'s' if count != 1 else ''}"
    text = f"'{mention.text[:80]}' is not named, and so this is not stated in the {issues} read.{hint}"
    return Answer("", text, "", "not_stated")


def profile(terms: Sequence[Term], store: Store, schema: Schema) -> Answer:
    """Return what is stated of entities: what each is, then its edges, largest amounts first."""
    ids = [i for t in terms for i in t.ids]
    found = [
        e
        for e in store.neighbourhood(ids, depth=1, limit=100_000)
        if {e.data["subject_id"], e.data["object_id"]} & set(ids)
    ]
    understood = "what is stated of " + joined(t.label for t in terms)
    patterns = (Pattern((Hop("e", "x", "y", either=True),), (Node("x", tuple(ids)),)),)
    sure = [e for e in found if e.data.get("certain", True)] or found
    shown = sure[:PROFILE]
    rows, statements, names = material(shown, store)
    entities = store.get("entity", ids)
    head = "; ".join(f"{e.data['name']}: {e.data['type']}" for e in entities)
    if not shown:
        made = not_stated(store, understood)
        return replace(made, text=f"{head}. Named, but nothing more of it is {made.text.removeprefix('That is ')}")
    body = [row_sentence(e, schema, names) + (f": {d}" if (d := detail(e, statements)) else "") for e in shown]
    left = []
    if len(sure) > PROFILE:
        left.append(f"{len(sure) - PROFILE} more statements")
    if len(found) > len(sure):
        left.append(f"less certain ({len(found) - len(sure)})")
    text = "\n".join([f"{head}.", *(f"{line}." for line in dict.fromkeys(body))])
    if not all(row["certain"] for row in rows):
        text = f"Less certain: {text}"
    left_out = tuple(left)
    return Answer("", text, understood, rows=rows, statements=statements, left_out=left_out, patterns=patterns)


def path(start: Term, end: Term, store: Store, schema: Schema) -> Answer:
    """Return a shortest connection between two entities, step by step."""
    understood = f"how {start.label} is connected to {end.label}"
    ways = [w for a in start.ids for b in end.ids if (w := store.path(a, b))]
    if not ways:
        count = issues_read(store)
        text = f"A connection of at most four steps is not stated in the {count} issue{'s' if count != 1 else ''} read."
        return Answer("", text, understood, "not_stated")
    best = min(ways, key=len)
    rows, statements, names = material(best, store)
    said = [row_sentence(e, schema, names) + (f": {d}" if (d := detail(e, statements)) else "") for e in best]
    between = [names[i] for i in _between(best, start.ids)]
    head = f"Through {', '.join(between)}: " if between else ""
    return Answer(
        "", head + "; ".join(said) + ".", understood, rows=rows, statements=statements, patterns=(_way(best),)
    )


def _way(edges: Sequence[Row]) -> Pattern:
    """Return the pattern of one path."""
    hops: list[Hop] = []
    nodes: dict[str, str] = {}
    for number, edge in enumerate(edges):
        ends = [nodes.setdefault(edge.data[end], f"n{len(nodes)}") for end in ("subject_id", "object_id")]
        hops.append(Hop(f"e{number}", ends[0], ends[1], (edge.data["relation"],)))
    known = tuple(Node(var, (id,)) for id, var in nodes.items())
    return Pattern(tuple(hops), known, tuple(Filter(f"e{n}", "id", "=", e.id) for n, e in enumerate(edges)))


def _between(way: Sequence[Row], start: Sequence[str]) -> list[str]:
    out, at = [], set(start)
    for edge in way[:-1]:
        ends = {edge.data["subject_id"], edge.data["object_id"]}
        following = sorted(ends - at)
        at = set(following)
        out += following
    return out


def what_type(mention: Mention, store: Store, schema: Schema) -> Answer:
    """Return as which types of things the issues name something."""
    if not mention.candidates:
        return unknown_name(mention, store)
    rows = store.get("entity", [c.id for c in mention.candidates])
    if mention.candidates[0].how != "exact" and len({r.data["name"] for r in rows}) > 1:
        names = sorted(f"{r.data['name']} ({r.data['type']})" for r in rows)
        return Answer("", f"'{mention.text}' may mean {', '.join(names)}. Which one?", "", "ambiguous")
    said = []
    for row in rows:
        kind = str(row.data["type"])
        issues = row.data.get("issues")
        family = " (or model family)" if kind == "model" else ""
        said.append(
            f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}{family}"
            + (f" (in {issues} issue{'s' if issues != 1 else ''})" if issues else "")
        )
    name = rows[0].data["name"]
    return Answer("", f"{name} is named as {joined(said)}.", f"what kind of thing {name} is", value=None)


def bigger(queries: Sequence[Query], store: Store, schema: Schema) -> Answer:
    """Return which of two commitments is the bigger, with both figures."""
    answers = [answer(q, store, schema) for q in queries]
    missing = [a for a in answers if not a.answered]
    if missing:
        return missing[0]
    amounts = [max((amount_of(e) for b in find(q, store).bindings for e in edges(q, b)), key=size) for q in queries]
    names = [f"{q.terms[0].label} with {q.terms[1].label}" for q in queries]
    text = "\n".join(a.text for a in answers)
    currencies = {a.currency for a in amounts if a}
    if None in amounts or len(currencies) > 1:
        text += "\nThe two cannot be compared: one has no stated amount, or the currencies differ."
        best = None
    else:
        best = max(range(len(amounts)), key=lambda n: size(amounts[n]))
        other = sorted(amounts, key=size)[0]
        open_end = other is not None and other.high is None
        text = f"{names[best]} is the bigger" + (", as far as stated" if open_end else "") + f":\n{text}"
    rows = tuple(r for a in answers for r in a.rows)
    statements = tuple(s for a in answers for s in a.statements)
    understood = "which is bigger: " + " or ".join(names)
    value = answers[best].value if best is not None else None
    patterns = tuple(p for a in answers for p in a.patterns)
    return Answer("", text, understood, rows=rows, statements=statements, value=value, patterns=patterns)
