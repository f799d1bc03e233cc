"""Front matter: key and value lines between two --- at the very start of a text."""

from __future__ import annotations

import datetime
import re
from typing import Any

import yaml

FIELDS = ("title", "date", "publisher", "url")  # all that is read of it
_LINE = re.compile(r"([A-Za-z_][\w -]{0,60}):(?:[ \t]+(.*))?$")
_FENCE = re.compile(r"---[ \t]*")
_LONGEST = 200_000  # characters


def split_front(text: str) -> tuple[dict[str, str], str]:
    """Return title, date, publisher and url as far as given, and the text after the front matter.

    A text that merely begins with a rule is returned whole.
    """
    lines = text[:_LONGEST].lstrip("\ufeff").split("\n")
    if not _FENCE.fullmatch(lines[0]):
        return {}, text
    close = next((n for n, line in enumerate(lines[1:], 1) if _FENCE.fullmatch(line) or line.rstrip() == "..."), 0)
    block = lines[1:close]
    if not close or not _is_front(block):
        return {}, text
    cut = sum(len(line) + 1 for line in lines[: close + 1])
    return _fields(block), text[cut:]


def _is_front(block: list[str]) -> bool:
    """Say whether the lines are keys with values: each is one, or goes on from one, or is a comment."""
    keys = 0
    for line in block:
        if _LINE.match(line):
            keys += 1
        elif not line.strip():
            if not keys:
                return False
        elif not (line.startswith((" ", "\t", "#")) or (keys and line.startswith(("- ", "]", "}")))):
            return False
    return keys > 0


def _fields(block: list[str]) -> dict[str, str]:
    try:
        data: Any = yaml.load("\n".join(block), Loader=_Loader)
    except (yaml.YAMLError, ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        data = _by_lines(block)
    found = {str(key).strip().lower(): value for key, value in data.items()}
    return {name: _text(found[name]) for name in FIELDS if _text(found.get(name))}


def _by_lines(block: list[str]) -> dict[str, str]:
    """Return the fields of a block that is no YAML ("title: A: B"), one a line."""
    found = (_LINE.match(line) for line in block)
    return {m[1]: (m[2] or "").strip().strip("\"'") for m in found if m}


def _text(value: Any) -> str:
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return re.sub(r"\s+", " ", str(value)).strip()
    return ""


class _Loader(yaml.SafeLoader):
    """A safe loader without aliases: a few lines of them can blow up to gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)


# A date that YAML would turn into a moment stays as written.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in options if tag != "tag:yaml.org,2002:timestamp"]
    for first, options in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
