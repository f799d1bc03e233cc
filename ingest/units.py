"""Units: what the encoder reads at once, up to three sentences of one block with its heading or label in front."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from spacy.tokens import Doc

from ingest.features import SEPARATOR
from ingest.language import layout, toks
from ingest.qualifiers import Part
from ingest.quantities import Tok
from ingest.segment import Block

MOST_SENTENCES = 3
MOST_WORDS = 150
MOST_CONTEXT = 24  # words of a heading or label in front
SKIPPED = frozenset({"code"})


@dataclass
class Unit:
    """The words of a unit, the Doc token of each (-1: separator), its parts, and the first word that is not context."""

    words: list[Tok] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    fresh: int = 0
    block: int = 0

    def add(self, words: Sequence[Tok], tokens: Sequence[int], role: str) -> None:
        """Append a part; nothing if it has no words."""
        if words:
            start = len(self.words)
            self.words += words
            self.tokens += tokens
            self.parts.append(Part(start, len(self.words), role))

    def separate(self) -> None:
        """Append the separator, as a part of the last one."""
        if self.words:
            at = self.words[-1].end
            self.words.append(Tok(SEPARATOR, at, at))
            self.tokens.append(-1)
            last = self.parts[-1]
            self.parts[-1] = Part(last.first, last.last + 1, last.role)


def units(doc: Doc) -> Iterator[Unit]:
    """Yield the units of a Doc in the order of the text."""
    known = layout(doc)
    starts = np.array([t.idx for t in doc], dtype=np.int64)
    for number, (block, spans) in enumerate(zip(known.blocks, known.sentences, strict=True)):
        if block.kind in SKIPPED or not spans:
            continue
        context = list(_context(doc, block, known.blocks, starts))
        pieces = [p for first, last in spans for p in _pieces(doc, first, last)]
        at = 0
        while at < len(pieces):
            unit = Unit(block=number)
            for words, tokens, role in context:
                unit.add(words, tokens, role)
                unit.separate()
            if at and len(pieces[at - 1][0]) <= 60:
                unit.add(*pieces[at - 1], "antecedent")
            unit.fresh = len(unit.words)
            taken = 0
            while at < len(pieces) and taken < MOST_SENTENCES:
                words, tokens = pieces[at]
                if taken and len(unit.words) - unit.fresh + len(words) > MOST_WORDS:
                    break
                unit.add(words, tokens, "claim")
                at, taken = at + 1, taken + 1
            if len(unit.words) > unit.fresh:
                yield unit


def _pieces(doc: Doc, first: int, last: int) -> Iterator[tuple[list[Tok], list[int]]]:
    """Yield the visible words of a sentence, in pieces of at most MOST_WORDS."""
    words, tokens = toks(doc, first, last)
    for k in range(0, len(words), MOST_WORDS):
        yield words[k : k + MOST_WORDS], tokens[k : k + MOST_WORDS]


def _context(
    doc: Doc, block: Block, blocks: Sequence[Block], starts: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> Iterator[tuple[list[Tok], list[int], str]]:
    spans = []
    if block.heading and block.kind != "heading":
        spans.append((block.heading, "heading"))
    if block.parent is not None:
        parent = blocks[block.parent]
        spans.append((parent.label or (parent.start, parent.end), "label"))
    if block.header and block.header[0] != block.start:
        spans.append((block.header, "header"))
    for (start, end), role in spans:
        first, last = np.searchsorted(starts, [start, end])
        words, tokens = toks(doc, int(first), int(last))
        if words:
            yield words[:MOST_CONTEXT], tokens[:MOST_CONTEXT], role
