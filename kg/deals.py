"""Deals: what a group of claims comes to, how far it has come and by which steps, and the only sum of money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from kg.deal_claims import Claim, Money, agree, latest
from kg.deal_groups import ENDED, Grouping
from kg.model import Amount, Deal

# How far a thing has come, by what a statement says of it; later words never lead back, but a denial may follow any.
STEPS = (
    "rumored", "in_talks", "planned", "delayed", "previewed", "announced", "rolling_out", "completed", "released",
)  # fmt: skip
UNSURE = ("rumored", "in_talks", "planned", "delayed")
# What other words for a stage mean of a deal; a deal has no others than STAGES.
STAGES = ("rumored", "in_talks", "planned", "announced", "completed", *ENDED)
OF_DEALS = {
    **{s: s for s in STAGES}, "closed": "completed", "released": "completed", "rolling_out": "completed",
    "previewed": "announced", "delayed": "planned",
}  # fmt: skip
_RANK = {status: rank for rank, status in enumerate((*STEPS, *ENDED))}
_ITSELF = {status: status for status in _RANK}
UNDATED = "~"  # sorts after all days


def changes(claims: Iterable[Claim], words: Mapping[str, str] = _ITSELF) -> list[tuple[str, Claim]]:
    """Return the changes of stage that the claims tell, each with the claim it rests on, in order of date.

    The date is the stated one, else that of the issue. Of what is told of one day the furthest counts, and an end
    after it. Claims of undated issues order nothing: they stand last, where they tell of more than the dated ones.
    `words` says which stage a status means.
    """
    days: dict[str, dict[str, Claim]] = {}
    for c in sorted(claims, key=_weight):
        if (status := str(c.attrs.get("status"))) in words:
            days.setdefault(c.by or UNDATED, {}).setdefault(words[status], c)
    out: list[tuple[str, Claim]] = []
    for day, told in sorted(days.items()):
        for some in (told.keys() - {*ENDED}, told.keys() & {*ENDED}):
            new, now = max(some, key=_RANK.__getitem__, default=""), out[-1][0] if out else ""
            again = now in ENDED and new != now and day != UNDATED
            if new and (not now or again or _RANK[new] > _RANK[now]):
                out.append((new, told[new]))
    return out


def _weight(claim: Claim) -> tuple[Any, ...]:
    """Return what is preferred among claims of one stage and day: what speaks of the whole, and names an amount."""
    return (claim.subject != claim.object, not claim.amount, *claim.order)


def _ended(claim: Claim) -> bool:
    return claim.attrs.get("status") in ENDED


def _now(told: list[tuple[str, Claim]]) -> str:
    """Return the stage after the changes; undated ones speak where no dated one does."""
    dated = [stage for stage, c in told if c.by is not None]
    return (dated or [stage for stage, _ in told] or [""])[-1]


def stage(claims: Iterable[Claim], default: str = "") -> str:
    """Return how far the claims say it has come. Later words never lead back, but out of an end they do."""
    return _now(changes(claims)) or default


class Book(Grouping):
    """The deals of one cell."""

    def deal(self, claims: list[Claim]) -> dict[str, Any]:
        """Return the deal that the claims (one of `groups`) speak of, as the JSON form of `kg.model.Deal`."""
        said = latest(claims)
        wholes = [c for c in claims if c.relation in self.unary]
        is_round = self.is_round(claims)
        whole = latest(wholes).get("amount") if wholes else None
        own = self._own_amounts(claims, whole) if is_round else {}
        amount = whole if is_round else said.get("amount")
        if is_round and not wholes and len(own) == 1 and not said.get("round"):
            amount = next(iter(own.values()))  # one investor and no wider round: its money is the deal's
        parties = sorted({party for c in claims for party in self.parties(c)})
        days = sorted(c.day for c in claims if c.day)
        telling = [c for c in claims if not (wholes and c.relation not in self.unary and _ended(c))]
        told = changes(telling, OF_DEALS) or [("announced", min(claims, key=lambda c: (c.by or UNDATED, _weight(c))))]
        return {
            "id": "d" + min(claims, key=lambda c: c.order).id[1:],
            "kind": self.blocks[claims[0].relation].kind,
            "stage": _now(told),
            "parties": [
                {"entity_id": id, "role": role, "amount": whole_form(own.get((role, id)))} for role, id in parties
            ],
            "amount": whole_form(amount),
            "valuation": whole_form(said.get("valuation")),
            **{name: said.get(name) for name in ("round", "term", "until", "capacity_gw", "percent")},
            "announced": said.get("date"),
            "reported": days[0] if days else None,
            "certain": any(c.certain for c in claims),
            "steps": [self._step(stage, c, share=bool(wholes) and c.relation not in self.unary) for stage, c in told],
            "statement_ids": [c.id for c in claims],
        }

    def _step(self, stage: str, claim: Claim, *, share: bool) -> dict[str, Any]:
        """Return a step as the JSON form of `kg.model.Step`; the amount of one party's share is not the deal's."""
        return {
            "stage": stage,
            "date": claim.stated,
            "reported": claim.day,
            "statement_id": claim.id,
            "amount": None if share else whole_form(claim.amount),
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


def worth(deal: Deal) -> Amount | None:
    """Return the amount that a deal is listed with: its own, else what its parties' shares come to at least.

    None where nothing is stated, or shares in several currencies.
    """
    found = sizes(deal)
    if len(found) < 2 or len({a.currency for a in found}) > 1:
        return found[0] if len(found) == 1 else None
    ((currency, (low, high)),) = total([deal.model_copy(update={"stage": "announced", "certain": True})]).items()
    if not low:
        return Amount(high=high, currency=currency, qualifier="up_to")
    return Amount(low=low, currency=currency, qualifier="at_least")


def sizes(deal: Deal) -> tuple[Amount, ...]:
    """Return the amounts that a deal counts with: its own, else those stated for its parties alone."""
    found = (deal.amount,) if deal.amount is not None else tuple(p.amount for p in deal.parties)
    return tuple(a for a in found if a is not None and (a.low is not None or a.high is not None))


def _exact(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(str(number))


def _number(value: Decimal) -> float:
    """Return a whole number as an int: dollars are counted without rounding."""
    return int(value) if value == value.to_integral_value() else float(value)
