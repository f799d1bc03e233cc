"""Review conflicts: statements that cannot all be so, and statements of which the reader was not sure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from kg.deal_claims import agree
from kg.deal_kinds import look
from kg.deal_stages import ENDED, OF_DEALS, UNSURE
from kg.model import Amount, Deal, Judgement
from kg.money import show
from kg.names import normal
from kg.review_deals import who
from kg.review_items import CONTRADICTIONS, Answer, Consequence, Item, Side
from kg.review_names import words_of
from kg.review_world import World, stake
from kg.store.base import Row

WHOLE = 100.5  # per cent of a firm that its owners may hold together, roundings included
MOST = 4  # sides of one item
LETTERS = "ABCD"
Groups = list[list[str]]  # statements by what they say
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
            groups = _disagreeing(world, some)
            if groups and not _judged_pair(world, [group[0] for group in groups]):
                yield _figure(world, deal, groups)
                break


def _figure(world: World, deal: Deal, groups: Groups) -> Item:
    """Return the item that asks which of the amounts is the deal's; the latest statement stands for its amount."""
    found = [group[-1] for group in groups]
    amounts = [_amount(world, id) for id in found]
    most, least = (pick(_top(a) for a in amounts) for pick in (max, min))
    names = {p.entity_id: world.name(p.entity_id) for p in deal.parties}
    answers = [
        Answer(
            "chosen", f"{show(amount)}",
            (Judgement(kind="figure", target=id, verdict="chosen", about=world.about(id)),), (("choose", id),),
        )
        for id, amount in zip(found, amounts, strict=True)
    ]  # fmt: skip
    if len(found) == 2:
        answers += _apart(world, deal, *found)
    why = (f"certain statements of one deal give {' and '.join(show(a) for a in amounts)}",)
    title = f"{look(deal.kind).label} {who(deal, world, names)}: which amount is right?"
    about = Consequence({amounts[0].currency: most - least}, len(found), 0.8)
    sides = _sides(world, groups)
    return Item(CONTRADICTIONS, f"figure:{deal.id}", title, why, about, sides, tuple(answers), _alone(groups))


def _denials(world: World) -> Iterator[Item]:
    """Yield deals that certain statements tell as agreed and others, certain ones too, deny."""
    for deal in world.deals.values():
        sure = _sure(world, deal.statement_ids)
        said = {id: OF_DEALS.get(str(world.statements[id].data["attrs"].get("status"))) for id in sure}
        for no in (id for id in sure if said[id] == "denied"):
            yes = [id for id in sure if said[id] not in (*ENDED, *UNSURE) and _ends(world, id) == _ends(world, no)]
            judged = no in world.judged_statements or world.judged_apart(yes, [no])
            if yes and not judged:
                yield _denial(world, deal, yes, no)
                break


def _denial(world: World, deal: Deal, yes: list[str], no: str) -> Item:
    """Return the item that asks whether a deal holds or is denied."""
    names = {p.entity_id: world.name(p.entity_id) for p in deal.parties}
    groups = [yes, [no]]
    pair = sorted((yes[0], no))
    answers = (
        _reject(world, "holds", "It holds", [no]),
        _reject(world, "denied", "It is denied", yes),
        *_apart(world, deal, yes[0], no),
    )
    title = f"{look(deal.kind).label} {who(deal, world, names)}: does it hold, or is it denied?"
    about = Consequence(stake(deal), len(yes) + 1, 0.7)
    why = ("told as a fact and denied",)
    return Item(
        CONTRADICTIONS, f"denial:{'|'.join(pair)}", title, why, about, _sides(world, groups), answers, _alone(groups)
    )


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
            if groups := _disagreeing(world, sure):
                said = " and ".join(show(_amount(world, group[0])) for group in groups)
                title = f"{world.name(edge.data['subject_id'])}, {edge.data['metric']} {edge.data['period']}: {said}?"
                yield from _which(world, f"metric:{edge.id}", title, "one figure told in two sizes", groups, {}, 0.6)


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
    """Yield the item of edges that cannot all hold: of each the certain statements, else all."""
    groups = [_sure(world, e.data["statement_ids"]) or list(e.data["statement_ids"]) for e in edges[:MOST]]
    yield from _which(world, id, title, why, groups, money, likely)


