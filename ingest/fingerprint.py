"""Fingerprint: what tells one reader from another, known from its files alone, without loading it."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from importlib.resources.abc import Traversable

from kg.errors import ReadError
from kg.reference import Reference
from kg.schema import Schema

VERSION = "10"  # of the rules: raise it when what is read from a text changes
MODEL = ("model.onnx", "relations.onnx", "closer.onnx", "links.onnx", "tokenizer.json", "reader.json", "names.json")
# What a relation file says to the view, the questions, the pages and the tests, and not to the reader.
UNREAD = {"meaning", "deal", "distinct", "edge", "forms", "questions", "examples", "negatives"}


def of_reader(schema: Schema, reference: Reference, model: str) -> str:
    """Return the fingerprint of the reader of a model (its fingerprint), a schema and a reference.

    It changes with all that decides what is read: VERSION, the model's files, the types and wordings of the relations,
    the word lists, the reference.
    """
    relations = [r.model_dump(mode="json", exclude=UNREAD) for r in schema.relations.values()]
    types = [sorted(schema.entity_types), schema.groups]
    payload = json.dumps([VERSION, model, types, relations, _words(), reference.fingerprint], sort_keys=True)
    return hashlib.sha256(payload.encode()).hexdigest()[:12]


def of_shipped(schema: Schema, reference: Reference) -> str:
    """Return the fingerprint of the reader of the shipped model; raise ReadError if a file of it is missing."""
    return of_reader(schema, reference, of_model(files("ingest") / "model"))


def of_model(folder: Traversable) -> str:
    """Return the fingerprint of a model's folder; raise ReadError if a file is missing."""
    try:
        return _digest([folder / name for name in MODEL])
    except OSError as e:
        raise ReadError(f"{folder}: the reader's model cannot be loaded ({e}); reinstall the package") from e


def _words() -> str:
    """Return the digest of the word lists beside this module."""
    lists = (file for file in files("ingest").iterdir() if file.name.endswith(".yaml"))
    return _digest(sorted(lists, key=lambda file: file.name))


def _digest(some: list[Traversable]) -> str:
    digest = hashlib.sha256()
    for file in some:
        data = file.read_bytes()
        digest.update(f"{file.name} {len(data)} ".encode())
        digest.update(data)
    return digest.hexdigest()[:12]
