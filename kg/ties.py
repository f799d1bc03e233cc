"""Ties: what people say is one and what is not, settled where they contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Pair = frozenset[str]


def instant(when: str) -> str:
    """Return a judgement's moment as it sorts: with or without parts of a second."""
    return when.removesuffix("Z").removesuffix("+00:00")


@dataclass(frozen=True, slots=True)
class Word:
    """A person's word on two things; `order` is when it was said, then the judgement's id."""

    a: str
    b: str
    same: bool
    order: tuple[str, str]

    @property
    def pair(self) -> Pair:
        """Return the two things."""
        return frozenset((self.a, self.b))


class Groups:
    """Things in groups that can be united; two that are kept apart are foes."""

    def __init__(self) -> None:
        """Begin with every thing alone."""
        self._group: dict[str, list[str]] = {}
        self._foes: dict[str, set[str]] = {}

    def group(self, thing: str) -> list[str]:
        """Return the things that are one with this one, itself among them."""
        return self._group.get(thing) or [thing]

    def one(self, a: str, b: str) -> bool:
        """Say whether two things are in one group."""
        return a == b or self.group(a) is self._group.get(b)

    def part(self, a: str, b: str) -> None:
        """Make two things foes."""
        self._foes.setdefault(a, set()).add(b)
        self._foes.setdefault(b, set()).add(a)

    def forgive(self, pair: Pair) -> None:
        """Make two foes none."""
        a, b = pair
        self._foes[a].discard(b)
        self._foes[b].discard(a)

    def barred(self, a: str, b: str) -> list[Pair]:
        """Return the foes that uniting two things would bring together."""
        ours, theirs = sorted((self.group(a), self.group(b)), key=len)
        if ours is theirs:
            return []
        inside = set(theirs)
        return [frozenset((x, y)) for x in ours for y in sorted(self._foes.get(x, ())) if y in inside]

    def unite(self, a: str, b: str) -> None:
        """Make one group of those of two things."""
        small, large = sorted((self.group(a), self.group(b)), key=len)
        if small is large:
            return
        large.extend(small)
        for thing in (large[0], *small):
            self._group[thing] = large


@dataclass(frozen=True)
class Settled:
    """What holds of what was said: the merges and differences in force, and the groups that they and the bonds make."""

    groups: Groups
    ties: tuple[Word, ...]
    apart: tuple[Word, ...]


def settle(said: Iterable[Word], bonds: Sequence[tuple[str, str]] = ()) -> Settled:
    """Return what holds; `bonds` join without anyone's word, and yield to every difference.

    A merge overrules the earlier differences that stand against it; a difference cuts what joins its two, the oldest
    merges first, bonds before them. What is said again of a pair takes the place of what was said before.
    """
    ordered = sorted((w for w in said if w.a != w.b), key=lambda w: w.order)
    apart: dict[Pair, Word] = {}
    ties: dict[Pair, Word] = {}
    groups, _ = _joined((), bonds, ())
    for word in ordered:
        if word.same:
            for pair in groups.barred(word.a, word.b):
                del apart[pair]
                groups.forgive(pair)
            groups.unite(word.a, word.b)
            ties.pop(word.pair, None)
            ties[word.pair] = word
            continue
        ties.pop(word.pair, None)
        apart[word.pair] = word
        if groups.one(word.a, word.b):
            groups, _ = _joined(reversed(ties.values()), bonds, apart)
        else:
            groups.part(word.a, word.b)
    groups, kept = _joined(reversed(ties.values()), bonds, apart)
    return Settled(groups, tuple(kept), tuple(apart.values()))


def overruled(said: Iterable[Word], new: Word, bonds: Sequence[tuple[str, str]] = ()) -> list[Word]:
    """Return the differences in force that a new word would overrule, among them one that it takes the place of."""
    old = list(said)
    after = settle([*(w for w in old if w.order[1] != new.order[1]), new], bonds)
    left = {w.order for w in after.apart}
    return [w for w in settle(old, bonds).apart if w.order not in left] if new.same else []


def _joined(ties: Iterable[Word], bonds: Iterable[tuple[str, str]], apart: Iterable[Pair]) -> tuple[Groups, list[Word]]:
    """Return the groups that ties (those first that count most), then bonds make, and the ties that hold."""
    groups, kept = Groups(), []
    for a, b in apart:
        groups.part(a, b)
    for tie in ties:
        if not groups.barred(tie.a, tie.b):
            groups.unite(tie.a, tie.b)
            kept.append(tie)
    for a, b in bonds:
        if not groups.barred(a, b):
            groups.unite(a, b)
    return groups, kept
