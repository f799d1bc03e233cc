"""Spans: the best names of label scores, also of a model that knows fewer labels."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.features import LABELS
from ingest.spans import Spans, log_probabilities


def scores(
    labels: tuple[str, ...], said: list[str], *, second: dict[int, str] | None = None
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Return log probabilities that favour a label a word, and a second one a little less."""
    out = np.zeros((len(said), len(labels)), dtype=np.float32)
    for k, label in enumerate(said):
        out[k, labels.index(label)] = 6.0
        if second and k in second:
            out[k, labels.index(second[k])] = 5.5
    return log_probabilities(out)


@pytest.mark.parametrize("labels", [LABELS, LABELS[: LABELS.index("I-role") + 1]], ids=["all", "fewer"])
def test_names_are_found_with_all_labels_and_with_fewer(labels: tuple[str, ...]) -> None:
    said = ["B-company", "I-company", "O", "B-person", "B-role", "I-role"]
    assert Spans(labels).best(scores(labels, said)) == [(0, 1, "company"), (3, 3, "person"), (4, 5, "role")]


def test_a_name_does_not_begin_in_its_middle() -> None:
    found = Spans(LABELS).best(scores(LABELS, ["O", "I-model", "I-model"], second={1: "B-model"}))
    assert found == [(1, 2, "model")]


def test_an_organization_is_told_from_a_company_over_the_whole_span() -> None:
    said = ["B-company", "I-organization", "I-organization"]
    found = Spans(LABELS).best(scores(LABELS, said, second={0: "B-organization"}))
    assert found == [(0, 2, "organization")]


def test_a_stretch_is_of_each_type_as_likely_as_its_words_make_it() -> None:
    said = ["B-product", "I-product", "O"]
    chances = Spans(LABELS).chances(scores(LABELS, said, second={0: "B-model", 1: "I-model"}), 0, 1)
    assert sum(chances.values()) == pytest.approx(1)
    assert chances["product"] > chances["model"] > 0.2
    assert not set(chances) & {"amount", "role"}


def test_a_whole_name_has_sure_bounds_whatever_its_type() -> None:
    spans, said = Spans(LABELS), ["B-product", "I-product", "O"]
    sure = scores(LABELS, said, second={0: "B-model", 1: "I-model"})
    assert spans.whole(sure, 0, 1) > 0.9  # two types, one name
    assert spans.whole(sure, 0, 0) < 0.1  # it goes on behind
    assert spans.whole(scores(LABELS, said, second={0: "O"}), 0, 1) == pytest.approx(0.6, abs=0.1)
    assert spans.whole(scores(LABELS, ["O", "B-person"]), 1, 1) > 0.9  # at the end of a unit
