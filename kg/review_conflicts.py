"""Review conflicts: statements that cannot all be so, and statements of which the reader was not sure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from kg.deal_claims import agree
from kg.deal_groups import ENDED
from kg.deal_kinds import look
from kg.deals import OF_DEALS, UNSURE
from kg.model import Amount, Deal, Judgement
from kg.money import show
from kg.names import normal
from kg.review_deals import who
from kg.review_items import CONTRADICTIONS, Answer, Consequence, Item, Side
from kg.review_names import words_of
from kg.review_world import World, stake
from kg.store.base import Row

WHOLE = 100.5  # per cent of a firm that its owners may hold together, roundings included
MOST = 4  # statements that one item sets side by side
ONE_AT_A_TIME = ("CEO", "CTO", "CFO", "COO", "chairman", "president")  # posts that one person holds


def contradictions(world: World) -> list[Item]:
    """Return what is stated in ways that exclude each other, most consequential first."""
    rules = (_figures, _denials, _buyers, _metrics, _posts, _owners)
    return sorted((item for rule in rules for item in rule(world)), key=lambda item: item.order)


def _figures(world: World) -> Iterator[Item]:
    """Yield deals whose certain statements, of the whole or of one pair, tell agreed amounts that disagree."""
    for deal in world.deals.values():
        if world.figures & {*deal.statement_ids}:
            continue
        told: dict[tuple[str, ...], list[str]] = {}
        for id in _sure(world, deal.statement_ids):
            attrs = world.statements[id].data["attrs"]
            if attrs.get("amount") and attrs.get("status") not in UNSURE:  # talks may come to another sum
                told.setdefault(_ends(world, id), []).append(id)
        for some in told.values():
            if (found := _disagreeing(world, some)) and not _judged_pair(world, found):
                yield _figure(world, deal, found)
                break


def _figure(world: World, deal: Deal, found: list[str]) -> Item:
    amounts = [_amount(world, id) for id in found]
    most, least = (pick(_top(a) for a in amounts) for pick in (max, min))
    names = {p.entity_id: world.name(p.entity_id) for p in deal.parties}
    answers = [
        Answer(
            "chosen", f"{show(amount)}",
            (Judgement(kind="figure", target=id, verdict="chosen", about=world.about(id)),), ("choose", id),
        )
        for id, amount in zip(found, amounts, strict=True)
    ]  # fmt: skip
    if len(found) == 2:
        answers += _apart(world, deal, *found)
    why = (f"certain statements of one deal give {' and '.join(show(a) for a in amounts)}",)
    title = f"{look(deal.kind).label} {who(deal, world, names)}: which amount is right?"
    about = Consequence({amounts[0].currency: most - least}, len(found), 0.8)
    sides = _sides(world, found)
    return Item(CONTRADICTIONS, f"figure:{deal.id}", title, why, about, sides, tuple(answers), tuple(found))


def _denials(world: World) -> Iterator[Item]:
    """Yield deals that certain statements tell as agreed and others, certain ones too, deny."""
    for deal in world.deals.values():
        sure = _sure(world, deal.statement_ids)
        said = {id: OF_DEALS.get(str(world.statements[id].data["attrs"].get("status"))) for id in sure}
        for no in (id for id in sure if said[id] == "denied"):
            yes = [id for id in sure if said[id] not in (*ENDED, *UNSURE) and _same_pair(world, id, no)]
            pair = [*yes[-1:], no]
            if len(pair) == 2 and not _judged_pair(world, pair) and not world.judged_statements & {*pair}:
                names = {p.entity_id: world.name(p.entity_id) for p in deal.parties}
                title = f"{look(deal.kind).label} {who(deal, world, names)}: was it, or is it denied?"
                answers = (
                    _reject(world, "holds", "It holds", [no]),
                    _reject(world, "denied", "It is denied", pair[:1]),
                    *_apart(world, deal, *pair),
                )
                yield Item(
                    CONTRADICTIONS, f"denial:{'|'.join(sorted(pair))}", title,
                    (f"told as {said[pair[0]] or 'a fact'} and denied",), Consequence(stake(deal), len(pair), 0.7),
                    _sides(world, pair), answers, rests_on=tuple(pair),
                )  # fmt: skip
                break


def _buyers(world: World) -> Iterator[Item]:
    """Yield firms that two buyers, neither part of the other, are said to have bought whole."""
    bought: dict[str, list[Row]] = {}
    for edge in world.edges:
        if edge.data["relation"] == "acquired" and _counts(edge) and (edge.data["percent"] or 100) > 50:
            bought.setdefault(edge.data["object_id"], []).append(edge)
    for target, some in sorted(bought.items()):
        roots = {world.reference.root(e.data["subject_id"]) for e in some}
        linked = any(
            {a.data["subject_id"], b.data["subject_id"]} == {e.data["subject_id"], e.data["object_id"]}
            for a, b in combinations(some, 2)
            for e in world.edges_of.get(a.data["subject_id"], ())
            if e.data["relation"] in ("acquired", "subsidiary_of")
        )
        if len(roots) > 1 and not linked:
            buyers = world.names(dict.fromkeys(e.data["subject_id"] for e in some))
            title = f"Acquisition of {world.name(target)}: by {buyers}?"
            deals = [world.deals[e.data["deal_id"]] for e in some if e.data["deal_id"] in world.deals]
            money = max((stake(d) for d in deals), key=lambda m: max(m.values(), default=0), default={})
            yield from _choice(world, f"buyers:{target}", title, "two buyers of one firm", some, money, 0.6)


def _metrics(world: World) -> Iterator[Item]:
    """Yield figures of one firm and period that disagree."""
    for edge in world.edges:
        if edge.data["deal_id"] is None and edge.data["metric"] and edge.data["period"] and _counts(edge):
            sure = [
                s for s in _sure(world, edge.data["statement_ids"]) if world.statements[s].data["attrs"].get("amount")
            ]
            found = _disagreeing(world, sure)
            if found and not world.judged_statements & {*found}:
                said = " and ".join(show(_amount(world, id)) for id in found)
                title = f"{world.name(edge.data['subject_id'])}, {edge.data['metric']} {edge.data['period']}: {said}?"
                yield _statements(world, f"metric:{edge.id}", title, "one figure told in two sizes", found, {}, 0.6)


def _posts(world: World) -> Iterator[Item]:
    """Yield posts that two people are said to hold now."""
    held: dict[tuple[str, str], list[Row]] = {}
    for edge in world.edges:
        attrs = edge.data["attrs"]
        now = edge.data["relation"] == "works_at" and edge.data["certain"] and attrs.get("current") is not False
        if now and attrs.get("role") in ONE_AT_A_TIME:
            held.setdefault((edge.data["object_id"], attrs["role"]), []).append(edge)
    for (firm, role), some in sorted(held.items()):
        people = dict.fromkeys(e.data["subject_id"] for e in some)
        full = [id for id in people if not any(_part(world, id, other) for other in people)]
        if len(full) > 1:
            some = [e for e in some if e.data["subject_id"] in full]
            people = dict.fromkeys(full)
            title = f"{role} of {world.name(firm)}: {world.names(people)}?"
            yield from _choice(
                world, f"post:{firm}|{normal(role)}", title, f"one post, {len(full)} people who hold it", some, {}, 0.5
            )


def _part(world: World, person: str, other: str) -> bool:
    """Say whether a name is a part of another one (a surname alone), or its words turned round: likely one person."""
    ours, theirs = ({*words_of(world.name(id))} for id in (person, other))
    return ours < theirs or (ours == theirs and person > other)


def _owners(world: World) -> Iterator[Item]:
    """Yield firms of which the shares that are stated last for each owner come to more than the whole."""
    shares: dict[str, dict[str, Row]] = {}
    for edge in world.edges:
        if edge.data["relation"] == "owns_stake" and edge.data["percent"] and _counts(edge):
            holders = shares.setdefault(edge.data["object_id"], {})
            before = holders.get(edge.data["subject_id"])
            if before is None or _day(before) <= _day(edge):
                holders[edge.data["subject_id"]] = edge
    for firm, holders in sorted(shares.items()):
        whole = sum(float(e.data["percent"]) for e in holders.values())
        if whole > WHOLE:
            some = sorted(holders.values(), key=lambda e: (-float(e.data["percent"]), e.id))
            title = f"{world.name(firm)} is owned {whole:g} %: which share is wrong?"
            why = f"{len(some)} {'owner holds' if len(some) == 1 else 'owners together hold'} more than the whole"
            yield from _choice(world, f"owners:{firm}", title, why, some, {}, 0.7)


def _choice(
    world: World, id: str, title: str, why: str, edges: list[Row], money: dict[str, float], likely: float
) -> Iterator[Item]:
    """Yield the item of edges that cannot all hold, unless a person has judged one of their statements."""
    said = [s for e in edges for s in (_sure(world, e.data["statement_ids"]) or e.data["statement_ids"])[:1]]
    every = {s for e in edges for s in e.data["statement_ids"]}
    if len({*said}) > 0 and not every & world.judged_statements:
        yield _statements(world, id, title, why, list(dict.fromkeys(said))[:MOST], money, likely)


def _statements(
    world: World, id: str, title: str, why: str, found: list[str], money: dict[str, float], likely: float
) -> Item:
    """Return the item that asks which statement is wrong."""
    single = len(found) == 1
    answers = [
        _reject(world, f"wrong-{n}", "It is wrong" if single else f"{'ABCD'[n - 1]} is wrong", [s])
        for n, s in enumerate(found, start=1)
    ]
    every = tuple(world.on_statement(s, "accept") for s in found)
    answers.append(Answer("all-right", "It is right" if single else "All are right", every))
    return Item(
        CONTRADICTIONS, id, title, (why,), Consequence(money, len(found), likely), _sides(world, found), tuple(answers),
        rests_on=tuple(found),
    )  # fmt: skip


def _reject(world: World, verdict: str, words: str, statements: list[str]) -> Answer:
    made = tuple(world.on_statement(s, "reject") for s in statements)
    return Answer(verdict, words, made, ("reject", *statements) if len(statements) == 1 else ())


def _apart(world: World, deal: Deal, first: str, second: str) -> tuple[Answer, Answer]:
    """Return the answers that two statements of one deal speak of two, and that it cannot be told."""
    return (
        Answer("different", "Two deals", (world.on_deals(first, second, "different"),), ("split", deal.id, second)),
        Answer("unsure", "Unsure", (world.on_deals(first, second, "unsure"),)),
    )


def _sides(world: World, found: list[str]) -> tuple[Side, ...]:
    """Return each statement as a side of its own, told by its letter, what it says, and its issue's day."""
    out = []
    for letter, id in zip("ABCDEFGH", found, strict=False):
        data = world.statements[id].data
        said = world.sentence(data["relation"], data["subject"], data["object"])
        out.append(Side(f"{letter}: {said} ({world.day(id) or 'undated'})", (id,)))
    return tuple(out)


