"""Errors of the Neo4j driver in words: what happened, where, and what to do."""

from __future__ import annotations

import re
import socket
from urllib.parse import urlsplit

from neo4j import exceptions as neo

from kg.errors import StoreError

OLDEST = (5, 13)
HELP = "see docs/neo4j.md"
# Server code (or its beginning) → what to tell. {url} is the store, without its password.
CODES: tuple[tuple[str, str], ...] = (
    (
        "Neo.ClientError.Security.AuthenticationRateLimit",
        "{url} has seen too many wrong passwords; wait half a minute, then try again with the right one",
    ),
    (
        "Neo.ClientError.Security.CredentialsExpired",
        "{url} wants its first password changed: ALTER CURRENT USER SET PASSWORD FROM '…' TO '…' in Browser",
    ),
    (
        "Neo.ClientError.Security.Unauthorized",
        "{url} refuses the user or the password; give them in the URL (USER:PASSWORD@) or as KG_NEO4J_USER and "
        "KG_NEO4J_PASSWORD",
    ),
    ("Neo.ClientError.Database.DatabaseNotFound", "{url}: there is no such database; the URL's last part names it"),
    ("Neo.TransientError.Database.DatabaseUnavailable", "{url}: the database is not started; start it, then again"),
    (
        "Neo.TransientError.General.MemoryPoolOutOfMemoryError",
        "{url}: the server has too little memory for this change; raise server.memory.heap.max_size "
        "(nothing of it was written)",
    ),
)
READ_ONLY = "{url} cannot be written: the database is read-only, or the user has no right to write; reading goes on"
_READ_ONLY_CODES = (
    "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase",
    "Neo.ClientError.General.WriteOnReadOnlyAccessDatabase",
    "Neo.ClientError.Security.Forbidden",
    "Neo.ClientError.Cluster.NotALeader",
    "Neo.ClientError.Statement.AccessMode",
)


def explained(error: Exception, url: str, *, connected: bool) -> StoreError:
    """Return what a driver's error comes to; `connected` says whether the server had answered before."""
    code = str(getattr(error, "code", "") or "")
    if code.startswith(_READ_ONLY_CODES):
        return StoreError(READ_ONLY.format(url=url))
    for known, text in CODES:
        if code.startswith(known):
            return StoreError(text.format(url=url))
    if isinstance(error, neo.ServiceUnavailable | neo.SessionExpired | OSError):
        if connected:
            return StoreError(
                f"the connection to {url} was lost; what was committed stays, nothing is half-written: "
                f"run the same command again and it goes on ({HELP})"
            )
        return StoreError(f"cannot reach {url} ({_reason(error, url)}); is it running? {HELP}")
    if isinstance(error, neo.AuthError):
        return StoreError(CODES[2][1].format(url=url))
    if isinstance(error, neo.ConfigurationError | neo.DriverError):
        return StoreError(f"cannot use {url} ({_first_line(error)}); {HELP}")
    return StoreError(f"{url}: the server refuses ({code or type(error).__name__}: {_first_line(error)})")


def version_problem(agent: str, url: str) -> str | None:
    """Return what is wrong with a server by its version string ("Neo4j/5.26.0"), None if it is new enough."""
    found = re.search(r"(\d+)\.(\d+)", agent)
    if not agent.startswith("Neo4j/") or found is None:
        return f"{url} does not say that it is Neo4j ({agent or 'no version'}); Neo4j 5.13 or newer is needed"
    if (int(found[1]), int(found[2])) < OLDEST:
        return f"{url} is {agent.replace('/', ' ')}; {'.'.join(map(str, OLDEST))} or newer is needed"
    return None


def _reason(error: BaseException, url: str) -> str:
    """Return why no connection came about: what the network says, else what the driver says of who answers there."""
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 7687), timeout=3).close()
    except ConnectionRefusedError:
        return "refused"
    except socket.gaierror:
        return "no such host"
    except TimeoutError:
        return "no answer in time"
    except OSError as network:
        return network.strerror or str(network)
    said, seen = "", error
    while seen is not None and len(said) < 2000:
        said += f" {type(seen).__name__} {seen}"
        seen = seen.__cause__ or seen.__context__  # type: ignore[assignment]
    for sign, word in (
        ("certificate", "its certificate is not trusted"), ("ssl", "it does not speak TLS as the URL's scheme says"),
        ("routing", "it gives no routing table; try bolt://"),
    ):  # fmt: skip
        if sign in said.casefold():
            return word
    return "what answers there does not speak Bolt as this program does"


def _first_line(error: BaseException) -> str:
    text = str(getattr(error, "message", "") or error).strip().split("\n")[0]
    return text[:300] or type(error).__name__
