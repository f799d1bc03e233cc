"""Wordings: phrases with slots, found on names and tokens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from ingest.language import Tokenizer
from ingest.wordings import Wordings
from kg.schema import load
from tests.kg.test_schema import NINETEENTH


@cache
def _nlp() -> Language:
    nlp = spacy.blank("en")
    nlp.tokenizer = Tokenizer(nlp.vocab)
    nlp.add_pipe("newsletter_segmenter")
    return nlp


@cache
def _wordings() -> Wordings:
    return Wordings(load(), _nlp().vocab)


def names(doc: Doc, entities: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """Return the places of the names, longer names first."""
    found: list[tuple[int, int, str]] = []
    for name, kind in sorted(entities.items(), key=lambda item: -len(item[0])):
        for place in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", doc.text):
            span = doc.char_span(*place.span())
            if span is not None and all(span.end <= a or span.start >= b for a, b, _ in found):
                found.append((span.start, span.end, kind))
    return found


def read(text: str, entities: Mapping[str, str], wordings: Wordings | None = None) -> set[tuple[str, str, str]]:
    """Return (subject, relation, object) of what the wordings find."""
    doc = _nlp()(text)
    mentions = names(doc, entities)
    said = [doc[a:b].text for a, b, _ in mentions]
    return {(said[m.subject], m.relation, said[m.object]) for m in (wordings or _wordings()).matches(doc, mentions)}


CO = {"Ardenport": "company", "Tessaline": "company", "Halvic": "company"}
MODELS = {"Lyra 3": "model", "Orrin 4": "model", "PolyReason": "benchmark", "Quillmere": "company"}


@pytest.mark.parametrize(
    ("text", "entities", "facts"),
    [
        ("Ardenport invested in Tessaline.", CO, {("Ardenport", "invested_in", "Tessaline")}),
        ("ARDENPORT SUED HALVIC", {"ARDENPORT": "company", "HALVIC": "company"}, {("ARDENPORT", "sued", "HALVIC")}),
        ("Ardenport **invested** in [Tessaline](https://example.org/a) today.", CO,
         {("Ardenport", "invested_in", "Tessaline")}),
        ("Ardenport’s $2 billion investment in Tessaline closed.", CO, {("Ardenport", "invested_in", "Tessaline")}),
        ("Ardenport and Halvic invested $3 million in Tessaline.", CO,
         {("Ardenport", "invested_in", "Tessaline"), ("Halvic", "invested_in", "Tessaline")}),
        ("Tessaline raised $40M.", CO, {("Tessaline", "raised", "Tessaline")}),
        ("Tessaline raised prices by 40 percent.", CO, set()),
        ("Tessaline raised $40M in debt.", CO, set()),
        ("Tessaline nabs $5B valuation", CO, set()),
        ("Halvic acquired Tessaline.", CO, {("Halvic", "acquired", "Tessaline")}),
        ("Halvic acquires Ardenport-backed start-up Clovis", CO, set()),
        ("Halvic acquired Tessaline's chip unit.", CO, set()),
        ("Halvic did not acquire Tessaline.", CO, set()),
        ("If Halvic acquired Tessaline, prices would rise.", CO, set()),
        ("Investors in Halvic backed Tessaline.", CO, set()),
        ("Start-ups that use Halvic acquired Tessaline.", CO, set()),
        ("Ardenport's investors backed Tessaline.", CO, set()),
        ("Ardenport spoke. Invested in Tessaline, it is not.", CO, set()),
        ("Lyra 3 scores 71.4% on PolyReason.", MODELS, {("Lyra 3", "scored", "PolyReason")}),
        ("Lyra 3 outperforms Orrin 4.", MODELS, {("Lyra 3", "outperforms", "Orrin 4")}),
        ("Orrin 4 was beaten by Lyra 3.", MODELS, {("Lyra 3", "outperforms", "Orrin 4")}),
        ("Quillmere's Lyra 3 is out.", MODELS, {("Quillmere", "developed", "Lyra 3")}),
        ("Quillmere invested in Lyra 3.", MODELS, set()),  # no such pair of types
        ("", CO, set()),
        ("no names at all", {}, set()),
    ],
)  # fmt: skip
def test_what_wordings_find(text: str, entities: Mapping[str, str], facts: set[tuple[str, str, str]]) -> None:
    assert read(text, entities) == facts


def test_places_are_those_of_the_doc() -> None:
    doc = _nlp()("News. Ardenport **invested** in Tessaline.")
    mentions = names(doc, CO)
    (match,) = _wordings().matches(doc, mentions)
    assert doc[match.start].text == "Ardenport"
    assert doc[match.end - 1].text == "Tessaline"


@pytest.mark.parametrize("relation", list(load().relations))
def test_wordings_read_only_what_examples_state(relation: str) -> None:
    known = load().relations[relation]
    for example in known.examples:
        stated = {(f.subject, f.relation, f.object) for f in example.facts}
        stated |= {(o, r, s) for s, r, o in stated if load().relations[r].symmetric}
        assert read(example.text, example.entities) <= stated, example.text
    for negative in known.negatives:
        found = read(negative.text, negative.entities)
        assert all(r != relation for _, r, _ in found), negative.text


@pytest.mark.parametrize("relation", list(load().relations))
def test_wordings_read_some_example_of_every_relation(relation: str) -> None:
    examples = load().relations[relation].examples
    assert sum(any(r == relation for _, r, _ in read(e.text, e.entities)) for e in examples) >= 2


def test_veto_names_the_pair_it_speaks_of() -> None:
    doc = _nlp()("Former Ardenport engineers invested in Tessaline.")
    mentions = names(doc, CO)
    found = [(m.relation, mentions[m.subject][0], mentions[m.object][0]) for m in _wordings().vetoes(doc, mentions)]
    assert found == [("invested_in", 1, 5)]


def test_nineteenth_relation_is_found(tmp_path: Path) -> None:
    (tmp_path / "bans.yaml").write_text(NINETEENTH, encoding="utf-8")
    wordings = Wordings(load(extra=[tmp_path]), _nlp().vocab)
    entities = {"Ovmark": "organization", "Lyra 3": "model"}
    assert read("Ovmark has banned Lyra 3.", entities, wordings) == {("Ovmark", "bans", "Lyra 3")}
    assert read("Ovmark has banned Lyra 3.", entities) == set()


def test_overlapping_names_and_long_text_do_no_harm() -> None:
    text = "Ardenport Tessaline invested in Halvic. " + "Ardenport, Tessaline, Halvic and " * 3000
    doc = _nlp()(text)
    mentions = [(0, 2, "company"), (0, 1, "company"), (1, 2, "company"), (4, 5, "company")]
    mentions += [(t.i, t.i + 1, "company") for t in doc if t.i > 5 and t.text in CO]
    assert [(m.subject, m.object) for m in _wordings().matches(doc, mentions)] == [(0, 3)]
