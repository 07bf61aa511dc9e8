"""Who must be asked before something is told: the rules on who consents, put before the question instead of after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from hub.errors import UnusableError
from hub.model.calendar import norwegian_day
from hub.model.consent import Consent, Giver, Matter, Terms
from hub.model.person import Child
from hub.model.service import Party
from hub.policy.facts import subject_of
from hub.policy.rules import BOOK
from hub.policy.steps import ask
from hub.policy.weighing import Weighing
from hub.policy.words import MISSING, Disclosure, Message


class Asked(NamedTuple):
    """Whose consent is needed, and the rules that will hold the information whatever they answer."""

    persons: tuple[tuple[Giver, str], ...]
    needs: tuple[str, ...]


def who_is_asked(child: Child, about: str, terms: Terms, matter: Matter, now: datetime) -> Asked:
    """By age, by each sender's secrecy regime, and by who decides for the child. Somebody else answers for herself.

    Raises `UnusableError` where the registers do not say enough to know.
    """
    if about != child.id:
        relation = next((one.relation for one in child.guardians if one.person == about), None)
        return Asked(((relation or "other", about),), ())
    if child.deceased:
        raise UnusableError("nobody_to_ask", "the child is dead: a consent cannot be asked for", place="child")
    found = [_weighed(child, sender, terms.categories, matter, now) for sender in sorted(terms.senders)]
    who = {token for w in found for asked in w.asked.values() for token in asked - {"guardians"}}
    guardians = frozenset[str]().union(*(w.guardians for w in found))
    return Asked(tuple(_persons(child, who | guardians)), _needs(found))


def may_answer(child: Child, consent: Consent, now: datetime) -> bool | None:
    """Whether the giver had authority in this matter at that instant (CON-14); daily care is weighed at dispatch.

    `None` where it cannot be judged yet: the registers have not said who decides for the child, or not of late.
    """
    if consent.about != child.id:
        return consent.person == consent.about
    party = Party("coordinator", child.municipality)
    w = Weighing(Disclosure(party, party, now, subject_of(child, now), Message()))
    return w.has_authority(consent) if _is_known_who_decides(w) else None


def _is_known_who_decides(w: Weighing) -> bool:
    """A care order is the municipality's own record and needs no register; everything else rests on its answer."""
    subject = w.subject
    if subject.care_order and not subject.unborn:
        return True
    of_age = subject.age is not None and (w.adult or bool(subject.guardians))
    return subject.confirmed and (subject.unborn or of_age)


def _weighed(child: Child, sender: str, categories: frozenset[str], matter: Matter, now: datetime) -> Weighing:
    message = Message("info", categories, matter=matter)
    parties = Party(sender, child.municipality), Party("coordinator", child.municipality)
    w, book = Weighing(Disclosure(*parties, now, subject_of(child, now), message)), BOOK.on(norwegian_day(now))
    ask(w, book)
    w.consult("consent", book.at("consent", w))
    held = {one.rule for one in w.found if one.finding.holds}
    if MISSING in held:
        raise UnusableError(
            "nobody_to_ask", "the child's birth date is not known", place="child", way_out="put the register facts"
        )
    if "AGE-08" in held:
        raise UnusableError(
            "nobody_to_ask", "no guardian of the child is known", place="child", way_out="put the register facts"
        )
    return w


def _persons(child: Child, who: Iterable[str]) -> Iterator[tuple[Giver, str]]:
    """In the register's order, the child last."""
    asked = frozenset(who)
    yield from ((one.relation, one.person) for one in child.guardians if one.person in asked)
    if "child_welfare" in asked:
        yield "child_welfare", "child_welfare"
    if "pregnant_person" in asked:
        yield "pregnant_person", child.id
    if "child" in asked:
        yield "child", child.id


def _needs(found: Iterable[Weighing]) -> tuple[str, ...]:
    return tuple(sorted({one.rule for w in found for one in w.found if one.finding.holds}))
