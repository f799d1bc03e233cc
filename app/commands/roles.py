"""Roles: who holds which post, since when; of a person or of a firm."""

from __future__ import annotations

from typing import Annotated

import typer

from app import bootstrap, settings
from app.commands import terminal
from app.commands.terminal import JSONOption, StoreOption

AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Those held at the end of that day.")]


def roles(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A person, a company or organization: name or id.")],
    as_of: AsOf = None,
    store: StoreOption = None,
    json: JSONOption = False,
) -> None:
    """List the posts of a person, or those at a firm: current and former, since when, until when."""
    from kg.roles import Roles, last_day, roles_as_of, roles_json

    day = None if as_of is None else last_day(as_of)
    with bootstrap.reading(settings.load(store)) as graph:
        entity = graph.entity(name)
        found = Roles(graph.store).of(entity.id)
        unknown = 0
        if day is not None:
            found, unknown = roles_as_of(found, day)
        ids = sorted({id for r in found for id in (r.person, r.firm)})
        names = {row.id: str(row.data["name"]) for row in graph.store.get("entity", ids)}
    if json:
        terminal.document({"roles": roles_json(found, names), "left_out": {"undated": unknown}})
        return
    if not found:
        terminal.say(f"no post is told of {entity.data['name']}" + (f" as of {as_of}" if as_of else ""))
    else:
        columns = ["person", "role", "firm", "", "since", "until", "statement"]
        rows = []
        for r in found:
            state = ("current" if r.current else "former") + ("" if r.certain else " (less certain)")
            since, until = (s or (f"by {by}" if by else "") for s, by in ((r.since, r.since_by), (r.until, r.until_by)))
            rows.append([names[r.person], r.role, names[r.firm], state, since, until, r.statement_ids[0]])
        terminal.table(columns, rows)
    if unknown:
        terminal.say(f"left out: {unknown} without a date", "dim")