def _which(
    world: World, id: str, title: str, why: str, groups: Groups, money: dict[str, float], likely: float
) -> Iterator[Item]:
    """Yield the item that asks which statements are wrong, unless a person has said of each group that it is right."""
    if all(world.accepted & {*group} for group in groups):
        return
    single = len(groups) == 1
    answers = [
        _reject(world, f"wrong-{n}", "It is wrong" if single else f"{LETTERS[n - 1]} is wrong", group)
        for n, group in enumerate(groups, start=1)
    ]
    firsts = [group[0] for group in groups]
    right = tuple(world.on_statement(s, "accept") for s in firsts)
    calls = tuple(("accept", s) for s in firsts)
    answers.append(Answer("all-right", "It is right" if single else "All are right", right, calls))
    about = Consequence(money, sum(map(len, groups)), likely)
    yield Item(CONTRADICTIONS, id, title, (why,), about, _sides(world, groups), tuple(answers), _alone(groups))


def _reject(world: World, verdict: str, words: str, statements: list[str]) -> Answer:
    made = tuple(world.on_statement(s, "reject") for s in statements)
    return Answer(verdict, words, made, tuple(("reject", s) for s in statements))


def _apart(world: World, deal: Deal, first: str, second: str) -> tuple[Answer, Answer]:
    """Return the answers that two statements of one deal speak of two, and that it cannot be told."""
    return (
        Answer("different", "Two deals", (world.on_deals(first, second, "different"),), (("split", deal.id, second),)),
        Answer("unsure", "Unsure", (world.on_deals(first, second, "unsure"),)),
    )


def _sides(world: World, groups: Groups) -> tuple[Side, ...]:
    """Return each group as a side, told by its letter, what it says, and the day of its first issue."""
    out = []
    for letter, group in zip(LETTERS, groups, strict=False):
        data = world.statements[group[0]].data
        said = world.sentence(data["relation"], data["subject"], data["object"])
        out.append(Side(f"{letter}: {said} ({world.day(group[0]) or 'undated'})", tuple(group)))
    return tuple(out)


def _alone(groups: Groups) -> tuple[str, ...]:
    """Return the statements that alone say what they say: without one of them there is no contradiction."""
    return tuple(group[0] for group in groups if len(group) == 1)


def _sure(world: World, statements: Iterable[str]) -> list[str]:
    """Return the statements that are certain, by the day of their issue."""
    some = (id for id in statements if id in world.statements and world.certain(id))
    return sorted(some, key=lambda id: (world.day(id) or "~", world.statements[id].data["issue"], id))


def _disagreeing(world: World, statements: list[str]) -> Groups:
    """Return the statements by amounts that agree; nothing where all do, or currencies differ."""
    out: Groups = []
    for id in statements:
        ours = world.statements[id].data["attrs"]["amount"]
        home = next((g for g in out if agree(ours, world.statements[g[0]].data["attrs"]["amount"])), None)
        home.append(id) if home else out.append([id])
    return out[:MOST] if len(out) > 1 and _one_currency(world, statements) else []


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


def _judged_pair(world: World, found: list[str]) -> bool:
    return any(world.judged_apart([a], [b]) for a, b in combinations(found, 2))


def _counts(edge: Row) -> bool:
    """Say whether an edge is certain and told as a fact: not denied, ended, or only talked about."""
    return bool(edge.data["certain"]) and edge.data["stage"] not in (*ENDED, *UNSURE)


def _day(edge: Row) -> str:
    return str(edge.data["date"] or edge.data["reported"] or "")
