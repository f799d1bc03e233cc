"""How a text falls into blocks."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest

from ingest.readers import read
from ingest.segment import Block, blocks, sentences
from kg.errors import ReadError
from kg.markup import plain

LONG = "Acme raised five million dollars from Beta on Monday, and said that it would hire more people soon."

# text → kinds and what is seen of each block
CASES = [
    ("# One\n\nText here.", ["heading: One", "paragraph: Text here."]),
    (f"Funding news\n{LONG}", ["heading: Funding news", f"paragraph: {LONG}"]),
    (f"Funding news\n\n{LONG}", ["heading: Funding news", f"paragraph: {LONG}"]),
    (f"Deals\nFunding of the week\n\n{LONG}", ["heading: Deals", "heading: Funding of the week", f"paragraph: {LONG}"]),
    ("**Top deals**\n\n- Acme won\n- Beta lost", ["heading: Top deals", "bullet: Acme won", "bullet: Beta lost"]),
    ("Title\n=====\nText follows here.", ["heading: Title", "paragraph: Text follows here."]),
    ("The sum rose to $25\nbillion this year.", ["paragraph: The sum rose to $25 billion this year."]),
    ("Acme will pay up to\n$25 billion.", ["paragraph: Acme will pay up to $25 billion."]),
    ("Acme won.\nBeta lost.", ["paragraph: Acme won.", "paragraph: Beta lost."]),
    (f"xAI plans a release\n\n{LONG}", ["heading: xAI plans a release", f"paragraph: {LONG}"]),
    (f"Good day. See you soon!\n\n{LONG}", ["paragraph: Good day. See you soon!", f"paragraph: {LONG}"]),
    (f"April 21, 2026\n\n{LONG}", ["paragraph: April 21, 2026", f"paragraph: {LONG}"]),
    ("[Sign up](https://a.b) | [Our archive](https://a.c)", ["sources: Sign up | Our archive"]),
    ("> quoted words\n> go on here", ["quote: quoted words go on here"]),
    ("Why it matters: it is big.", ["comment: Why it matters: it is big."]),
    ("**Why this matters:** it is big.", ["comment: Why this matters: it is big."]),
    ("## Our take\n\nIt is big.\n\n## News\n\nIt is out.",
     ["heading: Our take", "comment: It is big.", "heading: News", "paragraph: It is out."]),
    ("Reddit thread: Lumen is out Reddit thread: Orbit is out",
     ["sources: Reddit thread: Lumen is out Reddit thread: Orbit is out"]),
    ("[Tweet](https://t.co/a) | [Paper](https://b.c), @ada_p and @bo", ["sources: Tweet | Paper, @ada_p and @bo"]),
    ("Acme won.\n\nSource: [Grid Letter](https://g.l)", ["paragraph: Acme won.", "sources: Source: Grid Letter"]),
    ("[Acme raises $5M from Beta](https://a.b)", ["paragraph: Acme raises $5M from Beta"]),
    ("![a chart of deals](c.png)\n\nText here.", ["image: a chart of deals", "paragraph: Text here."]),
    ("[image: a chart of deals]\n\nText here.", ["image: a chart of deals", "paragraph: Text here."]),
    ("| Firm | Sum |\n|---|---|\n| Acme | $5M |", ["row: Firm Sum", "row: Acme $5M"]),
    ("Firm | Sum\n--- | ---\nAcme | $5M\nText.", ["row: Firm | Sum", "row: Acme | $5M", "paragraph: Text."]),
    ("```\nx = 1\ny = 2\n```", ["code: x = 1 y = 2"]),
    ("One.\n<!-- two\n\nthree -->\nFour.", ["paragraph: One.", "paragraph: Four."]),
    ("<p>One.</p><ul><li><b>Acme</b> won</li><li>Beta lost</li></ul><h2>Head</h2>",
     ["paragraph: One.", "bullet: Acme won", "bullet: Beta lost", "heading: Head"]),
    ("One.\n\n---\n\nTwo.", ["paragraph: One.", "paragraph: Two."]),
    ("line one\\\nLine two", ["paragraph: line one", "paragraph: Line two"]),
    ("", []),
    ("<!-- only -->\n\n***\n\nhttps://a.b", []),
]  # fmt: skip


def show(text: str, block: Block) -> str:
    return f"{block.kind}: {plain(text, block.start, block.end, html=not block.markup)}"


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_text_falls_into_blocks(text: str, expected: list[str]) -> None:
    assert [show(text, block) for block in blocks(text)] == expected


LABELS = [
    ("- **Lumen 2** (open weights, MIT): Acme shipped it.", "Lumen 2 (open weights, MIT)"),
    ("- **Lumen 2:** Acme shipped it.", "Lumen 2"),
    ("**1) Helpers.** These are small.", "1) Helpers"),
    ("Lumen 2 (open weights): Acme shipped it.", "Lumen 2 (open weights)"),
    ("- Orbit - a tool that draws.", "Orbit"),
    ("- [@ada_p](https://t.co/x): it works.", "@ada_p"),
    ("**Acme** raised five million dollars.", None),
    ("In a memo, Park wrote: we must go on.", None),
    ("It starts at 10:30 in the morning.", None),
    ("It is out. Price: five dollars.", None),
    ("Here is what we have:", "Here is what we have"),
]


@pytest.mark.parametrize(("text", "expected"), LABELS[:-1])
def test_a_label_stands_in_front(text: str, expected: str | None) -> None:
    label = blocks(text)[0].label
    assert (plain(text, *label) if label else None) == expected


def test_bullets_know_their_depth_heading_and_parent() -> None:
    text = "## Models\n\n- **Lumen**: out\n    - Acme made it\n        - in May\n    - Beta hosts it\n- Orbit\n"
    found = blocks(text)
    assert [(b.level, b.parent) for b in found[1:]] == [(1, None), (2, 1), (3, 2), (2, 1), (1, None)]
    assert all(b.heading and plain(text, *b.heading) == "Models" for b in found[1:])


def test_headings_stand_under_headings() -> None:
    text = "# A\n\n## B\n\nText one.\n\n## C\n\nText two."
    found = blocks(text)
    assert [plain(text, *b.heading) if b.heading else None for b in found] == [None, "A", "B", "A", "C"]


def test_rows_know_the_header() -> None:
    text = "| Firm | Sum |\n|---|---|\n| Acme | $5M |\n| Beta | $6M |\n\nText."
    found = blocks(text)
    assert [b.header for b in found] == [None, (2, 12), (2, 12), None]
    assert [text[b.start : b.end] for b in found[:3]] == ["Firm | Sum", "Acme | $5M", "Beta | $6M"]


WRAPPED = """A quiet week

