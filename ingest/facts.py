"""Facts: what one unit says, from the network's pairs and the qualifiers around them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc
from spacy.vocab import Vocab

from ingest.consistency import even
from ingest.features import RELATIONS, SYMMETRIC, UNARY
from ingest.features import Span as FeatureSpan
from ingest.language import layout
from ingest.makers import Known, Makers
from ingest.negation import denied
from ingest.network import Network, Pair, Tagged, confidence
from ingest.qualifiers import Claim, Part, View, link
from ingest.types import FEW, THINGS, Settler
from ingest.units import Unit, units
from ingest.variants import is_tier, trimmed, word_list
from ingest.vetoes import Vetoes, named
from ingest.wordings import Wordings
from kg.markup import plain
from kg.model import Role, Span
from kg.names import group, normal
from kg.reference import Reference
from kg.schema import Schema

WORDING = 0.35  # what a wording takes off the doubt about a pair
PLAIN = 0.85  # the score from which the words say who buys from whom
UNSAID = 0.12  # the least probability of a stake whose firm the sentence leaves out
INTRODUCED = 3  # words behind a colon that introduce a firm
PAID, LINKED = 0.15, 0.3  # the least chance of an investment, or of its sum's link, where a sum is paid for a stake
APART = frozenset({"sued", "acquired"})  # relations that do not hold between the names of one list
MAYBE, ACTS = 0.2, 0.6  # the least chance of a firm, and of a fact that only firms have, for a thing's name to be one
ACTING = ("raised", "invested_in", "acquired", "owns_stake", "founded")
RAISING = ("raised",)
NAMED, WHOLE = 0.6, 0.9  # how sure the tagger must be somewhere of a name that nothing else knows, or of its bounds
SURE = 0.9  # the confidence of a fact by which a name is kept that the tagger is less sure of
PROPOSED = 0.6  # confidence of a fact that rests on a wording alone

_SUM = re.compile(r"\d+(?:mn?|bn?|k)")  # "21m oxbow ai"

_USERS = frozenset({"users", "user", "subscribers", "customers", "plan", "plans", "tier", "accounts"})
Place = tuple[int, int]


@dataclass(frozen=True)
class Mention:
    """A name at its place: offsets in the text, what a person sees there, and its type (or handle)."""

    start: int
    end: int
    text: str
    type: str


@dataclass(frozen=True)
class Fact:
    """What a unit says of two mentions, with its qualifiers and the spans it rests on."""

    subject: Mention
    relation: str
    object: Mention
    attrs: dict[str, Any] = field(hash=False)
    confidence: float = 1.0
    evidence: tuple[Span, ...] = ()
    words: dict[str, str] = field(default_factory=dict, hash=False)
    sources: dict[str, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Named:
    """A mention in the unit that holds it."""

    mention: Mention
    unit: Unit

    def sentence(self, doc: Doc) -> Span:
        """Return the sentence, heading or label that holds it, as support."""
        words, at = self.unit.words, self.mention.start
        part = next(p for p in self.unit.parts if words[p.first].start <= at < words[p.last - 1].end)
        return _span(doc, self.unit, part, "antecedent" if part.role == "claim" else part.role)  # type: ignore[arg-type]


@dataclass
class Findings:
    """All mentions and facts of a Doc; `context` mentions were seen in a heading or earlier sentence again."""

    mentions: list[Mention] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)


@dataclass
class Phrased:
    """The relations that wordings state and veto, by the places of subject and object."""

    said: dict[tuple[Place, Place], set[str]] = field(default_factory=lambda: defaultdict(set))
    vetoed: dict[tuple[Place, Place], set[str]] = field(default_factory=lambda: defaultdict(set))


class FactFinder:
    """Finds the mentions and facts of Docs with one network, one schema and what is known of names."""

    def __init__(self, network: Network, schema: Schema, reference: Reference, vocab: Vocab) -> None:
        self.network = network
        self.keep = {r: t["keep"] for r, t in network.about["thresholds"].items()}
        self.curves: dict[str, list[float]] = network.about.get("calibration", {})
        self.settler = Settler(reference, network.names)
        self.makers = Makers(reference)
        self.wordings = Wordings(schema, vocab)
        self.unknown = [r for r in schema.relations if r not in self.keep]

    def find(self, doc: Doc, published: str | None) -> Findings:
        """Return what the network, the wordings and the rules find in a Doc."""
        out = Findings()
        made = list(units(doc))
        tagged = list(self.network.tag([[w.text for w in u.words] for u in made]))
        drawn = [list(seen.mentions) for seen in tagged]
        for unit, seen in zip(made, tagged, strict=True):
            seen.mentions = [m for span in seen.mentions for m in (tight(unit, s) for s in split(unit, span)) if m]
        even(made, tagged)
        shown = [[_mention(doc, unit, *m) for m in seen.mentions] for unit, seen in zip(made, tagged, strict=True)]
        chances = self.network.spans.chances
        types = self.settler.settle(
            (m.text, m.type, chances(seen.labels, *span[:2]))
            for seen, ms in zip(tagged, shown, strict=True)
            for span, m in zip(seen.mentions, ms, strict=True)
            if m is not None
        )
        types.update(self._acting(made, tagged, shown, types))
        doubtful = self._doubtful(made, tagged, drawn, shown, types)
        for seen, ms in zip(tagged, shown, strict=True):
            for k, m in enumerate(ms):
                if m is not None:
                    kind = types[normal(trimmed(m.text))]
                    seen.mentions[k] = (*seen.mentions[k][:2], kind)
                    ms[k] = replace(m, type=kind)
        phrased = self._phrased(doc, made, tagged, shown)
        owners = self._owners(made, shown)
        for unit, seen, ms in zip(made, tagged, shown, strict=True):
            out.mentions += [m for span, m in zip(seen.mentions, ms, strict=True) if m and span[0] >= unit.fresh]
            out.facts += self._facts(doc, unit, seen, ms, phrased, owners, published)
        return _without(out, doubtful)

    def _doubtful(
        self,
        made: list[Unit],
        tagged: list[Tagged],
        drawn: list[list[FeatureSpan]],
        shown: list[list[Mention | None]],
        types: dict[str, str],
    ) -> set[str]:
        """Return the names that nothing but the tagger knows, and that it is nowhere sure of.

        `drawn` are its own spans: what rules cut or added at their ends makes a name no less sure.
        """
        spans, sure = self.network.spans, set()
        for unit, seen, own, ms in zip(made, tagged, drawn, shown, strict=True):
            for (first, last, _), m in zip(seen.mentions, ms, strict=True):
                if m is None or first < unit.fresh:
                    continue
                key = normal(trimmed(m.text))
                first, last = next(((a, b) for a, b, _ in own if a <= last and first <= b), (first, last))
                whole = spans.whole(seen.labels, first, last)
                chances = spans.chances(seen.labels, first, last)
                typed = sum(p for kind, p in chances.items() if group(kind) == group(types[key]))
                if whole >= WHOLE or whole * typed >= NAMED:
                    sure.add(key)
        known = {
            k
            for k in types
            if types[k] == "handle"
            or any(f in self.settler.learned or self.settler.entries(f) for f in (k, k.removeprefix("the")))
        }
        return types.keys() - sure - known

    def _owners(self, made: list[Unit], shown: list[list[Mention | None]]) -> dict[str, list[Named]]:
        """Return where firms that the reference data know are named, by their ids."""
        out: dict[str, list[Named]] = defaultdict(list)
        for unit, ms in zip(made, shown, strict=True):
            for m in ms:
                known = self._firm(m) if m else None
                if m and known is not None:
                    out[known].append(Named(m, unit))
        return out

    def _firm(self, mention: Mention) -> str | None:
        """Return the id of a firm that the reference data know."""
        form = normal(trimmed(mention.text))
        return self.settler.reference.canonical("org", form) if group(mention.type) == "org" else None

    def _acting(
        self, made: list[Unit], tagged: list[Tagged], shown: list[list[Mention | None]], types: dict[str, str]
    ) -> dict[str, str]:
        """Return "company" for names taken for things by an issue's votes, or for handles, that act as firms in it."""
        out = {}
        counts = Counter(normal(trimmed(m.text)) for ms in shown for m in ms if m)
        deeds = {key: self._deeds(key, kind, counts[key]) for key, kind in types.items()}
        for unit, seen, ms in zip(made, tagged, shown, strict=True):
            keys = [normal(trimmed(m.text)) if m else "" for m in ms]
            doubtful = {
                k
                for k, (key, span) in enumerate(zip(keys, seen.mentions, strict=True))
                if deeds.get(key) and (types[key] == "handle" or _firm_chance(self.network, seen, span) >= MAYBE)
            }
            if not doubtful:
                continue
            kinds = [
                (*span[:2], "company" if k in doubtful else types.get(key, span[2]))
                for k, (key, span) in enumerate(zip(keys, seen.mentions, strict=True))
            ]
            doubtful -= {k for k in doubtful if types[keys[k]] == "handle" and _for_a_firm(unit, kinds, k)}
            for pair in self.network.relate(replace(seen, mentions=kinds)):
                for k in {pair.subject, pair.object} & doubtful:
                    if any(pair.scores.get(r, 0.0) >= ACTS for r in deeds[keys[k]]):
                        out[keys[k]] = "company"
        return out

    def _deeds(self, key: str, kind: str, count: int) -> tuple[str, ...]:
        """Return the relations that show a name of an issue to be a firm, though its votes say something else.

        Things raise money, are bought or sold in parts, are founded; not those that the reference data know, but for
        products whose maker they do not know, which may have the name of their firm: these raise money ("n8n"). So does
        a handle that is no known person's. Models and benchmarks that are named often are none.
        """
        if kind == "handle":
            known = {e.kind for e in self.settler.reference.find(key)}
            return () if "person" in known else RAISING
        if kind not in THINGS or (kind != "product" and count > FEW):
            return ()
        entries = self.settler.entries(key)
        if not entries:
            return ACTING
        things = all(e.kind in THINGS for e in entries)
        unmade = any(e.kind == "product" and e.maker is None for e in entries)
        return ACTING if not things else RAISING if unmade else ()

    def _phrased(self, doc: Doc, made: list[Unit], tagged: list[Tagged], shown: list[list[Mention | None]]) -> Phrased:
        """Return which relations the wordings find, and which they veto, by the places of two mentions."""
        places: dict[tuple[int, int], tuple[int, int, str]] = {}
        for unit, seen, ms in zip(made, tagged, shown, strict=True):
            for (first, last, kind), m in zip(seen.mentions, ms, strict=True):
                if m is not None and first >= unit.fresh:
                    places[m.start, m.end] = (unit.tokens[first], unit.tokens[last] + 1, kind)
        keys = sorted(places)
        spans = [places[k] for k in keys]
        out = Phrased()
        for match in self.wordings.matches(doc, spans):
            out.said[keys[match.subject], keys[match.object]].add(match.relation)
        for match in self.wordings.vetoes(doc, spans):
            out.vetoed[keys[match.subject], keys[match.object]].add(match.relation)
        return out

    def _facts(
        self,
        doc: Doc,
        unit: Unit,
        seen: Tagged,
        mentions: list[Mention | None],
        phrased: Phrased,
        owners: Mapping[str, list[Named]],
        published: str | None,
    ) -> Iterator[Fact]:
        pairs = self.network.relate(seen)
        claims = list(self._claims(pairs, unit, seen, mentions, phrased))
        clouds = self._clouds(mentions, seen, owners)
        claims += self._suppliers(unit, seen, mentions, clouds)
        holders = _holders(unit, seen) - {c.subject for c in claims if c.relation == "owns_stake"}
        claims += _elliptical_stakes(pairs, holders, mentions)
        claims = [c for c in claims if not _only_tells(unit, seen, c, claims)]
        if not claims:
            return
        links = self.network.links(seen)
        claims += _paid_stakes(unit, seen, pairs, claims, links)
        view = View(unit.words, unit.parts, seen.mentions, seen.marks, published, links)
        firms = [self._firm(m) if m else None for m in mentions]
        vetoed = Vetoes(view, *(named(firms, word_list(name)) for name in ("press", "rater")))
        for claim in link(view, [c for c in claims if not denied(view, c) and not vetoed(c)]):
            subject, object_ = mentions[claim.subject], mentions[claim.object]
            elsewhere = clouds[claim.object] if claim.object == claim.spoken else None
            if elsewhere:
                object_ = elsewhere.mention
            assert subject is not None
            assert object_ is not None
            if claim.relation == "reports_metric" and "metric" not in claim.attrs:
                continue
            if seen.mentions[claim.object][0] < unit.fresh and not _news(unit, claim):
                continue
            evidence, order = _evidence(doc, unit, view, claim)
            if elsewhere:
                evidence = (*evidence, elsewhere.sentence(doc))
            sources = {name: order[part] for name, part in claim.parts.items() if part in order}
            yield Fact(subject, claim.relation, object_, claim.attrs, claim.confidence, evidence, claim.words, sources)

    def _clouds(
        self, mentions: list[Mention | None], seen: Tagged, owners: Mapping[str, list[Named]]
    ) -> dict[int, Named]:
        """Return where the firms of products that stand for them ("Azure") are named next, by the products' numbers."""
        out = {}
        for k, (m, span) in enumerate(zip(mentions, seen.mentions, strict=True)):
            entries = self.settler.reference.find(m.text, "product") if m and span[2] == "product" else []
            parent = entries[0].parent if entries else None
            if m and parent and parent in owners:
                out[k] = min(owners[parent], key=lambda n: abs(n.mention.start - m.start))
        return out

    def _suppliers(
        self, unit: Unit, seen: Tagged, mentions: list[Mention | None], clouds: Mapping[int, Named]
    ) -> Iterator[Claim]:
        """Yield commitments to a cloud that stands for its firm ("spends on Azure"), if the issue names the firm.

        Its object is the firm where the unit names it, or else the cloud itself.
        """
        if not clouds:
            return
        firms: dict[int, int] = {}
        for k, owner in clouds.items():
            same = [n for n, m in enumerate(mentions) if m and self._firm(m) == self._firm(owner.mention)]
            firms[k] = same[-1] if same else k
        kinds = [(a, b, "company" if k in firms else kind) for k, (a, b, kind) in enumerate(seen.mentions)]
        for pair in self.network.relate(replace(seen, mentions=kinds)):
            score = pair.scores.get("commits_spend", 0.0)
            if pair.object in firms and pair.subject not in firms and score >= self.keep["commits_spend"]:
                firm, subject = firms[pair.object], mentions[pair.subject]
                fresh = max(seen.mentions[pair.subject][0], seen.mentions[pair.object][0]) >= unit.fresh
                if fresh and subject is not None and not self._one_house(subject, clouds[pair.object].mention):
                    yield Claim(pair.subject, "commits_spend", firm, score, pair.status, spoken=pair.object)

    def _one_house(self, one: Mention, other: Mention) -> bool:
        """Return whether two firms are known to be one or under one parent (GitHub and Microsoft)."""
        ids = [self._firm(m) for m in (one, other)]
        return None not in ids and len({self.settler.reference.root(id) for id in ids if id}) == 1

    def _claims(
        self, pairs: list[Pair], unit: Unit, seen: Tagged, mentions: list[Mention | None], phrased: Phrased
    ) -> Iterator[Claim]:
        """Yield the related pairs above the threshold; of a symmetric relation one direction."""
        done: set[tuple[Any, ...]] = set()
        for pair in pairs:
            subject, object_ = mentions[pair.subject], mentions[pair.object]
            if subject is None or object_ is None:
                continue
            known = max(seen.mentions[pair.subject][0], seen.mentions[pair.object][0]) < unit.fresh
            if known and pair.subject != pair.object:
                continue  # said by context alone: read where it stands
            ends = ((subject.start, subject.end), (object_.start, object_.end))
            for relation, score in pair.scores.items():
                if (relation in UNARY) != (pair.subject == pair.object) or relation in phrased.vetoed.get(ends, ()):
                    continue
                if relation in phrased.said.get(ends, ()):
                    score = 1 - (1 - score) * (1 - WORDING)
                if relation == "developed" and not self._with_maker(unit, seen, mentions, pair):
                    score = self.makers.weighed(trimmed(subject.text), object_.text, object_.type, score)
                if score < self.keep[relation] or (relation in APART and _listed(unit, seen, pair)):
                    continue
                first, second = pair.subject, pair.object
                if relation == "invested_in" and self._supplies(object_, subject) and not _of_equity(unit, seen, pair):
                    relation = "commits_spend"  # "its $300B commitment to Oracle"
                elif relation == "commits_spend" and score < PLAIN and self._supplies(subject, object_):
                    first, second = second, first
                key = (relation, *(sorted((first, second)) if relation in SYMMETRIC else (first, second)))
                if key not in done:
                    done.add(key)
                    sure = confidence(score, self.curves.get(relation, (1.0, 0.0)))
                    yield Claim(first, relation, second, sure, pair.status, pair.lead, pair.former)
        yield from self._proposed(unit, seen, mentions, phrased)

    def _with_maker(self, unit: Unit, seen: Tagged, mentions: list[Mention | None], pair: Pair) -> bool:
        """Return whether a subject is told in one breath with the known maker of the object ("NVIDIA and Mistral")."""
        thing = mentions[pair.object]
        a, b = seen.mentions[pair.subject][:2]
        for m, (first, last, _) in zip(mentions, seen.mentions, strict=True):
            between = unit.words[last + 1 : a] if last < a else unit.words[b + 1 : first]
            joined = len(between) == 1 and between[0].text.casefold() in ("and", "&", "x", "×", "+")
            if m and thing and joined and self.makers.known(trimmed(m.text), thing.text, thing.type) is Known.SAME:
                return True
        return False

    def _supplies(self, one: Mention, other: Mention) -> bool:
        """Return whether one of two firms is known to sell compute and the other as a lab that buys it."""
        ids = [self.settler.reference.canonical("org", normal(trimmed(m.text))) for m in (one, other)]
        return ids[0] in word_list("supplier") and ids[1] in word_list("lab")

    def _proposed(self, unit: Unit, seen: Tagged, mentions: list[Mention | None], phrased: Phrased) -> Iterator[Claim]:
        """Yield what the wordings say of relations that the network does not know."""
        if not self.unknown:
            return
        here = {(m.start, m.end): k for k, m in enumerate(mentions) if m and seen.mentions[k][0] >= unit.fresh}
        for (s, o), relations in phrased.said.items():
            for relation in sorted(relations & set(self.unknown)):
                if s in here and o in here and relation not in phrased.vetoed.get((s, o), ()):
                    yield Claim(here[s], relation, here[o], PROPOSED)


