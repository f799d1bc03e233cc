"""Judgement rules: what a judgement of each kind may say, and the one form in which it is kept."""

from __future__ import annotations

import datetime
import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from kg import periods
from kg.deal_stages import ENDED, STEPS
from kg.errors import KGError
from kg.model import Amount, Attrs, Judgement
from kg.naming import ends
from kg.record import plain_id
from kg.schema import Schema

VERDICTS: Mapping[str, tuple[str, ...]] = {
    "statement": ("accept", "reject", "correct"),
    "date": ("correct",),
    "entity": ("same", "different", "unsure"),
    "deal": ("same", "different", "unsure"),
    "figure": ("chosen",),
}
STATEMENT = re.compile(r"s[\w-]{1,40}", re.ASCII)
# Types whose names may mean one thing: some texts call Gemini a model, others a product.
KINDRED = ({"model", "product"},)
LONGEST = 500  # characters of an id, a name or a qualifier
MONEY = ("amount", "valuation")


def checked(judgement: Judgement, schema: Schema) -> Judgement:
    """Return a judgement in the form in which it is kept; raise KGError, which says what is right."""
    kind, verdict = judgement.kind, judgement.verdict
    if kind not in VERDICTS:
        raise KGError(f"{short(kind)} is no kind of judgement; known are {', '.join(VERDICTS)}")
    if verdict not in VERDICTS[kind]:
        raise KGError(f"{short(verdict)} is no verdict on {_article(kind)}; known are {', '.join(VERDICTS[kind])}")
    if not judgement.target.strip() or len(judgement.target) > 2 * LONGEST:
        raise KGError(f"{short(judgement.target)} names nothing that can be judged")
    said = judgement.model_copy(update={"when": moment(judgement.when)})
    return _CHECKS[kind](said, schema)


def moment(text: str) -> str:
    """Return a moment as it is kept, in UTC; "" for none; raise KGError for what is none."""
    if not text:
        return ""
    try:
        found = datetime.datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError):
        pass  # told below, as what lacks its zone
    raise KGError(f"{short(text)} is no moment with its zone; write it as 2026-11-30T10:00:00Z")


def pair(a: str, b: str) -> str:
    """Return the target of a judgement on two things."""
    return "|".join(sorted((a, b)))


def short(text: str) -> str:
    """Return a text for an error, in quotes and not longer than a line."""
    return repr(text if len(text) <= 60 else text[:59] + "…")


def _date(said: Judgement, schema: Schema) -> Judgement:
    try:
        day = datetime.date.fromisoformat(said.value or "").isoformat()
    except ValueError:
        day = ""
    if day != said.value:
        raise KGError(f"{short(said.value or '')} is no date; write it as 2026-04-21")
    return said


def _statement(said: Judgement, schema: Schema) -> Judgement:
    _one(said)
    if said.verdict != "correct":
        return said
    return said.model_copy(update={"value": correction(said.value, schema, said.about.get("relation"))})


def _figure(said: Judgement, schema: Schema) -> Judgement:
    _one(said)
    return said


def _one(said: Judgement) -> None:
    """Raise KGError unless a judgement is on one statement."""
    if not STATEMENT.fullmatch(said.target):
        raise KGError(f"{short(said.target)} is no statement's id; kg ask and kg show print them")
    _whole(said.about)


def _deal(said: Judgement, schema: Schema) -> Judgement:
    parts = said.target.split("|")
    if len(parts) != 2 or parts[0] == parts[1] or not all(STATEMENT.fullmatch(part) for part in parts):
        raise KGError(f"{short(said.target)} names no two statements; write their ids as sX|sY")
    for name in ("a", "b"):
        if not isinstance(said.about.get(name, {}), dict):
            raise KGError(f"about.{name} must be what the statement says: issue, relation, subject, object, amount")
        _whole(said.about.get(name, {}))
    if parts != sorted(parts):
        turned = {"a": said.about.get("b", {}), "b": said.about.get("a", {})}
        return said.model_copy(update={"target": pair(*parts), "about": {**said.about, **turned}})
    return said


def _entity(said: Judgement, schema: Schema) -> Judgement:
    both = ends(said.target)
    if not both or both[0] == both[1]:
        raise KGError(f"{short(said.target)} names no two entities; write their ids as org/anthropic|org/openai")
    about = dict(said.about)
    for name in ("names", "members"):
        held = about.get(name, ["", ""])
        if not isinstance(held, list | tuple) or len(held) != 2 or not all(isinstance(x, str) for x in held):
            raise KGError(f"about.{name} must be a list of two texts")
    members = about.get("members")
    if members is not None and not ends("|".join(members)):
        raise KGError("about.members must be the keys of two names, as org/anthropic")
    if list(both) != sorted(both):
        both = (both[1], both[0])
        about |= {name: list(reversed(about[name])) for name in ("names", "members") if name in about}
    fit(*both, said.verdict)
    return said.model_copy(update={"target": pair(*both), "about": about})


