"""The values that pass from one room of the house to the next."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kg.names import normal

EntityType = Literal["company", "organization", "person", "model", "product", "benchmark"]
Role = Literal["claim", "heading", "label", "header", "antecedent"]
Qualifier = Literal["exact", "about", "up_to", "at_least", "range"]

# What tells two claims of one pair and relation apart (part of a statement's id).
DISTINCT = ("amount", "round", "metric", "period", "on")


class Value(BaseModel):
    """A frozen value; unknown keys are an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Amount(Value):
    """Money in its reported currency (plain units, not millions): `up_to` has no low, `at_least` no high."""

    low: float | None = None
    high: float | None = None
    currency: str = "USD"
    qualifier: Qualifier = "exact"


class Tranche(Value):
    """One part of an amount that is paid in steps."""

    amount: Amount
    status: str | None = None
    condition: str | None = None


class Attrs(Value):
    """The qualifiers of a statement, by the names of the annotation guide; absent ones are None."""

    amount: Amount | None = None
    valuation: Amount | None = None
    round: str | None = None
    lead: bool | None = None
    status: str | None = None
    date: str | None = None  # ISO, as precise as the text allows: 2026, 2026-04, 2026-04-20
    percent: float | None = None
    capacity_gw: float | None = None
    term: str | None = None  # "10 years"
    value: float | None = None
    unit: str | None = None
    on: str | None = None  # name of a benchmark
    role: str | None = None
    current: bool | None = None
    metric: str | None = None
    period: str | None = None  # 2026, 2026-Q1, 2026-H1 or a date
    tranches: tuple[Tranche, ...] | None = None
    until: str | None = None
    attributed_to: str | None = None

    def stated(self) -> dict[str, Any]:
        """Return only what is stated, as plain JSON values; an amount has all its four members, null where open."""
        said: dict[str, Any] = plain_numbers({k: v for k, v in self.model_dump().items() if v is not None})
        return said


class Span(Value):
    """A stretch of an issue's text (code points, end exclusive) and the part it plays as evidence."""

    role: Role = "claim"
    text: str
    start: int
    end: int


class Entity(Value):
    """A thing that one issue names: its fullest form there, the other forms, and where they stand."""

    name: str
    type: EntityType
    aliases: tuple[str, ...] = ()
    mentions: tuple[tuple[int, int], ...] = ()


class Statement(Value):
    """What one issue says of one pair: the compatible facts of its sentences, merged.

    `evidence` lists the claiming sentences first, then their support. `words` keeps a relative date or
    period as it stands in the text ({"date": "last month"}); `sources` says which evidence a qualifier
    was read from ({"amount": 0}).
    """

    subject: str
    relation: str
    object: str
    attrs: Attrs = Attrs()
    confidence: float = 1.0
    evidence: tuple[Span, ...] = ()
    words: dict[str, str] = Field(default_factory=dict)
    sources: dict[str, int] = Field(default_factory=dict)

    def id(self, issue_key: str) -> str:
        """Return the statement's id: a hash of issue, relation, names and what tells two claims apart."""
        said = self.attrs.stated()
        apart = [said.get(name) if name not in self.words else self.words[name] for name in DISTINCT]
        ends = [normal(self.subject), normal(self.object)]
        payload = json.dumps([issue_key, self.relation, *ends, *apart], sort_keys=True)
        return "s" + hashlib.sha256(payload.encode()).hexdigest()[:16]


class Issue(Value):
    """One newsletter issue: `key` says which issue, `text_sha256` which version of it.

    `text` is what the reader returned; every offset in the project counts its code points.
    `published` is an ISO day or None (undated).
    """

    key: str
    doc_id: str
    text: str
    title: str = ""
    publisher: str = ""
    url: str = ""
    published: str | None = None
    file: str = ""
    markup: bool = True  # False: the text was made from an HTML page, a star in it is a star

    @property
    def text_sha256(self) -> str:
        """Return the hash that names this version of the text."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


class Extract(Value):
    """What was read from one issue, and by which reader; the one value that passes from ingest to kg."""

    issue: Issue
    entities: tuple[Entity, ...] = ()
    statements: tuple[Statement, ...] = ()
    reader: str = ""  # fingerprint of the reader that made it

    @model_validator(mode="after")
    def _ends_are_entities(self) -> Extract:
        names = {entity.name for entity in self.entities}
        for s in self.statements:
            for end in (s.subject, s.object):
                if end not in names:
                    raise ValueError(f"{s.relation}: {end!r} is not an entity of this issue")
        return self

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form that `kg extract` writes and `kg import` takes."""
        issue = self.issue
        return {
            "doc_id": issue.doc_id,
            "published": issue.published,
            "issue": {
                "key": issue.key,
                "title": issue.title,
                "publisher": issue.publisher,
                "url": issue.url,
                "text_sha256": issue.text_sha256,
                **({} if issue.markup else {"markup": False}),
            },
            "text": issue.text,
            "entities": [e.model_dump(mode="json") for e in self.entities],
            "facts": [fact_json(s) for s in self.statements],
            "reader": self.reader,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any], *, file: str = "") -> Extract:
        """Return the Extract of its JSON form; raise pydantic.ValidationError or KeyError if it has another form."""
        about = data.get("issue") or {}
        issue = Issue(
            key=about.get("key") or data["doc_id"],
            doc_id=data["doc_id"],
            text=data["text"],
            title=about.get("title") or "",
            publisher=about.get("publisher") or "",
            url=about.get("url") or "",
            published=data.get("published"),
            file=file,
            markup=about.get("markup", True),
        )
        return cls(
            issue=issue,
            entities=tuple(Entity.model_validate(e) for e in data.get("entities", ())),
            statements=tuple(statement_from_json(f) for f in data.get("facts", ())),
            reader=data.get("reader") or "",
        )


