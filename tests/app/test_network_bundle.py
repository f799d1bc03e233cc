"""The network's script is the one that its sources make, and holds the licences of what it bundles."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

WEB = Path(__file__).resolve().parents[2] / "app" / "web"
SOURCES, BUNDLE = WEB / "network_component", WEB / "static" / "network" / "network.js"
MADE_OF = ("build.mjs", "package-lock.json", "package.json", *(f"src/{p.name}" for p in SOURCES.glob("src/*")))


def test_the_bundle_was_made_of_these_sources() -> None:
    fingerprint = hashlib.sha256()
    for name in sorted(MADE_OF):
        fingerprint.update(name.encode() + b"\0" + (SOURCES / name).read_bytes() + b"\0")
    first = BUNDLE.read_text(encoding="utf-8").partition("\n")[0]
    assert first == f"/* sources {fingerprint.hexdigest()} */", "stale: run `make web-build` and commit its result"


def test_versions_are_exact_and_their_licences_are_in_the_bundle() -> None:
    asked = json.loads((SOURCES / "package.json").read_text(encoding="utf-8"))
    locked = json.loads((SOURCES / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    head = BUNDLE.read_text(encoding="utf-8").partition("*/\n/*")[2].partition("*/")[0]
    for name, version in {**asked["dependencies"], **asked["devDependencies"]}.items():
        assert locked[f"node_modules/{name}"]["version"] == version
    bundled = [path.removeprefix("node_modules/") for path, about in locked.items() if path and not about.get("dev")]
    assert len(bundled) == 4
    for name in bundled:
        assert f"{name} {locked[f'node_modules/{name}']['version']}\n" in head
    assert head.count("Permission is hereby granted") == len(bundled)


def test_the_bundle_asks_for_nothing_from_elsewhere() -> None:
    code = BUNDLE.read_text(encoding="utf-8")
    for call in ("fetch(", "XMLHttpRequest", "importScripts", "WebSocket", "sendBeacon", "innerHTML", "document.write"):
        assert call not in code, call
