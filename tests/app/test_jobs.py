"""Imports of the page: read in the background, kept over a break, put only when told, each issue whole."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app import bootstrap, changes, importer, jobs, settings
from app.jobbook import KEPT, JobBook, JobError
from app.jobs import Jobs
from app.jobtypes import DONE, DRAFT, PUTTING, READING, REVIEW, Found
from kg.errors import ReadError
from kg.graph import Graph
from kg.model import Extract
from tests.app.import_material import LOOM, PAGE, QUARRY, REJECTED, RIDDLES

LONG = 120.0  # seconds at most for a few short texts on a busy machine


@pytest.fixture
def own(tmp_path: Path) -> Jobs:
    return Jobs(settings.load(f"sqlite:///{tmp_path / 'graph.db'}"))


@pytest.fixture
def graph(own: Jobs) -> Iterator[Graph]:
    with bootstrap.opened(own.settings) as opened:
        yield opened


def read(own: Jobs, *files: tuple[str, str | bytes], **about: Any) -> int:
    """Upload files, read them to the end, and return the job's id."""
    given = [(name, data.encode() if isinstance(data, str) else data) for name, data in files]
    job = own.upload(given)
    assert own.start(job, **about)
    own.wait(LONG)
    assert state(own, job) == REVIEW
    return job


def put(own: Jobs, job: int) -> changes.Change:
    assert own.put(job)
    own.wait(LONG)
    assert state(own, job) == DONE, own.book.job(job)
    return changes.Change.loaded(own.book.change(job) or "")


def state(own: Jobs, job: int) -> str:
    found = own.book.job(job)
    return found.state if found else ""


def said(own: Jobs, found: Found) -> dict[tuple[str, str, str], str]:
    """Return what an issue says → the statement's id without key."""
    extract = Extract.model_validate_json(own.book.extract(found.id) or "")
    return {(s.subject, s.relation, s.object): s.id("") for s in extract.statements}


def dump(graph: Graph) -> list[str]:
    return [line for line in graph.dump() if json.loads(line)["layer"] != "judgement"]


def test_nothing_is_in_the_graph_before_it_is_put_and_then_the_command_line_would_say_the_same(
    own: Jobs, graph: Graph, tmp_path: Path
) -> None:
    job = read(own, ("loom.md", LOOM), ("quarry-2026-04-02.txt", QUARRY), ("mill.html", PAGE))
    assert graph.dump() == []
    loom, quarry, mill = own.book.found(job)
    assert (loom.title, loom.file, loom.date, quarry.date) == ("The Loom Letter", "loom.md", None, "2026-04-02")
    assert mill.title == "Mill Dispatch"
    assert REJECTED in said(own, loom)
    assert loom.names >= 5
    change = put(own, job)
    assert {"Corvid Labs", "Tarn Ventures", "Marlow Robotics"} <= {name for name, _ in change.entities}
    assert change.new_deals >= 3
    assert change.known == change.grown_deals == change.gone == 0
    assert [f.outcome for f in own.book.found(job)] == ["added"] * 3

    with bootstrap.opened(settings.load(f"sqlite:///{tmp_path / 'other.db'}")) as other:
        given = [("loom.md", LOOM), ("quarry-2026-04-02.txt", QUARRY), ("mill.html", PAGE)]
        found = [one for name, text in given for one in importer.handed(text.encode(), name)]
        list(importer.import_sources(found, other, bootstrap.reader))
        assert dump(other) == dump(graph)


def test_a_rejected_statement_counts_nowhere_and_an_accepted_one_is_kept_as_the_command_line_keeps_it(
    own: Jobs, graph: Graph
) -> None:
    job = read(own, ("loom.md", LOOM))
    (loom,) = own.book.found(job)
    ids = said(own, loom)
    right = next(id for key, id in ids.items() if key[1] == "raised")
    own.book.judge(loom.id, [ids[REJECTED]], "accept")
    own.book.judge(loom.id, [ids[REJECTED]], "reject")
    own.book.judge(loom.id, [right], "accept")
    put(own, job)
    got = {(j.about["subject"], j.about["relation"], j.verdict) for j in graph.judgements()}
    assert got == {("Ostrava Compute", "acquired", "reject"), ("Corvid Labs", "raised", "accept")}
    assert {j.about["issue"] for j in graph.judgements()} == {loom.key}
    assert all(edge.data["relation"] != "acquired" for edge in graph.store.rows("edge"))
    statement = next(j.target for j in graph.judgements() if j.verdict == "reject")
    assert graph.statement(statement).data["subject"] == "Ostrava Compute"


