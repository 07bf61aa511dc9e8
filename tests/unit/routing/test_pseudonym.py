"""Two services that a receiver may not know of cannot be told apart: another owner, another trade, the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from hub.model.consent import Consent
from hub.model.content import FIELDS
from hub.model.plan import Element
from hub.model.service import PROVIDER, System
from hub.policy.view_decision import UNNAMED
from hub.sync import stamped
from tests.unit.routing.lives import (
    RECEIVERS,
    SIZE,
    Fetch,
    Pseudonym,
    Say,
    Step,
    consents,
    elements,
    pseudonyms,
    steps,
)
from tests.unit.routing.paper import Paper
from tests.unit.routing.test_non_interference import Twin

TRADE = frozenset({"responsible", "author", "unit", "place", "phone", "email", "code", "by"})


class Masked(Twin):
    """A stream in which every element has this owner, and everything that only the owner would say is the owner's."""

    def __init__(self, receiver: System, plan: Sequence[Element], given_: Sequence[Consent], mask: Pseudonym) -> None:
        super().__init__(receiver, [replace(each, owner=mask.owner) for each in plan], given_, {})
        self._who = mask.who

    def _say(self, which: list[int], wording: int, correlation: str) -> None:
        super()._say(which, wording, f"{self._who} {correlation}")

    def _made(self, which: Sequence[int], wording: int) -> list[Element]:
        made = super()._made(which, wording)
        trade = {each.kind: dict.fromkeys(TRADE & FIELDS[each.kind].keys(), self._who) for each in made}
        return [stamped(replace(each, content={**each.content, **trade[each.kind]})) for each in made]

    def play(self, told: Sequence[Step]) -> Paper:
        for step in [Say(frozenset(range(SIZE)), 0), Fetch(False), *told, Fetch(True), Fetch(True)]:
            self.take(step)
        return self.paper


def answers(paper: Paper) -> list[Any]:
    """What was answered, decision by decision, whatever the rules that each service's own act has for it."""
    return [
        sorted((id, each["answer"], UNNAMED in each["rules"]) for each in record for id in each["ids"])
        for record in paper.answers
    ]


def never_named(paper: Paper) -> bool:
    return all(each["answer"] != "open" or UNNAMED in each["rules"] for record in paper.answers for each in record)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(
    receiver=st.sampled_from(RECEIVERS),
    plan=st.lists(elements, min_size=1, max_size=SIZE),
    given_=st.lists(consents, max_size=1),
    told=steps,
    masks=st.lists(pseudonyms, min_size=2, max_size=3),
)
def test_whoever_is_not_named_leaves_the_same_stream(
    receiver: System, plan: Sequence[Element], given_: Sequence[Consent], told: Sequence[Step], masks: list[Pseudonym]
) -> None:
    masks = [each for each in masks if each.owner != receiver.service]
    papers = [Masked(receiver, plan, given_, mask).play(told) for mask in masks]

    for one, other in pairwise(paper for paper in papers if never_named(paper)):
        if answers(one) == answers(other):
            event("told" if any(isinstance(each[-1], bytes) for each in one.stream) else "nothing was told")
            assert one.stream == other.stream


def test_the_streams_that_are_compared_tell_something() -> None:
    plan = [Element("", "measure", "", frozenset({"education"}), {})]
    masks = [Pseudonym("nav_social", "Kari"), Pseudonym("crisis_centre", "Ola")]
    first, second = (Masked(RECEIVERS[1], plan, [], mask).play([]) for mask in masks)

    body = next(each[-1] for each in first.stream if isinstance(each[-1], bytes))
    assert PROVIDER.encode() in body
    assert first.stream == second.stream
