"""How long common questions take in a running process, on both stores.

`python -m benchmarks.questions EXTRACTS [--times N]` imports the extracts into a SQLite file, copies it to Neo4j, asks
every question once unmeasured, then each of them N times in turn on each store.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from app import bootstrap
from app.settings import load
from benchmarks.material import extracts, neo4j_server
from benchmarks.soak import QUESTIONS
from kg import reference, schema
from kg.ask import ask
from kg.copying import copy
from kg.graph import Graph
from kg.store.base import Store
from kg.store.sqlite import SQLiteStore


def measured(store: Store, times: int) -> list[float]:
    """Return the milliseconds of each question, each asked so often."""
    rules, known = schema.load(), reference.load()
    for question in QUESTIONS:
        ask(question, store, rules, known)
    out = []
    for _ in range(times):
        for question in QUESTIONS:
            began = time.perf_counter()
            ask(question, store, rules, known)
            out.append((time.perf_counter() - began) * 1000)
    return out


def main() -> int:
    """Measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("extracts", type=Path, help="a folder of extracts")
    parser.add_argument("--times", type=int, default=20)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, neo4j_server() as url:
        file, server = SQLiteStore(Path(folder) / "kg.db"), bootstrap.open_store(load(url))
        graph = Graph(file, schema.load(), reference.load())
        for one in extracts(args.extracts):
            graph.put(one)
        copy(file, server)
        for name, store in (("SQLite", file), ("Neo4j", server)):
            spent = measured(store, args.times)
            p95 = statistics.quantiles(spent, n=20)[-1]
            print(f"{name}: median {statistics.median(spent):.0f} ms, p95 {p95:.0f} ms, most {max(spent):.0f} ms")
            store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
