"""A deal in time: its steps and the dated statements as a chart, a lane for each publisher."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import altair

from app.web.rows import said as words_of
from app.web.tags import literal
from kg.dates import resolve
from kg.deal_stages import OF_DEALS, STAGES
from kg.model import Amount
from kg.money import show
from kg.periods import span
from kg.schema import Schema

STEPS = "Steps of the deal"
UNTOLD = "no stage told"
LANE, CLOSE, AXIS = 34, 15, 40  # pixels: a lane, marks of one day in it, the axis below
FEW_DAYS = 10  # an axis of so many has a tick for each
TOOLTIP = {"what": "what", "date": "date", "tells": "tells", "amount": "amount", "lane": "source"}
# Stages from talk to done, then the two ends; each is told in words as well.
COLOURS = ("#b7a6d9", "#8a63d2", "#5b7fc7", "#1c9bb8", "#2f9e62", "#c8447c", "#b3423a", "#8a8f98")
WORDS = (*(stage.replace("_", " ") for stage in STAGES), UNTOLD)


@dataclass(frozen=True)
class Moment:
    """A mark of the chart: a step or a statement on the day, or through the days, that its date means."""

    lane: str
    first: str
    last: str
    date: str
    tells: str
    amount: str
    what: str


@dataclass(frozen=True)
class Told:
    """The marks in order of time, and the statements (their JSON form) of which no date is known."""

    moments: tuple[Moment, ...]
    undated: tuple[Mapping[str, Any], ...] = ()


def told(story: Mapping[str, Any], asides: Mapping[str, Mapping[str, str]], schema: Schema) -> Told:
    """Return a story in time; `asides` are statement id → the words that an issue has instead of a date.

    A statement has the date that it states for what was so by then, else the day of its issue; of an undated issue
    none, as for the steps.
    """
    issues = {issue["key"]: issue for issue in story["issues"]}
    marks = [mark for step in story["steps"] if (mark := _step(step))]
    undated = []
    for statement in story["statements"]:
        issue = issues.get(_issue(statement)) or {}
        mark = _statement(statement, issue, asides.get(statement["id"], {}), schema)
        if mark:
            marks.append(mark)
        else:
            undated.append(statement)
    marks.sort(key=lambda m: (m.first, m.lane != STEPS, m.lane, m.what))
    return Told(tuple(marks), tuple(undated))


def chart(made: Told) -> Any:
    """Return the chart: colours tell the stage (`legend` names them), a bar is a date that is no single day."""
    lanes = list(dict.fromkeys((STEPS, *(m.lane for m in made.moments))))
    places = _places(made.moments)
    marks = [
        {**asdict(m), "place": place, "number": number, "at": _milliseconds(day), "point": day == m.last}
        for number, (m, place) in enumerate(zip(made.moments, places, strict=True))
        for day in dict.fromkeys((m.first, m.last))
    ]
    stages = legend(made)
    base = altair.Chart(altair.Data(values=marks)).encode(
        x=_days_axis(made.moments),
        y=altair.Y("lane", type="nominal", sort=lanes, title=None, axis=altair.Axis(labelLimit=170, ticks=False)),
        yOffset=altair.YOffset("place", type="ordinal"),
        color=altair.Color(
            "tells", type="nominal", legend=None, scale=altair.Scale(domain=list(stages), range=list(stages.values()))
        ),
        tooltip=[altair.Tooltip(name, type="nominal", title=title) for name, title in TOOLTIP.items()],
    )
    bars = base.mark_line(strokeWidth=5, opacity=0.45).encode(detail=altair.Detail("number", type="nominal"))
    shape = altair.condition(altair.datum.lane == STEPS, altair.value("diamond"), altair.value("circle"))
    points = base.transform_filter(altair.datum.point).mark_point(filled=True, size=130, opacity=0.9)
    height = len(lanes) * max(LANE, CLOSE * (max(places) + 1)) + AXIS
    layers = altair.layer(bars, points.encode(shape=shape)).properties(height=height)
    return layers.configure_view(strokeOpacity=0)


def legend(made: Told) -> dict[str, str]:
    """Return what the marks tell, from talk to done, each with its colour."""
    told = {m.tells for m in made.moments}
    return {word: colour for word, colour in zip(WORDS, COLOURS, strict=True) if word in told}


def _places(moments: Sequence[Moment]) -> list[int]:
    """Return which of the marks of its lane and day each is: they stand one below the other."""
    count: Counter[tuple[str, str]] = Counter()
    out = []
    for m in moments:
        out.append(count[m.lane, m.last])
        count[m.lane, m.last] += 1
    return out


def _days_axis(moments: Sequence[Moment]) -> altair.X:
    """Return the axis of days, a little longer than the marks need; days are those of UTC, wherever one looks."""
    first, last = (date.fromisoformat(day) for day in (min(m.first for m in moments), max(m.last for m in moments)))
    room = max(1, (last - first).days // 30)
    ends = (max(first.toordinal() - room, date.min.toordinal()), min(last.toordinal() + room, date.max.toordinal()))
    few = (last - first).days <= FEW_DAYS
    ticks = altair.TimeIntervalStep(interval="day", step=1) if few else 6
    scale = altair.Scale(type="utc", domain=[date.fromordinal(n).isoformat() for n in ends])
    axis = altair.Axis(format="%Y-%m-%d", labelOverlap=True, tickCount=ticks)
    return altair.X("at", type="temporal", title=None, axis=axis, scale=scale)


def _milliseconds(day: str) -> int:
    return round(datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp() * 1000)


def _days(said: str | None, told: str | None) -> tuple[str, str] | None:
    """Return the first and last day that a date means, none later than the day on which it was told.

    A date that is open to a side is the day that it names; one that was still to come is none.
    """
    found = span(said) if said else None
    if found is None or (told and found[0] > told):
        return None
    first, last = found
    last = min(last, told) if told else last
    return (last if first.startswith("0001") else first, first if last.startswith("9999") else last)


def _step(step: Mapping[str, Any]) -> Moment | None:
    said = step["date"] or step["reported"]
    days = _days(said, step["reported"])
    tells = str(step["stage"]).replace("_", " ")
    return Moment(STEPS, *days, said, tells, _amount(step["amount"]), "step") if days else None


def _statement(
    statement: Mapping[str, Any], issue: Mapping[str, Any], aside: Mapping[str, str], schema: Schema
) -> Moment | None:
    day, attrs = issue.get("date"), statement["attrs"]
    if not day:
        return None
    left = "date" not in statement.get("corrected", {})  # what a person emptied is not read again
    stated = attrs.get("date") or (resolve(aside["date"], day) if left and aside.get("date") else None)
    days = _days(stated, day)
    if not days:
        stated, days = day, (day, day)
    status = OF_DEALS.get(str(attrs.get("status")))
    source = literal(str(issue.get("publisher") or issue.get("title") or issue["key"]))
    return Moment(
        source, *days, str(stated), status.replace("_", " ") if status else UNTOLD, _amount(attrs.get("amount")),
        literal(words_of(statement, schema)),
    )  # fmt: skip


def _issue(statement: Mapping[str, Any]) -> str:
    spans: Sequence[Mapping[str, Any]] = statement["evidence"]
    return str(spans[0]["issue"]) if spans else ""


def _amount(value: Any) -> str:
    return show(Amount.model_validate(value)) if value else "none stated"
