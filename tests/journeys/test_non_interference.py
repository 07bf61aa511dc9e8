"""Change what is withheld in any way, and the whole stream towards the receiver stays the same (invariant 3).

Whole journeys, with what senders really send, the merge and every door's transactions. Random plans of every service,
thousands of them, are tried on paper in `tests/unit/routing/test_non_interference.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.journeys.twins import STEPS, Agree, Answer, Fetch, Murmur, Say, Secret, Share, Twin, Wait, Whisper
from tests.journeys.world import World


def the_stream_is_the_same(world: World, steps: Sequence[Any]) -> None:
    twins = [Twin(world, first=True), Twin(world, first=False)]
    for step in [*steps, Fetch(True), Fetch(True)]:
        if isinstance(step, Wait):
            world.clock.go_on(minutes=step.minutes)
        for twin in twins:
            twin.take(step)

    assert twins[0].seen() == twins[1].seen()


NO_HURRY = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]}


@settings(max_examples=100, **NO_HURRY)
@given(steps=STEPS)
def test_what_is_withheld_leaves_no_trace_in_the_stream(embedded: World, steps: list[Any]) -> None:
    the_stream_is_the_same(embedded, steps)


@pytest.mark.long
@settings(max_examples=1_000, **NO_HURRY)
@given(steps=STEPS)
def test_what_is_withheld_leaves_no_trace_in_a_thousand_streams(embedded: World, steps: list[Any]) -> None:
    the_stream_is_the_same(embedded, steps)


def test_the_stream_that_is_compared_holds_what_was_agreed_to_and_the_plan_holds_the_rest(embedded: World) -> None:
    twin = Twin(embedded, first=True)
    secret = Secret("special_education", "Reading alone", None, "active")
    said = (
        Say((("a", "Quiet start"),), secret, None),
        Murmur("At the clinic"),
        Share("Four hours"),
        Answer("Own seat"),
    )
    for step in (*said, Fetch(True)):
        twin.take(step)

    assert b"Quiet start" in twin.seen()
    assert (b"Four hours" in twin.seen(), b"municipal_provider" in twin.seen()) == (True, True)
    assert b"Reading alone" not in twin.seen()
    assert b"At the clinic" not in twin.seen()
    assert {"Quiet start", "Reading alone", "At the clinic", "Four hours", "Own seat"} == embedded.titles(
        twin.name, "measure"
    )


def test_what_a_look_lays_ready_goes_for_no_message_whoever_spoke_last(embedded: World) -> None:
    silent = (Agree(False), Say((("a", "Quiet start"),), None, None), Murmur("secret"), Agree(True))
    the_stream_is_the_same(embedded, silent)


def test_what_a_receiver_left_out_comes_back_with_the_next_news_and_with_nothing_withheld(embedded: World) -> None:
    secret = Secret("special_education", "Reading alone", None, "active")
    said = (Say((("a", "Quiet start"),), None, None), Fetch(True), Answer("Own seat"), Whisper(secret))
    the_stream_is_the_same(embedded, said)


def test_what_waits_keeps_its_age_while_something_withheld_is_said(embedded: World) -> None:
    the_stream_is_the_same(embedded, [Say((("a", "Quiet start"),), None, None), Answer("k"), Wait(1), Murmur("secret")])
