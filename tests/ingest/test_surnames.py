"""A surname that one person in the field has is that person's, unless the issue gives it to another."""

from __future__ import annotations

import pytest

from ingest.variants import clusters, joins
from kg import reference


@pytest.mark.parametrize(
    ("names", "of"),
    [
        (["Elon Musk", "Musk"], "elonmusk"),
        (["Kimbal Musk", "Musk"], "kimbalmusk"),
        (["Kimbal Musk", "Elon Musk", "Musk"], "elonmusk"),
        (["Musk"], "musk"),
    ],
)
def test_a_surname_is_the_persons_that_the_issue_names(names: list[str], of: str) -> None:
    assert joins(clusters((n, "person") for n in names), reference.load())["musk"] == of


def test_a_relative_does_not_take_the_handle_of_the_one_known_by_the_surname() -> None:
    found = clusters([("Kimbal Musk", "person"), ("Musk", "person"), ("@elonmusk", "handle")])
    joined = joins(found, reference.load())
    assert joined["musk"] == "kimbalmusk"
    assert joined["elonmusk"] != "kimbalmusk"
