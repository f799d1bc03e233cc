"""The command line: what each command prints, its JSON form, its exit code; on extracts, so that no model is needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app import cli

GRID = "Amazon said on Monday that it will put up to $25 billion into Anthropic.\nIt paid in $8 billion before."
LOOM = "Corvid Labs, founded by Ana Torres, released the model Loom 2 [red]$5 and $6[/red] :smile: <b>x</b>."


def span(text: str, part: str, role: str = "claim") -> dict[str, Any]:
    """Return a span of the text."""
    start = text.index(part)
    return {"role": role, "text": part, "start": start, "end": start + len(part)}


def grid(**about: Any) -> dict[str, Any]:
    """Return the extract of an issue about one investment."""
    text = about.pop("text", GRID)
    names = [("Amazon", "company"), ("Anthropic", "company")]
    amount = {"low": None, "high": 25e9, "currency": "USD", "qualifier": "up_to"}
    return {
        "doc_id": "grid-letter",
        "published": about.pop("published", "2026-04-21"),
        "issue": {"key": about.pop("key", "grid-letter-1a2b3c4d"), "title": "Grid Letter 7", "publisher": "Grid"},
        "text": text,
        "entities": [{"name": n, "type": t, "mentions": [[text.index(n), text.index(n) + len(n)]]} for n, t in names],
        "facts": [
            {
                "subject": "Amazon",
                "relation": "invested_in",
                "object": "Anthropic",
                "attrs": {"amount": amount, "status": "announced"},
                "confidence": 0.97,
                "evidence": [span(text, text.split("\n")[0])],
            }
        ],
        **about,
    }


def loom() -> dict[str, Any]:
    """Return the extract of an undated issue whose text has marks in it."""
    names = [("Corvid Labs", "company"), ("Ana Torres", "person"), ("Loom 2", "model")]
    return {
        "doc_id": "loom",
        "published": None,
        "issue": {"key": "loom-5e6f7a8b", "title": "Loom [b]news[/b]", "publisher": ""},
        "text": LOOM,
        "entities": [{"name": n, "type": t, "mentions": [[LOOM.index(n), LOOM.index(n) + len(n)]]} for n, t in names],
        "facts": [
            {"subject": "Ana Torres", "relation": "founded", "object": "Corvid Labs", "evidence": [span(LOOM, LOOM)]},
            {"subject": "Corvid Labs", "relation": "developed", "object": "Loom 2", "evidence": [span(LOOM, LOOM)]},
        ],
    }


class Kg:
    """Runs commands in this process and keeps what they print."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys, self.err = folder, capsys, ""

    def __call__(self, *words: str, code: int = 0) -> str:
        """Return the standard output of a command that must end with the exit code."""
        got = cli.run(words)
        out, self.err = self.capsys.readouterr()
        assert got == code, (out, self.err)
        return out

    def json(self, *words: str, code: int = 0) -> Any:
        """Return the one JSON document that a command prints."""
        return json.loads(self(*words, "--json", code=code))

    def file(self, name: str, content: Any) -> str:
        """Write a file and return its path."""
        path = self.folder / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return str(path)


