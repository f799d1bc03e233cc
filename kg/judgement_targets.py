"""Targets of judgements: what they speak of in a store, what is asleep, and what stands against them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from kg.deal_verdicts import bonds
from kg.derive import View
from kg.derive_cells import Recompute
from kg.errors import KGError
from kg.lookup import Reading, judgement_of
from kg.model import Judgement
from kg.naming import ends as entity_ends
from kg.record import plain_id
from kg.store.base import Row, Store
from kg.ties import Word, instant, overruled
from kg.verdicts import Verdicts, ends

SAID = ("issue", "relation", "subject", "object")
KEPT = 100  # judgements on one target that can be undone one after another


class Targets(Reading):
    """What the judgements of a store speak of."""

    def __init__(self, store: Store, view: View) -> None:
        """Look into a store; the view's rules say what follows."""
        super().__init__(store)
        self.view = view

    def filled(self, judgement: Judgement) -> Judgement:
        """Return a judgement with what its target says now, beside what it keeps already."""
        kind, target, about = judgement.kind, judgement.target, judgement.about
        if kind == "date":
            about = {**about, "issue": target}
        elif kind == "entity":
            about = {**self._names_of(judgement), **about}
        elif kind == "deal":
            rows = {row.id: row for row in self.store.get("statement", target.split("|"))}
            both = zip(target.split("|"), ("a", "b"), strict=True)
            found = {name: {**said(rows.get(id)), **about.get(name, {})} for id, name in both}
            about = {**about, **{name: said for name, said in found.items() if said}}
        else:
            about = {**said(next(iter(self.store.get("statement", [target])), None)), **about}
        return judgement.model_copy(update={"about": about})

    def _names_of(self, judgement: Judgement) -> dict[str, Any]:
        """Return the names of two entities, and their keys where the ids are none: an id may pass to another name."""
        keys, shown = [], []
        for id in entity_ends(judgement.target) or ():
            moved = [row.data["entity_id"] for row in self.store.get("member", [id])]
            found = self.store.get("entity", [id, *moved])
            name = found[0].data["name"] if found else id
            if moved and (said := next(self.store.rows("mention", member=[id]), None)):
                name = said.data["name"]  # of an entity with several names this one
            shown.append(name)
            members: list[str] = found[0].data["members"] if found else [id]
            own = [key for key in members if plain_id(key) == id] or members
            keys.append(id if id in members or self.view.reference.entry(id) else min(own))
        names = {"names": shown}
        return {**names, "members": keys} if keys != list(entity_ends(judgement.target) or ()) else names

    def _members(self, judgement: Judgement) -> list[str]:
        pair = judgement.about.get("members") or entity_ends(judgement.target) or ()
        return [str(id) for id in pair]

    def check(self, judgement: Judgement) -> None:
        """Raise KGError where a judgement cannot be by what the store holds."""
        if (
            judgement.kind == "entity"
            and self.view.naming(()).word(judgement.target, judgement.about, True, ("", "")) is None
        ):
            raise KGError(f"{' and '.join(judgement.target.split('|'))} are one name: there is nothing to say of it")
        if judgement.kind not in ("deal", "figure"):
            return
        rows = self.store.get("statement", judgement.target.split("|"))
        for row in rows:
            if row.data["relation"] not in self.view.book.blocks:
                raise KGError(f"{row.id} tells of no deal ({row.data['relation']})")
        if judgement.kind == "figure":
            money = self.corrected(rows[0]).get("amount") if rows else True
            if not money:
                raise KGError(f"{judgement.target} states no amount; choose a statement that does")
        elif len(rows) == 2:
            self._comparable(*rows)

    def _comparable(self, a: Row, b: Row) -> None:
        """Raise KGError where two statements cannot tell of one deal: other kinds, or other parties."""
        cells = [Recompute(self.store, self.view).cell_of(row) for row in (a, b)]
        ours, theirs = (cell or () for cell in cells)
        if ours and ours == theirs:
            return
        if not ours or not theirs:
            raise KGError(f"{(b if ours else a).id} tells of no deal: its two parties are one")
        if ours[0] != theirs[0]:
            first, second = (cell[0].replace("_", " ") for cell in (ours, theirs))
            raise KGError(f"these are deals of different kinds: {first} and {second}; set aside the wrong statement")
        names = {row.id: row.data["name"] for row in self.store.get("entity", {*ours[1:], *theirs[1:]})}
        first, second = (
            " and ".join(names.get(id, id) for id in cell[1:] if id not in other) for cell, other in
            ((ours, theirs), (theirs, ours))
        )  # fmt: skip
        raise KGError(f"these are deals of different parties: first say that {first} and {second} are the same")

    def corrected(self, statement: Row) -> dict[str, Any]:
        """Return the qualifiers of a statement as read, with what a person put right."""
        found = self.store.get("judgement", [f"statement/{statement.id}"])
        right = json.loads(found[0].data["value"]) if found and found[0].data["verdict"] == "correct" else {}
        return {k: v for k, v in {**statement.data["attrs"], **right}.items() if v is not None}

    def against(self, judgement: Judgement) -> list[Judgement]:
        """Return the earlier differences in force that a merge stands against, the latest first."""
        if judgement.verdict != "same":
            return []
        words = self._words(judgement)
        if words is None:
            return []
        said, new, joined = words
        rows = self.store.get("judgement", [w.order[1] for w in overruled(said, new, joined)])
        return [judgement_of(row) for row in sorted(rows, key=age, reverse=True)]

    def _words(self, judgement: Judgement) -> tuple[list[Word], Word, list[tuple[str, str]]] | None:
        """Return what was said, what a merge says, and what the rules join, of the names or of the deals around it."""
        order, about = (instant(judgement.when), id_of(judgement)), judgement.about
        if judgement.kind == "entity":
            rows = list(self.store.rows("judgement", kind="entity"))
            new = self.view.naming(rows).word(judgement.target, about, True, order)
            made = self.view.naming([*rows, row_of(judgement, 0, None)])
            return (self.view.naming(rows).words, new, made.bonds) if new else None
        pair = self.store.get("statement", judgement.target.split("|"))
        if len(pair) < 2:
            return None
        work = Recompute(self.store, self.view)
        cell = work.cell_of(pair[0])
        groups, said = work.deals(cell) if cell else ([], [])
        return said, Word(pair[0].id, pair[1].id, True, order), bonds(groups)

    def judged_pairs(self) -> dict[frozenset[str], Judgement]:
        """Return pair of entity ids → what was said of the two; not of names that are one now, or not there."""
        rows = list(self.store.rows("judgement", kind="entity"))
        pairs = {row.id: self._members(judgement_of(row)) for row in rows}
        members = {key for pair in pairs.values() for key in pair}
        ids = {row.id: row.id for row in self.store.get("entity", members)}
        ids |= {row.id: row.data["entity_id"] for row in self.store.get("member", members)}
        out: dict[frozenset[str], Judgement] = {}
        for row in sorted(rows, key=age):
            here = frozenset(ids[key] for key in pairs[row.id] if key in ids)
            if len(here) == 2:
                out[here] = judgement_of(row)
        return out

    def sleeping(self, judgements: Iterable[Row] | None = None) -> set[str]:
        """Return the ids (kind/target) of the judgements that speak of what is not in the store; of all for None."""
        rows = list(self.store.rows("judgement") if judgements is None else judgements)
        issues = {row.data["target"] for row in rows if row.data["kind"] == "date"}
        dated = {row.id for row in self.store.get("issue", issues)}
        pairs = {row.id: self._members(judgement_of(row)) for row in rows if row.data["kind"] == "entity"}
        members = {key for pair in pairs.values() for key in pair}
        named = {row.id for kind in ("entity", "member") for row in self.store.get(kind, members)}
        out = {row.id for row in rows if row.data["kind"] == "date" and row.data["target"] not in dated}
        out |= {id for id, pair in pairs.items() if not named.issuperset(pair)}
        return out | {row.id for row in rows if not self._held(row)}

    def resting(self, key: str) -> set[str]:
        """Return the ids (kind/target) of the judgements on statements of an issue of which it says nothing now."""
        judged = {row.id: row for row in self.store.rows("judgement", issue=key)}
        judged |= {row.id: row for row in self.store.rows("judgement", kind="deal")}
        own = [end for row in judged.values() for end in ends(row) if end.issue == key]
        here = list(self.store.rows("statement", issue=key)) if own else []
        ids, verdicts = {row.id for row in here}, Verdicts((), self.view.schema)
        return {end.judgement.id for end in own if end.id not in ids and verdicts.only(end, here) is None}

    def _held(self, judgement: Row) -> bool:
        """Say whether each statement that a judgement speaks of is there, by its id or as the only one of its pair."""
        verdicts = Verdicts((), self.view.schema)
        for end in ends(judgement):
            here = list(self.store.rows("statement", issue=end.issue)) if end.issue else []
            if not self.store.get("statement", [end.id]) and verdicts.only(end, here) is None:
                return False
        return True


