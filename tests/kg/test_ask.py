"""Asking: English questions, what they get, and what they are refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.answer import Answer
from kg.ask import ask
from kg.graph import Graph
from kg.reference import load as load_reference
from kg.schema import load as load_schema
from kg.store.sqlite import SQLiteStore
from tests.kg.asking_world import Fact, extract, usd, world

Ask = Callable[[str], Answer]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Return a function that asks the small world."""
    store, schema, reference = world(tmp_path_factory.mktemp("world"))
    return lambda question: ask(question, store, schema, reference)


ANSWERS = [
    # investments, in many words
    ("Who invested in Anthropic?", ["Amazon: up to $25 billion (announced 2026-04-20) and $8 billion (completed)"]),
    ("who has put money into anthropic", ["Amazon"]),
    ("Who are Anthropic's investors?", ["Amazon"]),
    ("investors of Anthropic", ["Amazon"]),
    ("largest investor in Anthropic", ["Amazon"]),
    ("what did Amazon invest in?", ["Anthropic"]),
    ("who invested in whom", ["Amazon invested in Anthropic", "Orbo Capital invested in Quillon Labs", "rumored"]),
    ("how much did Amazon invest in Anthropic?", ["Up to $33 billion with promises, of which $8 billion is confirmed"]),
    ("How much money has Amazon put into Anthropic in total, older money included?", ["Up to $33 billion"]),
    ("Who invested in Anthropic and OpenAI?", ["Amazon invested in Anthropic"]),
    # rounds, deals
    ("Who closed a Series C and how much was it?", ["Cartesia: $100 million (Series C"]),
    ("how much did Cartesia raise", ["$100 million"]),
    ("What product came from the startup with the $100M Series C?", ["Sonic-3"]),
    ("what are the biggest deals", ["1. OpenAI committed to spend with Microsoft: about $250 billion"]),
    ("deals of $100bn or more", ["OpenAI committed", "Anthropic committed to spend with AWS"]),
    ("biggest deal", ["OpenAI committed to spend with Microsoft"]),
    ("list all deals between Microsoft and OpenAI", ["OpenAI committed", "Microsoft licenses from OpenAI"]),
    # cloud
    ("Whose cloud is Anthropic tied to, for how much and for how long?",
     ["AWS: more than $100 billion, over 10 years"]),
    ("List every company that has signed up to spend $100bn or more with a cloud provider.", ["OpenAI", "Anthropic"]),
    ("how much has Anthropic committed to Amazon", ["More than $100 billion", "AWS counted as Amazon (background)"]),
    ("Which is bigger - OpenAI's commitment with Azure or Anthropic's with AWS?",
     ["OpenAI with Microsoft is the bigger", "Azure counted as Microsoft, its maker (background)"]),
    # stakes, licences
    ("What share of OpenAI does Microsoft hold?", ["about 27%"]),
    ("Who owns a piece of OpenAI and how big is each named holder's stake?",
     ["Microsoft: about 27%", "OpenAI Foundation: 26%"]),
    ("who has the biggest stake in OpenAI", ["Microsoft: about 27%"]),
    ("Until when does MSFT keep IP rights to OpenAI tech?", ["2032", "Read 'MSFT' as Microsoft."]),
    # people
    ("Who is the CEO of DeepMind?", ["Demis Hassabis", "Read 'DeepMind' as Google DeepMind."]),
    ("who works at google deepmind", ["Demis Hassabis: CEO"]),
    ("What is Greg Brockman's job, and which model was he talking up?", ["OpenAI: President", "Spud"]),
    ("Where does Demis Hassabis work?", ["Google DeepMind"]),
    ("who left Google", ["Steve Yegge: engineer (formerly)"]),
    ("who founded Google?", ["Sergey Brin"]),
    # models
    ("Which models has xAI said it will ship in the coming months?", ["Grok 4.4: planned 2026-05"]),
    ("What did xAI put out in April 2026?", ["Grok 4.3 Beta: previewed 2026-04-17"]),
    ("latest release from xAI", ["Grok 4.4: planned 2026-05"]),
    ("which models are delayed", ["Meta makes Avocado: delayed 2026-05"]),
    ("Which companies released models in April 2026?", ["Moonshot AI makes Kimi K2.6: released 2026-04-20"]),
    ("when is Grok 4.4 coming", ["planned 2026-05"]),
    ("How did K2.6 do on swe bench verified next to Opus 4.6?", ["80.2%", "80.8%", "Read 'K2.6' as Kimi K2.6."]),
    ("who is best on SWE-Bench Verified", ["1. Claude Opus 4.6: 80.8%", "2. Kimi K2.6: 80.2%"]),
    ("Anything that beats GPT-5.4, and on which benchmark?", ["Kimi K2.6: on BrowseComp"]),
    ("Which company makes the model that edged out GPT-5.4 on BrowseComp?", ["Moonshot AI"]),
    ("Where can I run Kimi K2.6?", ["Hugging Face", "vLLM", "Baseten"]),
    ("Which hosts carry both Kimi K2.6 and Sonic-3?", ["Baseten."]),
    ("who makes ChatGPT", ["OpenAI"]),
    ("Who might license Gemini?", ["Meta: in talks"]),
    # figures
    ("Anthropic's run-rate revenue: now versus the end of 2025?",
     ["more than $30 billion", "about $9 billion (for 2025)"]),
    ("What is Meta planning to spend on capex this year (2026)?", ["$115-135 billion"]),
    # shapes of no relation
    ("What's going on with avocado?", ["Avocado: model", "Meta makes Avocado: delayed 2026-05"]),
    ("How is Microsoft connected to the OpenAI Foundation?", ["Through OpenAI"]),
    ("Is Qwen a company or a model, and who stands behind Kimi K2.6?", ["a company", "a model", "Moonshot AI"]),
    ("who invested in the company Anthropic", ["Amazon"]),
    ("where is Moonshot AI's Kimi K2.6 available", ["vLLM", "Read 'Moonshot AI's Kimi K2.6' as Kimi K2.6."]),
    # slips of the pen are told
    ("how much has amazn put into Antropic", ["Read 'amazn' as Amazon.", "Read 'Antropic' as Anthropic."]),
    ("who investd in Anthropic", ["Amazon", "Read 'investd'"]),
    ("who secretly invested in Anthropic", ["Amazon"]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "parts"), ANSWERS, ids=[q for q, _ in ANSWERS])
