"""Deals: what a group of claims comes to, by which steps it came there, and the only sum of money."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from kg.deal_claims import Claim, Money, agree, latest
from kg.deal_figures import figures, resized, shown
from kg.deal_groups import Grouping
from kg.deal_links import Link
from kg.deal_stages import ENDED, OF_DEALS, UNDATED, UNSURE, changes, now, weight
from kg.model import Amount, Deal


class Book(Grouping):
    """The deals of one cell."""

    def deal(self, claims: list[Claim], links: Iterable[Link] = (), chosen: Claim | None = None) -> dict[str, Any]:
        """Return the deal that the claims (one of `groups`) speak of, as the JSON form of `kg.model.Deal`.

        `links` are those that joined the claims; `chosen` is the claim whose amount a person chose for the deal.
        """
        said = latest(claims)
        wholes = [c for c in claims if c.relation in self.unary]
        is_round = self.is_round(claims)
        sizing = wholes if is_round else claims
        own = self._own_amounts(claims, shown(sizing)) if is_round else {}
        if is_round and not wholes and len(own) == 1 and not said.get("round"):
            sizing = claims  # one investor and no wider round: its money is the deal's
        sizing = [*sizing, chosen] if chosen and chosen not in sizing else sizing
        told, why = figures(sizing, chosen.id if chosen else None)
        parties = sorted({party for c in claims for party in self.parties(c)})
        days = sorted(c.day for c in claims if c.day)
        telling = [c for c in claims if not (wholes and c.relation not in self.unary and _ended(c))]
        stages = changes(telling, OF_DEALS) or [("announced", min(claims, key=lambda c: (c.by or UNDATED, weight(c))))]
        return {
            "id": "d" + min(claims, key=lambda c: c.order).id[1:],
            "kind": self.blocks[claims[0].relation].kind,
            "stage": now(stages),
            "parties": [
                {"entity_id": id, "role": role, "amount": whole_form(own.get((role, id)))} for role, id in parties
            ],
            "amount": told[0]["amount"] if told else None,
            "valuation": whole_form(said.get("valuation")),
            **{name: said.get(name) for name in ("round", "term", "until", "capacity_gw", "percent")},
            "announced": said.get("date"),
            "reported": days[0] if days else None,
            "certain": any(c.certain for c in claims),
            "figures": told,
            "figure_why": why,
            "tranches": _tranches(sizing, told),
            "steps": self._steps(stages, resized(sizing), shares=bool(wholes)),
            "joins": _joins(claims, links),
            "statement_ids": [c.id for c in claims],
        }

    def _steps(self, stages: list[tuple[str, Claim]], sizes: list[Claim], *, shares: bool) -> list[dict[str, Any]]:
        """Return changes of stage and size as the JSON form of `kg.model.Step`, in order of date.

        With `shares` the amount of a claim about one party is its share, not the deal's. A change of size on the day
        of a change of stage is part of that one.
        """
        steps = [_step(stage, c, share=shares and c.relation not in self.unary) for stage, c in stages]
        for c in sizes:
            before = [(stage, s) for stage, s in stages if s.by is not None and s.by <= (c.by or "")]
            if before and before[-1][1].by != c.by:
                steps.append(_step(before[-1][0], c, event="resized"))
        by = {c.id: c.by or UNDATED for c in (*(c for _, c in stages), *sizes)}
        return sorted(steps, key=lambda step: by[step["statement_id"]])

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


def _joins(claims: list[Claim], links: Iterable[Link]) -> list[dict[str, Any]]:
    """Return why each claim but the first is part of the deal, as the JSON form of `kg.model.Join`.

    Each is told with the claim that it was joined to, seen from the deal's first claim.
    """
    near: dict[str, list[tuple[str, str]]] = {}
    for link in links:
        near.setdefault(link.a.id, []).append((link.b.id, link.why))
        near.setdefault(link.b.id, []).append((link.a.id, link.why))
    found: dict[str, dict[str, Any]] = {}
    reached = [c.id for c in claims[:1]]
    for id in reached:
        for other, why in sorted(near.get(id, ())):
            if other not in found and other != claims[0].id:
                found[other] = {"statement_id": other, "to": id, "why": why}
                reached.append(other)
    return [found[c.id] for c in claims if c.id in found]


def _step(stage: str, claim: Claim, *, event: str = "", share: bool = False) -> dict[str, Any]:
    return {
        "stage": stage,
        "event": event,
        "date": claim.stated,
        "reported": claim.day,
        "statement_id": claim.id,
        "amount": None if share else whole_form(claim.amount),
    }


def _tranches(claims: Iterable[Claim], figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the parts in which the shown amount is paid, as the latest certain claim of that amount tells them."""
    shown = figures[0]["amount"] if figures else None
    telling = [c for c in claims if c.attrs.get("tranches") and shown and agree(c.amount, shown)]
    if not telling:
        return []
    last = max(telling, key=lambda c: (c.certain, c.day is not None, c.by or "", c.order))
    return [{**part, "amount": whole_form(part["amount"])} for part in last.attrs["tranches"]]


def _ended(claim: Claim) -> bool:
    return claim.attrs.get("status") in ENDED


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
            low, high = _exact(confirmed_low(deal, amount)), _exact(amount.high)
            confirmed = low or Decimal(0)
            promised = high if high is not None else _exact(amount.low)
            old = sums.get(amount.currency, (Decimal(0), Decimal(0)))
            sums[amount.currency] = (old[0] + confirmed, old[1] + (promised or Decimal(0)))
    return {currency: (_number(a), _number(b)) for currency, (a, b) in sorted(sums.items())}


def confirmed_low(deal: Deal, amount: Amount) -> float | None:
    """Return what of one of a deal's amounts is sure: the low end, of "up to" the parts that depend on nothing.

    None where nothing is: of a deal that is rumored, planned or in talks, or of which only a limit is stated.
    """
    if deal.stage in UNSURE:
        return None
    if amount.low is not None or amount != deal.amount:
        return amount.low
    parts = [p for p in deal.tranches if p.condition is None and p.status not in (*UNSURE, *ENDED)]
    paid = [_exact(p.amount.low) or Decimal(0) for p in parts if p.amount.currency == amount.currency]
    return _number(sum(paid, Decimal(0))) if any(paid) else None


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
