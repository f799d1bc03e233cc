"""The command line of judgements: merge, split, correct, choose, undo, and files of judgements."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from app.commands.corrections import parsed, read_money
from app.settings import SettingsError
from tests.app.test_cli import Kg, full, kg, span  # noqa: F401  fixtures

FACTS: dict[str, list[tuple[str, str, str, float]]] = {
    "one-letter": [("Nova", "lent_to", "Metra", 5e9), ("Nova Labs", "commits_spend", "Quarry", 1e9)],
    "two-letter": [("Nova Labs", "lent_to", "Metra", 8e9), ("Nova", "commits_spend", "Quarry", 2e9)],
    "three-letter": [("Amazon", "lent_to", "Oda", 1e9), ("AMZN", "lent_to", "Oda", 1e9)],
}
LETTERS = {key: f"2026-04-0{n}" for n, key in enumerate(FACTS, start=1)}


def letter(key: str) -> dict[str, Any]:
    """Return the extract of a letter, one sentence a fact."""
    sentences = [f"{a} did with {b} what {key} calls {relation}." for a, relation, b, _ in FACTS[key]]
    text = "\n".join(sentences)
    names = {name for a, _, b, _ in FACTS[key] for name in (a, b)}
    return {
        "doc_id": key, "published": LETTERS[key], "issue": {"key": key, "title": key}, "text": text,
        "entities": [{"name": n, "type": "company", "mentions": []} for n in sorted(names)],
        "facts": [
            {"subject": a, "relation": r, "object": b, "confidence": 0.9, "evidence": [span(text, sentence)],
             "attrs": {"amount": {"low": x, "high": x, "currency": "USD", "qualifier": "exact"}}}
            for (a, r, b, x), sentence in zip(FACTS[key], sentences, strict=True)
        ],
    }  # fmt: skip


@pytest.fixture
def letters(kg: Kg) -> Kg:  # noqa: F811
    """Return a runner on a store with the three letters."""
    kg("import", *(kg.file(f"{key}.json", letter(key)) for key in FACTS))
    return kg


def deals(run: Kg, kind: str = "debt", party: str = "Metra") -> dict[str, list[str]]:
    """Return deal id → statements, the earliest deal first."""
    found = run.json("deals", "--kind", kind, "--party", party)["deals"]
    return {d["id"]: d["statement_ids"] for d in sorted(found, key=lambda d: (d["reported"], d["id"]))}


def test_entities_are_merged_split_and_put_back(letters: Kg) -> None:
    before = letters("dump")
    assert "same: Nova and Nova Labs" in letters("merge", "Nova", "org/novalabs", "--note", "one firm")
    assert letters.json("show", "Nova Labs")["id"] == "org/nova"
    assert len(deals(letters)) == 2  # of other amounts
    done = letters.json("split", "Nova", "Nova Labs")
    assert [(j["kind"], j["target"], j["verdict"]) for j in done["judgements"]] == [
        ("entity", "org/nova|org/novalabs", "different")
    ]
    assert letters.json("show", "Nova Labs")["id"] == "org/novalabs"
    out = letters("undo", "2")
    assert "taken back: different: Nova and Nova Labs" in out
    assert "again: same: Nova and Nova Labs" in out
    assert "note: one firm" in out
    assert "no judgement is left" in letters("undo")
    assert letters.json("undo") == {"undone": [], "left": 0}
    assert letters("dump") == before


def test_an_alias_of_the_reference_comes_apart_by_its_name(letters: Kg) -> None:
    assert len(deals(letters, party="Oda")) == 1
    assert "different: Amazon and AMZN" in letters("split", "Amazon", "AMZN")
    assert letters.json("show", "AMZN")["id"] == "org/amzn"
    assert len(deals(letters, party="Oda")) == 2


def test_a_merge_that_contradicts_needs_force(letters: Kg) -> None:
    letters("split", "Nova", "Nova Labs", "--note", "two firms")
    before = letters("dump")
    assert letters("merge", "Nova", "Nova Labs", code=2) == ""
    assert "warning: contradicts: different, 20" in letters.err
    assert "note two firms (Nova and Nova Labs)" in letters.err
    assert "--force" in letters.err
    refused = letters.json("merge", "Nova", "Nova Labs", code=2)
    assert (refused["error"], refused["exit"]) == ("ContradictionError", 2)
    assert [j["note"] for j in refused["contradicts"]] == ["two firms"]
    assert letters("dump") == before
    done = letters.json("merge", "Nova", "Nova Labs", "--force")
    assert [j["verdict"] for j in done["overruled"]] == ["different"]
    assert letters.json("show", "Nova Labs")["id"] == "org/nova"


def test_deals_are_merged_and_split(letters: Kg) -> None:
    letters("merge", "Nova", "Nova Labs")
    (first, (one,)), (second, (two,)) = deals(letters).items()
    assert "same deal" in letters("merge", second, first)
    assert deals(letters) == {first: [one, two]}
    assert letters("split", first, second, code=2) == ""
    assert f"kg split {first} STATEMENT… takes statements out of it" in letters.err
    letters("split", first, two)
    assert deals(letters) == {first: [one], second: [two]}
    assert "same deal" in letters("undo")
    letters("split", second.replace("d", "s", 1), one)  # the earliest leaves the others
    assert deals(letters) == {first: [one], second: [two]}
    out = letters("split", first, second)
    assert "different deal" in out
    assert out.count("(Nova lent money to Metra)") == 1
    assert out.count("(Nova Labs lent money to Metra)") == 1
    assert letters("merge", first, second, code=2) == ""
    letters("undo")
    letters("merge", first, two, "--unsure")
    assert deals(letters) == {first: [one], second: [two]}


def test_a_correction_is_printed_with_what_was_read(letters: Kg) -> None:
    (deal, (id,)), *_ = deals(letters).items()
    letters("correct", id, "amount=about $5.5 billion", "date=2026-03")
    letters("correct", id, "status=in talks", "date=")
    out = letters("deal", deal)
    assert "about $5.5 billion · in_talks (corrected by a person; read: $5 billion)" in out
    (said,) = letters.json("deal", deal)["statements"]
    assert (said["attrs"]["status"], said["corrected"]["status"], said["certain"]) == ("in_talks", None, True)
    asked = letters.json("ask", "Who did Nova lend money to?")["statements"]
    assert [s["attrs"]["amount"]["low"] for s in asked] == [5500000000]
    assert "corrected: about $5.5 billion · in_talks · no date" in letters("judgements").replace(
        " (Nova lent money to Metra)", ""
    )
    letters("undo", "2")
    assert "corrected" not in letters("deal", deal)


def test_the_chosen_figure_is_the_deals(letters: Kg) -> None:
    letters("merge", "Nova", "Nova Labs")
    (first, (one,)), (second, (two,)) = deals(letters).items()
    letters("merge", first, second)
    for id, words in ((one, "$5 billion"), (two, "$8 billion")):
        letters("choose", id)
        assert f"{words} · the amount chosen by a person" in letters("deal", first)
        told = letters.json("deal", first)["deal"]
        assert (told["figures"][0]["statement_ids"], told["figure_why"]) == ([id], "chosen by a person")
        assert len(told["figures"]) == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["merge", "Nova", "Zork"], "no entity is called 'Zork'"),
        (["merge", "Nova", "nova"], "are one name"),
        (["merge", "Amazon", "AMZN"], "are one already"),
        (["split", "Nova", "Nova"], "are one name"),
        (["split", "Amazon", "Amazon.com"], "no issue calls org/amazon 'Amazon.com': there is nothing to split"),
        (["split", "Amazon.com", "Amazon"], "no issue calls org/amazon 'Amazon.com': there is nothing to split"),
        (["split", "Amazon", "Amazon.com", "--unsure"], "no issue calls org/amazon 'Amazon.com'"),
        (["merge", "Amazon", "Amazon.com"], "are one already"),
        (["merge", "d0123456789abcdef", "Nova"], "d0123456789abcdef is a deal, 'Nova' is none: name the ids of two"),
        (["merge", "Nova", "s0123456789abcdef"], "s0123456789abcdef is a statement, 'Nova' is none"),
        (["split", "Nova", "Metra", "Oda"], "takes two entities"),
        (["merge", "d0123456789abcdef", "d0123456789abcdee"], "no deal has the id"),
        (["split", "d0123456789abcdef", "s0123456789abcdef"], "no deal has the id"),
        (["correct", "s0123456789abcdef", "date=2026"], "no statement has the id"),
        (["correct", "s0123456789abcdef", "date"], "attr=value"),
        (["correct", "s0123456789abcdef", "percent=many"], "no number"),
        (["correct", "s0123456789abcdef", "lead=perhaps"], "neither yes nor no"),
        (["correct", "s0123456789abcdef", "tranches=x"], "as JSON"),
        (["choose", "s0123456789abcdef"], "no statement has the id"),
        (["judgements", "zap"], "none of list, export, import"),
        (["judgements", "import"], "needs a FILE"),
        (["judgements", "list", "x"], "takes no file"),
        (["judgements", "import", "no-such-file"], "cannot be read"),
        (["judgements", "export", "no/such/folder/x"], "cannot be written"),
    ],
)
def test_wrong_use_is_told_and_changes_nothing(letters: Kg, words: list[str], told: str) -> None:
    before = letters("dump")
    assert letters(*words, code=2) == ""
    assert told in letters.err
    assert letters.json(*words, code=2)["exit"] == 2
    assert letters("dump") == before


def test_judgements_go_to_another_store_and_hold_there(letters: Kg, tmp_path: Path) -> None:
    letters("merge", "Nova", "Nova Labs", "--note", "one <b>firm</b> [red]")
    (first, (one,)), (_, (two,)) = deals(letters).items()
    letters("merge", first, two)
    letters("choose", two)
    letters("correct", one, "status=completed")
    letters("date", "one-letter", "2026-04-02")
    file, dump = tmp_path / "kept.jsonl", letters("dump")
    assert letters.json("judgements", "export", str(file)) == {"exported": 5}
    assert letters("judgements", "export", "-") == file.read_text("utf-8")
    other = ("--store", f"sqlite:///{tmp_path / 'other.db'}")
    done = letters.json("judgements", "import", str(file), *other)
    assert done == {"new": 5, "replaced": 0, "unchanged": 0, "older": 0, "sleeping": 5}
    assert all(j["sleeping"] for j in letters.json("judgements", *other)["judgements"])
    letters("import", *(str(tmp_path / f"{key}.json") for key in FACTS), *other)
    assert letters("dump", *other) == dump
    done = letters.json("judgements", "import", str(file), *other)
    assert done == {"new": 0, "replaced": 0, "unchanged": 5, "older": 0, "sleeping": 0}
    assert not any(j["sleeping"] for j in letters.json("judgements", *other)["judgements"])


def test_the_later_of_two_judgements_holds(letters: Kg, tmp_path: Path) -> None:
    def line(verdict: str, when: str) -> str:
        about = {"names": ["Nova", "Nova Labs"]}
        return json.dumps(
            {"kind": "entity", "target": "org/nova|org/novalabs", "verdict": verdict, "about": about, "when": when}
        )

    for verdict, day, counts in (
        ("same", 2, (1, 0, 0, 0)), ("different", 1, (0, 0, 0, 1)), ("different", 3, (0, 1, 0, 0)),
        ("different", 3, (0, 0, 1, 0)),
    ):  # fmt: skip
        path = letters.file("x.jsonl", line(verdict, f"2026-05-0{day}T10:00:00Z"))
        done = letters.json("judgements", "import", path)
        assert (done["new"], done["replaced"], done["unchanged"], done["older"]) == counts
    assert "again: same" in letters("undo")
    for days, told in (((4, 4), "0 new, 1 replaced, 1 unchanged"),
                       ((3, 5), "0 new, 1 replaced, 0 unchanged, 1 older, not taken")):  # fmt: skip
        path = letters.file("x.jsonl", "\n".join(line("same", f"2026-05-0{day}T10:00:00Z") for day in days))
        assert f"{told}\n" in letters("judgements", "import", path)


GOOD = b'{"kind": "entity", "target": "org/a|org/b", "verdict": "same"}\n'
BAD: dict[str, tuple[bytes, str]] = {
    "an empty line": (GOOD + b"\n" + GOOD, "line 2: is empty"),
    "bytes that are no text": (GOOD + b"\x89PNG\x00\x01", "line 2: holds bytes that are no text"),
    "another encoding": (GOOD + '{"note": "é"}'.encode("latin-1"), "line 2: not in UTF-8"),
    "UTF-16": (GOOD.decode().encode("utf-16"), "UTF-16"),
    "a huge line": (GOOD + b'{"note": "' + b"x" * 300_000 + b'"}', "line 2: longer than 200 kB"),
    "deep nesting": (b"[" * 150_000, "line 1: no JSON object"),
    "no JSON": (GOOD + b"same: A, B", "line 2: no JSON object"),
    "a list": (b"[]", "line 1: no JSON object"),
    "an unknown kind": (GOOD + b'{"kind": "zap", "target": "x", "verdict": "same"}', "line 2: 'zap' is no kind"),
    "an unknown key": (b'{"kind": "date", "target": "x", "verdict": "correct", "zap": 1}', "line 1: zap"),
    "a missing key": (b'{"kind": "date"}', "line 1: target"),
    "half a character": (b'{"kind": "date", "target": "\\ud800", "verdict": "correct"}', "line 1: no JSON object"),
    "no number": (b'{"kind": "date", "target": "x", "verdict": "correct", "about": {"a": NaN}}', "line 1: no JSON"),
    "a wrong date": (b'{"kind": "date", "target": "x", "verdict": "correct", "value": "2026"}', "line 1: '2026' is"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_file_with_a_bad_line_is_not_taken_in(letters: Kg, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data, told = BAD[case]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert letters("judgements", "import", "-", code=2) == ""
    assert told in letters.err
    assert "; nothing was taken in" in letters.err
    assert letters.json("judgements") == {"judgements": []}


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", GOOD, b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n")])
def test_a_good_file_is(letters: Kg, data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes(data)
    assert letters.json("judgements", "import", str(tmp_path / "x.jsonl"))["new"] == (b"org/a" in data)


@pytest.mark.parametrize(
    ("text", "low", "high", "currency", "qualifier"),
    [
        ("5bn", 5e9, 5e9, "USD", "exact"), ("€300m", 3e8, 3e8, "EUR", "exact"),
        ("up to $25 billion", None, 25e9, "USD", "up_to"),
        ("at least 2bn", 2e9, None, "USD", "at_least"), ("more than EUR 2bn", 2e9, None, "EUR", "at_least"),
        ("About $9 billion", 9e9, 9e9, "USD", "about"), ("~9bn", 9e9, 9e9, "USD", "about"),
        ("$115-135 billion", 115e9, 135e9, "USD", "range"), ("$5 million to $1 billion", 5e6, 1e9, "USD", "range"),
        ("1.5–2bn", 1.5e9, 2e9, "USD", "range"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(
    text: str, low: float | None, high: float | None, currency: str, qualifier: str
) -> None:
    assert read_money("amount", text) == {"low": low, "high": high, "currency": currency, "qualifier": qualifier}


@pytest.mark.parametrize("text", ["lots", "up to", "$5 to €9", "5bn-", "-5bn"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="amount"):
        read_money("amount", text)


def test_qualifiers_are_read_by_their_kind() -> None:
    said = parsed(
        ["lead=yes", "current=No", "percent=27%", "capacity_gw=1.5 GW", "status=In Talks", "round=", "term=10 years"]
    )
    assert said == {
        "lead": True, "current": False, "percent": 27, "capacity_gw": 1.5, "status": "in_talks", "round": None,
        "term": "10 years",
    }  # fmt: skip