def _without(found: Findings, doubtful: set[str]) -> Findings:
    """Return the findings without doubtful names, but those of which something sure is said.

    Of a name that is kept for it, only what is sure is kept.
    """
    ends = [{normal(trimmed(m.text)) for m in (f.subject, f.object)} for f in found.facts]
    facts = [f for f, keys in zip(found.facts, ends, strict=True) if f.confidence >= SURE or not keys & doubtful]
    kept = {normal(trimmed(m.text)) for f in facts for m in (f.subject, f.object)}
    gone = doubtful - kept
    return Findings([m for m in found.mentions if normal(trimmed(m.text)) not in gone], facts)


def _firm_chance(network: Network, seen: Tagged, span: FeatureSpan) -> float:
    """Return how likely a span is a firm's name there, by the tagger alone."""
    chances = network.spans.chances(seen.labels, span[0], span[1])
    return sum(p for kind, p in chances.items() if kind in ("company", "organization"))


def _of_equity(unit: Unit, seen: Tagged, pair: Pair) -> bool:
    """Return whether a sentence that names one of a pair speaks of shares, stakes or investments."""
    at = {seen.mentions[k][0] for k in (pair.subject, pair.object)}
    parts = [p for p in unit.parts if any(p.first <= a < p.last for a in at)]
    return any(w.text.casefold() in word_list("equity") for p in parts for w in unit.words[p.first : p.last])


