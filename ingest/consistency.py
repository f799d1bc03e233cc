"""Consistency: a name of an issue is a name wherever it stands; what is a name once and a common word often is none."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from ingest.network import Tagged
from ingest.units import Unit

LONGEST = 6  # words of a name that is looked for again
RARELY = 0.34  # the least share of a word's occurrences that are tagged where it is a name


def even(units: Sequence[Unit], tagged: Sequence[Tagged]) -> None:
    """Change the mentions of all units of an issue: missed occurrences of its names are added, stray ones dropped."""
    counts: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for unit, seen in zip(units, tagged, strict=True):
        for first, last, kind in seen.mentions:
            if first >= unit.fresh and kind != "handle":
                counts[_key(unit, first, last)][kind] += 1
    starts: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for key in counts:
        if len(key) <= LONGEST:
            starts[key[0]].append(key)
    untagged: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    for number, (unit, seen) in enumerate(zip(units, tagged, strict=True)):
        taken = {k for first, last, _ in seen.mentions for k in range(first, last + 1)}
        words = [w.text for w in unit.words]
        for k, word in enumerate(words):
            for key in sorted(starts.get(word, ()), key=len, reverse=True):
                if tuple(words[k : k + len(key)]) == key and not taken & set(range(k, k + len(key))):
                    untagged[key].append((number, k))
                    taken |= set(range(k, k + len(key)))
                    break
    added: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    dropped = set()
    for key, places in untagged.items():
        kinds = counts[key]
        n = sum(kinds.values())
        fresh = [p for p in places if p[1] >= units[p[0]].fresh]
        if n / (n + len(fresh)) < RARELY:
            dropped.add(key)
        elif n >= 2 and n > len(fresh) and _namelike(key):
            for number, k in places:
                added[number].append((k, k + len(key) - 1, kinds.most_common(1)[0][0]))
    for number, (unit, seen) in enumerate(zip(units, tagged, strict=True)):
        kept = [m for m in seen.mentions if m[2] == "handle" or _key(unit, m[0], m[1]) not in dropped]
        seen.mentions = sorted([*kept, *added.get(number, ())])


def _key(unit: Unit, first: int, last: int) -> tuple[str, ...]:
    return tuple(w.text for w in unit.words[first : last + 1])


def _namelike(key: tuple[str, ...]) -> bool:
    return any(any(c.isupper() or c.isdigit() for c in w) for w in key) and sum(map(len, key)) > 2
