"""What each part of the reader is worth: short trainings that leave one out, all with one seed.

`python -m benchmarks.ideas --data DIR [DIR…] [--share 3] [--epochs 2]` trains each design on a share of the units and
prints the F1 of names and of relations (at their best common threshold) on the held out units. Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from ingest.network import Network
from ingest.training import data, export, standoff, train
from ingest.training.__main__ import CORRECTIONS, encoder_folder
from ingest.training.data import Augment
from ingest.training.net import Design

IDEAS = {
    "all": (Design(), Augment()),
    "without letters": (Design(letters=False), Augment()),
    "without context": (Design(context=False), Augment()),
    "without a second look": (Design(close_weight=0.0), Augment()),
    "without qualifiers": (Design(), Augment(qualifiers=False)),
    "without invented names": (Design(), Augment(invented=False)),
    "without masked pieces": (Design(), Augment(masked=0.0)),
    "none": (
        Design(letters=False, context=False, close_weight=0.0),
        Augment(qualifiers=False, invented=False, masked=0.0),
    ),
}


def f1(scored: Sequence[tuple[float, bool]], stated: int, threshold: float) -> float:
    """Return the F1 of what is read at a threshold, of so many stated pairs."""
    read = [ok for score, ok in scored if score >= threshold]
    return 2 * sum(read) / (len(read) + stated)


def main() -> None:
    """Train each idea and print a row of the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--share", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--half", action="store_true", help="train in bfloat16, faster on processors that have it")
    parser.add_argument("--only", nargs="+", choices=sorted(IDEAS), default=list(IDEAS))
    args = parser.parse_args()
    given = [u for folder in args.data for u in data.load(folder)]
    learn, held = data.split(standoff.corrected(given, CORRECTIONS))
    learn = learn[:: args.share]
    encoder = encoder_folder()
    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    allowed = export.allowed()
    samples = [s for s in map(data.sample, held) if s.words]
    print(f"{len(learn)} units, {args.epochs} epochs, {len(held)} held out", flush=True)
    print("| | names | relations | s |\n|---|---|---|---|")
    for idea in args.only:
        design, augment = IDEAS[idea]
        started = time.time()
        with tempfile.TemporaryDirectory() as folder:
            plan = train.Plan(rounds=(args.epochs,), half=args.half, design=design, augment=augment)
            out = Path(folder) / "last.pt"
            net = train.train(learn, encoder=encoder, tokenizer=tokenizer, allowed=allowed, out=out, plan=plan)
            export.export(net, tokenizer, Path(folder))
            (Path(folder) / "names.json").write_text("{}")
            network = Network(Path(folder), allowed)
            names = export.names_score(network, samples)
            scored, stated = export.judged(network, samples)
        pooled = [x for rows in scored.values() for x in rows]
        relations = max(f1(pooled, sum(stated.values()), t) for t in np.arange(0.2, 0.9, 0.02))
        print(f"| {idea} | {names:.3f} | {relations:.3f} | {time.time() - started:.0f} |", flush=True)


if __name__ == "__main__":
    main()
