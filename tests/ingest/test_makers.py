"""What is known of makers weighs what a text seems to say of them; it states nothing."""

from __future__ import annotations

import pytest

from ingest.makers import Known, Makers
from kg import reference
from kg.reference import Entry, Reference

ENTRIES = [
    Entry(id="org/marlin", kind="company", name="Marlin"),
    Entry(id="org/marlinresearch", kind="company", name="Marlin Research", parent="org/marlin"),
    Entry(id="org/oxbow", kind="company", name="Oxbow"),
    Entry(id="model/tarn", kind="model", name="Tarn", maker="org/marlinresearch"),
    Entry(id="product/tarncode", kind="product", name="Tarn Code", maker="org/oxbow"),
    Entry(id="product/silt", kind="product", name="Silt", maker="org/oxbow"),
]


@pytest.fixture
def makers() -> Makers:
    return Makers(Reference(ENTRIES))


@pytest.mark.parametrize(
    ("firm", "thing", "kind", "known"),
    [
        ("Marlin", "Tarn", "model", Known.SAME),  # its parent
        ("Marlin Research", "Tarn 4 Mini", "model", Known.SAME),  # of the family
        ("Marlin", "Tarn4-30B", "model", Known.SAME),
        ("Oxbow", "Tarn 4", "model", Known.OTHER),
        ("Oxbow", "Tarn-4-Ostrich", "model", Known.NOTHING),  # may be built on it by another firm
        ("Marlin", "Tarn-4-Ostrich", "model", Known.SAME),
        ("Oxbow", "Tarn Code", "product", Known.SAME),  # the thing itself before its family
        ("Marlin", "Tarn Code", "product", Known.OTHER),
        ("Nobody's Lab", "Tarn 5", "model", Known.NOTHING),  # may be a short form of the maker
        ("Oxbow", "Tarn Notes", "product", Known.NOTHING),  # an app is of no family
        ("Oxbow", "Silt 2", "product", Known.NOTHING),
        ("Oxbow", "Tarnish", "model", Known.NOTHING),
        ("Oxbow", "", "model", Known.NOTHING),
    ],
)
def test_a_maker_is_known_by_the_thing_or_its_family(
    makers: Makers, firm: str, thing: str, kind: str, known: Known
) -> None:
    assert makers.known(firm, thing, kind) is known


def test_a_known_maker_weighs_and_never_decides(makers: Makers) -> None:
    assert makers.weighed("Oxbow", "Something", "model", 0.4) == pytest.approx(0.4)
    assert makers.weighed("Marlin", "Tarn", "model", 0.4) == pytest.approx(0.5)
    assert makers.weighed("Oxbow", "Tarn", "model", 0.4) == pytest.approx(0.4 * 0.2 / (0.4 * 0.2 + 0.6))
    assert makers.weighed("Marlin", "Tarn", "model", 0.01) < 0.02
    assert makers.weighed("Oxbow", "Tarn", "model", 0.99) > 0.9


def test_versions_to_come_are_of_their_family() -> None:
    shipped = Makers(reference.load())
    assert shipped.known("Anthropic", "Claude Tempo 7", "model") is Known.SAME
    assert shipped.known("OpenAI", "Claude 7 Mini", "model") is Known.OTHER
    assert shipped.known("NVIDIA", "Llama-3.1-Nemotron-70B", "model") is Known.NOTHING
