"""Deal verdicts: people's words on which statements tell of one deal, and on its figure, stronger than the rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.deal_claims import Claim
from kg.deal_links import Group, Link
from kg.ties import Groups, Word, settle

PERSON, PARTED = "joined by a person", "parted from the others by a person"


def bonds(groups: Iterable[Group]) -> list[tuple[str, str]]:
    """Return what the rules join: each statement of a deal with its first."""
    return [(group.claims[0].id, c.id) for group in groups for c in group.claims[1:]]


def regrouped(groups: Sequence[Group], said: Iterable[Word]) -> list[Group]:
    """Return the claims of one cell by deal, after what people say: in the order of `Book.groups`.

    A merge unites the deals of its two statements. A difference takes the later of its two, with the statements that
    merges tie to it, out of the deal of the earlier one; what several differences take out of one deal stays together
    unless one of them speaks against it.
    """
    there = {c.id: c for group in groups for c in group.claims}
    words = [w for w in said if {w.a, w.b} <= there.keys()]
    if not words:
        return list(groups)
    joined = bonds(groups)
    settled = settle(words, joined)
    tied, united = Groups(), Groups()
    for word in settled.ties:
        tied.unite(word.a, word.b)
        united.unite(word.a, word.b)
    for a, b in joined:
        united.unite(a, b)
    apart = {pair for word in settled.apart for pair in ((word.a, word.b), (word.b, word.a))}
    deals: dict[str, list[list[Claim]]] = {}
    for one in _classes(sorted(there.values(), key=lambda c: c.order), tied):
        parts = deals.setdefault(min(united.group(one[0].id)), [])
        home = next((p for p in parts if not any((a.id, b.id) in apart for a in p for b in one)), None)
        if home is None:
            parts.append(one)
        else:
            home.extend(one)
    links = [Link(there[w.a], there[w.b], PERSON) for w in settled.ties]
    links += [link for group in groups for link in group.links]
    out = [sorted(part, key=lambda c: c.order) for parts in deals.values() for part in parts]
    return [
        Group.of(part, links, "parted by a person from the others") for part in sorted(out, key=lambda p: p[0].order)
    ]


def _classes(claims: Iterable[Claim], tied: Groups) -> list[list[Claim]]:
    """Return the claims that merges tie together, those with the earliest claim first."""
    out: dict[str, list[Claim]] = {}
    for claim in claims:
        out.setdefault(min(tied.group(claim.id)), []).append(claim)
    return list(out.values())


def chosen(claims: Iterable[Claim], figures: Iterable[str]) -> Claim | None:
    """Return the claim whose amount a person chose for the deal (the last choice first); None where nobody did."""
    stated = {c.id: c for c in claims if c.amount}
    return next((stated[id] for id in figures if id in stated), None)
