"""What counts as the same: entities, facts and qualifiers of an annotated and of an extracted document."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

Doc = Mapping[str, Any]  # a document in the gold format
Fact = Mapping[str, Any]
T = TypeVar("T")

ORG = {"company", "organization"}
SYMMETRIC = {"partnered_with"}
# Readers agree on these groups, not on the finer values; an absent status means the first group.
STATUS = {
    "announced": 0, "completed": 0, "released": 0, "rolling_out": 0, "previewed": 1, "in_talks": 2, "rumored": 2,
    "planned": 3, "delayed": 3, "denied": 4, "cancelled": 4,
}  # fmt: skip
UNSCORED = {"tranches", "until", "attributed_to", "metric"}  # metric is part of what makes two facts the same
SUFFIX = re.compile(r"(?<=.)(incorporated|inc|corp|corporation|ltd|llc|plc|labs?|ai)$")
ALIKE = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2018\u2019\u201c\u201d\u00a0", "-----''\"\" ")
NOTHING: tuple[Any, ...] = (None, "", {}, [])


def normal(name: str) -> str:
    """Return the scorer's form of a name: lower case, no punctuation or spaces, no company suffix (looser than ids)."""
    text = unicodedata.normalize("NFKD", name).casefold().replace("&", "and")
    words = re.sub(r"[^\w\s]|_", " ", text).split()
    joined = "".join(words)
    if len(words) > 1:
        joined = SUFFIX.sub("", joined)
    return joined or text.strip()


def coarse(kind: str) -> str:
    """Return the type that counts: a company and an organization are one."""
    return "organization" if kind in ORG else kind


def forms(entity: Mapping[str, Any]) -> set[str]:
    """Return the normal forms of an entity's name and aliases."""
    return {normal(n) for n in [entity["name"], *entity.get("aliases", [])] if n}


class Document:
    """A document's entities under integer ids, with a look-up from normal form to ids."""

    def __init__(self, data: Doc) -> None:
        self.entities: Sequence[Mapping[str, Any]] = data.get("entities", [])
        self.facts: Sequence[Fact] = data.get("facts", [])
        self.ignored: set[str] = set().union(*map(forms, data.get("cited_handles", [])))
        self.by_form: defaultdict[str, list[int]] = defaultdict(list)
        for i, entity in enumerate(self.entities):
            for form in forms(entity):
                self.by_form[form].append(i)

    def resolve(self, name: str, mapping: Mapping[int, int] | None = None) -> int | str:
        """Return the stable key of a fact's end: its entity (of the gold where a mapping is given), else its form."""
        ids = self.by_form.get(normal(name), [])
        if mapping is None:
            return ids[0] if ids else normal(name)
        return next((mapping[i] for i in ids if i in mapping), normal(name))


def align(gold: Document, pred: Document) -> dict[int, int]:
    """Return a one-to-one map from predicted to gold entities of the same coarse type."""
    taken: set[int] = set()
    mapping: dict[int, int] = {}
    # exact canonical names first, aliases after, so that a near miss cannot steal a match
    for exact in (True, False):
        for p, entity in enumerate(pred.entities):
            if p in mapping:
                continue
            for key in [normal(entity["name"])] if exact else sorted(forms(entity)):
                same = (g for g in gold.by_form.get(key, []) if g not in taken)
                hit = next((g for g in same if coarse(gold.entities[g]["type"]) == coarse(entity["type"])), None)
                if hit is not None:
                    mapping[p] = hit
                    taken.add(hit)
                    break
    return mapping


def fact_key(fact: Fact, resolve: Callable[[str], int | str]) -> tuple[Any, ...]:
    """Return what makes two facts the same: relation, ends (in either order where symmetric), metric."""
    ends = [resolve(fact["subject"]), resolve(fact["object"])]
    relation = fact["relation"]
    if relation in SYMMETRIC:
        ends.sort(key=str)
    metric = fact.get("attrs", {}).get("metric", "") if relation == "reports_metric" else ""
    return (relation, *ends, metric)


def close(a: Any, b: Any, tolerance: float) -> bool:
    """Tell whether two numbers (or words) agree within the tolerance, relative to the first."""
    if a is None or b is None:
        return a is None and b is None
    try:
        return abs(float(a) - float(b)) <= tolerance * max(1.0, abs(float(a)))
    except (TypeError, ValueError):
        return str(a).casefold() == str(b).casefold()


