"""`kg eval --errors`: the errors beside the scores, as text and as JSON; the scores stay what they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.app import import_material as material
from tests.app.test_cli import Kg

GOLD: dict[str, Any] = {
    "doc_id": "loom",
    "source": "loom.md",
    "published": "2026-03-03",
    "entities": [
        {"name": "Corvid Labs", "type": "company", "aliases": []},
        {"name": "Weaving Union", "type": "organization", "aliases": []},
    ],
    "facts": [
        {"subject": "Corvid Labs", "relation": "sued", "object": "Weaving Union", "attrs": {"date": "2026"},
         "evidence": "took the union to court"},
    ],
}  # fmt: skip


@pytest.fixture
def kg(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Kg:
    """Return a runner, with a folder of one annotated newsletter and one that names a source that is not there."""
    run = Kg(tmp_path, capsys)
    (tmp_path / "gold").mkdir()
    run.file("gold/loom.json", GOLD)
    run.file("gold/loom.md", material.LOOM)
    return run


def test_errors_are_listed_beside_the_scores(kg: Kg) -> None:
    folder = str(kg.folder / "gold")
    plain, listed = kg.json("eval", folder), kg.json("eval", folder, "--errors")
    (found,) = listed.pop("errors")
    assert listed == plain
    assert found["doc_id"] == "loom"
    assert [e["name"] for e in found["missed_entities"]] == ["Weaving Union"]
    assert found["missed_facts"][0]["evidence"] == "took the union to court"
    assert len(found["spurious_facts"]) == plain["facts"]["predicted"] > 0
    shown = " ".join(material.LOOM.split())
    for fact in found["spurious_facts"]:
        assert all(cited["text"] in shown for cited in fact["cited"])
    assert all(entity["sentence"] in shown for entity in found["spurious_entities"])


def test_the_text_ends_with_the_scores(kg: Kg) -> None:
    folder = str(kg.folder / "gold")
    scores, out = kg("eval", folder), kg("eval", folder, "--errors")
    assert out.endswith(scores)
    assert "missed   organization Weaving Union" in out
    assert "annotated: took the union to court" in out
    assert "cited: Ostrava Compute acquired Marlow Robotics for $120 million." in out


def test_a_document_that_cannot_be_read_is_all_missed(kg: Kg) -> None:
    kg.file("gold/gone.json", {**GOLD, "doc_id": "gone", "source": "gone.md"})
    done = kg.json("eval", str(kg.folder / "gold"), "--errors", code=1)
    assert done["failed"] == ["gone"]
    gone = next(e for e in done["errors"] if e["doc_id"] == "gone")
    assert [len(gone[kind]) for kind in ("missed_entities", "missed_facts", "spurious_facts")] == [2, 1, 0]
