"""The story of a deal in Streamlit's own test runner: terms, parties, time, sentences, and the ways that lead to it."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.web.story import facts, timeline
from kg import schema
from kg.deal_list import DealFilter, Deals
from kg.model import Amount, Extract, Issue
from kg.store.sqlite import SQLiteStore
from tests.app import money_material as material
from tests.app import network_material, web_material
from tests.app import opened as pages
from tests.app.opened import Open, shown, to_network

open_page = pages.open_page  # the fixture that the next one needs


@pytest.fixture
def opened(open_page: Open) -> Open:
    """Return a function that fills a store and opens the page (or another `view`) on it with an address."""
    return partial(open_page, view="deal")


def stories(at: AppTest) -> list[str]:
    """Return where the links to stories lead."""
    return [link.proto.query_string for link in at.get("page_link") if link.proto.page.endswith("deal")]


def loan() -> tuple[str, dict[str, Any]]:
    """Return id and story of the loan of $1 billion in the store that the page shows."""
    store = SQLiteStore(Path(os.environ["KG_STORE"].removeprefix("sqlite:///")))
    deals = Deals(store)
    found = deals.find(DealFilter(kinds=("debt",), min_amount=1e9, max_amount=1e9)).deals
    (deal,) = found
    told = deals.story(deal.id)
    store.close()
    return deal.id, told


LETTERS = (material.circle(), material.later(), material.undated())


def test_the_story_tells_terms_parties_steps_statements_and_other_deals(opened: Open) -> None:
    at = opened(*LETTERS)
    assert any("No deal is chosen" in text for text in shown(at, "kg-info"))
    id, told = loan()
    at.query_params["deal"] = id
    at.run()
    assert shown(at, "kg-head") == ["Quillmark → Ostrava LabsDebt"]
    terms, parties = shown(at, "kg-facts")
    for words in ("Stagecompleted", "Amount$1 billion", "Date stated2026-01-15", "First reported2026-04-12"):
        assert words in terms
    assert "LenderQuillmark" in parties
    assert "BorrowerOstrava Labs" in parties
    assert any("2026-01-15: completed$1 billion" in text for text in shown(at, "kg-kinds"))
    assert any("Without a date (1):" in text for text in shown(at, "kg-kinds"))
    assert not any("undated" in text for text in shown(at, "kg-kinds"))
    assert {material.LOAN, *(s["evidence"][0]["text"] for s in told["statements"])} == set(shown(at, "kg-claim"))
    assert any("Issues (3)" in text for text in shown(at, "kg-section"))
    assert any("Other deals of the same parties (4)" in text for text in shown(at, "kg-section"))
    assert len(at.get("vega_lite_chart")) == 1
    ways = [button.key for button in at.button if button.label == "Story"]
    assert len(ways) == 4
    at.button(key=ways[0]).click().run()
    assert shown(at, "kg-claim") == [material.MORE]
    assert at.query_params["deal"] != id


def test_a_statement_s_id_finds_its_deal_and_what_is_gone_is_said(opened: Open) -> None:
    at = opened(*LETTERS)
    _, told = loan()
    at.query_params["deal"] = told["statements"][-1]["id"]
    at.run()
    assert shown(at, "kg-head") == ["Quillmark → Ostrava LabsDebt"]
    at.query_params["deal"] = "d0000<script>"
    at.run()
    assert any("no longer there" in text for text in shown(at, "kg-info"))


def test_an_empty_store_says_how_to_fill_it(opened: Open) -> None:
    assert any("Nothing has been read yet" in text for text in shown(opened(deal="d1"), "kg-info"))


def test_not_this_takes_a_deal_away_and_undo_brings_it_back(opened: Open) -> None:
    at = opened(material.circle())
    id, _ = loan()
    at.query_params["deal"] = id
    at.run()
    next(b for b in at.button if b.key and b.key.startswith("not-story-statements")).click().run()
    assert any("no longer there" in text for text in shown(at, "kg-info"))
    at.button(key="back-last").click().run()
    assert shown(at, "kg-head") == ["Quillmark → Ostrava LabsDebt"]


def test_the_network_and_answers_and_loops_lead_to_stories(opened: Open) -> None:
    at = opened(*LETTERS, view="network")
    id, _ = loan()
    at.query_params["chosen"] = id
    at.run()
    assert stories(at) == [f"deal={id}"]
    at = opened(*LETTERS, view="money", loop=list(material.THREE))
    assert len(stories(at)) == 4
    assert f"deal={id}" in stories(at)
    at = opened(*LETTERS, view="ask", q="Who invested in Quillmark?")
    assert len(stories(at)) == 2
    at = opened(*LETTERS, view="ask", q="Who lent to Tinroof Cloud?")
    assert len(stories(at)) == 1


def test_the_network_opens_with_the_deal(opened: Open) -> None:
    at = opened(*LETTERS)
    id, _ = loan()
    at.query_params["deal"] = id
    at.run()
    to_network(at)
    assert at.query_params["chosen"] in (id, [id])
    assert any("1 deal shown" in text for text in shown(at, "kg-head"))


def test_hostile_texts_of_a_deal_are_shown_as_they_are(opened: Open) -> None:
    at = opened(web_material.hostile_letter())
    store = SQLiteStore(Path(os.environ["KG_STORE"].removeprefix("sqlite:///")))
    (row,) = store.rows("deal")
    store.close()
    at.query_params["deal"] = row.id
    at.run()
    assert shown(at, "kg-head") == [f"{web_material.HOSTILE_NAME} → QuillmarkFunding round"]
    assert any(web_material.HOSTILE in text for text in shown(at, "kg-facts"))
    assert any(web_material.HOSTILE in text for text in shown(at, "kg-source"))


def test_statements_stand_on_the_days_that_they_mean(opened: Open) -> None:
    opened(*LETTERS)
    _, told = loan()
    made = timeline.told(told, {}, schema.load())
    marks = [(m.lane, m.first, m.last, m.date, m.tells, m.amount) for m in made.moments]
    assert marks == [
        (timeline.STEPS, "2026-01-15", "2026-01-15", "2026-01-15", "completed", "$1 billion"),
        ("The Ledger", "2026-01-15", "2026-01-15", "2026-01-15", "completed", "$1 billion"),
        (web_material.HOSTILE_NAME, "2026-05-20", "2026-05-20", "2026-05-20", timeline.UNTOLD, "$1 billion"),
    ]
    assert [s["evidence"][0]["issue"] for s in made.undated] == ["undated-66666666"]
    assert timeline.chart(made).to_dict()["layer"]
    later = next(s["id"] for s in told["statements"] if s["evidence"][0]["issue"].startswith("later"))
    made = timeline.told(told, {later: {"date": "last month"}}, schema.load())
    assert ("2026-04-01", "2026-04-30") in [(m.first, m.last) for m in made.moments]


@pytest.mark.parametrize(
    ("stated", "first", "last"),
    [
        ("2026-03", "2026-03-01", "2026-03-31"),
        ("2026-04", "2026-04-01", "2026-04-12"),
        ("2026", "2026-01-01", "2026-04-12"),
        ("2026-05", "2026-04-12", "2026-04-12"),
        ("<2026", "2025-12-31", "2025-12-31"),
        (None, "2026-04-12", "2026-04-12"),
        ("soon", "2026-04-12", "2026-04-12"),
    ],
)
def test_a_coarse_date_is_a_stretch_and_one_to_come_is_none(stated: str | None, first: str, last: str) -> None:
    statement = {
        "id": "s1", "subject": "A", "object": "B", "relation": "lent_to", "attrs": {"date": stated, "status": "closed"},
        "evidence": [{"issue": "i"}],
    }  # fmt: skip
    story = {"steps": [], "statements": [statement], "issues": [
        {"key": "i", "date": "2026-04-12", "publisher": "", "title": "T"}]}  # fmt: skip
    (mark,) = timeline.told(story, {}, schema.load()).moments
    assert (mark.first, mark.last, mark.lane, mark.tells) == (first, last, "T", "completed")
    assert timeline.chart(timeline.Told((mark,))).to_dict()


def test_terms_say_what_is_stated_and_nothing_else() -> None:
    deal = {
        "kind": "supply", "stage": "in_talks", "certain": False, "valuation": None, "round": None, "percent": 4.5,
        "capacity_gw": 2, "term": "10 years", "until": "2030", "announced": None, "reported": None,
        "amount": Amount(low=1e9, high=2e9, qualifier="range").model_dump(),
    }  # fmt: skip
    assert facts.terms(deal) == [
        ("Kind", "Supply contract"), ("Stage", "in talks (less certain)"),
        ("Amount", "$1-2 billion (low $1 billion, high $2 billion)"), ("Share", "4.5%"), ("Capacity", "2 GW"),
        ("Term", "10 years"), ("Until", "2030"), ("First reported", "only in issues without a date"),
    ]  # fmt: skip


TALKS = "Ostrava Labs is in talks to raise $2 billion, a letter says."
DONE = "Ostrava Labs raised up to $3 billion: $1 billion now, the rest on $ milestones ~~soon~~."
RETURNED = "Quillmark put $3 billion into Ostrava Labs."
SPENT = "In return, Ostrava Labs spends $4 billion at Quillmark."


def rounds() -> list[Extract]:
    """Return two issues: talks of a round, then the round in parts, and a contract in return for what one put in."""
    parts = [
        {"amount": Amount(low=1e9, high=1e9)},
        {"amount": Amount(high=2e9, qualifier="up_to"), "status": "planned", "condition": "$ milestones ~~soon~~"},
    ]
    upper, three, two = Amount(high=3e9, qualifier="up_to"), Amount(low=3e9, high=3e9), Amount(low=2e9, high=2e9)
    firm, text, say = "Ostrava Labs", f"{DONE} {RETURNED} {SPENT}", web_material.statement
    first = [say(TALKS, firm, "raised", firm, TALKS, amount=two, status="in_talks")]
    second = [
        say(text, firm, "raised", firm, DONE, amount=upper, tranches=parts, status="announced"),
        say(text, "Quillmark", "invested_in", firm, RETURNED, amount=three),
        say(text, firm, "commits_spend", "Quillmark", SPENT, amount=Amount(low=4e9, high=4e9)),
    ]
    made = []
    for key, day, told, some in (("a", "2026-02-01", TALKS, first), ("b", "2026-03-01", text, second)):
        names = sorted({name for s in some for name in (s.subject, s.object)})
        entities = tuple(web_material.entity(told, name) for name in names)
        issue = Issue(key=key, doc_id=key, text=told, publisher=f"Letter {key}", published=day)
        made.append(Extract(issue=issue, entities=entities, statements=tuple(some)))
    return made


def test_the_story_tells_figures_parts_reasons_and_what_was_agreed_in_return(opened: Open) -> None:
    at = opened(*rounds())
    store = SQLiteStore(Path(os.environ["KG_STORE"].removeprefix("sqlite:///")))
    (deal,) = Deals(store).find(DealFilter(kinds=("equity_round",))).deals
    (contract,) = Deals(store).find(DealFilter(kinds=("supply",))).deals
    store.close()
    at.query_params["deal"] = deal.id
    at.run()
    kinds = shown(at, "kg-kinds")
    assert {"In parts", "Figures (2)", "In return", "Why these are one deal"} <= set(shown(at, "kg-section"))
    assert "of this $1 billionnowof this up to $2 billionplanned · $ milestones ~~soon~~" in kinds
    (figures,) = [text for text in kinds if text.startswith("up to $3 billion")]
    for words in ("2026-03-01 · Letter b · shown:", "$2 billion2026-02-01 · Letter a · as talks"):
        assert words in figures
    (reasons,) = [text for text in kinds if "talks before the deal, 28 days apart" in text]
    assert "the round's very amount, in one issue" in reasons
    (returned,) = [text for text in kinds if SPENT in text]
    assert "Supply contract · $4 billion · announced" in returned
    at.button(key=f"in-return-{contract.id}").click().run()
    assert at.query_params["deal"] == contract.id
    assert any(SPENT in text and "Funding round" in text for text in shown(at, "kg-kinds"))


def test_every_part_of_a_round_has_its_amount(opened: Open) -> None:
    at = opened(network_material.ledger())
    store = SQLiteStore(Path(os.environ["KG_STORE"].removeprefix("sqlite:///")))
    found = Deals(store).find(DealFilter(kinds=("equity_round",), min_amount=2e9)).deals
    store.close()
    at.query_params["deal"] = found[0].id
    at.run()
    terms, parties = shown(at, "kg-facts")
    assert "RoundSeries B" in terms
    assert "Harbour Fund · $300 million of its own" in parties


def test_a_date_at_the_beginning_of_the_calendar_is_drawn() -> None:
    days = (("0050-01-01", "0050-12-31"), ("2026-01-01", "2026-01-01"))
    moments = tuple(timeline.Moment("The Grid Letter", a, b, a, "announced", "", "said") for a, b in days)
    assert timeline.chart(timeline.Told(moments)).to_dict()["height"] > 0