@pytest.fixture
def kg(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Kg:
    """Return a runner on an empty store."""
    return Kg(tmp_path, capsys)


@pytest.fixture
def full(kg: Kg) -> Kg:
    """Return a runner on a store with two issues."""
    kg("import", kg.file("grid.json", grid()), kg.file("loom.json", loom()))
    return kg


def test_import_tells_what_became_of_each_source(kg: Kg) -> None:
    path = kg.file("grid.json", grid())
    assert [i["outcome"] for i in kg.json("import", path)["issues"]] == ["added"]
    before = kg("dump")
    assert [i["outcome"] for i in kg.json("import", path)["issues"]] == ["unchanged"]
    assert kg("dump") == before
    changed = kg.file("grid.json", grid(text=GRID + " More later."))
    assert [i["outcome"] for i in kg.json("import", changed)["issues"]] == ["replaced"]


def test_an_undated_issue_is_no_failure_and_is_dated_by_command(kg: Kg) -> None:
    out = kg("import", kg.file("loom.json", loom()))
    assert "kg date loom-5e6f7a8b 2026-04-21" in out
    assert kg.json("date", "loom-5e6f7a8b", "2026-05-01") == {"issue": "loom-5e6f7a8b", "date": "2026-05-01"}
    assert kg.json("issues")["issues"][0]["date"] == "2026-05-01"


def test_a_duplicate_is_told_and_no_failure(kg: Kg) -> None:
    kg("import", kg.file("a.json", grid()))
    out = kg("import", kg.file("b.json", grid(key="forwarded-copy")))
    assert "repeats the text" in out
    assert "1 duplicate" in out


def test_a_bad_source_is_told_and_the_others_go_on(kg: Kg) -> None:
    good, broken, missing = kg.file("good.json", grid()), kg.file("broken.json", "{"), str(kg.folder / "missing.txt")
    done = kg.json("import", missing, broken, good, code=1)
    assert [i["outcome"] for i in done["issues"]] == ["added"]
    assert len(done["failed"]) == 2
    assert "missing.txt" in kg.err
    assert str(kg.folder) not in json.dumps(done)


@pytest.mark.parametrize(
    "words",
    [
        ["import"],
        ["import", "x.txt", "--date", "2026-02-30"],
        ["import", "x.txt", "--date", "yesterday"],
        ["extract"],
        ["remove", "no-such-issue"],
        ["date", "no-such-issue", "2026-04-21"],
        ["accept", "s0000000000000000"],
        ["reject", "'; DROP TABLE issue; --"],
        ["show", "Nobody At All"],
        ["eval", "no-such-folder"],
        ["stats", "--store", "postgres://u:secret@h/db"],
        ["stats", "--store", "graph.db"],
        ["nonsense"],
        ["ask"],
    ],
)
def test_wrong_use_has_exit_code_2_and_a_reason(kg: Kg, words: list[str]) -> None:
    assert kg(*words, code=2) == ""
    assert kg.err.strip()
    assert "Traceback" not in kg.err
    assert "secret" not in kg.err


@pytest.mark.parametrize("url", ["neo4j://ann:secret@127.0.0.1:1", "bolt+s://127.0.0.1:1/db"])
def test_a_store_out_of_reach_has_exit_code_3(kg: Kg, url: str) -> None:
    assert kg.json("stats", "--store", url, code=3) == {"error": "StoreError", "exit": 3}
    assert "is it running?" in kg.err
    assert "secret" not in kg.err


def test_a_file_that_is_no_store_has_exit_code_3(kg: Kg) -> None:
    path = kg.file("notes.db", "my own notes, " * 1000)
    kg("stats", "--store", f"sqlite:///{path}", code=3)
    assert "notes.db" in kg.err
    assert Path(path).read_text(encoding="utf-8").startswith("my own notes")


def test_an_answer_comes_with_its_sentence_and_issue(full: Kg) -> None:
    out = full("ask", "Who invested in Anthropic?")
    assert "Amazon" in out
    assert "$25 billion" in out
    assert GRID.split("\n")[0] in out
    assert "Grid Letter 7, 2026-04-21 (grid-letter-1a2b3c4d)" in out
    answer = full.json("ask", "Who invested in Anthropic?")
    assert [r["subject"] for r in answer["rows"]] == ["Amazon"]
    assert answer["statements"][0]["evidence"][0]["issue"] == "grid-letter-1a2b3c4d"


@pytest.mark.parametrize(
    "question", ["Who invested in Corvid Labs?", "What is the meaning of life?", "", "$ ~ * :x: [/]"]
)
def test_a_refused_question_is_no_failure(full: Kg, question: str) -> None:
    answer = full.json("ask", question)
    assert (answer["answered"], answer["rows"]) == (False, [])
    assert answer["reason"] in ("not_stated", "not_understood", "ambiguous")
    assert answer["text"].split("\n")[0] in full("ask", question)


def test_text_is_never_read_as_markup(full: Kg) -> None:
    out = full("show", "Loom 2")
    assert "[red]$5 and $6[/red] :smile:" in out
    assert "Loom [b]news[/b]" in out


def test_show_finds_a_name_by_any_of_its_forms(full: Kg) -> None:
    about = full.json("show", "amazon")
    assert about["id"] == "org/amazon"
    assert {r["object"] for r in about["rows"]} == {"Anthropic"}
    assert full.json("show", "org/amazon") == about


def test_a_rejected_statement_counts_no_more_until_that_is_undone(full: Kg) -> None:
    question = ("ask", "Who invested in Anthropic?")
    statement = full.json(*question)["statements"][0]["id"]
    before = full("dump")
    full("reject", statement, "--note", "misread")
    assert full.json(*question)["answered"] is False
    full("reject", statement, "--undo")
    assert full("dump") == before
    full("accept", statement)
    assert full.json(*question)["answered"] is True


@pytest.mark.parametrize("name", ["grid-letter-1a2b3c4d", "grid.json", "Grid Letter 7"])
def test_an_issue_is_removed_by_key_file_or_title(full: Kg, name: str) -> None:
    assert full.json("remove", name) == {"removed": ["grid-letter-1a2b3c4d"]}
    assert [i["key"] for i in full.json("issues")["issues"]] == ["loom-5e6f7a8b"]


def test_removing_all_leaves_nothing(full: Kg) -> None:
    full("remove", "grid-letter-1a2b3c4d", "loom-5e6f7a8b")
    assert full("dump") == ""
    assert full.json("dump") == {"rows": []}


def test_issues_have_the_agreed_form(full: Kg) -> None:
    found = full.json("issues")["issues"]
    keys = ["key", "title", "file", "publisher", "date", "statements", "text_sha256"]
    assert [list(i) for i in found] == [keys, keys]
    assert {i["key"]: (i["file"], i["date"], i["statements"]) for i in found} == {
        "grid-letter-1a2b3c4d": ("grid.json", "2026-04-21", 1),
        "loom-5e6f7a8b": ("loom.json", None, 2),
    }
    out = full("issues")
    assert "undated" in out
    assert "Grid Letter 7" in out


def test_a_dump_is_sorted_lines_of_json(full: Kg) -> None:
    rows = [json.loads(line) for line in full("dump").splitlines()]
    assert {r["layer"] for r in rows} == {"record", "view"}
    assert all({"layer", "kind", "id"} <= r.keys() for r in rows)
    assert full.json("dump")["rows"] == rows
    assert str(full.folder) not in json.dumps(rows)


def test_stats_count(full: Kg) -> None:
    counts = full.json("stats")
    assert counts["issues"] == 2
    assert counts["statements"] == 3
    assert "issues" in full("stats")


def test_an_extract_passes_through_extract_as_it_is(kg: Kg) -> None:
    path = kg.file("grid.json", grid())
    out = kg.folder / "out"
    kg("extract", path, "--out", str(out))
    written = json.loads((out / "grid-letter.json").read_text(encoding="utf-8"))
    line = json.loads(kg("extract", path))
    assert line == written == kg.json("extract", path)["extracts"][0]
    assert written["facts"][0]["attrs"]["amount"]["high"] == 25000000000


@pytest.mark.parametrize("doc_id", ["../../evil", "/etc/passwd", "a\\b:c", "...", "x" * 400])
def test_an_extract_is_never_written_outside_its_folder(kg: Kg, doc_id: str) -> None:
    out = kg.folder / "deep" / "out"
    kg("extract", kg.file("in.json", {**grid(), "doc_id": doc_id}), "--out", str(out))
    assert [p.parent for p in kg.folder.glob("deep/**/*.json")] == [out]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_poor_terminal_gets_every_command(full: Kg, encoding: str) -> None:
    full("import", full.file("u.json", grid(key="u", text=GRID + " 東京 🙂", published=None)))
    commands = [
        ["issues"],
        ["dump"],
        ["show", "Amazon"],
        ["ask", "Who invested in Anthropic?", "--json"],
        ["ask", "東京?"],
    ]
    code = f"import sys; from app.cli import run; sys.exit(sum(run(words) for words in {commands!r}))"
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert b"\\u6771" in done.stdout


def test_asking_loads_neither_reader_nor_page(full: Kg) -> None:
    code = (
        "import sys; from app.cli import run; run(['ask', 'Who invested in Anthropic?', '--json']);"
        "sys.exit(bool({'spacy', 'onnxruntime', 'streamlit', 'torch'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
