"""Joins: names of one issue that are one by how they are written."""

from __future__ import annotations

import pytest

from ingest.variants import abbreviates, clusters, joins
from kg.reference import Entry, Reference

KNOWN = Reference([
    Entry(id="org/oxbow", kind="company", name="Oxbow"),
    Entry(id="org/oxbowai", kind="company", name="Oxbow.ai"),
])  # fmt: skip


@pytest.mark.parametrize(
    ("name", "other", "kind", "one"),
    [
        ("QX900s", "QX900", "product", True),
        ("Halden Labs", "Halden Lab", "organization", True),
        ("QX90S", "QX90", "product", False),
        ("Mara Quints", "Mara Quint", "person", False),
        ("Tessaline.ai", "Tessaline", "company", True),
        ("Tessaline.net", "Tessaline", "company", False),
        ("Oxbow.ai", "Oxbow", "company", False),
        ("Foundation", "Halden Foundation", "organization", False),
    ],
)
def test_plurals_and_addresses_are_the_name_they_are_of(name: str, other: str, kind: str, one: bool) -> None:
    found = clusters([(name, kind), (other, kind)])
    first, second = found
    joined = joins(found, KNOWN)
    assert (joined[first] == joined[second]) is one


@pytest.mark.parametrize(
    ("short", "full", "right"),
    [
        ("FAIR", "Fundamental AI Research", True),
        ("TPUs", "Tensor Processing Units", True),
        ("RT-1", "Robotics Transformer 1", True),
        ("RT-2", "Robotics Transformer 1", False),
        ("GH200", "Grace Hopper Superchip", False),
        ("Tern", "Tensor Engine Runtime", False),
        ("A", "Anthropic", False),
        ("A" * 60, " ".join(["Aaaaaaaaaaaa"] * 40), False),
        ("TPX", "Tensor Processing Units", False),
    ],
)
def test_capitals_of_a_names_words_abbreviate_it(short: str, full: str, right: bool) -> None:
    assert abbreviates(short, full) is right