def id_of(judgement: Judgement) -> str:
    """Return the id of a judgement's row."""
    return f"{judgement.kind}/{judgement.target}"


def row_of(judgement: Judgement, number: int, before: Row | None) -> Row:
    """Return a judgement's row: with its place among others of the same second, and those whose place it takes."""
    issue = judgement.about.get("issue") if judgement.kind in ("statement", "figure", "date") else None
    earlier = [*before.data.get("before", ()), {**before.data, "before": []}] if before else []
    about = {"issue": issue or None, "seq": number, "before": earlier[-KEPT:]}
    return Row("judgement", id_of(judgement), {**judgement.model_dump(mode="json"), **about})


def before(row: Row) -> Row | None:
    """Return the judgement whose place one took, as it was; None if there was none."""
    earlier = row.data.get("before", ())
    return Row(row.kind, row.id, {**earlier[-1], "before": list(earlier[:-1])}) if earlier else None


def age(row: Row) -> tuple[str, int, str]:
    """Return what judgements are ordered by, the earliest first."""
    return (instant(row.data["when"]), row.data.get("seq", 0), row.id)


def said(statement: Row | None) -> dict[str, Any]:
    """Return what a judgement keeps of a statement."""
    if statement is None:
        return {}
    return {**{name: statement.data[name] for name in SAID}, "amount": statement.data["attrs"].get("amount")}
