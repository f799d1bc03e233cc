"""Browser tests: the program as a user starts it, and a page in Chromium whose every misstep is noted."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Request, WebSocket

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PATIENCE = 120  # seconds, on a busy machine


@contextmanager
def app(store_url: str, folder: Path) -> Iterator[str]:
    """Start `kg app` over a store on a free port; yield its address, and end it with all its children.

    `folder` takes the program's log.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "app.cli", "app", "--port", str(port), "--store", store_url]
    with (folder / "app.log").open("w+b") as log:
        running = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        try:
            yield _ready(running, f"http://127.0.0.1:{port}", folder / "app.log")
        finally:
            os.killpg(running.pid, signal.SIGTERM)
            running.wait(PATIENCE)


def _ready(running: subprocess.Popen[bytes], url: str, log: Path) -> str:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and running.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):
                return url
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise AssertionError(f"the app did not start: {log.read_text()}")


@dataclass
class Noted:
    """What a page did that it may not do: hosts it asked, dialogs it opened, errors of its scripts."""

    hosts: set[str] = field(default_factory=set)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    runs: int = 0  # of the script, that the page asked for
    running: bool = False  # whether the last of them is not over

    def talks(self, socket: WebSocket) -> None:
        """Follow the messages between the page and the app."""
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._received)

    def _sent(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes) and BackMsg.FromString(frame).WhichOneof("type") == "rerun_script":
            self.runs, self.running = self.runs + 1, True

    def _received(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            message = ForwardMsg.FromString(frame)
            if message.WhichOneof("type") == "script_finished":
                self.running = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN

    @contextmanager
    def taken(self, field: Locator) -> Iterator[None]:
        """Wait until the app has run for what is done inside with a field, after the run that drew the field."""
        field.wait_for()
        self._until(field, lambda: not self.running)
        before = self.runs
        yield
        self._until(field, lambda: self.runs > before and not self.running)

    @staticmethod
    def _until(field: Locator, holds: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, "the app did not take a field"
            field.page.wait_for_timeout(20)

    def asked(self, request: Request) -> None:
        """Note the host of a request, or the scheme of one that needs none (data, blob)."""
        self.hosts.add(urlsplit(request.url).netloc or request.url.partition(":")[0])

    def harmless(self, address: str) -> None:
        """Hold that nothing was asked of another host, and that no text ran."""
        assert self.dialogs == []
        assert self.errors == []
        assert self.hosts <= {urlsplit(address).netloc, "data", "blob"}


@contextmanager
def page(
    chromium: str, *, width: int = 1200, height: int = 1000, scheme: str = "light"
) -> Iterator[tuple[Page, Noted]]:
    """Open a page in a Chromium of its own; yield it and what is noted of it."""
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        options: dict[str, Any] = {"color_scheme": scheme, "accept_downloads": True}
        opened = browser.new_page(viewport={"width": width, "height": height}, **options)
        opened.set_default_timeout(PATIENCE * 1000)
        expect.set_options(timeout=PATIENCE * 1000)
        noted = Noted()
        opened.on("request", noted.asked)
        opened.on("websocket", noted.talks)
        opened.on("dialog", lambda dialog: (noted.dialogs.append(dialog.message), dialog.dismiss()))
        opened.on("pageerror", lambda error: noted.errors.append(str(error)))
        try:
            yield opened, noted
        finally:
            browser.close()


def still(opened: Page) -> None:
    """Wait until the app has taken what was done on the page, and has drawn what follows from it."""
    from playwright.sync_api import expect

    expect(opened.locator("[data-testid='stApp'][data-test-script-state='notRunning']")).to_have_count(1)


def photograph(opened: Page, name: str, folder: Path, *, width: int = 1200, height: int = 1250) -> Path:
    """Keep a picture of the page and return its path; KG_SCREENSHOTS names a folder for it (docs/images)."""
    opened.mouse.move(0, 0)
    opened.set_viewport_size({"width": width, "height": height})
    opened.wait_for_timeout(1000)
    kept = Path(os.environ.get("KG_SCREENSHOTS") or folder)
    kept.mkdir(parents=True, exist_ok=True)
    opened.screenshot(path=str(kept / name))
    assert (kept / name).stat().st_size > 20_000
    return kept / name
