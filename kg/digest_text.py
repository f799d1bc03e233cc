"""The digest in words: sections of lines, each with the deal it is about and the sentences it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kg.cycles import MOST_FOUND, notes
from kg.deal_kinds import look
from kg.deal_list import when
from kg.deal_words import title
from kg.deals import worth
from kg.digest import Digest
from kg.digest_deals import Figure, Figures, Said
from kg.digest_people import Post
from kg.flows import Leg
from kg.model import Deal
from kg.money import show
from kg.schema import Schema

NAMES = 40  # new names of a type that a line lists


@dataclass(frozen=True)
class Line:
    """A line of plain text, the id of the deal it is about, and what it rests on; `parts` are lines below it."""

    text: str
    deal_id: str | None = None
    said: tuple[Said, ...] = ()
    parts: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Section:
    """Lines of one kind; `size` says how many changes they tell of."""

    name: str
    title: str
    lines: tuple[Line, ...]
    size: int


def sections(digest: Digest, schema: Schema) -> list[Section]:
    """Return the digest's sections that have something in them; a deal is told of again where no other says so."""
    words = _Words(digest, schema)
    parts: dict[str, tuple[str, Callable[[], Iterator[Line]]]] = {
        "deals": ("New deals", words.new),
        "stages": ("Stages moved", words.moved),
        "contradicted": ("Figures that disagree", lambda: words.figures(disagreeing=True)),
        "figures": ("New figures", lambda: words.figures(disagreeing=False)),
        "joined": ("Deals joined or parted", words.joined),
        "told_again": ("Deals told of again", words.again),
        "loops": ("Loops of money closed", words.loops),
        "people": ("People", words.people),
    }
    found = [Section(name, head, lines := tuple(make()), len(lines)) for name, (head, make) in parts.items()]
    found.append(Section("entities", "New names", tuple(words.names()), len(digest.entities)))
    found.append(Section("facts", "Other new facts", tuple(words.facts()), sum(digest.facts.values())))
    return [section for section in found if section.lines]


def headline(digest: Digest) -> str:
    """Return what the digest is of: "What The Grid Letter, 2026-04-21 (grid-letter-1a2b3c4d) changed"."""
    if digest.since is None and len(digest.issues) == 1:
        issue = digest.issues[0]
        name = ", ".join(dict.fromkeys(p for p in (issue["publisher"], issue["title"], _date(issue["date"])) if p))
        return f"What {name} ({issue['key']}) changed"
    period = "" if digest.since is None else f" since {digest.since}"
    period += f" until {digest.until}" if digest.until else ""
    return f"What {_counted(len(digest.issues), 'issue')}{period} changed"


def footnotes(digest: Digest) -> Iterator[str]:
    """Yield what must be known besides: what was left out, and what is background."""
    if digest.undated:
        yield f"{_counted(digest.undated, 'issue')} without a date left out"
    for key in digest.duplicates:
        yield f"{key}: another issue has the same text, which counts under its key"
    if digest.loops.cut:
        yield f"there are more loops than the {MOST_FOUND:,} that were looked at"
    yield from notes(digest.money, digest.loops.cycles)


