"""How the journeys about consent ask, answer and look: one form, one measure, and what was sent of it."""

from __future__ import annotations

from typing import Any

from hub.model.consent import Consent, ConsentRequest, Evidence, Terms
from hub.ops import consents
from hub.ops.consents import Asking, Said
from hub.policy.question import PARTS
from tests.journeys.systems import EVERYTHING, SYSTEMS, measure, support_plan
from tests.journeys.world import World

SCHOOL, NURSERY, NAV, HEALTH = (SYSTEMS[each] for each in ("school", "kindergarten", "nav", "health"))
QUIET = measure("m1", "A quiet start to the day")
FORM = Terms(
    "The move to school.", EVERYTHING - {"programme"}, frozenset({"school"}), frozenset({"kindergarten", "nav_social"})
)


def ask(world: World, child: str, terms: Terms = FORM) -> ConsentRequest:
    with world.hub.store.begin() as work:
        return consents.ask(work, world.desk, Asking(child, terms, "emp-1"))


def told(world: World) -> Evidence:
    return Evidence("emp-1", world.hub.clock.now(), frozenset(PARTS))


def answer(world: World, request: ConsentRequest, person: str, word: Any, **more: Any) -> Consent:
    said = Said(person, word, **{"evidence": told(world), **more})
    with world.hub.store.begin() as work:
        given = consents.answer(work, world.desk, request.id, said)
    world.hub.facts_changed(request.child)
    world.work()
    return given


def says(world: World, *measures: dict[str, Any]) -> None:
    world.tell(SCHOOL, support_plan("nora@school-1", measures=list(measures or (QUIET,))))


def titles(documents: list[Any]) -> set[str]:
    return {each["title"] for document in documents for each in document.get("measures", ())}


def rules(world: World, stage: str = "forward") -> set[str]:
    """Every rule that found something in the decisions of a stage."""
    with world.hub.store.begin() as work:
        rows = work.decisions.of(world.desk.municipality, world.plans["nora"])
    found = [owner["findings"] for row in rows if row.stage == stage for owner in row.whole["owners"]]
    return {each["rule"] for findings in found for each in findings}
