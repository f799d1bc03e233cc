"""Variants: which names of one issue mean the same thing (surnames, short firms, makers in front, handles)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

import yaml

from kg.names import digits, group, normal
from kg.reference import Reference

_POSSESSIVE = re.compile(r"(?:['’]s?|['’])$")
_VERSION = re.compile(r"v?\d{1,2}(?:\.\d+)*", re.I)
_ADDRESS = re.compile(r"([^\W\d].*)\.(?:ai|com|io|co|dev|org|app)", re.I)
LONGEST_SHORT = 10  # letters of an abbreviation
MADE = ("model", "product", "benchmark")


@lru_cache
def word_list(name: str) -> frozenset[str]:
    """Return a list of variants.yaml."""
    data = yaml.safe_load((files("ingest") / "variants.yaml").read_text(encoding="utf-8"))
    return frozenset(str(w) for w in data[name])


@dataclass
class Cluster:
    """The mentions of one normal form in an issue: how often each surface and each type occurs."""

    key: str
    forms: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)

    @property
    def type(self) -> str:
        """Return the most frequent type; company and organization count together, then the more frequent of them."""
        groups: Counter[str] = Counter()
        for kind, n in self.types.items():
            groups[group(kind)] += n
        best = max(groups, key=lambda g: (groups[g], g != "handle", g))
        return max((k for k in self.types if group(k) == best), key=lambda k: (self.types[k], k))

    @property
    def surface(self) -> str:
        """Return the most frequent surface, the longest of equals."""
        return max(self.forms, key=lambda f: (self.forms[f], len(f), f))


def trimmed(name: str) -> str:
    """Return a name without quotes around it, a possessive, a title in front or a stray mark."""
    name = name.strip(" \"“”‘’'`*()[]{},.;:|–—-").strip()
    if name[-2:] in ("'s", "’s") and name[:-2].casefold() in word_list("genitive"):
        return name
    name = _POSSESSIVE.sub("", name) if not name.endswith(("s'", "s’")) else name[:-1]
    first, _, rest = name.partition(" ")
    return rest if rest and first.casefold() in word_list("title") else name


def clusters(mentions: Iterable[tuple[str, str]]) -> dict[str, Cluster]:
    """Return the clusters of (surface, type) by normal form; a handle's form leaves out its @."""
    out: dict[str, Cluster] = {}
    for surface, kind in mentions:
        name = trimmed(surface)
        key = normal(name)
        if key:
            cluster = out.setdefault(key, Cluster(key))
            cluster.forms[name] += 1
            cluster.types[kind] += 1
    return out


def joins(found: Mapping[str, Cluster], reference: Reference, same: Iterable[tuple[str, str]] = ()) -> dict[str, str]:
    """Return for each cluster the key of the cluster it belongs to, itself where it stands alone.

    `same` are pairs of keys that the text itself calls one; the first name of a pair stays.
    """
    to = {key: key for key in found}
    by_type: dict[str, list[str]] = defaultdict(list)
    for key, cluster in found.items():
        by_type[group(cluster.type)].append(key)
    for key in sorted(found, key=lambda k: (len(k), k)):
        cluster = found[key]
        alike = [found[k] for k in by_type[group(cluster.type)]]
        fits = {f for f in _fits(cluster, alike, by_type["org"], reference) if f != key}
        longest = {f for f in fits if not any(to.get(f) == g for g in fits if g != f)}
        if len(longest) == 1:
            to[key] = longest.pop()
    _by_reference(found, reference, to)
    for key, cluster in found.items():
        whole = None
        if set(cluster.types) == {"handle"}:
            whole = _of_handle(cluster, found, reference)
        elif cluster.type == "product":
            whole = _of_product(cluster, found, by_type["org"], reference)
        if to[key] == key and whole is None:
            whole = _plain(cluster, found, reference)
        if to[key] == key and whole is not None and _root(whole, to) != key:
            to[key] = whole
    for one, other in same:
        if _root(one, to) != _root(other, to):
            to[_root(other, to)] = _root(one, to)
    return {key: _root(key, to) for key in found}


def _plain(cluster: Cluster, found: Mapping[str, Cluster], reference: Reference) -> str | None:
    """Return the name of the issue that a name is the plural or the web address of ("H100s", "Gretel.ai")."""
    kind, surface = group(cluster.type), cluster.surface
    bare = {cluster.key[:-1]} if surface.endswith("s") and kind != "person" else set()
    bare |= {normal(m[1])} if (m := _ADDRESS.fullmatch(surface)) else set()
    for key in sorted(bare & found.keys()):
        ids = [reference.canonical(kind, k) for k in (cluster.key, key)]
        if group(found[key].type) == kind and (ids[0] is None or ids[0] == ids[1]):
            return key
    return None


def abbreviates(short: str, full: str) -> bool:
    """Return whether capitals are made of the beginnings of a name's words ("FAIR" of Fundamental AI Research)."""
    letters = "".join(c for c in short.removesuffix("s") if c.isalpha())
    if not 2 <= len(letters) <= LONGEST_SHORT or not letters.isupper() or digits(short) != digits(full):
        return False
    return _begins(letters.casefold(), [w.casefold() for w in re.split(r"[\W_]+", full) if w[:1].isalpha()])


def _begins(letters: str, words: Sequence[str]) -> bool:
    if not words:
        return not letters
    if words[0] in word_list("small") and _begins(letters, words[1:]):
        return True
    longest = next(
        (n for n, (a, b) in enumerate(zip(letters, words[0], strict=False)) if a != b), min(len(letters), len(words[0]))
    )
    return any(_begins(letters[n:], words[1:]) for n in range(1, longest + 1))


