"""Quantities: finding the phrases of a sentence that state values, and parsing them.

Finding and parsing are separate: `find` yields phrases on tokens, the `parse_*` functions read a phrase alone.

Hints of money: `valuation`, `fund`, `total`, `earlier`, `old_level`, `new_level`, `more` ("another"), `revenue`,
`profit`, `capex`, `debt`, `legal`, `pay`, `price` (of one unit: no deal), `rate` (a year, a month), `vague` (no value).
Of percents: `change`, `stake`, `range`, `about`, `up_to`, `at_least`, `earlier`. Of scores: `bare` (no word says that
it is one), `earlier`. Of dates: `until`, `future`, `past`; a date whose value is None needs the date of publication
(`kg.dates.resolve(q.text, published)`, and `kg.dates.period` for the period of a metric).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ingest.quantities.money import find_money, parse_money
from ingest.quantities.numbers import find_numbers, parse_number
from ingest.quantities.percents import find_percents, parse_percent
from ingest.quantities.rounds import find_rounds, parse_round
from ingest.quantities.scores import find_ranks, find_scores, parse_rank, parse_score
from ingest.quantities.times import find_dates, find_periods, parse_date
from ingest.quantities.tokens import Found, Kind, Line, Quantity, Tok, tokenize
from ingest.quantities.units import find_powers, find_terms, parse_gw, parse_term
from kg.model import Amount

__all__ = [
    "Quantity", "Tok", "find", "parse_date", "parse_gw", "parse_money", "parse_number", "parse_percent", "parse_rank",
    "parse_round", "parse_score", "parse_term", "tokenize",
]  # fmt: skip

Finder = Callable[[Line], Iterator[Found]]
Parser = Callable[[str], Amount | float | str | None]


def _date(text: str) -> str | None:
    return parse_date(text, None)


# In this order: what one rule takes, a later one leaves.
_RULES: tuple[tuple[Kind, Finder, Parser], ...] = (
    ("money", find_money, parse_money),
    ("percent", find_percents, parse_percent),
    ("gw", find_powers, parse_gw),
    ("round", find_rounds, parse_round),
    ("period", find_periods, _date),
    ("date", find_dates, _date),
    ("term", find_terms, parse_term),
    ("number", find_numbers, parse_number),
    ("rank", find_ranks, parse_rank),
    ("score", find_scores, parse_score),
)


def find(tokens: Sequence[Tok]) -> list[Quantity]:
    """Return the quantities of a sentence in the order of the text; they do not overlap."""
    if not tokens:
        return []
    line = Line(tokens)
    found = []
    for kind, finder, parse in _RULES:
        for hit in finder(line):
            if line.free(hit.start, hit.end):
                value = None if "vague" in hit.hints else parse(line.text[hit.start : hit.end])
                found.append(line.take(kind, hit, value))
    return sorted(found, key=lambda q: q.start)