def test_a_question_is_answered(asked: Ask, question: str, parts: list[str]) -> None:
    answer = asked(question)
    assert answer.reason is None, answer.text
    assert [part for part in parts if part not in answer.text] == [], answer.text


def test_an_answer_has_its_sentences(asked: Ask) -> None:
    answer = asked("Who invested in Anthropic?")
    assert {e["text"] for s in answer.statements for e in s["evidence"]} == {
        "Amazon will put up to $25 billion into Anthropic.",
        "Amazon had given Anthropic $8 billion in earlier years.",
    }
    assert {e["issue"] for s in answer.statements for e in s["evidence"]} == {"letter-april"}


WITHOUT = [
    ("What did xAI release?", "Grok 4.4"),  # only planned
    ("Who invested in Anthropic?", "Orbo"),
    ("List every company that has signed up to spend $200bn or more with a cloud provider.", "Anthropic"),
    ("what did xAI release in April 2026", "Grok 4.4"),
]


@pytest.mark.parametrize(("question", "part"), WITHOUT)
def test_what_was_not_asked_for_stays_away(asked: Ask, question: str, part: str) -> None:
    answer = asked(question)
    assert answer.answered
    assert part not in answer.text


YES_OR_NO = [
    ("Did Amazon invest in Anthropic?", True, "Yes"),
    ("Is Amazon an investor in Anthropic?", True, "Yes"),
    ("Has Meta signed a licence for Gemini?", False, "in talks"),
    ("Did Orbo Capital invest in Quillon Labs?", False, "rumored"),
    ("Did Meta acquire Quillon Labs?", False, "denied"),
    ("Will xAI release Grok 4.4?", True, "planned"),
    ("Is Kimi K2.6 available on vLLM?", True, "Yes"),
    ("Does Demis Hassabis work at Google DeepMind?", True, "Yes"),
    ("Does Steve Yegge work at Google?", False, "formerly"),
]


