"""Deal tables: what a person sees of a list of deals, and of the story of one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.commands import terminal
from app.commands.evidence import print_statements
from kg.deal_figures import CHOSEN
from kg.deal_kinds import look
from kg.deal_list import Found, sides
from kg.deal_stages import ENDED
from kg.deal_words import title
from kg.deals import sizes, total, worth
from kg.graph import Graph
from kg.model import Amount, Deal, plain_numbers
from kg.money import number, show

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would run


def print_deals(graph: Graph, found: Found, limit: int) -> None:
    """Print the deals as a table, what those shown come to, and what was left out."""
    shown = found.deals[:limit]
    if shown:
        columns = ["amount", "deal", "kind", "stage", "date", "terms", "id"]
        terminal.table(columns, [_cells(graph, found, deal) for deal in shown], right=["amount", "id"])
        terminal.say("")
        if len(shown) < len(found.deals):
            terminal.say(f"{len(shown)} of {len(found.deals)} shown, by amount")
        for text in totals_words(shown):
            terminal.say(text)
    elif found.left_out or graph.store.count("deal"):
        terminal.say("no deal fits")
    else:
        terminal.say("no deals yet: kg import PATH… reads newsletters, kg import --samples the sample ones")
    if found.left_out:
        terminal.say(f"left out: {', '.join(found.left_out)}", "dim")


def totals_words(deals: Sequence[Deal]) -> Iterator[str]:
    """Yield what deals come to, a line for each currency, and which of them are not or not wholly in it."""
    for currency, (confirmed, promised) in total(deals).items():
        sure, most = (show(Amount(low=x, high=x, currency=currency)) for x in (confirmed, promised))
        yield f"confirmed {sure}, with promises {most}"
    counted = [d for d in deals if d.certain and d.stage not in ENDED]
    bare, open_ended = sum(not sizes(d) for d in counted), sum(any(a.high is None for a in sizes(d)) for d in counted)
    notes = {
        "without a stated amount": bare,
        "open-ended (“more than”), taken at the lower figure": open_ended,
        "cancelled, denied or less certain, not counted": len(deals) - len(counted),
    }
    if said := [f"{n} {what}" for what, n in notes.items() if n]:
        yield f"of the {terminal.counted(len(deals), 'deal')} shown: {'; '.join(said)}"


def print_csv(graph: Graph, found: Found, limit: int) -> None:
    """Print the deals as comma-separated values that a spreadsheet takes for text and numbers, never for formulas."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow(
        ["id", "kind", "stage", "certain", "announced", "reported", "from", "to", "amount_low", "amount_high",
         "currency", "qualifier", "valuation", "round", "term", "until", "capacity_gw"]
    )  # fmt: skip
    for deal in found.deals[:limit]:
        givers, takers = ("; ".join(found.names[p.entity_id] for p in side) for side in sides(deal, graph.schema))
        money, valued = worth(deal) or Amount(currency=""), deal.valuation
        cells = [
            deal.id, deal.kind, deal.stage, "yes" if deal.certain else "no", deal.announced, deal.reported, givers,
            takers, money.low, money.high, money.currency, money.qualifier if money.currency else "",
            show(valued) if valued else "", deal.round, deal.term, deal.until, deal.capacity_gw,
        ]  # fmt: skip
        write.writerow([cell(value) for value in cells])
    print(out.getvalue(), end="")
    if len(found.deals) > limit:
        terminal.note(f"{limit} of {len(found.deals)} shown, by amount")
    if found.left_out:
        terminal.note(f"left out: {', '.join(found.left_out)}")


def cell(value: Any) -> Any:
    """Return a value as a cell: numbers plain, text on one line, and no formula."""
    if value is None or isinstance(value, int | float):
        return plain_numbers(value)
    text = terminal.line(str(value))
    return f"'{text}" if text.startswith(FORMULA) else text


