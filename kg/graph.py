"""The graph: the only writer. An Extract or a Judgement goes in or out, and the view follows, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from kg.derive import VIEW, View, derive
from kg.derive_cells import Recompute, Touched, write
from kg.errors import KGError
from kg.judging import Judging
from kg.model import Extract, Issue
from kg.record import issue_of, keyed, record_rows
from kg.reference import Reference
from kg.schema import Schema
from kg.store.base import Row, Store


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


class Graph(Judging):
    """Record, judgements and view of one store. Its methods raise KGError, and StoreError for the store."""

    def __init__(
        self, store: Store, schema: Schema, reference: Reference, *, trust: Mapping[str, float] | None = None
    ) -> None:
        """Write into a store; `trust`: relation → the confidence from which its statements are certain."""
        super().__init__(store, View(schema, reference, trust=trust))
        self.schema, self.reference = schema, reference
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

    def refresh(self, begin: Callable[[], None] = lambda: None) -> bool:
        """Derive the whole view again if it was made with another schema, reference or program; say whether it was.

        `begin` is called before that starts. Where nothing is to be done the store is only read.
        """
        made = self.store.get("meta", ["view"])
        if not made or made[0].data["made_with"] == self._fingerprint:
            return False
        return self.store.write(lambda: self._refresh(begin))

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

    def _refresh(self, begin: Callable[[], None] = lambda: None) -> bool:
        made = self.store.get("meta", ["view"])
        if made and made[0].data["made_with"] == self._fingerprint:
            return False
        issues = self.store.count("issue")
        if made or issues:
            if issues:
                begin()
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
