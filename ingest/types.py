"""Types: what each name of an issue is, by the votes of its mentions and by what is known of the name."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from ingest.variants import trimmed
from kg.names import group, normal
from kg.reference import Entry, Reference

CURATED = 4.0  # votes of a curated name
SHORT = 0.02  # the least share of a person's votes for a word of a person's name to be that person
FEW = 3  # mentions up to which a word that looks like a firm may be
THINGS = frozenset({"product", "model", "benchmark"})
LEARNED = 2.0  # votes of a name that the training annotations know
_CODE = re.compile(r"[a-z]{1,2}\d{1,2}")  # "M2", "R1", "K2": makers of chips and of models use the same ones


class Settler:
    """Decides the type of names: tagged types vote, curated and learned names add their votes."""

    def __init__(self, reference: Reference, learned: Mapping[str, str]) -> None:
        self.reference = reference
        self.learned = learned

    def known(self, key: str) -> Counter[str]:
        """Return the votes of what is known of a normal form, by type."""
        votes: Counter[str] = Counter()
        curated = self.curated(key)
        if curated:
            votes[curated] += CURATED  # type: ignore[assignment]
        elif key in self.learned and not _CODE.fullmatch(key):
            votes[self.learned[key]] += LEARNED  # type: ignore[assignment]
        return votes

    def curated(self, key: str) -> str | None:
        """Return the type of the curated entries of a normal form, None if there is none or not one type."""
        kinds = {e.kind for e in self.entries(key)}
        return min(kinds) if len({group(k) for k in kinds}) == 1 else None

    def entries(self, key: str) -> list[Entry]:
        """Return the curated entries of a normal form."""
        return [e for e in self.reference.find(key) if any(normal(f) == key for f in e.forms)]

    def settle(self, mentions: Iterable[tuple[str, str, Mapping[str, float]]]) -> dict[str, str]:
        """Return the type of each normal form of (surface, tagged type, how likely each type is there).

        What is only tagged a handle stays one.
        """
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        handles: dict[str, bool] = defaultdict(lambda: True)
        names: dict[str, list[str]] = defaultdict(list)
        counts: Counter[str] = Counter()
        for surface, kind, chances in mentions:
            key = normal(trimmed(surface))
            handles[key] &= kind == "handle"
            names[key] = max(names[key], [normal(w) for w in trimmed(surface).split()], key=len)
            counts[key] += 1
            votes[key].update({k: p for k, p in chances.items() if k != "handle"})
        out = {key: "handle" if handles[key] else self._winner(found, self.known(key)) for key, found in votes.items()}
        people = {w for key, words in names.items() if out[key] == "person" and len(words) > 1 for w in words}
        for key, words in names.items():
            maybe = counts[key] <= FEW and votes[key]["person"] >= SHORT * votes[key].total()
            if group(out[key]) == "org" and len(words) == 1 and key in people and maybe and not self.known(key):
                out[key] = "person"  # "Quint put in more", of a Mara Quint
        return out

    @staticmethod
    def _winner(tagged: Counter[str], known: Counter[str]) -> str:
        total = tagged + known
        groups: Counter[str] = Counter()
        for kind, n in total.items():
            groups[group(kind)] += n
        best = max(groups, key=lambda g: (groups[g], g))
        return max((k for k in total if group(k) == best), key=lambda k: (total[k], k))
