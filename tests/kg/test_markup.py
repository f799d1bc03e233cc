"""What a person sees of marked-up text, and what is hidden from them."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from kg.markup import hidden, plain

SEEN = [
    ("**Lumen 3** (open weights): *fast*", "Lumen 3 (open weights): fast"),
    ("***both*** and __bold__ and _slanted_ ~~gone~~", "both and bold and slanted gone"),
    ("# Deals of the week ##", "Deals of the week"),
    ("###### **PICKS**", "PICKS"),
    ("- one\n* two\n+ three\n• four", "one two three four"),
    ("1. first\n2. second", "1. first 2. second"),
    ("> said **so\n> twice** today", "said so twice today"),
    ("| Firm | Sum |\n|:---|---:|\n| Acme | $5M |", "Firm Sum Acme $5M"),
    ("see [the post](https://a.b/c_(d)?x=1\\&y=2 \"title\") now", "see the post now"),
    ("[![a chart](c.png)](https://a.b) ![](pixel.gif)", "a chart"),
    ("![a wide chart](my chart.png)", "a wide chart"),
    ("[Acme][1] won\n\n[1]: https://acme.example/x", "Acme won"),
    ("read https://a.b/c_d, or (www.a.b/c) or <https://e.f>.", "read , or () or ."),
    ("a <b>bold</b> <a href='x'>link</a><br/>and <!-- never\n\nread --> more", "a bold link and more"),
    ("<style>p {color: red}</style>text<script>alert('x')</script>", "text"),
    ("R&amp;D at A&nbsp;B &lt;5&gt; &unknown; AT&T;", "R&D at A B <5> &unknown; AT&T;"),
    ("worth \\$38 billion, 5 \\* 3, \\[sic\\]", "worth $38 billion, 5 * 3, [sic]"),
    ("claim[^1] and note[^two]\n\n[^1]: the source", "claim and note the source"),
    ("a `code_name` and ``two ` ticks``", "a code_name and two ` ticks"),
    ("over\\*\\*[a million](https://a.b)\\*\\*users", "over a million users"),
    ("an**inspiration gallery**of", "an inspiration gallery of"),
    ("```python\nx = a * b\n```", "x = a * b"),
    ("one\n\n---\n\n***\n\ntwo", "one two"),
    ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
    ("open <!-- never closed\nstill hidden\n\nnext", "open next"),
    ("**lone mark at the end", "lone mark at the end"),
]  # fmt: skip

KEPT = [
    "snake_case and UD-IQ4_NL_XL and __x",
    "2 * 3 and 2*3 and a*b*c and 2**10 and $5*",
    "issue #5, C# and #1 overall",
    "@handle_ met @_other and later x_",
    "r/some_sub_reddit and u/a_b_",
    "$5 to $6 and $x$ and a ~ b",
    "stripping <think> segments, 3 < 4 > 2, <pad>",
    "[sic] and [TOC] and a[0](b c)",
    "a | b",
    ">10m a year",
    "-5% and +3 points",
    "pass@{32,64} & more",
]


@pytest.mark.parametrize(("text", "seen"), SEEN)
def test_marks_are_not_seen(text: str, seen: str) -> None:
    assert plain(text, 0, len(text)) == seen


@pytest.mark.parametrize("text", KEPT)
def test_signs_that_are_text_stay(text: str) -> None:
    assert hidden(text) == []
    assert plain(text, 0, len(text)) == text


@pytest.mark.parametrize("text", [text for text, _ in SEEN])
def test_hidden_ranges_are_sorted_and_apart(text: str) -> None:
    ranges = hidden(text)
    assert all(0 <= start < end <= len(text) for start, end in ranges)
    assert all(a[1] < b[0] for a, b in pairwise(ranges))


def test_text_of_a_page_has_no_marks() -> None:
    text = "**not bold** 1 * 2 _x_ [a](b) # no\n\nsee https://a.b/c"
    assert [text[start:end] for start, end in hidden(text, html=True)] == ["https://a.b/c"]
    assert plain(text, 0, 12, html=True) == "**not bold**"


def test_a_slice_is_read_in_the_light_of_the_whole_text() -> None:
    text = "A **bold start. And end** of [a link. Here](https://x.y/z) too."
    start = text.index("And")
    assert plain(text, start, len(text)) == "And end of a link. Here too."
    assert plain(text, text.index("https") + 3, len(text)) == "too."


HOSTILE = {
    "brackets": "[" * 1_000_000,
    "stars": "*" * 1_000_000,
    "targets": "](" * 500_000,
    "links": "[x](" * 250_000,
    "titles": '[x](a "' * 140_000,
    "comments": "<!--" * 250_000,
    "tags": "<a =" * 250_000,
    "parentheses": "http://a" + ",)" * 400_000,
    "ticks": "".join("`" * (n % 50) + "a" for n in range(40_000)),
    "quotes": ">" * 1_000_000,
    "dashes": "- " * 500_000,
    "escapes": "\\*" * 500_000,
    "scripts": "<script>" * 120_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_of_marks_takes_no_minutes(name: str) -> None:
    began = time.process_time()
    hidden(HOSTILE[name])
    assert time.process_time() - began < 5  # about one second; a quadratic reader takes hours
