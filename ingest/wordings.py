"""Wordings: phrases of the relation files, found on the tokens and names of a Doc."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from ingest.language import toks
from ingest.quantities import Tok, find
from kg.names import visible
from kg.schema import Relation, Schema
from kg.schema_yaml import read_yaml

LONGEST_GAP = 6  # tokens that {...} may skip
LONGEST_LIST = 16  # tokens that {others} may take
SEEN_BEFORE = 12  # tokens before a wording that are looked at for `if` and the like
_NAME = "\ue000"  # stands for a name in the phrase matcher's words
_PLAIN = str.maketrans({"’": "'", "‘": "'", "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "～": "~", "％": "%"})
_PART = re.compile(r"\{[^{}]*\}|\(\S(?:[^()]*\S)?\)|\w+|[^\w\s]")
_QUANTITIES = {"amount": ("money",), "percent": ("percent",), "rank": ("rank",), "capacity": ("gw",),
               "number": ("number", "score")}  # fmt: skip

Mention = tuple[int, int, str]  # first token, last token (exclusive), type


class _Guards(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    stops: frozenset[str]
    before: frozenset[str]
    prepositions: frozenset[str]
    relatives: frozenset[str]
    lists: frozenset[str]


@dataclass(frozen=True)
class Match:
    """A wording found: mention indices (equal for a unary relation), and its tokens in the Doc, end exclusive."""

    relation: str
    subject: int
    object: int
    start: int
    end: int


@dataclass(frozen=True)
class Part:
    """One part of a wording: a name, a phrase of a group, a quantity, a list of names, or a gap."""

    kind: Literal["subject", "object", "other", "group", "quantity", "others", "gap"]
    key: str = ""
    types: frozenset[str] = frozenset()
    optional: bool = False


@dataclass(frozen=True)
class Wording:
    """A compiled wording; `needs` are the phrase groups and quantities without which it cannot match."""

    relation: str
    parts: tuple[Part, ...]
    needs: frozenset[str]


@dataclass(frozen=True)
class _Item:
    """A visible token or a whole mention (its index, else -1) of one sentence."""

    word: str
    first: int
    last: int  # exclusive
    mention: int = -1
    type: str = ""
    glued: bool = False  # to the one before


class _Line:
    """A sentence as items, with the phrases and quantities that begin at each of them."""

    def __init__(self, items: list[_Item], ends: dict[str, dict[int, list[int]]]) -> None:
        self.items = items
        self.ends = ends

    @property
    def words(self) -> list[str]:
        return [item.word for item in self.items]


class Wordings:
    """All wordings and vetoes of a schema, ready to run on Docs made by `ingest.language.Tokenizer`."""

    def __init__(self, schema: Schema, vocab: Vocab) -> None:
        self.vocab = vocab
        self._groups: dict[str, tuple[tuple[str, ...], ...]] = {}
        self._wordings = [w for r in schema.relations.values() for w in self._compiled(schema, r, r.wordings)]
        self._vetoes = [w for r in schema.relations.values() for w in self._compiled(schema, r, r.vetoes)]
        self._unary = {r.name for r in schema.relations.values() if r.unary}
        self._phrases = PhraseMatcher(vocab)
        for key, phrases in self._groups.items():
            self._phrases.add(key, [Doc(vocab, words=list(phrase)) for phrase in phrases])

    def matches(self, doc: Doc, mentions: Sequence[Mention]) -> Iterator[Match]:
        """Yield what the wordings state: each relation and pair once a sentence; vetoed ones are left out."""
        for line in self._lines(doc, mentions):
            vetoed = list(self._found(self._vetoes, line, guarded=False))
            for match in self._found(self._wordings, line, guarded=True):
                if not any(_meets(veto, match) for veto in vetoed):
                    yield match

    def vetoes(self, doc: Doc, mentions: Sequence[Mention]) -> Iterator[Match]:
        """Yield what must not be read: relation and pair; an end that the veto does not name is -1."""
        for line in self._lines(doc, mentions):
            yield from self._found(self._vetoes, line, guarded=False)

    # Compiling

    def _compiled(self, schema: Schema, relation: Relation, phrases: Sequence[str]) -> Iterator[Wording]:
        for phrase in phrases:
            parts = tuple(self._part(schema, relation, text) for text in _PART.findall(phrase))
            needs = {p.key for p in parts if p.kind in ("group", "quantity") and not p.optional}
            yield Wording(relation.name, parts, frozenset(needs))

    def _part(self, schema: Schema, relation: Relation, text: str) -> Part:
        optional = text.startswith("(") and text.endswith(")") and len(text) > 1
        text = text[1:-1] if optional else text
        if not text.startswith("{"):
            return Part("group", self._group(f"={text.lower()}", (text,)), optional=optional)
        name, _, kind = text[1:-1].partition(":")
        if name in ("subject", "object", "other"):
            own = {"subject": relation.subjects, "object": relation.objects}.get(name, tuple(schema.entity_types))
            types = frozenset(schema.types(kind)) & frozenset(own) if kind else frozenset(own)
            return Part(name, types=types, optional=optional)  # type: ignore[arg-type]
        if name == "...":
            return Part("gap", optional=optional)
        if name == "others":
            return Part("others", optional=optional)
        if name in _QUANTITIES:
            return Part("quantity", f"#{name}", optional=optional)
        phrases = relation.words.get(name) or tuple(p for ps in relation.values[name].values() for p in ps)
        return Part("group", self._group(f"{relation.name}.{name}", phrases), optional=optional)

    def _group(self, key: str, phrases: Sequence[str]) -> str:
        self._groups[key] = tuple(tuple(re.findall(r"\w+|[^\w\s]", p.lower())) for p in phrases)
        return key

    # Matching

    def _lines(self, doc: Doc, mentions: Sequence[Mention]) -> Iterator[_Line]:
        starts: dict[int, int] = {}
        taken: set[int] = set()
        for i in sorted(range(len(mentions)), key=lambda i: (mentions[i][0] - mentions[i][1], i)):  # the longest first
            first, last, _ = mentions[i]
            if taken.isdisjoint(range(first, last)):
                starts[first] = i
                taken.update(range(first, last))
        whole = [(0, len(doc))]
        ranges = [(s.start, s.end) for s in doc.sents] if doc.has_annotation("SENT_START") else whole
        for first, last in ranges:
            if any(first <= i < last for i in starts):
                yield self._line(*toks(doc, first, last), starts, mentions)

    def _line(self, words: list[Tok], numbers: list[int], starts: dict[int, int], mentions: Sequence[Mention]) -> _Line:
        items: list[_Item] = []
        place: dict[int, int] = {}  # word → item
        end, at = -1, -1
        for k, (word, i) in enumerate(zip(words, numbers, strict=True)):
            glued, at = word.start == at, word.end
            if i < end:
                continue
            if i in starts:
                m = starts[i]
                end = mentions[m][1]
                items.append(_Item(_NAME, i, end, m, mentions[m][2], glued))
            else:
                items.append(_Item(visible(word.text).lower().translate(_PLAIN), i, i + 1, glued=glued))
                place[k] = len(items) - 1
        ends: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for quantity in find(words):
            if quantity.first in place and quantity.last in place:
                for key, kinds in _QUANTITIES.items():
                    if quantity.kind in kinds:
                        ends[f"#{key}"][place[quantity.first]].append(place[quantity.last] + 1)
        if items:
            for number, first, last in self._phrases(Doc(self.vocab, words=[item.word or " " for item in items])):
                ends[self.vocab.strings[number]][first].append(last)
        return _Line(items, ends)

    def _found(self, wordings: Sequence[Wording], line: _Line, *, guarded: bool) -> Iterator[Match]:
        seen: set[tuple[str, int, int]] = set()
        for wording in wordings:
            if any(key not in line.ends for key in wording.needs):
                continue
            for start in range(len(line.items)):
                for end, subject, object_ in _walk(line, wording.parts, 0, start, -1, -1):
                    if wording.relation in self._unary:
                        object_ = subject
                    key = (wording.relation, subject, object_)
                    if key in seen or (guarded and (_hedged(line, wording, start) or _goes_on(line, end))):
                        continue
                    seen.add(key)
                    yield Match(*key, line.items[start].first, line.items[end - 1].last)


def _walk(
    line: _Line, parts: tuple[Part, ...], k: int, at: int, subject: int, object_: int
) -> Iterator[tuple[int, int, int]]:
    """Yield (end item, subject, object) of every way in which parts[k:] fit the items from `at` on."""
    if k == len(parts):
        yield at, subject, object_
        return
    part = parts[k]
    if part.optional:
        yield from _walk(line, parts, k + 1, at, subject, object_)
    for end in _ends(line, part, at):
        ends = (subject, object_)
        if part.kind == "subject":
            ends = (line.items[at].mention, object_)
        elif part.kind == "object":
            ends = (subject, line.items[at].mention)
        yield from _walk(line, parts, k + 1, end, *ends)


def _ends(line: _Line, part: Part, at: int) -> Iterator[int]:
    """Yield the items at which the part can end when it begins at `at`."""
    items = line.items
    if part.kind in ("group", "quantity"):
        yield from line.ends.get(part.key, {}).get(at, ())
    elif part.kind == "gap":
        yield at
        for end in range(at, min(at + LONGEST_GAP, len(items))):
            if items[end].mention >= 0 or items[end].word in guards().stops:
                return
            yield end + 1
    elif part.kind == "others":
        yield at
        named = False
        for end in range(at, min(at + LONGEST_LIST, len(items))):
            if items[end].mention < 0 and items[end].word not in guards().lists:
                return
            named = named or items[end].mention >= 0
            if named:
                yield end + 1
    elif at < len(items) and items[at].mention >= 0 and items[at].type in part.types:
        yield at + 1


def _hedged(line: _Line, wording: Wording, start: int) -> bool:
    """Return whether the words before a wording make it no claim, or its first name no subject of the verb."""
    said = [item.word for item in line.items[max(0, start - SEEN_BEFORE) : start]]
    if not guards().before.isdisjoint(said):
        return True
    first, second = wording.parts[:2]
    if first.kind not in ("subject", "object") or second.key in ("='", "=,", "=("):
        return False
    if said and said[-1] in guards().prepositions:
        return True
    near = said[-4:-1]
    return "," not in said[-4:] and not guards().relatives.isdisjoint(near)


def _goes_on(line: _Line, end: int) -> bool:
    """Return whether the name at a wording's end is only the front of a longer phrase ("X's lab", "X-backed")."""
    after = line.items[end : end + 2]
    if line.items[end - 1].mention < 0 or not after or not after[0].glued:
        return False
    return after[0].word == "-" or (after[0].word == "'" and after[-1].word == "s" and after[-1].glued)


def _meets(veto: Match, match: Match) -> bool:
    """Return whether a veto speaks of this match: same relation, no other end, tokens that overlap."""
    same = all(a in (-1, b) for a, b in ((veto.subject, match.subject), (veto.object, match.object)))
    return same and veto.relation == match.relation and veto.start < match.end and match.start < veto.end


@cache
def guards() -> _Guards:
    """Return the words that keep a wording from being read (ingest/wordings.yaml)."""
    return _Guards.model_validate(read_yaml(files("ingest") / "wordings.yaml"))
