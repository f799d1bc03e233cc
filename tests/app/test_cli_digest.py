"""kg digest: what it prints as text, Markdown and JSON, and how it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from app import bootstrap
from app.commands.digest import marked
from kg.graph import Graph
from kg.model import Extract, Issue, Span
from kg.store.sqlite import SQLiteStore
from tests.app.runner import Run, runner
from tests.app.web_material import HOSTILE, HOSTILE_NAME
from tests.kg.graph_parts import extract, money


def letter(key: str, day: str | None, *facts: tuple[Any, ...]) -> Extract:
    """Return an issue of facts: subject, relation, object, sentence, qualifiers."""
    text = "\n".join(dict.fromkeys(fact[3] for fact in facts))
    made = []
    for subject, relation, target, claim, attrs in facts:
        start = text.index(claim)
        span = Span(role="claim", text=claim, start=start, end=start + len(claim))
        made.append((subject, relation, target, {**attrs, "evidence": (span,)}))
    about = Issue(key=key, doc_id=key, text=text, title=f"No. {key}", publisher="The Mill", published=day,
                  file=f"{key}.md", markup=False)  # fmt: skip
    types = {name: "person" for fact in facts for name in (fact[0],) if fact[1] == "works_at"}
    return extract(about, *made, types=types)


TALKS = ("Harrow Fund", "invested_in", "Quillmere", "Harrow Fund may back Quillmere.", {"status": "in_talks"})
CLOSED = ("Harrow Fund", "invested_in", "Quillmere", "Harrow Fund has **backed** Quillmere.",
          {"status": "completed", "amount": money(5e9)})  # fmt: skip
SPEND = ("Quillmere", "commits_spend", "Harrow Fund", "Quillmere pays Harrow Fund $2 billion.", {"amount": money(2e9)})
JOB = ("Mara Voss", "works_at", "Quillmere", "Mara Voss is the CTO of Quillmere.", {"role": "CTO", "current": True})
LETTERS = (
    letter("one", "2026-04-01", TALKS),
    letter("two", "2026-04-08", CLOSED, SPEND, JOB),
    letter("three", None, ("Quillmere", "sued", "Orrin Bank", "Quillmere sued Orrin Bank.", {})),
)


@pytest.fixture
def kg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a runner of commands, which gives their standard output, or standard error where the code is not 0."""
    fill(tmp_path, *LETTERS)
    return runner(tmp_path, monkeypatch, capsys)


def fill(folder: Path, *letters: Extract) -> None:
    store = SQLiteStore(folder / "kg.db")
    graph = Graph(store, *bootstrap.knowledge(), trust=bootstrap.trust())
    for one in letters:
        graph.put(one)
    store.close()


def test_the_digest_of_an_issue_names_each_change_with_its_sentence_and_ids(kg: Run) -> None:
    text = kg("digest", "two")
    assert text.startswith("What The Mill, No. two, 2026-04-08 (two) changed\n")
    for part in (
        "New deals (1)", "Quillmere → Harrow Fund: supply contract, $2 billion, announced, 2026-04-08 (d",
        "“Quillmere pays Harrow Fund $2 billion.”", "Stages moved (1)",
        "Harrow Fund → Quillmere: in talks → completed (d", "The Mill, 2026-04-08 (two) · s",
        "New figures (1)", "now told with a figure, $5 billion (The Mill, 2026-04-08)", "Loops of money closed (1)",
        "Harrow Fund → Quillmere → Harrow Fund", "Mara Voss is CTO of Quillmere", "people: Mara Voss",
    ):  # fmt: skip
        assert part in text
    assert "Orrin Bank" not in text
    deal = text.split("in talks → completed (")[1].split(")")[0]
    assert "Harrow Fund" in kg("deal", deal)


def test_the_json_form(kg: Run) -> None:
    data = json.loads(kg("digest", "two", "two.md", "--json"))
    assert [issue["key"] for issue in data["issues"]] == ["two"]
    assert data["issues"][0] == {"key": "two", "title": "No. two", "publisher": "The Mill", "date": "2026-04-08"}
    (new,) = data["deals"]
    assert (new["kind"], new["amount"]["low"], new["said"][0]["sentence"]) == ("supply", 2000000000, SPEND[3])
    (moved,) = data["stages"]
    assert (moved["from"], moved["to"], moved["issue"]) == ("in_talks", "completed", "two")
    assert json.loads(kg("deal", moved["deal_id"], "--json"))["deal"]["stage"] == "completed"
    (figure,) = data["figures"]
    assert (figure["what"], figure["from"], figure["to"]["amount"]["high"]) == ("stated", None, 5000000000)
    assert data["loops"] == json.loads(kg("cycles", "--json"))["cycles"]
    (post,) = data["people"]
    assert (post["person_id"], post["firm_id"], post["role"], post["what"]) == (
        "person/maravoss", "org/quillmere", "CTO", "holds",
    )  # fmt: skip
    assert data["entities"] == [{"id": "person/maravoss", "name": "Mara Voss", "type": "person"}]
    assert data["names"]["org/quillmere"] == "Quillmere"
    assert data["left_out"] == {"undated": 0, "duplicates": []}
    assert (data["since"], data["until"], data["facts"]) == (None, None, {})


