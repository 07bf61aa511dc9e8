"""A child and a plan to decide about, written in a few words. Everybody here is made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from hub.model.consent import Consent
from hub.model.person import Child, Guardian, Maturity
from hub.model.plan import Element
from hub.model.responsibility import Facts
from hub.model.service import Party
from hub.policy import ViewDecision, decide_view

HOME = "4601"
NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
PPT = Party("ppt", HOME)
GIVEN = Consent(
    "k0",
    child="c1",
    person="p1",
    giver="mother",
    about="c1",
    answer="yes",
    receivers=frozenset({"ppt"}),
    categories=frozenset({"education"}),
    purposes=frozenset({"coordination"}),
    municipality=HOME,
)


def child(**said: Any) -> Child:
    """A girl of nine with two guardians, who understands and has been heard."""
    known = Child(
        "c1",
        HOME,
        birth_date=date(2017, 3, 1),
        guardians=(Guardian("p1", "mother"), Guardian("p2", "father")),
        maturity=Maturity(True, "teacher", date(2026, 1, 10), "sharing with PPT"),
        hearing=date(2026, 8, 1),
        as_of=NOW,
    )
    return replace(known, **said)


def all_three(**said: Any) -> tuple[Consent, ...]:
    """The same consent from mother, father and child."""
    one = replace(GIVEN, **said)
    return (
        replace(one, id="k1"),
        replace(one, id="k2", person="p2", giver="father"),
        replace(one, id="k3", person="c1", giver="child"),
    )


def facts(consents: tuple[Consent, ...] = (), **said: Any) -> Facts:
    about_child = {key: said.pop(key) for key in list(said) if key in Child.__dataclass_fields__}
    return Facts(child(**about_child), consents=consents, **said)


def element(id: str, *categories: str, owner: str = "school", **said: Any) -> Element:
    content = said.pop("content", {"title": "…"})
    return Element(id, said.pop("kind", "measure"), owner, frozenset(categories), content, **said)


def seen(known: Facts, *elements: Element, receiver: Party = PPT, now: datetime = NOW) -> ViewDecision:
    digests = {one.id: f"digest of {one.id}" for one in elements}
    return decide_view(known, receiver, elements, now, system="ppt-1", digests=digests)
