"""Deal groups: which claims of one cell speak of one deal, and why."""

from __future__ import annotations

from collections.abc import Iterable

from kg.deal_claims import Claim
from kg.deal_links import Group, linked
from kg.deal_rounds import rounds
from kg.schema import Schema


class Grouping:
    """Parts the claims of one cell into deals."""

    def __init__(self, schema: Schema) -> None:
        """Keep the schema's deal blocks."""
        self.blocks = {name: r.deal for name, r in schema.relations.items() if r.deal is not None}
        self.unary = {name for name, r in schema.relations.items() if r.unary}
        self.once = {block.kind for block in self.blocks.values() if block.once}

    def parties(self, claim: Claim) -> tuple[tuple[str, str], ...]:
        """Return (role, entity id) of a claim's two ends, sorted."""
        block = self.blocks[claim.relation]
        return tuple(sorted({(block.subject, claim.subject), (block.object, claim.object)}))

    def groups(self, claims: Iterable[Claim]) -> list[Group]:
        """Return the claims of one cell by deal: each group, and the groups, in the order of their claims.

        Claims of the same parties join as `kg.deal_links` says. Where claims speak of a round as a whole, those of its
        investors join it as `kg.deal_rounds` says.
        """
        some = list(claims)
        once = bool({self.blocks[c.relation].kind for c in some} & self.once)
        wholes = linked(c for c in some if c.relation in self.unary)
        pairs: dict[tuple[tuple[str, str], ...], list[Claim]] = {}
        for c in some:
            if c.relation not in self.unary:
                pairs.setdefault(self.parties(c), []).append(c)
        parts = [group for _, pair in sorted(pairs.items()) for group in linked(pair, once=once)]
        groups = rounds(wholes, parts) if self.is_round(some) else parts
        for group in groups:
            group.claims.sort(key=lambda c: c.order)
        return sorted(groups, key=lambda g: g.order)

    def is_round(self, claims: Iterable[Claim]) -> bool:
        """Say whether the claims are of a kind of deal that a claim of its own may tell as a whole."""
        kinds = {self.blocks[c.relation].kind for c in claims}
        return any(self.blocks[name].kind in kinds for name in self.unary if name in self.blocks)
