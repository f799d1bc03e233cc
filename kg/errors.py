"""Errors: each says what happened, where, and what to do."""

from __future__ import annotations


class KGError(Exception):
    """Any error that the tool explains to its user."""


class ReadError(KGError):
    """A source cannot be read: which one, what is wrong, what to do."""


class SchemaError(KGError):
    """An ontology or reference file is broken: the file and the key."""


class StoreError(KGError):
    """The store cannot be reached, or refuses."""


class QuestionError(KGError):
    """A question or a name that cannot be understood."""
