"""What benchmarks work on: extracts of real newsletters, made once, and a Neo4j server of their own."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.model import Extract
from tests.neo4j_server import find

SHARED = Path(os.environ.get("KG_SHARED") or Path(__file__).resolve().parents[1] / ".." / "shared").resolve()


def extracts(folder: Path) -> list[Extract]:
    """Return the extracts of a folder, as `kg extract PATH… --out FOLDER` writes them, by name."""
    files = sorted(folder.glob("*.json"))
    if not files:
        sys.exit(
            f"{folder} holds no extracts; kg extract {SHARED / 'newsletters' / 'ainews'} --out {folder} makes them"
        )
    return [Extract.from_json(json.loads(f.read_text(encoding="utf-8")), file=f.name) for f in files]


@contextmanager
def neo4j_server() -> Iterator[str]:
    """Yield the store URL of an empty Neo4j: that of KG_TEST_NEO4J, else one by Java or Docker."""
    with tempfile.TemporaryDirectory() as home:
        server = find(os.environ, Path(home))
        server.wipe()
        print(server.about, flush=True)
        try:
            yield server.url
        finally:
            server.close()
