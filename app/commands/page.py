"""Page: the browser application, started on this machine alone."""

from __future__ import annotations

import signal
import subprocess
import sys
from importlib.resources import files
from typing import Annotated

import typer

from app import bootstrap, settings
from app.commands import terminal
from app.commands.terminal import JSONOption, StoreOption
from app.jobtypes import MOST_MEGABYTES
from app.settings import SettingsError


def run(
    store: StoreOption = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port on this machine.")] = 8501,
    json: JSONOption = False,
) -> None:
    """Open the page in the browser: it answers questions with their sentences (Ctrl-C stops it)."""
    chosen = settings.load(store)
    bootstrap.open_store(chosen).close()  # a store out of reach is told here, not on the page
    page = str(files("app") / "web" / "main.py")
    if json:
        terminal.document({"url": f"http://127.0.0.1:{port}"})
    else:
        terminal.say(f"the page is at http://127.0.0.1:{port} (Ctrl-C stops it)")
    sys.stdout.flush()
    options = {
        "server.address": "127.0.0.1",
        "server.port": port,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.maxUploadSize": MOST_MEGABYTES,
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "viewer",
        "theme.primaryColor": "#2f6aa8",
    }
    words = [f"--{name}={value}" for name, value in options.items()]
    environment = settings.child_environment(chosen)
    command = [sys.executable, "-m", "streamlit", "run", page, *words]
    with subprocess.Popen(command, stdout=2, env=environment) as child:
        # Who ends this process ends the page too: it must not stay behind with the port.
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        try:
            code = child.wait()
        except KeyboardInterrupt:
            code = 0
    if code and code != -signal.SIGTERM:
        raise SettingsError(f"the page stopped with code {code}; is port {port} taken? --port chooses another")
