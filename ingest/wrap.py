"""Hard wraps: does a line go on in the next one, or does the line break end it?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_FIRST = re.compile(r"\S+")
# fmt: off
_OPEN_END = frozenset((
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "from", "has", "have", "in", "into", "is", "its",
    "of", "on", "or", "our", "over", "per", "than", "that", "the", "their", "to", "up", "versus", "vs", "was",
    "were", "which", "while", "who", "will", "with", "about", "after", "against", "among", "around", "before",
    "between", "during", "under", "until", "via", "within", "without", "nearly", "almost", "around", "roughly",
    "approximately", "additional", "another",
))
# fmt: on
ABBREVIATED = re.compile(r"\b(?:Inc|Corp|Ltd|Co|Mr|Ms|Mrs|Dr|Prof|vs|St|No|e\.g|i\.e|U\.S|U\.K)\.$")


def width(pairs: Iterable[tuple[str, str]]) -> int:
    """Return the width at which a text's lines are wrapped, 0 if they are not; `pairs` are neighbouring lines.

    A line wrapped at width w is no longer than w, and the next line's first word would not have fitted.
    """
    room: Counter[int] = Counter()
    total = 0
    for line, following in pairs:
        least = len(line)
        most = least + len(_word(following))
        total += 1
        for w in range(max(least, 40), min(most, 100) + 1):
            room[w] += 1
    if total < 3 or not room:
        return 0
    best, hits = max(room.items(), key=lambda item: (item[1], item[0]))
    return best if hits >= 0.5 * total else 0


def goes_on(line: str, following: str, wrapped_at: int) -> bool:
    """Say whether `following` continues the sentence or paragraph of `line`."""
    line, word = line.rstrip(), _word(following)
    closed = line.rstrip("\"'”’»)]*_`")[-1:] in (".", "!", "?", ":", "。", "！", "？", "…") and not ABBREVIATED.search(
        line
    )
    full = wrapped_at and wrapped_at >= len(line) - 2 and len(line) + len(word) >= wrapped_at - 1
    if full or (wrapped_at and len(line) > 0.7 * wrapped_at and _URLISH.match(following)):
        return True
    if closed:
        return False
    letters = word.strip("\"'“”‘’(),.;:!?*_`…—–-%")
    if letters.isalpha() and letters.islower():
        return True
    tail = line.rsplit(None, 1)[-1] if line else ""
    return tail in _OPEN_END or line.endswith((",", "(", "“", " $", " –", " —")) or line.count("(") > line.count(")")


_URLISH = re.compile(r"<?(?:https?://|www\.)")


def _word(line: str) -> str:
    found = _FIRST.match(line.lstrip())
    return found[0] if found else ""
