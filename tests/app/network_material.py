"""What the tests of the network read: invented deals of every kind, and as many as one likes."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from kg.model import Amount, Entity, Extract, Issue, Statement
from tests.app.web_material import entity, statement

ROUND = "Quillmark raised $2 billion in a Series B led by Northgate, with Harbour Fund putting in $300 million."
ALONE = "Bluefern closed a $40 million seed round."
BOUGHT = "Quillmark bought Bluefern for $750 million."
SUPPLY = "Quillmark agreed to pay Tinroof Cloud $12 billion over five years for compute."
MORE = "In March Quillmark signed a second contract with Tinroof Cloud, worth $3 billion."
TALKS = "Harbour Fund is in talks to put up to $90 million into Ostrava Labs."
LENT = "Northgate lent Tinroof Cloud €500 million."
TOGETHER = "Ostrava Labs and Tinroof Cloud work together on cooling."
NAMES = ("Quillmark", "Northgate", "Harbour Fund", "Bluefern", "Tinroof Cloud", "Ostrava Labs")


def money(figure: float, currency: str = "USD") -> Amount:
    """Return an exact amount."""
    return Amount(low=figure, high=figure, currency=currency)


def ledger() -> Extract:
    """Return an issue with a round of two investors, one of none, parallel contracts, and other deals."""
    text = "\n\n".join((ROUND, ALONE, BOUGHT, SUPPLY, MORE, TALKS, LENT, TOGETHER))
    series: dict[str, Any] = {"round": "Series B", "status": "completed", "date": "2026-03-02"}
    said = (
        statement(text, "Quillmark", "raised", "Quillmark", ROUND, amount=money(2e9), **series),
        statement(text, "Northgate", "invested_in", "Quillmark", ROUND, lead=True, **series),
        statement(text, "Harbour Fund", "invested_in", "Quillmark", ROUND, amount=money(3e8), **series),
        statement(text, "Bluefern", "raised", "Bluefern", ALONE, amount=money(4e7), round="seed", status="completed"),
        statement(text, "Quillmark", "acquired", "Bluefern", BOUGHT, amount=money(7.5e8), status="announced",
                  date="2026-04-10"),
        statement(text, "Quillmark", "commits_spend", "Tinroof Cloud", SUPPLY, amount=money(12e9), term="five years",
                  status="announced", date="2026-02-01"),
        statement(text, "Quillmark", "commits_spend", "Tinroof Cloud", MORE, amount=money(3e9), status="completed",
                  date="2026-03"),
        statement(text, "Harbour Fund", "invested_in", "Ostrava Labs", TALKS, status="in_talks",
                  amount=Amount(high=9e7, qualifier="up_to")),
        statement(text, "Northgate", "lent_to", "Tinroof Cloud", LENT, amount=money(5e8, "EUR"), status="completed"),
        statement(text, "Ostrava Labs", "partnered_with", "Tinroof Cloud", TOGETHER, status="announced"),
    )  # fmt: skip
    return Extract(
        issue=Issue(
            key="ledger-33333333", doc_id="ledger", text=text, title="Ledger No. 3", publisher="The Ledger",
            url="https://example.org/3", published="2026-04-12", file="ledger.md",
        ),
        entities=tuple(entity(text, name) for name in NAMES),
        statements=said,
        reader="hand",
    )  # fmt: skip


def crowd(count: int, seed: int = 7) -> Extract:
    """Return an issue with that many deals between some companies of which a few take part in many."""
    chance = random.Random(seed)
    firms = [f"{a}{b} {c}" for c in ("Labs", "Cloud", "Capital", "Systems") for a in ("Nor", "Vel", "Quo", "Tam", "Ost")
             for b in ("vane", "brook", "mere", "dale", "wick", "holm", "ford")]  # fmt: skip
    kinds = ("invested_in", "acquired", "commits_spend", "lent_to", "partnered_with")
    stages = ("announced", "completed", "planned", "in_talks", "cancelled")
    lines: list[str] = []
    said: list[tuple[str, str, str, str, dict[str, Any]]] = []
    while len(said) < count:
        giver, taker = firms[int(len(firms) * chance.random() ** 2)], firms[int(len(firms) * chance.random() ** 2)]
        relation = chance.choice(kinds)
        figure = round(10 ** chance.uniform(6.5, 10.8), -5)
        if giver == taker:
            continue
        day = (date(2025, 1, 1) + timedelta(chance.randrange(480))).isoformat()
        lines.append(f"Note {len(said) + 1}: {giver} and {taker} have a deal of {figure:,.0f} dollars.")
        attrs = {"amount": money(figure), "status": chance.choice(stages), "date": day}
        said.append((giver, relation, taker, lines[-1], attrs))
    text = "\n\n".join(lines)
    there = {name for giver, _, taker, _, _ in said for name in (giver, taker)}
    made: list[Statement] = [statement(text, g, r, t, line, **attrs) for g, r, t, line, attrs in said]
    return Extract(
        issue=Issue(
            key=f"crowd-{count:08}", doc_id="crowd", text=text, title="A crowd", publisher="The Ledger",
            published="2026-04-20", file="crowd.txt",
        ),
        entities=tuple(Entity(name=n, type="company", mentions=entity(text, n).mentions[:3]) for n in sorted(there)),
        statements=tuple({s.id(""): s for s in made}.values()),
        reader="hand",
    )  # fmt: skip
