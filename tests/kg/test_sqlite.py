"""The SQLite file: migrations, foreign and broken files, locks; each error says what to do."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.errors import StoreError
from kg.store import sqlite_file
from kg.store.base import Row
from kg.store.sqlite import SQLiteStore


def test_a_file_of_an_older_version_is_brought_up_with_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kg.db"
    old = SQLiteStore(path)
    old.write(lambda: old.put([Row("issue", "k", {"text": "kept", "text_sha256": "x"})]))
    old.close()

    def next_step(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE issue ADD COLUMN publisher TEXT")
        connection.execute("UPDATE issue SET publisher = 'filled'")

    with monkeypatch.context() as m:
        m.setattr(sqlite_file, "MIGRATIONS", (*sqlite_file.MIGRATIONS, next_step))
        new = SQLiteStore(path)
        assert new.get("issue", ["k"])[0].data["text"] == "kept"
        new.close()
        SQLiteStore(path).close()  # a second time there is nothing to do
    kept = sqlite3.connect(path)
    assert kept.execute("SELECT publisher FROM issue").fetchall() == [("filled",)]
    kept.close()
    with pytest.raises(StoreError, match=r"newer version \(schema 3, this program knows 2\)"):
        SQLiteStore(path)


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kg.db"
    SQLiteStore(path).close()

    def broken(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE half (id)")
        connection.execute("SELECT * FROM nowhere")

    with monkeypatch.context() as m:
        m.setattr(sqlite_file, "MIGRATIONS", (*sqlite_file.MIGRATIONS, broken))
        with pytest.raises(StoreError, match="no such table"):
            SQLiteStore(path)
    SQLiteStore(path).close()


def text_file(path: Path) -> None:
    path.write_text("a newsletter, not a database\n" * 100)


def other_database(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE bookmarks (url)")
    connection.commit()
    connection.close()


def damaged(path: Path) -> None:
    SQLiteStore(path).close()
    path.write_bytes(path.read_bytes()[:30] + b"\xff" * 5000)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (text_file, "is not a store"),
        (other_database, "another program"),
        (Path.mkdir, "is a folder"),
        (damaged, "kg.db"),
    ],
)
def test_a_file_that_is_no_store_is_left_alone(tmp_path: Path, make: Callable[[Path], None], says: str) -> None:
    path = tmp_path / "kg.db"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(StoreError, match=says):
        SQLiteStore(path)
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    (tmp_path / "kg.db").touch()
    store = SQLiteStore(tmp_path / "kg.db")
    assert store.count("issue") == 0
    store.close()


def test_missing_folders_are_made(tmp_path: Path) -> None:
    SQLiteStore(tmp_path / "a" / "b ü" / "kg.db").close()
    assert (tmp_path / "a" / "b ü" / "kg.db").is_file()


def test_a_file_in_the_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot make the folder"):
        SQLiteStore(tmp_path / "file" / "kg.db")


@pytest.mark.skipif(os.name == "nt" or getattr(os, "geteuid", lambda: 0)() == 0, reason="root may write anywhere")
def test_an_unwritable_folder_is_an_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StoreError, match="writable"):
            SQLiteStore(tmp_path / "kg.db")
    finally:
        tmp_path.chmod(0o700)


def test_a_lock_that_stays_is_an_error_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "kg.db"
    one, other = SQLiteStore(path), SQLiteStore(path, wait=0.1)

    def held() -> None:
        one.put([Row("meta", "m", {})])
        assert other.count("meta") == 0  # reading goes on
        with pytest.raises(StoreError, match="another program is writing"):
            other.write(lambda: None)

    one.write(held)
    other.write(lambda: other.put([Row("meta", "n", {})]))
    assert one.count("meta") == 2
    one.close()
    other.close()


def test_connections_are_lent_not_piled_up(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "kg.db")
    for _ in range(50):
        store.count("meta")
        next(store.rows("meta"), None)
    assert len(store._idle) == 1
    store.close()