def fit(a: str, b: str, verdict: str = "same") -> None:
    """Raise KGError where two entities cannot be one by their types."""
    types = {plain_id(id).split("/", 1)[0] for id in (a, b)}
    if verdict == "same" and len(types) > 1 and types not in KINDRED:
        words = [{"org": "a company"}.get(t, f"a {t}") for t in sorted(types)]
        raise KGError(f"{a} and {b} cannot be the same: {words[0]} is no {words[1].removeprefix('a ')}")


def correction(value: str | None, schema: Schema, relation: str | None) -> str:
    """Return the qualifiers that a person put right, as sorted JSON, null for what is not stated.

    Raise KGError for one that there is not, that the relation does not have, or whose value cannot be.
    """
    try:
        said = json.loads(value or "", parse_constant=_refused)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or not said:
        raise KGError('a correction holds the right qualifiers as a JSON object: {"date": "2026-04", "round": null}')
    known = schema.relations.get(relation or "")
    there = known.qualifiers if known else tuple(Attrs.model_fields)
    for name in said:
        if name not in there:
            of = f"{relation} has" if known else "a statement has"
            raise KGError(f"{short(name)}: {of} no such qualifier; there is {', '.join(there) or 'none'}")
    try:
        attrs = Attrs.model_validate({name: _money(name, v) for name, v in said.items() if v is not None})
    except ValidationError as error:
        first = error.errors()[0]
        raise KGError(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error
    for problem in _problems(attrs):
        raise KGError(problem)
    right = {**dict.fromkeys(said), **attrs.stated()}
    return json.dumps(right, ensure_ascii=False, sort_keys=True)


def _money(name: str, value: Any) -> Any:
    """Return an amount with both ends where one figure is exact."""
    if name not in MONEY or not isinstance(value, dict) or value.get("qualifier", "exact") not in ("exact", "about"):
        return value
    low, high = value.get("low"), value.get("high")
    return {**value, "low": high if low is None else low, "high": low if high is None else high}


def _problems(attrs: Attrs) -> Iterator[str]:
    """Yield what cannot be in qualifiers."""
    for name, money in (("amount", attrs.amount), ("valuation", attrs.valuation)):
        yield from (f"{name}: {problem}" for problem in _wrong_money(money))
    for tranche in attrs.tranches or ():
        yield from (f"tranches: {problem}" for problem in _wrong_money(tranche.amount))
    if attrs.status is not None and attrs.status not in (*STEPS, *ENDED):
        yield f"status: {short(attrs.status)} is none; there is {', '.join((*STEPS, *ENDED))}"
    if attrs.date is not None and not _day(attrs.date):
        yield f"date: {short(attrs.date)} is none; write it as 2026, 2026-04 or 2026-04-21"
    if attrs.period is not None and (attrs.period[:1] in "<>" or not periods.span(attrs.period)):
        yield f"period: {short(attrs.period)} is none; write it as 2026, 2026-Q1, 2026-H1, 2026-04 or 2026-04-21"
    for name, value in attrs.model_dump().items():
        if isinstance(value, str) and not 0 < len(value.strip()) <= LONGEST:
            yield f"{name}: must be a text of 1 to {LONGEST} characters"
        if isinstance(value, float) and not (math.isfinite(value) and value >= 0):
            yield f"{name}: {value:g} is no figure that can be"


def _wrong_money(money: Amount | None) -> Iterator[str]:
    if money is None:
        return
    stated = [x for x in (money.low, money.high) if x is not None]
    if not stated or not all(math.isfinite(x) and x >= 0 for x in stated):
        yield "an amount has a low or a high figure, or both"
    elif len(stated) == 2 and stated[0] > stated[1]:
        yield "the low figure is above the high one"
    elif (money.qualifier == "up_to" and money.low is not None) or (money.qualifier == "at_least" and money.high):
        yield "up_to has no low, at_least no high figure"
    elif money.qualifier in ("exact", "about") and stated[0] != stated[-1]:
        yield f"{money.qualifier} has one figure; two make a range"
    if not re.fullmatch("[A-Z]{3}", money.currency):
        yield f"{short(money.currency)} is no currency; write its code: USD, EUR, GBP"


def _day(text: str) -> bool:
    return bool(re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text, re.ASCII)) and periods.span(text) is not None


def _whole(about: Mapping[str, Any]) -> None:
    """Raise KGError unless what a judgement keeps of its statement is texts (and an amount)."""
    for name in ("issue", "relation", "subject", "object"):
        if not isinstance(about.get(name) or "", str):
            raise KGError(f"about.{name} must be a text")


def _refused(word: str) -> None:
    raise ValueError(word)


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


_CHECKS = {"statement": _statement, "date": _date, "entity": _entity, "deal": _deal, "figure": _figure}
