"""Files, folders and pasted text become issues, and bad ones say why they do not."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path, PurePath

import pytest

from ingest.readers import dates, read, read_bytes, read_text
from ingest.readers.front import split_front
from ingest.readers.page import read_page
from ingest.segment import blocks
from kg.errors import ReadError
from kg.model import Entity, Extract, Issue, Span, Statement

TEXT = "Grid Letter\n\nAcme raised five million dollars from Beta, and Gamma bought Delta on Monday."


def issues_of(*paths: Path, **options: str) -> list[Issue]:
    found = list(read(paths, date=options.get("date"), publisher=options.get("publisher")))
    assert all(isinstance(item, Issue) for item in found), found
    return [item for item in found if isinstance(item, Issue)]


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def test_one_text_reads_alike_as_txt_and_md(tmp_path: Path) -> None:
    one, two = issues_of(write(tmp_path, "a.txt", TEXT), write(tmp_path, "b.md", TEXT))
    assert (one.text, one.title) == (two.text, two.title) == (TEXT, "Grid Letter")
    assert one.markup
    assert one.published is None


def test_a_rule_parts_a_txt_and_is_a_rule_elsewhere(tmp_path: Path) -> None:
    content = f"---\ntitle: First\ndate: 2026-04-21\n---\n\n{TEXT}\n\n---\n\nSecond issue\n\n{TEXT}\n---\n\n---\n"
    parts = issues_of(write(tmp_path, "two.txt", content))
    assert [(i.doc_id, i.title, i.published) for i in parts] == [
        ("two-1", "First", "2026-04-21"),
        ("two-2", "Second issue", "2026-04-21"),
    ]
    assert parts[1].key == parts[0].key + ".2"
    assert parts[0].text == TEXT
    assert [i.doc_id for i in issues_of(write(tmp_path, "two.md", content))] == ["two"]
    split = list(read([tmp_path / "two.md"], split=True))
    assert [i.doc_id for i in split if isinstance(i, Issue)] == ["two-1", "two-2"]


FRONT = [
    ("---\ntitle: >-\n  A long\n  title\ndate: '2026-04-21T05:00:00Z'\ncompanies:\n  - acme\n---\nText",
     {"title": "A long title", "date": "2026-04-21T05:00:00Z"}, "Text"),
    ("---\ntitle: Deals: the week\nurl: https://a.b/c\npublisher: Grid\n---\nText",
     {"title": "Deals: the week", "url": "https://a.b/c", "publisher": "Grid"}, "Text"),
    ("---\ndate: 2026-04-21\ntags: [a, b]\ndraft: false\n---\n\nText", {"date": "2026-04-21"}, "\nText"),
    ("---\nA rule comes first, and then text.\n---\nText", {}, None),
    ("---\n\nText\n\n---\nMore", {}, None),
    ("---\ntitle: never closed\n\nText", {}, None),
    ("--- title\nkey: value\n---\nText", {}, None),
    ("---\na: &a [x, x]\nb: [*a, *a]\ntitle: Bomb\n---\nText", {"title": "Bomb"}, "Text"),
    ("Text\n---\ntitle: late\n---", {}, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fields", "rest"), FRONT)
def test_front_matter_gives_four_fields(text: str, fields: dict[str, str], rest: str | None) -> None:
    assert split_front(text) == (fields, text if rest is None else rest)


NAMES = [
    ("2025-04-21-a-title.md", "2025-04-21"),
    ("24-06-19-a-title.md", "2024-06-19"),
    ("2025-11-1108.md", "2025-11-08"),
    ("2025-11/1108.md", "2025-11-08"),
    ("2025/11/08.md", "2025-11-08"),
    ("letter_20260421.txt", "2026-04-21"),
    ("letter-2026-04-21.html", "2026-04-21"),
    ("letter-april-21-2026.txt", "2026-04-21"),
    ("21 April 2026.txt", "2026-04-21"),
    ("orbit-4-2024-08-06-is-out.md", None),
    ("000_dfc20ebb0db8c232.txt", None),
    ("daily-digest-271.md", None),
    ("99-12-31-party.md", None),
    ("2025-13-45.md", None),
]

LINES = [
    ("April 21, 2026", "2026-04-21"),
    ("Tue, 21 Apr 2026", "2026-04-21"),
    ("21st April 2026", "2026-04-21"),
    ("**Published: 2026-04-21 | 5 min read**", "2026-04-21"),
    ("Issue #12 · April 21, 2026", "2026-04-21"),
    ("AI News for 10/27/2025-10/28/2025", "2025-10-28"),
    ("AI News for 10/11/2025-10/12/2025", None),
    ("03/04/2026", None),
    ("21.04.2026", "2026-04-21"),
    ("Acme shipped Orbit on April 21, 2026.", None),
    ("The trial opens on 2026-04-21", None),
    ("April 2026", None),
]


@pytest.mark.parametrize(("name", "day"), NAMES)
def test_a_file_name_gives_a_day(name: str, day: str | None) -> None:
    assert dates.of_name(PurePath("letters") / name) == day


@pytest.mark.parametrize(("line", "day"), LINES)
def test_a_date_line_gives_a_day_if_it_is_certain(line: str, day: str | None) -> None:
    assert dates.of_text(f"Grid Letter\n\n{line}\n\nAcme raised money.") == day


def test_the_day_goes_by_option_front_matter_name_and_line(tmp_path: Path) -> None:
    front = "---\ndate: 2026-01-02\n---\n"
    line = "Grid Letter\nMarch 4, 2026\n\n" + TEXT
    both = write(tmp_path, "2026-02-03-x.md", front + line)
    assert issues_of(both, date="2026-09-09", publisher="Mine")[0].published == "2026-09-09"
    assert issues_of(both, publisher="Mine")[0].publisher == "Mine"
    assert issues_of(both)[0].published == "2026-01-02"
    assert issues_of(write(tmp_path, "2026-02-03-y.md", line))[0].published == "2026-02-03"
    assert issues_of(write(tmp_path, "z.md", line))[0].published == "2026-03-04"
    late = write(tmp_path, "26-02-03-w.md", "---\ndate: '2026-02-04T00:18:00Z'\n---\n" + TEXT)
    assert issues_of(late)[0].published == "2026-02-03"
    with pytest.raises(ReadError, match="2026-04-21"):
        list(read([both], date="03/04/2026"))


def test_a_key_goes_by_url_then_file_then_text(tmp_path: Path) -> None:
    link = write(tmp_path, "a b.md", "---\nurl: https://a.b/x y\n---\n" + TEXT)
    assert issues_of(link)[0].key == "https://a.b/x%20y"
    first, second = issues_of(write(tmp_path, "one/a b.txt", TEXT), write(tmp_path, "two/a b.txt", TEXT))
    assert first.key != second.key
    assert first.key.startswith("a-b-")
    assert len(first.key) == len("a-b-") + 8
    assert str(tmp_path) not in first.key
    assert read_text(TEXT)[0].key == read_text(TEXT, name="other")[0].key != read_text(TEXT + "!")[0].key


ENCODED = [
    ("utf-8", "naïve – “quote” €5"),
    ("utf-8-sig", "naïve – “quote” €5"),
    ("utf-16", "naïve – “quote” €5"),
    (
        "cp1252",
        "Acme, a small firm of Zürich, said “yes” to the offer, and that its café would stay open all May.",
    ),
]


@pytest.mark.parametrize(("encoding", "text"), ENCODED)
def test_encodings_are_known(tmp_path: Path, encoding: str, text: str) -> None:
    assert (
        issues_of(write(tmp_path, "a.txt", text.replace(" ", "\r\n", 1).encode(encoding)))[0].text.split()
        == text.split()
    )


def test_a_page_may_declare_its_charset(tmp_path: Path) -> None:
    page = '<html><head><meta charset="windows-1251"></head><body><p>Привет из Москвы</p></body></html>'
    assert issues_of(write(tmp_path, "a.html", page.encode("cp1251")))[0].text == "Привет из Москвы"


BAD = [
    ("empty.txt", b"", "empty"),
    ("blank.md", b" \n\n ", "empty"),
    ("only.md", b"---\ntitle: x\n---\n<!-- nothing -->\n", "no text"),
    ("image.txt", b"\x89PNG\r\n\x1a\n\x00\x00", "binary"),
    ("zeros.md", b"abc\x00def", "binary"),
    ("broken.txt", b"\xff\xfe\x00\xd8\x00", "UTF-8"),
    ("folder.pdf", b"%PDF-1.7\n\xe2\xe3", "binary"),
    ("some.json", b"{}", "extract"),
    ("wrong.json", b'{"doc_id": "a", "text": "b", "facts": [{"subject": 1}]}', "extract"),
    ("page.html", b"<html><script>x</script></html>", "no text"),
]


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    paths = [write(tmp_path, name, content) for name, content, _ in BAD]
    found = list(read([*paths, tmp_path / "missing.txt", write(tmp_path, "good.txt", TEXT)]))
    for (name, _, why), error in zip(BAD, found, strict=False):
        assert isinstance(error, ReadError), name
        assert name in str(error)
        assert why in str(error)
    assert "missing.txt" in str(found[-2])
    assert isinstance(found[-1], Issue)


def test_a_folder_is_walked_and_other_files_passed_over(tmp_path: Path) -> None:
    for name in ("b.md", "a.txt", "sub/c.html", "sub/D.HTM"):
        write(tmp_path, name, f"<p>{name} says that Acme is well</p>")
    for name in (".hidden.md", ".git/x.md", "data.csv", "settings.json", "list.json"):
        write(tmp_path, name, "[]" if name == "list.json" else "{}")
    assert [i.file for i in issues_of(tmp_path, tmp_path / "a.txt")] == ["a.txt", "b.md", "D.HTM", "c.html"]


def test_an_extract_is_read(tmp_path: Path) -> None:
    issue = Issue(key="k", doc_id="d", text=TEXT, published="2026-04-21", markup=False)
    names = (Entity(name="Acme", type="company", mentions=((13, 17),)), Entity(name="Beta", type="company"))
    claim = Statement(
        subject="Beta", relation="invested_in", object="Acme", evidence=(Span(text=TEXT[13:30], start=13, end=30),)
    )
    extract = Extract(issue=issue, entities=names, statements=(claim,), reader="r")
    path = write(tmp_path, "d.json", json.dumps(extract.to_json()))
    found = list(read([tmp_path]))
    assert found == [extract.model_copy(update={"issue": issue.model_copy(update={"file": path.name})})]


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    class Piped:
        buffer = io.BytesIO(b"<!doctype html><title>T</title><p>Acme won.</p>")

    monkeypatch.setattr(sys, "stdin", Piped)
    (issue,) = read(["-"])
    assert isinstance(issue, Issue)
    assert (issue.text, issue.title, issue.markup) == ("Acme won.", "T", False)


PAGES = [
    ("<p>One <b>two</b>\n three&nbsp;&amp; four</p><div>five</div>", "One two three & four\n\nfive"),
    ("<p>a</p><!-- gone --><div style='display:none'>preview</div><p hidden>x</p><script>y</script>b", "a\n\nb"),
    ("<table role=presentation><tr><td>left</td><td>right</td></tr></table>", "left\n\nright"),
    ("<table><tr><td><table><tr><td>in</td></tr></table></td></tr></table>", "in"),
    ("<table><tr><th>Firm</th><th>Sum</th></tr><tr><td>Acme</td><td>$5M</td></tr></table>",
     "Firm | Sum\n--- | ---\nAcme | $5M"),
    ("<ul><li>one<ul><li>sub</li></ul></li><li>two</li></ul>", "• one\n\n  • sub\n\n• two"),
    ("<blockquote>said</blockquote>", "> said"),
    ("<img src=x alt='a chart'><img src=t width=1 height=1 alt=pixel>text", "[image: a chart]\n\ntext"),
    ("x<h2>Head</h2>text<h3>Small</h3>more", "x\n\n\n\nHead\n\ntext\n\n\nSmall\n\nmore"),
    ("<p>5 * 3 <a href='https://a.b'>*link*</a></p>", "5 * 3 *link*"),
    ("a<br>b", "a\nb"),
    ("<p>unclosed <b>bold <p>next", "unclosed bold\n\nnext"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "text"), PAGES)
def test_a_page_gives_the_text_of_its_blocks(page: str, text: str) -> None:
    assert read_page(page).text == text


@pytest.mark.parametrize("tag", ["<div>", "<b>", "<table><tr><td>", "<ul><li>x", "<blockquote>", "<font><p>"])
def test_deep_nesting_does_no_harm(tag: str) -> None:
    assert "deep text" in read_page(tag * 10_000 + "deep text").text


def test_a_data_table_keeps_its_header() -> None:
    page = "<table><tr><th>Firm</th><th>Sum</th></tr><tr><td>Acme</td><td>$5M</td></tr></table>"
    (issue,) = read_text(page, html=True)
    rows = blocks(issue.text, html=True)
    assert [(b.kind, issue.text[b.start : b.end]) for b in rows] == [("row", "Firm | Sum"), ("row", "Acme | $5M")]
    assert rows[1].header == (rows[0].start, rows[0].end)


def test_pasted_text_without_text_is_refused() -> None:
    with pytest.raises(ReadError, match="empty"):
        read_text("  \n")


UPLOADS = [
    ("grid-2026-04-21.md", b"# Grid\n\nAcme paid.", "text-", "grid-2026-04-21.md", "2026-04-21", "Grid"),
    ("C:\\letters\\grid.txt", b"Acme paid.", "text-", "grid.txt", None, "Acme paid."),
    ("page.HTML", b"<h1>Grid</h1><p>Acme paid.", "text-", "page.HTML", None, "Grid"),
    ("", b"<!doctype html><title>Grid</title><p>Acme paid.", "text-", "", None, "Grid"),
    ("", "Acme paid € 5.".encode(), "text-", "", None, "Acme paid € 5."),
    ("a.md", b"---\nurl: https://e.org/1\ntitle: Grid\n---\n\nAcme", "https://e.org/1", "a.md", None, "Grid"),
    ("notes", b"Acme paid.", "text-", "notes", None, "Acme paid."),
]


@pytest.mark.parametrize(("file", "data", "key", "name", "day", "title"), UPLOADS)
def test_an_upload_is_known_by_its_text_and_dated_by_its_name(
    file: str, data: bytes, key: str, name: str, day: str | None, title: str
) -> None:
    (issue,) = read_bytes(data, file)
    assert isinstance(issue, Issue)
    assert issue.key.startswith(key)
    assert (issue.file, issue.published, issue.title) == (name, day, title)
    (again,) = read_bytes(data, "renamed" + file if file else "")
    assert isinstance(again, Issue)
    assert again.key == issue.key


@pytest.mark.parametrize(
    ("file", "data", "said"),
    [
        ("a.md", b"  \n", "a.md is empty"),
        ("a.txt", b"\x89PNG\r\n\x1a\n", "a.txt is a binary file"),
        ("a.md", b"<!-- nothing -->", "a.md has no text to read"),
        ("a.json", b"[1]", "a.json is no extract"),
        ("", b"", "the pasted text is empty"),
    ],
)
def test_an_upload_that_cannot_be_read_says_why(file: str, data: bytes, said: str) -> None:
    (error,) = read_bytes(data, file)
    assert isinstance(error, ReadError)
    assert said in str(error)
