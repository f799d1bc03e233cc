"""Names of a question as terms of a query: what fits the types, the maker of a product, several fits asked back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg.answer import Answer
from kg.ask_names import Candidate, Mention
from kg.ask_read import Reading
from kg.ask_shared import unknown_name
from kg.names import normal
from kg.query import Term
from kg.reference import Reference
from kg.store.base import Row, Store

ORG = ("company", "organization")


class Unclear(Exception):
    """The question fits, but a name in it is unknown or means several things: the answer says which."""

    def __init__(self, answer: Answer) -> None:
        """Keep the answer."""
        super().__init__(answer.text)
        self.answer = answer


class Terms:
    """Turns the mentions of one reading into terms; `notes` tell how near names were read."""

    def __init__(self, reading: Reading, store: Store, reference: Reference) -> None:
        """Take the reading and what is known."""
        self.reading, self.store, self.reference = reading, store, reference
        self.notes: list[str] = []
        self.several: list[Term] = []  # names of which each should have its own answer

    def terms(self, numbers: Sequence[int], types: Sequence[str], var: str) -> list[Term] | None:
        """Return one term for all mentions (any of them), or one each for "both"; None where none is of the types."""
        found = []
        for number in numbers:
            term = self.term(self.reading.mentions[number], types, var)
            if term is None:
                return None
            found.append(term)
        if len(found) == 1 or not self.reading.both or len(found) > 4:
            self.several += found if len(found) > 1 else []
            ids = tuple(dict.fromkeys(i for t in found for i in t.ids))
            return [Term(var, ids, (), " or ".join(t.label for t in found))]
        return [replace(t, var=f"{var}{n}") for n, t in enumerate(found)]

    def term(self, mention: Mention, types: Sequence[str], var: str) -> Term | None:
        """Return what a mention means among entities of the types; raise Unclear for an unknown or ambiguous one."""
        if not mention.candidates:
            raise Unclear(unknown_name(mention, self.store))
        rows = {r.id: r for r in self.store.get("entity", [c.id for c in mention.candidates])}
        fit = [c for c in mention.candidates if c.id in rows and (not types or rows[c.id].data["type"] in types)]
        if not fit:
            return self._maker(mention, rows, types, var)
        names = {rows[c.id].data["name"] for c in fit}
        if fit[0].how != "exact" and len({normal(n) for n in names}) > 1:
            raise Unclear(_several(mention, [rows[c.id] for c in fit]))
        name = rows[fit[0].id].data["name"]
        self._say(mention, fit[0], name)
        return Term(var, tuple(c.id for c in fit), (), name)

    def _say(self, mention: Mention, candidate: Candidate, name: str) -> None:
        if candidate.how in ("short", "misspelt") or (
            candidate.how == "alias" and normal(mention.text) != normal(name)
        ):
            self.notes.append(f"Read '{mention.text}' as {name}.")

    def _maker(self, mention: Mention, rows: dict[str, Row], types: Sequence[str], var: str) -> Term | None:
        """Return the maker of a product that stands where a company must (Azure: Microsoft), and say so."""
        if not set(types) & set(ORG):
            return None
        for candidate in mention.candidates:
            entry = self.reference.entry(candidate.id)
            if candidate.id in rows and entry and entry.maker and (found := self.store.get("entity", [entry.maker])):
                name = found[0].data["name"]
                self._say(mention, candidate, rows[candidate.id].data["name"])
                self.notes.append(f"{rows[candidate.id].data['name']} counted as {name}, its maker (background).")
                return Term(var, (entry.maker,), (), name)
        return None

    def forms(self, id: str) -> tuple[str, ...]:
        """Return the normal forms of an entity's names."""
        rows = self.store.get("entity", [id])
        return tuple(normal(f) for row in rows for f in (row.data["name"], *row.data.get("aliases", ())))


def _several(mention: Mention, rows: Sequence[Row]) -> Answer:
    names = sorted({f"{r.data['name']} ({r.data['type']})" for r in rows})
    return Answer(
        "", f"'{mention.text}' may mean {', '.join(names[:8])}. Which one?", "", "ambiguous", left_out=tuple(names)
    )
