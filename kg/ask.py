"""Asking: an English question becomes a Query by the wordings of the relation files, or is refused with a reason."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.answer import Answer
from kg.ask_build import Builder
from kg.ask_names import Index, index
from kg.ask_read import Options, Reading, read
from kg.ask_shapes import Match, Shapes, noun_length, shapes
from kg.ask_terms import Unclear
from kg.ask_words import clean, kinds, phrase, shared, tokens
from kg.reference import Reference
from kg.schema import Schema
from kg.store.base import Store

LONGEST, MOST = 600, 70  # characters, words
TRIES = tuple(
    Options(names_first=n, aspects=a, statuses=s) for n in (False, True) for a in (False, True) for s in (True, False)
)
_CLAUSE = re.compile(r"\s*[,;?]?\s+and\s+(?=(?:who|what|which|how|where|when|whose|is|did|does|has)\b)", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(he|she|they|it|him|them)\b|\b(his|her|their|its)\b", re.IGNORECASE)


def ask(question: str, store: Store, schema: Schema, reference: Reference) -> Answer:
    """Return the answer to an English question; a question that is not understood gets a refusal, never an error."""
    text = clean(question[: LONGEST + 1])
    if len(question) > LONGEST or len(tokens(text)) > MOST:
        return _refused(question[:LONGEST], f"The question is too long (more than {MOST} words).")
    if not re.search(r"\w", text):
        return _refused(question, "There is no question.")
    for key, words in shared().refused.items():
        if word := _has(text, words):
            return _refused(question, f"Questions with '{word}' ({key}) are not understood.")
    answer = store.read(lambda: Asked(question, store, schema, reference).answer(text))
    return replace(answer, question=question)


class Asked:
    """One question on its way to an answer."""

    def __init__(self, question: str, store: Store, schema: Schema, reference: Reference) -> None:
        """Take the question and what is known."""
        self.question, self.store, self.schema, self.reference = question, store, schema, reference
        self.shapes: Shapes = shapes(schema)
        self.names: Index = index(store, reference)
        self.newest = self.names.newest

    def answer(self, text: str, *, parts: bool = True) -> Answer:
        """Return the answer of the whole question, or of its two halves."""
        best = self._whole(text)
        if best is not None and (best.reason != "not_understood"):
            return best
        cut = _CLAUSE.search(text) if parts else None
        joined = self._halves(text[: cut.start()], text[cut.end() :]) if cut else None
        if joined is not None:
            return joined
        return best or self._not_understood(text)

    def _whole(self, text: str) -> Answer | None:
        """Try the readings in order; the first that is answered counts, else the first that was understood."""
        first: Answer | None = None
        seen: set[tuple[str, ...]] = set()
        for options in TRIES:
            reading = read(text, self.names, self.shapes.vocabulary, self.newest, options)
            mark = (reading.line, *reading.aspects, "|", *reading.statuses)
            if mark in seen:
                continue
            seen.add(mark)
            for variant, matches in self._matched(reading):
                for match in matches:
                    answer = self._run(match, variant)
                    if answer is None:
                        continue
                    if answer.answered or answer.reason == "ambiguous":
                        return answer
                    first = first or answer
            if first is not None and not options.names_first and not options.aspects and not options.statuses:
                break
        return first

    def _matched(self, reading: Reading) -> list[tuple[Reading, list[Match]]]:
        """Return the wordings that fit, first as it stands, then with what may be set aside."""
        for variant in (reading, _beside(reading), _made_by(reading)):
            if variant and (found := self.shapes.matches(variant.line)):
                return [(variant, found)]
        for at in reading.unknown_items():
            word = reading.mentions[int(reading.code[at][1:])].text
            code = [*reading.code[:at], "~unknown", *reading.code[at + 1 :]]
            before = next((n for n in range(at - 1, -1, -1) if not code[n].startswith("~")), 0)
            if code[before] in ("as", "in", "with", "during", "at"):
                code[before] = "~unknown"
            rest = replace(reading, code=code)
            rest.notes = [*reading.notes, f"'{word}' was not understood and is not used."]
            if found := [m for m in self.shapes.matches(rest.line) if m.relation]:
                return [(rest, found)]
        return self._chained(reading)

    def _chained(self, reading: Reading) -> list[tuple[Reading, list[Match]]]:
        """Match "… the model that beat X": the inner clause is a question of its own, the outer one asks of it."""
        for at in range(1, len(reading.code)):
            size = noun_length(reading.code, at)
            if not size or at + size >= len(reading.code) or reading.code[at + size] not in ("~that", "WH", "with"):
                continue
            rest = reading.code[at + size + 1 :]
            inner = replace(reading, code=["WH", *(["~have"] if reading.code[at + size] == "with" else []), *rest])
            inner.kinds, inner.count = kinds()[tuple(reading.code[at : at + size])], False
            inside = [m for m in self.shapes.matches(inner.line) if m.shape == "list_subjects"]
            outer = replace(reading, code=[*reading.code[:at], f"E{len(reading.mentions)}"])
            outside = [m for m in self.shapes.matches(outer.line) if m.shape in ("list_subjects", "list_objects")]
            found: list[Answer] = []
            for o in outside:
                for i in inside:
                    answer = self._builder(reading).chained(o, i, len(reading.mentions), inner.kinds)
                    if answer and (not found or answer.answered):
                        found = [answer]
            if found:
                return [(_Done(reading, self._noted(found[0], reading)), [_NO_MATCH])]
        return []

    def _builder(self, reading: Reading) -> Builder:
        return Builder(reading, self.store, self.schema, self.reference)

    def _run(self, match: Match, reading: Reading) -> Answer | None:
        """Return the answer of a wording that fits; None where its names are of the wrong types."""
        if isinstance(reading, _Done):
            return reading.answer
        builder = self._builder(reading)
        try:
            answer = builder.answer(match)
        except Unclear as unclear:
            return unclear.answer
        return None if answer is None else self._noted(answer, reading, *builder.notes)

    def _noted(self, answer: Answer, reading: Reading, *notes: str) -> Answer:
        """Add how near names were read to the text, and what was not understood to what is left out."""
        said = [n for n in dict.fromkeys((*notes, *reading.notes)) if n.startswith("Read ") or "counted as" in n]
        unused = [n for n in dict.fromkeys((*notes, *reading.notes)) if n not in said]
        return replace(answer, text="\n".join([answer.text, *said]), left_out=(*answer.left_out, *unused))

    def _halves(self, one: str, two: str) -> Answer | None:
        """Answer two questions joined by "and"; "he", "it" and "their" in the second mean the first one's subject."""
        first = self.answer(one, parts=False)
        if first.reason == "not_understood":
            return None
        name = _subject(first, one, self)
        if name:
            two = _PRONOUN.sub(lambda m: f"{name}'s" if m.group(2) else name, two)
        second = self.answer(two, parts=False)
        if second.reason == "not_understood":
            return None
        return _both(first, second)

    def _not_understood(self, text: str) -> Answer:
        reading = read(text, self.names, self.shapes.vocabulary, self.newest, Options())
        strange = [m.text for m in reading.mentions if not m.candidates][:8]
        what = (
            f"Not understood: {', '.join(repr(s[:60]) for s in strange)}."
            if strange
            else "The question is not understood."
        )
        return _refused(self.question, what)


