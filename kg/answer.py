"""Answers: text, rows, and the statements with their evidence, made from what a query matched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from kg.answer_sums import money_value, sum_up
from kg.answer_text import detail, joined, lines, qualifier_text, row_sentence
from kg.conditions import size
from kg.model import plain_numbers
from kg.query import AHEAD, OFF, QUALIFIERS, Found, Query, amount_of, edges, find, pattern, value_of
from kg.schema import Schema
from kg.store.base import Pattern, Row, Store

Reason = Literal["not_stated", "not_understood", "ambiguous"]


@dataclass(frozen=True)
class Answer:
    """What a question gets back; `reason` says why there is no answer."""

    question: str
    text: str
    understood: str = ""
    reason: Reason | None = None
    rows: tuple[dict[str, Any], ...] = ()
    statements: tuple[dict[str, Any], ...] = ()
    left_out: tuple[str, ...] = ()
    value: Any = None
    query: Query | None = field(default=None, compare=False)
    patterns: tuple[Pattern, ...] = field(default=(), compare=False)  # whose matches it was computed from

    @property
    def answered(self) -> bool:
        """Return whether the question got an answer."""
        return self.reason is None

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form that `kg ask --json` prints."""
        return {
            "question": self.question,
            "answered": self.answered,
            "reason": self.reason,
            "text": self.text,
            "understood": self.understood,
            "rows": list(self.rows),
            "statements": list(self.statements),
            "left_out": list(self.left_out),
            "value": self.value,
        }


def answer(query: Query, store: Store, schema: Schema, *, question: str = "") -> Answer:
    """Run the query and return its Answer; one that matches nothing says so with the number of issues read."""
    found = find(query, store)
    understood = query.english(schema)
    if query.boolean:
        made = _yes_or_no(query, found, store, schema)
    elif not found.bindings:
        made = not_stated(store, understood, left_out=(*found.left_out, *_unlike_note(found, query)))
        rest = _material(query, found.unlike, store)
        made = replace(made, statements=rest[1])
    elif query.qualifier and all(not value_of(e, query.qualifier) for b in found.bindings for e in edges(query, b)):
        made = not_stated(store, understood, left_out=found.left_out)
        what = QUALIFIERS.get(query.qualifier, query.qualifier)
        text = made.text.replace("That is", f"The {what} is", 1)
        made = replace(made, text=text, statements=_material(query, found.bindings, store)[1])
    else:
        made = _listed(query, found, store, schema)
    return replace(made, question=question, understood=understood, query=query, patterns=(pattern(query),))


def not_stated(store: Store, understood: str, *, left_out: Sequence[str] = ()) -> Answer:
    """Return the answer for what no issue says."""
    count = issues_read(store)
    text = f"That is not stated in the {count} issue{'s' if count != 1 else ''} read."
    return Answer("", text, understood, "not_stated", left_out=tuple(left_out))


def issues_read(store: Store) -> int:
    """Return how many issues the store counts (a text that came twice once)."""
    return store.count("listing", counted=True)


def _unlike_note(found: Found, query: Query) -> list[str]:
    if not found.unlike:
        return []
    stages = sorted({str(value_of(e, "status")) for b in found.unlike for e in edges(query, b)[-1:]} - {""})
    if not stages and all(value_of(edges(query, b)[-1], "current") is False for b in found.unlike):
        return [f"{len(found.unlike)} in the past"]
    return [f"{len(found.unlike)} with another status ({', '.join(s.replace('_', ' ') for s in stages) or 'none'})"]


def _listed(query: Query, found: Found, store: Store, schema: Schema) -> Answer:
    rows, statements, names = _material(query, found.bindings, store)
    value: Any = None
    left_out = [*found.left_out, *_unlike_note(found, query)]
    if query.measure == "count":
        value, text = _count(query, found, names)
    elif query.measure == "sum":
        value, text, skipped = sum_up(query, found, store)
        left_out += skipped
    elif query.deals:
        value, text = None, "\n".join(_deal_lines(query, found, store, schema, names))
    else:
        text = _text(query, found, schema, names, statements)
        if query.measure == "max":
            best = amount_of(edges(query, found.bindings[0])[-1])
            value = best and money_value(best)
    bindings = found.bindings
    if query.limit and query.measure != "count" and len(_groups(query, bindings)) > query.limit:
        left_out.append(f"{len(_groups(query, bindings)) - query.limit} more beyond the first {query.limit}")
        kept = {id(b) for group in list(_groups(query, bindings).values())[: query.limit] for b in group}
        rows, statements, _ = _material(query, [b for b in bindings if id(b) in kept], store)
    if found.less_certain:
        statements = (*statements, *_material(query, found.less_certain, store)[1])
    if any(not row["certain"] for row in rows):
        text = f"Less certain: {text}"
    return Answer("", text, rows=rows, statements=statements, left_out=tuple(left_out), value=value)


