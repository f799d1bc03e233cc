"""The Ask page in Streamlit's own test runner: answers, links, verdicts with undo, and texts that stay texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from lxml import html as lxml_html
from streamlit.testing.v1 import AppTest

from app import bootstrap
from app.settings import Settings
from kg import reference, schema
from kg.graph import Graph
from kg.model import Judgement
from kg.store.sqlite import SQLiteStore
from tests.app import web_material as material

MAIN = Path(__file__).resolve().parents[2] / "app" / "web" / "main.py"
WHO = "who invested in Anthropic?"
Open = Callable[..., AppTest]


@pytest.fixture
def open_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Return a function that fills a store and opens the page on it with a question in the address bar."""

    def opened(*extracts: Any, q: str | None = None, store: str | None = None) -> AppTest:
        path = tmp_path / "page.db"
        if store is None:
            material.filled(path, *extracts)
        monkeypatch.setenv("KG_STORE", store or f"sqlite:///{path}")
        at = AppTest.from_file(str(MAIN), default_timeout=300)
        if q is not None:
            at.query_params["q"] = q
        return at.run()

    yield opened
    st.cache_resource.clear()


def bodies(at: AppTest) -> list[str]:
    return [str(element.proto.body) for element in at.get("html") if not element.proto.body.startswith("<style>")]


def shown(at: AppTest, css: str = "") -> list[str]:
    """Return the texts of the page's elements that have this class (all without one), as a person sees them."""
    assert not at.exception, at.exception
    page = lxml_html.fromstring("<main>" + "".join(bodies(at)) + "</main>")
    return [e.text_content() for e in page.xpath(f"//*[contains(concat(' ', @class, ' '), ' {css} ')]" if css else ".")]


def button(at: AppTest, label: str, number: int = 0) -> Any:
    return [b for b in at.button if b.label == label][number]


def test_an_answer_has_text_table_sentences_sources_and_what_was_understood(open_page: Open) -> None:
    at = open_page(material.grid_letter(), q=WHO)
    (answer,) = shown(at, "kg-answer")
    assert "Amazon: up to $25 billion" in answer
    assert "$8 billion" in answer
    assert "Thrive Capital: $1 billion" in answer
    assert len(shown(at, "kg-row")) == 1 + 3
    claims = shown(at, "kg-claim")
    assert material.ANNOUNCED in claims
    assert f"Anthropic backers {material.VENTURE}" in claims
    assert "The Grid LetterGrid Letter No. 122026-04-21" in shown(at, "kg-source")
    assert any(text.startswith("Understood as: ") for text in shown(at, "kg-small"))
    marked = lxml_html.fromstring("".join(b for b in bodies(at) if "kg-claim" in b)).xpath("//p/mark/text()")
    assert {"Amazon", "Anthropic", "Thrive Capital"} >= set(marked) > {"Amazon"}
    assert at.text_input(key="box").value == WHO


def test_marks_of_the_text_are_not_seen(open_page: Open) -> None:
    at = open_page(material.grid_letter(), q="What share of OpenAI does Microsoft hold?")
    assert "Microsoft keeps about 27% of OpenAI, the filing says." in shown(at, "kg-claim")
    assert "27%" in shown(at, "kg-answer")[0]


def test_a_typed_question_goes_into_the_address_bar_and_an_example_too(open_page: Open) -> None:
    at = open_page(material.grid_letter())
    assert shown(at, "kg-answer") == []
    at.text_input(key="box").set_value(f"  {WHO} ")
    button(at, "Ask").click().run()
    assert at.query_params["q"] in (WHO, [WHO])
    assert "Amazon" in shown(at, "kg-answer")[0]
    example = "What share of OpenAI does Microsoft hold?"
    button(at, example).click().run()
    assert at.query_params["q"] in (example, [example])
    assert at.text_input(key="box").value == example
    assert "27%" in shown(at, "kg-answer")[0]
    at.text_input(key="box").set_value(" ")
    button(at, "Ask").click().run()
    assert "q" not in at.query_params
    assert shown(at, "kg-answer") == []


@pytest.mark.parametrize(
    ("q", "said"),
    [
        ("who invested in Cohere?", "not stated in the 1 issue"),
        ("purple seventeen of the the?", ""),
        ("$x$ :smile: **?** <script>window.hacked=1</script>", ""),
        ("?" * 5000, ""),
        ("\x00\u202e", ""),
    ],
)
def test_what_is_not_stated_or_not_understood_is_said_calmly(open_page: Open, q: str, said: str) -> None:
    at = open_page(material.grid_letter(), q=q)
    (answer,) = shown(at, "kg-unanswered")
    assert answer
    assert said in answer
    assert shown(at, "kg-row") == []


