"""As of: deals as they stood on an earlier day, figures side by side, and changes of size."""

from __future__ import annotations

import pytest

from kg.as_of import UNDATED, as_of
from kg.deal_figures import AGREED, CHOSEN, LATEST, ONLY, TALKS, UNSURELY, figures
from kg.deals import Book, total
from kg.model import Amount, Deal, Tranche
from tests.kg.graph_parts import SCHEMA, money
from tests.kg.test_deals import N, X, claim

BOOK = Book(SCHEMA)
HISTORY = [
    claim("1", "2026-01-10", "raised", N, N, amount=money(5e9), status="rumored"),
    claim("2", "2026-02-10", "raised", N, N, amount=money(6e9), status="in_talks"),
    claim("3", "2026-03-20", "raised", N, N, amount=money(6.6e9), date="2026-03-10", round="Series F",
          status="announced"),
    claim("4", "2026-05-01", "raised", N, N, amount=money(8e9), status="announced", round="Series F"),
    claim("5", "2026-06-01", "raised", N, N, status="completed", round="Series F"),
    claim("6", "2026-09-01", "raised", N, N, status="cancelled", round="Series F"),
    claim("7", None, "raised", N, N, round="Series F", amount=money(7e9)),
]  # fmt: skip


def history() -> Deal:
    (group,) = BOOK.groups(HISTORY)
    return Deal.model_validate(BOOK.deal(group.claims, group.links))


def test_steps_tell_changes_of_stage_and_of_size() -> None:
    assert [(s.date or s.reported, s.stage, s.event, s.amount) for s in history().steps] == [
        ("2026-01-10", "rumored", "", money(5e9)),
        ("2026-02-10", "in_talks", "", money(6e9)),
        ("2026-03-10", "announced", "", money(6.6e9)),
        ("2026-05-01", "announced", "resized", money(8e9)),
        ("2026-06-01", "completed", "", None),
        ("2026-09-01", "cancelled", "", None),
    ]


@pytest.mark.parametrize(
    ("day", "stage", "amount", "steps"),
    [
        ("2026-01-09", None, None, 0),
        ("2026-01-10", "rumored", money(5e9), 1),
        ("2026-03-09", "in_talks", money(6e9), 2),
        ("2026-03-10", "announced", money(6.6e9), 3),
        ("2026-04-30", "announced", money(6.6e9), 3),
        ("2026-05-01", "announced", money(8e9), 4),
        ("2026-08-31", "completed", money(8e9), 5),
        ("2030-01-01", "cancelled", money(8e9), 6),
    ],
)
def test_a_deal_as_of_a_day(day: str, stage: str | None, amount: Amount | None, steps: int) -> None:
    then = as_of(history(), day)
    if stage is None:
        assert then is None
    else:
        assert isinstance(then, Deal)
        assert (then.stage, then.amount, len(then.steps)) == (stage, amount, steps)
        assert all(told <= day for f in then.figures for told in f.told[:1])


def test_of_a_deal_that_only_undated_issues_tell_no_day_is_known() -> None:
    made = Deal.model_validate(BOOK.deal([claim("1", None, "raised", N, N, amount=money(5e9))]))
    assert as_of(made, "2026-01-01") == UNDATED


FIGURES = {
    "one": ([claim("1", None, "raised", N, N, amount=money(5e9))], [[5e9]], ONLY),
    "the latest of what is agreed": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(5e9)),
         claim("2", "2026-02-01", "raised", N, N, amount=money(6e9)),
         claim("3", "2026-03-01", "raised", N, N, amount=money(7e9), status="rumored"),
         claim("4", None, "raised", N, N, amount=money(8e9))],
        [[6e9], [5e9], [8e9], [7e9]], LATEST,
    ),
    "exact before about": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(6.6e9)),
         claim("2", "2026-02-01", "raised", N, N, amount=money(6.5e9, 6.5e9, "about"))],
        [[6.6e9], [6.5e9]], AGREED,
    ),
    "talks": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(5e9), status="rumored"),
         claim("2", "2026-02-01", "raised", N, N, amount=money(6e9), status="in_talks")],
        [[6e9], [5e9]], TALKS,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FIGURES)
def test_the_shown_figure_follows_a_rule_that_is_told(case: str) -> None:
    claims, expected, why = FIGURES[case]
    for some in (claims, claims[::-1]):
        found, told = figures(some)
        assert [[f["amount"]["low"]] for f in found] == expected
        assert told == why
        assert sorted(id for f in found for id in f["statement_ids"]) == sorted(c.id for c in claims)


@pytest.mark.parametrize(
    ("later", "chosen"), [(money(8e9), "s1"), (money(6.1e9, 6.1e9, "about"), None), (money(8e9), None)]
)
def test_after_all_that_is_told_a_deal_has_its_own_figure(later: Amount, chosen: str | None) -> None:
    some = [
        claim("1", "2026-01-01", "raised", N, N, amount=money(6e9), round="Series F"),
        claim("2", "2026-02-01", "raised", N, N, amount=later, round="Series F"),
    ]
    picked = next((c for c in some if c.id == chosen), None)
    deal = Deal.model_validate(BOOK.deal(some, (), picked))
    for day, amount in (("2030-01-01", deal.amount), ("2026-01-15", money(6e9))):
        then = as_of(deal, day)
        assert isinstance(then, Deal)
        assert then.amount == amount
        assert (then.figure_why == CHOSEN) == (chosen is not None)


def test_a_person_chooses_the_figure_and_less_certain_ones_come_last() -> None:
    some = [
        claim("1", "2026-01-01", "raised", N, N, amount=money(5e9)),
        claim("2", "2026-02-01", "raised", N, N, amount=money(6e9)),
    ]
    assert figures(some, "s1")[1] == CHOSEN
    assert [f["statement_ids"] for f in figures(some, "s1")[0]] == [["s1"], ["s2"]]
    from dataclasses import replace

    unsure = [replace(c, certain=False) for c in some]
    assert figures([some[0], unsure[1]])[0][0]["statement_ids"] == ["s1"]
    assert figures(unsure)[1] == UNSURELY


@pytest.mark.parametrize(
    ("status", "condition", "confirmed"),
    [(None, None, 5_000_000_000), ("completed", None, 5_000_000_000), ("planned", None, 0), (None, "milestones", 0)],
)
def test_of_up_to_the_part_that_is_paid_now_is_confirmed(
    status: str | None, condition: str | None, confirmed: float
) -> None:
    parts = [Tranche(amount=money(5e9), status=status, condition=condition).model_dump()]
    some = [claim("1", "2026-04-20", "invested_in", X, N, amount=money(None, 25e9, "up_to"), tranches=parts)]
    made = Deal.model_validate(BOOK.deal(some))
    assert [t.amount for t in made.tranches] == [money(5e9)]
    assert made.amount == money(None, 25e9, "up_to")
    assert total([made]) == {"USD": (confirmed, 25_000_000_000)}
