"""Assembly: names of one issue joined, facts of one pair merged, every end with a mention in the evidence."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.assemble import assemble
from ingest.facts import Fact, Findings, Mention
from kg import schema
from kg.model import Amount, Extract, Issue, Span

SCHEMA = schema.load()


def mention(text: str, name: str, kind: str, nth: int = 0) -> Mention:
    start = -1
    for _ in range(nth + 1):
        start = text.index(name, start + 1)
    return Mention(start, start + len(name), name, kind)


def made(text: str, names: list[tuple[str, str]], facts: list[tuple[str, str, str, dict[str, Any], float]]) -> Extract:
    """Return the Extract of a text with these mentions and facts (by surface)."""
    seen: dict[str, int] = {}
    mentions = []
    for name, kind in names:
        mentions.append(mention(text, name, kind, seen.get(name, 0)))
        seen[name] = seen.get(name, 0) + 1
    kinds = dict(names)
    evidence = (Span(text=text, start=0, end=len(text)),)
    found = Findings(
        mentions,
        [
            Fact(mention(text, s, kinds[s]), r, mention(text, o, kinds[o]), attrs, p, evidence)
            for s, r, o, attrs, p in facts
        ],
    )
    return assemble(Issue(key="k", doc_id="k", text=text), found, SCHEMA, "test")


JOINS = [
    ("Larch AI and Larch", [("Larch AI", "company"), ("Larch", "company")], {"Larch AI"}),
    ("Mara Quint met Quint", [("Mara Quint", "person"), ("Quint", "person")], {"Mara Quint"}),
    ("Mara Quint, Tom Quint and Quint", [("Mara Quint", "person"), ("Tom Quint", "person"), ("Quint", "person")],
     {"Mara Quint", "Tom Quint", "Quint"}),
    ("Zephyr K2.5 and K2.5", [("Zephyr K2.5", "model"), ("K2.5", "model")], {"Zephyr K2.5"}),
    ("Zephyr K2.5 and K2.6", [("Zephyr K2.5", "model"), ("K2.6", "model")], {"Zephyr K2.5", "K2.6"}),
    ("Oxbow, Oxbow's", [("Oxbow", "company"), ("Oxbow's", "company")], {"Oxbow"}),
    ("Larch and Larch Foundation", [("Larch", "company"), ("Larch Foundation", "organization")],
     {"Larch", "Larch Foundation"}),
    ("Oxbow made Loom. Oxbow Loom", [("Oxbow", "company"), ("Loom", "product"), ("Oxbow Loom", "product")],
     {"Oxbow", "Oxbow Loom"}),
    ("OXBOW and oxbow", [("OXBOW", "company"), ("oxbow", "company")], None),
    ("Zephyr K2.6-Max-Preview, Max-Preview, Pro", [("Zephyr K2.6-Max-Preview", "model"), ("Max-Preview", "model"),
     ("Pro", "product")], {"Zephyr K2.6-Max-Preview"}),
    ("Moody's and Moody's", [("Moody's", "company"), ("Moody's", "company")], {"Moody's"}),
    ("Oxbow, formerly Marlin Labs", [("Oxbow", "company"), ("Marlin Labs", "company")], {"Oxbow"}),
    ("Oxbow (aka Tern) and Tern", [("Oxbow", "company"), ("Tern", "company"), ("Tern", "company")], {"Oxbow"}),
    ("Oxbow and formerly Marlin Labs", [("Oxbow", "company"), ("Marlin Labs", "company")], {"Oxbow", "Marlin Labs"}),
    ("Vexa and Vexa Plus", [("Vexa", "product"), ("Vexa Plus", "product")], None),
    ("Oxbow Loom 0.2, Loom", [("Oxbow", "company"), ("Oxbow Loom 0.2", "product"), ("Loom", "product")],
     {"Oxbow", "Loom"}),
    ("Vexa and Vexa Pro", [("Vexa", "model"), ("Vexa Pro", "model")], {"Vexa", "Vexa Pro"}),
    ("Loom, Loom 2 and Loom 3", [("Loom", "product"), ("Loom 2", "product"), ("Loom 3", "product")],
     {"Loom", "Loom 2", "Loom 3"}),
    ("Premiere and Adobe Premiere Pro", [("Adobe Premiere", "product"), ("Adobe Premiere Pro", "product")], None),
    ("Quill and Quill 910", [("Quill", "product"), ("Quill 910", "product")], {"Quill", "Quill 910"}),
    ("Grand Lake Power Trust (GLPT)", [("Grand Lake Power Trust", "company"), ("GLPT", "company")],
     {"Grand Lake Power Trust"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "names", "expected"), JOINS)
def test_variants_of_a_name_are_one_entity(text: str, names: list[tuple[str, str]], expected: set[str] | None) -> None:
    found = {e.name for e in made(text, names, []).entities}
    assert found == expected if expected is not None else len(found) == 1


HANDLES = [
    ("@VelloResearch", ("Vello", "company"), True),
    ("@tarn_project", ("Tarn", "product"), True),
    ("@TarnHQ", ("Tarn", "model"), False),  # a model does not post
    ("@OrrinFan", ("Orrin", "company"), False),
]


@pytest.mark.parametrize(("handle", "named", "joined"), HANDLES)
def test_a_handle_that_holds_a_name_of_the_issue_is_its_alias(
    handle: str, named: tuple[str, str], joined: bool
) -> None:
    (entity,) = made(f"{named[0]} said {handle}", [named, (handle, "handle")], []).entities
    assert (handle in entity.aliases) == joined


def test_a_firm_with_two_handles_is_one() -> None:
    names = [("Vello", "company"), ("@vello", "handle"), ("@VelloResearch", "handle")]
    (entity,) = made("Vello, @vello and @VelloResearch", names, []).entities
    assert "@VelloResearch" in entity.aliases


def test_an_unused_handle_is_no_entity_and_one_with_a_fact_is() -> None:
    text = "@mara founded Oxbow; via @tom"
    names = [("@mara", "handle"), ("Oxbow", "company"), ("@tom", "handle")]
    extract = made(text, names, [("@mara", "founded", "Oxbow", {}, 0.9)])
    assert {(e.name, e.type) for e in extract.entities} == {("@mara", "person"), ("Oxbow", "company")}


PAIR = [("Oxbow", "company"), ("Marlin", "company")]
TEN, FIVE = Amount(low=1e7, high=1e7), Amount(low=5e6, high=5e6)


@pytest.mark.parametrize(
    ("relation", "attrs", "amounts"),
    [
        ("invested_in", [{"amount": TEN}, {}], [TEN]),
        ("invested_in", [{"amount": TEN}, {"amount": FIVE}], [TEN, FIVE]),
        ("invested_in", [{"amount": TEN, "round": "Seed"}, {"round": "Series A"}], [TEN, None]),
        (
            "acquired",
            [{"amount": TEN}, {"amount": Amount(low=1.005e7, high=1.005e7)}],
            [Amount(low=1.005e7, high=1.005e7)],
        ),
    ],
)
def test_facts_of_one_pair_join_where_amount_and_round_agree(
    relation: str, attrs: list[dict[str, Any]], amounts: list[Amount | None]
) -> None:
    facts = [("Oxbow", relation, "Marlin", a, 0.9) for a in attrs]
    extract = made("Oxbow and Marlin", PAIR, facts)
    assert [s.attrs.amount for s in extract.statements] == amounts


def usd(low: float | None, high: float | None, qualifier: Any = "exact") -> Amount:
    return Amount(low=low, high=high, qualifier=qualifier)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ([usd(2e9, 2e9), usd(2e9, None, "at_least")], [usd(2e9, None, "at_least")]),  # a headline says less
        ([usd(25e9, 25e9), usd(None, 25e9, "up_to")], [usd(None, 25e9, "up_to")]),
        ([usd(12e6, 12e6), usd(11.65e6, 11.65e6)], [usd(11.65e6, 11.65e6)]),
        ([usd(11.65e6, 11.65e6), usd(12e6, 12e6)], [usd(11.65e6, 11.65e6)]),
        ([usd(1e9, 1e9), usd(1.4e9, 1.4e9)], [usd(1e9, 1e9), usd(1.4e9, 1.4e9)]),  # 1 is not 1.4 rounded: two deals
    ],
)
def test_of_two_figures_for_one_deal_the_finer_counts(said: list[Amount], shown: list[Amount]) -> None:
    facts = [("Oxbow", "acquired", "Marlin", {"amount": a}, 0.9 - n / 100) for n, a in enumerate(said)]
    assert [s.attrs.amount for s in made("Oxbow and Marlin", PAIR, facts).statements] == shown


def test_types_that_no_relation_allows_give_no_statement() -> None:
    extract = made(
        "Mara bought Oxbow", [("Mara", "person"), ("Oxbow", "company")], [("Mara", "acquired", "Oxbow", {}, 0.9)]
    )
    assert extract.statements == ()


def test_a_symmetric_relation_is_stated_once() -> None:
    facts = [("Oxbow", "partnered_with", "Marlin", {}, 0.9), ("Marlin", "partnered_with", "Oxbow", {}, 0.8)]
    assert len(made("Oxbow and Marlin", PAIR, facts).statements) == 1


def test_a_round_seen_elsewhere_takes_the_amount_from_several_investors() -> None:
    text = "Oxbow Marlin Pale"
    names = [*PAIR, ("Pale", "company")]
    facts = [
        ("Oxbow", "raised", "Oxbow", {"amount": TEN}, 0.9),
        ("Marlin", "invested_in", "Oxbow", {"amount": TEN}, 0.9),
        ("Pale", "invested_in", "Oxbow", {}, 0.9),
    ]
    said = {(s.subject, s.relation): s.attrs.amount for s in made(text, names, facts).statements}
    assert said == {("Oxbow", "raised"): TEN, ("Marlin", "invested_in"): None, ("Pale", "invested_in"): None}


def test_the_bare_name_of_a_poster_is_no_company() -> None:
    names = [("Oxbow", "company"), ("corgi_fan", "handle")]
    extract = made("Oxbow and corgi_fan", names, [("Oxbow", "invested_in", "corgi_fan", {}, 0.9)])
    assert extract.statements == ()
    assert [e.name for e in extract.entities] == ["Oxbow"]


def test_a_firms_handle_names_it_and_a_known_poster_has_a_type() -> None:
    text = "@AnthropicAI, @karpathy, @corgi_fan and Oxbow"
    names = [("@AnthropicAI", "handle"), ("@karpathy", "handle"), ("@corgi_fan", "handle"), ("Oxbow", "company")]
    assert [(e.name, e.type) for e in made(text, names, []).entities] == [
        ("@AnthropicAI", "company"),
        ("Oxbow", "company"),
    ]
    used = made(text, names, [("@karpathy", "works_at", "Oxbow", {}, 0.9)])
    assert ("@karpathy", "person") in [(e.name, e.type) for e in used.entities]
    assert made(text, names, [("Oxbow", "acquired", "@karpathy", {}, 0.9)]).statements == ()


def test_a_rounds_date_and_leading_figure_reach_the_deals_of_the_round() -> None:
    text = "Oxbow Marlin Pale"
    names = [*PAIR, ("Pale", "company")]
    facts = [
        ("Oxbow", "raised", "Oxbow", {"round": "Seed"}, 0.9),
        ("Marlin", "invested_in", "Oxbow", {"amount": TEN, "round": "Seed", "lead": True, "date": "2023-06-13"}, 0.9),
        ("Pale", "invested_in", "Oxbow", {"round": "Seed"}, 0.9),
    ]
    said = {s.subject: s for s in made(text, names, facts).statements}
    assert said["Oxbow"].attrs.amount == TEN
    assert said["Marlin"].attrs.amount is None
    assert {s.attrs.date for s in said.values()} == {"2023-06-13"}
    assert said["Pale"].sources["date"] == 0


def test_a_valuation_that_a_round_tells_is_not_told_again() -> None:
    other = Amount(low=3e9, high=3e9)
    facts = [
        ("Oxbow", "raised", "Oxbow", {"round": "Seed", "valuation": TEN}, 0.9),
        ("Oxbow", "reports_metric", "Oxbow", {"metric": "valuation", "amount": TEN}, 0.9),
        ("Oxbow", "reports_metric", "Oxbow", {"metric": "revenue", "amount": TEN}, 0.9),
        ("Oxbow", "reports_metric", "Oxbow", {"metric": "valuation", "amount": other}, 0.9),
        ("Marlin", "reports_metric", "Marlin", {"metric": "valuation", "amount": TEN}, 0.9),
    ]
    statements = made("Oxbow Marlin", PAIR, facts).statements
    said = {(s.subject, s.attrs.metric, s.attrs.amount == TEN) for s in statements if s.relation == "reports_metric"}
    assert said == {("Oxbow", "revenue", True), ("Oxbow", "valuation", False), ("Marlin", "valuation", True)}


def test_two_dates_of_a_round_reach_nobody() -> None:
    text = "Oxbow Marlin Pale"
    names = [*PAIR, ("Pale", "company")]
    facts = [
        ("Oxbow", "raised", "Oxbow", {"round": "Seed", "date": "2023-06"}, 0.9),
        ("Marlin", "invested_in", "Oxbow", {"round": "Seed", "date": "2022-01"}, 0.9),
        ("Pale", "invested_in", "Oxbow", {"round": "Seed"}, 0.9),
    ]
    assert {s.attrs.date for s in made(text, names, facts).statements if s.subject == "Pale"} == {None}


@pytest.mark.parametrize(
    ("between", "round_", "date", "said"),
    [
        (" ", "Series F", "2025-09", ("Series F", "2025-09")),
        ("\n\n", "Series F", "2025-09", (None, None)),  # another block
        (" ", None, "2025-09", (None, None)),
        (" It is big. " * 40, "Series F", None, (None, None)),  # too far away
    ],
)
def test_investors_told_right_behind_a_round_are_in_it(
    between: str, round_: str | None, date: str | None, said: tuple[str | None, str | None]
) -> None:
    first, second = "Oxbow raised a round.", "Marlin led."
    text = first + between + second
    spans = [Span(text=first, start=0, end=len(first)), Span(text=second, start=len(text) - len(second), end=len(text))]
    names = [mention(text, "Oxbow", "company"), mention(text, "Marlin", "company")]
    attrs = {k: v for k, v in {"round": round_, "date": date, "amount": TEN}.items() if v}
    facts = [
        Fact(names[0], "raised", names[0], attrs, 0.9, (spans[0],)),
        Fact(names[1], "invested_in", names[0], {"lead": True}, 0.9, (spans[1],)),
    ]
    extract = assemble(Issue(key="k", doc_id="k", text=text), Findings(names, facts), SCHEMA, "test")
    investor = next(s for s in extract.statements if s.relation == "invested_in")
    assert (investor.attrs.round, investor.attrs.date) == said
    assert investor.evidence[0].text == second
