"""Qualifiers: which of the amounts, dates, rounds and roles around a related pair belong to its fact."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ingest import tranches
from ingest.attribution import attributed_to
from ingest.features import Span, pair_type
from ingest.metrics import Metrics
from ingest.money import Money
from ingest.status import DEALS, is_current, is_past, status_of
from ingest.variants import word_list
from ingest.view import ELSEWHERE, ROUNDS, Claim, Found, Near, Part, View, away, span_gap
from kg.dates import resolve

DATED = frozenset({
    "invested_in", "raised", "acquired", "commits_spend", "partnered_with", "licenses", "lent_to", "developed", "sued",
})  # fmt: skip
MARKED = 40  # words to a date that the network marks as one of a fact
LASTING = frozenset({"commits_spend", "licenses", "lent_to", "partnered_with"})  # "through 2032" is when it ends
_FOUNDED = re.compile(r"\b(?:co-?)?(?:founded|started|established|incorporated)\b(?:(?! rais| clos| round|;).){0,50}$")
_IN_TITLE = frozenset({"the", "its", "a", "an", "their", "and", "&", "-", "co", "founder", "cofounder", "founding"})
SENTENCES = ("claim", "antecedent")
_ROUND = re.compile(r"(?:The|This|That|Its|Their)\b[^.,;]{0,60}\b(?:round|financing|raise|fundraise)\b[^.;]{0,40}$")
REACH = {"developed": 9, "commits_spend": 10, "licenses": 10, "partnered_with": 10}  # words to a date; 16 elsewhere


def link(view: View, claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims with their qualifiers, and the further ones that second amounts and metrics open."""
    near = Near(view, claims)
    money = Money(near)
    money.give()
    metrics = Metrics(near, money.spent)
    others = _Others(near)
    out: list[Claim] = []
    for claim in claims:
        if claim.relation == "reports_metric":
            out += metrics.of(claim)
            continue
        others.give(claim)
        if claim.relation in DEALS:
            claim.give("tranches", tranches.of(view, claim))
            claim.give("attributed_to", attributed_to(view, claim))
        out.append(claim)
        out += money.second(claim)
    return out


