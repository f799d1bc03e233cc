"""The page in a real browser: the program as a user starts it, a question, its answer, and nothing hostile run."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from tests.app import web_material as material

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PATIENCE = 120  # seconds, on a busy machine


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Start `kg app` over a small store on a free port; yield its address, and end it with all its children."""
    store = material.filled(
        tmp_path / "page.db", material.grid_letter(), material.hostile_letter(), material.doubtful_letter()
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "app.cli", "app", "--port", str(port), "--store", f"sqlite:///{store}"]
    log = (tmp_path / "app.log").open("w+b")
    app = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
    try:
        yield _ready(app, f"http://127.0.0.1:{port}", tmp_path / "app.log")
    finally:
        os.killpg(app.pid, signal.SIGTERM)
        app.wait(PATIENCE)
        log.close()


def _ready(app: subprocess.Popen[bytes], url: str, log: Path) -> str:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and app.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):
                return url
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise AssertionError(f"the app did not start: {log.read_text()}")


@pytest.mark.browser
def test_a_question_is_answered_with_its_sentences_and_no_text_acts(
    chromium: str, address: str, tmp_path: Path
) -> None:
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1200, "height": 1000}, color_scheme="light")
        page.set_default_timeout(PATIENCE * 1000)
        expect.set_options(timeout=PATIENCE * 1000)
        hosts, dialogs, broken = set(), [], []
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc or request.url.partition(":")[0]))
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: broken.append(str(error)))

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
        _photograph(page, tmp_path)

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
        browser.close()
    assert dialogs == []
    assert broken == []
    assert hosts <= {urlsplit(address).netloc, "data", "blob"}


def _photograph(page, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]  # playwright is imported late
    """Keep a picture of the whole page; KG_SCREENSHOTS names a folder for it (docs/images)."""
    page.mouse.move(0, 0)
    page.set_viewport_size({"width": 1200, "height": 1250})
    page.wait_for_timeout(1000)
    folder = Path(os.environ.get("KG_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(folder / "ask.png"))
    assert (folder / "ask.png").stat().st_size > 20_000
