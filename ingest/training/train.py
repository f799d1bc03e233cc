"""Training: samples in, a checkpoint each epoch; interrupted, it goes on where the last epoch ended."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from ingest.encode import Batch, batch
from ingest.features import LIKELY, RELATIONS, STATUSES, candidates, kinds, link_features, pair_features
from ingest.training.data import Augment, Key, Sample, Unit, epoch, focused
from ingest.training.net import Design, Joint
from ingest.training.schedule import rate, round_of
from kg.errors import ReadError

MOST_PAIRS = 160
LIKELIER = 0.2  # how much likelier than the nearest pair another one must be, to be the one that states a fact
MOST_LIKELY = 40  # pairs of a unit that are read once more
WORDS_A_BATCH = 900
ENCODING = ("tagger.encoder.", "closer.layers.")  # what starts from the encoder


@dataclass(frozen=True)
class Plan:
    """What a training is told: the epochs of each round, rates, seed.

    Rounds over all units alternate with rounds in which rare relations come more often; each starts the rate anew.
    """

    rounds: tuple[int, ...] = (4, 3)
    encoder_rate: float = 1e-4
    head_rate: float = 1e-3
    seed: int = 0
    half: bool = False  # bfloat16 where it saves time
    design: Design = field(default_factory=Design)
    augment: Augment = field(default_factory=Augment)


def batches(samples: Sequence[Sample], rng: random.Random) -> Iterator[list[Sample]]:
    """Yield batches of samples of like length, about WORDS_A_BATCH padded words each, in random order."""
    ordered = sorted(samples, key=lambda s: len(s.words) + rng.random() * 12)
    groups: list[list[Sample]] = [[]]
    for s in ordered:
        if groups[-1] and (len(groups[-1]) + 1) * len(s.words) > WORDS_A_BATCH:
            groups.append([])
        groups[-1].append(s)
    rng.shuffle(groups)
    yield from groups


def tensors(made: Batch) -> tuple[Tensor, ...]:
    """Return a batch's arrays as tensors."""
    ids, mask, first, shapes = (torch.from_numpy(a) for a in (made.ids, made.mask, made.first, made.shapes))
    return ids, mask, first, shapes, torch.from_numpy(made.letters)


def mask(ids: Tensor, tokenizer: Tokenizer, share: float) -> Tensor:
    """Return word pieces (batch, pieces) of which a share, never a special one, is masked."""
    special = torch.tensor([tokenizer.token_to_id(t) for t in ("[PAD]", "[CLS]", "[SEP]")])
    chosen = (torch.rand(ids.shape) < share) & ~torch.isin(ids, special)
    return ids.masked_fill(chosen, tokenizer.token_to_id("[MASK]"))


def loss_of(
    net: Joint, group: Sequence[Sample], tokenizer: Tokenizer, allowed: Any, rng: random.Random, masked: float = 0.0
) -> Tensor:
    """Return the loss of one batch: labels, relations of pairs, details of related pairs, links of qualifiers.

    A share of the word pieces is masked.
    """
    made = batch(tokenizer, [s.words for s in group])
    ids, *others = tensors(made)
    if masked:
        ids = mask(ids, tokenizer, masked)
    word, scores, states = net.tagger(ids, *others)
    tags = torch.full(scores.shape[:2], -100)
    for i, s in enumerate(group):
        n = made.lengths[i]
        tags[i, :n] = torch.tensor(s.tags[:n])
    total = nn.functional.cross_entropy(
        scores.float().reshape(-1, scores.size(-1)), tags.reshape(-1), ignore_index=-100
    )
    total = total + _link_loss(net, word, group, made.lengths)
    return total + _pair_loss(net, word, states, group, made.lengths, allowed, rng)


def _link_loss(net: Joint, word: Tensor, group: Sequence[Sample], lengths: Sequence[int]) -> Tensor:
    """Return the loss of which qualifiers of a batch belong to the facts of which mentions."""
    rows, links, stated = [], [], []
    typed = torch.zeros(word.shape[:2], dtype=torch.long)
    there = torch.zeros(word.shape[:2], dtype=torch.bool)
    for i, s in enumerate(group):
        there[i, : lengths[i]] = True
        if not s.marks or not s.mentions or any(m[1] >= lengths[i] for m in [*s.mentions, *s.marks]):
            continue
        keys = [(k, n) for k in range(len(s.marks)) for n in range(len(s.mentions))]
        kept = [row for row, key in enumerate(keys) if key not in s.unlinked]
        if not kept:
            continue
        typed[i, : lengths[i]] = torch.from_numpy(kinds([*s.mentions, *s.marks], lengths[i]))
        rows.append(i)
        links.append(torch.from_numpy(link_features(s.marks, s.mentions))[kept])
        said = torch.zeros(len(kept), len(RELATIONS))
        for row, k in enumerate(kept):
            said[row, list(s.linked.get(keys[k], ()))] = 1
        stated.append(said)
    if not rows:
        return torch.zeros(())
    seen = net.linker.context(word[rows], typed[rows], there[rows])
    scores = net.linker.scored([seen[n, : lengths[i]] for n, i in enumerate(rows)], links)
    each = nn.functional.binary_cross_entropy_with_logits(scores.float(), torch.cat(stated), reduction="none")
    return each.sum() / len(scores)


