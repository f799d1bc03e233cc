"""Rereading: stored texts through the present reader, one transaction an issue; what people said of them stays."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from app import bootstrap
from app.importer import extracted, name_of
from app.settings import Settings
from kg.errors import KGError, ReadError, StoreError
from kg.graph import Graph
from kg.model import Extract, merged
from kg.record import issue_of


@dataclass(frozen=True)
class Reread:
    """What became of one issue: `outcome` is reread, unchanged, passed (gone or another version by now) or failed.

    Of the statements now read `new` were not there before; `gone` ones were, and `resting` corrections spoke of these.
    """

    outcome: str
    key: str
    title: str = ""
    file: str = ""
    statements: int = 0
    new: int = 0
    gone: int = 0
    resting: int = 0
    error: str = ""


@dataclass(frozen=True)
class Age:
    """The issues of a graph by what read them: all, an older reader, none (extracts that name no reader)."""

    issues: int
    older: tuple[str, ...]
    unnamed: tuple[str, ...]


def age(graph: Graph, reader: str) -> Age:
    """Return which issues something else than this reader read."""
    readers = graph.readers()
    older = tuple(key for key, by in readers.items() if by not in ("", reader))
    return Age(len(readers), older, tuple(key for key, by in readers.items() if not by))


def reread(graph: Graph, keys: Iterable[str], read: bootstrap.MakeReader) -> Iterator[Reread]:
    """Read stored issues anew and yield what became of each; raise StoreError if the store is out of reach."""
    for key in keys:
        found = graph.store.get("issue", [key])
        if not found:
            yield Reread("passed", key)
            continue
        issue = issue_of(found[0])
        extract = extracted(issue, read)
        about = (key, issue.title, issue.file)
        if isinstance(extract, ReadError):
            yield Reread("failed", *about, error=str(extract))
            continue
        try:
            yield _put(graph, extract)
        except StoreError:
            raise
        except KGError as e:
            yield Reread("failed", *about, error=f"{name_of(issue)}: {e}")


def _put(graph: Graph, extract: Extract) -> Reread:
    issue = extract.issue
    before, rested = _statements(graph, issue.key), graph.resting(issue.key)
    done = graph.reread(extract)
    if done is None:
        return Reread("passed", issue.key, issue.title, issue.file)
    after = {s.id(issue.key) for s in merged(extract.statements)}
    outcome = "unchanged" if done.what == "unchanged" else "reread"
    return Reread(
        outcome, issue.key, issue.title, issue.file, len(after), len(after - before), len(before - after),
        len(graph.resting(issue.key) - rested),
    )  # fmt: skip


def _statements(graph: Graph, key: str) -> set[str]:
    return {row.id for row in graph.store.rows("statement", issue=key)}


def summary(done: Iterable[Reread]) -> str:
    """Return in words what became of issues: "3 issues read anew, 1 of them as it was · 12 statements new, 2 gone"."""
    some = list(done)
    counts = Counter(one.outcome for one in some)
    same = counts["unchanged"]
    parts = [
        f"{_counted(counts['reread'] + same, 'issue')} read anew",
        f"{same:,} of them as {'they were' if same > 1 else 'it was'}" if same else "",
        f"{counts['passed']:,} gone or replaced meanwhile" if counts["passed"] else "",
        f"{counts['failed']:,} failed" if counts["failed"] else "",
    ]
    new, gone, resting = (sum(getattr(one, name) for one in some) for name in ("new", "gone", "resting"))
    text = f"{', '.join(part for part in parts if part)} · {_counted(new, 'statement')} new, {gone:,} gone"
    if resting:
        text += f" · {_counted(resting, 'correction')} at rest, for statements that are not read any more"
    return text


def _counted(n: int, what: str) -> str:
    return f"{n:,} {what}{'s' if n != 1 else ''}"


class Rereading:
    """One rereading of a store in the background, for all visitors of a process; the store itself says how far it is.

    If the program ends, every issue is read by one reader or the other, and a new start goes on with the rest.
    """

    def __init__(self, chosen: Settings) -> None:
        """Prepare it; nothing is read before `start`."""
        self.settings = chosen
        self.whole, self.done, self.trouble = 0, tuple[Reread, ...](), ""
        self._guard, self._stop = threading.Lock(), threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Say whether it is at work."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Begin with the issues that an older reader read; nothing happens if it is at work already."""
        with self._guard:
            if self.running:
                return
            self.whole, self.done, self.trouble = 0, (), ""
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, name="rereading", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Stop after the issue that is being read."""
        self._stop.set()

    def clear(self) -> None:
        """Forget what the last one came to."""
        with self._guard:
            if not self.running:
                self.done, self.trouble = (), ""

    def wait(self, seconds: float) -> None:
        """Wait until it is done, at most so long."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        try:
            with bootstrap.opened(self.settings) as graph:
                keys = age(graph, bootstrap.fingerprint()).older
                self.whole = len(keys)
                for one in reread(graph, keys, bootstrap.reader):
                    self.done = (*self.done, one)
                    if self._stop.is_set():
                        return
        except Exception as e:  # noqa: BLE001  whatever it is, the person is told and can press again
            self.trouble = str(e) if isinstance(e, KGError) else f"{type(e).__name__}: {e}"


@cache
def of(chosen: Settings) -> Rereading:
    """Return the rereading of the store that the settings name."""
    return Rereading(chosen)
