"""A deal in time: its steps and the dated statements as a chart, a lane for each publisher."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import altair

from app.web.rows import said
from app.web.tags import literal
from kg.dates import resolve
from kg.deals import OF_DEALS, STAGES
from kg.model import Amount
from kg.money import show
from kg.periods import span
from kg.schema import Schema

STEPS = "Steps of the deal"
UNTOLD = "no stage told"
LANE = 34  # pixels
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
    """Return the chart: colours tell the stage, a bar is a date that is no single day."""
    lanes = list(dict.fromkeys((STEPS, *(m.lane for m in made.moments))))
    data = altair.Data(values=[asdict(m) for m in made.moments])
    stages = [word for word in WORDS if any(m.tells == word for m in made.moments)]
    colours = [COLOURS[WORDS.index(word)] for word in stages]
    base = altair.Chart(data).encode(
        y=altair.Y("lane", type="nominal", sort=lanes, title=None, axis=altair.Axis(labelLimit=170, ticks=False)),
        color=altair.Color(
            "tells", type="nominal", title="tells", scale=altair.Scale(domain=stages, range=colours),
            legend=altair.Legend(orient="bottom", symbolType="circle"),
        ),
        tooltip=[
            altair.Tooltip(name, type="nominal", title=title)
            for name, title in (("what", "what"), ("date", "date"), ("tells", "tells"), ("amount", "amount"),
                                ("lane", "source"))
        ],
    )  # fmt: skip
    first = altair.X("first", type="temporal", title=None, axis=altair.Axis(format="%Y-%m-%d", labelOverlap=True))
    bars = base.mark_rule(strokeWidth=5, opacity=0.45).encode(x=first, x2=altair.X2("last"))
    points = base.mark_point(filled=True, size=130, opacity=0.9).encode(
        x=altair.X("last", type="temporal"),
        shape=altair.condition(altair.datum.lane == STEPS, altair.value("diamond"), altair.value("circle")),
    )
    layers = altair.layer(bars, points).properties(height=LANE * len(lanes) + 30)
    return layers.configure_axis(grid=True).configure_view(strokeOpacity=0)


def _step(step: Mapping[str, Any]) -> Moment | None:
    date = step["date"] or step["reported"]
    days = span(date) if date else None
    tells = str(step["stage"]).replace("_", " ")
    return Moment(STEPS, *days, date, tells, _amount(step["amount"]), "step") if days else None


def _statement(
    statement: Mapping[str, Any], issue: Mapping[str, Any], aside: Mapping[str, str], schema: Schema
) -> Moment | None:
    day, attrs = issue.get("date"), statement["attrs"]
    if not day:
        return None
    stated = attrs.get("date") or (resolve(aside["date"], day) if aside.get("date") else None)
    days = span(stated) if stated else None
    if not days or days[0] > day:  # still to come: it was so on no day yet
        stated, days = day, (day, day)
    status = OF_DEALS.get(str(attrs.get("status")))
    source = literal(str(issue.get("publisher") or issue.get("title") or issue["key"]))
    return Moment(
        source, *days, str(stated), status.replace("_", " ") if status else UNTOLD, _amount(attrs.get("amount")),
        literal(said(statement, schema)),
    )  # fmt: skip


def _issue(statement: Mapping[str, Any]) -> str:
    spans: Sequence[Mapping[str, Any]] = statement["evidence"]
    return str(spans[0]["issue"]) if spans else ""


def _amount(value: Any) -> str:
    return show(Amount.model_validate(value)) if value else "none stated"
