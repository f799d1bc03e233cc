"""The jars of the tests' Neo4j server: from Maven Central (tests/neo4j/pom.xml), kept in the user's cache.

`python -m tests.neo4j_jars` fetches them ahead and tells where they are.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

from platformdirs import user_cache_path

POM = Path(__file__).resolve().parent / "neo4j" / "pom.xml"
OLDEST_JAVA = 17
DOWNLOAD_SECONDS = 900


class UnavailableError(Exception):
    """No server can be had in this way; the text says why."""


def version() -> str:
    """Return the server's version, as the Maven project names it."""
    found = ElementTree.parse(POM).findtext(".//{*}neo4j.version")
    assert found
    return found


def find_java() -> str:
    """Return the path of a Java that is new enough: of JAVA_HOME, else of the PATH; raise UnavailableError."""
    home = os.environ.get("JAVA_HOME")
    java = (shutil.which("java", path=f"{home}/bin") if home else None) or shutil.which("java")
    if not java:
        raise UnavailableError("no Java")
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    major = re.search(r'version "(\d+)', told)
    if not major or int(major[1]) < OLDEST_JAVA:
        raise UnavailableError(f"Java {OLDEST_JAVA} or newer is needed, {java} is {major[1] if major else 'unknown'}")
    return java


def jars(cache: Path | None = None) -> Path:
    """Return the folder with the server's jars; the first time they are downloaded by Maven (about 120 MB).

    The folder appears whole or not at all, and is downloaded once if several ask at a time. Raise UnavailableError if
    there is neither the folder nor Maven, or if the download fails.
    """
    home = (cache or user_cache_path("ai-industry-kg", appauthor=False)) / f"neo4j-{version()}"
    lib = home / "lib"
    if lib.is_dir():
        return lib
    maven = shutil.which("mvn")
    if not maven:
        raise UnavailableError("no Maven")
    home.mkdir(parents=True, exist_ok=True)
    with _alone(home / "lock"):
        if not lib.is_dir():
            for left in home.glob("part-*"):
                shutil.rmtree(left, ignore_errors=True)
            with tempfile.TemporaryDirectory(prefix="part-", dir=home) as part:
                _download(maven, Path(part) / "lib")
                (Path(part) / "lib").rename(lib)
    return lib


def _download(maven: str, target: Path) -> None:
    command = [maven, "-B", "-q", "-f", str(POM), "dependency:copy-dependencies", "-DincludeScope=runtime"]
    try:
        done = subprocess.run(
            [*command, f"-DoutputDirectory={target}"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=DOWNLOAD_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnavailableError(f"Maven did not end in {DOWNLOAD_SECONDS} s") from error
    if done.returncode or not any(target.glob("neo4j-server-*.jar")):
        said = " ".join((done.stdout + done.stderr).split())
        raise UnavailableError(f"Maven could not fetch Neo4j {version()}: {said[:500]}")


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold a lock file; its lock goes with the process. (Windows has none: the later of two runs downloads again.)"""
    with path.open("w") as file:
        with contextlib.suppress(ImportError):
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    try:
        print(find_java(), jars())
    except UnavailableError as error:
        sys.exit(str(error))
