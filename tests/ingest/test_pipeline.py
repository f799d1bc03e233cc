"""The pipeline with the shipped model: real text in, Extract out; bad input gives an Extract too, never a crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.pipeline import Reader
from ingest.readers import read
from kg.errors import ReadError
from kg.model import Extract, Issue


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


def issue(text: str, **about: str) -> Issue:
    return Issue(key="k", doc_id="k", text=text, **about)  # type: ignore[arg-type]


TEXT = (
    "# Deals of the week\n\nVantage Loom, the maker of Sable 3, raised $40 million in a Series B led by Pale Hill "
    "Capital. Chief executive Mara Quint said on Tuesday that the money goes into chips.\n\n- **Oxbow AI** bought "
    "Marlin Robotics for about €90 million.\n"
)


def test_a_newsletter_becomes_entities_and_statements(reader: Reader) -> None:
    extract = reader.extract(issue(TEXT, published="2026-04-24"))
    said = {(s.subject, s.relation, s.object) for s in extract.statements}
    assert ("Vantage Loom", "raised", "Vantage Loom") in said
    assert ("Pale Hill Capital", "invested_in", "Vantage Loom") in said
    assert ("Oxbow AI", "acquired", "Marlin Robotics") in said
    raised = next(s for s in extract.statements if s.relation == "raised")
    assert raised.attrs.amount is not None
    assert raised.attrs.amount.low == 4e7
    assert raised.attrs.round == "Series B"


def test_every_end_of_a_statement_stands_in_its_evidence(reader: Reader) -> None:
    extract = reader.extract(issue(TEXT))
    entities = {e.name: e for e in extract.entities}
    assert extract.statements
    for s in extract.statements:
        assert s.evidence[0].role == "claim"
        for span in s.evidence:
            assert extract.issue.text[span.start : span.end] == span.text
        for end in (s.subject, s.object):
            assert any(e.start <= a and b <= e.end for a, b in entities[end].mentions for e in s.evidence)


def test_reading_again_gives_the_same(reader: Reader) -> None:
    assert reader.extract(issue(TEXT)) == reader.extract(issue(TEXT))


def test_an_extract_does_not_depend_on_the_issue_before(reader: Reader) -> None:
    alone = reader.extract(issue(TEXT))
    assert list(reader.extracts([issue("Oxbow AI sued Marlin."), issue(TEXT)]))[1] == alone


def test_an_extract_survives_its_json_form(reader: Reader) -> None:
    extract = reader.extract(issue(TEXT, published="2026-04-24"))
    assert Extract.from_json(extract.to_json()).to_json() == extract.to_json()


BAD = {
    "empty": "",
    "blank": " \n\t\n ",
    "marks only": "***\n---\n[]()\n<b></b>",
    "one long line": "word " * 20_000,
    "one long word": "x" * 200_000,
    "brackets": "[" * 50_000,
    "nul bytes": "Oxbow\x00 raised\x01 $5 million",
    "script": "<script>alert(1)</script> Oxbow raised $5 million.",
    "cypher": "Oxbow') DETACH DELETE n // raised $5 million'; DROP TABLE edge; --",
    "emoji": "🚀" * 5_000,
    "surrogates made safe": "caf\u00e9 \ud7ff \ue000",
    "right to left": "\u202eOxbow\u202c raised \u200f$5 million.",
    "many newlines": "\n" * 20_000,
    "table": "| a | b |\n|---|---|\n" + "| Oxbow | $5 million |\n" * 300,
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gives_an_extract(reader: Reader, name: str) -> None:
    extract = reader.extract(issue(BAD[name]))
    for entity in extract.entities:
        assert all(0 <= a < b <= len(BAD[name]) for a, b in entity.mentions)


@pytest.mark.parametrize(
    "missing",
    ["model.onnx", "relations.onnx", "closer.onnx", "links.onnx", "reader.json", "names.json", "tokenizer.json"],
)
def test_a_model_with_a_missing_or_broken_file_is_named(tmp_path: Path, missing: str) -> None:
    shipped = Path(__file__).resolve().parents[2] / "ingest" / "model"
    for file in shipped.iterdir():
        (tmp_path / file.name).write_bytes(b"broken" if file.name == missing else file.read_bytes())
    with pytest.raises(ReadError, match="cannot be loaded"):
        Reader.load(tmp_path)


@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_text_and_markdown_give_the_same_extract(reader: Reader, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"letter{suffix}"
    file.write_text(TEXT, encoding="utf-8")
    (found,) = read([file])
    assert isinstance(found, Issue)
    extract = reader.extract(found)
    alone = reader.extract(issue(found.text))
    assert extract.entities == alone.entities
    assert extract.statements == alone.statements


def test_a_share_that_follows_its_holder_is_a_stake_in_the_firm_spoken_of(reader: Reader) -> None:
    text = "Anthropic's new structure\n\nOn a diluted basis Google now holds ~14% and stays Anthropic's partner.\n"
    said = {(s.subject, s.relation, s.object): s.attrs.percent for s in reader.extract(issue(text)).statements}
    assert said.get(("Google", "owns_stake", "Anthropic")) == 14


def test_a_commitment_to_a_cloud_is_one_to_its_firm_where_the_text_names_it(reader: Reader) -> None:
    text = "OpenAI signed a contract with Microsoft and committed to spend $250 billion on Azure.\n"
    said = {(s.subject, s.relation, s.object) for s in reader.extract(issue(text)).statements}
    assert ("OpenAI", "commits_spend", "Microsoft") in said


def test_a_commitment_to_a_cloud_is_one_to_its_firm_that_is_named_elsewhere(reader: Reader) -> None:
    text = "Shares of Microsoft rose.\n\nOpenAI committed to spend $250 billion on Azure.\n"
    (said,) = [s for s in reader.extract(issue(text)).statements if s.relation == "commits_spend"]
    assert (said.subject, said.object, said.attrs.amount.low if said.attrs.amount else None) == (
        "OpenAI",
        "Microsoft",
        250e9,
    )
    assert [(e.role, e.text) for e in said.evidence] == [
        ("claim", "OpenAI committed to spend $250 billion on Azure."),
        ("antecedent", "Shares of Microsoft rose."),
    ]
    alone = reader.extract(issue("OpenAI committed to spend $250 billion on Azure.\n")).statements
    assert "commits_spend" not in {s.relation for s in alone}


def test_a_firm_of_the_clouds_own_house_commits_nothing_to_it(reader: Reader) -> None:
    text = "Shares of Microsoft rose.\n\nGitHub committed to spend $250 million on Azure.\n"
    assert "commits_spend" not in {s.relation for s in reader.extract(issue(text)).statements}


@pytest.mark.parametrize(
    "text",
    [
        "Arena raised $150 million in a Series A led by Felicis.",  # a benchmark elsewhere
        "Chroma raised $18 million in a seed round led by Quiet Capital.",  # a model
        "Notion raised $275 million at a $10 billion valuation.",  # a product
        "Odyssey was founded by Oliver Cameron.",
    ],
)
def test_a_name_known_as_a_thing_is_a_firm_where_it_acts_as_one(reader: Reader, text: str) -> None:
    name = text.split()[0]
    made = reader.extract(issue(text + "\n"))
    assert {e.type for e in made.entities if e.name == name} == {"company"}
    assert name in {s.object for s in made.statements if s.relation in ("raised", "founded")}


def test_two_makers_told_in_one_breath_are_both_makers(reader: Reader) -> None:
    made = reader.extract(issue("NVIDIA and Mistral AI released Mistral NeMo on Tuesday.\n")).statements
    assert {s.subject for s in made if s.relation == "developed"} == {"NVIDIA", "Mistral AI"}


@pytest.mark.parametrize(
    "text",
    [
        "CoreWeave: an $11.9 billion contract with OpenAI over five years.",
        "OpenAI will pay Oracle $300 billion over five years for computing power.",
    ],
)
def test_a_contract_of_a_lab_with_a_cloud_is_the_labs_commitment(reader: Reader, text: str) -> None:
    ends = [(s.subject, s.object) for s in reader.extract(issue(text)).statements if s.relation == "commits_spend"]
    assert ends == [("OpenAI", "CoreWeave" if "CoreWeave" in text else "Oracle")]


def test_a_handle_is_a_firm_where_it_raises_money(reader: Reader) -> None:
    text = "- @brightwaveio raised $15M in a Series A led by Decibel.\n- @sama raised $40B for his lab.\n"
    extract = reader.extract(issue(text))
    assert {s.subject for s in extract.statements if s.relation == "raised"} == {"@brightwaveio"}
    assert ("@brightwaveio", "company") in {(e.name, e.type) for e in extract.entities}
    other = reader.extract(issue("- @mara_quint raised $6.6M for MagicPath.\n"))
    assert "@mara_quint" not in {s.subject for s in other.statements if s.relation == "raised"}


def test_who_tells_of_a_round_raises_nothing(reader: Reader) -> None:
    text = (
        "- WSJ: Oxbow raising another round at $1b valuation\n"
        '- WSJ: "Kestrel raising another round at $1b valuation"\n'
        "- Tern: raised $30M. Marlin raised $5M.\n"
    )
    said = {s.subject for s in reader.extract(issue(text)).statements if s.relation == "raised"}
    assert said == {"Oxbow", "Kestrel", "Tern", "Marlin"}


def test_a_project_that_somebody_founded_is_no_firm(reader: Reader) -> None:
    extract = reader.extract(issue("Tim Dettmers founded bitsandbytes.\n\nOllama raised $12M in a seed round.\n"))
    kinds = {e.name: e.type for e in extract.entities}
    assert (kinds.get("bitsandbytes"), kinds.get("Ollama")) == ("product", "company")


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ("Cursor closes its $900m round at a $9b valuation.", "company"),
        ("We wrote the page in Cursor, with its agent mode.", "product"),
    ],
)
def test_a_name_of_a_firm_and_its_product_is_what_the_text_speaks_of(reader: Reader, text: str, type: str) -> None:
    assert ("Cursor", type) in {(e.name, e.type) for e in reader.extract(issue(text)).entities}


@pytest.mark.parametrize(
    ("text", "relations"),
    [
        ("Vantage Loom paid $2 billion for a 49% stake in Oxbow.", {"invested_in", "owns_stake"}),
        ("Vantage Loom holds a 49% stake in Oxbow.", {"owns_stake"}),
    ],
)
def test_a_stake_that_is_paid_for_is_an_investment(reader: Reader, text: str, relations: set[str]) -> None:
    found = reader.extract(issue(text)).statements
    assert {s.relation for s in found if (s.subject, s.object) == ("Vantage Loom", "Oxbow")} == relations


def test_a_sum_pays_for_one_stake(reader: Reader) -> None:
    found = reader.extract(issue("Marlin, which owns 10% of Vexa, invested $2 billion in Tern.")).statements
    assert {s.object for s in found if s.relation == "invested_in"} == {"Tern"}


def test_a_name_that_only_the_tagger_knows_must_be_sure_somewhere(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But one whose bounds are sure stays though its type is open, and so does one of which something sure is said."""
    text = "Quickdesk was developed by Velmora together with Ashvale Institute.\n"
    issue = Issue(key="sure", doc_id="sure", text=text)
    assert {e.name for e in reader.extract(issue).entities} == {"Quickdesk", "Velmora", "Ashvale Institute"}
    monkeypatch.setattr("ingest.facts.NAMED", 1.1)
    monkeypatch.setattr("ingest.facts.WHOLE", 1.1)
    unsure = reader.extract(issue)
    assert (unsure.entities, unsure.statements) == ((), ())
    monkeypatch.setattr("ingest.facts.SURE", 0.7)
    kept = reader.extract(issue)
    assert [(s.subject, s.relation, s.object) for s in kept.statements] == [("Velmora", "developed", "Quickdesk")]
    assert {e.name for e in kept.entities} == {"Quickdesk", "Velmora"}
    known = reader.extract(Issue(key="known", doc_id="known", text="Anthropic and Google spoke.\n"))
    assert {e.name for e in known.entities} == {"Anthropic", "Google"}


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("This is likely how OpenAI is funding their $300B commit to Oracle from two weeks ago.", "commits_spend"),
        ("OpenAI invested $5 billion in CoreWeave shares.", "invested_in"),
    ],
)
def test_what_a_lab_pays_a_cloud_is_spending_unless_shares_are_spoken_of(
    reader: Reader, text: str, relation: str
) -> None:
    read = reader.extract(Issue(key="pays", doc_id="pays", text=text + "\n"))
    assert {s.relation for s in read.statements} == {relation}


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Tesla co-founder JB Straubel founded Redwood Materials.", ("JB Straubel", "founded", "Redwood Materials")),
        ("Oxbow was formed by ex-Google engineer Mara Quint.", ("Mara Quint", "founded", "Oxbow")),
        (
            "Apple executive Ruoming Pang joined Meta, and Meta CEO Mark Zuckerberg welcomed him.",
            ("Ruoming Pang", "works_at", "Meta"),
        ),
        ("Microsoft invests in Semafor, Axios reported.", ("Microsoft", "invested_in", "Semafor")),
        ("Bloomberg puts $50 million into Oxbow.", ("Bloomberg", "invested_in", "Oxbow")),
        ("Meta released FAIR's SAM 3.", ("Meta", "developed", "SAM 3")),
        (
            "Sifted, which covers startups, was acquired by the Financial Times.",
            ("the Financial Times", "acquired", "Sifted"),
        ),
        (
            "Foundation, the robot maker, raised $11 million. The Wikimedia Foundation signed.",
            ("Foundation", "raised", "Foundation"),
        ),
    ],
)
def test_a_right_reading_is_not_ruled_out(reader: Reader, text: str, fact: tuple[str, str, str]) -> None:
    read = reader.extract(Issue(key="right", doc_id="right", text=text + "\n"))
    assert fact in {(s.subject, s.relation, s.object) for s in read.statements}
