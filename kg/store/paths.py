"""Ways through the graph, ring by ring: one question to the store a step."""

from __future__ import annotations

from collections.abc import Callable, Iterable

Link = tuple[str, str, str]  # edge, subject, object


def shortest(around: Callable[[list[str]], Iterable[Link]], start: str, end: str, longest: int) -> list[str]:
    """Return the edges of a shortest path, or an empty list; `around` gives the edges at entities, sorted by id."""
    came: dict[str, tuple[str, str] | None] = {start: None}
    ring = [start]
    for _ in range(longest):
        if end in came or not ring:
            break
        inside, reached = set(ring), []
        for edge, subject, target in around(ring):
            for here, there in ((subject, target), (target, subject)):
                if here in inside and there not in came:
                    came[there] = (edge, here)
                    reached.append(there)
        ring = reached
    steps, at = [], came.get(end)
    while at is not None:
        steps.append(at[0])
        at = came[at[1]]
    return steps[::-1]


def near(around: Callable[[list[str]], Iterable[Link]], ids: Iterable[str], steps: int) -> list[str]:
    """Return the entities within so many steps, the first ones among them."""
    known = dict.fromkeys(ids)
    ring = list(known)
    for _ in range(steps):
        found = {end for _, *ends in around(ring) for end in ends} if ring else set()
        ring = sorted(found - known.keys())
        known |= dict.fromkeys(ring)
    return list(known)
