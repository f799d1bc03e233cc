"""The view: a pure function of record, judgements and reference data, cut into cells."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kg.dates import resolve
from kg.deal_claims import Claim, latest
from kg.deal_stages import stage
from kg.deal_verdicts import chosen, regrouped
from kg.deals import Book
from kg.derive_names import name_rows
from kg.markup import plain
from kg.naming import Names
from kg.periods import span
from kg.record import Cell, Cells, cell_key, hashed
from kg.reference import Reference
from kg.schema import Schema
from kg.store.base import Row
from kg.verdicts import Verdict, Verdicts

VERSION = 9  # of the rules in this module and those it uses; a store made by others is derived anew
VIEW = ("listing", "entity", "name", "member", "deal", "edge")
Data = Mapping[str, Any]


class View:
    """The rules that make view rows; each method is a function of its arguments alone."""

    def __init__(self, schema: Schema, reference: Reference, *, trust: Mapping[str, float] | None = None) -> None:
        """Keep schema and reference; `trust`: the confidence from which a relation's statements are certain."""
        self.schema, self.reference, self.trust = schema, reference, dict(trust or {})
        self.cells, self.book = Cells(schema), Book(schema)
        self._named: tuple[str, Names] | None = None  # the last one made: it is a function of what marks it

    @property
    def fingerprint(self) -> str:
        """Return what tells views made by other rules, schema or reference apart."""
        rules = [
            [r.name, r.deal and r.deal.model_dump(), r.unary, r.symmetric, r.distinct, r.subjects, r.objects]
            for r in self.schema.relations.values()
        ]
        payload = json.dumps([VERSION, rules, self.reference.fingerprint, self.trust], sort_keys=True)
        return hashlib.sha256(payload.encode()).hexdigest()[:16]

    def naming(self, judgements: Iterable[Row]) -> Names:
        """Return which names are one entity, by the reference and by the judgements on entities."""
        rows = [row for row in judgements if row.data["kind"] == "entity"]
        mark = repr([(row.id, row.data["verdict"], row.data["when"], row.data["about"].get("members")) for row in rows])
        known = self._named
        if known is None or known[0] != mark:
            known = self._named = (mark, Names(self.reference, rows))
        return known[1]

    def listing(self, issue: Row, twins: Iterable[str], judgement: Row | None, statements: int) -> Row:
        """Return an issue as lists show it; of the issues with one text (`twins`) the first key counts."""
        first, data = min({issue.id, *twins}), issue.data
        published = judgement.data["value"] if judgement else _day(data["published"])
        about = {name: data[name] for name in ("doc_id", "title", "publisher", "url", "file", "text_sha256", "reader")}
        return Row("listing", issue.id, {
            **about, "published": published, "statements": statements, "counted": first == issue.id,
            "duplicate_of": None if first == issue.id else first,
        })  # fmt: skip

    def cell(self, statement: Data, ids: Mapping[str, str]) -> Cell | None:
        """Return the cell of a statement by the entities of its ends; None if it says nothing of two things."""
        ends = [ids[statement["subject_member"]], ids[statement["object_member"]]]
        relation = statement["relation"]
        return self.cells.of(relation, *ends) if self.cells.sound(relation, *ends) else None

    def claims(
        self,
        statements: Iterable[Row],
        ids: Mapping[str, str],
        days: Mapping[str, str | None],
        verdicts: Mapping[str, Verdict],
    ) -> list[Claim]:
        """Return the claims of one cell: statements with their ends resolved, without those that a person rejected."""
        return [
            self._claim(row, ids, days.get(row.data["issue"]), verdicts.get(row.id))
            for row in statements
            if row.id not in verdicts or verdicts[row.id].what != "reject"
        ]

    def _claim(self, row: Row, ids: Mapping[str, str], day: str | None, verdict: Verdict | None) -> Claim:
        data = row.data
        corrected = (verdict and verdict.corrected) or {}
        attrs = {k: v for k, v in {**data["attrs"], **corrected}.items() if v is not None}
        for name, words in data["words"].items():
            unread = name in ("date", "period") and name not in corrected and not attrs.get(name)
            if unread and (found := resolve(words, day)):
                attrs[name] = found
        ends = [ids[data["subject_member"]], ids[data["object_member"]]]
        if self.schema.relations[data["relation"]].symmetric:
            ends.sort()
        claims = [e for e in data["evidence"] if e["role"] == "claim"]
        return Claim(
            row.id, data["issue"], day, data["relation"], ends[0], ends[1], attrs, data["confidence"],
            verdict is not None or data["confidence"] >= self.trust.get(data["relation"], 0.0),
            frozenset((e["start"], e["end"]) for e in claims),
            " ".join(plain(claims[0]["text"], 0, len(claims[0]["text"])).split()) if claims else "",
            corrected or None,
        )  # fmt: skip

    def claim_rows(
        self,
        cell: Cell,
        statements: Iterable[Row],
        ids: Mapping[str, str],
        days: Mapping[str, str | None],
        judged: Verdicts,
    ) -> list[Row]:
        """Return the deals and edges of one cell from all its statements in issues that count."""
        key, rows = cell_key(cell), list(statements)
        claims = self.claims(rows, ids, days, judged.of(rows))
        if not claims:
            return []
        if claims[0].relation not in self.book.blocks:
            return [self._edge(key, group, None, "") for group in self._apart(claims)]
        out, figures = [], judged.figures(rows)
        for group in regrouped(self.book.groups(claims), judged.deals(rows)):
            figure = chosen(group.claims, figures)
            deal = self.book.deal(group.claims, group.links, figure)
            id = deal.pop("id")
            out.append(Row("deal", id, {**deal, "cell": key}))
            out += [self._edge(key, pair, id, deal["stage"], figure) for pair in _pairs(group.claims)]
        return out

    def _apart(self, claims: list[Claim]) -> list[list[Claim]]:
        """Return the claims of a relation without deals by pair and by what tells its claims apart."""
        out: dict[str, list[Claim]] = {}
        for c in claims:
            distinct = self.schema.relations[c.relation].distinct
            out.setdefault(json.dumps([c.subject, c.object, *(c.attrs.get(d) for d in distinct)]), []).append(c)
        return list(out.values())

    def _edge(self, cell: str, claims: list[Claim], deal: str | None, default: str, figure: Claim | None = None) -> Row:
        ordered = sorted(claims, key=lambda c: c.order)
        first, attrs = ordered[0], latest(ordered)
        if figure is not None and figure in ordered:
            attrs["amount"] = figure.amount
        own = stage(ordered)
        if own:
            attrs["status"] = own
        money = attrs.get("amount") or {}
        distinct = self.schema.relations[first.relation].distinct if deal is None else ()
        apart = [deal, *(attrs.get(d) for d in distinct)]
        days = sorted(c.day for c in ordered if c.day)
        corrected = {c.id: dict(c.corrected) for c in ordered if c.corrected}
        flat = {name: attrs.get(name) for name in ("date", "percent", "value", "metric", "period", "round")}
        return Row("edge", hashed("e", first.relation, first.subject, first.object, apart), {
            "relation": first.relation, "subject_id": first.subject, "object_id": first.object, "deal_id": deal,
            "stage": own or default, "certain": any(c.certain for c in ordered),
            "confidence": max(c.confidence for c in ordered), "amount_low": money.get("low"),
            "amount_high": money.get("high"), "currency": money.get("currency", "USD") if money else None, **flat,
            "reported": days[0] if days else None, "attrs": attrs, "statement_ids": [c.id for c in ordered],
            "sentence": first.text, "cell": cell, **({"corrected": corrected} if corrected else {}),
        })  # fmt: skip


