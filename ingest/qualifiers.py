"""Qualifiers: which of the amounts, dates, rounds and roles around a related pair belong to its fact."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ingest.features import Span, pair_type
from ingest.quantities import Quantity, Tok, find
from ingest.status import is_current, status_of
from kg.dates import period as resolve_period
from kg.dates import resolve
from kg.model import Amount

# Hints of an amount that make it no price of a deal.
NO_DEAL = frozenset({"price", "valuation", "revenue", "capex", "profit", "legal", "pay", "vague"})
SECOND = frozenset({"earlier", "old_level"})  # a second amount that opens a second fact
MONEY = frozenset({"invested_in", "raised", "acquired", "commits_spend", "lent_to", "owns_stake"})
FAR = 45  # words: beyond it a quantity is left alone


@dataclass(frozen=True)
class Part:
    """A stretch of a unit: its words (end exclusive) and the part it plays (claim, heading, label, header, antecedent)."""

    first: int
    last: int
    role: str = "claim"


@dataclass(frozen=True)
class Found:
    """A quantity at its words in the unit (inclusive)."""

    quantity: Quantity
    first: int
    last: int
    part: int


@dataclass
class View:
    """A unit as the rules see it: words, parts, mentions, role words, and the quantities of each part."""

    words: Sequence[Tok]
    parts: Sequence[Part]
    mentions: Sequence[Span]
    roles: Sequence[tuple[int, int]] = ()
    published: str | None = None
    quantities: list[Found] = field(default_factory=list)

    def __post_init__(self) -> None:
        for n, part in enumerate(self.parts):
            for q in find(self.words[part.first : part.last]):
                found = Found(q, q.first + part.first, q.last + part.first, n)
                if not self._inside_name(found):
                    self.quantities.append(found)

    def _inside_name(self, found: Found) -> bool:
        return any(m[0] <= found.first and found.last <= m[1] for m in self.mentions)

    def part(self, mention: int) -> int:
        """Return the number of the part that holds a mention."""
        at = self.mentions[mention][0]
        return next(n for n, p in enumerate(self.parts) if p.first <= at < p.last)

    def text(self, first: int, last: int) -> str:
        """Return the words of a stretch (inclusive), glued as in the text."""
        out = ""
        for k in range(first, last + 1):
            glue = k == first or self.words[k - 1].end == self.words[k].start
            out += ("" if glue else " ") + self.words[k].text
        return out


@dataclass
class Claim:
    """A related pair of mentions before and after its qualifiers are linked."""

    subject: int
    relation: str
    object: int
    confidence: float = 1.0
    status: dict[str, float] = field(default_factory=dict)
    lead: float = 0.0
    former: float = 0.0
    attrs: dict[str, Any] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)  # which part a qualifier was read from

    def give(self, name: str, value: Any, found: Found | None = None) -> None:
        """Set a qualifier that has a value and is not set yet."""
        if value is not None and name not in self.attrs:
            self.attrs[name] = value
            if found is not None:
                self.parts[name] = found.part

    def twin(self) -> Claim:
        """Return a claim of the same pair without qualifiers."""
        return Claim(
            self.subject, self.relation, self.object, self.confidence, dict(self.status), self.lead, self.former
        )


def link(view: View, claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims with their qualifiers, and the further ones that second amounts and metrics open."""
    linker = _Linker(view, claims)
    return list(linker.run())


