"""Vetoes: what the words around two names say against a fact between them."""

from __future__ import annotations

import pytest

from ingest.features import words
from ingest.qualifiers import Claim, Part, View
from ingest.quantities import Tok
from ingest.variants import word_list
from ingest.vetoes import Vetoes, named
from kg import reference

PEOPLE = {"Mara Quint", "Tobias Renner", "Ines Okafor"}
MODELS = {"Loom 4", "Loom"}


def ruled_out(
    text: str,
    claim: tuple[str, str, str],
    names: list[str],
    *,
    press: str = "",
    rater: str = "",
    confidence: float = 0.5,
) -> bool:
    """Return whether a claim (subject, relation, object by surface) is ruled out in a sentence with these names."""
    toks = [Tok(text[a:b], a, b) for a, b in words(text)]
    mentions, index = [], {}
    for name in sorted(names, key=text.index):
        start = text.index(name)
        inside = [k for k, t in enumerate(toks) if start <= t.start and t.end <= start + len(name)]
        index[name] = len(mentions)
        kind = "person" if name in PEOPLE else "model" if name in MODELS else "company"
        mentions.append((inside[0], inside[-1], kind))
    order = sorted(index, key=lambda n: index[n])
    view = View(toks, [Part(0, len(toks))], mentions)
    subject, relation, object_ = claim
    vetoed = Vetoes(view, named(order, {press}), named(order, {rater}))
    return vetoed(Claim(index[subject], relation, index[object_], confidence))


POSTS = "The panel had Mara Quint, CEO of Oxbow, Tobias Renner, co-founder of Marlin, and Ines Okafor (Velmora)."
NAMES = ["Mara Quint", "Oxbow", "Tobias Renner", "Marlin", "Ines Okafor", "Velmora"]


@pytest.mark.parametrize(
    ("person", "firm"), [("Mara Quint", "Oxbow"), ("Tobias Renner", "Marlin"), ("Ines Okafor", "Velmora")]
)
def test_a_person_has_the_firm_in_apposition_and_not_the_others(person: str, firm: str) -> None:
    for other in ("Oxbow", "Marlin", "Velmora"):
        assert ruled_out(POSTS, (person, "works_at", other), NAMES) is (other != firm)
        assert ruled_out(POSTS, (person, "founded", other), NAMES) is (other != firm)


@pytest.mark.parametrize(
    ("text", "claim", "wrong"),
    [
        ("Mara Quint and Tobias Renner, co-founders of Oxbow, spoke.", ("Mara Quint", "founded", "Oxbow"), False),
        ("Marlin hired Oxbow engineer Mara Quint.", ("Mara Quint", "works_at", "Marlin"), False),
        ("Marlin hired Oxbow engineer Mara Quint.", ("Mara Quint", "works_at", "Oxbow"), False),
        ("A spat of Mara Quint and Oxbow CEO Tobias Renner.", ("Mara Quint", "works_at", "Oxbow"), True),
        ("A spat of Mara Quint and Oxbow CEO Tobias Renner.", ("Tobias Renner", "works_at", "Oxbow"), False),
        ("Mara Quint and Oxbow signed it.", ("Mara Quint", "works_at", "Oxbow"), False),
        ("Tobias Renner, CEO of Marlin, met Mara Quint, and Oxbow.", ("Tobias Renner", "works_at", "Oxbow"), False),
        ("Tobias Renner, CEO of Marlin, met Oxbow's Mara Quint.", ("Tobias Renner", "works_at", "Oxbow"), True),
        ("With Oxbow co-founder Mara Quint, Marlin grew.", ("Mara Quint", "founded", "Marlin"), True),
        ("With Oxbow co-founder Mara Quint, Marlin grew.", ("Mara Quint", "founded", "Oxbow"), False),
        ("At Oxbow co-founder Mara Quint left, CTO Tobias Renner stays.", ("Tobias Renner", "founded", "Oxbow"), True),
        ("Oxbow co-founder and CTO Mara Quint spoke.", ("Mara Quint", "founded", "Oxbow"), False),
        ("Former engineer Mara Quint founded Oxbow.", ("Mara Quint", "founded", "Oxbow"), False),
        ("Oxbow co-founder Mara Quint founded Marlin.", ("Mara Quint", "founded", "Marlin"), False),
        ("Oxbow and Marlin founder Mara Quint spoke.", ("Mara Quint", "founded", "Oxbow"), False),
        (
            "Former Oxbow CTO Mara Quint joined Marlin, Marlin CEO Tobias Renner said.",
            ("Mara Quint", "works_at", "Marlin"),
            False,
        ),
    ],
)
def test_a_post_belongs_to_the_person_it_stands_with(text: str, claim: tuple[str, str, str], wrong: bool) -> None:
    names = [n for n in ("Mara Quint", "Tobias Renner", "Oxbow", "Marlin") if n in text]
    assert ruled_out(text, claim, names) is wrong


