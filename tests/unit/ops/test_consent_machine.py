"""Consents in any order: asked, answered, documented, withdrawn, unanswered. A view opens what an oracle says, no more.

The oracle is a table of what people have said, written here from the law and not from `hub.policy`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hub.errors import UnusableError
from hub.model.consent import ConsentRequest
from hub.model.plan import Element
from hub.model.responsibility import Facts
from hub.model.service import Party
from hub.ops import consents, register
from hub.ops.consents import Said
from hub.ops.enrol import Desk
from hub.policy import decide_view
from hub.ports import Store
from hub.security.keys import load_keys, new_master_key
from hub.storage import open_store
from tests.unit.ops.asking import FORM, TOLD, asked, enrolled
from tests.unit.ops.conftest import StandingClock

PARENTS = ("anne", "bo")
CATEGORIES, RECEIVERS = ("education", "sped"), ("ppt", "bup")
some = st.sets(st.sampled_from(CATEGORIES), min_size=1).map(frozenset)


@dataclass
class Spoken:
    """What one person has said, as a clerk would write it down."""

    id: str
    person: str
    word: str
    categories: frozenset[str]
    receivers: frozenset[str]
    turn: int
    shown: bool = True
    gone: bool = False


@pytest.fixture(scope="module", autouse=True)
def one_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    clock = StandingClock()
    path: Path = tmp_path_factory.mktemp("machine") / "hub.db"
    Life.clock, Life.start = clock, clock.at
    Life.store = open_store(f"sqlite:///{path}", load_keys(new_master_key()), clock)
    Life.store.migrate()
    yield
    Life.store.close()


class Life(RuleBasedStateMachine):
    """Two parents of one child that is too young to be asked."""

    store: ClassVar[Store]
    clock: ClassVar[StandingClock]
    start: ClassVar[Any]

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[ConsentRequest] = []
        self.spoken: list[Spoken] = []
        self.turn = 0

    @initialize()
    def enrol(self) -> None:
        self.clock.at = self.start
        self.desk = Desk("0001", "control-1", self.clock)
        self.child = enrolled(self.store, self.desk, f"child-{uuid4().hex}")

    @rule(categories=some, receivers=st.sets(st.sampled_from(RECEIVERS), min_size=1).map(frozenset))
    def ask(self, categories: frozenset[str], receivers: frozenset[str]) -> None:
        form = replace(FORM, categories=categories, receivers=receivers)
        self.requests.append(asked(self.store, self.desk, self.child, form))

    @precondition(lambda self: self.requests)
    @rule(data=st.data(), person=st.sampled_from(PARENTS), word=st.sampled_from(["yes", "no"]), shown=st.booleans())
    def answer(self, data: st.DataObject, person: str, word: Any, shown: bool) -> None:
        self._goes_on()
        request = data.draw(st.sampled_from(self.requests))
        said = Said(person, word, "oral", TOLD if shown else None)
        late = self.clock.at >= request.deadline
        try:
            with self.store.begin() as work:
                given = consents.answer(work, self.desk, request.id, said)
        except UnusableError as refused:
            assert (refused.code, word, late) == ("past_deadline", "yes", True)
            return
        assert not late or word == "no" or any(one.id == given.id for one in self.spoken)
        if all(one.id != given.id for one in self.spoken):
            terms = request.terms
            self.spoken.append(Spoken(given.id, person, word, terms.categories, terms.receivers, self.turn, shown))

    @precondition(lambda self: self.spoken)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        self._goes_on()
        one = data.draw(st.sampled_from(self.spoken))
        with self.store.begin() as work:
            register.withdraw(work, self.desk, one.id, self.clock.now())
        one.gone = True

    @precondition(lambda self: any(one.word == "yes" and not one.shown and not one.gone for one in self.spoken))
    @rule(data=st.data())
    def document(self, data: st.DataObject) -> None:
        waiting = [one for one in self.spoken if one.word == "yes" and not one.shown and not one.gone]
        one = data.draw(st.sampled_from(waiting))
        with self.store.begin() as work:
            register.document(work, self.desk, one.id, TOLD)
        one.shown = True

    @rule()
    def a_month_passes(self) -> None:
        self.clock.at += timedelta(days=30)
        with self.store.begin() as work:
            consents.expire(work, self.clock)

    @invariant()
    def a_view_opens_what_the_people_have_said(self) -> None:
        if not self.spoken:
            return
        with self.store.begin() as work:
            facts = work.persons.facts([self.child.id])[self.child.id]
        for receiver in RECEIVERS:
            assert self._seen(facts, receiver) == {c: self._oracle(c, receiver) for c in CATEGORIES}

    def _seen(self, facts: Facts, receiver: str) -> dict[str, str]:
        fresh = replace(facts, child=replace(facts.child, as_of=self.clock.at))
        elements = [Element(c, "measure", "school", frozenset({c}), {"title": "…"}) for c in CATEGORIES]
        view = decide_view(fresh, Party(receiver, "0001"), elements, self.clock.at, system=receiver)
        return {c: "open" if c in view.opened else "hold" if c in view.held else "shut" for c in CATEGORIES}

    def _oracle(self, category: str, receiver: str) -> str:
        answers = [self._last_word(person, category, receiver) for person in PARENTS]
        return "shut" if "shut" in answers else "hold" if "hold" in answers else "open"

    def _last_word(self, person: str, category: str, receiver: str) -> str:
        """A no stands until a yes that can be shown is said after it; a yes that cannot be shown waits for a human."""
        said = [
            one
            for one in self.spoken
            if one.person == person and not one.gone and category in one.categories and receiver in one.receivers
        ]
        firm = [one.turn for one in said if one.word == "yes" and one.shown]
        if any(one.word == "no" and one.turn >= max(firm, default=-1) for one in said):
            return "shut"
        return "open" if firm else "hold" if any(one.word == "yes" for one in said) else "shut"

    def _goes_on(self) -> None:
        self.turn += 1
        self.clock.at += timedelta(minutes=1)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
