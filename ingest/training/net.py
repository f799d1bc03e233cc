"""The network: one encoder pass gives names (a tagger) and relations (a head over pairs of mentions)."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel

from ingest.features import DISTANCES, LABELS, RELATIONS, SHAPES, STATUSES, TYPES

HIDDEN = 384
DETAILS = len(STATUSES) + 2  # status classes, lead, former


class Tagger(nn.Module):
    """Encoder and tagger: word pieces in, word vectors and label scores out."""

    def __init__(self, encoder: Path) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(str(encoder))
        size = self.encoder.config.hidden_size
        self.shape = nn.Embedding(SHAPES, 32)
        self.drop = nn.Dropout(0.1)
        self.lstm = nn.LSTM(size + 32, 128, bidirectional=True, batch_first=True)
        self.label = nn.Linear(256, len(LABELS))
        self.mix = nn.Linear(size + 256, HIDDEN)

    def forward(self, ids: Tensor, mask: Tensor, first: Tensor, shapes: Tensor) -> tuple[Tensor, Tensor]:
        """Return word vectors (batch, words, HIDDEN) and label scores (batch, words, labels).

        `ids` and `mask` are (batch, pieces); `first` (the first piece of each word) and `shapes` are (batch, words).
        """
        pieces = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        word = torch.gather(pieces, 1, first.unsqueeze(-1).expand(-1, -1, pieces.size(-1)))
        state, _ = self.lstm(self.drop(torch.cat([word, self.shape(shapes)], -1)))
        state = self.drop(state)
        return torch.nn.functional.gelu(self.mix(torch.cat([word, state], -1))), self.label(state)


class Relater(nn.Module):
    """Relation head: each pair of mentions gets a score for each relation, and details of its fact."""

    def __init__(self) -> None:
        super().__init__()
        self.kind = nn.Embedding(len(TYPES), 32)
        self.distance = nn.Embedding(DISTANCES, 16)
        self.query = nn.Linear(4 * HIDDEN + 80, 128)
        self.key = nn.Linear(HIDDEN, 128)
        self.pair = nn.Sequential(nn.Linear(6 * HIDDEN + 80, HIDDEN), nn.GELU(), nn.Dropout(0.2))
        self.relation = nn.Linear(HIDDEN, len(RELATIONS))
        self.detail = nn.Linear(HIDDEN, DETAILS)

    def forward(self, word: Tensor, pairs: Tensor) -> tuple[Tensor, Tensor]:
        """Return scores (pairs, relations) and (pairs, DETAILS) for one unit.

        `word` is (words, HIDDEN); `pairs` is (pairs, 9) as features.pair_features makes it.
        """
        sums = torch.cat([torch.zeros_like(word[:1]), word.cumsum(0)], 0)
        low, high = pairs[:, 6], pairs[:, 7]
        between = (sums[high] - sums[low]) / (high - low).clamp(min=1).unsqueeze(-1)
        ends = torch.cat([word[pairs[:, k]] for k in range(4)], -1)
        kind = torch.cat([self.kind(pairs[:, 4]), self.kind(pairs[:, 5]), self.distance(pairs[:, 8])], -1)
        look = self.query(torch.cat([ends, kind], -1)) @ self.key(word).T / 128**0.5
        context = look.softmax(-1) @ word
        state = self.pair(torch.cat([ends, between, context, kind], -1))
        return self.relation(state), self.detail(state)


class Joint(nn.Module):
    """Tagger and relation head, trained together."""

    def __init__(self, encoder: Path) -> None:
        super().__init__()
        self.tagger = Tagger(encoder)
        self.relater = Relater()
