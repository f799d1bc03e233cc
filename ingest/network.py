"""The trained network at run time: words in, mentions and related pairs out (onnxruntime; no torch)."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from tokenizers import Tokenizer

from ingest.encode import batch
from ingest.features import (
    LABELS,
    LIKELY,
    QUALIFIERS,
    RELATIONS,
    STATUSES,
    Ints,
    Span,
    candidates,
    kinds,
    link_features,
    pair_features,
)
from ingest.fingerprint import of_model
from ingest.spans import Floats, Spans, log_probabilities, softmax
from kg.errors import ReadError

Halves = npt.NDArray[np.float16]


@dataclass(frozen=True)
class Pair:
    """Two mentions by number (one twice for a unary relation) and the probability of each relation that may hold."""

    subject: int
    object: int
    scores: dict[str, float]
    status: dict[str, float]
    lead: float
    former: float


@dataclass
class Tagged:
    """The names of one unit (first word, last word, type), its qualifiers likewise, vectors and labels of its words."""

    mentions: list[Span]
    marks: list[Span]
    word: Floats
    labels: Floats  # (words, labels): log probabilities
    states: Halves  # (layers, words, width), for the closer


@dataclass(frozen=True)
class Reading:
    """What the network sees in one unit: mentions (first word, last word, type), qualifiers likewise, related pairs."""

    mentions: list[Span] = field(default_factory=list)
    marks: list[Span] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)


def sigmoid(x: Floats) -> Floats:
    """Return the logistic function."""
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30, 30))), dtype=np.float32)


def _run(session: ort.InferenceSession, arrays: dict[str, Any]) -> Any:
    """Return what a session makes of the arrays that it asks for: a network without some part does not ask for all."""
    return session.run(None, {i.name: arrays[i.name] for i in session.get_inputs()})


def confidence(score: float, curve: Sequence[float]) -> float:
    """Return how likely a pair of a score is stated, by the calibration (a, b) of its relation."""
    inside = min(max(score, 1e-6), 1 - 1e-6)
    return 1 / (1 + math.exp(-(curve[0] * math.log(inside / (1 - inside)) + curve[1])))


class Network:
    """The exported model of a folder: four networks (.onnx), tokenizer.json, reader.json, names.json."""

    def __init__(self, folder: Path, allowed: npt.NDArray[np.bool_], *, threads: int = 0) -> None:
        """Load the model; raise ReadError if a file is missing or was made for other labels."""
        try:
            self.about: dict[str, Any] = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
            labels = self.about["labels"]
            if labels != list(LABELS[: len(labels)]) or self.about["relations"] != list(RELATIONS):
                raise ReadError(f"{folder}: made for other labels; train it again with this version")
            options = ort.SessionOptions()
            options.intra_op_num_threads = threads
            options.log_severity_level = 3
            options.enable_cpu_mem_arena = options.enable_mem_pattern = False  # units differ in length: both only grow
            open_ = lambda name: ort.InferenceSession(  # noqa: E731
                str(folder / name), options, providers=["CPUExecutionProvider"]
            )
            self.tagger, self.relater = open_("model.onnx"), open_("relations.onnx")
            self.closer, self.linker = open_("closer.onnx"), open_("links.onnx")
            self.close_weight: float = self.about["close"]  # the weight of the second look at a likely pair
            self.names: dict[str, str] = json.loads((folder / "names.json").read_text(encoding="utf-8"))
            self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except ReadError:
            raise
        except Exception as error:  # onnxruntime and tokenizers have no error type of their own in common
            raise ReadError(
                f"{folder}: the reader's model cannot be loaded ({error}); reinstall the package"
            ) from error
        self.allowed = allowed
        self.spans = Spans(labels)
        self.fingerprint = of_model(folder)

    @classmethod
    def shipped(cls, allowed: npt.NDArray[np.bool_], *, threads: int = 0) -> Network:
        """Return the network that the package carries."""
        with as_file(files("ingest") / "model") as folder:
            return cls(folder, allowed, threads=threads)

    def tag(self, units: Iterable[Sequence[str]]) -> Iterator[Tagged]:
        """Yield the names of each unit (a list of words), in order.

        Each unit is a batch of its own: dynamic int8 takes its scales over a whole batch, so nothing that is read of a
        unit depends on another one; and on a processor it is no slower than padded batches.
        """
        for unit in units:
            made = batch(self.tokenizer, [unit])
            inputs = {"ids": made.ids, "mask": made.mask, "first": made.first, "shapes": made.shapes}
            inputs["letters"] = made.letters
            word, scores, states = _run(self.tagger, inputs)
            length = made.lengths[0]
            labels = log_probabilities(scores[0, :length])
            spans = self.spans.best(labels)
            mentions = [s for s in spans if s[2] not in QUALIFIERS]
            marks = [s for s in spans if s[2] in QUALIFIERS]
            yield Tagged(mentions, marks, word[0, :length], labels, states[0, :, :length].astype(np.float16))

    def relate(self, tagged: Tagged) -> list[Pair]:
        """Return the related pairs among a unit's mentions, by the types that they have now."""
        return self._pairs(tagged)

    def links(self, tagged: Tagged) -> Floats:
        """Return (qualifiers, mentions, relations): how likely a mention's fact of a relation has the qualifier."""
        shape = (len(tagged.marks), len(tagged.mentions), len(RELATIONS))
        if not shape[0] or not shape[1]:
            return np.zeros(shape, dtype=np.float32)
        features = link_features(tagged.marks, tagged.mentions)
        seen = kinds([*tagged.mentions, *tagged.marks], len(tagged.word))
        (scores,) = _run(self.linker, {"word": tagged.word, "kinds": seen, "links": features})
        return sigmoid(scores).reshape(shape)

    def read(self, units: Iterable[Sequence[str]]) -> Iterator[Reading]:
        """Yield what each unit says, read by itself."""
        for tagged in self.tag(units):
            yield Reading(tagged.mentions, tagged.marks, self.relate(tagged))

    def _pairs(self, tagged: Tagged) -> list[Pair]:
        pairs = candidates(tagged.mentions, self.allowed)
        if not pairs:
            return []
        features = pair_features(tagged.mentions, pairs)
        fits = self.allowed[features[:, 4], features[:, 5]]
        relation, detail = self._scored(tagged, features, fits)
        probability = sigmoid(relation) * fits
        status = softmax(detail[:, : len(STATUSES)])
        rest = sigmoid(detail[:, len(STATUSES) :])
        out = []
        for k in np.flatnonzero(probability.max(1) >= 0.05):
            scores = {RELATIONS[r]: float(probability[k, r]) for r in np.flatnonzero(probability[k] >= 0.05)}
            said = {s: float(p) for s, p in zip(STATUSES, status[k], strict=True)}
            out.append(Pair(*pairs[k], scores, said, float(rest[k, 0]), float(rest[k, 1])))
        return out

    def _scored(self, tagged: Tagged, features: Ints, fits: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Return the scores (pairs, relations) and details of pairs; the likely ones are read twice."""
        unit = {"word": tagged.word, "kinds": kinds(tagged.mentions, len(tagged.word))}
        relation, detail = _run(self.relater, {**unit, "pairs": features})
        likely = np.flatnonzero((sigmoid(relation) * fits).max(1) >= LIKELY)
        if likely.size and self.close_weight:
            states = tagged.states.astype(np.float32)
            closer = _run(self.closer, {**unit, "states": states, "pairs": features[likely]})
            for first, second in zip((relation, detail), closer, strict=True):
                first[likely] += self.close_weight * (second - first[likely])
        return relation, detail