class _Linker:
    def __init__(self, view: View, claims: Sequence[Claim]) -> None:
        self.view = view
        self.claims = claims
        self.taken: set[tuple[Any, ...]] = set()
        self.spent: set[int] = set()  # the first words of amounts that are a deal's

    def run(self) -> Iterator[Claim]:
        self._money()
        for claim in self.claims:
            relation = claim.relation
            if relation == "reports_metric":
                yield from self._metrics(claim)
                continue
            self._plain(claim)
            claim.give("status", status_of(self.view, claim))
            self._date(claim)
            yield claim
            yield from self._second(claim)

    # where a claim stands

    def places(self, claim: Claim) -> set[int]:
        """Return the parts that hold the claim: those of its mentions."""
        return {self.view.part(claim.subject), self.view.part(claim.object)}

    def distance(self, claim: Claim, found: Found) -> float:
        """Return how far a quantity is from a claim, in words; what stands after its names is nearer."""
        best = float(FAR)
        for k in {claim.subject, claim.object}:
            first, last, _ = self.view.mentions[k]
            gap = found.first - last if found.first > last else (first - found.last) * 1.4
            best = min(best, gap)
        between = self._between(claim, found)
        return best * 0.7 if between else best

    def _between(self, claim: Claim, found: Found) -> bool:
        a, b = self.view.mentions[claim.subject], self.view.mentions[claim.object]
        return min(a[1], b[1]) < found.first and found.last < max(a[0], b[0])

    def near(self, claim: Claim, kinds: Iterable[str], *, wide: bool = False) -> list[tuple[float, Found]]:
        """Return the quantities of these kinds in the claim's parts, nearest first; `wide` looks at the others too."""
        wanted, places = set(kinds), self.places(claim)
        out = []
        for found in self.view.quantities:
            if found.quantity.kind not in wanted:
                continue
            if found.part in places:
                out.append((self.distance(claim, found), found))
            elif wide and abs(found.part - max(places)) <= 1:
                out.append((self.distance(claim, found) + 12, found))
        return sorted((x for x in out if x[0] < FAR), key=lambda x: (x[0], x[1].first))

    # money

    def _money(self) -> None:
        """Give each amount to the nearest claim that takes money, and each claim its nearest amount."""
        offers = []
        for n, claim in enumerate(self.claims):
            if claim.relation not in MONEY:
                continue
            wide = claim.relation in ("raised", "commits_spend")
            for distance, found in self.near(claim, {"money"}, wide=wide):
                fine = self._fits(claim, found)
                if fine is not None:
                    offers.append((distance + fine, n, found))
        given: set[int] = set()
        owner: dict[int, list[Claim]] = {}
        for _, n, found in sorted(offers, key=lambda x: (x[0], x[1], x[2].first)):
            claim = self.claims[n]
            others = owner.get(found.first, [])
            if n in given or not all(self._may_share(claim, other) for other in others):
                continue
            claim.give("amount", found.quantity.value, found)
            given.add(n)
            self.spent.add(found.first)
            owner.setdefault(found.first, []).append(claim)
        self._rounds_money()
        self._valuations()

    def _fits(self, claim: Claim, found: Found) -> float | None:
        """Return the extra distance of an amount for a claim by its hints, None where it cannot be its amount."""
        hints = found.quantity.hints
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
        return extra + (15.0 if hints & SECOND else 0.0)

    def _may_share(self, claim: Claim, other: Claim) -> bool:
        """Return whether two claims may speak of one amount: a round and its investor, partners in one purchase."""
        if {claim.relation, other.relation} == {"raised", "invested_in"}:
            return claim.object == other.object or self._same(claim.object, other.object)
        if claim.relation != other.relation:
            return {claim.relation, other.relation} <= {
                "invested_in",
                "owns_stake",
                "commits_spend",
                "lent_to",
                "raised",
            }
        return claim.object == other.object or claim.subject == other.subject

    def _same(self, a: int, b: int) -> bool:
        return self.name(a) == self.name(b)

    def name(self, mention: int) -> str:
        first, last, _ = self.view.mentions[mention]
        return self.view.text(first, last).casefold()

    def _rounds_money(self) -> None:
        """An amount of a round or loan belongs to one investor only if it is the only one, and not only its leader."""
        for claim in self.claims:
            if claim.relation not in ("invested_in", "lent_to") or "amount" not in claim.attrs:
                continue
            same = [c for c in self.claims if c.relation == claim.relation and self._same(c.object, claim.object)]
            others = {self.name(c.subject) for c in same}
            raised = any(
                c.relation == "raised"
                and self._same(c.object, claim.object)
                and c.attrs.get("amount") == claim.attrs["amount"]
                for c in self.claims
            )
            alone = len(others) == 1 and claim.lead < 0.5
            shared = sum(c.attrs.get("amount") == claim.attrs["amount"] for c in same) > 1
            if (raised and not alone) or (not raised and shared and len(others) > 1):
                claim.attrs["shared_amount"] = claim.attrs.pop("amount")
        for claim in self.claims:
            claim.attrs.pop("shared_amount", None)

    def _valuations(self) -> None:
        for claim in self.claims:
            if claim.relation not in ("raised", "invested_in"):
                continue
            for _, found in self.near(claim, {"money"}, wide=claim.relation == "raised"):
                if "valuation" in found.quantity.hints and isinstance(found.quantity.value, Amount):
                    if claim.relation == "invested_in" and self._has_round(claim):
                        break
                    claim.give("valuation", found.quantity.value, found)
                    break

    def _has_round(self, claim: Claim) -> bool:
        return any(c.relation == "raised" and self._same(c.object, claim.object) for c in self.claims)

    def _second(self, claim: Claim) -> Iterator[Claim]:
        """Yield the fact that a second amount opens: "on top of the $8 billion previously invested"."""
        if claim.relation not in MONEY or "amount" not in claim.attrs:
            return
        used = {id(c.attrs.get("amount")) for c in self.claims}
        for _, found in self.near(claim, {"money"}):
            hints, value = found.quantity.hints, found.quantity.value
            if not hints & SECOND or hints & NO_DEAL or not isinstance(value, Amount) or id(value) in used:
                continue
            if "total" in hints or value == claim.attrs["amount"] or (found.first, "second") in self.taken:
                continue
            if "old_level" in hints and claim.relation not in ("commits_spend", "invested_in"):
                continue
            self.taken.add((found.first, "second"))
            more = claim.twin()
            more.give("amount", value, found)
            more.give("status", "completed")
            yield more
            return

    # metrics

    def _metrics(self, claim: Claim) -> Iterator[Claim]:
        """Yield one claim for each stated figure of revenue, capex, valuation, users or headcount that is its own."""
        for found in self.view.quantities:
            if found.quantity.kind not in ("money", "number") or self.view.parts[found.part].role != "claim":
                continue
            metric, plain = self._metric(found)
            if metric is None or self._owner(found, METRIC_REACH if plain else WEAK_REACH) is not claim:
                continue
            made = claim.twin()
            made.give("metric", metric)
            self._period(made, found)
            if "old_level" in found.quantity.hints and "period" not in made.attrs:
                continue  # where it came from, and no word when that was
            value = found.quantity.value
            made.give("amount" if isinstance(value, Amount) else "value", value, found)
            key = (self.name(claim.subject), metric, str(value), made.attrs.get("period"))
            if key not in self.taken:
                self.taken.add(key)
                yield made

    def _owner(self, found: Found, reach: int) -> Claim | None:
        """Return the metric claim whose name stands nearest to a figure, best before it and in its sentence."""
        best: tuple[float, Claim] | None = None
        for claim in self.claims:
            if claim.relation != "reports_metric":
                continue
            for k, (first, last, _) in enumerate(self.view.mentions):
                if not self._same(k, claim.subject):
                    continue
                gap = found.first - last if found.first > last else (first - found.last) * 1.6
                cost = gap + 6 * (self.view.part(k) != found.part)
                if best is None or cost < best[0]:
                    best = (cost, claim)
        return best[1] if best is not None and best[0] < reach else None

    def _prefers(self, rival: Claim, found: Found, distance: float) -> bool:
        return found.part in self.places(rival) and self.distance(rival, found) < distance

    def _metric(self, found: Found) -> tuple[str | None, bool]:
        """Return the metric that a figure is of, and whether the words next to it say so plainly."""
        q = found.quantity
        if q.kind == "number":
            around = self._around(found, 4, 6)
            if _USERS.search(around):
                return "users", True
            return ("headcount", True) if _STAFF.search(around) else (None, False)
        if not isinstance(q.value, Amount):
            return None, False
        for hint in ("capex", "valuation", "revenue"):
            if hint in q.hints:
                return hint, True
        if q.hints & (NO_DEAL | {"debt", "fund"}) or found.first in self.spent:
            return None, False
        around = self._around(found, 10, 6)
        for metric, cue in (("revenue", _REVENUE), ("capex", _CAPEX), ("valuation", _VALUE)):
            if cue.search(around):
                return metric, False
        return None, False

    def _around(self, found: Found, left: int, right: int) -> str:
        part = self.view.parts[found.part]
        return self.view.text(max(part.first, found.first - left), min(part.last - 1, found.last + right))

    def _period(self, claim: Claim, found: Found) -> None:
        part = self.view.parts[found.part]
        times = [f for f in self.view.quantities if f.part == found.part and f.quantity.kind in ("date", "period")]
        figures = [f for f in self.view.quantities if f.part == found.part and f.quantity.kind in ("money", "number")]
        for time in sorted(times, key=lambda f: _gap(f, found)):
            nearest = min(figures, key=lambda f: _gap(time, f))
            if nearest is not found and _gap(time, nearest) < _gap(time, found) - 1 or _gap(time, found) > 14:
                continue
            words = time.quantity.text
            value = resolve_period(words, self.view.published)
            if value:
                claim.give("period", value, time)
                if resolve_period(words, None) != value:
                    claim.words["period"] = words
                return
        del part

    # the other qualifiers

    def _plain(self, claim: Claim) -> None:
        r = claim.relation
        if r in ("raised", "invested_in"):
            self._take(claim, "round", "round", wide=r == "raised")
            if r == "invested_in" and claim.lead >= 0.5:
                claim.give("lead", True)
        if r == "owns_stake":
            self._exclusive(claim, "percent", "percent", lambda f: not f.quantity.hints & {"change"})
        if r == "commits_spend":
            self._take(claim, "term", "term", wide=True)
            self._take(claim, "capacity_gw", "gw", wide=True)
        if r == "scored":
            self._score(claim)
        if r == "outperforms":
            self._benchmark(claim)
        if r == "works_at":
            self._role(claim)

    def _take(self, claim: Claim, name: str, kind: str, *, wide: bool = False) -> None:
        for distance, found in self.near(claim, {kind}, wide=wide):
            rivals = [c for c in self.claims if c.relation == claim.relation and not self._same(c.object, claim.object)]
            if found.quantity.value is None or any(self._prefers(c, found, distance) for c in rivals):
                continue
            claim.give(name, found.quantity.value, found)
            return

    def _exclusive(self, claim: Claim, name: str, kind: str, fits: Any) -> None:
        rivals = [
            c for c in self.claims
            if c.relation == claim.relation and c is not claim and not (
                self._same(c.object, claim.object) and self._same(c.subject, claim.subject)
            )
        ]  # fmt: skip
        for distance, found in self.near(claim, {kind}):
            if found.quantity.value is None or not fits(found):
                continue
            if any(self._prefers(c, found, distance) for c in rivals):
                continue
            claim.give(name, found.quantity.value, found)
            return

    def _score(self, claim: Claim) -> None:
        """Give a score the value nearest to its model and benchmark, in the order in which they stand."""
        model, bench = self.view.mentions[claim.subject], self.view.mentions[claim.object]
        best: tuple[float, Found] | None = None
        for found in self.view.quantities:
            kind = found.quantity.kind
            if kind not in ("percent", "score", "rank") or found.part not in self.places(claim):
                continue
            if found.quantity.hints & {"change", "earlier"} or found.quantity.value is None:
                continue
            cost = min(_away(found, bench), _away(found, bench) if model[0] < bench[0] else _away(found, model))
            cost = min(cost, _away(found, model) * 1.2)
            cost += (
                0.3 * _away(found, model) + (6 if "bare" in found.quantity.hints else 0) + (3 if kind == "rank" else 0)
            )
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
        names = sum(1 for m in self.view.mentions if m[2] in ("benchmark", "model") and low < m[0] < high)
        values = sum(
            1 for f in self.view.quantities if f.quantity.kind in ("percent", "score") and low < f.first < high
        )
        return names + values

    def _benchmark(self, claim: Claim) -> None:
        """`on`: the only benchmark of the sentence, or the nearest after the pair."""
        places = self.places(claim)
        names = [m for k, m in enumerate(self.view.mentions) if m[2] == "benchmark" and self.view.part(k) in places]
        if names:
            later = max(self.view.mentions[claim.subject][1], self.view.mentions[claim.object][1])
            m = min(names, key=lambda m: abs(m[0] - later))
            if abs(m[0] - later) <= 25:
                claim.give("on", self.view.text(m[0], m[1]))

    def _role(self, claim: Claim) -> None:
        person = self.view.mentions[claim.subject]
        firm = self.view.mentions[claim.object]
        places = self.places(claim)
        best: tuple[float, tuple[int, int]] | None = None
        people = [m for m in self.view.mentions if pair_type(m[2]) in ("person", "handle")]
        for first, last in self.view.roles:
            if not any(self.view.parts[p].first <= first < self.view.parts[p].last for p in places):
                continue
            gap = min(_span_gap((first, last), person), 0.6 * _span_gap((first, last), firm) + 2)
            nearer = any(_span_gap((first, last), m) + 2 < _span_gap((first, last), person) for m in people)
            cost = gap + (8 if nearer else 0)
            if cost < 22 and (best is None or cost < best[0]):
                best = (cost, (first, last))
        if best is not None:
            claim.give("role", self.view.text(*best[1]))
        current = is_current(self.view, claim)
        claim.give("current", current)

    def _date(self, claim: Claim) -> None:
        if claim.relation not in DATED:
            return
        rivals = [c for c in self.claims if c.relation in DATED and not (
            self._same(c.object, claim.object) and self._same(c.subject, claim.subject))]  # fmt: skip
        for distance, found in self.near(claim, {"date", "period"}):
            if distance > REACH.get(claim.relation, 16) or any(self.distance(c, found) < distance - 2 for c in rivals):
                continue
            if "until" in found.quantity.hints and claim.attrs.get("status") not in ("delayed", "planned"):
                continue
            words = found.quantity.text
            value = resolve(words, self.view.published)
            if value is None:
                continue
            claim.give("date", value, found)
            if resolve(words, None) != value:
                claim.words["date"] = words
            return


