"""Rereading: the stored issues through the present reader."""

from __future__ import annotations

from typing import Annotated

import typer

from app import bootstrap, settings
from app.commands import terminal
from app.commands.importing import STOPPED
from app.commands.terminal import JSONOption, StoreOption
from app.rereading import Age, Reread, age, summary
from app.rereading import reread as read_anew
from app.settings import SettingsError
from kg.graph import Graph


def reread(
    issues: Annotated[
        list[str] | None, typer.Argument(metavar="[ISSUE...]", help="Keys, or file names or titles that fit one issue.")
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Also those that the present reader read.")] = False,
    store: StoreOption = None,
    json: JSONOption = False,
) -> None:
    """Read stored issues anew: those that an older reader read, or the ones named. Corrections and dates stay."""
    if issues and all_:
        raise SettingsError("name issues, or give --all, not both")
    done: list[Reread] = []
    with bootstrap.reading(settings.load(store)) as graph:
        known = age(graph, bootstrap.fingerprint())
        keys = chosen(graph, known, issues or [], every=all_)
        with terminal.progress("reading", len(keys), quiet=json) as step:
            try:
                for one in read_anew(graph, keys, bootstrap.reader):
                    done.append(one)
                    step(one.file or one.title or one.key)
                    if one.outcome == "failed":
                        terminal.note(one.error, "red")
            except KeyboardInterrupt as e:
                terminal.note(f"stopped; {terminal.counted(len(done), 'issue')} done, the others are as they were")
                raise typer.Exit(STOPPED) from e
    left = [key for key in known.unnamed if all_ and key not in keys]
    report(done, known, left, json=json)
    if any(one.outcome == "failed" for one in done):
        raise typer.Exit(1)


def chosen(graph: Graph, known: Age, names: list[str], *, every: bool) -> list[str]:
    """Return the keys of the issues to be read anew; raise QuestionError if a name fits none, or several."""
    if names:
        return list(dict.fromkeys(graph.find_issue(name) for name in names))
    return [key for key in graph.readers() if key not in known.unnamed] if every else list(known.older)


def report(done: list[Reread], known: Age, left: list[str], *, json: bool) -> None:
    """Print what became of the issues."""
    if json:
        terminal.document({
            "issues": [
                {"key": o.key, "title": o.title, "file": o.file, "outcome": o.outcome, "statements": o.statements,
                 "new": o.new, "gone": o.gone, "resting": o.resting}
                for o in done if o.outcome != "failed"
            ],
            "failed": [{"key": o.key, "error": o.error} for o in done if o.outcome == "failed"],
            "left": left,
        })  # fmt: skip
        return
    if done:
        terminal.say(summary(done))
    elif not known.issues:
        terminal.say("no issues yet: kg import PATH… reads newsletters")
    elif not left:
        terminal.say("nothing to read anew: no issue was read by an older reader (--all reads every one)")
    if left:
        terminal.say(
            f"{terminal.counted(len(left), 'issue')} came as extracts that name no reader, and stay as they are; "
            "kg reread ISSUE reads one anew"
        )
