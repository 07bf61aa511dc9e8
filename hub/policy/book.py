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
    senders: frozenset[str]
    receivers: frozenset[str]
    views: bool
    rests: tuple[str, ...]
    since: date
    until: date | None

    @property
    def text(self) -> str:
        """The rule as one would say it aloud."""
        return " ".join((self.check.__doc__ or "").split())

    def concerns(self, stage: Stage, sender: str, receiver: str, statute: str | None, view: bool) -> bool:
        """Whether this rule could have anything to say at this step between these two."""
        if self.stage != stage or (view and not self.views):
            return False
        if self.statutes and statute not in self.statutes:
            return False
        return (not self.senders or sender in self.senders) and (not self.receivers or receiver in self.receivers)

    def in_force(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


RULES: dict[str, Rule] = {}


def rule(
    id: str,
    *cites: str,
    stage: Stage | None = None,
    control: Iterable[str] = (),
    statutes: Iterable[str] = (),
    senders: Iterable[str] = (),
    receivers: Iterable[str] = (),
    views: bool = True,
    rests: Iterable[str] = (),
    since: date = FIRST_DAY,
    until: date | None = None,
) -> Callable[[Check], Check]:
    """Enters a rule. `stage` is the step it is asked at; `control` the message kinds step 1 asks it for.

    `statutes`, `senders` and `receivers` are those it is about (none named: all): for others it is not asked at all. A
    rule with `views=False` has nothing to say about a plan view and is left out of its loop. `rests` are the facts it
    reads, in the words of `known.py`.
    """

    def enter(check: Check) -> Check:
        if id in RULES:
            raise SetupError(f"rule {id} is entered twice")
        about = (frozenset(control), frozenset(statutes), frozenset(senders), frozenset(receivers))
        RULES[id] = Rule(id, check, cites, stage, *about, views, tuple(rests), since, until)
        return check

    return enter


class Book:
    """The rules in force on a day, sorted by the step that asks them. Safe between threads."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self.rules = rules
        self._asked: dict[tuple[Stage, str, str, str | None, bool], Asked] = {}
        self._day: tuple[date, Book] | None = None

    def at(self, stage: Stage, w: Weighing) -> Asked:
        """Whom a step asks about this disclosure: those that could have anything to say about it."""
        key = (stage, w.sender, w.receiver, w.basis.statute, w.kind == VIEW)
        asked = self._asked.get(key)
        if asked is None:
            asked = self._asked[key] = tuple((id, one.check) for id, one in self.rules.items() if one.concerns(*key))
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
