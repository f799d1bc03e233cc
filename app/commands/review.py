"""Review: what a person should look at, the most consequential first, and the command that answers each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app import bootstrap, settings
from app.commands import terminal
from app.commands.terminal import JSONOption, StoreOption

if TYPE_CHECKING:
    from app.commands.evidence import Sources
    from kg.graph import Graph
    from kg.review_items import Item

SENTENCES = 2  # of each side that are printed; --json has all


def review(
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", help="duplicates, deals, contradictions or less-certain (repeatable)."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="How many are shown.")] = 20,
    store: StoreOption = None,
    json: JSONOption = False,
) -> None:
    """List likely duplicates, same deals, contradictions and less certain statements, by what hangs on them."""
    from app.commands.evidence import Sources
    from kg.review import Review

    with bootstrap.reading(settings.load(store)) as graph:
        own = Review(graph.store, graph.schema, graph.reference, trust=bootstrap.trust())
        found = own.items(kind or ())
        if json:
            terminal.document(own.as_json(found, limit))
            return
        shown = found.items[:limit]
        said, sources = own.statements(shown), Sources(graph)
        for number, item in enumerate(shown, start=1):
            _print(number, item, said, sources)
        if not found.items:
            terminal.say(_nothing(graph))
        else:
            counts = ", ".join(f"{name.replace('-', ' ')} {n}" for name, n in found.counts.items() if n)
            terminal.say(f"{len(shown)} of {len(found.items)} shown, by money at stake ({counts})", "dim")


def _print(number: int, item: Item, said: Mapping[str, Mapping[str, Any]], sources: Sources) -> None:
    terminal.say(f"{number}. [{item.kind}] {terminal.line(item.title)}", "cyan")
    terminal.say(f"   {item.consequence.words}")
    terminal.say(f"   {terminal.line('; '.join(item.why))}")
    for side in item.sides:
        if side.title:
            terminal.say(f"   {terminal.line(side.title)}")
        for statement in [said[id] for id in side.statement_ids if id in said][:SENTENCES]:
            claim = next((s for s in statement["evidence"] if s["role"] == "claim"), None)
            if claim is not None:
                terminal.say(f"     “{sources.seen(claim)}”", "dim")
                terminal.say(f"     {terminal.line(sources.title(claim['issue']))} · {statement['id']}", "dim")
    for answer in item.answers:
        if answer.command:
            terminal.say(f"   {answer.words}: {terminal.line(answer.command)}")
    terminal.say("")


def _nothing(graph: Graph) -> str:
    if graph.store.count("issue"):
        return "nothing to review"
    return (
        "nothing to review: the store is empty; kg import PATH… reads newsletters, kg import --samples the sample ones"
    )
