"""The Review page: one question at a time, answered by a click or a key, taken back, and its place kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from lxml import html as lxml_html
from streamlit.testing.v1 import AppTest

from app import bootstrap
from app.web import judging, state
from kg.graph import Graph
from kg.model import Amount, Extract, Issue, Judgement
from kg.review import Review
from kg.store.sqlite import SQLiteStore
from tests.app import browser
from tests.app import web_material as material

MAIN = Path(__file__).resolve().parents[2] / "app" / "web" / "main.py"
Open = Callable[..., AppTest]


def letter(key: str, claim: str, subject: str, relation: str, target: str, **said: Any) -> Extract:
    """Return an issue of one sentence about two firms."""
    ends = (material.entity(claim, subject), material.entity(claim, target))
    about = Issue(key=key, doc_id=key, text=claim, title=f"Letter {key}", published="2026-05-01", file=f"{key}.txt")
    made = material.statement(claim, subject, relation, target, claim, **said)
    return Extract(issue=about, entities=ends, statements=(made,), reader="hand")


def letters() -> tuple[Extract, ...]:
    """Return issues that leave three questions open, of two kinds: about $5 billion, $2 billion, and no money."""
    return (
        letter("one", "Brightfen may give Halvic $5 billion.", "Brightfen", "invested_in", "Halvic", sure=0.4,
               amount=Amount(low=5e9, high=5e9)),
        letter("two", "Corvanta may give Halvic $2 billion.", "Corvanta", "invested_in", "Halvic", sure=0.4,
               amount=Amount(low=2e9, high=2e9)),
        letter("three", "Quillmark works with Brightfen.", "Quillmark", "partnered_with", "Brightfen", sure=0.99),
        letter("four", "Quillmark AG works with Tessaline.", "Quillmark AG", "partnered_with", "Tessaline", sure=0.99),
    )  # fmt: skip


@pytest.fixture
def open_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Return a function that fills a store and opens the page on it with an address."""

    def opened(*extracts: Any, store: str | None = None, **address: str) -> AppTest:
        path = tmp_path / "page.db"
        if store is None:
            material.filled(path, *extracts)
        monkeypatch.setenv("KG_STORE", store or f"sqlite:///{path}")
        at = AppTest.from_file(str(MAIN), default_timeout=300).run().switch_page("views/judge.py")
        for name, value in address.items():
            at.query_params[name] = value
        return at.run()

    yield opened
    st.cache_resource.clear()


@pytest.fixture
def judged(tmp_path: Path) -> Callable[[], dict[str, str]]:
    """Return a function that reads target → verdict from the store of the page."""

    def read() -> dict[str, str]:
        store = SQLiteStore(tmp_path / "page.db")
        found = {row.data["target"]: row.data["verdict"] for row in store.rows("judgement")}
        store.close()
        return found

    return read


def shown(at: AppTest, css: str) -> list[str]:
    """Return the texts of the page's elements that have this class, as a person sees them."""
    assert not at.exception, at.exception
    bodies = [str(e.proto.body) for e in at.get("html") if not e.proto.body.startswith("<style>")]
    page = lxml_html.fromstring("<main>" + "".join(bodies) + "</main>")
    return [e.text_content() for e in page.xpath(f"//*[contains(concat(' ', @class, ' '), ' {css} ')]")]


def press(at: AppTest, label: str) -> AppTest:
    """Press the first button of this label."""
    found = next(b for b in at.button if b.label == label)
    assert not found.disabled
    return found.click().run()


def address(at: AppTest, name: str) -> str:
    """Return what the address says of this name, "" for nothing."""
    found = at.query_params.get(name, "")
    return found if isinstance(found, str) else "".join(found)


def asked(at: AppTest) -> str:
    return shown(at, "kg-asked")[0]


def head(at: AppTest) -> str:
    return shown(at, "kg-head")[0]


def test_the_question_with_most_money_comes_first_with_its_sentences(open_page: Open) -> None:
    at = open_page(*letters())
    assert head(at) == "Review1 of 3, ordered by money at stake"
    assert "Brightfen invested in Halvic: $5 billion (announced)" in asked(at)
    assert "$5 billion at stake, 1 link touched" in asked(at)
    assert shown(at, "kg-claim") == ["Brightfen may give Halvic $5 billion."]
    assert shown(at, "kg-source") == ["Letter one2026-05-01"]
    ours = [b for b in at.button if b.proto.shortcut]
    assert {b.label: b.proto.shortcut for b in ours} == {
        "Right": "a",
        "Wrong": "x",
        "Back": "left",
        "Skip": "right",
        "Undo": "z",
    }
    assert [b.disabled for b in ours] == [False, False, True, False, True]


