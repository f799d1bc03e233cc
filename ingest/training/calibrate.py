"""Calibration: from the scores of held out pairs to confidence, and to the thresholds keep and trust."""

from __future__ import annotations

import math

import numpy as np

KEEP_FLOOR, TRUST = 0.30, 0.90
Scored = list[tuple[float, bool]]  # scores with whether they are right


def choose(scored: Scored, stated: int, prior: float) -> tuple[float, dict[str, float]]:
    """Return (keep, figures): the threshold of the best F1; few examples lean on `prior`."""
    grid = np.arange(KEEP_FLOOR, 0.96, 0.02)
    rows = []
    for t in grid:
        right = sum(ok for score, ok in scored if score >= t)
        read = sum(score >= t for score, _ in scored)
        rows.append((2 * right / max(read + stated, 1), right / max(read, 1), right / max(stated, 1)))
    f1 = np.array([r[0] for r in rows])
    weight = stated / (stated + 40)
    keep = float(weight * grid[int(f1.argmax())] + (1 - weight) * prior)
    at = rows[int(np.abs(grid - keep).argmin())]
    return round(keep, 2), {"f1": at[0], "precision": at[1], "recall": at[2]}


def calibration(scored: Scored) -> tuple[float, float]:
    """Return (a, b) so that the logistic function of a·logit(score) + b is the share of scores that are right."""
    x = np.array([math.log(s / (1 - s)) for s, _ in scored if s < 1] or [0.0])
    y = np.array([float(ok) for s, ok in scored if s < 1] or [0.0])
    weights = np.array([1.0, 0.0])
    features = np.stack([x, np.ones_like(x)], 1)
    for _ in range(50):  # Newton's steps with a small prior towards (1, 0)
        p = 1 / (1 + np.exp(-features @ weights))
        slope = features.T @ (p - y) + 0.5 * (weights - [1.0, 0.0])
        curve = (features * (p * (1 - p))[:, None]).T @ features + 0.5 * np.eye(2)
        weights = weights - np.linalg.solve(curve, slope)
    return float(weights[0]), float(weights[1])


def trusted(scored: Scored, keep: float) -> float:
    """Return the least confidence at or above `keep` from which on TRUST of what is read is right, 0.99 if none is."""
    for t in (k / 100 for k in range(math.ceil(max(keep, KEEP_FLOOR) * 100), 99)):
        right = [ok for confidence, ok in scored if confidence >= t]
        if len(right) >= 10 and sum(right) / len(right) >= TRUST:
            return t
    return 0.99


def reliability(scored: Scored) -> list[tuple[float, float, int, float]]:
    """Return for each tenth of confidence (from, to, how many, the share that is right)."""
    out = []
    for low in np.arange(0.0, 1.0, 0.1):
        right = [ok for confidence, ok in scored if low <= confidence < low + 0.1]
        if right:
            out.append((float(low), float(low + 0.1), len(right), sum(right) / len(right)))
    return out
