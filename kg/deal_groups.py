"""Deal groups: which claims speak of one deal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from kg.deal_claims import Claim, Money, agree, latest
from kg.periods import span
from kg.schema import Schema

ENDED = ("cancelled", "denied")
NEAR = 90  # days within which a bare mention of a party is one of the round that it joined


class Grouping:
    """Parts the claims of one cell into deals."""

    def __init__(self, schema: Schema) -> None:
        """Keep the schema's deal blocks."""
        self.blocks = {name: r.deal for name, r in schema.relations.items() if r.deal is not None}
        self.unary = {name for name, r in schema.relations.items() if r.unary}

    def parties(self, claim: Claim) -> tuple[tuple[str, str], ...]:
        """Return (role, entity id) of a claim's two ends, sorted."""
        block = self.blocks[claim.relation]
        return tuple(sorted({(block.subject, claim.subject), (block.object, claim.object)}))

    def groups(self, claims: Iterable[Claim]) -> list[list[Claim]]:
        """Return the claims of one cell by deal: each group, and the groups, in the order of their claims.

        Claims of the same parties join where amount and round agree or are absent. Where a claim speaks of a round as
        a whole, those of its parties join it by the round's name, by a sentence that states both, or within one issue
        as `_Rounds.beside` says.
        """
        ordered = sorted(claims, key=lambda c: c.order)
        wholes = _joined([c for c in ordered if c.relation in self.unary])
        pairs: dict[tuple[tuple[str, str], ...], list[Claim]] = {}
        for c in ordered:
            if c.relation not in self.unary:
                pairs.setdefault(self.parties(c), []).append(c)
        parts = [group for _, some in sorted(pairs.items()) for group in _joined(some)]
        if len({role for c in ordered for role, _ in self.parties(c)}) > 1 and self.is_round(ordered):
            parts = _by_round(parts)
        groups = [*wholes, *_attached(parts, wholes)]
        return sorted((sorted(g, key=lambda c: c.order) for g in groups), key=lambda g: g[0].order)

    def is_round(self, claims: list[Claim]) -> bool:
        """Say whether the claims are of a kind of deal that a claim of its own may tell as a whole."""
        kinds = {self.blocks[c.relation].kind for c in claims}
        return any(self.blocks[name].kind in kinds for name in self.unary if name in self.blocks)


class _Group:
    """Claims that may be one deal, and the amounts and rounds that they state."""

    def __init__(self, first: Claim) -> None:
        self.claims: list[Claim] = []
        self.amounts: list[Money] = []
        self.rounds: set[str] = set()
        self.add(first, first.round)

    def add(self, claim: Claim, round: str | None) -> None:
        self.claims.append(claim)
        if claim.amount and claim.amount not in self.amounts:
            self.amounts.append(claim.amount)
        if round:
            self.rounds.add(round)

    def fits(self, claim: Claim, round: str | None) -> bool:
        """Say whether the claim agrees with all that the group states."""
        return (not round or not self.rounds or self.rounds == {round}) and (
            all(agree(claim.amount, amount) for amount in self.amounts)
        )

    def distance(self, claim: Claim, round: str | None) -> tuple[Any, ...]:
        """Return how far a claim is: the same round, the same amount, the least days between, the first."""
        far = min(_days(claim.day, other.day) for other in self.claims)
        first = min(other.order for other in self.claims)
        return (round not in self.rounds, bool(self.amounts) != bool(claim.amount), far, first)


def _joined(claims: list[Claim]) -> list[list[Claim]]:
    """Group claims of the same parties; those that say most come first, the others go where they fit best."""
    groups: list[_Group] = []
    for _, _, _, round, c in sorted((not c.amount, not c.round, c.order, c.round or "", c) for c in claims):
        fitting = [g for g in groups if g.fits(c, round)]
        if not fitting:
            groups.append(_Group(c))
        elif len(fitting) == 1:
            fitting[0].add(c, round)
        else:
            min(fitting, key=lambda g: g.distance(c, round)).add(c, round)
    return [g.claims for g in groups]


def _days(a: str | None, b: str | None) -> int:
    """Return the days between two dates; a long time where one is unknown."""
    try:
        return abs((date.fromisoformat(a or "") - date.fromisoformat(b or "")).days)
    except ValueError:
        return 100_000


def _by_round(parts: list[list[Claim]]) -> list[list[Claim]]:
    """Join the groups of several parties that name the same round."""
    named: dict[str, list[Claim]] = {}
    out: list[list[Claim]] = []
    for part in parts:
        rounds = sorted({c.round for c in part if c.round})
        if not rounds or _off(part):
            out.append(part)
        elif rounds[0] in named:
            named[rounds[0]].extend(part)
        else:
            named[rounds[0]] = part
            out.append(part)
    return out


