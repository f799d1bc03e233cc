"""Neo4j in particular: what a person sees in Browser, what is refused and how that is told, a broken connection."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import neo4j
import pytest
from neo4j.exceptions import Neo4jError

from app import bootstrap
from app.settings import Neo4jURL, load
from kg.errors import QuestionError, StoreError
from kg.graph import Graph
from kg.store.base import Row
from kg.store.neo4j import Neo4jStore
from kg.store.neo4j_errors import explained, version_problem
from kg.store.neo4j_explore import explore
from kg.store.neo4j_faces import Naming
from kg.store.neo4j_write import Writing
from tests.kg.asking_world import fill
from tests.kg.graph_parts import REFERENCE, SCHEMA, extract, issue, money

needs_server = pytest.mark.neo4j


def opened(url: str) -> Neo4jStore:
    """Return the store of a URL."""
    store = bootstrap.open_store(load(url))
    assert isinstance(store, Neo4jStore)
    return store


@pytest.fixture
def store(neo4j_url: str) -> Iterator[Neo4jStore]:
    """Return a store that holds the small world."""
    made = opened(neo4j_url)
    fill(made)
    yield made
    made.close()


SEEN = [
    # what a person sees, the query, its rows
    ("one edge per deal and pair",
     "MATCH (:Company {name: 'Amazon'})-[e:INVESTED_IN]->(:Company {name: 'Anthropic'}) "
     "RETURN e.amount, e.stage, e.currency, e.sentence ORDER BY e.amount_high",
     (("$8 billion", "completed", "USD", "Amazon had given Anthropic $8 billion in earlier years."),
      ("up to $25 billion", "announced", "USD", "Amazon will put up to $25 billion into Anthropic."))),
    ("no loops", "MATCH (n)-[r]->(n) RETURN count(r)", ((0,),)),
    ("a round leads to its deal", "MATCH (c:Company)-[:RAISED]->(d:Deal) RETURN c.name, d.name, d.amount_low",
     (("Cartesia", "Series C, $100 million", 100000000),)),
    ("expanding a company shows names, deals and figures alone",
     "MATCH (:Company)--(n) WHERE NOT (n:Entity OR n:Deal OR n:Metric) RETURN count(n)", ((0,),)),
    ("a figure is named", "MATCH (:Company {name: 'Meta'})-[:REPORTS_METRIC]->(m:Metric) RETURN m.name",
     (("capex 2026: $115-135 billion",),)),
    ("a statement leads to its issue and its deal alone",
     "MATCH (:Statement)-[r]-(n) RETURN DISTINCT type(r), [l IN labels(n) WHERE l <> 'Entity'][0] AS l ORDER BY l",
     (("ABOUT", "Deal"), ("STATED_IN", "Issue"))),
    ("every entity has the label of its type and no other",
     "MATCH (n:Entity) WHERE size(labels(n)) <> 2 OR NOT toLower([l IN labels(n) WHERE l <> 'Entity'][0]) = n.type "
     "RETURN count(n)", ((0,),)),
    ("parties have roles",
     "MATCH (c:Company)-[p:PARTY]->(:Deal {kind: 'acquisition'}) RETURN c.name, p.role ORDER BY p.role",
     (("Meta", "buyer"), ("Quillon Labs", "target"))),
    ("an edge's deal is there",
     "MATCH ()-[e]->() WHERE e.deal_id IS NOT NULL AND NOT EXISTS { (:Deal {id: e.deal_id}) } RETURN count(e)",
     ((0,),)),
    ("an edge's statements are there", "MATCH ()-[e]->() UNWIND coalesce(e.statement_ids, []) AS id "
     "WITH id WHERE NOT EXISTS { (:Statement {id: id})-[:STATED_IN]->(:Issue) } RETURN count(*)", ((0,),)),
]  # fmt: skip


@needs_server
def test_a_person_sees_companies_people_models_and_deals(store: Neo4jStore) -> None:
    for what, query, rows in SEEN:
        assert explore(store, query).rows == rows, what
    names = explore(store, "MATCH (n:Person) RETURN n.name AS name ORDER BY name").rows
    assert ("Demis Hassabis",) in names


@needs_server
def test_a_name_is_found_by_the_full_text_index(store: Neo4jStore, neo4j_url: str) -> None:
    url = load(neo4j_url).store
    assert isinstance(url, Neo4jURL)
    with neo4j.GraphDatabase.driver(url.uri, auth=(url.user or "", url.password or "")) as driver:
        query = "CALL db.index.fulltext.queryNodes('entity_names', $text) YIELD node RETURN node.name AS name"
        found = driver.execute_query(query, text="deepmind").records
    assert "Google DeepMind" in [record["name"] for record in found]


ATTEMPTS = (
    "CREATE (n:X) RETURN n", "MERGE (n:X {a: 1}) RETURN n", "MATCH (n) SET n.name = 'x'", "MATCH (n) SET n:X",
    "MATCH (n) REMOVE n.name", "MATCH (n) REMOVE n:Company", "MATCH (n) DETACH DELETE n", "MATCH ()-[r]->() DELETE r",
    "MATCH (n) SET n += {x: 1} RETURN n", "MATCH (a:Company), (b:Company) CREATE (a)-[:X]->(b)",
    "FOREACH (i IN [1] | CREATE (:X))", "UNWIND [1] AS i CREATE (:X {i: i})", "MATCH (n) CALL { WITH n SET n.x = 1 }",
    "MATCH (n) CALL { WITH n DETACH DELETE n } IN TRANSACTIONS", "RETURN 1 AS x UNION CREATE (n) RETURN 1 AS x",
    "/* only reading */ CREATE (n)", "// MATCH (n)\nCREATE (n)", "EXPLAIN CREATE (n)", "PROFILE CREATE (n)",
    "CYPHER runtime = slotted CREATE (n)", "MATCH (n) RETURN n; CREATE (m)", "RETURN 1;\nMATCH (n) DETACH DELETE n",
    "\u0043REATE (n)", "match (n) dEtAcH dElEtE n", "CALL db.labels()", "CALL dbms.listConfig()",
    "CALL dbms.killConnection('x')", "CALL db.createLabel('X')", "CALL apoc.cypher.run('CREATE (n)', {})",
    "CALL db.index.fulltext.queryNodes('entity_names', 'x') YIELD node SET node.x = 1",
    "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line", "LOAD CSV FROM 'http://127.0.0.1:1/' AS line RETURN line",
    "SHOW USERS", "SHOW DATABASES", "SHOW SETTINGS", "TERMINATE TRANSACTIONS 'neo4j-transaction-1'",
    "CREATE INDEX x FOR (n:X) ON (n.a)", "DROP CONSTRAINT kg_issue_id", "DROP INDEX entity_names IF EXISTS",
    "CREATE USER eve SET PASSWORD 'password1'", "ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'password1'",
    "USE system SHOW USERS", "USE system CREATE USER eve SET PASSWORD 'password1'", "DROP DATABASE neo4j",
    "STOP DATABASE neo4j", "GRANT ROLE admin TO neo4j", "", "   ", "no Cypher at all", "MATCH (n", "RETURN $missing",
)  # fmt: skip


@needs_server
def test_whoever_tries_to_write_to_call_or_to_load_is_refused(store: Neo4jStore) -> None:
    graph = Graph(store, SCHEMA, REFERENCE)
    before = graph.dump(), explore(store, "MATCH (n) RETURN count(n)").rows
    for attempt in ATTEMPTS:
        with pytest.raises(QuestionError, match=r"refused|only reading queries|no query"):
            explore(store, attempt)
    assert (graph.dump(), explore(store, "MATCH (n) RETURN count(n)").rows) == before
    assert len(ATTEMPTS) > 30


READS = (
    "MATCH (n:Company) RETURN n.name ORDER BY n.name SKIP 1 LIMIT 3",
    "MATCH (a)-[e:INVESTED_IN]->(b) WHERE e.amount_high > 1e9 RETURN a.name, sum(e.amount_high)",
    "MATCH p = shortestPath((a:Company {name: 'Amazon'})-[*..4]-(b:Company {name: 'OpenAI'})) RETURN p",
    "MATCH (a:Company)-[*1..3]-(b:Person) RETURN DISTINCT b.name",
    "OPTIONAL MATCH (n:Company {name: 'Nobody'}) RETURN n",
    "MATCH (n:Company) WHERE EXISTS { (n)-[:INVESTED_IN]->() } OR NOT EXISTS { (n)--() } RETURN n.name",
    "MATCH (n:Company) RETURN [(n)-[:INVESTED_IN]->(m) | m.name] AS names, COUNT { (n)--() } AS links",
    "MATCH (a:Company), (b:Company) WHERE a.name < b.name RETURN count(*)",
    "UNWIND range(1, 5) AS x RETURN x UNION ALL RETURN 7 AS x",
    "MATCH (n:Entity {id: 'org/amazon'}) RETURN n", "MATCH (n:Entity) WHERE n.id IN ['org/amazon', 'x'] RETURN n.name",
    "MATCH (n:Name) WHERE n.folded CONTAINS 'ama' RETURN n.form", "MATCH ()-[r]->() RETURN type(r), count(*)",
    "MATCH (a:Company) CALL { WITH a MATCH (a)-[e]->() RETURN count(e) AS n } RETURN a.name, n",
    "RETURN 'CREATE (n) SET DELETE MERGE' AS words", "MATCH (n) RETURN count(n)",
)  # fmt: skip


@needs_server
def test_what_only_reads_is_run_within_its_limits(store: Neo4jStore) -> None:
    for query in READS:
        assert explore(store, query).columns, query
    found = explore(store, "UNWIND range(1, 50) AS x RETURN x", limit=7)
    assert (len(found.rows), found.more) == (7, True)
    with pytest.raises(QuestionError, match=r"longer than 0\.5 seconds"):
        explore(store, "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN sum(a * b)", seconds=0.5)
    (row,) = explore(store, "MATCH (n:Company {name: 'Amazon'})-[e:INVESTED_IN]->(m) RETURN n, e, m LIMIT 1").rows
    assert row[0]["labels"] == ["Company", "Entity"]
    assert "data" not in row[0]
    assert row[1]["type"] == "INVESTED_IN"


VERSIONS = [
    ("Neo4j/5.26.30", None), ("Neo4j/5.13.0", None), ("Neo4j/2025.10.1", None), ("Neo4j/5.27-aura", None),
    ("Neo4j/6.0.0", None), ("Neo4j/5.12.0", "5.13 or newer"), ("Neo4j/5.9.0", "5.13 or newer"),
    ("Neo4j/4.4.48", "5.13 or newer"), ("Memgraph/2.1", "does not say that it is Neo4j"), ("", "no version"),
]  # fmt: skip


@pytest.mark.parametrize(("agent", "problem"), VERSIONS)
def test_old_servers_are_told_by_their_version(agent: str, problem: str | None) -> None:
    said = version_problem(agent, "neo4j://host")
    assert (said is None) if problem is None else (said is not None and problem in said and "neo4j://host" in said)


CODES = [
    (
        "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase",
        "cannot be written: the database is read-only, or",
    ),
    ("Neo.ClientError.Security.Forbidden", "cannot be written: the database is read-only, or"),
    ("Neo.ClientError.Security.Unauthorized", "refuses the user or the password"),
    ("Neo.ClientError.Security.AuthenticationRateLimit", "too many wrong passwords"),
    ("Neo.ClientError.Security.CredentialsExpired", "first password"),
    ("Neo.ClientError.Database.DatabaseNotFound", "no such database"),
    ("Neo.TransientError.Database.DatabaseUnavailable", "not started"),
    ("Neo.TransientError.General.MemoryPoolOutOfMemoryError", "too little memory"),
    ("Neo.DatabaseError.General.UnknownError", "the server refuses (Neo.DatabaseError.General.UnknownError: told)"),
]


@pytest.mark.parametrize(("code", "said"), CODES)
def test_the_servers_codes_are_told_in_words(code: str, said: str) -> None:
    error = Neo4jError._basic_hydrate(neo4j_code=code, message="told\nand more")
    assert said in str(explained(error, "neo4j://host/db", connected=True))


@contextmanager
def listening(answer: bytes) -> Iterator[int]:
    """Listen on a free port, and answer whoever comes with these bytes."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        stop = threading.Event()

        def serve() -> None:
            while not stop.is_set():
                try:
                    there, _ = server.accept()
                except TimeoutError:
                    continue
                with there:
                    there.settimeout(1)
                    there.recv(1000)
                    there.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            stop.set()
            thread.join()


