"""What the tests of money read: invented firms whose money goes round, some of it under hostile names."""

from __future__ import annotations

from kg.model import Amount, Extract, Issue
from tests.app.network_material import money
from tests.app.web_material import HOSTILE_NAME, entity, statement

SPENDS = "Ostrava Labs will spend $12 billion with Tinroof Cloud."
STAKE = "In March Tinroof Cloud put $3 billion into Quillmark."
LOAN = "Quillmark lent Ostrava Labs $1 billion."
MORE = "A second loan of up to $2 billion from Quillmark to Ostrava Labs is being planned."
GAVE = "Amazon will put up to $25 billion into Orbo Labs."
CLOUD = "Orbo Labs will pay AWS $100 billion over ten years."
EURO = "Northgate lent Tinroof Cloud €500 million."
BARE = "Harbour Fund backs Quillmark."
HOSTILE_IN = f"{HOSTILE_NAME} put $4 million into Bluefern."
HOSTILE_OUT = f"Bluefern pays {HOSTILE_NAME} $5 million for its licence."
NAMES = (
    "Ostrava Labs", "Tinroof Cloud", "Quillmark", "Orbo Labs", "Amazon", "AWS", "Northgate", "Harbour Fund",
    "Bluefern", HOSTILE_NAME,
)  # fmt: skip
THREE = ("org/ostravalabs", "org/tinroofcloud", "org/quillmark")


def circle() -> Extract:
    """Return an issue with a loop of three firms, one over a part of a firm, one of hostile names, and other money."""
    text = "\n\n".join((SPENDS, STAKE, LOAN, MORE, GAVE, CLOUD, EURO, BARE, HOSTILE_IN, HOSTILE_OUT))
    said = (
        statement(text, "Ostrava Labs", "commits_spend", "Tinroof Cloud", SPENDS, amount=money(12e9),
                  status="announced", date="2026-02-01"),
        statement(text, "Tinroof Cloud", "invested_in", "Quillmark", STAKE, amount=money(3e9), status="completed",
                  date="2026-03"),
        statement(text, "Quillmark", "lent_to", "Ostrava Labs", LOAN, amount=money(1e9), status="completed",
                  date="2026-01-15"),
        statement(text, "Quillmark", "lent_to", "Ostrava Labs", MORE, status="planned",
                  amount=Amount(high=2e9, qualifier="up_to")),
        statement(text, "Amazon", "invested_in", "Orbo Labs", GAVE, status="announced",
                  amount=Amount(high=25e9, qualifier="up_to")),
        statement(text, "Orbo Labs", "commits_spend", "AWS", CLOUD, amount=money(100e9), term="ten years",
                  status="announced"),
        statement(text, "Northgate", "lent_to", "Tinroof Cloud", EURO, amount=money(5e8, "EUR"), status="completed"),
        statement(text, "Harbour Fund", "invested_in", "Quillmark", BARE),
        statement(text, HOSTILE_NAME, "invested_in", "Bluefern", HOSTILE_IN, amount=money(4e6), status="completed"),
        statement(text, "Bluefern", "licenses", HOSTILE_NAME, HOSTILE_OUT, amount=money(5e6), status="announced"),
    )  # fmt: skip
    return Extract(
        issue=Issue(
            key="circle-44444444", doc_id="circle", text=text, title="Round and round", publisher="The Ledger",
            published="2026-04-12", file="circle.md", markup=False,
        ),
        entities=tuple(entity(text, name) for name in NAMES),
        statements=said,
        reader="hand",
    )  # fmt: skip


def later() -> Extract:
    """Return a later issue on the loan, from a publisher with a hostile name, and one deal more of the same firms."""
    paid = "Quillmark has paid out its loan of $1 billion to Ostrava Labs, agreed on January 15."
    text = f"{paid}\n"
    return Extract(
        issue=Issue(
            key="later-55555555", doc_id="later", text=text, title="Later", publisher=HOSTILE_NAME,
            published="2026-05-20", file="later.md", markup=False,
        ),
        entities=(entity(text, "Quillmark"), entity(text, "Ostrava Labs")),
        statements=(statement(text, "Quillmark", "lent_to", "Ostrava Labs", paid, amount=money(1e9)),),
        reader="hand",
    )  # fmt: skip


def undated() -> Extract:
    """Return an issue without a date on the same loan."""
    said = "The $1 billion that Quillmark lent Ostrava Labs is said to cost nine percent."
    return Extract(
        issue=Issue(key="undated-66666666", doc_id="undated", text=said, title="No date", file="undated.txt"),
        entities=(entity(said, "Quillmark"), entity(said, "Ostrava Labs")),
        statements=(statement(said, "Quillmark", "lent_to", "Ostrava Labs", said, amount=money(1e9)),),
        reader="hand",
    )
