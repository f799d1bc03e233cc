"""Judging: the review list that a visitor works through, what they have decided, and how it is taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

import streamlit as st

from app import bootstrap
from app.web import state
from app.web.address import MANY
from kg.errors import KGError
from kg.graph import Graph
from kg.model import Judgement
from kg.review import Listed, Review
from kg.review_items import KINDS, Answer, Item

KEPT = "review"  # the session's list
SOUGHT = "review-sought"  # place of the judgement that was just taken back: its item is shown next
UNDONE = ("entity", "deal", "figure", "statement")  # judgements that the page can take back
STATES = 4  # of a store, whose lists are kept
Place = tuple[str, str]  # kind and target of a judgement


@dataclass(frozen=True)
class Decision:
    """What a visitor has said of one item, and the judgements that stood before."""

    item: Item
    answer: Answer
    earlier: Mapping[Place, Judgement | None] = field(hash=False)

    @property
    def rejected(self) -> set[str]:
        """Return the statements that it sets aside."""
        return {j.target for j in self.answer.judgements if j.verdict == "reject"}


class Shelf:
    """The lists of the latest states of an opened store, for all visitors; each is made once."""

    def __init__(self, graph: Graph) -> None:
        """Make lists of this graph when they are asked for."""
        self.graph = graph
        self.lists: dict[str, Listed] = {}
        self.lock = Lock()

    def of(self, version: str) -> Listed:
        """Return the list of a state; raise KGError."""
        with self.lock:
            if version not in self.lists:
                own = self.graph
                self._put(version, Review(own.store, own.schema, own.reference, trust=bootstrap.trust()).items())
            return self.lists[version]

    def put(self, version: str, items: Iterable[Item]) -> None:
        """Keep the items that a visitor's answer has left as the list of the state that it made."""
        some = tuple(sorted(items, key=lambda item: item.order))
        counts = Counter(item.kind for item in some)
        with self.lock:
            self._put(version, Listed(some, {kind: counts[kind] for kind in KINDS}))

    def _put(self, version: str, listed: Listed) -> None:
        self.lists[version] = listed
        for old in list(self.lists)[:-STATES]:
            del self.lists[old]


@dataclass
class Desk:
    """One visitor's list: made for one state of the store, kept while only they change it."""

    graph: int
    version: str
    listed: Listed
    decisions: list[Decision] = field(default_factory=list)
    at: int = 0  # place in the open items, where the item of the address is gone

    def open(self, kind: str = "") -> list[Item]:
        """Return the items (of one kind) that are not decided, and of which no statement was set aside."""
        done = {d.item.id for d in self.decisions}
        rejected = {id for d in self.decisions for id in d.rejected}
        return [
            item
            for item in self.listed.items
            if kind in ("", item.kind) and item.id not in done and rejected.isdisjoint(item.rests_on)
        ]


def desk(own: Graph) -> Desk:
    """Return the visitor's list, made anew if the store has changed by other hands; raise KGError."""
    kept: Desk | None = st.session_state.get(KEPT)
    version = own.store.version()
    if kept is None or kept.graph != id(own):
        kept = Desk(id(own), version, _shelf(own).of(version))
    elif kept.version != version:
        kept.version, kept.listed = version, _shelf(own).of(version)
    st.session_state[KEPT] = kept
    _seek(kept)
    return kept


@st.cache_resource(show_spinner=False, max_entries=4, hash_funcs={Graph: id})
def _shelf(graph: Graph) -> Shelf:
    return Shelf(graph)


def _seek(own: Desk) -> None:
    """Put the item of a judgement that was taken back into the address."""
    sought = st.session_state.pop(SOUGHT, None)
    for item in own.open() if sought else ():
        if any((made.kind, made.target) == sought for answer in item.answers for made in answer.judgements):
            st.query_params["item"] = item.id
            if kind() not in ("", item.kind):
                st.query_params.pop("kind", None)
            return


def kind() -> str:
    """Return the kind that the address limits the list to, "" for all."""
    asked = st.query_params.get("kind", "")
    return asked if asked in KINDS else ""


def choose_kind(wanted: str) -> None:
    """Limit the list to a kind; the first of it is shown."""
    st.query_params.pop("item", None)
    st.session_state[KEPT].at = 0
    if wanted in KINDS:
        st.query_params["kind"] = wanted
    else:
        st.query_params.pop("kind", None)