class _Done(Reading):
    """A reading whose answer is already made."""

    def __init__(self, reading: Reading, answer: Answer) -> None:
        super().__init__(reading.text, reading.code, reading.mentions)
        self.answer = answer


_NO_MATCH = Match(None, "done", {}, {}, "")


def _refused(question: str, what: str) -> Answer:
    text = f"{what} You can ask: {'; '.join(shared().can_ask)}."
    return Answer(question, text, "", "not_understood")


def _has(text: str, words: tuple[str, ...]) -> str | None:
    """Return the first of the words that the text has."""
    low = f" {' '.join(re.findall(r'[a-z0-9]+(?:.t)?', text.casefold()))} "
    split = re.sub(r"[^a-z0-9']+", " ", low)
    if "n't " in text.casefold() + " ":
        return "n't" if "n't" in words else None
    return next((w for w in words if f" {w} " in f" {split} "), None)


def _beside(reading: Reading) -> Reading | None:
    """Set "… next to X" at the end beside the first name: "E0 and E1"."""
    named = [n for n, item in enumerate(reading.code) if re.fullmatch(r"E\d+", item)]
    if len(named) < 2 or named[-1] != max(n for n, i in enumerate(reading.code) if not i.startswith("~")):
        return None
    last = named[-1]
    for words in sorted((phrase(t) for t in shared().beside), key=len, reverse=True):
        before = [item.removeprefix("~") for item in reading.code[last - len(words) : last]]
        if tuple(before) == words and last - len(words) > named[0]:
            code = reading.code[: last - len(words)]
            return replace(reading, code=[*code[: named[0] + 1], "~and", reading.code[last], *code[named[0] + 1 :]])
    return None


def _made_by(reading: Reading) -> Reading | None:
    """Read "Anthropic's Claude" as Claude, and say so."""
    for at, item in enumerate(reading.code[:-1]):
        skip = 2 if reading.code[at + 1] == "~'s" else 1
        following = reading.code[at + skip : at + skip + 1]
        if not re.fullmatch(r"E\d+", item) or not following or not re.fullmatch(r"E\d+", following[0]):
            continue
        maker, made = reading.mentions[int(item[1:])], reading.mentions[int(following[0][1:])]
        firm = bool(maker.candidates) and all(c.id.startswith("org/") for c in maker.candidates)
        work = bool(made.candidates) and all(c.id.startswith(("model/", "product/")) for c in made.candidates)
        if firm and work:
            notes = [*reading.notes, f"Read '{maker.text}'s {made.text}' as {made.text}."]
            return replace(reading, code=[*reading.code[:at], *reading.code[at + skip :]], notes=notes)
    return None


def _subject(answer: Answer, text: str, asked: Asked) -> str | None:
    """Return the name that a pronoun after this question means: the first name in it."""
    reading = read(text, asked.names, asked.shapes.vocabulary, asked.newest, Options())
    return next((m.text for m in reading.mentions), None)


def _both(first: Answer, second: Answer) -> Answer:
    reason = first.reason if not (first.answered or second.answered) else None
    statements = {s["id"]: s for s in (*first.statements, *second.statements)}
    return Answer(
        "", f"{first.text}\n{second.text}", f"{first.understood}; and {second.understood}", reason,
        (*first.rows, *second.rows), tuple(statements.values()), (*first.left_out, *second.left_out),
        first.value if first.value is not None else second.value, first.query, (*first.patterns, *second.patterns),
    )  # fmt: skip
