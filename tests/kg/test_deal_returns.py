"""Deals in return: which deals a text ties to another one, and which it merely tells beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kg.deal_story import story
from kg.model import Entity, Extract, Issue, Span, Statement
from kg.reference import Entry, Reference
from tests.kg.graph_parts import SCHEMA, graph, money

REFERENCE = Reference(
    [
        Entry(id="org/orbo", kind="company", name="Orbo"),
        Entry(id="org/orbocloud", kind="company", name="Orbo Cloud", parent="org/orbo"),
    ]
)
PUT = "Orbo puts $5 billion into Quillon, after $2 billion in the past."
RETURN = "In return, Quillon spends $9 billion on Orbo Cloud."
BESIDE = "Quillon also spends $9 billion on Orbo Cloud."
BOTH = "Orbo puts $5 billion into Quillon, attached to $9 billion of Quillon's spending on Orbo Cloud."
OTHER = "In return, Metra spends $9 billion on Orbo Cloud."
INVEST = ("Orbo", "invested_in", "Quillon", {"amount": money(5e9), "status": "announced"})
BEFORE = ("Orbo", "invested_in", "Quillon", {"amount": money(2e9), "status": "completed"})
SPEND = ("Quillon", "commits_spend", "Orbo Cloud", {"amount": money(9e9)})
METRA = ("Metra", "commits_spend", "Orbo Cloud", {"amount": money(9e9)})
PARTNER = ("Quillon", "partnered_with", "Orbo", {})


def tied(path: Path, *told: tuple[str, tuple[Any, ...]], of: int = 0) -> list[tuple[str, str]]:
    """Return (kind, sentence) of what is tied to the deal of the statement `of`."""
    sentences = list(dict.fromkeys(sentence for sentence, _ in told))
    text = " ".join(sentences)
    spans = {s: Span(text=s, start=text.index(s), end=text.index(s) + len(s)) for s in sentences}
    statements = [
        Statement(subject=a, relation=r, object=b, attrs=attrs, evidence=(spans[s],)) for s, (a, r, b, attrs) in told
    ]
    names = sorted({n for s in statements for n in (s.subject, s.object)})
    g = graph(path / "g.db", reference=REFERENCE)
    issue = Issue(key="k", doc_id="k", text=text, published="2026-04-21")
    g.put(
        Extract(
            issue=issue, entities=tuple(Entity(name=n, type="company") for n in names), statements=tuple(statements)
        )
    )
    found = story(g.store, SCHEMA, REFERENCE, statements[of].id("k"))["in_return"]
    return [(f["kind"], f["sentence"]) for f in found]


@pytest.mark.parametrize(
    ("told", "of", "expected"),
    [
        ([(PUT, INVEST), (RETURN, SPEND)], 0, [("supply", RETURN)]),
        ([(PUT, INVEST), (RETURN, SPEND)], 1, [("equity_round", RETURN)]),
        ([(BOTH, INVEST), (BOTH, SPEND)], 0, [("supply", BOTH)]),
        ([(PUT, INVEST), (BESIDE, SPEND)], 0, []),
        ([(PUT, INVEST), (OTHER, METRA)], 0, []),
        ([(PUT, INVEST), ("A word between.", PARTNER), (RETURN, SPEND)], 0, []),
        ([(PUT, INVEST), (PUT, BEFORE), (RETURN, SPEND)], 1, []),
        ([(PUT, INVEST), (PUT, BEFORE), (RETURN, SPEND)], 2, [("equity_round", RETURN)]),
        ([(PUT, INVEST)], 0, []),
    ],
)
def test_deals_of_two_kinds_between_the_same_firms_are_tied_by_words(
    tmp_path: Path, told: list[tuple[str, tuple[Any, ...]]], of: int, expected: list[tuple[str, str]]
) -> None:
    assert tied(tmp_path, *told, of=of) == expected


def test_hostile_names_and_sentences_stay_text(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script> '; DROP TABLE deal; --"
    put, back = f"{evil} puts $5 billion into Quillon.", f"In return, Quillon spends $9 billion on {evil}."
    told = [
        (put, (evil, "invested_in", "Quillon", {"amount": money(5e9)})),
        (back, ("Quillon", "commits_spend", evil, {})),
    ]
    ((kind, sentence),) = tied(tmp_path, *told)
    assert (kind, "DROP TABLE" in sentence) == ("supply", True)


def test_the_story_tells_what_the_parties_hold_of_each_other(tmp_path: Path) -> None:
    told = "Orbo puts $5 billion into Quillon. Orbo holds about 27% of Quillon. Metra holds 3% of Quillon."
    sentences = told.split(". ")
    shares = [("Orbo", 27.0, sentences[1]), ("Metra", 3.0, sentences[2])]
    statements = [
        Statement(subject="Orbo", relation="invested_in", object="Quillon", attrs={"amount": money(5e9)},
                  evidence=(Span(text=sentences[0], start=0, end=len(sentences[0])),)),
        *(Statement(subject=holder, relation="owns_stake", object="Quillon", attrs={"percent": percent},
                    evidence=(Span(text=s, start=told.index(s), end=told.index(s) + len(s)),))
          for holder, percent, s in shares),
    ]  # fmt: skip
    g = graph(tmp_path / "g.db", reference=REFERENCE)
    entities = tuple(Entity(name=n, type="company") for n in ("Orbo", "Quillon", "Metra"))
    issue = Issue(key="k", doc_id="k", text=told, published="2026-04-21")
    g.put(Extract(issue=issue, entities=entities, statements=tuple(statements)))
    (stake,) = story(g.store, SCHEMA, REFERENCE, statements[0].id("k"))["stakes"]
    assert (stake["holder"], stake["of"], stake["percent"], stake["reported"]) == ("Orbo", "Quillon", 27, "2026-04-21")
    assert stake["sentence"] == sentences[1]