Acme said on Monday that it would buy the maker of Orbit for
Five hundred million dollars, its largest purchase so far and
Beta a close second. The deal needs approval by the EU, the
US and the UK, and should close in the autumn of this year.

* Lumen 2: Acme released a small model that runs on phones and
  Laptops alike, with weights under an open licence.
"""


def test_hard_wrapped_text_is_joined() -> None:
    found = [show(WRAPPED, block) for block in blocks(WRAPPED)]
    assert [line.partition(":")[0] for line in found] == ["heading", "paragraph", "bullet"]
    assert found[1].endswith("autumn of this year.")
    assert found[2].endswith("open licence.")


def test_a_page_has_no_marks() -> None:
    text = "Big head\n\n\n\nFirst\n\n# not a heading, 2 * 3\n\n• one\n\n  • two"
    found = blocks(text, html=True)
    assert [show(text, b) for b in found][1:3] == ["heading: First", "heading: # not a heading, 2 * 3"]  # short lines
    assert found[-1].parent == len(found) - 2
    assert not found[0].markup


@pytest.mark.parametrize(
    "text",
    ["[" * 50_000, "*\n" * 5_000, "- a\n" * 5_000, "> " * 5_000, "<p>" * 20_000, "|\n|-|\n" * 5_000, "```\n" * 3_001,
     "# \n" * 3_000, "\x01\x00\x02", "\u200b\n\u200b", "<li>" * 3_000, "**a**\n" * 5_000],
)  # fmt: skip
def test_broken_text_gives_ordered_blocks(text: str) -> None:
    check(text, blocks(text))


def check(text: str, found: list[Block]) -> None:
    at = 0
    for index, block in enumerate(found):
        assert at <= block.start < block.end <= len(text)
        assert block.parent is None or block.parent < index
        at = block.end
        spans = sentences(text, block)
        assert all(block.start <= a < b <= block.end for a, b in spans)
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))


def newsletters() -> Path | None:
    shared = os.environ.get("KG_SHARED")
    folder = (Path(shared) if shared else Path(__file__).resolve().parents[2] / ".." / "shared") / "newsletters"
    return folder if folder.is_dir() else None


@pytest.mark.skipif(newsletters() is None, reason="no real newsletters here")
def test_real_newsletters_give_ordered_blocks() -> None:
    folder = newsletters()
    assert folder is not None
    files = sorted(path for path in folder.glob("*/*") if path.suffix in (".md", ".txt"))
    for issue in read(files[::25]):  # every 25th: the whole is read by the soak test
        assert not isinstance(issue, ReadError)
        assert hasattr(issue, "text")
        check(issue.text, blocks(issue.text))
