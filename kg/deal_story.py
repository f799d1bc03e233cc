"""The story of a deal: all that is told of it, what was agreed in return, and what its parties hold of each other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kg.answer import corrected, corrections
from kg.deal_list import Deals, deal_of
from kg.deal_returns import Returns
from kg.model import plain_numbers
from kg.reference import Reference
from kg.schema import Schema
from kg.store.base import Store

STAKE = "owns_stake"  # the relation that tells what one firm holds of another


def story(store: Store, schema: Schema, reference: Reference, id: str) -> dict[str, Any]:
    """Return the story of a deal as people corrected it, as `kg deal --json` prints it.

    Beside what `Deals.story` gives: `in_return`, the deals agreed in return for it, and `stakes`, what its parties hold
    of each other. Raise QuestionError if there is no such deal.
    """
    return store.read(lambda: _story(store, schema, reference, id))


def _story(store: Store, schema: Schema, reference: Reference, id: str) -> dict[str, Any]:
    told = Deals(store).story(id)
    tied = Returns(store, schema, reference).of(deal_of(store.get("deal", [told["deal"]["id"]])[0]))
    deals = {row.id: plain_numbers(row.data) for row in store.get("deal", [t["deal_id"] for t in tied])}
    more = [{**t, **{name: deals[t["deal_id"]][name] for name in ("kind", "stage", "amount")}} for t in tied]
    right = corrections(store.rows("edge", deal_id=told["deal"]["id"]))
    names = {party["entity_id"]: party["name"] for party in told["parties"]}
    return {
        **told,
        "statements": [corrected(s, right) for s in told["statements"]],
        "in_return": more,
        "stakes": list(_stakes(store, names)),
    }


def _stakes(store: Store, names: dict[str, str]) -> Iterable[dict[str, Any]]:
    """Yield what parties hold of each other, the largest share first."""
    ids = sorted(names)
    found = [e.data for e in store.rows("edge", relation=STAKE, subject_id=ids, object_id=ids)]
    for data in sorted(found, key=lambda d: (-(d["percent"] or 0), d["subject_id"], d["object_id"])):
        yield {
            "holder": names[data["subject_id"]],
            "of": names[data["object_id"]],
            "percent": plain_numbers(data["percent"]),
            "amount": plain_numbers((data["attrs"] or {}).get("amount")),
            "date": data["date"] or None,
            "reported": data["reported"],
            "certain": data["certain"],
            "sentence": data["sentence"],
            "statement_ids": data["statement_ids"],
        }
