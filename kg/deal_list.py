"""Deal lists: the deals that fit a filter, largest first, and the whole story of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg import periods
from kg.answer import statement_json
from kg.as_of import as_of
from kg.conditions import size
from kg.deal_stages import OF_DEALS, UNDATED
from kg.deals import total, worth
from kg.errors import QuestionError
from kg.lookup import Reading
from kg.model import Amount, Deal, Party, plain_numbers
from kg.schema import Schema
from kg.store.base import Row, Store

OUT = "out"  # a deal that surely does not fit; another word says why that cannot be told


@dataclass(frozen=True)
class DealFilter:
    """What a deal must be; empty fields ask for nothing.

    `parties` are entity ids, any of which takes part (in one of the `roles`, if there are any). Amounts are plain
    units of `currency` (dollars where none is given). `since` and `until` are inclusive and as precise as given:
    2026, 2026-04, 2026-Q1, 2026-H1, 2026-04-21. With `as_of` (likewise; of a period its last day) deals are as they
    stood then, and `stages` are those of that day.
    """

    parties: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    min_amount: float | None = None
    max_amount: float | None = None
    currency: str | None = None
    since: str | None = None
    until: str | None = None
    certain_only: bool = False
    as_of: str | None = None


@dataclass(frozen=True)
class Found:
    """Deals, largest amount first, and in words what was left out because it cannot be told whether it fits.

    `names` has the name of every party's entity id.
    """

    deals: tuple[Deal, ...]
    left_out: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


class Deals:
    """The deals of a store."""

    def __init__(self, store: Store) -> None:
        """Read from a store."""
        self.store = store

    def find(self, wanted: DealFilter) -> Found:
        """Return the deals that fit, in two to four reads of the store; raise QuestionError for a date that is none."""
        period, day = _period(wanted), _last_day(wanted.as_of)
        return self.store.read(lambda: self._find(wanted, period, day))

    def _find(self, wanted: DealFilter, period: str | None, day: str | None) -> Found:
        reasons: Counter[str] = Counter()
        kept = []
        stages = [OF_DEALS.get(s, s) for s in wanted.stages]
        for row in self._rows(wanted):
            deal, reason = _then(deal_of(row), day)
            if reason is None:
                reason = OUT if stages and deal.stage not in stages else _reason(deal, wanted, period)
            if reason is None:
                kept.append(deal)
            elif reason != OUT:
                reasons[reason] += 1
        kept.sort(key=lambda d: (when(d) or "", d.id), reverse=True)
        kept.sort(key=lambda d: -size(worth(d)))
        return Found(tuple(kept), tuple(f"{n} {why}" for why, n in sorted(reasons.items())), self._names(kept))

    def _rows(self, wanted: DealFilter) -> Iterable[Row]:
        """Return the rows of deals of the kinds and stages; where parties are given, only those of their edges."""
        stages = [] if wanted.as_of else [OF_DEALS.get(s, s) for s in wanted.stages]
        some = {"kind": list(wanted.kinds), "stage": stages}
        narrow = {name: values for name, values in some.items() if values}
        if not wanted.parties:
            return self.store.rows("deal", **narrow)
        ids = list(wanted.parties)
        edges = (e for end in ("subject_id", "object_id") for e in self.store.rows("edge", **{end: ids}))
        deals = self.store.get("deal", sorted({e.data["deal_id"] for e in edges if e.data["deal_id"]}))
        return [row for row in deals if all(row.data[name] in values for name, values in narrow.items())]

    def _names(self, deals: Iterable[Deal]) -> dict[str, str]:
        ids = sorted({p.entity_id for d in deals for p in d.parties})
        return {id: id for id in ids} | {row.id: row.data["name"] for row in self.store.get("entity", ids)}

    def story(self, id: str) -> dict[str, Any]:
        """Return all that is told of a deal (by its id, or that of a statement of it), as `kg deal --json` prints it.

        Raise QuestionError if there is none.
        """
        return self.store.read(lambda: self._story(id))

    def _story(self, id: str) -> dict[str, Any]:
        deal = deal_of(Reading(self.store).deal(id))
        said = {row.id: row for row in self.store.get("statement", deal.statement_ids)}
        edges = self.store.rows("edge", deal_id=deal.id)
        certain = {s: bool(e.data["certain"]) for e in edges for s in e.data["statement_ids"]}
        listings = self.store.get("listing", sorted({row.data["issue"] for row in said.values()}))
        days = {row.id: row.data["published"] for row in listings}
        rows = sorted(said.values(), key=lambda row: _place(row, days))
        issues = [
            {"key": row.id, "title": row.data["title"] or row.data["file"], "publisher": row.data["publisher"],
             "date": row.data["published"]}
            for row in sorted(listings, key=lambda row: (days[row.id] or UNDATED, row.id))
        ]  # fmt: skip
        whole = deal_json(deal, self._names([deal]))
        parties, steps = whole.pop("parties"), whole.pop("steps")
        return {
            "deal": whole,
            "parties": parties,
            "steps": steps,
            "statements": [statement_json(row, certain.get(row.id, True)) for row in rows],
            "issues": issues,
        }


def _place(statement: Row, days: Mapping[str, str | None]) -> tuple[str, str, int, bool]:
    """Return where a statement stands among others: by day, issue and place in its text; of a whole round first."""
    issue = statement.data["issue"]
    starts = [e["start"] for e in statement.data["evidence"] if e["role"] == "claim"]
    party = statement.data["subject_member"] != statement.data["object_member"]
    return days.get(issue) or UNDATED, issue, min(starts, default=0), party


def deal_of(row: Row) -> Deal:
    """Return the deal of its row."""
    return Deal.model_validate({k: v for k, v in row.data.items() if k in Deal.model_fields} | {"id": row.id})


def when(deal: Deal) -> str | None:
    """Return the date that a deal is listed by: the stated one, else the day of the first dated issue."""
    return deal.announced or deal.reported


def sides(deal: Deal, schema: Schema) -> tuple[tuple[Party, ...], tuple[Party, ...]]:
    """Return the parties that give (invest, buy, lend, license) and those that receive; all of them where all are one.

    Who gives an amount of its own comes first.
    """
    blocks = [r.deal for r in schema.relations.values() if r.deal and r.deal.kind == deal.kind]
    receiving = {block.object for block in blocks}
    ordered = sorted(deal.parties, key=lambda p: (-size(p.amount), p.entity_id))
    givers = tuple(p for p in ordered if p.role not in receiving)
    return givers, tuple(p for p in ordered if p.role in receiving)


def deal_json(deal: Deal, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a deal in plain JSON values, with the names of its parties."""
    data: dict[str, Any] = plain_numbers(deal.model_dump(mode="json"))
    parties = [{"name": names.get(p["entity_id"], p["entity_id"]), **p} for p in data.pop("parties")]
    steps, statements = data.pop("steps"), data.pop("statement_ids")
    return {**data, "parties": parties, "steps": steps, "statement_ids": statements}