def _groups(query: Query, bindings: Iterable[Mapping[str, Row]]) -> dict[tuple[str, ...], list[Mapping[str, Row]]]:
    """Group bindings by what one line of the answer is about: the names asked for, the deal, or the pair."""
    out: dict[tuple[str, ...], list[Mapping[str, Row]]] = {}
    for binding in bindings:
        edge = edges(query, binding)[-1]
        if query.deals:
            key: tuple[str, ...] = (edge.data.get("deal_id") or edge.id,)
        elif query.ask:
            key = tuple(binding[var].id for var in query.ask)
        else:
            key = (edge.data["subject_id"], edge.data["object_id"])
        out.setdefault(key, []).append(binding)
    return out


def _text(
    query: Query,
    found: Found,
    schema: Schema,
    names: Mapping[str, str],
    statements: Sequence[Mapping[str, Any]],
) -> str:
    groups = _groups(query, found.bindings)
    shown = list(groups.items())[: query.limit or None]
    out = []
    for key, members in shown:
        unique = {e.id: e for b in members for e in _telling(query, b)}
        if query.qualifier == "valuation":
            unique = {i: e for i, e in unique.items() if value_of(e, "valuation")} or unique
        if query.qualifier == "date":
            said = [_dated(e, statements) for e in unique.values()]
            details = joined(dict.fromkeys(s for s in said if s))
        elif query.qualifier and query.qualifier != "valuation":
            said = [qualifier_text(query.qualifier, e, statements) for e in unique.values()]
            details = joined(dict.fromkeys(s for s in said if s))
        else:
            details = joined(dict.fromkeys(d for e in unique.values() if (d := detail(e, statements))))
        first = next(iter(unique.values()))
        head = joined(names[i] for i in key) if query.ask else row_sentence(first, schema, names)
        out.append(f"{head}: {details}" if details else head)
    if not query.ask and len(out) > 1 and query.order is None:
        return "\n".join(f"{line}." for line in out)
    return lines(out, ordered=query.order is not None and len(out) > 1)


def _dated(edge: Row, statements: Sequence[Mapping[str, Any]]) -> str:
    """Return what is told of an edge, with the date of the first issue where it has no date of its own."""
    told, reported = detail(edge, statements), edge.data.get("reported")
    return told if edge.data.get("date") or not reported else f"{told}{', ' if told else ''}reported {reported}"


def _telling(query: Query, binding: Mapping[str, Row]) -> list[Row]:
    """Return the edges whose qualifiers a reader wants with the name: the one that the asked name stands in first."""
    every = edges(query, binding)
    if len(every) == 1 or not query.ask:
        return every[-1:]
    return [e for e, s in zip(every, query.steps, strict=True) if set(query.ask) & {s.subject, s.object}][:1]


def _count(query: Query, found: Found, names: Mapping[str, str]) -> tuple[int, str]:
    groups = _groups(query, found.bindings)
    if not query.ask:
        return len(groups), str(len(groups))
    shown = [joined(names[i] for i in key) for key in groups]
    rest = f" and {len(shown) - 50} more" if len(shown) > 50 else ""
    return len(groups), f"{len(groups)}: {joined(shown[:50]) if not rest else ', '.join(shown[:50]) + rest}."


def _deal_lines(query: Query, found: Found, store: Store, schema: Schema, names: Mapping[str, str]) -> list[str]:
    out = []
    for n, members in enumerate(list(_groups(query, found.bindings).values())[: query.limit or None], 1):
        unique = {e.id: e for b in members for e in edges(query, b)[-1:]}
        text = _told(sorted(unique.values(), key=lambda e: (-size(amount_of(e)), e.id)), schema, names)
        out.append(f"{n}. {text}" if len(found.bindings) > 1 else f"{text}.")
    return out


def _yes_or_no(query: Query, found: Found, store: Store, schema: Schema) -> Answer:
    """Answer yes only for what is agreed or done; a rumour, a plan or a denial is told as such."""
    bindings = found.bindings or found.unlike
    if not bindings:
        return not_stated(store, "", left_out=found.left_out)
    rows, statements, names = _material(query, bindings, store)
    last = [edges(query, b)[-1] for b in bindings]
    stages = {str(value_of(e, "status")) for e in last}
    said = _told(last, schema, names)
    asked_status = any(w.field == "status" for step in query.steps for w in step.where)
    if found.bindings and (asked_status or not stages <= {*AHEAD, *OFF}):
        value, text = True, f"Yes: {said}."
    elif all(value_of(e, "current") is False for e in last):
        value, text = False, f"No, not any more: {said}."
    elif stages <= set(OFF):
        value, text = False, f"No: {said}."
    else:
        ahead = joined(sorted(s.replace("_", " ") for s in stages))
        value, text = False, f"No, not as far as stated; only {ahead or 'something else'}: {said}."
    if any(not row["certain"] for row in rows):
        text = f"Less certain: {text}"
    return Answer("", text, rows=rows, statements=statements, left_out=found.left_out, value=value)


