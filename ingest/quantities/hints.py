"""Hints: what the words around an amount of money say that it is."""

from __future__ import annotations

import re

from kg.model import Amount

_W = r"(?:[\w'-]+ )"  # a word of filling
_UNIT = (r"(?:months?|mo|shares?|seats?|users?|hours?|hrs?|minutes?|mins?|seconds?|days?|weeks?|tokens?"
         r"|images?|calls?|"
         r"quer(?:y|ies)|requests?|pages?|songs?|videos?|tasks?|GPUs?|chips?|head|person|employee|license"
         r"|unit|piece|M|MM|MTok|1[MK]|1,?000|"
         r"million|thousand|input|output|kWh|MWh|watt|megawatt|GB|copy|device|run|subscription"
         r"|subscribers?)")  # fmt: skip
_YEARLY = re.compile(
    r" ?(?:/|-?a-|per |an? |each )? ?(?:years?|yr|annum|annually|quarter)\b|[ /]+(?:yearly"
    r"|p\.a)",
    re.I,
)
_PRICE = re.compile(
    rf" ?(?:/|-an?-|per |an? |each )\s?(?:\d+[KM]?\s|million\s|thousand\s|input\s|output\s|single\s"
    rf"|paying\s)*{_UNIT}\b",
    re.I,
)
_PLAN = re.compile(r"[ -](?:monthly|price tag for users|subscription|tier|plan|per-)\b", re.I)

_RIGHT = {
    "valuation": rf",? ?(?:{_W}){{0,3}}(?:valuation|post-money|pre-money|market (?:cap|value))|,? ?(?:post"
    rf"|pre)-money",
    "fund": rf"(?:,? (?!to )(?:{_W}){{0,3}}(?<!to )(?:fund|vehicle|war chest)\b)",
    "earlier": r",?\)? (?:[\w'-]+ ){0,3}(?:previously|already|earlier|before that|beforehand|prior)\b",
    "total": r",?\)? (?:[\w'-]+ ){0,2}(?:in total|total\b|to date|so far|altogether|in all|overall)",
    "revenue": rf"[ ,/]*(?:{_W}){{0,4}}(?:revenues?|ARR|MRR|sales|run[ -]rate|turnover|bookings|annual recurring)\b",
    "profit": rf" (?:in )?(?:{_W}){{0,2}}(?:profits?|loss(?:es)?|income|earnings|EBITDA|cash burn|burn)\b",
    "capex": rf" (?:{_W}){{0,4}}(?:cap-?ex|capital (?:expenditures?|spending|investments?|outlays?))\b",
    "debt": rf" (?:{_W}){{0,3}}(?:debt|loans?|credit (?:facility|line)|bonds?|notes|line of credit|term loan"
    rf"|revolver)\b",
    "legal": rf" (?:{_W}){{0,3}}(?:settlement|fine|damages|lawsuit|penalty|judgment)\b",
    "pay": r" (?:[\w'-]+ ){0,2}(?:salar(?:y|ies)|bonus(?:es)?|pay package|compensation|signing bonus)",
}
_LEFT = {
    "valuation": r"(?:valu(?:ed|ing|es|ation)|worth|market (?:cap|value|capitali[sz]ation)|pre-money"
    r"|post-money)\b(?:,? (?!(?:build|fund|for|with|led)\b)[\w'-]+){0,6},? ?[(:]?\W*",
    "fund": r"(?:\bfunds?\b(?! manager)(?: [IVX]+)?(?: \w+)?(?: of| worth| with| at| totalling|:)(?: \w+)?) ?",
    "earlier": r"(?:on top of|in addition to|previously|already|earlier|prior|formerly|had (?:raised"
    r"|invested))\b(?: [\w'-]+){0,4} ?",
    "old_level": r"(?:\b(?:up|down|increas\w+|ris\w+|rose|gr[eo]w\w*|jump\w*|climb\w*|leap\w*|doubl\w+|tripl\w+"
    r"|compared|versus|vs\.?|against|change)"
    r"(?:,? [\w'-]+){0,3} (?:from|with|to)|\b(?:versus|vs\.?|against|up from|down from"
    r"|compared (?:with|to)))(?: (?:the|its|a|an|just|only|last|year's|previous))* ?",
    "total": r"(?:\btotal(?:s|led|ling|ing|ed)?\b(?: [\w'-]+){0,5}|\bbring(?:s|ing)\b(?: [\w'-]+){0,6}(?: to)"
    r"|\bcumulative(?: [\w'-]+){0,3}) ?",
    "revenue": r"(?:revenues?|ARR|MRR|\bsales|run[ -]rate|turnover|top[ -]line"
    r"|bookings)\b(?:,? [\w'-]+){0,6} ?[(:]?\W*",
    "profit": r"(?:profits?|\bloss(?:es)?|lost|net income|earnings|EBITDA|burn(?:s|ed|ing)?)\b(?: [\w'-]+){0,4} ?",
    "capex": r"(?:cap-?ex|capital (?:expenditures?|spending|investments?|outlays?))\b(?:,? [\w'-]+){0,7} ?[(:]?\W*",
    "debt": r"(?:\bdebt|\bloans?|credit (?:facility|line)|\bbonds?|\bborrow\w*|term loan)\b(?: [\w'-]+){0,4} ?",
    "legal": r"(?:\bfin(?:ed|es)|\bsettle\w*|\bdamages|\bpenalt(?:y|ies))\b(?: [\w'-]+){0,4} ?",
    "more": r"(?:\banother|\b(?:an )?additional|\ba further|\bextra)(?: [\w'-]+)? ?",
}
MEASURES = frozenset(["valuation", "revenue", "profit", "capex", "debt"])
_AFTER = {name: re.compile(pattern, re.I) for name, pattern in _RIGHT.items()}
_BEFORE = {name: re.compile(rf"(?:{pattern})$", re.I) for name, pattern in _LEFT.items()}
_QUALIFIED = {"more": re.compile(r"^(?:another|an additional|a further)\b", re.I)}
_RAISED_AT = re.compile(
    r"(?:^|\brais\w+\b.*|\bround\b.*|\bfunding\b.*|\bfinancing\b.*|\bseries [a-h]\b.*) ?\b(?:at"
    r"|on)(?: an?| its| the)? ?(?:whopping |staggering )?$",
    re.I,
)
_TO = re.compile(r"\W*(?:to|and|-|→|->|or) ?(?:about |over |nearly |roughly |around |more than )?$", re.I)
_FROM = re.compile(r"\bfrom ?(?:an? |about |the |its |just )*$", re.I)


