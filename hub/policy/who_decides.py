"""Who may decide what waits: the table `who_decides.yaml`, and what it says of one hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from hub.errors import SetupError
from hub.model.calendar import norwegian_day
from hub.model.official import ROLES, Role
from hub.model.responsibility import Facts
from hub.model.service import Party, Service
from hub.policy.facts import coordination_of, still_known, subject_of
from hub.policy.rules.coordination import of_record
from hub.policy.view import hides_client
from hub.policy.weighing import Weighing
from hub.policy.words import Disclosure, Message

MAX_HOPS = 3
"""How often a hold may be handed over before the municipality itself must decide it (*kasteball*, F-08)."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a hold asks of people: whose turn it is, which roles must be among those who agree to send it, how many
    must agree, and within how many working days."""

    role: Role
    needs: frozenset[Role]
    people: int
    days: int


@dataclass(frozen=True, slots=True)
class Table:
    """The table, read and held to its form."""

    order: tuple[Role, ...]
    up: Mapping[Role, Role]
    closed: frozenset[Role]
    otherwise: Question
    rules: Mapping[str, Question]


def question(rules: Iterable[str], hops: int = 0) -> Question:
    """What a hold made by these rules asks, after so many hand-overs."""
    known = table()
    asked = [known.rules.get(rule, known.otherwise) for rule in dict.fromkeys(rules)] or [known.otherwise]
    needs = frozenset(one.role for one in asked)
    if len(needs) > 1 and needs & known.closed:
        needs -= {known.otherwise.role}  # who may see a protected address stands in for the coordinator, who may not
    role = next(one for one in known.order if one in needs)
    people, days = max(one.people for one in asked), min(one.days for one in asked)
    if hops > MAX_HOPS:
        role = top(role)
        needs |= {role}
    return Question(role, needs, people, days)


def covers(roles: Iterable[Role]) -> frozenset[Role]:
    """What these roles may decide: their own, and that of whoever an overdue hold would come to them from."""
    found = set(roles)
    known = table()
    while more := {low for low, high in known.up.items() if high in found} - found:
        found |= more
    return frozenset(found)


def above(role: Role) -> Role:
    """Whom an overdue hold goes to; the uppermost keeps it, with a new deadline."""
    return table().up.get(role, role)


def top(role: Role) -> Role:
    """The uppermost above a role; it is the municipality's own decision, but never outside a closed circle."""
    known = table()
    if role not in known.closed:
        return "decision_authority"
    while role in known.up:
        role = known.up[role]
    return role


def is_closed(role: Role) -> bool:
    """Whether only its own roles may know what waits for it."""
    return role in table().closed


def leads(facts: Facts, now: datetime) -> str | None:
    """The service that coordinates this child's plan now: whose coordinator is the coordinator of record."""
    nobody = Party("coordinator", facts.child.municipality)
    asked = Disclosure(
        nobody,
        nobody,
        now,
        subject_of(facts.child, now),
        Message("plan_change"),
        plan=coordination_of(facts, norwegian_day(now)),
    )
    return of_record(Weighing(asked))


def answers_for(facts: Facts, service: Service | None, now: datetime) -> str | None:
    """Who coordinates, where that one may know the child to be a client of this service.

    Else nobody: what has to do with that service is the coordinating unit's, since a task would name it (RED-02).
    """
    leader = leads(facts, now)
    if leader is None or service is None:
        return leader
    here = Party(leader, facts.child.municipality)
    return None if hides_client(still_known(facts, now), here, service, now) else leader


@cache
def table() -> Table:
    """The table of the file beside this one."""
    told = yaml.safe_load((files("hub.policy") / "who_decides.yaml").read_text(encoding="utf-8"))
    try:
        roles: Mapping[Role, Mapping[str, Any]] = told["roles"]
        if roles.keys() != ROLES:
            raise SetupError("who_decides.yaml: roles must be exactly those of hub.model.official")
        up: dict[Role, Role] = {role: row["up"] for role, row in roles.items() if "up" in row}
        closed = frozenset(role for role, row in roles.items() if row.get("closed"))
        rules = {rule: _row(row) for rule, row in told["rules"].items()}
        return Table(tuple(roles), up, closed, _row(told["otherwise"]), rules)
    except (KeyError, TypeError) as error:
        raise SetupError(f"who_decides.yaml: {error}") from error


def _row(row: Mapping[str, Any]) -> Question:
    return Question(row["role"], frozenset({row["role"]}), row["people"], row["days"])
