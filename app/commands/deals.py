"""Deals: listed by party, stage, amount and date, with what they come to; and the whole story of one."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from app import bootstrap, settings
from app.commands import terminal
from app.commands.terminal import JSONOption, StoreOption
from app.settings import SettingsError

if TYPE_CHECKING:
    from kg.deal_list import Found
    from kg.graph import Graph

SCALE = {
    "": 1, "k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "million": 10**6, "b": 10**9, "bn": 10**9,
    "billion": 10**9, "t": 10**12, "tn": 10**12, "trillion": 10**12,
}  # fmt: skip
CODE = "[A-Za-z]{3}"
FIGURE = r"(?P<figure>\d{1,3}(?:,\d{3})+|\d{1,15})(?P<part>\.\d+)?"
AMOUNT = re.compile(
    rf"(?:(?P<sign>[A-Z]{{0,2}}[$€£¥₹]) ?|(?P<code>{CODE}) )?{FIGURE} ?(?P<scale>{'|'.join(filter(None, SCALE))})?",
    re.IGNORECASE | re.ASCII,
)
# One option each, told once here: the commands' signatures stay short.
Words = list[str] | None
Party = Annotated[Words, typer.Option("--party", metavar="NAME", help="Takes part: a name or an id (repeatable).")]
Role = Annotated[Words, typer.Option("--role", help="As investor, buyer, supplier … (repeatable).")]
Kind = Annotated[Words, typer.Option("--kind", help="acquisition, equity_round, supply … (repeatable).")]
Stage = Annotated[Words, typer.Option("--stage", help="announced, completed, in_talks … (repeatable).")]
Least = Annotated[str | None, typer.Option("--min", metavar="AMOUNT", help="5bn, $10 billion, 500m, EUR 2bn")]
Most = Annotated[str | None, typer.Option("--max", metavar="AMOUNT", help="Likewise; nothing is converted.")]
Currency = Annotated[str | None, typer.Option("--currency", metavar="CODE", help="Of the amounts: USD, EUR …")]
Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="2026, 2026-04, 2026-Q1, 2026-04-21")]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Likewise, itself included.")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="As deals stood at the end of that day.")]
Certain = Annotated[bool, typer.Option("--certain", help="Leave out what is less certain.")]
Limit = Annotated[int, typer.Option("--limit", min=1, metavar="N", help="How many are shown.")]
CSV = Annotated[bool, typer.Option("--csv", help="Print comma-separated values instead of text.")]


def deals(
    party: Party = None,
    role: Role = None,
    kind: Kind = None,
    stage: Stage = None,
    least: Least = None,
    most: Most = None,
    currency: Currency = None,
    since: Since = None,
    until: Until = None,
    as_of: AsOf = None,
    certain: Certain = False,
    limit: Limit = 30,
    csv: CSV = False,
    store: StoreOption = None,
    json: JSONOption = False,
) -> None:
    """List deals, the largest first, and what those shown come to: confirmed, and with promises."""
    from app.commands.deal_tables import print_csv, print_deals
    from kg.deal_list import DealFilter, Deals, listed

    if csv and json:
        raise SettingsError("--csv or --json, not both")
    low, high, unit = bounds(least, most, currency)
    with bootstrap.reading(settings.load(store)) as graph:
        said = known_words(graph, role=role, kind=kind, stage=stage)

        def find() -> Found:
            ids = tuple(graph.entity(name).id for name in party or ())
            chosen = DealFilter(
                ids, said["role"], said["kind"], said["stage"], low, high, unit, since, until, certain, as_of
            )
            return Deals(graph.store).find(chosen)

        found = graph.store.read(find)
        if json:
            terminal.document(listed(found, limit))
        elif csv:
            print_csv(graph, found, limit)
        else:
            print_deals(graph, found, limit)


def deal(
    id: Annotated[str, typer.Argument(metavar="ID", help="The id of a deal, or of a statement that is part of it.")],
    store: StoreOption = None,
    json: JSONOption = False,
) -> None:
    """Tell the whole story of a deal: parties, figures, dated steps, why its statements joined, and the sentences."""
    from app.commands.deal_tables import print_story
    from kg.deal_story import story

    with bootstrap.reading(settings.load(store)) as graph:
        told = story(graph.store, graph.schema, graph.reference, id)
        if json:
            terminal.document(told)
        else:
            print_story(graph, told)


def bounds(least: str | None, most: str | None, currency: str | None) -> tuple[float | None, float | None, str | None]:
    """Return the least and greatest figure and their currency; raise SettingsError where they do not go together."""
    low, low_unit = read_amount("--min", least)
    high, high_unit = read_amount("--max", most)
    if currency is not None and not re.fullmatch(CODE, currency.strip()):
        raise SettingsError(f"--currency: {currency!r} is no currency; write its code: USD, EUR, GBP")
    units = sorted({u for u in (low_unit, high_unit, currency and currency.strip().upper()) if u})
    if len(units) > 1:
        raise SettingsError(f"amounts in {' and '.join(units)}: nothing is converted, so name one currency")
    if low is not None and high is not None and high < low:
        raise SettingsError(f"no amount is at least {least} and at most {most}")
    return low, high, units[0] if units else None


def read_amount(option: str, text: str | None) -> tuple[float | None, str | None]:
    """Return the figure and the currency (None where none is written) of an amount as people write it.

    5bn, $10 billion, 500m, EUR 2bn, 3,000,000; raise SettingsError for anything else.
    """
    from kg.money import SYMBOLS

    if text is None:
        return None, None
    signs = {sign: code for code, sign in SYMBOLS.items()} | {"US$": "USD"}
    found = AMOUNT.fullmatch(" ".join(text.split()))
    unit = found and (signs.get((found["sign"] or "").upper()) or (found["code"] or "").upper())
    if not found or (found["sign"] and not unit):
        raise SettingsError(f"{option}: {text!r} is no amount; write it as 5bn, $10 billion, 500m or EUR 2bn")
    figure = Decimal(found["figure"].replace(",", "") + (found["part"] or ""))
    return float(figure * SCALE[(found["scale"] or "").lower()]), unit or None


def known_words(graph: Graph, **said: Words) -> dict[str, tuple[str, ...]]:
    """Return roles, kinds and stages as the store writes them; raise SettingsError for one that there is not."""
    from kg.deal_kinds import look
    from kg.deal_stages import OF_DEALS

    blocks = [r.deal for r in graph.schema.relations.values() if r.deal]
    known: dict[str, set[str]] = {
        "role": {role for block in blocks for role in (block.subject, block.object)},
        "kind": {block.kind for block in blocks},
        "stage": {*OF_DEALS.values()},
    }
    labels = {look(kind).label.lower().replace(" ", "_"): kind for kind in known["kind"]}
    out = {}
    for name, words in said.items():
        forms = []
        for word in words or ():
            form = "_".join(word.casefold().replace("-", " ").replace("_", " ").split())
            form = OF_DEALS.get(form, form) if name == "stage" else labels.get(form, form) if name == "kind" else form
            if form not in known[name]:
                raise SettingsError(f"--{name}: {word!r} is none; there is {', '.join(sorted(known[name]))}")
            forms.append(form)
        out[name] = tuple(forms)
    return out
