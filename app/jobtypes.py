"""Values of the Import page: a job, what was handed in for it, and the issues found in that."""

from __future__ import annotations

from dataclasses import dataclass

DRAFT, READING, REVIEW, PUTTING, DONE = "draft", "reading", "review", "putting", "done"
MOST_MEGABYTES = 10  # of one uploaded file


@dataclass(frozen=True)
class Job:
    """One import: draft (files handed in), reading, review, putting, done; `trouble` says what stopped it."""

    id: int
    state: str
    made: str
    pasted: int
    title: str
    publisher: str
    date: str | None
    trouble: str

    @property
    def busy(self) -> bool:
        """Say whether the worker has something to do for it."""
        return self.state in (READING, PUTTING)


@dataclass(frozen=True)
class Handed:
    """An uploaded file or pasted text (name ""): waiting, read or failed; `parts` issues of it are read."""

    id: int
    job: int
    name: str
    size: int
    tries: int
    parts: int
    state: str
    error: str


@dataclass(frozen=True)
class Found:
    """An issue that was read: `outcome` is "" until it is put; twice and unchanged ones are not put.

    `given` is the day that a person gave, `instead` the key of the issue whose place it takes, `unsure` the ids
    (without key) of the less certain statements, separated by blanks.
    """

    id: int
    job: int
    source: int
    part: int
    key: str
    title: str
    file: str
    publisher: str
    date: str | None
    sha: str
    names: int
    statements: int
    unsure: str
    given: str | None
    skipped: int
    instead: str
    outcome: str
    note: str

    @property
    def open(self) -> bool:
        """Say whether it waits to be put."""
        return self.outcome in ("", "failed") and not self.skipped
