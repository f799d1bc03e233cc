"""Circulation: where the money goes in circles, what flows between whom, paths between two firms, central players."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app import bootstrap, settings
from app.commands import terminal
from app.commands.terminal import JSONOption, StoreOption
from app.settings import SettingsError

if TYPE_CHECKING:
    from kg.cycles import Cycle
    from kg.flows import Leg, Money
    from kg.graph import Graph

OTHERS = 5  # further deals of a loop's legs that are printed; --json has all
Names = list[str] | None
Through = Annotated[Names, typer.Option("--party", metavar="NAME", help="Takes part: a name or an id (repeatable).")]
Certain = Annotated[bool, typer.Option("--certain", help="Leave out what is less certain.")]
Apart = Annotated[bool, typer.Option("--apart", help="Count the parts of a firm (AWS) as firms of their own.")]
Limit = Annotated[int, typer.Option("--limit", min=1, metavar="N", help="How many are shown.")]


def cycles(
    party: Through = None,
    parties: Annotated[int, typer.Option("--parties", min=2, max=5, metavar="N", help="At most so many firms.")] = 5,
    window: Annotated[int, typer.Option("--window", min=0, metavar="MONTHS", help="Of the window test.")] = 24,
    certain: Certain = False,
    apart: Apart = False,
    limit: Limit = 20,
    store: StoreOption = None,
    json: JSONOption = False,
) -> None:
    """List loops of money, each leg with its deal, and what of them holds under stress."""
    from kg import cycles as rules

    with bootstrap.reading(settings.load(store)) as graph:
        money = _money(graph, certain=certain, apart=apart)
        through = [graph.entity(name).id for name in party or ()]
        found = rules.cycles(money, most_parties=parties, months=window, through=through)
        if json:
            terminal.document(rules.as_json(money, found, limit))
            return
        for cycle in found.cycles[:limit]:
            _print_cycle(money, cycle, window)
        if not found.cycles:
            terminal.say("no loop of money" if money.legs else _nothing(graph))
        elif len(found.cycles) > limit:
            terminal.say(
                f"{limit} of {len(found.cycles)} loops shown, those with the most money in their least leg", "dim"
            )
        if found.cut:
            terminal.say(
                f"there are more loops than the {rules.MOST_FOUND:,} that were looked at; --party narrows", "dim"
            )
        for text in rules.notes(money, found.cycles[:limit]):
            terminal.say(text, "dim")


def flow(
    party: Through = None,
    kind: Annotated[Names, typer.Option("--kind", help="equity, compute, debt, licence (repeatable).")] = None,
    certain: Certain = False,
    apart: Apart = False,
    limit: Limit = 30,
    store: StoreOption = None,
    json: JSONOption = False,
) -> None:
    """List what flows between firms, by kind of money: confirmed, and with promises."""
    from kg.circulation import streams

    with bootstrap.reading(settings.load(store)) as graph:
        money = _money(graph, certain=certain, apart=apart)
        known = sorted({leg.flow for leg in money.legs})
        for word in kind or ():
            if word not in known and money.legs:
                raise SettingsError(f"--kind: {word!r} is none; there is {', '.join(known)}")
        found = streams(money, of=[graph.entity(name).id for name in party or ()], flows=kind or ())
        if json:
            rows = [s.as_json() for s in found[:limit]]
            names = {s[end]: money.name(s[end]) for s in rows for end in ("from", "to")}
            terminal.document({"streams": rows, "shown": len(rows), "of": len(found), "names": names})
            return
        rows_shown = [
            (money.name(s.source), money.name(s.target), s.flow, *_sums(s.total), str(len(s.legs)))
            for s in found[:limit]
        ]
        if rows_shown:
            columns = ["from", "to", "kind", "confirmed", "with promises", "deals"]
            terminal.table(columns, rows_shown, right=["confirmed", "with promises", "deals"])
        else:
            terminal.say("nothing flows there" if money.legs else _nothing(graph))
        if len(found) > limit:
            terminal.say(f"{limit} of {len(found)} shown, by amount", "dim")
        ids = {id for s in found[:limit] for leg in s.legs for id in (leg.source, leg.target)}
        for part, firm in money.parts(ids):
            terminal.say(f"{money.name(part)} counted as {money.name(firm)} (background)", "dim")


def path(
    start: Annotated[str, typer.Argument(metavar="A", help="A company or person: a name or an id.")],
    end: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=50, metavar="N", help="How many ways are shown.")] = 5,
    store: StoreOption = None,
    json: JSONOption = False,
) -> None:
    """Show how two companies or people are connected over deals, by the shortest ways."""
    from kg.circulation import Circulation, ways_json
    from kg.deal_kinds import look

    with bootstrap.reading(settings.load(store)) as graph:
        ends = [graph.entity(name).id for name in (start, end)]
        ways = Circulation(graph.store, graph.schema, graph.reference).paths(*ends, most=limit)
        if json:
            terminal.document(ways_json(ways))
            return
        if not ways.paths:
            terminal.say(f"no deals connect {ways.names.get(ends[0], ends[0])} and {ways.names.get(ends[1], ends[1])}")
        for number, way in enumerate(ways.paths, start=1):
            terminal.say(f"{number}. {terminal.line(ways.names[way[0].source])}", "cyan")
            for step in way:
                told = ", ".join(f"{look(d.kind).label} {d.stage} ({d.id})" for d in step.deals)
                terminal.say(f"   {terminal.line(ways.names[step.target])}: {told or 'one firm (background)'}")


def central(
    by: Annotated[str, typer.Option("--by", help="partners, betweenness, paid or received.")] = "partners",
    certain: Certain = False,
    apart: Apart = False,
    limit: Limit = 20,
    store: StoreOption = None,
    json: JSONOption = False,
) -> None:
    """List the firms at the centre of the money, by a named measure."""
    from kg import circulation
    from kg.model import Amount
    from kg.money import show

    with bootstrap.reading(settings.load(store)) as graph:
        money = _money(graph, certain=certain, apart=apart)
        places = circulation.central(money, by)[:limit]
        if json:
            terminal.document(circulation.central_json(places, by))
            return
        if not places:
            terminal.say(_nothing(graph))
            return
        words = {
            p.id: show(Amount(low=p.value, high=p.value)) if by in ("paid", "received") else f"{p.value:.3g}"
            for p in places
        }
        terminal.table(["firm", by], [(p.name, words[p.id]) for p in places], right=[by])
        if by in ("paid", "received"):
            terminal.say("with promises, in dollars; nothing is converted", "dim")


def _money(graph: Graph, *, certain: bool, apart: bool) -> Money:
    from kg.flows import Flows

    return Flows(graph.store, graph.schema, graph.reference).money(certain_only=certain, rolled_up=not apart)


def _nothing(graph: Graph) -> str:
    if graph.store.count("deal"):
        return "no deal tells of money between two firms"
    return "no deals yet: kg import PATH… reads newsletters, kg import --samples the sample ones"


def _sums(total: object) -> tuple[str, str]:
    """Return what is confirmed and what is promised, in words, of all currencies."""
    from kg.model import Amount
    from kg.money import show

    assert isinstance(total, dict)
    pairs = sorted(total.items())
    sure = [show(Amount(low=low, high=low, currency=currency)) for currency, (low, _) in pairs if low]
    most = [show(Amount(low=high, high=high, currency=currency)) for currency, (_, high) in pairs if high]
    return " + ".join(sure) or "–", " + ".join(most) or "–"


def _print_cycle(money: Money, cycle: Cycle, window: int) -> None:
    names = [terminal.line(money.name(id)) for id in (*cycle.parties, cycle.parties[0])]
    terminal.say(" → ".join(names), "cyan")
    for leg in cycle.legs:
        terminal.say(f"  {_leg_words(money, leg)}")
        if leg.sentence:
            terminal.say(f"    “{terminal.line(leg.sentence)}”", "dim")
    within = {True: "yes", False: "no", None: "unknown (a leg has no date)"}[cycle.window]
    yes = {True: "yes", False: "no"}
    terminal.say(
        f"  holds with completed deals only: {yes[cycle.completed_only]}; with confirmed money only:"
        f" {yes[cycle.low_amounts]}; within {terminal.counted(window, 'month')}: {within}"
    )
    terminal.say(f"  weakest leg: {_leg_words(money, cycle.weakest)}")
    for leg in cycle.others[:OTHERS]:
        terminal.say(f"  besides: {_leg_words(money, leg)}", "dim")
    if len(cycle.others) > OTHERS:
        terminal.say(f"  and {terminal.counted(len(cycle.others) - OTHERS, 'further deal')} on the same legs", "dim")
    terminal.say("")


def _leg_words(money: Money, leg: Leg) -> str:
    from kg.money import show

    ends = f"{terminal.line(money.name(leg.source))} → {terminal.line(money.name(leg.target))}"
    if leg.background:
        return f"{ends}: one firm (background)"
    amount = show(leg.amount) if leg.amount else "no stated amount"
    doubt = (", a promise" if leg.promise else "") + ("" if leg.certain else ", less certain")
    return f"{ends}: {leg.flow}, {amount}, {leg.stage}{', ' + leg.date if leg.date else ''}{doubt} ({leg.deal_id})"
