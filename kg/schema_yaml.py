"""YAML as the ontology files use it: safe, no duplicate keys, no anchors, and words that stay words."""

from __future__ import annotations

import re
from collections.abc import Hashable
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from kg.errors import SchemaError

LARGEST = 1_000_000  # bytes


# libyaml where it is there: a tenth of the time. Both are safe loaders.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """YAML 1.1 without its surprises: `on`, `no` and dates are text, 25e9 is a number."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (as the base class has it)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise yaml.MarkedYAMLError(problem=f"duplicate key {key.value!r}", problem_mark=key.start_mark)
                seen.add(key.value)
        return dict(super().construct_mapping(node, deep))


for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"true|false", "tf"),
    ("tag:yaml.org,2002:null", r"null|~|", "n~\0"),
    ("tag:yaml.org,2002:int", r"-?(0|[1-9][0-9]*)", "-0123456789"),
    ("tag:yaml.org,2002:float", r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", "-0123456789"),
):
    _Loader.add_implicit_resolver(_tag, re.compile(rf"^(?:{_pattern})$"), ["" if c == "\0" else c for c in _first])


def read_yaml(file: Traversable) -> dict[str, Any]:
    """Return the mapping that a YAML file holds; raise SchemaError with the file and the line."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise SchemaError(f"{file}: cannot be read ({error.strerror or error})") from error
    if len(data) > LARGEST:
        raise SchemaError(f"{file}: larger than {LARGEST} bytes; is it an ontology file?")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SchemaError(f"{file}: byte {error.start}: not UTF-8; save the file as UTF-8") from error
    try:
        for event in yaml.parse(text, _Base):
            if isinstance(event, yaml.AliasEvent):
                raise yaml.MarkedYAMLError(problem="anchors are not allowed", problem_mark=event.start_mark)  # type: ignore[arg-type]
        value = yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "(whole file)"
        raise SchemaError(f"{file}: {place}: {error.problem or error.context}") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise SchemaError(f"{file}: (whole file): {str(error).splitlines()[0]}") from None
    if not isinstance(value, dict):
        found = "nothing" if value is None else type(value).__name__
        raise SchemaError(f"{file}: (whole file): a mapping of keys is expected, found {found}")
    for key in value:
        if not isinstance(key, str):
            raise SchemaError(f"{file}: {key!r}: a key must be a word")
    return value
