"""What goes wrong between five systems and the hub, and what people then do about it, in random steps.

A document is set aside since its adapter failed, a delivery since its receiver was tried too often, or the receiver
cannot use what it got; an operator puts it back, now or much later, or the receiver asks for its whole view anew.
"""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from hub.errors import UnusableError
from hub.model.envelope import fresh_id
from hub.ops.set_aside import replay
from hub.ports import AsideRow
from tests.journeys.at_rest import AtRest
from tests.journeys.systems import HOME, SYSTEMS

WHO = st.sampled_from(sorted(SYSTEMS))
ANY = st.integers(0, 5)
FAILED = "adapter_broken"


class Mishaps(AtRest):
    """The same table; whatever was set aside is dealt with before they come to rest."""

    def teardown(self) -> None:
        self.put_back()
        super().teardown()

    @rule(who=WHO, at=ANY)
    def a_document_is_set_aside(self, who: str, at: int) -> None:
        """The last that was written, or one before it."""
        if not self.copies[who].away and self.copies[who].send(-1 - at):
            self._fails()
            self.world.work()

    @rule(who=WHO)
    def a_letter_waits_at_the_hub(self, who: str) -> None:
        """Its doors are open and its workers are not there: somebody takes a view before they are."""
        if not self.copies[who].away:
            self.copies[who].send()

    @rule(who=WHO)
    def a_delivery_is_given_up(self, who: str) -> None:
        dispatch, whose = self.world.hub.dispatch, (self.world.plans[self.name], SYSTEMS[who].id)
        with self.world.hub.store.begin() as work:
            rows = [row.id for row in work.deliveries.open_for([whose])]
        with dispatch.alone(rows) as mine:
            dispatch.put_off([each.id for each in dispatch.prepare(mine)], "receiver_away", None, 0)

    @rule(who=WHO, at=ANY)
    def a_view_cannot_be_used(self, who: str, at: int) -> None:
        self.copies[who].reject(at)

    @rule(who=WHO)
    def asks_for_all_of_it(self, who: str) -> None:
        if not self.copies[who].away:
            self.anew(who)

    @rule()
    def put_back(self) -> None:
        """Everything that lies aside, the oldest last: nobody promises an order."""
        for row in reversed(self.world.aside()):
            try:
                with self.world.hub.store.begin() as work:
                    replay(work, self.world.desk, row.id)
            except UnusableError as refused:
                assert refused.code == "no_replay", refused
        self.world.clock.go_on(minutes=2)  # what was put back is the sweep's to find
        self.world.hub.sweep.turn(self.world.broker)
        self.world.work()

    def _fails(self) -> None:
        """What was taken in and waits for its turn ends aside, as where the system's adapter breaks on it."""
        with self.world.hub.store.begin() as work:
            parts = [each for each in work.ledger.of(HOME, self.world.plans[self.name]) if each.state == "pending"]
            work.ledger.end([part._replace(state="set_aside", code=FAILED) for part in parts])
            rows = [AsideRow(fresh_id(), HOME, "part", part.id, FAILED, None, part.received_at) for part in parts]
            work.set_aside.add(rows)