def _root(key: str, to: Mapping[str, str]) -> str:
    seen = {key}
    while to[key] != key and to[key] not in seen:
        key = to[key]
        seen.add(key)
    return key


def _of_handle(handle: Cluster, found: Mapping[str, Cluster], reference: Reference) -> str | None:
    """Return the name of the issue that a handle holds beside generic words or a known firm ("@NousResearch")."""
    parts = [normal(p) for p in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[^\W_A-Z]+", handle.surface)]
    fits = {
        "".join(parts[first:last])
        for first in range(len(parts))
        for last in range(first + 1, len(parts) + 1)
        if all(p in word_list("handle") or reference.canonical("org", p) for p in parts[:first] + parts[last:])
    }
    named = {
        k
        for k in fits
        if len(k) > 2 and k in found and k != handle.key and found[k].type not in ("handle", "model", "benchmark")
    }
    return max(named, key=lambda k: (len(k), k), default=None)


def _of_product(
    cluster: Cluster, found: Mapping[str, Cluster], firms: Sequence[str], reference: Reference
) -> str | None:
    """Return the product of the issue whose paid plan or one version a name is ("ChatGPT Plus", "Acme Loom 0.2": Loom).

    Versions told apart in the issue stay apart, and so do products of two ids in the reference data.
    """
    products = {k: c for k, c in found.items() if c.type == "product"}

    def base(surface: str) -> str | None:
        *words, last = surface.split()
        if normal(last) not in word_list("plan") and not _VERSION.fullmatch(last):
            return None
        whole = normal(" ".join(words))
        fits = [k for k in products if k == whole or (len(k) > 2 and whole.endswith(k) and whole[: -len(k)] in firms)]
        return max(fits, key=len, default=None)

    product = base(cluster.surface)
    if product is None:
        return None
    ids = [reference.canonical(group("product"), k) for k in (cluster.key, product)]
    if ids[0] is not None and ids[0] != ids[1]:
        return None
    versions = {digits(k) for k, c in products.items() if digits(k) != digits(product) and base(c.surface) == product}
    return product if digits(cluster.key) == digits(product) or len(versions) == 1 else None


def _fits(short: Cluster, others: Sequence[Cluster], firms: Sequence[str], reference: Reference) -> list[str]:
    kind = group(short.type)
    words = short.surface.split()
    out = []
    for full in others:
        if full.key == short.key or len(full.key) <= len(short.key):
            continue
        full_words = full.surface.split()
        if kind == "person":
            if (
                len(words) == 1
                and len(full_words) > 1
                and normal(words[0]) in (normal(full_words[-1]), normal(full_words[0]))
            ):
                out.append(full.key)
        elif kind == "org":
            known = reference.canonical("org", short.key) is not None
            if _is_firm(words, full_words, known=known):
                out.append(full.key)
        elif kind in MADE and _is_made(short, full, full_words, firms):
            out.append(full.key)
    return out


def _is_firm(words: Sequence[str], full: Sequence[str], *, known: bool) -> bool:
    """Return whether the full name is the short one and generic words, or the short one is its initials."""
    rest = [normal(w) for w in full[len(words) :]]
    if [normal(w) for w in full[: len(words)]] == [normal(w) for w in words] and rest:
        generic = word_list("firm") if known else word_list("firm") | word_list("division")
        return all(w in generic for w in rest)
    return (
        len(words) == 1
        and len(full) > 2
        and words[0].isupper()
        and words[0] == "".join(w[0] for w in full if w[0].isupper())
    )


def _is_made(short: Cluster, full: Cluster, full_words: Sequence[str], firms: Sequence[str]) -> bool:
    """Return whether the full name is the short one with its maker or family in front, versions alike."""
    if full.key.startswith(short.key) and full.key[len(short.key) :] in word_list("build"):
        return True
    if is_tier(short.surface):
        return full.key.endswith(short.key)
    if not full.key.endswith(short.key) or digits(short.surface) != digits(full.surface):
        return False
    front = full.key[: -len(short.key)]
    if front in firms:
        return True
    return bool(digits(short.surface)) and any(normal(" ".join(full_words[:n])) == front for n in (1, 2))


def is_tier(name: str) -> bool:
    """Return whether a name is but the word of a tier or variant ("Pro", "Max-Preview")."""
    words = [normal(w) for w in re.split(r"[\s-]+", name)]
    return all(w in word_list("tier") for w in words)


def _by_reference(found: Mapping[str, Cluster], reference: Reference, to: dict[str, str]) -> None:
    """Join the clusters that the reference data name by one id, to the longest of them."""
    known: dict[str, list[str]] = defaultdict(list)
    for key, cluster in found.items():
        kind = group(cluster.type)
        kinds = [kind] if kind != "handle" else ["org", "person"]
        for g in kinds:
            canonical = reference.canonical(g, key)
            if canonical:
                fuller = _root(key, to)  # "Musk" of Kimbal Musk, who is not the one known by that name
                if fuller == key or reference.canonical(g, fuller) == canonical or g != "person":
                    known[canonical].append(key)
                break
    for keys in known.values():
        best = max(keys, key=lambda k: (found[k].type != "handle", len(k), k))
        for key in keys:
            if _root(key, to) != _root(best, to):
                to[_root(key, to)] = _root(best, to)
