"""Settings: the only reader of the environment."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from platformdirs import user_data_path

from kg.errors import KGError

NEO4J_SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
FORMS = "write sqlite:///relative.db, sqlite:////absolute.db or neo4j://HOST:7687"


class SettingsError(KGError):
    """A setting or an option has no meaning: wrong use, exit code 2."""


@dataclass(frozen=True)
class SQLiteURL:
    """A store in one file."""

    path: Path

    def __str__(self) -> str:
        return f"sqlite:///{self.path}"


@dataclass(frozen=True)
class Neo4jURL:
    """A store in a Neo4j server: the driver's URI (which takes no user) and what it is told apart from it."""

    uri: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    database: str | None = None

    def __str__(self) -> str:
        return self.uri + (f"/{self.database}" if self.database else "")


StoreURL = SQLiteURL | Neo4jURL


@dataclass(frozen=True)
class Settings:
    """All that a person can set."""

    store: StoreURL


def load(store: str | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings: the store named, else KG_STORE, else a file in the user's data folder.

    Raise SettingsError if the URL has no meaning.
    """
    url = store or environ.get("KG_STORE")
    if not url:
        return Settings(SQLiteURL(user_data_path("ai-industry-kg", appauthor=False) / "graph.db"))
    return Settings(parse(url, environ))


def parse(url: str, environ: Mapping[str, str] = os.environ) -> StoreURL:
    """Return the store that a URL names; the environment fills a Neo4j user and password that it lacks."""
    scheme, sign, rest = url.strip().partition("://")
    scheme = scheme.lower()
    if not sign:
        raise SettingsError(f"{hidden(url)!r} is no store URL; {FORMS}")
    if scheme == "sqlite":
        return _sqlite(rest, url)
    if scheme in NEO4J_SCHEMES:
        return _neo4j(scheme, f"{scheme}://{rest}", environ)
    raise SettingsError(f"unknown store {scheme!r} in {hidden(url)!r}; {FORMS}")


def hidden(url: str) -> str:
    """Return the URL without user and password, fit to be printed."""
    return re.sub(r"://.*@", "://", url, flags=re.DOTALL)


def _sqlite(rest: str, url: str) -> SQLiteURL:
    if not rest.startswith("/"):
        raise SettingsError(f"{url!r} names a host; a SQLite store is a file: {FORMS}")
    path = rest[1:]
    if not path or path.endswith(("/", "\\")) or path == ":memory:":
        raise SettingsError(f"{url!r} names no file; {FORMS}")
    if "\0" in path:
        raise SettingsError("a NUL character stands in the store's path")
    return SQLiteURL(Path(path).expanduser())


def _neo4j(scheme: str, url: str, environ: Mapping[str, str]) -> Neo4jURL:
    wrong = f"{hidden(url)!r} is no Neo4j URL; write {scheme}://[USER:PASSWORD@]HOST[:PORT][/DATABASE]"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as e:
        raise SettingsError(f"{wrong} (@ : / # ? in a password as %40 %3A %2F %23 %3F)") from e
    if not host or parts.query or parts.fragment or "@" in parts.path:
        raise SettingsError(f"{wrong} (@ : / # ? in a password as %40 %3A %2F %23 %3F)")
    host = f"[{host}]" if ":" in host else host
    user = unquote(parts.username) if parts.username else environ.get("KG_NEO4J_USER") or None
    password = unquote(parts.password) if parts.password else environ.get("KG_NEO4J_PASSWORD") or None
    database = unquote(parts.path.strip("/")) or None
    return Neo4jURL(f"{scheme}://{host}:{port}" if port else f"{scheme}://{host}", user, password, database)


def imports_file(settings: Settings) -> Path:
    """Return the file that keeps the imports of the page: beside a store's file, else in the user's data folder."""
    url = settings.store
    if isinstance(url, SQLiteURL):
        return url.path.with_name(f"{url.path.name}.imports")
    which = hashlib.sha256(str(url).encode()).hexdigest()[:8]
    return user_data_path("ai-industry-kg", appauthor=False) / f"neo4j-{which}.imports"


def child_environment(settings: Settings, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment of a child process that opens the same store (its path made absolute)."""
    url = settings.store
    if isinstance(url, SQLiteURL):
        return {**environ, "KG_STORE": f"sqlite:///{url.path.absolute()}"}
    secret = {"KG_NEO4J_USER": url.user, "KG_NEO4J_PASSWORD": url.password}
    return {**environ, "KG_STORE": str(url), **{k: v for k, v in secret.items() if v}}
