"""The Doc: every offset is the text's, hidden marks are flagged, words are those of the encoder."""

from __future__ import annotations

import pytest
import spacy

from ingest.language import Tokenizer, layout, segmenter, toks

TEXTS = [
    "",
    " ",
    "Plain words.",
    "**Oxbow** raised [$5 million](https://oxbow.example/a_b) from Marl.\n\n- *Two*: one\n",
    "Tabs\tand  two  blanks \n at the end  \n",
    "Soft\u00adhyphen and zero\u200bwidth: $1\u200b0 million",
    "Emoji 🚀 and 漢字 and e\u0301tude",
    "<b>bold</b> <!-- not read --> text",
    "`code` a_b snake_case 2 * 3 * 4",
    "\ufeffbyte order mark",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_doc_keeps_the_text_and_its_offsets(text: str) -> None:
    doc = Tokenizer(spacy.blank("en").vocab)(text)
    assert doc.text == text
    for token in doc:
        assert text[token.idx : token.idx + len(token.text)] == token.text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("**Oxbow** raised [$5 million](https://x.example)", ["Oxbow", "raised", "$", "5", "million"]),
        ("Mar\u00adlin $1\u200b0 million", ["Marlin", "$", "10", "million"]),
        ("a <!-- hidden --> b", ["a", "b"]),
        ("see https://x.example/path now", ["see", "now"]),
    ],
)
def test_visible_words_leave_out_marks_targets_and_comments(text: str, words: list[str]) -> None:
    doc = Tokenizer(spacy.blank("en").vocab)(text)
    shown, numbers = toks(doc, 0, len(doc))
    assert [t.text for t in shown] == words
    assert all(not doc[i]._.hidden for i in numbers)


def test_sentence_starts_follow_the_blocks() -> None:
    doc = Tokenizer(spacy.blank("en").vocab)(
        "A Heading\n\nOxbow Inc. raised money. Marl led.\n\n- a bullet without a stop\n"
    )
    doc = segmenter(doc)
    assert [s.text.strip() for s in doc.sents] == [
        "A Heading",
        "Oxbow Inc. raised money.",
        "Marl led.\n\n-",  # the bullet's mark stands before the sentence
        "a bullet without a stop",
    ]
    assert [b.kind for b in layout(doc).blocks] == ["heading", "paragraph", "bullet"]
