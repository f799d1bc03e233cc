"""Pages in Streamlit's own test runner: a page opened on a filled store, and what a person sees of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import streamlit as st
from lxml import html as lxml_html
from streamlit.testing.v1 import AppTest

from tests.app import web_material

MAIN = Path(__file__).resolve().parents[2] / "app" / "web" / "main.py"
Open = Callable[..., AppTest]


@pytest.fixture
def open_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Return a function that fills a store and opens a page on it with an address."""

    def opened(*extracts: Any, view: str, store: str | None = None, **address: Any) -> AppTest:
        path = tmp_path / "page.db"
        if store is None:
            web_material.filled(path, *extracts)
        monkeypatch.setenv("KG_STORE", store or f"sqlite:///{path}")
        at = AppTest.from_file(str(MAIN), default_timeout=300).run().switch_page(f"views/{view}.py")
        for name, value in address.items():
            at.query_params[name] = value
        return at.run()

    yield opened
    st.cache_resource.clear()


def to_network(at: AppTest) -> AppTest:
    """Follow the first link to the network page."""
    link = next(link for link in at.get("page_link") if link.proto.page.endswith("network"))
    address = parse_qs(link.proto.query_string)
    at.switch_page("views/network.py")
    for name, value in address.items():
        at.query_params[name] = value
    return at.run()


def shown(at: AppTest, css: str = "") -> list[str]:
    """Return the texts of the page's elements that have this class, as a person sees them."""
    assert not at.exception, at.exception
    bodies = [str(e.proto.body) for e in at.get("html") if not e.proto.body.startswith("<style>")]
    page = lxml_html.fromstring("<main>" + "".join(bodies) + "</main>")
    return [e.text_content() for e in page.xpath(f"//*[contains(concat(' ', @class, ' '), ' {css} ')]")]
