"""Errors of the reader: what it missed, what it made up and what it got wrong, by document, with the sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kg.markup import plain
from kg.score_match import NOTHING, Doc, Document, Fact, agrees, align, matched, stated, unasked

Spans = Sequence[tuple[int, int]]  # of sentences, in the text of a predicted document


def errors(golds: Iterable[Doc], preds: Iterable[Doc], spans: Mapping[str, Spans]) -> list[dict[str, Any]]:
    """Return what is wrong in each gold document, those without an error left out; `spans` by doc_id.

    A missed fact has the gold's `evidence`, a spurious one what was `cited` for it; an entity has the first sentence
    that names it.
    """
    pred_docs = {d["doc_id"]: d for d in preds}
    found = []
    for data in sorted(golds, key=lambda d: str(d["doc_id"])):
        pred = pred_docs.get(data["doc_id"], {})
        wrong = _wrong(Document(data), Document(pred), _Sentences(pred, spans.get(data["doc_id"], ())))
        if any(wrong.values()):
            found.append({"doc_id": data["doc_id"], **wrong})
    return found


class _Sentences:
    """The sentences of a predicted document, as a person sees them."""

    def __init__(self, pred: Doc, spans: Spans) -> None:
        self.text: str = pred.get("text") or ""
        self.html = (pred.get("issue") or {}).get("markup") is False
        self.spans = spans

    def at(self, place: int) -> str:
        """Return the sentence around a place, else its line."""
        start, end = next(((a, b) for a, b in self.spans if a <= place < b), self._line(place))
        return " ".join(plain(self.text, start, end, html=self.html).split())

    def naming(self, entity: Mapping[str, Any]) -> str:
        """Return the first sentence that names an entity: where it was read, else where one of its names stands."""
        places = [start for start, _ in entity.get("mentions", ())]
        if not places:
            names = [entity["name"], *entity.get("aliases", ())]
            places = [at for name in names if name and (at := self.text.find(name)) >= 0][:1]
        return self.at(min(places)) if places else ""

    def _line(self, place: int) -> tuple[int, int]:
        end = self.text.find("\n", place)
        return self.text.rfind("\n", 0, place) + 1, len(self.text) if end < 0 else end


def _wrong(gold: Document, pred: Document, sentences: _Sentences) -> dict[str, list[dict[str, Any]]]:
    mapping = align(gold, pred)
    there = set(mapping.values())
    facts = list(matched(gold, pred, mapping))
    missed = [entity for n, entity in enumerate(gold.entities) if n not in there]
    spurious = [e for n, e in enumerate(pred.entities) if n not in mapping and not unasked(gold, e)]
    return {
        "missed_entities": [_entity(e, sentences) for e in missed],
        "spurious_entities": [_entity(e, sentences) for e in spurious],
        "missed_facts": [{**_fact(f), "evidence": f.get("evidence") or ""} for m in facts for f in m.missed],
        "spurious_facts": [
            {**_fact(f), "confidence": f.get("confidence"), "cited": cited(f)} for m in facts for f in m.spurious
        ],
        "wrong_attributes": [wrong for m in facts for pair in m.pairs for wrong in _attributes(*pair)],
    }


def _entity(entity: Mapping[str, Any], sentences: _Sentences) -> dict[str, Any]:
    aliases = list(entity.get("aliases", ()))
    return {"name": entity["name"], "type": entity["type"], "aliases": aliases, "sentence": sentences.naming(entity)}


def _fact(fact: Fact) -> dict[str, Any]:
    attrs = {name: value for name, value in fact.get("attrs", {}).items() if value not in NOTHING}
    return {"subject": fact["subject"], "relation": fact["relation"], "object": fact["object"], "attrs": attrs}


def _attributes(gold: Fact, pred: Fact) -> Iterator[dict[str, Any]]:
    """Yield the qualifiers of two facts that differ: stated and not read, read and not stated, or of another value."""
    said, heard = stated(gold), stated(pred)
    ends = {name: gold[name] for name in ("subject", "relation", "object")}
    for name in sorted(said.keys() | heard.keys()):
        if not agrees(name, said, heard):
            yield {
                **ends, "attribute": name, "gold": said.get(name), "read": heard.get(name),
                "evidence": gold.get("evidence") or "", "cited": cited(pred),
            }  # fmt: skip


def cited(fact: Fact) -> list[dict[str, str]]:
    """Return what is cited for a predicted fact: the role and the text of each span."""
    given = fact.get("evidence") or []
    some = [{"text": given}] if isinstance(given, str) else [given] if isinstance(given, Mapping) else given
    return [
        {"role": e.get("role", "claim"), "text": " ".join(plain(e["text"], 0, len(e["text"])).split())} for e in some
    ]
