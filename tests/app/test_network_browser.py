"""The Deal network in a real browser: what is clicked is shown, what is not touched stays, nothing hostile runs."""

from __future__ import annotations

import csv
import io
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.app import browser
from tests.app import network_material as network
from tests.app import web_material as material

# Where a point or a line stands on the screen, as the drawing itself has it; null where it is not drawn.
WHERE = """([frame, id]) => {
  const cy = frame.kgGraph, box = cy.container().getBoundingClientRect();
  const found = cy.elements().filter((e) => e.id() === id || e.data("name") === id || e.data("dealId") === id)[0];
  if (!found) return null;
  const at = found.isNode() ? found.renderedPosition() : found.renderedMidpoint();
  return [box.left + at.x, box.top + at.y];
}"""
PLACES = "(frame) => Object.fromEntries(frame.kgGraph.nodes().map((n) => [n.id(), [n.position('x'), n.position('y')]]))"
LIT = "(frame) => frame.kgGraph.elements('.chosen').map((e) => e.data('dealId') ?? e.id())"
LOOK = "(frame) => [frame.kgGraph.zoom(), frame.kgGraph.pan('x'), frame.kgGraph.pan('y')]"


class Drawing:
    """The drawing of an opened page."""

    def __init__(self, page: Any) -> None:
        self.page, self.frame = page, page.locator(".graph")

    def ready(self, points: int | None = None) -> Drawing:
        """Wait until the drawing stands still, with so many points."""
        shown = f".graph[data-drawn^='{points} ']" if points is not None else ".graph[data-drawn]"
        self.page.locator(shown).wait_for()
        browser.still(self.page)
        self.page.wait_for_timeout(400)
        return self

    def ask(self, script: str, *more: Any) -> Any:
        """Return what a script makes of the drawing."""
        frame = self.frame.element_handle()
        return self.page.evaluate(script, [frame, *more] if more else frame)

    def click(self, id: str, **options: Any) -> None:
        """Click on a point or line, by its id, its name or its deal's id."""
        self.frame.locator(".canvas").scroll_into_view_if_needed()
        at = self.ask(WHERE, id)
        assert at is not None, id
        (self.page.mouse.dblclick if options.pop("twice", False) else self.page.mouse.click)(*at, **options)

    def deals(self) -> dict[str, str]:
        """Return the words of the lines → deal id."""
        return dict(self.ask("(f) => f.kgGraph.edges().map((e) => [e.data('words'), e.data('dealId')])"))


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Start the program over a small store and yield its address."""
    store = material.filled(tmp_path / "page.db", network.ledger(), material.hostile_letter(), material.grid_letter())
    with browser.app(f"sqlite:///{store}", tmp_path) as started:
        yield started


@pytest.mark.browser
def test_an_answer_is_drawn_and_what_is_clicked_is_told_at_once(chromium: str, address: str) -> None:
    from playwright.sync_api import expect

    with browser.page(chromium, width=1400, height=1000) as (page, noted):
        page.goto(address)
        page.get_by_label("Question").fill("who invested in Quillmark?")
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page).to_have_url(re.compile("q="))
        asked = page.url
        page.get_by_role("link", name="Show in the network").click()
        drawing = Drawing(page).ready()
        assert {"Quillmark", "Northgate", "Harbour Fund"} <= set(
            drawing.ask("(f) => f.kgGraph.nodes().map((n) => n.data('name'))")
        )
        assert "only=d" in page.url
        assert set(drawing.ask(LIT)) == set(parse_qs(urlsplit(page.url).query)["only"])
        panel = page.locator(".st-key-network-panel")
        expect(panel.locator(".kg-claim", has_text=network.ROUND).first).to_be_visible()
        expect(panel.locator(".kg-source", has_text="Ledger No. 3").first).to_be_visible()

        page.get_by_role("button", name="All deals").click()
        drawing.ready(11)
        for name in ("Tinroof Cloud", "Ostrava Labs", "Bluefern"):
            drawing.click(name)
            expect(panel.locator(".kg-chosen")).to_have_text(name)
        deals = drawing.deals()
        for words, claim in (("$12 billion", network.SUPPLY), ("$3 billion", network.MORE), ("€500", network.LENT)):
            id = next(deal for said, deal in deals.items() if words in said)
            drawing.click(id)
            expect(panel.locator(".kg-claim")).to_have_text([claim])
            assert drawing.ask(LIT) == [id]
        while "/network" in page.url:
            page.go_back()
            page.wait_for_timeout(300)
        assert page.url == asked
        expect(page.locator(".kg-answer")).to_contain_text("Northgate")
    noted.harmless(address)


@pytest.mark.browser
def test_filters_table_and_search_leave_places_and_zoom_and_the_address_restores_all(
    chromium: str, address: str
) -> None:
    from playwright.sync_api import expect

    with browser.page(chromium, width=1400, height=1000) as (page, noted):
        page.goto(f"{address}/network")
        drawing = Drawing(page).ready(11)
        expect(page.locator(".kg-head")).to_contain_text("12 deals shown")
        page.get_by_role("button", name="Zoom in").click()
        page.wait_for_timeout(300)
        before, look = drawing.ask(PLACES), drawing.ask(LOOK)

        page.get_by_label("At least").fill("1 billion")
        page.get_by_label("At least").press("Enter")
        expect(page.locator(".kg-head")).to_contain_text("6 deals shown")
        drawing.ready()
        now = drawing.ask(PLACES)
        assert 0 < len(now) < len(before)
        assert all(before[id] == place for id, place in now.items())
        assert drawing.ask(LOOK) == look
        page.get_by_label("At least").fill("")
        page.get_by_label("At least").press("Enter")
        drawing.ready(11)
        assert drawing.ask(PLACES) == before
        assert drawing.ask(LOOK) == look

        row = page.get_by_role("row", name="$12 billion")
        row.click()
        expect(row).to_have_attribute("aria-selected", "true")
        id = row.get_attribute("data-id")
        assert drawing.ask(LIT) == [id]
        expect(page.locator(".st-key-network-panel .kg-claim")).to_have_text([network.SUPPLY])
        row.press("ArrowDown")
        page.keyboard.press("Shift+Enter")
        expect(page.locator("tbody tr[aria-selected=true]")).to_have_count(2)
        assert len(set(drawing.ask(LIT))) == 2
        drawing.ready()
        assert drawing.ask(LOOK) == look

        page.get_by_label("Company or person").fill("ostr")
        page.keyboard.press("Enter")
        expect(page.locator(".chip")).to_contain_text("Ostrava Labs")
        expect(page.locator(".kg-head")).to_contain_text("2 deals shown")
        drawing.ready()
        link = page.url
        assert "party=org%2Fostravalabs" in link
        page.goto("about:blank")
        page.goto(link)
        drawing = Drawing(page).ready()
        expect(page.locator(".chip")).to_contain_text("Ostrava Labs")
        assert len(set(drawing.ask(LIT))) == 2
        page.get_by_role("button", name="Remove Ostrava Labs").click()
        drawing.ready(11)

        page.get_by_label("Find in the graph").fill("north")
        page.keyboard.press("Enter")
        expect(page.locator(".kg-chosen")).to_have_text("Northgate")
        page.get_by_role("button", name="Neighbourhood").click()
        expect(page.locator(".kg-head")).to_contain_text("2 deals shown")
        drawing.ready()
        drawing.click("Quillmark", twice=True)
        expect(page.locator(".kg-head")).to_contain_text("around opened")
        assert "open=org%2Fquillmark" in page.url
        page.get_by_role("link", name="Ask").click()
        page.get_by_label("Question").wait_for()
        page.get_by_role("link", name="Deal network").click()
        expect(page.locator(".kg-head")).to_contain_text("around opened")
        expect(page.get_by_label("Draw at most")).to_have_value("300")
        Drawing(page).ready()
    noted.harmless(address)


@pytest.mark.browser
def test_hostile_names_stay_text_and_files_arrive(chromium: str, address: str, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    with browser.page(chromium, width=800, height=900, scheme="dark") as (page, noted):
        page.goto(f"{address}/network")
        drawing = Drawing(page).ready(11)
        drawing.click(material.HOSTILE_NAME)
        expect(page.locator(".kg-chosen")).to_have_text(material.HOSTILE_NAME)
        page.get_by_label("Company or person").fill("acme")
        expect(page.get_by_role("option").first).to_have_text(material.HOSTILE_NAME)
        page.keyboard.press("Enter")
        expect(page.locator(".chip")).to_contain_text(material.HOSTILE_NAME)
        page.get_by_role("button", name="Neighbourhood").click()
        expect(page.locator(".kg-head", has_text="only the neighbourhood of")).to_contain_text(material.HOSTILE_NAME)
        expect(page.locator("td", has_text="img src=x")).to_have_count(2)
        page.get_by_role("button", name="Clear all").click()
        drawing.ready(11)
        assert page.evaluate("window.hacked") is None
        assert page.locator(".katex, .kg-chosen img, a[href^='javascript'], td img").count() == 0

        with page.expect_download() as download:
            page.get_by_role("button", name="CSV of all 12").click()
        text = Path(download.value.path()).read_bytes()
        assert text.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
        assert len(rows) == 12
        assert {"Quillmark", material.HOSTILE_NAME} <= {row["from"] for row in rows}
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())

        with page.expect_download() as download:
            page.get_by_role("button", name="Save the picture as PNG").click()
        picture = Path(download.value.path()).read_bytes()
        assert picture.startswith(b"\x89PNG")
        width, height = struct.unpack(">II", picture[16:24])
        assert width >= 1000
        assert height > 300
        (tmp_path / "graph.png").write_bytes(picture)
    noted.harmless(address)


@pytest.mark.browser
def test_on_a_narrow_screen_the_table_goes_sideways_and_names_stay_whole(chromium: str, address: str) -> None:
    with browser.page(chromium, width=390, height=900) as (page, noted):
        page.goto(f"{address}/network")
        Drawing(page).ready(11)
        for name in ("Ostrava Labs", "Tinroof Cloud"):
            box = page.locator("td", has_text=name).first.bounding_box()
            assert box
            assert box["width"] >= 130
            assert box["height"] < 45  # one line, two at most
        width, inner = page.locator(".table").evaluate("(e) => [e.clientWidth, e.scrollWidth]")
        assert inner > width
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        box = page.locator("label", has=page.get_by_text("Only certain"))
        box.click()
        page.wait_for_timeout(1000)
        painted = box.evaluate("(e) => [...e.querySelectorAll('*')].map((x) => getComputedStyle(x).backgroundColor)")
        assert "rgb(47, 106, 168)" in painted  # the app's one accent
    noted.harmless(address)


@pytest.mark.browser
def test_a_picture_for_the_documentation(chromium: str, tmp_path: Path) -> None:
    store = material.filled(tmp_path / "page.db", network.ledger(), material.grid_letter())
    with browser.app(f"sqlite:///{store}", tmp_path) as address, browser.page(chromium, width=1400) as (page, noted):
        page.goto(f"{address}/network")
        drawing = Drawing(page).ready(10)
        drawing.click("Quillmark")
        page.locator(".kg-chosen").wait_for()
        page.wait_for_timeout(500)
        browser.photograph(page, "network.png", tmp_path, width=1400, height=1050)
    noted.harmless(address)
