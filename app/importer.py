"""Importer: sources through the reader into a graph, one transaction each; what people say of it beside it."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app import bootstrap
from kg.errors import KGError, ReadError, StoreError
from kg.model import Extract, Issue, Judgement

if TYPE_CHECKING:
    from kg.graph import Graph

Source = Issue | Extract | ReadError
_one = threading.Lock()  # the reader of a process reads one issue at a time, whichever thread asks


@dataclass(frozen=True)
class Imported:
    """What became of one source: `outcome` is added, replaced, unchanged, duplicate or failed."""

    outcome: str
    source: str = ""
    file: str = ""
    key: str = ""
    title: str = ""
    date: str | None = None
    dated: bool = True
    error: str = ""
    also: str = ""  # the key of the issue whose text this one repeats


def sources(
    paths: Sequence[str], *, date: str | None = None, publisher: str | None = None, split: bool = False
) -> Iterator[Source]:
    """Yield the issues and extracts of the paths; what cannot be read comes as an error among them."""
    from ingest.readers import read

    yield from read(paths, date=date, publisher=publisher, split=split)


def handed(data: bytes, file: str, *, date: str | None = None, publisher: str | None = None) -> Iterator[Source]:
    """Yield the issues and extracts of an uploaded file, or of pasted text (no file name), as `sources` does."""
    from ingest.readers import read_bytes

    yield from read_bytes(data, file, date=date, publisher=publisher)


def extracted(issue: Issue, read: bootstrap.MakeReader) -> Extract | ReadError:
    """Return what the reader makes of an issue; one that it breaks on is an error among the sources."""
    reader = read()
    try:
        with _one:
            return reader.extract(issue)
    except ReadError as e:
        return e
    except Exception as e:  # noqa: BLE001  reported, and the exit code says so: one issue must not stop the others
        return ReadError(
            f"{name_of(issue)}: the reader failed on it ({type(e).__name__}: {e}); nothing of it is stored"
        )


def import_sources(found: Iterable[Source], graph: Graph, read: bootstrap.MakeReader) -> Iterator[Imported]:
    """Put every source into the graph, one transaction each, and yield what became of it."""
    for source in found:
        if isinstance(source, Issue) and graph.has(source, read().fingerprint):
            yield unchanged(source)
            continue
        extract = extracted(source, read) if isinstance(source, Issue) else source
        yield Imported("failed", error=str(extract)) if isinstance(extract, ReadError) else stored(extract, graph)


def unchanged(issue: Issue) -> Imported:
    """Return what is said of an issue that is in the graph already, read by the same reader."""
    return Imported("unchanged", name_of(issue), issue.file, issue.key, issue.title, issue.published)


def stored(extract: Extract, graph: Graph) -> Imported:
    """Put an extract into the graph and return what became of it; raise StoreError if the store is out of reach."""
    issue = extract.issue
    try:
        done = graph.put(extract)
    except StoreError:
        raise
    except KGError as e:
        return Imported("failed", name_of(issue), error=str(e))
    date = issue.published if done.dated else None
    return Imported(
        done.what, name_of(issue), issue.file, issue.key, issue.title, date, dated=done.dated, also=done.of or ""
    )


def name_of(issue: Issue) -> str:
    """Return what a person calls the issue: its file's name, else its title, else its key."""
    return issue.file or issue.title or issue.key


def judged(graph: Graph, statement: str, verdict: str, note: str = "") -> None:
    """Accept or reject a statement; raise QuestionError if none has this id."""
    graph.statement(statement)
    graph.judge(Judgement(kind="statement", target=statement, verdict=verdict, when=instant(), note=note))


def dated(graph: Graph, key: str, day: str) -> None:
    """Say when an issue was published; raise KGError if `day` is no ISO day."""
    graph.judge(Judgement(kind="date", target=key, verdict="correct", value=day, when=instant()))


def now() -> str:
    """Return this moment in ISO form, UTC."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def instant() -> str:
    """Return this moment as finely as of two judgements the later one must be known by."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")