def test_an_answer_is_kept_the_next_question_takes_its_place_and_undo_brings_it_back(
    open_page: Open, judged: Callable[[], dict[str, str]]
) -> None:
    at = press(open_page(*letters()), "Wrong")
    assert head(at) == "Review1 of 2, ordered by money at stake1 decided"
    assert "Corvanta invested in Halvic" in asked(at)
    assert list(judged().values()) == ["reject"]
    at = press(at, "Right")
    assert sorted(judged().values()) == ["accept", "reject"]
    assert "“Quillmark” and “Quillmark AG”: one company?" in asked(at)
    at = press(at, "Same")
    assert head(at) == "Review3 decided"
    assert judged()["org/quillmark|org/quillmarkag"] == "same"
    assert "All is decided" in shown(at, "kg-notice")[0]
    for left, words in enumerate(("one company?", "Corvanta", "Brightfen"), start=1):
        at = press(at, "Undo")
        assert words in asked(at)
        assert f" of {left}," in head(at)
    assert judged() == {}
    assert next(b for b in at.button if b.label == "Undo").disabled


def test_two_names_stand_side_by_side_and_can_be_told_apart_or_left_open(
    open_page: Open, judged: Callable[[], dict[str, str]]
) -> None:
    at = open_page(*letters(), kind="duplicates")
    assert head(at).startswith("Review1 of 1,")
    sides = shown(at, "kg-side")
    assert len(sides) == 2
    assert "Quillmark works with Brightfen." in sides[0]
    assert "Quillmark AG works with Tessaline." in sides[1]
    assert len(at.get("column")) >= 2
    assert {b.label: b.proto.shortcut for b in at.button}["Unsure"] == "u"
    at = press(at, "Unsure")
    assert judged() == {"org/quillmark|org/quillmarkag": "unsure"}
    assert "Duplicates: nothing to review" in shown(at, "kg-notice")[0]
    at = press(at, "Undo")
    assert address(at, "kind") == "duplicates"
    assert "one company?" in asked(at)


def test_skip_and_back_move_and_the_address_keeps_the_place(open_page: Open) -> None:
    at = open_page(*letters())
    at = press(at, "Skip")
    assert "Corvanta" in asked(at)
    assert head(at).startswith("Review2 of 3")
    item = address(at, "item")
    assert item.startswith("statement:s")
    at = press(at, "Back")
    assert "Brightfen" in asked(at)
    assert "Corvanta" in asked(open_page(store=os.environ["KG_STORE"], item=item))
    assert "Brightfen" in asked(open_page(store=os.environ["KG_STORE"], item="statement:gone", kind="nonsense"))


def test_the_filter_limits_the_list_and_stands_in_the_address(open_page: Open) -> None:
    at = press(open_page(*letters()), "Duplicates (1)")
    assert address(at, "kind") == "duplicates"
    assert "one company?" in asked(at)
    at = press(at, "Contradictions (0)")
    assert "Contradictions: nothing to review" in shown(at, "kg-notice")[0]
    at = press(at, "All (3)")
    assert address(at, "kind") == ""
    assert "Brightfen" in asked(at)


def test_a_change_by_another_hand_makes_the_list_anew_and_keeps_the_place(open_page: Open, tmp_path: Path) -> None:
    at = press(press(open_page(*letters()), "Skip"), "Skip")
    assert "one company?" in asked(at)
    store = SQLiteStore(tmp_path / "page.db")
    graph = Graph(store, *bootstrap.knowledge(), trust=bootstrap.trust())
    (first, *_) = Review(store, graph.schema, graph.reference, trust=bootstrap.trust()).items().items
    graph.judge(first.answers[0].judgements[0])
    graph.put(letter("five", "Tessaline may give Halvic $9 billion.", "Tessaline", "invested_in", "Halvic", sure=0.4,
                     amount=Amount(low=9e9, high=9e9)))  # fmt: skip
    store.close()
    at = at.run()
    assert "one company?" in asked(at)
    assert head(at).startswith("Review3 of 3")


