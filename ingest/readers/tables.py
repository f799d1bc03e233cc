"""Tables of HTML pages: those that hold data, and those that only lay the page out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

_SPACE = re.compile(r"\s+")
_PARTS = frozenset(["p", "div", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "img", "hr", "pre"])


@dataclass
class Table:
    """A table's rows of cells, and what tells data from layout."""

    role: str = ""
    nested: bool = False  # holds another table
    parts: int = 0  # blocks in its cells
    header: bool = False
    rows: list[list[etree._Element]] = field(default_factory=list)

    def is_data(self) -> bool:
        """Say whether it is a data table: a grid of short cells, none of them a part of a page."""
        if self.nested or self.role in ("presentation", "none"):
            return False
        rows = [row for row in self.rows if row]
        if len(rows) < 2 or max(map(len, rows)) < 2:
            return False
        if self.header:
            return True
        cells = sum(map(len, rows))
        even = len({len(row) for row in rows}) == 1
        return even and self.parts <= cells and all(len(text) <= 200 for row in self.texts() for text in row)

    def texts(self) -> Iterator[list[str]]:
        """Yield the texts of each row's cells."""
        for row in self.rows:
            if row:
                yield [_SPACE.sub(" ", "".join(cell.itertext())).strip().replace("|", "/") for cell in row]


def find_tables(root: etree._Element) -> dict[etree._Element, Table]:
    """Return the tables of a page in one pass, however deep they are nested."""
    found: dict[etree._Element, Table] = {}
    opened: list[Table] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if tag == "table" and event == "start":
            for outer in opened[-1:]:
                outer.nested = True
            found[element] = Table((element.get("role") or "").lower())
            opened.append(found[element])
        elif tag == "table":
            opened.pop()
        elif event == "start" and opened:
            _note(opened[-1], element)
    return found


def _note(table: Table, element: etree._Element) -> None:
    tag = element.tag
    if tag == "tr":
        table.rows.append([])
    elif tag in ("td", "th"):
        if not table.rows:
            table.rows.append([])
        table.rows[-1].append(element)
        table.header = table.header or (tag == "th" and len(table.rows) == 1)
    elif tag in _PARTS:
        table.parts += 1
