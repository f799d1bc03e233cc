"""Question shapes: wordings of the relation files and of questions.yaml, matched against a whole question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from kg.ask_words import ignorable, kinds, phrase, shared
from kg.schema import Schema

GAP = r"(?:~\S+ )*"
DETERMINERS = ("the", "all", "every", "each", "any", "some", "of", "named", "new", "other", "thes", "those")
NAMELESS = ("who", "anyon", "anybody", "anyth", "anything", "someon", "someth", "something")
IMPERATIVE = ("list", "show", "nam", "enumerat")
ENTITY_SLOTS = ("subject", "object", "on")
_SPLIT = re.compile(r"(\{\w+\})")
Words = tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """A wording that fits the whole question: what it asks for, and the mentions in its slots (by number)."""

    relation: str | None
    shape: str
    slots: Mapping[str, tuple[int, ...]]
    values: Mapping[str, tuple[str, ...]]
    wording: str


@dataclass
class Wording:
    """One compiled wording; `needs` are the words that a question must have to fit."""

    relation: str | None
    shape: str
    text: str
    parts: list[str]  # regular expression parts
    needs: frozenset[str]
    choices: list[tuple[str, dict[Words, str]]] = field(default_factory=list)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Return the compiled form."""
        return re.compile("^" + GAP + GAP.join(["", *self.parts]) + GAP + "$")

    def match(self, code: str) -> Match | None:
        """Return how the wording fits the encoded question, or None."""
        found = self.regex.match(code)
        if not found:
            return None
        slots: dict[str, tuple[int, ...]] = {}
        values: dict[str, tuple[str, ...]] = {}
        for key, text in found.groupdict().items():
            name, _, number = key.rpartition("_")
            if name in ENTITY_SLOTS:
                slots[name] = (*slots.get(name, ()), *(int(n) for n in re.findall(r"E(\d+)", text)))
            else:
                words = tuple(w.removeprefix("~") for w in text.split())
                values[name] = (*values.get(name, ()), _value(self.choices[int(number)][1], words))
        return Match(self.relation, self.shape, slots, values, self.text)


def _value(choice: Mapping[Words, str], words: Words) -> str:
    kept = tuple(w for w in words if w not in ignorable())
    return next((v for k, v in choice.items() if tuple(w for w in k if w not in ignorable()) == kept), " ".join(words))


class Shapes:
    """All wordings of a schema and of questions.yaml."""

    def __init__(self, schema: Schema) -> None:
        """Read the wordings; they are compiled when a question comes near them."""
        self.schema = schema
        self.wordings = list(self._all())
        words = {w for wording in self.wordings for p in wording.parts for w in re.findall(r"[a-z][a-z0-9]*", p)}
        listed: list[Iterable[str]] = [
            shared().phrases,
            shared().openers,
            shared().beside,
            shared().roles,
            shared().ignorable,
        ]
        listed += [
            *shared().aspects.values(),
            *shared().statuses.values(),
            *shared().kinds.values(),
            *shared().refused.values(),
        ]
        self.vocabulary = frozenset(
            words | {w for texts in listed for text in texts for w in phrase(text)} | {"how", "many"}
        )

    def matches(self, code: str) -> list[Match]:
        """Return the wordings that fit the encoded question, those of most words first."""
        have = frozenset(code.replace("~", "").split())
        found = [(w, m) for w in self.wordings if w.needs <= have and (m := w.match(code))]
        return [m for _, m in sorted(found, key=lambda pair: -len(pair[0].needs))]

    def _all(self) -> Iterator[Wording]:
        for name, relation in self.schema.relations.items():
            own = {**shared().words, **relation.words}
            more = {**relation.words, **shared().words}
            choices = {q: _choice(values) for q, values in relation.values.items()}
            if "role" in relation.qualifiers:
                choices["role"] = {**{phrase(r): r for r in shared().roles}, **choices.get("role", {})}
            for groups, listed in ((own, relation.questions), (more, shared().relations.get(name, {}))):
                for shape, texts in listed.items():
                    yield from (w for t in texts if (w := _wording(name, shape, t, groups, choices)))
        choices = {
            "kind": {words: types[0] for words, types in kinds().items()},
            "dealnoun": {phrase(n): key for key, nouns in shared().deal_kinds.items() for n in nouns},
        }
        for shape, texts in shared().shapes.items():
            yield from (w for t in texts if (w := _wording(None, shape, t, shared().words, choices)))
        for name, chain in shared().chains.items():
            for t in chain["wordings"]:
                if w := _wording(None, f"chain:{name}", t, shared().words, {}):
                    yield w


