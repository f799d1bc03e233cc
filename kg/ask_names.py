"""Names in a question: exact, short and misspelt ones; each near reading says so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kg.ask_words import Token
from kg.names import digits, normal
from kg.reference import Reference
from kg.store.base import Store

LONGEST = 8
# What may follow or precede a firm's short name without making it another firm.
_FIRM_WORDS = {
    "ai", "labs", "lab", "capital", "ventures", "partners", "technologies", "technology", "research", "group", "corp",
    "inc", "ltd", "platforms", "systems", "computing", "robotics", "the", "holdings",
}  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """An entity that a stretch of the question may mean; `how` is exact, alias, short or misspelt."""

    id: str
    form: str
    how: str


@dataclass(frozen=True)
class Mention:
    """A stretch of the question (token numbers, end exclusive) and what it may mean; nothing for an unknown name."""

    first: int
    last: int
    text: str
    candidates: tuple[Candidate, ...] = ()
    near: tuple[str, ...] = ()  # known names that look alike, for a hint


@dataclass
class Index:
    """The names of a store by normal form, and the day of its newest issue."""

    newest: str | None = None
    forms: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # normal form → (form, id)
    by_word: dict[str, list[str]] = field(default_factory=dict)  # last and first word → normal forms
    spread: list[str] = field(default_factory=list)

    def exact(self, text: str) -> list[Candidate]:
        """Return the entities that bear the name; those of that very name before those with it as an alias."""
        form = normal(text)
        hits = [
            (f, i)
            for f, i in self.forms.get(form, ())
            if digits(f) == digits(text) or normal(i.partition("/")[2]) == form
        ]
        own = [Candidate(i, f, "exact") for f, i in hits if i.partition("/")[2] == form]
        return own or [Candidate(i, f, "alias") for f, i in hits]

    def short(self, text: str) -> list[Candidate]:
        """Return entities of which the text is a short form: Opus 4.6, Brockman, Mistral (of Mistral AI)."""
        words, found = _words(text), {}
        if not words or len(normal(text)) < 2:
            return []
        for key in {words[0], words[-1]}:
            for form in self.by_word.get(key, ()):
                for full, id in self.forms[form]:
                    if digits(full) == digits(text) and _shortens(words, _words(full), id):
                        found[id] = Candidate(id, full, "short")
        return list(found.values())

    def misspelt(self, text: str) -> list[Candidate]:
        """Return entities whose name differs by a slip (one letter; two in long names); digits agree."""
        form, wanted = normal(text), digits(text)
        if len(form) < 5:
            return []
        slips = 1 if len(form) < 8 else 2
        near = process.extract(form, self.spread, scorer=OSA.distance, score_cutoff=slips, limit=12)
        out: dict[str, Candidate] = {}
        best = min((distance for _, distance, _ in near), default=0)
        for hit, distance, _ in near:
            for full, id in self.forms[hit]:
                if distance == best and digits(full) == wanted:
                    out.setdefault(id, Candidate(id, full, "misspelt"))
        return list(out.values())

    def alike(self, text: str) -> tuple[str, ...]:
        """Return up to three known names that look like the text, for a hint only."""
        near = process.extract(normal(text), self.spread, scorer=OSA.normalized_similarity, score_cutoff=0.6, limit=3)
        return tuple(dict.fromkeys(self.forms[hit][0][0] for hit, _, _ in near))


_INDEXES: WeakKeyDictionary[Store, tuple[tuple[str, str], Index]] = WeakKeyDictionary()


def index(store: Store, reference: Reference) -> Index:
    """Return the index of the store's names, kept until the store changes."""
    mark = (store.version(), reference.fingerprint)
    if (known := _INDEXES.get(store)) and known[0] == mark:
        return known[1]
    made = _index(store.names(), reference)
    made.newest = max((d for row in store.rows("listing") if (d := row.data["published"])), default=None)
    _INDEXES[store] = mark, made
    return made


def _index(names: Iterable[tuple[str, str]], reference: Reference) -> Index:
    out = Index()
    known = set()
    for form, id in names:
        known.add(id)
        _add(out, form, id)
    for entry in reference.entries:
        if entry.id in known:
            for form in (*entry.forms, *((entry.ticker,) if entry.ticker else ())):
                _add(out, form, entry.id)
    out.spread = [f for f in out.forms if len(f) >= 4]
    return out


