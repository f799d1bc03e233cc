"""The pages over Neo4j: an answer, and the neighbourhood of a company drawn from the server."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import bootstrap
from app.importer import import_sources, sources
from app.settings import load
from tests.app import browser
from tests.app.test_network_browser import Drawing


@pytest.mark.browser
@pytest.mark.neo4j
def test_the_neighbourhood_of_a_company_is_drawn_from_neo4j(chromium: str, neo4j_url: str, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    with bootstrap.opened(load(neo4j_url)) as graph:
        done = list(import_sources(sources([str(p) for p in bootstrap.samples()]), graph, bootstrap.reader))
    assert {one.outcome for one in done} == {"added"}
    with browser.app(neo4j_url, tmp_path) as address, browser.page(chromium, width=1400) as (page, noted):
        page.goto(f"{address}/?q=who+invested+in+Anthropic%3F")
        expect(page.locator(".kg-answer")).to_contain_text("up to $25 billion")
        page.goto(f"{address}/network?around=org/openai&chosen=org/openai")
        drawing = Drawing(page).ready()
        assert len(drawing.deals()) > 5
        expect(page.locator(".kg-claim").first).to_be_visible()
        browser.photograph(page, "network-neo4j.png", tmp_path, width=1400, height=1100)
        noted.harmless(address)
