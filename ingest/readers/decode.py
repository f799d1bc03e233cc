"""Decoding: bytes of unknown encoding to text."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from kg.errors import ReadError

MAX_BYTES = 64 * 1024 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"<(?:meta\b[^>]{0,200}?charset|\?xml\b[^>]{0,200}?encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SIGNATURES = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"\x7fELF",
    b"SQLite format 3\x00",
)


def decode(data: bytes, name: str, *, html: bool = False) -> str:
    """Return the text with line ends \\n and no BOM; raise ReadError if it is empty, binary or unreadable."""
    if not data.strip():
        raise ReadError(f"{name} is empty; nothing was read from it")
    if len(data) > MAX_BYTES:
        size = len(data) / 1024 / 1024
        raise ReadError(
            f"{name} is too large for a newsletter ({size:.0f} MB, at most 64 MB); split it into issues first"
        )
    return clean(_decoded(data, name, html), name)


def clean(text: str, name: str) -> str:
    """Return the text with line ends \\n and no BOM; raise ReadError if it has no text."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    # a lone surrogate cannot be stored or hashed as UTF-8, and other control characters are no text
    text = re.sub("[\ud800-\udfff]", "\ufffd", text)
    text = re.sub("[\x00-\x08\x0e-\x1f\x7f]", " ", text.replace("\x0b", "\n").replace("\x0c", "\n"))
    if not text.strip():
        raise ReadError(f"{name} is empty; nothing was read from it")
    return text


def _decoded(data: bytes, name: str, html: bool) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise ReadError(
                    f"{name} begins as {encoding} but is broken at byte {error.start}; save it as UTF-8"
                ) from None
    if data.startswith(_SIGNATURES) or b"\x00" in data[:65536]:
        raise ReadError(f"{name} is a binary file, not text; save it as .txt, .md or .html (UTF-8) first")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.search(data[:4096]) if html else None
    if declared:
        try:
            return data.decode(declared[1].decode("ascii"))
        except (UnicodeDecodeError, LookupError):
            pass
    if sum(byte > 127 for byte in data) < 0.05 * len(data) and not _CONTROL.search(data):
        try:  # a few accents and curly quotes between Latin letters
            return data.decode("cp1252")
        except UnicodeDecodeError:
            pass
    best = from_bytes(data[:262144]).best()
    if best is not None:
        try:
            return data.decode(best.encoding)
        except (UnicodeDecodeError, LookupError):
            return data.decode(best.encoding, errors="replace")
    if sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in data[:65536]) > 8:
        raise ReadError(f"{name} is a binary file, not text; save it as .txt, .md or .html (UTF-8) first")
    raise ReadError(f"{name}: its encoding is not recognised; save it as UTF-8 and read it again")