def test_what_is_taken_back_after_another_hand_s_change_is_asked_again(open_page: Open, tmp_path: Path) -> None:
    at = press(open_page(*letters()), "Right")
    store = SQLiteStore(tmp_path / "page.db")
    Graph(store, *bootstrap.knowledge(), trust=bootstrap.trust()).put(
        letter("five", "Tessaline sued Halvic.", "Tessaline", "sued", "Halvic", sure=0.99)
    )
    store.close()
    at = press(at.run(), "Undo")
    assert "Brightfen invested in Halvic" in asked(at)
    assert head(at).startswith("Review1 of 3")


def test_the_list_is_made_once_for_a_state_of_the_store(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    whole = Review.items
    monkeypatch.setattr(Review, "items", lambda self, kinds=(): (made.append(1), whole(self, kinds))[1])
    at = open_page(*letters())
    for label in ("Skip", "Back", "Wrong", "Undo", "Right"):
        at = press(at, label)
    at = open_page(store=os.environ["KG_STORE"])  # another visit: the list went on with the answers
    assert head(at) == "Review1 of 2, ordered by money at stake"
    assert len(made) == 1


def test_decisions_of_an_earlier_visit_are_listed_and_can_be_taken_back(
    open_page: Open, judged: Callable[[], dict[str, str]]
) -> None:
    press(open_page(*letters()), "Wrong")
    at = open_page(store=os.environ["KG_STORE"])
    assert "1 of 2" in head(at)
    (line,) = [text for text in shown(at, "kg-small") if text.startswith("wrong: ")]
    assert line == "wrong: Brightfen invested in Halvic"
    back = next(b for b in at.button if b.key and b.key.startswith("back-other-"))
    at = back.click().run()
    assert judged() == {}
    assert "1 of 3" in head(at)


def test_undo_goes_on_with_the_answers_of_earlier_visits_the_latest_first(
    open_page: Open, judged: Callable[[], dict[str, str]]
) -> None:
    press(press(open_page(*letters()), "Wrong"), "Right")
    at = open_page(store=os.environ["KG_STORE"], kind="duplicates")
    assert "one company?" in asked(at)
    at = press(press(at, "Unsure"), "Undo")
    assert sorted(judged().values()) == ["accept", "reject"]
    at = press(at, "Undo")
    assert list(judged().values()) == ["reject"]
    assert "Corvanta" in asked(at)
    assert "1 of 2" in head(at)
    at = press(at, "Undo")
    assert judged() == {}
    assert "Brightfen invested in Halvic" in asked(at)
    assert next(b for b in at.button if b.label == "Undo").disabled


def test_undo_of_an_earlier_visit_s_answer_lets_what_stood_before_stand_again(open_page: Open, tmp_path: Path) -> None:
    target = "org/quillmark|org/quillmarkag"
    at = open_page(*letters(), kind="duplicates")
    store = SQLiteStore(tmp_path / "page.db")
    graph = Graph(store, *bootstrap.knowledge(), trust=bootstrap.trust())
    for verdict, when in (("unsure", "2026-01-01T00:00:00Z"), ("different", "2026-01-02T00:00:00Z")):
        graph.judge(Judgement(kind="entity", target=target, verdict=verdict, when=when))
    graph.judge(
        Judgement(kind="date", target="one", verdict="correct", value="2026-05-02", when="2026-01-03T00:00:00Z")
    )
    at = press(at.run(), "Undo")
    assert not at.exception
    assert {j.kind: j.verdict for j in graph.judgements()} == {"date": "correct", "entity": "unsure"}
    store.close()


def test_a_statement_that_was_judged_before_gets_its_verdict_back(
    open_page: Open, tmp_path: Path, judged: Callable[[], dict[str, str]]
) -> None:
    at = open_page(*letters(), kind="duplicates")
    store = SQLiteStore(tmp_path / "page.db")
    target = "org/quillmark|org/quillmarkag"
    graph = Graph(store, *bootstrap.knowledge(), trust=bootstrap.trust())
    before = Judgement(kind="entity", target=target, verdict="unsure", note="ask Ann", when="2026-01-01T00:00:00Z")
    graph.judge(before)
    at.session_state["review"].version = graph.store.version()  # the page has not seen it
    at = press(press(at, "Different"), "Undo")
    assert [(j.verdict, j.note) for j in graph.judgements()] == [("unsure", "ask Ann")]
    store.close()
    assert judged() == {target: "unsure"}


def test_a_key_that_comes_before_the_page_has_moved_on_answers_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, judged: Callable[[], dict[str, str]]
) -> None:
    path = material.filled(tmp_path / "page.db", *letters())
    store = SQLiteStore(path)
    graph = Graph(store, *bootstrap.knowledge(), trust=bootstrap.trust())
    graph.refresh()
    listed = Review(store, graph.schema, graph.reference, trust=bootstrap.trust()).items()
    own = judging.Desk(id(graph), store.version(), listed)
    fake = SimpleNamespace(session_state={judging.KEPT: own}, query_params={})
    monkeypatch.setattr(judging, "st", fake)
    monkeypatch.setattr(state, "graph", lambda: graph)
    first, second, third = listed.items
    judging.step(1)
    judging.decide(first, first.answers[0])  # its page was gone when the key came
    assert judged() == {}
    judging.decide(second, second.answers[1])
    judging.decide(second, second.answers[0])  # pressed twice
    assert list(judged().values()) == ["reject"]
    assert fake.query_params == {"item": third.id}
    store.close()


