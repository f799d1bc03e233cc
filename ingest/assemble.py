"""Assembly: the mentions and facts of one issue joined into its Extract."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from ingest.facts import Fact, Findings, Mention
from ingest.variants import Cluster, abbreviates, clusters, is_tier, joins, trimmed
from kg import reference as references
from kg.model import Amount, Attrs, Entity, EntityType, Extract, Issue, Span, Statement, merged
from kg.names import group, normal
from kg.reference import Reference
from kg.schema import Schema

# What makes two facts of one pair different ones where both state it.
APART = {
    "reports_metric": ("metric", "period", "amount", "value"),
    "owns_stake": ("percent",),
}
DEAL_APART = ("amount", "round")
BEHIND = 300  # characters between a round and the sentence that names its investors
_ALSO = re.compile(
    r"[\s(,*_]*(?:aka|a\.k\.a\.|(?:also|better|formerly|previously) known as|formerly(?: called)?|previously called"
    r"|now (?:called|known as)|renamed(?: to| as)?|which renamed itself)[\s:*_]*",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"[*_`]*(?:\]\(\S*\))?\s?\([*_`\[]*")
ONE_ONLY = frozenset(
    {"scored", "developed", "outperforms", "works_at", "founded", "subsidiary_of", "available_on", "based_on", "sued"}
)


@lru_cache
def _reference() -> Reference:
    return references.load()


def assemble(issue: Issue, found: Findings, schema: Schema, fingerprint: str) -> Extract:
    """Return the Extract of an issue: one entity a thing, one statement a claim, every end with a mention."""
    names = _Names(found, issue.text)
    grouped: dict[tuple[str, str, str], list[tuple[Fact, Attrs]]] = defaultdict(list)
    for fact in found.facts:
        subject, object_ = names.of(fact.subject), names.of(fact.object)
        relation = schema.relations.get(fact.relation)
        if relation is None or subject is None or object_ is None:
            continue
        subject, object_ = names.typed(subject, relation.subjects), names.typed(object_, relation.objects)
        if not schema.allows(fact.relation, names.type(subject), names.type(object_)):
            continue
        if (subject == object_) != relation.unary:
            continue
        if relation.symmetric and object_ < subject:
            subject, object_ = object_, subject
        grouped[subject, fact.relation, object_].append((fact, _attrs(fact, names)))
    statements = []
    used = set()
    for (subject, name, object_), facts in grouped.items():
        used |= {subject, object_}
        for pile in _piles(name, facts):
            statements.append(_statement(names.name(subject), name, names.name(object_), pile))
    statements = list(_untold(_named_rounds(statements, issue.text)))
    statements = list(_round_dates(list(_own_amounts(_led_amounts(statements)))))
    entities = names.entities(used)
    return Extract(issue=issue, entities=entities, statements=merged(statements), reader=fingerprint)


def _same(mentions: Sequence[Mention], text: str) -> Iterator[tuple[str, str]]:
    """Yield the normal forms of two names that the text calls one ("HongShan, formerly Sequoia China", "… (FAIR)")."""
    for one, other in pairwise(mentions):
        if group(one.type) != group(other.type):
            continue
        between = text[one.end : max(one.end, other.start)]
        short = _BRACKET.fullmatch(between) and abbreviates(trimmed(other.text), trimmed(one.text))
        if short or _ALSO.fullmatch(between):
            yield normal(trimmed(one.text)), normal(trimmed(other.text))


class _Names:
    """The entities of an issue: clusters of mentions, joined; handles count where a fact speaks of them."""

    def __init__(self, found: Findings, text: str) -> None:
        ends = [m for f in found.facts for m in (f.subject, f.object)]
        places = {(m.start, m.end): m for m in [*ends, *found.mentions]}
        self.mentions = [places[key] for key in sorted(places)]
        self.found = clusters((m.text, m.type) for m in self.mentions)
        joined = joins(self.found, _reference(), _same(self.mentions, text))
        stray = {k for k, c in self.found.items() if c.type in ("model", "product") and is_tier(c.surface)}
        self.root = {key: root for key, root in joined.items() if root not in stray}
        self.members: dict[str, list[str]] = defaultdict(list)
        for key, root in self.root.items():
            self.members[root].append(key)
        self.types: dict[str, str] = {}

    def of(self, mention: Mention) -> str | None:
        """Return the entity (its root's key) of a mention."""
        return self.root.get(normal(trimmed(mention.text)))

    def typed(self, root: str, allowed: Sequence[str]) -> str:
        """Give a handle the type that the relation asks for; a poster's bare name ("corgi_fan") is no company."""
        if self.type(root) == "handle":
            if "person" in allowed:
                self.types[root] = "person"
            elif self.found[root].surface.startswith("@"):
                self.types[root] = "company"
        return root

    def type(self, root: str) -> str:
        """Return the type of an entity: of its most frequent mentions."""
        if root not in self.types:
            whole = Cluster(root)
            for key in self.members[root]:
                whole.types.update(self.found[key].types)
            if len(whole.types) > 1:
                del whole.types["handle"]  # what a name is counts, however often its handle stands for it
            self.types[root] = self._poster(root) if whole.type == "handle" else whole.type
        return self.types[root]

    def _poster(self, root: str) -> str:
        """Return the type of the one that the reference data know by a handle, "handle" if they know none."""
        known = {e.kind for k in self.members[root] for e in _reference().find(k) if e.group in ("org", "person")}
        return known.pop() if len(known) == 1 else "handle"

    def name(self, root: str) -> str:
        """Return the fullest form: the root's most frequent surface."""
        return self.found[root].surface

    def named(self, text: str, kind: str) -> str:
        """Return the name of an entity of a type by one of its forms, the text itself if there is none."""
        root = self.root.get(normal(trimmed(text)))
        return self.name(root) if root is not None and group(self.type(root)) == group(kind) else text

    def entities(self, used: set[str]) -> tuple[Entity, ...]:
        """Return the entities in the order of their first mention; unused handles are left out, but those of firms."""
        places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for m in self.mentions:
            root = self.of(m)
            if root is not None:
                places[root].append((m.start, m.end))
        out = []
        for root in sorted(places, key=lambda r: places[r]):
            kind = self.type(root)
            posted = all(set(self.found[key].types) == {"handle"} for key in self.members[root])
            if kind == "handle" or (posted and group(kind) != "org" and root not in used):
                continue
            name = self.name(root)
            forms = {f for key in self.members[root] for f in self.found[key].forms} - {name}
            out.append(
                Entity(name=name, type=_entity_type(kind), aliases=tuple(sorted(forms)), mentions=tuple(places[root]))
            )
        return tuple(out)


def _entity_type(kind: str) -> EntityType:
    return kind  # type: ignore[return-value]


def _attrs(fact: Fact, names: _Names) -> Attrs:
    attrs: dict[str, Any] = dict(fact.attrs)
    if "on" in attrs:
        attrs["on"] = names.named(attrs["on"], "benchmark")
    return Attrs.model_validate(attrs)


def _piles(relation: str, facts: Sequence[tuple[Fact, Attrs]]) -> list[list[tuple[Fact, Attrs]]]:
    """Return the facts of one pair in piles that say the same: what tells deals apart agrees or is absent."""
    if relation in ONE_ONLY:
        return [list(facts)]
    apart = APART.get(relation, DEAL_APART)
    piles: list[list[tuple[Fact, Attrs]]] = []
    richest = sorted(facts, key=lambda f: -sum(getattr(f[1], k) is not None for k in apart))
    for fact in richest:
        for pile in piles:
            if all(_agree(getattr(fact[1], k), getattr(other[1], k)) for other in pile for k in apart):
                pile.append(fact)
                break
        else:
            piles.append([fact])
    return piles


def _agree(a: Any, b: Any) -> bool:
    if a is None or b is None or a == b:
        return True
    if hasattr(a, "low") and hasattr(b, "low"):
        if a.currency != b.currency:
            return False
        x, y = _figure(a), _figure(b)
        if x is None or y is None:
            return False
        apart = abs(x - y) / max(x, y, 1e-9)
        return apart <= 0.02 or (apart <= 0.05 and (_rounded(x, y) or _rounded(y, x)))
    return False


def _figure(amount: Amount) -> float | None:
    return amount.high if amount.high is not None else amount.low


def _digits(value: float) -> int:
    """Return how many significant digits a number is written with."""
    return len(f"{value:.6e}".partition("e")[0].rstrip("0").replace(".", ""))


def _rounded(exact: float, short: float) -> bool:
    """Return whether `short` is `exact` rounded to its own digits ("$12m" of $11.65 million)."""
    return _digits(exact) > _digits(short) and float(f"{exact:.{_digits(short) - 1}e}") == short


def _finer(a: Amount, b: Amount) -> bool:
    """Return whether `a` says more exactly what `b` says: "at least $2 billion" of "$2B", $11.65 million of $12m."""
    x, y = _figure(a), _figure(b)
    if x is None or y is None or a.currency != b.currency:
        return False
    if x == y:
        return b.qualifier == "exact" and a.qualifier in ("about", "at_least", "up_to")
    return b.low == b.high and _rounded(x, y)


def _statement(subject: str, relation: str, object_: str, pile: Sequence[tuple[Fact, Attrs]]) -> Statement:
    """Return the statement of a pile: the surest fact's qualifiers first, the others fill what it lacks."""
    ordered = sorted(pile, key=lambda f: (-f[0].confidence, f[0].evidence[0].start))
    attrs: dict[str, Any] = {}
    origin: dict[str, Span] = {}
    words: dict[str, str] = {}
    for fact, said in ordered:
        for name in type(said).model_fields:
            value = getattr(said, name)
            finer = isinstance(value, Amount) and name in attrs and _finer(value, attrs[name])
            if value is None or (name in attrs and not finer):
                continue
            if name == "unit" and "value" in attrs and said.value != attrs["value"]:
                continue
            attrs[name] = value
            words.pop(name, None)
            if name in fact.words:
                words[name] = fact.words[name]
            origin.pop(name, None)
            if name in fact.sources:
                origin[name] = fact.evidence[fact.sources[name]]
    evidence = _evidence(f.evidence for f, _ in ordered)
    at = {(e.start, e.end): n for n, e in reversed(list(enumerate(evidence)))}
    return Statement(
        subject=subject,
        relation=relation,
        object=object_,
        attrs=Attrs(**attrs),
        confidence=max(f.confidence for f, _ in ordered),
        evidence=evidence,
        words=words,
        sources={name: at[e.start, e.end] for name, e in origin.items() if (e.start, e.end) in at},
    )


def _named_rounds(statements: Sequence[Statement], text: str) -> Iterator[Statement]:
    """Yield the statements; an investor told right behind a round of the firm is in that round ("Ardenport led.")."""
    told: dict[str, list[tuple[int, Statement]]] = defaultdict(list)
    for s in statements:
        if s.relation == "raised":
            told[s.object] += [(e.end, s) for e in s.evidence if e.role == "claim"]
    for s in statements:
        if s.relation == "invested_in" and not (s.attrs.round or s.attrs.amount):
            start = min(e.start for e in s.evidence if e.role == "claim")
            before = [(end, r) for end, r in told[s.object] if end <= start]
            end, last = max(before, key=lambda b: b[0], default=(0, None))
            near = start - end <= BEHIND and "\n\n" not in text[end:start]
            if last is not None and last.attrs.round and near and s.attrs.date in (None, last.attrs.date):
                s = _with("round", s, last)
        yield s


def _untold(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Yield the statements without the valuations that a financing of the firm already tells."""
    found = list(statements)
    told: dict[str, list[Amount]] = defaultdict(list)
    for s in found:
        if s.relation in ("raised", "invested_in") and s.attrs.valuation:
            told[s.object].append(s.attrs.valuation)
    for s in found:
        of_deal = s.relation == "reports_metric" and s.attrs.metric == "valuation" and s.attrs.amount
        if not (of_deal and any(_agree(s.attrs.amount, v) for v in told[s.object])):
            yield s


def _led_amounts(statements: Sequence[Statement]) -> list[Statement]:
    """Return the statements; a round without a figure has the one that stands with its leader ("$9M, led by X")."""
    led: dict[tuple[str, str | None], list[Statement]] = defaultdict(list)
    for s in statements:
        if s.relation == "invested_in" and s.attrs.lead and s.attrs.amount and s.attrs.round:
            led[s.object, s.attrs.round].append(s)
    return [
        _with("amount", s, led[s.object, s.attrs.round][0])
        if s.relation == "raised" and not s.attrs.amount and len(led.get((s.object, s.attrs.round), ())) == 1
        else s
        for s in statements
    ]


def _own_amounts(statements: Sequence[Statement]) -> Iterator[Statement]:
    """Yield the statements; an investor has the amount of a whole round only if it is its one known investor."""
    rounds = {(s.object, _size(s)) for s in statements if s.relation == "raised" and s.attrs.amount}
    investors: dict[str, set[str]] = defaultdict(set)
    for s in statements:
        if s.relation == "invested_in":
            investors[s.object].add(s.subject)
    for s in statements:
        whole = s.relation == "invested_in" and s.attrs.amount and (s.object, _size(s)) in rounds
        if whole and (len(investors[s.object]) > 1 or s.attrs.lead):
            s = s.model_copy(update={"attrs": s.attrs.model_copy(update={"amount": None})})
        yield s


def _round_dates(statements: Sequence[Statement]) -> Iterator[Statement]:
    """Yield the statements; a financing has the one date that the issue gives its round."""
    dated: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    for s in statements:
        if s.relation in ("raised", "invested_in") and s.attrs.round and s.attrs.date:
            dated[s.object, s.attrs.round].append(s)
    for s in statements:
        rounds = dated.get((s.object, s.attrs.round or ""), [])
        financing = s.relation in ("raised", "invested_in")
        if financing and not s.attrs.date and len({r.attrs.date for r in rounds}) == 1:
            s = _with("date", s, max(rounds, key=lambda r: r.confidence))
        yield s


def _with(name: str, statement: Statement, of: Statement) -> Statement:
    """Return a statement with a qualifier of another one, and the sentence that states it as support."""
    said = of.evidence[of.sources.get(name, 0)]
    places = [(e.start, e.end) for e in statement.evidence]
    evidence, at = statement.evidence, len(places)
    if (said.start, said.end) in places:
        at = places.index((said.start, said.end))
    else:
        evidence = (*evidence, said.model_copy(update={"role": "antecedent"}))
    words = {name: of.words[name]} if name in of.words else {}
    return statement.model_copy(
        update={
            "attrs": statement.attrs.model_copy(update={name: getattr(of.attrs, name)}),
            "evidence": evidence,
            "words": {**statement.words, **words},
            "sources": {**statement.sources, name: at},
        }
    )


def _size(statement: Statement) -> float | None:
    return _figure(statement.attrs.amount) if statement.attrs.amount else None


def _evidence(groups: Iterable[Sequence[Span]]) -> tuple[Span, ...]:
    """Return all spans once, the claiming sentences first, each in the order of the text."""
    best: dict[tuple[int, int], Span] = {}
    for span in (s for g in groups for s in g):
        key = (span.start, span.end)
        if key not in best or span.role == "claim":
            best[key] = span
    return tuple(sorted(best.values(), key=lambda s: (s.role != "claim", s.start)))
