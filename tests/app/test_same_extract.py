"""One text as .txt, as .md and through `kg eval` gives the same Extract."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app import bootstrap
from app.commands.evaluating import predicted
from ingest.readers import read
from kg.model import Extract, Issue
from kg.score import load

TEXTS = {
    "plain": "Vantage Loom Raises\n\nVantage Loom raised $40 million in a Series B led by Pale Hill Capital.\n"
    "Mara Quint, its chief executive, used to work at Oxbow AI.\n",
    "marks": "# Deals\n\n- **Oxbow AI**: bought [Marlin Robotics](https://oxbow.example/a) for €90 million\n"
    "- _Pale Hill_ put $5 million into **Vantage Loom**\n\n| model | score |\n|---|---|\n| Sable 3 | 81.2% |\n",
    "wrapped": "Amazon said that it will invest up to $25\nbillion in Anthropic, on top of the $8 billion that it\n"
    "invested before. Anthropic committed more than $100\nbillion to AWS over ten years.\n",
}


def shown(extract: Extract) -> tuple[object, ...]:
    return extract.issue.text, extract.entities, extract.statements


@pytest.mark.parametrize("name", TEXTS)
def test_one_text_gives_one_extract(tmp_path: Path, name: str) -> None:
    reader = bootstrap.reader()
    extracts = []
    for suffix in (".txt", ".md"):
        file = tmp_path / f"letter{suffix}"
        file.write_text(TEXTS[name], encoding="utf-8")
        (issue,) = read([file], date="2026-04-21")
        assert isinstance(issue, Issue)
        extracts.append(reader.extract(issue))
    gold = {"doc_id": "letter", "source": "letter.md", "published": "2026-04-21", "entities": [], "facts": []}
    (tmp_path / "letter.json").write_text(json.dumps(gold), encoding="utf-8")
    ((_, through),) = predicted(load(tmp_path))
    assert isinstance(through, Extract)
    assert shown(extracts[0]) == shown(extracts[1]) == shown(through)
    assert extracts[0].statements
