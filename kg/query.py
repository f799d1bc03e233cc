"""Queries: a typed value that says what is asked, run through pattern matching alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from kg import periods
from kg.model import Amount
from kg.money import show
from kg.names import normal
from kg.schema import Schema
from kg.store.base import Hop, Node, Pattern, Row, Store

Op = Literal["=", ">=", "<=", "in", "within", "like", "norm", "not in"]
Measure = Literal["count", "sum", "max"]
# A status of a statement, by how far the thing has come.
DONE = ("announced", "completed", "closed", "released", "rolling_out", "previewed", "active", "")
AHEAD = ("planned", "delayed", "in_talks", "rumored")
OFF = ("cancelled", "denied")
MATCH_LIMIT = 20_000


@dataclass(frozen=True)
class Term:
    """An end of a step: certain entities, or any entity of the types; `label` is what a reader calls it."""

    var: str
    ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    label: str = ""


@dataclass(frozen=True)
class Where:
    """A condition on a qualifier: `in` takes a tuple, `within` a period (2026, 2026-04, 2026-Q1, or from..to)."""

    field: str
    op: Op
    value: Any
    words: str = ""  # as a reader would say it


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
    matched = store.match(_pattern(query))
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


def size(amount: Amount | None) -> float:
    """Return the stated figure to order by: the upper end where there is one; -1 for none."""
    if amount is None:
        return -1.0
    return amount.high if amount.high is not None else (amount.low if amount.low is not None else -1.0)


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


def _pattern(query: Query) -> Pattern:
    hops = tuple(Hop(f"e{i}", s.subject, s.object, s.relations, s.either) for i, s in enumerate(query.steps))
    nodes = tuple(Node(t.var, t.ids, t.types) for t in query.terms)
    return Pattern(hops=hops, nodes=nodes, limit=MATCH_LIMIT)


def _verdict(query: Query, binding: Mapping[str, Row]) -> str | None:
    """Return None where all conditions hold, "" or the reason where one does not."""
    for step, edge in zip(query.steps, edges(query, binding), strict=True):
        for where in step.where:
            reason = CHECKS[where.op](where, value_of(edge, where.field))
            if reason is not None:
                return "status" if where.field in ("status", "current") else reason
    return None


def _money(where: Where, value: Any) -> str | None:
    """Compare money: "up to" by its upper end, which the answer shows as such; nothing is converted."""
    bound: Amount = where.value
    if not isinstance(value, Amount):
        return "without a stated amount"
    if value.currency != bound.currency:
        return f"in another currency ({value.currency}; nothing is converted)"
    if where.op == ">=":
        return None if size(value) >= size(bound) else ""
    if where.op == "<=":
        return None if value.high is not None and value.high <= size(bound) else ""
    return None if size(bound) in (value.low, value.high) else ""


def _number(where: Where, value: Any) -> str | None:
    if isinstance(where.value, Amount):
        return _money(where, value)
    if value is None:
        return f"without a stated {where.field}"
    return None if (value >= where.value if where.op == ">=" else value <= where.value) else ""


def _equal(where: Where, value: Any) -> str | None:
    if isinstance(where.value, Amount):
        return _money(where, value)
    return None if _plain(value) == _plain(where.value) else ""


def _within(where: Where, value: Any) -> str | None:
    if not value:
        return None if where.value == "now" or "now" in where.value else "without a stated date"
    wanted = where.value if isinstance(where.value, tuple) else (where.value,)
    fits = [periods.inside(str(value), period) for period in wanted if period != "now"]
    if any(fit is True for fit in fits):
        return None
    return "whose date is too coarse to tell" if any(fit is None for fit in fits) else ""


def _among(where: Where, value: Any) -> str | None:
    return None if _plain(value) in {_plain(v) for v in where.value} else ""


def _like(where: Where, value: Any) -> str | None:
    wanted = where.value if isinstance(where.value, tuple) else (where.value,)
    text = f" {_plain(value)} "
    return None if any(f" {_plain(w)} " in text for w in wanted) else ""


CHECKS: dict[str, Callable[[Where, Any], str | None]] = {
    "=": _equal, ">=": _number, "<=": _number, "within": _within, "in": _among, "like": _like,
    "not in": lambda where, value: "" if _among(where, value) is None else None,
    "norm": lambda where, value: None if normal(str(value or "")) in where.value else "",
}  # fmt: skip


def _plain(value: Any) -> str:
    return " ".join(str("" if value is None else value).casefold().replace("-", " ").replace("_", " ").split())


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


def amount_words(op: str, amount: Amount) -> str:
    """Return a condition on money in words: "amount at least $100 billion"."""
    return f"amount {'at least' if op == '>=' else 'at most' if op == '<=' else 'of'} {show(amount)}"
