"""Which of several mentions state a fact: the likeliest pair, the nearest one while none is clearly likelier."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="training is not installed here: pip install 'ai-industry-kg[train]'")

RAISED, INVESTED = 1, 0
KEYS = [(0, 1), (0, 2), (1, 0)]


def settled(bags: Any, chances: list[float]) -> Any:
    from ingest.training.train import _Pairs

    none = torch.zeros(3, 2)
    details = {(0, 1): (3, 1, 0)}
    pairs = _Pairs(0, KEYS, torch.zeros(3, 9), none, none, details)
    chance = torch.zeros(3, 2)
    chance[:, INVESTED] = torch.tensor(chances)
    return pairs.settled(bags, chance)


def test_the_nearest_pair_states_a_fact_while_no_other_is_clearly_likelier() -> None:
    made = settled([(INVESTED, [(0, 1), (0, 2)])], [0.4, 0.55, 0.9])
    assert made.stated[:, INVESTED].tolist() == [1, 0, 0]
    assert made.open[:, INVESTED].tolist() == [0, 1, 0]  # (1, 0) is another pair of names: learned as not stated


def test_a_likelier_pair_states_it_with_its_details() -> None:
    made = settled([(INVESTED, [(0, 1), (0, 2)])], [0.1, 0.9, 0.0])
    assert made.stated[:, INVESTED].tolist() == [0, 1, 0]
    assert made.open[:, INVESTED].tolist() == [1, 0, 0]
    assert made.details[0, 2] == (3, 1, 0)
    assert made.stated[:, RAISED].tolist() == made.open[:, RAISED].tolist() == [0, 0, 0]


def test_two_facts_that_share_pairs_are_both_stated() -> None:
    bags = [(INVESTED, [(0, 1), (0, 2)]), (INVESTED, [(0, 2), (0, 1)])]
    made = settled(bags, [0.5, 0.5, 0.0])
    assert made.stated[:, INVESTED].tolist() == [1, 1, 0]
    assert made.open[:, INVESTED].sum() == 0


def test_a_fact_whose_nearest_pair_is_no_candidate_stays_open_unless_another_is_likely() -> None:
    far = [(INVESTED, [(5, 6), (0, 2)])]
    made = settled(far, [0.0, 0.1, 0.0])
    assert made.stated[:, INVESTED].tolist() == [0, 0, 0]
    assert made.open[:, INVESTED].tolist() == [0, 1, 0]
    assert settled(far, [0.0, 0.6, 0.0]).stated[:, INVESTED].tolist() == [0, 1, 0]
