"""Qualifiers: which figures around a related pair belong to its fact."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ingest.features import RELATIONS, words
from ingest.negation import denied
from ingest.qualifiers import Claim, Part, View, link
from ingest.quantities import Tok
from kg.model import Amount


def read(text: str, names: dict[str, str], claims: list[tuple[str, str, str]], **said: Any) -> list[dict[str, Any]]:
    """Return the attrs of claims (subject, relation, object by surface) in a text of one or more sentences."""
    toks = [Tok(text[a:b], a, b) for a, b in words(text)]
    parts, at = [], 0
    for sentence in text.split("\n"):
        n = len(words(sentence))
        parts.append(Part(at, at + n))
        at += n
    mentions, index = [], {}
    for name, kind in names.items():
        start = text.index(name)
        inside = [k for k, t in enumerate(toks) if start <= t.start and t.end <= start + len(name)]
        index[name] = len(mentions)
        mentions.append((inside[0], inside[-1], kind))
    view = View(toks, parts, mentions, (), "2026-04-21")
    status = said.pop("status", {"announced": 1.0})
    made = [Claim(index[s], r, index[o], status=status, **said) for s, r, o in claims]
    return [c.attrs for c in link(view, made)]


def usd(low: float | None, high: float | None, qualifier: str = "exact") -> Amount:
    return Amount(low=low, high=high, qualifier=qualifier)  # type: ignore[arg-type]


EUROS = Amount(low=9e7, high=9e7, currency="EUR", qualifier="about")
HUNDRED = usd(100e9, None, "at_least")
FIRMS = {"Oxbow": "company", "Marlin": "company"}
CASES: list[tuple[str, str, str, dict[str, Any]]] = [
    ("Oxbow put $5 million into Marlin.", "invested_in", "amount", usd(5e6, 5e6)),
    ("Oxbow will invest up to $25 billion in Marlin.", "invested_in", "amount", usd(None, 25e9, "up_to")),
    ("Oxbow bought Marlin for about €90 million.", "acquired", "amount", EUROS),
    ("Oxbow bought Marlin, which charges $20 a month.", "acquired", "amount", None),
    ("Oxbow bought Marlin, whose revenue is $40 million.", "acquired", "amount", None),
    ("Oxbow committed more than $100 billion to Marlin over ten years.", "commits_spend", "amount", HUNDRED),
    ("Oxbow committed more than $100 billion to Marlin over ten years.", "commits_spend", "term", "10 years"),
    ("Oxbow holds 27% of Marlin.", "owns_stake", "percent", 27.0),
    ("Oxbow led the $80 million Series B of Marlin.", "invested_in", "round", "Series B"),
    ("Oxbow bought Marlin on April 20.", "acquired", "date", "2026-04-20"),
    ("Oxbow lent Marlin £2 million.", "lent_to", "amount", Amount(low=2e6, high=2e6, currency="GBP")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "relation", "name", "value"), CASES)
def test_a_figure_goes_to_its_fact(text: str, relation: str, name: str, value: Any) -> None:
    attrs = read(text, FIRMS, [("Oxbow", relation, "Marlin")])
    assert attrs[0].get(name) == value


def test_a_second_amount_opens_a_second_fact() -> None:
    text = "Oxbow will invest up to $25 billion in Marlin, on top of the $8 billion previously invested."
    first, second = read(text, FIRMS, [("Oxbow", "invested_in", "Marlin")])
    assert first["amount"] == usd(None, 25e9, "up_to")
    assert second["amount"] == usd(8e9, 8e9)
    assert second["status"] == "completed"


def test_a_round_has_the_amount_and_its_several_investors_have_not() -> None:
    names = {**FIRMS, "Pale Hill": "company"}
    claims = [("Oxbow", "raised", "Oxbow"), ("Marlin", "invested_in", "Oxbow"), ("Pale Hill", "invested_in", "Oxbow")]
    attrs = read("Oxbow raised $30 million from Marlin and Pale Hill.", names, claims)
    assert [a.get("amount") for a in attrs] == [usd(3e7, 3e7), None, None]


def test_the_only_investor_has_the_amount_of_the_round() -> None:
    claims = [("Oxbow", "raised", "Oxbow"), ("Marlin", "invested_in", "Oxbow")]
    attrs = read("Oxbow raised $30 million from Marlin.", FIRMS, claims)
    assert [a.get("amount") for a in attrs] == [usd(3e7, 3e7), usd(3e7, 3e7)]


def test_two_firms_each_take_the_nearer_amount() -> None:
    claims = [("Oxbow", "raised", "Oxbow"), ("Marlin", "raised", "Marlin")]
    attrs = read("Oxbow raised $30 million, Marlin raised $4 million.", FIRMS, claims)
    assert [a["amount"].low for a in attrs] == [3e7, 4e6]


@pytest.mark.parametrize(
    ("text", "attrs"),
    [
        ("Oxbow is seeking a valuation of $90 billion.", {"valuation": usd(90e9, 90e9), "status": "in_talks"}),
        ("Oxbow eyes an IPO at a $90 billion valuation.", {"metric": "valuation", "amount": usd(90e9, 90e9)}),
        ("Oxbow reached a $90 billion valuation.", {"metric": "valuation", "amount": usd(90e9, 90e9)}),
        ("Oxbow, which targets firms, is valued at $90 billion.", {"metric": "valuation", "amount": usd(90e9, 90e9)}),
        ("Sought-after Oxbow is valued at $90 billion.", {"metric": "valuation", "amount": usd(90e9, 90e9)}),
        ("Oxbow wants $90 billion worth of chips.", None),
    ],
)
def test_a_valuation_that_is_sought_is_one_of_a_round(text: str, attrs: dict[str, Any] | None) -> None:
    found = read(text, {"Oxbow": "company"}, [("Oxbow", "reports_metric", "Oxbow")])
    assert found == ([attrs] if attrs else [])


def test_a_sum_in_front_of_an_investor_in_brackets_is_its_sum() -> None:
    names = {"Marlin": "company", "Pale Hill": "company", "Oxbow": "company"}
    claims = [("Marlin", "invested_in", "Oxbow"), ("Pale Hill", "invested_in", "Oxbow")]
    attrs = read("Investments of $10 million (Marlin) and $5 million (Pale Hill) in Oxbow.", names, claims)
    assert [a["amount"].low for a in attrs] == [1e7, 5e6]
    (told,) = read(
        "Oxbow raised $5 million (Pale Hill) for chips.", {"Oxbow": "company"}, [("Oxbow", "raised", "Oxbow")]
    )
    assert told["amount"] == usd(5e6, 5e6)


def test_each_metric_is_a_fact_of_its_own() -> None:
    text = "Oxbow has revenue of $40 million and 300 employees."
    attrs = read(text, {"Oxbow": "company"}, [("Oxbow", "reports_metric", "Oxbow")])
    assert {(a["metric"], a["amount"].low if "amount" in a else a["value"]) for a in attrs} == {
        ("revenue", 4e7),
        ("headcount", 300.0),
    }


def test_an_old_level_without_a_period_is_no_metric() -> None:
    text = "Oxbow now has revenue of $40 million, up from $9 million."
    attrs = read(text, {"Oxbow": "company"}, [("Oxbow", "reports_metric", "Oxbow")])
    assert [a["amount"].low for a in attrs] == [4e7]


DENIED: list[tuple[str, str, bool]] = [
    ("Oxbow did not invest in Marlin.", "invested_in", True),
    ("Oxbow never acquired Marlin.", "acquired", True),
    ("Oxbow hasn’t sued Marlin.", "sued", True),
    ("If Oxbow bought Marlin, prices would fall.", "acquired", True),
    ("Oxbow could sue Marlin.", "sued", True),
    ("Oxbow no longer holds a stake in Marlin.", "owns_stake", True),
    ("Oxbow invested not only in Marlin.", "invested_in", False),
    ("Oxbow, which did not raise money last year, bought Marlin.", "acquired", False),
    ("Oxbow invested in Marlin, not in others.", "invested_in", False),
    ("Marlin: no, Oxbow hasn't invested.", "invested_in", True),
    ("Oxbow sued Marlin.", "sued", False),
    ("Oxbow could invest in Marlin.", "invested_in", False),
]


@pytest.mark.parametrize(("text", "relation", "none"), DENIED)
def test_a_negated_or_supposed_claim_is_none(text: str, relation: str, none: bool) -> None:
    toks = [Tok(text[a:b], a, b) for a, b in words(text)]
    at = [next(k for k, t in enumerate(toks) if t.text == name) for name in FIRMS]
    view = View(toks, [Part(0, len(toks))], [(k, k, "company") for k in at])
    assert denied(view, Claim(0, relation, 1)) is none


def test_what_is_promised_at_most_is_not_paid() -> None:
    claims = [("Oxbow", "invested_in", "Marlin")]
    paid = {"completed": 1.0}
    assert read("Oxbow put up to $25 billion into Marlin.", FIRMS, claims, status=paid)[0]["status"] == "announced"
    assert read("Oxbow put $25 billion into Marlin.", FIRMS, claims, status=paid)[0]["status"] == "completed"


TRANCHES: list[tuple[str, list[tuple[Amount, str | None, str | None]]]] = [
    (
        "Oxbow will invest up to $25 billion in Marlin, with $5 billion arriving immediately and the rest contingent on"
        " sales targets.",
        [(usd(5e9, 5e9), None, None), (usd(None, 20e9, "up_to"), "planned", "sales targets")],
    ),
    (
        "Oxbow puts $10 billion into Marlin: $3 billion upfront and another $7 billion if Marlin turns a profit.",
        [(usd(3e9, 3e9), None, None), (usd(7e9, 7e9), "planned", "Marlin turns a profit")],
    ),
    ("Oxbow invested $1 billion in Marlin, now valued at $900 million.", []),
    ("Oxbow invested $2 billion in Marlin, which now has $1 billion in revenue.", []),
    ("Oxbow invested $10 billion in Marlin.", []),
]


@pytest.mark.parametrize(("text", "wanted"), TRANCHES)
def test_an_amount_that_is_paid_in_steps_has_tranches(
    text: str, wanted: list[tuple[Amount, str | None, str | None]]
) -> None:
    attrs = read(text, FIRMS, [("Oxbow", "invested_in", "Marlin")])[0]
    assert [(t.amount, t.status, t.condition) for t in attrs.get("tranches", ())] == wanted


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("The Harbor Ledger reported that Oxbow bought Marlin.", "The Harbor Ledger"),
        ("Oxbow bought Marlin, according to a report by Tidewire.", "Tidewire"),
        ("Oxbow bought Marlin, two people told Tidewire.", "Tidewire"),
        ("Oxbow bought Marlin (via Tidewire).", "Tidewire"),
        ("Oxbow reported that it bought Marlin.", None),
        ("Oxbow bought Marlin, according to people who know the matter.", None),
    ],
)
def test_a_deal_says_who_is_cited_for_it(text: str, who: str | None) -> None:
    assert read(text, FIRMS, [("Oxbow", "acquired", "Marlin")])[0].get("attributed_to") == who


def test_a_supply_deal_that_runs_through_a_year_ends_then() -> None:
    attrs = read("Oxbow committed $3 billion to Marlin through 2032.", FIRMS, [("Oxbow", "commits_spend", "Marlin")])
    assert attrs[0]["until"] == "2032"
    assert "date" not in attrs[0]


def test_a_mark_of_the_network_tells_a_valuation_from_a_price() -> None:
    text = "Oxbow raised $30 million in a round that puts the firm at $400 million."
    toks = [Tok(text[a:b], a, b) for a, b in words(text)]
    at = next(k for k, t in enumerate(toks) if t.text == "400")
    marks = [(at - 1, at + 1, "valuation")]
    view = View(toks, [Part(0, len(toks))], [(0, 0, "company")], marks, None)
    claim = link(view, [Claim(0, "raised", 0)])[0]
    assert claim.attrs["amount"] == usd(3e7, 3e7)
    assert claim.attrs["valuation"] == usd(4e8, 4e8)


def linked(text: str, names: list[str], links: dict[tuple[str, str, str], float]) -> View:
    """Return the view of one sentence of firms with marked sums, and links of (sum's number, firm, relation)."""
    toks = [Tok(text[a:b], a, b) for a, b in words(text)]
    at = [next(k for k, t in enumerate(toks) if t.text == n) for n in names]
    sums = [k for k, t in enumerate(toks) if t.text == "$"]
    scores = np.zeros((len(sums), len(names), len(RELATIONS)), dtype=np.float32)
    for (number, name, relation), sure in links.items():
        scores[[toks[k + 1].text for k in sums].index(number), names.index(name), RELATIONS.index(relation)] = sure
    marks = [(k, k + 2, "amount") for k in sums]
    return View(toks, [Part(0, len(toks))], [(k, k, "company") for k in at], marks, None, scores)


TWO = "Oxbow: talks over a $4 billion contract with Tarn; raised $300 million led by Marlin."
CONTRACT = {("4", "Oxbow", "commits_spend"): 0.8, ("4", "Tarn", "commits_spend"): 0.9, ("4", "Oxbow", "raised"): 0.1}
ROUND = {("300", "Oxbow", "raised"): 0.9}


def test_sums_of_two_deals_in_one_sentence_go_where_the_network_links_them() -> None:
    claims = lambda: [Claim(0, "raised", 0), Claim(0, "commits_spend", 1)]  # noqa: E731
    view = linked(TWO, ["Oxbow", "Tarn", "Marlin"], CONTRACT | ROUND)
    raised, contract = link(view, claims())
    assert raised.attrs["amount"] == usd(3e8, 3e8)
    assert contract.attrs["amount"] == usd(4e9, 4e9)
    raised, _ = link(linked(TWO, ["Oxbow", "Tarn", "Marlin"], {}), claims())
    assert raised.attrs["amount"] == usd(4e9, 4e9)  # without a link the nearest is taken


@pytest.mark.parametrize(("sure", "amount"), [(0.05, usd(2e6, 2e6)), (0.9, None)])
def test_only_a_sure_link_to_something_else_keeps_a_sum_from_the_nearest(sure: float, amount: Amount | None) -> None:
    text = "Oxbow lent Marlin" + " and another" * 11 + " $2 million."
    view = linked(text, ["Oxbow", "Marlin"], {("2", "Oxbow", "raised"): sure})
    attrs = link(view, [Claim(0, "lent_to", 1)])[0].attrs
    assert attrs.get("amount") == amount


@pytest.mark.parametrize(("text", "status"), [
    ("Oxbow: in talks over a contract with Tarn; raised $300 million led by Marlin.", "announced"),
    ("Oxbow: signed with Tarn; in talks to have $300 million raised by Marlin.", "in_talks"),
    ("Oxbow, in talks with Tarn, raised $300 million led by Marlin.", "in_talks"),  # one clause: left to the network
])  # fmt: skip
def test_talks_of_another_clause_are_not_of_the_round(text: str, status: str) -> None:
    view = linked(text, ["Oxbow", "Tarn", "Marlin"], ROUND)
    claim = link(view, [Claim(0, "raised", 0, status={"in_talks": 0.8, "completed": 0.1})])[0]
    assert claim.attrs["status"] == status


def test_an_investor_has_no_sum_of_another_deal() -> None:
    view = linked(TWO, ["Oxbow", "Tarn", "Marlin"], CONTRACT | ROUND)
    claims = [Claim(0, "raised", 0), Claim(0, "commits_spend", 1), Claim(2, "invested_in", 0, lead=0.9)]
    assert "amount" not in link(view, claims)[2].attrs


def test_links_bring_no_sum_from_beyond_reach() -> None:
    text = "Oxbow raised" + " and so on" * 20 + " $300 million."
    view = linked(text, ["Oxbow"], {("300", "Oxbow", "raised"): 0.9})
    assert "amount" not in link(view, [Claim(0, "raised", 0)])[0].attrs


def test_a_sum_linked_to_a_cloud_is_one_of_the_firm_it_stands_for() -> None:
    text = "Tarn spends $30 million on Azure, the cloud of Microsoft, after $2 million to Marlin."
    view = linked(text, ["Tarn", "Azure", "Microsoft"], {
        ("30", "Tarn", "commits_spend"): 0.9, ("30", "Azure", "commits_spend"): 0.9,
        ("2", "Tarn", "commits_spend"): 0.9, ("2", "Azure", "commits_spend"): 0.1,
    })  # fmt: skip
    claim = link(view, [Claim(0, "commits_spend", 2, spoken=1)])[0]
    assert claim.attrs["amount"] == usd(3e7, 3e7)


def test_a_round_has_the_date_that_the_sentence_before_gives_it() -> None:
    text = "The first funding round closed on 13 June 2023.\nOxbow led it and Marlin got the money."
    assert read(text, FIRMS, [("Oxbow", "invested_in", "Marlin")])[0]["date"] == "2023-06-13"


def test_the_day_a_firm_began_is_no_date_of_its_round() -> None:
    text = "They founded Marlin in May 2023 and Oxbow led the seed round."
    assert "date" not in read(text, FIRMS, [("Oxbow", "invested_in", "Marlin")])[0]


def test_the_date_of_another_round_stays_there() -> None:
    text = "Oxbow led for Marlin.\nIn June Pale Hill had led a round of the same firm."
    names = {**FIRMS, "Pale Hill": "company", "same firm": "company"}
    claims = [("Oxbow", "invested_in", "Marlin"), ("Pale Hill", "invested_in", "same firm")]
    first, second = read(text, names, claims)
    assert "date" not in first
    assert second["date"] == "2025-06"


POSTS = [
    ("CTO Ada Quill was at Oxbow for three years.", None, False),
    ("Ada Quill was CTO at Oxbow until May.", "CTO", True),  # the network has the last word where it says what she was
    ("Ada Quill is CTO at Oxbow.", "CTO", True),
    ("Ada Quill was hired as CEO of Apps at Oxbow.", "CEO of Apps", True),
    ("Oxbow hired a COO under Ada Quill.", None, True),
]


@pytest.mark.parametrize(("text", "role", "current"), POSTS)
def test_a_role_is_that_of_the_post(text: str, role: str | None, current: bool) -> None:
    toks = [Tok(text[a:b], a, b) for a, b in words(text)]
    at = {w: next(k for k, t in enumerate(toks) if t.text == w) for w in ("Ada", "Oxbow")}
    title = next(k for k, t in enumerate(toks) if t.text in ("CTO", "CEO", "COO"))
    mentions = [(at["Ada"], at["Ada"] + 1, "person"), (at["Oxbow"], at["Oxbow"], "company")]
    view = View(toks, [Part(0, len(toks))], mentions, [(title, title, "role")], None)
    attrs = link(view, [Claim(0, "works_at", 1)])[0].attrs
    assert (attrs.get("role"), attrs["current"]) == (role, current)


def test_a_backer_named_before_the_hyphen_has_not_the_rounds_amount() -> None:
    claims = [("Marlin", "raised", "Marlin"), ("Oxbow", "invested_in", "Marlin")]
    raised, backed = read("Oxbow-backed Marlin raised $16M.", FIRMS, claims)
    assert raised["amount"] == usd(16e6, 16e6)
    assert "amount" not in backed


def test_a_valuation_stays_with_the_round_it_stands_beside() -> None:
    text = "Oxbow raised $85M from friends.\nMarlin raised $100M at a $1.5B valuation."
    first, second = read(text, FIRMS, [("Oxbow", "raised", "Oxbow"), ("Marlin", "raised", "Marlin")])
    assert "valuation" not in first
    assert second["valuation"] == usd(1.5e9, 1.5e9)


def test_investors_named_behind_a_label_do_not_take_its_rounds_date() -> None:
    text = "Marlin.\n$13B Series F (September 2025).\nLed by Oxbow."
    claims = [("Marlin", "raised", "Marlin"), ("Oxbow", "invested_in", "Marlin")]
    assert read(text, FIRMS, claims)[0]["date"] == "2025-09"


def test_what_one_of_several_investors_puts_in_is_its_own() -> None:
    text = "Oxbow put $400 million into Marlin's Series C, led by Pale."
    claims = [("Marlin", "raised", "Marlin"), ("Oxbow", "invested_in", "Marlin"), ("Pale", "invested_in", "Marlin")]
    raised, own, led = read(text, {**FIRMS, "Pale": "company"}, claims)
    assert (own["amount"], "amount" in raised, "amount" in led) == (usd(4e8, 4e8), False, False)


@pytest.mark.parametrize(
    ("text", "person", "role"),
    [
        ("Oxbow's CTO Mara Quint and Tobias Renner spoke.", "Mara Quint", "CTO"),
        ("Oxbow's CTO Mara Quint and Tobias Renner spoke.", "Tobias Renner", None),
        ("At Oxbow, Mara Quint, its CTO, and Tobias Renner spoke.", "Tobias Renner", None),
        ("At Oxbow, Mara Quint, co-founder and CTO, and Tobias Renner spoke.", "Mara Quint", "CTO"),
        ("At Oxbow, Mara Quint, co-founder and CTO, and Tobias Renner spoke.", "Tobias Renner", None),
    ],
)
def test_a_title_is_the_role_of_the_person_it_stands_with(text: str, person: str, role: str | None) -> None:
    toks = [Tok(text[a:b], a, b) for a, b in words(text)]
    index = {t.text: k for k, t in enumerate(toks)}
    mentions = [(index[n], index[n] + len(n.split()) - 1, k) for n, k in (("Oxbow", "company"),)]
    mentions += [(index[n.split()[0]], index[n.split()[1]], "person") for n in ("Mara Quint", "Tobias Renner")]
    title = next(k for k, t in enumerate(toks) if t.text == "CTO")
    view = View(toks, [Part(0, len(toks))], mentions, [(title, title, "role")], None)
    number = 1 if person == "Mara Quint" else 2
    (claim,) = link(view, [Claim(number, "works_at", 0)])
    assert claim.attrs.get("role") == role
