"""What all tests share: the folder of real newsletters, a browser, and the rule that CI skips no browser test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder with real newsletters and gold files (KG_SHARED, else beside the checkout), or skip."""
    folder = Path(os.environ.get("KG_SHARED") or ROOT / ".." / "shared").resolve()
    if not (folder / "gold").is_dir():
        pytest.skip("no real newsletters here (KG_SHARED names their folder)")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of an installed Chromium or Chrome, or skip (mark the test with `browser`)."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    pytest.skip("no Chromium here")


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the user's own store."""
    monkeypatch.setenv("KG_STORE", f"sqlite:///{tmp_path / 'kg-default.db'}")
    for name in ("KG_NEO4J_USER", "KG_NEO4J_PASSWORD"):
        monkeypatch.delenv(name, raising=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With CI=true a skipped browser test has failed."""
    report = yield
    if report.skipped and item.get_closest_marker("browser") and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"a browser test was skipped in CI: {report.longrepr}"
    return report
