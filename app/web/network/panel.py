"""The panel beside the drawing: what is chosen, with its sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app.web.deal_lines import line, pair, story_link, swatch
from app.web.network.control import look_at
from app.web.network.deal_rows import extras, status
from app.web.network.drawn import kind_of
from app.web.network.wish import Wish
from app.web.statements import statements
from app.web.tags import show, tag
from kg.answer import corrected, corrections, statement_json
from kg.deal_kinds import look
from kg.deal_list import deal_of, when
from kg.deals import total, worth
from kg.graph import Graph
from kg.model import Deal
from kg.money import show as money
from kg.money import show_total
from kg.network import View

HINT = "Click on a company or a line: its sentences are shown here. Double click on a company draws its other deals."
FEW = 6  # deals of a company that are listed


def panel(graph: Graph, view: View, asked: Wish) -> None:
    """Show what is chosen: an entity, a deal, or several; else what the view holds."""
    entities = [id for id in asked.chosen if "/" in id]
    deals = [id for id in asked.chosen if "/" not in id]
    if len(entities) == 1 and not deals:
        _entity(graph, view, asked, entities[0])
    elif asked.chosen:
        known = {d.id: d for d in view.deals}
        rows = graph.store.get("deal", [id for id in deals if id not in known])
        chosen = [known[id] for id in deals if id in known] + [deal_of(row) for row in rows]
        chosen += [d for d in view.deals for id in entities if _takes_part(d, id) and d not in chosen]
        _deals(graph, view, asked, chosen)
    else:
        _overview(view)


def _overview(view: View) -> None:
    show(tag("p", HINT, css="kg-small"))
    lines = []
    for kind in dict.fromkeys(d.kind for d in view.found):
        some = [d for d in view.found if d.kind == kind]
        worth_ = show_total(total(some)) if total(some) else "no amounts stated"
        words = f"{look(kind).label}: {len(some):,}"
        lines.append((len(some), tag("div", swatch(look(kind).colour), words, tag("span", worth_))))
    rows = [line for _, line in sorted(lines, key=lambda pair: -pair[0])]
    if rows:
        show(tag("div", "All that fit", css="kg-section"), tag("div", *rows, css="kg-kinds"))


def _entity(graph: Graph, view: View, asked: Wish, id: str) -> None:
    node = next((n for n in view.nodes if n.id == id), None)
    rows = graph.store.get("entity", [id])
    if not rows:
        show(tag("p", "This company is no longer in the store.", css="kg-small"))
        return
    type_ = kind_of(graph.schema, rows[0].data["type"])
    own = [d for d in {d.id: d for d in (*view.deals, *view.found)}.values() if _takes_part(d, id)]
    sums = total(own)
    parts = [type_.label if type_ else "", f"{len(own):,} deal{'s' if len(own) != 1 else ''}"]
    parts += [show_total(sums)] if any(most for _, most in sums.values()) else []
    show(tag("h2", rows[0].data["name"], css="kg-chosen"),
         tag("p", " · ".join(p for p in parts if p), css="kg-small"))  # fmt: skip
    with st.container(horizontal=True, gap="small", key="network-actions"):
        near = asked.around == (id,)
        st.button("Neighbourhood", key="network-near", disabled=near and asked.depth == 1, on_click=look_at,
                  args=([id],), kwargs={"around": (id,), "depth": 1, "only": ()})  # fmt: skip
        st.button("Two steps", key="network-near-2", disabled=near and asked.depth == 2, on_click=look_at,
                  args=([id],), kwargs={"around": (id,), "depth": 2, "only": ()})  # fmt: skip
        if asked.around or asked.only:
            st.button("All deals", key="network-all", on_click=look_at, kwargs={"around": (), "only": ()})
        elif node is not None and node.more:
            st.button(f"Draw {node.more:,} more", key="network-more", on_click=look_at, args=([id],),
                      kwargs={"open": (*asked.open, id)})  # fmt: skip
    show(tag("div", *(line(d, view.names, graph) for d in own[:FEW]), css="kg-kinds"),
         *([tag("p", f"and {len(own) - FEW:,} more", css="kg-small")] if len(own) > FEW else []))  # fmt: skip
    members = set(rows[0].data.get("members", (id,)))
    _statements(graph, own, members)


def _deals(graph: Graph, view: View, asked: Wish, chosen: Sequence[Deal]) -> None:
    if not chosen:
        show(tag("p", "What was chosen is no longer there: it was taken out, or set aside.", css="kg-small"))
    if len(chosen) == 1:
        _deal(graph, view, chosen[0])
    elif chosen:
        show(tag("h2", f"{len(chosen):,} deals", css="kg-chosen"))
        show(tag("div", *(line(d, view.names, graph) for d in chosen[:FEW]), css="kg-kinds"))
    if asked.around or asked.only:
        st.button("All deals", key="network-all", on_click=look_at, kwargs={"around": (), "only": ()})
    _statements(graph, chosen, None)


def _deal(graph: Graph, view: View, deal: Deal) -> None:
    amount = worth(deal)
    facts = [look(deal.kind).label, money(amount) if amount else "", status(deal), when(deal) or "", extras(deal)]
    show(tag("h2", pair(deal, view.names, graph), css="kg-chosen"),
         tag("p", " · ".join(f for f in facts if f), css="kg-small"))  # fmt: skip
    shares = [(view.names.get(p.entity_id, p.entity_id), p.amount) for p in deal.parties if p.amount]
    lines = [tag("div", f"{name}: {money(share)}") for name, share in shares if share]
    if len(deal.steps) > 1:
        for step in deal.steps:
            size = f" · {money(step.amount)}" if step.amount else ""
            lines.append(tag("div", f"{step.date or step.reported or 'undated'}: {step.stage.replace('_', ' ')}{size}"))
    if lines:
        show(tag("div", *lines, css="kg-kinds"))
    story_link(deal.id)


def _statements(graph: Graph, deals: Sequence[Deal], members: set[str] | None) -> None:
    """Show the statements of the deals, in their order; of a company only those it takes part in."""
    ids = list(dict.fromkeys(s for d in deals for s in d.statement_ids))
    sure = {s: d.certain for d in deals for s in d.statement_ids}
    right = corrections(graph.store.rows("edge", deal_id=[d.id for d in deals])) if ids else {}
    found: list[Mapping[str, Any]] = []
    for row in graph.store.get("statement", ids):
        of = {row.data["subject_member"], row.data["object_member"]}
        if members is None or of & members:
            found.append(corrected(statement_json(row, sure[row.id]), right))
    if found:
        show(tag("div", f"Sentences ({len(found)})", css="kg-section"))
        statements(graph, found, "network-statements", widths=(4, 1))


def _takes_part(deal: Deal, id: str) -> bool:
    return any(p.entity_id == id for p in deal.parties)
