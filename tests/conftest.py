"""What all tests share: the folder of real newsletters, a browser, a Neo4j server; CI skips none that need the two."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from tests.neo4j_jars import UnavailableError
from tests.neo4j_server import Neo4j, Server, find

ROOT = Path(__file__).resolve().parents[1]
ENVIRON = dict(os.environ)  # before a test changes it
NEO4J_FIXTURES = {"neo4j_url", "bare_neo4j_url", "stopped_neo4j_server"}
NEO4J_USE = pytest.StashKey[dict[str, int]]()
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


@pytest.fixture(scope="session")
def neo4j_of_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4j]:
    """Return the one Neo4j server of this run, started at its first use; skip without one, fail in CI."""
    try:
        found = find(ENVIRON, tmp_path_factory.mktemp("neo4j"))
    except UnavailableError as error:
        _without_neo4j(error)
    yield found
    found.close()


@pytest.fixture
def neo4j_url(neo4j_of_run: Neo4j, request: pytest.FixtureRequest) -> str:
    """Return the store URL, with user and password, of a Neo4j database without nodes; its indexes may be there."""
    neo4j_of_run.wipe()
    _count_use(request, neo4j_of_run)
    return neo4j_of_run.url


@pytest.fixture
def bare_neo4j_url(neo4j_of_run: Neo4j, request: pytest.FixtureRequest) -> str:
    """Return the store URL, with user and password, of a Neo4j database without nodes, constraints and indexes."""
    neo4j_of_run.wipe(schema=True)
    _count_use(request, neo4j_of_run)
    return neo4j_of_run.url


@pytest.fixture
def stopped_neo4j_server(tmp_path: Path) -> Iterator[Server]:
    """Return a server of the test's own, not yet started; it needs Java."""
    try:
        server = Server(tmp_path / "neo4j")
    except UnavailableError as error:
        _without_neo4j(error)
    yield server
    server.kill()
    shutil.rmtree(server.home, ignore_errors=True)


@pytest.fixture
def neo4j_server(stopped_neo4j_server: Server) -> Server:
    """Return a server of the test's own, to be killed and started again; it needs Java, and 5 s or more."""
    stopped_neo4j_server.start()
    return stopped_neo4j_server


def _without_neo4j(error: UnavailableError) -> NoReturn:
    if ENVIRON.get("CI") == "true":
        pytest.fail(f"a Neo4j test cannot be skipped in CI: {error}", pytrace=False)
    pytest.skip(str(error))


def _count_use(request: pytest.FixtureRequest, server: Neo4j) -> None:
    uses = request.config.stash.setdefault(NEO4J_USE, {})
    uses[server.about] = uses.get(server.about, 0) + 1


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use a Neo4j fixture, so that `-m neo4j` finds them all."""
    for item in items:
        if NEO4J_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("neo4j")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how many tests ran with Neo4j, and on which server."""
    for about, count in terminalreporter.config.stash.get(NEO4J_USE, {}).items():
        terminalreporter.write_line(f"== {count} tests ran with {about}")


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