def derive(record: Iterable[Row], judgements: Iterable[Row], view: View) -> Iterator[Row]:
    """Yield the whole view of a record: what the cells, recomputed one by one, must come to."""
    by_kind: dict[str, list[Row]] = {"issue": [], "mention": [], "statement": []}
    for row in record:
        by_kind[row.kind].append(row if row.kind != "issue" else Row("issue", row.id, {**row.data, "text": ""}))
    judged = list(judgements)
    names = view.naming(judged)
    listings = list(_listings(by_kind["issue"], by_kind["statement"], judged, view))
    yield from listings
    days = {row.id: row.data["published"] for row in listings if row.data["counted"]}
    clusters: dict[str, list[Data]] = {}
    for row in by_kind["mention"]:
        if row.data["issue"] in days:
            clusters.setdefault(names.cell(row.data["member"]), []).append(row.data)
    ids: dict[str, str] = {}
    for cell, mentions in clusters.items():
        rows = name_rows(cell, mentions, names)
        ids |= member_ids(rows)
        yield from rows
    cells: dict[Cell, list[Row]] = {}
    for row in by_kind["statement"]:
        if row.data["issue"] in days and (found := view.cell(row.data, ids)):
            cells.setdefault(found, []).append(row)
    twins: dict[str, list[str]] = {}
    for row in listings:
        if row.data["duplicate_of"]:
            twins.setdefault(row.data["duplicate_of"], []).append(row.id)
    verdicts = Verdicts(judged, view.schema, twins)
    for claim_cell, statements in cells.items():
        yield from view.claim_rows(claim_cell, statements, ids, days, verdicts)


def member_ids(rows: Iterable[Row]) -> dict[str, str]:
    """Return member key → entity id from the rows of name cells."""
    return {m: row.id for row in rows if row.kind == "entity" for m in row.data["members"]}


def _listings(issues: list[Row], statements: list[Row], judgements: list[Row], view: View) -> Iterator[Row]:
    twins: dict[str, list[str]] = {}
    counts: dict[str, int] = {}
    for issue in issues:
        twins.setdefault(issue.data["text_sha256"], []).append(issue.id)
    for statement in statements:
        counts[statement.data["issue"]] = counts.get(statement.data["issue"], 0) + 1
    dates = {j.data["target"]: j for j in judgements if j.data["kind"] == "date"}
    for issue in issues:
        yield view.listing(issue, twins[issue.data["text_sha256"]], dates.get(issue.id), counts.get(issue.id, 0))


def _day(published: str | None) -> str | None:
    """Return an issue's day; None for what is no ISO day, which leaves it undated."""
    found = span(published) if published else None
    return published if found and found[0] == found[1] == published else None


def _pairs(claims: list[Claim]) -> list[list[Claim]]:
    out: dict[tuple[str, str, str], list[Claim]] = {}
    for c in claims:
        out.setdefault((c.relation, c.subject, c.object), []).append(c)
    return list(out.values())
