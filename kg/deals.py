"""Deals: which claims speak of one deal, how far it has come, and the only sum of money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from kg.model import Amount, Deal
from kg.names import normal
from kg.schema import Schema

# How far a thing has come, by what a statement says of it; later words never lead back, but a denial may follow any.
STEPS = (
    "rumored", "in_talks", "planned", "delayed", "previewed", "announced", "rolling_out", "completed", "released",
)  # fmt: skip
ENDED = ("cancelled", "denied")
UNSURE = ("rumored", "in_talks", "planned", "delayed")
Money = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement whose ends are resolved: what derivation works on. `day` is the date of its issue, or None."""

    id: str
    issue: str
    day: str | None
    relation: str
    subject: str
    object: str
    attrs: Mapping[str, Any] = field(hash=False)
    confidence: float = 1.0
    certain: bool = True
    sentences: frozenset[tuple[int, int]] = frozenset()

    @property
    def order(self) -> tuple[str, str, str]:
        """Return what claims are sorted by: date (undated last), issue, id."""
        return (self.day or "~", self.issue, self.id)

    @property
    def amount(self) -> Money | None:
        """Return the amount that is stated."""
        money: Money | None = self.attrs.get("amount")
        return money

    @property
    def round(self) -> str | None:
        """Return the round's name in normal form."""
        name = self.attrs.get("round")
        return normal(name) if name else None


def _order(claim: Claim) -> tuple[str, str, str]:
    return claim.order


def agree(a: Money | None, b: Money | None) -> bool:
    """Say whether two amounts may be one: an absent one agrees; else a figure is equal, or within 5 % of "about"."""
    if a is None or b is None:
        return True
    if a.get("currency", "USD") != b.get("currency", "USD"):
        return False
    ours = {x for x in (a.get("low"), a.get("high")) if x is not None}
    theirs = {x for x in (b.get("low"), b.get("high")) if x is not None}
    if not ours or not theirs or ours & theirs:
        return True
    loose = "about" in (a.get("qualifier"), b.get("qualifier"))
    return loose and any(abs(x - y) <= 0.05 * max(abs(x), abs(y)) for x in ours for y in theirs)


def stage(claims: Iterable[Claim], default: str = "") -> str:
    """Return how far the claims say it has come, in the order of their issues' dates.

    Undated issues order nothing: they speak where no dated one does.
    """
    said = [(c.day, c.attrs["status"]) for c in claims if c.attrs.get("status") in (*STEPS, *ENDED)]
    dated = [(day, status) for day, status in said if day is not None]
    ranks = {status: rank for rank, status in enumerate((*STEPS, *ENDED))}
    now = ""
    for _, status in sorted(dated or said, key=lambda s: (s[0] or "", ranks[s[1]])):
        if not now or now in ENDED or ranks[status] >= ranks[now]:
            now = status
    return now or default


def latest(claims: Iterable[Claim]) -> dict[str, Any]:
    """Return the qualifiers of several claims as one: each as the latest dated claim that states it has it.

    Certain claims outrank the others; a date is taken as precise as stated, the earliest of those.
    """
    ordered = sorted(claims, key=_order)
    if len(ordered) == 1:
        return dict(ordered[0].attrs)
    ranked = [c for c in ordered if c.day is None] + [c for c in ordered if c.day is not None]
    out: dict[str, Any] = {}
    for c in sorted(ranked, key=lambda c: c.certain):
        out |= c.attrs
    days = [c.attrs["date"] for c in ordered if c.attrs.get("date") and c.certain >= any(o.certain for o in ordered)]
    if days:
        out["date"] = min(days, key=lambda d: (-len(d), d))
    return {k: v for k, v in out.items() if v is not None}


