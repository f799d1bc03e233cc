"""Encoding: words into the arrays that the encoder takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from ingest.features import SEPARATOR, SPELLED, Ints, clean, shape, spelling

MOST_PIECES = 384


@dataclass(frozen=True)
class Batch:
    """Arrays of one batch: (batch, pieces) ids and mask, (batch, words) first and shapes, and letters of each word.

    `lengths` are in words. A unit of more than MOST_PIECES pieces is cut: its length says how many words are left.
    """

    ids: Ints
    mask: Ints
    first: Ints
    shapes: Ints
    letters: Ints
    lengths: list[int]


def batch(tokenizer: Tokenizer, units: Sequence[Sequence[str]]) -> Batch:
    """Return the arrays of units, each a list of words."""
    cleaned = [[clean(w) for w in unit] or ["."] for unit in units]
    encoded = [tokenizer.encode(unit, is_pretokenized=True) for unit in cleaned]
    pieces = min(MOST_PIECES, max(len(e.ids) for e in encoded))
    width = max(len(unit) for unit in cleaned)
    ids = np.zeros((len(units), pieces), dtype=np.int64)
    mask, first, shapes = (
        np.zeros_like(ids),
        np.zeros((len(units), width), np.int64),
        np.zeros((len(units), width), np.int64),
    )
    letters = np.zeros((len(units), width, SPELLED), np.int64)
    lengths = []
    for i, (unit, e) in enumerate(zip(cleaned, encoded, strict=True)):
        n = min(pieces, len(e.ids))
        ids[i, :n], mask[i, :n] = e.ids[:n], 1
        seen = -1
        for k, w in enumerate(e.word_ids[:n]):
            if w is not None and w != seen:
                seen = w
                first[i, w] = k
        lengths.append(seen + 1)
        shapes[i, : len(unit)] = [14 if w == SEPARATOR else shape(w) for w in unit]
        letters[i, : len(unit)] = [spelling(w) for w in unit]
    return Batch(ids, mask, first, shapes, letters, lengths)