class Judgement(Value):
    """A person's correction: it outlives the row it speaks of.

    `target` is the id judged (a statement, an issue …); `about` keeps what the target said (issue,
    relation, subject, object, amount), so that the judgement finds its statement again when the id changes.
    """

    kind: str  # statement | date | entity …
    target: str
    verdict: str  # accept | reject | correct …
    value: str | None = None
    about: dict[str, Any] = Field(default_factory=dict)
    when: str = ""
    note: str = ""


class Party(Value):
    """A company's or person's part in a deal, with the amount stated for it alone."""

    entity_id: str
    role: str
    amount: Amount | None = None


class Step(Value):
    """A change of a deal's stage, and the statement that tells of it; the amount is what that one states."""

    stage: str
    date: str | None = None  # as stated: 2026, 2026-04, 2026-04-20
    reported: str | None = None  # day of the issue
    statement_id: str
    amount: Amount | None = None


class Figure(Value):
    """The statement that a deal's amount is taken from, and why that one: `chosen` by a person."""

    statement_id: str
    why: str


class Deal(Value):
    """What happened in the world: the statements of many issues about one round, purchase or contract."""

    id: str
    kind: str
    stage: str
    parties: tuple[Party, ...]
    amount: Amount | None = None
    figure: Figure | None = None  # where a person chose the amount
    valuation: Amount | None = None
    round: str | None = None
    term: str | None = None  # "10 years"
    until: str | None = None
    capacity_gw: float | None = None
    percent: float | None = None
    announced: str | None = None  # the day that the texts state
    reported: str | None = None  # day of the first dated issue that tells of it
    certain: bool = True
    steps: tuple[Step, ...] = ()  # changes of stage in order of date, those of undated issues last
    statement_ids: tuple[str, ...] = ()


class Edge(Value):
    """One readable link between two entities: one per deal and pair, one per pair and claim elsewhere."""

    id: str
    relation: str
    subject_id: str
    object_id: str
    deal_id: str | None = None
    attrs: Attrs = Attrs()
    stage: str = ""
    date: str | None = None
    reported: str | None = None
    confidence: float = 1.0
    certain: bool = True
    statement_ids: tuple[str, ...] = ()
    sentence: str = ""  # of the first of the statements


def fact_json(statement: Statement) -> dict[str, Any]:
    """Return a statement in the form of the annotation guide; what the guide does not name stands beside attrs."""
    out: dict[str, Any] = {
        "subject": statement.subject,
        "relation": statement.relation,
        "object": statement.object,
        "attrs": statement.attrs.stated(),
        "confidence": round(statement.confidence, 4),
        "evidence": [e.model_dump(mode="json") for e in statement.evidence],
    }
    if statement.words:
        out["words"] = statement.words
    if statement.sources:
        out["sources"] = statement.sources
    return out


def statement_from_json(data: Mapping[str, Any]) -> Statement:
    """Return the statement of its JSON form (evidence must be a list of spans)."""
    return Statement.model_validate(dict(data))


def plain_numbers(value: Any) -> Any:
    """Write numbers one way: whole floats as integers (25000000000, never 2.5e10)."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**63 else value
    if isinstance(value, Mapping):
        return {k: plain_numbers(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain_numbers(v) for v in value]
    return value


def merged(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Return the statements with those of one id (issue-wide) joined: best confidence, all evidence."""
    out: dict[str, Statement] = {}
    for s in statements:
        key = s.id("")
        if key in out:
            old = out[key]
            spans = {(e.role, e.start, e.end): e for e in (*old.evidence, *s.evidence)}
            first = old if old.confidence >= s.confidence else s
            ordered = sorted(spans.values(), key=lambda e: (e.role != "claim", e.start))
            s = first.model_copy(update={"evidence": tuple(ordered), "sources": {}})
        out[key] = s
    return tuple(out.values())