def test_a_server_that_is_not_there_is_told_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for scheme in ("bolt", "neo4j"):
        with pytest.raises(StoreError, match=rf"cannot reach {scheme}://127.0.0.1:{port} \(refused\); is it running\?"):
            opened(f"{scheme}://neo4j:secret@127.0.0.1:{port}")
    with listening(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port, pytest.raises(StoreError, match="does not speak Bolt"):
        opened(f"bolt://neo4j:secret@127.0.0.1:{port}")


@needs_server
def test_wrong_passwords_and_databases_are_told_without_the_password(neo4j_url: str) -> None:
    parts = urlsplit(neo4j_url)
    place = f"{parts.scheme}://{parts.hostname}:{parts.port}"
    with pytest.raises(StoreError, match="refuses the user or the password; give them in the URL") as told:
        opened(f"{parts.scheme}://neo4j:wrong-secret@{parts.hostname}:{parts.port}")
    assert "wrong-secret" not in str(told.value)
    with pytest.raises(StoreError, match=rf"{place}/nowhere: there is no such database"):
        opened(f"{neo4j_url.removesuffix(parts.path) if parts.path else neo4j_url}/nowhere")


@needs_server
def test_other_peoples_data_and_newer_stores_are_left_alone(bare_neo4j_url: str) -> None:
    url = load(bare_neo4j_url).store
    assert isinstance(url, Neo4jURL)
    with neo4j.GraphDatabase.driver(url.uri, auth=(url.user or "", url.password or "")) as driver:
        driver.execute_query("CREATE (:Person {name: 'Ada'})")
        with pytest.raises(StoreError, match="data of another program; name an empty database"):
            opened(bare_neo4j_url)
        driver.execute_query("MATCH (n) DELETE n")
        opened(bare_neo4j_url).close()
        opened(bare_neo4j_url).close()  # a second time there is nothing to do
        driver.execute_query("MATCH (g:Gate) SET g.schema = 99")
        with pytest.raises(StoreError, match=r"newer version \(schema 99, this program knows 1\)"):
            opened(bare_neo4j_url)


class Wire:
    """A way to a server through this process, which can be cut."""

    def __init__(self, port: int) -> None:
        """Lead to a port of 127.0.0.1."""
        self.to, self.left = port, -1
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.server.getsockname()[1])
        self.ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_after(self, sends: int) -> None:
        """Cut all connections at the given number of further messages to the server, and take no new one."""
        self.left = sends

    def _accept(self) -> None:
        while True:
            try:
                here, _ = self.server.accept()
                if self.left == 0:
                    here.close()
                    continue
                there = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                return
            self.ends += [here, there]
            threading.Thread(target=self._pump, args=(here, there, True), daemon=True).start()
            threading.Thread(target=self._pump, args=(there, here, False), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, counts: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if counts and self.left > 0:
                    self.left -= 1
                    if self.left == 0:
                        self.close()
                        return
                target.sendall(data)

    def close(self) -> None:
        """Cut everything."""
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@needs_server
@pytest.mark.parametrize("sends", [1, 17, 30, 34])
def test_a_connection_that_breaks_in_mid_import_leaves_whole_issues_and_goes_on(neo4j_url: str, sends: int) -> None:
    url = load(neo4j_url).store
    assert isinstance(url, Neo4jURL)
    issues = [extract(issue(f"k{n}"), ("Amazon", "invested_in", f"Firm {n}", {"amount": money(1e9)})) for n in range(3)]
    wire = Wire(int(url.uri.rpartition(":")[2]))
    through = Neo4jStore(
        f"bolt://127.0.0.1:{wire.port}", naming=Naming.of(SCHEMA), user=url.user, password=url.password, wait=0.2
    )
    graph = Graph(through, SCHEMA, REFERENCE)
    graph.put(issues[0])

    def put_and_remove() -> None:
        for one in issues[1:] * 10:
            graph.put(one)
            graph.remove(one.issue.key)

    wire.cut_after(sends)
    with pytest.raises(StoreError, match=r"connection to .* was lost; .* run the same command again and it goes on"):
        put_and_remove()
    through.close()
    wire.server.close()
    again = opened(neo4j_url)
    graph = Graph(again, SCHEMA, REFERENCE)
    for key in [row.id for row in again.rows("issue")]:
        assert again.count("statement", issue=key) == 1
    for one in issues:
        graph.put(one)
    assert graph.stats()["statements"] == graph.stats()["edges"] == 3
    assert explore(again, "MATCH ()-[e:INVESTED_IN]->() RETURN count(e)").rows == ((3,),)
    again.close()


def test_no_statement_is_made_of_values() -> None:
    """Every statement of the store is one text for all values: nothing is put into it but names of the schema."""
    writing = Writing(Naming.of(SCHEMA))
    texts = [*writing.put.values(), *writing.delete.values(), writing.put_faces("RAISED", "deal")]
    assert all("$rows" in text or "$ids" in text for text in texts)
    assert not any(re.search(r"=\s*'[^']*\{", text) for text in texts)


@needs_server
def test_what_breaks_on_half_of_a_commit_is_read_again_and_other_errors_are_told(neo4j_url: str) -> None:
    store, other = opened(neo4j_url), opened(neo4j_url)
    said: list[int] = []

    def work() -> int:
        said.append(len(said))
        if len(said) == 1:
            other.write(lambda: other.put([Row("meta", "x", {"made_with": "y"})]))
            raise TypeError("half of it")
        return store.count("meta")

    def broken() -> int:
        said.append(len(said))
        raise TypeError("its own")

    try:
        assert store.read(work) == 1
        assert len(said) == 2
        with pytest.raises(TypeError, match="its own"):
            store.read(broken)
        assert len(said) == 3
    finally:
        store.close()
        other.close()
