"""Where sentences end."""

from __future__ import annotations

import time

import pytest

from ingest.segment import Block, blocks, sentences
from kg.markup import plain

# each row: the sentences, joined by a blank to make the text
CASES = [
    ["Acme raised $5 million.", "Beta led the round."],
    ["The round was led by Acme Inc.", "Beta joined."],
    ["Acme Inc. said it would pay."],
    ["Acme Inc. CEO Ada Park resigned."],
    ["Acme Corp. and Beta Ltd. merged.", "They are one firm."],
    ["J. Smith and A. B. Jones founded it."],
    ["The deal went to J. Smith.", "He signed."],
    ["U.S. officials met in the U.K. on Monday."],
    ["It sells only in the U.S.", "The firm is small."],
    ["It is quick, e.g. on phones, i.e. at the edge."],
    ["Lumen vs. Orbit vs. Nova is close."],
    ["Version v1.0 ships today.", "Version 2.5 is next."],
    ["It cost $1.5B.", "That is a lot."],
    ["It beat GPT-5.4's score of 80.2% by 1.3 points."],
    ["It is No. 5 overall.", "No. 1 is Nova."],
    ["The answer is no.", "Nobody knows why."],
    ["Everyone waits... and waits."],
    ["Everyone waits…", "Then it ships."],
    [['"We are ready."', " team shipped."][0], "The team shipped."],
    ["“It is done.”", "Acme confirmed it."],
    ["“It is done.” said nobody at all."],
    ["The launch is over.", "@ada_p said it went well."],
    ["Model cards are out.", "vLLM supports it from day 0."],
    ["Growth slowed in Q1.", "Revenue fell."],
    ["1) GPT-like bots.", "2) Prompt helpers."],
    ["1. Active learning 2. Distributed training 3. Error analysis"],
    ["Great news 🎉.", "🚀 Launch is on Friday."],
    ["模型发布了。", "价格下降了。"],
    ["Is it real?", "It is!", "Nobody asked."],
    ["Yahoo! said it would not."],
    ["Acme raised a Series A.", "The investors are unnamed."],
    ["Dr. Park and Prof. Lee met Mr. Cho at St. Anne."],
    ["It opened on Jan. 5 and closed on Feb. 3.", "It reopened later."],
    ["The call began at 5 p.m. on Friday."],
    ["Chips, racks, etc. are included."],
    ["It was built by Lee et al. and tuned by hand."],
    ["a bullet without a full stop"],
    ["acme raised $5m.", "beta bought gamma."],
    ["It won (see Fig. 3. and p. 4) twice.", "Good."],
    ["The sum rose to $25\nbillion this year.", "It was $8 billion."],
    ["Node.js and Fast.ai and amazon.com stay whole."],
    ["Acme bought Beta for approx. $3 billion.", "It paid cash."],
    ["It has approx. 3.5 million users vs. 2 million."],
    ["The U.S. Department of Energy funds it."],
    ["Orbit 2 is out.", "50% of users have it."],
    ["Read it here (link).", "Then decide."],
]


def paragraph(text: str) -> Block:
    return Block("paragraph", 0, len(text))


@pytest.mark.parametrize("expected", CASES, ids=lambda case: case[0][:40])
def test_sentences_end_where_a_reader_ends_them(expected: list[str]) -> None:
    text = "".join(expected) if "。" in expected[0] else " ".join(expected)
    assert [text[a:b] for a, b in sentences(text, paragraph(text))] == expected


def test_marks_and_targets_neither_end_nor_join_sentences() -> None:
    text = "**Acme** beat [Beta](https://b.example/a.b?c).** Then** it left. See [more](https://x.y/a. b)."
    seen = [plain(text, *span) for span in sentences(text, paragraph(text))]
    assert seen[:2] == ["Acme beat Beta.", "Then it left."]


def test_spans_hold_no_blanks_or_marks_at_their_ends() -> None:
    text = "  **One is bold.**  _Two is slanted._ \n"
    assert [text[a:b] for a, b in sentences(text, paragraph(text))] == ["One is bold.", "Two is slanted."]


def test_an_aside_stays_with_its_sentence() -> None:
    text = "Acme shipped it. ([link](https://a.b)) Beta did not."
    assert plain(text, *sentences(text, paragraph(text))[0]) == "Acme shipped it. (link) Beta did not."


def test_a_hundred_thousand_words_take_seconds() -> None:
    text = "\n\n".join("Acme Inc. raised $1.5B in the U.S. on Jan. 5. It said **so**. " * 5 for _ in range(2000))
    began = time.process_time()
    assert sum(len(sentences(text, block)) for block in blocks(text)) == 20_000
    assert time.process_time() - began < 15


@pytest.mark.parametrize(
    "text",
    [
        "." * 300_000,
        "a." + "”" * 300_000,
        ". " * 50_000,
        "",
        ".",
        "...",
        "。",
        "(" * 1000,
        "a. (" * 1000,
        "\x02\x00",
        "\u200b",
    ],
)
def test_odd_text_does_no_harm(text: str) -> None:
    spans = sentences(text, paragraph(text))
    assert all(0 <= a < b <= len(text) for a, b in spans)
