"""Money: which amount is the price of which deal, and which belongs to a round as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.variants import word_list
from ingest.view import Claim, Found, Near
from kg.model import Amount

# Hints of an amount that make it no price of a deal.
NO_DEAL = frozenset({"price", "valuation", "revenue", "capex", "profit", "legal", "pay", "vague"})
SECOND = frozenset({"earlier", "old_level"})  # a second amount that opens a second fact
MONEY = frozenset({"invested_in", "raised", "acquired", "commits_spend", "lent_to", "owns_stake"})
UNMARKED = 6.0  # words that an amount stands farther away if the network does not mark it as one of a fact


class Money:
    """Gives amounts and valuations to the deals of a view; `spent` holds the first words of what it gave."""

    def __init__(self, near: Near) -> None:
        self.near = near
        self.spent: set[int] = set()
        self.opened: set[int] = set()
        self.places: dict[int, Found] = {}  # claim's id → where its amount stands

    def give(self) -> None:
        """Give each amount to the nearest claim that takes money, and each claim its nearest amount."""
        offers = []
        for n, claim in enumerate(self.near.claims):
            if claim.relation not in MONEY:
                continue
            wide = claim.relation in ("raised", "commits_spend")
            for distance, found in self.near.near(claim, {"money"}, wide=wide):
                fine = self._fits(claim, found)
                if fine is not None:
                    offers.append((distance + fine, n, found))
        given: set[int] = set()
        owner: dict[int, list[Claim]] = {}
        for _, n, found in sorted(offers, key=lambda x: (x[0], x[1], x[2].first)):
            claim = self.near.claims[n]
            others = owner.get(found.first, [])
            if n in given or not all(self._may_share(claim, other) for other in others):
                continue
            claim.give("amount", found.quantity.value, found)
            self.places[id(claim)] = found
            given.add(n)
            self.spent.add(found.first)
            owner.setdefault(found.first, []).append(claim)
        self._rounds_money()
        self._valuations()

    def _fits(self, claim: Claim, found: Found) -> float | None:
        """Return the extra distance of an amount for a claim by its hints, None where it cannot be its amount."""
        hints = found.hints
        if not isinstance(found.quantity.value, Amount):
            return None
        if claim.relation == "owns_stake":
            return 0.0 if "valuation" in hints else None
        worth = "valuation" in hints and claim.relation in ("acquired", "commits_spend", "lent_to")
        if hints & NO_DEAL - ({"valuation"} if worth else set()):
            return None
        if "fund" in hints and claim.relation not in ("raised", "invested_in"):
            return None
        if "debt" in hints and claim.relation not in ("lent_to", "raised"):
            return 8.0
        extra = (25.0 if "total" in hints else 0.0) + (8.0 if worth else 0.0)
        extra += 0.0 if found.mark == "amount" else UNMARKED
        return extra + (15.0 if hints & SECOND else 0.0)

    def _may_share(self, claim: Claim, other: Claim) -> bool:
        """Return whether two claims may speak of one amount: a round and its investor, partners in one purchase."""
        if {claim.relation, other.relation} == {"raised", "invested_in"}:
            return claim.object == other.object or self.near.same(claim.object, other.object)
        if claim.relation != other.relation:
            return {claim.relation, other.relation} <= {
                "invested_in",
                "owns_stake",
                "commits_spend",
                "lent_to",
                "raised",
            }
        return claim.object == other.object or claim.subject == other.subject

    def _rounds_money(self) -> None:
        """An amount of a round or loan belongs to one investor only if it is the only one, and not only its leader."""
        for claim in self.near.claims:
            if claim.relation not in ("invested_in", "lent_to") or "amount" not in claim.attrs:
                continue
            same = [
                c for c in self.near.claims if c.relation == claim.relation and self.near.same(c.object, claim.object)
            ]
            others = {self.near.name(c.subject) for c in same}
            raised = any(
                c.relation == "raised"
                and self.near.same(c.object, claim.object)
                and c.attrs.get("amount") == claim.attrs["amount"]
                for c in self.near.claims
            )
            alone = len(others) == 1 and claim.lead < 0.5 and not self._backs(claim)
            shared = sum(c.attrs.get("amount") == claim.attrs["amount"] for c in same) > 1
            if raised and not alone and self._gave(claim):
                self._no_whole(claim)
            elif (raised and not alone) or (not raised and shared and len(others) > 1):
                claim.attrs["shared_amount"] = claim.attrs.pop("amount")
        for claim in self.near.claims:
            claim.attrs.pop("shared_amount", None)

    def _gave(self, claim: Claim) -> bool:
        """Return whether the sentence says that the investor itself puts in the sum ("X put $400 million into Y")."""
        found, view = self.places.get(id(claim)), self.near.view
        first = view.mentions[claim.subject][1] + 1
        if found is None or not first <= found.first < view.mentions[claim.object][0]:
            return False
        between = [w.text.casefold() for w in view.words[first : found.first]]
        return len(between) <= 6 and not word_list("gives").isdisjoint(between)

    def _no_whole(self, claim: Claim) -> None:
        """Take an investor's own sum from the rounds of its firm that took it for theirs."""
        for c in self.near.claims:
            shared = self.places.get(id(c)) is self.places[id(claim)]
            if c.relation == "raised" and shared and self.near.same(c.object, claim.object):
                c.attrs.pop("amount", None)

    def _backs(self, claim: Claim) -> bool:
        """Return whether the investor is only told beside the firm: "Ardenport-backed Corvanta raised $16M"."""
        last = self.near.view.mentions[claim.subject][1]
        after = [w.text.casefold() for w in self.near.view.words[last + 1 : last + 3]]
        return after in (["-", "backed"], ["‑", "backed"], ["–", "backed"])

    def _valuations(self) -> None:
        for claim in self.near.claims:
            if claim.relation not in ("raised", "invested_in"):
                continue
            rivals = [
                c for c in self.near.claims if c.relation == "raised" and not self.near.same(c.object, claim.object)
            ]
            for distance, found in self.near.near(claim, {"money"}, wide=claim.relation == "raised"):
                if any(self.near.prefers(c, found, distance) for c in rivals):
                    continue
                if "valuation" in found.hints and isinstance(found.quantity.value, Amount):
                    if claim.relation == "invested_in" and self._has_round(claim):
                        break
                    claim.give("valuation", found.quantity.value, found)
                    break

    def _has_round(self, claim: Claim) -> bool:
        return any(c.relation == "raised" and self.near.same(c.object, claim.object) for c in self.near.claims)

    def second(self, claim: Claim) -> Iterator[Claim]:
        """Yield the fact that a second amount opens: "on top of the $8 billion previously invested"."""
        if claim.relation not in MONEY or "amount" not in claim.attrs:
            return
        used = {id(c.attrs.get("amount")) for c in self.near.claims}
        for _, found in self.near.near(claim, {"money"}):
            hints, value = found.hints, found.quantity.value
            if not hints & SECOND or hints & NO_DEAL or not isinstance(value, Amount) or id(value) in used:
                continue
            if "total" in hints or value == claim.attrs["amount"] or found.first in self.opened:
                continue
            if "old_level" in hints and claim.relation not in ("commits_spend", "invested_in"):
                continue
            self.opened.add(found.first)
            more = claim.twin()
            more.give("amount", value, found)
            more.give("status", "completed")
            yield more
            return