def print_story(graph: Graph, story: Mapping[str, Any]) -> None:
    """Print a deal: who, what and when, its steps, and its statements with their sentences."""
    deal = story["deal"]
    parties, steps = story["parties"], story["steps"]
    known = Deal.model_validate({**deal, "parties": [{k: v for k, v in p.items() if k != "name"} for p in parties]})
    names = {p["entity_id"]: p["name"] for p in parties}
    terminal.say(title(known, graph.schema, names), "bold")
    terminal.say(" · ".join(_facts(known)))
    terminal.say(known.id, "dim")
    terminal.say("")
    terminal.table(["role", "party", "own amount"], [[p["role"], p["name"], _money(p["amount"])] for p in parties])
    terminal.say("")
    rows = [[day(s["date"], s["reported"]), step(s), _money(s["amount"]), s["statement_id"]] for s in steps]
    terminal.table(["date", "step", "amount", "statement"], rows)
    _print_figures(known, story["issues"], story["statements"])
    for other in story["in_return"]:
        what = ", ".join(filter(None, (kind_words(other["kind"]), _money(other["amount"]), words(other["stage"]))))
        terminal.say(f"\nin return: {what} ({other['deal_id']})")
        terminal.say(f"  “{terminal.line(other['sentence'])}”")
    for stake in story["stakes"]:
        share = f"{number(stake['percent'])}%" if stake["percent"] is not None else "a stake"
        sure = "" if stake["certain"] else " (less certain)"
        when = day(stake["date"], stake["reported"])
        terminal.say(f"\n{terminal.line(stake['holder'])} holds {share} of {terminal.line(stake['of'])}, {when}{sure}")
        terminal.say(f"  “{terminal.line(stake['sentence'])}”")
    _print_joins(known)
    print_statements(graph, story["statements"])


def step(step: Mapping[str, Any]) -> str:
    """Return a step in words: "announced", or "announced, another size"."""
    return words(step["stage"]) + (", another size" if step["event"] == "resized" else "")


def _print_figures(deal: Deal, issues: Sequence[Mapping[str, Any]], statements: Sequence[Mapping[str, Any]]) -> None:
    """Print the parts in which the amount is paid, and, where there are several figures, who told which when."""
    for part in deal.tranches:
        on = f", {terminal.line(part.condition)}" if part.condition else ""
        terminal.say(f"\nof this {show(part.amount)}{' ' + words(part.status) if part.status else ' now'}{on}")
    if len(deal.figures) < 2:
        return
    titles = {i["key"]: i["publisher"] or i["title"] or i["key"] for i in issues}
    said = {s["id"]: titles[span["issue"]] for s in statements for span in s["evidence"][:1]}
    terminal.say(f"\n{len(deal.figures)} figures; the first is shown: {deal.figure_why}")
    rows = []
    for figure in deal.figures:
        sure = ("" if figure.certain else "less certain") or ("" if figure.agreed else "as talks")
        by = ", ".join(dict.fromkeys(said[id] for id in figure.statement_ids if id in said))
        rows.append([show(figure.amount), figure.told[0] if figure.told else "undated", by, sure])
    terminal.table(["figure", "first told", "by", ""], rows)


def _print_joins(deal: Deal) -> None:
    """Print why each further statement is part of the deal."""
    if deal.joins:
        terminal.say("")
        terminal.table(["statement", "joined to", "because"], [[j.statement_id, j.to, j.why] for j in deal.joins])


def _cells(graph: Graph, found: Found, deal: Deal) -> list[str]:
    amount = worth(deal)
    stage = words(deal.stage) + ("" if deal.certain else " (less certain)")
    return [
        show(amount) if amount else "", title(deal, graph.schema, found.names), kind_words(deal.kind), stage,
        day(deal.announced, deal.reported), " · ".join(terms(deal)), deal.id,
    ]  # fmt: skip


def _facts(deal: Deal) -> Iterator[str]:
    amount = worth(deal)
    yield kind_words(deal.kind)
    yield show(amount) if amount else "no amount stated"
    if deal.figure_why == CHOSEN:
        yield f"the amount {CHOSEN}"
    yield from terms(deal)
    yield words(deal.stage)
    yield f"dated {deal.announced}" if deal.announced else day(None, deal.reported)
    if not deal.certain:
        yield "less certain"


def terms(deal: Deal) -> Iterator[str]:
    """Yield what else is agreed: the round, the valuation, power, share, how long and until when."""
    if deal.round:
        yield deal.round
    if deal.valuation:
        yield f"valued at {show(deal.valuation)}"
    if deal.percent is not None:
        yield f"{number(deal.percent)}%"
    if deal.capacity_gw is not None:
        yield f"{number(deal.capacity_gw)} GW"
    if deal.term:
        yield f"over {deal.term}"
    if deal.until:
        yield f"until {deal.until}"


def day(stated: str | None, reported: str | None) -> str:
    """Return a stated date; else the day of the issue by which it was so."""
    return stated or (f"by {reported}" if reported else "undated")


def kind_words(kind: str) -> str:
    """Return a kind of deals as digest and pages call it: "supply contract"."""
    return look(kind).label.lower()


def words(name: str) -> str:
    """Return a name of the schema as words: "in talks"."""
    return name.replace("_", " ")


def _money(amount: Mapping[str, Any] | None) -> str:
    return terminal.money(amount) if amount else ""
