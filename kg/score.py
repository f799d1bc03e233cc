"""Scoring: extracted documents against annotated ones, as sets of entities and of facts."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kg.errors import ReadError
from kg.score_match import Doc, Document, Fact, Matched, agrees, align, coarse, matched, shows, stated, unasked

DEALS = {
    "invested_in", "raised", "acquired", "commits_spend", "owns_stake", "partnered_with", "licenses", "lent_to",
}  # fmt: skip


def prf(tp: int, n_pred: int, n_gold: int) -> dict[str, Any]:
    """Return precision, recall and F1 (four digits) with the counts they come from."""
    p = tp / n_pred if n_pred else 0.0
    r = tp / n_gold if n_gold else 0.0
    return {
        "precision": round(p, 4),
        "recall": round(r, 4),
        "f1": round(2 * p * r / (p + r), 4) if p + r else 0.0,
        "tp": tp,
        "predicted": n_pred,
        "gold": n_gold,
    }


def total(counts: Iterable[Counter[str]]) -> dict[str, Any]:
    """Return the micro-averaged score of several counts."""
    rows = list(counts)
    return prf(sum(c["tp"] for c in rows), sum(c["pred"] for c in rows), sum(c["gold"] for c in rows))


class Tally:
    """The counts of all documents so far."""

    def __init__(self) -> None:
        self.counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.attrs: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.evidence: Counter[str] = Counter()
        self.misses: list[dict[str, Any]] = []
        self.extras: list[dict[str, Any]] = []

    def add(self, doc_id: str, gold: Document, pred: Document) -> None:
        """Count one document."""
        mapping = align(gold, pred)
        for entity in gold.entities:
            self.counts["entity:" + coarse(entity["type"])]["gold"] += 1
        for p, entity in enumerate(pred.entities):
            if p in mapping or not unasked(gold, entity):
                self.counts["entity:" + coarse(entity["type"])]["pred"] += 1
                self.counts["entity:" + coarse(entity["type"])]["tp"] += p in mapping
        for found in matched(gold, pred, mapping):
            self._facts(doc_id, found)

    def _facts(self, doc_id: str, found: Matched) -> None:
        n = len(found.pairs)
        self.counts[found.relation].update({"gold": n + len(found.missed), "pred": n + len(found.spurious), "tp": n})
        self.misses += [{"doc": doc_id, **f} for f in found.missed]
        self.extras += [{"doc": doc_id, **f} for f in found.spurious]
        for gold, pred in found.pairs:
            said, heard = stated(gold), stated(pred)
            for name in said.keys() | heard.keys():
                self.attrs[name]["gold"] += name in said
                self.attrs[name]["pred"] += name in heard
                self.attrs[name]["tp"] += agrees(name, said, heard)
            if gold.get("evidence"):
                self.evidence["n"] += 1
                self.evidence["ok"] += shows(pred, gold["evidence"])


def score(golds: Iterable[Doc], preds: Iterable[Doc]) -> dict[str, Any]:
    """Return the scores of the predicted documents; a gold document without a prediction counts as all missed."""
    gold_docs = {d["doc_id"]: d for d in golds}
    pred_docs = {d["doc_id"]: d for d in preds}
    tally = Tally()
    for doc_id, data in sorted(gold_docs.items()):
        tally.add(doc_id, Document(data), Document(pred_docs.get(doc_id, {})))
    counts, n = tally.counts, tally.evidence["n"]
    return {
        "documents": len(gold_docs),
        "missing_predictions": sorted(gold_docs.keys() - pred_docs.keys()),
        "entities": total(c for k, c in counts.items() if k.startswith("entity:")),
        "facts": total(c for k, c in counts.items() if not k.startswith("entity:")),
        "deals": total(c for k, c in counts.items() if k in DEALS),
        "attributes": total(tally.attrs.values()),
        "evidence": {"share": round(tally.evidence["ok"] / n, 4) if n else 0.0, "n": n},
        "by_type": {k: total([c]) for k, c in sorted(counts.items())},
        "by_attribute": {k: total([c]) for k, c in sorted(tally.attrs.items())},
        "missed": sorted(tally.misses, key=_sorting),
        "spurious": sorted(tally.extras, key=_sorting),
    }


def _sorting(fact: Fact) -> str:
    return json.dumps(fact, sort_keys=True, default=str)


def table(result: Mapping[str, Any]) -> str:
    """Return the scores as a table of plain text."""
    row = "{:<28}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}".format
    lines = [row("", "P", "R", "F1", "tp", "pred", "gold")]
    shown = {**{k: result[k] for k in ("entities", "facts", "deals")}, **result["by_type"]}
    shown |= {"attributes": result["attributes"], **{"  " + k: v for k, v in result["by_attribute"].items()}}
    for name, s in shown.items():
        figures = (f"{s[k]:.3f}" for k in ("precision", "recall", "f1"))
        lines.append(row(name, *figures, s["tp"], s["predicted"], s["gold"]))
    lines.append(f"evidence {result['evidence']['share']:.3f} of {result['evidence']['n']} matched facts")
    if result["missing_predictions"]:
        lines.append("no prediction for: " + ", ".join(result["missing_predictions"]))
    return "\n".join(lines)


def load(folder: Path) -> list[dict[str, Any]]:
    """Return the documents of a folder's .json files, each with its file under "_file"; raise ReadError if broken."""
    docs = []
    for path in sorted(folder.glob("*.json")):
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as e:
            raise ReadError(f"{path}: not a JSON file ({e})") from e
        if isinstance(data, dict) and "doc_id" in data:
            docs.append({**data, "_file": str(path)})
    return docs