@pytest.mark.parametrize(("question", "value", "part"), YES_OR_NO)
def test_yes_or_no_tells_rumours_and_denials_from_facts(asked: Ask, question: str, value: bool, part: str) -> None:
    answer = asked(question)
    assert answer.value is value, answer.text
    assert part in answer.text


NOT_STATED = [
    "Which companies did OpenAI acquire?",
    "Who are Moonshot AI's investors?",
    "What valuation did Mistral last raise at?",  # a name that no issue has
    "Did Microsoft invest in Anthropic?",
    "Who invested in OpenAI in 2019?",
    "What beats Kimi K2.5?",  # never answered with K2.6
    "how did GPT-5.3 score on BrowseComp",
    "who sued whom",
    "How is Sergey Brin connected to Cartesia?",
]


@pytest.mark.parametrize("question", NOT_STATED)
def test_what_no_issue_says_is_said_to_be_so(asked: Ask, question: str) -> None:
    answer = asked(question)
    assert (answer.reason, answer.rows, answer.value) == ("not_stated", (), None), answer.text
    assert "not stated in the 3 issues read" in answer.text


REFUSED = [
    "", "   ", "?", "🤖🤖🤖", "x" * 100_000, "who " * 100, "Who did not invest in Anthropic?",
    "Why did Amazon invest in Anthropic?",
    "Who invested in Anthropic's competitors?", "who invested in Anthropic except Amazon", "Should I buy Amazon?",
    "'; DROP TABLE edge; --", "MATCH (n) DETACH DELETE n", "<script>alert(1)</script>", "{subject} {object}",
    "E0 E1 WH ~the", "who invested in Anthropic or who cares about bananas", "\x00\ud800", "(((((((((", "a" * 599,
]  # fmt: skip


@pytest.mark.parametrize("question", REFUSED, ids=[q[:30].encode("ascii", "replace").decode() for q in REFUSED])
def test_what_is_not_understood_is_refused(asked: Ask, question: str) -> None:
    answer = asked(question)
    assert not answer.answered
    assert (answer.rows, answer.value) == ((), None)
    json.dumps(answer.to_json())


def test_a_word_that_is_not_used_is_named(asked: Ask) -> None:
    assert "'stopgap' was not understood and is not used." in asked("Who might license Gemini as a stopgap?").left_out


def test_each_of_several_names_is_answered_or_missed(asked: Ask) -> None:
    assert "for OpenAI: not stated" in asked("Who invested in Anthropic and OpenAI?").left_out


def test_a_count_counts(asked: Ask) -> None:
    assert asked("How many platforms is Kimi K2.6 hosted on?").value == 3
    assert asked("how many companies did Amazon invest in").value == 1


def test_currencies_are_never_mixed(asked: Ask) -> None:
    answer = asked("how much did Orbo Capital invest in Quillon Labs")
    assert "€200 million" in answer.text
    assert answer.value["currency"] == "EUR"
    large = asked("deals of $50 million or more")
    assert "Quillon" not in large.text
    assert any("another currency" in left for left in large.left_out)


def test_a_name_that_fits_several_is_asked_back(asked: Ask) -> None:
    answer = asked("Where does Quill work?")
    assert answer.reason == "ambiguous"
    assert answer.rows == ()
    assert "Ana Quill" in answer.text
    assert "Ben Quill" in answer.text


