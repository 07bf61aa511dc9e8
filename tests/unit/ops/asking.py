"""A family to ask, a form to ask with, and what is said to it. Everybody here is made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hub.model.consent import Consent, ConsentRequest, Evidence, Terms
from hub.model.person import Child, Guardian, Maturity
from hub.model.responsibility import Facts
from hub.ops.consents import Asking, Said, answer, ask, request_of
from hub.ops.enrol import Desk, change_facts, make_plan
from hub.policy.question import PARTS
from hub.ports import Store
from tests.unit.ops.conftest import NOW

FORM = Terms(
    "We plan the transition to lower secondary school together.",
    frozenset({"education", "sped"}),
    frozenset({"school"}),
    frozenset({"ppt", "bup"}),
)
ABLE = Maturity(True, "nurse-1", date(2026, 8, 1), "sharing")
TOLD = Evidence("teacher-1", NOW, frozenset(PARTS), "signed-form-7")


def enrolled(store: Store, desk: Desk, id: str = "child-1") -> Child:
    """A girl of nine with both parents, heard, and found too young to understand what a consent means."""
    made = Child(
        id,
        desk.municipality,
        birth_date=date(2017, 1, 2),
        guardians=(Guardian("anne", "mother"), Guardian("bo", "father")),
        maturity=replace(ABLE, understands=False),
        hearing=date(2026, 8, 1),
    )
    with store.begin() as work:
        make_plan(work, desk, Facts(made), None)
    return made


def asked(store: Store, desk: Desk, child: Child, terms: Terms = FORM, **more: Any) -> ConsentRequest:
    with store.begin() as work:
        return ask(work, desk, Asking(child.id, terms, "emp-1", **more))


def said(store: Store, desk: Desk, request: ConsentRequest, **told: Any) -> Consent:
    with store.begin() as work:
        return answer(work, desk, request.id, Said(**{"evidence": TOLD, **told}))


def now_of(store: Store, desk: Desk, id: str) -> ConsentRequest:
    with store.begin() as work:
        return request_of(work, desk, id)


def records(store: Store, child: Child) -> list[Consent]:
    with store.begin() as work:
        return list(work.consents.of(child.id))


def registers_say(store: Store, desk: Desk, child: Child, **changed: Any) -> None:
    with store.begin() as work:
        change_facts(work, desk, child.id, lambda now: replace(now, child=replace(now.child, **changed)))
