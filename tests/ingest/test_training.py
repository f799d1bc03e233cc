"""Training data: units into samples; nothing here needs torch."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.features import LABELS, RELATIONS, SEPARATOR
from ingest.network import confidence
from ingest.training import calibrate, data, invent
from ingest.training.__main__ import OWN
from ingest.training.data import Unit
from ingest.training.names import learned_names
from ingest.training.schedule import rate, round_of
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
    assert {(pairs[0], RELATIONS[r]) for r, pairs in s.bags} == related
    assert s.details[2, 3][2] == 1


def test_a_fact_may_be_stated_by_other_mentions_of_its_names(tmp_path: Path) -> None:
    s = data.sample(unit(tmp_path))
    assert {RELATIONS[r]: pairs for r, pairs in s.bags} == {
        "raised": [(0, 0), (3, 3)],
        "invested_in": [(1, 0), (1, 3)],
        "works_at": [(2, 3), (2, 0)],
    }


def test_a_fact_may_be_stated_by_short_forms_of_its_names() -> None:
    text = "Oxbow AI names Mara Quint its chief. Quint came to Oxbow from Tarn AI."
    spans = [
        (text.index(n), text.index(n) + len(n), kind)
        for n, kind in (("Oxbow AI", "company"), ("Mara Quint", "person"), ("Tarn AI", "company"))
    ]
    spans += [
        (text.rindex(n), text.rindex(n) + len(n), kind) for n, kind in (("Quint", "person"), ("Oxbow", "company"))
    ]
    fact = {"subject": "Mara Quint", "relation": "works_at", "object": "Oxbow AI", "attrs": {"role": "chief"}}
    s = data.sample(data.Unit(text, sorted(spans), [fact]))
    assert s.linked.keys() == {(0, 1), (0, 0)}
    assert s.unlinked == {(0, 2), (0, 3)}  # Quint and Oxbow: neither right nor wrong
    assert s.bags == [(RELATIONS.index("works_at"), [(1, 0), (2, 3), (1, 3), (2, 0)])]


def test_qualifiers_are_linked_to_the_mentions_of_their_facts(tmp_path: Path) -> None:
    s = data.sample(unit(tmp_path))
    assert [(s.words[m[0]], m[2]) for m in s.marks] == [("$", "amount"), ("chief", "role")]
    linked = {(*key, RELATIONS[r]) for key, rs in s.linked.items() for r in rs}
    assert linked == {(0, 0, "raised"), (1, 2, "works_at"), (1, 3, "works_at")}
    assert (0, 3) in s.unlinked  # the same firm, named again elsewhere
    assert (0, 1) not in s.unlinked  # Marlin did not raise them: learned


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


def test_qualifiers_are_tagged_where_their_fact_stands(tmp_path: Path) -> None:
    s = data.sample(unit(tmp_path))
    at = s.words.index("$")
    assert [LABELS[t] for t in s.tags[at : at + 3]] == ["B-amount", "I-amount", "I-amount"]


@pytest.mark.parametrize("seed", range(20))
def test_changed_amounts_stay_amounts(tmp_path: Path, seed: int) -> None:
    changed = data.swapped(unit(tmp_path), {}, random.Random(seed), 1.0)
    said = changed.facts[0]["attrs"]["amount"]
    assert said in changed.text
    assert money(said) is not None, said


def money(said: str) -> Any:
    from ingest.quantities import find, tokenize

    return next((q.value for q in find(tokenize(f"raised {said} in all")) if q.kind == "money"), None)


def test_an_invented_name_keeps_the_shape_of_the_known_ones() -> None:
    rng = random.Random(3)
    made = {invent.name(["Qualen 2.5-72B", "Marlin"], rng) for _ in range(200)}
    assert len(made) > 60
    assert all(name.strip() == name and name for name in made)
    assert any(c.isdigit() for name in made for c in name)


def test_a_phrase_that_is_no_plain_amount_is_left_alone() -> None:
    assert invent.amount("$115-135 billion", random.Random(0)) is None
    assert invent.amount("nine figures", random.Random(0)) is None


@pytest.mark.parametrize("change", [str.lower, str.upper, str.title])
def test_another_case_changes_facts_and_qualifiers_too(tmp_path: Path, change: Callable[[str], str]) -> None:
    changed = data.recased(unit(tmp_path), change)
    assert all(f["subject"] in changed.text and f["object"] in changed.text for f in changed.facts)
    assert changed.facts[0]["attrs"]["amount"] in changed.text


def test_further_units_are_new_and_of_no_held_out_source() -> None:
    held = [data.Unit("a b", [], [], "letter/25-01-01")]
    learn = [data.Unit("c d", [], [], "letter/25-01-02")]
    more = [data.Unit(t, [], [], s) for t, s in (("c d", "x"), ("e f", "other/25-01-01.md"), ("g h", "letter/9.md"))]
    assert [u.text for u in data.others(more, learn, held)] == ["g h"]


def test_calibration_moves_scores_to_the_share_that_is_right() -> None:
    rng = random.Random(1)
    scored = [(s, rng.random() < s / 2) for s in (rng.random() * 0.98 + 0.01 for _ in range(3000))]
    curve = calibrate.calibration(scored)
    low, high = (confidence(s, curve) for s in (0.3, 0.9))
    assert 0.08 < low < 0.25
    assert 0.35 < high < 0.55


def test_the_units_that_ship_are_whole() -> None:
    units = data.load(OWN)
    assert len(units) > 5000
    for one in units:
        surfaces = {one.text[s:e] for s, e, _ in one.spans}
        assert all(f["subject"] in surfaces and f["object"] in surfaces for f in one.facts)


def test_trust_is_where_nine_of_ten_are_right() -> None:
    scored = [(0.95, n % 20 != 0) for n in range(100)] + [(0.6, n % 2 == 0) for n in range(100)]
    assert 0.6 < calibrate.trusted(scored, 0.3) <= 0.95
    assert calibrate.trusted([(0.9, False)] * 50, 0.3) == 0.99


def test_reliability_counts_by_tenths() -> None:
    assert calibrate.reliability([(0.05, False), (0.55, True), (0.56, False)]) == [
        (0.0, 0.1, 1, 0.0),
        (0.5, 0.6, 2, 0.5),
    ]


def test_a_round_ends_where_the_next_begins() -> None:
    assert round_of(0, (4, 2)) == (0, 0.0)
    assert round_of(3, (4, 2)) == (0, 0.75)
    assert round_of(4, (4, 2)) == (1, 0.0)
    assert round_of(5.5, (4, 2)) == (1, 0.75)


def test_the_rate_warms_up_and_falls_in_each_round() -> None:
    rounds = (4, 2, 2)
    assert rate(0, 1, rounds) == pytest.approx(0.01)
    assert rate(1, 1, rounds) == pytest.approx(0.75)  # warm since the round's first epoch
    assert rate(3.999, 500, rounds) == pytest.approx(0.02)
    assert rate(4.1, 100, rounds) == pytest.approx(0.6 * 0.95)
    assert rate(6.2, 100, rounds) == pytest.approx(0.7 * 0.9)


def test_a_name_of_a_firm_and_its_product_is_learned_as_the_firms() -> None:
    def uses(name: str, **kinds: int) -> list[Unit]:
        return [Unit(name, [(0, len(name), k)], [], "news/1") for k, n in kinds.items() for _ in range(n)]

    units = [
        *uses("Oxbow", company=5, product=6),
        *uses("Tern", company=4, product=8),
        *uses("Marlin", company=6, person=6),
        *uses("Vexa", product=9, company=1),
        *uses("Kestrel", model=2),
        *uses("Pro", model=9),
        *uses("Once", company=1),
    ]
    assert learned_names(units) == {"oxbow": "company", "vexa": "product", "kestrel": "model"}
