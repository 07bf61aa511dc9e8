"""Who acts: the municipality's control room for a person in its register, or a sector system for its own service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request

from hub.api.door import Credentials, Doorkeeper, needed
from hub.api.needs import Hub, desk
from hub.api.problems import Problem
from hub.api.shapes import Reference
from hub.errors import TryAgainError
from hub.model.service import System
from hub.ops.casework import Casework, take_up
from hub.ops.hands import Hand, hand_of, systems_hand
from hub.ops.officials import Barred
from hub.ports import Work
from hub.sdk import UnusableError
from hub.security.tokens import CONTROL, WRITE

T = TypeVar("T")
TURNS = 5
"""How often a step is taken where others come first; they are few, and each has then been answered."""
Person = Annotated[Reference, Header(alias="Langbenk-Person", description="who acts: an opaque id, never a name")]


def _acting(request: Request, credentials: Credentials) -> System:
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    token = needed(credentials.credentials if credentials else None)
    try:
        return doorkeeper.admit(token, CONTROL)
    except UnusableError as refused:
        if refused.code != "insufficient_scope":
            raise
        return doorkeeper.admit(token, WRITE)


Acting = Annotated[System, Depends(_acting)]
"""A caller of either kind; what it may do is the hand's."""


def hand(hub: Hub, work: Work, system: System, person: str) -> Hand | Barred:
    """A sector system's person is its own affair; the control room's is looked up in the municipality's register."""
    if CONTROL in system.scopes:
        return hand_of(work, desk(hub, system), person)
    return systems_hand(system, person)


def allowed(answer: T | Barred) -> T:
    """What somebody may not do is said once the transaction that recorded the attempt is over."""
    if isinstance(answer, Barred):
        raise Problem(answer.code, answer.why, way_out=answer.way_out, place=answer.place)
    return answer


def step(hub: Hub, system: System, person: str, plan: str, act: Callable[[Casework], T | Barred]) -> T:
    """One step in a plan's life. Where somebody else came first it is taken anew, on what then stands; afterwards the
    plan is looked at."""

    def taken() -> tuple[Casework | Barred, T | Barred]:
        with hub.store.begin() as work:
            case = take_up(work, desk(hub, system), hand(hub, work, system, person), plan)
            return case, case if isinstance(case, Barred) else act(case)

    case, done = by_turns(taken)
    if isinstance(case, Casework) and not isinstance(done, Barred):
        hub.facts_changed(case.plan.child)
    return allowed(done)


def by_turns(act: Callable[[], T]) -> T:
    """One transaction, taken anew where somebody else comes first: on what then stands it has a clear answer."""
    for _ in range(TURNS - 1):
        try:
            return act()
        except TryAgainError:
            continue
    return act()
