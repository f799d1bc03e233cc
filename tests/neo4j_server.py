"""A real Neo4j Community server for the tests: the one named, else by Java from Maven Central, else by Docker.

`Server` runs one by Java on a home folder of its own, can be killed and started again on it. `find` gives the one
server of a test run.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

import neo4j
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from app import settings
from tests.neo4j_jars import UnavailableError, find_java, jars

IMAGE = "neo4j:5.26-community"
USER = "neo4j"
PASSWORD = "kg@test:1"  # has signs that must be percent-encoded in a URL
START_SECONDS = 300
OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
# One collector thread and the quick compiler: for minutes of tests that takes half the time.
JAVA_OPTIONS = ("-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError")
CONF = """\
dbms.usage_report.enabled=false
dbms.security.auth_enabled=true
server.default_listen_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
server.memory.pagecache.size=64m
db.tx_log.preallocate=false
"""
# On Linux the server dies with its starter, however that ends: this asks for it, then becomes the server.
GUARD = """\
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 9)
os.getppid() == int(sys.argv[1]) or sys.exit("the starter has ended")
os.execv(sys.argv[2], sys.argv[2:])
"""


class Server:
    """A Neo4j Community server run by Java on a home folder; Bolt on a free port of 127.0.0.1, nothing else."""

    def __init__(self, home: Path) -> None:
        """Prepare a server on a home folder (made if missing); raise UnavailableError without Java or jars."""
        self.home = home
        self.logs = (home / "logs" / "console.log", home / "logs" / "neo4j.log")
        self.port = free_port()
        self.uri = f"bolt://127.0.0.1:{self.port}"
        self.url = store_url(self.uri, USER, PASSWORD)
        self._java, self._jars = find_java(), jars()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self, more: str = "") -> None:
        """Start and wait until Bolt answers; `more` are lines of its configuration.

        Raise RuntimeError with the end of its log if it does not come up.
        """
        for folder in ("conf", "data", "logs", "run", "plugins", "import"):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        (self.home / "conf" / "neo4j.conf").write_text(CONF.format(port=self.port) + more, encoding="utf-8")
        # A session of its own: Ctrl-C reaches the tests alone, which then stop it.
        with self.logs[0].open("ab") as log:
            self._process = subprocess.Popen(
                self._command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        try:
            _wait(self._answers, lambda: self.pid is not None, lambda: tail(*self.logs))
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        """Ask it to end and wait; after 30 s it is killed."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it as a power cut would (SIGKILL); start() brings it back on the same home and port."""
        self._end(getattr(signal, "SIGKILL", signal.SIGTERM))

    def _command(self) -> list[str]:
        command = [self._java, *JAVA_OPTIONS, *(f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in OPENED)]
        command += ["-cp", str(self._jars / "*"), "org.neo4j.server.CommunityEntryPoint"]
        command += [f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}"]
        guard = [sys.executable, "-S", "-c", GUARD, str(os.getpid())] if sys.platform == "linux" else []
        return [*guard, *command]

    def _end(self, sign: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(sign)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _answers(self) -> bool:
        return listens(self.port) and self._has_password() and answers(self.uri)

    def _has_password(self) -> bool:
        """Change the first password, once in the life of a home; say whether it is changed."""
        done = self.home / "password-set"
        if done.exists():
            return True
        change = "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password"
        try:
            with neo4j.GraphDatabase.driver(self.uri, auth=(USER, "neo4j")) as driver:
                driver.execute_query(change, password=PASSWORD, database_="system")
        except AuthError:  # changed already: it was killed before that was noted
            pass
        except (DriverError, Neo4jError):
            return False
        done.touch()
        return True


class Neo4j:
    """The Neo4j server of a test run, wherever it is: its store URL, what it is, and a way to empty it."""

    def __init__(self, url: str, origin: str, environ: Mapping[str, str], end: contextlib.ExitStack) -> None:
        """Connect to it; `end` is what ends it. Raise RuntimeError if it does not answer."""
        parsed = settings.parse(url, environ)
        if not isinstance(parsed, settings.Neo4jURL):
            raise RuntimeError(f"KG_TEST_NEO4J names no Neo4j server: {settings.hidden(url)}")
        user, password = parsed.user or USER, parsed.password or ""
        self.url = store_url(str(parsed), user, password)
        self._database = parsed.database
        self._end = end
        self._driver = end.enter_context(neo4j.GraphDatabase.driver(parsed.uri, auth=(user, password)))
        try:
            found = self._run("CALL dbms.components() YIELD versions, edition RETURN versions[0], edition")
        except (DriverError, Neo4jError) as error:
            end.close()
            raise RuntimeError(f"Neo4j at {parsed} ({origin}) does not answer: {error}") from error
        self.version = str(found[0][0])
        self.about = f"Neo4j {self.version} {found[0][1]} at {parsed}, {origin}"

    def wipe(self, *, schema: bool = False) -> None:
        """Delete all nodes, in batches; constraints and indexes stay unless `schema`. Raise if one takes a minute."""
        while self._run("MATCH (n) RETURN count(n)")[0][0]:
            self._run("MATCH (n) WITH n LIMIT 10000 DETACH DELETE n")
        if schema:
            for (name,) in self._run("SHOW CONSTRAINTS YIELD name"):
                self._run(f"DROP CONSTRAINT {_quoted(name)}")
            for (name,) in self._run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name"):
                self._run(f"DROP INDEX {_quoted(name)}")

    def close(self) -> None:
        """Empty it, so that nothing of a test stays in one that lives on; end it if it was started here."""
        with self._end:
            self.wipe(schema=True)

    def _run(self, cypher: str) -> list[list[object]]:
        with self._driver.session(database=self._database) as session:
            return session.run(neo4j.Query(cypher, timeout=60)).values()


def find(environ: Mapping[str, str], folder: Path) -> Neo4j:
    """Return the server of this run: of KG_TEST_NEO4J, else by Java with its home in a folder, else by Docker.

    Raise UnavailableError if there is none of them, RuntimeError if the one that is there does not answer.
    """
    if named := environ.get("KG_TEST_NEO4J"):
        _refuse_own_store(named, environ)
        return Neo4j(named, "named by KG_TEST_NEO4J", environ, contextlib.ExitStack())
    began = time.monotonic()
    try:
        server = Server(folder)
    except UnavailableError as no_java:
        return _by_docker(environ, str(no_java))
    fetched = time.monotonic()
    server.start()
    end = contextlib.ExitStack()
    end.callback(shutil.rmtree, folder, ignore_errors=True)
    end.callback(server.kill)
    took = f"jars in {fetched - began:.0f} s, started in {time.monotonic() - fetched:.0f} s"
    return Neo4j(server.url, f"run by Java ({took})", environ, end)


def _refuse_own_store(named: str, environ: Mapping[str, str]) -> None:
    own = environ.get("KG_STORE")
    if own and str(settings.parse(own, environ)) == str(settings.parse(named, environ)):
        raise RuntimeError("KG_TEST_NEO4J and KG_STORE name the same database, and tests delete all in it")


def _by_docker(environ: Mapping[str, str], no_java: str) -> Neo4j:
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "info"], capture_output=True, check=False).returncode:
        raise UnavailableError(f"no Neo4j here: KG_TEST_NEO4J is not set; {no_java}; no Docker that runs")
    began = time.monotonic()
    port = free_port()
    name = f"kg-test-neo4j-{port}"
    options = ["--rm", "--detach", "--name", name, "--publish", f"127.0.0.1:{port}:7687"]
    settings_of_server = {
        "NEO4J_AUTH": f"{USER}/{PASSWORD}",
        "NEO4J_dbms_usage__report_enabled": "false",
        "NEO4J_server_memory_heap_max__size": "512m",
        "NEO4J_server_memory_pagecache_size": "64m",
        "NEO4J_server_bolt_advertised__address": f"127.0.0.1:{port}",
    }
    options += [f"--env={key}={value}" for key, value in settings_of_server.items()]
    run = subprocess.run([docker, "run", *options, IMAGE], capture_output=True, text=True, check=False)
    if run.returncode:
        raise RuntimeError(f"Docker could not run {IMAGE}: {run.stderr.strip()}")
    end = contextlib.ExitStack()
    end.callback(subprocess.run, [docker, "rm", "--force", name], capture_output=True, check=False)

    def log() -> str:
        got = subprocess.run([docker, "logs", "--tail", "40", name], capture_output=True, text=True, check=False)
        return got.stdout + got.stderr

    uri = f"bolt://127.0.0.1:{port}"
    try:
        _wait(lambda: listens(port) and answers(uri), lambda: True, log)
    except BaseException:
        end.close()
        raise
    took = f"{time.monotonic() - began:.0f} s"
    return Neo4j(store_url(uri, USER, PASSWORD), f"run by Docker (started in {took})", environ, end)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def listens(port: int) -> bool:
    """Return whether a program listens on the port of 127.0.0.1."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def answers(uri: str) -> bool:
    """Return whether Bolt answers a query of the test user."""
    try:
        with neo4j.GraphDatabase.driver(uri, auth=(USER, PASSWORD)) as driver:
            driver.execute_query("RETURN 1")
    except (DriverError, Neo4jError):
        return False
    return True


def store_url(uri: str, user: str, password: str) -> str:
    """Return a driver's URI with user and password in it, percent-encoded."""
    scheme, _, rest = uri.partition("://")
    return f"{scheme}://{quote(user, safe='')}:{quote(password, safe='')}@{rest}"


def tail(*logs: Path) -> str:
    """Return the last lines of log files, as far as these are there."""
    there = [log.read_text(encoding="utf-8", errors="replace").splitlines() for log in logs if log.is_file()]
    return "\n".join(line for lines in there for line in lines[-40:])


def _wait(ready: Callable[[], bool], alive: Callable[[], bool], log: Callable[[], str]) -> None:
    until = time.monotonic() + START_SECONDS
    while not ready():
        living = alive()
        if not living or time.monotonic() > until:
            raise RuntimeError(f"the Neo4j server {'does not answer' if living else 'has ended'}; its log:\n{log()}")
        time.sleep(0.1)


def _quoted(name: object) -> str:
    return "`" + str(name).replace("`", "``") + "`"
