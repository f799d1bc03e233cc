"""Readers: files, folders, standard input and pasted text to issues."""

from __future__ import annotations

from ingest.readers.sources import read, read_bytes, read_text

__all__ = ["read", "read_bytes", "read_text"]
