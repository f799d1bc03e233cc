"""Money: every form of an amount, its qualifier, and what the words around it say."""

from __future__ import annotations

import pytest

from ingest.quantities import find, parse_money, tokenize
from kg.model import Amount

FORMS = [
    # phrase, low, high, currency, qualifier
    ("$25 billion", 25e9, 25e9, "USD", "exact"),
    ("$25B", 25e9, 25e9, "USD", "exact"),
    ("$25bn", 25e9, 25e9, "USD", "exact"),
    ("$25.5B", 25.5e9, 25.5e9, "USD", "exact"),
    ("$100M", 100e6, 100e6, "USD", "exact"),
    ("$5m", 5e6, 5e6, "USD", "exact"),
    ("$300mn", 300e6, 300e6, "USD", "exact"),
    ("$40MM", 40e6, 40e6, "USD", "exact"),
    ("$43 mil", 43e6, 43e6, "USD", "exact"),
    ("$10K", 10e3, 10e3, "USD", "exact"),
    ("$1.45bln", 1.45e9, 1.45e9, "USD", "exact"),
    ("$2 Billion", 2e9, 2e9, "USD", "exact"),
    ("$1.1 BILLION", 1.1e9, 1.1e9, "USD", "exact"),
    ("$25-million", 25e6, 25e6, "USD", "exact"),
    ("$400,000", 4e5, 4e5, "USD", "exact"),
    ("$1,024 million", 1024e6, 1024e6, "USD", "exact"),
    ("$1.5T", 1.5e12, 1.5e12, "USD", "exact"),
    ("$0", 0.0, 0.0, "USD", "exact"),
    ("1.5 trillion dollars", 1.5e12, 1.5e12, "USD", "exact"),
    ("25 billion dollars", 25e9, 25e9, "USD", "exact"),
    ("half a billion dollars", 5e8, 5e8, "USD", "exact"),
    ("half-billion", 5e8, 5e8, "USD", "exact"),
    ("nine million euros", 9e6, 9e6, "EUR", "exact"),
    ("one dollar", 1.0, 1.0, "USD", "exact"),
    ("USD 3 million", 3e6, 3e6, "USD", "exact"),
    ("EUR65M", 65e6, 65e6, "EUR", "exact"),
    ("US$2.6 billion", 2.6e9, 2.6e9, "USD", "exact"),
    ("A$30 million", 30e6, 30e6, "AUD", "exact"),
    ("C$1.4 billion", 1.4e9, 1.4e9, "CAD", "exact"),
    ("S$150 million", 150e6, 150e6, "SGD", "exact"),
    ("HK$4.35B", 4.35e9, 4.35e9, "HKD", "exact"),
    ("NT$180 billion", 180e9, 180e9, "TWD", "exact"),
    ("NZ$40 million", 40e6, 40e6, "NZD", "exact"),
    ("R$880 million", 880e6, 880e6, "BRL", "exact"),
    ("€1.05bn", 1.05e9, 1.05e9, "EUR", "exact"),
    ("£700k", 7e5, 7e5, "GBP", "exact"),
    ("¥60 billion", 60e9, 60e9, "JPY", "exact"),
    ("₩900 billion", 900e9, 900e9, "KRW", "exact"),
    ("₹600 crore", 6e9, 6e9, "INR", "exact"),
    ("₹5 lakh", 5e5, 5e5, "INR", "exact"),
    ("Rs 1,240 crore", 12.4e9, 12.4e9, "INR", "exact"),
    ("Rs. 500 crore", 5e9, 5e9, "INR", "exact"),
    ("RMB 2.3 billion", 2.3e9, 2.3e9, "CNY", "exact"),
    ("20 billion yuan", 20e9, 20e9, "CNY", "exact"),
    ("1.2 trillion won", 1.2e12, 1.2e12, "KRW", "exact"),
    ("210 billion yen", 210e9, 210e9, "JPY", "exact"),
    ("84 billion rupees", 84e9, 84e9, "INR", "exact"),
    ("45 million pounds", 45e6, 45e6, "GBP", "exact"),
    ("CHF 130 million", 130e6, 130e6, "CHF", "exact"),
    ("SEK 3.4 billion", 3.4e9, 3.4e9, "SEK", "exact"),
    ("1.9 billion zlotys", 1.9e9, 1.9e9, "PLN", "exact"),
    ("30 million Australian dollars", 30e6, 30e6, "AUD", "exact"),
    ("4 million Swedish crowns", 4e6, 4e6, "SEK", "exact"),
    ("900 million crowns", 900e6, 900e6, "XXX", "exact"),
    ("12m", 12e6, 12e6, "USD", "exact"),
    ("$2\u200b5 billion", 25e9, 25e9, "USD", "exact"),
    ("$115-135 billion", 115e9, 135e9, "USD", "range"),
    ("$10–15bn", 10e9, 15e9, "USD", "range"),
    ("$60-$70B", 60e9, 70e9, "USD", "range"),
    ("$4.1bn–$4.3bn", 4.1e9, 4.3e9, "USD", "range"),
    ("between $2 and $3 billion", 2e9, 3e9, "USD", "range"),
    ("between €8.8 billion and €9.4 billion", 8.8e9, 9.4e9, "EUR", "range"),
    ("$1B to $1.5B", 1e9, 1.5e9, "USD", "range"),
    ("1.5 to 2 billion dollars", 1.5e9, 2e9, "USD", "range"),
    ("up to $100B", None, 100e9, "USD", "up_to"),
    ("UP TO $6B", None, 6e9, "USD", "up_to"),
    ("as much as €1.4 billion", None, 1.4e9, "EUR", "up_to"),
    ("no more than $350 million", None, 350e6, "USD", "up_to"),
    ("less than $500M", None, 500e6, "USD", "up_to"),
    ("below €2 billion", None, 2e9, "EUR", "up_to"),
    ("about a $1B", 1e9, 1e9, "USD", "about"),
    ("around $6 billion", 6e9, 6e9, "USD", "about"),
    ("~$40B", 40e9, 40e9, "USD", "about"),
    ("≈ $40B", 40e9, 40e9, "USD", "about"),
    ("nearly $1B", 1e9, 1e9, "USD", "about"),
    ("some €220 million", 220e6, 220e6, "EUR", "about"),
    ("close to 20 billion yuan", 20e9, 20e9, "CNY", "about"),
    ("just under $200 million", 200e6, 200e6, "USD", "about"),
    ("a little under $30 million", 30e6, 30e6, "USD", "about"),
    ("approaching $9 billion", 9e9, 9e9, "USD", "about"),
    ("estimated SAR 600 million", 600e6, 600e6, "SAR", "about"),
    ("$3 billion or so", 3e9, 3e9, "USD", "about"),
    ("a billion-dollar", 1e9, 1e9, "USD", "about"),
    ("more than $100 billion", 100e9, None, "USD", "at_least"),
    ("over $54M", 54e6, None, "USD", "at_least"),
    ("over a billion dollars", 1e9, None, "USD", "at_least"),
    ("in talks over a $4 billion", 4e9, 4e9, "USD", "exact"),
    ("at least a $200 million", 200e6, None, "USD", "at_least"),
    ("north of DKK 2 billion", 2e9, None, "DKK", "at_least"),
    ("no less than RMB 2 billion", 2e9, None, "CNY", "at_least"),
    ("surpassed $30 billion", 30e9, None, "USD", "at_least"),
    ("exceeded RMB 15 billion", 15e9, None, "CNY", "at_least"),
    ("tops $1.3 billion", 1.3e9, None, "USD", "at_least"),
    (">$280M", 280e6, None, "USD", "at_least"),
    ("$100B+", 100e9, None, "USD", "at_least"),
    ("$50bn-plus", 50e9, None, "USD", "at_least"),
    ("$500 million or more", 500e6, None, "USD", "at_least"),
]


