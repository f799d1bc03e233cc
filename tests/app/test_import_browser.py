"""The Import page in a real browser: files in, a reload on the way, a verdict, into the graph, asked about."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.app import browser
from tests.app.import_material import HOSTILE, HOSTILE_PAGE, LOOM, QUARRY


@pytest.mark.browser
def test_files_are_read_over_a_reload_reviewed_put_and_asked_about(chromium: str, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    letters = tmp_path / "letters"
    letters.mkdir()
    for name, text in (("loom.md", LOOM), ("quarry-2026-04-02.txt", QUARRY), ("quirk.html", HOSTILE_PAGE)):
        (letters / name).write_text(text, encoding="utf-8")
    (letters / "photo.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    store = f"sqlite:///{tmp_path / 'graph.db'}"
    with browser.app(store, tmp_path) as address, browser.page(chromium, width=1400, height=900) as (page, noted):
        page.goto(address)
        page.get_by_role("link", name="Upload or paste newsletters").click()
        page.locator("input[type=file]").set_input_files(sorted(letters.iterdir()))
        page.get_by_role("button", name="Read 4 files").click()
        expect(page.get_by_role("button", name="Stop")).to_be_visible()
        page.reload()
        page.get_by_role("link", name="Ask", exact=True).click()
        expect(page.locator(".kg-head")).to_contain_text("0 newsletter issues read")
        page.get_by_role("link", name="Import", exact=True).click()
        into = page.get_by_role("button", name="Put 3 issues into the graph")
        expect(into).to_be_visible()
        expect(page.locator(".kg-failed")).to_contain_text("is a binary file")

        page.get_by_role("button", name="Review").nth(2).click()
        expect(page.locator(".kg-statement .kg-claim").first).to_contain_text(HOSTILE)
        noted.harmless(address)
        assert page.evaluate("window.hacked") is None
        page.get_by_role("button", name="Close").click()
        expect(page.get_by_role("button", name="Review")).to_have_count(3)

        page.get_by_role("button", name="Review").first.click()
        bought = page.locator(".kg-statement", has_text="Ostrava Compute acquired")
        expect(bought.locator("mark")).to_have_text(["Ostrava Compute", "Marlow Robotics"])
        row = page.locator("[data-testid=stHorizontalBlock]", has=bought).last
        row.get_by_role("radio", name="Wrong").click()
        expect(page.locator(".kg-reject")).to_have_count(1)
        page.get_by_role("spinbutton", name="year, It has no certain date").click()
        page.keyboard.type("20260304")
        page.get_by_role("heading", name="Import newsletters").click()
        expect(page.locator(".kg-issue").first).to_contain_text("2026-03-04")
        page.reload()
        expect(page.locator(".kg-reject")).to_have_count(1)
        browser.photograph(page, "import.png", tmp_path, width=1400, height=1350)
        into.click()
        expect(page.locator(".kg-answer")).to_contain_text("new deal")

        page.locator(".kg-change a", has_text="Tarn Ventures invested in Marlow Robotics").click()
        expect(page.locator(".kg-head")).to_contain_text("Tarn Ventures → Marlow Robotics")
        assert "deal=d" in page.url
        page.goto(f"{address}/?q=who acquired Marlow Robotics?")
        expect(page.locator(".kg-answer")).to_contain_text("not stated")
        page.goto(f"{address}/?q=who is the CEO of Corvid Labs?")
        expect(page.locator(".kg-answer")).to_contain_text("Ana Torres")
        assert page.evaluate("window.hacked") is None
        assert page.locator(".katex, .kg-answer img, a[href^='javascript']").count() == 0
        noted.harmless(address)


@pytest.mark.browser
def test_a_pasted_text_waits_for_its_reader_while_other_pages_are_shown(chromium: str, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    store = f"sqlite:///{tmp_path / 'graph.db'}"
    with browser.app(store, tmp_path) as address, browser.page(chromium) as (page, noted):
        page.goto(f"{address}/imports")
        page.get_by_text("Paste text").click()
        newsletter, publisher = page.get_by_role("textbox", name="Newsletter"), page.get_by_label("Publisher")
        for field, text in ((newsletter, f"{LOOM}\n{HOSTILE}"), (publisher, "$The$ **Loom**")):
            with noted.taken(field):  # Streamlit forgets a field that it has not taken yet when its page is left
                field.fill(text)
                field.blur()
        page.get_by_role("link", name="Ask", exact=True).click()
        expect(page.get_by_role("heading", name="Ask the newsletters")).to_be_visible()
        page.get_by_role("link", name="Import", exact=True).click()
        expect(page.get_by_role("textbox", name="Newsletter")).to_have_value(f"{LOOM}\n{HOSTILE}")
        page.get_by_role("button", name="Read it").click()
        expect(page.get_by_role("textbox", name="Newsletter")).to_have_value("")
        expect(page.get_by_role("button", name="Put 1 issue into the graph")).to_be_visible()
        expect(page.locator(".kg-issue")).to_contain_text("$The$ **Loom**")
        # A page that has nothing to wait for rests: no message goes either way.
        frames: list[object] = []
        page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(frame)))
        page.reload()
        expect(page.get_by_role("button", name="Put 1 issue into the graph")).to_be_visible()
        page.wait_for_timeout(2000)
        quiet = len(frames)
        assert quiet
        page.wait_for_timeout(4000)
        assert len(frames) == quiet
        assert re.search(r"/imports", page.url)
        noted.harmless(address)
