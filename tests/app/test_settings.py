"""Settings: every form of a store URL, and what is never printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import Neo4jURL, SettingsError, SQLiteURL, load, parse


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///relative.db", "relative.db"),
        ("sqlite:////absolute/dir/kg.db", "/absolute/dir/kg.db"),
        ("SQLITE:///kg.db", "kg.db"),
        ("sqlite:///with space and %41.db", "with space and %41.db"),
        ("sqlite:///ünï/知識.db", "ünï/知識.db"),
        ("sqlite:///C:/Users/me/kg.db", "C:/Users/me/kg.db"),
        ("sqlite:///what?.db", "what?.db"),
    ],
)
def test_a_sqlite_url_names_a_file(url: str, path: str) -> None:
    assert parse(url, {}) == SQLiteURL(Path(path))


@pytest.mark.parametrize(
    ("url", "uri", "user", "password", "database"),
    [
        ("bolt://localhost", "bolt://localhost", None, None, None),
        ("neo4j://db.example:7687/news", "neo4j://db.example:7687", None, None, "news"),
        ("neo4j+s://ann:pw@db.example", "neo4j+s://db.example", "ann", "pw", None),
        ("neo4j+ssc://ann:p%40ss%3A%2Fw@h:1/d", "neo4j+ssc://h:1", "ann", "p@ss:/w", "d"),
        ("bolt+s://a%40b.example:pw@h", "bolt+s://h", "a@b.example", "pw", None),
        ("bolt+ssc://[::1]:7687", "bolt+ssc://[::1]:7687", None, None, None),
        ("BOLT://Host:7687/", "bolt://host:7687", None, None, None),
    ],
)
def test_a_neo4j_url_is_taken_apart(
    url: str, uri: str, user: str | None, password: str | None, database: str | None
) -> None:
    assert parse(url, {}) == Neo4jURL(uri, user, password, database)


@pytest.mark.parametrize(
    ("url", "user", "password"),
    [
        ("neo4j://h", "env-user", "env-password"),
        ("neo4j://ann@h", "ann", "env-password"),
        ("neo4j://ann:pw@h", "ann", "pw"),
    ],
)
def test_the_environment_fills_what_the_url_lacks(url: str, user: str, password: str) -> None:
    store = parse(url, {"KG_NEO4J_USER": "env-user", "KG_NEO4J_PASSWORD": "env-password"})
    assert isinstance(store, Neo4jURL)
    assert (store.user, store.password) == (user, password)


@pytest.mark.parametrize(
    "url",
    [
        "kg.db",
        "postgres://u:secret@h/db",
        "sqlite://kg.db",
        "sqlite:///",
        "sqlite:///folder/",
        "sqlite:///:memory:",
        "sqlite:///a\0b",
        "neo4j://",
        "neo4j://h:port",
        "neo4j://ann:sec#ret@h",
        "neo4j://ann:sec/ret@h",
        "neo4j://ann:sec?ret@h",
        "neo4j://[half",
        "://",
    ],
)
def test_a_wrong_url_is_told_without_its_password(url: str) -> None:
    with pytest.raises(SettingsError) as e:
        parse(url, {})
    assert "sec" not in str(e.value)


def test_a_password_is_in_no_printed_form() -> None:
    store = parse("neo4j://ann:secret@h:7687/d", {})
    assert "secret" not in f"{store} {store!r} {load('neo4j://ann:secret@h', {})!r}"


def test_the_option_goes_before_the_environment_and_the_default() -> None:
    environ = {"KG_STORE": "sqlite:///from-environment.db"}
    assert load("sqlite:///option.db", environ).store == SQLiteURL(Path("option.db"))
    assert load(None, environ).store == SQLiteURL(Path("from-environment.db"))
    default = load(None, {}).store
    assert isinstance(default, SQLiteURL)
    assert default.path.is_absolute()
    assert default.path.name == "graph.db"
