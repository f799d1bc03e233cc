"""What became of deals between two views: new, told again, stages moved, other figures, joined and parted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from kg.conditions import size
from kg.deal_claims import Claim, agree
from kg.deal_list import deal_json
from kg.deals import worth
from kg.model import Amount, Deal, plain_numbers

Names = Mapping[str, str]


@dataclass(frozen=True)
class Said:
    """A statement as a digest cites it: who says what when; `date` is the day of the issue, `sentence` plain text."""

    statement_id: str
    issue: str
    publisher: str
    date: str | None
    sentence: str
    certain: bool = True

    def as_json(self) -> dict[str, Any]:
        """Return it in plain JSON values."""
        return {
            "statement_id": self.statement_id, "sentence": self.sentence, "issue": self.issue,
            "publisher": self.publisher, "date": self.date, "certain": self.certain,
        }  # fmt: skip


Cite = Callable[[Claim], Said]


@dataclass(frozen=True)
class Told:
    """A deal, and the statements that are new."""

    deal: Deal
    said: tuple[Said, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as `told_again` of `kg digest --json` has it."""
        return {"deal_id": self.deal.id, "said": [s.as_json() for s in self.said]}


@dataclass(frozen=True)
class Moved:
    """A deal whose stage is another one now, and the statement that tells of its present one."""

    deal: Deal
    before: str
    after: str
    said: Said | None

    def as_json(self) -> dict[str, Any]:
        """Return it as `stages` of `kg digest --json` has it."""
        said = self.said.as_json() if self.said else {}
        return {"deal_id": self.deal.id, "from": self.before, "to": self.after, **said}


@dataclass(frozen=True)
class Figure:
    """An amount, and who states it."""

    amount: Amount
    said: Said | None

    def as_json(self) -> dict[str, Any]:
        """Return it in plain JSON values."""
        money = plain_numbers(self.amount.model_dump())
        return {"amount": money, **(self.said.as_json() if self.said else {})}


@dataclass(frozen=True)
class Figures:
    """Two figures for one deal: `contradicted` if they disagree, `stated` if there was none, else `changed`."""

    deal: Deal
    what: str
    before: Figure | None
    after: Figure | None

    def as_json(self) -> dict[str, Any]:
        """Return it as `figures` of `kg digest --json` has it."""
        ends = {name: f.as_json() if f else None for name, f in (("from", self.before), ("to", self.after))}
        return {"deal_id": self.deal.id, "what": self.what, **ends}


