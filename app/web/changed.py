"""Changed: what an import did to the graph, with links that ask about it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from app import bootstrap
from app.changes import Change, Fact, Note
from app.web.network.wish import Wish
from app.web.review import TYPES
from app.web.rows import details, said
from app.web.tags import Html, notice, show, tag

FACTS, NAMES = 15, 40  # of a list; the others are folded away


def change(kept: str | None) -> None:
    """Show what a job changed, as it was kept in the job book."""
    if kept is None:
        return
    made = Change.loaded(kept)
    if not made.entities and not made.facts and not made.gone:
        notice(
            "info", "The graph is as it was", "All that these issues say was there already, or they say nothing new."
        )
        return
    show(tag("p", summary(made), css="kg-answer", role="status"))
    for title, notes in made.news.items():
        lines = [noted(note) for note in notes]
        show(tag("div", f"{title} ({len(notes)})", css="kg-section"), *folded(lines, FACTS, "div"))
    for title, lines in (
        ("New deals", [deal(id, some) for id, some in made.deals(new=True).items()]),
        ("Deals told of again", [deal(id, some) for id, some in made.deals(new=False).items()]),
        ("Other new facts", [line(f) for f in made.facts if not f.deal and f.new]),
        ("Other facts told of again", [line(f) for f in made.facts if not f.deal and not f.new]),
    ):
        if lines:
            show(tag("div", f"{title} ({len(lines)})", css="kg-section"), *folded(lines, FACTS, "div"))
    if made.entities:
        show(tag("div", f"New names ({len(made.entities)})", css="kg-section"))
        for kind, title in TYPES.items():
            some = [
                ask(f"What do you know about {name}?", name, css="kg-chip") for name, k in made.entities if k == kind
            ]
            if some:
                show(tag("div", tag("b", f"{title} "), *folded(some, NAMES, "span"), css="kg-names"))


def summary(made: Change) -> str:
    """Return what changed in a sentence."""
    parts = [
        counted(made.new_deals, "new deal"), counted(made.count(new=True), "other new fact"),
        counted(len(made.entities), "new name"),
        f"{counted(made.grown_deals + made.count(new=False), 'known fact')} told of again"
        if made.grown_deals + made.count(new=False) else "",
        f"{counted(made.gone, 'earlier statement')} no longer count" if made.gone else "",
    ]  # fmt: skip
    return " · ".join(part for part in parts if part)


def counted(n: int, what: str) -> str:
    """Return "1 new deal", "2 new deals", or nothing for none."""
    return f"{n:,} {what}{'s' if n != 1 else ''}" if n else ""


def line(fact: Fact) -> Html:
    """Return a fact in a line: a link that asks about its subject, and what is stated of it."""
    row = {"subject": fact.subject, "relation": fact.relation, "object": fact.object}
    words = ask(f"What do you know about {fact.subject}?", said(row, bootstrap.knowledge()[0]))
    return tag("div", words, tag("span", details(fact.attrs), css="kg-small"), css="kg-change")


def deal(id: str, facts: Sequence[Fact]) -> Html:
    """Return a deal in a line: a link to its story that says all its facts, and what is stated of it."""
    schema = bootstrap.knowledge()[0]
    givers: dict[tuple[str, str], list[str]] = {}
    for fact in facts:
        givers.setdefault((fact.relation, "" if fact.subject == fact.object else fact.object), []).append(fact.subject)
    parts = []
    for (relation, taker), some in givers.items():
        parts.append(said({"subject": ", ".join(some), "relation": relation, "object": taker or some[0]}, schema))
    stated = max((details(fact.attrs) for fact in facts), key=len)
    words = tag("a", "; ".join(parts), href=f"./deal?{urlencode({'deal': id})}", target="_self")
    return tag("div", words, tag("span", stated, css="kg-small"), css="kg-change")


def noted(note: Note) -> Html:
    """Return a line of the digest: a link to its deals on the Deal network page, and the sentences it rests on."""
    wish = Wish(only=tuple(note.deals), chosen=tuple(note.deals[:1]))
    words = tag("a", note.text, href=f"./network?{urlencode(wish.to_query(), doseq=True)}", target="_self")
    sentences = [tag("div", f"“{sentence}”", css="kg-small") for sentence in note.sentences]
    return tag("div", words, *sentences, css="kg-change")


def ask(question: str, words: str, *, css: str = "") -> Html:
    """Return a link to the Ask page with a question."""
    return tag("a", words, href=f"./?q={quote(question[:500])}", target="_self", css=css)


def folded(parts: Sequence[Html], most: int, name: str) -> list[Html]:
    """Return the first parts, and the others folded away."""
    if len(parts) <= most + 3:
        return list(parts)
    return [*parts[:most], tag("details", tag("summary", f"{len(parts) - most} more"), tag(name, *parts[most:]))]