@pytest.mark.parametrize("place", ["row", "statement"])
def test_not_this_sets_a_statement_aside_at_once_and_undo_brings_it_back(open_page: Open, place: str) -> None:
    at = open_page(material.grid_letter(), q=WHO)
    before = shown(at, "kg-answer")
    buttons = {"row": "not-row-", "statement": "not-sentences-"}
    first = next(b for b in at.button if b.key and b.key.startswith(buttons[place]))
    first.click().run()
    after = shown(at, "kg-answer")
    assert "$25 billion" in before[0]
    assert "$25 billion" not in after[0]
    assert "Thrive Capital" in after[0]
    assert any("Set aside: Amazon invested in Anthropic" in text for text in shown(at, "kg-small"))
    assert [e.label for e in at.expander if e.label.startswith("Set aside")] == ["Set aside by you (1)"]
    at.button(key="back-last").click().run()
    assert shown(at, "kg-answer") == before
    assert not [e for e in at.expander if e.label.startswith("Set aside")]


def test_what_was_set_aside_earlier_can_be_brought_back_by_a_later_visitor(open_page: Open) -> None:
    at = open_page(material.grid_letter(), q="What share of OpenAI does Microsoft hold?")
    before = shown(at, "kg-answer")
    at.button(key="not-row-0").click().run()
    assert "not stated" in shown(at, "kg-answer")[0]
    later = open_page(q="What share of OpenAI does Microsoft hold?")
    assert "not stated" in shown(later, "kg-answer")[0]
    next(b for b in later.button if b.key and b.key.startswith("back-s")).click().run()
    assert shown(later, "kg-answer") == before
    assert shown(at.run(), "kg-answer") == before


def test_undo_restores_an_earlier_verdict(open_page: Open, tmp_path: Path) -> None:
    at = open_page(material.grid_letter(), q="What share of OpenAI does Microsoft hold?")
    store = SQLiteStore(tmp_path / "page.db")
    graph = Graph(store, schema.load(), reference.load())
    stake = next(row.id for row in store.rows("statement") if row.data["relation"] == "owns_stake")
    graph.judge(Judgement(kind="statement", target=stake, verdict="accept", when="2026-05-01T10:00:00Z"))
    at.run().button(key="not-row-0").click().run()
    assert [j.verdict for j in graph.judgements()] == ["reject"]
    at.button(key="back-last").click().run()
    assert [(j.verdict, j.when) for j in graph.judgements()] == [("accept", "2026-05-01T10:00:00Z")]
    store.close()


def test_a_corrected_statement_says_so_and_shows_what_is_right(open_page: Open, tmp_path: Path) -> None:
    at = open_page(material.grid_letter(), q="What share of OpenAI does Microsoft hold?")
    assert "corrected by a person" not in shown(at)[0]
    store = SQLiteStore(tmp_path / "page.db")
    graph = Graph(store, schema.load(), reference.load())
    stake = next(row.id for row in store.rows("statement") if row.data["relation"] == "owns_stake")
    graph.judge(Judgement(kind="statement", target=stake, verdict="correct", value='{"percent": 31}'))
    at.run()
    assert "31%" in shown(at, "kg-answer")[0]
    (said,) = shown(at, "kg-statement")
    assert "corrected by a person" in said
    assert "31%" in said
    store.close()


def test_a_statement_that_is_gone_is_told_and_nothing_breaks(open_page: Open, tmp_path: Path) -> None:
    at = open_page(material.grid_letter(), q="What share of OpenAI does Microsoft hold?")
    store = SQLiteStore(tmp_path / "page.db")
    Graph(store, schema.load(), reference.load()).remove("grid-letter-1a2b3c4d")
    at.button(key="not-row-0").click().run()
    assert any("no statement has the id" in text for text in shown(at, "kg-error"))
    assert any("Nothing has been read yet" in text for text in shown(at, "kg-info"))
    assert not list(store.rows("judgement"))
    store.close()


def test_an_issue_imported_meanwhile_counts_in_the_next_answer(open_page: Open, tmp_path: Path) -> None:
    at = open_page(material.grid_letter(), q=WHO)
    assert "Menlo" not in shown(at, "kg-answer")[0]
    material.filled(tmp_path / "page.db", material.doubtful_letter())
    assert "Menlo Ventures" in shown(at.run(), "kg-answer")[0]
    assert "2 newsletter issues read" in shown(at, "kg-head")[0]


def test_a_store_that_was_deleted_and_made_again_is_opened_anew(open_page: Open, tmp_path: Path) -> None:
    at = open_page(material.grid_letter(), q=WHO)
    for file in tmp_path.glob("page.db*"):
        file.unlink()
    material.filled(tmp_path / "page.db", material.doubtful_letter())
    assert "Amazon" not in shown(at.run(), "kg-answer")[0]