def test_background_is_shown_as_such(asked: Ask) -> None:
    answer = asked("What is AWS's parent company?")
    assert answer.reason == "not_stated"
    assert "Background, from no issue: AWS belongs to Amazon." in answer.text


def test_json_has_the_agreed_form(asked: Ask) -> None:
    data = asked("Who invested in Anthropic?").to_json()
    assert list(data) == [
        "question", "answered", "reason", "text", "understood", "rows", "statements", "left_out", "value",
    ]  # fmt: skip
    assert data["answered"] is True
    assert data["rows"][0] == {
        "subject": "Amazon", "relation": "invested_in", "object": "Anthropic", "subject_id": "org/amazon",
        "object_id": "org/anthropic", "attrs": data["rows"][0]["attrs"], "stage": "announced", "certain": True,
        "statement_ids": data["rows"][0]["statement_ids"],
    }  # fmt: skip
    assert data["rows"][0]["attrs"]["amount"] == {
        "low": None, "high": 25000000000, "currency": "USD", "qualifier": "up_to",
    }  # fmt: skip
    assert {s["id"] for s in data["statements"]} == {i for row in data["rows"] for i in row["statement_ids"]}
    assert list(data["statements"][0]["evidence"][0]) == ["role", "text", "issue", "start", "end"]
    json.dumps(data, allow_nan=False)


def test_a_share_of_a_round_is_not_the_round(tmp_path_factory: pytest.TempPathFactory) -> None:
    facts: list[Fact] = [
        ("Brevia", "raised", "Brevia", "Brevia took in $3 billion in a Series F.",
         {"amount": usd(3), "round": "Series F"}),
        ("Google", "invested_in", "Brevia", "Google joined the Series F of Brevia.", {"round": "Series F"}),
        ("Microsoft", "invested_in", "Brevia", "Microsoft put $1 billion into the Series F of Brevia.",
         {"round": "Series F", "amount": usd(1)}),
    ]  # fmt: skip
    store, schema, reference = world(tmp_path_factory.mktemp("round"), extract("letter-round", "2026-05-01", facts))
    google = ask("how much did Google invest in Brevia", store, schema, reference)
    assert google.value is None
    assert any("not stated alone" in left for left in google.left_out)
    microsoft = ask("how much did Microsoft invest in Brevia", store, schema, reference)
    assert microsoft.value["confirmed"] == 1_000_000_000


def test_a_relation_that_is_added_can_be_asked_for(tmp_path: Path) -> None:
    names = "{Ana Quill: person, Ben Quill: person}"
    example = f"{{style: active, entities: {names}, facts: [[Ana Quill, mentored, Ben Quill]], text: "
    (tmp_path / "mentored.yaml").write_text(
        "name: mentored\nmeaning: A person taught another.\nsubjects: [person]\nobjects: [person]\nedge: MENTORED\n"
        'forms: {active: "{subject} mentored {object}", noun: mentor}\nwords: {taught: [taught, mentored]}\n'
        'wordings: ["{subject:person} {taught} {object:person}"]\n'
        'questions: {list_subjects: ["who {taught} {object}"], yesno: ["did {subject} mentor {object}"]}\n'
        f'examples:\n- {example}"Ana Quill taught Ben Quill."}}\n- {example}"Ana Quill mentored Ben Quill."}}\n'
        'negatives: [{text: "Nobody taught."}, {text: "A mentor left."}, {text: "Ben taught."}]\n',
        encoding="utf-8",
    )
    rules, known = load_schema(extra=[tmp_path / "mentored.yaml"]), load_reference()
    store = SQLiteStore(tmp_path / "kg.db")
    fact: Fact = ("Ana Quill", "mentored", "Ben Quill", "Ana Quill mentored Ben Quill.", {})
    Graph(store, rules, known).put(extract("letter", "2026-01-01", [fact]))
    assert ask("Who taught Ben Quill?", store, rules, known).text == "Ana Quill."
    assert ask("Did Ana Quill mentor Ben Quill?", store, rules, known).value is True
