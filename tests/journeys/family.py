"""Somebody of Nora's family speaks, and the municipality's control room writes it down over HTTP."""

from __future__ import annotations

from typing import Any

from tests.journeys.nora import LEAD
from tests.journeys.offices import CONTROL
from tests.journeys.town import Town

MOTHER, FATHER = "nora-mother", "nora-father"
ANYTHING = {"If-Match": "*"}


def path(town: Town, *steps: str) -> str:
    return "/".join((f"/v1/plans/{town.world.plans['nora']}", *steps))


def said(who: str, **more: Any) -> dict[str, Any]:
    """What shows that this person said it."""
    return {"person": who, "form": "oral", "reference": "journal-1", **more}


def child_of(town: Town) -> str:
    return town.world.plan("nora").child


def says(town: Town, who: str, kind: str, by: str = LEAD, **words: Any) -> Any:
    """One more goal, word or comment; about goals only, unless it is said what it reveals."""
    told = {"person": by, "said": said(who), "kind": kind, "categories": ["plan_goal"], **words}
    return town.call(CONTROL, "POST", path(town, "words"), json=told)


def says_anew(town: Town, who: str, element: str, kind: str, headers: Any = ANYTHING, **words: Any) -> Any:
    told = {"person": LEAD, "said": said(who), "kind": kind, "categories": ["plan_goal"], **words}
    return town.call(CONTROL, "PUT", path(town, "words", element), json=told, headers=headers)


def takes_back(town: Town, who: str, element: str) -> Any:
    told = {"person": LEAD, "said": said(who)}
    return town.call(CONTROL, "POST", path(town, "words", element, "withdrawal"), json=told, headers=ANYTHING)


def asks(town: Town, who: str, by: str = LEAD, **what: Any) -> Any:
    """The family asks for what it cannot change itself."""
    told = {"person": by, "said": said(who), "words": "We would like that.", **what}
    return town.call(CONTROL, "POST", path(town, "proposals"), json=told)


def answers(town: Town, id: str, step: str, by: str = LEAD, reason: str = "we have talked it over") -> Any:
    told = {"person": by, "reason": reason}
    return town.call(CONTROL, "POST", f"/v1/proposals/{id}/{step}", json=told, headers=ANYTHING)
