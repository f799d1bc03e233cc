"""Terminal: what is printed, in which form, and nothing in it that a terminal or rich would obey."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from kg.names import visible

T = TypeVar("T")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")

JSONOption = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
StoreOption = Annotated[
    str | None,
    typer.Option("--store", metavar="URL", help="The store (else KG_STORE, else a file in your data folder)."),
]


def lenient_streams() -> None:
    """Let no character that a code page lacks stop the output: it is printed as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def clean(text: str) -> str:
    """Return the text without control, zero-width and direction characters, fit for a terminal."""
    return CONTROL.sub("", visible(text))


def line(text: str) -> str:
    """Return the text on one line, without control characters."""
    return " ".join(clean(text).split())


def document(value: Any) -> None:
    """Print one JSON document: as UTF-8 where the stream takes it, escaped elsewhere."""
    print(dumped(value))


def dumped(value: Any) -> str:
    """Return the value as one line of JSON that the standard output can take (lone surrogates are escaped)."""
    utf8 = (sys.stdout.encoding or "").replace("-", "").lower() == "utf8"
    text = json.dumps(value, ensure_ascii=not utf8)
    return text if not utf8 or text.isprintable() else re.sub("[\ud800-\udfff\x7f-\x9f]", _escape, text)


def json_line(text: str) -> None:
    """Print a line that is JSON already, escaped where the standard output does not take it as it is."""
    print(text if text.isascii() else dumped(json.loads(text)))


def filled(form: str, parts: Mapping[str, str]) -> str:
    """Return the form with its slots filled at one go, so that no part is read as a slot."""
    return re.sub("|".join(map(re.escape, parts)), lambda m: parts[m.group()], form)


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"


def console(stream: IO[str] | None = None) -> Console:
    """Return a console that takes no text for markup, emoji or something to colour."""
    return Console(file=stream or sys.stdout, markup=False, highlight=False, emoji=False, soft_wrap=True)


def say(text: str, style: str = "") -> None:
    """Print text (its control characters removed) on standard output."""
    console().print(Text(clean(text), style=style))


def note(text: str, style: str = "") -> None:
    """Print text on standard error: progress and complaints, never an answer."""
    console(sys.stderr).print(Text(clean(text), style=style))


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, right: Sequence[str] = ()) -> None:
    """Print rows as a table; `right` names the columns of figures."""
    out = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        out.add_column(name, justify="right" if name in right else "left", overflow="fold", no_wrap=name in right)
    for row in rows:
        out.add_row(*(Text(line("" if v is None else str(v))) for v in row))
    screen = Console(markup=False, highlight=False, emoji=False)
    if not screen.is_terminal:
        screen.width = 200
    screen.print(out)


@contextmanager
def progress(label: str, total: int | None, *, quiet: bool = False) -> Iterator[Any]:
    """Yield a function that tells progress (one step, and what it was); drawn on standard error of a terminal."""
    screen = console(sys.stderr)
    shown = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=screen,
        transient=True,
        disable=quiet or not screen.is_terminal,
    )
    with shown:
        task = shown.add_task(label, total=total)

        def step(what: str = "") -> None:
            shown.update(task, advance=1, description=f"{label} {line(what)}"[:60])

        yield step


def counted(n: int, singular: str, plural: str | None = None) -> str:
    """Return "1 issue", "2 issues"."""
    return f"{n} {singular if n == 1 else plural or singular + 's'}"


def attrs_words(attrs: Mapping[str, Any]) -> str:
    """Return a statement's qualifiers as a reader would write them: "up to $25 billion · announced · 2026-04-20"."""
    out = []
    for name, value in attrs.items():
        if isinstance(value, Mapping) and "qualifier" in value:
            figure = money(value)
            out.append(figure if name == "amount" else f"{name} {figure}")
        elif name == "percent":
            out.append(f"{value:g} %")
        elif name == "capacity_gw":
            out.append(f"{value:g} GW")
        elif name == "current":
            out.append("now" if value else "formerly")
        elif name == "lead":
            out.append("led the round" if value else "")
        elif name == "tranches":
            out.append(f"in {counted(len(value), 'part')}")
        elif name == "attributed_to":
            out.append(f"according to {value}")
        elif name in ("status", "date", "round", "term", "role"):
            out.append(str(value))
        elif name == "unit":
            continue
        else:
            unit = f" {attrs['unit']}" if name == "value" and attrs.get("unit") else ""
            out.append(f"{name} {value:g}{unit}" if isinstance(value, int | float) else f"{name} {value}")
    return " · ".join(part for part in out if part)


def money(amount: Mapping[str, Any]) -> str:
    """Return an amount of JSON form in words."""
    from kg.model import Amount
    from kg.money import show

    return show(Amount.model_validate(dict(amount)))
