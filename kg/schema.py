"""The ontology as data: entity types and relations, loaded from YAML and checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError, field_validator, model_validator

from kg.errors import SchemaError
from kg.model import Attrs, EntityType, Value
from kg.schema_yaml import read_yaml

DealKind = Literal["equity_round", "acquisition", "supply", "licence", "debt", "partnership"]
Style = Literal["active", "passive", "nominal", "headline", "multi"]
Text = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
Label = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z]*$")]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]

# A shape says what a question wants: entities, pairs, yes or no, how many; or the name of the qualifier asked for.
SHAPES = ("list_subjects", "list_objects", "pairs", "yesno", "count_subjects", "count_objects")
SLOT = re.compile(r"\{([^{}]*)\}")
STORE_EDGES = ("PARTY", "ABOUT", "STATED_IN", "RELATED_TO")  # what graphs link with besides relations
# Slots that every wording knows: a gap, a list of names, money, a number, a percentage, a rank, gigawatts.
BUILT_IN = ("...", "others", "amount", "number", "percent", "rank", "capacity")
T = TypeVar("T", bound=Value)


class EntityKind(Value):
    """An entity type: what it is, and how it is drawn."""

    meaning: Text
    examples: tuple[Text, ...] = Field(min_length=1)
    colour: Colour
    label: Label
    plural: Text


class DealBlock(Value):
    """The kind of deal that a statement of the relation speaks of, and the parts its two ends play.

    `once`: two parties have but one such deal, whatever figures and dates are told of it.
    """

    kind: DealKind
    subject: Word
    object: Word
    once: bool = False


class Forms(Value):
    """How a statement is said: a sentence with both slots, the nouns for its ends."""

    active: Text
    passive: Text | None = None
    noun: Text  # what the subject is called: "investor"
    object_noun: Text | None = None

    @field_validator("active", "passive")
    @classmethod
    def _slots(cls, form: str | None) -> str | None:
        if form is not None and ("{subject}" not in form or set(SLOT.findall(form)) - {"subject", "object"}):
            raise ValueError("needs {subject}, and knows no slot but {subject} and {object}")
        return form


def _amounts(attrs: Any) -> Any:
    """Read `amount: 500e6` as an exact amount of dollars."""
    if not isinstance(attrs, dict):
        return attrs
    money = {k: v for k, v in attrs.items() if k in ("amount", "valuation") and isinstance(v, int | float)}
    return {**attrs, **{k: {"low": float(v), "high": float(v)} for k, v in money.items()}}


class Expected(Value):
    """A fact that an example states; in YAML a list: [subject, relation, object, {qualifiers}]."""

    subject: Text
    relation: Word
    object: Text
    attrs: Annotated[Attrs, BeforeValidator(_amounts)] = Attrs()

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, data: Any) -> Any:
        if isinstance(data, list):
            if not 3 <= len(data) <= 4:
                raise ValueError("a fact is [subject, relation, object] or [subject, relation, object, {qualifiers}]")
            return dict(zip(("subject", "relation", "object", "attrs"), data, strict=False))
        return data


class Negative(Value):
    """A sentence of which the relation must not be read.

    `expect: later` marks what the reader cannot do yet, `because` says where it goes wrong.
    """

    text: Text
    entities: dict[Text, EntityType] = Field(default_factory=dict)
    expect: Literal["now", "later"] = "now"
    because: Text | None = None

    @model_validator(mode="after")
    def _named(self) -> Negative:
        if missing := [name for name in self.entities if name not in self.text]:
            raise ValueError(f"entities: {missing[0]!r} does not stand in the text")
        if (self.expect == "later") != (self.because is not None):
            raise ValueError("because: stands beside `expect: later`, and only there")
        return self


class Example(Negative):
    """A text with the facts that it states."""

    style: Style
    facts: tuple[Expected, ...] = Field(min_length=1)


class Relation(Value):
    """One relation between entities, with all that the project knows of it."""

    name: Word
    meaning: Text
    subjects: tuple[EntityType, ...] = Field(min_length=1)
    objects: tuple[EntityType, ...] = Field(min_length=1)
    symmetric: bool = False
    unary: bool = False
    qualifiers: tuple[str, ...] = ()
    distinct: tuple[str, ...] = ()
    deal: DealBlock | None = None
    edge: str
    forms: Forms
    words: dict[Word, tuple[Text, ...]] = Field(default_factory=dict)
    values: dict[Word, dict[Text, tuple[Text, ...]]] = Field(default_factory=dict)
    wordings: tuple[Text, ...] = Field(min_length=1)
    vetoes: tuple[Text, ...] = ()
    questions: dict[str, tuple[Text, ...]]
    examples: tuple[Example, ...] = Field(min_length=2)
    negatives: tuple[Negative, ...] = Field(min_length=3)

    @model_validator(mode="after")
    def _consistent(self) -> Relation:
        for problem in _problems(self):
            raise ValueError(problem)
        return self


class Schema(Value):
    """All entity types and relations; `groups` are short names for several types (org, work)."""

    entity_types: dict[EntityType, EntityKind]
    groups: dict[Word, tuple[EntityType, ...]]
    relations: dict[str, Relation]

    def allows(self, relation: str, subject_type: str, object_type: str) -> bool:
        """Return whether the relation is known and may link entities of these types."""
        known = self.relations.get(relation)
        return known is not None and subject_type in known.subjects and object_type in known.objects

    def types(self, name: str) -> tuple[str, ...]:
        """Return the entity types of a type or group name; raise KeyError for another word."""
        return (name,) if name in self.entity_types else self.groups[name]


class _Entities(Value):
    """The form of entities.yaml."""

    types: dict[EntityType, EntityKind]
    groups: dict[Word, tuple[EntityType, ...]]


def load(folder: Path | None = None, *, extra: Sequence[Path] = ()) -> Schema:
    """Return the ontology of a folder (entities.yaml, relations/*.yaml; the shipped one for None).

    `extra` names further relation files, or folders of them. Raise SchemaError with file and key.
    """
    if folder is None and not extra:
        return _shipped()
    return _load(files("kg") if folder is None else folder, extra)


@lru_cache(maxsize=1)
def _shipped() -> Schema:
    return _load(files("kg"), ())


def _load(folder: Traversable, extra: Iterable[Path]) -> Schema:
    about = _parsed(_Entities, folder / "entities.yaml")
    for kind in get_args(EntityType):
        if kind not in about.types:
            raise SchemaError(f"{folder / 'entities.yaml'}: types.{kind}: is missing")
    relations: dict[str, Relation] = {}
    where: dict[str, Traversable] = {}
    for file in (*_yaml_files(folder / "relations"), *(f for path in extra for f in _yaml_files(path))):
        relation = _parsed(Relation, file)
        if relation.name in relations:
            raise SchemaError(f"{file}: name: {relation.name!r} is already defined in {where[relation.name]}")
        relations[relation.name], where[relation.name] = relation, file
    schema = Schema(entity_types=about.types, groups=about.groups, relations=dict(sorted(relations.items())))
    for name, relation in schema.relations.items():
        for key, problem in _across(schema, relation):
            raise SchemaError(f"{where[name]}: {key}: {problem}")
    return schema


def _yaml_files(place: Traversable) -> list[Traversable]:
    """Return the YAML files of a folder by name, or the file itself."""
    if place.is_file():
        return [place]
    if not place.is_dir():
        raise SchemaError(f"{place}: no such file or folder; relation files are expected there")
    found = sorted((f for f in place.iterdir() if f.name.endswith((".yaml", ".yml"))), key=lambda f: f.name)
    if not found:
        raise SchemaError(f"{place}: holds no .yaml file; relation files are expected there")
    return found


def _parsed(form: type[T], file: Traversable) -> T:
    try:
        return form.model_validate(read_yaml(file))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"] if part != "[key]") or "(whole file)"
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise SchemaError(f"{file}: {key}: {first['msg'].removeprefix('Value error, ')}{more}") from None


def _problems(r: Relation) -> Iterator[str]:
    """Yield what does not fit together inside one relation, the key first."""
    if r.unary and r.symmetric:
        yield "symmetric: a unary relation has one end only"
    if (r.unary or r.symmetric) and set(r.subjects) != set(r.objects):
        yield "objects: must be the subjects' types in a unary or symmetric relation"
    if r.edge in STORE_EDGES:
        yield f"edge: {r.edge!r} is a name that every graph has; take another one"
    if not re.fullmatch(r"[A-Z][A-Z_]*", r.edge):
        yield f"edge: {r.edge!r} is no name in capitals (INVESTED_IN)"
    for name in r.qualifiers:
        if name not in Attrs.model_fields:
            yield f"qualifiers: unknown {name!r}; known are {', '.join(Attrs.model_fields)}"
    for key, names in (("distinct", r.distinct), ("values", r.values)):
        for name in names:
            if name not in r.qualifiers:
                yield f"{key}: {name!r} is not among the qualifiers"
    for word in r.words:
        if word in ("subject", "object", "other", *BUILT_IN) or word in r.values:
            yield f"words.{word}: the name is taken"
    for i, example in enumerate(r.examples):
        if all(fact.relation != r.name for fact in example.facts):
            yield f"examples.{i}.facts: none of them is of {r.name!r}"
    yield from _question_problems(r)


def _question_problems(r: Relation) -> Iterator[str]:
    need: dict[str, tuple[set[str], set[str]]] = {  # shape → slots it must have, slots it must not have
        "list_subjects": (set() if r.unary else {"object"}, {"subject"}),
        "count_subjects": (set() if r.unary else {"object"}, {"subject"}),
        "list_objects": ({"subject"}, {"object"}),
        "count_objects": ({"subject"}, {"object"}),
        "pairs": (set(), {"subject", "object"}),
        "yesno": ({"subject"} if r.unary else {"subject", "object"}, set()),
    }
    for shape, templates in r.questions.items():
        if shape not in SHAPES and shape not in r.qualifiers:
            yield f"questions.{shape}: is neither a shape ({', '.join(SHAPES)}) nor a qualifier of the relation"
        must, never = need.get(shape, (set(), set()))
        for template in templates:
            slots = set(SLOT.findall(template))
            if unknown := slots - {"subject", "object"} - set(r.words) - set(r.values):
                yield f"questions.{shape}: {template!r} has an unknown slot {{{sorted(unknown)[0]}}}"
            if must - slots or never & slots:
                yield f"questions.{shape}: {template!r} needs {sorted(must)} and must not have {sorted(never)}"


def _across(schema: Schema, r: Relation) -> Iterator[tuple[str, str]]:
    """Yield (key, problem) of what a relation says of types, groups and other relations."""
    if others := [o.name for o in schema.relations.values() if o.edge == r.edge and o.name < r.name]:
        yield "edge", f"{r.edge!r} is that of {others[0]!r} too"
    for key, phrases in (("wordings", r.wordings), ("vetoes", r.vetoes)):
        for i, phrase in enumerate(phrases):
            for slot in SLOT.findall(phrase):
                name, _, kind = slot.partition(":")
                if name in ("subject", "object", "other"):
                    if kind and kind not in schema.entity_types and kind not in schema.groups:
                        yield f"{key}.{i}", f"unknown entity type {kind!r} in {phrase!r}"
                elif slot not in BUILT_IN and slot not in r.words and slot not in r.values:
                    yield f"{key}.{i}", f"unknown slot {{{slot}}} in {phrase!r}; word groups stand under words:"
            if key == "wordings" and not _has_ends(phrase, r.unary):
                yield f"{key}.{i}", f"{phrase!r} needs " + ("{subject}" if r.unary else "{subject} and {object}")
    for i, example in enumerate(r.examples):
        for fact in example.facts:
            if problem := _fact_problem(schema, example, fact):
                yield f"examples.{i}.facts", problem


def _has_ends(phrase: str, unary: bool) -> bool:
    ends = sorted(s.partition(":")[0] for s in SLOT.findall(phrase) if s.startswith(("subject", "object")))
    return ends == (["subject"] if unary else ["object", "subject"])


def _fact_problem(schema: Schema, example: Example, fact: Expected) -> str | None:
    said = f"[{fact.subject}, {fact.relation}, {fact.object}]"
    known = schema.relations.get(fact.relation)
    if known is None:
        return f"{said}: unknown relation {fact.relation!r}"
    for end in (fact.subject, fact.object):
        if end not in example.entities:
            return f"{said}: {end!r} is not among the example's entities"
    if known.unary != (fact.subject == fact.object):
        return f"{said}: subject and object must " + ("be the same" if known.unary else "differ")
    if not schema.allows(fact.relation, example.entities[fact.subject], example.entities[fact.object]):
        return f"{said}: the relation does not link these types"
    if other := set(fact.attrs.stated()) - set(known.qualifiers):
        return f"{said}: {sorted(other)[0]!r} is not among the relation's qualifiers"
    return None
