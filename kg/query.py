"""Queries: a typed value that says what is asked, run through pattern matching alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from kg.conditions import CHECKS, Where, size
from kg.model import Amount
from kg.schema import Schema
from kg.store.base import Hop, Node, Pattern, Row, Store

Measure = Literal["count", "sum", "max"]
# A status of a statement, by how far the thing has come.
DONE = ("announced", "completed", "closed", "released", "rolling_out", "previewed", "active", "")
AHEAD = ("planned", "delayed", "in_talks", "rumored")
OFF = ("cancelled", "denied")


@dataclass(frozen=True)
class Term:
    """An end of a step: certain entities, or any entity of the types; `label` is what a reader calls it."""

    var: str
    ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    label: str = ""


@dataclass(frozen=True)
class Step:
    """One edge between two terms (by variable) with conditions."""

    relations: tuple[str, ...]
    subject: str
    object: str
    where: tuple[Where, ...] = ()
    either: bool = False


@dataclass(frozen=True)
class Query:
    """What is asked: steps between terms, the term or qualifier wanted, and how to sum up and order.

    `ask` is the variable whose names answer; `qualifier` the qualifier whose values answer; neither asks for pairs.
    """

    steps: tuple[Step, ...]
    terms: tuple[Term, ...]
    ask: tuple[str, ...] = ()
    qualifier: str | None = None
    measure: Measure | None = None
    order: tuple[str, bool] | None = None
    limit: int | None = None
    boolean: bool = False
    deals: bool = False  # one line a deal, not one a pair

    def term(self, var: str) -> Term:
        """Return the term of a variable."""
        return next(t for t in self.terms if t.var == var)

    def english(self, schema: Schema) -> str:
        """Return the query as an English sentence, the part asked for named by its type."""
        said = " and ".join(_step_english(self, step, schema) for step in self.steps)
        conditions = [w.words for step in self.steps for w in step.where if w.words]
        text = said + "".join(f", {c}" for c in conditions)
        if self.boolean:
            text = f"whether {text}"
        elif self.measure == "count":
            text = f"how many: {text}"
        elif self.measure == "sum":
            text = f"the sum of amounts: {text}"
        elif self.qualifier:
            text = f"the {QUALIFIERS.get(self.qualifier, self.qualifier)}: {text}"
        if self.order:
            text += f", {'largest' if self.order[1] else 'smallest'} {self.order[0]} first"
        return text + (f", first {self.limit}" if self.limit else "")


QUALIFIERS = {
    "percent": "share", "value": "score", "on": "benchmark", "term": "length of time", "until": "end date",
    "capacity_gw": "capacity", "metric": "figure", "current": "state", "attributed_to": "source",
}  # fmt: skip
ANY = {"company": "company", "organization": "organization", "person": "person"}


@dataclass(frozen=True)
class Found:
    """What a query matched: bindings in order, and what was set aside (with the reason)."""

    bindings: tuple[Mapping[str, Row], ...]
    less_certain: tuple[Mapping[str, Row], ...] = ()
    left_out: tuple[str, ...] = ()
    unlike: tuple[Mapping[str, Row], ...] = ()  # right pair, wrong status: what a yes-or-no answer speaks of


def find(query: Query, store: Store) -> Found:
    """Return the bindings of the query; edges below the trust threshold stand apart unless nothing else answers."""
    matched = store.match(pattern(query))
    kept: list[Mapping[str, Row]] = []
    unlike: list[Mapping[str, Row]] = []
    reasons: dict[str, int] = {}
    for binding in matched:
        verdict = _verdict(query, binding)
        if verdict is None:
            kept.append(binding)
        elif verdict == "status":
            unlike.append(binding)
        elif verdict:
            reasons[verdict] = reasons.get(verdict, 0) + 1
    counted = len(kept)
    kept = _ordered(query, kept)
    if len(kept) < counted:
        reason = f"without a stated {query.order[0] if query.order else 'figure'}"
        reasons[reason] = reasons.get(reason, 0) + counted - len(kept)
    sure = [b for b in kept if all(e.data.get("certain", True) for e in edges(query, b))]
    doubtful = [b for b in kept if b not in sure]
    left_out = [f"{count} more {reason}" for reason, count in sorted(reasons.items())]
    asked_date = any(w.field == "date" for s in query.steps for w in s.where)
    if undated := sum(not b[f"e{len(query.steps) - 1}"].data.get("date") for b in sure) if asked_date else 0:
        left_out.append(f"{undated} of these without a date of its own: as old as the issue that reports it")
    if sure and doubtful:
        left_out.append(f"less certain ({len(doubtful)})")
    chosen = sure or doubtful
    return Found(tuple(chosen), tuple(doubtful if sure else ()), tuple(left_out), tuple(unlike))


def pattern(query: Query) -> Pattern:
    """Return what the store is to match; conditions on qualifiers are looked at afterwards."""
    hops = tuple(Hop(f"e{i}", s.subject, s.object, s.relations, s.either) for i, s in enumerate(query.steps))
    nodes = tuple(Node(t.var, t.ids, t.types) for t in query.terms)
    return Pattern(hops=hops, nodes=nodes)


def edges(query: Query, binding: Mapping[str, Row]) -> list[Row]:
    """Return the edge rows of a binding in the order of the steps."""
    return [binding[f"e{i}"] for i in range(len(query.steps))]


def amount_of(edge: Row) -> Amount | None:
    """Return the amount of an edge in its reported currency, or None."""
    data = edge.data
    if nested := (data.get("attrs") or {}).get("amount"):
        return Amount.model_validate(nested)
    if data.get("amount_low") is None and data.get("amount_high") is None:
        return None
    return Amount(low=data.get("amount_low"), high=data.get("amount_high"), currency=data.get("currency") or "USD")


NEWS = ("", "announced", "released", "previewed")  # stages whose date may be that of the issue


def value_of(edge: Row, name: str) -> Any:
    """Return a qualifier of an edge: the flat column, else the nested attribute.

    News without a date of its own is as old as the first issue that reports it.
    """
    if name == "amount":
        return amount_of(edge)
    if name == "status":
        return edge.data.get("stage") or (edge.data.get("attrs") or {}).get("status") or ""
    if (
        name == "date"
        and not edge.data.get("date")
        and edge.data.get("stage") in ("", "announced", "released", "previewed")
    ):
        return edge.data.get("reported")
    flat = edge.data.get(name)
    return flat if flat is not None else (edge.data.get("attrs") or {}).get(name)


def _verdict(query: Query, binding: Mapping[str, Row]) -> str | None:
    """Return None where all conditions hold, "" or the reason where one does not."""
    for step, edge in zip(query.steps, edges(query, binding), strict=True):
        for where in step.where:
            reason = CHECKS[where.op](where, value_of(edge, where.field))
            if reason is not None:
                return "status" if where.field in ("status", "current") else reason
    return None


def _ordered(query: Query, bindings: list[Mapping[str, Row]]) -> list[Mapping[str, Row]]:
    def by_default(b: Mapping[str, Row]) -> tuple[Any, ...]:
        last = edges(query, b)
        named = [row.data["name"].casefold() for row in b.values() if row.kind == "entity"]
        return (*(-size(amount_of(e)) for e in last), *named, *(e.id for e in last))

    out = sorted(bindings, key=by_default)
    if query.order is None:
        return out
    name, descending = query.order
    position = len(query.steps) - 1

    def key(b: Mapping[str, Row]) -> float | str:
        value = value_of(b[f"e{position}"], name)
        if isinstance(value, Amount) or value is None:
            return size(value)
        if value_of(b[f"e{position}"], "unit") == "rank":
            return 1e9 - float(value)  # rank 1 is the best
        return value if isinstance(value, int | float) else str(value)

    if name == "date":  # the undated stand last, by the day they were first reported
        dates = [(b[f"e{position}"].data.get("date") or b[f"e{position}"].data.get("reported") or "", b) for b in out]
        known = sorted((d for d in dates if d[0]), key=lambda d: d[0], reverse=descending)
        return [b for _, b in known] + [b for date, b in dates if not date]
    have = [b for b in out if value_of(b[f"e{position}"], name) is not None]
    return sorted(have, key=key, reverse=descending)


def _step_english(query: Query, step: Step, schema: Schema) -> str:
    subject, target = query.term(step.subject), query.term(step.object)
    forms = [schema.relations[r].forms.active for r in step.relations if r in schema.relations]
    form = forms[0] if len(forms) == 1 else "{subject} has a deal with {object}"
    return form.replace("{subject}", _label(subject)).replace("{object}", _label(target))


def _label(term: Term) -> str:
    if term.label:
        return term.label
    return "which " + ("/".join(dict.fromkeys(ANY.get(t, t) for t in term.types)) or "entity")