def test_a_verdict_on_a_text_that_is_there_under_another_key_holds_for_the_one_that_counts(
    own: Jobs, graph: Graph, tmp_path: Path
) -> None:
    (tmp_path / "a.md").write_text(LOOM)
    list(importer.import_sources(importer.sources([str(tmp_path / "a.md")]), graph, bootstrap.reader))
    job = read(own, ("loom.md", LOOM))
    (loom,) = own.book.found(job)
    own.book.judge(loom.id, [said(own, loom)[REJECTED]], "reject")
    own.book.say(loom.id, given="2026-04-01")
    put(own, job)
    assert [f.outcome for f in own.book.found(job)] == ["duplicate"]
    assert all(edge.data["relation"] != "acquired" for edge in graph.store.rows("edge"))
    assert {issue["date"] for issue in graph.issues()} == {"2026-04-01"}


BAD = [
    ("photo.txt", b"\x89PNG\r\n\x1a\n\x00", "is a binary file"),
    ("empty.md", b" \n", "is empty"),
    ("notes.pdf", b"%PDF-1.7", "only .txt, .md"),
    ("marks.md", b"<!-- nothing -->\n", "has no text to read"),
    ("data.json", b'{"a": 1}', "is no extract"),
    ("broken.json", b'{"doc_id": "x", "text": "y", "entities": [{"name": 1}]}', "is a broken extract"),
    ("big.txt", b"x" * (jobs.MOST_MEGABYTES * 1024 * 1024 + 1), "too large"),
    ("long.txt", b"Rain fell. " * (jobs.LONGEST // 11 + 1), "too long for one issue"),
    ("utf16.txt", b"\xff\xfe\x00", "broken at byte"),
]


def test_bad_files_among_good_ones_say_why_and_stop_nothing(own: Jobs) -> None:
    job = read(own, ("loom.md", LOOM), *((name, data) for name, data, _ in BAD), ("quarry.txt", QUARRY))
    errors = {h.name: h.error for h in own.book.handed(job)}
    for name, _, why in BAD:
        assert why in errors[name], name
    assert errors["loom.md"] == errors["quarry.txt"] == ""
    assert [f.file for f in own.book.found(job)] == ["loom.md", "quarry.txt"]


def test_the_readers_own_defect_stops_one_file_only(own: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importer.handed

    def defect(data: bytes, file: str, **about: Any) -> Any:
        if file == "loom.md":
            raise RuntimeError("a defect")
        return real(data, file, **about)

    monkeypatch.setattr(jobs, "handed", defect)
    job = read(own, ("loom.md", LOOM), ("quarry.txt", QUARRY))
    assert [h.error for h in own.book.handed(job)] == ["loom.md: RuntimeError: a defect", ""]


def test_the_same_text_twice_is_read_once_and_other_content_under_the_same_name_is_another_issue(
    own: Jobs, graph: Graph
) -> None:
    job = read(own, ("loom.md", LOOM), ("copy.md", LOOM), ("loom.md", QUARRY))
    assert [f.outcome for f in own.book.found(job)] == ["", "twice", ""]
    put(own, job)
    assert len(graph.issues()) == 2
    again = read(own, ("loom.md", LOOM))
    assert [f.outcome for f in own.book.found(again)] == ["unchanged"]
    change = put(own, again)
    assert (change.entities, change.facts, change.gone) == ([], [], 0)


def test_a_file_may_take_the_place_of_its_namesake(own: Jobs, graph: Graph) -> None:
    put(own, read(own, ("loom.md", LOOM)))
    job = read(own, ("loom.md", QUARRY))
    (newer,) = own.book.found(job)
    own.book.say(newer.id, instead=graph.issues()[0]["key"])
    change = put(own, job)
    assert [f.outcome for f in own.book.found(job)] == ["replaced"]
    assert [issue["title"] for issue in graph.issues()] == ["Quarry Notes"]
    assert change.gone >= 3
    assert "Tarn Ventures" not in {name for name, _ in change.entities}
    assert change.known >= 3


def test_a_pasted_text_is_known_by_its_text_and_may_have_title_publisher_and_date(own: Jobs, graph: Graph) -> None:
    for outcome in ("added", "unchanged"):
        job = own.paste(LOOM, title="My title", publisher="Loom", date="2026-03-05")
        own.wait(LONG)
        if outcome == "added":
            put(own, job)
        assert [f.outcome for f in own.book.found(job)] == [outcome]
    (issue,) = graph.issues()
    assert issue["key"].startswith("text-")
    assert [issue[k] for k in ("title", "publisher", "date")] == ["My title", "Loom", "2026-03-05"]


def test_a_pasted_text_of_several_issues_gives_them_all(own: Jobs) -> None:
    job = own.paste(f"{LOOM}\n---\n\n{QUARRY}", title="Both")
    own.wait(LONG)
    assert [f.title for f in own.book.found(job)] == ["Both", "Both, part 2"]


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_a_paste_without_text_is_refused(own: Jobs, text: str) -> None:
    with pytest.raises(ReadError, match="no text"):
        own.paste(text)
    assert own.book.jobs() == []


def test_a_text_in_which_nothing_is_found_can_be_put_all_the_same(own: Jobs, graph: Graph) -> None:
    job = own.paste(RIDDLES)
    own.wait(LONG)
    (found,) = own.book.found(job)
    assert found.statements == 0
    put(own, job)
    assert len(graph.issues()) == 1


def test_an_undated_issue_gets_its_date_as_a_judgement_and_a_skipped_one_is_left_out(own: Jobs, graph: Graph) -> None:
    job = read(own, ("loom.md", LOOM), ("quarry.md", QUARRY))
    loom, quarry = own.book.found(job)
    own.book.say(loom.id, given="2026-03-04")
    own.book.say(quarry.id, skipped=1)
    put(own, job)
    assert [(i["title"], i["date"]) for i in graph.issues()] == [("The Loom Letter", "2026-03-04")]
    assert [(j.kind, j.value) for j in graph.judgements()] == [("date", "2026-03-04")]


def test_a_job_that_was_broken_off_goes_on_where_it_was(own: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    job = own.upload([("loom.md", LOOM.encode()), ("quarry.txt", QUARRY.encode())])
    monkeypatch.setattr(own, "wake", lambda: None)  # the program ends before the worker has begun
    own.start(job)
    later = Jobs(own.settings)
    read_first = later.book.handed(job)[0]
    later.book.read(read_first, {
        "part": 1, "key": "k", "title": "kept", "file": "loom.md", "publisher": "", "sha": "x", "names": 0,
        "statements": 0,
    })  # fmt: skip
    assert state(later, job) == READING
    later.wake()
    later.wait(LONG)
    assert state(later, job) == REVIEW
    assert [f.title for f in later.book.found(job)] == ["kept", "Quarry Notes"]


def test_a_file_that_breaks_the_program_off_again_and_again_is_left_out(own: Jobs) -> None:
    job = own.upload([("loom.md", LOOM.encode()), ("quarry.txt", QUARRY.encode())])
    own.book.tried(own.book.handed(job)[0].id, jobs.MOST_TRIES)
    own.start(job)
    own.wait(LONG)
    assert "broke the program off" in own.book.handed(job)[0].error
    assert [f.title for f in own.book.found(job)] == ["Quarry Notes"]


class Broken(Exception):
    """The program ends here."""


@pytest.mark.parametrize("where", ["judged", "stored", "finish"])
def test_putting_that_was_broken_off_is_finished_by_pressing_again(
    own: Jobs, graph: Graph, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    job = read(own, ("loom.md", LOOM), ("quarry.txt", QUARRY))
    loom, quarry = own.book.found(job)
    own.book.judge(loom.id, [said(own, loom)[REJECTED]], "reject")
    own.book.judge(quarry.id, list(said(own, quarry).values())[:1], "accept")
    calls: list[int] = []
    target: Any = own.book if where == "finish" else jobs
    real: Callable[..., Any] = getattr(target, where)

    def once(*given: Any) -> Any:
        calls.append(1)
        if len(calls) == (1 if where == "finish" else 2):
            raise Broken
        return real(*given)

    monkeypatch.setattr(target, where, once)
    own.put(job)
    own.wait(LONG)
    assert state(own, job) == REVIEW
    assert "Broken" in own.book.job(job).trouble  # type: ignore[union-attr]
    change = put(own, job)
    assert {"Corvid Labs", "Ostrava Compute"} <= {name for name, _ in change.entities}
    assert sorted(j.verdict for j in graph.judgements()) == ["accept", "reject"]
    assert len(graph.issues()) == 2


def test_a_store_out_of_reach_is_told_and_pressing_again_puts_all(own: Jobs, graph: Graph, tmp_path: Path) -> None:
    job = read(own, ("loom.md", LOOM))
    lock = sqlite3.connect(tmp_path / "graph.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    own.put(job)
    own.wait(LONG)
    assert state(own, job) == REVIEW
    assert "another program is writing" in own.book.job(job).trouble  # type: ignore[union-attr]
    lock.execute("ROLLBACK")
    lock.close()
    put(own, job)
    assert len(graph.issues()) == 1


def test_two_tabs_start_and_put_a_job_once_and_jobs_wait_for_each_other(own: Jobs, graph: Graph) -> None:
    first, second = own.upload([("loom.md", LOOM.encode())]), own.upload([("quarry.txt", QUARRY.encode())])
    assert [own.start(first), own.start(first), own.start(second)] == [True, False, True]
    own.wait(LONG)
    assert [state(own, job) for job in (first, second)] == [REVIEW, REVIEW]
    assert [own.put(first), own.put(first)] == [True, False]
    own.wait(LONG)
    assert state(own, first) == DONE
    assert len(graph.issues()) == 1


def test_only_one_process_works_on_a_book(own: Jobs) -> None:
    job = own.upload([("loom.md", LOOM.encode())])
    with own.book.alone() as mine:
        assert mine
        own.start(job)
        own.wait(LONG)
        assert state(own, job) == READING
        with JobBook(own.book.file).alone() as second:
            assert not second
    own.wake()
    own.wait(LONG)
    assert state(own, job) == REVIEW


def test_stop_keeps_what_was_read_and_the_rest_can_be_read_later(own: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    inside, go = threading.Event(), threading.Event()
    real = importer.extracted

    def slow(*given: Any) -> Any:
        inside.set()
        assert go.wait(LONG)
        return real(*given)

    monkeypatch.setattr(jobs, "extracted", slow)
    job = own.upload([(f"{n}.txt", text.encode()) for n, text in enumerate((LOOM, QUARRY, RIDDLES))])
    own.start(job)
    assert inside.wait(LONG)
    own.stop(job)
    go.set()
    own.wait(LONG)
    assert state(own, job) == REVIEW
    assert [f.title for f in own.book.found(job)] == ["The Loom Letter"]
    assert own.go_on(job)
    own.wait(LONG)
    assert len(own.book.found(job)) == 3


def test_a_job_may_be_forgotten_while_it_is_read(own: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    inside, go = threading.Event(), threading.Event()
    real = importer.extracted

    def slow(*given: Any) -> Any:
        inside.set()
        assert go.wait(LONG)
        return real(*given)

    monkeypatch.setattr(jobs, "extracted", slow)
    job = own.upload([("loom.md", LOOM.encode()), ("quarry.txt", QUARRY.encode())])
    own.start(job)
    assert inside.wait(LONG)
    own.book.discard(job)
    go.set()
    own.wait(LONG)
    assert own.book.jobs() == []
    assert own.book.found(job) == []


def test_finished_jobs_keep_no_texts_and_only_the_latest_are_kept(own: Jobs) -> None:
    job = read(own, ("loom.md", LOOM))
    put(own, job)
    (found,) = own.book.found(job)
    assert own.book.extract(found.id) is None
    assert own.book.data(own.book.handed(job)[0].id) == b""
    assert own.book.before(job) is None
    for _ in range(KEPT + 3):
        own.book.finish(own.book.draft([("a.md", b"a")], made=importer.now()), changes.Change().dumped())
    kept = own.book.jobs()
    assert len(kept) == KEPT
    assert job not in {j.id for j in kept}
    with sqlite3.connect(own.book.file) as db:
        assert db.execute("SELECT count(*) FROM issue").fetchone() == (0,)


def test_further_files_go_into_the_draft_until_it_is_begun(own: Jobs) -> None:
    job = own.upload([("loom.md", LOOM.encode())])
    assert own.upload([("quarry.txt", QUARRY.encode())], job=job) == job
    own.book.move(job, PUTTING, since=[DRAFT])
    assert own.upload([("quarry.txt", QUARRY.encode())], job=job) != job


def test_a_book_of_another_version_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "graph.db.imports"
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(JobError, match="another version"):
        JobBook(file)
    (tmp_path / "words").write_text("no database, only words " * 50)
    with pytest.raises(JobError, match="cannot be kept"):
        JobBook(tmp_path / "words")


def test_a_url_and_a_file_have_their_own_books(tmp_path: Path) -> None:
    files = [
        settings.imports_file(settings.load(url))
        for url in (f"sqlite:///{tmp_path}/a.db", "neo4j://ann:secret@host", "neo4j://host/other")
    ]
    assert files[0] == tmp_path / "a.db.imports"
    assert len(set(files)) == 3
    assert all("secret" not in str(file) for file in files)
