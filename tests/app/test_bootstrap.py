"""Opening a store: what older rules made is brought up to date, and nothing is written where nothing is to be done."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app import cli
from app.bootstrap import ANEW, opened
from app.settings import load
from kg.store.base import Row
from tests.kg.graph_parts import extract, issue


def test_a_view_that_older_rules_made_is_made_anew_and_it_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = load(f"sqlite:///{tmp_path / 'kg.db'}")
    with opened(chosen) as graph:
        graph.put(extract(issue("k"), ("Amazon", "invested_in", "Anthropic")))
        store, dump = graph.store, graph.dump()

        def spoil() -> None:
            store.delete("edge", [row.id for row in store.rows("edge")])
            store.put([Row("meta", "view", {"made_with": "older rules"})])

        store.write(spoil)
        assert graph.dump() != dump
    assert capsys.readouterr() == ("", "")
    with opened(chosen) as graph:
        assert capsys.readouterr() == ("", f"{ANEW}\n")
        assert graph.dump() == dump
        version = graph.store.version()
    with opened(chosen) as graph:
        assert graph.store.version() == version
    assert capsys.readouterr() == ("", "")


def test_an_older_store_without_issues_has_nothing_to_derive(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = load(f"sqlite:///{tmp_path / 'kg.db'}")
    with opened(chosen) as graph:
        graph.store.write(lambda: graph.store.put([Row("meta", "view", {"made_with": "older rules"})]))
    with opened(chosen):
        pass
    assert capsys.readouterr() == ("", "")


def test_a_server_out_of_reach_is_told_in_one_line() -> None:
    words = [sys.executable, "-m", "app.cli", "stats", "--store", "neo4j://127.0.0.1:1"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("kg: cannot reach neo4j://127.0.0.1:1")


@pytest.mark.parametrize("words", [("deals",), ("review",), ("ask", "Who invested in Nova?"), ("dump",), ("undo",)])
def test_a_mistyped_path_is_told_and_nothing_is_made_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    mistyped = tmp_path / "no" / "such" / "kg.db"
    assert cli.run([*words, "--store", f"sqlite:///{mistyped}"]) == 0
    assert f"there is no store at {mistyped}; kg import makes one" in capsys.readouterr().err
    assert not mistyped.parent.parent.exists()