def _choice(values: Mapping[str, Sequence[str]]) -> dict[Words, str]:
    return {
        phrase(text): value
        for value, texts in values.items()
        for text in (*texts, value.replace("_", " "))
        if phrase(text)
    }


_BY_ID: dict[int, Shapes] = {}


def shapes(schema: Schema) -> Shapes:
    """Return the wordings of a schema, read once."""
    known = _BY_ID.get(id(schema))
    if known is None or known.schema is not schema:
        _BY_ID.clear()
        known = _BY_ID[id(schema)] = Shapes(schema)
    return known


def _wording(
    relation: str | None,
    shape: str,
    text: str,
    groups: Mapping[str, Sequence[str]],
    choices: Mapping[str, dict[Words, str]],
) -> Wording | None:
    """Return a wording; None for one whose words are unknown here (a group that another relation has)."""
    parts: list[str] = []
    needs: set[str] = set()
    used: list[tuple[str, dict[Words, str]]] = []
    pieces = _opened([p for p in _SPLIT.split(text) if p.strip()], groups)
    for n, piece in enumerate(pieces):
        if not piece.startswith("{"):
            if piece not in ignorable():
                parts.append(re.escape(piece) + " ")
                needs.add(piece)
            continue
        name = piece.strip("{}")
        if name in ENTITY_SLOTS:
            parts.append(rf"(?P<{name}_{n}>E\d+ (?:(?:~and |~or |~, |versus )+E\d+ )*)")
        elif name in choices:
            used.append((name, choices[name]))
            parts.append(rf"(?P<{name}_{len(used) - 1}>{_either(choices[name])})")
        elif name in groups:
            parts.append(_either([tuple(_open_literal(phrase(a), first=True)) for a in groups[name]]))
        else:
            return None
    if all(part == "WH " for part in parts):
        return None  # nothing but "who": it would fit anything
    return Wording(relation, shape, text, parts, frozenset(needs), used)


def _either(alternatives: Iterable[Words]) -> str:
    out: dict[str, None] = {}
    for words in sorted(set(alternatives), key=lambda w: (-len(w), w)):
        if not words:
            continue
        told = [w for w in words if w not in ignorable()]
        form = GAP.join(re.escape(w) + " " for w in told) or GAP.join(f"~{re.escape(w)} " for w in words)
        out[form] = None
        if told and told[-1] == "round":
            out["~Fround "] = None
    return f"(?:{'|'.join(out)})"


def _opened(pieces: list[str], groups: Mapping[str, Sequence[str]]) -> list[str]:
    """Return slots and plain words, with "who", "which companies" and "how many {firms}" written as WH."""
    out: list[str] = []
    for piece in pieces:
        if piece.startswith("{"):
            nouns = groups.get(piece.strip("{}"), ())
            bare = bool(nouns) and sum(phrase(n) in kinds() for n in nouns) * 2 > len(nouns)
            if bare and out and out[-1] == "WH":
                continue
            out.append(piece)
            continue
        out += _open_literal(phrase(piece), first=not out)
    return out


def _open_literal(words: Words, *, first: bool) -> list[str]:
    out: list[str] = []
    at = 0
    while at < len(words):
        if words[at : at + 2] == ("how", "many"):
            out.append("WH")
            at += 2 + noun_length(words, at + 2)
        elif words[at] in openers() and (first or words[at] != "nam"):
            opener = words[at]
            at = skip = at + 1
            while skip < len(words) and words[skip] in DETERMINERS:
                skip += 1
            size = 0 if opener in NAMELESS else noun_length(words, skip)
            if out[-1:] != ["WH"] and (size or opener not in IMPERATIVE):
                out.append("WH")
            at = skip + size if size else at
        else:
            out.append(words[at])
            at += 1
    return out


@lru_cache(maxsize=1)
def openers() -> frozenset[str]:
    """Return the plain words that open a question for names."""
    return frozenset(w for text in shared().openers for w in phrase(text))


def noun_length(words: Sequence[str], at: int) -> int:
    """Return how many words from a position name a type of entity (0 for none)."""
    return max((n for n in (3, 2, 1) if tuple(words[at : at + n]) in kinds() and at + n <= len(words)), default=0)
