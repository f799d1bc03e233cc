"""The network: one encoder pass gives names and qualifiers (a tagger) and relations (a head over pairs of mentions).

The pairs that the head finds likely are read once more, each by itself, in the last layers of the encoder (the closer).
A third head, the linker, says to the facts of which relation and which names a qualifier belongs.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoModel

from ingest.features import ALL_KINDS, DISTANCES, KINDS, LABELS, LETTERS, QUALIFIERS, RELATIONS, SHAPES, STATUSES, TYPES

HIDDEN = 384
SPELLING = 64
DETAILS = len(STATUSES) + 2  # status classes, lead, former
LAYERS = 4  # of the encoder, in which likely pairs are read once more


@dataclass(frozen=True)
class Design:
    """Parts of the network that can be left out, to measure what each is worth."""

    letters: bool = True  # the spelling of words, which the uncased encoder does not see
    context: bool = True  # relations are read in a layer of attention that knows the names and their types
    close_weight: float = 0.5  # the weight of the second look at likely pairs; 0: there is none


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
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return word vectors (batch, words, HIDDEN), label scores (batch, words, labels) and states for the closer.

        `ids` and `mask` are (batch, pieces); `first` (the first piece of each word) and `shapes` are (batch, words),
        `letters` (batch, words, SPELLED). The states are (batch, LAYERS, words, HIDDEN): what each of the encoder's
        last layers is given.
        """
        layers = self.encoder(input_ids=ids, attention_mask=mask, output_hidden_states=True).hidden_states
        index = first.unsqueeze(-1).expand(-1, -1, layers[-1].size(-1))
        *states, word = (torch.gather(layer, 1, index) for layer in layers[-LAYERS - 1 :])
        seen = [word, self.shape(shapes)]
        if self.spelling is not None:
            seen.append(self.spelling(letters))
        state, _ = self.lstm(self.drop(torch.cat(seen, -1)))
        state = self.drop(state)
        mixed = nn.functional.gelu(self.mix(torch.cat([word, state], -1)))
        return mixed, self.label(state), torch.stack(states, 1)


class Context(nn.Module):
    """A layer of attention over the words of one unit, told which are names of what type (and which are qualifiers)."""

    def __init__(self, kinds: int = KINDS, heads: int = 6) -> None:
        super().__init__()
        self.heads = heads
        self.kind = nn.Embedding(kinds, HIDDEN)
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
        ends = torch.cat([_ends(word, p) for word, p in zip(units, pairs, strict=True)])
        query = self.query(torch.cat([ends, kind], -1))
        asked = [query] if len(pairs) == 1 else query.split([len(p) for p in pairs])
        around = []
        for word, p, ask in zip(units, pairs, asked, strict=True):
            look = ask @ self.key(word).T / 128**0.5
            around.append(torch.cat([_between(word, p), look.softmax(-1) @ word], -1))
        state = self.pair(torch.cat([ends, torch.cat(around), kind], -1))
        return self.relation(state), self.detail(state)


def _ends(word: Tensor, pairs: Tensor) -> Tensor:
    """Return (pairs, 4 HIDDEN): the first and the last word of both ends."""
    return torch.cat([word[pairs[:, k]] for k in range(4)], -1)


def _between(word: Tensor, pairs: Tensor) -> Tensor:
    """Return (pairs, HIDDEN): the mean of the words between both ends, zeros where there is none."""
    sums = torch.cat([torch.zeros_like(word[:1]), word.cumsum(0)], 0)
    low, high = pairs[:, 6], pairs[:, 7]
    return (sums[high] - sums[low]) / (high - low).clamp(min=1).unsqueeze(-1)


class Linker(nn.Module):
    """Each qualifier with each mention gets a score for each relation: the mention's fact of it has the qualifier."""

    def __init__(self) -> None:
        super().__init__()
        self.context = Context(ALL_KINDS)
        self.mark = nn.Embedding(len(QUALIFIERS), 32)
        self.kind = nn.Embedding(len(TYPES), 32)
        self.distance = nn.Embedding(DISTANCES, 16)
        self.pair = nn.Sequential(nn.Linear(5 * HIDDEN + 80, HIDDEN), nn.GELU(), nn.Dropout(0.2))
        self.relation = nn.Linear(HIDDEN, len(RELATIONS))

    def forward(self, word: Tensor, kinds: Tensor, links: Tensor) -> Tensor:
        """Return scores (links, relations) for one unit.

        `word` is (words, HIDDEN), `kinds` (words,) as features.kinds gives them of names and qualifiers; `links` is
        (links, 9) as features.link_features makes it.
        """
        return self.scored([self.context(word.unsqueeze(0), kinds.unsqueeze(0)).squeeze(0)], [links])

    def scored(self, units: Sequence[Tensor], links: Sequence[Tensor]) -> Tensor:
        """Return the scores of all links of several units, whose words the context layer has read."""
        alike = torch.cat(list(links))
        kind = torch.cat([self.mark(alike[:, 4]), self.kind(alike[:, 5]), self.distance(alike[:, 8])], -1)
        seen = [torch.cat([_ends(word, p), _between(word, p)], -1) for word, p in zip(units, links, strict=True)]
        out: Tensor = self.relation(self.pair(torch.cat([torch.cat(seen), kind], -1)))
        return out


