"""Judging: what a person says of names, deals and statements: merge, split, correct, choose; and taking it back."""

from __future__ import annotations

import json as json_module
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from app import bootstrap, settings
from app.commands import terminal
from app.commands.keeping import NoteOption, StatementArgument
from app.commands.terminal import JSONOption, StoreOption
from app.settings import SettingsError
from kg.errors import QuestionError

if TYPE_CHECKING:
    from app.judgements import Said
    from kg.graph import Graph
    from kg.judging import Undone
    from kg.model import Judgement

ForceOption = Annotated[bool, typer.Option("--force", help="Though an earlier decision stands against it.")]
UnsureOption = Annotated[bool, typer.Option("--unsure", help="Say that nobody knows: the pair is not asked again.")]
NameArgument = Annotated[str, typer.Argument(help="An entity by name or id; or the id of a deal or a statement.")]
WRONG_USE = 2
DONE = {"accept": "accepted", "reject": "rejected", "correct": "corrected"}


def merge(
    a: NameArgument,
    b: NameArgument,
    unsure: UnsureOption = False,
    note: NoteOption = "",
    force: ForceOption = False,
    store: StoreOption = None,
    json: JSONOption = False,
) -> None:
    """Say that two entities, or two deals, are one."""
    from app import judgements
    from kg.judging import ContradictionError

    with bootstrap.reading(settings.load(store)) as graph:
        verdict = "unsure" if unsure else "same"
        try:
            done = judgements.merge(graph, a, b, verdict, note=note, force=force)
        except ContradictionError as error:
            _refused(error.earlier, json=json)
        _tell(graph, done, json=json)


def split(
    first: Annotated[str, typer.Argument(metavar="A|DEAL", help="An entity or one of its names; or a deal's id.")],
    rest: Annotated[list[str], typer.Argument(metavar="B|STATEMENT...", help="The other; or statements to take out.")],
    unsure: UnsureOption = False,
    note: NoteOption = "",
    store: StoreOption = None,
    json: JSONOption = False,
) -> None:
    """Say that two entities, or two deals, are different, or take statements out of a deal into one of their own."""
    from app import judgements

    with bootstrap.reading(settings.load(store)) as graph:
        if judgements.ID.fullmatch(first):
            if unsure:
                raise SettingsError("--unsure goes with two entities, or with kg merge and two deals")
            if [other[:1] for other in rest] == ["d"] and judgements.ID.fullmatch(rest[0]):
                done = judgements.merge(graph, first, rest[0], "different", note=note)
            else:
                done = judgements.split_deal(graph, first, rest, note=note)
        elif len(rest) != 1:
            raise SettingsError("kg split takes two entities, two deals, or a deal's id and ids of its statements")
        elif unsure:
            done = judgements.merge(graph, first, rest[0], "unsure", note=note)
        else:
            done = judgements.split_names(graph, first, rest[0], note=note)
        _tell(graph, done, json=json)


def correct(
    statement: StatementArgument,
    right: Annotated[
        list[str], typer.Argument(metavar="ATTR=VALUE...", help="amount=5bn date=2026-04 status=completed round=")
    ],
    note: NoteOption = "",
    store: StoreOption = None,
    json: JSONOption = False,
) -> None:
    """Put right what a statement says: it counts with these values, and as certain; ATTR= empties one."""
    from app import judgements
    from app.commands.corrections import parsed

    values = parsed(right)
    with bootstrap.reading(settings.load(store)) as graph:
        _tell(graph, judgements.correct(graph, statement, values, note=note), json=json)


def choose(
    statement: StatementArgument, note: NoteOption = "", store: StoreOption = None, json: JSONOption = False
) -> None:
    """Say that a statement's amount is the figure of its deal."""
    from app import judgements

    with bootstrap.reading(settings.load(store)) as graph:
        _tell(graph, judgements.choose(graph, statement, note=note), json=json)


