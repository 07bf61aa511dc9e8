"""Facts that cannot be: said of the future, contradicting each other, or naming what there is not. Refused at entry."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from datetime import datetime

from hub.errors import UnusableError
from hub.model.calendar import norwegian_day
from hub.model.person import Child
from hub.model.responsibility import Facts, Necessity, Responsibility
from hub.model.service import FAMILY
from hub.policy.claims import NECESSITIES, STATUTES
from hub.policy.facts import LEEWAY
from hub.policy.services import APPOINTABLE, services

SERVING = services().keys() - {FAMILY}
"""Whoever works for the family; it needs no statute to speak, and no mandate."""

FIRST = 1900
"""The year before which nothing that is kept here can have been asked; the calendar's first has no UTC everywhere."""

Fault = tuple[str, str]
"""Where it stands, and what is wrong with it; never the value."""


def sound(facts: Facts, now: datetime, before: Facts | None = None) -> Facts:
    """The same facts; raises `UnusableError` (`impossible_fact`) with the place of the first that cannot be.

    What was so `before` is no reason to refuse another change: after a clock has gone backwards a protection must still
    be put.
    """
    known = set(_faults(before, now)) if before else set()
    for place, why in _faults(facts, now):
        if (place, why) not in known:
            raise UnusableError("impossible_fact", why, place=place, way_out="correct it where it was first written")
    return facts


def _faults(facts: Facts, now: datetime) -> Iterator[Fault]:
    yield from _of_child(facts.child, now)
    yield from _of_necessities(facts)
    yield from _of_responsibility(facts.responsibility)


def _of_child(child: Child, now: datetime) -> Iterator[Fault]:
    today, born = norwegian_day(now), child.birth_date
    if child.as_of is not None and child.as_of > now + LEEWAY:
        yield "as_of", "the register cannot have been asked later than now"
    if child.as_of is not None and child.as_of.year < FIRST:
        yield "as_of", "there was no register to ask"
    if born is not None and born > today:
        yield "birth_date", "a birth date in the future"
    if born is not None and child.unborn:
        yield "unborn", "there is a birth date"
    if len({each.person for each in child.guardians}) < len(child.guardians):
        yield "guardians", "the same person twice"
    if any(each.person == child.id for each in child.guardians):
        yield "guardians", "nobody holds parental responsibility for oneself"
    assessed = child.maturity.assessed_on if child.maturity else None
    for place, day in (("maturity.assessed_on", assessed), ("hearing", child.hearing)):
        if day is not None and day > today:
            yield place, "it has not happened yet"
        elif day is not None and born is not None and day < born:
            yield place, "it is before the child was born"


def _of_necessities(facts: Facts) -> Iterator[Fault]:
    for number, each in enumerate(facts.necessities):
        yield from ((f"necessities.{number}.{place}", why) for place, why in _of_necessity(each))


def _of_necessity(one: Necessity) -> Iterator[Fault]:
    services: Mapping[str, Container[str]] = {"sender": SERVING, "receiver": SERVING}
    known = {**services, "statute": STATUTES, "necessity": NECESSITIES}
    yield from (
        (place, "not a word the hub knows") for place, words in known.items() if getattr(one, place) not in words
    )
    if one.sender == one.receiver:
        yield "receiver", "a service need not share with itself"


def _of_responsibility(told: Responsibility) -> Iterator[Fault]:
    for place in ("child_coordinator", "coordinator", "main_responsible", "appointed"):
        service = getattr(told, place)
        if service is not None and service not in SERVING:
            yield place, "not a service the hub knows"
        elif service is not None and service not in APPOINTABLE:
            yield place, "only a provider of the municipality's own coordinates (COO-05)"
