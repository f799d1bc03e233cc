"""Recomputing cells: after a change of the record, only the cells it names are derived again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.deal_claims import Claim
from kg.deal_links import Group
from kg.derive import View, member_ids
from kg.derive_names import entity_rows, name_rows, shifted, tally
from kg.naming import Names
from kg.record import Cell, cell_key
from kg.store.base import Row, Rows
from kg.ties import Word
from kg.verdicts import Verdicts


@dataclass
class Touched:
    """What a change names: issues whose listing may differ, mentions that no longer or newly count, statements."""

    issues: set[str] = field(default_factory=set)
    replaced: dict[str, list[Row]] = field(default_factory=dict)  # issue → the mentions that it had
    gone: list[Row] = field(default_factory=list)
    new: list[Row] = field(default_factory=list)
    statements: dict[tuple[str, str, str], Row] = field(default_factory=dict)

    def add(self, rows: Iterable[Row]) -> None:
        """Note the statements among the rows; those of one id in two versions may have other ends (K2.6, K26)."""
        said = (row for row in rows if row.kind == "statement")
        self.statements |= {(row.id, row.data["subject_member"], row.data["object_member"]): row for row in said}


class Recompute:
    """Brings the view of a store up to date with its record, inside an open transaction."""

    def __init__(self, store: Rows, view: View) -> None:
        """Work on a store by the rules of a view."""
        self.store, self.view = store, view
        self.names = view.naming(store.rows("judgement", kind="entity"))

    def run(self, touched: Touched, *, before: Names | None = None) -> None:
        """Derive the touched cells again, and write what differs.

        `before`: what was one entity before a change of judgements, by which the names in the store go.
        """
        self._listings(touched)
        self._uncounted = [row.id for row in self.store.rows("listing", counted=False)]
        old, new = self._renamed(before) if before is not None else self._names(touched)
        moved = sorted(m for m in old.keys() & new.keys() if old[m] != new[m])
        if moved:
            touched.add(self.store.rows("statement", subject_member=moved))
            touched.add(self.store.rows("statement", object_member=moved))
        ends = {row.data[e] for row in touched.statements.values() for e in ("subject_member", "object_member")}
        now = {**self._ids(ends - new.keys()), **new}
        was = {**now, **old}
        cells = {cell for row in touched.statements.values() for ids in (was, now) if (cell := self._cell(row, ids))}
        self._claims(cells)

    def remove(self, keys: Iterable[str]) -> bool:
        """Take issues out of the record, and derive again what they touch; say whether any was there."""
        gone = self.store.get("listing", sorted(set(keys)))
        if not gone:
            return False
        issues, texts = [row.id for row in gone], sorted({row.data["text_sha256"] for row in gone})
        mentions = list(self.store.rows("mention", issue=issues))
        said = list(self.store.rows("statement", issue=issues))
        touched = Touched({row.id for row in self.store.rows("listing", text_sha256=texts)}, {id: [] for id in issues})
        for row in mentions:
            touched.replaced[row.data["issue"]].append(row)
        touched.add(said)
        self.store.delete("issue", issues)
        write(self.store, [*mentions, *said], [])
        self.run(touched)
        return True

    def _cell(self, row: Row, ids: Mapping[str, str]) -> Cell | None:
        return self.view.cell(row.data, ids)

    def _listings(self, touched: Touched) -> None:
        """Write the listings of the touched issues and of those with their texts.

        What an issue says is touched where it starts or ceases to count, or where its date changes.
        """
        shas = {row.data["text_sha256"] for row in self.store.get("issue", touched.issues)}
        touched.issues |= {row.id for row in self.store.rows("listing", text_sha256=sorted(shas))}
        old = {row.id: row.data for row in self.store.get("listing", touched.issues)}
        issues = self.store.get("issue", sorted(touched.issues))
        dates = {row.data["target"]: row for row in self.store.get("judgement", [f"date/{i.id}" for i in issues])}
        new = []
        for issue in issues:
            twins = [other.id for other in issues if other.data["text_sha256"] == issue.data["text_sha256"]]
            said = self.store.count("statement", issue=issue.id)
            new.append(self.view.listing(issue, twins, dates.get(issue.id), said))
        write(self.store, [Row("listing", id, data) for id, data in old.items()], new)
        now = {row.id: row.data for row in new}
        for id in sorted(old.keys() | now.keys()):
            self._compare(id, old.get(id), now.get(id), touched)

    def _compare(self, id: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, touched: Touched) -> None:
        """Note what follows from an issue's listing before and after: its mentions and statements."""
        counted, counts = bool(old and old["counted"]), bool(new and new["counted"])
        if (
            id not in touched.replaced
            and counted == counts
            and (old and old["published"]) == (new and new["published"])
        ):
            return
        touched.add(self.store.rows("statement", issue=id))
        if id in touched.replaced or counted != counts:
            mentions = list(self.store.rows("mention", issue=id))
            touched.gone += touched.replaced.get(id, mentions) if counted else []
            touched.new += mentions if counts else []

    def _names(self, touched: Touched) -> tuple[dict[str, str], dict[str, str]]:
        """Derive the touched name cells; return member → entity id before and after."""
        gone, fresh = self._by_cell(touched.gone), self._by_cell(touched.new)
        cells = sorted(gone.keys() | fresh.keys())
        if not cells:
            return {}, {}
        entities: dict[str, list[Row]] = {cell: [] for cell in cells}
        for row in self.store.rows("entity", cluster=cells):
            entities[row.data["cluster"]].append(row)
        new = [r for c in cells for r in self._name_cell(c, entities[c], gone.get(c, []), fresh.get(c, []))]
        return self._written([row for some in entities.values() for row in some], new)

    def _renamed(self, before: Names) -> tuple[dict[str, str], dict[str, str]]:
        """Derive the name cells in which a judgement makes a difference; return member → entity id before and after."""
        cells = sorted(self.names.changed(before))
        if not cells:
            return {}, {}
        old = list(self.store.rows("entity", cluster=cells))
        left = set(self._uncounted)
        members = sorted({member for row in old for member in row.data["members"]})
        said = (row for row in self.store.rows("mention", member=members) if row.data["issue"] not in left)
        new = [r for cell, some in sorted(self._by_cell(said).items()) for r in name_rows(cell, some, self.names)]
        return self._written(old, new)

    def _written(self, old: list[Row], new: list[Row]) -> tuple[dict[str, str], dict[str, str]]:
        ids = [row.id for row in old]
        forms = [*self.store.rows("name", entity_id=ids), *self.store.rows("member", entity_id=ids)]
        write(self.store, [*old, *forms], new)
        return member_ids(old), member_ids(new)

    def _by_cell(self, mentions: Iterable[Row]) -> dict[str, list[Mapping[str, Any]]]:
        out: dict[str, list[Mapping[str, Any]]] = {}
        for row in mentions:
            out.setdefault(self.names.cell(row.data["member"]), []).append(row.data)
        return out

    def _name_cell(
        self, cell: str, old: list[Row], gone: list[Mapping[str, Any]], new: list[Mapping[str, Any]]
    ) -> list[Row]:
        """Return the rows of a name cell: by its tally where it is one entity, else from all its mentions."""
        counts = shifted(old[0].data["tally"] if old else tally([]), tally(gone), tally(new))
        ids = self.names.ids(counts["members"])
        if len(old) < 2 and len(set(ids.values())) < 2:
            own = self.names.own_ids(ids)
            return [row for id in set(ids.values()) for row in entity_rows(id, cell, counts, self.names, own)]
        members = {m for row in old for m in row.data["members"]} | {m["member"] for m in new}
        left = set(self._uncounted)
        said = [row.data for row in self.store.rows("mention", member=sorted(members)) if row.data["issue"] not in left]
        return name_rows(cell, said, self.names)

    def _ids(self, members: Iterable[str]) -> dict[str, str]:
        """Return member → entity id of names whose cells are not touched."""
        keys = sorted(members)
        return {k: k for k in keys} | {row.id: row.data["entity_id"] for row in self.store.get("member", keys)}

    def _claims(self, cells: set[Cell]) -> None:
        """Derive claim cells from all statements that they have in the record."""
        if not cells:
            return
        by_cell, ids, days, judged = self._statements(cells)
        new: list[Row] = []
        for cell, some in sorted(by_cell.items()):
            new += self.view.claim_rows(cell, some, ids, days, judged)
        written = sorted(cell_key(cell) for cell in cells)
        write(self.store, [*self.store.rows("edge", cell=written), *self.store.rows("deal", cell=written)], new)

    def claims(self, cells: set[Cell]) -> dict[Cell, list[Claim]]:
        """Return the claims of cells, made of all statements that they have in the record."""
        if not cells:
            return {}
        by_cell, ids, days, judged = self._statements(cells)
        return {cell: self.view.claims(some, ids, days, judged.of(some)) for cell, some in by_cell.items()}

    def _statements(
        self, cells: set[Cell]
    ) -> tuple[dict[Cell, list[Row]], dict[str, str], dict[str, str | None], Verdicts]:
        """Return the statements of cells, their member → entity id, issue → day, and the judgements on them."""
        entities = {row.id: row.data["members"] for row in self.store.get("entity", {e for c in cells for e in c[1:]})}
        keys = sorted({key for cell in cells for key in self.view.cells.spread(cell, entities)})
        gone = {row.id: row.data["duplicate_of"] for row in self.store.rows("listing", counted=False)}
        rows = [row for row in self.store.rows("statement", cell=keys) if row.data["issue"] not in gone]
        ids = self._ids({row.data[e] for row in rows for e in ("subject_member", "object_member")})
        issues = sorted({row.data["issue"] for row in rows})
        days = {row.id: row.data["published"] for row in self.store.get("listing", issues)}
        by_cell: dict[Cell, list[Row]] = {}
        for row in rows:
            if (cell := self._cell(row, ids)) in cells:
                by_cell.setdefault(cell, []).append(row)
        twins = {key: [twin for twin, of in gone.items() if of == key] for key in issues}
        return by_cell, ids, days, self._judged(rows, twins)

    def cell_of(self, statement: Row) -> Cell | None:
        """Return the cell that a statement of the store is in."""
        return self._cell(statement, self._ids({statement.data[e] for e in ("subject_member", "object_member")}))

    def deals(self, cell: Cell) -> tuple[list[Group], list[Word]]:
        """Return the claims of a cell of deals as the rules group them, and what people say of these."""
        by_cell, ids, days, judged = self._statements({cell})
        rows = by_cell.get(cell, [])
        return self.view.book.groups(self.view.claims(rows, ids, days, judged.of(rows))), judged.deals(rows)

    def _judged(self, statements: list[Row], twins: Mapping[str, list[str]]) -> Verdicts:
        """Return the judgements on the statements, and those on their issues, which may have lost their statement.

        `twins` are the issues of the statements, each with those that repeat its text.
        """
        ids = [f"{kind}/{row.id}" for kind in ("statement", "figure") for row in statements]
        issues = sorted({*twins, *(twin for some in twins.values() for twin in some)})
        around = self.store.rows("judgement", issue=issues)
        found = {row.id: row for row in (*around, *self.store.get("judgement", ids))}
        judged = (*found.values(), *self.store.rows("judgement", kind="deal"))
        return Verdicts(judged, self.view.schema, twins)


def write(store: Rows, old: Iterable[Row], new: Iterable[Row]) -> None:
    """Make the rows `old` of the store the rows `new`, touching only those that differ."""
    was = {(row.kind, row.id): row.data for row in old}
    rows = list(new)
    there = {(row.kind, row.id) for row in rows}
    for kind in dict.fromkeys(kind for kind, _ in was):
        store.delete(kind, [id for k, id in was if k == kind and (k, id) not in there])
    store.put(sorted((r for r in rows if was.get((r.kind, r.id)) != r.data), key=lambda r: (r.kind, r.id)))