def _listed(unit: Unit, seen: Tagged, pair: Pair) -> bool:
    """Return whether two names stand in one list of three or more ("Sony, UMG, and Warner sued Suno")."""
    names = sorted(seen.mentions)
    chain = [names[0]]
    for before, after in pairwise(names):
        words = {unit.words[k].text.casefold() for k in range(before[1] + 1, after[0])}
        chain = [*chain, after] if words and words <= {",", "and", "&"} else [after]
        if len(chain) > 2 and {seen.mentions[pair.subject], seen.mentions[pair.object]} <= set(chain):
            return True
    return False


def _for_a_firm(unit: Unit, mentions: list[FeatureSpan], handle: int) -> bool:
    """Return whether who posts under a handle raises money for a firm ("@mara raised $6M for Acme", "for her lab")."""
    last = mentions[handle][1]
    part = next(p for p in unit.parts if p.first <= last < p.last)
    behind = [w.text.casefold() for w in unit.words[last + 1 : part.last]]
    firms = {a - 1 for k, (a, _, kind) in enumerate(mentions) if k != handle and kind == "company"}
    led = any(word == "for" and last + 1 + n in firms for n, word in enumerate(behind))
    return led or bool({"his", "her"} & set(behind))


def _only_tells(unit: Unit, seen: Tagged, claim: Claim, claims: list[Claim]) -> bool:
    """Return whether a firm before a colon only tells of another's round ("The Wire: AI lab Acme is raising $2B")."""
    last = seen.mentions[claim.subject][1]
    if claim.relation != "raised" or last + 1 >= len(unit.words) or unit.words[last + 1].text != ":":
        return False
    behind = min((m[0] for m in seen.mentions if m[0] > last), default=0)
    if behind > last + 2 + INTRODUCED:
        return False
    return any(c.relation == "raised" and seen.mentions[c.subject][0] == behind for c in claims)


