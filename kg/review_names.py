"""Review names: pairs of names that may mean one thing, by how they are written; it suggests, it never decides."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from itertools import combinations

import yaml
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, JaroWinkler

from kg.names import group, normal, visible
from kg.record import numbers

NEAR = 86  # per cent of letters that names must share to be taken for spellings of one
WORD = 0.8  # how near a word must be to its fellow
SHORT = 5  # letters; of shorter names a letter is too much
FAMILY = 3  # names that one word begins, where it is taken for the name of a family of works
CROWD = 400  # names of one beginning that are compared with each other
WORK = ("model", "product", "benchmark")
Pair = tuple[str, str]


@dataclass(frozen=True)
class Words:
    """What may differ between two names of one thing (review_words.yaml)."""

    legal: frozenset[str]
    tails: frozenset[str]
    skipped: frozenset[str]
    given: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True)
class Known:
    """A name that the graph knows: an entity with its own forms, and the short forms that single issues use."""

    id: str
    type: str
    name: str
    own: frozenset[str]
    short: frozenset[str]

    @property
    def group(self) -> str:
        """Return the type group in which names are compared."""
        return group(self.type)

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the words of the name: lower case, no accents, no signs."""
        return words_of(self.name)


@dataclass(frozen=True)
class Hint:
    """Why two names may be one thing, in words, and how likely that is (0-1)."""

    likely: float
    why: str


@lru_cache(maxsize=1)
def vocabulary() -> Words:
    """Return the words that may differ, as they are shipped."""
    data = yaml.safe_load((files("kg") / "review_words.yaml").read_text(encoding="utf-8"))
    legal, tails, skipped = (frozenset(data[name]) for name in ("legal", "tails", "skipped"))
    return Words(legal, tails, skipped, data["given"])