DATED = frozenset({
    "invested_in", "raised", "acquired", "commits_spend", "partnered_with", "licenses", "lent_to", "developed", "sued",
})  # fmt: skip
REACH = {"developed": 9, "commits_spend": 10, "licenses": 10, "partnered_with": 10}  # words to a date; 16 elsewhere
METRIC_REACH = 60  # words from a name to a figure that says what it is
WEAK_REACH = 22  # to one that the words around it have to explain


_USERS = re.compile(
    r"\b(?:users?|customers?|subscribers?|MAUs?|DAUs?|WAUs?|visitors|downloads|accounts|members|sign-?ups|installs"
    r"|developers|weekly|monthly|daily|active|people (?:use|used))\b", re.I)  # fmt: skip
_STAFF = re.compile(
    r"\b(?:employ\w*|staff\w*|workers?|people|headcount|engineers?|workforce|person|strong|hires|team)\b", re.I
)
_REVENUE = re.compile(r"\b(?:revenues?|ARR|run[- ]rate|sales|annuali[sz]ed|turnover)\b", re.I)
_CAPEX = re.compile(
    r"\b(?:cap-?ex|capital (?:expenditures?|spending|investments?)|spend\w*|invest(?:s|ed|ing)?|budget\w*)\b", re.I)  # fmt: skip
_VALUE = re.compile(r"\b(?:valu\w+|worth|market cap\w*)\b", re.I)


def _gap(a: Found, b: Found) -> int:
    return b.first - a.last if b.first > a.last else a.first - b.last


def _away(found: Found, mention: Span) -> float:
    return found.first - mention[1] if found.first > mention[1] else (mention[0] - found.last) * 1.1


def _span_gap(a: tuple[int, int], m: Span) -> float:
    return a[0] - m[1] if a[0] > m[1] else m[0] - a[1]
