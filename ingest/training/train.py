"""Training: samples in, a checkpoint each epoch; interrupted, it goes on where the last epoch ended."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from ingest.encode import Batch, batch
from ingest.features import RELATIONS, STATUSES, candidates, kinds, pair_features
from ingest.training.data import Augment, Sample, Unit, epoch, focused
from ingest.training.net import Design, Joint
from ingest.training.schedule import rate, round_of

MOST_PAIRS = 160
WORDS_A_BATCH = 900


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
    """Return the loss of one batch: labels, relations of pairs, details of related pairs; a share of pieces masked."""
    made = batch(tokenizer, [s.words for s in group])
    ids, *others = tensors(made)
    if masked:
        ids = mask(ids, tokenizer, masked)
    word, scores = net.tagger(ids, *others)
    tags = torch.full(scores.shape[:2], -100)
    for i, s in enumerate(group):
        n = made.lengths[i]
        tags[i, :n] = torch.tensor(s.tags[:n])
    total = nn.functional.cross_entropy(
        scores.float().reshape(-1, scores.size(-1)), tags.reshape(-1), ignore_index=-100
    )
    return total + _pair_loss(net, word, group, made.lengths, allowed, rng)


def _pair_loss(
    net: Joint, word: Tensor, group: Sequence[Sample], lengths: Sequence[int], allowed: Any, rng: random.Random
) -> Tensor:
    """Return the loss of the relations of all pairs of a batch, and of the details of the related ones."""
    if net.relater.context is not None:
        typed = np.zeros(word.shape[:2], dtype=np.int64)
        mask = torch.zeros(word.shape[:2], dtype=torch.bool)
        for i, s in enumerate(group):
            typed[i, : lengths[i]] = kinds([m for m in s.mentions if m[1] < lengths[i]], lengths[i])
            mask[i, : lengths[i]] = True
        word = net.relater.context(word, torch.from_numpy(typed), mask)
    units, features, want, details = [], [], [], []
    for i, s in enumerate(group):
        if any(m[1] >= lengths[i] for m in s.mentions):
            continue
        pairs = [p for p in candidates(s.mentions, allowed) if p not in s.unsure]
        if len(pairs) > MOST_PAIRS:
            yes = [p for p in pairs if p in s.related]
            no = [p for p in pairs if p not in s.related]
            pairs = yes + rng.sample(no, min(MOST_PAIRS, len(no)))
        if not pairs:
            continue
        units.append(word[i, : lengths[i]])
        features.append(torch.from_numpy(pair_features(s.mentions, pairs)))
        stated = torch.zeros(len(pairs), len(RELATIONS))
        for k, p in enumerate(pairs):
            stated[k, list(s.related.get(p, ()))] = 1
        want.append(stated)
        details += [s.details.get(p) for p in pairs]
    if not units:
        return torch.zeros(())
    relation, detail = net.relater.scored(units, features)
    types = torch.cat(features)
    fits = torch.from_numpy(allowed)[types[:, 4], types[:, 5]].float()
    each = nn.functional.binary_cross_entropy_with_logits(relation.float(), torch.cat(want), reduction="none")
    loss = (each * fits).sum() / len(relation)
    related = [k for k, d in enumerate(details) if d is not None]
    if related:
        known = torch.tensor([details[k] for k in related])
        said = detail[related].float()
        status = nn.functional.cross_entropy(said[:, : len(STATUSES)], known[:, 0])
        rest = nn.functional.binary_cross_entropy_with_logits(
            said[:, len(STATUSES) :], known[:, 1:].float(), reduction="sum"
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
        {"params": [p for p in net.tagger.encoder.parameters() if p.requires_grad], "lr": plan.encoder_rate},
        {
            "params": [p for n, p in net.named_parameters() if not n.startswith("tagger.encoder.")],
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
    net.load_state_dict(state["net"])
    optimizer.load_state_dict(state["optimizer"])
    print(f"going on after epoch {state['epoch']} of {out}", flush=True)
    return int(state["epoch"])
