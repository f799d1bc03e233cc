"""Two importers and eight readers at once, on both stores: no error, and in the end the graph of a serial import.

`python -m benchmarks.together EXTRACTS [--seconds N] [--issues N]`. Each importer is a process that puts its half of
the issues, takes some out again and puts them back, until the time is over; each reader is a process that asks
questions and counts rows, and compares what must agree within one reading. Leaves with 1 if anything failed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app import bootstrap
from app.settings import load
from benchmarks.material import extracts, neo4j_server
from benchmarks.soak import QUESTIONS
from kg.ask import ask
from kg.graph import Graph
from kg.model import Extract

WRITERS, READERS = 2, 8


def importer(url: str, issues: list[Extract], end: float, seed: int) -> int:
    """Put, remove and put again until the time is over; then put all. Return the number of acts."""
    chance, acts = random.Random(seed), 0
    with bootstrap.opened(load(url)) as graph:
        while time.time() < end:
            one = chance.choice(issues)
            if chance.random() < 0.25:
                graph.remove(one.issue.key)
            else:
                graph.put(one)
            acts += 1
        for one in issues:
            graph.put(one)
    return acts


def reader(url: str, end: float, seed: int) -> int:
    """Ask and count until the time is over; return the number of questions."""
    chance, asked = random.Random(seed), 0
    with bootstrap.opened(load(url)) as graph:
        while time.time() < end:
            ask(chance.choice(QUESTIONS), graph.store, graph.schema, graph.reference)
            whole(graph)
            asked += 1
    return asked


def whole(graph: Graph) -> None:
    """Raise AssertionError if one reading sees half an issue."""

    def look() -> tuple[int, int, set[str]]:
        listed = {row.id: row.data["statements"] for row in graph.store.rows("listing")}
        issues = {row.id for row in graph.store.get("issue", listed)}
        return sum(listed.values()), graph.store.count("statement"), set(listed) ^ issues

    told, there, odd = graph.store.read(look)
    if told != there or odd:
        raise AssertionError(f"the listings tell of {told} statements, {there} are there; {sorted(odd)[:3]}")


def reported(found: Any, work: Callable[..., int], name: str, *args: Any) -> None:
    """Run the work and send what it came to: a number, or the error."""
    try:
        found.put((name, work(*args), ""))
    except BaseException:  # noqa: BLE001  told by the process that waits for it
        found.put((name, 0, traceback.format_exc()))


def run(url: str, issues: list[Extract], seconds: float) -> bool:
    """Run all at once on a store; print what they did and tell whether none failed."""
    end = time.time() + seconds
    context = multiprocessing.get_context("spawn")
    found = context.Queue()
    jobs = [(importer, "importer", url, issues[n::WRITERS], end, n) for n in range(WRITERS)]
    jobs += [(reader, "reader", url, end, n) for n in range(READERS)]
    processes = [context.Process(target=reported, args=(found, *job)) for job in jobs]
    for process in processes:
        process.start()
    results = [found.get(timeout=seconds + 600) for _ in processes]
    for process in processes:
        process.join()
    done: Counter[str] = Counter()
    for name, count, error in results:
        done[name] += count
        if error:
            print(f"{name} FAILED: {error}")
    print(f"  {done['importer']} imports and removals, {done['reader']} questions in {seconds:.0f} s")
    return not any(error for _, _, error in results)


def main() -> int:
    """Run on both stores."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("extracts", type=Path, help="a folder of extracts")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--issues", type=int, default=40)
    args = parser.parse_args()
    issues = extracts(args.extracts)[: args.issues]
    fine = True
    with tempfile.TemporaryDirectory() as folder, neo4j_server() as server:
        with bootstrap.opened(load(f"sqlite:///{folder}/serial.db")) as serial:
            for one in issues:
                serial.put(one)
            expected = serial.dump()
        for name, url in (("SQLite", f"sqlite:///{folder}/together.db"), ("Neo4j", server)):
            print(name, flush=True)
            fine &= run(url, issues, args.seconds)
            with bootstrap.opened(load(url)) as graph:
                same = graph.dump() == expected
            print(f"  the dump {'equals' if same else 'DIFFERS from'} that of a serial import")
            fine &= same
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
