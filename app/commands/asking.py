"""Ask and show: questions answered with the sentences behind the answer, and all that is known of one name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app import bootstrap, settings
from app.commands import terminal
from app.commands.terminal import JSONOption, StoreOption

if TYPE_CHECKING:
    from kg.answer import Answer
    from kg.graph import Graph
    from kg.store.base import Row


def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help='Such as "Who invested in Anthropic?"')],
    show_query: Annotated[
        bool, typer.Option("--show-query", help="Also print the Cypher that finds the rows of the answer in Neo4j.")
    ] = False,
    store: StoreOption = None,
    json: JSONOption = False,
) -> None:
    """Answer a question from what the newsletters state, with their sentences."""
    from app.commands.evidence import print_statements
    from kg.ask import ask as answered

    with bootstrap.reading(settings.load(store)) as graph:
        answer = answered(question, graph.store, graph.schema, graph.reference)
        queries = cypher(graph, answer) if show_query else []
        if json:
            terminal.document({**answer.to_json(), **({"cypher": queries} if show_query else {})})
            return
        terminal.say(answer.text, "bold" if answer.answered else "yellow")
        if answer.understood:
            terminal.say(f"understood as {answer.understood}", "dim")
        if answer.left_out:
            terminal.say(f"left out: {'; '.join(answer.left_out)}", "dim")
        print_statements(graph, answer.statements)
        for query in queries:
            terminal.say(f"\n{query};", "dim")


def cypher(graph: Graph, answer: Answer) -> list[str]:
    """Return the queries that find in Neo4j what an answer was computed from, each fit for Browser as it stands.

    Conditions on amounts, dates and stages are looked at afterwards; they stand in a comment.
    """
    from kg.store.neo4j_faces import Naming
    from kg.store.neo4j_match import Compiled

    naming = Naming.of(graph.schema)
    conditions = [w.words for step in answer.query.steps for w in step.where if w.words] if answer.query else []
    comment = f"// of these: {terminal.line(', '.join(conditions))}\n" if conditions else ""
    return [comment + Compiled(pattern, naming, literal=True).cypher for pattern in answer.patterns]


def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A company, person, model, product or benchmark.")],
    store: StoreOption = None,
    json: JSONOption = False,
) -> None:
    """Show what the store knows of one name: other names, background, links, and their sentences."""
    from app.commands.evidence import print_statements

    with bootstrap.reading(settings.load(store)) as graph:
        about = described(graph, graph.entity(name))
        if json:
            terminal.document(about)
            return
        aliases = f" (also {', '.join(about['aliases'])})" if about["aliases"] else ""
        terminal.say(f"{about['name']}{aliases}", "bold")
        terminal.say(f"{about['type']} · {about['id']}", "dim")
        for key, value in about["background"].items():
            terminal.say(f"{key}: {value} (background)", "dim")
        if not about["rows"]:
            terminal.say("named, but no relation is stated")
        print_statements(graph, about["statements"])


def described(graph: Graph, row: Row) -> dict[str, Any]:
    """Return all that the store knows of an entity, as `kg show --json` prints it."""
    from kg.answer import material

    edges = sorted(
        graph.store.neighbourhood([row.id], depth=1, limit=100_000), key=lambda e: (e.data["relation"], e.id)
    )
    rows, statements, _ = material(edges, graph.store)
    return {
        "id": row.id,
        "name": row.data["name"],
        "type": row.data["type"],
        "aliases": list(row.data.get("aliases", ())),
        "background": background(graph, row.id),
        "rows": list(rows),
        "statements": list(statements),
    }


def background(graph: Graph, entity: str) -> dict[str, str]:
    """Return the reference facts of an entity: parent, maker, ticker."""
    entry = graph.reference.entry(entity)
    if entry is None:
        return {}
    facts = {"parent": entry.parent, "maker": entry.maker, "ticker": entry.ticker}
    return {k: v for k, v in facts.items() if v}