@pytest.mark.parametrize(
    ("extracts", "said"),
    [((), "Nothing has been read yet"), (letters()[2:3], "Nothing to review")],
)
def test_an_empty_store_and_an_empty_list_have_a_clear_word(
    open_page: Open, extracts: tuple[Extract, ...], said: str
) -> None:
    at = open_page(*extracts)
    assert said in shown(at, "kg-notice")[0]
    assert head(at) == "Review"


def test_hostile_texts_stay_texts(open_page: Open) -> None:
    claim = f"{material.HOSTILE_NAME} may give Halvic $5 billion; {material.HOSTILE}"
    one = letter("one", claim, material.HOSTILE_NAME, "invested_in", "Halvic", sure=0.4, round=material.HOSTILE)
    at = open_page(one.model_copy(update={"issue": one.issue.model_copy(update={"markup": False})}))
    assert material.HOSTILE_NAME in asked(at)
    assert material.HOSTILE in shown(at, "kg-claim")[0]
    bodies = "".join(str(e.proto.body) for e in at.get("html"))
    assert "<script" not in bodies
    assert "<img" not in bodies
    at = press(at, "Wrong")
    assert any(material.HOSTILE_NAME in text for text in shown(at, "kg-small"))


@pytest.mark.browser
def test_one_question_is_answered_by_a_key_and_taken_back_by_another(chromium: str, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    path = material.filled(tmp_path / "page.db", *letters(), material.hostile_letter())
    with browser.app(f"sqlite:///{path}", tmp_path) as address, browser.page(chromium, width=1400) as (page, noted):
        page.goto(f"{address}/review")
        title = page.locator(".kg-asked h2")

        def press(key: str) -> None:
            expect(page.get_by_role("button", name="Skip")).to_be_visible()
            browser.still(page)
            page.keyboard.press(key)

        expect(title).to_contain_text("Brightfen invested in Halvic")
        press("ArrowRight")
        expect(title).to_contain_text("Corvanta invested in Halvic")
        press("x")
        expect(title).to_contain_text("one company?")
        expect(page.locator(".kg-head")).to_contain_text("1 decided")
        store = SQLiteStore(path)
        assert [row.data["verdict"] for row in store.rows("judgement")] == ["reject"]
        press("z")
        expect(title).to_contain_text("Corvanta invested in Halvic")
        expect(page.locator(".kg-head")).to_contain_text("2 of 3")
        assert list(store.rows("judgement")) == []
        store.close()
        page.reload()
        expect(title).to_contain_text("Corvanta invested in Halvic")
        page.get_by_role("button", name="Skip").click()
        expect(title).to_contain_text("one company?")
        sides = page.locator(".kg-side")
        expect(sides).to_have_count(2)
        boxes = [sides.nth(n).bounding_box() for n in (0, 1)]
        assert boxes[0]
        assert boxes[1]
        assert abs(boxes[0]["y"] - boxes[1]["y"]) < 2  # side by side
        browser.photograph(page, "review.png", tmp_path, height=900)
        page.set_viewport_size({"width": 390, "height": 900})
        page.wait_for_timeout(800)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    noted.harmless(address)
