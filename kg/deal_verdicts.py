"""Deal verdicts: people's words on which statements tell of one deal, and on its figure, stronger than the rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.deal_claims import Claim
from kg.ties import Groups, Word, settle


def bonds(groups: Iterable[Sequence[Claim]]) -> list[tuple[str, str]]:
    """Return what the rules join: each statement of a deal with its first."""
    return [(group[0].id, c.id) for group in groups for c in group[1:]]


def regrouped(groups: Sequence[list[Claim]], said: Iterable[Word]) -> list[list[Claim]]:
    """Return the claims of one cell by deal, after what people say: in the order of `Book.groups`.

    A merge unites the deals of its two statements. A difference takes the later of its two, with the statements that
    merges tie to it, out of the deal of the earlier one; what several differences take out of one deal stays together
    unless one of them speaks against it.
    """
    there = {c.id for group in groups for c in group}
    words = [w for w in said if {w.a, w.b} <= there]
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
    for one in _classes(sorted((c for group in groups for c in group), key=lambda c: c.order), tied):
        parts = deals.setdefault(min(united.group(one[0].id)), [])
        home = next((p for p in parts if not any((a.id, b.id) in apart for a in p for b in one)), None)
        if home is None:
            parts.append(one)
        else:
            home.extend(one)
    out = [sorted(part, key=lambda c: c.order) for parts in deals.values() for part in parts]
    return sorted(out, key=lambda part: part[0].order)


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