@pytest.mark.parametrize(("phrase", "low", "high", "currency", "how"), FORMS)
def test_an_amount_is_read(phrase: str, low: float | None, high: float | None, currency: str, how: str) -> None:
    want = Amount.model_validate({"low": low, "high": high, "currency": currency, "qualifier": how})
    assert parse_money(phrase) == want


NAKED = {"12m", "half-billion"}  # without a currency an amount is found by the words around it only


@pytest.mark.parametrize("phrase", [row[0] for row in FORMS if row[0] not in NAKED])
def test_an_amount_is_found_whole_in_a_sentence(phrase: str) -> None:
    text = f"Fernhollow gets {phrase} from Cadence Peak."
    found = [q for q in find(tokenize(text)) if q.kind == "money"]
    assert len(found) == 1
    assert found[0].value == parse_money(phrase)
    assert text[found[0].start : found[0].end].endswith(phrase.split()[-1].lstrip("~≈>"))


@pytest.mark.parametrize(
    "phrase", ["multibillion-dollar", "several hundred million dollars", "a dollar", "money", "", "$HOME", "$", "$ $ $"]
)
def test_no_amount_is_read_where_none_is_stated(phrase: str) -> None:
    assert parse_money(phrase) is None


CONTEXTS = [
    # sentence, amount's text, hints it has, hints it must not have
    ("Acme will invest $25 billion, on top of the $8 billion previously invested.", "$8 billion", {"earlier"}, set()),
    ("Acme will invest up to $25 billion, on top of the $8 billion.", "up to $25 billion", set(), {"earlier"}),
    ("Acme has already put in $3 billion.", "$3 billion", {"earlier"}, set()),
    ("Sales surpassed $30 billion, up from roughly $9 billion.", "roughly $9 billion", {"old_level", "revenue"}, set()),
    ("Revenue surpassed $30 billion, up from $9 billion.", "surpassed $30 billion", {"revenue"}, {"old_level"}),
    ("Revenue grew from $1B to $3B.", "$1B", {"old_level", "revenue"}, set()),
    ("Revenue grew from $1B to $3B.", "$3B", {"new_level", "revenue"}, {"old_level"}),
    ("Fernhollow raised $30M at a $380M valuation.", "$380M", {"valuation"}, set()),
    ("Fernhollow raised $30M at a $380M valuation.", "$30M", set(), {"valuation"}),
    ("Fernhollow raised $30M at $380M.", "$380M", {"valuation"}, set()),
    ("Fernhollow, valued at $9 billion, hires.", "$9 billion", {"valuation"}, set()),
    ("The deal values the firm at about $2.5 billion.", "about $2.5 billion", {"valuation"}, set()),
    ("It is raising at $2b again.", "$2b", {"valuation"}, set()),
    ("It took $5M at a valuation of $40M.", "$40M", {"valuation"}, set()),
    ("Cadence Peak closed a $1B fund.", "$1B", {"fund"}, set()),
    ("Cadence Peak closed a fund of $500M.", "$500M", {"fund"}, set()),
    ("It has $500M to fund research.", "$500M", set(), {"fund"}),
    ("The round brings its total funding to $95M.", "$95M", {"total"}, set()),
    ("It has raised $95M to date.", "$95M", {"total"}, set()),
    ("Pro costs $20/month.", "$20", {"price"}, set()),
    ("It costs $0.30 per million tokens.", "$0.30", {"price"}, set()),
    ("At $61 a share the offer stands.", "$61", {"price"}, set()),
    ("GPUs rent for $1 per hour.", "$1", {"price"}, set()),
    ("It pays $30B/yr for compute.", "$30B", {"rate"}, {"price"}),
    ("It pays $2.2 billion a month.", "$2.2 billion", {"rate"}, {"price"}),
    ("It makes $20M monthly revenue.", "$20M", {"revenue"}, {"price"}),
    ("It hit $100M ARR.", "$100M", {"revenue"}, set()),
    ("Capex of $75 billion is planned.", "$75 billion", {"capex"}, set()),
    ("Its $115-135 billion CapEx commitment stands.", "$115-135 billion", {"capex"}, set()),
    ("It lost $40 million.", "$40 million", {"profit"}, {"revenue"}),
    ("It drew a $400 million credit facility.", "$400 million", {"debt"}, set()),
    ("It agreed to a $1.5 billion settlement.", "$1.5 billion", {"legal"}, set()),
    ("Acme adds another $1 billion.", "$1 billion", {"more"}, set()),
    ("It raised billions of dollars.", "billions of dollars", {"vague"}, set()),
]


