"""The reader's fingerprint: it changes with all that decides what is read, with nothing else, and needs no model."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from app import bootstrap
from ingest import fingerprint
from ingest.pipeline import Reader
from kg import reference, schema
from kg.errors import ReadError
from kg.reference import Entry, Reference

SCHEMA = schema.load()
REFERENCE = reference.load()
INGEST = Path(str(files("ingest")))


def now() -> str:
    return fingerprint.of_reader(SCHEMA, REFERENCE, "model")


@pytest.fixture
def lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the word lists, which is taken for the package's own."""
    for file in INGEST.glob("*.yaml"):
        shutil.copy(file, tmp_path)
    before = now()
    monkeypatch.setattr(fingerprint, "files", lambda _: tmp_path)
    assert now() == before
    return tmp_path


def test_it_is_known_without_loading_the_reader() -> None:
    assert bootstrap.fingerprint() == bootstrap.reader().fingerprint == Reader.load(INGEST / "model").fingerprint
    code = (
        "import sys; from app import bootstrap; bootstrap.fingerprint();"
        "sys.exit(bool({'spacy', 'onnxruntime', 'numpy', 'tokenizers'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=INGEST.parent).returncode == 0


@pytest.mark.parametrize("name", sorted(file.name for file in INGEST.glob("*.yaml")))
def test_it_changes_with_each_word_list(lists: Path, name: str) -> None:
    before = now()
    with (lists / name).open("a", encoding="utf-8") as file:
        file.write("\nmore: [words]\n")
    assert now() != before


def test_it_changes_with_a_further_word_list(lists: Path) -> None:
    before = now()
    (lists / "more.yaml").write_text("more: [words]\n", encoding="utf-8")
    assert now() != before


@pytest.mark.parametrize("name", fingerprint.MODEL)
def test_it_changes_with_each_file_of_the_model(tmp_path: Path, name: str) -> None:
    for other in fingerprint.MODEL:
        (tmp_path / other).write_bytes(b"as it was")
    before = fingerprint.of_model(tmp_path)
    (tmp_path / name).write_bytes(b"as it is.")
    assert fingerprint.of_model(tmp_path) != before
    (tmp_path / name).unlink()
    with pytest.raises(ReadError, match=r"cannot be loaded .* reinstall the package"):
        fingerprint.of_model(tmp_path)


def test_it_changes_with_the_version_of_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    before = now()
    monkeypatch.setattr(fingerprint, "VERSION", f"{fingerprint.VERSION}+")
    assert now() != before


def test_it_changes_with_the_reference() -> None:
    more = Reference([*REFERENCE.entries, Entry(id="org/vantageloom", kind="company", name="Vantage Loom")])
    assert fingerprint.of_reader(SCHEMA, more, "model") != now()


@pytest.mark.parametrize(
    ("file", "old", "new", "changes"),
    [
        ("relations/acquired.yaml", "wordings:\n", 'wordings:\n  - "{subject} swallowed {object}"\n', True),
        ("relations/acquired.yaml", "vetoes:\n", 'vetoes:\n  - "{subject} did not swallow {object}"\n', True),
        ("relations/acquired.yaml", "subjects: [", "subjects: [product, ", True),
        ("relations/acquired.yaml", "A company buys another", "One company buys another", False),
        ("entities.yaml", "groups:\n", "groups:\n  things: [model, product]\n", True),
    ],
)
def test_it_changes_with_what_is_read_of_the_ontology_and_with_nothing_else(
    tmp_path: Path, file: str, old: str, new: str, changes: bool
) -> None:
    folder = shutil.copytree(str(files("kg")), tmp_path / "kg", ignore=shutil.ignore_patterns("*.py", "store"))
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    other = fingerprint.of_reader(schema.load(folder), REFERENCE, "model")
    assert (other != now()) is changes
