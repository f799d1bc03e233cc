"""Roles: posts of people, current and former, since when and until when, as of a day."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from kg.errors import QuestionError
from kg.graph import Graph
from kg.roles import Role, Roles, last_day, roles_as_of, roles_json
from tests.kg.graph_parts import extract, graph, issue

Said = tuple[str | None, str, str, dict[str, Any]]  # day of the issue, person, firm, qualifiers
PEOPLE = {"Ada Nova": "person", "Bo Lind": "person"}


def roles(*said: Said, of: str = "person/adanova") -> list[Role]:
    with TemporaryDirectory() as folder:
        return _roles(graph(Path(folder) / "g.db"), said, of)


def _roles(g: Graph, said: tuple[Said, ...], of: str) -> list[Role]:
    for n, (day, person, firm, attrs) in enumerate(said):
        g.put(extract(issue(f"k{n}", published=day), (person, "works_at", firm, attrs), types={person: PEOPLE[person]}))
    found = Roles(g.store).of(of)
    g.store.close()
    return found


def told(found: list[Role]) -> list[tuple[str, str, bool, str | None, str | None]]:
    return [(r.firm, r.role, r.current, r.since or r.since_by, r.until or r.until_by) for r in found]


CASES: dict[str, tuple[list[Said], list[tuple[str, str, bool, str | None, str | None]]]] = {
    "since the stated date, else by the first report": (
        [("2026-02-01", "Ada Nova", "Quillon", {"role": "CTO", "date": "2025-11"}),
         ("2026-01-01", "Ada Nova", "Metra", {"role": "adviser", "current": True})],
        [("org/metra", "adviser", True, "2026-01-01", None), ("org/quillon", "CTO", True, "2025-11", None)],
    ),
    "a role that ended": (
        [("2026-01-01", "Ada Nova", "Quillon", {"role": "CTO", "current": True}),
         ("2026-03-01", "Ada Nova", "Quillon", {"role": "cto", "current": False, "date": "2026-02-20"})],
        [("org/quillon", "CTO", False, "2026-01-01", "2026-02-20")],
    ),
    "what ends no role by name ends all at that firm, and none elsewhere": (
        [("2026-01-01", "Ada Nova", "Quillon", {"role": "CTO", "current": True}),
         ("2026-01-01", "Ada Nova", "Quillon", {"role": "board member", "current": True}),
         ("2026-01-01", "Ada Nova", "Metra", {"role": "CTO", "current": True}),
         ("2026-03-01", "Ada Nova", "Quillon", {"current": False})],
        [("org/metra", "CTO", True, "2026-01-01", None), ("org/quillon", "CTO", False, "2026-01-01", "2026-03-01"),
         ("org/quillon", "board member", False, "2026-01-01", "2026-03-01")],
    ),
    "a new role beside another ends nothing": (
        [("2026-01-01", "Ada Nova", "Quillon", {"role": "CTO", "current": True}),
         ("2026-03-01", "Ada Nova", "Quillon", {"role": "CEO", "current": True})],
        [("org/quillon", "CEO", True, "2026-03-01", None), ("org/quillon", "CTO", True, "2026-01-01", None)],
    ),
    "who came back is current": (
        [("2026-01-01", "Ada Nova", "Quillon", {"role": "CTO", "current": False}),
         ("2026-03-01", "Ada Nova", "Quillon", {"role": "CTO", "current": True})],
        [("org/quillon", "CTO", True, "2026-03-01", None)],
    ),
    "former, and never told as current": (
        [("2026-01-01", "Ada Nova", "Quillon", {"role": "CTO", "current": False})],
        [("org/quillon", "CTO", False, None, "2026-01-01")],
    ),
    "undated": (
        [(None, "Ada Nova", "Quillon", {"role": "CTO", "current": True})],
        [("org/quillon", "CTO", True, None, None)],
    ),
    "an undated issue ends no role that a dated one tells": (
        [("2026-01-01", "Ada Nova", "Quillon", {"role": "CTO", "current": True}),
         (None, "Ada Nova", "Quillon", {"role": "CTO", "current": False})],
        [("org/quillon", "CTO", True, "2026-01-01", None)],
    ),
    "but the date that it states does": (
        [("2026-01-01", "Ada Nova", "Quillon", {"role": "CTO", "current": True}),
         (None, "Ada Nova", "Quillon", {"role": "CTO", "current": False, "date": "2026-03"})],
        [("org/quillon", "CTO", False, "2026-01-01", "2026-03")],
    ),
    "a date to come is no date since which": (
        [("2026-01-01", "Ada Nova", "Quillon", {"role": "CTO", "date": "2027"})],
        [("org/quillon", "CTO", True, "2026-01-01", None)],
    ),
    "nobody": ([("2026-01-01", "Bo Lind", "Quillon", {})], []),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_roles_are_current_or_former_since_and_until_a_date(case: str) -> None:
    said, expected = CASES[case]
    for some in (said, said[::-1]):
        assert told(roles(*some)) == expected


def test_a_firm_lists_its_people_current_ones_first() -> None:
    said: list[Said] = [
        ("2026-01-01", "Ada Nova", "Quillon", {"role": "CTO", "current": False}),
        ("2026-01-01", "Bo Lind", "Quillon", {"role": "CTO"}),
    ]
    assert [r.person for r in roles(*said, of="org/quillon")] == ["person/bolind", "person/adanova"]


def test_roles_as_of_a_day_leave_out_and_count_what_no_date_tells() -> None:
    found = roles(
        ("2026-01-01", "Ada Nova", "Quillon", {"role": "CTO", "current": True}),
        ("2026-03-01", "Ada Nova", "Quillon", {"role": "CTO", "current": False}),
        ("2026-02-01", "Ada Nova", "Metra", {"role": "CEO"}),
        (None, "Ada Nova", "Orbo", {"role": "CEO"}),
    )
    for day, firms in (
        ("2025-12-31", []), ("2026-01-01", ["org/quillon"]), ("2026-02-01", ["org/metra", "org/quillon"]),
        ("2026-03-01", ["org/metra"]),
    ):  # fmt: skip
        held, unknown = roles_as_of(found, day)
        assert (sorted(r.firm for r in held), unknown) == (firms, 1)


def test_the_json_form_has_names_and_statements() -> None:
    (found,) = roles(("2026-01-01", "Ada Nova", "Quillon", {"role": "CTO"}))
    (row,) = roles_json([found], {"org/quillon": "Quillon"})
    assert (row["firm"], row["person"], row["role"], len(row["statement_ids"])) == (
        "Quillon", "person/adanova", "CTO", 1,
    )  # fmt: skip


@pytest.mark.parametrize("date", ["", "soon", "<2026", "2026-13", "2025..2026"])
def test_what_is_no_date_is_refused(date: str) -> None:
    with pytest.raises(QuestionError, match="no date"):
        last_day(date)
    assert last_day("2026-02") == "2026-02-28"
