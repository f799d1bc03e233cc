"""Training data: units into samples; nothing here needs torch."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from ingest.features import LABELS, RELATIONS, SEPARATOR
from ingest.training import data
from kg.errors import ReadError

TEXT = "Oxbow raised $5 million.\nMarlin led; Mara Quint, chief scientist of Oxbow, left."
ROW = {
    "id": "o-1",
    "source": "original/test",
    "date": "",
    "text": TEXT,
    "entities": [
        [TEXT.index("Oxbow"), TEXT.index("Oxbow") + 5, "company"],
        [TEXT.index("Marlin"), TEXT.index("Marlin") + 6, "company"],
        [TEXT.index("Mara Quint"), TEXT.index("Mara Quint") + 10, "person"],
        [TEXT.rindex("Oxbow"), TEXT.rindex("Oxbow") + 5, "company"],
    ],
    "handles": [],
    "facts": [
        {"subject": "Oxbow", "relation": "raised", "object": "Oxbow", "attrs": {"amount": "$5 million"}},
        {"subject": "Marlin", "relation": "invested_in", "object": "Oxbow", "attrs": {"lead": True}},
        {"subject": "Mara Quint", "relation": "works_at", "object": "Oxbow",
         "attrs": {"role": "chief scientist", "current": False}},
    ],
}  # fmt: skip


def unit(tmp_path: Path) -> data.Unit:
    (tmp_path / "a.jsonl").write_text(json.dumps(ROW) + "\n", encoding="utf-8")
    return data.load(tmp_path)[0]


def test_a_sample_has_tags_pairs_and_details(tmp_path: Path) -> None:
    s = data.sample(unit(tmp_path))
    assert SEPARATOR in s.words
    assert [s.words[m[0]] for m in s.mentions] == ["Oxbow", "Marlin", "Mara", "Oxbow"]
    role = s.words.index("chief")
    assert [LABELS[t] for t in s.tags[role : role + 2]] == ["B-role", "I-role"]
    related = {(p, RELATIONS[r]) for p, rs in s.related.items() for r in rs}
    assert ((2, 3), "works_at") in related
    assert ((1, 0), "invested_in") in related or ((1, 3), "invested_in") in related
    assert set(s.unsure) & {p for p, _ in related} == set()
    assert s.details[2, 3][2] == 1


def test_other_mentions_of_related_names_are_left_out_of_the_loss(tmp_path: Path) -> None:
    s = data.sample(unit(tmp_path))
    assert (2, 0) in s.unsure


@pytest.mark.parametrize("seed", range(8))
def test_swapped_names_keep_spans_and_facts_in_step(tmp_path: Path, seed: int) -> None:
    names = {"company": ["Pale Hill Capital", "Zyx"], "person": ["Bo Ek"]}
    changed = data.swapped(unit(tmp_path), names, random.Random(seed), 0.9)
    surfaces = {changed.text[s:e] for s, e, _ in changed.spans}
    assert all(f["subject"] in surfaces and f["object"] in surfaces for f in changed.facts)


def test_joined_units_keep_their_spans(tmp_path: Path) -> None:
    one = unit(tmp_path)
    both = data.joined(one, one, "\n")
    assert [both.text[s:e] for s, e, _ in both.spans] == [one.text[s:e] for s, e, _ in one.spans] * 2


def test_an_epoch_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    units = [unit(tmp_path)] * 20
    assert data.epoch(units, 1, 0) == data.epoch(units, 1, 0)
    assert data.epoch(units, 1, 0) != data.epoch(units, 2, 0)


@pytest.mark.parametrize("line", ["not json", "{}", '{"text": "a", "entities": 3}', "[]"])
def test_a_broken_line_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "bad.jsonl").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(ReadError, match=r"bad\.jsonl:1"):
        data.load(tmp_path)


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"no \.jsonl"):
        data.load(tmp_path)


def test_held_out_units_are_of_other_sources(tmp_path: Path) -> None:
    rows = [data.Unit("a b", [], [], f"letter/{n // 5}", f"2025-{1 + n // 60:02}-01") for n in range(600)]
    learn, held = data.split(rows)
    assert held
    assert len(learn) > 8 * len(held)
    assert not {u.source for u in learn} & {u.source for u in held}
    assert max(u.date for u in learn) <= max(u.date for u in held)
