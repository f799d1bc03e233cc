"""Consistency: the names of an issue are found wherever they stand, and common words are not."""

from __future__ import annotations

import numpy as np

from ingest.consistency import even
from ingest.features import Span, words
from ingest.network import Tagged
from ingest.qualifiers import Part
from ingest.quantities import Tok
from ingest.units import Unit


def made(text: str, mentions: list[Span]) -> tuple[Unit, Tagged]:
    """Return a unit of one sentence and what was tagged in it."""
    toks = [Tok(text[a:b], a, b) for a, b in words(text)]
    unit = Unit(toks, list(range(len(toks))), [Part(0, len(toks))])
    nothing = np.zeros((len(toks), 1), np.float32)
    return unit, Tagged(mentions, [], nothing, nothing, np.zeros((1, len(toks), 1), np.float16))


def evened(*pairs: tuple[Unit, Tagged]) -> list[list[Span]]:
    even([u for u, _ in pairs], [t for _, t in pairs])
    return [t.mentions for _, t in pairs]


def test_a_name_that_was_missed_once_is_found() -> None:
    first, second = made("Oxbow grew.", [(0, 0, "company")]), made("Oxbow shrank.", [(0, 0, "company")])
    missed = made("They left Oxbow.", [])
    assert evened(first, second, missed)[2] == [(2, 2, "company")]


def test_a_word_that_is_mostly_no_name_is_none() -> None:
    tagged = made("Agents are here.", [(0, 0, "product")])
    others = [made("Agents do it.", []) for _ in range(3)]
    assert evened(tagged, *others) == [[], [], [], []]


def test_a_name_seen_once_adds_nothing() -> None:
    assert evened(made("Oxbow grew.", [(0, 0, "company")]), made("Oxbow fell.", []))[1] == []


def test_a_longer_name_keeps_its_words() -> None:
    whole = (0, 1, "company")
    one = made("Oxbow Capital grew.", [whole])
    short = [made("Oxbow grew.", [(0, 0, "company")]) for _ in range(2)]
    assert evened(one, *short)[0] == [whole]
