"""What docs/neo4j holds for people: saved queries that read and find rows, and a style for all that the graph holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import neo4j
import pytest
import yaml

from app import bootstrap, settings
from app.settings import Neo4jURL
from ingest.readers import read
from kg import grass
from kg.copying import copy
from kg.graph import Graph
from kg.model import Issue
from kg.schema import load
from kg.store.sqlite import SQLiteStore
from tests.neo4j_jars import version
from tests.neo4j_server import IMAGE

DOCS = Path(__file__).resolve().parents[1] / "docs"
IN_TALKS = "Halden Labs is in talks to raise $2 billion.\n"  # what the samples tell of talks ends within them
EMPTY_ON_SAMPLES: set[str] = set()  # titles of queries that find nothing in the sample issues


def saved() -> dict[str, str]:
    """Return the saved queries by their title, the comment above them."""
    text = (DOCS / "neo4j" / "queries.cypher").read_text(encoding="utf-8")
    parts = [part.strip() for part in text.split(";\n") if part.strip()]
    return {part.partition("\n")[0].removeprefix("// "): part for part in parts}


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SQLiteStore]:
    """Return a store that holds the sample issues."""
    store = SQLiteStore(tmp_path_factory.mktemp("samples") / "graph.db")
    graph = Graph(store, *bootstrap.knowledge())
    for issue in read(bootstrap.samples()):
        assert isinstance(issue, Issue)
        graph.put(bootstrap.reader().extract(issue))
    graph.put(bootstrap.reader().extract(Issue(key="talks", doc_id="talks", text=IN_TALKS)))
    yield store
    store.close()


@pytest.fixture
def with_samples(neo4j_url: str, samples: SQLiteStore) -> Neo4jURL:
    """Return a Neo4j database that holds the sample issues."""
    chosen = settings.load(neo4j_url)
    target = bootstrap.open_store(chosen)
    copy(samples, target)
    target.close()
    assert isinstance(chosen.store, Neo4jURL)
    return chosen.store


def test_saved_queries_read_and_find_rows(with_samples: Neo4jURL) -> None:
    """In a session that may not write: the server refuses what would."""
    found, kinds = {}, set()
    auth = (with_samples.user or "", with_samples.password or "")
    with neo4j.GraphDatabase.driver(with_samples.uri, auth=auth, warn_notification_severity="WARNING") as driver:
        for title, query in saved().items():
            with driver.session(database=with_samples.database, default_access_mode=neo4j.READ_ACCESS) as session:
                result = session.run(query)
                found[title] = len(result.values())
                kinds.add(result.consume().query_type)
    assert kinds == {"r"}
    assert {title for title, rows in found.items() if not rows} == EMPTY_ON_SAMPLES


def test_the_style_has_a_rule_for_all_that_the_graph_holds(with_samples: Neo4jURL) -> None:
    auth = (with_samples.user or "", with_samples.password or "")
    with neo4j.GraphDatabase.driver(with_samples.uri, auth=auth) as driver:
        held = driver.execute_query(
            "MATCH (n) UNWIND labels(n) AS label RETURN collect(DISTINCT label) AS labels",
            database_=with_samples.database,
        ).records[0]
        types = driver.execute_query(
            "MATCH ()-[r]->() RETURN collect(DISTINCT type(r)) AS types", database_=with_samples.database
        ).records[0]
    rules = parsed(grass.sheet(load()))
    assert {label for label in held["labels"] if f"node.{label}" not in rules} == {"Entity"}
    assert {t for t in types["types"] if f"relationship.{t}" not in rules} == {"ABOUT", "STATED_IN"}


def test_the_style_is_what_browser_reads() -> None:
    """Browser's own reader knows neither comments nor quoted quotes; a node has the colour of its type."""
    schema = load()
    rules = parsed(grass.sheet(schema))
    assert all(re.fullmatch(r"(node|relationship)(\.\w+)?", selector) for selector in rules)
    assert all(re.fullmatch(r"#[0-9a-f]{6}", rule["color"]) for rule in rules.values())
    for kind in schema.entity_types.values():
        assert rules[f"node.{kind.label}"]["color"] == kind.colour
        assert rules[f"node.{kind.label}"]["caption"] == "{name}"
    assert rules["relationship.INVESTED_IN"]["caption"] == "<type> {amount}"


def test_the_server_of_compose_is_for_this_machine_alone_and_of_the_tested_series() -> None:
    service = yaml.safe_load((DOCS.parent / "compose.yaml").read_text(encoding="utf-8"))["services"]["neo4j"]
    assert {port.partition(":")[0] for port in service["ports"]} == {"127.0.0.1"}
    assert service["environment"]["NEO4J_dbms_usage__report_enabled"] == "false"
    assert service["image"] == IMAGE == f"neo4j:{'.'.join(version().split('.')[:2])}-community"


def test_the_guide_quotes_the_program() -> None:
    guide = (DOCS / "neo4j.md").read_text(encoding="utf-8").partition("## When something is wrong")[2]
    quoted = [piece for cell in re.findall(r"^\| `([^`]+)` \|", guide, re.MULTILINE) for piece in cell.split("…")]
    source = "".join((DOCS.parent / "kg" / "store" / f"neo4j_{part}.py").read_text() for part in ("errors", "server"))
    assert len(quoted) > 10
    assert [piece for piece in quoted if piece.strip(" ()") not in source] == []


def parsed(sheet: str) -> dict[str, dict[str, str]]:
    """Return selector → properties, read as Neo4j Browser reads them: blanks in selectors and quotes fall away."""
    rules: dict[str, dict[str, str]] = {}
    quoted = inside = False
    selector = body = ""
    for sign in sheet:
        if sign == "'":
            quoted = not quoted
        elif sign == "{" and not quoted:
            inside = True
        elif sign == "}" and not quoted:
            pairs = [line.partition(":") for line in body.split(";") if ":" in line]
            rules[selector] = {name.strip(): value.strip() for name, _, value in pairs}
            selector, body, inside = "", "", False
        elif inside:
            body += sign
        elif not sign.isspace():
            selector += sign
    return rules