def _news(unit: Unit, claim: Claim) -> bool:
    """Return whether a claim of context names says something new: a figure of the sentences read here."""
    figures = (claim.parts[k] for k in ("amount", "value") if k in claim.parts)
    return claim.subject != claim.object or any(unit.parts[p].first >= unit.fresh for p in figures)


def _holders(unit: Unit, seen: Tagged) -> set[int]:
    """Return the mentions that a share follows at once in a sentence about stakes: "Marlin now holds ~27%"."""
    out = set()
    for part in unit.parts:
        words = [w.text.casefold() for w in unit.words[part.first : part.last]]
        if part.role != "claim" or not word_list("stake") & set(words):
            continue
        for k, (_, last, kind) in enumerate(seen.mentions):
            after = words[last + 1 - part.first : last + 6 - part.first] if part.first <= last < part.last else []
            number = next((n for n, w in enumerate(after) if w[0].isdigit()), None)
            if number is None or kind not in ("company", "organization", "person"):
                continue
            share = after[number + 1 : number + 4]
            between = after[:number]
            if ("%" in share[:1] or "percent" in share[:1] or "%" in share) and not set(between) - word_list("holds"):
                out.add(k)
    return out


def _elliptical_stakes(pairs: list[Pair], holders: set[int], mentions: list[Mention | None]) -> Iterator[Claim]:
    """Yield a stake for each holder without one: in the firm that the network finds likeliest, no holder itself."""
    for holder in sorted(holders):
        fits = [
            p
            for p in pairs
            if p.subject == holder and p.object not in holders and mentions[p.object] and mentions[holder]
        ]
        best = max(fits, key=lambda p: p.scores.get("owns_stake", 0.0), default=None)
        if best is not None and best.scores.get("owns_stake", 0.0) >= UNSAID:
            yield Claim(holder, "owns_stake", best.object, PROPOSED, best.status)


