"""As of: a deal as it stood on an earlier day, by its dated steps and figures."""

from __future__ import annotations

from kg.deal_claims import agree
from kg.deal_figures import CHOSEN
from kg.model import Deal, Figure, Step
from kg.periods import span

UNDATED = "whose steps have no date"


def as_of(deal: Deal, day: str) -> Deal | str | None:
    """Return the deal as it stood at the end of a day (ISO), by all that is known now of what was so by then.

    None if it had not begun; a reason in words if no dated issue tells of it. A step counts from the end of its stated
    date, at the latest from the day of its issue. Parties and terms are those that the whole story gives.
    """
    dated = [(when, step) for step in deal.steps if (when := by(step)) is not None]
    if not dated:
        return UNDATED
    past = [step for when, step in dated if when <= day]
    if not past:
        return None
    told = _figures(deal, day)
    chosen = bool(told) and deal.figure_why == CHOSEN and told[0] == deal.figures[0]
    return deal.model_copy(
        update={
            "stage": past[-1].stage,
            "steps": tuple(past),
            "amount": told[0].amount if told else None,
            "figures": tuple(told),
            "figure_why": CHOSEN if chosen else f"the latest certain one told by {day}" if told else "",
            "tranches": deal.tranches if told and told[0].amount == deal.amount else (),
        }
    )


def by(step: Step) -> str | None:
    """Return the day by which a step was taken; None for one that only an undated issue tells."""
    stated = span(step.date) if step.date else None
    return min(stated[1], step.reported or stated[1]) if stated else step.reported


def _figures(deal: Deal, day: str) -> list[Figure]:
    """Return the figures told by a day, the one that holds first, by the rules of `kg.deal_figures.ordered`."""
    told = sorted((f for f in deal.figures if _told(f, day)), key=lambda f: _rank(f, day), reverse=True)
    best = told[0] if told else None
    if deal.figure_why == CHOSEN and deal.figures[0] in told:
        best = deal.figures[0]
    elif best and best.amount.qualifier == "about":
        best = next((f for f in told if _finer(f, best)), best)
    return sorted(told, key=lambda f: f != best)


def _finer(figure: Figure, best: Figure) -> bool:
    """Say whether a figure is the best one told exactly and as surely."""
    exact = figure.amount.qualifier != "about" and figure.agreed and figure.certain >= best.certain
    return exact and agree(figure.amount.model_dump(), best.amount.model_dump())


def _told(figure: Figure, day: str) -> list[str]:
    return [d for d in figure.told if d <= day]


def _rank(figure: Figure, day: str) -> tuple[bool, bool, str]:
    return figure.certain, figure.agreed, _told(figure, day)[-1]
