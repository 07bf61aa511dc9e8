"""No way past: whatever happens in whatever order, nothing leaves that the facts at its dispatch do not allow.

The oracle is a table of its own (`oracle.py`). Each step is one that life takes: answers given and taken back,
birthdays, care orders, protection, coordinators, registers that fall silent, workers that die between two commits,
retries, replays, releases. The clock stands still between the steps.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from hub.errors import UnusableError
from hub.model.envelope import Parcel
from hub.ops import set_aside
from hub.ports import Hold
from hub.sdk import Posted
from tests.journeys.one_life import CLINIC, NURSERY, PUSHED, SAID, Life, Quiet
from tests.journeys.world import World


class Departures(Life):
    """The same life, with everything that may leave, and the workers who send it."""

    @rule(acknowledged=st.booleans())
    def the_kindergarten_fetches(self, acknowledged: bool) -> None:
        parcels = self.world.fetch(NURSERY)
        self._check(parcels)
        if acknowledged:
            self.world.hub.mailbox.acknowledge(NURSERY, {each.id: Posted("delivered") for each in parcels})

    @rule(then=st.sampled_from(["received", "received", "away", "given up", "the worker dies", "rejected"]))
    def pushed(self, then: str) -> None:
        dispatch, now = self.world.hub.dispatch, self.clock.now()
        with self.world.hub.store.begin() as work:
            due = work.deliveries.unfinished(now + timedelta(milliseconds=1), 500)
            rows = [row.id for row in due if (row.system, row.child) == (PUSHED.id, self.child)]
        with dispatch.alone(rows) as mine:
            parcels = dispatch.prepare(mine)
            self._check(parcels)
            ids = [each.id for each in parcels]
            match then:
                case "received" | "rejected":
                    dispatch.record({id: Posted("delivered" if then == "received" else "rejected") for id in ids})
                case "away" | "given up":
                    dispatch.put_off(ids, "receiver_away", None, 20 if then == "away" else 0)

    @rule()
    def replayed(self) -> None:
        for row in self.world.aside():
            with self.world.hub.store.begin() as work:
                set_aside.replay(work, self.world.desk, row.id)

    @rule(which=st.integers(0, 99), through=st.booleans())
    def a_hold_is_decided(self, which: int, through: bool) -> None:
        """Of those that wait; the number says which, since ids differ from one run to the next."""
        with self.world.hub.store.begin() as work:
            waiting = [each for each in work.holds.open(self.world.desk.municipality) if each.child == self.child]
        waiting = sorted((each for each in waiting if each.receiver), key=lambda each: (each.receiver, each.sender))
        if waiting:
            hold = waiting[which % len(waiting)]
            self._decide(hold, self.world.release if through else self.world.refuse, through)

    def _decide(self, hold: Hold, decide: Callable[[Hold], None], through: bool) -> None:
        element = self.world.plan(self.name).elements.get(hold.element or "")
        said = self.letters.get(hold.part) if hold.plan is None else element and str(element.content.get("title"))
        if through and said and (hold.plan is None or (element and element.digest == hold.digest)):
            self.known.released.add((said, hold.receiver))
        try:
            decide(hold)
        except UnusableError:
            return  # a register must answer, or this person may not

    @rule(alive=st.booleans())
    def whoever_commits_a_fact_may_die_before_looking_again(self, alive: bool) -> None:
        self.world.alive = alive

    def teardown(self) -> None:
        """What waits for the kindergarten about this child does not stand in the next one's way."""
        while parcels := self.world.fetch(NURSERY):
            self._check(parcels)
            self.world.hub.mailbox.acknowledge(NURSERY, {each.id: Posted("delivered") for each in parcels})

    @precondition(lambda self: not self.world.alive)
    @rule()
    def the_sweep(self) -> None:
        self.world.sweep()
        self.world.hub.sweep.expire()

    def _check(self, parcels: list[Parcel]) -> None:
        """The one assertion: each thing that is said in what leaves may be told, to that receiver, now."""
        now = self.clock.now()
        for parcel in (each for each in parcels if f"{self.name}@".encode() in each.body):
            for said in {found.decode() for found in SAID.findall(parcel.body)}:
                assert self.known.may_be_told(said, parcel.system, now), f"{said} left for {parcel.system}"
                self.sent.add(said.split("-")[0])


@pytest.fixture
def quiet(embedded: World) -> Quiet:
    made = Quiet(embedded.hub, embedded.broker)
    made.register(PUSHED, CLINIC)
    return made


@pytest.fixture
def chosen() -> dict[str, str]:
    return {"register_hours": "24"}


NO_HURRY: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def life_in(world: Quiet) -> type[Departures]:
    return type("Here", (Departures,), {"world": world, "sent": set()})


def test_where_everybody_agrees_everything_that_was_said_leaves(quiet: Quiet) -> None:
    """What shows that the random lives could notice something."""
    here = life_in(quiet)()
    here.the_school_says()
    here.the_clinic_says()
    here.child_welfare_says()
    here.the_school_writes_to_the_kindergarten()

    here.the_kindergarten_fetches(acknowledged=True)
    here.pushed(then="received")

    assert here.sent == {"plain", "text", "place", "letter", "clinic", "home"}


def test_nothing_leaves_that_the_facts_at_its_dispatch_do_not_allow(quiet: Quiet) -> None:
    random = settings(max_examples=30, stateful_step_count=30, **NO_HURRY)
    run_state_machine_as_test(life_in(quiet), settings=random)


@pytest.mark.long
def test_nothing_leaves_in_many_long_lives_either(quiet: Quiet) -> None:
    random = settings(max_examples=500, stateful_step_count=50, **NO_HURRY)
    run_state_machine_as_test(life_in(quiet), settings=random)
