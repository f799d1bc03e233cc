"""Bootstrap: wires the concrete parts; everything else knows interfaces only."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from app.settings import Neo4jURL, Settings, SQLiteURL
from kg.errors import StoreError
from kg.store.base import Store

if TYPE_CHECKING:
    from ingest.pipeline import Reader
    from kg.graph import Graph
    from kg.reference import Reference
    from kg.schema import Schema

ANEW = "kg: deriving the graph anew, once after an upgrade; of many issues this takes a while"
MakeReader = Callable[[], "Reader"]


def open_store(settings: Settings) -> Store:
    """Return the store that the settings name, its file made where there is none; raise StoreError if out of reach."""
    url = settings.store
    if isinstance(url, Neo4jURL):
        from kg.store.neo4j import Neo4jStore
        from kg.store.neo4j_faces import Naming

        schema, _ = knowledge()
        return Neo4jStore(
            url.uri, naming=Naming.of(schema), user=url.user, password=url.password, database=url.database
        )
    from kg.store.sqlite import SQLiteStore

    _make_folder(url.path.parent)
    return SQLiteStore(url.path)


def must_exist(settings: Settings) -> None:
    """Raise StoreError if the settings name a file that is not there: reading does not make one."""
    url = settings.store
    if isinstance(url, SQLiteURL) and not url.path.exists():
        raise StoreError(f"{url.path}: there is no such file")


@contextmanager
def opened(settings: Settings) -> Iterator[Graph]:
    """Yield the graph over the store that the settings name, its view by this program's rules; close it afterwards.

    Where other rules made the view it is derived anew, which is told on standard error: it may take a while.
    """
    store = open_store(settings)
    try:
        from kg.graph import Graph

        graph = Graph(store, *knowledge(), trust=trust())
        # Told once, though a transaction may be tried again.
        graph.refresh(cache(lambda: print(ANEW, file=sys.stderr, flush=True)))
        yield graph
    finally:
        store.close()


@contextmanager
def reading(settings: Settings) -> Iterator[Graph]:
    """Yield the graph as `opened` does, but make no store: where there is no file yet, that of an empty one elsewhere.

    What a mistyped path names is told on standard error.
    """
    url = settings.store
    if not isinstance(url, SQLiteURL) or url.path.exists():
        with opened(settings) as graph:
            yield graph
        return
    print(f"there is no store at {url.path}; kg import makes one", file=sys.stderr, flush=True)
    with TemporaryDirectory() as folder, opened(replace(settings, store=SQLiteURL(Path(folder) / "empty.db"))) as graph:
        yield graph


@cache
def knowledge() -> tuple[Schema, Reference]:
    """Return the ontology and the reference facts that ship with the package, read once a process."""
    from kg import reference, schema

    return schema.load(), reference.load()


@cache
def trust() -> dict[str, float]:
    """Return the confidence from which statements of each relation are certain, as the shipped model says."""
    about = json.loads((files("ingest") / "model" / "reader.json").read_text(encoding="utf-8"))
    return {relation: float(t["trust"]) for relation, t in about["thresholds"].items()}


@cache
def reader() -> Reader:
    """Return the trained reader; loading it takes a second or two, so it is loaded when first needed."""
    from ingest.pipeline import Reader

    return Reader.load()


@cache
def fingerprint() -> str:
    """Return the fingerprint of the trained reader, known from its files without loading it; raise ReadError."""
    from ingest.fingerprint import of_shipped

    return of_shipped(*knowledge())


def samples() -> list[Path]:
    """Return the sample issues that ship with the package."""
    from importlib.resources import files

    folder = files("seeds") / "issues"
    return sorted(Path(str(f)) for f in folder.iterdir() if f.name.endswith((".md", ".txt", ".html")))


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise StoreError(f"cannot make the folder {folder} ({e.strerror}); --store or KG_STORE names another") from e