@lru_cache(maxsize=100_000)
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name: lower case, no accents, no signs."""
    text = unicodedata.normalize("NFKD", visible(name)).casefold().replace("&", " and ").replace("'s", "s")
    plain = "".join(c if c.isalnum() else " " for c in text if not unicodedata.combining(c))
    return tuple(plain.split())


def hints(names: Iterable[Known]) -> dict[Pair, list[Hint]]:
    """Return the pairs of ids (sorted) of one group and of equal numbers whose names suggest one thing, and why."""
    groups: dict[str, list[Known]] = {}
    every = list(names)
    firms = {normal(form) for n in every if n.group == "org" for form in n.own}
    for name in every:
        groups.setdefault(name.group, []).append(name)
    out: dict[Pair, list[Hint]] = {}
    for kind, some in sorted(groups.items()):
        rules = [_short_forms(some), _spellings(some)]
        if kind == "org":
            rules += [_endings(some), _initials(some)]
        elif kind == "benchmark":
            rules += [_initials(some), _beginnings(some, firms)]
        elif kind == "person":
            rules += [_people(some)]
        else:
            rules += [_beginnings(some, firms)]
        for a, b, hint in (found for rule in rules for found in rule):
            if a.id != b.id and numbers(a.name) == numbers(b.name):
                pair = (min(a.id, b.id), max(a.id, b.id))
                out.setdefault(pair, []).append(hint)
    return out


def _short_forms(names: Sequence[Known]) -> Iterator[tuple[Known, Known, Hint]]:
    """Yield names of which an issue uses the other as a short form."""
    own: dict[str, list[Known]] = {}
    users: dict[str, list[Known]] = {}
    for name in names:
        for key in {normal(form) for form in name.own}:
            own.setdefault(key, []).append(name)
        for key in {normal(form) for form in name.short}:
            users.setdefault(key, []).append(name)
    for key, some in users.items():
        for other in own.get(key, ()):
            fitting = [n for n in some if n.id != other.id]
            for name in fitting:
                yield name, other, Hint(0.7 / len(fitting), f"an issue calls “{name.name}” “{other.name}”")


def _endings(names: Sequence[Known]) -> Iterator[tuple[Known, Known, Hint]]:
    """Yield firms whose names are one but for a legal form, or a last word such as Labs."""
    known = vocabulary()
    bare: dict[tuple[str, ...], list[tuple[Known, tuple[str, ...]]]] = {}
    for name in names:
        form = _stripped(name.parts, known.legal)
        core = form
        while len(core) > 1 and core[-1] in known.tails:
            core = core[:-1]
        if len("".join(core)) > 2:
            bare.setdefault(core, []).append((name, form))
    for some in bare.values():
        for (a, first), (b, second) in combinations(some, 2):
            if "".join(first) == "".join(second):
                yield a, b, Hint(0.95, "the same name but for its legal form")
            elif len(first) == len(second):
                yield a, b, Hint(0.25, f"the same first words: “{' '.join(first[:-1])}”")
            else:
                longer = max(first, second, key=len)
                rest = " ".join(longer[len(min(first, second, key=len)) :])
                yield a, b, Hint(0.55, f"the same name but for “{rest}”")


def _stripped(words: tuple[str, ...], legal: frozenset[str]) -> tuple[str, ...]:
    """Return the words without legal forms at their end, and without an article."""
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    while len(words) > 1 and (words[-1] in legal or normal("x " + words[-1]) == "x"):
        words = words[:-1]
    return words


def _initials(names: Sequence[Known]) -> Iterator[tuple[Known, Known, Hint]]:
    """Yield names of which one is made of the first letters of the other: three or more, in capitals."""
    known = vocabulary()
    short: dict[str, list[Known]] = {}
    for name in names:
        if name.name.isupper() and name.name.isalpha() and len(name.name) > 2:
            short.setdefault(name.name.casefold(), []).append(name)
    for name in names:
        words = [w for w in name.parts if w not in known.skipped]
        for letters in {"".join(w[0] for w in some) for some in (words, _stripped(tuple(words), known.legal)) if some}:
            for other in short.get(letters, ()) if len(letters) > 2 else ():
                yield name, other, Hint(0.6, f"“{other.name}” are the first letters of “{name.name}”")


def _people(names: Sequence[Known]) -> Iterator[tuple[Known, Known, Hint]]:
    """Yield people of one surname whose given names may be one, or of whom one is known by the surname alone."""
    families: dict[str, list[Known]] = {}
    turned: dict[tuple[str, ...], list[Known]] = {}
    for name in names:
        if name.parts:  # not of signs alone
            turned.setdefault(tuple(sorted(name.parts)), []).append(name)
            families.setdefault(name.parts[-1], []).append(name)
    for some in turned.values():
        yield from ((a, b, Hint(0.75, "the same words in another order")) for a, b in combinations(some, 2))
    for surname, some in families.items():
        full = [n for n in some if len(n.parts) > 1]
        for a, b in combinations(full, 2):
            if likely := _given(a.parts[:-1], b.parts[:-1]):
                yield a, b, Hint(likely, "the same surname, and given names that may be one")
        for alone in (n for n in some if n.parts == (surname,)):
            for name in full:
                yield alone, name, Hint(0.6 / len(full), f"“{alone.name}” is the surname of “{name.name}”")


def _given(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """Return how likely two people's given names are those of one."""
    first, second = sorted((a[0], b[0]), key=len)
    forms = vocabulary().given
    if first == second:
        return 0.85
    if forms.get(first) == second or forms.get(first) == forms.get(second, second):
        return 0.8
    if second.startswith(first):
        return 0.6 if len(first) == 1 else 0.7
    return 0.0


