"""Evaluating: the reader against annotated newsletters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from app import bootstrap
from app.commands import mistakes, terminal
from app.commands.terminal import JSONOption
from app.importer import extracted, sources
from app.settings import SettingsError
from kg.errors import ReadError
from kg.model import Extract, Issue
from kg.score import load, score, table
from kg.score_errors import errors as listed


def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD_DIR", help="A folder of annotated newsletters (.json).")],
    errors: Annotated[
        bool, typer.Option("--errors", help="List what was missed, made up and wrong, with the sentences.")
    ] = False,
    json: JSONOption = False,
) -> None:
    """Read every annotated newsletter and score what was read: precision, recall and F1."""
    if not gold.is_dir():
        raise SettingsError(f"{gold} is no folder")
    golds = load(gold)
    if not golds:
        raise SettingsError(f"{gold} holds no annotated newsletter (a .json with doc_id, source, entities, facts)")
    failed, predictions, spans = [], [], {}
    with terminal.progress("reading", len(golds), quiet=json) as step:
        for data, made in predicted(golds):
            step(data["doc_id"])
            if isinstance(made, ReadError):
                failed.append({"doc_id": data["doc_id"], "error": made.args[0]})
                terminal.note(str(made), "red")
            else:
                predictions.append({**made.to_json(), "doc_id": data["doc_id"]})
                spans[data["doc_id"]] = sentence_spans(made.issue)
    plain = [{k: v for k, v in data.items() if k != "_file"} for data in golds]
    result = score(plain, predictions)
    wrong = {"errors": listed(plain, predictions, spans)} if errors else {}
    if json:
        terminal.document({**result, **wrong, "failed": [f["doc_id"] for f in failed]})
    else:
        for line in mistakes.lines(wrong.get("errors", [])):
            terminal.say(line)
        terminal.say(table(result))
    if failed:
        raise typer.Exit(1)


def sentence_spans(issue: Issue) -> list[tuple[int, int]]:
    """Return where the sentences of an issue stand in its text."""
    from ingest.segment import blocks, sentences

    return [span for block in blocks(issue.text, html=not issue.markup) for span in sentences(issue.text, block)]


def predicted(golds: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Extract | ReadError]]:
    """Yield each gold document with what the reader makes of its source."""
    for data in golds:
        issue = issue_of(data)
        yield data, extracted(issue, bootstrap.reader) if isinstance(issue, Issue) else issue


def issue_of(data: dict[str, Any]) -> Issue | ReadError:
    """Return the issue that a gold document annotates: its source, the part of it, with the day it was published."""
    file = Path(data["_file"])
    source = data.get("source")
    if not isinstance(source, str):
        return ReadError(f"{file.name}: names no source")
    part = data.get("part")
    issues: list[Issue] = []
    for found in sources([str(file.parent / source)], date=data.get("published"), split=part is not None):
        if isinstance(found, ReadError):
            return found
        issues.append(found.issue if isinstance(found, Extract) else found)
    wanted = (part or 1) - 1
    if not 0 <= wanted < len(issues):
        return ReadError(f"{file.name}: part {part} of {source}, which holds {len(issues)}")
    return issues[wanted]
