"""Judgements: all that people said, listed, written to a file, or taken in from one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app import bootstrap, settings
from app.commands import terminal
from app.commands.judging import words
from app.commands.terminal import JSONOption, StoreOption
from app.settings import SettingsError
from kg.errors import ReadError

if TYPE_CHECKING:
    from kg.graph import Graph

ACTIONS = ("list", "export", "import")


def judgements(
    action: Annotated[str, typer.Argument(metavar="[list|export|import]", help="What to do.")] = "list",
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="A file of JSON lines; - for the terminal.")
    ] = None,
    store: StoreOption = None,
    json: JSONOption = False,
) -> None:
    """List what people said of names, deals and statements, write it to a file, or take it in from one."""
    if action not in ACTIONS:
        raise SettingsError(f"{action!r} is none of {', '.join(ACTIONS)}")
    if (file is None) != (action == "list"):
        raise SettingsError(f"kg judgements {action} " + ("takes no file" if file else "needs a FILE, or -"))
    opened = bootstrap.opened if action == "import" else bootstrap.reading
    with opened(settings.load(store)) as graph:
        if action == "list":
            _list(graph, json=json)
        elif action == "export":
            _export(graph, file or "-", json=json)
        else:
            _import(graph, file or "-", json=json)


def _list(graph: Graph, *, json: bool) -> None:
    from kg.ties import instant

    found, asleep = graph.store.read(lambda: (graph.judgements(), graph.sleeping()))
    if json:
        rows = [{**j.model_dump(mode="json"), "sleeping": f"{j.kind}/{j.target}" in asleep} for j in found]
        terminal.document({"judgements": rows})
        return
    if not found:
        terminal.say("no judgements yet: kg merge, split, correct, choose, accept, reject and date make them")
        return
    ordered = sorted(found, key=lambda j: (instant(j.when), j.kind, j.target))
    for j in ordered:
        terminal.say(terminal.line(words(j)) + (" (asleep)" if f"{j.kind}/{j.target}" in asleep else ""))
    if asleep:
        terminal.say(
            f"{len(asleep)} asleep: what they speak of is not in the store; they hold when it comes back", "dim"
        )


def _export(graph: Graph, file: str, *, json: bool) -> None:
    from kg.judgement_file import lines

    found = graph.judgements()
    if file == "-":
        if json:
            terminal.document({"judgements": [j.model_dump(mode="json") for j in found]})
            return
        for line in lines(found):
            terminal.json_line(line)
        return
    try:
        Path(file).write_bytes("".join(line + "\n" for line in lines(found)).encode("utf-8", "replace"))
    except OSError as error:
        raise SettingsError(f"{file}: cannot be written ({error.strerror}); name another file") from error
    if json:
        terminal.document({"exported": len(found)})
    else:
        terminal.say(f"{terminal.counted(len(found), 'judgement')} written to {file}")


def _import(graph: Graph, file: str, *, json: bool) -> None:
    from kg.judgement_file import read

    data, name = _bytes(file)
    done = graph.adopt(read(data, name, graph.schema))
    counts: dict[str, Any] = {
        "new": done.new, "replaced": done.replaced, "unchanged": done.unchanged, "older": done.older,
        "sleeping": done.sleeping,
    }  # fmt: skip
    if json:
        terminal.document(counts)
    else:
        older = ", {older} older, not taken" if done.older else ""
        asleep = ", of all of them {sleeping} asleep" if done.sleeping else ""
        told = "judgements: {new} new, {replaced} replaced, {unchanged} unchanged" + older + asleep
        terminal.say(told.format(**counts))


def _bytes(file: str) -> tuple[bytes, str]:
    """Return what stands in a file, and its name; raise ReadError."""
    from kg.judgement_file import FILE

    if file == "-":
        return sys.stdin.buffer.read(FILE + 1), "standard input"
    path = Path(file)
    try:
        with path.open("rb") as stream:
            return stream.read(FILE + 1), path.name
    except OSError as error:
        raise ReadError(f"{file}: cannot be read ({error.strerror}); is the path right?") from error