class Book:
    """The deals of one cell."""

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
        a whole, those of its parties join it by the round's name, or by a sentence that states both.
        """
        ordered = sorted(claims, key=_order)
        wholes = _joined([c for c in ordered if c.relation in self.unary])
        pairs: dict[tuple[tuple[str, str], ...], list[Claim]] = {}
        for c in ordered:
            if c.relation not in self.unary:
                pairs.setdefault(self.parties(c), []).append(c)
        parts = [group for _, some in sorted(pairs.items()) for group in _joined(some)]
        if len({role for c in ordered for role, _ in self.parties(c)}) > 1 and self._is_round(ordered):
            parts = _by_round(parts)
        groups = [*wholes, *_attached(parts, wholes)]
        return sorted((sorted(g, key=_order) for g in groups), key=lambda g: g[0].order)

    def _is_round(self, claims: list[Claim]) -> bool:
        kinds = {self.blocks[c.relation].kind for c in claims}
        return any(self.blocks[name].kind in kinds for name in self.unary if name in self.blocks)

    def deal(self, claims: list[Claim]) -> dict[str, Any]:
        """Return the deal that the claims (one of `groups`) speak of, as the JSON form of `kg.model.Deal`."""
        said = latest(claims)
        wholes = [c for c in claims if c.relation in self.unary]
        is_round = self._is_round(claims)
        whole = latest(wholes).get("amount") if wholes else None
        own = self._own_amounts(claims, whole) if is_round else {}
        amount = whole if is_round else said.get("amount")
        if is_round and not wholes and len(own) == 1 and not said.get("round"):
            amount = next(iter(own.values()))  # one investor and no wider round: its money is the deal's
        parties = sorted({party for c in claims for party in self.parties(c)})
        days = sorted(c.day for c in claims if c.day)
        return {
            "id": "d" + min(claims, key=_order).id[1:],
            "kind": self.blocks[claims[0].relation].kind,
            "stage": stage(claims, "announced"),
            "parties": [
                {"entity_id": id, "role": role, "amount": whole_form(own.get((role, id)))} for role, id in parties
            ],
            "amount": whole_form(amount),
            "valuation": whole_form(said.get("valuation")),
            "round": said.get("round"),
            "announced": said.get("date"),
            "reported": days[0] if days else None,
            "certain": any(c.certain for c in claims),
            "statement_ids": [c.id for c in claims],
        }

    def _own_amounts(self, claims: list[Claim], whole: Money | None) -> dict[tuple[str, str], Money]:
        """Return the amount stated for each giving party alone: not one that is the whole round's."""
        by_party: dict[tuple[str, str], list[Claim]] = {}
        for c in claims:
            if c.relation not in self.unary:
                receiver = self.blocks[c.relation].object
                for party in self.parties(c):
                    if party[0] != receiver:
                        by_party.setdefault(party, []).append(c)
        own = {party: latest(some).get("amount") for party, some in by_party.items()}
        return {p: money for p, money in own.items() if money and (whole is None or not agree(money, whole))}


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
        if not rounds:
            out.append(part)
        elif rounds[0] in named:
            named[rounds[0]].extend(part)
        else:
            named[rounds[0]] = part
            out.append(part)
    return out


def _attached(parts: list[list[Claim]], wholes: list[list[Claim]]) -> list[list[Claim]]:
    """Put the claims of parties into the round that they belong to; return those for which there is none."""
    named: dict[str, list[Claim]] = {}
    told: dict[tuple[str, tuple[int, int]], list[list[Claim]]] = {}
    for whole in wholes:
        for c in whole:
            if c.round:
                named.setdefault(c.round, whole)
            for span in c.sentences:
                told.setdefault((c.issue, span), []).append(whole)
    rest, joins = [], []
    for part in parts:
        rounds = sorted({c.round for c in part if c.round})
        home = next((named[r] for r in rounds if r in named), None)
        if home is None:
            near = [whole for c in part for span in sorted(c.sentences) for whole in told.get((c.issue, span), ())]
            free = [whole for whole in near if not rounds or not any(c.round for c in whole)]
            home = next((whole for whole in free if _room(part, whole)), None)
        if home is None:
            rest.append(part)
        else:
            joins.append((home, part))
    for home, part in joins:
        home.extend(part)
    return rest


def _room(part: list[Claim], whole: list[Claim]) -> bool:
    """Say whether a party's amount fits into the round's."""
    given, size = latest(part).get("amount"), latest(whole).get("amount")
    if not given or not size or given.get("currency") != size.get("currency"):
        return not given or not size
    return bool(_top(given) <= _top(size))


def _top(money: Money) -> float:
    return float(money["high"] if money.get("high") is not None else money.get("low") or 0)


def whole_form(money: Money | None) -> dict[str, Any] | None:
    """Return an amount with all its keys."""
    if not money:
        return None
    return {"low": None, "high": None, "currency": "USD", "qualifier": "exact", **money}


def total(deals: Iterable[Deal]) -> dict[str, tuple[float, float]]:
    """Return currency → (confirmed, with promises): the only sum of money there is, exact, never across currencies.

    A deal counts once: by its own amount, else by those of its parties. "Up to" counts in promises alone, of a range
    and of "more than" the low end is confirmed. What is rumoured, planned or in talks is a promise; what is cancelled
    or denied, and deals that are not certain, count nowhere.
    """
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for deal in deals:
        if deal.stage in ENDED or not deal.certain:
            continue
        for amount in sizes(deal):
            low, high = _exact(amount.low), _exact(amount.high)
            confirmed = Decimal(0) if deal.stage in UNSURE or low is None else low
            promised = high if high is not None else low
            old = sums.get(amount.currency, (Decimal(0), Decimal(0)))
            sums[amount.currency] = (old[0] + confirmed, old[1] + (promised or Decimal(0)))
    return {currency: (_number(a), _number(b)) for currency, (a, b) in sorted(sums.items())}


def sizes(deal: Deal) -> tuple[Amount, ...]:
    """Return the amounts that a deal counts with: its own, else those stated for its parties alone."""
    found = (deal.amount,) if deal.amount is not None else tuple(p.amount for p in deal.parties)
    return tuple(a for a in found if a is not None and (a.low is not None or a.high is not None))


def _exact(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(str(number))


def _number(value: Decimal) -> float:
    """Return a whole number as an int: dollars are counted without rounding."""
    return int(value) if value == value.to_integral_value() else float(value)
