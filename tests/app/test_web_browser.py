"""The Ask page in a real browser: a question, its answer, and nothing hostile run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.app import browser
from tests.app import network_material as network
from tests.app import web_material as material

# The words of an answer's table that do not stand in one line each.
BROKEN = """(rows) => rows.flatMap((row) => [...row.children]).flatMap((cell) => {
  if (!cell.firstChild || !cell.getClientRects().length) return [];
  return [...cell.textContent.matchAll(/\\S+/g)].filter((word) => {
    const range = document.createRange();
    range.setStart(cell.firstChild, word.index);
    range.setEnd(cell.firstChild, word.index + word[0].length);
    return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1;
  }).map((word) => word[0]);
})"""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Start the program over a small store and yield its address."""
    letters = (material.grid_letter(), material.hostile_letter(), material.doubtful_letter())
    store = material.filled(tmp_path / "page.db", *letters)
    with browser.app(f"sqlite:///{store}", tmp_path) as started:
        yield started


@pytest.mark.browser
def test_a_question_is_answered_with_its_sentences_and_no_text_acts(
    chromium: str, address: str, tmp_path: Path
) -> None:
    from playwright.sync_api import expect

    with browser.page(chromium) as (page, noted):
        page.goto(address)
        page.get_by_label("Question").fill("who invested in Anthropic?")
        page.get_by_role("button", name="Ask", exact=True).click()
        answer = page.locator(".kg-answer")
        expect(answer).to_contain_text("Amazon: up to $25 billion")
        expect(page.locator(".kg-claim", has_text=material.ANNOUNCED).first).to_be_visible()
        expect(page.locator(".kg-claim", has_text=material.VENTURE).locator(".kg-support")).to_have_text(
            "Anthropic backers "
        )
        assert "q=who+invested" in page.url
        icon = page.locator("link[rel~='icon']").first.get_attribute("href") or ""
        assert icon.startswith(("data:image/svg", "/media/", address))
        browser.photograph(page, "ask.png", tmp_path)

        page.goto(f"{address}/?q={quote('who invested in Quillmark?')}")
        expect(answer).to_contain_text(material.HOSTILE_NAME)
        expect(page.locator(".kg-support").first).to_contain_text("<script>window.hacked=1</script>")
        page.get_by_role("button", name="Not this").first.click()
        expect(answer).to_contain_text("not stated")
        expect(page.locator(".kg-small", has_text="Set aside: ")).to_contain_text(material.HOSTILE_NAME)
        page.get_by_role("button", name="Undo").first.click()
        expect(answer).to_contain_text(material.HOSTILE_NAME)
        page.go_back()
        expect(answer).to_contain_text("Amazon: up to $25 billion")

        assert page.evaluate("window.hacked") is None
        assert page.locator(".katex, .kg-answer img, .kg-statement img, a[href^='javascript']").count() == 0
    noted.harmless(address)


@pytest.mark.browser
@pytest.mark.parametrize(("width", "shape"), [(1400, "grid"), (390, "block")])
def test_no_word_of_the_table_is_broken(chromium: str, tmp_path: Path, width: int, shape: str) -> None:
    store = material.filled(tmp_path / "page.db", material.grid_letter(), material.doubtful_letter(), network.ledger())
    with (
        browser.app(f"sqlite:///{store}", tmp_path) as started,
        browser.page(chromium, width=width) as (page, noted),
    ):
        page.goto(f"{started}/?q={quote('What are the biggest deals?')}")
        row = page.locator(".kg-row:not(.kg-titles)")
        row.nth(2).wait_for()
        assert row.first.evaluate("(e) => getComputedStyle(e).display") == shape
        assert page.locator(".kg-row").evaluate_all(BROKEN) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    noted.harmless(started)
