"""Scores and ranks on benchmarks: bare numbers, Elo points, first places."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.quantities.numbers import DIGITS, WORD_VALUES, value_of
from ingest.quantities.tokens import Found, Line, plain

_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12,
}  # fmt: skip
_ORD = rf"(?:\d{{1,3}}(?:st|nd|rd|th)|{'|'.join(_ORDINALS)})"
_PLACE = r"(?:place|spot|position|rank|overall|on the|on|in the|among|out of|of \d+|behind)"
_RANK = re.compile(
    rf"(?<![\w])(?:(?:rank(?:s|ed|ing)?|number|no\.|place[sd]?|position|tied (?:at|for)|spot) ?(?:at "
    rf"|as )?(?:number |#|no\. ?)?(?P<n1>\d{{1,3}})(?![\w.,]\d|[\w%])"
    rf"|#(?P<n2>\d{{1,3}})(?![\w%]|\.\d)|no\. ?(?P<n3>\d{{1,3}})(?!\w)"
    rf"|(?:number|no\.) (?P<w>{'|'.join(w for w in WORD_VALUES if 0 < WORD_VALUES[w] < 21)})\b)",
    re.I,
)
_ORDINAL = re.compile(rf"(?<![\w-])(?P<o>{_ORD})(?!\w)", re.I)
_ORDINAL_BEFORE = re.compile(
    r"(?:\brank(?:s|ed|ing)?|\bcomes?|\bcame|\bcoming|\bplace[sd]?|\bplacing|\bfinish(?:es|ed)?"
    r"|\bsits?|\bstands?|\bdebut(?:s|ed)?|\blands?|\blanded"
    r"|\btakes?|\btook|\bin|\bfell to|\brose(?: from \w+)? to|\bto|\btied(?: for)?|\bis|\bat|\bwas"
    r"|\bremains|\bsecond|\bfrom|\bnow|~|\(|,|\|)(?: (?:in|the|to|joint|overall|a|an))*[ (]?~?$",
    re.I,
)
_TOPS = re.compile(
    r"(?<![\w-])(?:tops|topped|topping|leads|led|leading|top[ -]spot|at the top|top(?=[ -](?:on"
    r"|model|open|rank\w*|score|place|marks?|the|LLM|position)\b)"
    r"|(?:new )?(?:SOTA|state[- ]of[- ]the[- ]art|all-time high|new high|best score|record score"
    r"|highest score))(?!\w)",
    re.I,
)
_NOT_TOP = re.compile(
    r" (?:by\b|(?:an?|the|its|this|that|their)? ?(?:[\w$€£.]+ ){0,4}?(?:round|rounds|investment"
    r"|investors?|financing|funding|team|company|seed|series|charge|effort|group|raise|provider"
    r"|labs?|developer|to\b|way)\b"
    r"|(?:out )?of (?:mind|the )?$|~?[$€£¥]|\d|over \$|users|engineers?|researchers?|figures|executives?)",
    re.I,
)
_BENCH_AFTER = re.compile(
    r"[ ,]*(?:(?:on|in|at|of|the|for|across|all|both|an?|major|most|other|model|models|open"
    r"|overall"
    r"|scores?)[ ,]+)*(?:(?-i:[A-Z0-9τ])|\w*(?:bench|eval|arena|leaderboard|benchmarks?|index"
    r"|ranking|tests?|chart))",
    re.I,
)
_CUE = re.compile(
    r"\b(?:scor\w+|bench\w*|points?|Elo|leaderboard|arena|rating|index|eval\w*|accuracy|pass@\d+"
    r"|MMLU\w*|GPQA|SWE|AIME\w*|HLE|HumanEval|GSM8K|[A-Z]\w*(?:Bench|Eval|QA|Arena)\w*)",
    re.I,
)
_BARE = re.compile(
    rf"(?<![\w.,$€£¥/@#+-])(?P<n>{DIGITS}|\.\d+)(?P<of>(?:/| of "
    rf"| out of )(?:every )?\d{{1,4}})?(?![\w%]|\.\d|[,/:]\d| ?%| per ?cent|-\w)",
    re.I,
)
_POINTS = re.compile(r" ?(?:-?points?\b|pts?\b|Elo\b|right\b|ELO\b|spBLEU|BLEU)", re.I)
_SCORED = re.compile(
    r"(?:\bscor\w+|\breach\w*|\bhit(?:s|ting)?|\bgets?|\bgot|\bachiev\w+|\bpost(?:s|ed|ing)?"
    r"|\brecord(?:s|ed)|\bstands? at|\bnotch\w*|\bcatch\w*|\bfrom|\bto|\bat|\bof|\bwith"
    r"|\bvs\.?|\bversus|\bagainst|\bthan|\bcompared to|\breport(?:s|ing|ed)?|\banswers?|\bhas|\bhad"
    r"|\bprev\.? best|\bwas|\bis|\babove|\bover|\bunder|\bloses|:|=|\(|→|->|\||/|,|'s|[A-Za-z]\w*|\b20[12]\d)"
    r"(?: (?:a|an|the|about|around|roughly|some|just|only|now|over|score of|whopping))*[ (]*[~<>]? ?$",
    re.I,
)
_STRONG = re.compile(
    r"(?:\bscor\w+|\breach\w*|\bhit(?:s|ting)?|\bachiev\w+|\bpost(?:s|ed|ing)|\bnotch\w*"
    r"|\bstands? at|\bgets|\|)(?: (?:a|an|score of|about|around|of))*[ (]*[~<>]? ?$",
    re.I,
)
_OTHER_UNIT = re.compile(
    r"[ -]?(?:x\b|×|[KMGT]i?B\b|tokens?|params?|parameters?|billion|million|trillion|thousand|hours?"
    r"|hrs?|minutes?|mins?|seconds?|secs?|days?|weeks?|months?|years?|times?|GPUs?|H\d00|bits?"
    r"|layers?|experts?|languages?"
    r"|watts?|degrees?|countries|companies|people|models?|versions?|images?|pages?|lines?|steps?"
    r"|ms\b|fps\b|Hz|km|mm|cm|nm|kg|TOPS|FLOPS|TFLOPS|epochs?|stars|votes|upvotes|comments|users"
    r"|papers|percentage points?"
    r"|samples?|examples?|problems?|questions?|tasks?|sessions?|agents?|steps|benchmarks?|others?"
    r"|new|different|more|words?|cents?|dollars?)",
    re.I,
)


_FRACTION = re.compile(r"0?\.\d\d+$")  # 0.871, which no version is
_SOLVED = re.compile(
    r"\b(?:answers?|answered|solv\w+|pass(?:es|ed)|f(?:ou|i)nds?|found|catch\w*|caught|gets"
    r"|got)(?: about| only| just)? $",
    re.I,
)


def parse_rank(text: str) -> float | None:
    """Return the rank that a phrase states ("#5", "tops", "third place"), None if it states none."""
    text = plain(text)
    if match := _RANK.search(text):
        number = match["n1"] or match["n2"] or match["n3"]
        return float(number) if number else float(WORD_VALUES[match["w"].lower()])
    if match := _ORDINAL.search(text):
        word = match["o"].lower()
        return float(_ORDINALS[word] if word in _ORDINALS else re.sub(r"\D", "", word))
    return 1.0 if _TOPS.search(text) or re.search(r"\btop\b", text, re.I) else None


def parse_score(text: str) -> float | None:
    """Return the points that a phrase states ("1,420 Elo", "36 of 42" is 36), None if it states none."""
    match = re.search(rf"(?<![\w.])(?:{DIGITS}|\.\d{{1,9}})(?!\d)", plain(text))
    return value_of(match.group()) if match else None


def find_ranks(line: Line) -> Iterator[Found]:
    """Yield ranks on leaderboards; not "led the round", "topped $1 billion", "first of all"."""
    text = line.text
    if line.digits or "number" in line.words:
        for match in _RANK.finditer(text):
            yield Found(*match.span())
    for match in _ORDINAL.finditer(text):
        start, end = match.span()
        after = text[end : end + 24]
        placed = re.match(r"[ -](?:place|spot|position|rank)\b", after, re.I)
        ranked = _ORDINAL_BEFORE.search(text[max(0, start - 36) : start]) and (
            re.match(rf" (?:{_PLACE})\b|[,;.)]|$| (?:and|with|to)\b", after, re.I)
            or re.search(r"\brank\w*\b", text[max(0, start - 20) : start])
        )
        if (placed or ranked) and not re.match(
            r" (?:quarter|half|time|day|week|month|year|of (?:all|its"
            r"|the))",
            after,
        ):
            yield Found(start, end + (placed.end() if placed else 0))
    cue: bool | None = None
    for match in _TOPS.finditer(text):
        cue = bool(_CUE.search(text)) if cue is None else cue
        if not _NOT_TOP.match(text, match.end()) and (cue or _BENCH_AFTER.match(text, match.end())):
            yield Found(*match.span())


def find_scores(line: Line) -> Iterator[Found]:
    """Yield bare numbers that may be scores; those without a word that says so have the hint `bare`."""
    text = line.text
    if not line.digits:
        return
    cue: bool | None = None
    for match in _BARE.finditer(text):
        start, end = match.span()
        if not line.free(start, end) or (not match["of"] and _OTHER_UNIT.match(text, end)):
            continue
        before = text[max(0, start - 40) : start]
        points = _POINTS.match(text, end)
        cue = bool(_CUE.search(text)) if cue is None else cue
        if 1990 <= value_of(match["n"]) <= 2040 and match["n"].isdigit() and not points:
            continue
        strong = bool(points or _STRONG.search(before) or re.match(r" on (?:the )?[A-Z]", text[end : end + 12]))
        decimal = "." in match["n"] and (value_of(match["n"]) >= 10 or _FRACTION.match(match["n"]))
        if not strong and not match["of"] and _is_name_or_vote(match["n"], before):
            continue
        if not (
            strong
            or decimal
            or (match["of"] and _SOLVED.search(before))
            or (cue and (match["of"] or _SCORED.search(before)))
        ):
            continue
        hints = set() if strong else {"bare"}
        if re.search(r"\bfrom ~?$", before) or re.match(r" ?(?:→|->|to \d)", text[end : end + 5]):
            hints.add("earlier")
        yield Found(start, points.end() if points else end, frozenset(hints))


def _is_name_or_vote(number: str, before: str) -> bool:
    """Return whether a number without a word of scoring is a version ("Weft 3.5"), a post's votes, or an id."""
    if re.search(r"\b(?:Score|Comments|Activity|Episode|Part|Theme|Section|Figure|Table|Step): ?$", before):
        return True
    size = value_of(number)
    if _FRACTION.match(number):
        return False
    return size > 4000 or (size < 10 and bool(re.search(r"\b[A-Z][\w-]*[ -]$", before)) and not before.endswith(" of "))
