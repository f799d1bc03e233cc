"""The ontology files: what loads, what a broken file says, and the page made of them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from kg import docs
from kg.errors import SchemaError
from kg.schema import Negative, load

KG = Path(docs.__file__).parent

# The table of the annotation guide: subjects, objects, qualifiers of each relation.
C, O, P, M, PR, B = "company", "organization", "person", "model", "product", "benchmark"  # noqa: E741
GUIDE: dict[str, tuple[set[str], set[str], set[str]]] = {
    "invested_in": ({C, O, P}, {C, O}, {"amount", "round", "valuation", "lead", "status", "date"}),
    "raised": ({C, O}, {C, O}, {"amount", "round", "valuation", "status", "date"}),
    "acquired": ({C}, {C}, {"amount", "status", "date"}),
    "commits_spend": ({C, O}, {C, O}, {"amount", "capacity_gw", "term", "status", "date"}),
    "owns_stake": ({C, O, P}, {C, O}, {"percent", "amount", "status"}),
    "partnered_with": ({C, O}, {C, O}, {"status", "date"}),
    "licenses": ({C, O}, {C, O, M, PR}, {"status", "date"}),
    "lent_to": ({C, O, P}, {C, O}, {"amount", "status", "date"}),
    "developed": ({C, O}, {M, PR, B}, {"status", "date"}),
    "scored": ({M}, {B}, {"value", "unit"}),
    "outperforms": ({M}, {M}, {"on"}),
    "based_on": ({M}, {M}, set()),
    "available_on": ({M, PR}, {PR, C, O}, set()),
    "works_at": ({P}, {C, O}, {"role", "current"}),
    "founded": ({P}, {C, O}, set()),
    "subsidiary_of": ({C}, {C}, set()),
    "sued": ({C, O, P}, {C, O, P}, {"date"}),
    "reports_metric": ({C, O}, {C, O}, {"metric", "amount", "value", "period"}),
}

NINETEENTH = """
name: bans
meaning: An organization forbids the use of a model or product.
subjects: [organization]
objects: [model, product]
qualifiers: [date]
edge: BANS
forms: {active: "{subject} bans {object}", noun: banner}
words: {ban: [bans, banned, has banned]}
wordings: ["{subject:organization} {ban} {object:tool}"]
questions:
  list_subjects: ["who {ban} {object}"]
examples:
  - {style: active, text: Ovmark banned Lyra 3., entities: {Ovmark: organization, Lyra 3: model},
     facts: [[Ovmark, bans, Lyra 3]]}
  - {style: headline, text: Ovmark bans PortPilot, entities: {Ovmark: organization, PortPilot: product},
     facts: [[Ovmark, bans, PortPilot]]}
