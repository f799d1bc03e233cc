"""Types: what each name of an issue is."""

from __future__ import annotations

from ingest.types import Settler
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
