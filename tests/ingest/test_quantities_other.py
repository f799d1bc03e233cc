"""Quantities other than money: percents, counts, gigawatts, terms, rounds, dates, ranks and scores."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from ingest.quantities import (
    Tok,
    find,
    parse_gw,
    parse_number,
    parse_percent,
    parse_rank,
    parse_round,
    parse_score,
    parse_term,
    tokenize,
)  # fmt: skip

# kind, sentence, what is found: (text, value) in the order of the text
FOUND = [
    ("percent", "It holds 27% on a diluted basis.", [("27%", 27.0)]),
    ("percent", "It holds ~27 % now.", [("~27 %", 27.0)]),
    ("percent", "A 12.5 per cent stake.", [("12.5 per cent", 12.5)]),
    ("percent", "It bought 27 percent.", [("27 percent", 27.0)]),
    ("percent", "It owns ten percent.", [("ten percent", 10.0)]),
    ("percent", "It rose by 3 percentage points.", []),
    ("percent", "It scored in the 90th percentile.", []),
    ("percent", "It bought a quarter stake in Weft.", [("a quarter", 25.0)]),
    ("percent", "Acme owns a third of Weft.", [("a third", 33.3)]),
    ("percent", "Acme holds two thirds of Weft.", [("two thirds", 66.7)]),
    ("percent", "Acme owns about a fifth of Weft.", [("about a fifth", 20.0)]),
    ("percent", "Half of the work is done in the third quarter.", []),
    ("percent", "It sold shares in the first half.", []),
    ("percent", "It costs a third of the price.", []),
    ("percent", "It sold a majority stake.", [("a majority", None)]),
    ("percent", "It wants a 30-35% holding.", [("30-35%", 30.0)]),
    ("number", "It has 400 million weekly users.", [("400 million", 4e8)]),
    ("number", "It has 300 employees.", [("300", 300.0)]),
    ("number", "Over 1.2M users came.", [("1.2M", 1.2e6)]),
    ("number", "Some nine million people use it.", [("nine million", 9e6)]),
    ("number", "A headcount of 1,310.", [("1,310", 1310.0)]),
    ("number", "It employs 1,900.", [("1,900", 1900.0)]),
    ("number", "Staff grew to 60 people, up from 40 in May.", [("60", 60.0), ("40", 40.0)]),
    ("number", "It has about 2000 employees.", [("2000", 2000.0)]),
    ("number", "A team of 5.", [("5", 5.0)]),
    ("number", "The 70B model has 128K context.", []),
    ("number", "It was trained on 15 trillion tokens.", []),
    ("number", "Weft 3 runs on 8 GPUs with 3B active parameters.", []),
    ("number", "One user said that Weft 4 developers left at 16:30 daily.", []),
    ("gw", "It takes 5 gigawatts.", [("5 gigawatts", 5.0)]),
    ("gw", "It takes 1GW now.", [("1GW", 1.0)]),
    ("gw", "It takes 4.5 GW.", [("4.5 GW", 4.5)]),
    ("gw", "It takes 500 MW.", [("500 MW", 0.5)]),
    ("gw", "A 140-megawatt site.", [("140-megawatt", 0.14)]),
    ("gw", "One gigawatt is planned.", [("One gigawatt", 1.0)]),
    ("gw", "A multi-GW site with 400 MWh of storage.", []),
    ("term", "It runs for 10 years.", [("10 years", "10 years")]),
    ("term", "A ten-year deal.", [("ten-year", "10 years")]),
    ("term", "Spend over the next decade.", [("next decade", "10 years")]),
    ("term", "A lease of 18 months.", [("18 months", "1.5 years")]),
    ("term", "A three-year, $1 billion contract.", [("three-year", "3 years")]),
    ("term", "SIGNED IN THREE-YEAR PACT", [("THREE-YEAR", "3 years")]),
    ("term", "A multiyear deal through 2032.", []),
    ("term", "It was founded 10 years ago by a 30-year-old.", []),
    ("term", "For the past five years it slept.", []),
    ("term", "Shares hit a three-year low.", []),
    ("round", "It raised a Series C.", [("Series C", "Series C")]),
    ("round", "It raised $5M in series a funding.", [("series a", "Series A")]),
    ("round", "It closed a Series B+ and a Series E-2.", [("Series B+", "Series B+"), ("Series E-2", "Series E-2")]),
    ("round", "It raised a pre-seed round.", [("pre-seed", "Pre-seed")]),
    ("round", "It raised a $2.3M seed.", [("seed", "Seed")]),
    ("round", "It raised 70m in seed.", [("seed", "Seed")]),
    ("round", "The A round was led by Weft.", [("A round", "Series A")]),
    ("round", "A Series A extension.", [("Series A extension", "Series A extension")]),
    ("round", "A seed extension round.", [("seed extension", "Seed extension")]),
    ("round", "It closed an angel round.", [("angel", "Angel")]),
    ("round", "A growth round, then a bridge round.", [("growth", "Growth"), ("bridge", "Bridge")]),
    ("round", "It filed for an IPO.", [("IPO", "IPO")]),
    ("round", "We fixed the random seed and the seed data.", []),
    ("round", "Angel investors like the venture firm's growth.", []),
    ("round", "A series about models, series one.", []),
    ("date", "It shipped on April 20, 2026.", [("April 20, 2026", "2026-04-20")]),
    ("date", "It shipped on 20 April 2026.", [("20 April 2026", "2026-04-20")]),
    ("date", "It shipped on Apr 20th.", [("Apr 20th", None)]),
    ("date", "It shipped 2026-04-20.", [("2026-04-20", "2026-04-20")]),
    ("date", "It ships in late May.", [("late May", None)]),
    ("date", "It said so on Tuesday.", [("on Tuesday", None)]),
    ("date", "It shipped yesterday.", [("yesterday", None)]),
    ("date", "It shipped last week.", [("last week", None)]),
    ("date", "It came earlier this month.", [("earlier this month", None)]),
    ("date", "Since mid-2024 it is on sale.", [("mid-2024", "2024")]),
    ("date", "It was founded in 2019.", [("2019", "2019")]),
    ("date", "About $9 billion at end of 2025.", [("end of 2025", "2025")]),
    ("date", "It will be profitable by 2026.", [("by 2026", "2026")]),
    ("date", "It came two years ago.", [("two years ago", None)]),
    ("date", "It came less than two years ago.", []),
    ("date", "The rise came over the week; two years ago it fell.", [("two years ago", None)]),
    ("date", "It was taken over three months ago.", [("three months ago", None)]),
    ("date", "The deal runs through 2032.", [("through 2032", "2032")]),
    ("date", "It may march on.", []),
    ("date", "May I ask? March on!", []),
    ("date", "Weft v2025.1 beats GPT-4-0613 and weft-20241022.", []),
    ("date", "It has 2000 employees.", []),
    ("date", "It costs $2025.", []),
    ("date", "Sales rose on Black Friday.", []),
    ("date", "It leads on AIME 2025 and MMLU.", []),
    ("period", "Sales in Q1 2026 rose.", [("Q1 2026", "2026")]),
    ("period", "In the first half of 2025 it grew.", [("the first half of 2025", "2025")]),
    ("period", "In fiscal 2026 it grew.", [("fiscal 2026", "2026")]),
    ("period", "It ran the first half-marathon.", []),
    ("period", "FY26 was good.", [("FY26", "2026")]),
    ("period", "Last quarter was good.", [("Last quarter", None)]),
    ("period", "It uses 100 H100 GPUs and Q4 quants in q8.", []),
    ("rank", "It is #5 overall.", [("#5", 5.0)]),
    ("rank", "It is No. 1 there.", [("No. 1", 1.0)]),
    ("rank", "It took first place on WeftBench.", [("first place", 1.0)]),
    ("rank", "It ranks second on WeftBench.", [("second", 2.0)]),
    ("rank", "It tops WeftBench.", [("tops", 1.0)]),
    ("rank", "It leads the WeftBench leaderboard.", [("leads", 1.0)]),
    ("rank", "It sits at number four on the board.", [("number four", 4.0)]),
    ("rank", "Cadence Peak leads the round, led by Ann Lee.", []),
    ("rank", "Revenue topped $1 billion in the third quarter.", []),
    ("rank", "First, it leads a team.", []),
    ("score", "It scores 83.2 on WeftBench.", [("83.2", 83.2)]),
    ("score", "It has 1,420 Elo.", [("1,420 Elo", 1420.0)]),
    ("score", "It leads WeftBench with 52 points.", [("52 points", 52.0)]),
    ("score", "It is first on the index (52).", [("52", 52.0)]),
    ("score", "It solves 36 of 42 on WeftBench.", [("36 of 42", 36.0)]),
    ("score", "It went from 54.1 to 61.2 on WeftBench.", [("54.1", 54.1), ("61.2", 61.2)]),
    ("score", "Weft 3.5 and Warp-4 run on 8 GPUs for 12.5 hours.", []),
    ("score", "It leads AIME 2025.", []),
    ("score", "It answers 91 of 100 questions on the exam.", [("91 of 100", 91.0)]),
    ("score", "On the leaderboard: Weft-9B, 0.871; Warp 0.866.", [("0.871", 0.871), ("0.866", 0.866)]),
    ("score", "A benchmark of Weft 3.7 (Score: 230, Comments: 49).", []),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "want"), FOUND)
def test_a_phrase_is_found_and_read(kind: str, text: str, want: list[tuple[str, object]]) -> None:
    assert [(q.text, q.value) for q in find(tokenize(text)) if q.kind == kind] == want


@pytest.mark.parametrize(
    ("text", "phrase", "hint"),
    [
        ("Sales grew 27% on the year.", "27%", "change"),
        ("It is 30% faster.", "30%", "change"),
        ("It bought a 27% stake.", "27%", "stake"),
        ("It went from 54% to 61%.", "54%", "earlier"),
        ("It went from 54.1 to 61.2 on WeftBench.", "54.1", "earlier"),
        ("WeftBench: 54.1 → 61.2.", "54.1", "earlier"),
        ("The deal runs through 2032.", "through 2032", "until"),
        ("It has 300 employees.", "300", "headcount"),
        ("It has 300 weekly users.", "300", "users"),
    ],
)
def test_the_words_around_a_phrase_give_a_hint(text: str, phrase: str, hint: str) -> None:
    (found,) = [q for q in find(tokenize(text)) if q.text == phrase]
    assert hint in found.hints


@pytest.mark.parametrize(
    ("parse", "phrase", "want"),
    [
        (parse_percent, "about 12%", 12.0),
        (parse_percent, "nearly nine-tenths", 90.0),
        (parse_percent, "half", 50.0),
        (parse_percent, "majority", None),
        (parse_number, "over six hundred", 600.0),
        (parse_number, "thirty-one", 31.0),
        (parse_number, "half a billion", 5e8),
        (parse_number, "over a billion", 1e9),
        (parse_number, "250K", 250e3),
        (parse_number, "1.1 million", 1.1e6),
        (parse_number, "one and a half million", 1.5e6),
        (parse_number, "none", None),
        (parse_gw, "up to 3 GW", 3.0),
        (parse_gw, "5 GWh", None),
        (parse_term, "7 yrs", "7 years"),
        (parse_term, "one-year", "1 year"),
        (parse_term, "a decade", "10 years"),
        (parse_term, "multiyear", None),
        (parse_round, "pre‑Series A", "Pre-Series A"),
        (parse_round, "C", "Series C"),
        (parse_round, "B+ round", "Series B+"),
        (parse_round, "SEED", "Seed"),
        (parse_round, "series D", "Series D"),
        (parse_round, "money", None),
        (parse_rank, "rank 11", 11.0),
        (parse_rank, "22nd", 22.0),
        (parse_rank, "leading", 1.0),
        (parse_rank, "nothing", None),
        (parse_score, "88.1 points", 88.1),
        (parse_score, "n/a", None),
    ],
)  # fmt: skip
def test_a_phrase_alone_is_read(parse: object, phrase: str, want: object) -> None:
    assert callable(parse)
    assert parse(phrase) == want


def test_offsets_are_those_of_the_original_text() -> None:
    text = "😀 Acme\u00ad raised\u00a0$2\u200b5.5 billion in\n2025."
    for q in find(tokenize(text, 100)):
        assert text[q.start - 100 : q.end - 100].replace("\u200b", "").startswith(q.text[0])
    money = next(q for q in find(tokenize(text)) if q.kind == "money")
    assert text[money.start : money.end] == "$2\u200b5.5 billion"
    assert money.text == "$25.5 billion"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00\x01",
        "$" * 5000,
        "1" * 5000,
        "9" * 400 + " billion dollars",
        "~ * :name: ['\"; DROP",
        "½ ٣ ²³ million users",
    ],
)
def test_hostile_text_gives_no_error(text: str) -> None:
    for q in find(tokenize(text)):
        assert 0 <= q.start < q.end <= len(text)


@pytest.mark.parametrize(
    "word", ["leads ", "half a ", "third ", "$1 to ", "1,1,", "one hundred and ", "20 May ", "users "]
)
def test_a_line_of_one_repeated_word_takes_no_long_time(word: str) -> None:
    toks = tokenize(word * 1000)
    started = time.process_time()
    find(toks)
    assert time.process_time() - started < 3


def test_no_tokens_give_nothing() -> None:
    assert find([]) == []
    assert find([Tok("", 0, 1)]) == []


def test_found_phrases_do_not_overlap_and_are_in_order() -> None:
    text = "On April 20, 2026 Acme (300 employees) raised $30M (27%) in Series A, "
    text += "#1 on WeftBench with 83.2 over ten years at 5 GW."
    spans = [(q.first, q.last) for q in find(tokenize(text))]
    assert len(spans) >= 9
    assert all(a[1] < b[0] for a, b in pairwise(spans))


def test_ten_thousand_words_take_a_second_or_two() -> None:
    sentence = "Fernwell, which has 300 employees, raised $18 million in a Series A at a $90 million valuation. "
    toks = tokenize(sentence * 2)
    started = time.process_time()
    for _ in range(10_000 // (2 * len(sentence.split()))):
        find(toks)
    assert time.process_time() - started < 2
