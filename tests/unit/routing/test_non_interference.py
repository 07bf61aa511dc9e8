"""Invariant 3 over random plans, senders, consents, ages and times: what is withheld leaves no trace in the stream.

Covered here, on paper (`paper.py`): every service as owner, other people's information, kode 6 and 7, what no table
classifies, deletions, facts that change and grow old, consents that begin and end, time that passes, what is fetched
again. Covered in `tests/journeys/test_non_interference.py`, with a database: what senders really send, the merge, the
answer of a receiver, and the doors' transactions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from hub.model.consent import Consent
from hub.model.plan import Element
from hub.model.responsibility import Necessity
from hub.model.service import System
from hub.policy.book import RULES
from hub.sync import stamped
from tests.unit.routing.lives import (
    KINDS,
    NOW,
    RECEIVERS,
    SIZE,
    Change,
    Fetch,
    Say,
    Secret,
    Step,
    Take,
    Wait,
    Whisper,
    closed,
    consents,
    elements,
    known,
    secrets,
    steps,
)
from tests.unit.routing.paper import Paper


class Twin:
    """A child's stream towards one receiver. `differs` names the elements that are otherwise than the other twin's."""

    def __init__(
        self, receiver: System, plan: Sequence[Element], given_: Sequence[Consent], differs: dict[int, Secret]
    ) -> None:
        self.paper = Paper(receiver, known(given_), NOW)
        self._plan, self._differs = plan, differs

    def take(self, step: Step) -> None:
        match step:
            case Say(which, wording):
                self._say(sorted(which), wording, "correlation")
            case Whisper(which, wording) if which in self._differs:
                self._say([which], wording, "whispered")
            case Take(which):
                gone = [
                    replace(each, deleted=True, content={})
                    for each in self._made([which], 0)
                    if each.id in self.paper.plan.elements
                ]
                if gone:
                    self.paper.say([stamped(each) for each in gone])
            case Wait(hours):
                self.paper.now += timedelta(hours=hours)
                self.paper.look_again()
            case Change(child, consent, necessity):
                self._change(dict(child), consent, necessity)
            case Fetch(acknowledged):
                self.paper.fetch(acknowledged)
            case _:
                pass

    def _say(self, which: list[int], wording: int, correlation: str) -> None:
        made = self._made(which, wording)
        if made:
            self.paper.say(made, correlation, self._plan[which[0]].owner)

    def _made(self, which: Sequence[int], wording: int) -> list[Element]:
        found = []
        for number in (each for each in which if each < len(self._plan)):
            one, secret = self._plan[number], self._differs.get(number)
            if secret and not secret.there:
                continue
            text = f"T{number}w{wording}" + ("x" if secret else "")
            content = {"title": text, "name": text, KINDS[one.kind]: text, "status": "active"}
            marks = {"categories": secret.categories, "free_text": secret.free_text} if secret else {}
            found.append(stamped(replace(one, id=f"e{number}", content=content, **marks)))
        return found

    def _change(self, child: dict[str, Any], consent: Consent | None, necessity: Necessity | None) -> None:
        facts = self.paper.facts
        others = tuple(each for each in facts.consents if consent is None or each.id != consent.id)
        self.paper.facts = replace(
            facts,
            version=facts.version + 1,
            child=replace(facts.child, **child),
            consents=(*others, consent) if consent else others,
            necessities=(necessity,) if necessity else facts.necessities,
        )
        self.paper.look_again()


def play(
    receiver: System,
    plan: Sequence[Element],
    given_: Sequence[Consent],
    told: Sequence[Step],
    differs: dict[int, Secret],
) -> Paper:
    twin = Twin(receiver, plan, given_, differs)
    for step in [Say(frozenset(range(SIZE)), 0), Fetch(False), *told, Fetch(True), Fetch(True)]:
        twin.take(step)
    return twin.paper


def the_streams_are_the_same(
    receiver: System, plan: Sequence[Element], given_: Sequence[Consent], told: Sequence[Step], secret: Sequence[Secret]
) -> None:
    first = play(receiver, plan, given_, told, {})
    differs = {number: secret[number] for number in range(len(plan)) if f"e{number}" not in first.opened}
    second = play(receiver, plan, given_, told, differs)
    while opened := [number for number in differs if f"e{number}" in second.opened]:
        for number in opened:  # with other marks it is not withheld any longer: in that it must not differ
            del differs[number]
        second = play(receiver, plan, given_, told, differs)
    sent = sum(isinstance(each[-1], bytes) for each in first.stream)
    event(f"{min(len(differs), 3)} withheld, {min(sent, 3)} sent")

    assert first.stream == second.stream
    for paper in (first, second):
        every_forwarded_element_was_opened_by_name(paper)


def every_forwarded_element_was_opened_by_name(paper: Paper) -> None:
    bodies = b"".join(each[-1] for each in paper.stream if isinstance(each[-1], bytes))
    for number in range(SIZE):
        if f"T{number}w".encode() in bodies:
            assert set(paper.opened[f"e{number}"]) <= {*RULES, "OWN"}
            assert paper.opened[f"e{number}"]


GIVEN = {
    "receiver": st.sampled_from(RECEIVERS),
    "plan": st.lists(elements | closed, min_size=2, max_size=SIZE),
    "given_": st.lists(consents, max_size=2, unique_by=lambda each: each.id),
    "told": steps,
    "secret": st.lists(secrets, min_size=SIZE, max_size=SIZE),
}
NO_HURRY = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}


@settings(max_examples=2_000, **NO_HURRY)
@given(**GIVEN)
def test_what_is_withheld_leaves_no_trace_in_two_thousand_streams(**drawn: Any) -> None:
    the_streams_are_the_same(**drawn)


@pytest.mark.long
@settings(max_examples=20_000, **NO_HURRY)
@given(**GIVEN)
def test_what_is_withheld_leaves_no_trace_in_twenty_thousand_streams(**drawn: Any) -> None:
    the_streams_are_the_same(**drawn)