def undo(
    count: Annotated[int, typer.Argument(metavar="[N]", min=1, help="How many to take back.")] = 1,
    store: StoreOption = None,
    json: JSONOption = False,
) -> None:
    """Take the latest judgement back; what it had replaced holds again."""
    with bootstrap.reading(settings.load(store)) as graph:
        done: list[Undone] = []
        while len(done) < count and (one := graph.undo()):
            done.append(one)
        left = graph.store.count("judgement")
    if json:
        undone = [
            {"judgement": one.judgement.model_dump(mode="json"),
             "again": one.again.model_dump(mode="json") if one.again else None}
            for one in done
        ]  # fmt: skip
        terminal.document({"undone": undone, "left": left})
        return
    for one in done:
        again = f"; again: {words(one.again)}" if one.again else ""
        terminal.say(terminal.line(f"taken back: {words(one.judgement)}{again}"))
    terminal.say(f"{terminal.counted(left, 'judgement')} left" if left else "no judgement is left")


def words(judgement: Judgement) -> str:
    """Return a judgement in a line: "different: Nova and Nova Labs, 2026-11-30, note: two firms"."""
    about, target = judgement.about, judgement.target
    if judgement.kind == "entity":
        what = f"{judgement.verdict}: {' and '.join(about.get('names') or target.split('|'))}"
    elif judgement.kind == "deal":
        ends = zip(target.split("|"), ("a", "b"), strict=False)
        what = f"{judgement.verdict} deal: {' and '.join(id + _about(about.get(name) or {}) for id, name in ends)}"
    elif judgement.kind == "date":
        what = f"{target} is dated {judgement.value}"
    else:
        what = f"{target} {DONE.get(judgement.verdict, judgement.verdict)}{_about(about)}{_right(judgement)}"
    return ", ".join(p for p in (what, judgement.when[:10], judgement.note and f"note: {judgement.note}") if p)


def _about(said: Mapping[str, Any]) -> str:
    """Return what a statement says, in brackets: " (Nova committed to spend with Metra)"."""
    from app.commands.evidence import sentence

    parts = {name: str(said[name]) for name in ("subject", "relation", "object") if said.get(name)}
    whole = len(parts) == 3
    text = sentence(bootstrap.knowledge()[0], parts) if whole else " ".join(parts.values()).replace("_", " ")
    return f" ({text})" if text else ""


def _right(judgement: Judgement) -> str:
    """Return what a correction says in words: ": about $5 billion · no round"."""
    if judgement.verdict != "correct":
        return ""
    right: dict[str, Any] = json_module.loads(judgement.value or "{}")
    stated = terminal.attrs_words({k: v for k, v in right.items() if v is not None})
    return ": " + " · ".join(
        [stated] * bool(stated) + [f"no {k.replace('_', ' ')}" for k, v in right.items() if v is None]
    )


def _tell(graph: Graph, done: Said, *, json: bool) -> None:
    if json:
        terminal.document(
            {"judgements": [j.model_dump(mode="json") for j in done.judgements],
             "overruled": [j.model_dump(mode="json") for j in done.overruled]}
        )  # fmt: skip
        return
    for line in _warnings(done.overruled):
        terminal.note(line, "yellow")
    for judgement in done.judgements:
        terminal.say(terminal.line(f"{words(judgement)}{_now(graph, judgement)}"))
    if len(done.judgements) > 1:
        terminal.say(f"kg undo {len(done.judgements)} takes it back")


def _now(graph: Graph, judgement: Judgement) -> str:
    """Return what a merge or a split came to: the id or ids that the two go by now."""
    if judgement.verdict not in ("same", "different"):
        return ""
    find = graph.entity if judgement.kind == "entity" else graph.deal
    try:
        return f" ({', '.join(dict.fromkeys(find(id).id for id in judgement.target.split('|')))})"
    except QuestionError:  # a statement that was set aside is in no deal
        return ""


def _warnings(earlier: Sequence[Judgement]) -> list[str]:
    from kg.judging import told

    return [f"warning: {told(judgement)}" for judgement in earlier]


def _refused(earlier: Sequence[Judgement], *, json: bool) -> NoReturn:
    """Tell which decisions stand against a merge, and leave; nothing was changed."""
    for line in _warnings(earlier):
        terminal.note(line, "yellow")
    terminal.note("kg: nothing was changed; --force merges all the same, and overrules what was said before", "red")
    if json:
        against = [j.model_dump(mode="json") for j in earlier]
        terminal.document({"error": "ContradictionError", "exit": WRONG_USE, "contradicts": against})
    raise typer.Exit(WRONG_USE)
