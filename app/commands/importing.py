"""Import and extract: newsletters through the reader, into the store or onto the screen."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app import bootstrap, settings
from app.commands import terminal
from app.commands.terminal import JSONOption, StoreOption
from app.settings import SettingsError
from kg.errors import KGError, ReadError, StoreError
from kg.model import Extract, Issue

if TYPE_CHECKING:
    from kg.graph import Graph

STOPPED = 130  # as a shell counts an interrupt
Source = Issue | Extract | ReadError

PathsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="PATH...", help="Files (.txt, .md, .html, extracts in .json), folders, - for the input."),
]
DateOption = Annotated[
    str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="The day of publication, if the text does not say.")
]
PublisherOption = Annotated[str | None, typer.Option("--publisher", metavar="NAME", help="Who publishes it.")]
SplitOption = Annotated[bool, typer.Option("--split", help="Also part .md and .html at their rules (---).")]
SamplesOption = Annotated[bool, typer.Option("--samples", help="The sample newsletters that ship with the package.")]


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


def day(text: str | None) -> str | None:
    """Return an ISO day as it stands; raise SettingsError if it is none."""
    if text is None:
        return None
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        try:
            datetime.date.fromisoformat(text)
            return text
        except ValueError:
            pass
    raise SettingsError(f"{text!r} is no day; write it as 2026-04-21")


def sources(
    paths: Sequence[str], *, date: str | None = None, publisher: str | None = None, split: bool = False
) -> Iterator[Source]:
    """Yield the issues and extracts of the paths; what cannot be read comes as an error among them."""
    from ingest.readers import read

    yield from read(paths, date=day(date), publisher=publisher, split=split)


def extracted(issue: Issue, read: bootstrap.MakeReader) -> Extract | ReadError:
    """Return what the reader makes of an issue; one that it breaks on is an error among the sources."""
    reader = read()
    try:
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
            yield Imported("unchanged", name_of(source), source.file, source.key, source.title, source.published)
            continue
        extract = extracted(source, read) if isinstance(source, Issue) else source
        yield Imported("failed", error=str(extract)) if isinstance(extract, ReadError) else stored(extract, graph)


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


def import_(
    paths: PathsArgument = None,
    samples: SamplesOption = False,
    date: DateOption = None,
    publisher: PublisherOption = None,
    split: SplitOption = False,
    store: StoreOption = None,
    json: JSONOption = False,
) -> None:
    """Read newsletters into the store. What is there already is not read again."""
    if samples:
        paths = [*(paths or []), *map(str, bootstrap.samples())]
    if not paths:
        raise SettingsError("nothing to import: name files or folders, - for the input, or --samples")
    day(date)
    done: list[Imported] = []
    with bootstrap.opened(settings.load(store)) as graph, terminal.progress("reading", None, quiet=json) as step:
        try:
            for one in import_sources(
                sources(paths, date=date, publisher=publisher, split=split), graph, bootstrap.reader
            ):
                done.append(one)
                step(one.source)
                if one.outcome == "failed":
                    terminal.note(one.error, "red")
        except KeyboardInterrupt as e:
            terminal.note(f"stopped; {terminal.counted(len(done), 'issue')} done, all of them whole")
            raise typer.Exit(STOPPED) from e
    report(done, paths, json=json)
    if any(one.outcome == "failed" for one in done):
        raise typer.Exit(1)


def without_folders(text: str, paths: Iterable[str]) -> str:
    """Return an error's text with the names of files only: what is printed as JSON holds no paths."""
    for path in map(Path, paths):
        text = text.replace(str(path.expanduser()), path.name)
    return text


def report(done: Sequence[Imported], paths: Sequence[str], *, json: bool) -> None:
    """Print what became of the sources, and how to date those without a day."""
    if json:
        terminal.document(
            {
                "issues": [
                    {"key": i.key, "title": i.title, "file": i.file, "outcome": i.outcome, "date": i.date}
                    for i in done
                    if i.outcome != "failed"
                ],
                "failed": [{"error": without_folders(i.error, paths)} for i in done if i.outcome == "failed"],
            }
        )
        return
    for one in done:
        if one.outcome == "duplicate":
            terminal.say(f"{one.source} ({one.key}) repeats the text of {one.also or 'another issue'}: counted once")
    for one in done:
        if not one.dated:
            terminal.say(f"{one.source} has no certain date; date it: kg date {one.key} 2026-04-21")
    counts = Counter(one.outcome for one in done)
    parts = [f"{counts[o]} {o}" for o in ("added", "replaced", "unchanged", "duplicate", "failed") if counts[o]]
    read = terminal.counted(len(done) - counts["failed"], "issue")
    terminal.say(f"{read}: {', '.join(parts)}" if parts else "nothing found to read: no .txt, .md or .html there")


def extract(
    paths: PathsArgument = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="One file an issue, in this folder.")] = None,
    samples: SamplesOption = False,
    date: DateOption = None,
    publisher: PublisherOption = None,
    split: SplitOption = False,
    json: JSONOption = False,
) -> None:
    """Print what newsletters say, one JSON object a line; nothing is stored."""
    if samples:
        paths = [*(paths or []), *map(str, bootstrap.samples())]
    if not paths:
        raise SettingsError("nothing to extract: name files or folders, - for the input, or --samples")
    day(date)
    failed: list[str] = []
    written: list[dict[str, Any]] = []
    with terminal.progress("reading", None, quiet=json or out is None) as step:
        for source in sources(paths, date=date, publisher=publisher, split=split):
            result = extracted(source, bootstrap.reader) if isinstance(source, Issue) else source
            if isinstance(result, ReadError):
                failed.append(str(result))
                terminal.note(str(result), "red")
                continue
            step(name_of(result.issue))
            form = result.to_json()
            if out is not None:
                write(form, out)
            if json or out is not None:
                written.append(form)
            else:
                terminal.document(form)
    if json:
        terminal.document({"extracts": written, "failed": [{"error": without_folders(e, paths)} for e in failed]})
    elif out is not None:
        terminal.say(f"{terminal.counted(len(written), 'extract')} written to {out}")
    if failed:
        raise typer.Exit(1)


def write(form: dict[str, Any], folder: Path) -> Path:
    """Write an extract to the folder as its doc_id; raise SettingsError if the folder does not take it."""
    import json

    path = folder / f"{safe(form['doc_id'])}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(form, indent=1, ensure_ascii=True) + "\n", encoding="utf-8")
    except OSError as e:
        raise SettingsError(f"cannot write {path} ({e.strerror})") from e
    return path


def safe(doc_id: str) -> str:
    """Return a doc_id as a file name: no path parts, nothing that a file system refuses."""
    return re.sub(r'[\x00-\x1f<>:"/\\|?*]', "_", doc_id).strip(". ")[:150] or "issue"
