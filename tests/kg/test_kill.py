"""Killed at any point inside a transaction: whole issues only, and every acknowledged one is there."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from kg.derive import VIEW, derive
from kg.graph import Graph
from kg.model import Extract
from kg.store.sqlite import SQLiteStore
from tests.kg.graph_parts import REFERENCE, SCHEMA, extract, issue, money

ROOT = Path(__file__).resolve().parents[2]
TIMES = 20 if os.environ.get("KG_SOAK") else 4
FACTS = 6

# Imports issue after issue, replaces some and removes some. It says "in" whenever it has written rows inside the open
# transaction, then rests there for a moment, so that the signal meets it before the end; and "done" after each act.
WRITER = """
import sys, time
from tests.kg.test_kill import numbered
from tests.kg.graph_parts import REFERENCE, SCHEMA
from kg.graph import Graph
from kg.store.sqlite import SQLiteStore

class Watched(SQLiteStore):
    def put(self, rows):
        super().put(rows)
        print("in", flush=True)
        time.sleep(0.003)

graph = Graph(Watched(sys.argv[1]), SCHEMA, REFERENCE)
for n in range(int(sys.argv[2]), 10_000):
    graph.put(numbered(n))
    print("done put", n, flush=True)
    if n % 3 == 2:
        graph.remove(f"k{n - 1}")
        print("done remove", n - 1, flush=True)
"""


def numbered(n: int) -> Extract:
    """Return the n-th issue: its facts touch names that all issues share, and some of its own."""
    facts = [
        (f"Firm {n % 7}", "invested_in", f"Firm {(n + i) % 5 + 10}", {"amount": money(1e9 + n + i)})
        for i in range(FACTS)
    ]
    return extract(issue(f"k{n}"), *facts)


def writer(path: Path, first: int) -> subprocess.Popen[str]:
    """Start the writing process."""
    args = [sys.executable, "-c", WRITER, str(path), str(first)]
    return subprocess.Popen(
        args, cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )


def killed(process: subprocess.Popen[str], after: int) -> list[tuple[str, int]]:
    """Let the process write `after` times, kill it inside its transaction, and return what it had acknowledged."""
    assert process.stdout is not None
    acknowledged = []
    for line in process.stdout:
        if line == "in\n":
            after -= 1
            if after == 0:
                process.send_signal(signal.SIGKILL)
                break
        else:
            _, act, n = line.split()
            acknowledged.append((act, int(n)))
    rest = process.stdout.read()
    process.wait()
    process.stdout.close()
    assert process.returncode == -signal.SIGKILL, "the writer ended by itself"
    return acknowledged + [(act, int(n)) for _, act, n in (x.split() for x in rest.splitlines() if x != "in")]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_killed_import_leaves_whole_issues_and_all_that_were_acknowledged(tmp_path: Path) -> None:
    path, rng = tmp_path / "kg.db", random.Random(11)
    there: set[int] = set()
    first = 0
    for _ in range(TIMES):
        for act, n in killed(writer(path, first), rng.randint(3, 60)):
            (there.add if act == "put" else there.discard)(n)
            first = max(first, n + 1)
        check_file(path)
        store = SQLiteStore(path)
        keys = {int(row.id[1:]) for row in store.rows("issue")}
        # One act may have been committed without the word of it: the one under way.
        assert len(keys ^ there) <= 1, (keys, there)
        for key in keys:
            assert store.count("statement", issue=f"k{key}") == len(numbered(key).statements)
            assert store.count("mention", issue=f"k{key}") == len(numbered(key).entities)
        graph = Graph(store, SCHEMA, REFERENCE)
        record = [row for kind in ("issue", "mention", "statement") for row in store.rows(kind)]
        whole = {(r.kind, r.id): r.data for r in derive(record, [], graph.view)}
        assert {(r.kind, r.id): r.data for kind in VIEW for r in store.rows(kind)} == whole
        store.write(lambda: None)  # no lock outlives the killed process
        store.close()
        there, first = keys, max(keys, default=-1) + 1
    assert there


def check_file(path: Path) -> None:
    """The file itself is sound, and no row speaks of one that is not there."""
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
