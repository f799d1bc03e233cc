"""Deals as rows: for the table beside the drawing, and as CSV for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from kg.deal_kinds import look
from kg.deal_list import when
from kg.deals import sizes, worth
from kg.model import Amount, Deal
from kg.money import number, show
from kg.schema import Schema

BOM = "\ufeff"  # by it spreadsheets know UTF-8
ACTS = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so is a formula in a spreadsheet
# The table's headings, and how their columns are set.
HEADINGS = {
    "Kind": "tight",
    "From": "",
    "To": "",
    "Amount": "number",
    "Status": "tight",
    "Date": "tight",
    "Details": "",
}
COLUMNS = (
    "deal", "kind", "from", "to", "amount", "amount_low", "amount_high", "currency", "status", "announced",
    "first_reported", "round", "valuation", "term", "until", "capacity_gw", "certain", "statements",
)  # fmt: skip


def ends(deal: Deal, names: Mapping[str, str], schema: Schema) -> tuple[str, str]:
    """Return who gives and who takes, in words; the sides of a partnership stand one in each."""
    takes = {r.deal.object for r in schema.relations.values() if r.deal and r.deal.kind == deal.kind}
    sides: tuple[list[str], list[str]] = ([], [])
    for party in deal.parties:
        sides[party.role in takes].append(names.get(party.entity_id, party.entity_id))
    if not sides[0] and len(sides[1]) > 1:
        sides = (sides[1][:1], sides[1][1:])
    return ", ".join(sides[0]), ", ".join(sides[1])


def status(deal: Deal) -> str:
    """Return the stage in words."""
    return deal.stage.replace("_", " ")


def extras(deal: Deal) -> str:
    """Return what else is stated of a deal, in a line."""
    parts = [
        deal.round,
        f"at a valuation of {show(deal.valuation)}" if deal.valuation else None,
        f"{number(deal.capacity_gw)} GW" if deal.capacity_gw else None,
        f"over {deal.term}" if deal.term else None,
        f"until {deal.until}" if deal.until else None,
        None if deal.certain else "less certain",
    ]
    return " · ".join(part for part in parts if part)


def rows(deals: Iterable[Deal], names: Mapping[str, str], schema: Schema) -> list[dict[str, Any]]:
    """Return the table's rows for the page: id, cells as plain text, and what a column is sorted by."""
    out = []
    for deal in deals:
        about, money = look(deal.kind), worth(deal)
        cells = [about.label, *ends(deal, names, schema), show(money) if money else "", status(deal)]
        cells += [when(deal) or "", extras(deal)]
        size = _top(money)
        out.append(
            {"id": deal.id, "cells": cells, "sort": {"3": size}, "colour": about.colour, "certain": deal.certain}
        )
    return out


def as_csv(deals: Iterable[Deal], names: Mapping[str, str], schema: Schema) -> bytes:
    """Return all the deals as CSV that a spreadsheet opens: UTF-8 with its mark, no cell is a formula."""
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(COLUMNS)
    for deal in deals:
        money, (giver, taker) = worth(deal), ends(deal, names, schema)
        cells = [
            deal.id, look(deal.kind).label, giver, taker, show(money) if money else "",
            *((money.low, money.high, money.currency) if money else ("", "", "")), status(deal), deal.announced,
            deal.reported, deal.round, show(deal.valuation) if deal.valuation else "", deal.term, deal.until,
            deal.capacity_gw, "yes" if deal.certain else "no", len(deal.statement_ids),
        ]  # fmt: skip
        writer.writerow([_cell(cell) for cell in cells])
    return (BOM + made.getvalue()).encode("utf-8", "replace")


def currencies(deals: Iterable[Deal]) -> tuple[str, ...]:
    """Return the currencies of the deals' amounts, the most frequent first."""
    counts: dict[str, int] = {}
    for deal in deals:
        for currency in {amount.currency for amount in sizes(deal)}:
            counts[currency] = counts.get(currency, 0) + 1
    return tuple(sorted(counts, key=lambda c: (-counts[c], c)))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return str(int(value)) if float(value).is_integer() else str(value)
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(ACTS) else text


def _top(money: Amount | None) -> float | None:
    if money is None:
        return None
    return money.high if money.high is not None else money.low
