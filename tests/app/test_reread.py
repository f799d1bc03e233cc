"""Reading stored issues anew: it comes to what a fresh import gives, and what people said stays; on both stores."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from app import bootstrap
from app.importer import sources
from app.rereading import age, reread
from app.settings import load
from kg.model import Extract, Issue, Judgement
from tests.app import reread_material as material
from tests.app.reread_material import FILES, aged, dump, fresh, rows
from tests.app.test_cli import Kg, grid, loom

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["sqlite", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty store of either kind."""
    if request.param == "neo4j":
        return str(request.getfixturevalue("neo4j_url"))
    return f"sqlite:///{tmp_path / 'kg.db'}"


@pytest.fixture
def kg(tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str, monkeypatch: pytest.MonkeyPatch) -> Kg:
    """Return a runner on a store in which an older reader read all newsletters."""
    monkeypatch.setenv("KG_STORE", url)
    run = Kg(tmp_path, capsys)
    run("import", *material.letters(tmp_path))
    aged(url)
    return run


def keys(url: str) -> dict[str, str]:
    """Return file → key."""
    with bootstrap.opened(load(url)) as graph:
        return {issue["file"]: issue["key"] for issue in graph.issues()}


def some_statement(url: str, key: str) -> str:
    """Return the id of a statement that the older and the present reader read in an issue."""
    with bootstrap.opened(load(url)) as graph:
        issue = material.issue_of(graph.store.get("issue", [key])[0])
        now = {s.id(key) for s in bootstrap.reader().extract(issue).statements}
        return next(row.id for row in graph.store.rows("statement", issue=key) if row.id in now)


def test_stats_count_the_issues_of_an_older_reader_until_they_are_read_anew(kg: Kg) -> None:
    assert kg.json("stats")["older_reader"] == len(FILES)
    assert "kg reread" in kg("stats")
    kg("reread", "loom.md")
    assert kg.json("stats")["older_reader"] == len(FILES) - 1
    kg("reread")
    assert kg.json("stats")["older_reader"] == 0
    assert "kg reread" not in kg("stats")


def test_reading_anew_gives_what_a_fresh_import_gives(kg: Kg, url: str, tmp_path: Path) -> None:
    done = kg.json("reread")
    assert {o["file"]: o["outcome"] for o in done["issues"]} == dict.fromkeys(FILES, "reread")
    assert sum(o["new"] for o in done["issues"]) > sum(o["gone"] for o in done["issues"]) > 0
    assert (done["failed"], done["left"]) == ([], [])
    assert dump(url) == fresh(url, tmp_path)
    again = kg.json("reread", "--all")
    assert {o["outcome"] for o in again["issues"]} == {"unchanged"}
    assert kg.json("reread")["issues"] == []
    assert dump(url) == fresh(url, tmp_path)


def test_corrections_and_dates_stay(kg: Kg, url: str, tmp_path: Path) -> None:
    key = keys(url)["loom.md"]
    kept = some_statement(url, key)
    (wrong,) = {id for id, *_ in rows(url)[key][1:] if id.startswith("s")} - {kept}
    kg("reject", kept)
    kg("accept", wrong, "--note", "looks right")
    kg("date", "odd.md", "2026-04-21")
    kg("date", "star.html", "2026-03-10")
    before = judgements(url)
    done = kg.json("reread")
    assert {o["file"]: o["resting"] for o in done["issues"] if o["resting"]} == {"loom.md": 1}
    assert judgements(url) == before
    assert dump(url) == fresh(url, tmp_path)
    dates = {i["file"]: i["date"] for i in kg.json("issues")["issues"]}
    assert (dates["odd.md"], dates["star.html"], dates["loom.md"]) == ("2026-04-21", "2026-03-10", None)
    with bootstrap.opened(load(url)) as graph:
        assert not any(kept in row.data["statement_ids"] for row in graph.store.rows("edge"))
    kg("reject", kept, "--undo")
    with bootstrap.opened(load(url)) as graph:
        assert any(kept in row.data["statement_ids"] for row in graph.store.rows("edge"))


def test_judgements_of_every_kind_stay_and_those_without_a_statement_are_counted(kg: Kg, url: str) -> None:
    key = keys(url)["loom.md"]
    kept = some_statement(url, key)
    (wrong,) = {id for id, *_ in rows(url)[key][1:] if id.startswith("s")} - {kept}
    with bootstrap.opened(load(url)) as graph:
        members = sorted({m for row in graph.store.rows("entity") for m in row.data["members"] if m.startswith("org/")})
        graph.judge(Judgement(kind="entity", target="|".join(members[:2]), verdict="same"))
        graph.judge(Judgement(kind="statement", target=wrong, verdict="correct", value='{"date": "2026"}'))
        about = graph.statement(wrong).data
        gone = {name: about[name] for name in ("issue", "relation", "subject", "object")}
        deal = Judgement(kind="deal", target=f"{wrong}|szzz", verdict="same", about={"a": gone})
        assert graph.adopt([deal, Judgement(kind="figure", target=wrong, verdict="chosen")]).new == 2
        merged = graph.entity(members[1]).id
    before = judgements(url)
    done = kg.json("reread")
    assert {o["file"]: o["resting"] for o in done["issues"] if o["resting"]} == {"loom.md": 3}
    assert judgements(url) == before
    with bootstrap.opened(load(url)) as graph:
        assert graph.entity(members[1]).id == merged == graph.entity(members[0]).id


