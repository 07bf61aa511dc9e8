"""Consents that no longer have everybody who must consent: a birthday, a new guardian, a care order, a guardian lost.

Nothing of it is kept: it is found anew from the facts and the consents.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import NamedTuple

from hub.model.calendar import OSLO, norwegian_day
from hub.model.consent import Consent
from hub.model.person import Child
from hub.model.responsibility import Facts
from hub.model.service import Party
from hub.policy.facts import subject_of
from hub.policy.instants import birthday
from hub.policy.rules import BOOK
from hub.policy.services import services
from hub.policy.steps import ask
from hub.policy.weighing import Weighing
from hub.policy.who_is_asked import may_answer
from hub.policy.words import Disclosure, Message

AGES = (12, 15, 16, 18)
"""The birthdays at which the rules ask somebody else."""
RENEW = "renew_consents"
"""The kind of task by which whoever coordinates is told."""
WHO_DECIDES = ("guardians", "care_order")
LOST = "CON-14"
"""The rule by which a yes of somebody without authority opens nothing."""


class AskAgain(NamedTuple):
    """Who is to be asked, by which rules, since when, and which consents it is about. `lost` gave a yes that no longer
    counts."""

    consents: tuple[str, ...]
    persons: tuple[str, ...]
    lost: tuple[str, ...]
    rules: tuple[str, ...]
    since: datetime

    @property
    def occasion(self) -> str:
        """The same for as long as it is the same occasion: what a task about it is opened once for."""
        return f"{'+'.join(self.rules)}:{norwegian_day(self.since).isoformat()}"


def ask_again(facts: Facts, now: datetime) -> list[AskAgain]:
    """One for each set of consents alike in what they cover."""
    if facts.child.deceased:
        return []
    alike: dict[tuple[object, ...], list[Consent]] = {}
    for one in facts.consents:
        if _stands(one, facts.child, now):
            alike.setdefault((one.senders, one.receivers, one.categories, one.purposes), []).append(one)
    found = (_of_set(facts, given, now) for given in alike.values())
    return [one for one in found if one is not None]


def _of_set(facts: Facts, given: list[Consent], now: datetime) -> AskAgain | None:
    child, first = facts.child, given[0]
    then = max(at for one in given if (at := one.answered_at) is not None)
    before, after = _asked(child, first, then), _asked(child, first, now)
    turned = [at for name in WHO_DECIDES if (at := child.written_at(name)) is not None and at > then]
    since = max([*turned, *_birthdays(child, then, now)], default=None)
    if since is None:
        return None
    lost = tuple(sorted(one.person for one in given if may_answer(child, one, now) is False))
    anew = bool(turned or lost)  # then also those count who were asked before and have not answered
    heard = {_who(one, child) for one in facts.consents if turned or _stands(one, child, now)}
    new = {who: by for who, by in after.items() if who not in heard and (anew or who not in before)}
    if not new:
        return None
    rules = {rule for by in new.values() for rule in by} | ({LOST} if lost else set())
    ids = tuple(sorted(one.id for one in given))
    return AskAgain(ids, tuple(sorted(new)), lost, tuple(sorted(rules)), since)


def _asked(child: Child, consent: Consent, at: datetime) -> dict[str, frozenset[str]]:
    """Whom the rules ask at that instant, each with the rules that do, by the facts of today."""
    found: dict[str, frozenset[str]] = {}
    for sender in sorted(consent.senders or services().keys() - consent.receivers or services().keys()):
        message = Message("info", consent.categories)
        parties = Party(sender, child.municipality), Party("coordinator", child.municipality)
        w = Weighing(Disclosure(*parties, at, subject_of(child, at), message))
        ask(w, BOOK.on(norwegian_day(at)))
        for one in w.found:
            for who in one.finding.asks - {"guardians"}:
                found[who] = found.get(who, frozenset()) | {one.rule}
    return found


def _stands(one: Consent, child: Child, now: datetime) -> bool:
    begun = one.valid_from is None or one.valid_from <= now
    ended = any(end is not None and end <= now for end in (one.valid_to, one.withdrawn_at))
    answered = one.answered_at is not None and one.answer == "yes"
    return answered and begun and not ended and one.about == child.id and one.authority is not False


def _who(one: Consent, child: Child) -> str:
    """The answerer as the rules name them: a guardian by id, everybody else by capacity."""
    if one.giver == "child":
        return "child" if one.person == child.id else "unknown"
    return one.giver if one.giver in ("child_welfare", "pregnant_person") else one.person


def _birthdays(child: Child, after: datetime, until: datetime) -> Iterator[datetime]:
    if child.birth_date is None or child.unborn:
        return
    for age in AGES:
        day: date = birthday(child.birth_date, child.birth_date.year + age)
        if after < (at := datetime.combine(day, time(), OSLO)) <= until:
            yield at
