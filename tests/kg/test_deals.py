"""Deals: which claims join, how stages follow from dates, and what money comes to."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import pytest

from kg.deal_claims import Claim, agree
from kg.deal_links import linked
from kg.deal_stages import stage
from kg.deals import Book, total, worth
from kg.model import Amount, Deal, Party
from tests.kg.graph_parts import SCHEMA, money

BOOK = Book(SCHEMA)


def claim(id: str, day: str | None, relation: str, subject: str, target: str, **attrs: Any) -> Claim:
    spans, issue = frozenset(attrs.pop("said", ())), attrs.pop("issue", "k")
    plain = {k: v.model_dump() if isinstance(v, Amount) else v for k, v in attrs.items()}
    return Claim(f"s{id}", issue, day, relation, subject, target, plain, sentences=spans)


def deal(
    amount: Amount | None, stage: str = "announced", *, parties: tuple[Party, ...] = (), certain: bool = True
) -> Deal:
    return Deal(id="d", kind="equity_round", stage=stage, parties=parties, amount=amount, certain=certain)


def part(amount: Amount | None) -> Party:
    return Party(entity_id="org/x", role="investor", amount=amount)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (None, money(5e9), True),
        (money(5e9), money(5e9), True),
        (money(5e9), money(6e9), False),
        (money(5e9), money(5e9, currency="EUR"), False),
        (money(25e9), money(None, 25e9, "up_to"), True),
        (money(8e9), money(None, 25e9, "up_to"), False),
        (money(100e9, None, "at_least"), money(100e9), True),
        (money(115e9, 135e9, "range"), money(135e9), True),
        (money(6.5e9, 6.5e9, "about"), money(6.6e9), True),
        (money(6.5e9), money(6.6e9), False),
        (money(6.5e9, 6.5e9, "about"), money(8e9), False),
    ],
)
def test_amounts_agree_where_a_figure_is_the_same(a: Amount | None, b: Amount | None, same: bool) -> None:
    x, y = (None if m is None else m.model_dump() for m in (a, b))
    assert agree(x, y) is agree(y, x) is same


@pytest.mark.parametrize(
    ("said", "now"),
    [
        ([("2026-01-01", "rumored"), ("2026-02-01", "in_talks"), ("2026-03-01", "announced")], "announced"),
        ([("2026-03-01", "announced"), ("2026-01-01", "rumored")], "announced"),
        ([("2026-01-01", "completed"), ("2026-03-01", "announced")], "completed"),
        ([("2026-01-01", "announced"), ("2026-03-01", "cancelled")], "cancelled"),
        ([("2026-01-01", "denied"), ("2026-03-01", "in_talks")], "in_talks"),
        ([("2026-01-01", "rumored"), ("2026-01-01", "denied")], "denied"),
        ([("2026-01-01", "in_talks"), (None, "completed")], "in_talks"),
        ([(None, "completed"), (None, "rumored")], "completed"),
        ([("2026-01-01", None)], "announced"),
        ([], "announced"),
        ([("2026-01-01", "delayed"), ("2026-02-01", "released")], "released"),
        ([("2026-01-01", "a word of its own")], "announced"),
    ],
)
def test_the_stage_follows_dated_statements(said: list[tuple[str | None, str | None]], now: str) -> None:
    claims = [claim(str(i), day, "acquired", "a", "b", status=status) for i, (day, status) in enumerate(said)]
    assert stage(claims, "announced") == stage(reversed(claims), "announced") == now


A, N, X, Y = "org/amazon", "org/anthropic", "org/x", "org/y"
GROUPS: dict[str, tuple[list[Claim], list[list[str]]]] = {
    "an absent amount joins": (
        [claim("1", "2026-01-01", "acquired", A, N, amount=money(5e9)), claim("2", None, "acquired", A, N)],
        [["s1", "s2"]],
    ),
    "two amounts are two deals": (
        [claim("1", "2026-01-01", "invested_in", A, N, amount=money(8e9)),
         claim("2", "2026-01-02", "invested_in", A, N, amount=money(None, 25e9, "up_to"))],
        [["s1"], ["s2"]],
    ),
    "a bare claim joins the deal nearest in time": (
        [claim("1", "2024-01-01", "invested_in", A, N, amount=money(8e9)),
         claim("2", "2026-01-01", "invested_in", A, N, amount=money(9e9)),
         claim("3", "2026-01-03", "invested_in", A, N)],
        [["s1"], ["s2", "s3"]],
    ),
    "roles tell deals of one pair apart": (
        [claim("1", "2026-01-01", "acquired", A, N), claim("2", "2026-01-01", "acquired", N, A)],
        [["s1"], ["s2"]],
    ),
    "a round joins its investors by its name": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(13e9), round="Series F"),
         claim("2", "2026-01-02", "invested_in", X, N, round="series F"),
         claim("3", "2026-01-03", "invested_in", Y, N, round="Series E")],
        [["s1", "s2"], ["s3"]],
    ),
    "investors of one named round are one deal": (
        [claim("1", "2026-01-01", "invested_in", X, N, round="Series B"),
         claim("2", "2026-01-02", "invested_in", Y, N, round="Series B")],
        [["s1", "s2"]],
    ),
    "investors without a round are deals of their own": (
        [claim("1", "2026-01-01", "invested_in", X, N), claim("2", "2026-01-02", "invested_in", Y, N)],
        [["s1"], ["s2"]],
    ),
    "one sentence ties investors to a round": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(13e9), said=[(0, 9)]),
         claim("2", "2026-01-01", "invested_in", X, N, said=[(0, 9)]),
         claim("3", "2026-01-01", "invested_in", Y, N, said=[(20, 29)])],
        [["s1", "s2"], ["s3"]],
    ),
    "not where the share is larger than the round": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(1e9), said=[(0, 9)]),
         claim("2", "2026-01-01", "invested_in", X, N, amount=money(2e9), said=[(0, 9)])],
        [["s1"], ["s2"]],
    ),
    "two sizes of one named round are two reports of one deal": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(1e9), round="Seed"),
         claim("2", "2026-01-02", "raised", N, N, amount=money(2e9), round="Seed")],
        [["s1", "s2"]],
    ),
    "the very amount of the round, told in the same issue": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(2e9), said=[(0, 9)]),
         claim("2", "2026-01-01", "invested_in", X, N, amount=money(2e9), said=[(500, 600)])],
        [["s1", "s2"]],
    ),
    "the very amount in another issue of that time": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(2e9), issue="a"),
         claim("2", "2026-01-02", "invested_in", X, N, amount=money(2e9), issue="b")],
        [["s1", "s2"]],
    ),
    "the very amount months later, or undated, may be another round": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(2e9), issue="a"),
         claim("2", "2026-04-01", "invested_in", X, N, amount=money(2e9), issue="b"),
         claim("3", None, "invested_in", Y, N, amount=money(2e9), issue="c")],
        [["s1"], ["s2"], ["s3"]],
    ),
    "the very amount of two rounds ties to neither": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(2e9), round="Series A"),
         claim("2", "2026-01-01", "raised", N, N, amount=money(2e9), round="Series B"),
         claim("3", "2026-01-01", "invested_in", X, N, amount=money(2e9))],
        [["s1"], ["s2"], ["s3"]],
    ),
    "the very amount, but years apart": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(4e9), date="2025"),
         claim("2", "2026-01-01", "invested_in", X, N, amount=money(4e9), date="2023-09")],
        [["s1"], ["s2"]],
    ),
    "a backer in the next sentence": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(2e9), said=[(0, 9)]),
         claim("2", "2026-01-01", "invested_in", X, N, said=[(10, 19)]),
         claim("3", "2026-01-01", "invested_in", Y, N, said=[(21, 30)])],
        [["s1", "s2"], ["s3"]],
    ),
    "a leader's share in the sentence before": (
        [claim("1", "2026-01-01", "invested_in", X, N, amount=money(1e9), lead=True, said=[(0, 9)]),
         claim("2", "2026-01-01", "raised", N, N, amount=money(2e9), said=[(10, 19)])],
        [["s1", "s2"]],
    ),
    "not with an amount of its own, if it does not lead": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(2e9), said=[(0, 9)]),
         claim("2", "2026-01-01", "invested_in", X, N, amount=money(1e9), said=[(10, 19)])],
        [["s1"], ["s2"]],
    ),
    "not in one sentence with another amount and a date of its own": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(30e9), said=[(0, 9)]),
         claim("2", "2026-01-01", "invested_in", A, N, amount=money(8e9), date="2023", said=[(0, 9)]),
         claim("3", "2026-01-01", "invested_in", Y, N, amount=money(1e9), said=[(0, 9)])],
        [["s1", "s3"], ["s2"]],
    ),
    "not in one sentence at another time": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(30e9), date="2026", said=[(0, 9)]),
         claim("2", "2026-01-01", "invested_in", X, N, date="2023", said=[(0, 9)])],
        [["s1"], ["s2"]],
    ),
    "not with a date of its own": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(2e9), said=[(0, 9)]),
         claim("2", "2026-01-01", "invested_in", X, N, date="2023", said=[(10, 19)])],
        [["s1"], ["s2"]],
    ),
    "the same date": (
        [claim("1", "2026-01-05", "raised", N, N, amount=money(2e9), date="2026-01", said=[(0, 9)]),
         claim("2", "2026-01-05", "invested_in", X, N, date="2026-01-04", said=[(10, 19)])],
        [["s1", "s2"]],
    ),
    "not beside one of two rounds": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(2e9), said=[(0, 9)]),
         claim("2", "2026-01-01", "raised", N, N, amount=money(9e8), said=[(20, 29)]),
         claim("3", "2026-01-01", "invested_in", X, N, said=[(10, 19)])],
        [["s1"], ["s2"], ["s3"]],
    ),
    "not what is denied": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(2e9), said=[(0, 9)]),
         claim("2", "2026-01-01", "invested_in", X, N, status="denied", said=[(10, 19)])],
        [["s1"], ["s2"]],
    ),
    "who withdrew is in no round, though one sentence tells of both": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(2e9), round="Seed", said=[(0, 9)]),
         claim("2", "2026-01-01", "invested_in", X, N, status="cancelled", round="Seed", said=[(0, 9)]),
         claim("3", "2026-01-01", "invested_in", Y, N, round="Seed")],
        [["s1", "s3"], ["s2"]],
    ),
    "who withdrew, among investors of one named round": (
        [claim("1", "2026-01-01", "invested_in", X, N, round="Seed"),
         claim("2", "2026-01-02", "invested_in", Y, N, round="Seed", status="denied")],
        [["s1"], ["s2"]],
    ),
    "what was denied and then announced is in it": (
        [claim("1", "2026-01-01", "invested_in", X, N, status="denied"),
         claim("2", "2026-02-01", "raised", N, N, amount=money(2e9), said=[(0, 9)]),
         claim("3", "2026-02-01", "invested_in", X, N, status="announced", said=[(0, 9)])],
        [["s1", "s2", "s3"]],
    ),
    "a denied round keeps its investors": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(2e9), status="denied", said=[(0, 9)]),
         claim("2", "2026-01-01", "invested_in", X, N, status="denied", said=[(0, 9)])],
        [["s1", "s2"]],
    ),
    "not a round of another name": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(2e9), round="Series B", said=[(0, 9)]),
         claim("2", "2026-01-01", "invested_in", X, N, round="Series A", lead=True, said=[(10, 19)])],
        [["s1"], ["s2"]],
    ),
    "what was paid before and what is announced stay two deals beside a round": (
        [claim("1", "2026-04-21", "invested_in", A, N, amount=money(8e9), status="completed", said=[(20, 29)]),
         claim("2", "2026-04-21", "invested_in", A, N, amount=money(None, 25e9, "up_to"), said=[(10, 19)]),
         claim("3", "2026-04-21", "raised", N, N, amount=money(30e9), round="Series G", said=[(0, 9)])],
        [["s1"], ["s2"], ["s3"]],
    ),
    "a firm is bought once, whatever is told of it": (
        [claim("1", "2025-05-06", "acquired", X, N, amount=money(3e9), status="in_talks"),
         claim("2", "2026-07-14", "acquired", X, N, amount=money(2e9), date="2026-07"),
         claim("3", None, "acquired", X, N)],
        [["s1", "s2", "s3"]],
    ),
    "talks, and the deal that came of them": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(5e9, 7e9, "range"), status="in_talks"),
         claim("2", "2026-03-01", "raised", N, N, amount=money(6.6e9), valuation=money(157e9)),
         claim("3", "2026-03-05", "raised", N, N, status="rumored", valuation=money(150e9))],
        [["s1", "s2", "s3"]],
    ),
    "talks after the deal are of the next one": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(5e9)),
         claim("2", "2026-03-01", "raised", N, N, amount=money(8e9), status="in_talks")],
        [["s1"], ["s2"]],
    ),
    "talks a year before, or of a multiple, are others": (
        [claim("1", "2025-01-01", "raised", N, N, amount=money(5e9), status="in_talks"),
         claim("2", "2026-02-20", "raised", N, N, amount=money(40e9), status="in_talks"),
         claim("3", "2026-03-01", "raised", N, N, amount=money(6e9))],
        [["s1"], ["s2"], ["s3"]],
    ),
    "one valuation is one round": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(13e9), valuation=money(183e9)),
         claim("2", "2026-03-01", "raised", N, N, valuation=money(180e9)),
         claim("3", None, "raised", N, N, valuation=money(183e9)),
         claim("4", None, "raised", N, N, valuation=money(183e9))],
        [["s1", "s2"], ["s3", "s4"]],
    ),
    "another valuation is another round": (
        [claim("1", "2026-01-01", "raised", N, N, amount=money(13e9), valuation=money(183e9)),
         claim("2", "2026-02-01", "raised", N, N, valuation=money(350e9))],
        [["s1"], ["s2"]],
    ),
    "what was done is not news again": (
        [claim("1", "2024-07-25", "invested_in", A, N, amount=money(4e9), status="completed"),
         claim("2", "2024-11-22", "invested_in", A, N, amount=money(4e9), status="announced"),
         claim("3", "2025-09-01", "invested_in", A, N, amount=money(4e9), status="completed")],
        [["s1"], ["s2", "s3"]],
    ),
    "an amount told years later as done is the old deal": (
        [claim("1", "2019-07-22", "invested_in", X, N, amount=money(1e9)),
         claim("2", "2026-01-01", "invested_in", X, N, amount=money(1e9), status="completed")],
        [["s1", "s2"]],
    ),
    "an undated mention joins by amount or round, else by nothing": (
        [claim("1", "2026-01-01", "invested_in", X, N, amount=money(1e9)),
         claim("2", "2026-06-01", "invested_in", X, N, amount=money(2e9), round="Series B"),
         claim("3", None, "invested_in", X, N, amount=money(1e9)),
         claim("4", None, "invested_in", X, N, round="series b"),
         claim("5", None, "invested_in", X, N)],
        [["s1", "s3"], ["s2", "s4"], ["s5"]],
    ),
    "partnerships of one pair long apart are two": (
        [claim("1", "2024-01-01", "partnered_with", A, N),
         claim("2", "2024-03-01", "partnered_with", A, N),
         claim("3", "2026-01-01", "partnered_with", A, N),
         claim("4", "2025-08-27", "partnered_with", A, N, date="2024-02")],
        [["s1", "s2", "s4"], ["s3"]],
    ),
    "what is told as done is of the last deal before": (
        [claim("1", "2024-01-01", "partnered_with", A, N),
         claim("2", "2025-06-01", "partnered_with", A, N),
         claim("3", "2026-01-01", "partnered_with", A, N, status="completed")],
        [["s1"], ["s2", "s3"]],
    ),
    "investors whom one sentence gives one amount": (
        [claim("1", "2026-01-01", "invested_in", X, N, amount=money(2e9), said=[(0, 9)]),
         claim("2", "2026-01-01", "invested_in", Y, N, amount=money(2e9), said=[(0, 9)]),
         claim("3", "2026-01-01", "invested_in", A, N, amount=money(1e9), said=[(0, 9)])],
        [["s1", "s2"], ["s3"]],
    ),
    "a bare mention long before the round stays apart": (
        [claim("1", "2025-06-01", "invested_in", X, N, issue="a"),
         claim("2", "2025-11-01", "raised", N, N, amount=money(2e9), issue="b", said=[(0, 9)]),
         claim("3", "2025-11-01", "invested_in", X, N, issue="b", said=[(0, 9)]),
         claim("4", "2025-11-20", "invested_in", X, N, issue="c")],
        [["s1"], ["s2", "s3", "s4"]],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", GROUPS)
def test_claims_join_into_deals_in_any_order(case: str) -> None:
    claims, expected = GROUPS[case]
    for some in (claims, claims[::-1], claims[1:] + claims[:1]):
        groups = BOOK.groups(some)
        assert [[c.id for c in group.claims] for group in groups] == expected
        for group in groups:  # each claim but the first says why it is there
            made = Deal.model_validate(BOOK.deal(group.claims, group.links))
            assert [j.statement_id for j in made.joins] == list(made.statement_ids[1:])
            assert all(j.why and j.to in made.statement_ids for j in made.joins)


Said = tuple[str | None, str | None, str | None]  # day of the issue, status, stated date
STEPS: dict[str, tuple[list[Said], list[Said]]] = {
    "a step for each change": (
        [("2026-01-01", "rumored", None), ("2026-02-01", "rumored", None), ("2026-03-01", "announced", None)],
        [("2026-01-01", "rumored", None), ("2026-03-01", "announced", None)],
    ),
    "a stated date goes before the issue's": (
        [("2026-04-22", "completed", "2025-09"), ("2025-12-01", "denied", None)],
        [("2026-04-22", "completed", "2025-09"), ("2025-12-01", "denied", None)],
    ),
    "a year counts by its end, at the latest by the issue": (
        [("2026-04-22", "completed", "2025"), ("2025-10-28", "announced", "2025")],
        [("2025-10-28", "announced", "2025"), ("2026-04-22", "completed", "2025")],
    ),
    "a date to come dates no step": (
        [("2026-01-01", "announced", "2027"), ("2026-02-01", "completed", None)],
        [("2026-01-01", "announced", None), ("2026-02-01", "completed", None)],
    ),
    "later words never lead back": (
        [("2026-01-01", "completed", None), ("2026-02-01", "announced", None)],
        [("2026-01-01", "completed", None)],
    ),
    "out of an end they do": (
        [("2026-01-01", "denied", None), ("2026-02-01", "in_talks", None)],
        [("2026-01-01", "denied", None), ("2026-02-01", "in_talks", None)],
    ),
    "of one day the furthest, and the end after it": (
        [("2026-01-01", "rumored", None), ("2026-01-01", "in_talks", None), ("2026-01-01", "denied", None)],
        [("2026-01-01", "in_talks", None), ("2026-01-01", "denied", None)],
    ),
    "undated issues stand last, without a date": (
        [(None, "completed", "2025-01-01"), (None, "in_talks", None), ("2026-02-01", "announced", None)],
        [("2026-02-01", "announced", None), (None, "completed", None)],
    ),
    "and say nothing that the dated ones said": (
        [(None, "announced", None), ("2026-02-01", "completed", None)],
        [("2026-02-01", "completed", None)],
    ),
    "other words for a stage": (
        [("2026-01-01", "delayed", None), ("2026-02-01", "closed", None)],
        [("2026-01-01", "planned", None), ("2026-02-01", "completed", None)],
    ),
    "nothing said": ([("2026-02-01", None, None), (None, None, None)], [("2026-02-01", "announced", None)]),
    "a word of its own": ([(None, "a word of its own", "2026")], [(None, "announced", None)]),
    "dates that are none": (
        [("2026-02-01", "announced", "<0001"), ("2026-03-01", "completed", ">9999-12-31")],
        [("2026-02-01", "announced", "<0001"), ("2026-03-01", "completed", None)],
    ),
}


@pytest.mark.parametrize("case", STEPS)
def test_steps_are_the_changes_of_stage_in_order_of_date(case: str) -> None:
    said, expected = STEPS[case]
    claims = [
        claim(str(n), day, "acquired", A, N, **{k: v for k, v in (("status", status), ("date", stated)) if v})
        for n, (day, status, stated) in enumerate(said)
    ]
    for some in (claims, claims[::-1]):
        made = Deal.model_validate(BOOK.deal(some))
        assert [(s.reported, s.stage, s.date) for s in made.steps] == expected
        dated = [s.stage for s in made.steps if s.reported]
        assert made.stage == (dated or [s.stage for s in made.steps])[-1]


def test_a_step_rests_on_what_speaks_of_the_whole_and_has_its_amount() -> None:
    some = [
        claim("1", "2026-01-05", "invested_in", X, N, amount=money(1e9), round="Series F", status="announced"),
        claim("2", "2026-01-05", "raised", N, N, amount=money(13e9), round="Series F", status="announced"),
        claim("3", "2026-02-05", "invested_in", X, N, amount=money(1e9), round="Series F", status="completed"),
    ]
    made = Deal.model_validate(BOOK.deal(some))
    assert [(s.stage, s.statement_id, s.amount) for s in made.steps] == [
        ("announced", "s2", money(13e9)), ("completed", "s3", None),
    ]  # fmt: skip


def test_the_end_of_one_share_is_not_that_of_the_round() -> None:
    some = [
        claim("1", "2026-01-05", "invested_in", X, N, round="Series F", status="denied"),
        claim("2", "2026-01-06", "raised", N, N, amount=money(13e9), round="Series F", status="announced"),
        claim("3", "2026-02-05", "invested_in", X, N, round="Series F", status="cancelled"),
    ]
    made = Deal.model_validate(BOOK.deal(some))
    assert (made.stage, [s.statement_id for s in made.steps]) == ("announced", ["s2"])


def test_a_deal_has_its_term_end_and_capacity() -> None:
    said = {"term": "10 years", "until": "2036", "capacity_gw": 5.0, "amount": money(100e9, None, "at_least")}
    made = Deal.model_validate(BOOK.deal([claim("1", "2026-01-05", "commits_spend", N, A, **said)]))
    assert (made.term, made.until, made.capacity_gw, made.amount) == tuple(said.values())


def test_an_amount_told_twice_in_one_issue_counts_once() -> None:
    some = [
        claim("1", "2026-01-01", "raised", N, N, amount=money(2e9)),
        claim("2", "2026-01-01", "invested_in", X, N, amount=money(2e9)),
    ]
    assert total(Deal.model_validate(BOOK.deal(g.claims)) for g in BOOK.groups(some)) == {"USD": (2e9, 2e9)}


@pytest.mark.parametrize(
    ("made", "amount"),
    [
        (deal(money(5e9), parties=(part(money(1e9)), part(money(2e9)))), money(5e9)),
        (deal(None, parties=(part(money(1e9)),)), money(1e9)),
        (deal(None, parties=(part(money(1e9)), part(money(2e9)))), money(3e9, None, "at_least")),
        (deal(None, parties=(part(money(1e9)), part(money(None, 2e9, "up_to")))), money(1e9, None, "at_least")),
        (deal(None, "denied", parties=(part(money(1e9)), part(money(2e9)))), money(3e9, None, "at_least")),
        (deal(None, parties=(part(money(None, 1e9, "up_to")),) * 2), money(None, 2e9, "up_to")),
        (deal(None, parties=(part(money(1e9)), part(money(2e9, currency="EUR")))), None),
        (deal(None, parties=(part(None),)), None),
        (deal(None), None),
    ],
)
def test_a_deal_is_listed_with_its_amount_or_that_of_its_parties(made: Deal, amount: Amount | None) -> None:
    assert worth(made) == amount


def test_a_round_has_the_amount_and_a_party_what_is_its_own() -> None:
    some = [
        claim("1", "2026-01-05", "raised", N, N, amount=money(13e9), round="Series F", valuation=money(183e9)),
        claim("2", "2026-01-04", "invested_in", X, N, amount=money(13e9), round="Series F", date="2026-01"),
        claim("3", None, "invested_in", Y, N, amount=money(1e9), round="Series F", date="2026-01-02"),
    ]
    (group,) = BOOK.groups(some)
    made = Deal.model_validate(BOOK.deal(group.claims, group.links))
    assert (made.id, made.kind, made.stage, made.announced, made.reported) == (
        "d2", "equity_round", "announced", "2026-01-02", "2026-01-04",
    )  # fmt: skip
    assert made.amount == money(13e9)
    assert made.valuation == money(183e9)
    assert {(p.role, p.entity_id): p.amount for p in made.parties} == {
        ("investor", X): None, ("investor", Y): money(1e9), ("receiver", N): None,
    }  # fmt: skip
    assert made.statement_ids == ("s2", "s1", "s3")


def test_the_only_investor_of_no_named_round_gives_the_deal_its_amount() -> None:
    made = Deal.model_validate(BOOK.deal([claim("1", "2026-01-05", "invested_in", X, N, amount=money(2e9))]))
    assert made.amount == money(2e9)
    assert [p.amount for p in made.parties] == [money(2e9), None]


@pytest.mark.parametrize(
    ("deals", "expected"),
    [
        ([], {}),
        ([deal(money(8e9)), deal(money(None, 25e9, "up_to"))], {"USD": (8_000_000_000, 33_000_000_000)}),
        ([deal(money(115e9, 135e9, "range"))], {"USD": (115_000_000_000, 135_000_000_000)}),
        ([deal(money(100e9, None, "at_least"))], {"USD": (100_000_000_000, 100_000_000_000)}),
        ([deal(money(1e9), s) for s in ("in_talks", "rumored", "planned")], {"USD": (0, 3_000_000_000)}),
        ([deal(money(1e9), s) for s in ("cancelled", "denied")], {}),
        ([deal(money(1e9)), deal(money(2e9, currency="EUR"))], {"EUR": (2e9, 2e9), "USD": (1e9, 1e9)}),
        ([deal(money(0.1)), deal(money(0.2))], {"USD": (0.3, 0.3)}),
        ([deal(money(1e9), certain=False), deal(None)], {}),
        ([deal(None, parties=(part(money(1e9)), part(None), part(money(None, 2e9, "up_to"))))], {"USD": (1e9, 3e9)}),
        ([deal(money(5e9), parties=(part(money(1e9)),))], {"USD": (5e9, 5e9)}),
        ([deal(Amount())], {}),
    ],
)  # fmt: skip
def test_totals_keep_promises_and_currencies_apart(deals: list[Deal], expected: dict[str, tuple[float, float]]) -> None:
    assert total(deals) == expected
    assert total(reversed(deals)) == expected


def test_a_cell_of_a_thousand_statements_is_joined_at_once() -> None:
    days = [f"{2024 + n // 336}-{n // 28 % 12 + 1:02d}-{n % 28 + 1:02d}" for n in range(1000)]
    some = [
        claim(f"{n:04}", day, "raised", N, N, amount=money(5e9 if n % 3 else 8e9), status=("announced", None)[n % 2])
        for n, day in enumerate(days)
    ]
    start = perf_counter()
    assert sum(len(group.claims) for group in linked(some)) == 1000
    assert perf_counter() - start < 5  # it takes half a second; minutes where each pair is asked again and again


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-01-01", "the same amount, told on one day"),
        ("2026-01-02", "the same amount, 1 day apart"),
        ("2026-01-04", "the same amount, 3 days apart"),
        (None, "the same amount"),
    ],
)
def test_a_reason_says_how_many_days_lie_between(day: str | None, why: str) -> None:
    some = [
        claim("1", "2026-01-01", "raised", N, N, amount=money(5e9)),
        claim("2", day, "raised", N, N, amount=money(5e9)),
    ]
    (group,) = BOOK.groups(some)
    assert [link.why for link in group.links] == [why]
