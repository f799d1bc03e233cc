"""Facts: what one unit says, from the network's pairs and the qualifiers around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from spacy.tokens import Doc

from ingest.features import SYMMETRIC, UNARY
from ingest.language import layout
from ingest.network import Network, Reading
from ingest.qualifiers import Claim, View, link
from ingest.units import Unit, units
from kg.markup import plain
from kg.model import Role, Span


@dataclass(frozen=True)
class Mention:
    """A name at its place: offsets in the text, what a person sees there, and its type (or handle)."""

    start: int
    end: int
    text: str
    type: str


@dataclass(frozen=True)
class Fact:
    """What a unit says of two mentions, with its qualifiers and the spans it rests on."""

    subject: Mention
    relation: str
    object: Mention
    attrs: dict[str, Any] = field(hash=False)
    confidence: float = 1.0
    evidence: tuple[Span, ...] = ()
    words: dict[str, str] = field(default_factory=dict, hash=False)
    sources: dict[str, int] = field(default_factory=dict, hash=False)


@dataclass
class Findings:
    """All mentions and facts of a Doc; `context` mentions were seen in a heading or earlier sentence again."""

    mentions: list[Mention] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)


def findings(doc: Doc, network: Network, keep: Mapping[str, float], published: str | None) -> Findings:
    """Return what the network and the rules find in a Doc."""
    out = Findings()
    made = list(units(doc))
    for unit, reading in zip(made, network.read([[w.text for w in u.words] for u in made]), strict=True):
        mentions = [_mention(doc, unit, m[0], m[1], m[2]) for m in reading.mentions]
        for m, found in zip(reading.mentions, mentions, strict=True):
            if found is not None and m[0] >= unit.fresh:
                out.mentions.append(found)
        out.facts += _facts(doc, unit, reading, mentions, keep, published)
    return out


def _mention(doc: Doc, unit: Unit, first: int, last: int, kind: str) -> Mention | None:
    if any(unit.tokens[k] < 0 for k in range(first, last + 1)):
        return None
    start, end = unit.words[first].start, unit.words[last].end
    if end <= start:
        return None
    shown = plain(layout(doc).text, start, end, html=layout(doc).html)
    return Mention(start, end, shown, kind) if any(c.isalnum() for c in shown) else None


def _facts(
    doc: Doc,
    unit: Unit,
    reading: Reading,
    mentions: list[Mention | None],
    keep: Mapping[str, float],
    published: str | None,
) -> Iterator[Fact]:
    view = View(unit.words, unit.parts, reading.mentions, reading.roles, published)
    for claim in link(view, list(_claims(unit, reading, mentions, keep))):
        subject, object_ = mentions[claim.subject], mentions[claim.object]
        assert subject is not None and object_ is not None
        if claim.relation == "reports_metric" and "metric" not in claim.attrs:
            continue
        evidence, order = _evidence(doc, unit, view, claim)
        sources = {name: order[part] for name, part in claim.parts.items() if part in order}
        yield Fact(subject, claim.relation, object_, claim.attrs, claim.confidence, evidence, claim.words, sources)


def _claims(unit: Unit, reading: Reading, mentions: list[Mention | None], keep: Mapping[str, float]) -> Iterator[Claim]:
    """Yield the related pairs above the threshold; of a symmetric relation one direction."""
    done: set[tuple[str, int, int]] = set()
    for pair in reading.pairs:
        if mentions[pair.subject] is None or mentions[pair.object] is None:
            continue
        later = max(reading.mentions[pair.subject][0], reading.mentions[pair.object][0])
        if later < unit.fresh:
            continue  # said by context alone: read where it stands
        for relation, score in pair.scores.items():
            if score < keep[relation] or (relation in UNARY) != (pair.subject == pair.object):
                continue
            if relation in SYMMETRIC:
                key = (relation, min(pair.subject, pair.object), max(pair.subject, pair.object))
                if key in done:
                    continue
                done.add(key)
            yield Claim(pair.subject, relation, pair.object, score, pair.status, pair.lead, pair.former)


def _evidence(doc: Doc, unit: Unit, view: View, claim: Claim) -> tuple[tuple[Span, ...], dict[int, int]]:
    """Return the claiming sentence, then its support, and the place of each part among them."""
    parts = {view.part(claim.subject), view.part(claim.object), *claim.parts.values()}
    stating = {p for p in (view.part(claim.subject), view.part(claim.object)) if unit.parts[p].role == "claim"}
    main = max(stating) if stating else max(parts)
    ordered = [main, *sorted(parts - {main})][:4]
    spans = []
    for p in ordered:
        part = unit.parts[p]
        role: Role = "claim" if p == main else "antecedent" if part.role == "claim" else part.role  # type: ignore[assignment]
        start, end = unit.words[part.first].start, unit.words[part.last - 1].end
        spans.append(Span(role=role, text=layout(doc).text[start:end], start=start, end=end))
    return tuple(spans), {p: n for n, p in enumerate(ordered)}