def _sure(world: World, statements: Iterable[str]) -> list[str]:
    """Return the statements that are certain, by the day of their issue."""
    some = (id for id in statements if id in world.statements and world.certain(id))
    return sorted(some, key=lambda id: (world.day(id) or "~", world.statements[id].data["issue"], id))


def _disagreeing(world: World, statements: list[str]) -> list[str]:
    """Return one statement for each amount that disagrees with the others; nothing where all agree."""
    out: list[str] = []
    for id in statements:
        ours = world.statements[id].data["attrs"]["amount"]
        if not any(agree(ours, world.statements[other].data["attrs"]["amount"]) for other in out):
            out.append(id)
    return out[:MOST] if len(out) > 1 and _one_currency(world, out) else []


def _one_currency(world: World, statements: list[str]) -> bool:
    return len({_amount(world, id).currency for id in statements}) == 1


def _amount(world: World, statement: str) -> Amount:
    return Amount.model_validate(world.statements[statement].data["attrs"]["amount"])


def _top(amount: Amount) -> float:
    return amount.high if amount.high is not None else amount.low or 0.0


def _ends(world: World, statement: str) -> tuple[str, ...]:
    data = world.statements[statement].data
    ends = (world.members.get(data[end], data[end]) for end in ("subject_member", "object_member"))
    return (data["relation"], *ends)


def _same_pair(world: World, a: str, b: str) -> bool:
    return _ends(world, a) == _ends(world, b)


def _judged_pair(world: World, found: list[str]) -> bool:
    return any(world.judged_apart([a], [b]) for a, b in combinations(found, 2))


def _counts(edge: Row) -> bool:
    """Say whether an edge is certain and told as a fact: not denied, ended, or only talked about."""
    return bool(edge.data["certain"]) and edge.data["stage"] not in (*ENDED, *UNSURE)


def _day(edge: Row) -> str:
    return str(edge.data["date"] or edge.data["reported"] or "")