@dataclass(frozen=True)
class Joined:
    """A deal that was several (`was`: their ids), or that was part of another one (`apart`), and its new statements."""

    deal: Deal
    was: tuple[str, ...]
    said: tuple[Said, ...]
    apart: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return it as `joined` and `parted` of `kg digest --json` have it."""
        return {"deal_id": self.deal.id, "was": list(self.was), "said": [s.as_json() for s in self.said]}


@dataclass(frozen=True)
class DealChanges:
    """All that became of deals, the largest first, what is less certain last."""

    new: tuple[Told, ...] = ()
    again: tuple[Told, ...] = ()
    moved: tuple[Moved, ...] = ()
    figures: tuple[Figures, ...] = ()
    joined: tuple[Joined, ...] = ()

    @property
    def deals(self) -> tuple[Deal, ...]:
        """Return the deals that are spoken of."""
        kinds = (self.new, self.again, self.moved, self.figures, self.joined)
        return tuple({change.deal.id: change.deal for some in kinds for change in some}.values())

    def as_json(self, names: Names) -> dict[str, Any]:
        """Return them as `kg digest --json` has them."""
        return {
            "deals": [{**deal_json(t.deal, names), "said": [s.as_json() for s in t.said]} for t in self.new],
            "told_again": [t.as_json() for t in self.again],
            "stages": [m.as_json() for m in self.moved],
            "figures": [f.as_json() for f in self.figures],
            "joined": [j.as_json() for j in self.joined if not j.apart],
            "parted": [j.as_json() for j in self.joined if j.apart],
        }


@dataclass(frozen=True)
class Side:
    """The deals of one view that the other one does not have alike, and the claims of their cells by statement."""

    deals: tuple[Deal, ...]
    claims: Mapping[str, Claim]


class Comparison:
    """Matches deals of two views by their statements: a deal's id is that of its earliest one, and may change."""

    def __init__(self, then: Side, now: Side, same: Mapping[str, str], cite: Cite) -> None:
        """Compare; `same` says which statements of issues with one text are one, whichever of the issues counts."""
        self.then, self.now, self.same, self.cite = then, now, same, cite
        self.old = {deal.id: deal for deal in then.deals}
        self.home = {self._one(s): deal for deal in then.deals for s in deal.statement_ids}
        self.heirs: dict[str, tuple[int, str]] = {}  # deal of before → the one with most of its statements
        for deal in sorted(now.deals, key=lambda d: d.id, reverse=True):
            for was, shared in self._shared(deal).items():
                self.heirs[was] = max(self.heirs.get(was, (0, "")), (shared, deal.id), key=lambda heir: heir[0])

    def changes(self) -> DealChanges:
        """Return all that became of deals."""
        new: list[Told] = []
        again: list[Told] = []
        moved: list[Moved] = []
        figures: list[Figures] = []
        joined: list[Joined] = []
        for deal in sorted(self.now.deals, key=lambda d: (not d.certain, -size(worth(d)), d.id)):
            sources = list(self._shared(deal))
            gained = tuple(self.cite(c) for c in self._claims(deal) if self._one(c.id) not in self.home)
            was = next((self.old[id] for id in sources if self.heirs[id][1] == deal.id), None)
            figures += self._figures(deal, was)
            if not sources:
                new.append(Told(deal, gained))
                continue
            if gained:
                again.append(Told(deal, gained))
            if was and was.stage != deal.stage:
                moved.append(Moved(deal, was.stage, deal.stage, self._step(deal)))
            if len(sources) > 1 or not was:
                joined.append(Joined(deal, tuple(sorted(sources)), gained, apart=len(sources) == 1))
        moved.sort(key=lambda move: move.said is not None and not move.said.certain)
        return DealChanges(tuple(new), tuple(again), tuple(moved), tuple(figures), tuple(joined))

    def _one(self, statement: str) -> str:
        return self.same.get(statement, statement)

    def _shared(self, deal: Deal) -> dict[str, int]:
        """Return the deals of before that have statements of this one, and how many, that with the most first."""
        found = Counter(self.home[one].id for s in deal.statement_ids if (one := self._one(s)) in self.home)
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def _claims(self, deal: Deal) -> list[Claim]:
        found = (self.now.claims.get(s) for s in deal.statement_ids)
        return sorted((c for c in found if c is not None), key=lambda c: c.order)

    def _step(self, deal: Deal) -> Said | None:
        """Return the statement on which the present stage rests."""
        ids = [step.statement_id for step in deal.steps if step.stage == deal.stage]
        claim = self.now.claims.get(ids[-1]) if ids else None
        return self.cite(claim) if claim else None

    def _figures(self, deal: Deal, was: Deal | None) -> Iterator[Figures]:
        """Yield the figures that now disagree, each two once, then the deal's own where it is another one."""
        told = set()
        stating = [c for c in self._claims(deal) if c.amount]
        kinds = {(str(c.amount), c.subject, c.object, self._one(c.id) in self.home): c for c in reversed(stating)}
        for pair in combinations(reversed(kinds.values()), 2):
            if self._disagree(*pair) and not self._known(*pair):
                first, second = sorted(pair, key=lambda c: (self._one(c.id) not in self.home, c.order))
                found = Figures(deal, "contradicted", self._figure(first), self._figure(second))
                both = _amounts(found)
                if both not in told:
                    told.add(both)
                    yield found
        if was and was.amount != deal.amount:
            found = self._changed(deal, was, stating)
            if _amounts(found) not in told:
                yield found

    @staticmethod
    def _disagree(a: Claim, b: Claim) -> bool:
        """Say whether two claims of the same ends state amounts that cannot be one; a share is no figure of a round."""
        return {a.subject, a.object} == {b.subject, b.object} and not agree(a.amount, b.amount)

    def _known(self, a: Claim, b: Claim) -> bool:
        """Say whether both stood in one deal before."""
        homes = [self.home.get(self._one(c.id)) for c in (a, b)]
        return homes[0] is not None and homes[0] is homes[1]

    def _changed(self, deal: Deal, was: Deal, stating: Iterable[Claim]) -> Figures:
        """Return the deal's figure of before and of now, each with the statement that it is taken from."""
        known = [c for s in was.statement_ids if (c := self.then.claims.get(s)) and c.amount]
        before = self._stated(was.amount, sorted(known, key=lambda c: c.order))
        after = self._stated(deal.amount, sorted(stating, key=lambda c: (self._one(c.id) in self.home, c.order)))
        ends = [None if amount is None else amount.model_dump() for amount in (was.amount, deal.amount)]
        what = "stated" if before is None else "changed" if agree(*ends) else "contradicted"
        return Figures(deal, what, before, after)

    def _stated(self, amount: Amount | None, claims: Iterable[Claim]) -> Figure | None:
        """Return an amount with the first of the claims that states it."""
        if amount is None:
            return None
        claim = next((c for c in claims if Amount.model_validate(dict(c.amount or {})) == amount), None)
        return Figure(amount, self.cite(claim) if claim else None)

    def _figure(self, claim: Claim) -> Figure:
        return Figure(Amount.model_validate(dict(claim.amount or {})), self.cite(claim))


def _amounts(figures: Figures) -> frozenset[str]:
    return frozenset(f.amount.model_dump_json() for f in (figures.before, figures.after) if f)
