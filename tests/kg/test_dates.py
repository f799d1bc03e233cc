"""Dates and periods: words to ISO, as precise as the words and the date of publication allow."""

from __future__ import annotations

import pytest

from kg.dates import period, resolve

TUESDAY = "2026-04-21"

DATES = [
    # words, published, ISO
    ("April 20, 2026", None, "2026-04-20"),
    ("20 April 2026", None, "2026-04-20"),
    ("7th of August 2025", None, "2025-08-07"),
    ("Tuesday, April 21, 2026", None, "2026-04-21"),
    ("2026-04-20", None, "2026-04-20"),
    ("2026-04", None, "2026-04"),
    ("September 2023", None, "2023-09"),
    ("late March 2025", None, "2025-03"),
    ("2025", None, "2025"),
    ("in 2019", None, "2019"),
    ("by 2026", None, "2026"),
    ("mid-2024", None, "2024"),
    ("end of 2025", None, "2025"),
    ("Q2 2026", None, "2026"),
    ("second half of 2025", None, "2025"),
    ("third quarter of 2027", None, "2027"),
    ("spring 2027", None, "2027"),
    ("fiscal 2026", None, "2026"),
    ("February 30, 2026", None, "2026"),
    ("April 20", None, None),
    ("late May", None, None),
    ("yesterday", None, None),
    ("on Tuesday", None, None),
    ("last month", None, None),
    ("last year", None, None),
    ("March last year", None, None),
    ("no date", TUESDAY, None),
    ("", TUESDAY, None),
    ("last week", "not a date", None),
    ("April 20", TUESDAY, "2026-04-20"),
    ("20 April", TUESDAY, "2026-04-20"),
    ("Apr 20th", TUESDAY, "2026-04-20"),
    ("December 14th", "2026-01-10", "2025-12-14"),
    ("January 8", "2025-12-20", "2026-01-08"),
    ("late May", TUESDAY, "2026-05"),
    ("early May", TUESDAY, "2026-05"),
    ("May", TUESDAY, "2026-05"),
    ("in March", TUESDAY, "2026-03"),
    ("December", "2026-01-26", "2025-12"),
    ("by February", TUESDAY, "2027-02"),
    ("last September", TUESDAY, "2025-09"),
    ("next December", TUESDAY, "2026-12"),
    ("this January", TUESDAY, "2026-01"),
    ("March last year", TUESDAY, "2025-03"),
    ("today", TUESDAY, "2026-04-21"),
    ("this morning", TUESDAY, "2026-04-21"),
    ("yesterday", TUESDAY, "2026-04-20"),
    ("yesterday evening", TUESDAY, "2026-04-20"),
    ("tomorrow", TUESDAY, "2026-04-22"),
    ("yesterday", "2026-01-01", "2025-12-31"),
    ("two days ago", TUESDAY, "2026-04-19"),
    ("on Tuesday", TUESDAY, "2026-04-21"),
    ("on Monday", TUESDAY, "2026-04-20"),
    ("on Wednesday", TUESDAY, "2026-04-15"),
    ("last Friday", TUESDAY, "2026-04-17"),
    ("last Tuesday", TUESDAY, "2026-04-14"),
    ("next Wednesday", TUESDAY, "2026-04-22"),
    ("until Tuesday", "2026-04-20", "2026-04-21"),
    ("last week", "2023-10-04", "2023-09"),
    ("two weeks ago", "2024-03-20", "2024-03"),
    ("this week", TUESDAY, "2026-04"),
    ("earlier this month", TUESDAY, "2026-04"),
    ("last month", "2026-01-15", "2025-12"),
    ("next month", "2025-12-15", "2026-01"),
    ("eleven months ago", TUESDAY, "2025-05"),
    ("eighteen months ago", TUESDAY, "2024-10"),
    ("last year", TUESDAY, "2025"),
    ("next year", TUESDAY, "2027"),
    ("later this year", TUESDAY, "2026"),
    ("a year ago", TUESDAY, "2025"),
    ("three years ago", TUESDAY, "2023"),
    ("year-end", TUESDAY, "2026"),
    ("the end of next year", TUESDAY, "2027"),
    ("the second half of next year", TUESDAY, "2027"),
    ("Q2", TUESDAY, "2026"),
    ("last spring", TUESDAY, "2025"),
    ("this summer", TUESDAY, "2026"),
    ("on the 9th", TUESDAY, "2026-04-09"),
    ("on the 26th", TUESDAY, "2026-03-26"),
    ("over the weekend", TUESDAY, "2026-04"),
    ("four years later", TUESDAY, None),
    ("between 2021 and 2024", TUESDAY, None),
]

PERIODS = [
    ("2026", None, "2026"),
    ("in 2025", None, "2025"),
    ("Q1 2026", None, "2026-Q1"),
    ("first quarter of 2025", None, "2025-Q1"),
    ("Q3'25", None, "2025-Q3"),
    ("first half of 2025", None, "2025-H1"),
    ("H2 2025", None, "2025-H2"),
    ("end of 2025", None, "2025"),
    ("early 2026", None, "2026"),
    ("fiscal 2026", None, "2026"),
    ("FY26", None, "2026"),
    ("year to March 2027", None, "2027"),
    ("March 2025", None, "2025-03"),
    ("last quarter", None, None),
    ("this year", None, None),
    ("2025 to 2029", None, None),
    ("this year", TUESDAY, "2026"),
    ("last year", TUESDAY, "2025"),
    ("end of last year", TUESDAY, "2025"),
    ("last quarter", TUESDAY, "2026-Q1"),
    ("last quarter", "2026-02-01", "2025-Q4"),
    ("third quarter", "2025-11-03", "2025-Q3"),
    ("Q4", "2026-02-01", "2025-Q4"),
    ("June quarter", "2025-08-01", "2025-Q2"),
    ("second half of next year", TUESDAY, "2027-H2"),
    ("December", "2025-01-26", "2024-12"),
    ("this month", TUESDAY, "2026-04"),
    ("Dec 17", "2025-12-29", "2025-12-17"),
    ("a year ago", TUESDAY, "2025"),
    ("now", TUESDAY, None),
]


@pytest.mark.parametrize(("words", "published", "want"), DATES)
def test_words_give_a_date(words: str, published: str | None, want: str | None) -> None:
    assert resolve(words, published) == want


@pytest.mark.parametrize(("words", "published", "want"), PERIODS)
def test_words_give_a_period(words: str, published: str | None, want: str | None) -> None:
    assert period(words, published) == want


@pytest.mark.parametrize(
    ("words", "future", "want"),
    [
        ("March", True, "2027-03"),
        ("March", False, "2026-03"),
        ("June", False, "2025-06"),
        ("June", True, "2026-06"),
        ("Thursday", True, "2026-04-23"),
        ("Thursday", False, "2026-04-16"),
        ("October 8", False, "2025-10-08"),
        ("October 8", True, "2026-10-08"),
    ],
)
def test_the_direction_of_the_sentence_chooses_the_year(words: str, future: bool, want: str) -> None:
    assert resolve(words, TUESDAY, future=future) == want
