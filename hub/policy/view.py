"""What may this system be told of this plan? A view, decided element by element (law.md § 2.3, last part)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from hub.model.plan import Element
from hub.model.responsibility import Facts, Release
from hub.model.service import Party
from hub.policy.book import Book
from hub.policy.facts import bases_of, consents_about, own_subject, subject_of
from hub.policy.rules import BOOK
from hub.policy.services import services
from hub.policy.steps import read_records, weigh
from hub.policy.times import norwegian_day
from hub.policy.view_decision import Answer, Group, ViewDecision
from hub.policy.weighing import Register, Weighing
from hub.policy.words import EMPTY, VIEW, Disclosure, Message, Subject

NO_DIGESTS: Mapping[str, str] = MappingProxyType({})
PLAN_ONLY: frozenset[str] = frozenset({"plan_goal", "plan_measure"})
LOCATION_FIELDS = ("unit", "place", "phone", "email")
"""Fields that tell where a child is: a school's name, a meeting place, a prefix, a municipality's e-mail address."""

OWN = Answer("open", ("OWN",))
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


def content(categories: frozenset[str]) -> frozenset[str]:
    """What a consent must cover: every category, and goal or measure alone only where there is no other."""
    return categories - PLAN_ONLY or categories


def mark(element: Element) -> Mark:
    person = None if element.about == "child" else element.person or SOMEBODY
    return Mark(element.owner, person, element.categories, element.free_text)


def decide_view(
    facts: Facts,
    receiver: Party,
    elements: Sequence[Element],
    now: datetime,
    *,
    system: str,
    digests: Mapping[str, str] = NO_DIGESTS,
    book: Book = BOOK,
) -> ViewDecision:
    """Decides every element for one receiver. `digests` are the contents' digests, for releases of holds."""
    own = receiver.service if receiver.municipality == facts.child.municipality else None
    marks = [(one, mark(one)) for one in elements]
    scale = _Scale(facts, receiver, now, book.on(norwegian_day(now)), {m for _, m in marks if m.owner != own})
    answers: dict[Mark, Answer] = {}
    opened: dict[str, Answer] = {}
    held: dict[str, Answer] = {}
    shut: dict[str, Answer] = {}
    for element, m in marks:
        if m.owner == own:
            answer = OWN
        else:
            found = answers.get(m)
            answer = found if found is not None else answers.setdefault(m, scale.answer(m))
            if scale.strict and answer.verdict == "open":
                answer = _placed(element, answer)
        if answer.verdict == "hold" and _released(facts, element, system, digests, answer):
            answer = Answer("open", answer.rules, released=True)
        told = opened if answer.verdict == "open" else held if answer.verdict == "hold" else shut
        told[element.id] = answer
    return ViewDecision(receiver, system, now, facts, tuple(scale.groups.values()), opened, held, shut, scale.strict)


def _placed(element: Element, answer: Answer) -> Answer:
    """Of a child with a strictly confidential address free text waits and fields that tell a place are shut."""
    if element.free_text:
        return Answer("hold", ("ADR-01", "RED-01"))
    if any(element.content.get(name) for name in LOCATION_FIELDS):
        return Answer("shut", ("ADR-01",))
    return answer


def _released(facts: Facts, element: Element, system: str, digests: Mapping[str, str], answer: Answer) -> bool:
    """Whether a person has released this hold: this element with this content, to this system, for these rules."""
    digest = digests.get(element.id)
    release: Release | None = facts.releases.get((element.id, digest, system)) if digest is not None else None
    return release is not None and set(answer.rules) <= set(release.finding.replace(",", " ").split())


class _Scale:
    """The groups of one view, each weighed once: elements of one owner about one person."""

    def __init__(self, facts: Facts, receiver: Party, now: datetime, book: Book, marks: Iterable[Mark]) -> None:
        self.facts, self.receiver, self.now, self.book = facts, receiver, now, book
        self.subject = subject_of(facts.child, now)
        self.strict = self.subject.protection == "strictly_confidential"
        self.groups: dict[Whose, Group] = {}
        categories: dict[Whose, frozenset[str]] = {}
        for one in marks:
            whose = (one.owner, one.person)
            categories[whose] = categories.get(whose, EMPTY) | content(one.categories)
        register: Register | None = None
        for (owner, person), found in sorted(categories.items(), key=lambda item: (item[0][0], item[0][1] or "")):
            if owner not in services():
                continue
            if person is None and register is None:
                every = frozenset[str]().union(*(all for (_, who), all in categories.items() if who is None))
                register = self._read(self.subject, every)
            w = self._weighed(owner, person, found, register)
            self.groups[owner, person] = Group(owner, person, w)

    def _disclosure(self, owner: str, subject: Subject, message: Message) -> Disclosure:
        bases = bases_of(self.facts, owner, self.receiver.service) if self.facts.necessities else ()
        sender = Party(owner, self.facts.child.municipality)
        return Disclosure(sender, self.receiver, self.now, subject, message, bases=bases)

    def _read(self, subject: Subject, categories: frozenset[str]) -> Register:
        """The consent records about one person: they depend on the receiver, not on the owner."""
        w = Weighing(self._disclosure("coordinator", subject, Message(VIEW, categories)))
        register = read_records(w, self.book, consents_about(self.facts, subject.id))
        self.groups["", subject.id] = Group("", subject.id, w)
        return register

    def _weighed(
        self, owner: str, person: str | None, categories: frozenset[str], register: Register | None
    ) -> Weighing:
        message = Message(VIEW, categories) if person is None else self._third_party(person, categories)
        w = Weighing(self._disclosure(owner, self.subject, message), register)
        verdicts = weigh(w, self.book)
        for one in w.consult("redact", self.book.at("redact", VIEW)):
            for category in one.finding.shuts & w.open:
                verdicts[category] = "shut"
        for one in w.consult("gate", self.book.at("gate", VIEW)):
            for category in one.finding.holds:
                if verdicts[category] == "open":
                    verdicts[category] = "hold"
        w.verdicts = verdicts
        return w

    def _third_party(self, person: str, categories: frozenset[str]) -> Message:
        """Somebody else's own answers stand in for the child's."""
        own = self._read(own_subject(person), categories) if person != SOMEBODY else Register({}, {}, {})
        refused = own.refused.get(person, EMPTY)
        firm = own.firm.get(person, EMPTY) - refused
        doubt = own.doubt.get(person, EMPTY) - refused
        return Message(VIEW, categories, third_party=categories, third_party_consented=firm, third_party_doubted=doubt)

    def answer(self, m: Mark) -> Answer:
        """One mark: every content category must be open; free text with something to take out waits for a person."""
        group = self.groups.get((m.owner, m.person))
        if group is None:
            return Answer("shut", ("CON-01",))
        w, categories = group.weighing, content(m.categories)
        shut = {c for c in categories if w.verdicts[c] == "shut"}
        if shut and (len(shut) == len(categories) or not m.free_text):
            return Answer("shut", group.rules("shut", shut))
        held = {c for c in categories if w.verdicts[c] == "hold"}
        if shut:
            return Answer("hold", ("RED-01", *group.rules("shut", shut), *group.rules("hold", held)))
        if held:
            return Answer("hold", group.rules("hold", held))
        return Answer("open", group.rules("open", categories))