def test_a_firm_that_is_called_a_parent_is_no_subsidiary() -> None:
    text = "It is owned by its parent company Oxbow, says Marlin."
    assert ruled_out(text, ("Oxbow", "subsidiary_of", "Marlin"), ["Oxbow", "Marlin"])
    assert not ruled_out("Oxbow is a unit of Marlin.", ("Oxbow", "subsidiary_of", "Marlin"), ["Oxbow", "Marlin"])


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Marlin says that Oxbow's Loom copies lyrics.", True),
        ("Marlin and Oxbow's Loom is out.", False),
        ("Marlin launched its Loom with Oxbow.", False),
        ("Marlin Labs shows Marlin's Loom.", False),
    ],
)
def test_a_thing_that_is_told_to_be_anothers_is_not_ones_own(text: str, wrong: bool) -> None:
    subject = "Marlin Labs" if "Labs" in text else "Marlin"
    names = [subject, "Loom", *(["Oxbow"] if "Oxbow" in text else [])]
    assert ruled_out(text, (subject, "developed", "Loom"), names) is wrong


def test_who_measures_models_does_not_make_them() -> None:
    text = "Marlin ranks Loom 4 third."
    assert ruled_out(text, ("Marlin", "developed", "Loom 4"), ["Marlin", "Loom 4"], rater="Marlin")
    assert not ruled_out(text, ("Marlin", "developed", "Loom 4"), ["Marlin", "Loom 4"])


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Marlin also lists Oxbow as a lender.", True),
        ("According to Marlin, Oxbow put in $5 million.", True),
        ("Marlin: Oxbow puts in $5 million.", True),
        ("Oxbow invests in Marlin: it is paid now.", False),
        ("Oxbow invests in Marlin, sources said.", False),
        ("Oxbow put $5 million into Marlin.", False),
        ("According to the Marlin, Oxbow put in $5 million.", True),
        ("Marlin says it took $5 million of Oxbow.", False),
        ("The newspaper Marlin took $5 million of Oxbow.", False),
    ],
)
def test_a_paper_only_tells_of_the_deals_of_others(text: str, wrong: bool) -> None:
    names = ["Marlin", "Oxbow"]
    assert ruled_out(text, ("Oxbow", "invested_in", "Marlin"), names, press="Marlin") is wrong
    assert not ruled_out(text, ("Oxbow", "invested_in", "Marlin"), names)


@pytest.mark.parametrize("name", ["press", "rater", "supplier", "lab"])
def test_the_firms_of_a_list_are_in_the_reference_data(name: str) -> None:
    known = reference.load()
    assert [id for id in sorted(word_list(name)) if known.entry(id) is None] == []


def test_what_the_network_is_certain_of_stands() -> None:
    text, claim, names = (
        "Marlin says that Oxbow's Loom is out.",
        ("Marlin", "developed", "Loom"),
        ["Marlin", "Oxbow", "Loom"],
    )
    assert ruled_out(text, claim, names)
    assert not ruled_out(text, claim, names, confidence=0.9)
