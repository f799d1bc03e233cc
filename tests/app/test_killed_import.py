"""An import killed at random moments leaves whole issues only, and every issue that it acknowledged."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("kill_imports.py")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, to kill without starting Python twenty times")
def test_a_killed_import_leaves_whole_issues_and_all_acknowledged_ones(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(SCRIPT.parents[2])}
    command = [sys.executable, str(SCRIPT), str(tmp_path / "killed.db"), "20"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("20 kills")
