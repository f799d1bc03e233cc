"""Digest: what an issue or a period changed, as text, Markdown or JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from app import bootstrap, settings
from app.commands import terminal
from app.commands.terminal import JSONOption, StoreOption
from app.settings import SettingsError

if TYPE_CHECKING:
    from kg.digest import Digest
    from kg.digest_deals import Said
    from kg.digest_text import Line
    from kg.schema import Schema

SENTENCES = 3  # of a line; --json has all
# What Markdown, or a page that shows it, might take for a mark: a backslash before it makes it text.
MARK = re.compile(r"[\\`*_{}\[\]<>#|~$&@]|:(?=\S)|^[-+=]|(?<=\bwww)\.", re.IGNORECASE)
NUMBERED = re.compile(r"^(\d+)([.)])")  # what begins an item of a list
NOTHING = "nothing: all that is said was there already, or nothing is said"


def digest(
    issues: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ISSUE...]", help="Keys, or file names or titles that fit one issue."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DATE", help="What the issues since then changed: 2026, 2026-04, 2026-04-21"),
    ] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Likewise, itself included.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="Lines of a section; --json has all.")] = 20,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown instead of text.")] = False,
    store: StoreOption = None,
    json: JSONOption = False,
) -> None:
    """Tell what issues, or those of a period, changed: deals, stages, figures, loops of money, people, names."""
    from kg.digest import digest as of_issues
    from kg.digest import digest_of

    _check(issues, since, until, markdown=markdown, json=json)
    with bootstrap.reading(settings.load(store)) as graph:
        made = of_issues(graph, issues or ()) if since is None else digest_of(graph, since, until)
        if json:
            terminal.document(made.to_json())
        elif markdown:
            for text in marked_lines(made, graph.schema, limit):
                print(text)
        else:
            _print(made, graph.schema, limit)


def _check(issues: list[str] | None, since: str | None, until: str | None, *, markdown: bool, json: bool) -> None:
    """Raise SettingsError for words that do not go together."""
    if markdown and json:
        raise SettingsError("--markdown or --json, not both")
    if until is not None and since is None:
        raise SettingsError("--until needs --since: kg digest --since 2026-04 --until 2026-05")
    if issues and since is not None:
        raise SettingsError("issues or a period, not both: kg digest ISSUE… or kg digest --since DATE [--until DATE]")
    if not issues and since is None:
        raise SettingsError("name issues or a period: kg digest ISSUE… or kg digest --since DATE [--until DATE]")


def _print(made: Digest, schema: Schema, limit: int) -> None:
    from kg.digest_text import footnotes, headline, sections

    terminal.say(terminal.line(headline(made)), "bold")
    found = sections(made, schema)
    for section in found:
        terminal.say(f"\n{section.title} ({section.size})", "cyan")
        for line in section.lines[:limit]:
            for text, style in _written(line, "  "):
                terminal.say(text, style)
        if len(section.lines) > limit:
            terminal.say(f"  and {len(section.lines) - limit} more; --limit shows them, --json has all", "dim")
    if not found:
        terminal.say(NOTHING if made.issues else "nothing: no issue is of that time")
    for note in footnotes(made):
        terminal.say(terminal.line(note), "dim")


def _written(line: Line, indent: str) -> Iterator[tuple[str, str]]:
    """Yield a line of a section and what it rests on, with the style of each."""
    from kg.digest_text import grouped

    yield indent + terminal.line(line.text) + (f" ({line.deal_id})" if line.deal_id else ""), ""
    groups = grouped(line.said)
    for said in groups[:SENTENCES]:
        if said[0].sentence:
            yield f"{indent}  “{terminal.line(said[0].sentence)}”", "dim"
        if source := _source(said):
            yield f"{indent}  {terminal.line(source)}", "dim"
    if more := _more(groups):
        yield f"{indent}  {more}", "dim"
    for part in line.parts:
        yield from _written(part, indent + "  ")


def _more(groups: Sequence[tuple[Said, ...]]) -> str:
    left = sum(len(said) for said in groups[SENTENCES:])
    return f"and {terminal.counted(left, 'more statement')}" if left else ""


def _source(said: Sequence[Said]) -> str:
    """Return where a sentence stands, and the statements that it makes.

    "The Grid Letter, 2026-04-21 (grid-letter-1a2b3c4d) · s3f2a90c1d2e4b567, s1d2e4b5673f2a90c".
    """
    from kg.digest_text import who

    ids = ", ".join(dict.fromkeys(one.statement_id for one in said if one.statement_id))
    key = f" ({said[0].issue})" if said[0].publisher else ""
    return f"{who(said[0])}{key} · {ids}" if ids else ""


def marked_lines(made: Digest, schema: Schema, limit: int) -> Iterator[str]:
    """Yield the digest as lines of Markdown in which no text from a newsletter acts as a mark."""
    from kg.digest_text import footnotes, headline, sections

    yield f"# {marked(headline(made))}"
    found = sections(made, schema)
    for section in found:
        yield from ("", f"## {section.title} ({section.size})", "")
        for line in section.lines[:limit]:
            yield from _listed(line, "")
        if len(section.lines) > limit:
            yield f"- and {len(section.lines) - limit} more"
    if not found:
        yield from ("", NOTHING if made.issues else "nothing: no issue is of that time")
    if notes := list(footnotes(made)):
        yield from ("", "## Notes", "", *(f"- {marked(note)}" for note in notes))


def _listed(line: Line, indent: str) -> Iterator[str]:
    """Yield a line as an item of a list, and what it rests on as items below it."""
    from kg.digest_text import grouped

    yield f"{indent}- {marked(line.text)}" + (f" ({line.deal_id})" if line.deal_id else "")
    groups = grouped(line.said)
    for said in groups[:SENTENCES]:
        parts = [f"“{said[0].sentence}”" if said[0].sentence else "", _source(said)]
        yield f"{indent}  - {marked(' – '.join(part for part in parts if part))}"
    if more := _more(groups):
        yield f"{indent}  - {more}"
    for part in line.parts:
        yield from _listed(part, indent + "  ")


def marked(text: str) -> str:
    """Return text on one line as Markdown that shows it letter by letter."""
    return NUMBERED.sub(r"\1\\\2", MARK.sub(r"\\\g<0>", terminal.line(text)))