def judgements(url: str) -> list[Judgement]:
    with bootstrap.opened(load(url)) as graph:
        return graph.judgements()


def test_only_the_issues_named_are_read_anew(kg: Kg, url: str) -> None:
    before, named = rows(url), keys(url)
    done = kg.json("reread", "star.html", named["quarry.txt"], named["star.html"])
    assert [o["key"] for o in done["issues"]] == [named["star.html"], named["quarry.txt"]]
    after = rows(url)
    assert {key for key in after if after[key] != before[key]} == {named["star.html"], named["quarry.txt"]}
    assert "1 issue read anew, 1 of them as it was" in kg("reread", "star.html")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["no-such-issue"], "no issue is called 'no-such-issue'"),
        (["loom.md", "no-such-issue"], "no issue is called 'no-such-issue'"),
        (["loom.md", "--all"], "not both"),
        ([""], "no issue is called ''"),
        (["'; DROP TABLE issue; --"], "no issue is called"),
        (["Letter"], "there is"),
    ],
)
def test_wrong_use_changes_nothing(kg: Kg, url: str, words: list[str], told: str) -> None:
    before = rows(url)
    assert kg("reread", *words, code=2) == ""
    assert told in kg.err
    assert kg.json("reread", *words, code=2)["exit"] == 2
    assert rows(url) == before


def test_an_issue_that_changes_or_goes_while_it_is_read_is_passed_over(kg: Kg, url: str) -> None:
    named = keys(url)
    with bootstrap.opened(load(url)) as graph:
        new = older_version(graph.store.get("issue", [named["quarry.txt"]])[0])

        class Meddling:
            fingerprint = bootstrap.fingerprint()

            def extract(self, issue: Issue) -> Extract:
                if issue.key == named["loom.md"]:
                    graph.remove(issue.key)
                if issue.key == named["quarry.txt"]:
                    graph.put(new)
                return bootstrap.reader().extract(issue)

        done = list(reread(graph, [*named.values(), "never-there"], Meddling))  # type: ignore[arg-type]
        outcomes = {one.key: one.outcome for one in done}
        passed = {named["loom.md"], named["quarry.txt"], "never-there"}
        assert {key for key, outcome in outcomes.items() if outcome == "passed"} == passed
        assert named["loom.md"] not in {issue["key"] for issue in graph.issues()}
        assert graph.store.get("issue", [new.issue.key])[0].data["text"] == new.issue.text
        assert age(graph, bootstrap.fingerprint()).older == (new.issue.key,)


def older_version(row: Any) -> Extract:
    """Return an older reader's extract of another text of an issue."""
    issue = material.issue_of(row).model_copy(update={"text": "Corvid Labs released the model Heron 4."})
    return material.older(bootstrap.reader().extract(issue))


