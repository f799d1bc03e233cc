"""Judgement files: what people said as JSON lines, sorted, to keep or to take into another store."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from pydantic import ValidationError

from kg.errors import KGError, ReadError
from kg.judgement_rules import checked
from kg.model import Judgement
from kg.schema import Schema

LINE = 200_000  # bytes; what people say is short
FILE = 100_000_000


def lines(judgements: Iterable[Judgement]) -> list[str]:
    """Return the judgements as JSON, one a line, sorted by kind and target."""
    ordered = sorted(judgements, key=lambda j: (j.kind, j.target))
    return [json.dumps(j.model_dump(mode="json"), ensure_ascii=False, sort_keys=True) for j in ordered]


def read(data: bytes, name: str, schema: Schema) -> list[Judgement]:
    """Return the judgements of a file; raise ReadError, which names the first line that is wrong and what is right.

    A file without any bytes holds no judgement.
    """
    if len(data) > FILE:
        raise ReadError(f"{name}: larger than {FILE // 10**6} MB; that is no file of judgements; nothing was taken in")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ReadError(f"{name}: line 1: not in UTF-8 but UTF-16; save it as UTF-8; nothing was taken in")
    return list(_read(data.removeprefix(b"\xef\xbb\xbf"), name, schema))


def _read(data: bytes, name: str, schema: Schema) -> Iterator[Judgement]:
    whole = data.split(b"\n")
    for number, line in enumerate(whole[:-1] if not whole[-1] else whole, start=1):
        try:
            yield checked(_judgement(line), schema)
        except KGError as error:
            raise ReadError(f"{name}: line {number}: {error}; nothing was taken in") from error


def _judgement(line: bytes) -> Judgement:
    """Return the judgement of a line; raise KGError."""
    if len(line) > LINE:
        raise KGError(f"longer than {LINE // 1000} kB")
    if not line.strip():
        raise KGError("is empty; each line holds one judgement")
    if b"\0" in line:
        raise KGError("holds bytes that are no text; a file that kg judgements export wrote is expected")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise KGError("not in UTF-8; save the file as UTF-8") from error
    try:
        said = json.loads(text, parse_constant=_refused)
        text.encode("utf-16")  # no half characters
        json.dumps(said, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise KGError("no JSON object; each line holds one judgement as kg judgements export writes it") from error
    if not isinstance(said, dict):
        raise KGError("no JSON object; each line holds one judgement as kg judgements export writes it")
    try:
        return Judgement.model_validate(said)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise KGError(f"{place}: {first['msg']}; a judgement has {', '.join(Judgement.model_fields)}") from error


def _refused(word: str) -> None:
    raise ValueError(word)
