"""Free Cypher that only reads: allowed by the operators of its plan, run with limits of time and rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import neo4j
from neo4j import exceptions as neo
from neo4j.graph import Node, Path, Relationship

from kg.errors import QuestionError
from kg.model import plain_numbers
from kg.store.neo4j_server import Neo4jServer

# Operators of a plan that read, as Neo4j 5 names them; every other one, known or to come, is refused.
# fmt: off
READING = frozenset((
    "ProduceResults", "Projection", "Filter", "Limit", "ExhaustiveLimit", "Skip", "Sort", "PartialSort", "Top",
    "PartialTop", "Top1WithTies", "Distinct", "OrderedDistinct", "Eager", "EagerAggregation", "OrderedAggregation",
    "Union", "OrderedUnion", "Unwind", "UnwindCollection", "Optional", "Argument", "ArgumentTracker", "EmptyRow",
    "EmptyResult", "CacheProperties", "NullifyMetadata", "Anti", "Apply", "ConditionalApply", "AntiConditionalApply",
    "RollUpApply", "SemiApply", "AntiSemiApply", "LetSemiApply", "LetAntiSemiApply", "SelectOrSemiApply",
    "SelectOrAntiSemiApply", "LetSelectOrSemiApply", "LetSelectOrAntiSemiApply", "CartesianProduct", "NodeHashJoin",
    "ValueHashJoin", "NodeLeftOuterHashJoin", "NodeRightOuterHashJoin", "Expand", "OptionalExpand", "VarLengthExpand",
    "PruningVarLengthExpand", "BFSPruningVarLengthExpand", "ShortestPath", "StatefulShortestPath", "Repeat",
    "BidirectionalRepeat", "PathPropagatingBFS", "ProjectEndpoints", "AssertSameNode", "AssertSameRelationship",
    "TriadicSelection", "TriadicBuild", "TriadicFilter", "NodeCountFromCountStore", "RelationshipCountFromCountStore",
))
# fmt: on
LEAVES = re.compile(r"\w*(Node|Relationship|Label|Type|Index|Id)\w*(Scan|Seek|SeekByRange)")
HIDDEN = ("data",)  # properties that a person does not want to see: the JSON of a row


@dataclass(frozen=True)
class Explored:
    """What a query gave: names of the columns, rows of plain JSON values, and whether there were more rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    more: bool


def explore(server: Neo4jServer, cypher: str, *, seconds: float = 10.0, limit: int = 100) -> Explored:
    """Run a reading query; raise QuestionError if it would do more than read, or is none, or takes too long."""
    if not cypher.strip():
        raise QuestionError("there is no query")
    with server.explained(), server.session(default_access_mode=neo4j.READ_ACCESS) as session:
        try:
            with session.begin_transaction(timeout=seconds) as tx:
                refuse(tx.run(f"EXPLAIN {cypher}").consume())
            with session.begin_transaction(timeout=seconds) as tx:
                result = tx.run(cypher)
                rows = [tuple(map(shown, record.values())) for record in result.fetch(limit + 1)]
                return Explored(tuple(result.keys()), tuple(rows[:limit]), len(rows) > limit)
        except neo.ClientError as error:
            if "TransactionTimedOut" in (error.code or ""):
                said = f"the query took longer than {seconds:g} seconds; narrow it, or give it more (--seconds)"
                raise QuestionError(said) from error
            if (error.code or "").startswith(("Neo.ClientError.Statement", "Neo.ClientError.Procedure")):
                raise QuestionError(
                    f"the query is refused: {(error.message or '').strip().split(chr(10))[0]}"
                ) from error
            raise


def refuse(summary: neo4j.ResultSummary) -> None:
    """Raise QuestionError if a plan holds an operator that does more than read this database."""
    if summary.plan is None:
        raise QuestionError("the query is refused: the server gives no plan of it")
    for operator in operators(summary.plan):
        name, _, database = operator.partition("@")
        plain, _, way = name.partition("(")
        reads = plain in READING or LEAVES.fullmatch(plain)
        if not reads or "Locking" in way or (database and database != summary.database):
            raise QuestionError(f"only reading queries are run here; this one would do {name}")


def operators(plan: Mapping[str, Any]) -> Iterator[str]:
    """Yield the operators of a plan with their database: "Expand(All)@neo4j"."""
    yield str(plan["operatorType"])
    for child in plan.get("children", ()):
        yield from operators(child)


def shown(value: Any) -> Any:
    """Return a value as plain JSON; a node as its labels and properties, without the rows' own JSON."""
    if isinstance(value, Node):
        return {"labels": sorted(value.labels), **_properties(value)}
    if isinstance(value, Relationship):
        return {"type": value.type, **_properties(value)}
    if isinstance(value, Path):
        parts = [
            value.nodes[0],
            *(part for pair in zip(value.relationships, value.nodes[1:], strict=True) for part in pair),
        ]
        return [shown(part) for part in parts]
    if isinstance(value, Mapping):
        return {str(k): shown(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [shown(v) for v in value]
    return plain_numbers(value) if value is None or isinstance(value, bool | int | float | str) else str(value)


def _properties(value: Mapping[str, Any]) -> dict[str, Any]:
    return {k: shown(v) for k, v in sorted(value.items()) if k not in HIDDEN}