class _Others:
    """Gives a claim its round, share, term, capacity, score, role, status and date."""

    def __init__(self, near: Near) -> None:
        self.near = near

    def give(self, claim: Claim) -> None:
        r = claim.relation
        if r in ROUNDS:
            self._take(claim, "round", "round", wide=r == "raised")
            if r == "invested_in" and claim.lead >= 0.5:
                claim.give("lead", True)
        if r == "owns_stake":
            self._exclusive(claim, "percent", "percent", lambda f: not f.hints & {"change"})
        if r == "commits_spend":
            self._take(claim, "term", "term", wide=True)
            self._take(claim, "capacity_gw", "gw", wide=True)
        if r == "scored":
            self._score(claim)
        if r == "outperforms":
            self._benchmark(claim)
        if r == "works_at":
            self._role(claim)
        status = status_of(self.near.view, claim)
        amount = claim.attrs.get("amount")
        promised = amount is not None and amount.qualifier == "up_to"  # never cash: what is paid is another figure
        claim.give("status", "announced" if promised and status == "completed" else status)
        self._date(claim)

    def _take(self, claim: Claim, name: str, kind: str, *, wide: bool = False) -> None:
        for distance, found in self.near.near(claim, {kind}, wide=wide):
            rivals = [
                c
                for c in self.near.claims
                if c.relation == claim.relation and not self.near.same(c.object, claim.object)
            ]
            if found.quantity.value is None or any(self.near.prefers(c, found, distance) for c in rivals):
                continue
            claim.give(name, found.quantity.value, found)
            return

    def _exclusive(self, claim: Claim, name: str, kind: str, fits: Any) -> None:
        rivals = [
            c for c in self.near.claims
            if c.relation == claim.relation and c is not claim and not (
                self.near.same(c.object, claim.object) and self.near.same(c.subject, claim.subject)
            )
        ]  # fmt: skip
        for distance, found in self.near.near(claim, {kind}):
            if found.quantity.value is None or not fits(found):
                continue
            if any(self.near.prefers(c, found, distance) for c in rivals):
                continue
            claim.give(name, found.quantity.value, found)
            return

    def _score(self, claim: Claim) -> None:
        """Give a score the value nearest to its model and benchmark, in the order in which they stand."""
        model, bench = self.near.view.mentions[claim.subject], self.near.view.mentions[claim.object]
        best: tuple[float, Found] | None = None
        for found in self.near.view.quantities:
            kind = found.quantity.kind
            if kind not in ("percent", "score", "rank") or found.part not in self.near.places(claim):
                continue
            if found.hints & {"change", "earlier"} or found.quantity.value is None:
                continue
            cost = min(away(found, bench), away(found, bench) if model[0] < bench[0] else away(found, model))
            cost = min(cost, away(found, model) * 1.2)
            cost += 0.3 * away(found, model) + (6 if "bare" in found.hints else 0) + (3 if kind == "rank" else 0)
            cost -= 6 if found.mark == "value" else 0
            cost += 5 * self._crossed(found, bench, claim)
            if best is None or cost < best[0]:
                best = (cost, found)
        if best is not None:
            q = best[1].quantity
            claim.give("value", q.value, best[1])
            claim.give("unit", {"percent": "percent", "score": "points", "rank": "rank"}[q.kind])

    def _crossed(self, found: Found, bench: Span, claim: Claim) -> int:
        """Return how many other benchmarks or values stand between a value and its benchmark."""
        low, high = min(found.last, bench[1]), max(found.first, bench[0])
        names = sum(1 for m in self.near.view.mentions if m[2] in ("benchmark", "model") and low < m[0] < high)
        values = sum(
            1 for f in self.near.view.quantities if f.quantity.kind in ("percent", "score") and low < f.first < high
        )
        return names + values

    def _benchmark(self, claim: Claim) -> None:
        """`on`: the only benchmark of the sentence, or the nearest after the pair."""
        places = self.near.places(claim)
        names = [
            m for k, m in enumerate(self.near.view.mentions) if m[2] == "benchmark" and self.near.view.part(k) in places
        ]
        if names:
            later = max(self.near.view.mentions[claim.subject][1], self.near.view.mentions[claim.object][1])
            m = min(names, key=lambda m: abs(m[0] - later))
            if abs(m[0] - later) <= 25:
                claim.give("on", self.near.view.text(m[0], m[1]))

    def _role(self, claim: Claim) -> None:
        current = is_current(self.near.view, claim)
        claim.give("current", current)
        person = self.near.view.mentions[claim.subject]
        under = person[0] > 0 and self.near.view.words[person[0] - 1].text.casefold() == "under"
        if under or is_past(self.near.view, claim):
            return  # "CTO Jane Doe was at Acme": what she is now, not there; "as COO under John Roe": not his role
        firm = self.near.view.mentions[claim.object]
        places = self.near.places(claim)
        best: tuple[float, tuple[int, int]] | None = None
        people = [m for m in self.near.view.mentions if pair_type(m[2]) in ("person", "handle")]
        for first, last in self.near.view.roles():
            if not any(self.near.view.parts[p].first <= first < self.near.view.parts[p].last for p in places):
                continue
            owner = self._holder(first, last)
            if owner is not None and not self.near.same(owner, claim.subject):
                continue
            gap = min(span_gap((first, last), person), 0.6 * span_gap((first, last), firm) + 2)
            nearer = any(span_gap((first, last), m) + 2 < span_gap((first, last), person) for m in people)
            cost = gap + (8 if nearer else 0)
            if cost < 22 and (best is None or cost < best[0]):
                best = (cost, (first, last))
        if best is not None:
            first, last = best[1]
            claim.give("role", self.near.view.text(first, self._whole_role(last, firm)))

    def _holder(self, first: int, last: int) -> int | None:
        """Return the person whose title or apposition a role is ("CTO Mara Quint", "Mara Quint, its CTO"), if one."""
        words = [w.text.casefold() for w in self.near.view.words]
        if words[last].endswith("s"):
            return None  # "co-founders Mara Quint and Tobias Renner"
        people = {k: m for k, m in enumerate(self.near.view.mentions) if m[2] == "person"}
        before = first - 1
        while before > 0 and (words[before] in _IN_TITLE or words[before] in word_list("post")):
            before -= 1
        titled = next((k for k, m in people.items() if m[0] == last + 1), None)
        apposed = next((k for k, m in people.items() if m[1] == before - 1 and words[before] in (",", "(")), None)
        return titled if titled is not None else apposed

    def _whole_role(self, last: int, firm: Span) -> int:
        """Return the last word of a role with the unit it is held in ("CEO of Apps at OpenAI")."""
        words = [w.text.casefold() for w in self.near.view.words[last + 1 : last + 6]]
        if words[:1] == ["of"] and "at" in words and last + 2 + words.index("at") == firm[0] and firm[0] > last + 3:
            return last + words.index("at")
        return last

    def _date(self, claim: Claim) -> None:
        if claim.relation not in DATED:
            return
        rivals = [c for c in self.near.claims if c.relation in DATED and not self._one_deal(c, claim)]
        places, figures = self.near.places(claim), set(claim.parts.values())
        for distance, found in self.near.near(claim, {"date", "period"}, wide=True):
            marked = found.mark == "date"
            if found.part not in places | figures and not marked:
                continue
            if found.part in figures - places:
                distance -= ELSEWHERE  # the claim stands there, only its name is a heading or label
            if claim.relation == "invested_in" and self._of_another(claim, found):
                continue
            reach = MARKED if marked else REACH.get(claim.relation, 16)
            if distance > reach or any(self.near.distance(c, found) < distance - 2 for c in rivals):
                continue
            words = found.quantity.text
            value = resolve(words, self.near.view.published)
            if "until" in found.hints and claim.attrs.get("status") not in ("delayed", "planned"):
                if claim.relation in LASTING:
                    claim.give("until", value, found)
                continue
            if value is None or (claim.relation in ROUNDS and self._founding(found)):
                continue
            self._dated(claim, found, value)
            return
        if claim.relation in ROUNDS:
            self._round_date(claim)

    def _one_deal(self, a: Claim, b: Claim) -> bool:
        """Return whether two claims may be of one deal: the same pair, or a round and who takes part in it."""
        rounds = a.relation in ROUNDS and b.relation in ROUNDS
        return self.near.same(a.object, b.object) and (rounds or self.near.same(a.subject, b.subject))

    def _of_another(self, claim: Claim, found: Found) -> bool:
        """Return whether a date stands in another sentence than the investor, where other deals are told."""
        part = self.near.view.part
        return found.part != part(claim.subject) and any(
            part(c.subject) == found.part for c in self.near.claims if c is not claim and c.relation in ROUNDS
        )

    def _founding(self, found: Found) -> bool:
        """Return whether a date says when a firm began ("started Acme in May 2023 and had raised …")."""
        front = self.near.view.text(self.near.view.parts[found.part].first, found.first)
        return _FOUNDED.search(front) is not None

    def _round_date(self, claim: Claim) -> None:
        """Give a claim the date of its round that a sentence before it states ("The round closed on 3 May.")."""
        view, here = self.near.view, max(self.near.places(claim) | set(claim.parts.values()))
        for found in reversed(view.quantities):
            if found.quantity.kind != "date" or found.part >= here or view.parts[found.part].role not in SENTENCES:
                continue
            value = resolve(found.quantity.text, view.published)
            front = view.text(view.parts[found.part].first, found.first)
            if value is not None and "until" not in found.hints and _ROUND.match(front):
                self._dated(claim, found, value)
                return

    @staticmethod
    def _dated(claim: Claim, found: Found, value: str) -> None:
        claim.give("date", value, found)
        if resolve(found.quantity.text, None) != value:
            claim.words["date"] = found.quantity.text


__all__ = ["Claim", "Part", "View", "link"]
