"""Types: what each name of an issue is, by the votes of its mentions and by what is known of the name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from ingest.variants import trimmed
from kg.names import group, normal
from kg.reference import Reference

CURATED = 4.0  # votes of a curated name
LEARNED = 1.0  # votes of a name that the training annotations know


class Settler:
    """Decides the type of names: tagged types vote, curated and learned names add their votes."""

    def __init__(self, reference: Reference, learned: Mapping[str, str]) -> None:
        self.reference = reference
        self.learned = learned

    def known(self, key: str) -> Counter[str]:
        """Return the votes of what is known of a normal form, by type."""
        votes: Counter[str] = Counter()
        kinds = {e.kind for e in self.reference.find(key) if any(normal(f) == key for f in e.forms)}
        if len({group(k) for k in kinds}) == 1:
            votes[min(kinds)] += CURATED  # type: ignore[assignment]
        elif key in self.learned:
            votes[self.learned[key]] += LEARNED  # type: ignore[assignment]
        return votes

    def settle(self, mentions: Iterable[tuple[str, str, Mapping[str, float]]]) -> dict[str, str]:
        """Return the type of each normal form of (surface, tagged type, how likely each type is there).

        What is only tagged a handle stays one.
        """
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        handles: dict[str, bool] = defaultdict(lambda: True)
        for surface, kind, chances in mentions:
            key = normal(trimmed(surface))
            handles[key] &= kind == "handle"
            votes[key].update({k: p for k, p in chances.items() if k != "handle"})
        return {key: "handle" if handles[key] else self._winner(found, self.known(key)) for key, found in votes.items()}

    @staticmethod
    def _winner(tagged: Counter[str], known: Counter[str]) -> str:
        total = tagged + known
        groups: Counter[str] = Counter()
        for kind, n in total.items():
            groups[group(kind)] += n
        best = max(groups, key=lambda g: (groups[g], g))
        return max((k for k in total if group(k) == best), key=lambda k: (total[k], k))
