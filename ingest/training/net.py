"""The network: one encoder pass gives names and qualifiers (a tagger) and relations (a head over pairs of mentions)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel

from ingest.features import DISTANCES, LABELS, LETTERS, RELATIONS, SHAPES, STATUSES, TYPES

HIDDEN = 384
SPELLING = 64
DETAILS = len(STATUSES) + 2  # status classes, lead, former
KINDS = 1 + 2 * len(TYPES)


@dataclass(frozen=True)
class Design:
    """Parts of the network that can be left out, to measure what each is worth."""

    letters: bool = True  # the spelling of words, which the uncased encoder does not see
    context: bool = True  # relations are read in a layer of attention that knows the names and their types


class Spelling(nn.Module):
    """Words to vectors by their letters: a convolution of three letters, its greatest value over the word."""

    def __init__(self) -> None:
        super().__init__()
        self.letter = nn.Embedding(LETTERS, 24, padding_idx=0)
        self.fold = nn.Conv1d(24, SPELLING, 3, padding=1)

    def forward(self, letters: Tensor) -> Tensor:
        """Return (batch, words, SPELLING) of (batch, words, letters)."""
        batch, words, size = letters.shape
        seen = self.letter(letters).reshape(batch * words, size, -1).transpose(1, 2)
        return self.fold(seen).amax(-1).reshape(batch, words, -1)


class Tagger(nn.Module):
    """Encoder and tagger: word pieces in, word vectors and label scores out."""

    def __init__(self, encoder: Path, design: Design) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(str(encoder))
        size = self.encoder.config.hidden_size
        self.shape = nn.Embedding(SHAPES, 32)
        self.spelling = Spelling() if design.letters else None
        self.drop = nn.Dropout(0.1)
        self.lstm = nn.LSTM(size + 32 + SPELLING * design.letters, 128, bidirectional=True, batch_first=True)
        self.label = nn.Linear(256, len(LABELS))
        self.mix = nn.Linear(size + 256, HIDDEN)

    def forward(
        self, ids: Tensor, mask: Tensor, first: Tensor, shapes: Tensor, letters: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return word vectors (batch, words, HIDDEN) and label scores (batch, words, labels).

        `ids` and `mask` are (batch, pieces); `first` (the first piece of each word) and `shapes` are (batch, words),
        `letters` (batch, words, SPELLED).
        """
        pieces = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        word = torch.gather(pieces, 1, first.unsqueeze(-1).expand(-1, -1, pieces.size(-1)))
        seen = [word, self.shape(shapes)]
        if self.spelling is not None:
            seen.append(self.spelling(letters))
        state, _ = self.lstm(self.drop(torch.cat(seen, -1)))
        state = self.drop(state)
        return torch.nn.functional.gelu(self.mix(torch.cat([word, state], -1))), self.label(state)


class Context(nn.Module):
    """A layer of attention over the words of one unit, told which words are names of what type."""

    def __init__(self, heads: int = 6) -> None:
        super().__init__()
        self.heads = heads
        self.kind = nn.Embedding(KINDS, HIDDEN)
        self.before = nn.LayerNorm(HIDDEN)
        self.ask = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.out = nn.Linear(HIDDEN, HIDDEN)
        self.after = nn.LayerNorm(HIDDEN)
        self.widen = nn.Linear(HIDDEN, 2 * HIDDEN)
        self.narrow = nn.Linear(2 * HIDDEN, HIDDEN)
        self.drop = nn.Dropout(0.1)

    def forward(self, word: Tensor, kinds: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return (batch, words, HIDDEN) of word vectors and (batch, words) kinds, as features.kinds gives them.

        `mask` (batch, words) is true where a word stands; without it all do.
        """
        batch, words, _ = word.shape
        state = word + self.kind(kinds)
        q, k, v = (
            x.reshape(batch, words, self.heads, HIDDEN // self.heads).transpose(1, 2)
            for x in self.ask(self.before(state)).split(HIDDEN, -1)
        )
        weights = q @ k.transpose(2, 3) / (HIDDEN // self.heads) ** 0.5
        if mask is not None:
            weights = weights.masked_fill(~mask[:, None, None], -1e4)
        read = (weights.softmax(-1) @ v).transpose(1, 2).reshape(batch, words, HIDDEN)
        state = state + self.drop(self.out(read))
        return state + self.drop(self.narrow(nn.functional.gelu(self.widen(self.after(state)))))


class Relater(nn.Module):
    """Relation head: each pair of mentions gets a score for each relation, and details of its fact."""

    def __init__(self, design: Design) -> None:
        super().__init__()
        self.context = Context() if design.context else None
        self.kind = nn.Embedding(len(TYPES), 32)
        self.distance = nn.Embedding(DISTANCES, 16)
        self.query = nn.Linear(4 * HIDDEN + 80, 128)
        self.key = nn.Linear(HIDDEN, 128)
        self.pair = nn.Sequential(nn.Linear(6 * HIDDEN + 80, HIDDEN), nn.GELU(), nn.Dropout(0.2))
        self.relation = nn.Linear(HIDDEN, len(RELATIONS))
        self.detail = nn.Linear(HIDDEN, DETAILS)

    def forward(self, word: Tensor, kinds: Tensor, pairs: Tensor) -> tuple[Tensor, Tensor]:
        """Return scores (pairs, relations) and (pairs, DETAILS) for one unit.

        `word` is (words, HIDDEN), `kinds` (words,) as features.kinds gives them; `pairs` is (pairs, 9) as
        features.pair_features makes it.
        """
        if self.context is not None:
            word = self.context(word.unsqueeze(0), kinds.unsqueeze(0)).squeeze(0)
        return self.scored([word], [pairs])

    def scored(self, units: Sequence[Tensor], pairs: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """Return the scores of all pairs of several units, one below the other."""
        alike = torch.cat(list(pairs))
        kind = torch.cat([self.kind(alike[:, 4]), self.kind(alike[:, 5]), self.distance(alike[:, 8])], -1)
        ends = torch.cat(
            [torch.cat([word[p[:, k]] for k in range(4)], -1) for word, p in zip(units, pairs, strict=True)]
        )
        query = self.query(torch.cat([ends, kind], -1))
        asked = [query] if len(pairs) == 1 else query.split([len(p) for p in pairs])
        around = []
        for word, p, ask in zip(units, pairs, asked, strict=True):
            sums = torch.cat([torch.zeros_like(word[:1]), word.cumsum(0)], 0)
            low, high = p[:, 6], p[:, 7]
            between = (sums[high] - sums[low]) / (high - low).clamp(min=1).unsqueeze(-1)
            look = ask @ self.key(word).T / 128**0.5
            around.append(torch.cat([between, look.softmax(-1) @ word], -1))
        state = self.pair(torch.cat([ends, torch.cat(around), kind], -1))
        return self.relation(state), self.detail(state)


class Joint(nn.Module):
    """Tagger and relation head, trained together."""

    def __init__(self, encoder: Path, design: Design | None = None) -> None:
        super().__init__()
        design = design or Design()
        self.tagger = Tagger(encoder, design)
        self.relater = Relater(design)
