"""Money in words."""

from __future__ import annotations

import pytest

from kg.model import Amount
from kg.money import number, show, show_total

AMOUNTS = [
    (Amount(high=25e9, qualifier="up_to"), "up to $25 billion"),
    (Amount(low=9e9, high=9e9, qualifier="about"), "about $9 billion"),
    (Amount(low=100e9, qualifier="at_least"), "more than $100 billion"),
    (Amount(low=115e9, high=135e9, qualifier="range"), "$115-135 billion"),
    (Amount(low=1.7e9, high=1.7e9, currency="EUR"), "€1.7 billion"),
    (Amount(low=8e9, high=8e9), "$8 billion"),
    (Amount(low=500e6, high=1e9, qualifier="range"), "$500 million to $1 billion"),
    (Amount(low=1.25e12, high=1.25e12), "$1.25 trillion"),
    (Amount(low=12_500, high=12_500), "$12,500"),
    (Amount(low=2e9, high=2e9, currency="CNY"), "CNY 2 billion"),
    (Amount(low=3e6, high=3e6, currency="GBP"), "£3 million"),
    (Amount(), "an undisclosed amount"),
    (Amount(low=0, high=0), "$0"),
]


@pytest.mark.parametrize(("amount", "text"), AMOUNTS)
def test_an_amount_reads_as_one_would_say_it(amount: Amount, text: str) -> None:
    assert show(amount) == text


TOTALS = [
    ({"USD": (8e9, 33e9)}, "up to $33 billion with promises, of which $8 billion is confirmed"),
    ({"USD": (8e9, 8e9)}, "$8 billion"),
    ({"USD": (1e9, 1e9), "EUR": (2e9, 2e9)}, "€2 billion; $1 billion"),
    ({}, ""),
]


@pytest.mark.parametrize(("total", "text"), TOTALS)
def test_totals_keep_currencies_and_promises_apart(total: dict[str, tuple[float, float]], text: str) -> None:
    assert show_total(total) == text


@pytest.mark.parametrize(
    ("value", "text"), [(83.2, "83.2"), (54.0, "54"), (1200.0, "1,200"), (0.125, "0.125"), (0, "0")]
)
def test_numbers_are_plain(value: float, text: str) -> None:
    assert number(value) == text
