"""Stores: copying one into another, and free queries to Neo4j that only read."""

from __future__ import annotations

import json as json_module
from typing import Annotated, Any

import typer

from app import bootstrap, settings
from app.commands import terminal
from app.commands.terminal import JSONOption, StoreOption
from app.settings import Neo4jURL, SettingsError


def copy(
    source: Annotated[str, typer.Option("--from", metavar="URL", help="The store to copy.")],
    target: Annotated[str, typer.Option("--to", metavar="URL", help="The store that gets the copy; it must be empty.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Put the copy in the place of what the target holds.")
    ] = False,
    json: JSONOption = False,
) -> None:
    """Copy everything from one store into another: newsletters, corrections, and the graph made of them."""
    from kg.copying import copy as copied

    ends = [settings.load(url) for url in (source, target)]
    if ends[0].store == ends[1].store:
        raise SettingsError(f"{ends[0].store} cannot be copied into itself")
    bootstrap.must_exist(ends[0])
    one = bootstrap.open_store(ends[0])
    try:
        two = bootstrap.open_store(ends[1])
        try:
            counts = copied(one, two, replace=replace).counts
        finally:
            two.close()
    finally:
        one.close()
    if json:
        terminal.document({"copied": counts})
        return
    some = [terminal.counted(counts.get(kind, 0), kind, more) for kind, more in (
        ("issue", None), ("statement", None), ("entity", "entities"), ("deal", None), ("judgement", None)
    )]  # fmt: skip
    terminal.say(f"copied {', '.join(some)} to {ends[1].store}")


def cypher(
    query: Annotated[str, typer.Argument(metavar="QUERY", help='Such as "MATCH (c:Company) RETURN c.name"')],
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="Rows shown at most.")] = 100,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, max=600, help="Time that it may take.")] = 10,
    store: StoreOption = None,
    json: JSONOption = False,
) -> None:
    """Run a Cypher query that only reads, on a Neo4j store."""
    chosen = settings.load(store)
    if not isinstance(chosen.store, Neo4jURL):
        raise SettingsError(f"Cypher is asked of Neo4j; {chosen.store} is a file: --store neo4j://HOST names a server")
    from kg.store.neo4j import Neo4jStore
    from kg.store.neo4j_explore import explore

    opened = bootstrap.open_store(chosen)
    try:
        assert isinstance(opened, Neo4jStore)
        found = explore(opened, query, seconds=seconds, limit=limit)
    finally:
        opened.close()
    if json:
        terminal.document({"columns": list(found.columns), "rows": [list(r) for r in found.rows], "more": found.more})
        return
    terminal.table(found.columns, ([_cell(value) for value in row] for row in found.rows))
    if found.more:
        terminal.note(f"the first {len(found.rows)} rows; --limit shows more", "dim")


def _cell(value: Any) -> Any:
    """Return a value for a table: a node by its name, a number as it is, all else as JSON."""
    if isinstance(value, dict) and "labels" in value and (name := value.get("name") or value.get("title")):
        return name
    return value if isinstance(value, str | int | float | None) else json_module.dumps(value, ensure_ascii=False)
