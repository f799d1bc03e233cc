"""Job book: what was handed in to be read, how far it is, and people's verdicts on it, in one file beside the store.

All that the Import page shows stands here and nowhere else: it survives a reload, another tab, and the program's end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from app.jobtypes import DONE, DRAFT, READING, Found, Handed, Job
from kg.errors import KGError

VERSION = 1  # of the tables
KEPT = 20  # finished jobs that are remembered; their texts are not

TABLES = """
CREATE TABLE IF NOT EXISTS job (
  id INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL, made TEXT NOT NULL, pasted INTEGER NOT NULL DEFAULT 0,
  title TEXT NOT NULL DEFAULT '', publisher TEXT NOT NULL DEFAULT '', date TEXT, trouble TEXT NOT NULL DEFAULT '',
  before TEXT, change TEXT);
CREATE TABLE IF NOT EXISTS source (
  id INTEGER PRIMARY KEY AUTOINCREMENT, job INTEGER NOT NULL REFERENCES job(id) ON DELETE CASCADE, name TEXT NOT NULL,
  size INTEGER NOT NULL, data BLOB, tries INTEGER NOT NULL DEFAULT 0, parts INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'waiting', error TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS issue (
  id INTEGER PRIMARY KEY AUTOINCREMENT, job INTEGER NOT NULL REFERENCES job(id) ON DELETE CASCADE,
  source INTEGER NOT NULL REFERENCES source(id) ON DELETE CASCADE, part INTEGER NOT NULL, key TEXT NOT NULL,
  title TEXT NOT NULL, file TEXT NOT NULL, publisher TEXT NOT NULL, date TEXT, sha TEXT NOT NULL,
  names INTEGER NOT NULL, statements INTEGER NOT NULL, unsure TEXT NOT NULL DEFAULT '', extract TEXT,
  given TEXT, skipped INTEGER NOT NULL DEFAULT 0, instead TEXT NOT NULL DEFAULT '',
  outcome TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '', UNIQUE (source, part));
CREATE TABLE IF NOT EXISTS verdict (
  issue INTEGER NOT NULL REFERENCES issue(id) ON DELETE CASCADE, statement TEXT NOT NULL, verdict TEXT NOT NULL,
  PRIMARY KEY (issue, statement));
CREATE INDEX IF NOT EXISTS source_job ON source (job);
CREATE INDEX IF NOT EXISTS issue_job ON issue (job);
"""
T = TypeVar("T", Job, Handed, Found)


class JobError(KGError):
    """The job book cannot be used: which file, what is wrong."""


class JobBook:
    """The jobs of one store. Every method is one transaction; any thread and any process may call it."""

    def __init__(self, file: Path) -> None:
        """Open the book, made where it is missing; raise JobError."""
        self.file = file
        with self._open() as db:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version not in (0, VERSION):
                raise JobError(f"{file} is a list of imports of another version of this program; move it away")
            if version == 0:
                db.execute("PRAGMA auto_vacuum = FULL")
                db.executescript(f"{TABLES} PRAGMA user_version = {VERSION};")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.file, timeout=20)) as db:
                db.row_factory = sqlite3.Row
                db.execute("PRAGMA foreign_keys = ON")
                db.execute("PRAGMA synchronous = NORMAL")
                with db:
                    yield db
        except sqlite3.Error as e:
            raise JobError(f"{self.file}: the list of imports cannot be kept ({e}); look at its folder") from e

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Yield whether no other process works on this book; hold that until the end, however the process ends."""
        with ExitStack() as stack:
            try:
                lock = stack.enter_context(closing(sqlite3.connect(f"{self.file}-worker", timeout=0)))
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.Error:
                yield False
            else:
                yield True

    def draft(self, files: Sequence[tuple[str, bytes]], *, made: str, job: int | None = None) -> int:
        """Take files into a draft (a new one where `job` is none, or no draft any more) and return its id."""
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            if not db.execute("SELECT 1 FROM job WHERE id = ? AND state = ?", (job, DRAFT)).fetchone():
                job = db.execute("INSERT INTO job (state, made) VALUES (?, ?)", (DRAFT, made)).lastrowid
            assert job is not None
            for name, data in files:
                self._hand(db, job, name, data)
        return job

    def paste(self, text: str, *, title: str, publisher: str, date: str | None, made: str) -> int:
        """Take a pasted text as a job to be read, and return its id."""
        with self._open() as db:
            row = (READING, made, 1, title, publisher, date)
            job = db.execute(
                "INSERT INTO job (state, made, pasted, title, publisher, date) VALUES (?, ?, ?, ?, ?, ?)", row
            ).lastrowid
            assert job is not None
            self._hand(db, job, "", text.encode("utf-8", "replace"))
        return job

    def _hand(self, db: sqlite3.Connection, job: int, name: str, data: bytes) -> None:
        row = (job, name, len(data), data)
        db.execute("INSERT INTO source (job, name, size, data) VALUES (?, ?, ?, ?)", row)

    def refuse(self, job: int, name: str, size: int, why: str) -> None:
        """Note a file that is not taken, and why."""
        with self._open() as db:
            row = (job, name, size, "failed", why)
            db.execute("INSERT INTO source (job, name, size, state, error) VALUES (?, ?, ?, ?, ?)", row)

    def jobs(self) -> list[Job]:
        """Return all jobs, the latest first."""
        with self._open() as db:
            return _all(Job, db, "job ORDER BY id DESC")

    def job(self, id: int) -> Job | None:
        """Return a job, None if it is not there (any more)."""
        with self._open() as db:
            return next(iter(_all(Job, db, "job WHERE id = ?", id)), None)

    def handed(self, job: int) -> list[Handed]:
        """Return what was handed in for a job."""
        with self._open() as db:
            return _all(Handed, db, "source WHERE job = ? ORDER BY id", job)

    def found(self, job: int) -> list[Found]:
        """Return the issues of a job in the order of reading."""
        with self._open() as db:
            return _all(Found, db, "issue WHERE job = ? ORDER BY source, part", job)

    def data(self, source: int) -> bytes:
        """Return the bytes of what was handed in (none once it is read)."""
        return bytes(self._value("source", "data", source) or b"")

    def extract(self, issue: int) -> str | None:
        """Return the extract of an issue as the JSON of `kg.model.Extract`; None if it was not read or is put."""
        return self._text("issue", "extract", issue)

    def before(self, job: int) -> str | None:
        """Return what counted in the graph before the first issue of a job was put, as it was kept."""
        return self._text("job", "before", job)

    def change(self, job: int) -> str | None:
        """Return what a finished job changed, as it was kept."""
        return self._text("job", "change", job)

    def _text(self, table: str, column: str, id: int) -> str | None:
        found = self._value(table, column, id)
        return None if found is None else str(found)

    def _value(self, table: str, column: str, id: int) -> Any:
        with self._open() as db:
            row = db.execute(f"SELECT {column} FROM {table} WHERE id = ?", (id,)).fetchone()
        return row[0] if row else None

    def verdicts(self, job: int) -> dict[int, dict[str, str]]:
        """Return issue → statement id (without key) → accept or reject."""
        out: dict[int, dict[str, str]] = {}
        with self._open() as db:
            sql = "SELECT v.* FROM verdict v JOIN issue i ON i.id = v.issue WHERE i.job = ?"
            for row in db.execute(sql, (job,)):
                out.setdefault(row["issue"], {})[row["statement"]] = row["verdict"]
        return out

    def judge(self, issue: int, statements: Iterable[str], verdict: str | None) -> None:
        """Keep a verdict on statements (ids without key); None takes it back."""
        with self._open() as db:
            for id in statements:
                db.execute("DELETE FROM verdict WHERE issue = ? AND statement = ?", (issue, id))
                if verdict:
                    db.execute("INSERT INTO verdict VALUES (?, ?, ?)", (issue, id, verdict))

    def say(self, issue: int, **said: Any) -> None:
        """Keep what a person says of an issue: given (a day), skipped, instead."""
        self._set("issue", issue, {k: said[k] for k in ("given", "skipped", "instead") if k in said})

    def move(self, job: int, state: str, *, since: Sequence[str], **also: Any) -> bool:
        """Bring a job from one of the states `since` into another; return whether it was in one of them."""
        names = [k for k in ("trouble", "before", "publisher", "date") if k in also]
        marks = ", ".join(["state = ?", *(f"{name} = ?" for name in names)])
        states = ", ".join("?" for _ in since)
        with self._open() as db:
            row = (state, *(also[name] for name in names), job, *since)
            return db.execute(f"UPDATE job SET {marks} WHERE id = ? AND state IN ({states})", row).rowcount > 0

    def discard(self, job: int) -> None:
        """Forget a job and all that was handed in for it; what it has put stays in the graph."""
        with self._open() as db:
            db.execute("DELETE FROM job WHERE id = ?", (job,))

    def work(self, state: str) -> Job | None:
        """Return the earliest job in a state."""
        with self._open() as db:
            return next(iter(_all(Job, db, "job WHERE state = ? ORDER BY id LIMIT 1", state)), None)

    def tried(self, source: int, tries: int) -> None:
        """Note that the reading of a source begins for the nth time."""
        self._set("source", source, {"tries": tries})

    def read(self, source: Handed, issue: dict[str, Any]) -> None:
        """Keep an issue of a source; nothing happens if its job was discarded meanwhile."""
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            if not db.execute("SELECT 1 FROM source WHERE id = ?", (source.id,)).fetchone():
                return
            row = {"job": source.job, "source": source.id, **issue}
            names = ", ".join(row)
            db.execute(f"INSERT INTO issue ({names}) VALUES ({', '.join('?' for _ in row)})", tuple(row.values()))
            db.execute("UPDATE source SET tries = 0, parts = parts + 1 WHERE id = ?", (source.id,))

    def end(self, source: int, error: str = "") -> None:
        """Note that a source is read to its end, or has failed; its bytes are let go."""
        with self._open() as db:
            row = ("failed" if error else "read", error, source)
            db.execute("UPDATE source SET state = ?, error = ?, data = NULL, tries = 0 WHERE id = ?", row)

    def put(self, issue: int, outcome: str, note: str = "") -> None:
        """Note what became of an issue in the graph."""
        self._set("issue", issue, {"outcome": outcome, "note": note})

    def finish(self, job: int, change: str) -> None:
        """Note that a job is done and what it changed; let go of its texts, and of the oldest finished jobs."""
        with self._open() as db:
            db.execute(
                "UPDATE job SET state = ?, change = ?, before = NULL, trouble = '' WHERE id = ?", (DONE, change, job)
            )
            db.execute("UPDATE issue SET extract = NULL WHERE job = ?", (job,))
            db.execute("UPDATE source SET data = NULL WHERE job = ?", (job,))
            old = "SELECT id FROM job WHERE state = ? ORDER BY id DESC LIMIT -1 OFFSET ?"
            db.execute(f"DELETE FROM job WHERE id IN ({old})", (DONE, KEPT))

    def _set(self, table: str, id: int, values: dict[str, Any]) -> None:
        marks = ", ".join(f"{name} = ?" for name in values)
        with self._open() as db:
            db.execute(f"UPDATE {table} SET {marks} WHERE id = ?", (*values.values(), id))


def _all(kind: type[T], db: sqlite3.Connection, where: str, *params: Any) -> list[T]:
    """Return rows of a table as values."""
    names = [f.name for f in fields(kind)]
    return [kind(*row) for row in db.execute(f"SELECT {', '.join(names)} FROM {where}", params)]
