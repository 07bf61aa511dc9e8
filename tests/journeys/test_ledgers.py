"""Whatever happens, in whatever order: both ledgers add up, and nothing leaves without a decision (invariants 1, 2)."""

from __future__ import annotations

from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.model.envelope import DELIVERY_ENDS, PART_ENDS, Receipt
from hub.ports import Delivery
from hub.sdk import Posted
from hub.sdk.directed import INFO, REPORT
from tests.journeys.systems import HOME, SYSTEMS, measure, nursery_plan, support_plan
from tests.journeys.test_directed import DUTY, EDUCATION, report
from tests.journeys.world import World

SCHOOL, NURSERY, CHILD_WELFARE = SYSTEMS["school"], SYSTEMS["kindergarten"], SYSTEMS["child_welfare"]
NAMES = (f"child-{number}" for number in count())
LEFT = {"sending", "delivered", "rejected"}


class Story:
    """One child, and everything that can happen around its plan; counts by itself how many parts there must be."""

    def __init__(self, world: World) -> None:
        self.world, self.name = world, next(NAMES)
        self.parts = sum(world.ledgers()[0].values())
        self.deliveries = sum(world.ledgers()[1].values())
        self.child = world.at_table(self.name, SCHOOL, NURSERY, CHILD_WELFARE, consent=False)
        self.consents: list[str] = []

    def _sent(self, *said: Any, **more: Any) -> None:
        answer = self.world.send(*said, **more)
        self.parts += isinstance(answer, Receipt)
        self.world.work()

    def school_says(self, title: str) -> None:
        measures = [measure("m1", title), measure("m2", title, topic="special_education", text="in a small group")]
        goals = [{"id": "g1", "title": title, "status": "active"}]
        self._sent(SCHOOL, support_plan(f"{self.name}@school-1", measures=measures, goals=goals))

    def nursery_says(self, title: str) -> None:
        self._sent(NURSERY, nursery_plan(f"{self.name}@kindergarten-1", measures=[measure("k1", title)]))

    def said_twice(self, title: str) -> None:
        for _ in range(2):
            document = support_plan(f"{self.name}@school-1", measures=[measure("m1", title)])
            self._sent(SCHOOL, document, id=f"{self.name}-{title}")

    def nonsense(self, _: str) -> None:
        self._sent(SCHOOL, b'{"pupil": ')
        self._sent(SCHOOL, support_plan("nobody"))
        self._sent(SCHOOL, support_plan(f"{self.name}@school-1"))

    def reported(self, _: str) -> None:
        self._sent(NURSERY, report(), REPORT.name, claims=DUTY)

    def informed(self, _: str) -> None:
        subject = {"kind": "own", "key": f"{self.name}@kindergarten-1"}
        said = {"subject": subject, "free_text": False, "parts": [EDUCATION]}
        self._sent(NURSERY, said, INFO.name, receiver="school")
        self._sent(NURSERY, said, INFO.name, receiver="ppt")

    def agreed(self, _: str) -> None:
        self.consents += self.world.consent(self.child, self.name, "mother", "father")

    def agreed_to_less(self, _: str) -> None:
        told = frozenset({"education", "plan_goal", "plan_measure"})
        self.consents += self.world.consent(self.child, self.name, "mother", "father", categories=told)

    def withdrawn(self, _: str) -> None:
        self.world.withdraw(*self.consents)
        self.consents = []

    def hidden(self, _: str) -> None:
        self.world.facts(self.child, protection="strictly_confidential")

    def released(self, _: str) -> None:
        self.world.release(*[hold for hold in self.world.holds(self.name) if hold.receiver])

    def refused(self, _: str) -> None:
        self.world.refuse(*self.world.holds(self.name)[:1])

    def accepted(self, _: str) -> None:
        for proposal in self.world.proposals(self.name)[:1]:
            self.world.answer(proposal, accepted=True)

    def fetched(self, _: str) -> None:
        for each in (SCHOOL, NURSERY, CHILD_WELFARE):
            self.world.fetch(each)

    def acknowledged(self, _: str) -> None:
        for each in (SCHOOL, NURSERY):
            self.world.take(each)

    def not_wanted(self, _: str) -> None:
        for parcel in self.world.fetch(NURSERY):
            self.world.hub.mailbox.acknowledge(NURSERY, {parcel.id: Posted("rejected", "unknown_child")})

    def a_week_passed(self, _: str) -> None:
        self.world.clock.go_on(days=8)
        self.world.hub.sweep.expire()

    def rows(self) -> list[Delivery]:
        with self.world.hub.store.begin() as work:
            return list(work.deliveries.of(HOME, self.world.plans[self.name]))


HAPPENINGS = sorted(name for name in vars(Story) if not name.startswith("_") and name != "rows")
WORDS = st.sampled_from(["Quiet start", "A friend", "Own seat"])
STEPS = st.lists(st.tuples(st.sampled_from(HAPPENINGS), WORDS), min_size=3, max_size=12)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_both_ledgers_add_up_at_every_step(embedded: World, steps: list[tuple[str, str]]) -> None:
    story = Story(embedded)
    for name, word in [("agreed", ""), ("school_says", "Quiet start"), *steps, ("acknowledged", "")]:
        getattr(story, name)(word)

        parts, deliveries = embedded.ledgers()
        assert sum(parts.values()) == story.parts
        assert parts.keys() <= PART_ENDS | {"held"}
        assert deliveries.keys() <= DELIVERY_ENDS | {"held", "waiting", "sending"}
        assert sum(deliveries.values()) >= story.deliveries
        every_row_was_decided(embedded, story.rows())
        story.deliveries = sum(deliveries.values())


def every_row_was_decided(world: World, rows: list[Delivery]) -> None:
    """Each row has a decision; each that left has one made at that dispatch, which let something go."""
    with world.hub.store.begin() as work:
        made = {row.id: {(each.stage, each.outcome) for each in work.decisions.of(HOME, row.id)} for row in rows}
    left = [made[row.id] for row in rows if row.state in LEFT or row.version is not None]

    assert all(made.values())
    assert all({("dispatch", "forward"), ("dispatch", "forward_redacted")} & each for each in left)