def test_less_certain_statements_stand_apart(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def opened(settings: Settings) -> Iterator[Graph]:
        trust = {"invested_in": 0.6}
        graph = Graph(bootstrap.open_store(settings), schema.load(), reference.load(), trust=trust)
        graph.refresh()
        yield graph

    monkeypatch.setattr(bootstrap, "opened", opened)
    at = open_page(material.grid_letter(), material.doubtful_letter(), q=WHO)
    (box,) = (e for e in at.expander if e.label.startswith("Less certain"))
    assert box.label == "Less certain (1)"
    assert any(
        "Menlo Ventures has money" in str(h.proto.body) or "Menlo Ventures" in str(h.proto.body)
        for h in box.get("html")
    )
    assert "Menlo" not in shown(at, "kg-answer")[0]
    assert "Sentences (3)" in shown(at, "kg-section")
    assert any("less certain (1)" in text for text in shown(at, "kg-small"))


def test_an_empty_store_says_how_to_fill_it(open_page: Open) -> None:
    at = open_page(q=WHO)
    assert "0 newsletter issues read" in shown(at, "kg-head")[0]
    assert "Nothing has been read yet" in shown(at, "kg-info")[0]
    assert "kg import" in at.code[0].value
    assert shown(at, "kg-answer") == []


@pytest.mark.parametrize(
    ("store", "said"),
    [
        ("sqlite:///{tmp}/$a$ _b_ :smile: <b>.db", "is not a store"),
        ("sqlite:///{tmp}/file/below.db", "cannot make the folder"),
        ("foo://$x$:secret@host", "unknown store"),
    ],
)
def test_a_store_that_cannot_be_used_is_told_in_plain_text(
    open_page: Open, tmp_path: Path, store: str, said: str
) -> None:
    (tmp_path / "$a$ _b_ :smile: <b>.db").write_text("no database, just words " * 100)
    (tmp_path / "file").write_text("a file, no folder")
    at = open_page(store=store.replace("{tmp}", str(tmp_path)), q=WHO)
    (box,) = shown(at, "kg-error")
    assert said in box
    assert "secret" not in box
    harmless(at)


def test_long_lists_are_cut_and_say_so(open_page: Open) -> None:
    at = open_page(material.many_letter(40), q="who invested in Quillmark?")
    assert len(shown(at, "kg-row")) == 1 + 15
    assert len(shown(at, "kg-statement")) == 10
    assert "32 more" in shown(at, "kg-answer")[0]
    at.button(key="more-rows").click().run()
    assert len(shown(at, "kg-row")) == 1 + 30
    at.button(key="more-rows").click().run()
    assert len(shown(at, "kg-row")) == 1 + 40
    assert [b.label for b in at.button if " more of " in b.label] == ["Show 10 more of 30"]
    at.button(key="more-sentences").click().run()
    assert len(shown(at, "kg-statement")) == 20


def test_hostile_texts_stay_texts_in_every_place(open_page: Open) -> None:
    at = open_page(material.grid_letter(), material.hostile_letter(), q="who invested in Quillmark?")
    harmless(at)
    for css in ("kg-answer", "kg-row", "kg-statement"):
        assert any(material.HOSTILE_NAME in text for text in shown(at, css)), css
    assert any(material.HOSTILE in text for text in shown(at, "kg-row"))
    assert any(material.HOSTILE in text for text in shown(at, "kg-support"))
    assert any(f"Publisher {material.HOSTILE}Title {material.HOSTILE}" in text for text in shown(at, "kg-source"))
    at.button(key="not-row-0").click().run()
    harmless(at)
    assert any(f"Set aside: {material.HOSTILE_NAME}" in text for text in shown(at, "kg-small"))


def test_a_hostile_question_stays_text(open_page: Open) -> None:
    at = open_page(material.grid_letter(), q=f"who invested in {material.HOSTILE_NAME}?")
    harmless(at)
    assert shown(at, "kg-answer")


TAGS = {"main", "div", "p", "h1", "h3", "span", "b", "strong", "mark", "a", "article", "details", "summary"}
ATTRIBUTES = {"class", "data-label", "style", "role", "href", "target", "rel"}
TRACES = ("smile", "x^2", "hacked", "alert(", "$Acme$", "=1+1")


def harmless(at: AppTest) -> None:
    """Hold that no text made a tag, an attribute or a style, and that none stands where Markdown is read."""
    assert not at.exception, at.exception
    page = lxml_html.fromstring("<main>" + "".join(bodies(at)) + "</main>")
    for element in page.iter():
        assert element.tag in TAGS, element.tag
        assert set(element.attrib) <= ATTRIBUTES, dict(element.attrib)
        assert element.get("href", "https://").startswith("https://")
        assert element.get("style", "grid-template-columns: ").startswith("grid-template-columns: ")
        assert not any(trace in element.get("class", "") + element.get("style", "") for trace in TRACES)
    for leaf in leaves(at._tree):
        if leaf.type not in ("html", "text_input"):  # both show plain text
            said = str(leaf.proto) if hasattr(leaf, "proto") else ""
            assert not any(trace in said for trace in TRACES), (leaf.type, said)


def leaves(block: Any) -> Iterator[Any]:
    """Yield every block and element of a page."""
    yield block
    for child in getattr(block, "children", {}).values():
        yield from leaves(child)