negatives: [{text: Ovmark has banned nothing.}, {text: Ovmark may ban Lyra 3.}, {text: Ovmark tested Lyra 3.}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the shipped ontology that a test may break."""
    shutil.copy(KG / "entities.yaml", tmp_path)
    (tmp_path / "relations").mkdir()
    for name in ("sued", "acquired"):
        shutil.copy(KG / "relations" / f"{name}.yaml", tmp_path / "relations")
    return tmp_path


@pytest.mark.parametrize("name", GUIDE)
def test_relations_are_those_of_the_guide(name: str) -> None:
    subjects, objects, qualifiers = GUIDE[name]
    relation = load().relations[name]
    assert (set(relation.subjects), set(relation.objects)) == (subjects, objects)
    assert qualifiers <= set(relation.qualifiers)
    assert len(relation.examples) >= 2
    assert len(relation.negatives) >= 3
    assert relation.unary == (name in ("raised", "reports_metric"))
    assert relation.symmetric == (name == "partnered_with")


def test_there_are_no_other_relations_and_six_types() -> None:
    assert set(load().relations) == set(GUIDE)
    assert set(load().entity_types) == {C, O, P, M, PR, B}


def test_deal_relations_have_their_kind_and_others_none() -> None:
    kinds = {name: r.deal.kind for name, r in load().relations.items() if r.deal}
    assert kinds == {
        "invested_in": "equity_round", "raised": "equity_round", "acquired": "acquisition", "commits_spend": "supply",
        "licenses": "licence", "lent_to": "debt", "partnered_with": "partnership",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("relation", "subject", "object_", "allowed"),
    [
        ("invested_in", P, C, True),
        ("invested_in", C, P, False),
        ("acquired", O, C, False),
        ("scored", M, B, True),
        ("scored", B, M, False),
        ("unheard_of", C, C, False),
    ],
)
def test_allows(relation: str, subject: str, object_: str, allowed: bool) -> None:
    assert load().allows(relation, subject, object_) is allowed


def test_values_are_frozen() -> None:
    with pytest.raises(ValidationError):
        load().relations["sued"].unary = True


BROKEN: list[tuple[str, str, str, str]] = [
    # what is broken, text in sued.yaml, its replacement, what the message says beside the file
    ("unknown key", "edge: SUED", "edge: SUED\nweight: 3", "weight: Extra inputs"),
    ("wrong type", "edge: SUED", "edge: [SUED]", "edge: Input should be a valid string"),
    ("missing key", "edge: SUED\n", "", "edge: Field required"),
    ("unknown entity type", "subjects: [company,", "subjects: [galaxy, company,", "subjects.0: Input should be"),
    ("unknown type in a wording", "{subject:party} {sues}", "{subject:galaxy} {sues}", "wordings.0: unknown entity"),
    ("unknown slot in a wording", "{subject:party} {sues}", "{subject} {zaps}", "wordings.0: unknown slot {zaps}"),
    ("wording with one end", "{subject:party} {sues} {others} {object:party}", "{subject:party} {sues}", "wordings.0"),
    ("unknown slot in a question", "who {sues} {object}", "who {zaps} {object}", "questions.list_subjects: "),
    ("question without its end", "who {sues} {object}", "who {sues}", "questions.list_subjects: "),
    ("unknown question shape", "  pairs:", "  sonnets:", "questions.sonnets"),
    ("unknown qualifier", "qualifiers: [date]", "qualifiers: [date, mood]", "qualifiers: unknown 'mood'"),
    ("duplicate key", "edge: SUED", "edge: SUED\nedge: SUES", "line 7, column 1: duplicate key 'edge'"),
    ("edge that every graph has", "edge: SUED", "edge: PARTY", "edge: 'PARTY'"),
    ("edge of another relation", "edge: SUED", "edge: ACQUIRED", "edge: 'ACQUIRED' is that of 'acquired'"),
    ("edge that is no name", "edge: SUED", 'edge: "S]->(n) DETACH"', "edge: "),
    ("example of another relation", "[Harrowgate Ledger, sued,", "[Harrowgate Ledger, acquired,", "examples.0.facts"),
    ("fact between wrong types", "Brightfen: company}", "Brightfen: model}", "examples.0.facts"),
    ("fact of unknown names", "Ledger, sued, Brightfen,", "Ledger, sued, Nobody,", "examples.0.facts"),
    ("entity that is not in the text", "sued Brightfen on", "sued nobody on", "examples.0: entities: 'Brightfen'"),
    ("qualifier that is not allowed", '{date: "2026-05-06"}', "{round: Seed}", "examples.0.facts"),
    ("tab", "  active:", "\tactive:", "line "),
    ("unsafe tag", "edge: SUED", "edge: !!python/object/apply:os.getcwd []", "line "),
    ("anchor", "edge: SUED", "edge: &a SUED\nunary: *a", "anchors are not allowed"),
    ("symmetric and unary", "edge: SUED", "edge: SUED\nsymmetric: true\nunary: true", "symmetric: "),
    ("name taken by a slot", "  sue: [sue,", "  amount: [sue,", "words.amount"),
    ("no YAML", "name: sued", "name: sued: [", "line "),
    ("key that is no word", "edge: SUED", "edge: SUED\n7: seven", "7: a key must be a word"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_broken_file_is_named_with_its_key(folder: Path, old: str, new: str, said: str) -> None:
    file = folder / "relations" / "sued.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        load(folder)
    assert str(caught.value).startswith(f"{file}: ")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "found nothing"),
        (b"# nothing but a comment\n", "found nothing"),
        (b"- a\n- list\n", "found list"),
        (b"name: \xff\xfe", "not UTF-8"),
        (b"\x00\x01\x02", "(whole file)"),
        (b"name: x\n" * 200_000, "larger than"),
        (b"[" * 5_000, "line "),
    ],
    ids=["empty", "comment only", "list", "not UTF-8", "binary", "huge", "deeply nested"],
)
@pytest.mark.parametrize("name", ["entities.yaml", "relations/sued.yaml"])
def test_file_that_is_no_mapping(folder: Path, name: str, content: bytes, said: str) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(SchemaError) as caught:
        load(folder)
    assert str(folder / name) in str(caught.value)
    assert said in str(caught.value)


def test_missing_files_are_named(folder: Path) -> None:
    (folder / "entities.yaml").unlink()
    with pytest.raises(SchemaError, match=r"entities\.yaml: cannot be read"):
        load(folder)
    with pytest.raises(SchemaError, match="no such file or folder"):
        load(extra=[folder / "nowhere"])


def test_missing_entity_type(folder: Path) -> None:
    file = folder / "entities.yaml"
    about: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    del about["types"]["benchmark"]
    file.write_text(yaml.safe_dump(about), encoding="utf-8")
    with pytest.raises(SchemaError, match=r"types\.benchmark: is missing"):
        load(folder)


def test_relation_defined_twice(folder: Path) -> None:
    again = folder / "again.yaml"
    shutil.copy(KG / "relations" / "sued.yaml", again)
    with pytest.raises(SchemaError, match="name: 'sued' is already defined in"):
        load(extra=[again])


@pytest.mark.parametrize("as_folder", [True, False])
def test_nineteenth_relation_from_a_file_alone(tmp_path: Path, as_folder: bool) -> None:
    file = tmp_path / "bans.yaml"
    file.write_text(NINETEENTH, encoding="utf-8")
    schema = load(extra=[tmp_path if as_folder else file])
    assert len(schema.relations) == 19
    assert schema.allows("bans", O, M)
    assert "bans" not in load().relations


def test_words_stay_words(tmp_path: Path) -> None:
    """`on`, `no` and dates are text in these files; 25e9 is a number."""
    text = NINETEENTH.replace("who {ban} {object}", "on").replace("[bans, banned, has banned]", "[on, no, 2026-04-20]")
    file = tmp_path / "bans.yaml"
    file.write_text(text.replace('["on"]', '["who {ban} {object}"]'), encoding="utf-8")
    assert load(extra=[file]).relations["bans"].words["ban"] == ("on", "no", "2026-04-20")
    assert load().relations["commits_spend"].examples[1].facts[0].attrs.stated()["amount"]["low"] == 3_000_000_000


def test_generated_files_are_fresh() -> None:
    assert docs.main(["--check"]) == 0, "docs/ontology.md or docs/neo4j/style.grass is stale: python -m kg.docs"


@pytest.mark.parametrize("file", ["ontology.md", "neo4j/style.grass"])
def test_a_generated_file_is_told_when_it_is_stale(file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs, "DOCS", tmp_path)
    assert docs.main(["--check"]) == 1
    assert docs.main([]) == 0
    assert docs.main(["--check"]) == 0
    (tmp_path / file).write_text("old", encoding="utf-8")
    assert docs.main(["--check"]) == 1
    assert docs.main(["--wrong"]) == 2


def test_what_waits_says_why_and_nothing_else_does() -> None:
    assert Negative(text="Oxbow grew.", expect="later", because="read all the same").because == "read all the same"
    with pytest.raises(ValidationError, match="because"):
        Negative(text="Oxbow grew.", expect="later")
    with pytest.raises(ValidationError, match="because"):
        Negative(text="Oxbow grew.", because="no reason")
