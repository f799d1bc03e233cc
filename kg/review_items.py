"""Review items: what a person is asked, why, what hangs on it, and the judgements that each answer makes."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.model import Amount, Judgement, plain_numbers
from kg.money import show

DUPLICATES, DEALS, CONTRADICTIONS, LESS_CERTAIN = "duplicates", "deals", "contradictions", "less-certain"
KINDS = (DUPLICATES, DEALS, CONTRADICTIONS, LESS_CERTAIN)


@dataclass(frozen=True)
class Answer:
    """One thing that a person may say: the verdict, the words for it, and the judgements that it makes.

    `calls` are the commands that say the same, with their arguments; nothing where there is none.
    """

    verdict: str
    words: str
    judgements: tuple[Judgement, ...] = field(hash=False)
    calls: tuple[tuple[str, ...], ...] = ()

    @property
    def command(self) -> str | None:
        """Return the command line of `kg` that says the same, as a shell takes it."""
        return " && ".join(shlex.join(("kg", *call)) for call in self.calls) or None

    def as_json(self) -> dict[str, Any]:
        """Return the answer in plain JSON values."""
        made = [
            {"kind": j.kind, "target": j.target, "verdict": j.verdict, "about": plain_numbers(j.about)}
            for j in self.judgements
        ]
        return {"verdict": self.verdict, "words": self.words, "command": self.command, "judgements": made}


@dataclass(frozen=True)
class Consequence:
    """What changes with the answer: money by currency (promises included), edges touched; and how likely it is (0-1).

    Lists are ordered by the largest figure of money (nothing is converted), then by edges, then by how likely.
    """

    money: Mapping[str, float] = field(default_factory=dict, hash=False)
    touched: int = 0
    likely: float = 0.0

    @property
    def order(self) -> tuple[float, int, float]:
        """Return what the most consequential is least in."""
        return (-max(self.money.values(), default=0.0), -self.touched, -self.likely)

    @property
    def words(self) -> str:
        """Return the consequence in words: "$12 billion at stake, 3 statements touched, likely (80 %)"."""
        some = sorted(self.money.items(), key=lambda pair: (-pair[1], pair[0]))
        sums = " + ".join(show(Amount(low=n, high=n, currency=c)) for c, n in some if n)
        money = f"{sums} at stake" if sums else "no money at stake"
        edges = f"{self.touched} {'link' if self.touched == 1 else 'links'} touched"
        return f"{money}, {edges}, {_chance(self.likely)}"

    def as_json(self) -> dict[str, Any]:
        """Return the consequence in plain JSON values."""
        money = plain_numbers(dict(sorted(self.money.items())))
        return {"money": money, "touched": self.touched, "likely": round(self.likely, 2), "words": self.words}


@dataclass(frozen=True)
class Side:
    """One of the things that an item sets side by side, and the statements that speak for it."""

    title: str
    statement_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """One question for a person. `rests_on` are the statements whose rejection answers it."""

    kind: str
    id: str
    title: str
    why: tuple[str, ...]
    consequence: Consequence
    sides: tuple[Side, ...]
    answers: tuple[Answer, ...]
    rests_on: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[tuple[float, int, float], str]:
        """Return what items are sorted by."""
        return (self.consequence.order, self.id)

    @property
    def statement_ids(self) -> tuple[str, ...]:
        """Return the statements of all sides, each once."""
        return tuple(dict.fromkeys(id for side in self.sides for id in side.statement_ids))

    def as_json(self, statements: Iterable[Mapping[str, Any]] = ()) -> dict[str, Any]:
        """Return the item in plain JSON values, with the statements behind it."""
        return {
            "kind": self.kind,
            "id": self.id,
            "title": self.title,
            "why": list(self.why),
            "consequence": self.consequence.as_json(),
            "sides": [{"title": side.title, "statement_ids": list(side.statement_ids)} for side in self.sides],
            "answers": [answer.as_json() for answer in self.answers],
            "statements": list(statements),
        }


def _chance(likely: float) -> str:
    word = "very likely" if likely >= 0.85 else "likely" if likely >= 0.65 else "possible"
    return f"{word} ({likely:.0%})"


def few_each(items: Iterable[Item], most: int) -> list[Item]:
    """Return items on pairs ("kind:A|B"), most consequential first: of each A and B the `most` likeliest at most."""
    times: Counter[str] = Counter()
    out = []
    for item in sorted(items, key=lambda item: (-item.consequence.likely, item.id)):
        ends = item.id.partition(":")[2].split("|")
        if all(times[id] < most for id in ends):
            out.append(item)
            times.update(ends)
    return sorted(out, key=lambda item: item.order)