def test_an_issue_that_the_reader_breaks_on_stays_as_it_was_and_the_others_go_on(
    kg: Kg, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    named, before = keys(url), rows(url)
    whole = bootstrap.reader()

    class Breaking:
        fingerprint = whole.fingerprint

        def extract(self, issue: Issue) -> Extract:
            if issue.key == named["loom.md"]:
                raise RuntimeError("no such luck")
            return whole.extract(issue)

    monkeypatch.setattr(bootstrap, "reader", Breaking)
    done = kg.json("reread", code=1)
    assert [f["key"] for f in done["failed"]] == [named["loom.md"]]
    assert "no such luck" in done["failed"][0]["error"]
    assert len(done["issues"]) == len(FILES) - 1
    after = rows(url)
    assert [key for key in after if after[key] == before[key]] == [named["loom.md"]]
    assert kg.json("stats")["older_reader"] == 1
    assert "0 issues read anew, 1 failed" in kg("reread", code=1)


def test_an_extract_that_names_no_reader_is_left_unless_it_is_named(tmp_path: Path, kg: Kg, url: str) -> None:
    kg("import", kg.file("grid.json", grid()), kg.file("new.json", {**loom(), "reader": "another0reads"}))
    assert kg.json("stats")["older_reader"] == len(FILES) + 1
    before = rows(url)["grid-letter-1a2b3c4d"]
    done = kg.json("reread", "--all")
    assert done["left"] == ["grid-letter-1a2b3c4d"]
    assert len(done["issues"]) == len(FILES) + 1
    assert rows(url)["grid-letter-1a2b3c4d"] == before
    assert "came as extracts" in kg("reread", "--all")
    assert "nothing to read anew" in kg("reread")
    assert kg.json("reread", "grid.json")["issues"][0]["outcome"] == "reread"
    assert rows(url)["grid-letter-1a2b3c4d"][0]["reader"] == bootstrap.fingerprint()


def test_an_empty_store_has_nothing_to_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kg = Kg(tmp_path, capsys)
    assert "no issues yet" in kg("reread", "--all")
    assert kg.json("reread") == {"issues": [], "failed": [], "left": []}


def test_the_same_text_under_two_keys_is_read_for_both(tmp_path: Path, kg: Kg, url: str) -> None:
    kg("import", kg.file("copy.md", FILES["loom.md"]))
    aged(url)
    kg("reread")
    both = {key: found for key, found in rows(url).items() if found[0]["file"] in ("loom.md", "copy.md")}
    assert {found[0]["reader"] for found in both.values()} == {bootstrap.fingerprint()}
    assert kg.json("stats")["duplicates"] == 1
    kg("remove", "copy.md")
    assert dump(url) == fresh(url, tmp_path)


def test_counting_and_finding_nothing_to_do_load_no_reader(tmp_path: Path) -> None:
    code = (
        "import sys; from app.cli import run; run(['stats']); run(['reread']);"
        "sys.exit(bool({'spacy', 'onnxruntime', 'streamlit', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


# Runs the command; says "in" whenever it has written rows inside the open transaction, then rests there for a moment,
# so that the signal meets it before the end.
KILLED = """
import sys, time
from app import bootstrap, cli
from kg.store.neo4j import Neo4jStore
from kg.store.sqlite import SQLiteStore

def watched(put):
    def watched(self, rows):
        put(self, rows)
        print("in", flush=True)
        time.sleep(0.02)
    return watched

bootstrap.reader()
for store in (SQLiteStore, Neo4jStore):
    store.put = watched(store.put)
sys.exit(cli.run(["reread", "--all"]))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_killed_midway_each_issue_is_old_or_new_and_the_same_command_finishes(kg: Kg, url: str, tmp_path: Path) -> None:
    kg("reread")
    new = rows(url)
    aged(url)
    kg("date", "odd.md", "2026-04-21")
    old, states = rows(url), []
    for writes in (1, 5, 9):
        assert killed(writes) == -signal.SIGKILL
        now = rows(url)
        assert now.keys() == new.keys()
        assert all(now[key] in (old[key], new[key]) for key in now)
        states.append(sum(now[key] == new[key] for key in now))
    assert states[0] == 0
    assert 0 < states[-1] < len(FILES)
    assert subprocess.run([sys.executable, "-m", "app.cli", "reread", "--all"], cwd=ROOT).returncode == 0
    assert rows(url) == new
    assert dump(url) == fresh(url, tmp_path)
    assert kg.json("stats")["older_reader"] == 0


def killed(writes: int) -> int:
    """Start the command, let it write so many times, kill it inside its transaction, and return its exit code."""
    command = [sys.executable, "-c", KILLED]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        writes -= line == "in\n"
        if not writes:
            process.kill()
            break
    process.stdout.close()
    return process.wait()


# Root may write anywhere, so the command gives its rights up once all that it needs is loaded.
UNPRIVILEGED = """
import os, sys
from app import bootstrap, cli

bootstrap.reader()
cli.run(["reread", "--store", "sqlite:///" + sys.argv[1]])
if os.geteuid() == 0:
    os.setuid(65534)
os.environ["KG_STORE"] = "sqlite:///" + sys.argv[2]
print([cli.run(words) for words in (["stats"], ["reread"], ["reread", "--json"])])
"""


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="needs file rights of the POSIX kind")
@pytest.mark.parametrize(("folder", "codes"), [(0o777, [0, 3, 3]), (0o555, [3, 3, 3])])
def test_a_store_that_cannot_be_written_is_told_and_stays_as_it_was(folder: int, codes: list[int]) -> None:
    with TemporaryDirectory() as name:  # one that other users may enter
        Path(name).chmod(0o755)
        files = [Path(name) / "other.db", Path(name) / "store" / "kg.db"]
        for file in files:
            file.parent.mkdir(exist_ok=True)
            with bootstrap.opened(load(f"sqlite:///{file}")) as graph:
                for found in sources(material.letters(Path(name))):
                    assert isinstance(found, Issue)
                    graph.put(material.older(bootstrap.reader().extract(found)))
        before = dump(f"sqlite:///{files[1]}")
        files[1].chmod(0o444)
        files[1].parent.chmod(folder)
        command = [sys.executable, "-c", UNPRIVILEGED, *map(str, files)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        files[1].parent.chmod(0o755)
        files[1].chmod(0o644)
        assert str(codes) in done.stdout, done.stderr
        assert "cannot be written (the file or its folder is read-only)" in done.stderr
        assert '{"error": "StoreError", "exit": 3}' in done.stdout
        assert dump(f"sqlite:///{files[1]}") == before