def _beginnings(names: Sequence[Known], firms: set[str]) -> Iterator[tuple[Known, Known, Hint]]:
    """Yield works of which one is written with a maker's or family's name before it: Orbo Vanta 2, Vanta 2."""
    whole: dict[tuple[str, ...], list[Known]] = {}
    for name in names:
        whole.setdefault(name.parts, []).append(name)
    begun = Counter(name.parts[0] for name in names if name.parts)
    longer: dict[str, list[tuple[Known, Known]]] = {}
    for name in names:
        for cut in range(1, len(name.parts)):
            for other in whole.get(name.parts[cut:], ()):
                longer.setdefault(other.id, []).append((name, other))
    for some in longer.values():
        for name, other in some:
            lead = name.parts[: len(name.parts) - len(other.parts)]
            made, family = "".join(lead) in firms, len(lead) == 1 and begun[lead[0]] >= FAMILY
            telling = 0.85 if made else 0.65 if family and len(other.parts) > 1 else 0.35
            why = f"the same name but for “{' '.join(lead)}” before it" + (", a firm" if made else "")
            yield name, other, Hint(telling / (1 + 0.4 * (len(some) - 1)), why)


def _spellings(names: Sequence[Known]) -> Iterator[tuple[Known, Known, Hint]]:
    """Yield names that are nearly the same letters, word by word; only those of one beginning, end or word are met."""
    seen: set[Pair] = set()
    for block in _blocks(names):
        keys = [normal(n.name) for n in block]
        near = process.cdist(keys, keys, scorer=fuzz.ratio, score_cutoff=NEAR, dtype="uint8")
        for i, j in zip(*near.nonzero(), strict=True):
            a, b = block[int(i)], block[int(j)]
            if i < j and (a.id, b.id) not in seen and (b.id, a.id) not in seen:
                seen.add((a.id, b.id))
                if likely := _spelled_alike(a, b, float(near[i, j])):
                    yield a, b, Hint(likely, f"nearly the same letters ({near[i, j]} %)")


def _blocks(names: Sequence[Known]) -> Iterator[list[Known]]:
    """Yield the names that are worth comparing: of one beginning, one end, or with a word in common."""
    blocks: dict[tuple[str, str], list[Known]] = {}
    for name in names:
        key = normal(name.name)
        if len(key) < SHORT:
            continue
        blocks.setdefault(("begins", key[:3]), []).append(name)
        blocks.setdefault(("ends", key[-4:]), []).append(name)
        for word in {w for w in name.parts if len(w) >= SHORT and len(name.parts) > 1}:
            blocks.setdefault(("word", word), []).append(name)
    for (kind, _), some in sorted(blocks.items()):
        if 1 < len(some) <= CROWD:
            yield some
        elif len(some) > CROWD and kind == "begins":
            finer: dict[str, list[Known]] = {}
            for name in some:
                finer.setdefault(normal(name.name)[:6], []).append(name)
            yield from (part[:CROWD] for part in finer.values() if len(part) > 1)


def _spelled_alike(a: Known, b: Known, letters: float) -> float:
    """Return how likely two spellings are of one name: each word has a fellow that is nearly it."""
    ours, theirs = a.parts, b.parts
    if len(ours) != len(theirs) or ours == theirs or not _fellows(a.group, ours, theirs):
        return 0.0
    joined = "".join(ours), "".join(theirs)
    if OSA.distance(*joined) > 1 + min(map(len, joined)) // 10:
        return 0.0
    short = 0.15 if min(len("".join(ours)), len("".join(theirs))) <= SHORT + 1 else 0.0
    other_start = 0.1 if ours[0][:1] != theirs[0][:1] else 0.0
    return max(0.0, 0.5 + (letters - NEAR) * 0.03 - short - other_start)


def _fellows(kind: str, ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Say whether each word is its fellow but for a few letters; of people the given name nearly wholly."""
    for place, (x, y) in enumerate(zip(ours, theirs, strict=True)):
        if x == y or (x.removesuffix("s") == y.removesuffix("s") and place == len(ours) - 1):
            continue
        if any(c.isdigit() for c in x + y):
            return False  # MI300 and MI300X are two
        limit = 0.93 if kind == "person" and place == 0 else WORD + 0.08
        if min(len(x), len(y)) < 4 or fuzz.ratio(x, y) < WORD * 100 or JaroWinkler.similarity(x, y) < limit:
            return False
    return True
