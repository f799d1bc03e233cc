"""Newsletters of others are for measuring: no text of the project repeats a run of their words."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
RUN = 12  # words
WORD = re.compile(r"\w+")
LARGEST = 2_000_000  # bytes; larger files are the model's
BINARY = {".onnx", ".png", ".jpg", ".gif", ".ico", ".pdf", ".zip", ".gz", ".db"}
OTHERS = ("units.jsonl", "passages.jsonl")


def runs(text: str) -> Iterator[str]:
    """Yield every run of RUN words, in lower case and without punctuation."""
    words = WORD.findall(text.lower())
    return (" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1))


def tracked() -> list[Path]:
    """Return the project's own text files, as git knows them; skip outside a git checkout."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout: the project's own files cannot be told from others")
    paths = (ROOT / name for name in listed.split("\0") if name)
    return [p for p in paths if p.is_file() and p.suffix not in BINARY and p.stat().st_size < LARGEST]


def others(shared: Path) -> list[Path]:
    """Return the files with text of other people."""
    found = [p for p in (shared / "newsletters").rglob("*") if p.suffix in {".md", ".txt", ".html"}]
    return sorted(found) + [p for name in OTHERS if (p := shared / "gold" / "train" / name).is_file()]


def repeated(ours: list[Path], theirs: list[Path]) -> dict[Path, str]:
    """Return our files that share a run of words with theirs, each with one such run."""
    own: dict[str, Path] = {}
    for path in ours:
        for run in runs(path.read_text(encoding="utf-8", errors="replace")):
            own.setdefault(run, path)
    found: dict[Path, str] = {}
    for path in theirs:
        for run in own.keys() & set(runs(path.read_text(encoding="utf-8", errors="replace"))):
            found.setdefault(own[run], run)
    return found


def test_no_file_of_the_project_repeats_a_newsletter(shared: Path) -> None:
    theirs = others(shared)
    if not theirs:
        pytest.skip("no real newsletters here")
    assert {str(path.relative_to(ROOT)): run for path, run in repeated(tracked(), theirs).items()} == {}


@pytest.mark.parametrize(
    ("ours", "theirs", "copied"),
    [
        ("One two three four five six seven eight nine ten eleven twelve.", "one, two - three FOUR five six seven\n"
         "eight nine ten eleven twelve thirteen", True),
        ("one two three four five six seven eight nine ten eleven", "one two three four five six seven eight nine ten "
         "eleven", False),
        ("a b c d e f g h i j k l", "a b c d e f G H I J K x l", False),
    ],
)  # fmt: skip
def test_a_run_of_twelve_words_is_a_copy(tmp_path: Path, ours: str, theirs: str, copied: bool) -> None:
    (mine := tmp_path / "mine.md").write_text(ours, encoding="utf-8")
    (other := tmp_path / "other.md").write_text(theirs, encoding="utf-8")
    assert bool(repeated([mine], [other])) is copied
