"""Schedule: which round a training is in, and its learning rate there."""

from __future__ import annotations

from collections.abc import Sequence


def round_of(progress: float, rounds: Sequence[int]) -> tuple[int, float]:
    """Return the number of the round after so many epochs, and the share of it that is done."""
    number = 0
    while number < len(rounds) - 1 and progress >= rounds[number]:
        progress -= rounds[number]
        number += 1
    return number, progress / rounds[number]


def rate(progress: float, batch: int, rounds: Sequence[int]) -> float:
    """Return the factor of the learning rate after so many epochs, at a batch of the present one.

    In each round it warms up over a hundred batches, then falls to nearly nothing; a round over the rare relations
    starts at 0.6 of the round before it, the next over all units at 0.7 of the one before that.
    """
    number, share = round_of(progress, rounds)
    warm = min(1.0, batch / 100) if share * rounds[number] < 1 else 1.0
    return float(0.7 ** (number // 2) * 0.6 ** (number % 2) * warm * max(0.02, 1 - share))
