"""A runner of commands for tests: one store, one command after another, what it prints and its exit code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app import cli

Run = Callable[..., str]


def runner(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, notes: bool = False
) -> Run:
    """Return a runner on the store `kg.db` of a folder.

    It gives the standard output, or standard error where the exit code (as expected) is not 0; on success nothing is
    told on standard error but that there is no store yet, unless there may be `notes`.
    """
    monkeypatch.setenv("KG_STORE", f"sqlite:///{folder / 'kg.db'}")

    def run(*words: str, code: int = 0) -> str:
        capsys.readouterr()
        got = cli.run(words)
        out, err = capsys.readouterr()
        assert got == code, (out, err)
        assert "Traceback" not in err
        assert err.strip() if code else notes or not err.strip() or err.startswith("there is no store at")
        return str(err if code else out)

    return run