@pytest.mark.parametrize(("text", "amount", "has", "lacks"), CONTEXTS)
def test_the_words_around_an_amount_say_what_it_is(text: str, amount: str, has: set[str], lacks: set[str]) -> None:
    (found,) = [q for q in find(tokenize(text)) if q.kind == "money" and q.text == amount]
    assert has <= found.hints
    assert not lacks & found.hints


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("Revenue grew from $1B to $3B.", ["$1B", "$3B"]),
        ("It paid $5 million to 3 firms.", ["$5 million"]),
        ("It sold for $7.4 billion - 41% more.", ["$7.4 billion"]),
        ("It bought Weft for $20M and Warp for $30M.", ["$20M", "$30M"]),
        ("Langford raised 20m in seed funding.", ["20m"]),
        ("Langford raised$28M from Tidal Peak.", ["$28M"]),
        ("A multibillion-dollar deal.", []),
        ("The 70B model has 7B active parameters and a 128K context.", []),
        ("Run $PATH and echo $1,2 times.", []),
        ("It wants a\n$2\nbillion round.", ["$2 billion"]),
        ("It completed a B+ round of RMB 1.2 billion.", ["RMB 1.2 billion"]),
    ],
)
def test_amounts_in_a_sentence(text: str, amounts: list[str]) -> None:
    assert [q.text for q in find(tokenize(text)) if q.kind == "money"] == amounts