def _attached(parts: list[list[Claim]], wholes: list[list[Claim]]) -> list[list[Claim]]:
    """Put the claims of parties into the round that they belong to; return those for which there is none."""
    rounds = _Rounds(wholes)
    joins: list[tuple[list[Claim], list[Claim]]] = []
    rest = []
    for part in parts:
        home = rounds.home(part)
        going = [c for c in part if home and _follows(c, home)]
        staying = [c for c in part if not home or not _follows(c, home)]
        if home:
            joins.append((home, going))
        if staying:
            rest.append(staying)
    for home, going in joins:
        home.extend(going)
    return rest


def _follows(claim: Claim, whole: list[Claim]) -> bool:
    """Say whether a claim goes with its party into a round: a bare one only where it is told at that time."""
    bare = not claim.amount and not claim.round
    return not bare or any(c.issue == claim.issue or _days(c.day, claim.day) <= NEAR for c in whole)


class _Rounds:
    """The rounds of one receiver: groups of claims that speak of a round as a whole."""

    def __init__(self, wholes: list[list[Claim]]) -> None:
        self.named: dict[str, list[Claim]] = {}
        self.told: dict[tuple[str, tuple[int, int]], list[tuple[Claim, list[Claim]]]] = {}
        self.issues: dict[str, list[tuple[Claim, list[Claim]]]] = {}
        for whole in wholes:
            for c in whole:
                if c.round:
                    self.named.setdefault(c.round, whole)
                for sentence in c.sentences:
                    self.told.setdefault((c.issue, sentence), []).append((c, whole))
                self.issues.setdefault(c.issue, []).append((c, whole))

    def home(self, part: list[Claim]) -> list[Claim] | None:
        """Return the round that the claims of one party belong to."""
        rounds = sorted({c.round for c in part if c.round})
        off = _off(part)
        for name in rounds:
            if name in self.named and not (off and not _off(self.named[name])):
                return self.named[name]
        near = [whole for c in part for whole in self.within(c)]
        beside = {id(whole): whole for c in part for whole in self.beside(c, part)}
        found: list[list[Claim]] = [*near, *(beside.values() if len(beside) == 1 else ())]
        for whole in found:
            other = rounds and any(c.round for c in whole)
            if not other and not (off and not _off(whole)) and _room(part, whole):
                return whole
        return None

    def within(self, claim: Claim) -> list[list[Claim]]:
        """Return the rounds that a sentence of the claim tells of too, if it may be the same event.

        An amount and a date of its own, where the round has another amount and no date, are another event.
        """
        told = [pair for s in sorted(claim.sentences) for pair in self.told.get((claim.issue, s), ())]
        return [
            whole
            for c, whole in told
            if _same_time(claim, c) and (not _alone_dated(claim, c) or agree(claim.amount, c.amount))
        ]

    def beside(self, claim: Claim, part: list[Claim]) -> list[list[Claim]]:
        """Return the rounds that a claim of a party belongs to by what its own issue tells of the receiver.

        That is the round of the very amount that the party gives; else the only round that the issue tells of, where
        the sentence before or after speaks of it and the party gives no amount of its own, or leads; and no date of its
        own, where the round has none.
        """
        told = [(c, whole) for c, whole in self.issues.get(claim.issue, ()) if _same_time(claim, c)]
        same = [whole for c, whole in told if claim.amount and c.amount and agree(claim.amount, c.amount)]
        if same:
            return same
        only = len({id(whole) for _, whole in self.issues.get(claim.issue, ())}) == 1
        if only and (claim.attrs.get("lead") or not any(c.amount for c in part)):
            near = [(c, whole) for c, whole in told if _touching(claim.sentences, c.sentences)]
            return [whole for c, whole in near if not _alone_dated(claim, c)]
        return []


def _same_time(a: Claim, b: Claim) -> bool:
    """Say whether the stated dates of two claims have a day in common, or one has none."""
    first, second = (span(c.attrs.get("date") or "") for c in (a, b))
    return not (first and second) or not (first[1] < second[0] or second[1] < first[0])


def _alone_dated(a: Claim, b: Claim) -> bool:
    """Say whether the first claim has a date and the second has none."""
    return bool(a.attrs.get("date")) and not b.attrs.get("date")


def _off(claims: Iterable[Claim]) -> bool:
    """Say whether the last word of the claims is a denial or an end: who withdrew is in no round."""
    ordered = sorted(claims, key=lambda c: (c.by or "", c.order))
    said = [status for c in ordered if (status := c.attrs.get("status"))]
    return bool(said) and said[-1] in ENDED


def _touching(a: Iterable[tuple[int, int]], b: Iterable[tuple[int, int]]) -> bool:
    """Say whether a sentence stands right before or after another: a blank or a line's end between them."""
    others = list(b)
    return any(0 <= start - end <= 1 for x in a for y in others for (_, end), (start, _) in ((x, y), (y, x)))


def _room(part: list[Claim], whole: list[Claim]) -> bool:
    """Say whether a party's amount fits into the round's."""
    given, size = latest(part).get("amount"), latest(whole).get("amount")
    if not given or not size or given.get("currency") != size.get("currency"):
        return not given or not size
    return bool(_top(given) <= _top(size))


def _top(money: Money) -> float:
    return float(money["high"] if money.get("high") is not None else money.get("low") or 0)
