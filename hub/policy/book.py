"""The rule book: every rule by id with its citation and its days, and which of them are asked at which step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from hub.errors import SetupError
from hub.policy.weighing import Weighing
from hub.policy.words import VIEW, Finding, Stage

Check: TypeAlias = Callable[[Weighing], Finding | None]
Asked: TypeAlias = tuple[tuple[str, Check], ...]

FIRST_DAY = date(2022, 8, 1)
"""When the coordination duties and FOR-2022-06-22-1110 came into force; before it the book has no rules."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it checks, where the law says it, and from when until when (half open) it is asked."""

    id: str
    check: Check
    cites: tuple[str, ...]
    stage: Stage | None
    control: frozenset[str]
    statutes: frozenset[str]
    views: bool
    since: date
    until: date | None

    @property
    def text(self) -> str:
        """The rule as one would say it aloud."""
        return " ".join((self.check.__doc__ or "").split())

    def in_force(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


RULES: dict[str, Rule] = {}


def rule(
    id: str,
    *cites: str,
    stage: Stage | None = None,
    control: Iterable[str] = (),
    statutes: Iterable[str] = (),
    views: bool = True,
    since: date = FIRST_DAY,
    until: date | None = None,
) -> Callable[[Check], Check]:
    """Enters a rule. `stage` is the step it is asked at; `control` the message kinds step 1 asks it for.

    `statutes` are the claimed statutes it is asked about (none named: any); a rule with `views=False` has nothing to
    say about a plan view and is left out of its loop.
    """

    def enter(check: Check) -> Check:
        if id in RULES:
            raise SetupError(f"rule {id} is entered twice")
        RULES[id] = Rule(id, check, cites, stage, frozenset(control), frozenset(statutes), views, since, until)
        return check

    return enter


class Book:
    """The rules in force on a day, sorted by the step that asks them. Safe between threads."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self.rules = rules
        self._asked: dict[tuple[str, str | None, bool], Asked] = {}
        self._day: tuple[date, Book] | None = None

    def at(self, stage: Stage, kind: str, statute: str | None = None) -> Asked:
        """Whom a step asks. Built once for each (step, statute, view or not)."""
        key = (stage, statute, kind == VIEW)
        asked = self._asked.get(key)
        if asked is None:
            asked = self._asked[key] = tuple(
                (one.id, one.check)
                for one in self.rules.values()
                if one.stage == stage and (not one.statutes or statute in one.statutes) and (one.views or kind != VIEW)
            )
        return asked

    def control(self, kind: str) -> Asked:
        """Whom step 1 asks about a control message of this kind."""
        return tuple((one.id, one.check) for one in self.rules.values() if kind in one.control)

    def without(self, id: str) -> Book:
        """The same book with one rule torn out: what the mutation tests decide by."""
        return Book({key: one for key, one in self.rules.items() if key != id})

    def on(self, day: date) -> Book:
        """The book of one day; the last one asked for is kept, since most decisions are of today."""
        known = self._day
        if known is None or known[0] != day:
            kept = {key: one for key, one in self.rules.items() if one.in_force(day)}
            known = self._day = (day, self if len(kept) == len(self.rules) else Book(kept))
        return known[1]