@dataclass(frozen=True)
class _Pairs:
    """Pairs of one sample: its number, the pairs of mentions, their features and what they state.

    `stated` and `open` are (pairs, relations): 1 where a relation is stated, and where it is left out of the loss.
    """

    number: int
    keys: list[Key]
    features: Tensor
    stated: Tensor
    open: Tensor
    details: dict[Key, tuple[int, int, int]]

    def some(self, kept: Sequence[int]) -> _Pairs:
        """Return those of the numbers."""
        keys = [self.keys[k] for k in kept]
        return replace(self, keys=keys, features=self.features[kept], stated=self.stated[kept], open=self.open[kept])

    def settled(self, bags: Sequence[tuple[int, list[Key]]], chance: Tensor) -> _Pairs:
        """Return the pairs where each fact of several possible pairs is stated by the one that is likeliest now.

        The nearest one where no other is clearly likelier; `chance` is (pairs, relations). The others stay open, and
        so do all where the nearest is no candidate and none is likely.
        """
        rows = {key: k for k, key in enumerate(self.keys)}
        stated, left, details = torch.zeros_like(self.stated), torch.zeros_like(self.open), dict(self.details)
        chosen = []
        for relation, pairs in bags:
            known = [p for p in pairs if p in rows]
            if not known:
                continue
            at = [rows[p] for p in known]
            left[at, relation] = 1.0
            scores = chance[at, relation]
            best, nearest = int(scores.argmax()), known[0] == pairs[0]
            if scores[best] <= (scores[0] if nearest else 0.0) + LIKELIER:
                if not nearest:
                    continue
                best = 0
            chosen.append((at[best], relation))
            if pairs[0] in details:
                details.setdefault(known[best], details[pairs[0]])
        for row, relation in chosen:
            stated[row, relation], left[row, relation] = 1.0, 0.0
        return replace(self, stated=stated, open=left, details=details)


def _pair_loss(
    net: Joint,
    word: Tensor,
    states: Tensor,
    group: Sequence[Sample],
    lengths: Sequence[int],
    allowed: Any,
    rng: random.Random,
) -> Tensor:
    """Return the loss of the relations of all pairs of a batch, and of the details of the related ones."""
    typed = torch.zeros(word.shape[:2], dtype=torch.long)
    there = torch.zeros(word.shape[:2], dtype=torch.bool)
    for i, s in enumerate(group):
        typed[i, : lengths[i]] = torch.from_numpy(kinds([m for m in s.mentions if m[1] < lengths[i]], lengths[i]))
        there[i, : lengths[i]] = True
    seen = word if net.relater.context is None else net.relater.context(word, typed, there)
    made = list(_pairs(group, lengths, allowed, rng))
    if not made:
        return torch.zeros(())
    relation, detail = net.relater.scored(
        [seen[p.number, : lengths[p.number]] for p in made], [p.features for p in made]
    )
    chance = relation.detach().float().sigmoid()
    parts = zip(made, chance.split([len(p.keys) for p in made]), strict=True)
    made = [p.settled(group[p.number].bags, each) for p, each in parts]
    loss = _stated_loss(relation, detail, made, allowed)
    if not net.close_weight:
        return loss
    likely = list(_likely(made, chance, allowed, rng))
    if not likely:
        return loss
    rows = [p.number for p in likely]
    padded = nn.utils.rnn.pad_sequence([p.features for p in likely], batch_first=True)
    away = torch.where(there[rows], 0.0, -1e4)[:, None, None]
    relation, detail = net.closer.scored(states[rows], word[rows], typed[rows], padded, away)
    again = [(relation[n, : len(p.keys)], detail[n, : len(p.keys)]) for n, p in enumerate(likely)]
    relation, detail = (torch.cat(some) for some in zip(*again, strict=True))
    return loss + _stated_loss(relation, detail, likely, allowed)


def _pairs(group: Sequence[Sample], lengths: Sequence[int], allowed: Any, rng: random.Random) -> Iterator[_Pairs]:
    """Yield the pairs of each sample that has some: all that may be related, at most MOST_PAIRS others."""
    for i, s in enumerate(group):
        if any(m[1] >= lengths[i] for m in s.mentions):
            continue
        keys = candidates(s.mentions, allowed)
        if len(keys) > MOST_PAIRS:
            maybe = {p for _, pairs in s.bags for p in pairs}
            no = [p for p in keys if p not in maybe]
            keys = [p for p in keys if p in maybe] + rng.sample(no, min(MOST_PAIRS, len(no)))
        if not keys:
            continue
        nothing = torch.zeros(len(keys), len(RELATIONS))  # until the pairs are settled
        yield _Pairs(i, keys, torch.from_numpy(pair_features(s.mentions, keys)), nothing, nothing, s.details)


