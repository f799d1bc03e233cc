"""Sources: each file, folder or pasted text gives issues, or says why it does not."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePath

from pydantic import ValidationError

from ingest.readers import dates
from ingest.readers.decode import MAX_BYTES, clean, decode
from ingest.readers.issues import Source, issues
from kg.errors import ReadError
from kg.model import Extract, Issue

TEXT, PAGE = frozenset({".txt", ".md"}), frozenset({".html", ".htm"})
Read = Issue | Extract | ReadError


def read(
    sources: Iterable[str | Path], *, date: str | None = None, publisher: str | None = None, split: bool = False
) -> Iterator[Read]:
    """Yield the issues of files, folders and "-" (standard input) in order; a .json extract gives its Extract.

    A source that cannot be read gives a ReadError as a value, and the others go on. `date` and `publisher` go before
    what the sources say; raise ReadError at once if `date` is no certain day. `split` parts .md and .html at rules,
    as .txt is always parted.
    """
    day = dates.given(date, "--date") if date else None
    return _read(sources, day, publisher, split)


def read_text(
    text: str,
    *,
    name: str = "pasted",
    date: str | None = None,
    publisher: str | None = None,
    html: bool = False,
    split: bool = False,
) -> list[Issue]:
    """Return the issues of a text, parted like a .txt; raise ReadError if it has none."""
    day = dates.given(date, "date") if date else None
    source = Source(name=name, suffix=".html" if html else ".txt", date=day, publisher=publisher, split=split)
    return issues(clean(text, name), source)


def read_bytes(
    data: bytes, file: str = "", *, date: str | None = None, publisher: str | None = None, split: bool = False
) -> Iterator[Read]:
    """Yield what an uploaded file holds, or a pasted text (no name), as `read` does; the issues' keys are their texts'.

    An upload says only its name, and many files have the same one: it is no key.
    """
    path = PurePath(file.replace("\\", "/").rpartition("/")[2])
    day = dates.given(date, "date") if date else None
    suffix = path.suffix.lower() if file else _guess(data)
    place = Source(path.stem if file else "pasted", suffix, None, day, publisher, split, path.name)
    yield from _held(data, path.name or "the pasted text", place, asked=True)


def _read(sources: Iterable[str | Path], day: str | None, publisher: str | None, split: bool) -> Iterator[Read]:
    done: set[Path] = set()
    for given in sources:
        for path, asked in _files(given):
            if path is None:
                yield from _one(None, given, asked, day, publisher, split)
                continue
            resolved = _resolved(path)
            if resolved not in done:
                done.add(resolved)
                yield from _one(path, given, asked, day, publisher, split)


def _files(given: str | Path) -> Iterator[tuple[Path | None, bool]]:
    """Yield the files of a source, and whether each was asked for by its own name; None is standard input."""
    if str(given) == "-":
        yield None, True
        return
    path = Path(given).expanduser()
    if not path.is_dir():
        yield path, True
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() in TEXT | PAGE | {".json"}:
                yield Path(folder) / name, False


def _one(
    path: Path | None, given: str | Path, asked: bool, day: str | None, publisher: str | None, split: bool
) -> Iterator[Read]:
    """Yield what one file holds, or the error that says why nothing was read."""
    name = str(path) if path else "standard input"
    try:
        data = _bytes(path, name)
    except (OSError, ReadError) as error:
        yield error if isinstance(error, ReadError) else _unreadable(name, error)
        return
    suffix = path.suffix.lower() if path else _guess(data)
    place = Source(path.stem if path else "stdin", suffix, path, day, publisher, split, path.name if path else "")
    yield from _held(data, name, place, asked)


def _held(data: bytes, name: str, place: Source, asked: bool) -> Iterator[Read]:
    """Yield what the bytes of a source hold, or the error that says why nothing was read."""
    try:
        if place.suffix == ".json":
            yield from _extract(data, name, place.file, asked)
            return
        suffix = place.suffix if place.suffix in PAGE else ".md" if place.suffix == ".md" else ".txt"
        text = decode(data, name, html=suffix in PAGE)
        yield from issues(text, replace(place, suffix=suffix))
    except ReadError as error:
        yield error
    except (OSError, ValueError) as error:
        yield _unreadable(name, error)


def _unreadable(name: str, error: Exception) -> ReadError:
    return ReadError(f"cannot read {name}: {getattr(error, 'strerror', None) or error}; {_advice(error)}")


def _advice(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "check the path"
    if isinstance(error, PermissionError):
        return "check who may read it"
    return "check that it is a readable file"


def _bytes(path: Path | None, name: str) -> bytes:
    if path is None:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    if path.exists() and not path.is_file():
        raise ReadError(f"{name} is neither a file nor a folder; save what it gives to a file and read that")
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise ReadError(f"{name} is too large ({size / 1024 / 1024:.0f} MB, at most 64 MB); split it into issues first")
    return path.read_bytes()


def _guess(data: bytes) -> str:
    """Return what kind of file was piped in."""
    head = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html")):
        return ".html"
    return ".json" if head.startswith(b"{") and b'"doc_id"' in data else ".txt"


def _extract(data: bytes, name: str, file: str, asked: bool) -> Iterator[Read]:
    """Yield the Extract of a .json file; one found in a folder that is no extract is passed over."""
    try:
        found = json.loads(data)
        if not (
            isinstance(found, dict) and isinstance(found.get("text"), str) and isinstance(found.get("doc_id"), str)
        ):
            raise KeyError("doc_id or text")
    except (ValueError, KeyError, RecursionError):
        if asked:
            yield ReadError(
                f"{name} is no extract (JSON with doc_id and text, as `kg extract` writes it); pass the newsletter"
            )
        return
    try:
        yield Extract.from_json(found, file=file)
    except (ValidationError, KeyError, TypeError, ValueError, AttributeError) as error:
        what = error.errors()[0] if isinstance(error, ValidationError) else {"loc": (), "msg": repr(error)}
        place = ".".join(str(part) for part in what["loc"])
        why = f"{place}: {what['msg']}" if place else what["msg"]
        yield ReadError(f"{name} is a broken extract ({why}); write it again with `kg extract`")


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path.absolute()
