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
    ("firm", "thing", "known"),
    [
        ("Marlin", "Tarn", Known.SAME),  # its parent
        ("Marlin Research", "Tarn 4 Mini", Known.SAME),  # of the family
        ("Marlin", "Tarn4-30B", Known.SAME),
        ("Oxbow", "Tarn 4", Known.OTHER),
        ("Oxbow", "Tarn Code", Known.SAME),  # the thing itself before its family
        ("Nobody's Lab", "Tarn 5", Known.OTHER),
        ("Oxbow", "Silt 2", Known.NOTHING),  # products have no families
        ("Oxbow", "Tarnish", Known.NOTHING),
        ("Oxbow", "", Known.NOTHING),
    ],
)
def test_a_maker_is_known_by_the_thing_or_its_family(makers: Makers, firm: str, thing: str, known: Known) -> None:
    assert makers.known(firm, thing) is known


def test_a_known_maker_weighs_and_never_decides(makers: Makers) -> None:
    assert makers.weighed("Oxbow", "Something", 0.4) == pytest.approx(0.4)
    assert makers.weighed("Marlin", "Tarn", 0.4) == pytest.approx(0.5)
    assert makers.weighed("Oxbow", "Tarn", 0.4) == pytest.approx(0.4 * 0.2 / (0.4 * 0.2 + 0.6))
    assert makers.weighed("Marlin", "Tarn", 0.01) < 0.02
    assert makers.weighed("Oxbow", "Tarn", 0.99) > 0.9


def test_versions_to_come_are_of_their_family() -> None:
    shipped = Makers(reference.load())
    assert shipped.known("Anthropic", "Claude Tempo 7") is Known.SAME
    assert shipped.known("OpenAI", "Claude Tempo 7") is Known.OTHER
