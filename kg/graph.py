"""The graph: the only writer. An Extract or a Judgement goes in or out, and the view follows, in one transaction."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from kg.derive import VIEW, View, derive
from kg.derive_cells import Recompute, Touched, write
from kg.errors import KGError
from kg.lookup import Reading
from kg.model import Extract, Issue, Judgement
from kg.record import issue_of, keyed, record_rows
from kg.reference import Reference
from kg.schema import Schema
from kg.store.base import Row, Store

VERDICTS = ("accept", "reject")


@dataclass(frozen=True)
class Outcome:
    """What `put` did with an issue; a duplicate has the text of the issue `of`, and adds nothing to the view."""

    what: Literal["added", "unchanged", "replaced", "duplicate"]
    key: str
    of: str | None = None
    statements: int = 0
    dated: bool = True

    def __str__(self) -> str:
        """Return the one word."""
        return self.what


class Graph(Reading):
    """Record, judgements and view of one store. Its methods raise KGError, and StoreError for the store."""

    def __init__(
        self, store: Store, schema: Schema, reference: Reference, *, trust: Mapping[str, float] | None = None
    ) -> None:
        """Write into a store; `trust`: relation → the confidence from which its statements are certain."""
        super().__init__(store)
        self.schema, self.reference = schema, reference
        self.view = View(schema, reference, trust=trust)
        self._fingerprint = self.view.fingerprint

    def put(self, extract: Extract) -> Outcome:
        """Take an issue's Extract into the record, instead of an older version of the same key."""
        key = extract.issue.key
        if not key or any(c.isspace() for c in key):
            raise KGError(f"{extract.issue.file or key!r}: an issue's key must not be empty or hold blanks: {key!r}")
        new = record_rows(extract, self.view.cells)
        return self.store.write(lambda: self._put(key, new))

    def _put(self, key: str, new: list[Row]) -> Outcome:
        self._refresh()
        old = self._record(key)
        if old and old[0].data["content"] == new[0].data["content"]:
            return self._outcome("unchanged", key)
        touched = Touched({key}, {key: [row for row in old if row.kind == "mention"]})
        touched.add((*old, *new))
        if old:
            touched.issues |= self._twins(old[0])
        write(self.store, old, new)
        Recompute(self.store, self.view).run(touched)
        return self._outcome("replaced" if old else "added", key)

    def reread(self, extract: Extract) -> Outcome | None:
        """Take what was read anew of a stored issue; None if the issue is gone, or is another version by now."""
        key = extract.issue.key
        new = record_rows(extract, self.view.cells)
        return self.store.write(lambda: self._put(key, new) if self._keeps(extract.issue) else None)

    def remove(self, key: str) -> bool:
        """Take an issue out of the record; return whether it was there. Judgements on it stay, and sleep."""
        return self.store.write(lambda: self._remove(key))

    def _remove(self, key: str) -> bool:
        self._refresh()
        return Recompute(self.store, self.view).remove([key])

    def judge(self, judgement: Judgement) -> Judgement:
        """Keep a person's judgement and let the view follow; return it with what its target says filled in.

        A later judgement of the same kind and target takes the place of the earlier one.
        """
        return self.store.write(lambda: self._judge(judgement))

    def _judge(self, judgement: Judgement) -> Judgement:
        self._refresh()
        about = self._about(judgement)
        row = Row("judgement", f"{judgement.kind}/{judgement.target}", {
            **judgement.model_dump(mode="json"), "about": about, "issue": about.get("issue"),
        })  # fmt: skip
        self.store.put([row])
        self._follow(row)
        return judgement.model_copy(update={"about": about})

    def unjudge(self, kind: str, target: str) -> bool:
        """Drop a judgement; return whether it was there."""
        return self.store.write(lambda: self._unjudge(kind, target))

    def _unjudge(self, kind: str, target: str) -> bool:
        self._refresh()
        found = self.store.get("judgement", [f"{kind}/{target}"])
        if found:
            self.store.delete("judgement", [found[0].id])
            self._follow(found[0])
        return bool(found)

    def refresh(self) -> bool:
        """Derive the whole view again if it was made with another schema, reference or program; say whether it was.

        Where nothing is to be done the store is only read.
        """
        made = self.store.get("meta", ["view"])
        if not made or made[0].data["made_with"] == self._fingerprint:
            return False
        return self.store.write(self._refresh)

    def rebuild(self) -> None:
        """Derive the whole view again from the record."""
        self.store.write(self._rebuild)

    def has(self, issue: Issue, reader: str | None = None) -> bool:
        """Say whether this very issue (text and metadata) is there, read by this reader if one is named."""
        found = self.store.get("issue", [issue.key])
        about = record_rows(Extract(issue=issue, reader=reader or ""), self.view.cells)[0].data
        apart = ("content",) if reader is not None else ("content", "reader")
        return bool(found) and all(found[0].data.get(k) == v for k, v in about.items() if k not in apart)

    def _keeps(self, issue: Issue) -> bool:
        """Say whether this is the version of the issue that is there."""
        found = self.store.get("issue", [issue.key])
        return bool(found) and issue_of(found[0]) == issue

    def resting(self, key: str) -> set[str]:
        """Return the ids of the statements of an issue that were judged and of which it says nothing now."""
        here = list(self.store.rows("statement", issue=key))
        judged = (row for row in self.store.rows("judgement", issue=key) if row.data["kind"] == "statement")
        return {row.data["target"] for row in judged if not self.view.holds(row, here)}

    def _record(self, key: str) -> list[Row]:
        """Return the issue row, its mentions and its statements; nothing for an unknown key."""
        issue = self.store.get("issue", [key])
        rest = (row for kind in ("mention", "statement") for row in self.store.rows(kind, issue=key))
        return [*issue, *rest] if issue else []

    def _twins(self, issue: Row) -> set[str]:
        """Return the keys of the issues with the same text, this one's among them."""
        return {row.id for row in self.store.rows("listing", text_sha256=issue.data["text_sha256"])}

    def _outcome(self, what: Literal["added", "unchanged", "replaced"], key: str) -> Outcome:
        listing = self.store.get("listing", [key])[0].data
        of = min(self._twins(Row("listing", key, listing)) - {key}, default=None)
        said, dated = listing["statements"], listing["published"] is not None
        return Outcome("duplicate" if of and what != "unchanged" else what, key, of, said, dated)

    def _about(self, judgement: Judgement) -> dict[str, Any]:
        """Return what the judgement's target says; raise KGError for a value that cannot be."""
        if judgement.kind == "date":
            try:
                day = datetime.date.fromisoformat(judgement.value or "").isoformat()
            except ValueError:
                day = ""
            if day != judgement.value:
                raise KGError(f"{judgement.value!r} is no date; write it as 2026-04-21")
            return {**judgement.about, "issue": judgement.target}
        if judgement.kind == "statement":
            if judgement.verdict not in VERDICTS:
                raise KGError(f"{judgement.verdict!r} is no verdict on a statement; known are {', '.join(VERDICTS)}")
            if found := self.store.get("statement", [judgement.target]):
                data = found[0].data
                said = {name: data[name] for name in ("issue", "relation", "subject", "object")}
                return {**said, "amount": data["attrs"].get("amount"), **judgement.about}
        return dict(judgement.about)

    def _follow(self, judgement: Row) -> None:
        """Derive again what a judgement touches."""
        data = judgement.data
        touched = Touched()
        if data["kind"] == "date" and self.store.get("issue", [data["target"]]):
            touched.issues.add(data["target"])
        if data["kind"] == "statement":
            here = self.store.rows("statement", issue=data["issue"]) if data["issue"] else ()
            touched.add(row for row in here if self.view.speaks_of(judgement, row))
            touched.add(self.store.get("statement", [data["target"]]))
        Recompute(self.store, self.view).run(touched)

    def _refresh(self) -> bool:
        made = self.store.get("meta", ["view"])
        if made and made[0].data["made_with"] == self._fingerprint:
            return False
        if made or self.store.count("issue"):
            self._rebuild()
            return True
        self.store.put([Row("meta", "view", {"made_with": self._fingerprint})])
        return False

    def _rebuild(self) -> None:
        store, kinds = self.store, ("issue", "mention", "statement")
        types: dict[str, dict[str, set[str]]] = {}
        for row in store.rows("mention"):
            types.setdefault(row.data["issue"], {}).setdefault(row.data["name"], set()).add(row.data["type"])
        said = list(store.rows("statement"))
        write(store, said, [Row(r.kind, r.id, keyed(r.data, types[r.data["issue"]], self.view.cells)) for r in said])
        record = (row for kind in kinds for row in store.rows(kind))
        old = [row for kind in VIEW for row in store.rows(kind)]
        write(store, old, derive(record, list(store.rows("judgement")), self.view))
        store.put([Row("meta", "view", {"made_with": self._fingerprint})])
