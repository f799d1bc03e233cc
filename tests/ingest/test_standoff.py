"""Stand-off annotations: texts are found where they stand, and one that has changed is counted, not used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.training import data, standoff
from kg.errors import ReadError

TEXT = "# Deals\n\nOxbow bought [Marlin](https://example.com) for **$5 million**.\n\nNothing else.\n"
SHOWN = "Deals\nOxbow bought Marlin for $5 million ."


def row(**changes: Any) -> dict[str, Any]:
    start, end = TEXT.index("Oxbow"), TEXT.index("\n\nNothing")
    return {
        "file": "letter.md", "issue": 0, "lines": [[2, 7], [start, end]], "check": standoff.check(SHOWN),
        "entities": [[6, 11, "company"], [19, 25, "company"]], "handles": [],
        "facts": [{"subject": "Oxbow", "relation": "acquired", "object": "Marlin", "attrs": {"amount": "$5 million"}}],
    } | changes  # fmt: skip


def folder(tmp_path: Path, rows: list[dict[str, Any]]) -> Path:
    (tmp_path / "letter.md").write_text(TEXT, encoding="utf-8")
    path = tmp_path / "real.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return path


def test_a_text_is_its_visible_words(tmp_path: Path) -> None:
    unit = next(standoff.load(folder(tmp_path, [row()]), tmp_path))
    assert unit.text == SHOWN
    assert [unit.text[s:e] for s, e, _ in unit.spans] == ["Oxbow", "Marlin"]
    assert unit.source == "letter.md"


def test_a_text_that_changed_is_counted_and_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = list(standoff.load(folder(tmp_path, [row(), row(check="0" * 12), row(issue=7)]), tmp_path))
    assert len(found) == 1
    assert "2 of 3 units are not found" in capsys.readouterr().out


def test_corrections_mend_the_texts_that_they_name(tmp_path: Path) -> None:
    unit = next(standoff.load(folder(tmp_path, [row()]), tmp_path))
    other = data.Unit("Oxbow rests.", [(0, 5, "company")], [], "a.md", "2025-01-02")
    wrong = {
        "check": standoff.check(SHOWN),
        "spans": [[0, 5, "product"], [6, 11, "organization"], [19, 25, None]],
        "facts": [["Oxbow", "acquired", "Marlin"], ["Oxbow", "raised", "Oxbow", {"amount": "$5 million"}]],
    }
    path = tmp_path / "given.jsonl"
    path.write_text(json.dumps(wrong) + "\n", encoding="utf-8")
    (mended, kept) = standoff.corrected([unit, other], path)
    assert mended.spans == [(0, 5, "product"), (6, 11, "organization")]
    raised = {"subject": "Oxbow", "relation": "raised", "object": "Oxbow", "attrs": {"amount": "$5 million"}}
    assert mended.facts == [raised]
    assert (mended.text, mended.source, kept) == (SHOWN, "letter.md", other)


@pytest.mark.parametrize("text", ["{", '{"check": "1"}\n', "[]\n"])
def test_a_broken_file_of_corrections_is_named_with_its_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "given.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReadError, match=r"given\.jsonl:1: not a correction"):
        standoff.corrected([], path)
    with pytest.raises(ReadError, match="cannot be read"):
        standoff.corrected([], tmp_path / "absent.jsonl")


def test_corrections_of_absent_texts_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "given.jsonl"
    path.write_text(json.dumps({"check": "0", "spans": [], "facts": []}) + "\n", encoding="utf-8")
    assert standoff.corrected([], path) == []
    assert "1 of 1 corrections name no text" in capsys.readouterr().out


def test_no_text_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="give the folder of the newsletters"):
        list(standoff.load(folder(tmp_path, [row(file="other.md")]), tmp_path))