def _paid_stakes(
    unit: Unit, seen: Tagged, pairs: list[Pair], claims: list[Claim], links: npt.NDArray[np.float32]
) -> Iterator[Claim]:
    """Yield the investment by which a stake is got, where its sum is told with it ("paid $2B for 49% of Acme").

    The network finds it likely, or links the sum to an investment; a sum's links are (marks, mentions, relations). Of
    several stakes of a holder each sum pays for the one that it is linked to most.
    """
    found = {(p.subject, p.object): p for p in pairs}
    invested = {(c.subject, c.object) for c in claims if c.relation == "invested_in"}
    invests, owns = (RELATIONS.index(r) for r in ("invested_in", "owns_stake"))
    stakes: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.relation == "owns_stake" and (claim.subject, claim.object) in found:
            stakes[claim.subject].append(claim)
    for holder, held in stakes.items():
        part = next(p for p in unit.parts if p.first <= seen.mentions[holder][0] < p.last)
        if not word_list("pays") & {w.text.casefold() for w in unit.words[part.first : part.last]}:
            continue
        for n, (first, _, kind) in enumerate(seen.marks):
            if kind != "amount" or not part.first <= first < part.last:
                continue
            claim = max(held, key=lambda c: max(links[n, c.object, invests], links[n, c.object, owns]))
            pair = found[claim.subject, claim.object]
            likely = pair.scores.get("invested_in", 0.0) >= PAID or links[n, holder, invests] >= LINKED
            if likely and (claim.subject, claim.object) not in invested:
                invested.add((claim.subject, claim.object))
                yield Claim(holder, "invested_in", claim.object, PROPOSED, pair.status, pair.lead)


