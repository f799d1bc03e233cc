"""Training data: annotated units into words, tags and related pairs, with names swapped and units joined."""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.features import (
    LABELS,
    QUALIFIERS,
    RELATIONS,
    SEPARATOR,
    SPANS,
    STATUSES,
    SYMMETRIC,
    UNARY,
    Span,
    words,
)
from ingest.training.invent import amount, name
from kg.errors import ReadError
from kg.names import group

MOST_WORDS = 230
Key = tuple[int, int]


@dataclass(frozen=True)
class Augment:
    """How the units of an epoch are changed; each can be left out, to measure what it is worth."""

    qualifiers: bool = True  # the words of qualifiers are tagged
    invented: bool = True  # half of the swapped names are invented, amounts are changed too
    masked: float = 0.08  # the share of word pieces that is masked


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

    `tags` holds a label number a word; `related` gives the relation numbers of a pair of mentions, `details` (status,
    lead, former) of a pair. `bags` holds of each fact the relation number and the pairs of mentions that may state it:
    first the nearest one of its names, which is the one in `related`, then others of these names, then of short forms.
    `marks` are the tagged qualifiers; `linked` gives the relation numbers of the facts that a mark (first) qualifies
    and a mention (second) takes part in, `unlinked` what to leave out of the loss.
    """

    words: list[str]
    tags: list[int]
    mentions: list[Span]
    related: dict[Key, set[int]] = field(default_factory=dict)
    bags: list[tuple[int, list[Key]]] = field(default_factory=list)
    details: dict[Key, tuple[int, int, int]] = field(default_factory=dict)
    marks: list[Span] = field(default_factory=list)
    linked: dict[Key, set[int]] = field(default_factory=dict)
    unlinked: set[Key] = field(default_factory=set)


def load(folder: Path) -> list[Unit]:
    """Return the units of all .jsonl files of a folder; raise ReadError naming file and line if one is broken."""
    units = []
    paths = sorted(folder.glob("*.jsonl"))
    if not paths:
        raise ReadError(f"no .jsonl file in {folder}; give the folder of the training annotations")
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                units.append(unit_of(json.loads(line)))
            except (ValueError, KeyError, TypeError) as error:
                raise ReadError(f"{path}:{number}: not a training unit ({error})") from error
    return units


def unit_of(row: dict[str, Any]) -> Unit:
    """Return the unit of an annotation."""
    spans = [(s, e, t) for s, e, t in row["entities"]] + [(s, e, "handle") for s, e, _ in row["handles"]]
    return Unit(row["text"], sorted(spans), row["facts"], row["source"], row.get("date", ""))


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


def others(units: Iterable[Unit], learn: Sequence[Unit], held: Sequence[Unit]) -> list[Unit]:
    """Return the units that are not yet among those to learn from, and of no source that is held out."""
    texts = {u.text for u in [*learn, *held]}
    sources = {_stem(u.source) for u in held if not u.source.startswith("original")}
    return [u for u in units if u.text not in texts and _stem(u.source) not in sources]


def _stem(source: str) -> str:
    return source.split("#")[0].rsplit("/", 1)[-1].removesuffix(".md")


def sample(unit: Unit, *, qualifiers: bool = True) -> Sample:
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
    said = _tag_qualifiers(unit, pieces, tags, QUALIFIERS if qualifiers else ("role",))
    out = Sample([p[2] for p in pieces], tags, mentions)
    ends = _relate(out, surfaces, unit.facts)
    _link(out, surfaces, unit.facts, ends, said)
    return out


def _tag(tags: list[int], inside: Sequence[int], kind: str) -> None:
    for n, k in enumerate(inside):
        tags[k] = LABELS.index(("B-" if n == 0 else "I-") + kind)


def _tag_qualifiers(
    unit: Unit, pieces: list[tuple[int, int, str]], tags: list[int], wanted: Sequence[str]
) -> dict[Span, list[int]]:
    """Tag the words of stated qualifiers: of each the occurrence nearest to a mention of its fact's names.

    Return of each tagged qualifier the numbers of the facts that state it.
    """
    said_by: dict[tuple[int, int], list[int]] = {}
    tagged: dict[tuple[int, int], str] = {}
    for number, fact in enumerate(unit.facts):
        for kind in wanted:
            said = fact["attrs"].get(kind)
            if not isinstance(said, str) or not said:
                continue
            names = (fact["subject"], fact["object"]) if kind != "role" else (fact["subject"],)
            anchors = [s for s, e, _ in unit.spans if unit.text[s:e] in names]
            starts = occurrences(unit.text, said)
            if not anchors or not starts:
                continue
            at = min(starts, key=lambda i: min(abs(i - a) for a in anchors))
            inside = [k for k, (a, b, _) in enumerate(pieces) if a >= at and b <= at + len(said) and a < b]
            if inside and not any(tags[k] for k in inside):
                _tag(tags, inside, kind)
                tagged[inside[0], inside[-1]] = kind
            if inside and (inside[0], inside[-1]) in tagged:
                said_by.setdefault((inside[0], inside[-1]), []).append(number)
    return {(*place, tagged[place]): facts for place, facts in said_by.items()}


def occurrences(text: str, said: str) -> list[int]:
    """Return where a fragment stands in a text as whole words."""
    front, back = r"(?<!\w)" if said[0].isalnum() else "", r"(?!\w)" if said[-1].isalnum() else ""
    return [m.start() for m in re.finditer(front + re.escape(said) + back, text)]


def _relate(out: Sample, surfaces: list[str], facts: Iterable[dict[str, Any]]) -> dict[int, Key]:
    """Set the related pairs of a sample; return of each fact, by its number, the two mentions that state it."""
    ends: dict[int, Key] = {}
    by_surface: dict[str, list[int]] = defaultdict(list)
    for i, surface in enumerate(surfaces):
        by_surface[surface].append(i)
    for number, fact in enumerate(facts):
        relation = RELATIONS.index(fact["relation"])
        names = [fact["subject"]] if fact["relation"] in UNARY else [fact["subject"], fact["object"]]
        said = [by_surface[name] for name in names]
        pairs = _near(out.mentions, said)
        if not pairs:
            continue
        best = ends[number] = pairs[0]
        pairs += [p for p in _near(out.mentions, [_kin(out.mentions, surfaces, of) for of in said]) if p not in pairs]
        out.related.setdefault(best, set()).add(relation)
        out.bags.append((relation, pairs))
        attrs = fact["attrs"]
        status = attrs.get("status", "")
        status = STATUSES.index("denied" if status == "cancelled" else status)
        out.details.setdefault(best, (status, int(bool(attrs.get("lead"))), int(attrs.get("current") is False)))
        if fact["relation"] in SYMMETRIC:
            turned = (best[1], best[0])
            out.related.setdefault(turned, set()).add(relation)
            out.details.setdefault(turned, out.details[best])
            out.bags.append((relation, [(j, i) for i, j in pairs]))
    return ends


def _near(mentions: list[Span], said: list[list[int]]) -> list[Key]:
    """Return the pairs of mentions of one name (twice the same) or of two, the nearest first."""
    pairs = [(i, i) for i in said[0]] if len(said) == 1 else [(i, j) for i in said[0] for j in said[1] if i != j]
    return sorted(pairs, key=lambda p: (abs(mentions[p[0]][0] - mentions[p[1]][0]), p))


_OF_FIRM = frozenset({"ai", "labs", "lab", "inc", "corp"})


def _kin(mentions: list[Span], surfaces: list[str], of: list[int]) -> list[int]:
    """Return the mentions that are of the same firm or person by their words ("Mistral", "Mistral AI"; "Mensch")."""
    name, kind = surfaces[of[0]].casefold().split(), group(mentions[of[0]][2])
    out = []
    for k, other in enumerate(s.casefold().split() for s in surfaces):
        rest = set(name) ^ set(other)
        short = not set(name) & rest or not set(other) & rest  # all words of one are words of the other
        if group(mentions[k][2]) == kind and (not rest or (short and (kind == "person" or rest <= _OF_FIRM))):
            out.append(k)
    return out


def _link(
    out: Sample, surfaces: list[str], facts: Sequence[dict[str, Any]], ends: dict[int, Key], said: dict[Span, list[int]]
) -> None:
    """Set which qualifiers of a sample belong to the facts of which mentions."""
    for mark, numbers in said.items():
        k = len(out.marks)
        out.marks.append(mark)
        for number in numbers:
            for end in ends.get(number, ()):
                out.linked.setdefault((k, end), set()).add(RELATIONS.index(facts[number]["relation"]))
                out.unlinked.update((k, n) for n in _kin(out.mentions, surfaces, [end]))
    out.unlinked -= out.linked.keys()


def pools(units: Iterable[Unit]) -> dict[str, list[str]]:
    """Return the names of each type, to swap in."""
    names: dict[str, set[str]] = defaultdict(set)
    for unit in units:
        for start, end, kind in unit.spans:
            surface = unit.text[start:end]
            if kind != "handle" and 2 < len(surface) < 40 and surface[0].isalnum():
                names[kind].add(surface)
    return {kind: sorted(names[kind]) for kind in SPANS if names[kind]}


def swapped(
    unit: Unit, names: dict[str, list[str]], rng: random.Random, share: float, *, invented: bool = True
) -> Unit:
    """Return the unit with some of its names and amounts replaced, each everywhere, by others of the same kind.

    Half of the new names are of the pool, the others are invented after it: what they mean is learned from the context.
    """
    change: dict[str, str] = {}
    for start, end, kind in unit.spans:
        surface = unit.text[start:end]
        if kind in names and surface not in change and rng.random() < share:
            change[surface] = name(names[kind], rng) if invented and rng.random() < 0.5 else rng.choice(names[kind])
    places = list(unit.spans)
    for said in sorted({f["attrs"][k] for f in unit.facts for k in ("amount", "valuation") if f["attrs"].get(k)}):
        other = amount(said, rng) if invented and rng.random() < share else None
        starts = occurrences(unit.text, said)
        if other and starts and not any(s < i + len(said) and i < e for i in starts for s, e, _ in places):
            change[said] = other
            places += [(i, i + len(said), "") for i in starts]
    if not change:
        return unit
    text, spans, at = "", [], 0
    for start, end, kind in sorted(places):
        if start < at:
            return unit  # overlapping spans: left as they are
        surface = unit.text[start:end]
        text += unit.text[at:start]
        new = change.get(surface, surface)
        if kind:
            spans.append((len(text), len(text) + len(new), kind))
        text, at = text + new, end
    facts = [
        {
            **f,
            "subject": change.get(f["subject"], f["subject"]),
            "object": change.get(f["object"], f["object"]),
            "attrs": {k: change.get(v, v) if k in ("amount", "valuation", "on") else v for k, v in f["attrs"].items()},
        }
        for f in unit.facts
    ]
    return Unit(text + unit.text[at:], spans, facts, unit.source, unit.date)


def joined(first: Unit, second: Unit, between: str) -> Unit:
    """Return two units as one text, both with their spans and facts."""
    shift = len(first.text) + len(between)
    spans = [*first.spans, *((s + shift, e + shift, t) for s, e, t in second.spans)]
    return Unit(first.text + between + second.text, spans, [*first.facts, *second.facts], first.source, first.date)


def epoch(units: Sequence[Unit], number: int, seed: int, augment: Augment | None = None) -> list[Sample]:
    """Return the samples of one epoch: names swapped, a headline set in front, neighbours joined, case broken."""
    augment = augment or Augment()
    rng = random.Random(seed * 1000 + number)
    names = pools(units)
    short = [u for u in units if len(u.text) < 110 and "\n" not in u.text]
    out = []
    for unit in units:
        changed = swapped(unit, names, rng, 0.5, invented=augment.invented) if rng.random() < 0.6 else unit
        dice = rng.random()
        if dice < 0.12 and short and len(changed.text) < 700:
            changed = joined(rng.choice(short), changed, "\n")
        elif dice < 0.27 and len(changed.text) < 350:
            other = rng.choice(units)
            if len(other.text) < 350:
                changed = joined(changed, other, rng.choice([" ", "\n"]))
        elif dice < 0.32:
            changed = recased(changed, rng.choice([str.lower, str.lower, str.upper, str.title]))
        made = sample(changed, qualifiers=augment.qualifiers)
        if made.words:
            out.append(made)
    rng.shuffle(out)
    return out


RARE = frozenset(RELATIONS) - {"developed", "works_at", "available_on", "scored", "outperforms"}


def focused(units: Sequence[Unit], number: int, seed: int) -> list[Unit]:
    """Return the units of an epoch of the later rounds: those of rare relations twice, a share of the others."""
    rng = random.Random(seed * 7907 + number)
    out = []
    for unit in units:
        relations = {f["relation"] for f in unit.facts}
        if relations & RARE:
            out += [unit, unit]
        elif rng.random() < (0.35 if relations else 0.12):
            out.append(unit)
    return out


def recased(unit: Unit, change: Callable[[str], str]) -> Unit:
    """Return the unit in another case, itself where that would shift its spans."""
    text = change(unit.text)
    if len(text) != len(unit.text):
        return unit
    surfaces = {unit.text[s:e]: text[s:e] for s, e, _ in unit.spans}

    def fact(f: dict[str, Any]) -> dict[str, Any]:
        attrs = dict(f["attrs"])
        for kind in QUALIFIERS:
            if isinstance(attrs.get(kind), str) and attrs[kind] in unit.text:
                at = unit.text.index(attrs[kind])
                attrs[kind] = text[at : at + len(attrs[kind])]
        ends = {k: surfaces.get(f[k], f[k]) for k in ("subject", "object")}
        return {**f, **ends, "attrs": attrs}

    return Unit(text, unit.spans, [fact(f) for f in unit.facts], unit.source, unit.date)
