"""Judging: people's judgements go into a graph and out again, and the view follows; each in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from kg.derive_cells import Recompute, Touched
from kg.errors import KGError
from kg.judgement_rules import checked
from kg.judgement_targets import Targets, age, before, id_of, row_of
from kg.lookup import judgement_of
from kg.model import Judgement
from kg.store.base import Row
from kg.ties import instant
from kg.verdicts import ends, speaks_of


class ContradictionError(KGError):
    """A merge that earlier decisions stand against; `earlier` are those, the latest first."""

    def __init__(self, judgement: Judgement, earlier: Sequence[Judgement]) -> None:
        """Keep what contradicts what."""
        self.judgement, self.earlier = judgement, tuple(earlier)
        super().__init__("; ".join(told(j) for j in self.earlier))


def told(judgement: Judgement) -> str:
    """Return an earlier decision in words: "contradicts: different, 2026-11-30, note … (Nova and Nova Labs)"."""
    note = " ".join(judgement.note.split())
    names = judgement.about.get("names") or judgement.target.split("|")
    parts = [judgement.verdict, judgement.when[:10] or "undated", f"note {note}" if note else ""]
    return f"contradicts: {', '.join(part for part in parts if part)} ({' and '.join(names)})"


@dataclass(frozen=True)
class Adopted:
    """What became of imported judgements: `older` ones lost to later ones on the same targets and were not taken.

    `sleeping` ones speak of what is not in the store.
    """

    new: int
    replaced: int
    unchanged: int
    older: int
    sleeping: int


@dataclass(frozen=True)
class Undone:
    """A judgement that was taken back, and the one that holds again in its place."""

    judgement: Judgement
    again: Judgement | None = None


class Judging(Targets):
    """The judgements of a graph."""

    def _refresh(self) -> bool:
        raise NotImplementedError

    def judge(self, judgement: Judgement, *, force: bool = False) -> Judgement:
        """Keep a person's judgement and let the view follow; return it with what its target says filled in.

        A later judgement of the same kind and target takes the place of the earlier one. Raise ContradictionError for
        a merge that an earlier "different" stands against, unless forced; KGError for what cannot be.
        """
        return self.judge_all([judgement], force=force)[0]

    def judge_all(self, judgements: Iterable[Judgement], *, force: bool = False) -> list[Judgement]:
        """Keep several judgements, one after another in one transaction, all or none, as `judge` does."""
        some = [checked(judgement, self.view.schema) for judgement in judgements]
        return self.store.write(lambda: self._judge(some, force=force))

    def _judge(self, judgements: list[Judgement], *, force: bool) -> list[Judgement]:
        self._refresh()
        out: list[Judgement] = []
        for _, some in groupby(enumerate(judgements), key=lambda pair: -1 if _alone(pair[1]) else pair[0]):
            full = [self._full(judgement, force=force) for _, judgement in some]
            self._write(full)  # the view follows once for all of them
            out += full
        return out

    def _full(self, judgement: Judgement, *, force: bool) -> Judgement:
        full = checked(self.filled(judgement), self.view.schema)
        self.check(full)
        if not force and (earlier := self.against(full)):
            raise ContradictionError(full, earlier)
        return full

    def unjudge(self, kind: str, target: str) -> bool:
        """Drop a judgement; return whether it was there."""
        return self.store.write(lambda: self._unjudge(kind, target))

    def _unjudge(self, kind: str, target: str) -> bool:
        self._refresh()
        found = self.store.get("judgement", [f"{kind}/{target}"])
        if found:
            self._change(found, [])
        return bool(found)

    def undo(self, place: tuple[str, str] | None = None) -> Undone | None:
        """Take the latest judgement back, or that of a `place` (kind and target); None if there is none.

        The one whose place it had taken holds again.
        """
        return self.store.write(lambda: self._undo(place))

    def _undo(self, place: tuple[str, str] | None) -> Undone | None:
        self._refresh()
        some = self.store.get("judgement", ["/".join(place)]) if place else self.store.rows("judgement")
        last = max(some, key=age, default=None)
        if last is None:
            return None
        again = before(last)
        self._change([last], [again] if again else [])
        return Undone(judgement_of(last), judgement_of(again) if again else None)

    def adopt(self, judgements: Iterable[Judgement]) -> Adopted:
        """Take judgements made elsewhere, all in one transaction; of two on one target the later holds.

        What contradicts others is taken too: of those the later ones hold.
        """
        some = [checked(judgement, self.view.schema) for judgement in judgements]
        return self.store.write(lambda: self._adopt(some))

    def _adopt(self, judgements: list[Judgement]) -> Adopted:
        self._refresh()
        full = [checked(self.filled(judgement), self.view.schema) for judgement in judgements]
        here = {row.id: judgement_of(row) for row in self.store.get("judgement", {id_of(j) for j in full})}
        chosen: dict[str, Judgement] = {}
        for judgement in full:
            id = id_of(judgement)
            known = chosen.get(id) or here.get(id)
            if known is None or _weight(judgement) > _weight(known):
                chosen[id] = judgement
        self._write(list(chosen.values()))
        rows = self.store.get("judgement", {id_of(j) for j in full})
        new = len(chosen.keys() - here.keys())
        holding = here | chosen
        left = len(full) - len(chosen)
        older = sum(_says(judgement) != _says(holding[id_of(judgement)]) for judgement in full)
        return Adopted(new, len(chosen) - new, left - older, older, len(self.sleeping(rows)))

    def _write(self, judgements: Sequence[Judgement]) -> None:
        """Put judgements in the place of those on the same targets, which they keep for `undo`."""
        everything = {row.id: row for row in self.store.rows("judgement")}
        last = max((row.data.get("seq", 0) for row in everything.values()), default=0)
        rows: dict[str, Row] = {}
        for number, judgement in enumerate(judgements, start=last + 1):
            old = rows.get(id_of(judgement)) or everything.get(id_of(judgement))
            rows[id_of(judgement)] = row_of(judgement, number, old)
        self._change([everything[id] for id in rows if id in everything], list(rows.values()))

    def _change(self, old: Sequence[Row], new: Sequence[Row]) -> None:
        """Replace judgement rows, and derive again what they touch."""
        names = self.view.naming(self.store.rows("judgement", kind="entity"))
        self.store.delete("judgement", sorted({row.id for row in old} - {row.id for row in new}))
        self.store.put(sorted(new, key=lambda row: row.id))
        touched = Touched()
        for row in {row.id + str(row.data["about"]): row for row in (*old, *new)}.values():
            if row.data["kind"] == "date":
                touched.issues |= {found.id for found in self.store.get("issue", [row.data["target"]])}
            for end in ends(row):
                here = self.store.rows("statement", issue=end.issue) if end.issue else ()
                touched.add(found for found in here if speaks_of(end.about, found, self.view.schema))
                touched.add(self.store.get("statement", [end.id]))
        Recompute(self.store, self.view).run(touched, before=names)


def _alone(judgement: Judgement) -> bool:
    """Say whether a judgement may be made whatever was said just before it."""
    return judgement.kind in ("statement", "deal") and judgement.verdict != "same"


def _says(judgement: Judgement) -> tuple[str, str, str | None, str]:
    """Return what two judgements on one target are the same in."""
    return (instant(judgement.when), judgement.verdict, judgement.value, judgement.note)


def _weight(judgement: Judgement) -> tuple[str, str]:
    """Return what decides between two judgements on one target: the later one, else any, but always the same."""
    return (instant(judgement.when), json.dumps(judgement.model_dump(mode="json"), sort_keys=True))
