"""Judgements: what a person says on the command line of names, deals, statements and figures, as judgements."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.importer import instant
from kg.errors import QuestionError
from kg.judgement_rules import pair
from kg.judging import ContradictionError
from kg.model import Judgement
from kg.names import normal
from kg.record import numbers, plain_id

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.store.base import Row

ID = re.compile(r"[ds][0-9a-f]{16}")  # of a deal or of a statement


@dataclass(frozen=True)
class Said:
    """Judgements that were kept, and the earlier decisions that they overrule."""

    judgements: tuple[Judgement, ...]
    overruled: tuple[Judgement, ...] = ()


def merge(graph: Graph, a: str, b: str, verdict: str = "same", *, note: str = "", force: bool = False) -> Said:
    """Say that two entities (by name or id) or two deals (by id) are one, or that nobody knows (`unsure`).

    Raise ContradictionError where an earlier "different" stands against it, unless forced; QuestionError for what
    is not there, KGError for what cannot be one.
    """
    deals = [id for id in (a, b) if ID.fullmatch(id)]
    if len(deals) == 1:
        what = "a deal" if deals[0].startswith("d") else "a statement"
        raise QuestionError(f"{deals[0]} is {what}, {(b if deals[0] == a else a)!r} is none: name the ids of two deals")
    if deals:
        found = [_statement(graph, id) for id in (a, b)]
        if found[0] == found[1]:
            more = f"; kg split {a} STATEMENT… takes statements out of it" if verdict == "different" else ""
            raise QuestionError(f"{a} and {b} are one deal{more}")
        said = Judgement(kind="deal", target=pair(*found), verdict=verdict, when=instant(), note=note)
    else:
        said = _names(graph, a, b, verdict, note)
    return _kept(graph, [said], force=force)


def split_names(graph: Graph, a: str, b: str, *, note: str = "") -> Said:
    """Say that two entities, or two names of one, are different; raise QuestionError for names that are not there."""
    return _kept(graph, [_names(graph, a, b, "different", note)])


def split_deal(graph: Graph, deal: str, statements: Sequence[str], *, note: str = "") -> Said:
    """Take statements out of a deal, into one of their own; raise QuestionError for what is not part of it."""
    row = graph.deal(deal)
    there: list[str] = row.data["statement_ids"]
    out = list(dict.fromkeys(statements))
    for id in out:
        if id not in there:
            raise QuestionError(f"{id!r} is no statement of {row.id}; kg deal {row.id} lists them")
    left = [id for id in there if id not in out]
    if not left:
        raise QuestionError(f"these are all the statements of {row.id}: leave one in it")
    # Who leaves is the later one of a pair: with the first statement all that stay must be told apart.
    pairs = [(a, b) for a in (left if there[0] in out else left[:1]) for b in out]
    when = instant()
    some = [Judgement(kind="deal", target=pair(a, b), verdict="different", when=when, note=note) for a, b in pairs]
    return _kept(graph, some)


def correct(graph: Graph, statement: str, right: dict[str, Any], *, note: str = "") -> Said:
    """Put qualifiers of a statement right (None: not stated), beside those put right before; raise QuestionError."""
    graph.statement(statement)
    found = graph.store.get("judgement", [f"statement/{statement}"])
    earlier = json.loads(found[0].data["value"]) if found and found[0].data["verdict"] == "correct" else {}
    value = json.dumps({**earlier, **right})
    said = Judgement(kind="statement", target=statement, verdict="correct", value=value, when=instant(), note=note)
    return _kept(graph, [said])


def choose(graph: Graph, statement: str, *, note: str = "") -> Said:
    """Say that a statement's amount is that of its deal; raise QuestionError if it is not there, or states none."""
    graph.statement(statement)
    return _kept(graph, [Judgement(kind="figure", target=statement, verdict="chosen", when=instant(), note=note)])


def _kept(graph: Graph, some: Sequence[Judgement], *, force: bool = False) -> Said:
    try:
        return Said(tuple(graph.judge_all(some)))
    except ContradictionError as error:
        if not force:
            raise
        return Said(tuple(graph.judge_all(some, force=True)), error.earlier)


def _statement(graph: Graph, id: str) -> str:
    """Return the statement that stands for a deal, by its id or by that of a statement."""
    return graph.statement(id).id if id.startswith("s") else str(graph.deal(id).data["statement_ids"][0])


def _names(graph: Graph, a: str, b: str, verdict: str, note: str) -> Judgement:
    rows = [graph.entity(text) for text in (a, b)]
    keys = [_key(graph, row, text) for row, text in zip(rows, (a, b), strict=True)]
    unused = next((text for text in (a, b) if rows[0].id == rows[1].id and not _own(rows[0], text)), None)
    if keys[0] == keys[1] and unused is not None and verdict != "same":
        raise QuestionError(f"no issue calls {rows[0].id} {unused!r}: there is nothing to split")
    if keys[0] == keys[1] and unused is None:
        raise QuestionError(f"{a!r} and {b!r} are one name: {rows[0].id} ({rows[0].data['name']})")
    if verdict == "same" and rows[0].id == rows[1].id:
        raise QuestionError(f"{a!r} and {b!r} are one already: {rows[0].id} ({rows[0].data['name']})")
    order = sorted((0, 1), key=lambda i: keys[i])
    shown = [_shown(rows[i], (a, b)[i], rows[0].id == rows[1].id) for i in order]
    return Judgement(
        kind="entity", target=pair(*keys), verdict=verdict, about={"names": shown}, when=instant(), note=note
    )


def _key(graph: Graph, entity: Row, text: str) -> str:
    """Return the key of the name that a text means: of an entity of several names that very one."""
    members: list[str] = entity.data["members"]
    own = _own(entity, text)
    exact = [m for m in own if m.partition("#")[2] == numbers(text)]
    if graph.reference.entry(entity.id) and (text == entity.id or not own):
        return entity.id
    return min(exact or own or [m for m in members if plain_id(m) == entity.id] or members)


def _own(entity: Row, text: str) -> list[str]:
    """Return the names of an entity, as issues have them, that are spelled as a text."""
    members: list[str] = entity.data["members"]
    own = [m for m in members if text in (m, plain_id(m))]
    return own or [m for m in members if plain_id(m).split("/", 1)[1] == normal(text)]


def _shown(entity: Row, text: str, within: bool) -> str:
    """Return what a person calls an entity: its name, or of one of its names that one."""
    return text if within and "/" not in text else str(entity.data["name"])
