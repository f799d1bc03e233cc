"""Spans: from the scores of labels to the best names and qualifiers of a unit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ingest.features import QUALIFIERS, Span

Floats = npt.NDArray[np.float32]
NEVER = -1e4


def softmax(x: Floats) -> Floats:
    """Return the softmax over the last axis."""
    e = np.exp(x - x.max(-1, keepdims=True))
    return np.asarray(e / e.sum(-1, keepdims=True), dtype=np.float32)


def log_probabilities(scores: Floats) -> Floats:
    """Return the log of the softmax of label scores (words, labels)."""
    return np.asarray(np.log(softmax(scores) + 1e-9), dtype=np.float32)


class Spans:
    """Finds the best spans by Viterbi; a company and an organization are one until a span is found.

    `labels` are those of the scores' columns: all of features.LABELS, or the first of them in a model that knows fewer.
    """

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = list(labels)
        names = [n for n, label in enumerate(labels) if label != "O" and label[2:] not in QUALIFIERS]
        self.begin, self.inside = ([n for n in names if labels[n][0] == mark] for mark in "BI")
        self.path = list(dict.fromkeys(label.replace("organization", "company") for label in labels))
        self.columns = [
            [n for n, label in enumerate(labels) if label.replace("organization", "company") == p] for p in self.path
        ]
        self.forbidden = np.zeros((len(self.path), len(self.path)), dtype=np.float32)
        for i, a in enumerate(self.path):
            for j, b in enumerate(self.path):
                if b.startswith("I-") and (a == "O" or a[2:] != b[2:]):
                    self.forbidden[i, j] = NEVER
        self.start = np.array([NEVER if p.startswith("I-") else 0.0 for p in self.path], dtype=np.float32)

    def best(self, log: Floats) -> list[Span]:
        """Return the best spans (first word, last word, type) of the labels' log probabilities (words, labels)."""
        path = np.stack([np.logaddexp.reduce(log[:, c], axis=1) for c in self.columns], axis=1)
        best = path[0] + self.start
        back = np.zeros((len(path), len(self.path)), dtype=np.int64)
        for k in range(1, len(path)):
            step = best[:, None] + self.forbidden
            back[k] = step.argmax(0)
            best = step.max(0) + path[k]
        tags = [int(best.argmax())]
        for k in range(len(path) - 1, 0, -1):
            tags.append(int(back[k][tags[-1]]))
        out: list[Span] = []
        for k, tag in enumerate(reversed(tags)):
            name = self.path[tag]
            if name.startswith("B-"):
                out.append((k, k, name[2:]))
            elif name.startswith("I-"):
                out[-1] = (out[-1][0], k, out[-1][2])
        return [self._company_or_organization(s, log) for s in out]

    def chances(self, log: Floats, first: int, last: int) -> dict[str, float]:
        """Return how likely a stretch of words is a name of each type, by its labels' log probabilities; sums to 1."""
        kinds = [k for k in dict.fromkeys(label[2:] for label in self.labels[1:]) if k not in QUALIFIERS]
        totals = np.array(
            [
                log[first, self.labels.index(f"B-{k}")] + log[first + 1 : last + 1, self.labels.index(f"I-{k}")].sum()
                for k in kinds
            ]
        )
        return {k: float(p) for k, p in zip(kinds, softmax(totals), strict=True)}

    def whole(self, log: Floats, first: int, last: int) -> float:
        """Return how likely a stretch of words is one whole name, of whatever type."""
        begin, inside = self.begin, self.inside
        chance = float(np.exp(log[first, begin]).sum() * np.exp(log[first + 1 : last + 1, inside]).sum(1).prod())
        more = float(np.exp(log[last + 1, inside]).sum()) if last + 1 < len(log) else 0.0
        return chance * (1 - more)

    def _company_or_organization(self, span: Span, log: Floats) -> Span:
        first, last, kind = span
        if kind != "company":
            return span
        totals = {}
        for k in ("company", "organization"):
            begin, inside = self.labels.index(f"B-{k}"), self.labels.index(f"I-{k}")
            totals[k] = log[first, begin] + log[first + 1 : last + 1, inside].sum()
        return first, last, max(totals, key=lambda k: (totals[k], k))
