"""Jobs: the one worker that reads what was handed in and puts what was reviewed into the graph, in the background."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from app import bootstrap, changes, settings
from app.importer import Imported, Source, dated, extracted, handed, judged, name_of, now, stored
from app.jobbook import JobBook, JobError
from app.jobtypes import DRAFT, MOST_MEGABYTES, PUTTING, READING, REVIEW, Found, Handed, Job
from app.settings import Settings
from kg.errors import KGError, ReadError
from kg.graph import Graph
from kg.model import Extract, Issue

LONGEST = 500_000  # characters of one issue: about a minute of reading
MOST_TRIES = 2  # of one source that breaks the program off
SUFFIXES = ("txt", "md", "html", "htm", "json")
logger = logging.getLogger(__name__)


class Jobs:
    """The imports of one store: takes texts, reads them in the background, puts what a person lets in.

    Only one worker works on a store, in whichever process; it ends when there is nothing to do.
    """

    def __init__(self, chosen: Settings) -> None:
        """Open the job book of the store that the settings name; raise JobError."""
        file = settings.imports_file(chosen)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as e:
            raise JobError(f"cannot make the folder {file.parent} ({e.strerror})") from e
        self.settings, self.book = chosen, JobBook(file)
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None

    def upload(self, files: list[tuple[str, bytes]], *, job: int | None = None) -> int:
        """Keep uploaded files (name, bytes) in a draft and return its id; those that cannot be taken are noted."""
        good = [(name, data) for name, data in files if not _refused(name, len(data))]
        id = self.book.draft(good, made=now(), job=job)
        for name, data in files:
            if why := _refused(name, len(data)):
                self.book.refuse(id, name, len(data), why)
        return id

    def paste(self, text: str, *, title: str = "", publisher: str = "", date: str | None = None) -> int:
        """Read a pasted text; return the job's id; raise ReadError if there is nothing to read."""
        if not text.strip():
            raise ReadError("there is no text to read: paste a newsletter first")
        if len(text.encode("utf-8", "replace")) > MOST_MEGABYTES * 1024 * 1024:
            raise ReadError(f"the text is too long to be pasted (at most {MOST_MEGABYTES} MB); paste it in parts")
        id = self.book.paste(text, title=title, publisher=publisher, date=date, made=now())
        self.wake()
        return id

    def start(self, job: int, *, publisher: str = "", date: str | None = None) -> bool:
        """Begin to read a draft; return whether it was one (another tab may have begun it)."""
        begun = self.book.move(job, READING, since=[DRAFT], publisher=publisher, date=date, trouble="")
        self.wake()
        return begun

    def put(self, job: int) -> bool:
        """Begin to put a reviewed job into the graph; return whether it was in review."""
        begun = self.book.move(job, PUTTING, since=[REVIEW], trouble="")
        self.wake()
        return begun

    def go_on(self, job: int) -> bool:
        """Read what was left when a job was stopped; return whether it was in review."""
        begun = self.book.move(job, READING, since=[REVIEW], trouble="")
        self.wake()
        return begun

    def stop(self, job: int) -> None:
        """Stop a job: what was read can be reviewed; what was put stays put, the rest can be put later."""
        why = "Stopped. What had been read until then can be reviewed."
        self.book.move(job, REVIEW, since=[READING], trouble=why)
        self.book.move(job, REVIEW, since=[PUTTING], trouble="Stopped. What is in the graph already stays there.")

    def wake(self) -> None:
        """See to it that a worker runs if there is something to do."""
        with self._guard:
            if (self._thread is None or not self._thread.is_alive()) and self._next():
                self._thread = threading.Thread(target=self._run, name="imports", daemon=True)
                self._thread.start()

    def wait(self, seconds: float) -> None:
        """Wait until the worker has nothing more to do, at most so long."""
        with self._guard:
            thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _next(self) -> Job | None:
        return self.book.work(PUTTING) or self.book.work(READING)

    def _run(self) -> None:
        try:
            with self.book.alone() as mine:
                while mine and (job := self._next()):
                    self._put(job) if job.state == PUTTING else self._read(job)
        except KGError as e:
            logger.warning("imports wait: %s", e)  # the book is out of reach; the page tells it as well

    def _is(self, job: Job) -> bool:
        """Say whether the job is still in the state in which the work began."""
        found = self.book.job(job.id)
        return found is not None and found.state == job.state

    def _read(self, job: Job) -> None:
        """Read what was handed in for a job, issue by issue; go on where it was broken off."""
        try:
            reader = bootstrap.reader()
        except KGError as e:
            self.book.move(job.id, REVIEW, since=[READING], trouble=str(e))
            return
        for source in self.book.handed(job.id):
            if source.state == "waiting" and not self._read_source(job, source, reader.fingerprint):
                return
        self.book.move(job.id, REVIEW, since=[READING])

    def _read_source(self, job: Job, source: Handed, reader: str) -> bool:
        """Read one file or pasted text; return whether the job goes on."""
        if source.tries >= MOST_TRIES:
            self.book.end(source.id, f"{source.name or 'the pasted text'}: reading it broke the program off; left out")
            return True
        self.book.tried(source.id, source.tries + 1)
        done = {found.part for found in self.book.found(job.id) if found.source == source.id}
        failed: list[str] = []
        try:
            for part, found in enumerate(self._sources(job, source), 1):
                if not self._is(job):
                    return False
                if waiting := self.book.work(PUTTING):
                    self._put(waiting)
                error = str(found) if isinstance(found, ReadError) else ""
                if not isinstance(found, ReadError) and part not in done:
                    error = self._read_issue(source, part, found, reader)
                failed += [error] if error else []
        except Exception as e:  # noqa: BLE001  one bad file must not stop the others
            failed.append(str(e) if isinstance(e, KGError) else f"{source.name}: {type(e).__name__}: {e}")
        self.book.end(source.id, "; ".join(failed))
        return self._is(job)

    def _sources(self, job: Job, source: Handed) -> Iterator[Source]:
        found = handed(self.book.data(source.id), source.name, date=job.date, publisher=job.publisher or None)
        if not job.title:
            return found
        issues = list(found)
        named = [job.title, *(f"{job.title}, part {n}" for n in range(2, len(issues) + 1))]
        titled = (
            one.model_copy(update={"title": title[:200]}) if isinstance(one, Issue) else one
            for one, title in zip(issues, named, strict=False)
        )
        return titled

    def _read_issue(self, source: Handed, part: int, found: Issue | Extract, reader: str) -> str:
        """Read one issue and keep what was found; return why it could not be read, or nothing."""
        issue = found if isinstance(found, Issue) else found.issue
        about = {
            "part": part, "key": issue.key, "title": issue.title, "file": issue.file, "publisher": issue.publisher,
            "date": issue.published, "sha": issue.text_sha256, "names": 0, "statements": 0,
        }  # fmt: skip
        others = self.book.found(source.job)
        if twin := next((o for o in others if (o.key, o.sha) == (issue.key, issue.text_sha256)), None):
            note = f"the same text as {twin.file or twin.title or twin.key}"
            self.book.read(source, {**about, "outcome": "twice", "note": note})
            return ""
        if len(issue.text) > LONGEST:
            return (
                f"{name_of(issue)} is too long for one issue ({len(issue.text):,} characters, at most {LONGEST:,}); "
                "split it first"
            )
        if isinstance(found, Issue) and self._there(issue, reader):
            self.book.read(source, {**about, "outcome": "unchanged"})
            return ""
        extract = extracted(found, bootstrap.reader) if isinstance(found, Issue) else found
        if isinstance(extract, ReadError):
            return str(extract)
        ids = {s.id(""): s for s in extract.statements}
        self.book.read(source, {
            **about, "names": len(extract.entities), "statements": len(ids),
            "unsure": " ".join(id for id, s in ids.items() if s.confidence < bootstrap.trust().get(s.relation, 0.0)),
            "extract": extract.model_dump_json(),
        })  # fmt: skip
        return ""

    def _there(self, issue: Issue, reader: str) -> bool:
        """Say whether the graph has this very issue; a store out of reach is told when it is needed."""
        try:
            with bootstrap.opened(self.settings) as graph:
                return graph.has(issue, reader)
        except KGError:
            return False

    def _put(self, job: Job) -> None:
        """Put the issues of a job into the graph, each in one transaction, then its verdicts and its date."""
        try:
            with bootstrap.opened(self.settings) as graph:
                kept = self.book.before(job.id)
                before = changes.Seen.loaded(kept) if kept else changes.seen(graph)
                self.book.move(job.id, PUTTING, since=[PUTTING], before=before.dumped())
                verdicts = self.book.verdicts(job.id)
                for found in self.book.found(job.id):
                    if not self._is(job):
                        return
                    if found.open:
                        done = self._put_issue(graph, found, verdicts.get(found.id, {}))
                        self.book.put(found.id, done.outcome, done.error or done.also)
                keys = [f.instead or f.key for f in self.book.found(job.id) if f.outcome in ("added", "replaced")]
                self.book.finish(job.id, changes.difference(graph, before, keys).dumped())
        except Exception as e:  # noqa: BLE001  whatever it is, the person is told and can press again
            said = str(e) if isinstance(e, KGError) else f"{type(e).__name__}: {e}"
            self.book.move(job.id, REVIEW, since=[PUTTING], trouble=said)

    def _put_issue(self, graph: Graph, found: Found, verdicts: dict[str, str]) -> Imported:
        """Put one issue with its verdicts; all of it may be done again, and comes to the same."""
        extract = Extract.model_validate_json(self.book.extract(found.id) or "")
        if found.instead:
            extract = extract.model_copy(update={"issue": extract.issue.model_copy(update={"key": found.instead})})
        done = stored(extract, graph)
        if done.outcome == "failed":
            return done
        # The same text may be there under other keys, of which only one counts: what is said of it holds for all.
        keys = [row.id for row in graph.store.rows("listing", text_sha256=extract.issue.text_sha256)]
        for key in keys:
            said = {s.id(key): verdicts[s.id("")] for s in extract.statements if s.id("") in verdicts}
            for row in graph.store.get("statement", said):
                judged(graph, row.id, said[row.id])
            if found.given:
                dated(graph, key, found.given)
        return done


def _refused(name: str, size: int) -> str:
    """Return why a file is not taken, or nothing."""
    suffix = Path(name).suffix.lower().lstrip(".")
    if suffix not in SUFFIXES:
        return f"only {', '.join('.' + s for s in SUFFIXES)} can be read; save it as one of them"
    if size > MOST_MEGABYTES * 1024 * 1024:
        return f"it is too large ({size / 1024 / 1024:.0f} MB, at most {MOST_MEGABYTES} MB); split it into issues first"
    return ""


@cache
def opened(file: Path, chosen: Settings) -> Jobs:
    """Return the jobs that are kept in a file, one worker for all visitors of this process."""
    return Jobs(chosen)


def of(chosen: Settings) -> Jobs:
    """Return the jobs of the store that the settings name."""
    if not settings.imports_file(chosen).exists():
        opened.cache_clear()
    return opened(settings.imports_file(chosen).absolute(), chosen)
