"""What Streamlit runs: the application. Beside a folder `pages` it would make menus and addresses of its own."""

from __future__ import annotations

import runpy
from pathlib import Path

runpy.run_path(str(Path(__file__).resolve().parent / "web" / "main.py"))
