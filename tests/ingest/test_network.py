"""The trained network at run time: which pairs are read twice, and what their two scores make."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ingest import network
from ingest.features import LIKELY, RELATIONS, Span, candidates, kinds, pair_features, words
from ingest.network import Network, Tagged, sigmoid
from ingest.pipeline import Reader

TEXT = "Oxbow raised $5 million in a seed round led by Marlin Capital, said chief executive Mara Quint."
WORDS = [TEXT[a:b] for a, b in words(TEXT)]


class Spied:
    """A session that remembers how many pairs it was asked about."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.asked: list[int] = []

    def get_inputs(self) -> Any:
        return self.session.get_inputs()

    def run(self, names: Any, arrays: dict[str, Any]) -> Any:
        self.asked.append(len(arrays["pairs"]))
        return self.session.run(names, arrays)


@pytest.fixture(scope="module")
def net() -> Network:
    return Reader.load(threads=1).network


@pytest.fixture(scope="module")
def tagged(net: Network) -> Tagged:
    return next(net.tag([WORDS]))


def test_only_likely_pairs_are_read_twice(net: Network, tagged: Tagged, monkeypatch: pytest.MonkeyPatch) -> None:
    features = pair_features(tagged.mentions, candidates(tagged.mentions, net.allowed))
    relation, _ = net.relater.run(
        None, {"word": tagged.word, "kinds": kinds(tagged.mentions, len(WORDS)), "pairs": features}
    )
    likely = (sigmoid(relation) * net.allowed[features[:, 4], features[:, 5]]).max(1) >= LIKELY
    assert 0 < likely.sum() < len(likely)
    spied = Spied(net.closer)
    monkeypatch.setattr(net, "closer", spied)
    net.relate(tagged)
    assert spied.asked == [likely.sum()]
    monkeypatch.setattr(network, "LIKELY", 1.1)
    net.relate(tagged)
    assert len(spied.asked) == 1


def test_the_score_of_a_likely_pair_lies_between_its_two_readings(
    net: Network, tagged: Tagged, monkeypatch: pytest.MonkeyPatch
) -> None:
    def led(weight: float) -> float:
        monkeypatch.setattr(net, "close_weight", weight)
        best = max(p.scores.get("invested_in", 0.0) for p in net.relate(tagged))
        return math.log(best / (1 - best))

    assert led(0.5) == pytest.approx((led(0.0) + led(1.0)) / 2, abs=1e-3)


def test_each_qualifier_has_a_link_to_each_name_for_each_relation(net: Network, tagged: Tagged) -> None:
    def name(span: Span) -> str:
        return " ".join(WORDS[span[0] : span[1] + 1])

    links = net.links(tagged)
    assert links.shape == (len(tagged.marks), len(tagged.mentions), len(RELATIONS))
    sum_, firm = [name(m) for m in tagged.marks].index("$ 5 million"), [name(m) for m in tagged.mentions].index("Oxbow")
    assert links[sum_].argmax() == firm * len(RELATIONS) + RELATIONS.index("raised")
    turned = net.links(replace(tagged, marks=tagged.marks[::-1]))
    assert np.allclose(links, turned[::-1], atol=1e-3)


def test_without_qualifiers_there_is_no_link(net: Network, tagged: Tagged) -> None:
    assert net.links(replace(tagged, marks=[])).shape == (0, len(tagged.mentions), len(RELATIONS))


def test_what_is_read_of_a_unit_does_not_depend_on_others(net: Network, tagged: Tagged) -> None:
    again = list(net.tag([["Marlin", "sued", "Oxbow", "."], WORDS]))[1]
    assert again.mentions == tagged.mentions
    assert np.array_equal(again.states, tagged.states)
