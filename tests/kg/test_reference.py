"""Reference facts: what the shipped files hold, how names find entries, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import SchemaError
from kg.names import normal
from kg.reference import Reference, load


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load()


@pytest.mark.parametrize(
    ("text", "group", "ids"),
    [
        ("AWS", None, ["org/aws"]),
        ("amazon web services, inc.", "org", ["org/aws"]),
        ("Amazon.com Inc", "org", ["org/amazon"]),
        ("a16z", "org", ["org/andreessenhorowitz"]),
        ("DeepMind", "org", ["org/googledeepmind"]),
        ("Nvidia Corp.", "org", ["org/nvidia"]),
        ("Clement Delangue", "person", ["person/clementdelangue"]),
        ("@ylecun", None, ["person/yannlecun"]),
        ("Qwen", None, ["model/qwen", "org/qwen"]),
        ("Qwen", "model", ["model/qwen"]),
        ("τ²-bench", None, ["benchmark/tau2bench"]),
        ("Claude 4.5 Sonnet", "model", ["model/claudesonnet45"]),
        ("Claude Sonnet 45", "model", []),
        ("Claude Sonnet", "model", ["model/claudesonnet"]),
        ("Gemini 2.5", "model", ["model/gemini25"]),
        ("Scale", "org", []),
        ("Amazon", "person", []),
        ("", None, []),
        ("$ ~ * :name:", None, []),
        ("Qwixel Nine", None, []),
    ],
)
def test_a_full_name_finds_its_entries_and_a_near_one_none(
    reference: Reference, text: str, group: str | None, ids: list[str]
) -> None:
    assert [e.id for e in reference.find(text, group)] == ids


@pytest.mark.parametrize(
    ("id", "root"),
    [
        ("org/aws", "org/amazon"),
        ("org/annapurnalabs", "org/amazon"),
        ("product/azure", "org/microsoft"),
        ("org/googledeepmind", "org/alphabet"),
        ("product/youtube", "org/alphabet"),
        ("org/anthropic", "org/anthropic"),
        ("org/neverheardof", "org/neverheardof"),
        ("model/claude", "model/claude"),
    ],
)
def test_parents_roll_up_to_the_top(reference: Reference, id: str, root: str) -> None:
    assert reference.root(id) == root


@pytest.mark.parametrize(
    ("group", "form", "id"),
    [
        ("org", "amazonwebservices", "org/aws"),
        ("org", "aws", "org/aws"),
        ("person", "samuelaltman", "person/samaltman"),
        ("model", "amazonwebservices", None),
        ("org", "nosuchfirm", None),
    ],
)
def test_a_normal_form_joins_its_curated_id(reference: Reference, group: str, form: str, id: str | None) -> None:
    assert reference.canonical(group, form) == id


def test_makers_and_tickers_are_known(reference: Reference) -> None:
    claude, microsoft = reference.entry("model/claude"), reference.entry("org/microsoft")
    assert claude is not None
    assert claude.maker == "org/anthropic"
    assert microsoft is not None
    assert microsoft.ticker == "MSFT"
    assert reference.entry("org/nosuchfirm") is None


def test_the_shipped_files_are_many_and_tidy(reference: Reference) -> None:
    assert len(reference.entries) >= 150
    assert {e.kind for e in reference.entries} == {
        "company", "organization", "person", "model", "product", "benchmark",
    }  # fmt: skip
    for entry in reference.entries:
        forms = [normal(form) for form in entry.forms]
        assert len(forms) == len(set(forms)), f"{entry.id}: an alias that only repeats another"
        assert all(form == form.strip() for form in entry.forms), entry.id


OPENAI = "- {id: org/openai, kind: company, name: OpenAI}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {id: org/openai, kind: company, name: OpenAI, colour: red}", ["b.yaml", "org/openai", "colour"]),
        ("- {id: org/openai, kind: firm, name: OpenAI}", ["b.yaml", "org/openai", "kind"]),
        ("- {id: org/open, kind: company, name: OpenAI}", ["b.yaml", "org/open", "org/openai"]),
        ("- {id: org/openai, kind: company, name: ''}", ["b.yaml", "org/openai", "name"]),
        ("- {id: org/openai, kind: company, name: OpenAI, aliases: [' ']}", ["b.yaml", "org/openai", "blank"]),
        ("- {id: org/openai, kind: company}", ["b.yaml", "org/openai", "name"]),
        ("- {id: org/openai, kind: company, name: OpenAI, ticker: open ai}", ["b.yaml", "org/openai", "ticker"]),
        ("- {id: org/openai, kind: company, name: OpenAI, ticker: on}", ["b.yaml", "org/openai", "ticker"]),
        (OPENAI + OPENAI, ["b.yaml", "org/openai", "already"]),
        (OPENAI + "- {id: org/oai, kind: organization, name: OAI, aliases: [Open AI]}", ["org/oai", "org/openai"]),
        ("- {id: model/k25, kind: model, name: K2.5, aliases: [K2.6]}", ["model/k25", "aliases", "K2.6", "digits"]),
        ("- {id: org/a, kind: company, name: A, parent: org/b}", ["org/a", "parent", "org/b"]),
        (OPENAI + "- {id: model/m, kind: model, name: M, maker: model/m}", ["model/m", "maker"]),
        (
            OPENAI.replace("}", ", parent: org/b}") + "- {id: org/b, kind: company, name: B, parent: org/openai}",
            ["org/openai", "parent", "circle"],
        ),
        ("- just words", ["b.yaml", "entry 1"]),
        ("name: OpenAI", ["b.yaml", "list"]),
        ("- {id: [", ["b.yaml", "YAML"]),
        ("- !!python/object/apply:os.getcwd []", ["b.yaml", "YAML"]),
    ],
)
def test_a_broken_file_is_refused_with_file_and_key(tmp_path: Path, text: str, said: list[str]) -> None:
    (tmp_path / "b.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        load(tmp_path)
    for words in said:
        assert words in str(caught.value)


def test_a_folder_that_is_not_there_is_an_error_and_an_empty_one_is_not(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="no such folder"):
        load(tmp_path / "gone")
    (tmp_path / "empty.yaml").write_text("# nothing yet\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not read", encoding="utf-8")
    assert load(tmp_path).entries == ()


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_bytes("- {id: person/x, kind: person, name: François}".encode("latin-1"))
    with pytest.raises(SchemaError, match=r"b\.yaml"):
        load(tmp_path)


def test_the_fingerprint_follows_the_facts_not_their_order(tmp_path: Path) -> None:
    lines = [OPENAI, "- {id: org/aws, kind: company, name: AWS}\n"]
    prints = []
    for number, text in enumerate(["".join(lines), "".join(reversed(lines)), OPENAI]):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "f.yaml").write_text(text, encoding="utf-8")
        prints.append(load(folder).fingerprint)
    assert prints[0] == prints[1] != prints[2]


def test_a_long_list_is_one_json_object_a_line(tmp_path: Path) -> None:
    line = '{"id": "org/oxbow", "kind": "company", "name": "Oxbow", "aliases": ["Oxbow AI Labs"]}\n'
    (tmp_path / "a.jsonl").write_text(line, encoding="utf-8")
    assert [e.name for e in load(tmp_path).find("oxbow ai labs")] == ["Oxbow"]
    (tmp_path / "b.jsonl").write_text(line.replace("xbow", "ther") + "{not json}\n", encoding="utf-8")
    with pytest.raises(SchemaError, match=r"b\.jsonl:2: not readable as JSON"):
        load(tmp_path)