def split(unit: Unit, span: FeatureSpan) -> list[FeatureSpan]:
    """Return a span, or its pieces where it runs over the end of a sentence ("Scale AI. Meta")."""
    first, last, kind = span
    ends = [p.last for p in unit.parts if first < p.last <= last]
    return [(a, b - 1, kind) for a, b in pairwise([first, *ends, last + 1])]


def tight(unit: Unit, span: FeatureSpan) -> FeatureSpan | None:
    """Return a span without the small words at its ends ("Comet for") or a sum in front, None if nothing is left."""
    first, last, kind = span
    if kind != "handle" and _said(unit, first, last) in word_list("no_name"):
        return None
    while first <= last and unit.words[last].text in word_list("small"):
        last -= 1
    while first <= last and unit.words[first].text in word_list("small"):
        first += 1
    if first <= last and _SUM.fullmatch(unit.words[first].text):
        first += 1
    while first < last and _behind(unit, first, last, kind):
        last -= 1
    users = [w.text.casefold() for w in unit.words[last + 1 : last + 2]]
    for_tier = last - first > 1 and unit.words[last - 1].text == "for" and is_tier(unit.words[last].text)
    if for_tier and set(users) <= _USERS and users:
        last -= 2  # "Acme Loom for Pro" users
    if first == last and _initial(unit, first) and _initial(unit, first + 2):
        return None  # the U of "U.S. Something"
    if first > last or (kind != "handle" and _said(unit, first, last) in word_list("no_name")):
        return None
    if (
        _said(unit, first, last) == "fortune"
        and unit.words[last + 1 : last + 2]
        and unit.words[last + 1].text.isdigit()
    ):
        return None  # the Fortune 500
    if kind in ("company", "organization"):
        if _initial(unit, first - 2) and _initial(unit, first - 4):
            first -= 4
        return (*_whole(unit, first, last), kind)
    return (first, last, kind)