def test_a_period_and_what_is_left_out_of_it(kg: Run) -> None:
    text = kg("digest", "--since", "2026-04-05")
    assert text.startswith("What 1 issue since 2026-04-05 changed\n")
    assert "in talks → completed" in text
    assert "1 issue without a date left out" in text
    data = json.loads(kg("digest", "--since", "2026-04", "--until", "2026-04", "--json"))
    assert (data["since"], data["until"], data["left_out"]["undated"]) == ("2026-04", "2026-04", 1)
    assert ([i["key"] for i in data["issues"]], data["stages"], len(data["deals"])) == (["one", "two"], [], 2)
    assert "nothing: no issue is of that time" in kg("digest", "--since", "2027")
    assert "nothing: no issue is of that time" in kg("digest", "--since", "2027", "--markdown")
    assert json.loads(kg("digest", "--since", "2027", "--json"))["issues"] == []


def test_an_issue_that_says_nothing_new(kg: Run, tmp_path: Path) -> None:
    fill(tmp_path, letter("twin", "2026-04-09", ("Quillmere", "sued", "Orrin Bank", "It sued Orrin Bank.", {})))
    assert "nothing: all that is said was there already" in kg("digest", "twin")


def test_long_sections_are_cut_and_it_is_said(kg: Run) -> None:
    text = kg("digest", "--since", "2026", "--limit", "1")
    assert "and 1 more; --limit shows them, --json has all" in text
    assert "- and 1 more" in kg("digest", "--since", "2026", "--limit", "1", "--markdown")


def test_hostile_text_is_shown_as_text(kg: Run, tmp_path: Path) -> None:
    claim = f"{HOSTILE_NAME} backs Quillmere; {HOSTILE}"
    fill(tmp_path, letter("bad", "2026-05-01", (HOSTILE_NAME, "invested_in", "Quillmere", claim, {}),
                          (HOSTILE, "works_at", "Quillmere", "\x1b[2J- # 1. hired", {"role": HOSTILE})))  # fmt: skip
    text = kg("digest", "bad")
    assert HOSTILE_NAME in text
    assert HOSTILE in text
    assert "\x1b" not in text
    reader = MarkdownIt("commonmark").enable("strikethrough")
    html = reader.render(kg("digest", "bad", "--markdown"))
    for part in ("<script", "<img", "<a ", "<code", "<em", "<strong", "<s>", 'javascript:alert(1)"'):
        assert part not in html
    shown = html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    assert HOSTILE in shown
    assert HOSTILE_NAME in shown


@pytest.mark.parametrize(
    "text",
    ["# no heading", "- no item", "1. no number", "2) nor this", "a_b*c*", "![x](y)", "www.example.org", ":smile:",
     "https://example.org", "a@example.org", "$x^2$", "~~x~~", "<b>", "&lt;", "\\", "| a | b |", "= =", "`x`"],
)  # fmt: skip
def test_marked_text_is_read_as_text(text: str) -> None:
    html = MarkdownIt("gfm-like").disable("linkify").render(f"- {marked(text)}")
    shown = html.removeprefix("<ul>\n<li>").removesuffix("</li>\n</ul>\n")
    assert shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text


@pytest.mark.parametrize(
    "words",
    [
        (), ("nobody",), ("--until", "2026"), ("--since", "soon"), ("--since", ""), ("--since", "2026", "--until", ""),
        ("--since", "2026-05", "--until", "2026-04"), ("two", "--json", "--markdown"), ("two", "--limit", "0"),
        ("'; DROP TABLE issue; --",),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told(kg: Run, words: tuple[str, ...]) -> None:
    assert kg("digest", *words, code=2).strip()


@pytest.mark.parametrize("words", [("two", "--since", "2026"), ("two", "--since", "2026", "--until", "2026")])
def test_issues_and_a_period_are_not_told_together(kg: Run, words: tuple[str, ...]) -> None:
    assert "issues or a period, not both" in kg("digest", *words, code=2)


ROUND = "Harrow Fund led the round of Osterby, with Orrin Bank and Tamsin Capital."
SECOND = "Velin Bank and Pell Capital paid for a part of the round of Osterby."
BACKERS = {ROUND: ("Harrow Fund", "Orrin Bank", "Tamsin Capital"), SECOND: ("Velin Bank", "Pell Capital")}


@pytest.mark.parametrize("form", [(), ("--markdown",)])
def test_a_sentence_that_makes_several_statements_is_told_once_with_all_their_ids(
    kg: Run, tmp_path: Path, form: tuple[str, ...]
) -> None:
    facts = [
        (name, "invested_in", "Osterby", text, {"round": "Series C"}) for text in BACKERS for name in BACKERS[text]
    ]
    fill(tmp_path, letter("round", "2026-05-01", *facts))
    said = [s for deal in json.loads(kg("digest", "round", "--json"))["deals"] for s in deal["said"]]
    text = kg("digest", "round", *form)
    assert sorted({s["sentence"] for s in said}) == [ROUND, SECOND]
    assert len(said) == 5
    for sentence in (ROUND, SECOND):
        assert text.count(f"“{sentence}”") == 1
        ids = [s["statement_id"] for s in said if s["sentence"] == sentence]
        assert f" · {', '.join(ids)}\n" in text
    assert "more statement" not in text


def test_a_store_out_of_reach(kg: Run, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert "is a folder" in kg("digest", "two", "--store", f"sqlite:///{tmp_path / 'folder'}", code=3)