class CloserLayer(nn.Module):
    """A layer of the encoder for the two words of a pair: they attend to the words of the unit and to each other."""

    def __init__(self, of: Any) -> None:
        super().__init__()
        own = of.attention.self
        self.heads: int = own.num_attention_heads
        self.query, self.key, self.value = (copy.deepcopy(x) for x in (own.query, own.key, own.value))
        self.out, self.after = (copy.deepcopy(x) for x in (of.attention.output.dense, of.attention.output.LayerNorm))
        self.widen, self.narrow = copy.deepcopy(of.intermediate.dense), copy.deepcopy(of.output.dense)
        self.last = copy.deepcopy(of.output.LayerNorm)
        self.drop = nn.Dropout(0.1)

    def forward(self, pair: Tensor, text: Tensor, away: Tensor | None = None) -> Tensor:
        """Return (batch, 2 pairs, HIDDEN) of the same, and of text (batch, words, HIDDEN).

        `away` (batch, 1, 1, words) is added to the weights of the words; 0 where one stands.
        """
        batch, size = pair.shape[0], HIDDEN // self.heads

        def split(x: Tensor) -> Tensor:
            return x.reshape(batch, -1, self.heads, size).transpose(1, 2)

        def both(x: Tensor) -> Tensor:  # the two of each pair side by side
            return x.reshape(batch, self.heads, -1, 2, size)

        q, k, v = split(self.query(pair)) * size**-0.5, split(self.key(pair)), split(self.value(pair))
        far = q @ split(self.key(text)).transpose(2, 3)
        if away is not None:
            far = far + away
        near = (both(q) @ both(k).transpose(3, 4)).reshape(batch, self.heads, -1, 2)
        weights = torch.cat([near, far], -1).softmax(-1)
        own = weights[..., :2].reshape(batch, self.heads, -1, 2, 2) @ both(v)
        read = weights[..., 2:] @ split(self.value(text)) + own.reshape(batch, self.heads, -1, size)
        read = read.transpose(1, 2).reshape(batch, -1, HIDDEN)
        pair = self.after(pair + self.drop(self.out(read)))
        wide = self.narrow(nn.functional.gelu(self.widen(pair)))
        out: Tensor = self.last(pair + self.drop(wide))
        return out


class Closer(nn.Module):
    """Reads likely pairs once more: two words a pair go through the encoder's last layers beside those of the unit."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.layers = nn.ModuleList([CloserLayer(layer) for layer in encoder.encoder.layer[-LAYERS:]])
        self.kind = nn.Embedding(KINDS, HIDDEN)
        self.end = nn.Embedding(2 * len(TYPES), HIDDEN)
        self.distance = nn.Embedding(DISTANCES, HIDDEN)
        for embedding in (self.kind, self.end, self.distance):
            nn.init.normal_(embedding.weight, std=0.02)
        self.drop = nn.Dropout(0.1)
        self.pair = nn.Sequential(nn.Linear(5 * HIDDEN, HIDDEN), nn.GELU(), nn.Dropout(0.2))
        self.relation = nn.Linear(HIDDEN, len(RELATIONS))
        self.detail = nn.Linear(HIDDEN, DETAILS)

    def forward(self, states: Tensor, word: Tensor, kinds: Tensor, pairs: Tensor) -> tuple[Tensor, Tensor]:
        """Return scores (pairs, relations) and (pairs, DETAILS) for one unit.

        `states` is (LAYERS, words, HIDDEN) as the tagger gives them; the others are as for the Relater.
        """
        relation, detail = self.scored(states.unsqueeze(0), word.unsqueeze(0), kinds.unsqueeze(0), pairs.unsqueeze(0))
        return relation.squeeze(0), detail.squeeze(0)

    def scored(
        self, states: Tensor, word: Tensor, kinds: Tensor, pairs: Tensor, away: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return the same for units of a batch, padded: each of the shapes has one dimension more in front."""
        batch = pairs.shape[0]

        def at(of: Tensor, column: int) -> Tensor:
            return torch.gather(of, 1, pairs[:, :, column : column + 1].expand(-1, -1, HIDDEN))

        far = self.distance(pairs[:, :, 8])
        first = states[:, 0]
        left = (at(first, 0) + at(first, 1)) / 2 + self.end(pairs[:, :, 4]) + far
        right = (at(first, 2) + at(first, 3)) / 2 + self.end(pairs[:, :, 5] + len(TYPES)) + far
        x = self.drop(torch.stack([left, right], 2).reshape(batch, -1, HIDDEN))
        kind = self.kind(kinds)
        for n, layer in enumerate(self.layers):
            x = layer(x, self.drop(states[:, n] + kind), away)
        one, two = x.reshape(batch, -1, 2, HIDDEN).unbind(2)
        state = self.pair(torch.cat([one, two, one * two, at(word, 0), at(word, 2)], -1))
        return self.relation(state), self.detail(state)


class Joint(nn.Module):
    """Tagger, relation head, linker and closer, trained together."""

    def __init__(self, encoder: Path, design: Design | None = None) -> None:
        super().__init__()
        design = design or Design()
        self.tagger = Tagger(encoder, design)
        self.relater = Relater(design)
        self.linker = Linker()
        self.closer = Closer(self.tagger.encoder)
        self.close_weight = design.close_weight
