"""Parts of the pages: escaped markup, tables, and sentences with their names marked."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html as lxml_html

from app.web.rows import details, said, table
from app.web.sentences import evidence, found, highlighted, seen, source
from app.web.tags import Html, joined, link, tag, text
from kg import schema
from tests.app.web_material import HOSTILE, HOSTILE_NAME


@pytest.mark.parametrize(
    "words",
    [HOSTILE, HOSTILE_NAME, "a & b < c > d \" ' `", "&amp; &lt;", "日本語 🎉", "", "</p></div><script>x</script>"],
)
def test_a_text_is_shown_letter_by_letter(words: str) -> None:
    element = lxml_html.fromstring(tag("p", words, title=words))
    assert element.tag == "p"
    assert len(element) == 0
    assert (element.text or "") == words
    assert element.get("title", "") == words


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("in\u00advisible\u200b", "invisible"),
        ("turned \u202egnp.exe\u202c", "turned gnp.exe"),
        ("nul \x00 and \x1b[31m", "nul \N{REPLACEMENT CHARACTER} and \N{REPLACEMENT CHARACTER}[31m"),
        ("half \ud83d pair", "half \N{REPLACEMENT CHARACTER} pair"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
    ],
)
def test_characters_that_act_on_the_line_are_not_shown(words: str, shown: str) -> None:
    assert text(words) == shown


def test_finished_markup_is_not_escaped_again() -> None:
    assert tag("p", tag("b", "a<b"), "&", Html("<i>x</i>"), css="k") == '<p class="k"><b>a&lt;b</b>&amp;<i>x</i></p>'
    assert joined("<", tag("b", "x")) == "&lt;<b>x</b>"


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://example.org/a?b=1&c=2", True),
        ("HTTP://example.org", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt://example.org/%0aalert(1)", False),
        ("data:text/html,<script>", False),
        ("//example.org", False),
        ("https://", False),
        ("http://[broken", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(url: str, linked: bool) -> None:
    made = lxml_html.fromstring(tag("p", link("<words>", url)))
    assert made.text_content() == "<words>"
    assert [a.get("href") for a in made.iter("a")] == ([url] if linked else [])


def row(subject: str, relation: str, object: str, stage: str = "", **attrs: Any) -> dict[str, Any]:
    return {"subject": subject, "relation": relation, "object": object, "attrs": attrs, "stage": stage}


BILLION = {"low": 1e9, "high": 1e9, "currency": "USD"}
UP_TO = {"high": 25e9, "currency": "USD", "qualifier": "up_to"}


@pytest.mark.parametrize(
    ("rows", "headings", "cells"),
    [
        (
            [
                row("Amazon", "invested_in", "Anthropic", "announced", amount=UP_TO, date="2026-04"),
                row("Thrive", "invested_in", "Anthropic", amount=BILLION, lead=True),
            ],
            ("Investor", "Investment", "Amount", "Lead", "Status", "Date"),
            (
                ("Amazon", "Anthropic", "up to $25 billion", "", "announced", "2026-04"),
                ("Thrive", "Anthropic", "$1 billion", "led", "", ""),
            ),
        ),
        (
            [row("Meta", "reports_metric", "Meta", metric="users", value=3.5e9, period="2026-Q1")],
            ("Figure", "Score", "Period"),
            (("users", "3,500,000,000", "2026-Q1"),),
        ),
        (
            [row("A", "owns_stake", "B", percent=27), row("C", "sued", "D")],
            ("From", "", "To", "Share"),
            (("A", "holds a stake in", "B", "27%"), ("C", "sued", "D", "")),
        ),
        (
            [row("M", "scored", "HLE", value=54, unit="percent"), row("N", "scored", "HLE", value=1, unit="rank")],
            ("Model", "Benchmark", "Score"),
            (("M", "HLE", "54%"), ("N", "HLE", "rank 1")),
        ),
        (
            [
                row(
                    "A",
                    "invested_in",
                    "B",
                    amount={"low": 1e9, "high": 1e9},
                    round="Series F",
                    term="2 years",
                    status="completed",
                    date="2026-04-20",
                ),
                row("C", "sued", "D", attributed_to="Ann"),
            ],
            ("From", "", "To", "Amount", "Status", "Date", "Details"),
            (
                ("A", "invested in", "B", "$1 billion", "completed", "2026-04-20", "Series F · over 2 years"),
                ("C", "sued", "D", "", "", "", "according to Ann"),
            ),
        ),
        ([row("P", "works_at", "F", role="CEO", current=False)], ("Role",), (("CEO (formerly)",),)),
        ([row("P", "not_a_relation", "F")], ("From", "To"), (("P", "F"),)),
        ([row("=1+1", "sued", "{object}", date="{subject}")], ("Date",), (("{subject}",),)),
    ],
)
def test_a_table_has_the_columns_that_something_stands_in(
    rows: list[dict[str, Any]], headings: tuple[str, ...], cells: tuple[tuple[str, ...], ...]
) -> None:
    made = table(rows, schema.load())
    assert made.headings[-len(headings) :] == headings
    assert tuple(c[-len(headings) :] for c in made.cells) == cells
    assert len(made.widths) == len(made.headings)


def test_a_statement_is_said_by_its_relations_form_and_names_with_braces_stay() -> None:
    assert said(row("Amazon", "invested_in", "Anthropic"), schema.load()) == "Amazon invested in Anthropic"
    assert said(row("{object}", "invested_in", "{subject}"), schema.load()) == "{object} invested in {subject}"
    assert said(row("A", "new_kind", "B"), schema.load()) == "A new kind B"


def test_details_are_one_line() -> None:
    attrs = {"amount": UP_TO, "round": "Series F", "status": "in_talks", "valuation": BILLION}
    assert details(attrs) == "up to $25 billion · Series F · at a valuation of $1 billion · in talks"
    assert details({}) == ""


TEXT = (
    "# Amazon & co\n\n- **Amazon** puts [more](https://example.org/x) into Anthropic; Amazonia does not.\n\nIt said so."
)
CLAIM = TEXT[TEXT.index("**Amazon") : TEXT.index("\n\nIt")]


def places(name: str) -> list[tuple[int, int]]:
    return [(n, n + len(name)) for n in range(len(TEXT)) if TEXT.startswith(name, n)]


def test_marked_places_are_highlighted_in_what_a_person_sees() -> None:
    start = TEXT.index(CLAIM)
    shown = seen(TEXT, start, start + len(CLAIM), [*places("Amazon")[:2], *places("Anthropic"), (0, 400), (9, 9)])
    assert shown == "<mark>Amazon</mark> puts more into <mark>Anthropic</mark>; Amazonia does not."


@pytest.mark.parametrize(
    ("words", "names", "shown"),
    [
        ("Amazon and Amazonia", ["Amazon"], "<mark>Amazon</mark> and Amazonia"),
        ("amazon's AMAZON", ["Amazon"], "<mark>amazon</mark>&#x27;s <mark>AMAZON</mark>"),
        ("Google DeepMind", ["Google", "Google DeepMind"], "<mark>Google DeepMind</mark>"),
        ("C++ (beta)", ["C++", "(beta)"], "<mark>C++</mark> <mark>(beta)</mark>"),
        ("a.b axb", ["a.b"], "<mark>a.b</mark> axb"),
        ("nothing", ["", " "], "nothing"),
    ],
)
def test_names_are_found_as_words_of_their_own(words: str, names: list[str], shown: str) -> None:
    assert highlighted(words, found(words, names)) == shown


def span(role: str, words: str, text: str = TEXT) -> dict[str, Any]:
    at = text.index(words)
    return {"role": role, "text": words, "start": at, "end": at + len(words)}


def test_support_stands_in_grey_before_the_claim_that_it_supports() -> None:
    spans = [span("claim", "It said so."), span("heading", "Amazon & co"), span("claim", CLAIM)]
    shown = lxml_html.fromstring(tag("div", evidence(spans, TEXT, marks=places("Amazon"), names=["Amazon"])))
    assert [p.text_content() for p in shown] == [
        "Amazon & co Amazon puts more into Anthropic; Amazonia does not.", "It said so.",
    ]  # fmt: skip
    assert shown.xpath("string(p[1]/span[@class='kg-support kg-heading'])") == "Amazon & co "
    assert shown.xpath("string(p[1]/span/mark)") == "Amazon"


def test_support_after_the_last_claim_and_an_unknown_role_are_shown_too() -> None:
    spans = [span("claim", "Amazon & co"), span('x" onload="y', "It said so.")]
    shown = lxml_html.fromstring(tag("div", evidence(spans, TEXT, marks=[], names=[])))
    assert shown.text_content() == "It said so. Amazon & co"
    assert shown.xpath("string(p/span/@class)") == "kg-support kg-support"


def test_evidence_whose_text_has_changed_shows_what_was_read() -> None:
    spans = [{"role": "claim", "text": "Old  words of Amazon.", "start": 0, "end": 21}]
    for now in (None, TEXT):
        shown = evidence(spans, now, marks=places("Amazon"), names=["Amazon"])
        assert shown == '<p class="kg-claim">Old words of <mark>Amazon</mark>.</p>'


@pytest.mark.parametrize(
    ("issue", "shown"),
    [
        ({"title": "No. 12", "publisher": "The Grid", "published": "2026-04-21"}, ["The Grid", "No. 12", "2026-04-21"]),
        ({"title": "", "file": "a.md", "publisher": "", "published": None}, ["a.md", "undated"]),
        ({"title": "Same", "publisher": "Same", "published": None}, ["Same", "undated"]),
        (None, ["key-1", "undated"]),
        ({"title": HOSTILE, "publisher": HOSTILE_NAME, "url": "javascript:x"}, [HOSTILE_NAME, HOSTILE, "undated"]),
    ],
)
def test_a_source_line_says_publisher_title_and_date(issue: dict[str, Any] | None, shown: list[str]) -> None:
    made = lxml_html.fromstring(source(issue, "key-1"))
    assert [part.text_content() for part in made] == shown