def listed(found: Found, limit: int | None = None) -> dict[str, Any]:
    """Return the first deals as `kg deals --json` prints them, with what they come to in each currency."""
    shown = found.deals[:limit]
    totals = {currency: {"confirmed": sure, "promised": most} for currency, (sure, most) in total(shown).items()}
    return {
        "deals": [deal_json(deal, found.names) for deal in shown],
        "shown": len(shown),
        "of": len(found.deals),
        "totals": totals,
        "left_out": list(found.left_out),
    }


def _then(deal: Deal, day: str | None) -> tuple[Deal, str | None]:
    """Return a deal as it stood on a day; OUT with one that had not begun, a reason with one of which none can tell."""
    then = deal if day is None else as_of(deal, day)
    return (then, None) if isinstance(then, Deal) else (deal, then or OUT)


def _reason(deal: Deal, wanted: DealFilter, period: str | None) -> str | None:
    """Return None for a deal that fits, OUT for one that does not, or why that cannot be told."""
    if wanted.parties or wanted.roles:
        ids, roles = wanted.parties, wanted.roles
        if not any((not ids or p.entity_id in ids) and (not roles or p.role in roles) for p in deal.parties):
            return OUT
    reasons = [_money(worth(deal), wanted), _dated(when(deal), period)]
    if OUT in reasons:
        return OUT
    reasons += ["less certain"] if wanted.certain_only and not deal.certain else []
    return next((r for r in reasons if r), None)


def _money(amount: Amount | None, wanted: DealFilter) -> str | None:
    """Compare an amount: "up to" by its upper end; of what has none, more may be meant than is stated."""
    low, high = wanted.min_amount, wanted.max_amount
    if low is None and high is None and wanted.currency is None:
        return None
    if amount is None or size(amount) < 0:
        return "without a stated amount"
    if amount.currency != (wanted.currency or "USD"):
        return f"in {amount.currency} (nothing is converted)"
    if low is not None and size(amount) < low:
        return OUT if amount.high is not None else "of open size"
    if high is not None and size(amount) > high:
        return OUT
    return "of open size" if high is not None and amount.high is None else None


def _dated(date: str | None, period: str | None) -> str | None:
    if period is None:
        return None
    if date is None:
        return "without a date"
    fits = periods.inside(date, period)
    return "whose date is too coarse to tell" if fits is None else None if fits else OUT


def _period(wanted: DealFilter) -> str | None:
    """Return the filter's dates as one period; raise QuestionError for what is no date."""
    since, until = _span("since", wanted.since), _span("until", wanted.until)
    if since and until and until[1] < since[0]:
        raise QuestionError(f"no day is since {wanted.since} and until {wanted.until}")
    return f"{wanted.since or ''}..{wanted.until or ''}" if since or until else None


def _last_day(as_of: str | None) -> str | None:
    found = _span("as of", as_of)
    return found[1] if found else None


def _span(name: str, said: str | None) -> tuple[str, str] | None:
    return None if said is None else periods.asked(name, said)
