"""Addresses: what a page shows, as a frozen value that goes into the browser's address bar and comes back from it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, ClassVar, Self

LONGEST, MANY = 300, 80  # characters of an id, ids of a list


class Address:
    """Mixed into a frozen dataclass whose fields are texts, numbers, switches and lists of ids, each with its plain
    value; `BOUNDS` has least and most of each number."""

    BOUNDS: ClassVar[Mapping[str, tuple[int, int]]] = {}

    def to_query(self) -> dict[str, list[str]]:
        """Return the address bar's parameters: only what differs from the plain view."""
        plain, out = type(self)(), {}
        for name in (f.name for f in fields(self)):  # type: ignore[arg-type]
            value = getattr(self, name)
            if value != getattr(plain, name):
                switch = isinstance(value, bool)
                out[name] = list(value) if isinstance(value, tuple) else [str(int(value) if switch else value)]
        return out

    @classmethod
    def of_query(cls, given: Mapping[str, Sequence[str]]) -> Self:
        """Return what an address asks for; what cannot be is passed over."""
        out: dict[str, Any] = {}
        for name, plain in ((f.name, f.default) for f in fields(cls)):  # type: ignore[arg-type]
            values = [v[:LONGEST] for v in given.get(name, ()) if v][:MANY]
            if not values:
                continue
            if isinstance(plain, tuple):
                out[name] = tuple(dict.fromkeys(values))
            elif isinstance(plain, bool):
                out[name] = values[0] == "1"
            elif isinstance(plain, int):
                least, most = cls.BOUNDS[name]
                is_number = re.fullmatch(r"[0-9]{1,6}", values[0])
                out[name] = min(max(int(values[0]), least), most) if is_number else plain
            else:
                out[name] = values[0]
        return cls(**out)