def place(own: Desk, items: Sequence[Item]) -> int:
    """Return which of the items is shown: that of the address, else the one at its former place."""
    asked = st.query_params.get("item", "")
    found = next((n for n, item in enumerate(items) if item.id == asked), None)
    own.at = min(own.at, len(items) - 1) if found is None else found
    return max(own.at, 0)


def step(by: int) -> None:
    """Show the item that stands so many places on from the one of the address; after the last the first."""
    own: Desk = st.session_state[KEPT]
    if items := own.open(kind()):
        st.query_params["item"] = items[(place(own, items) + by) % len(items)].id


def decide(item: Item, answer: Answer) -> None:
    """Make the judgements of an answer; the item leaves the list, and the next one takes its place."""
    own: Desk = st.session_state[KEPT]
    items = own.open(kind())
    at = place(own, items)
    if not items or items[at].id != item.id:
        return  # a press meant for another item, before the page has moved on
    earlier: dict[Place, Judgement | None] = {}

    def judge(graph: Graph) -> None:
        for made in answer.judgements:
            earlier[(made.kind, made.target)] = _standing(graph, (made.kind, made.target))
        when = state.now()
        graph.judge_all(made.model_copy(update={"when": when}) for made in answer.judgements)

    if _written(own, judge, decided=Decision(item, answer, earlier)) and (left := own.open(kind())):
        st.query_params["item"] = left[min(at, len(left) - 1)].id


def take_back(number: int = -1) -> None:
    """Take a decision back, the last one if none is named: what stood before stands again, and its item is shown.

    Where this visit has none, it is the latest answer of another one.
    """
    own: Desk = st.session_state[KEPT]
    if not own.decisions:
        _take_back_another(own)
        return
    decision = own.decisions[number]
    if _written(own, lambda graph: _restore(graph, decision.earlier), without=decision):
        if kind() not in ("", decision.item.kind):
            st.query_params.pop("kind", None)
        st.query_params["item"] = decision.item.id


def _take_back_another(own: Desk) -> None:
    """Take back the latest answer of another visit: all the judgements that it made at one time."""
    try:
        some = earlier_ones(own, state.graph(), MANY)
    except KGError as error:
        st.session_state["trouble"] = str(error)
        return
    drop(*((j.kind, j.target) for j in some if j is some[0] or (j.when and j.when == some[0].when)))


def drop(*places: Place) -> None:
    """Take back judgements of an earlier visit: what stood before stands again, and the item of the first is shown."""
    try:
        graph = state.graph()
        for place in places:
            graph.undo(place)
            st.session_state[SOUGHT] = places[0]
    except KGError as error:
        st.session_state["trouble"] = str(error)


def earlier_ones(own: Desk, graph: Graph, most: int = 10) -> list[Judgement]:
    """Return the latest judgements of other visits on names, deals, figures and statements."""
    mine = {spot for d in own.decisions for spot in d.earlier}
    some = [j for j in graph.judgements() if j.kind in UNDONE]
    others = (j for j in some if (j.kind, j.target) not in mine)
    return sorted(others, key=lambda j: (j.when, j.kind, j.target), reverse=True)[:most]


def _written(own: Desk, work: Callable[[Graph], None], *, decided: Decision | None = None,
             without: Decision | None = None) -> bool:  # fmt: skip
    """Run a change of the store that makes a decision, or takes one back; tell what fails.

    If nobody else has changed the store, the list goes on without the item, or with it again, for all visitors.
    """
    try:
        graph = state.graph()
        unchanged = graph.store.version() == own.version
        work(graph)
        if decided:
            own.decisions.append(decided)
        if without:
            own.decisions.remove(without)
            if without.item not in own.listed.items:  # the list was made anew in between
                items = sorted((*own.listed.items, without.item), key=lambda item: item.order)
                own.listed = replace(own.listed, items=tuple(items))
        if unchanged:
            own.version = graph.store.version()
            _shelf(graph).put(own.version, own.open())
    except KGError as error:
        st.session_state["trouble"] = str(error)
        return False
    return True


def _restore(graph: Graph, earlier: Mapping[Place, Judgement | None]) -> None:
    for (kind, target), before in earlier.items():
        if before is None:
            graph.unjudge(kind, target)
        else:
            graph.judge(before, force=True)


def _standing(graph: Graph, place: Place) -> Judgement | None:
    found = graph.store.get("judgement", ["/".join(place)])
    fields = Judgement.model_fields
    return Judgement(**{k: v for k, v in found[0].data.items() if k in fields}) if found else None
