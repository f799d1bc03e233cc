"""Graph style sheet (GraSS) for Neo4j Browser: colours, sizes and captions of the graph as the Neo4j store keeps it."""

from __future__ import annotations

from collections.abc import Iterator

from kg.schema import Relation, Schema
from kg.store.neo4j_faces import LABELS

# Label → colour, diameter and caption, of nodes that are no entities. Browser's own sizes are 10, 20, 50, 65, 80.
OTHERS = {
    "Deal": ("#eeca3b", 65, "{name}"),
    "Metric": ("#ff9da6", 50, "{name}"),
    "Issue": ("#9d755d", 65, "{title}"),
    "Statement": ("#bab0ac", 20, "{relation}"),
}
ENTITY = 50
GREY, SMALL = "#d0d0d0", 10
DARK, LIGHT = "#222222", "#ffffff"
# What stands behind the name of a relationship, of the first of these that the relation has.
FIGURES = ("amount", "percent", "value")
MONEY, PLAIN, FAINT = 3, 2, 1  # widths
# Browser reads no comments between rules; what follows the last one it passes over.
END = "/* Written by python -m kg.docs from kg/entities.yaml and kg/relations/*.yaml; change those. */"


def sheet(schema: Schema) -> str:
    """Return the style sheet of a schema."""
    return "\n".join([*_nodes(schema), *_relationships(schema), END]) + "\n"


def _nodes(schema: Schema) -> Iterator[str]:
    yield _node("node", GREY, SMALL, "<id>")
    for kind in schema.entity_types.values():
        yield _node(f"node.{kind.label}", kind.colour, ENTITY, "{name}")
    for label, (colour, diameter, caption) in OTHERS.items():
        yield _node(f"node.{label}", colour, diameter, caption)
    # Without a rule of its own a label gets a colour that looks as if it meant something.
    for label in (*LABELS.values(), "Lock", "Gate"):
        if label not in OTHERS and label != LABELS["entity"]:
            yield _node(f"node.{label}", GREY, SMALL, "{id}")


def _relationships(schema: Schema) -> Iterator[str]:
    yield _relationship("relationship", FAINT, "<type>")
    for relation in schema.relations.values():
        figure = next((f" {{{name}}}" for name in FIGURES if name in relation.qualifiers), "")
        yield _relationship(f"relationship.{relation.edge}", _width(relation), f"<type>{figure}")
    yield _relationship("relationship.PARTY", PLAIN, "{role}")


def _width(relation: Relation) -> int:
    return MONEY if relation.deal or "amount" in relation.qualifiers else PLAIN


def _node(selector: str, colour: str, diameter: int, caption: str) -> str:
    return _rule(selector, {
        "color": colour, "border-color": _darker(colour), "border-width": "2px", "text-color-internal": _ink(colour),
        "diameter": f"{diameter}px", "font-size": "10px", "caption": f"'{caption}'",
    })  # fmt: skip


def _relationship(selector: str, width: int, caption: str) -> str:
    return _rule(selector, {
        "color": "#a5abb6", "shaft-width": f"{width}px", "font-size": "8px", "padding": "3px",
        "text-color-external": "#000000", "text-color-internal": LIGHT, "caption": f"'{caption}'",
    })  # fmt: skip


def _rule(selector: str, properties: dict[str, str]) -> str:
    return "\n".join([f"{selector} {{", *(f"  {name}: {value};" for name, value in properties.items()), "}", ""])


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _darker(colour: str) -> str:
    return "#" + "".join(f"{part * 4 // 5:02x}" for part in _parts(colour))


def _ink(colour: str) -> str:
    """Return the colour of text that can be read on a colour."""
    red, green, blue = _parts(colour)
    return DARK if 299 * red + 587 * green + 114 * blue > 140_000 else LIGHT
