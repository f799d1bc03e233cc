"""What the tests of rereading share: a few newsletters, and a store in which an older reader read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app import bootstrap
from app.importer import import_sources, sources
from app.settings import load
from kg.model import Extract, merged
from kg.record import issue_of
from tests.app import import_material as material

OLD = "0123456789ab"  # the fingerprint of the older reader
STARS = """<!doctype html><title>Star Letter</title><h1>Star Letter</h1>
<p>*Tarn Ventures* invested $7 million in Quillwork* on 2026-02-03.</p>
<p># Ana Torres is the CEO of Quillwork.</p>
<p>- Ostrava Compute acquired Marlow Robotics for $120 million last month.</p>
"""
FILES = {
    "loom.md": material.LOOM,
    "quarry.txt": material.QUARRY,
    "star.html": STARS,
    "riddles.md": material.RIDDLES,
    "odd.md": "Odd Letter\n\nTarn Ventures invested $9 million in 東京 Robotics \U0001f917 last week. *\n",
}


def letters(folder: Path) -> list[str]:
    """Write the newsletters and return their paths."""
    folder.mkdir(exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [str(folder / name) for name in FILES]


def aged(url: str, *keys: str) -> None:
    """Let all issues of a store (or those of the keys) be as an older reader read them: less, and something wrong."""
    with bootstrap.opened(load(url)) as graph:
        for row in list(graph.store.rows("issue")):
            if not keys or row.id in keys:
                graph.put(older(bootstrap.reader().extract(issue_of(row))))


def older(extract: Extract) -> Extract:
    """Return what an older reader would have made of the issue of an extract."""
    said = merged(extract.statements)
    wrong = [s.model_copy(update={"relation": "partnered_with"}) for s in said if s.subject != s.object]
    return extract.model_copy(update={"reader": OLD, "statements": (*said[-1:], *wrong[:1])})


def rows(url: str) -> dict[str, list[Any]]:
    """Return issue key → its rows of the record."""
    with bootstrap.opened(load(url)) as graph:
        found: dict[str, list[Any]] = {row.id: [row.data] for row in graph.store.rows("issue")}
        for kind in ("mention", "statement"):
            for row in graph.store.rows(kind):
                found[row.data["issue"]].append([row.id, row.data])
    return found


def dump(url: str) -> list[str]:
    """Return the dump of a store."""
    with bootstrap.opened(load(url)) as graph:
        return graph.dump()


def fresh(url: str, folder: Path) -> list[str]:
    """Return the dump of a new store with the same newsletters, imported now, and the judgements of this one."""
    file = folder / "fresh.db"
    file.unlink(missing_ok=True)
    new = f"sqlite:///{file}"
    with bootstrap.opened(load(url)) as graph:
        judgements = graph.judgements()
    with bootstrap.opened(load(new)) as graph:
        for found in import_sources(sources(letters(folder)), graph, bootstrap.reader):
            assert found.outcome == "added", found
        for judgement in judgements:
            graph.judge(judgement)
    return dump(new)
