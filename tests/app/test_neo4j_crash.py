"""A Neo4j server killed in mid-import and started again: the same command finishes; a read-only one still answers."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app import bootstrap
from app.settings import load
from kg.graph import Graph
from kg.store.base import Store
from kg.store.sqlite import SQLiteStore
from tests.kg.graph_parts import REFERENCE, SCHEMA, extract, issue, money
from tests.neo4j_server import Server

ROOT = Path(__file__).resolve().parents[2]
ISSUES = 40


def kg(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a user does."""
    command = [sys.executable, "-m", "app.cli", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


def letters(folder: Path) -> Path:
    """Write extracts into a folder: each touches firms that others name, too."""
    folder.mkdir()
    for n in range(ISSUES):
        facts = [
            (f"Firm {n % 7}", "invested_in", f"Firm {(n + i) % 5 + 10}", {"amount": money(1e9 + n + i)})
            for i in range(8)
        ]
        form = extract(issue(f"k{n:02}"), *facts).to_json()
        (folder / f"k{n:02}.json").write_text(json.dumps(form), encoding="utf-8")
    return folder


def dump(store: Store) -> list[str]:
    """Return the dump of a store, and close it."""
    lines = Graph(store, SCHEMA, REFERENCE).dump()
    store.close()
    return lines


@pytest.mark.neo4j
def test_a_killed_server_loses_nothing_that_was_told_and_the_same_command_finishes(
    neo4j_server: Server, tmp_path: Path
) -> None:
    folder, file = letters(tmp_path / "letters"), tmp_path / "kg.db"
    url = neo4j_server.url
    command = [sys.executable, "-m", "app.cli", "import", str(folder), "--store", url]
    importing = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    watch = bootstrap.open_store(load(url))
    while (there := watch.count("issue")) < ISSUES // 4:
        assert importing.poll() is None, importing.communicate()
        time.sleep(0.02)
    neo4j_server.kill()
    watch.close()
    _, told = importing.communicate(timeout=120)
    assert importing.returncode == 3, told
    assert "was lost" in told
    assert "run the same command again" in told
    assert neo4j_server.url.partition("@")[0].rpartition(":")[2] not in told  # no password

    neo4j_server.start()
    again = bootstrap.open_store(load(url))
    keys = [row.id for row in again.rows("issue")]
    assert there <= len(keys) < ISSUES
    assert all(again.count("statement", issue=key) == 8 for key in keys)
    again.close()
    finished = kg("import", str(folder), "--store", url)
    assert finished.returncode == 0, finished.stderr
    assert f"{len(keys)} unchanged" in finished.stdout
    assert kg("import", str(folder), "--store", f"sqlite:///{file}").returncode == 0
    assert dump(bootstrap.open_store(load(url))) == dump(SQLiteStore(file))

    neo4j_server.stop()
    neo4j_server.start("server.databases.read_only=neo4j\n")
    asked = kg("ask", "Who invested in Firm 10?", "--store", url)
    assert asked.returncode == 0, asked.stderr
    assert "Firm 0" in asked.stdout
    assert f"read by an older reader     {ISSUES}" in kg("stats", "--store", url).stdout
    for words in (["remove", "k00"], ["reread", "k00", "k01"]):
        refused = kg(*words, "--store", url)
        assert refused.returncode == 3, words
        assert "cannot be written: the database is read-only" in refused.stderr
