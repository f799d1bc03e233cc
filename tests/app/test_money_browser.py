"""The Money page in a real browser: a chosen loop, the diagram, the way into the network, and the story of a deal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.app import browser, web_material
from tests.app import money_material as material

LIT = "(frame) => frame.kgGraph.elements('.chosen').map((e) => e.data('dealId') ?? e.id())"
ROW = 35  # pixels of a table's row


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Start the program over a small store and yield its address."""
    store = web_material.filled(tmp_path / "page.db", material.circle(), material.later(), material.undated())
    with browser.app(f"sqlite:///{store}", tmp_path) as started:
        yield started


def choose(page: Any, row: int) -> None:
    """Choose a row of the page's table, which is painted: by the box at its left end."""
    table = page.locator("[data-testid='stDataFrame'] canvas").first
    table.wait_for()
    page.wait_for_timeout(500)
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    page.mouse.click(box["x"] + 15, box["y"] + ROW * (row + 1) + ROW // 2)


def query(page: Any) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


@pytest.mark.browser
def test_a_loop_is_chosen_told_and_lit_in_the_network(chromium: str, address: str, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    with browser.page(chromium, width=1400, height=1100) as (page, noted):
        page.goto(address)
        page.get_by_role("link", name="Money").click()
        expect(page.locator("p[role=status]")).to_contain_text("3 loops of two to 5 firms")
        choose(page, 0)
        legs = page.locator(".kg-leg b")
        expect(legs).to_have_text(
            ["Ostrava Labs → Tinroof Cloud", "Tinroof Cloud → Quillmark", "Quillmark → Ostrava Labs"]
        )
        expect(page.locator(".kg-leg", has_text="weakest")).to_contain_text("Quillmark → Ostrava Labs")
        expect(page.locator(".kg-claim").first).to_have_text(material.SPENDS)
        assert query(page)["loop"] == list(material.THREE)
        link = page.url

        page.get_by_label("Through").fill("orbo")
        page.keyboard.press("Enter")
        expect(page.locator("p[role=status]")).to_contain_text("1 loop of")
        expect(page.get_by_text("The chosen loop is not among these.")).to_be_visible()
        page.get_by_role("button", name="Remove Orbo Labs").click()
        expect(legs).to_have_count(3)

        page.goto("about:blank")
        page.goto(link)
        expect(legs).to_have_count(3)
        page.get_by_role("link", name="Show in the deal network").click()
        page.locator(".graph[data-drawn]").wait_for()
        expect(page.locator(".kg-head")).to_contain_text("3 deals shown")
        browser.still(page)
        page.wait_for_timeout(400)
        lit = page.evaluate(LIT, page.locator(".graph").element_handle())
        assert set(lit) == set(query(page)["only"])
        assert len(set(lit)) == 3
        page.go_back()
        expect(legs).to_have_count(3)
        assert page.url == link
        page.go_forward()
        page.locator(".graph[data-drawn]").wait_for()
        page.get_by_role("link", name="Money").click()
        expect(legs).to_have_count(3)
    noted.harmless(address)


@pytest.mark.browser
def test_the_diagram_stays_while_rows_of_its_table_are_chosen(chromium: str, address: str) -> None:
    from playwright.sync_api import expect

    name = web_material.HOSTILE_NAME
    with browser.page(chromium, width=1400, height=1100) as (page, noted):
        page.goto(f"{address}/money?show=flows")
        labels = page.locator(".sankey .node-label")
        expect(labels).to_have_count(7)
        texts = labels.all_text_contents()
        assert {"Ostrava Labs", "Tinroof Cloud", "Quillmark", "Amazon", "Bluefern"} <= set(texts)
        assert any(text.startswith("$Acme$ _Corp_ :smile:") for text in texts)
        page.locator(".sankey").first.evaluate("(e) => (e.kept = true)")
        choose(page, 1)
        expect(page.locator(".kg-chosen")).to_contain_text("→")
        browser.still(page)
        assert page.locator(".sankey").first.evaluate("(e) => e.kept") is True
        expect(page.locator(".sankey-link")).to_have_count(7)
        page.locator(".sankey-node", has_text="$Acme$").locator(".node-rect").hover(force=True)
        expect(page.locator(".hoverlayer")).to_contain_text(f"{name} pays $4 million, gets $5 million")
        assert page.locator(".js-plotly-plot img, .js-plotly-plot a[href], .katex").count() == 0
        assert page.evaluate("window.hacked") is None
        page.goto(f"{address}/money?show=central")
        page.locator("[data-testid='stDataFrame'] canvas").first.wait_for()
        page.goto(f"{address}/money?show=paths")
        page.get_by_label("Two companies or people").fill("acme")
        page.keyboard.press("Enter")
        expect(page.locator(".chip")).to_contain_text(name)
        page.get_by_label("Two companies or people").fill("bluef")
        page.keyboard.press("Enter")
        expect(page.locator(".kg-chosen").first).to_have_text(f"1. {name} – Bluefern")
    noted.harmless(address)


@pytest.mark.browser
def test_the_story_of_a_deal_is_drawn_in_time_and_leads_on(chromium: str, address: str) -> None:
    from playwright.sync_api import expect

    with browser.page(chromium, width=390, height=900, scheme="dark") as (page, noted):
        page.goto(f"{address}/money?loop={'&loop='.join(material.THREE)}")
        page.locator(".kg-leg", has_text="weakest").wait_for()
        page.get_by_role("link", name="Story").nth(2).click()
        expect(page.locator("h1")).to_have_text("Quillmark → Ostrava Labs")
        expect(page.locator(".kg-kinds", has_text="Without a date (1)")).to_be_visible()
        chart = page.locator("[data-testid='stVegaLiteChart']")
        expect(chart.locator("svg text", has_text="$Acme$ _Corp_ :smile:").first).to_be_visible()
        chart.locator(".mark-symbol path").last.hover(force=True)
        tooltip = page.locator("#vg-tooltip-element")
        expect(tooltip).to_contain_text(web_material.HOSTILE_NAME)
        expect(tooltip).to_contain_text("2026-05-20")
        assert page.locator("#vg-tooltip-element img, #vg-tooltip-element a").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        first = page.url
        assert "deal=d" in first
        page.get_by_role("button", name="Story").first.click()
        expect(page.locator(".kg-claim")).to_have_text([material.MORE])
        assert page.url != first
        page.go_back()
        expect(page.locator(".kg-claim")).to_have_count(3)
        assert page.url == first
        assert page.evaluate("window.hacked") is None
    noted.harmless(address)


@pytest.mark.browser
def test_a_picture_for_the_documentation(chromium: str, tmp_path: Path) -> None:
    letter = material.circle()
    letter = letter.model_copy(update={"statements": letter.statements[:-2]})  # without the hostile names
    store = web_material.filled(tmp_path / "page.db", letter)
    with browser.app(f"sqlite:///{store}", tmp_path) as address, browser.page(chromium, width=1400) as (page, noted):
        page.goto(f"{address}/money?show=flows&flow=org%2Fquillmark&flow=org%2Fostravalabs&flow=debt")
        page.locator(".sankey .node-label").first.wait_for()
        browser.photograph(page, "money.png", tmp_path, width=1400, height=1050)
    noted.harmless(address)
