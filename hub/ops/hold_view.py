"""What a person may know of a hold (RED-03): who, to whom, which categories, why, how long, and what has been done.

The content, of an element or of a directed message, is shown only to somebody whose own service would be told all of it
by the same policy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.model.official import Role
from hub.model.plan import Element
from hub.model.responsibility import Facts
from hub.model.service import Party
from hub.ops.enrol import Desk
from hub.ops.hold_content import element_of, fields_of, info_of, parts_of
from hub.ops.holds import Case, taken
from hub.ops.officials import Barred
from hub.policy import Message, decide, decide_view, directed, still_known
from hub.policy.relation import is_secret_relation
from hub.policy.who_decides import question
from hub.ports import Hold, Move, Work
from hub.sdk import Document
from hub.sdk.directed import INFO, describe


@dataclass(frozen=True, slots=True)
class Shown:
    """One hold as one person may see it. `fields` are names without values; `content` is `None` unless covered."""

    hold: Hold
    needs: frozenset[Role]
    people: int
    fields: tuple[str, ...]
    moves: Sequence[Move]
    content: Mapping[str, Any] | None = None


def show(work: Work, desk: Desk, id: str, person: str) -> Shown | Barred:
    """For whoever may act on it; reading its content leaves a line in the audit chain."""
    case = taken(work, desk, id, person, judging=False)
    if isinstance(case, Barred):
        return case
    hold, asked = case.hold, question(case.hold.rules, case.hold.hops)
    moves, content = work.moves.of(desk.municipality, hold.id), _content(case)
    return Shown(hold, asked.needs, asked.people, fields_of(work, hold), moves, content)


def _content(case: Case) -> Mapping[str, Any] | None:
    """An element's fields, or a directed message's parts, for a reader who is covered; reading is recorded."""
    service, found = case.official.service, dict[str, Any]()
    if case.facts is None or service is None:
        return None
    reader, element = Party(service, case.official.municipality), element_of(case.work, case.hold)
    document = info_of(case.work, case.hold)
    if element is not None and _is_covered(case.facts, reader, element, case):
        found = dict(element.content)
    elif document is not None and _is_told_all(case.facts, reader, document, case):
        found = {**parts_of(document)}
    if found:
        case.desk.note(case.work, "hold.read", case.hold.id, person=case.official.person)
    return found or None


def _is_covered(facts: Facts, reader: Party, element: Element, case: Case) -> bool:
    decision = decide_view(facts, reader, [element], case.desk.clock.now(), system="")
    return element.id in decision.opened


def _is_told_all(facts: Facts, reader: Party, document: Document, case: Case) -> bool:
    """Whether the policy would tell the reader's service the whole message as it is. What the sender claims carries it
    to the receiver that was named, and to nobody else."""
    told, now = describe(document, INFO.name), case.desk.clock.now()
    third = told.third_party if told.children else frozenset[str]()
    message = Message("info", told.categories, free_text=told.free_text, third_party=third)
    sender = Party(case.hold.sender, case.hold.municipality)
    asked = directed(still_known(facts, now), sender, reader, message, now, {})
    decision = decide(asked)
    whole = decision.outcome == "forward" and decision.kept >= told.categories
    return whole and "ADR-01" not in decision.rules and not is_secret_relation(asked)