def _behind(unit: Unit, first: int, last: int, kind: str) -> bool:
    """Return whether the last word of a span is no part of its name ("Acme data", "Acme piggy")."""
    word = unit.words[last].text
    if kind == "handle" or unit.words[last - 1].end == unit.words[last].start:
        return False
    if word in word_list("behind"):
        return True
    firm = kind in ("company", "organization") and any(c.isupper() for c in unit.words[first].text)
    own = word_list("lower") | word_list("firm") | word_list("division")
    return firm and word.isalpha() and word.islower() and word not in own


def _whole(unit: Unit, first: int, last: int) -> tuple[int, int]:
    """Return a firm's words with the article or the 's that belong to its name ("The Information", "Moody's")."""
    texts = [w.text for w in unit.words]
    name = _said(unit, first, last)
    if first and texts[first - 1].casefold() == "the" and name in word_list("article"):
        first -= 1
    if texts[last + 1 : last + 3] in (["'", "s"], ["’", "s"]) and name in word_list("genitive"):
        last += 2
    return first, last


def _said(unit: Unit, first: int, last: int) -> str:
    """Return the words of a span in one case, glued as in the text."""
    out = ""
    for before, word in pairwise([None, *unit.words[first : last + 1]]):
        assert word is not None
        out += ("" if before is None or before.end == word.start else " ") + word.text
    return out.casefold()


