"""Training data: annotated units into words, tags and related pairs, with names swapped and units joined."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.features import LABELS, RELATIONS, SEPARATOR, SPANS, STATUSES, SYMMETRIC, UNARY, Span, words
from kg.errors import ReadError

MOST_WORDS = 230
Key = tuple[int, int]


@dataclass
class Unit:
    """One annotated unit: its text with spans (start, end, type) in code points, and facts by surface."""

    text: str
    spans: list[tuple[int, int, str]]
    facts: list[dict[str, Any]]
    source: str = ""
    date: str = ""


@dataclass
class Sample:
    """A unit as the network learns it.

    `tags` holds a label number a word; `related` gives the relation numbers of a pair of mentions, `unsure` the
    pairs to leave out of the loss (other mentions of related names), `details` (status, lead, former) of a pair.
    """

    words: list[str]
    tags: list[int]
    mentions: list[Span]
    related: dict[Key, set[int]] = field(default_factory=dict)
    unsure: set[Key] = field(default_factory=set)
    details: dict[Key, tuple[int, int, int]] = field(default_factory=dict)


def load(folder: Path) -> list[Unit]:
    """Return the units of all .jsonl files of a folder; raise ReadError naming file and line if one is broken."""
    units = []
    paths = sorted(folder.glob("*.jsonl"))
    if not paths:
        raise ReadError(f"no .jsonl file in {folder}; give the folder of the training annotations")
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                row = json.loads(line)
                spans = [(s, e, t) for s, e, t in row["entities"]] + [(s, e, "handle") for s, e, _ in row["handles"]]
                units.append(Unit(row["text"], sorted(spans), row["facts"], row["source"], row.get("date", "")))
            except (ValueError, KeyError, TypeError) as error:
                raise ReadError(f"{path}:{number}: not a training unit ({error})") from error
    return units


def split(units: Sequence[Unit], share: float = 0.07) -> tuple[list[Unit], list[Unit]]:
    """Return (train, held out): whole sources are held out, the latest ones and every so many undated ones."""
    by_source: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        by_source[unit.source.split("#")[0]].append(unit)
    want = share * len(units)
    dated = sorted((s for s in by_source if by_source[s][0].date), key=lambda s: by_source[s][0].date, reverse=True)
    undated = sorted((s for s in by_source if not by_source[s][0].date), key=lambda s: (len(by_source[s]), s))
    held: set[str] = set()
    n = 0
    for source in dated:
        if n >= want * 0.6:
            break
        held.add(source)
        n += len(by_source[source])
    out = [u for s in held for u in by_source[s]]
    for source in undated[:: max(2, int(1 / share))]:
        if len(out) >= want or len(by_source[source]) > want / 3:
            break
        held.add(source)
        out += by_source[source]
    rest = [u for s in sorted(by_source) if s not in held for u in by_source[s]]
    own = [u for u in rest if u.source.startswith("original")]
    extra = {id(u) for u in own[:: int(1 / share)]}
    return [u for u in rest if id(u) not in extra], out + [u for u in rest if id(u) in extra]


def sample(unit: Unit) -> Sample:
    """Return a unit as words, tags and pairs; a line break becomes the separator word."""
    pieces: list[tuple[int, int, str]] = []
    for start, end in words(unit.text):
        if pieces and "\n" in unit.text[pieces[-1][1] : start]:
            pieces.append((pieces[-1][1], pieces[-1][1], SEPARATOR))
        pieces.append((start, end, unit.text[start:end]))
    pieces = pieces[:MOST_WORDS]
    tags = [0] * len(pieces)
    mentions: list[Span] = []
    surfaces: list[str] = []
    for start, end, kind in sorted(unit.spans):
        inside = [k for k, (a, b, _) in enumerate(pieces) if a >= start and b <= end and a < b]
        if not inside or any(tags[k] for k in inside):
            continue
        _tag(tags, inside, kind)
        mentions.append((inside[0], inside[-1], kind))
        surfaces.append(unit.text[start:end])
    _tag_roles(unit, pieces, tags, mentions)
    out = Sample([p[2] for p in pieces], tags, mentions)
    _relate(out, surfaces, unit.facts)
    return out


def _tag(tags: list[int], inside: Sequence[int], kind: str) -> None:
    for n, k in enumerate(inside):
        tags[k] = LABELS.index(("B-" if n == 0 else "I-") + kind)


def _tag_roles(unit: Unit, pieces: list[tuple[int, int, str]], tags: list[int], mentions: list[Span]) -> None:
    """Tag the words of stated roles: the occurrence nearest to a mention of the fact's subject."""
    for fact in unit.facts:
        role = fact["attrs"].get("role")
        if not role:
            continue
        anchors = [s for s, e, _ in unit.spans if unit.text[s:e] == fact["subject"]]
        starts = [i for i in range(len(unit.text)) if unit.text.startswith(role, i)]
        if not anchors or not starts:
            continue
        at = min(starts, key=lambda i: min(abs(i - a) for a in anchors))
        inside = [k for k, (a, b, _) in enumerate(pieces) if a >= at and b <= at + len(role) and a < b]
        if inside and not any(tags[k] for k in inside):
            _tag(tags, inside, "role")


