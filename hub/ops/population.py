"""Asking the registers about children with a plan: at enrolment, when something happens, before facts grow old."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hub.errors import UnusableError
from hub.model.person import Child, Guardian
from hub.model.responsibility import Facts
from hub.ops.enrol import Desk, change_facts, facts_of
from hub.ops.settling import settled
from hub.policy import still_known
from hub.ports import Clock, Keys, Population, Registered, Store

ACTOR, FEED = "population_register", "population"
PAGES = 20
"""Pages of the feed worked off in one turn; what is left waits for the next."""

LETTERS = str.maketrans("0123456789", "ghijklmnop")


def person_of(keys: Keys, municipality: str, number: str) -> str:
    """The opaque id of somebody by national number: the same in every consent and every register answer here.

    A keyed hash spelled in letters only, so that it cannot be taken for a number and leads back to none.
    """
    return f"p-{keys.fingerprint('person', municipality, number).hex()[:32].translate(LETTERS)}"


class Registers:
    """The population register of each municipality that has one set up, by municipality."""

    def __init__(
        self, store: Store, keys: Keys, clock: Clock, sources: Mapping[str, Population], known_for: timedelta
    ) -> None:
        self._store, self._keys, self._clock = store, keys, clock
        self._sources, self._known_for = sources, known_for

    def covers(self, municipality: str) -> bool:
        """Whether there is a register to ask."""
        return municipality in self._sources

    def ask(self, municipality: str, children: Sequence[str]) -> list[str]:
        """Asks about these children; gives those whose plan must be looked at again."""
        source = self._sources.get(municipality)
        with self._store.begin() as work:
            numbers = work.persons.numbers(municipality, children)
        if source is None or not numbers:
            return []
        at = self._clock.now()  # before it is asked: what it answers is at least as new
        said = source.persons(list(numbers.values()))
        told = [(child, said[number]) for child, number in numbers.items() if number in said]
        return [child for child, person in told if self._confirm(municipality, child, person, at)]

    def keep_fresh(self, limit: int = 500) -> list[str]:
        """Asks about those whose facts are more than half as old as they may be, the oldest first."""
        again: list[str] = []
        before = self._clock.now() - self._known_for / 2
        for municipality in self._sources:
            with self._store.begin() as work:
                children = work.persons.confirmed_before(municipality, before, limit)
            again += self.ask(municipality, children)
        return again

    def follow(self) -> list[str]:
        """Reads the feed from where it was left, and asks about every child here that something has happened to."""
        return [child for municipality in self._sources for child in self._follow(municipality)]

    def _follow(self, municipality: str) -> list[str]:
        source, again = self._sources[municipality], list[str]()
        with self._store.begin() as work:
            start = work.feeds.next(municipality, FEED)
        at = source.newest() + 1 if start is None else start
        for _ in range(PAGES if start is not None else 0):
            page = source.since(at)
            if page.next == at:
                break
            with self._store.begin() as work:
                children = work.persons.by_numbers(municipality, page.numbers)
            again += self.ask(municipality, list(children.values()))
            at = page.next
            self._have_read(municipality, at)
        if start is None:
            self._have_read(municipality, at)
        return again

    def _have_read(self, municipality: str, next: int) -> None:
        with self._store.begin() as work:
            work.feeds.put(municipality, FEED, next)

    def _confirm(self, municipality: str, child: str, person: Registered, at: datetime) -> bool:
        """Keeps what the register says; whether anything may now be decided otherwise."""
        desk = Desk(municipality, ACTOR, self._clock)
        with self._store.begin() as work:
            try:
                before = facts_of(work, desk, child, change=True)
                if before.child.as_of is not None and at < before.child.as_of <= self._clock.now():
                    return False  # somebody has asked since
                after = change_facts(work, desk, child, lambda now: self._told(now, person, at))
                settled(work, desk, after)
            except UnusableError:
                return False  # erased meanwhile, or at odds with what else is known: not confirmed
        known = still_known(before, self._clock.now(), self._known_for)
        return known.child.as_of is None or _but_for_the_time(before.child) != _but_for_the_time(after.child)

    def _told(self, facts: Facts, person: Registered, at: datetime) -> Facts:
        """The facts that are the register's to tell, replaced; all others stay."""
        child = facts.child
        holders = person.holders or ()
        guardians = tuple(
            Guardian(person_of(self._keys, child.municipality, number), relation) for number, relation in holders
        )
        confirmed = replace(
            child,
            birth_date=person.birth_date,
            unborn=child.unborn and person.birth_date is None,
            guardians=guardians,
            protection=person.protection,
            residence=None if person.residence == child.municipality else person.residence,
            district=_district(child, person),
            deceased=person.deceased,
            as_of=at,
        )
        return replace(facts, child=confirmed)


def _district(child: Child, person: Registered) -> str | None:
    """The register's, else as people told it, while the child lives here; of a hidden child none is kept (ADR-01)."""
    if person.protection == "strictly_confidential" or person.residence not in (None, child.municipality):
        return None
    return person.district or child.district


def _but_for_the_time(child: Child) -> Child:
    return replace(child, as_of=None)
