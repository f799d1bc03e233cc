"""Reading a question: names, limits and words become the code that wordings are matched against."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kg.ask_filters import Limits, limits
from kg.ask_names import Index, Mention, link, unknown
from kg.ask_shapes import DETERMINERS, IMPERATIVE, NAMELESS, noun_length, openers
from kg.ask_words import Token, ignorable, kinds, phrase, shared, tokens


@dataclass
class Reading:
    """A question with its names, limits and cues taken apart; `code` is what the wordings see."""

    text: str
    code: list[str] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    limits: Limits = field(default_factory=Limits)
    aspects: list[str] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    kinds: tuple[str, ...] = ()
    count: bool = False
    both: bool = False
    notes: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        """Return the code as one line."""
        return "".join(f"{item} " for item in self.code)

    def unknown_items(self) -> list[int]:
        """Return the positions in the code of lower-case words that are neither name nor vocabulary."""
        out = []
        for at, item in enumerate(self.code):
            if re.fullmatch(r"E\d+", item) and (m := self.mentions[int(item[1:])]) and not m.candidates:
                before = self.code[at - 1] if at else ""
                after = self.code[at + 1] if at + 1 < len(self.code) else ""
                beside = any(re.match(r"E\d|~'", item) for item in (before, after))
                if m.text.islower() and m.text.isalpha() and m.last - m.first == 1 and not beside:
                    out.append(at)
        return out


@dataclass(frozen=True)
class Options:
    """Which reading is tried: vocabulary or names first; side questions and status cues taken out or left in."""

    names_first: bool = False
    aspects: bool = False
    statuses: bool = True


def read(text: str, names: Index, vocabulary: frozenset[str], newest: str | None, options: Options) -> Reading:
    """Return the reading of a cleaned question under the options."""
    words = tokens(text)
    out = Reading(text)
    named = link(words, text, names, vocabulary, names_first=options.names_first)
    spans = [(words[m.first].start, words[m.last - 1].end) for m in named]
    out.limits = limits(text, lambda a, b: any(s < b and a < e for s, e in spans), newest)
    out.notes += out.limits.notes
    roles = _roles(words, named, out.limits)
    _cues(words, roles, out, options)
    loose = [
        i for i, role in enumerate(roles)
        if role == "" and words[i].plain not in vocabulary and words[i].plain not in ignorable()
    ]  # fmt: skip
    found = unknown(words, text, names, loose)
    found = [m for m in found if not _slip(words, m, roles, vocabulary, out)]
    out.mentions = sorted([*named, *found], key=lambda m: m.first)
    for number, mention in enumerate(out.mentions):
        for i in range(mention.first, mention.last):
            roles[i] = f"E{number}"
    _encode(words, roles, out)
    out.code = [c for n, c in enumerate(out.code) if not c.startswith("~") or out.code[n - 1 : n] != [c]]
    return out


def _roles(words: Sequence[Token], named: Sequence[Mention], found: Limits) -> list[str]:
    """Return for each word what it was taken for: "E" a name, "~F…" a limit, "-" nothing to match, "" still open."""
    roles = [""] * len(words)
    for mention in named:
        roles[mention.first : mention.last] = ["E"] * (mention.last - mention.first)
    for start, end, kind in found.spans:
        first = True
        for i, word in enumerate(words):
            if word.start < end and start < word.end and roles[i] == "":
                roles[i] = f"~F{kind}" if first else "-"
                first = False
    return roles


@lru_cache(maxsize=1)
def _phrase_lists() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """Return the phrases of side questions, statuses and filler, longest first."""
    return {
        "aspects": _ranked(shared().aspects), "statuses": _ranked(shared().statuses),
        "filler": _ranked({"": shared().phrases}),
    }  # fmt: skip


def _ranked(texts: Mapping[str, Sequence[str]]) -> tuple[tuple[tuple[str, ...], str], ...]:
    pairs = [(phrase(t), key) for key, some in texts.items() for t in some]
    return tuple(sorted(pairs, key=lambda p: -len(p[0])))


def _cues(words: Sequence[Token], roles: list[str], out: Reading, options: Options) -> None:
    """Take filler, side questions and status cues out of the open words."""
    out.both = any(w.plain == "both" for w in words)
    lists = _phrase_lists()
    for form, _ in lists["filler"]:
        _take(words, roles, form)
    if options.aspects:
        for form, key in lists["aspects"]:
            if _take(words, roles, form) and key not in out.aspects:
                out.aspects.append(key)
    if options.statuses:
        for form, key in lists["statuses"]:
            if _take(words, roles, form) and key not in out.statuses:
                out.statuses.append(key)


def _take(words: Sequence[Token], roles: list[str], form: tuple[str, ...]) -> bool:
    size = len(form)
    for at in range(len(words) - size + 1):
        if all(r == "" for r in roles[at : at + size]) and tuple(w.plain for w in words[at : at + size]) == form:
            roles[at : at + size] = ["-"] * size
            return True
    return False


def _slip(words: Sequence[Token], mention: Mention, roles: list[str], vocabulary: frozenset[str], out: Reading) -> bool:
    """Read an unknown lower-case word as a question word one letter away (investd), and say so."""
    word = words[mention.first]
    if (
        not mention.candidates
        and word.text.islower()
        and word.text.endswith("ly")
        and mention.last - mention.first == 1
    ):
        roles[mention.first] = "-"  # an adverb: no name, and said to be unused
        out.notes.append(f"'{word.text}' was not understood and is not used.")
        return True
    if mention.candidates or mention.last - mention.first > 1 or len(word.text) < 5 or not word.text.isalpha():
        return False
    near = process.extractOne(word.plain, [v for v in vocabulary if len(v) > 3], scorer=OSA.distance, score_cutoff=1)
    if near is None or near[0][0] != word.plain[0] or not word.text[1:].islower():
        return False
    roles[mention.first] = f"={near[0]}"
    out.notes.append(f"Read '{word.text}' as a form of '{near[0]}'.")
    return True


def _encode(words: Sequence[Token], roles: Sequence[str], out: Reading) -> None:
    """Write the code: E0 for names, WH for who/what/which companies, ~word for words without weight."""
    at = 0
    forms = [r[1:] if r.startswith("=") else (w.plain if r == "" else "") for w, r in zip(words, roles, strict=True)]
    while at < len(words):
        role = roles[at]
        if role.startswith(("~Fround", "~Famount")):
            while out.code and out.code[-1] in ("~its", "~the", "~a", "~thi", "~this", "~their", "in", "for", "at"):
                out.code.pop()  # "in its Series B"
        if role.startswith(("E", "~F")):
            if not out.code or out.code[-1] != role or role.startswith("~"):
                out.code.append(role)
            at += 1
        elif role == "-":
            at += 1
        elif forms[at : at + 2] == ["how", "many"]:
            out.count = True
            at = _open(forms, roles, at + 2, out)
        elif forms[at] in openers() and (at == 0 or words[at].text.casefold() not in ("name", "show", "list")):
            at = _open(forms, roles, at + 1, out, forms[at])
        elif all(c.startswith("~") for c in out.code) and (size := noun_length(forms, at)):
            out.kinds = kinds()[tuple(forms[at : at + size])]
            out.code.append("WH")
            at += size
        elif (size := _apposed(forms, roles, at)) > 0:
            out.code.append("~noun")  # "the company Anthropic"
            at += size
        elif forms[at] == "versus" and any(r.startswith("~F") for r in (*roles[at - 1 : at], *roles[at + 1 : at + 2])):
            at += 1
        else:
            out.code.append(f"~{forms[at]}" if forms[at] in ignorable() else forms[at])
            at += 1


def _apposed(forms: Sequence[str], roles: Sequence[str], at: int) -> int:
    """Return the length of a noun that stands before a name of its kind ("the company Anthropic"), else 0."""
    size = noun_length(forms, at)
    verbs = {"releas", "featur", "thing", "host", "test", "lead"}  # "did xAI release Grok 5"
    named = roles[at + size : at + size + 1]
    return size if size and named and named[0].startswith("E") and forms[at] not in verbs else 0


def _open(forms: Sequence[str], roles: Sequence[str], at: int, out: Reading, opener: str = "which") -> int:
    """Write WH and pass over the noun that says which type is asked for; return the next position."""
    noun = at
    while noun < len(forms) and (roles[noun].startswith(("-", "~F")) or forms[noun] in DETERMINERS):
        noun += 1
    size = 0 if opener in NAMELESS else noun_length(forms, noun)
    if out.code[-1:] != ["WH"] and (size or opener not in IMPERATIVE):
        out.code.append("WH")
    if not size:
        return at
    out.kinds = out.kinds or kinds()[tuple(forms[noun : noun + size])]
    out.code += [role for role in roles[at:noun] if role.startswith("~F")]
    return noun + size
