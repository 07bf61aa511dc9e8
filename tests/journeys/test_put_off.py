"""A measure that is over its day and was put off: asked about again, for as long as it is owed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.journeys.offices import reply, tasks
from tests.journeys.systems import measure
from tests.journeys.test_plan_life_together import day, later, says, table
from tests.journeys.world import World

__all__ = ["table"]


def test_a_measure_put_off_is_asked_about_again_while_it_is_over_its_day(table: World) -> None:
    says(table, measures=[{**measure("m1", "A quiet start"), "due": day(table, 2).isoformat()}])
    found: list[str] = []
    later(table, days=3)
    for _ in range(3):
        (asked,) = tasks(table, "nora")
        found.append(asked.id)
        reply(table, asked, "teacher-1", "postponed", "she was ill")
        for days, open_then in ((6, 0), (2, 1)):
            table.clock.instant += timedelta(days=days)
            table.sweep()
            assert len(tasks(table, "nora")) == open_then
    says(table, measures=[{**measure("m1", "A quiet start"), "due": day(table, 30).isoformat()}])
    (open_still,) = tasks(table, "nora")
    reply(table, open_still, "teacher-1", "postponed", "it has a new day")
    later(table, days=20)

    assert len(set(found)) == 3
    assert tasks(table, "nora") == []


@pytest.mark.parametrize("word", ["done", "given_up"])
def test_a_measure_that_is_over_is_not_asked_about_again(table: World, word: str) -> None:
    says(table, measures=[{**measure("m1", "A quiet start"), "due": day(table, 2).isoformat()}])
    later(table, days=3)
    (asked,) = tasks(table, "nora")
    reply(table, asked, "teacher-1", word, "it is as it is")
    later(table, days=20)

    assert tasks(table, "nora") == []