def _initial(unit: Unit, at: int) -> bool:
    """Return whether a word is a capital with its full stop: the U and the S of "U.S."."""
    if at < 0 or at + 1 >= len(unit.words):
        return False
    letter, stop = unit.words[at], unit.words[at + 1]
    return len(letter.text) == 1 and letter.text.isupper() and stop.text == "." and letter.end == stop.start


def _mention(doc: Doc, unit: Unit, first: int, last: int, kind: str) -> Mention | None:
    if any(unit.tokens[k] < 0 for k in range(first, last + 1)):
        return None
    start, end = unit.words[first].start, unit.words[last].end
    if end <= start:
        return None
    shown = plain(layout(doc).text, start, end, html=layout(doc).html)
    return Mention(start, end, shown, kind) if any(c.isalnum() for c in shown) else None


def _evidence(doc: Doc, unit: Unit, view: View, claim: Claim) -> tuple[tuple[Span, ...], dict[int, int]]:
    """Return the claiming sentence, then its support, and the place of each part among them."""
    parts = {view.part(claim.subject), view.part(claim.object), *claim.parts.values()}
    stating = {p for p in (view.part(claim.subject), view.part(claim.object)) if unit.parts[p].role == "claim"}
    figure = next((claim.parts[k] for k in ("amount", "value") if k in claim.parts), None)
    if claim.relation in UNARY and figure is not None and unit.parts[figure].role == "claim":
        stating = {figure}
    main = max(stating) if stating else max(parts)
    ends = {view.part(claim.subject), view.part(claim.object)} - {main}
    ordered = [main, *sorted(ends), *sorted(parts - ends - {main})][:4]
    spans = []
    for p in ordered:
        part = unit.parts[p]
        role: Role = "claim" if p == main else "antecedent" if part.role == "claim" else part.role  # type: ignore[assignment]
        spans.append(_span(doc, unit, part, role))
    return tuple(spans), {p: n for n, p in enumerate(ordered)}


def _span(doc: Doc, unit: Unit, part: Part, role: Role) -> Span:
    """Return a part of a unit as evidence."""
    start, end = _with_marks(doc, unit.words[part.first].start, unit.words[part.last - 1].end)
    return Span(role=role, text=layout(doc).text[start:end], start=start, end=end)


def _with_marks(doc: Doc, start: int, end: int) -> Place:
    """Return a stretch with the marks that touch it, so that "**Acme** said" and "[Acme](…" are whole in the text."""
    known = layout(doc)
    if known.html:
        return start, end
    while start > 0 and known.text[start - 1] in "*_`~[":
        start -= 1
    while end < len(known.text) and known.text[end] in "*_`~]":
        end += 1
    return start, end
