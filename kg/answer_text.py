"""Answer texts: plain words for an edge, its qualifiers, and lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kg.model import Amount
from kg.money import number, show
from kg.query import amount_of, value_of
from kg.schema import Schema
from kg.store.base import Row

ABOUT = r"(?:[~≈∼]|about|around|roughly|approximately|nearly|almost|some)\s*"
QUIET = ("", "released", "active")  # what silence means is not said, unless a date stands with it
STATES = ("works_at", "scored", "reports_metric", "owns_stake")  # what holds, or held: no stages


def joined(parts: Iterable[str]) -> str:
    """Return "a", "a and b", "a, b and c" (with semicolons where a part has a comma)."""
    items = list(parts)
    if len(items) < 2:
        return "".join(items)
    comma = "; " if any("," in item for item in items) else ", "
    return f"{comma.join(items[:-1])} and {items[-1]}"


def lines(parts: Sequence[str], *, ordered: bool = False) -> str:
    """Return short names as one sentence, longer parts each on a line of their own."""
    if ordered:
        return "\n".join(f"{n}. {part}" for n, part in enumerate(parts, 1))
    if all(len(part) < 40 and ":" not in part for part in parts):
        return f"{joined(parts)}."
    return "\n".join(f"{part}." for part in parts)


def row_sentence(edge: Row, schema: Schema, names: Mapping[str, str]) -> str:
    """Return "Amazon invested in Anthropic" for an edge, by the relation's own form."""
    data = edge.data
    relation = schema.relations.get(data["relation"])
    if relation and relation.unary and relation.deal is None:
        return names.get(data["subject_id"], data["subject_id"])
    form = relation.forms.active if relation else "{subject} " + data["relation"].replace("_", " ") + " {object}"
    subject = names.get(data["subject_id"], data["subject_id"])
    return form.replace("{subject}", subject).replace("{object}", names.get(data["object_id"], data["object_id"]))


def detail(edge: Row, statements: Sequence[Mapping[str, Any]] = ()) -> str:
    """Return the qualifiers of an edge: "up to $25 billion (announced 2026-04-20)"; "" for none."""
    attrs = edge.data.get("attrs") or {}
    main, aside = [], []
    if metric := value_of(edge, "metric"):
        main.append(str(metric))
    for name in ("amount", "percent", "value", "role"):
        if text := qualifier_text(name, edge, statements):
            main.append(text)
    if gigawatts := attrs.get("capacity_gw"):
        main.append(f"{number(gigawatts)} GW")
    if term := value_of(edge, "term"):
        main.append(f"over {term}")
    if valuation := attrs.get("valuation"):
        main.append(f"at a valuation of {show(Amount.model_validate(valuation))}")
    for name, form in (("round", "{}"), ("on", "on {}"), ("until", "until {}"), ("period", "for {}")):
        if value := value_of(edge, name):
            aside.append(form.format(value))
    stage, date = _stage(edge), edge.data.get("date") or attrs.get("date")
    when = " ".join(str(p) for p in (stage, date) if p)
    aside += [when] if when else []
    if source := attrs.get("attributed_to"):
        aside.append(f"according to {source}")
    if value_of(edge, "current") is False and not value_of(edge, "role"):
        aside.append("formerly")
    text = ", ".join(main)
    return text + (f" ({', '.join(aside)})" if text else ", ".join(aside)) if aside else text


def qualifier_text(name: str, edge: Row, statements: Sequence[Mapping[str, Any]] = ()) -> str:
    """Return one qualifier in words, with what tells it apart (status, period, round); "" where it is not stated."""
    if name == "amount":
        amount = amount_of(edge)
        return show(amount) if amount else ""
    value = value_of(edge, name)
    if value is None or value == "":
        return ""
    if name == "valuation":
        return show(Amount.model_validate(value))
    if name == "percent":
        return f"{_hedge(edge, value, statements)}{number(float(value))}%"
    if name == "value":
        return score(float(value), value_of(edge, "unit"))
    if name == "role":
        return f"{value} (formerly)" if value_of(edge, "current") is False else str(value)
    if name == "lead":
        return "led the round" if value else ""
    return str(value).replace("_", " ") if name == "status" else str(value)


def score(value: float, unit: Any) -> str:
    """Return a score in its unit: 80.2%, 52 points, rank 1, or the bare number."""
    shown = number(value)
    return {"percent": f"{shown}%", "points": f"{shown} points", "rank": f"rank {shown}"}.get(str(unit), shown)


def _stage(edge: Row) -> str:
    stage = str(value_of(edge, "status") or "")
    if edge.data["relation"] in STATES or (stage in QUIET and not edge.data.get("date")):
        return ""
    return stage.replace("_", " ")


def _hedge(edge: Row, value: Any, statements: Sequence[Mapping[str, Any]]) -> str:
    """Return "about " where every claim that states the figure hedges it."""
    mine = set(edge.data.get("statement_ids", ()))
    figure = re.escape(number(float(value)))
    texts = [e["text"] for s in statements if s["id"] in mine for e in s["evidence"] if e["role"] == "claim"]
    stating = [t for t in texts if re.search(rf"(?<![\d.]){figure}(?![\d])", t)]
    hedged = [t for t in stating if re.search(rf"{ABOUT}{figure}(?!\d)", t, re.IGNORECASE)]
    return "about " if stating and len(hedged) == len(stating) else ""
