"""Whatever five systems do to one plan, in whatever order: at rest they agree, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.journeys.five_copies import Table
from tests.journeys.world import World

NO_HURRY: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def table_in(world: World) -> type[Table]:
    return type("Here", (Table,), {"world": world, "ended": set()})


def test_what_was_written_ends_in_the_plan_or_as_a_proposal(embedded: World) -> None:
    """What shows that the random stories could notice something; and each proposer's copy is put right again."""
    here = table_in(embedded)
    story = here()
    for at in range(5):
        story.an_edit("nav", at, True)
    story.a_proposal_is_decided(0, accepted=True)
    story.a_proposal_is_decided(0, accepted=False)

    story.teardown()

    assert here.ended == {"plan", "proposal"}


def test_everybody_agrees_and_nothing_is_lost_whatever_happens(embedded: World) -> None:
    """The same stories at each run, so that a red run is a change's own doing; ever new ones are the long run's."""
    same = {**NO_HURRY, "derandomize": True, "database": None}
    random = settings(max_examples=20, stateful_step_count=25, **same)
    run_state_machine_as_test(table_in(embedded), settings=random)


@pytest.mark.long
@pytest.mark.parametrize("chunk", range(8))
def test_everybody_agrees_in_two_thousand_long_stories_too(embedded: World, chunk: int) -> None:
    """Eight lots of 250, so that they may run beside one another."""
    random = settings(max_examples=250, stateful_step_count=50, **NO_HURRY)
    run_state_machine_as_test(table_in(embedded), settings=random)
