"""Features: words, shapes, labels and candidate pairs, the same for training and for reading."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from kg.names import INVISIBLE

# A word keeps soft hyphens, zero-width characters and combining marks inside it; `visible` drops the invisible ones.
_JOINED = "\u00ad\u200b-\u200f\u2060-\u2064\ufeff\u0300-\u036f"
WORD = re.compile(rf"[\w{_JOINED}]+|[^\w\s{_JOINED}]")
SEPARATOR = "|"  # stands between a heading or label and its sentences, and for a line break

# What the tagger marks: entity types, handles, and the words of a fact's qualifiers ("chief scientist", "$6 billion").
QUALIFIERS = ("role", "amount", "valuation", "date", "value", "percent", "term", "capacity", "round", "period")
SPANS = ("company", "organization", "person", "model", "product", "benchmark", "handle", *QUALIFIERS)
LABELS = ("O", *(f"{mark}-{kind}" for kind in SPANS for mark in "BI"))
# Types as the relation head sees them: company and organization are one group.
TYPES = ("company", "person", "model", "product", "benchmark", "handle")
RELATIONS = (
    "invested_in", "raised", "acquired", "commits_spend", "owns_stake", "partnered_with", "licenses", "lent_to",
    "developed", "scored", "outperforms", "based_on", "available_on", "works_at", "founded", "subsidiary_of",
    "sued", "reports_metric",
)  # fmt: skip
UNARY = frozenset({"raised", "reports_metric"})
SYMMETRIC = frozenset({"partnered_with"})
STATUSES = (
    "", "announced", "completed", "in_talks", "planned", "rumored", "denied", "released", "previewed", "delayed",
    "rolling_out",
)  # fmt: skip
LONGEST_PAIR = 90  # words between the starts of two mentions that may be related

_MARKS = {
    "@": 4, "$": 5, "-": 6, ".": 7, "(": 8, ")": 8, '"': 9, "'": 9, "’": 9, "“": 9, "”": 9, ",": 10, ":": 11,
    "/": 12, "%": 13, "|": 14,
}  # fmt: skip
SHAPES = 21
# A word's spelling as the network sees it: its first and last letters, each in one of LETTERS classes.
SPELLED = 12
_ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
LETTERS = len(_ALPHABET) + 3  # 0: nothing, 1: another mark, 2: another letter
_LETTER = {c: n + 3 for n, c in enumerate(_ALPHABET)}

Ints = npt.NDArray[np.int64]
Span = tuple[int, int, str]  # first word, last word (inclusive), type


def words(text: str) -> list[tuple[int, int]]:
    """Return the words of a text as (start, end) in code points."""
    return [m.span() for m in WORD.finditer(text)]


def clean(word: str) -> str:
    """Return a word as the encoder sees it: invisible characters dropped; never empty."""
    return INVISIBLE.sub("", word) or "."


def shape(word: str) -> int:
    """Return the class of a word's shape (digits, capitals, marks), below SHAPES."""
    if word.isdigit():
        return 1
    if any(c.isdigit() for c in word):
        return 2 if word[:1].isupper() else 3
    if not word[0].isalnum():
        return _MARKS.get(word, 15)
    if word.isupper():
        return 16 if len(word) > 1 else 17
    if word.istitle():
        return 18
    return 19 if word.islower() else 20


def spelling(word: str) -> list[int]:
    """Return SPELLED classes of letters: the first eight of a word and, of a longer one, the last four."""
    letters = word[:8] + word[max(8, len(word) - 4) :]
    known = [_LETTER.get(c, 2 if c.isalpha() else 1) for c in letters]
    return known + [0] * (SPELLED - len(known))


def kinds(spans: Sequence[Span], length: int) -> Ints:
    """Return (words,): 0 for a word of no span; of each kind an odd number for the first word, an even one after.

    Numbers of names are below KINDS; those of qualifiers follow, below ALL_KINDS.
    """
    out = np.zeros(length, dtype=np.int64)
    for first, last, kind in spans:
        n = 1 + 2 * (len(TYPES) + QUALIFIERS.index(kind) if kind in QUALIFIERS else TYPES.index(pair_type(kind)))
        out[first : last + 1] = n + 1
        out[first] = n
    return out


def pair_type(kind: str) -> str:
    """Return the type group that the relation head knows."""
    return "company" if kind == "organization" else kind


def candidates(spans: Sequence[Span], allowed: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the pairs of mentions whose types some relation allows, and (i, i) for the unary ones.

    `allowed` has the shape (types, types, relations).
    """
    kinds = [TYPES.index(pair_type(kind)) for _, _, kind in spans]
    unary = np.array([r in UNARY for r in RELATIONS])
    out = []
    for i, a in enumerate(kinds):
        for j, b in enumerate(kinds):
            fits = allowed[a, b] & (unary if i == j else ~unary)
            if fits.any() and abs(spans[i][0] - spans[j][0]) <= LONGEST_PAIR:
                out.append((i, j))
    return out


def pair_features(spans: Sequence[Span], pairs: Sequence[tuple[int, int]]) -> Ints:
    """Return (pairs, 9): first and last word of both ends, their types, the words between, the distance class."""
    rows = [_row(spans[i], spans[j], i == j) for i, j in pairs]
    return np.array(rows, dtype=np.int64).reshape(len(rows), 9)


def link_features(marks: Sequence[Span], mentions: Sequence[Span]) -> Ints:
    """Return (marks x mentions, 9) of each qualifier with each mention in turn, as pair_features does."""
    rows = [_row(mark, mention, False) for mark in marks for mention in mentions]
    return np.array(rows, dtype=np.int64).reshape(len(rows), 9)


def _row(one: Span, other: Span, same: bool) -> tuple[int, ...]:
    (a, b, s), (c, d, o) = one, other
    low = min(b, d) + 1
    high = max(low, max(a, c))
    gap = 0 if same else 1 + min(int(np.log2(max(high - low, 0) + 1)), 6)
    direction = 0 if same or a < c else 7
    left, right = (QUALIFIERS.index(k) if k in QUALIFIERS else TYPES.index(pair_type(k)) for k in (s, o))
    return a, b, c, d, left, right, low, high, gap + direction


DISTANCES = 16
KINDS = 1 + 2 * len(TYPES)
ALL_KINDS = KINDS + 2 * len(QUALIFIERS)
LIKELY = 0.02  # the least probability of a pair that is read once more


def allowed_types(types: dict[str, tuple[Sequence[str], Sequence[str]]]) -> npt.NDArray[np.bool_]:
    """Return (types, types, relations): whether a relation may hold between two type groups; handles may be either."""
    out = np.zeros((len(TYPES), len(TYPES), len(RELATIONS)), dtype=np.bool_)
    for r, relation in enumerate(RELATIONS):
        subjects, objects = ({pair_type(k) for k in side} for side in types[relation])
        for a, s in enumerate(TYPES):
            for b, o in enumerate(TYPES):
                left = s in subjects or (s == "handle" and bool(subjects & {"company", "person"}))
                right = o in objects or (o == "handle" and bool(objects & {"company", "person"}))
                out[a, b, r] = left and right and not (relation in UNARY and s == "handle")
    return out
