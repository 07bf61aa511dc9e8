"""The people of a journey's municipality who decide what waits: how a world answers its holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from hub.model.official import Official
from hub.ops import holds
from hub.ops.enrol import Desk
from hub.ops.holds import Judgement
from hub.ops.officials import Barred, authorise
from hub.ports import Hold, Work
from tests.journeys.systems import HOME, TWO

Act = Callable[[Work, Desk, str, Judgement], Hold | Barred]


class Judges(Protocol):
    """A world's own part of deciding; all but the judging is the world's."""

    hub: Any

    @property
    def desk(self) -> Desk: ...

    def work(self) -> None: ...

    def _look(self, look: Callable[[Any], None], about: Any) -> None: ...

    def authorise(self, *people: Official) -> None:
        with self.hub.store.begin() as work:
            authorise(work, self.desk, people)

    def release(self, *waiting: Hold, fields: tuple[str, ...] | None = None) -> None:
        """Two people answer each hold by the rules it was made by, all of it or some fields."""
        for each in waiting:
            for person in (*TWO, "authority-1"):
                told = (" ".join(each.rules), "she gets the help she needs", fields)
                self.judge(holds.release, each, person, "talked it over with the family", *told)
        self.work()

    def refuse(self, *waiting: Hold) -> None:
        for each in waiting:
            self.judge(holds.refuse, each, "authority-1" if each.role == "decision_authority" else TWO[0], "not needed")
        self.work()

    def judge(self, act: Act, hold: Hold, person: str, reason: str, *told: Any) -> Hold | Barred:
        """One person's word about a hold that may still be open."""
        with self.hub.store.begin() as work:
            found = work.holds.find(HOME, hold.id)
            if found is None or found.state != "open":
                return hold
            answer = act(work, self.desk, hold.id, Judgement(person, reason, *told))
        if isinstance(answer, Hold):
            self._look(self.hub.release, answer)
        return answer
