"""The guide names every command, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from app.cli import COMMANDS

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "command-line.md"


def test_the_guide_has_a_section_for_every_command() -> None:
    headings = re.findall(r"^## (.+)$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {name for heading in headings for name in re.findall(r"kg (\w+)", heading)} == COMMANDS.keys()
