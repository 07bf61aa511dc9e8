"""Whoever records a fact is killed between its commit and the look it asks for; the sweep looks for the dead."""

from __future__ import annotations

from contextlib import ExitStack
from random import Random
from time import monotonic

import pytest

from tests.faults.conftest import Ground
from tests.faults.crew import Crew
from tests.faults.outside import Fetcher
from tests.faults.village import AGREE_LATER, FETCHING, SCHOOL, arrival, settle, told

pytestmark = pytest.mark.services
POSTS = {"intake": 1, "desk": 6, "sweep": 4}
PATIENCE = 120.0
SEEDS = [*range(3), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 20))]


def play(ground: Ground, seed: int) -> tuple[set[str], Crew]:
    """The school has spoken of every child; then the parents agree, and whoever writes it down dies. Who is told of."""
    with ExitStack() as stack:
        hub = ground.hub()
        stack.callback(hub.close)
        names = list(settle(hub, [SCHOOL, FETCHING], AGREE_LATER, agreed=[SCHOOL]))
        fetcher = Fetcher(hub, FETCHING, Random(seed))
        stack.callback(fetcher.open().close)
        hub.reception.accept([arrival(name, 1) for name in names])
        crew = Crew(ground.settings, POSTS, seed, ground.chronicle)
        stack.callback(crew.close)
        end = monotonic() + PATIENCE
        while not (ground.at_rest() and len({told(got.body)[0] for got in fetcher.got}) == AGREE_LATER):
            crew.look_after(0.1)
            assert monotonic() < end, (sorted({told(got.body)[0] for got in fetcher.got}), crew.fell)
    return {told(got.body)[0] for got in fetcher.got}, crew


@pytest.mark.parametrize("seed", SEEDS)
def test_a_consent_opens_though_whoever_recorded_it_was_killed_before_the_look(ground: Ground, seed: int) -> None:
    named, crew = play(ground, seed)
    died = ground.chronicle.read_text().splitlines()

    assert len(named) == AGREE_LATER
    assert (crew.fell, crew.stubborn) == ([], [])
    assert "desk: before look" in died
