"""From a wording that fits to a Query: names to ids, limits to conditions, shapes to what is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kg.answer import Answer, answer
from kg.ask_read import Reading
from kg.ask_shapes import Match
from kg.ask_shared import bigger, path, profile, what_type
from kg.ask_terms import ORG, Terms, Unclear
from kg.ask_words import shared
from kg.conditions import Where
from kg.names import normal
from kg.query import AHEAD, Query, Step, Term
from kg.reference import Reference
from kg.schema import Schema
from kg.store.base import Store

DEFAULT_LIMIT = 10
FORMER = re.compile(r"\b(?:worked|was|were|former|formerly|left|leaves?|leaving|used)\b", re.IGNORECASE)
ROLES = {
    "chief executive": "CEO", "chief executive officer": "CEO", "boss": "CEO", "chief technology officer": "CTO",
    "chief financial officer": "CFO", "chief operating officer": "COO", "chief product officer": "CPO",
}  # fmt: skip


class Builder(Terms):
    """Builds and runs the queries of one reading."""

    def __init__(self, reading: Reading, store: Store, schema: Schema, reference: Reference) -> None:
        """Take the reading and what is known."""
        super().__init__(reading, store, reference)
        self.schema = schema

    def answer(self, match: Match) -> Answer | None:
        """Return the answer; None where the names are of types that the wording cannot mean; raise Unclear."""
        if match.relation is None:
            return self._shared(match)
        query = self._query(match)
        if query is None:
            return None
        if self.several and query.ask and query.measure is None:
            query = replace(query, ask=(), limit=None)  # whose answer is whose must show
        made = answer(query, self.store, self.schema)
        if not made.answered:
            made = self._rolled_up(query) or self._background(query, made)
        elif self.several:
            used = {i for row in made.rows for i in (row["subject_id"], row["object_id"])}
            missing = tuple(f"for {t.label}: not stated" for t in self.several if not set(t.ids) & used)
            made = replace(made, left_out=(*made.left_out, *missing))
        return made

    def _background(self, query: Query, made: Answer) -> Answer:
        """Add what the reference data know of a parent or maker, said to be background."""
        step = query.steps[0]
        known = query.term(step.subject if step.relations == ("subsidiary_of",) else step.object)
        said = []
        for entry in (e for i in known.ids if (e := self.reference.entry(i))):
            above = entry.parent if step.relations == ("subsidiary_of",) else entry.maker
            if step.relations in (("subsidiary_of",), ("developed",)) and above and (of := self.reference.entry(above)):
                verb = "belongs to" if entry.parent == above else "is made by"
                said.append(f"Background, from no issue: {entry.name} {verb} {of.name}.")
        return replace(made, text=" ".join([made.text, *said]))

    def chained(self, outer: Match, inner: Match, slot: int, types: tuple[str, ...]) -> Answer | None:
        """Return the answer of a question about "the … that …": steps of both, joined at the thing described."""
        if inner.relation is None or outer.relation is None:
            return None
        end = "object" if outer.slots.get("object") == (slot,) else "subject"
        relation = self.schema.relations[outer.relation]
        allowed = relation.objects if end == "object" else relation.subjects
        if outer.slots.get(end) != (slot,):
            return None
        try:
            inside = self._query(replace(inner, shape="list_subjects"), kinds=types)
        except Unclear as unclear:
            return unclear.answer
        if inside is None or not set(inside.term("s").types) & set(allowed):
            return None
        middle = replace(inside.term("s"), var="m", types=tuple(t for t in inside.term("s").types if t in allowed))
        renamed = [replace(s, subject="m" if s.subject == "s" else s.subject) for s in inside.steps]
        other = relation.subjects if end == "object" else relation.objects
        wanted = tuple(t for t in other if not self.reading.kinds or t in self.reading.kinds)
        if not wanted:
            return None
        ends = ("a", "m") if end == "object" else ("m", "a")
        steps = (*renamed, Step((outer.relation,), *ends))
        terms = (*(t for t in inside.terms if t.var != "s"), middle, Term("a", types=wanted))
        return answer(Query(steps, terms, ask=("a",)), self.store, self.schema)

    def _query(self, match: Match, kinds: tuple[str, ...] | None = None) -> Query | None:
        assert match.relation is not None
        relation = self.schema.relations[match.relation]
        kinds = self.reading.kinds if kinds is None else kinds
        ask = {"list_subjects": "s", "count_subjects": "s", "list_objects": "o", "count_objects": "o"}.get(match.shape)
        if relation.unary and match.shape == "list_objects":
            ask = None
        groups: dict[str, list[Term]] = {}
        for slot, var, types in (("subject", "s", relation.subjects), ("object", "o", relation.objects)):
            if slot in match.slots:
                found = self.terms(match.slots[slot], types, var)
                if found is None:
                    return None
                groups[var] = found
            else:
                limited = tuple(t for t in types if t in kinds) if var == ask and kinds else types
                if not limited:
                    return None
                groups[var] = [Term(var, types=limited)]
        where = self._where(match)
        if where is None:
            return None
        subjects, objects = groups["s"], groups["o"]
        steps = tuple(
            Step((match.relation,), s.var, o.var, where, relation.symmetric) for s in subjects for o in objects
        )
        boolean = match.shape == "yesno" and not self.reading.aspects
        query = Query(steps, (*subjects, *objects), (ask,) if ask else (), boolean=boolean)
        return self._asked(query, match)

    def _asked(self, query: Query, match: Match) -> Query:
        """Return the query with what is to be counted, summed, ordered and picked."""
        relation = self.schema.relations[match.relation or ""]
        wanted = match.shape if match.shape in relation.qualifiers else next(iter(self.reading.aspects), None)
        if match.shape.startswith("count_") or (self.reading.count and query.ask):
            query = replace(query, measure="count")
        elif wanted == "amount" and relation.deal and not query.ask:
            query = replace(query, measure="sum")
        elif wanted in ("amount", "value") or query.ask:
            pass
        elif wanted in relation.qualifiers:
            query = replace(query, qualifier=wanted)
        order, limit = self.reading.limits.order, self.reading.limits.limit
        for part, said in shared().implied.get(relation.name, {}).items():
            if part in match.wording:
                self.notes += [n for n in said.get("note", ()) if n.split("'")[1] in self.reading.text.casefold()]
            if part in match.wording and "order" in said:
                query = replace(query, order=(said["order"][0], True), limit=limit)
        if order:
            name = order[0]
            if name == "amount":
                name = next((q for q in ("percent", "value", "amount") if q in relation.qualifiers), "date")
            if name in ("date",) and "period" in relation.qualifiers:
                return query
            query = replace(
                query, order=(name, order[1]), limit=limit or (1 if query.ask and not self.reading.count else None)
            )
            if query.measure == "sum":
                query = replace(query, order=None, limit=None)
        return query

    def _where(self, match: Match) -> tuple[Where, ...] | None:
        """Return the conditions that the relation can hold; those it cannot are named in the notes."""
        assert match.relation is not None
        known = self.schema.relations[match.relation].qualifiers
        out: list[Where] = []
        for where in self.reading.limits.where:
            if where.field == "date" and "period" in known:
                where = replace(where, field="period")
            if where.field in known or where.field == "date":
                out.append(where)
            else:
                return None  # the relation cannot hold the condition: another wording may
        for name, values in match.values.items():
            if name == "role":
                wanted = {v for value in values for v in _roles(value)}
                out.append(Where("role", "role", tuple(sorted(wanted)), f"role {values[0]}"))
                out.append(Where("current", "in", ("true", "")))
            elif name in known:
                out.append(Where(name, "in", tuple(values), f"{name} {values[0]}"))
        out += self._past(match)
        if (
            match.shape == "yesno"
            and match.relation == "works_at"
            and re.match(r"(?:is|does)\b", self.reading.text, re.I)
        ):
            out.append(Where("current", "in", ("true", "")))
        for part, said in shared().implied.get(match.relation, {}).items():
            if part in match.wording:
                out += [
                    Where(k, "role" if k == "role" else "in", v, f"{k} {v[0]}") for k, v in said.items() if k in known
                ]
        if "on" in match.slots:
            out.append(self._benchmark(match.slots["on"]))
        out += self._status(match.relation, known)
        return tuple(out)

    def _benchmark(self, numbers: Sequence[int]) -> Where:
        """Return the condition on a benchmark that is a qualifier: by its names, or as the question spells it."""
        mentions = [self.reading.mentions[n] for n in numbers]
        ids = [c.id for m in mentions for c in m.candidates if c.id.startswith("benchmark/")]
        forms = {normal(m.text) for m in mentions if not m.candidates} | {f for i in ids for f in self.forms(i)}
        return Where("on", "norm", tuple(sorted(forms)), f"on {mentions[0].text}")

    def _past(self, match: Match) -> Iterable[Where]:
        """Keep what is only planned out of "what did X release", and former people out of "who works at X"."""
        told = any(part in match.wording for part in ("{release}", "{released}", "{done}", "released", "came out"))
        listing = match.shape in ("list_objects", "count_objects", "pairs")
        former = re.search(
            r"\b(?:worked|was|were|former|formerly|left|leaves?|leaving|used)\b", self.reading.text, re.I
        )
        if match.relation == "works_at" and match.shape == "list_subjects" and not former:
            yield Where("current", "in", ("true", ""))
        if match.relation == "developed" and told and listing and not self.reading.statuses:
            yield Where("status", "not in", AHEAD, "already shown or out")

    def _status(self, relation: str, known: Iterable[str]) -> Iterable[Where]:
        for key in self.reading.statuses:
            if "status" not in known or (key in shared().release_only and relation != "developed"):
                continue
            yield Where(
                "status",
                "in",
                shared().status_values[key],
                f"status {' or '.join(shared().status_values[key])}".replace("_", " "),
            )

    def _rolled_up(self, query: Query) -> Answer | None:
        """Return the answer with the subsidiaries that background knows counted as their parent, for deals only."""
        if not all(self.schema.relations[r].deal for s in query.steps for r in s.relations):
            return None
        terms, said = [], []
        for term in query.terms:
            below = [e for e in self.reference.entries if e.parent in term.ids]
            terms.append(replace(term, ids=(*term.ids, *(e.id for e in below))) if term.ids else term)
            said += [(e.id, f"{e.name} counted as {term.label} (background).") for e in below]
        if not said:
            return None
        made = answer(replace(query, terms=tuple(terms)), self.store, self.schema)
        used = {i for row in made.rows for i in (row["subject_id"], row["object_id"])}
        self.notes += [note for id, note in said if id in used]
        return made if made.answered else None

    def _shared(self, match: Match) -> Answer | None:
        """Answer the shapes that belong to no relation."""
        if match.shape.startswith("chain:"):
            return self._chain(match, shared().chains[match.shape.removeprefix("chain:")])
        if match.shape == "deals":
            return self._deals(match)
        if match.shape == "bigger":
            return self._bigger(match)
        if (self.reading.kinds and match.shape != "path") or self.reading.statuses or self.reading.aspects:
            return None
        mentions = [self.reading.mentions[n] for slot in ("subject", "object") for n in match.slots.get(slot, ())]
        if self.reading.limits.where or self.reading.limits.order:
            self.notes += [f"'{w.words}' is not used." for w in self.reading.limits.where]
        if match.shape == "type":
            return what_type(mentions[0], self.store, self.schema)
        found = [t for m in mentions if (t := self.term(m, (), "x"))]
        if match.shape == "path":
            return path(found[0], found[1], self.store, self.schema) if len(found) == 2 else None
        return profile(found, self.store, self.schema)

    def _chain(self, match: Match, chain: dict[str, object]) -> Answer | None:
        relations = [str(r) for r in chain["steps"]]  # type: ignore[attr-defined]
        first, last = self.schema.relations.get(relations[0]), self.schema.relations.get(relations[-1])
        if first is None or last is None:
            return None
        terms = [Term("v0", types=first.subjects)]
        terms += [Term(f"v{n}", types=self.schema.relations[r].objects) for n, r in enumerate(relations, 1)]
        where = tuple(
            Where(k, "in", tuple(v), f"{k} {' or '.join(v)}")
            for k, v in (chain.get("where") or {}).items()  # type: ignore[attr-defined]
        )
        for slot, at, types in (("subject", 0, first.subjects), ("object", len(relations), last.objects)):
            if slot in match.slots:
                found = self.terms(match.slots[slot], types, f"v{at}")
                if found is None or len(found) > 1:
                    return None
                terms[at] = found[0]
        steps = [Step((r,), f"v{n}", f"v{n + 1}") for n, r in enumerate(relations)]
        steps[-1] = replace(steps[-1], where=where)
        ask = f"v{len(relations)}" if "subject" in match.slots else "v0"
        kinds = self.reading.kinds
        terms = [
            replace(t, types=tuple(x for x in t.types if x in kinds) or t.types) if t.var == ask and kinds else t
            for t in terms
        ]
        return answer(Query(tuple(steps), tuple(terms), (ask,)), self.store, self.schema)

    def _deals(self, match: Match) -> Answer | None:
        relations = tuple(r for r in match.values["dealnoun"][0].split() if r in self.schema.relations)
        types = ("company", "organization", "person")
        subject = [Term("s", types=types)]
        if "subject" in match.slots:
            found = self.terms(match.slots["subject"], types, "s")
            if found is None:
                return None
            subject = found[:1]
        other = Term("o")
        if len(match.slots.get("subject", ())) == 2 and "between" in match.wording:
            pair = [
                self.term(self.reading.mentions[n], types, v) for n, v in zip(match.slots["subject"], "so", strict=True)
            ]
            if pair[0] is None or pair[1] is None:
                return None
            subject, other = [pair[0]], pair[1]
        where = tuple(w for w in self.reading.limits.where if w.field in ("amount", "date", "round"))
        where += tuple(w for r in relations[:1] for w in self._status(r, ("status",)))
        firm = "{firmness}" in match.wording or self.reading.limits.order is not None
        order = self.reading.limits.order or (("amount", True) if firm else None)
        limit = self.reading.limits.limit or (DEFAULT_LIMIT if firm else None)
        step = Step(relations, "s", "o", where, "subject" in match.slots)
        query = Query((step,), (*subject, other), order=order, limit=limit, deals=True)
        if self.reading.count:
            query = replace(query, measure="count", order=None, limit=None)
        return answer(query, self.store, self.schema)

    def _bigger(self, match: Match) -> Answer | None:
        relations = tuple(match.values.get("dealnoun", ("commits_spend",))[0].split())
        queries = []
        for subject, target in zip(match.slots["subject"], match.slots["object"], strict=True):
            s, o = self.terms((subject,), ORG, "s"), self.terms((target,), ORG, "o")
            if s is None or o is None:
                return None
            queries.append(Query((Step(relations, "s", "o"),), (*s, *o), measure="max"))
        return bigger(queries, self.store, self.schema)


def _roles(value: str) -> tuple[str, ...]:
    """Return the ways to write a role."""
    same = ROLES.get(value.casefold(), value)
    return (same, *(k for k, v in ROLES.items() if v.casefold() == same.casefold()))
