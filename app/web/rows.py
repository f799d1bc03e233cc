"""Rows of an answer as a table: which columns it needs, and what each cell says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.model import Amount
from kg.money import number, show
from kg.schema import Schema

AnswerRow = Mapping[str, Any]
MOST_COLUMNS, LONGEST_WORD = 7, 16
SHARED = ("Round", "Valuation", "Lead", "Capacity", "Term", "Until", "According to")  # one column where there are many
UNITS = {"percent": "{}%", "points": "{} points", "rank": "rank {}"}


@dataclass(frozen=True)
class Table:
    """Headings and cells, all plain text."""

    headings: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]

    @property
    def widths(self) -> tuple[int, ...]:
        """Return the relative width of each column: that of its longest cell, within bounds."""
        columns = zip(self.headings, zip(*self.cells, strict=True), strict=True)
        return tuple(min(max(map(len, (heading, *column))), 26) + 2 for heading, column in columns)

    @property
    def grid(self) -> str:
        """Return the columns in CSS: none is narrower than its longest word, within bounds."""
        columns = zip(self.headings, zip(*self.cells, strict=True), strict=True)
        words = (" ".join((heading, *column)).split() for heading, column in columns)
        least = (min(max(map(len, some), default=1), LONGEST_WORD) + 1 for some in words)
        return " ".join(f"minmax({n}ch, {width}fr)" for n, width in zip(least, self.widths, strict=True))


def table(rows: Sequence[AnswerRow], schema: Schema) -> Table:
    """Return the rows as a table with only the columns that something stands in; of many some share one."""
    columns = [(heading, cell) for heading, cell in _columns(rows, schema) if any(cell(row) for row in rows)]
    if len(columns) > MOST_COLUMNS:
        columns = [*(column for column in columns if column[0] not in SHARED), ("Details", _shared)]
    return Table(tuple(h for h, _ in columns), tuple(tuple(cell(row) for _, cell in columns) for row in rows))


def said(row: AnswerRow, schema: Schema) -> str:
    """Return a row or statement in a sentence: "Amazon invested in Anthropic"."""
    relation = schema.relations.get(row["relation"])
    form = relation.forms.active if relation else "{subject} " + row["relation"].replace("_", " ") + " {object}"
    parts = form.replace("{object}", "\0").split("{subject}")  # names may hold braces themselves
    return str(row["subject"]).join(parts).replace("\0", str(row["object"]))


def details(attrs: Mapping[str, Any]) -> str:
    """Return all that is stated of a pair in a line: "up to $25 billion · Series F · announced · 2026-04-20"."""
    parts = [f"{words}{said}" for words, cell in _DETAILS if (said := cell({"attrs": attrs}))]
    return " · ".join(parts)


def _columns(rows: Sequence[AnswerRow], schema: Schema) -> list[tuple[str, Callable[[AnswerRow], str]]]:
    relations = {row["relation"] for row in rows}
    first, last = "From", "To"
    if len(relations) == 1 and (relation := schema.relations.get(*relations)):
        first = relation.forms.noun.capitalize()
        last = (relation.forms.object_noun or last).capitalize()
    both = any(row["subject"] != row["object"] for row in rows)
    columns: list[tuple[str, Callable[[AnswerRow], str]]] = [(first, lambda row: str(row["subject"]))]
    if len(relations) > 1:
        columns.append(("", lambda row: _verb(row["relation"], schema)))
    if both:
        columns.append((last, lambda row: str(row["object"]) if row["object"] != row["subject"] else ""))
    return [*columns, *_QUALIFIERS]


def _verb(name: str, schema: Schema) -> str:
    relation = schema.relations.get(name)
    form = relation.forms.active if relation else name.replace("_", " ")
    return form.replace("{subject}", "").replace("{object}", "").strip()


def _money(key: str) -> Callable[[AnswerRow], str]:
    def cell(row: AnswerRow) -> str:
        value = row["attrs"].get(key)
        return show(Amount.model_validate(value)) if value else ""

    return cell


def _plain(key: str, form: str = "{}") -> Callable[[AnswerRow], str]:
    def cell(row: AnswerRow) -> str:
        value = row["attrs"].get(key)
        if value is None or value == "":
            return ""
        return form.replace("{}", number(value) if isinstance(value, int | float) else str(value))

    return cell


def _shared(row: AnswerRow) -> str:
    parts = [
        f"{_WORDS.get(heading, '')}{said}" for heading, cell in _QUALIFIERS if heading in SHARED and (said := cell(row))
    ]
    return " · ".join(parts)


def _score(row: AnswerRow) -> str:
    value = row["attrs"].get("value")
    return "" if value is None else UNITS.get(str(row["attrs"].get("unit")), "{}").format(number(value))


def _role(row: AnswerRow) -> str:
    role = _plain("role")(row)
    past = row["attrs"].get("current") is False
    return f"{role} (formerly)" if role and past else "formerly" if past else role


def _status(row: AnswerRow) -> str:
    stage = row.get("stage") or row["attrs"].get("status") or ""
    return str(stage).replace("_", " ")


_QUALIFIERS: tuple[tuple[str, Callable[[AnswerRow], str]], ...] = (
    ("Figure", _plain("metric")),
    ("Amount", _money("amount")),
    ("Share", _plain("percent", "{}%")),
    ("Score", _score),
    ("On", _plain("on")),
    ("Period", _plain("period")),
    ("Role", _role),
    ("Round", _plain("round")),
    ("Valuation", _money("valuation")),
    ("Lead", lambda row: "led" if row["attrs"].get("lead") else ""),
    ("Capacity", _plain("capacity_gw", "{} GW")),
    ("Term", _plain("term")),
    ("Until", _plain("until")),
    ("Status", _status),
    ("Date", _plain("date")),
    ("According to", _plain("attributed_to")),
)
_WORDS = {
    "According to": "according to ",
    "On": "on ",
    "Period": "for ",
    "Valuation": "at a valuation of ",
    "Lead": "",
    "Until": "until ",
    "Term": "over ",
}
_DETAILS = tuple((_WORDS.get(heading, ""), cell) for heading, cell in _QUALIFIERS)
