"""Pipeline: an issue in, an Extract out; spaCy carries the text, the network reads it, assembly joins it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from ingest.assemble import assemble
from ingest.facts import FactFinder
from ingest.features import RELATIONS, allowed_types
from ingest.fingerprint import of_reader
from ingest.language import Tokenizer, layout
from ingest.network import Network
from kg import reference as references
from kg import schema as schemas
from kg.model import Extract, Issue
from kg.schema import Schema


@Language.factory("joint_reader", default_config={"reader": None})
def joint_reader(nlp: Language, name: str, reader: object) -> JointReader:
    """Return the component that finds names and facts; it needs a finder, set by `Reader`."""
    return JointReader()


class JointReader:
    """spaCy component: puts the mentions into `doc.spans["names"]` and all findings into the layout."""

    finder: FactFinder

    def __call__(self, doc: Doc) -> Doc:
        """Read the Doc."""
        known = layout(doc)
        found = self.finder.find(doc, doc.user_data.get("published"))
        spans = (doc.char_span(m.start, m.end, label=m.type) for m in found.mentions)
        doc.spans["names"] = [s for s in spans if s is not None]
        known.found = found
        return doc


class Reader:
    """Reads issues with the shipped model; an Extract depends on its issue and this reader alone."""

    def __init__(self, network: Network, schema: Schema) -> None:
        self.schema = schema
        self.network = network
        self.nlp = spacy.blank("en")
        self.tokenizer = Tokenizer(self.nlp.vocab)
        self.nlp.tokenizer = self.tokenizer
        self.nlp.max_length = 2**31
        self.nlp.add_pipe("newsletter_segmenter")
        component = self.nlp.add_pipe("joint_reader")
        assert isinstance(component, JointReader)
        reference = references.load()
        component.finder = FactFinder(network, schema, reference, self.nlp.vocab)
        self.fingerprint = of_reader(schema, reference, network.fingerprint)

    @classmethod
    def load(cls, folder: Path | None = None, *, threads: int = 0) -> Reader:
        """Return the reader of the shipped model, or of a model folder; raise ReadError if it cannot be loaded."""
        schema = schemas.load()
        allowed = allowed_types({r: (schema.relations[r].subjects, schema.relations[r].objects) for r in RELATIONS})
        make = Network(folder, allowed, threads=threads) if folder else Network.shipped(allowed, threads=threads)
        return cls(make, schema)

    def extract(self, issue: Issue) -> Extract:
        """Return what an issue says."""
        with self.nlp.memory_zone():
            doc = self.tokenizer(issue.text, html=not getattr(issue, "markup", True))
            doc.user_data["published"] = issue.published
            doc = self.nlp(doc)
            return assemble(issue, layout(doc).found, self.schema, self.fingerprint)

    def extracts(self, issues: Iterable[Issue]) -> Iterator[Extract]:
        """Yield the Extract of each issue."""
        for issue in issues:
            yield self.extract(issue)
