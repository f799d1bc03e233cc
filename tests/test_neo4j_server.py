"""The Neo4j server of the tests: answers Bolt, is empty for each test, comes back after a kill, dies with the tests."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import neo4j
import pytest

from app import settings
from tests.neo4j_jars import UnavailableError, jars
from tests.neo4j_server import Neo4j, Server, find, listens, store_url

ROOT = Path(__file__).resolve().parents[1]
STARTER = """\
import pathlib, sys, time
from tests.neo4j_server import Server
server = Server(pathlib.Path(sys.argv[1]))
server._answers = lambda: server.pid is not None
server.start()
print(server.pid, flush=True)
time.sleep(99)
"""


def run(url: str, cypher: str) -> list[list[object]]:
    parsed = settings.parse(url, {})
    assert isinstance(parsed, settings.Neo4jURL)
    auth = (parsed.user or "", parsed.password or "")
    with (
        neo4j.GraphDatabase.driver(parsed.uri, auth=auth) as driver,
        driver.session(database=parsed.database) as session,
    ):
        return session.run(cypher).values()


def test_it_is_a_server_of_version_5_or_newer(neo4j_url: str, neo4j_of_run: Neo4j) -> None:
    assert int(neo4j_of_run.version.split(".")[0]) >= 5
    assert run(neo4j_url, "RETURN 1") == [[1]]
    assert "@" not in neo4j_of_run.about


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_finds_it_empty(neo4j_url: str, turn: int) -> None:
    assert run(neo4j_url, "MATCH (n) RETURN count(n)") == [[0]]
    run(neo4j_url, "UNWIND range(1, 25000) AS i CREATE (:Left {id: i})-[:OVER]->(:Left)")


@pytest.mark.parametrize("turn", [1, 2])
def test_a_bare_one_has_no_schema_either(bare_neo4j_url: str, turn: int) -> None:
    assert run(bare_neo4j_url, "SHOW CONSTRAINTS YIELD name") == []
    assert run(bare_neo4j_url, "SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name") == []
    run(bare_neo4j_url, "CREATE CONSTRAINT `a``b` FOR (n:Left) REQUIRE n.id IS UNIQUE")
    run(bare_neo4j_url, "CREATE FULLTEXT INDEX left FOR (n:Left) ON EACH [n.name]")


def test_a_killed_server_comes_back_with_what_was_committed(neo4j_server: Server) -> None:
    run(neo4j_server.url, "CREATE (:Kept {id: 1})")
    neo4j_server.kill()
    assert not listens(neo4j_server.port)
    neo4j_server.start()
    assert run(neo4j_server.url, "MATCH (n:Kept) RETURN n.id") == [[1]]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its starter has ended")
def test_it_dies_with_a_starter_that_is_killed(stopped_neo4j_server: Server) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, str(stopped_neo4j_server.home)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        pid = int(process.stdout.readline())
        assert Path(f"/proc/{pid}").exists()
        process.kill()
    until = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()


def test_without_java_maven_and_docker_the_skip_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(UnavailableError, match="KG_TEST_NEO4J is not set; no Java; no Docker that runs"):
        find({}, tmp_path)


def test_a_server_that_is_named_must_answer(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="does not answer") as error:
        find({"KG_TEST_NEO4J": "bolt://neo4j:secret@127.0.0.1:1"}, tmp_path)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("named", "own", "wrong"),
    [
        ("sqlite:///a.db", None, "names no Neo4j server"),
        ("bolt://a:b@localhost/x", "bolt://c:d@localhost/x", "the same database"),
    ],
)
def test_a_wrong_name_is_refused(named: str, own: str | None, wrong: str, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=wrong):
        find({"KG_TEST_NEO4J": named} | ({"KG_STORE": own} if own else {}), tmp_path)


def test_a_store_url_carries_any_password() -> None:
    url = store_url("neo4j+s://host:7687/names", "neo@4j", "p:/@#?% é")
    assert settings.parse(url, {}) == settings.Neo4jURL("neo4j+s://host:7687", "neo@4j", "p:/@#?% é", "names")


def test_a_server_that_does_not_start_shows_its_log(stopped_neo4j_server: Server) -> None:
    server = stopped_neo4j_server
    server._jars = server.home / "nothing"
    with pytest.raises(RuntimeError, match=r"has ended; its log:\n.*CommunityEntryPoint"):
        server.start()
    assert server.pid is None


def test_a_download_that_fails_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maven = tmp_path / "mvn"
    maven.write_text(
        "#!/bin/sh\nfor last; do :; done\nmkdir -p ${last#*=}; touch ${last#*=}/half.jar; echo no network; exit 1\n"
    )
    maven.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(UnavailableError, match="no network"):
        jars(tmp_path / "cache")
    assert [path.name for path in (tmp_path / "cache").glob("*/*")] == ["lock"]
