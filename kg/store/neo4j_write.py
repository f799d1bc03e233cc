"""Cypher that writes rows: one statement a kind and batch, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.store.base import LINKS
from kg.store.neo4j_faces import LABELS, Naming

# Each kind after those that its rows speak of.
ORDER = (
    "issue", "statement", "mention", "judgement", "listing", "meta", "entity", "name", "member", "deal", "edge",
)  # fmt: skip
NEEDS: Mapping[str, tuple[str, ...]] = {
    "statement": ("issue",), "mention": ("issue",), "deal": ("statement", "entity"),
    "edge": ("statement", "entity", "deal"),
}  # fmt: skip


class Writing:
    """The statements for one naming; each takes `$rows` (or `$ids`) and returns how many rows found what they need."""

    def __init__(self, naming: Naming) -> None:
        """Make them once: the texts are constant, so that the server plans them once."""
        self.put = {kind: "\n".join(_put(kind)) for kind in ORDER} | {
            "entity": "\n".join(_put_entity(naming)),
            "deal": PUT_DEAL,
        }
        self.delete = {kind: _delete(kind) for kind in ORDER}

    @staticmethod
    def put_faces(type: str, way: str) -> str:
        """Return the statement for the relationships of one type that lead to what WAYS names."""
        return PUT_FACE.replace("WAY", WAYS[way]).replace("TYPE", type)

    @staticmethod
    def delete_faces(type: str) -> str:
        """Return the statement that deletes the relationships of edges."""
        return f"UNWIND $ids AS id MATCH ()-[f:{type} {{id: id}}]->() DELETE f"

    @staticmethod
    def left(kind: str, field: str) -> str:
        """Return the statement that counts rows of a kind which speak of `$ids`."""
        return f"MATCH (n:{LABELS[kind]}) WHERE n.{field} IN $ids RETURN count(n) AS n"


def _put(kind: str) -> Iterator[str]:
    yield "UNWIND $rows AS row"
    for field, target in LINKS.get(kind, {}).items() if kind != "edge" else ():
        yield f"MATCH (i:{LABELS[target]} {{id: row.{field}}})"
    yield f"MERGE (n:{LABELS[kind]} {{id: row.id}}) SET n = row"
    if kind == "statement":
        yield "MERGE (n)-[:STATED_IN]->(i)"
    yield "RETURN count(*) AS n"


def _put_entity(naming: Naming) -> Iterator[str]:
    labels = sorted(set(naming.labels.values()))
    yield "UNWIND $rows AS row MERGE (n:Entity {id: row.id}) SET n = row"
    if labels:
        yield f"REMOVE n:{':'.join(labels)}"
    for type, label in sorted(naming.labels.items()):
        yield f"FOREACH (_ IN CASE row.type WHEN '{type}' THEN [1] ELSE [] END | SET n:{label})"
    yield "RETURN count(*) AS n"


PUT_DEAL = """
UNWIND $rows AS row
MERGE (d:Deal {id: row.node.id}) SET d = row.node
WITH row, d
CALL { WITH d MATCH (d)<-[l:PARTY|ABOUT]-() DELETE l }
CALL { WITH row, d UNWIND row.parties AS p MATCH (e:Entity {id: p.id})
       CREATE (e)-[:PARTY {role: p.role, amount: p.amount}]->(d) }
CALL { WITH row, d UNWIND row.statements AS id MATCH (s:Statement {id: id}) CREATE (s)-[:ABOUT]->(d) }
RETURN count(*) AS n"""


# Where the face of an edge leads: to the other entity; that of a firm to itself to its deal, or to its figure.
WAYS = {
    "entity": "MATCH (t:Entity {id: row.face.object_id})",
    "deal": "MATCH (t:Deal {id: row.face.deal_id})",
    "figure": "MERGE (t:Metric {id: row.face.id}) SET t = row.metric",
}
PUT_FACE = """
UNWIND $rows AS row
MATCH (s:Entity {id: row.face.subject_id})
WAY
MERGE (s)-[f:TYPE {id: row.face.id}]->(t) SET f = row.face
RETURN count(*) AS n"""
MOVABLE = ("id", "subject_id", "object_id", "type", "deal_id")
# Edges that are there with other ends, or another deal: their old faces go.
MOVED = """
UNWIND $rows AS row MATCH (k:Edge {id: row.id})
WHERE [k.subject_id, k.object_id, k.type, coalesce(k.deal_id, '')]
    <> [row.subject_id, row.object_id, row.type, coalesce(row.deal_id, '')]
RETURN k.type AS type, collect(k.id) AS ids"""
EDGE_TYPES = "UNWIND $ids AS id MATCH (k:Edge {id: id}) RETURN k.type AS type, collect(id) AS ids ORDER BY type"


def _delete(kind: str) -> str:
    if kind == "edge":
        return "UNWIND $ids AS id MATCH (k:Edge {id: id}) OPTIONAL MATCH (m:Metric {id: id}) DETACH DELETE k, m"
    return f"UNWIND $ids AS id MATCH (n:{LABELS[kind]} {{id: id}}) DETACH DELETE n"
