"""Keeping: what the store holds, taking issues out, dating them, and people's corrections."""

from __future__ import annotations

import json as json_module
from typing import Annotated

import typer

from app import bootstrap, importer, settings
from app.commands import terminal
from app.commands.importing import day
from app.commands.terminal import JSONOption, StoreOption
from kg.errors import QuestionError

IssueArgument = Annotated[str, typer.Argument(metavar="ISSUE", help="A key, or a file name or title that fits one.")]
StatementArgument = Annotated[str, typer.Argument(metavar="STATEMENT", help="A statement's id, as `kg ask` prints it.")]
UndoOption = Annotated[bool, typer.Option("--undo", help="Take the correction back.")]
NoteOption = Annotated[str, typer.Option("--note", metavar="TEXT", help="Why.")]


def issues(store: StoreOption = None, json: JSONOption = False) -> None:
    """List the issues that the store holds."""
    with bootstrap.reading(settings.load(store)) as graph:
        found = list(graph.issues())
    if json:
        terminal.document({"issues": found})
        return
    if not found:
        terminal.say("no issues yet: kg import PATH… reads newsletters, kg import --samples the sample ones")
        return
    terminal.table(
        ["date", "publisher", "title", "statements", "key"],
        [[i["date"] or "undated", i["publisher"], i["title"] or i["file"], i["statements"], i["key"]] for i in found],
        right=["statements"],
    )


def remove(
    issues: Annotated[
        list[str], typer.Argument(metavar="ISSUE...", help="Keys, or file names or titles that fit one issue.")
    ],
    store: StoreOption = None,
    json: JSONOption = False,
) -> None:
    """Take issues out of the store, with all that only they say."""
    with bootstrap.reading(settings.load(store)) as graph:
        keys = list(dict.fromkeys(graph.find_issue(name) for name in issues))
        for key in keys:
            graph.remove(key)
    if json:
        terminal.document({"removed": keys})
    else:
        terminal.say(f"{terminal.counted(len(keys), 'issue')} removed: {', '.join(keys)}")


def date(
    issue: IssueArgument,
    date: Annotated[str, typer.Argument(metavar="DATE", help="The day of publication: 2026-04-21")],
    store: StoreOption = None,
    json: JSONOption = False,
) -> None:
    """Say when an issue was published."""
    day(date)
    with bootstrap.reading(settings.load(store)) as graph:
        key = graph.find_issue(issue)
        importer.dated(graph, key, date)
    if json:
        terminal.document({"issue": key, "date": date})
    else:
        terminal.say(f"{key} is dated {date}")


def accept(
    statement: StatementArgument,
    undo: UndoOption = False,
    note: NoteOption = "",
    store: StoreOption = None,
    json: JSONOption = False,
) -> None:
    """Say that a statement is right: it counts, however uncertain the reader was."""
    judge(statement, "accept", undo=undo, note=note, store=store, json=json)


def reject(
    statement: StatementArgument,
    undo: UndoOption = False,
    note: NoteOption = "",
    store: StoreOption = None,
    json: JSONOption = False,
) -> None:
    """Say that a statement is wrong: it stays in the record and counts nowhere."""
    judge(statement, "reject", undo=undo, note=note, store=store, json=json)


def judge(statement: str, verdict: str, *, undo: bool, note: str, store: str | None, json: bool) -> None:
    """Accept or reject a statement, or take that back; raise QuestionError if no such statement is there."""
    with bootstrap.reading(settings.load(store)) as graph:
        if not undo:
            importer.judged(graph, statement, verdict, note)
        elif not graph.unjudge("statement", statement):
            raise QuestionError(f"{statement!r} was neither accepted nor rejected")
    if json:
        terminal.document({"statement": statement, "verdict": None if undo else verdict})
    else:
        terminal.say(f"{statement}: {'as read' if undo else verdict + 'ed'}")


def dump(store: StoreOption = None, json: JSONOption = False) -> None:
    """Print the whole store as sorted JSON lines, the same for the same issues in any order of import."""
    with bootstrap.reading(settings.load(store)) as graph:
        if json:
            terminal.document({"rows": [json_module.loads(row) for row in graph.dump()]})
            return
        for row in graph.dump():
            terminal.json_line(row)


def stats(store: StoreOption = None, json: JSONOption = False) -> None:
    """Count what the store holds."""
    with bootstrap.reading(settings.load(store)) as graph:
        counts = graph.stats(bootstrap.fingerprint())
    if json:
        terminal.document(counts)
        return
    rows: list[tuple[str, object]] = []
    for name, value in counts.items():
        if isinstance(value, dict):
            rows += [(f"  {key}", n) for key, n in value.items()]
        else:
            rows.append(("read by an older reader" if name == "older_reader" else name, value))
    terminal.table(["", "count"], rows, right=["count"])
    if counts["older_reader"]:
        terminal.say("kg reread reads those of an older reader anew")
