"""Periods: what lies inside what, and what is too coarse to tell."""

from __future__ import annotations

import pytest

from kg.errors import QuestionError
from kg.periods import asked, inside, span

INSIDE = [
    ("2026-04-20", "2026-04", True), ("2026-04-20", "2026", True), ("2026-04", "2026-Q2", True), ("2026", "2026", True),
    ("2026-04-20", "2026-05", False), ("2025", "2026", False), ("2026", "2026-04", None), ("2026-Q2", "2026-04", None),
    ("2026-H1", "2026", True), ("2026-04-20", "2026-01..", True), ("2026-04-20", "..2026-01", False),
    ("2026", "2026-04..", None),
    ("2026-04", "<2026-04", False), ("2026-03-31", "<2026-04", True), ("2026-05", ">2026-04", True),
    ("late May", "2026", None), ("2026-13", "2026", None),
]  # fmt: skip


@pytest.mark.parametrize(("date", "period", "told"), INSIDE)
def test_a_date_is_in_a_period_outside_or_too_coarse(date: str, period: str, told: bool | None) -> None:
    assert inside(date, period) is told


@pytest.mark.parametrize(
    "date", ["0000", "0000-01-01", "<<2026", "<" * 5000, "2025..2026..2027", ".." * 5000, "２０２６"]
)
def test_what_no_calendar_has_is_no_period(date: str) -> None:
    assert span(date) is None


def test_years_have_four_digits() -> None:
    assert span("0999") == ("0999-01-01", "0999-12-31")
    assert span("<0001") == ("0001-01-01", "0001-01-01")


def test_the_last_day_of_a_month_is_known() -> None:
    assert span("2024-02") == ("2024-02-01", "2024-02-29")
    assert span("2026-Q4") == ("2026-10-01", "2026-12-31")


@pytest.mark.parametrize("said", ["2026", "2026-04", "2026-Q1", "2026-04-21"])
def test_a_date_that_a_person_gives_is_its_first_and_last_day(said: str) -> None:
    assert asked("since", said) == span(said)


@pytest.mark.parametrize("said", ["", "soon", "<2026", ">2026", "2025..2026", "2026-13"])
def test_what_a_person_gives_as_a_date_and_is_none_is_told(said: str) -> None:
    with pytest.raises(QuestionError, match=r"since: .* is no date; write it as"):
        asked("since", said)
