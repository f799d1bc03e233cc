"""A small world to ask about: facts of known deals in our own sentences, put in through the real graph and store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kg import reference, schema
from kg.graph import Graph
from kg.model import Amount, Attrs, Entity, EntityType, Extract, Issue, Span, Statement, merged
from kg.reference import Reference
from kg.schema import Schema
from kg.store.base import Store
from kg.store.sqlite import SQLiteStore

Fact = tuple[str, str, str, str, dict[str, Any]]  # subject, relation, object, sentence, qualifiers
TYPES: dict[EntityType, str] = {
    "company": "Amazon, Anthropic, AWS, OpenAI, Microsoft, xAI, Meta, Google, Google DeepMind, Moonshot AI, Cartesia, "
    "Hugging Face, Baseten, Nebius, Quillon Labs, Orbo Capital, Qwen, Brevia, Brevia Systems",
    "organization": "OpenAI Foundation",
    "person": "Demis Hassabis, Greg Brockman, Steve Yegge, Sergey Brin, Ana Quill, Ben Quill",
    "model": "Kimi K2.6, Claude Opus 4.6, GPT-5.4, Grok 4.4, Grok 4.3 Beta, Spud, Avocado, Gemini, Qwen 3.6, Sonic-3",
    "product": "Azure, vLLM, ChatGPT",
    "benchmark": "SWE-Bench Verified, BrowseComp",
}
ALIASES = {"Kimi K2.6": ("K2.6",), "Claude Opus 4.6": ("Opus 4.6",), "Google DeepMind": ("DeepMind",)}
KINDS = {name: kind for kind, names in TYPES.items() for name in names.split(", ")}


def usd(low: float | None, high: float | None = None, qualifier: str = "exact") -> Amount:
    """Return billions of dollars; one figure is an exact amount."""
    if qualifier == "exact":
        high = low
    return Amount(low=low and low * 1e9, high=high and high * 1e9, qualifier=qualifier)  # type: ignore[arg-type]


APRIL: list[Fact] = [
    ("Amazon", "invested_in", "Anthropic", "Amazon will put up to $25 billion into Anthropic.",
     {"amount": usd(None, 25, "up_to"), "status": "announced", "date": "2026-04-20"}),
    ("Amazon", "invested_in", "Anthropic", "Amazon had given Anthropic $8 billion in earlier years.",
     {"amount": usd(8), "status": "completed"}),
    ("Anthropic", "commits_spend", "AWS", "Anthropic will buy more than $100 billion of compute from AWS in ten years.",
     {"amount": usd(100, None, "at_least"), "term": "10 years", "status": "announced"}),
    ("Anthropic", "reports_metric", "Anthropic", "Anthropic now sells at a rate above $30 billion a year.",
     {"amount": usd(30, None, "at_least"), "metric": "revenue"}),
    ("Anthropic", "reports_metric", "Anthropic", "At the close of 2025 the rate of Anthropic was about $9 billion.",
     {"amount": usd(9, 9, "about"), "metric": "revenue", "period": "2025"}),
    ("Meta", "reports_metric", "Meta", "Meta expects to build for $115 to 135 billion in 2026.",
     {"amount": usd(115, 135, "range"), "metric": "capex", "period": "2026"}),
    ("Moonshot AI", "developed", "Kimi K2.6", "Moonshot AI brought out Kimi K2.6 on April 20.",
     {"status": "released", "date": "2026-04-20"}),
    ("Kimi K2.6", "scored", "SWE-Bench Verified", "Kimi K2.6 reached 80.2% on SWE-Bench Verified.",
     {"value": 80.2, "unit": "percent"}),
    ("Claude Opus 4.6", "scored", "SWE-Bench Verified", "Claude Opus 4.6 has 80.8% on SWE-Bench Verified.",
     {"value": 80.8, "unit": "percent"}),
    ("Kimi K2.6", "outperforms", "GPT-5.4", "On BrowseComp Kimi K2.6 is ahead of GPT-5.4.", {"on": "BrowseComp"}),
    ("Kimi K2.6", "available_on", "Hugging Face", "Kimi K2.6 can be had on Hugging Face.", {}),
    ("Kimi K2.6", "available_on", "vLLM", "Kimi K2.6 also runs in vLLM.", {}),
    ("Kimi K2.6", "available_on", "Baseten", "Kimi K2.6 is served by Baseten.", {}),
    ("Sonic-3", "available_on", "Baseten", "Sonic-3 is served by Baseten.", {}),
    ("Demis Hassabis", "works_at", "Google DeepMind", "Demis Hassabis heads Google DeepMind.",
     {"role": "CEO", "current": True}),
    ("Steve Yegge", "works_at", "Google", "Steve Yegge was once an engineer of Google.",
     {"role": "engineer", "current": False}),
    ("Greg Brockman", "works_at", "OpenAI", "Greg Brockman presides over OpenAI.",
     {"role": "President", "current": True}),
    ("OpenAI", "developed", "Spud", "OpenAI spoke of a coming model, Spud.", {"status": "previewed"}),
    ("xAI", "developed", "Grok 4.4", "xAI wants to ship Grok 4.4 in May.", {"status": "planned", "date": "2026-05"}),
    ("xAI", "developed", "Grok 4.3 Beta", "xAI showed Grok 4.3 Beta on April 17.",
     {"status": "previewed", "date": "2026-04-17"}),
    ("Meta", "developed", "Avocado", "The Avocado model of Meta will not come before May.",
     {"status": "delayed", "date": "2026-05"}),
    ("Google", "developed", "Gemini", "Gemini is a model of Google.", {}),
    ("Meta", "licenses", "Gemini", "Meta talks about a licence for Gemini.", {"status": "in_talks"}),
    ("Sergey Brin", "founded", "Google", "Sergey Brin is a founder of Google.", {}),
]  # fmt: skip
OCTOBER: list[Fact] = [
    ("OpenAI", "commits_spend", "Microsoft", "OpenAI will buy some $250 billion of Azure from Microsoft.",
     {"amount": usd(250, 250, "about"), "status": "announced"}),
    ("Microsoft", "owns_stake", "OpenAI", "Microsoft has about 27% of OpenAI.",
     {"percent": 27.0, "status": "completed"}),
    ("OpenAI Foundation", "owns_stake", "OpenAI", "The OpenAI Foundation keeps 26% of OpenAI.",
     {"percent": 26.0, "status": "completed"}),
    ("Microsoft", "licenses", "OpenAI", "Microsoft may use what OpenAI invents until 2032.",
     {"status": "completed", "until": "2032"}),
    ("Cartesia", "raised", "Cartesia", "Cartesia took in $100 million in a Series C.",
     {"amount": usd(0.1), "round": "Series C", "status": "completed"}),
    ("Cartesia", "developed", "Sonic-3", "Cartesia has a voice model, Sonic-3.", {"status": "released"}),
    ("OpenAI", "developed", "ChatGPT", "ChatGPT is made by OpenAI.", {}),
]  # fmt: skip
INVENTED: list[Fact] = [
    ("Orbo Capital", "invested_in", "Quillon Labs", "Orbo Capital is said to put 200 million euros into Quillon Labs.",
     {"amount": Amount(low=2e8, high=2e8, currency="EUR"), "status": "rumored"}),
    ("Meta", "acquired", "Quillon Labs", "Meta denied that it bought Quillon Labs.", {"status": "denied"}),
    ("Ana Quill", "founded", "Quillon Labs", "Ana Quill started Quillon Labs.", {}),
    ("Ben Quill", "works_at", "Quillon Labs", "Ben Quill is an engineer at Quillon Labs.", {"role": "engineer"}),
]  # fmt: skip


def extract(key: str, published: str | None, facts: list[Fact]) -> Extract:
    """Return the Extract of an issue that says these facts, one sentence each."""
    text, statements = "", []
    for subject, relation, target, sentence, attrs in facts:
        span = Span(text=sentence, start=len(text), end=len(text) + len(sentence))
        statements.append(
            Statement(subject=subject, relation=relation, object=target, attrs=Attrs(**attrs), evidence=(span,))
        )
        text += sentence + "\n"
    text += "\nAlso named: Qwen, Brevia Systems, Nebius, Azure.\n"
    named = sorted({n for f in facts for n in (f[0], f[2])} | {"Qwen", "Brevia", "Brevia Systems", "Nebius", "Azure"})
    entities = [Entity(name=n, type=KINDS[n], aliases=ALIASES.get(n, ())) for n in named]
    entities.append(Entity(name="Qwen", type="model"))
    issue = Issue(key=key, doc_id=key, text=text, published=published, title=key)
    return Extract(issue=issue, entities=tuple(entities), statements=merged(statements))


def world(folder: Path, *extra: Extract) -> tuple[SQLiteStore, Schema, Reference]:
    """Return a store that holds three issues (and more, if given), with the schema and reference it was made by."""
    store, rules, known = SQLiteStore(folder / "world.db"), schema.load(), reference.load()
    fill(store, *extra)
    return store, rules, known


def fill(store: Store, *extra: Extract) -> None:
    """Put the three issues, and more if given, into a store."""
    graph = Graph(store, schema.load(), reference.load())
    for one in (
        extract("letter-april", "2026-04-21", APRIL),
        extract("letter-october", "2025-10-28", OCTOBER),
        extract("letter-invented", None, INVENTED),
        *extra,
    ):
        graph.put(one)
