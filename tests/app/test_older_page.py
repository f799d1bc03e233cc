"""The Import page tells how many issues an older reader read, and reads them anew in the background."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from app import bootstrap, rereading, settings
from app.rereading import Rereading
from tests.app.reread_material import FILES, aged, dump, fresh, letters
from tests.app.test_cli import Kg
from tests.app.test_import_page import opened, shown

LONG = 120.0
READ = "were read by an older reader"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Rereading]:
    """Yield the rereading of a store in which an older reader read all newsletters."""
    url = f"sqlite:///{tmp_path / 'page.db'}"
    monkeypatch.setenv("KG_STORE", url)
    Kg(tmp_path, capsys)("import", *letters(tmp_path))
    aged(url)
    yield rereading.of(settings.load())
    st.cache_resource.clear()
    st.cache_data.clear()


def url(own: Rereading) -> str:
    return str(own.settings.store)


def test_the_button_reads_anew_what_an_older_reader_read(own: Rereading, tmp_path: Path) -> None:
    at = opened()
    assert any(f"{len(FILES)} of {len(FILES)} issues {READ}" in text for text in shown(at, "kg-small"))
    at.button(key="do-reread").click().run()
    own.wait(LONG)
    at.run()
    assert any(f"{len(FILES)} issues read anew" in text for text in shown(at, "kg-small"))
    assert not any(READ in text for text in shown(at, "kg-small"))
    assert dump(url(own)) == fresh(url(own), tmp_path)
    at.button(key="close-reread").click().run()
    assert not any("read anew" in text for text in shown(at, "kg-small"))


def test_stopped_it_keeps_what_was_read_and_goes_on_with_the_rest(own: Rereading, tmp_path: Path) -> None:
    own.stop()
    own.start()
    own.stop()
    own.wait(LONG)
    assert len(own.done) <= 1
    own.start()
    own.wait(LONG)
    assert (own.trouble, own.running) == ("", False)
    assert dump(url(own)) == fresh(url(own), tmp_path)


def test_an_issue_that_fails_is_told_and_stays_older(own: Rereading, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = bootstrap.reader()

    class Breaking:
        def extract(self, issue):  # type: ignore[no-untyped-def]
            if issue.file == "loom.md":
                raise RuntimeError("no such <b>luck</b>")
            return whole.extract(issue)

    monkeypatch.setattr(bootstrap, "reader", Breaking)
    at = opened()
    at.button(key="do-reread").click().run()
    own.wait(LONG)
    at.run()
    assert any("no such <b>luck</b>" in text for text in shown(at, "kg-failed"))
    assert any(f"1 of {len(FILES)} issues {READ}" in text for text in shown(at, "kg-small"))


def test_a_store_out_of_reach_is_told_and_the_page_stands(own: Rereading, tmp_path: Path) -> None:
    at = opened()
    for name in ("page.db", "page.db-wal", "page.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / "page.db").write_text("no database, only words " * 50)
    own.start()
    own.wait(LONG)
    at.run()
    assert any("is not a store" in text for text in shown(at, "kg-error"))
    assert not at.exception


def test_a_store_of_the_present_reader_says_nothing(own: Rereading) -> None:
    own.start()
    own.wait(LONG)
    own.clear()
    assert not any("reader" in text for text in shown(opened(), "kg-small"))
