"""What a person may know of a hold (RED-03): who, to whom, which categories, why, how long, and what has been done.

The content is shown only to somebody whose own service would be told it by the same policy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.model.official import Role
from hub.model.plan import Element, Value
from hub.model.responsibility import Facts
from hub.model.service import Party
from hub.ops.enrol import Desk
from hub.ops.hold_content import element_of, fields_of
from hub.ops.holds import Case, taken
from hub.ops.officials import Barred
from hub.policy import decide_view
from hub.policy.who_decides import question
from hub.ports import Hold, Move, Work


@dataclass(frozen=True, slots=True)
class Shown:
    """One hold as one person may see it. `fields` are names without values; `content` is `None` unless covered."""

    hold: Hold
    needs: frozenset[Role]
    people: int
    fields: tuple[str, ...]
    moves: Sequence[Move]
    content: Mapping[str, Value] | None = None


def show(work: Work, desk: Desk, id: str, person: str) -> Shown | Barred:
    """For whoever may act on it; reading its content leaves a line in the audit chain."""
    case = taken(work, desk, id, person, judging=False)
    if isinstance(case, Barred):
        return case
    hold, asked = case.hold, question(case.hold.rules, case.hold.hops)
    moves, content = work.moves.of(desk.municipality, hold.id), _content(case, element_of(work, hold))
    return Shown(hold, asked.needs, asked.people, fields_of(work, hold), moves, content)


def _content(case: Case, element: Element | None) -> Mapping[str, Value] | None:
    official = case.official
    if element is None or case.facts is None or official.service is None:
        return None
    if not _is_covered(case.facts, Party(official.service, official.municipality), element, case):
        return None
    case.desk.note(case.work, "hold.read", case.hold.id, person=official.person)
    return dict(element.content)


def _is_covered(facts: Facts, reader: Party, element: Element, case: Case) -> bool:
    decision = decide_view(facts, reader, [element], case.desk.clock.now(), system="")
    return element.id in decision.opened
