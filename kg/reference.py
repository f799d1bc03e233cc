"""Reference facts: well-kept names, parents, makers and tickers; background, never counted as statements."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError

from kg.errors import SchemaError
from kg.model import EntityType, Value
from kg.names import digits, entity_id, group, normal

TICKER = r"^[0-9A-Z]{1,6}(\.[A-Z]{1,2})?$"


class Entry(Value):
    """One curated entity: its full name, the spellings that surely mean it, and what stands behind it.

    `aliases` carry the same digits as the name; `abbreviations` are short forms whose digits stand for
    letters (a16z); `handles` are names to post under, without the @. `parent` and `maker` are ids of other entries.
    """

    id: str
    kind: EntityType
    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    parent: str | None = None
    maker: str | None = None
    ticker: str | None = Field(default=None, pattern=TICKER)

    @property
    def group(self) -> str:
        """Return the type group, in which the entry's names are its own."""
        return group(self.kind)

    @property
    def forms(self) -> tuple[str, ...]:
        """Return every spelling that joins the entry, the name first."""
        return (self.name, *self.aliases, *self.abbreviations, *self.handles)


class Reference:
    """The curated entries, by id and by name; immutable once loaded."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        """Index the entries; they are taken as sound (`load` checks them)."""
        self.entries = tuple(sorted(entries, key=lambda e: e.id))
        self._by_id = {e.id: e for e in self.entries}
        self._by_form = {(e.group, normal(form)): e for e in self.entries for form in e.forms}
        self._of_form: dict[str, list[Entry]] = defaultdict(list)
        for (_, form), entry in self._by_form.items():
            self._of_form[form].append(entry)

    @property
    def fingerprint(self) -> str:
        """Return 16 hex digits that change whenever an entry does (not when a file is merely reordered)."""
        payload = json.dumps([e.model_dump(mode="json") for e in self.entries], sort_keys=True)
        return hashlib.sha256(payload.encode()).hexdigest()[:16]

    def entry(self, id: str) -> Entry | None:
        """Return the entry of an id, or None."""
        return self._by_id.get(id)

    def canonical(self, group: str, normal_form: str) -> str | None:
        """Return the id that this normal form of a full name or alias joins within a type group, or None."""
        entry = self._by_form.get((group, normal_form))
        return entry.id if entry else None

    def find(self, text: str, group: str | None = None) -> list[Entry]:
        """Return the entries that bear this name (of one type group if given), sorted by id.

        The match is exact in normal form, and the digits agree: "Kimi K25" does not find "Kimi K2.5".
        """
        form, wanted = normal(text), _digits(text)
        found = (e for e in self._of_form.get(form, ()) if group in (None, e.group))
        return sorted((e for e in found if _spelled(e, form, wanted)), key=lambda e: e.id)

    def root(self, id: str) -> str:
        """Return the id at the top of the chain of parents (the id itself where none is known)."""
        while (entry := self._by_id.get(id)) and entry.parent:
            id = entry.parent
        return id


def load(folder: Path | None = None) -> Reference:
    """Return the reference of a folder of .yaml and .jsonl files (default: the one that is shipped).

    Raise SchemaError with the file and key if a file is broken, an id or a name is claimed twice, a parent or
    maker is unknown, or an alias has other digits than its name.
    """
    root: Traversable = folder if folder is not None else files("seeds") / "aliases"
    if not root.is_dir():
        raise SchemaError(f"{root}: no such folder of reference files; reinstall the package or name another folder")
    entries: dict[str, Entry] = {}
    claimed: dict[tuple[str, str], Entry] = {}
    where: dict[str, str] = {}
    for file in sorted((f for f in root.iterdir() if f.name.endswith((".yaml", ".jsonl"))), key=lambda f: f.name):
        for entry in _read(file):
            if entry.id in entries:
                raise SchemaError(f"{file.name}: {entry.id}: this id is already in {where[entry.id]}; keep one of them")
            _check_names(entry, file.name, claimed)
            entries[entry.id], where[entry.id] = entry, file.name
    for entry in entries.values():
        _check_links(entry, where[entry.id], entries)
    return Reference(entries.values())


def _read(file: Traversable) -> Iterator[Entry]:
    """Yield the entries of one file, a YAML list or a JSON object a line; raise SchemaError."""
    try:
        text = file.read_text(encoding="utf-8")
        data: Any = _lines(file.name, text) if file.name.endswith(".jsonl") else yaml.safe_load(text)
    except UnicodeDecodeError as error:
        raise SchemaError(f"{file.name}: not in UTF-8: {error}") from error
    except yaml.YAMLError as error:
        raise SchemaError(f"{file.name}: not readable as YAML: {error}") from error
    if data is None:
        return
    if not isinstance(data, list):
        raise SchemaError(f"{file.name}: a list of entries is expected, found {type(data).__name__}")
    for number, item in enumerate(data, start=1):
        key = str(item.get("id", f"entry {number}")) if isinstance(item, dict) else f"entry {number}"
        try:
            yield Entry.model_validate(item)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise SchemaError(f"{file.name}: {key}: {place}: {first['msg']}") from error


def _lines(file: str, text: str) -> list[Any]:
    """Return what stands in each line; raise SchemaError with the line's number."""
    out = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            out.append(json.loads(line))
        except json.JSONDecodeError as error:
            raise SchemaError(f"{file}:{number}: not readable as JSON: {error}") from error
    return out


def _check_names(entry: Entry, file: str, claimed: dict[tuple[str, str], Entry]) -> None:
    """Claim the entry's names; raise SchemaError for a wrong id, other digits, or a name that another entry has."""
    if entry.id != (right := entity_id(entry.name, entry.kind)):
        raise SchemaError(f"{file}: {entry.id}: id: the name {entry.name!r} gives {right}")
    for alias in entry.aliases:
        if _digits(alias) != _digits(entry.name):
            raise SchemaError(f"{file}: {entry.id}: aliases: {alias!r} has other digits than {entry.name!r}")
    for form in entry.forms:
        if not normal(form):
            raise SchemaError(f"{file}: {entry.id}: a name is blank; remove it")
        other = claimed.setdefault((entry.group, normal(form)), entry)
        if other is not entry:
            raise SchemaError(f"{file}: {entry.id}: {form!r} is also a name of {other.id}; it can mean only one")


def _check_links(entry: Entry, file: str, entries: dict[str, Entry]) -> None:
    """Raise SchemaError where a parent or maker is unknown or no company, or the parents run in a circle."""
    for key in ("parent", "maker"):
        id = getattr(entry, key)
        if id is not None and (id not in entries or entries[id].group != "org"):
            raise SchemaError(f"{file}: {entry.id}: {key}: {id!r} is no company or organization of these files")
    seen, at = {entry.id}, entry.parent
    while at in entries:
        if at in seen:
            raise SchemaError(f"{file}: {entry.id}: parent: the parents run in a circle through {at}")
        seen.add(at)
        at = entries[at].parent


def _spelled(entry: Entry, form: str, wanted: tuple[str, ...]) -> bool:
    """Say whether one of the entry's spellings has this normal form and these digits."""
    return any(normal(f) == form and _digits(f) == wanted for f in entry.forms)


def _digits(text: str) -> tuple[str, ...]:
    """Return the numbers of a name, superscripts and full-width digits included."""
    return digits(re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)))
