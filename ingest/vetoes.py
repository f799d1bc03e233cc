"""Vetoes: what the words around two names say against a fact that the network finds between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from functools import cached_property
from itertools import pairwise

from ingest.status import DEALS
from ingest.variants import word_list
from ingest.view import Claim, View

CERTAIN = 0.7  # the confidence from which the network's word stands, whatever the rules say
TITLE = 6  # words in front of a person that may be a title
SAID = 3  # words behind a firm that hold its verb
_FIRMS = ("company", "organization")
_OF_POST = frozenset({
    ",", "(", "of", "at", "for", "the", "a", "an", "and", "&", "-", "co", "former", "ex", "'", "s", "vice", "senior",
    "chief",
})  # fmt: skip
_AT = frozenset({"of", "at"})
_JOINS = frozenset({"and", "&", ",", "plus"})
_SIGNS = frozenset({",", ";", ":", ".", "(", ")", "|", "—", "–", "/", "“", "”", '"'})
OWN = DEALS | {"developed", "subsidiary_of"}


class Vetoes:
    """Rules claims out by the words of their unit.

    `press` and `raters` are the mentions of firms that report on others, and of those that measure others' models.
    """

    def __init__(self, view: View, press: Set[int] = frozenset(), raters: Set[int] = frozenset()) -> None:
        self.view = view
        self.press = press
        self.raters = raters
        self.words = [w.text.casefold().replace("’", "'") for w in view.words]
        self.at = {m[0]: k for k, m in enumerate(view.mentions)}
        self.inside = {n: k for k, m in enumerate(view.mentions) for n in range(m[0], m[1] + 1)}

    def __call__(self, claim: Claim) -> bool:
        """Return whether a claim that the network is not certain of cannot be what the words say."""
        if claim.confidence >= CERTAIN:
            return False
        if claim.relation in ("founded", "works_at"):
            other = self._others_post(claim) or self._anothers(claim)
            return other or (
                claim.relation == "founded" and (self._other_title(claim) or self._founder_elsewhere(claim))
            )
        if claim.relation == "subsidiary_of" and self.is_parent(claim.subject):
            return True
        if claim.relation == "developed" and (self._rated(claim) or self._of_another(claim)):
            return True
        return claim.relation in OWN and any(self._reports(k, claim) for k in claim.ends)

    def is_parent(self, firm: int) -> bool:
        """Return whether a firm is called a parent: "its parent company High-Flyer"."""
        front = self._front(firm, 2)
        return front[-1:] == ["parent"] or front == ["parent", "company"] or front == ["parent", "firm"]

    def _front(self, mention: int, most: int) -> list[str]:
        """Return the words in front of a mention, in its part, up to a name or a sign."""
        first = self.view.mentions[mention][0]
        start = self.view.parts[self.view.part(mention)].first
        out: list[str] = []
        for k in range(first - 1, max(start, first - most) - 1, -1):
            if k in self.inside or self.words[k] in _SIGNS:
                break
            out.insert(0, self.words[k])
        return out

    def _other_title(self, claim: Claim) -> bool:
        """Return whether a person has a title right in front that is no founder's ("and CTO Mara Quint")."""
        front = self._front(claim.subject, TITLE)
        if self._founding(claim):
            return False  # "Former engineer Mara Quint founded Acme"
        return bool(front) and front[-1] in word_list("post") and not any(_founder(w) for w in front)

    def _founding(self, claim: Claim) -> bool:
        """Return whether the sentence that names a person tells a founding by a verb, or of founders."""
        part = self.view.parts[self.view.part(claim.subject)]
        return bool((word_list("founds") | {"founders", "cofounders"}) & set(self.words[part.first : part.last]))

    def _anothers(self, claim: Claim) -> bool:
        """Return whether a person has a firm in apposition, and the firm of the claim is another person's alike."""
        own, wanted = self.apposed.get(claim.subject, set()), self._name(claim.object)
        others = {name for person, names in self.apposed.items() if person != claim.subject for name in names}
        return bool(own) and wanted not in own and wanted in others

    def _founder_elsewhere(self, claim: Claim) -> bool:
        """Return whether a person is called another firm's founder right in front ("Acme co-founder Mara Quint")."""
        front = self._front(claim.subject, TITLE)
        if not any(map(_founder, front)) or {"and", "&"} & set(front) or self._founding(claim):
            return False
        at = self.view.mentions[claim.subject][0] - len(front) - 1
        firms = set()
        while (firm := self.inside.get(at)) is not None and self.view.mentions[firm][2] in _FIRMS:
            firms.add(self._name(firm))
            at = self.view.mentions[firm][0] - 1
            while at >= 0 and self.words[at] in _JOINS:
                at -= 1  # "Tesla and SpaceX founder"
        return bool(firms) and self._name(claim.object) not in firms

    @cached_property
    def apposed(self) -> dict[int, set[str]]:
        """Return the firms in apposition to each person: "Mara Quint (Acme)", "Mara Quint, CEO of Acme" and turned."""
        out: dict[int, set[str]] = defaultdict(set)
        roles = {k for first, last in self.view.roles() for k in range(first, last + 1)}
        order = sorted(range(len(self.view.mentions)), key=lambda k: self.view.mentions[k])
        for one, other in pairwise(order):
            a, b = self.view.mentions[one], self.view.mentions[other]
            between = range(a[1] + 1, b[0])
            said = [self.words[k] for k in between]
            if not said or self.view.part(one) != self.view.part(other):
                continue
            past = {"ex", "former"} & {*said, *self.words[max(0, a[0] - 2) : a[0]]}
            if past:
                continue  # "former Acme executive Mara Quint", "Mara Quint (ex-Acme)"
            posts = [k in roles or w in word_list("post") or _founder(w) for k, w in zip(between, said, strict=True)]
            if not all(post or w in _OF_POST for post, w in zip(posts, said, strict=True)):
                continue
            if not any(posts) and not _AT & set(said) and said != ["'", "s"] and said[0] != "(":
                continue  # "Mara Quint, and Acme"
            if a[2] == "person" and b[2] in _FIRMS and (said[0] == "(" or (said[0] == "," and len(said) > 1)):
                out[one].add(self._name(other))
            elif a[2] in _FIRMS and b[2] == "person" and said[0] not in _SIGNS | _JOINS and said[-1] not in _JOINS:
                out[other].add(self._name(one))
        return out

    def _name(self, mention: int) -> str:
        return self.view.text(*self.view.mentions[mention][:2]).casefold()

    def _others_post(self, claim: Claim) -> bool:
        """Return whether the firm is that of the next person: "Mara Quint and Acme CEO Tobias Renner"."""
        last, (first, end, _) = self.view.mentions[claim.subject][1], self.view.mentions[claim.object]
        between = self.words[last + 1 : first]
        if not 0 < len(between) <= 3 or between[0] not in _JOINS or len(set(between) - _JOINS - word_list("past")) > 0:
            return False
        after = end + 1
        for k in range(after, min(after + 5, len(self.words))):
            if k in self.inside:
                named = self.view.mentions[self.inside[k]]
                return named[2] == "person" and self.at.get(k) != claim.subject and self._posts(after, k)
            if self.words[k] in _SIGNS:
                return False
        return False

    def _posts(self, first: int, last: int) -> bool:
        """Return whether some words are a post or a possessive ("CEO", "co-founder and CEO", "'s")."""
        said = self.words[first:last]
        return bool(said) and (said[-1] in word_list("post") or _founder(said[-1]) or said == ["'", "s"])

    def _rated(self, claim: Claim) -> bool:
        """Return whether a firm that measures models is taken for the maker of one."""
        return claim.subject in self.raters and self.view.mentions[claim.object][2] == "model"

    def _of_another(self, claim: Claim) -> bool:
        """Return whether a thing is told to be another firm's: Claude, in "Universal says that Anthropic's Claude"."""
        first = self.view.mentions[claim.object][0]
        owner = self.inside.get(first - 3) if self.words[max(0, first - 2) : first] == ["'", "s"] else None
        if owner is None or self.view.mentions[owner][2] not in ("company", "organization"):
            return False
        names = [self._name(k) for k in (owner, claim.subject)]
        words = [set(name.split()) for name in names]
        if owner == claim.subject or words[0] <= words[1] or words[1] <= words[0]:
            return False
        a, b = sorted((self.view.mentions[owner], self.view.mentions[claim.subject]))
        return not set(self.words[a[1] + 1 : b[0]]) <= _JOINS | {"x", "'", "s"}

    def _reports(self, firm: int, claim: Claim) -> bool:
        """Return whether a firm of the press only tells of the others ("Crunchbase lists Nvidia as a lender")."""
        if firm not in self.press or claim.subject == claim.object:
            return False
        first, last, _ = self.view.mentions[firm]
        front = [w for w in self.words[max(0, first - 3) : first] if w != "the"]
        cited = front[-1:] in (["per"], ["via"], ["told"]) or front[-2:] in (["according", "to"], ["reported", "by"])
        part = self.view.parts[self.view.part(firm)]
        behind = self.words[last + 1 : min(last + 1 + SAID, part.last)]
        if "," in behind:
            behind = behind[: behind.index(",")]
        verb = next((n for n, w in enumerate(behind) if w in word_list("tells")), None)
        told = self.words[last + 2 + verb : last + 5 + verb] if verb is not None else []
        tells = verb is not None and not {"it", "its", "they", "their"} & set(told)
        return cited or tells or (behind[:1] == [":"] and first == part.first)


def _founder(word: str) -> bool:
    return word.startswith(("founder", "co-founder", "cofounder", "founding"))


def named(mentions: Iterable[str | None], ids: Set[str]) -> frozenset[int]:
    """Return the numbers of the mentions whose firm is one of some ids."""
    return frozenset(k for k, id in enumerate(mentions) if id in ids)
