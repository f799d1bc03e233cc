"""Terminal: what is printed is never obeyed, and never stops at a character."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from app.commands import terminal

HOSTILE = [
    "[red]not red[/red] [link=x]y[/link]",
    "[/]",
    ":smile: $a$ ~b~ *c* `d`",
    "<script>alert(1)</script>",
    "'; DROP TABLE issue; --",
    "MATCH (n) DETACH DELETE n",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_printed_as_it_stands(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    terminal.say(text)
    terminal.table(["name"], [[text]])
    out = capsys.readouterr().out
    assert out.count(text) == 2


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\x1b[31mred", "a[31mred"),
        ("bell\x07 back\x08", "bell back"),
        ("csi\x9b1m", "csi1m"),
        ("un\u202edone", "undone"),
        ("keeps\ttabs\nand lines", "keeps\ttabs\nand lines"),
        ("Zürich 東京 🙂", "Zürich 東京 🙂"),
    ],
)
def test_control_characters_never_reach_the_terminal(text: str, seen: str) -> None:
    assert terminal.clean(text) == seen


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "utf-8", "utf-16"])
def test_no_character_stops_the_output(encoding: str) -> None:
    value = {"text": "€5 Mrd. – 東京 🙂 \ud800"}
    code = (
        "from app.commands import terminal as t; import json; t.lenient_streams();"
        f"v = {value!r}; t.document(v); t.json_line(json.dumps(v)); t.say(v['text']); t.note(v['text'])"
    )
    done = subprocess.run([sys.executable, "-X", "utf8=0", "-c", code], capture_output=True, env=_environment(encoding))
    assert done.returncode == 0, done.stderr
    lines = done.stdout.decode(encoding).splitlines()
    assert json.loads(lines[0]) == json.loads(lines[1]) == value


def _environment(encoding: str) -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONIOENCODING": encoding, "NO_COLOR": "1"}


@pytest.mark.parametrize(
    ("attrs", "words"),
    [
        ({}, ""),
        (
            {"amount": {"low": None, "high": 25e9, "currency": "USD", "qualifier": "up_to"}, "status": "announced"},
            "up to $25 billion · announced",
        ),
        ({"percent": 27}, "27 %"),
        ({"valuation": {"low": 1e9, "high": 1e9, "currency": "EUR", "qualifier": "exact"}}, "valuation €1 billion"),
        ({"value": 80.2, "unit": "percent"}, "value 80.2 percent"),
        ({"role": "CEO", "current": False}, "CEO · formerly"),
        ({"lead": True}, "led the round"),
        ({"lead": False}, ""),
        ({"metric": "revenue", "period": "2026-Q1"}, "metric revenue · period 2026-Q1"),
    ],
)
def test_qualifiers_are_said_in_words(attrs: dict[str, Any], words: str) -> None:
    assert terminal.attrs_words(attrs) == words


def test_a_name_is_never_read_as_a_slot() -> None:
    parts = {"{subject}": "{object}", "{object}": "B"}
    assert terminal.filled("{subject} bought {object}", parts) == "{object} bought B"