def _told(last: Iterable[Row], schema: Schema, names: Mapping[str, str]) -> str:
    """Return each pair once, with all that is said of it: "Amazon invested in Anthropic: $8 billion (completed)"."""
    out: dict[str, dict[str, None]] = {}
    for edge in last:
        out.setdefault(row_sentence(edge, schema, names), {})[detail(edge)] = None
    told = {head: [d for d in details if d] for head, details in out.items()}
    return "; ".join(f"{head}: {joined(details)}" if details else head for head, details in told.items())


def _material(
    query: Query, bindings: Iterable[Mapping[str, Row]], store: Store
) -> tuple[tuple[dict[str, Any], ...], tuple[dict[str, Any], ...], dict[str, str]]:
    """Return rows, statements and names of the bindings, each once."""
    names: dict[str, str] = {}
    unique: dict[str, Row] = {}
    for binding in bindings:
        names |= {row.id: row.data["name"] for var, row in binding.items() if row.kind == "entity"}
        unique |= {e.id: e for e in edges(query, binding)}
    return material(unique.values(), store, names)


def material(
    edge_rows: Iterable[Row], store: Store, names: Mapping[str, str] | None = None
) -> tuple[tuple[dict[str, Any], ...], tuple[dict[str, Any], ...], dict[str, str]]:
    """Return the JSON rows and statements of edges, and the names of their ends."""
    unique = list(edge_rows)
    known = dict(names or {})
    ends = {i for e in unique for i in (e.data["subject_id"], e.data["object_id"])} - known.keys()
    known |= {row.id: row.data["name"] for row in store.get("entity", sorted(ends))}
    rows = tuple(edge_json(e, known) for e in unique)
    certain = {i: bool(e.data.get("certain", True)) for e in unique for i in e.data.get("statement_ids", ())}
    right = corrections(unique)
    found = store.get("statement", list(certain))
    statements = tuple(corrected(statement_json(row, certain[row.id]), right) for row in found)
    return rows, statements, known


def edge_json(edge: Row, names: Mapping[str, str]) -> dict[str, Any]:
    """Return an edge as a row of an answer: names to show, ids, qualifiers in the guide's form."""
    data = edge.data
    attrs = {k: v for k, v in (data.get("attrs") or {}).items() if v is not None}
    return {
        "subject": names.get(data["subject_id"], data["subject_id"]),
        "relation": data["relation"],
        "object": names.get(data["object_id"], data["object_id"]),
        "subject_id": data["subject_id"],
        "object_id": data["object_id"],
        "attrs": plain_numbers(attrs),
        "stage": data.get("stage") or "",
        "certain": bool(data.get("certain", True)),
        "statement_ids": list(data.get("statement_ids", ())),
    }


def corrections(edge_rows: Iterable[Row]) -> dict[str, Mapping[str, Any]]:
    """Return statement id → the qualifiers that a person put right (null: not stated), from the edges made of them."""
    return {id: said for e in edge_rows for id, said in e.data.get("corrected", {}).items()}


def corrected(statement: dict[str, Any], right: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return a statement with what a person put right; `corrected` keeps what was read instead (null: nothing)."""
    said = right.get(statement["id"])
    if not said:
        return statement
    attrs = {k: v for k, v in {**statement["attrs"], **said}.items() if v is not None}
    return {**statement, "attrs": attrs, "corrected": {name: statement["attrs"].get(name) for name in said}}


def statement_json(row: Row, certain: bool) -> dict[str, Any]:
    """Return a statement with its evidence, each span with the issue it stands in."""
    data = row.data
    issue = data.get("issue") or data.get("issue_key") or ""
    evidence = [
        {"role": e["role"], "text": e["text"], "issue": issue, "start": e["start"], "end": e["end"]}
        for e in data.get("evidence", ())
    ]
    return {
        "id": row.id,
        "subject": data["subject"],
        "relation": data["relation"],
        "object": data["object"],
        "attrs": plain_numbers({k: v for k, v in (data.get("attrs") or {}).items() if v is not None}),
        "confidence": round(float(data.get("confidence", 1.0)), 2),
        "certain": certain,
        "evidence": evidence,
    }
