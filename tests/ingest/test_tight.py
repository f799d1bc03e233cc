"""Spans of names made tight: small words, sums and broken initials at their ends."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.facts import _listed, _news, split, tight
from ingest.features import words
from ingest.network import Pair, Tagged
from ingest.qualifiers import Claim, Part
from ingest.quantities import Tok
from ingest.units import Unit


@pytest.mark.parametrize(
    ("text", "tagged", "wanted"),
    [
        ("Comet for Oxbow", "Comet for", "Comet"),
        ("of Oxbow", "of", None),
        ("21m oxbow ai - marlin", "21m oxbow ai", "oxbow ai"),
        ("70m in seed", "70m", None),
        ("led by U.S. Harbor Fund and others", "Harbor Fund", "U.S. Harbor Fund"),
        ("led by U.S. Harbor Fund and others", "U", None),
        ("after plan B. Oxbow grew", "Oxbow", "Oxbow"),
        ("3M bought Oxbow", "3M", "3M"),
        ("The Information asked Oxbow", "Information", "The Information"),
        ("the information of Oxbow", "Oxbow", "Oxbow"),
        ("Moody's rates Oxbow", "Moody", "Moody's"),
        ("Oxbow's rating", "Oxbow", "Oxbow"),
        ("a QLoRA of Oxbow", "QLoRA", None),
        ("Oxbow data says", "Oxbow data", "Oxbow"),
        ("Oxbow & Data says", "Oxbow & Data", "Oxbow & Data"),
        ("the Oxbow piggy bank", "Oxbow piggy", "Oxbow"),
        ("You.com says", "You.com", "You.com"),
        ("its o-series", "o-series", "o-series"),
        ("Oxbow ventures into it", "Oxbow ventures", "Oxbow ventures"),
        ("oxbow labs raised", "oxbow labs", "oxbow labs"),
        ("half the Fortune 500 use Oxbow", "Fortune 500", None),
        ("half the Fortune 500 use Oxbow", "Fortune", None),
        ("Fortune asked Oxbow", "Fortune", "Fortune"),
        ("in Oxbow Loom for Pro users", "Oxbow Loom for Pro", "Oxbow Loom"),
        ("for Pro users", "for Pro", "Pro"),
        ("Oxbow Loom for Enterprise is out", "Oxbow Loom for Enterprise", "Oxbow Loom for Enterprise"),
        ("[View more]", "View more", None),
        ("written in C++ at Oxbow", "C++", None),
    ],
)
def test_a_span_is_made_tight(text: str, tagged: str, wanted: str | None) -> None:
    toks = [Tok(text[a:b], a, b) for a, b in words(text)]
    unit = Unit(toks, list(range(len(toks))), [Part(0, len(toks))])
    start = text.index(tagged)
    inside = [k for k, t in enumerate(toks) if start <= t.start and t.end <= start + len(tagged)]
    found = tight(unit, (inside[0], inside[-1], "company"))
    assert (text[toks[found[0]].start : toks[found[1]].end] if found else None) == wanted


def test_a_span_ends_where_its_sentence_ends() -> None:
    toks = [Tok(w, n * 10, n * 10 + len(w)) for n, w in enumerate(["Scale", "Oxbow", ".", "Marlin", "grew", "."])]
    unit = Unit(toks, list(range(6)), [Part(0, 3), Part(3, 6)])
    assert split(unit, (1, 3, "company")) == [(1, 2, "company"), (3, 3, "company")]
    assert split(unit, (0, 1, "company")) == [(0, 1, "company")]


def test_a_name_of_the_heading_says_something_new_only_with_a_figure_read_here() -> None:
    toks = [Tok(w, n * 10, n * 10 + len(w)) for n, w in enumerate(["Oxbow", "|", "It", "raised", "$5m"])]
    unit = Unit(toks, list(range(5)), [Part(0, 2, "heading"), Part(2, 5)], fresh=2)
    assert _news(unit, Claim(0, "raised", 0, parts={"amount": 1}))
    assert not _news(unit, Claim(0, "raised", 0, parts={"amount": 0}))
    assert not _news(unit, Claim(0, "raised", 0))


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("Oxbow, Marlin, and Quill sued Hexley.", {("Oxbow", "Marlin"), ("Oxbow", "Quill"), ("Marlin", "Quill")}),
        ("Oxbow and Marlin sued Hexley.", set()),
        ("On Monday, Oxbow and Marlin, a rival, sued Hexley.", set()),
        ("Oxbow, maker of Quill, sued Marlin and Hexley.", set()),
    ],
)
def test_the_names_of_one_list_are_told_from_two_that_meet(text: str, listed: set[tuple[str, str]]) -> None:
    toks = [Tok(text[a:b], a, b) for a, b in words(text)]
    unit = Unit(toks, list(range(len(toks))), [Part(0, len(toks))])
    names = [(k, k, "company") for k, t in enumerate(toks) if t.text in ("Oxbow", "Marlin", "Quill", "Hexley")]
    nothing = np.zeros((len(toks), 1), np.float32)
    seen = Tagged(names, [], nothing, nothing, np.zeros((1, len(toks), 1), np.float16))
    pairs = [(i, j) for i in range(len(names)) for j in range(i + 1, len(names))]
    found = {p for p in pairs if _listed(unit, seen, Pair(*p, {}, {}, 0.0, 0.0))}
    assert {(toks[names[i][0]].text, toks[names[j][0]].text) for i, j in found} == listed
