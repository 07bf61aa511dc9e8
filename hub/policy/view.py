"""What may this system be told of this plan? A view, decided element by element."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias

from hub.model.calendar import norwegian_day
from hub.model.plan import Element, Kind
from hub.model.responsibility import Facts
from hub.model.service import Party
from hub.policy.book import Book
from hub.policy.rules import BOOK
from hub.policy.scale import Mark, Scale, mark
from hub.policy.services import client_relation, services
from hub.policy.view_decision import UNNAMED, Answer, ViewDecision

NO_DIGESTS: Mapping[str, str] = MappingProxyType({})
LOCATION_FIELDS = ("unit", "place", "phone", "email")
"""Fields that tell where a child is: a school's name, a meeting place, a prefix, a municipality's e-mail address."""

SAYS_WHO: Mapping[Kind, str] = MappingProxyType({"frame": "author", "contribution": "by"})
"""Fields that hold a service's code, of kinds that do not carry that service's categories for it."""

OWN = Answer("open", ("OWN",))
REMEMBERED = 8_192
"""How many scales a process keeps; a scale is some thirty kilobytes and lives until the facts or the day change."""

Key: TypeAlias = tuple[Book, str, Party, frozenset[Mark]]
_scales: dict[Key, Scale] = {}


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
    marks = [mark(one) for one in elements]
    scale = _scale(facts, receiver, now, book, frozenset(one for one in marks if one.owner != own))
    opened: dict[str, Answer] = {}
    held: dict[str, Answer] = {}
    shut: dict[str, Answer] = {}
    for element, m in zip(elements, marks, strict=True):
        answer = OWN if m.owner == own else scale.answer(m)
        if answer is not OWN and element.kind in SAYS_WHO and names_client(facts, receiver, element, now, book):
            answer = _named(answer, element.free_text)
        if scale.strict and answer.verdict != "shut" and answer is not OWN:
            answer = _placed(element, answer)
        if answer.verdict == "hold" and scale.firm and _released(facts, element, system, digests, answer):
            answer = answer._replace(verdict="open", released=True)
        told = opened if answer.verdict == "open" else held if answer.verdict == "hold" else shut
        told[element.id] = answer
    return ViewDecision(receiver, system, now, scale.grounds(facts), opened, held, shut, scale.strict)


def _named(answer: Answer, free_text: bool) -> Answer:
    """An element that says by a code who made it names that service as its owner would be named."""
    if answer.verdict == "shut" or answer.unnamed:
        return answer
    if answer.verdict == "open" and free_text:
        return Answer("hold", ("RED-01", UNNAMED))
    return answer._replace(rules=(*answer.rules, UNNAMED))


def names_client(facts: Facts, receiver: Party, element: Element, now: datetime, book: Book = BOOK) -> bool:
    """Whether an element names, in a field for a service's code, one that this receiver may not know of (RED-02)."""
    field = SAYS_WHO.get(element.kind)
    named = element.content.get(field) if field else None
    return isinstance(named, str) and named in services() and hides_client(facts, receiver, named, now, book)


def hides_client(facts: Facts, receiver: Party, service: str, now: datetime, book: Book = BOOK) -> bool:
    """Whether this receiver may not learn that the child is a client of a service (RED-02)."""
    relation = client_relation(service)
    if not relation or receiver == Party(service, facts.child.municipality):
        return False
    asked = Mark(service, None, relation, False)
    return _scale(facts, receiver, now, book, frozenset({asked})).answer(asked).verdict != "open"


def _scale(facts: Facts, receiver: Party, now: datetime, book: Book, marks: frozenset[Mark]) -> Scale:
    """A scale for these facts. One already made serves while the facts are equal and the clock has changed nothing."""
    key = (book, facts.child.id, receiver, marks)
    known = _scales.get(key)
    if known is not None and known.still_holds(facts, now):
        return known
    if len(_scales) >= REMEMBERED:
        _scales.pop(next(iter(_scales)), None)  # the oldest; another thread may have been quicker
    made = _scales[key] = Scale(facts, receiver, now, book.on(norwegian_day(now)), marks)
    return made


def _placed(element: Element, answer: Answer) -> Answer:
    """Of a child with a strictly confidential address free text waits and fields that tell a place are shut.

    Whatever else it waits for, it waits for those who may release an address too.
    """
    if element.free_text:
        why = answer.rules if answer.verdict == "hold" else [rule for rule in answer.rules if rule == UNNAMED]
        return Answer("hold", tuple(dict.fromkeys(("ADR-01", "RED-01", *why))))
    if any(element.content.get(name) for name in LOCATION_FIELDS):
        return Answer("shut", ("ADR-01",))
    return answer


def _released(facts: Facts, element: Element, system: str, digests: Mapping[str, str], answer: Answer) -> bool:
    """Whether a person has released this hold: this element with this content, to this system, for these rules."""
    digest = digests.get(element.id)
    release = facts.releases.get((element.id, digest, system)) if digest is not None else None
    return release is not None and release.findings.issuperset(answer.rules)