def _add(out: Index, form: str, id: str) -> None:
    key = normal(form)
    if not key or (form, id) in out.forms.get(key, ()):
        return
    if key not in out.forms and (words := _words(form)) and len(words) > 1:
        for word in {words[0], words[-1], *_tails(words)}:
            out.by_word.setdefault(word, []).append(key)
    out.forms.setdefault(key, []).append((form, id))


def _tails(words: list[str]) -> list[str]:
    return words[1:]


def _words(text: str) -> list[str]:
    """Return the words and numbers of a name: Claude Opus 4.6 → claude, opus, 4.6."""
    return re.findall(r"\d+(?:\.\d+)*|[^\W\d_]+\d+(?:\.\d+)*|[^\W\d_]+", text.casefold())


def _shortens(short: list[str], full: list[str], id: str) -> bool:
    if len(short) >= len(full):
        return False
    head, tail = full[: len(short)] == short, full[-len(short) :] == short
    kind = id.partition("/")[0]
    if kind == "person":
        return head or tail
    if kind == "org":
        rest = full[len(short) :] if head else full[: -len(short)]
        return (head and set(rest) <= _FIRM_WORDS) or (tail and not set(short) <= _FIRM_WORDS)
    return tail and (kind == "model" or len(short) > 1 or len(short[0]) > 5)


def link(
    words: list[Token], text: str, names: Index, vocabulary: frozenset[str], *, names_first: bool
) -> list[Mention]:
    """Return the exact names in a question, longest first from the left.

    A single lower-case word of the question vocabulary is no name unless `names_first`.
    """
    out: list[Mention] = []
    at = 0
    mixed = any(t.text[:1].islower() for t in words)
    while at < len(words):
        for end in range(min(len(words), at + LONGEST), at, -1):
            if words[at].text in ("'s", "'", ",") or words[end - 1].text in ("'", ","):
                continue
            if (
                end - at > 1
                and words[end - 1].text == "'s"
                and not names.forms.get(normal(text[words[at].start : words[end - 1].end]))
            ):
                continue
            said = text[words[at].start : words[end - 1].end]
            if _is_vocabulary(words[at:end], vocabulary, mixed and at > 0, names_first):
                continue
            if candidates := names.exact(said):
                out.append(Mention(at, end, said, tuple(candidates)))
                at = end
                break
        else:
            at += 1
    return out


def _is_vocabulary(span: list[Token], vocabulary: frozenset[str], capitals_tell: bool, names_first: bool) -> bool:
    if len(span) > 1:
        return (
            all(t.plain in vocabulary for t in span) and not names_first and not any(t.text[:1].isupper() for t in span)
        )
    word = span[0]
    if word.plain not in vocabulary:
        return False
    if any(c.isupper() for c in word.text) and capitals_tell and word.text not in ("AI", "IP", "CEO", "I"):
        return False
    return not names_first


def unknown(words: list[Token], text: str, names: Index, loose: list[int]) -> list[Mention]:
    """Return mentions for runs of words that are neither vocabulary nor exact names: short, misspelt or unknown."""
    out: list[Mention] = []
    at = 0
    while at < len(loose):
        run = 1
        while at + run < len(loose) and loose[at + run] == loose[at] + run and run < 5:
            run += 1
        for size in range(run, 0, -1):
            first, last = loose[at], loose[at] + size
            said = text[words[first].start : words[last - 1].end]
            candidates = names.short(said) or names.misspelt(said)
            if candidates or size == 1:
                break
        if candidates:
            out.append(Mention(first, last, said, tuple(candidates)))
            at += size
            continue
        last = loose[at] + (run if words[loose[at]].text[:1].isupper() else 1)
        while last < len(words) and words[last].text[:1].isupper() and words[last].text.casefold() in _FIRM_WORDS:
            last += 1  # "Moonshot AI"
        said = text[words[loose[at]].start : words[last - 1].end]
        out.append(Mention(loose[at], last, said, (), names.alike(said)))
        first = loose[at]
        at += sum(first <= i < last for i in loose[at:])
    return out
