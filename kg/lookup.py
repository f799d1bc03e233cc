"""Looking things up in a graph: issues, statements, deals, entities, counts, and the dump."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from kg.errors import QuestionError
from kg.model import Judgement, plain_numbers
from kg.names import normal
from kg.store.base import Row, Store

LAYERS = (
    ("judgement", ("judgement",)),
    ("record", ("issue", "mention", "statement")),
    ("view", ("deal", "edge", "entity", "listing", "member", "name")),
)


class Reading:
    """What can be read from a store; raises QuestionError for what is not there."""

    def __init__(self, store: Store) -> None:
        """Read from a store."""
        self.store = store

    def issues(self) -> list[dict[str, Any]]:
        """Return the issues as `kg issues --json` lists them, by key."""
        listed = ((row.id, row.data) for row in self.store.rows("listing"))
        return [
            {
                "key": key, "title": d["title"], "file": d["file"], "publisher": d["publisher"], "date": d["published"],
                "statements": d["statements"], "text_sha256": d["text_sha256"],
            }
            for key, d in listed
        ]  # fmt: skip

    def readers(self) -> dict[str, str]:
        """Return issue key → fingerprint of what read it; "" for one that came as an extract that names no reader."""
        return {row.id: row.data["reader"] for row in self.store.rows("listing")}

    def find_issue(self, text: str) -> str:
        """Return the key that the text names: a key, or a file name or title of one issue; raise QuestionError."""
        if self.store.get("listing", [text]):
            return text
        wanted = text.strip().casefold()
        rows = list(self.store.rows("listing"))
        fits = [r for r in rows if wanted and wanted in (r.data["file"].casefold(), r.data["title"].casefold())]
        if len(fits) == 1:
            return fits[0].id
        near = fits or [r for r in rows if wanted and wanted in f"{r.id} {r.data['file']} {r.data['title']}".casefold()]
        what = f"{text!r} fits {len(fits)} issues" if fits else f"no issue is called {text!r}"
        raise QuestionError(f"{what}; {_choice(r.id for r in near) or 'kg issues lists them'}")

    def statement(self, id: str) -> Row:
        """Return a statement of the record; raise QuestionError if there is none."""
        found = self.store.get("statement", [id])
        if not found:
            raise QuestionError(f"no statement has the id {id!r}; kg ask --json and kg show print the ids")
        return found[0]

    def deal(self, id: str) -> Row:
        """Return the deal of an id, or of a statement that is part of it; raise QuestionError."""
        found = self.store.get("deal", [id])
        if not found:
            edges = (e for e in self._edges_of("s" + id[1:]) if e.data["deal_id"])
            found = self.store.get("deal", [e.data["deal_id"] for e in edges])
        if not found:
            raise QuestionError(f"no deal has the id or the statement {id!r}")
        return found[0]

    def entity(self, text: str) -> Row:
        """Return the entity of an id (any member's) or of a name; raise QuestionError with what there is."""
        moved = [row.data["entity_id"] for row in self.store.get("member", [text])]
        if found := self.store.get("entity", [text, *moved]):
            return found[0]
        names = list(self.store.rows("name", key=normal(text)))
        own = [n for n in names if n.data["own"]]
        for some in ([n for n in own if n.data["form"] == text], own, names):
            ids = sorted({n.data["entity_id"] for n in some})
            if len(ids) == 1:
                return self.store.get("entity", ids)[0]
            if ids:
                raise QuestionError(f"{text!r} may be several; {_choice(ids)}")
        near = list(dict.fromkeys(id for _, id in self.store.names(text)))
        raise QuestionError(f"no entity is called {text!r}" + (f"; {_choice(near)}" if near else ""))

    def judgements(self) -> list[Judgement]:
        """Return all judgements, sleeping ones too, by kind and target."""
        return [judgement_of(row) for row in self.store.rows("judgement")]

    def stats(self, reader: str | None = None) -> dict[str, Any]:
        """Return counts: issues (and those without a date, and duplicates), statements, entities, deals, edges.

        With the fingerprint of a reader also how many issues were read by another one (`older_reader`).
        """
        return self.store.read(lambda: self._stats(reader))

    def _stats(self, reader: str | None) -> dict[str, Any]:
        listed = [row.data for row in self.store.rows("listing")]
        types = Counter(row.data["type"] for row in self.store.rows("entity"))
        relations = Counter(row.data["relation"] for row in self.store.rows("edge"))
        return {
            "issues": len(listed),
            "duplicates": sum(not d["counted"] for d in listed),
            "undated": sum(d["published"] is None for d in listed),
            **({} if reader is None else {"older_reader": sum(d["reader"] not in ("", reader) for d in listed)}),
            **{f"{kind}s": self.store.count(kind) for kind in ("statement", "deal", "edge", "judgement")},
            "entities": dict(sorted(types.items())),
            "relations": dict(sorted(relations.items())),
        }

    def dump(self) -> list[str]:
        """Return everything as sorted JSON lines; nothing for a store without issues and judgements."""
        kinds = [(layer, kind) for layer, some in LAYERS for kind in some]
        return self.store.read(
            lambda: [line for layer, kind in kinds for line in sorted(_line(layer, r) for r in self.store.rows(kind))]
        )

    def _edges_of(self, statement: str) -> list[Row]:
        """Return the edges that rest on a statement."""
        found = self.store.get("statement", [statement])
        if not found:
            return []
        ends = [found[0].data["subject_member"], found[0].data["object_member"]]
        moved = {row.id: row.data["entity_id"] for row in self.store.get("member", ends)}
        ids = [moved.get(end, end) for end in ends]
        edges = self.store.rows("edge", relation=found[0].data["relation"], subject_id=ids, object_id=ids)
        return [e for e in edges if statement in e.data["statement_ids"]]


def judgement_of(row: Row) -> Judgement:
    """Return the judgement of its row."""
    return Judgement(**{k: v for k, v in row.data.items() if k in Judgement.model_fields})


def _choice(candidates: Iterable[str]) -> str:
    some = list(candidates)
    more = f" and {len(some) - 5} more" if len(some) > 5 else ""
    return f"there is {', '.join(some[:5])}{more}" if some else ""


def _line(layer: str, row: Row) -> str:
    """Return a row as one line: layer, kind and id first, all else by name; no times, and not what was before."""
    data = {k: v for k, v in row.data.items() if k not in ("layer", "id", "when")}
    if row.kind == "judgement":
        data = {k: v for k, v in data.items() if k not in ("seq", "before")}
    if "kind" in data:
        data[f"{row.kind}_kind"] = data.pop("kind")
    if "confidence" in data:
        data["confidence"] = round(data["confidence"], 2)
    first, rest = ({"layer": layer, "kind": row.kind, "id": row.id}, plain_numbers(data))
    head, tail = (json.dumps(d, ensure_ascii=False, separators=(",", ":"), sort_keys=d is rest) for d in (first, rest))
    return f"{head[:-1]},{tail[1:]}" if rest else head