def _relate(out: Sample, surfaces: list[str], facts: Iterable[dict[str, Any]]) -> None:
    by_surface: dict[str, list[int]] = defaultdict(list)
    for i, surface in enumerate(surfaces):
        by_surface[surface].append(i)
    for fact in facts:
        relation = RELATIONS.index(fact["relation"])
        left, right = by_surface[fact["subject"]], by_surface[fact["object"]]
        pairs = [(i, i) for i in left] if fact["relation"] in UNARY else [(i, j) for i in left for j in right if i != j]
        if not pairs:
            continue
        best = min(pairs, key=lambda p: (abs(out.mentions[p[0]][0] - out.mentions[p[1]][0]), p))
        out.related.setdefault(best, set()).add(relation)
        out.unsure.update(p for p in pairs if p != best)
        attrs = fact["attrs"]
        status = attrs.get("status", "")
        status = STATUSES.index("denied" if status == "cancelled" else status)
        out.details.setdefault(best, (status, int(bool(attrs.get("lead"))), int(attrs.get("current") is False)))
        if fact["relation"] in SYMMETRIC:
            turned = (best[1], best[0])
            out.related.setdefault(turned, set()).add(relation)
            out.details.setdefault(turned, out.details[best])
    out.unsure -= out.related.keys()


def pools(units: Iterable[Unit]) -> dict[str, list[str]]:
    """Return the names of each type, to swap in."""
    names: dict[str, set[str]] = defaultdict(set)
    for unit in units:
        for start, end, kind in unit.spans:
            surface = unit.text[start:end]
            if kind != "handle" and 2 < len(surface) < 40 and surface[0].isalnum():
                names[kind].add(surface)
    return {kind: sorted(names[kind]) for kind in SPANS if names[kind]}


def swapped(unit: Unit, names: dict[str, list[str]], rng: random.Random, share: float) -> Unit:
    """Return the unit with some of its names replaced, each everywhere, by names of the same type."""
    change: dict[tuple[str, str], str] = {}
    for start, end, kind in unit.spans:
        key = (unit.text[start:end], kind)
        if kind in names and key not in change and rng.random() < share:
            change[key] = rng.choice(names[kind])
    if not change:
        return unit
    text, spans, at = "", [], 0
    for start, end, kind in sorted(unit.spans):
        if start < at:
            return unit  # overlapping spans: left as they are
        surface = unit.text[start:end]
        text += unit.text[at:start]
        new = change.get((surface, kind), surface)
        spans.append((len(text), len(text) + len(new), kind))
        text, at = text + new, end
    by_surface = {old: new for (old, _), new in change.items()}
    facts = [
        {**f, "subject": by_surface.get(f["subject"], f["subject"]), "object": by_surface.get(f["object"], f["object"])}
        for f in unit.facts
    ]
    return Unit(text + unit.text[at:], spans, facts, unit.source, unit.date)


def joined(first: Unit, second: Unit, between: str) -> Unit:
    """Return two units as one text, both with their spans and facts."""
    shift = len(first.text) + len(between)
    spans = [*first.spans, *((s + shift, e + shift, t) for s, e, t in second.spans)]
    return Unit(first.text + between + second.text, spans, [*first.facts, *second.facts], first.source, first.date)


def epoch(units: Sequence[Unit], number: int, seed: int) -> list[Sample]:
    """Return the samples of one epoch: names swapped, a headline set in front, neighbours joined, case broken."""
    rng = random.Random(seed * 1000 + number)
    names = pools(units)
    short = [u for u in units if len(u.text) < 110 and "\n" not in u.text]
    out = []
    for unit in units:
        changed = swapped(unit, names, rng, 0.4) if rng.random() < 0.5 else unit
        dice = rng.random()
        if dice < 0.12 and short and len(changed.text) < 700:
            changed = joined(rng.choice(short), changed, "\n")
        elif dice < 0.27 and len(changed.text) < 350:
            other = rng.choice(units)
            if len(other.text) < 350:
                changed = joined(changed, other, rng.choice([" ", "\n"]))
        elif dice < 0.30:
            changed = Unit(changed.text.lower(), changed.spans, _lower(changed.facts), changed.source)
            if len(changed.text) != len(unit.text) and any(e > len(changed.text) for _, e, _ in changed.spans):
                changed = unit
        made = sample(changed)
        if made.words:
            out.append(made)
    rng.shuffle(out)
    return out


def _lower(facts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**f, "subject": f["subject"].lower(), "object": f["object"].lower()} for f in facts]