def words(value: Any) -> set[str]:
    """Return the words of a value."""
    return set(re.findall(r"\w+", str(value).casefold()))


def same_attr(name: str, gold: Any, pred: Any) -> bool:
    """Tell whether a predicted qualifier agrees with the gold one."""
    if name == "status":
        return STATUS.get(gold) == STATUS.get(pred or "announced")
    if pred is None:
        return False
    if name in ("amount", "valuation") and isinstance(gold, Mapping):
        if not isinstance(pred, Mapping):
            return False
        ends = all(close(gold.get(end), pred.get(end), 0.01) for end in ("low", "high"))
        return ends and (gold.get("currency") or "USD") == (pred.get("currency") or "USD")
    if name == "date":
        length = 7 if len(str(gold)) >= 7 else 4
        return str(pred)[:length] == str(gold)[:length]
    if isinstance(gold, bool):
        return bool(gold == pred)
    if isinstance(gold, int | float):
        return close(gold, pred, 0.005)
    a, b = words(gold), words(pred)
    return bool(a) and len(a & b) / len(a | b) >= 0.5


def stated(fact: Fact) -> dict[str, Any]:
    """Return the qualifiers that say something: a status of the first group is what silence means too."""
    return {
        k: v
        for k, v in fact.get("attrs", {}).items()
        if v not in NOTHING
        and k not in UNSCORED
        and not (k == "status" and STATUS.get(v) == 0)
        and not (k == "lead" and v is False)
    }


def fold(text: str) -> str:
    """Return the text with white space, case, dashes and quotes made alike, to look for a fragment in it."""
    return " ".join(text.translate(ALIKE).casefold().split())


def shows(fact: Fact, fragment: str) -> bool:
    """Tell whether the fact's evidence (one text, or the sentences and their support) holds the gold fragment."""
    given = fact.get("evidence") or []
    texts = [given] if isinstance(given, str | Mapping) else given
    return any(fold(fragment) in fold(t["text"] if isinstance(t, Mapping) else t) for t in texts)


def grouped(items: Iterable[T], key: Callable[[T], Hashable]) -> dict[Any, list[T]]:
    """Return the items by their key, in order."""
    out: dict[Any, list[T]] = defaultdict(list)
    for item in items:
        out[key(item)].append(item)
    return out


def pair_up(golds: Sequence[Fact], preds: Sequence[Fact]) -> list[tuple[Fact, Fact]]:
    """Return facts of one key paired so that the most qualifiers agree (greedy: keys are small)."""
    left, pairs = list(preds), []
    for gold in golds:
        if not left:
            break
        said = {k: v for k, v in gold.get("attrs", {}).items() if v not in (None, "", {})}
        best = max(left, key=lambda p: sum(same_attr(k, v, p.get("attrs", {}).get(k)) for k, v in said.items()))
        left.remove(best)
        pairs.append((gold, best))
    return pairs


@dataclass(frozen=True)
class Matched:
    """The facts of one key: those that agree (gold, predicted), and those that are left on either side."""

    relation: str
    pairs: list[tuple[Fact, Fact]]
    missed: list[Fact]
    spurious: list[Fact]


def matched(gold: Document, pred: Document, mapping: Mapping[int, int]) -> Iterator[Matched]:
    """Yield the facts of two documents by what makes them the same."""
    g_facts = grouped(gold.facts, lambda f: fact_key(f, gold.resolve))
    p_facts = grouped(pred.facts, lambda f: fact_key(f, lambda name: pred.resolve(name, mapping)))
    for key in dict.fromkeys([*g_facts, *p_facts]):
        golds, preds = g_facts.get(key, []), p_facts.get(key, [])
        pairs = pair_up(golds, preds)
        taken = {id(fact) for pair in pairs for fact in pair}
        yield Matched(key[0], pairs, *([f for f in some if id(f) not in taken] for some in (golds, preds)))


def unasked(gold: Document, entity: Mapping[str, Any]) -> bool:
    """Tell whether an entity is a handle that is neither asked for nor held against the reader."""
    return bool(forms(entity) & gold.ignored)


def agrees(name: str, said: Mapping[str, Any], heard: Mapping[str, Any]) -> bool:
    """Tell whether a qualifier is stated and heard, and is the same."""
    return name in said and name in heard and same_attr(name, said[name], heard[name])
