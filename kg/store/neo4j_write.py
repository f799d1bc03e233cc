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
        ends = "MATCH (s:Entity {id: row.face.subject_id}) "
        self.put_edge = {
            "edge": _put_edge(naming, ends + "MATCH (t:Entity {id: row.face.object_id})"),
            "of a deal": _put_edge(naming, ends + "MATCH (t:Deal {id: row.face.deal_id})"),
            "metric": _put_edge(naming, ends + "MERGE (t:Metric {id: row.face.id}) SET t = row.metric"),
        }
        self.delete = {kind: _delete(kind) for kind in ORDER} | {"edge": _delete_edge(naming)}

    @staticmethod
    def left(kind: str, field: str) -> str:
        """Return the statement that counts rows of a kind which speak of `$ids`."""
        return f"MATCH (n:{LABELS[kind]}) WHERE n.{field} IN $ids RETURN count(n) AS n"


def _put(kind: str) -> Iterator[str]:
    yield "UNWIND $rows AS row"
    for field, target in LINKS.get(kind, {}).items():
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


def _put_edge(naming: Naming, ends: str) -> str:
    """Return the statement for edges; a face whose ends were others before is taken away first."""
    faces = "\n".join(
        f"FOREACH (_ IN CASE row.node.type WHEN '{type}' THEN [1] ELSE [] END | "
        f"MERGE (s)-[f:{type} {{id: row.face.id}}]->(t) SET f = row.face)"
        for type in naming.every
    )
    return f"""
UNWIND $rows AS row
{ends}
MERGE (k:Edge {{id: row.node.id}})
WITH row, s, t, k, k.data IS NOT NULL AND [k.subject_id, k.object_id, k.type, coalesce(k.deal_id, '')]
    <> [row.node.subject_id, row.node.object_id, row.node.type, coalesce(row.node.deal_id, '')] AS moved
CALL {{ WITH row, moved WITH row, moved WHERE moved MATCH ()-[f]->() WHERE f.id = row.node.id DELETE f }}
SET k = row.node
{faces}
RETURN count(*) AS n"""


def _delete(kind: str) -> str:
    return f"UNWIND $ids AS id MATCH (n:{LABELS[kind]} {{id: id}}) DETACH DELETE n"


def _delete_edge(naming: Naming) -> str:
    faces = "\n".join(
        f"CALL {{ WITH k, id WITH k, id WHERE k.type = '{type}' MATCH ()-[f:{type} {{id: id}}]->() DELETE f }}"
        for type in naming.every
    )
    return f"""
UNWIND $ids AS id
MATCH (k:Edge {{id: id}})
CALL {{ WITH id MATCH (m:Metric {{id: id}}) DETACH DELETE m }}
{faces}
DELETE k"""
