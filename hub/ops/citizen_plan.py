"""The plan as its family reads it: its own goals and words first, then what is agreed, who does what, who coordinates.

Nothing about anybody else stands in it. A guardian is shown what a guardian may see (AGE-12), a child all the rest; to
guardians some services are never named, and whatever is theirs, or names them in its words, is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from hub.errors import UnusableError
from hub.model.life import Meeting
from hub.model.plan import Element, Kind, Plan
from hub.model.responsibility import Facts
from hub.model.service import FAMILY, Service
from hub.model.wire import element_from_json
from hub.ops.casework import keep
from hub.ops.citizen_entries import HIDDEN
from hub.ops.citizen_log import UNNAMED, Reader, guardian_view, limits
from hub.ops.enrol import Desk, facts_of, plan_of
from hub.ops.family_said import said_by
from hub.policy import LIMIT, named_in, still_known
from hub.policy.services import services
from hub.policy.view import LOCATION_FIELDS
from hub.policy.who_decides import leads
from hub.ports import Proposal, Work

Section = Literal["own", "agreed", "who", "meetings"]
SECTIONS: dict[Kind, Section] = {
    **dict.fromkeys(("frame", "goal", "resource", "need", "contribution", "cooperation", "note"), "agreed"),
    **dict.fromkeys(("measure", "participant"), "who"),
    "meeting": "meetings",
    "voice": "own",
}
"""Where each kind is read. Facts about who the child is (`identity`) are no part of what one agrees on."""
NAMES_A_SERVICE = ("service", "author", "by")


@dataclass(frozen=True, slots=True)
class Read:
    """One thing in the plan, with the family's comments on it."""

    section: Section
    element: Element
    comments: tuple[Element, ...] = ()

    @property
    def by(self) -> str:
        """Whose words they are; a voice that a service has written down is the child's."""
        return said_by(self.element) or ("child" if self.element.kind == "voice" else "")


@dataclass(frozen=True, slots=True)
class Request:
    """Something the family has asked for, and how it stands. `words` are what it said."""

    at: datetime
    kind: str
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class FamilyPlan:
    """What one reader may see. A plan that is `shut` says by which rules, and nothing else."""

    child: str
    reader: Reader
    shut: tuple[str, ...] = ()
    begun: datetime | None = None
    closed: datetime | None = None
    leads: Service | None = None
    revise_on: date | None = None
    read: tuple[Read, ...] = ()
    called: tuple[Meeting, ...] = ()
    requests: tuple[Request, ...] = ()


def read_plan(work: Work, desk: Desk, child: str, reader: Reader, known_for: timedelta = LIMIT) -> FamilyPlan:
    """The plan of a child of this municipality, or `not_found`; that it was read is on record."""
    now = desk.clock.now()
    facts = still_known(facts_of(work, desk, child), now, known_for)
    id = work.plans.of_child(desk.municipality, child)
    if id is None:
        raise UnusableError("not_found", "there is no plan about this person here", place="plan")
    plan = plan_of(work, desk, id)
    told = [_placed(each, facts) for each in plan.elements.values() if not each.deleted and each.about == "child"]
    shut, hidden = tuple[str, ...](), frozenset[str]()
    if reader == "guardian":
        decision = guardian_view(facts, (code for each in told for code in each.categories), now)
        keep(work, desk, decision, plan.id)
        shut, hidden = limits(decision)
    desk.note(work, "plan.read", plan.id, reader=reader, version=plan.version, shut=list(shut))
    if shut:
        return FamilyPlan(child, reader, shut)
    concealed = _concealed(hidden) if reader == "guardian" else frozenset[Service]()
    seen = [each for each in told if not each.categories & hidden and not _tells_of(each, concealed)]
    life, leader = facts.life, leads(facts, now)
    return FamilyPlan(
        child,
        reader,
        (),
        life.begun,
        life.closing.at if life.closing else None,
        _named(leader, concealed) if leader else None,
        life.revise_on,
        _in_order(seen),
        tuple(_called(each, concealed) for each in life.meetings),
        _requests(work, desk, plan, seen, hidden),
    )


def _concealed(hidden: frozenset[str]) -> frozenset[Service]:
    """Services that are never named to guardians, and those whose name would tell what is withheld from them."""
    return UNNAMED | {name for name, one in services().items() if hidden.intersection(one.reveals)}


def _tells_of(element: Element, concealed: frozenset[Service]) -> bool:
    """Whether an element is such a service's own, or names it by a code or in its words."""
    named = {str(element.content.get(name) or "") for name in NAMES_A_SERVICE} | {element.owner}
    return bool(named & concealed) or any(named_in(str(value), concealed) for value in element.content.values())


def _placed(element: Element, facts: Facts) -> Element:
    """Of a child with a strictly confidential address no copy says where it is (ADR-01)."""
    if facts.child.protection != "strictly_confidential":
        return element
    return replace(element, content={name: v for name, v in element.content.items() if name not in LOCATION_FIELDS})


def _in_order(seen: Sequence[Element]) -> tuple[Read, ...]:
    """The child's own goals, its words, then its parents'; then all else as the plan has it."""
    comments: dict[str, list[Element]] = {}
    for each in seen:
        if each.owner == FAMILY and each.kind == "note":
            comments.setdefault(str(each.content.get("comments_on")), []).append(each)
    read = [
        Read(section, each, tuple(comments.get(each.id, ())))
        for each in seen
        if (section := _section(each)) is not None
    ]
    order: tuple[Section, ...] = ("own", "agreed", "who", "meetings")
    return tuple(sorted(read, key=lambda one: (order.index(one.section), _rank(one))))


def _section(element: Element) -> Section | None:
    if element.owner == FAMILY:
        return None if element.kind == "note" else "own"
    if element.kind == "goal" and said_by(element) == "child":
        return "own"
    return SECTIONS.get(element.kind)


def _rank(one: Read) -> tuple[bool, bool]:
    return (one.by != "child", one.element.kind != "goal") if one.section == "own" else (False, False)


def _named(service: Service, concealed: frozenset[Service]) -> Service:
    return HIDDEN if service in concealed else service


def _called(meeting: Meeting, concealed: frozenset[Service]) -> Meeting:
    return replace(meeting, asked=tuple(_named(each, concealed) for each in meeting.asked))


def _requests(
    work: Work, desk: Desk, plan: Plan, seen: Sequence[Element], hidden: frozenset[str]
) -> tuple[Request, ...]:
    """What the family has asked for. Its words may speak of anything: not shown where something is withheld."""
    if hidden:
        return ()
    words = {line.id: line.words for line in work.logbook.of(desk.municipality, plan.id, "request")}
    known = {each.id for each in seen}
    found = [each for each in work.proposals.of(desk.municipality, plan.id) if each.system == FAMILY]
    return tuple(
        Request(each.created_at, element_from_json(dict(each.element)).kind, each.state, words.get(each.part, ""))
        for each in found
        if _may_be_named(each, plan, known)
    )


def _may_be_named(proposal: Proposal, plan: Plan, known: set[str]) -> bool:
    """Not what is about an element that this reader is not shown."""
    id = str(proposal.element.get("id"))
    return id not in plan.elements or plan.elements[id].deleted or id in known
