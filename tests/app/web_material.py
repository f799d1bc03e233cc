"""What the page's tests read: a few hand-made issues in our own words, some of them hostile."""

from __future__ import annotations

from pathlib import Path

from kg import reference, schema
from kg.graph import Graph
from kg.model import Amount, Attrs, Entity, EntityType, Extract, Issue, Span, Statement
from kg.store.sqlite import SQLiteStore

# Every form that a careless page reads as something else: formulas, Markdown, emoji codes, links, tags, entities.
HOSTILE = (
    "$x^2$ ~~gone~~ _soft_ **loud** :smile: :material/close: [press](javascript:alert(1)) "
    "<script>window.hacked=1</script><img src=x onerror=window.hacked=1> &lt;b&gt; =1+1 `code` \\alpha {subject}"
)
HOSTILE_NAME = "$Acme$ _Corp_ :smile: [x](javascript:alert(2)) <img src=x onerror=window.hacked=1>"

ANNOUNCED = "Amazon put up to $25 billion into Anthropic, on top of the $8 billion that it had paid in before."
HEADING = "Money round-up"
VENTURE = "Thrive Capital wrote a cheque for $1 billion."


def statement(
    text: str,
    subject: str,
    relation: str,
    object: str,
    claim: str,
    *,
    support: str = "",
    sure: float = 0.95,
    **attrs: object,
) -> Statement:
    """Return a statement whose evidence stands in the text."""
    spans = [Span(text=claim, start=(at := text.index(claim)), end=at + len(claim))]
    if support:
        at = text.index(support)
        spans.append(Span(role="heading", text=support, start=at, end=at + len(support)))
    made = Attrs.model_validate(attrs)
    return Statement(
        subject=subject, relation=relation, object=object, attrs=made, confidence=sure, evidence=tuple(spans)
    )


def entity(text: str, name: str, kind: EntityType = "company") -> Entity:
    """Return an entity with all its mentions in the text."""
    places, at = [], text.find(name)
    while at >= 0:
        places.append((at, at + len(name)))
        at = text.find(name, at + 1)
    return Entity(name=name, type=kind, mentions=tuple(places))


def grid_letter() -> Extract:
    """Return an issue about an investment, with support, marks of Markdown, and a stake."""
    share = "Microsoft keeps about **27%** of OpenAI, the [filing](https://example.org/filing) says."
    text = f"# {HEADING}\n\n{ANNOUNCED}\n\n{share}\n\n## Anthropic backers\n\n- {VENTURE}\n"
    first = {"amount": Amount(high=25e9, qualifier="up_to"), "status": "announced", "date": "2026-04-20"}
    paid = {"amount": Amount(low=8e9, high=8e9), "status": "completed"}
    return Extract(
        issue=Issue(
            key="grid-letter-1a2b3c4d", doc_id="grid-letter", text=text, title="Grid Letter No. 12",
            publisher="The Grid Letter", url="https://example.org/12", published="2026-04-21", file="grid-letter.md",
        ),
        entities=tuple(
            entity(text, name) for name in ("Amazon", "Anthropic", "Microsoft", "OpenAI", "Thrive Capital")
        ),
        statements=(
            statement(text, "Amazon", "invested_in", "Anthropic", ANNOUNCED, **first),
            statement(text, "Amazon", "invested_in", "Anthropic", ANNOUNCED, **paid),
            statement(text, "Thrive Capital", "invested_in", "Anthropic", VENTURE, support="Anthropic backers",
                      amount=Amount(low=1e9, high=1e9), status="announced"),
            statement(text, "Microsoft", "owns_stake", "OpenAI", share, percent=27.0),
        ),
        reader="hand",
    )  # fmt: skip


def hostile_letter() -> Extract:
    """Return an issue whose every text tries to be more than text."""
    claim = f"{HOSTILE_NAME} gave Quillmark $3 million and $4 million more; {HOSTILE}"
    text = f"{HOSTILE}\n\n{claim}\n"  # as an HTML page gives it: these signs are text, not marks
    return Extract(
        issue=Issue(
            key="hostile-00000000", doc_id="hostile", text=text,
            title=f"Title {HOSTILE}", publisher=f"Publisher {HOSTILE}",
            url="javascript:alert(3)", published="2026-05-02", file="hostile <b>.html", markup=False,
        ),
        entities=(entity(text, HOSTILE_NAME), entity(text, "Quillmark")),
        statements=(
            statement(text, HOSTILE_NAME, "invested_in", "Quillmark", claim, support=HOSTILE,
                      amount=Amount(low=3e6, high=3e6), round=HOSTILE, attributed_to=HOSTILE),
        ),
        reader="hand",
    )  # fmt: skip


def doubtful_letter() -> Extract:
    """Return an issue of which the reader was not sure."""
    claim = "Some say that Menlo Ventures has money in Anthropic as well."
    return Extract(
        issue=Issue(key="rumour-11111111", doc_id="rumour", text=claim, title="Rumour Mill", file="rumour.txt"),
        entities=(entity(claim, "Menlo Ventures"), entity(claim, "Anthropic")),
        statements=(statement(claim, "Menlo Ventures", "invested_in", "Anthropic", claim, sure=0.3),),
        reader="hand",
    )


def many_letter(count: int) -> Extract:
    """Return an issue with that many investors of one firm."""
    names = [f"Fund Number {n}" for n in range(1, count + 1)]
    claims = [f"{name} backs Quillmark." for name in names]
    text = "\n\n".join(claims)
    return Extract(
        issue=Issue(
            key="many-22222222", doc_id="many", text=text, title="Many", published="2026-01-05", file="many.txt"
        ),
        entities=(*(entity(text, f"{name}") for name in names), entity(text, "Quillmark")),
        statements=tuple(
            statement(text, name, "invested_in", "Quillmark", claim) for name, claim in zip(names, claims, strict=True)
        ),
        reader="hand",
    )


def filled(path: Path, *extracts: Extract) -> Path:
    """Fill a store with the extracts and return its path."""
    store = SQLiteStore(path)
    graph = Graph(store, schema.load(), reference.load())
    for extract in extracts:
        graph.put(extract)
    store.close()
    return path