def money_hints(
    text: str, previous: int, span: tuple[int, int], following: int, amount: Amount | None, *, vague: bool = False
) -> frozenset[str]:
    """Return what the words between the neighbouring amounts say that text[span] is."""
    start, end = span
    left = text[max(previous, start - 80) : start]
    left = re.split(r"[;!?]|\. ", left)[-1]
    right = re.split(r"[;!?]|\.(?: |$)", text[end : min(following, end + 60)])[0]
    hints = {"vague"} if vague else set()
    hints |= {name for name, pattern in _AFTER.items() if pattern.match(right)}
    told = bool(hints & MEASURES)  # "a $3B valuation on $150M revenue": what follows an amount says more
    hints |= {n for n, pattern in _BEFORE.items() if not (told and n in MEASURES) and pattern.search(left)}
    hints |= {name for name, pattern in _QUALIFIED.items() if pattern.search(text[start:end])}
    hints |= _rate(right, amount)
    if (previous and "price" not in hints and _RAISED_AT.search(left)) or re.search(
        r"\brais\w+ at(?: an?)? ?$", left, re.I
    ):
        hints.add("valuation")
    if _FROM.search(left) and re.match(r"\W*(?:[\w'-]+ ){0,6}to ", text[end : end + 60]):
        hints.add("old_level")
    if previous and _TO.search(left) and left.strip().startswith(("to", "→", "->")):
        hints.add("new_level")
    return frozenset(hints)


def _rate(right: str, amount: Amount | None) -> set[str]:
    """Return `price` for what one unit costs, `rate` for a sum a year or a large one a month."""
    size = max((amount.low or 0, amount.high or 0)) if amount else 0
    if _YEARLY.match(right):
        return {"rate"}
    if _PRICE.match(right) or (size < 1000 and _PLAN.match(right)):
        return {"rate"} if size >= 1e5 and re.match(r"\W*(?:an?|per)?\W*(?:mo|week|day)", right, re.I) else {"price"}
    return set()
