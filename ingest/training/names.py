"""Learned names: the types that annotations give to real names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from ingest.training.data import Unit
from ingest.variants import word_list
from kg.names import normal

OFTEN = 5  # uses from which a name's usual type counts though not all annotations agree
OPEN = 10  # uses from which a name that is a firm's and its product's is the firm's


def learned_names(units: Sequence[Unit]) -> dict[str, str]:
    """Return the types of real names that the annotations use at least twice, and nearly always alike.

    Of names that they use often, the type that they mostly have. One that is nearly half a firm's and otherwise a
    product's is the firm's: a sentence may speak of the product, an issue that names both speaks of the firm. Bare
    numbers and words of tiers ("Pro") are no names.
    """
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for unit in units:
        if not unit.source.startswith("original"):
            for start, end, kind in unit.spans:
                if kind != "handle":
                    seen[normal(unit.text[start:end])][kind] += 1
    out = {}
    for name, kinds in sorted(seen.items()):
        kind, n = kinds.most_common(1)[0]
        uses = kinds.total()
        if name.isdigit() or name in word_list("tier") or n < 2 or len(name) < 2:
            continue
        if n >= 0.85 * uses or (n >= 0.7 * uses and uses >= OFTEN):
            out[name] = kind
        elif uses >= OPEN and kinds["company"] >= 0.43 * uses and kinds["company"] + kinds["product"] >= 0.9 * uses:
            out[name] = "company"
    return out
