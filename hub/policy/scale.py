"""The groups of one view, each weighed once: what one owner says of one person, towards one receiver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from hub.model.calendar import OSLO, norwegian_day
from hub.model.plan import Element
from hub.model.responsibility import Facts
from hub.model.service import Party
from hub.policy.book import Book
from hub.policy.facts import bases_of, consents_about, own_subject, subject_of
from hub.policy.services import client_relation, services
from hub.policy.steps import read_records, weigh
from hub.policy.view_decision import Answer, Grounds, Group
from hub.policy.weighing import Register, Weighing
from hub.policy.words import EMPTY, VIEW, Disclosure, Message, Subject

PLAN_ONLY: frozenset[str] = frozenset({"plan_goal", "plan_measure"})
SOMEBODY = "?"
"""Whom an element is about when nobody has said who it is: there is no consent to find."""

Whose: TypeAlias = tuple[str, str | None]
"""An owner and whom it is about: None is the child."""


class Mark(NamedTuple):
    """What policy reads of an element; elements with one mark get one answer."""

    owner: str
    person: str | None
    categories: frozenset[str]
    free_text: bool


def mark(element: Element) -> Mark:
    person = None if element.about == "child" else element.person or SOMEBODY
    return Mark(element.owner, person, element.categories, element.free_text)


def content(categories: frozenset[str]) -> frozenset[str]:
    """What a consent must cover: every category, and goal or measure alone only where there is no other."""
    return categories - PLAN_ONLY or categories


@lru_cache(maxsize=4_096)
def in_order(categories: frozenset[str]) -> tuple[str, ...]:
    """The content of these categories, always in one order."""
    return tuple(sorted(content(categories)))


@lru_cache(maxsize=4_096)
def said(marks: frozenset[Mark]) -> tuple[tuple[str, str | None, frozenset[str]], ...]:
    """What each known service says of each person, in order. No fact has a part in it."""
    found: dict[Whose, frozenset[str]] = {}
    for one in marks:
        if one.owner in services():
            relation, whose = client_relation(one.owner), (one.owner, one.person)
            found[whose] = found.get(whose, EMPTY) | content(one.categories) | relation
            if relation:
                found[one.owner, None] = found.get((one.owner, None), EMPTY) | relation
    in_turn = sorted(found.items(), key=lambda item: (item[0][0], item[0][1] or ""))
    return tuple((owner, person, categories) for (owner, person), categories in in_turn)


class Scale:
    """One receiver, one set of facts, one set of marks. What it has weighed it answers from memory."""

    def __init__(self, facts: Facts, receiver: Party, now: datetime, book: Book, marks: frozenset[Mark]) -> None:
        self.facts, self.receiver, self.now, self.book = facts, receiver, now, book
        self.since, self.until = steady(facts, now)
        self.subject = subject_of(facts.child, now)
        self.strict = self.subject.protection == "strictly_confidential"
        self.firm = self.subject.confirmed
        self.groups: dict[Whose, Group] = {}
        self._answers: dict[Mark, Answer] = {}
        self._narrowed = any(one.senders for one in facts.consents)
        self._weigh_all(said(marks))
        self._grounds = self._made_of(facts)

    def still_holds(self, facts: Facts, now: datetime) -> bool:
        """Whether these facts must give the same answers now: neither the clock nor what is weighed has changed.

        Who coordinates, what is released and when the register confirmed it are among the grounds, and not weighed.
        """
        if not self.since <= now < self.until:
            return False
        mine = self._grounds.facts
        return mine is facts or (
            mine.consents == facts.consents
            and mine.necessities == facts.necessities
            and mine.child.municipality == facts.child.municipality
            and self.subject == subject_of(facts.child, now)
        )

    def grounds(self, facts: Facts) -> Grounds:
        """What the answers rest on, said of these facts; they must still hold."""
        made = self._grounds
        if made.facts is not facts and made.facts != facts:
            made = self._grounds = self._made_of(facts)
        return made

    def _made_of(self, facts: Facts) -> Grounds:
        return Grounds(facts, self.subject, self.receiver, tuple(self.groups.values()), norwegian_day(self.now))

    def answer(self, m: Mark) -> Answer:
        """One mark's answer."""
        known = self._answers.get(m)
        return known if known is not None else self._answers.setdefault(m, self._decided(m))

    def _decided(self, m: Mark) -> Answer:
        """What is told without its owner's name is told so by rule; its free text waits for a person."""
        answer, unnamed = self._told(m), self._unnamed(m)
        if answer.verdict == "shut" or not unnamed:
            return answer
        if answer.verdict == "open" and m.free_text:
            return Answer("hold", ("RED-01", *unnamed))
        return answer._replace(rules=(*answer.rules, *unnamed))

    def _unnamed(self, m: Mark) -> tuple[str, ...]:
        """The rules by which the owner may not be named. Where what is told shows the relation, that decides alone."""
        if client_relation(m.owner) <= content(m.categories):
            return ()
        groups = (self.groups.get(whose) for whose in ((m.owner, m.person), (m.owner, None)))
        return next((group.unnamed for group in groups if group is not None and group.unnamed), ())

    def _told(self, m: Mark) -> Answer:
        """Every content category must be open; free text with something to take out waits for a person."""
        group = self.groups.get((m.owner, m.person))
        if group is None:
            return Answer("shut", ("CON-01",))
        categories, verdicts = in_order(m.categories), group.weighing.verdicts
        came_out = [verdicts[category] for category in categories]
        shut = came_out.count("shut")
        if shut and (shut == len(categories) or not m.free_text):
            return Answer("shut", group.rules([c for c in categories if verdicts[c] == "shut"]))
        if shut:
            return Answer("hold", ("RED-01", *group.rules([c for c in categories if verdicts[c] != "open"])))
        if "hold" in came_out:
            return Answer("hold", group.rules([c for c in categories if verdicts[c] == "hold"]))
        return Answer("open", group.rules(categories))

    def _weigh_all(self, said: Sequence[tuple[str, str | None, frozenset[str]]]) -> None:
        of_child = [found for _, person, found in said if person is None]
        register = Register({}, {}, {})
        if of_child and not self._narrowed:
            register = self._read(self.subject, EMPTY.union(*of_child))
        for owner, person, found in said:
            own = self._read(self.subject, found, owner) if self._narrowed and person is None else register
            self.groups[owner, person] = Group(owner, person, self._weighed(owner, person, found, own))

    def _read(self, subject: Subject, categories: frozenset[str], owner: str = "") -> Register:
        """The consent records about one person, by receiver, and by owner where a record names senders."""
        w = Weighing(self._disclosure(owner or "coordinator", subject, Message(VIEW, categories)))
        register = read_records(w, self.book, consents_about(self.facts, subject.id))
        self.groups[f":{owner}", subject.id] = Group("", subject.id, w)
        return register

    def _weighed(self, owner: str, person: str | None, categories: frozenset[str], register: Register) -> Weighing:
        message = Message(VIEW, categories) if person is None else self._third_party(owner, person, categories)
        w = Weighing(self._disclosure(owner, self.subject, message), register)
        w.verdicts = weigh(w, self.book)
        if any(w.verdicts[category] != "open" for category in client_relation(owner)):
            w.message = replace(w.message, hide_client_relation=True)
        for one in w.consult("redact", self.book.at("redact", w)):
            for category in one.finding.shuts & w.open:
                w.verdicts[category] = "shut"
        for one in w.consult("gate", self.book.at("gate", w)):
            for category in one.finding.holds:
                if w.verdicts[category] == "open":
                    w.verdicts[category] = "hold"
        return w

    def _third_party(self, owner: str, person: str, categories: frozenset[str]) -> Message:
        """Somebody else's own answers stand in for the child's."""
        of = owner if self._narrowed else ""
        own = self._read(own_subject(person), categories, of) if person != SOMEBODY else Register({}, {}, {})
        refused = own.refused.get(person, EMPTY)
        firm = own.firm.get(person, EMPTY) - refused
        doubt = own.doubt.get(person, EMPTY) - refused
        return Message(VIEW, categories, third_party=categories, third_party_consented=firm, third_party_doubted=doubt)

    def _disclosure(self, owner: str, subject: Subject, message: Message) -> Disclosure:
        bases = bases_of(self.facts, owner, self.receiver.service) if self.facts.necessities else ()
        sender = Party(owner, self.facts.child.municipality)
        return Disclosure(sender, self.receiver, self.now, subject, message, bases=bases)


def steady(facts: Facts, now: datetime) -> tuple[datetime, datetime]:
    """From when until when (half open) the clock changes nothing: the Norwegian day, cut at consents' instants."""
    today = datetime.combine(now.astimezone(OSLO).date(), time(), OSLO)
    changes = [
        instant
        for one in facts.consents
        for instant in (one.valid_from, one.valid_to, one.withdrawn_at)
        if instant is not None
    ]
    since = max([today, *(one for one in changes if one <= now)])
    return since, min([today + timedelta(days=1), *(one for one in changes if one > now)])
