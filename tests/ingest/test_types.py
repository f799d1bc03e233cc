"""Types: what each name of an issue is."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from ingest.facts import FactFinder, Mention
from ingest.network import Pair, Tagged
from ingest.types import Settler
from ingest.units import Unit
from kg.reference import Entry, Reference

CURATED = Reference([Entry(id="org/oxbow", kind="company", name="Oxbow")])


def test_the_likeliest_type_over_all_mentions_wins() -> None:
    mentions = [
        ("Tern", "model", {"model": 0.55, "product": 0.45}),
        ("Tern", "product", {"product": 0.9, "model": 0.1}),
        ("Tern", "model", {"model": 0.55, "product": 0.45}),
    ]
    assert Settler(Reference(), {}).settle(mentions) == {"tern": "product"}


def test_a_curated_name_outweighs_a_few_mentions_and_a_learned_one_fewer() -> None:
    mentions = [("Oxbow", "product", {"product": 0.9, "company": 0.1})] * 3
    assert Settler(CURATED, {}).settle(mentions) == {"oxbow": "company"}
    assert Settler(Reference(), {"oxbow": "company"}).settle(mentions) == {"oxbow": "product"}
    assert Settler(Reference(), {"oxbow": "company"}).settle(mentions[:1]) == {"oxbow": "company"}


def test_a_short_code_that_many_makers_use_is_learned_from_its_issue_alone() -> None:
    mentions = [("M9", "model", {"model": 0.7, "product": 0.3})]
    assert Settler(Reference(), {"m9": "product"}).settle(mentions) == {"m9": "model"}
    assert Settler(Reference(), {"mira9": "product"}).settle([("Mira 9", *mentions[0][1:])]) == {"mira9": "product"}


def test_company_and_organization_count_together() -> None:
    mentions = [
        ("Tern", "company", {"company": 0.4, "organization": 0.35, "product": 0.25}),
        ("Tern", "product", {"product": 0.5, "company": 0.3, "organization": 0.2}),
    ]
    assert Settler(Reference(), {}).settle(mentions) == {"tern": "company"}


def test_what_is_only_a_handle_stays_one() -> None:
    handle = ("@tern", "handle", {"handle": 0.9, "person": 0.1})
    assert Settler(Reference(), {}).settle([handle]) == {"tern": "handle"}
    assert Settler(Reference(), {}).settle([handle, ("Tern", "person", {"person": 1.0})]) == {"tern": "person"}


def test_a_part_of_a_persons_name_is_that_person_unless_it_is_surely_a_firm() -> None:
    person = ("Mara Quint", "person", {"person": 0.9, "company": 0.1})
    short = ("Quint", "company", {"company": 0.9, "person": 0.1})
    assert Settler(Reference(), {}).settle([person, short])["quint"] == "person"
    sure = ("Quint", "company", {"company": 1.0})
    assert Settler(Reference(), {}).settle([person, sure])["quint"] == "company"
    often = Settler(Reference(), {}).settle([person, *[short] * 9])
    assert often["quint"] == "company"  # a firm that bears its founder's name
    handle = ("@quint", "handle", {"handle": 0.9, "person": 0.1})
    assert Settler(Reference(), {}).settle([person, short, handle])["quint"] == "person"
    known = Reference([Entry(id="org/quint", kind="company", name="Quint")])
    assert Settler(known, {}).settle([person, short])["quint"] == "company"


class Acting:
    """A network that finds a firm's fact in whatever is called a company."""

    def __init__(self, firm: float, fact: float) -> None:
        self.spans = SimpleNamespace(chances=lambda *_: {"company": firm, "product": 1 - firm})
        self.fact = fact

    def relate(self, tagged: Tagged) -> list[Pair]:
        return [
            Pair(k, k, {"raised": self.fact}, {}, 0.0, 0.0)
            for k, (_, _, kind) in enumerate(tagged.mentions)
            if kind == "company"
        ]


@pytest.mark.parametrize(("firm", "fact", "kind"), [(0.4, 0.9, "company"), (0.4, 0.3, None), (0.05, 0.9, None)])
def test_a_product_that_raises_money_is_a_company(firm: float, fact: float, kind: str | None) -> None:
    finder = FactFinder.__new__(FactFinder)
    finder.network = Acting(firm, fact)  # type: ignore[assignment]
    finder.settler = Settler(Reference(), {})
    empty = np.zeros((3, 1), dtype=np.float32)
    tagged = Tagged([(0, 0, "product")], [], empty, empty, np.zeros((1, 3, 1), dtype=np.float16))
    shown = [Mention(0, 4, "Vexa", "product")]
    unit = Unit()
    assert finder._acting([unit], [tagged], [shown], {"vexa": "product"}).get("vexa") == kind
    maker = Entry(id="org/oxbow", kind="company", name="Oxbow")
    of_another = Entry(id="product/vexa", kind="product", name="Vexa", maker="org/oxbow")
    finder.settler = Settler(Reference([maker, of_another]), {})
    assert finder._acting([unit], [tagged], [shown], {"vexa": "product"}) == {}
    of_nobody = Entry(id="product/vexa", kind="product", name="Vexa")  # the firm may be called so
    finder.settler = Settler(Reference([of_nobody]), {})
    assert finder._acting([unit], [tagged], [shown], {"vexa": "product"}).get("vexa") == kind
