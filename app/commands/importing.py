"""Import and extract: newsletters through the reader, into the store or onto the screen."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from app import bootstrap, settings
from app.commands import terminal
from app.commands.terminal import JSONOption, StoreOption
from app.importer import Imported, extracted, import_sources, name_of, sources
from app.settings import SettingsError
from kg.errors import ReadError
from kg.model import Issue

STOPPED = 130  # as a shell counts an interrupt

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
    done: list[Imported] = []
    with bootstrap.opened(settings.load(store)) as graph, terminal.progress("reading", None, quiet=json) as step:
        try:
            for one in import_sources(
                sources(paths, date=day(date), publisher=publisher, split=split), graph, bootstrap.reader
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
    failed: list[str] = []
    written: list[dict[str, Any]] = []
    with terminal.progress("reading", None, quiet=json or out is None) as step:
        for source in sources(paths, date=day(date), publisher=publisher, split=split):
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
