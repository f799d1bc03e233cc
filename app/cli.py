"""The command line: names, options and exit codes; the commands themselves are in app.commands."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from app.commands import (
    asking,
    circulation,
    deals,
    digest,
    evaluating,
    importing,
    judgements,
    judging,
    keeping,
    page,
    rereading,
    roles,
    stores,
    terminal,
)
from app.commands import review as reviewing
from kg.errors import KGError, StoreError

WRONG_USE, OUT_OF_REACH = 2, 3

cli = typer.Typer(
    help="Newsletters about the AI industry in, a graph out, and answers with their sentences.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
COMMANDS: dict[str, Callable[..., None]] = {
    "import": importing.import_,
    "extract": importing.extract,
    "ask": asking.ask,
    "show": asking.show,
    "deals": deals.deals,
    "deal": deals.deal,
    "roles": roles.roles,
    "cycles": circulation.cycles,
    "flow": circulation.flow,
    "path": circulation.path,
    "central": circulation.central,
    "digest": digest.digest,
    "review": reviewing.review,
    "issues": keeping.issues,
    "remove": keeping.remove,
    "date": keeping.date,
    "accept": keeping.accept,
    "reject": keeping.reject,
    "merge": judging.merge,
    "split": judging.split,
    "correct": judging.correct,
    "choose": judging.choose,
    "undo": judging.undo,
    "judgements": judgements.judgements,
    "dump": keeping.dump,
    "copy": stores.copy,
    "cypher": stores.cypher,
    "stats": keeping.stats,
    "reread": rereading.reread,
    "eval": evaluating.evaluate,
    "app": page.run,
}
for _name, _function in COMMANDS.items():
    cli.command(_name)(_function)


@cli.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Newsletters about the AI industry in, a graph out, and answers with their sentences."""
    if version:
        from importlib.metadata import version as installed

        terminal.say(f"kg {installed('ai-industry-kg')}")
        raise typer.Exit()


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 fine, 1 some sources failed, 2 wrong use, 3 store out of reach."""
    terminal.lenient_streams()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        cli(args=words, prog_name="kg")
    except KGError as e:
        return failed(e, json="--json" in words)
    except SystemExit as e:  # typer has told what is wrong, and leaves
        return e.code if isinstance(e.code, int) else WRONG_USE
    return 0


def failed(error: KGError, *, json: bool) -> int:
    """Tell an error on standard error (and its kind as the JSON document, if one is due); return its exit code."""
    code = OUT_OF_REACH if isinstance(error, StoreError) else WRONG_USE
    terminal.note(f"kg: {error}", "red")
    if json:
        terminal.document({"error": type(error).__name__, "exit": code})
    return code


def main() -> None:
    """Run the command of this process's arguments and leave with its exit code."""
    sys.exit(run())


if __name__ == "__main__":
    main()