def _likely(made: Sequence[_Pairs], chance: Tensor, allowed: Any, rng: random.Random) -> Iterator[_Pairs]:
    """Yield of each sample the pairs that are related or that the relation head finds likely, at most MOST_LIKELY."""
    for p, each in zip(made, chance.split([len(p.keys) for p in made]), strict=True):
        fits = torch.from_numpy(allowed)[p.features[:, 4], p.features[:, 5]]
        likely = ((each * fits).amax(1) >= LIKELY).tolist()
        yes = [k for k, stated in enumerate(p.stated.any(1).tolist()) if stated]
        no = [k for k, found in enumerate(likely) if found and k not in yes]
        kept = yes + rng.sample(no, min(len(no), max(0, MOST_LIKELY - len(yes))))
        if kept:
            yield p.some(kept)


def _stated_loss(relation: Tensor, detail: Tensor, made: Sequence[_Pairs], allowed: Any) -> Tensor:
    """Return the loss of scores (pairs, relations) and details of the pairs, one sample's below the other's."""
    types = torch.cat([p.features for p in made])
    fits = torch.from_numpy(allowed)[types[:, 4], types[:, 5]].float()
    stated = torch.cat([p.stated for p in made])
    each = nn.functional.binary_cross_entropy_with_logits(relation.float(), stated, reduction="none")
    left = torch.cat([p.open for p in made])
    loss = (each * fits * (1 - left)).sum() / len(relation)
    details = [p.details.get(key) for p in made for key in p.keys]
    said = stated.any(1).tolist()
    related = [k for k, d in enumerate(details) if d is not None and said[k]]
    if related:
        known = torch.tensor([details[k] for k in related])
        told = detail[related].float()
        status = nn.functional.cross_entropy(told[:, : len(STATUSES)], known[:, 0])
        rest = nn.functional.binary_cross_entropy_with_logits(
            told[:, len(STATUSES) :], known[:, 1:].float(), reduction="sum"
        )
        loss = loss + 0.3 * (status + rest / len(related))
    return loss


def train(units: Sequence[Unit], *, encoder: Path, tokenizer: Tokenizer, allowed: Any, out: Path, plan: Plan) -> Joint:
    """Train and return the network: the mean of its weights at the ends of the last two rounds.

    `out` keeps the last checkpoint, from which an interrupted training goes on; beside it stands the end of the round
    before the last.
    """
    torch.manual_seed(plan.seed)
    torch.set_num_threads(2)
    net = Joint(encoder, plan.design)
    net.tagger.encoder.embeddings.requires_grad_(False)
    groups = [
        {
            "params": [p for n, p in net.named_parameters() if n.startswith(ENCODING) and p.requires_grad],
            "lr": plan.encoder_rate,
        },
        {
            "params": [p for n, p in net.named_parameters() if not n.startswith(ENCODING)],
            "lr": plan.head_rate,
        },
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    done = _resume(net, optimizer, out)
    before = out.with_name("before-last-round.pt")
    if done < sum(plan.rounds[:-1]):
        before.unlink(missing_ok=True)  # of a training with other rounds
    for number in range(done, sum(plan.rounds)):
        rng = random.Random(plan.seed * 7919 + number)
        torch.manual_seed(plan.seed * 7919 + number)
        started, losses = time.time(), []
        net.train()
        some = focused(units, number, plan.seed) if round_of(number, plan.rounds)[0] % 2 else units
        made = list(batches(epoch(some, number, plan.seed, plan.augment), rng))
        for k, group in enumerate(made):
            for of, highest in zip(optimizer.param_groups, (plan.encoder_rate, plan.head_rate), strict=True):
                of["lr"] = highest * rate(number + k / len(made), k + 1, plan.rounds)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=plan.half):
                loss = loss_of(net, group, tokenizer, allowed, rng, plan.augment.masked)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            losses.append(float(loss.detach()))
            if len(losses) % 100 == 0:
                spent = time.time() - started
                print(f"  {k + 1} of {len(made)} batches, loss {np.mean(losses[-100:]):.3f}, {spent:.0f} s", flush=True)
        print(f"epoch {number + 1}: loss {np.mean(losses):.4f}, {time.time() - started:.0f} s", flush=True)
        part = out.with_suffix(".part")
        torch.save({"net": net.state_dict(), "optimizer": optimizer.state_dict(), "epoch": number + 1}, part)
        part.replace(out)
        if number + 1 == sum(plan.rounds[:-1]):
            torch.save(net.state_dict(), before)
    if before.exists():
        net.load_state_dict(mean([torch.load(before, weights_only=True), net.state_dict()]))
    net.eval()
    return net


def mean(states: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """Return the mean of several networks' weights; what is no fraction is the last one's."""
    last = states[-1]
    return {
        name: torch.stack([s[name] for s in states]).mean(0) if value.is_floating_point() else value
        for name, value in last.items()
    }


def _resume(net: Joint, optimizer: Any, out: Path) -> int:
    if not out.exists():
        return 0
    state = torch.load(out, weights_only=True)
    try:
        net.load_state_dict(state["net"])
        optimizer.load_state_dict(state["optimizer"])
    except (RuntimeError, ValueError) as error:
        raise ReadError(f"{out}: a checkpoint of another network; remove it or name another folder (--out)") from error
    print(f"going on after epoch {state['epoch']} of {out}", flush=True)
    return int(state["epoch"])
