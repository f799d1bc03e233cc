"""The Import page in Streamlit's own test runner: hostile texts, standing, dates, a store out of reach, other tabs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from lxml import html as lxml_html
from streamlit.testing.v1 import AppTest

from app import bootstrap, changes, jobs, settings
from app.jobs import Jobs
from app.jobtypes import DONE, REVIEW
from app.web.changed import counted, summary
from app.web.review import standing
from tests.app import import_material as material

WEB = Path(__file__).resolve().parents[2] / "app" / "web"
LONG = 120.0
TALKS = "---\ndate: 2026-03-01\n---\n\nOstrava Compute is in talks to acquire Marlow Robotics.\n"
CLOSED = "---\ndate: 2026-04-01\n---\n\nOstrava Compute has completed its acquisition of Marlow Robotics.\n"
Open = Callable[..., AppTest]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    """Yield the imports of the store that the page opens."""
    monkeypatch.setenv("KG_STORE", f"sqlite:///{tmp_path / 'page.db'}")
    yield jobs.of(settings.load())
    st.cache_resource.clear()


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(str(WEB / "main.py"), default_timeout=300)
    at.switch_page("views/imports.py")
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def bodies(at: AppTest) -> list[str]:
    assert not at.exception, at.exception
    return [str(element.proto.body) for element in at.get("html") if not element.proto.body.startswith("<style>")]


def shown(at: AppTest, css: str) -> list[str]:
    page = lxml_html.fromstring("<main>" + "".join(bodies(at)) + "</main>")
    return [e.text_content() for e in page.xpath(f"//*[contains(concat(' ', @class, ' '), ' {css} ')]")]


def read(own: Jobs, *files: tuple[str, str]) -> int:
    job = own.upload([(name, text.encode()) for name, text in files])
    own.start(job)
    own.wait(LONG)
    return job


def put(own: Jobs, job: int) -> None:
    own.put(job)
    own.wait(LONG)


def test_an_empty_page_offers_both_ways(own: Jobs) -> None:
    at = opened()
    assert shown(at, "kg-job") == []
    at.radio(key="way").set_value("Paste text").run()
    at.button(key="do-paste").click().run()
    assert "there is no text to read" in shown(at, "kg-error")[0]


def test_a_second_tab_sees_the_same_job_and_its_verdicts(own: Jobs) -> None:
    job = read(own, ("loom.md", material.LOOM))
    (found,) = own.book.found(job)
    first, second = opened(issue=str(found.id)), opened(issue=str(found.id))
    assert shown(first, "kg-statement") == shown(second, "kg-statement") != []
    first.button(key=f"all-{found.id}-reject").click().run()
    assert len(shown(second.run(), "kg-reject")) == found.statements
    second.button(key=f"all-{found.id}-None").click().run()
    assert shown(first.run(), "kg-reject") == []
    first.button(key=f"skip-{found.id}").click().run()
    assert "left out" in shown(second.run(), "kg-issue")[0]
    assert second.button(key="do-put").disabled


def test_a_pressed_job_is_done_for_both_tabs_and_says_what_changed(own: Jobs) -> None:
    job = read(own, ("loom.md", material.LOOM))
    first, second = opened(job=str(job)), opened(job=str(job))
    first.button(key="do-put").click().run()
    own.wait(LONG)
    assert "new deal" in shown(first.run(), "kg-answer")[0]
    second.button(key="do-put").click().run()
    assert shown(second, "kg-answer") == shown(first, "kg-answer")
    assert len(own.book.jobs()) == 1


def test_hostile_texts_stay_texts(own: Jobs) -> None:
    job = read(own, ("hostile <b>.html", material.HOSTILE_PAGE))
    (found,) = own.book.found(job)
    assert found.statements
    at = opened(job=str(job), issue=str(found.id))
    assert any(material.HOSTILE in text for text in shown(at, "kg-claim"))
    assert any(material.HOSTILE in text for text in shown(at, "kg-issue"))
    harmless(at)
    put(own, job)
    done = opened(job=str(job))
    assert shown(done, "kg-change")
    harmless(done)


def harmless(at: AppTest) -> None:
    """Hold that no text made a tag or stands where Markdown is read."""
    page = lxml_html.fromstring("<main>" + "".join(bodies(at)) + "</main>")
    assert not page.xpath("//script | //img | //*[@onerror] | //b[not(ancestor-or-self::*[@class])]")
    assert all(a.get("href").startswith(("./?q=", "./network?only=d", "./deal?deal=d")) for a in page.iter("a"))
    for leaf in leaves(at._tree):
        if leaf.type != "html" and hasattr(leaf, "proto"):
            assert not any(trace in str(leaf.proto) for trace in ("hacked", "gone", ":smile:", "alert(")), leaf.type


def leaves(block: Any) -> Iterator[Any]:
    yield block
    for child in getattr(block, "children", {}).values():
        yield from leaves(child)


def test_a_store_out_of_reach_leaves_the_review_and_says_so(own: Jobs, tmp_path: Path) -> None:
    job = read(own, ("loom.md", material.LOOM))
    for file in (tmp_path / "page.db", tmp_path / "page.db-wal", tmp_path / "page.db-shm"):
        file.unlink(missing_ok=True)
    (tmp_path / "page.db").write_text("no database, only words " * 50)
    at = opened(job=str(job))
    assert "is not a store" in shown(at, "kg-error")[0]
    put(own, job)
    assert own.book.job(job).state == REVIEW  # type: ignore[union-attr]
    (tmp_path / "page.db").unlink()
    at.run().button(key="do-put").click().run()
    own.wait(LONG)
    assert own.book.job(job).state == DONE  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("issue", "how"),
    [
        ({"key": "k", "text_sha256": "s", "file": "x"}, "again"),
        ({"key": "k", "text_sha256": "t", "file": "x"}, "newer"),
        ({"key": "l", "text_sha256": "s", "file": "x"}, "repeats"),
        ({"key": "l", "text_sha256": "t", "file": "a.md"}, "namesake"),
        ({"key": "l", "text_sha256": "t", "file": "x"}, "new"),
    ],
)
def test_an_issue_stands_to_those_in_the_graph(own: Jobs, issue: dict[str, str], how: str) -> None:
    job = read(own, ("a.md", material.RIDDLES))
    (found,) = own.book.found(job)
    named = {"key": found.key if issue["key"] == "k" else issue["key"]}
    sha = found.sha if issue["text_sha256"] == "s" else issue["text_sha256"]
    assert standing([{**issue, **named, "text_sha256": sha}], found)[0] == how


def test_what_is_known_and_what_is_told_again(own: Jobs) -> None:
    put(own, read(own, ("loom.md", material.LOOM)))
    job = read(own, ("again.md", material.LOOM.replace("The Loom Letter", "The Other Letter")))
    with bootstrap.opened(own.settings) as graph:
        before = changes.seen(graph)
        assert changes.Seen.loaded(before.dumped()) == before
    put(own, job)
    change = changes.Change.loaded(own.book.change(job) or "")
    assert changes.Change.loaded(change.dumped()) == change
    assert change.new_deals == change.count(new=True) == change.gone == 0
    assert change.grown_deals >= 2
    assert change.known >= 4
    assert "told of again" in summary(change)


def test_what_moved_is_told_with_its_sentences_and_opens_its_deals(own: Jobs) -> None:
    put(own, read(own, ("talks.md", TALKS)))
    job = read(own, ("closed.md", CLOSED))
    put(own, job)
    change = changes.Change.loaded(own.book.change(job) or "")
    assert changes.Change.loaded(change.dumped()) == change
    (moved,) = change.news["Stages moved"]
    assert "in talks → completed" in moved.text
    assert moved.sentences == ["Ostrava Compute has completed its acquisition of Marlow Robotics."]
    at = opened(job=str(job))
    page = lxml_html.fromstring("<main>" + "".join(bodies(at)) + "</main>")
    links = [a for a in page.iter("a") if a.text_content() == moved.text]
    assert [a.get("href") for a in links] == [f"./network?only={moved.deals[0]}&chosen={moved.deals[0]}"]
    assert any("Stages moved (1)" in text for text in shown(at, "kg-section"))


def test_a_deal_of_several_facts_is_one_line_that_leads_to_its_story(own: Jobs) -> None:
    ends = (("Quillmark", True, "d1"), ("Northgate", True, "d1"), ("Bluefern", True, "d2"), ("Corvanta", False, "d2"))
    facts = [
        changes.Fact(name, "invested_in", "Halvic", {"round": "Series B"}, id, new, True) for name, new, id in ends
    ]
    job = own.book.draft([("a.md", b"a")], made="2026-04-01")
    own.book.finish(job, changes.Change(facts=facts).dumped())
    at = opened(job=str(job))
    assert "1 new deal · 1 known fact told" in shown(at, "kg-answer")[0]
    assert [text for text in shown(at, "kg-section") if "eals" in text] == ["New deals (1)", "Deals told of again (1)"]
    assert shown(at, "kg-change") == [
        "Quillmark, Northgate invested in HalvicSeries B",
        "Bluefern, Corvanta invested in HalvicSeries B",
    ]
    page = lxml_html.fromstring("<main>" + "".join(bodies(at)) + "</main>")
    links = page.xpath("//*[@class='kg-change']/a/@href")
    assert links == ["./deal?deal=d1", "./deal?deal=d2"]


def test_a_hostile_digest_stays_text(own: Jobs) -> None:
    note = changes.Note(material.HOSTILE, ["d1", '"><script>'], [material.HOSTILE])
    job = own.book.draft([("a.md", b"a")], made="2026-04-01")
    own.book.finish(job, changes.Change(gone=1, news={"Stages moved": [note]}).dumped())
    at = opened(job=str(job))
    assert shown(at, "kg-change") == [f"{material.HOSTILE}“{material.HOSTILE}”"]
    harmless(at)


def test_a_change_that_was_kept_before_there_was_a_digest_is_shown(own: Jobs) -> None:
    kept = json.loads(changes.Change(entities=[("Quillmark", "company")]).dumped())
    del kept["news"]
    assert changes.Change.loaded(json.dumps(kept)).news == {}


@pytest.mark.parametrize(("n", "words"), [(0, ""), (1, "1 new deal"), (1200, "1,200 new deals")])
def test_counts_are_words(n: int, words: str) -> None:
    assert counted(n, "new deal") == words


def test_no_folder_beside_the_start_script_is_called_pages() -> None:
    assert not (WEB / "pages").exists()  # Streamlit would run what is in it without the start script