class _Words:
    """The lines of a digest, by section."""

    def __init__(self, digest: Digest, schema: Schema) -> None:
        self.digest, self.deals, self.schema = digest, digest.deals, schema

    def new(self) -> Iterator[Line]:
        for told in self.deals.new:
            deal = told.deal
            amount = worth(deal)
            parts = [
                look(deal.kind).label.lower(), show(amount) if amount else "no amount stated", _words(deal.stage),
                *filter(None, [when(deal)]), *([] if deal.certain else ["less certain"]),
            ]  # fmt: skip
            yield Line(f"{self._title(deal)}: {', '.join(parts)}", deal.id, told.said)

    def moved(self) -> Iterator[Line]:
        for move in self.deals.moved:
            said = (move.said,) if move.said else ()
            text = f"{self._title(move.deal)}: {_words(move.before)} → {_words(move.after)}"
            yield Line(text + _doubt(*said), move.deal.id, said)

    def figures(self, *, disagreeing: bool) -> Iterator[Line]:
        for found in self.deals.figures:
            if (found.what == "contradicted") == disagreeing:
                said = tuple(f.said for f in (found.before, found.after) if f and f.said)
                text = f"{self._title(found.deal)}: {_figures(found)}{_doubt(*said)}"
                yield Line(text, found.deal.id, said)

    def joined(self) -> Iterator[Line]:
        for join in self.deals.joined:
            was = f"part of {join.was[0]} before" if join.apart else f"one deal now, before {' and '.join(join.was)}"
            yield Line(f"{self._title(join.deal)}: {was}", join.deal.id, join.said)

    def again(self) -> Iterator[Line]:
        kinds = (self.deals.moved, self.deals.figures, self.deals.joined)
        told = {change.deal.id for some in kinds for change in some}
        for again in self.deals.again:
            if again.deal.id not in told:
                yield Line(self._title(again.deal), again.deal.id, again.said)

    def loops(self) -> Iterator[Line]:
        for cycle in self.digest.loops.cycles:
            names = [self._name(id) for id in (*cycle.parties, cycle.parties[0])]
            legs = tuple(self._leg(leg) for leg in cycle.legs if not leg.background)
            yield Line(" → ".join(names), parts=legs)

    def people(self) -> Iterator[Line]:
        for post in self.digest.people:
            yield Line(self._post(post) + _doubt(post.said), None, (post.said,))

    def names(self) -> Iterator[Line]:
        for name, kind in self.schema.entity_types.items():
            some = [shown for _, shown, type in self.digest.entities if type == name]
            if some:
                more = f" and {len(some) - NAMES} more" if len(some) > NAMES else ""
                yield Line(f"{kind.plural}: {', '.join(some[:NAMES])}{more}")

    def facts(self) -> Iterator[Line]:
        if self.digest.facts:
            doubt = f" ({self.digest.unsure} of them less certain)" if self.digest.unsure else ""
            yield Line(", ".join(f"{_words(r)} {n}" for r, n in self.digest.facts.items()) + doubt)

    def _title(self, deal: Deal) -> str:
        return title(deal, self.schema, self.digest.names)

    def _name(self, id: str) -> str:
        return self.digest.names.get(id, id)

    def _leg(self, leg: Leg) -> Line:
        """Return a leg as a line; it is told by its deal, so only the sentence is cited."""
        amount = show(leg.amount) if leg.amount else "no amount stated"
        doubt = "" if leg.certain else " (less certain)"
        text = f"{self._name(leg.source)} → {self._name(leg.target)}: {leg.flow}, {amount}, {_words(leg.stage)}{doubt}"
        return Line(text, leg.deal_id, (Said("", "", "", None, leg.sentence, leg.certain),) if leg.sentence else ())

    def _post(self, post: Post) -> str:
        person, firm = self._name(post.person_id), self._name(post.firm_id)
        if post.what == "left":
            return f"{person} left {firm}" + (f", was {post.role}" if post.role else "")
        if post.what == "held":
            return f"{person} was {post.role} of {firm} once" if post.role else f"{person} worked at {firm} once"
        return f"{person} is {post.role} of {firm}" if post.role else f"{person} works at {firm}"


def _figures(found: Figures) -> str:
    """Return two figures in words, each with who states it."""
    before, after = _figure(found.before), _figure(found.after)
    if found.what == "stated":
        return f"now told with a figure, {after}"
    return f"{before} against {after}" if found.what == "contradicted" else f"{before}, now {after}"


def _figure(figure: Figure | None) -> str:
    if figure is None:
        return "no amount stated"
    return show(figure.amount) + (f" ({who(figure.said)})" if figure.said else "")


def who(said: Said) -> str:
    """Return who says it, and when: "The Grid Letter, 2026-04-21"."""
    return f"{said.publisher or said.issue}, {_date(said.date)}"


def grouped(said: Iterable[Said]) -> list[tuple[Said, ...]]:
    """Return statements by the sentence and issue that they stand in, in the order of the first of each."""
    out: dict[tuple[str, str], list[Said]] = {}
    for one in said:
        out.setdefault((one.issue, one.sentence), []).append(one)
    return [tuple(some) for some in out.values()]


def _doubt(*said: Said) -> str:
    return "" if all(s.certain for s in said) else " (less certain)"


def _date(day: Any) -> str:
    return str(day or "undated")


def _words(name: str) -> str:
    return name.replace("_", " ")


def _counted(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"
