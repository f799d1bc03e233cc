"""Views: a unit as the rules see it, its related pairs, and how far figures stand from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ingest.features import RELATIONS, Span
from ingest.quantities import Quantity, Tok, find
from ingest.spans import Floats

FAR = 45  # words: beyond it a quantity is left alone
ELSEWHERE = 12  # words that a quantity of another part counts as farther
UNLINKED = 25  # words that a quantity counts as farther from a claim that the network does not link it to
SURE = 0.3  # the least likelihood of a link that says anything
OF_ROUND = 0.9  # what a figure of a round counts for one of its investors; one of the investor's own counts whole
ROUNDS = ("raised", "invested_in")


@dataclass(frozen=True)
class Part:
    """A stretch of a unit: its words (end exclusive) and its role (claim, heading, label, header, antecedent)."""

    first: int
    last: int
    role: str = "claim"


@dataclass(frozen=True)
class Found:
    """A quantity at its words in the unit (inclusive).

    `mark`: as what the network marks it ("valuation"), or ""; `number`: which of the view's marks that is, or -1.
    """

    quantity: Quantity
    first: int
    last: int
    part: int
    mark: str = ""
    number: int = -1

    @property
    def hints(self) -> frozenset[str]:
        """Return what the words around it say that it is, and the network where they leave it open."""
        hints = self.quantity.hints
        if self.mark == "valuation":
            return (hints | {"valuation"}) - {"price", "vague"}
        if self.mark == "amount":
            return hints - {"vague", "legal", "pay", "price"}
        return hints


@dataclass
class View:
    """A unit as the rules see it: words, parts, mentions, marked qualifiers, and the quantities of each part.

    `links` gives (marks, mentions, relations): how likely a mention's fact of a relation has the marked qualifier.
    """

    words: Sequence[Tok]
    parts: Sequence[Part]
    mentions: Sequence[Span]
    marks: Sequence[Span] = ()
    published: str | None = None
    links: Floats | None = None
    quantities: list[Found] = field(default_factory=list)

    def __post_init__(self) -> None:
        for n, part in enumerate(self.parts):
            for q in find(self.words[part.first : part.last]):
                first, last = q.first + part.first, q.last + part.first
                number = self._mark(first, last)
                found = Found(q, first, last, n, self.marks[number][2] if number >= 0 else "", number)
                if not self._inside_name(found):
                    self.quantities.append(found)

    def _mark(self, first: int, last: int) -> int:
        meets = (n for n, (a, b, kind) in enumerate(self.marks) if kind != "role" and a <= last and first <= b)
        return next(meets, -1)

    def roles(self) -> list[tuple[int, int]]:
        """Return the words of roles, as (first, last)."""
        return [(first, last) for first, last, kind in self.marks if kind == "role"]

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
    """A related pair of mentions before and after its qualifiers are linked.

    `spoken` is the mention that stands for the object where the claim is made ("Azure" for Microsoft), or -1.
    """

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
    spoken: int = -1
    sum: Found | None = None  # where its amount stands

    @property
    def ends(self) -> set[int]:
        """Return its mentions: two, or the one of a unary relation."""
        return {self.subject, self.object}

    def give(self, name: str, value: Any, found: Found | None = None) -> None:
        """Set a qualifier that has a value and is not set yet."""
        if value is not None and name not in self.attrs:
            self.attrs[name] = value
            if found is not None:
                self.parts[name] = found.part
            if name == "amount":
                self.sum = found

    def twin(self) -> Claim:
        """Return a claim of the same pair without qualifiers."""
        return replace(self, status=dict(self.status), attrs={}, words={}, parts={}, sum=None)


class Near:
    """Answers where the claims of a view stand, and which quantities are near them."""

    def __init__(self, view: View, claims: Sequence[Claim]) -> None:
        self.view = view
        self.claims = claims
        self.names = [view.text(first, last).casefold() for first, last, _ in view.mentions]

    def places(self, claim: Claim) -> set[int]:
        """Return the parts that hold the claim: those of its mentions."""
        return {self.view.part(claim.subject), self.view.part(claim.object)}

    def distance(self, claim: Claim, found: Found) -> float:
        """Return how far a quantity is from a claim, in words.

        What stands after its names is nearer; what the network links to other facts is farther.
        """
        best = float(FAR)
        owner = self._bracketed(found)
        rival = any(c.relation == claim.relation and c.subject == owner for c in self.claims)
        if owner is not None and rival and not any(self.same(owner, k) for k in claim.ends):
            return best
        for k in claim.ends:
            first, last, _ = self.view.mentions[k]
            gap = found.first - last if found.first > last else (first - found.last) * 1.4
            best = min(best, gap)
        if self._between(claim, found):
            best *= 0.7
        sure = self.linked(claim, found)
        return best if sure is None else best + UNLINKED * (1 - sure)

    def _bracketed(self, found: Found) -> int | None:
        """Return the name in brackets right behind a quantity, whose it is: NVIDIA of "$5B (NVIDIA)"."""
        words, last = self.view.words, found.last
        for k, (first, end, _) in enumerate(self.view.mentions):
            if (
                first == last + 2
                and words[last + 1].text == "("
                and [w.text for w in words[end + 1 : end + 2]] == [")"]
            ):
                return k
        return None

    def linked(self, claim: Claim, found: Found) -> float | None:
        """Return how well a quantity fits a claim by the network's links, from 0 to 1; None where it says nothing.

        It is measured by what the quantity fits best, a claim or not.
        """
        if self.view.links is None or found.number < 0 or claim.relation not in RELATIONS:
            return None
        links = self.view.links[found.number]
        most = float(links.max(initial=0.0))
        if most < SURE:
            return None
        ends = [claim.subject, claim.object if claim.spoken < 0 else claim.spoken]
        fits = [self._link(links, claim.relation, end) for end in ends]
        dated = found.quantity.kind in ("date", "period")
        best = max(fits) if dated else min(fits)  # one day holds for all whom a firm sues
        if claim.relation in ROUNDS and (dated or found.quantity.kind == "round"):
            best = max(self._link(links, r, claim.object) for r in ROUNDS)  # said of the round, of all who take part
        elif claim.relation == "invested_in":
            best = max(best, OF_ROUND * self._link(links, "raised", claim.object))
        return best / most

    def _link(self, links: Floats, relation: str, mention: int) -> float:
        """Return the surest of the links (mentions, relations) of a quantity to a name in a relation."""
        of = links[:, RELATIONS.index(relation)]
        return max(float(of[n]) for n, name in enumerate(self.names) if name == self.names[mention])

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
                out.append((self.distance(claim, found) + ELSEWHERE, found))
        return sorted((x for x in out if x[0] < FAR), key=lambda x: (x[0], x[1].first))

    def same(self, a: int, b: int) -> bool:
        """Return whether two mentions are of one name."""
        return self.name(a) == self.name(b)

    def name(self, mention: int) -> str:
        """Return the words of a mention in one case."""
        return self.names[mention]

    def prefers(self, rival: Claim, found: Found, distance: float) -> bool:
        """Return whether a quantity stands nearer to another claim than `distance`."""
        return found.part in self.places(rival) and self.distance(rival, found) < distance

    def around(self, found: Found, left: int, right: int) -> str:
        """Return the words around a quantity in its part."""
        part = self.view.parts[found.part]
        return self.view.text(max(part.first, found.first - left), min(part.last - 1, found.last + right))


def gap(a: Found, b: Found) -> int:
    """Return the words between two quantities."""
    return b.first - a.last if b.first > a.last else a.first - b.last


def away(found: Found, mention: Span) -> float:
    """Return how far a quantity is from a mention; what stands after it is a little nearer."""
    return found.first - mention[1] if found.first > mention[1] else (mention[0] - found.last) * 1.1


def span_gap(a: tuple[int, int], m: Span) -> float:
    """Return the words between a stretch and a mention."""
    return a[0] - m[1] if a[0] > m[1] else m[0] - a[1]
