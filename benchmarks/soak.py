"""Soak: all real newsletters into a fresh store; time, memory, size, failures, questions, and being killed.

`python -m benchmarks.soak [--limit N] [--kills N]` reads the folders of SHARED/newsletters (KG_SHARED, else beside the
checkout), prints what it measures, and leaves with 1 if any issue failed or a killed import left half an issue.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from app import bootstrap
from app.importer import Source, import_sources, sources
from app.settings import Settings, SQLiteURL
from kg.graph import Graph
from kg.model import Issue

FOLDERS = ("ainews", "ainews-rest", "bensbites", "sundayblender")
QUESTIONS = (
    "Who invested in Anthropic?",
    "What did Microsoft invest in?",
    "Who invested in whom?",
    "What were the biggest deals?",
    "Did Amazon invest in Anthropic?",
    "Who works at OpenAI?",
    "Who founded Mistral AI?",
    "What did Meta release?",
    "What share of OpenAI does Microsoft hold?",
    "Whose cloud is Anthropic tied to?",
)
SEED = 20260421
TEN = 10


def memory(process: int | str = "self") -> float:
    """Return the resident memory of a process in MB (0 where the system does not tell)."""
    try:
        for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def newsletters(limit: int | None) -> list[str]:
    """Return the paths of the real issues; `limit` takes as many, spread over all folders."""
    shared = Path(os.environ.get("KG_SHARED") or Path(__file__).resolve().parents[1] / ".." / "shared").resolve()
    paths = [str(p) for name in FOLDERS for p in sorted((shared / "newsletters" / name).glob("*.md"))]
    if limit is None or limit >= len(paths):
        return paths
    return sorted(random.Random(SEED).sample(paths, limit))


def counted(found: Iterator[Source], words: Counter[str]) -> Iterator[Source]:
    """Pass sources on, counting issues and words."""
    for source in found:
        if isinstance(source, Issue):
            words["issues"] += 1
            words["words"] += len(source.text.split())
        yield source


def read_all(paths: list[str], graph: Graph) -> bool:
    """Import the paths, print the measures, and tell whether every issue was read."""
    bootstrap.reader()
    words: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    began, rss = time.monotonic(), []
    for n, one in enumerate(import_sources(counted(sources(paths), words), graph, bootstrap.reader), 1):
        outcomes[one.outcome] += 1
        if one.outcome == "failed":
            print(f"FAILED {one.source}: {one.error}", flush=True)
        if n % 100 == 0:
            rss.append(memory())
            print(f"{n:6} issues  {time.monotonic() - began:7.0f} s  {rss[-1]:7.0f} MB", flush=True)
    seconds = time.monotonic() - began
    print(f"{len(paths)} files, {dict(outcomes)} in {seconds / 60:.1f} minutes, {words['words'] / seconds:.0f} words/s")
    rss.append(memory())
    print(f"memory: {max(rss):.0f} MB at most; after the first 200: {', '.join(f'{m:.0f}' for m in rss[1:])}")
    return outcomes["failed"] == 0 and sum(outcomes.values()) > 0


def ask_all(graph: Graph) -> None:
    """Print how long ten questions take."""
    from kg.ask import ask

    for question in QUESTIONS:
        began = time.monotonic()
        answer = ask(question, graph.store, graph.schema, graph.reference)
        print(f"{time.monotonic() - began:7.2f} s  {question}  → {answer.text.splitlines()[0][:90]!r}")


def one_more(paths: list[str], full: Graph, folder: Path) -> None:
    """Print the times of ten issues imported into an empty store and into the full one, and of loops and flows there.

    Each is taken out of the full one first, and the two imports of an issue follow each other.
    """
    from kg.cycles import cycles
    from kg.flows import Flows

    some = [i for i in sources(paths[:: max(1, len(paths) // TEN)][:TEN]) if isinstance(i, Issue)]
    first: list[float] = []
    last: list[float] = []
    with bootstrap.opened(Settings(SQLiteURL(folder / "first.db"))) as empty:
        for issue in some:
            full.remove(issue.key)
            for graph, times in ((empty, first), (full, last)):
                began = time.monotonic()
                for outcome in import_sources(iter([issue]), graph, bootstrap.reader):
                    assert outcome.outcome == "added", outcome
                times.append(time.monotonic() - began)
    print(f"one more issue: {sum(last) / len(last):.2f} s on average, {max(last):.2f} s at most; ", end="")
    print(f"into the full store ÷ into the empty one: {sum(last) / sum(first):.2f}")
    for _ in range(2):
        began = time.monotonic()
        money = Flows(full.store, full.schema, full.reference).money()
        flows = time.monotonic() - began
        found = cycles(money)
        loops = time.monotonic() - began
        print(f"flows in {flows:.2f} s ({len(money.legs)}), loops in {loops:.2f} s ({len(found.cycles)})")


def killed_import(paths: list[str], folder: Path, times: int) -> bool:
    """Kill imports at random moments, on one store; tell whether a last run then makes what a fresh import makes."""
    store = folder / "killed.db"
    environment = {**os.environ, "KG_STORE": f"sqlite:///{store}"}
    command = [sys.executable, "-m", "app.cli", "import", *paths]
    chance = random.Random(SEED)
    for n in range(times):
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(2, 12))
        process.send_signal(signal.SIGKILL)
        process.wait()
        whole = _dump(environment)
        print(f"kill {n + 1}: {len(whole)} rows", flush=True)
    if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode:
        return False
    after = _dump(environment)
    fresh = {**os.environ, "KG_STORE": f"sqlite:///{folder / 'fresh.db'}"}
    subprocess.run(command, env=fresh, stdout=subprocess.DEVNULL, check=True)
    same = after == _dump(fresh)
    print("after the kills the store " + ("equals" if same else "DIFFERS from") + " a fresh import")
    return same


def _dump(environment: dict[str, str]) -> list[str]:
    command = [sys.executable, "-m", "app.cli", "dump"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.splitlines()


def main() -> int:
    """Run the soak; return 1 if something failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--limit", type=int, help="read only so many issues")
    parser.add_argument("--kills", type=int, default=20, help="how often an import is killed (0: not at all)")
    parser.add_argument("--keep", type=Path, help="keep the store in this file")
    args = parser.parse_args()
    paths = newsletters(args.limit)
    if not paths:
        print("no real newsletters here (KG_SHARED names the folder that holds newsletters/)", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name:
        store = Path(name) / "soak.db"
        with bootstrap.opened(Settings(SQLiteURL(store))) as graph:
            fine = read_all(paths, graph)
            ask_all(graph)
            one_more(paths, graph, Path(name))
        size = sum(f.stat().st_size for f in Path(name).glob("soak.db*"))
        print(f"store: {size / 1e6:.1f} MB")
        if args.keep:
            shutil.copy(store, args.keep)
        if args.kills:
            fine &= killed_import(paths[:: max(1, len(paths) // 60)], Path(name), args.kills)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
