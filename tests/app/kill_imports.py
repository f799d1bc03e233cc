"""Kill imports: `python kill_imports.py STORE TIMES` kills TIMES imports at random moments and checks what is left.

Each child puts issues into the store and acknowledges each through a pipe. After every kill the store must hold
every acknowledged issue, and be what a fresh import of the issues in it gives: whole issues only. A child does nothing
but write, so almost every kill falls into an open transaction. Leaves with 1 at the first defect.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from app import bootstrap
from app.importer import import_sources
from app.settings import Settings, SQLiteURL
from kg.model import Entity, Extract, Issue, Span, Statement

FIRMS = ("Corvid", "Loomis", "Tarn", "Ostrava Compute", "Quill", "Marlow")


def extract(n: int) -> Extract:
    """Return the n-th issue: a few statements about firms that other issues speak of too."""
    pairs = [(FIRMS[(n + k) % 6], FIRMS[(n + 2 * k + 1) % 6]) for k in range(4)]
    pairs = [(a, b) for a, b in dict.fromkeys(pairs) if a != b]
    text = f"Issue {n}. " + " ".join(f"{a} invested in {b}." for a, b in pairs)
    return Extract(
        issue=Issue(key=f"issue-{n}", doc_id=f"issue-{n}", text=text, published=f"2026-01-{n % 28 + 1:02}"),
        entities=tuple(Entity(name=f, type="company") for f in FIRMS),
        statements=tuple(
            Statement(subject=a, relation="invested_in", object=b, evidence=(Span(text=text, start=0, end=len(text)),))
            for a, b in pairs
        ),
    )


def acknowledging(store: Path, first: int, pipe: int) -> None:
    """Import issues without end and write the key of each to the pipe when it is stored."""
    with bootstrap.opened(Settings(SQLiteURL(store))) as graph:
        for done in import_sources(map(extract, itertools.count(first)), graph, bootstrap.reader):
            os.write(pipe, f"{done.key}\n".encode())


def killed(store: Path, first: int, wait: float) -> set[str]:
    """Return the keys that a child acknowledged before it was killed; `wait` counts from its first issue."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        acknowledging(store, first, writing)
        os._exit(9)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read(1)
        time.sleep(wait)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        said += pipe.read()
    return set(said.decode().split())


def dump(store: Path) -> list[str]:
    """Return the dump of a store."""
    with bootstrap.opened(Settings(SQLiteURL(store))) as graph:
        return list(graph.dump())


def held(store: Path) -> set[str]:
    """Return the keys of the issues in a store."""
    with bootstrap.opened(Settings(SQLiteURL(store))) as graph:
        return {issue["key"] for issue in graph.issues()}


def fresh(store: Path, keys: set[str]) -> list[str]:
    """Return the dump of a new store with these issues."""
    numbers: Iterator[int] = (int(key.split("-")[1]) for key in sorted(keys))
    with bootstrap.opened(Settings(SQLiteURL(store))) as graph:
        for _ in import_sources(map(extract, numbers), graph, bootstrap.reader):
            pass
    return dump(store)


def main(store: Path, times: int) -> int:
    """Kill imports and check; return the exit code."""
    bootstrap.knowledge()
    chance = random.Random(11)
    acknowledged: set[str] = set()
    for n in range(times):
        acknowledged |= killed(store, 100 * n, chance.uniform(0, 0.15))
        keys = held(store)
        if lost := acknowledged - keys:
            print(f"kill {n}: acknowledged but lost: {sorted(lost)}")
            return 1
        if n % 5 == 4 and dump(store) != fresh(store.with_name(f"fresh-{n}.db"), keys):
            print(f"kill {n}: the store is not what a fresh import of its issues gives")
            return 1
    print(f"{times} kills, {len(acknowledged)} issues acknowledged and there")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
