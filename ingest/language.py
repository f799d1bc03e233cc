"""Language: text → spaCy Doc; a tokenizer that keeps every offset, and the frame for our components."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Token
from spacy.vocab import Vocab

from ingest.features import WORD
from ingest.quantities import Tok
from ingest.segment import Block, blocks, sentences
from kg.markup import hidden
from kg.names import visible

Piece = tuple[int, int, bool]  # start, end, hidden


@dataclass
class Layout:
    """What a Doc carries beside its tokens: blocks, their sentences (token ranges), and which tokens are hidden."""

    text: str = ""
    html: bool = False
    hidden: Any = None
    blocks: list[Block] = field(default_factory=list)
    sentences: list[list[tuple[int, int]]] = field(default_factory=list)
    found: Any = None  # what facts.FactFinder found


def layout(doc: Doc) -> Layout:
    """Return the layout of a Doc made by `Tokenizer`."""
    found = doc.user_data["layout"]
    assert isinstance(found, Layout)
    return found


def _is_hidden(token: Token) -> bool:
    return bool(layout(token.doc).hidden[token.i])


if not Token.has_extension("hidden"):
    Token.set_extension("hidden", getter=_is_hidden)


def pieces(text: str, ranges: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    """Yield the tokens of a text, blanks left out: words and marks a person sees, and runs of hidden text."""
    at = 0
    for start, end in [*ranges, (len(text), len(text))]:
        for match in WORD.finditer(text, at, start):
            yield match.start(), match.end(), False
        run = start
        while run < end:
            if text[run].isspace():
                run += 1
                continue
            stop = run
            while stop < end and not text[stop].isspace():
                stop += 1
            yield run, stop, True
            run = stop
        at = end


class Tokenizer:
    """Makes a Doc whose tokens are the words that the encoder knows; `doc.text` is the text, character by character."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str, *, html: bool = False) -> Doc:
        """Return the Doc of a text; blanks beyond one space between words are tokens of their own."""
        words: list[str] = []
        spaces: list[bool] = []
        unseen: list[bool] = []
        at = 0
        for start, end, is_hidden in pieces(text, hidden(text, html=html)):
            self._gap(text[at:start], words, spaces, unseen)
            words.append(text[start:end])
            spaces.append(False)
            unseen.append(is_hidden)
            at = end
        self._gap(text[at:], words, spaces, unseen)
        doc = Doc(self.vocab, words=words, spaces=spaces)
        doc.user_data["layout"] = Layout(text=text, html=html, hidden=np.array(unseen, dtype=np.bool_))
        return doc

    @staticmethod
    def _gap(gap: str, words: list[str], spaces: list[bool], unseen: list[bool]) -> None:
        if not gap:
            return
        if words and gap[0] == " ":
            spaces[-1] = True
            gap = gap[1:]
        if gap:
            words.append(gap)
            spaces.append(False)
            unseen.append(True)

    def to_bytes(self, **_: Any) -> bytes:
        """Return nothing: the tokenizer has no state."""
        return b""

    def from_bytes(self, _data: bytes, **_: Any) -> Tokenizer:
        """Return itself: the tokenizer has no state."""
        return self


@Language.component("newsletter_segmenter")
def segmenter(doc: Doc) -> Doc:
    """Set blocks and sentence boundaries."""
    known = layout(doc)
    text = known.text  # doc.text is joined anew at each call
    known.blocks = blocks(text, html=known.html)
    starts = np.array([t.idx for t in doc], dtype=np.int64)
    begins = np.zeros(len(doc), dtype=np.bool_)
    for block in known.blocks:
        spans = []
        for start, end in sentences(text, block):
            first, last = np.searchsorted(starts, [start, end])
            if first < last:
                spans.append((int(first), int(last)))
                begins[first] = True
        known.sentences.append(spans)
    if len(doc):
        begins[0] = True
        marks = np.where(begins, 1, -1).astype(np.int64).astype(np.uint64).reshape(-1, 1)
        doc.from_array(["SENT_START"], marks)  # type: ignore[arg-type]
    return doc


def toks(doc: Doc, first: int, last: int) -> tuple[list[Tok], list[int]]:
    """Return the visible tokens of a token range (end exclusive) and their numbers in the Doc."""
    unseen = layout(doc).hidden
    numbers = [i for i in range(first, last) if not unseen[i]]
    return [Tok(visible(doc[i].text) or ".", doc[i].idx, doc[i].idx + len(doc[i].text)) for i in numbers], numbers
