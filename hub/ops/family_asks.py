"""What the family asks for and cannot change itself (law.md § 3.4): a proposal to whoever coordinates, and its answer.

The team, who is responsible, period, revision, status, a service's own measure. Its words lie sealed in the logbook,
where the family reads them beside the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from hub.errors import UnusableError
from hub.model.content import FIELDS, holds_free_text
from hub.model.envelope import fresh_id
from hub.model.plan import Element, Kind, Plan, Value
from hub.model.schema import content_schema
from hub.model.service import FAMILY, Service
from hub.model.task import LogLine
from hub.model.wire import element_to_json
from hub.ops.casework import UNIT, Casework
from hub.ops.enrol import Desk
from hub.ops.family_said import Said, classified
from hub.ops.officials import Barred
from hub.ops.own_words import may_speak
from hub.ops.tasks import Put, Reply, end_task
from hub.policy import reveals
from hub.policy.tasks import coordinating
from hub.ports import Proposal, Work
from hub.sdk.json_schema import Schema
from hub.sync import stamped

Answer = Literal["accepted", "declined", "closed"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to change: fields of an element, or of a new one of that kind; or that it be removed. `words` say why."""

    words: str
    element: str | None = None
    kind: Kind | None = None
    content: Mapping[str, Value] | None = None
    remove: bool = False
    categories: frozenset[str] = frozenset()


def ask(case: Casework, said: Said, asked: Asked) -> Proposal | Barred:
    """Puts it to whoever coordinates, who has a task to answer it; nothing changes before."""
    if why := may_speak(case, said):
        return why
    plan = case.work.plans.lock([case.plan.id], wait=True)[case.plan.id]
    wanted = _wanted(case, plan, asked)
    line = case.write("request", asked.words, FAMILY)
    whose = (plan.municipality, plan.id, plan.child)
    made = Proposal(fresh_id(), *whose, line.id, FAMILY, element_to_json(wanted), plan.version, case.now)
    case.work.proposals.add([made])
    case.put(Put("answer_family", subject=made.id, once=f"answer_family:{made.id}"))
    by = {"said_by": said.person, "form": said.form, "said_at": said.at.isoformat(), "reference": said.reference}
    case.note("family.asked", proposal=made.id, kind=wanted.kind, **by)
    return made


def answered(work: Work, desk: Desk, proposal: Proposal, by: Service | None, state: Answer) -> None:
    """The family reads the answer with its reason, and whoever coordinates has one task less."""
    words = "" if state == "closed" else proposal.reason or ""
    whose = (proposal.municipality, proposal.plan, proposal.child)
    who, now = proposal.decided_by or "hub", desk.clock.now()
    work.logbook.add([LogLine(fresh_id(), *whose, f"request_{state}", now, who, words, by or UNIT)])
    for task in work.tasks.open(proposal.municipality, proposal.plan):
        if task.kind == "answer_family" and task.subject == proposal.id and state != "closed":
            end_task(work, desk, task, Reply(state), who)


def _wanted(case: Casework, plan: Plan, asked: Asked) -> Element:
    """The element as the family would have it."""
    now = _named(plan, asked)
    if asked.remove:
        if now is None or asked.content:
            raise UnusableError("invalid_request", "what is removed is named, and gets no content", place="remove")
        return stamped(replace(now, content={}, free_text=False, deleted=True))
    made = now or _new(case, asked)
    content = {**made.content, **known_fields(made.kind, asked.content or {})}
    content = {name: value for name, value in content.items() if value not in (None, "")}
    free_text = made.free_text or holds_free_text(made.kind, frozenset(content))
    return stamped(replace(made, content=content, free_text=free_text))


def _named(plan: Plan, asked: Asked) -> Element | None:
    """What it is about, where that is in the plan already. There is one frame, and it needs no naming."""
    if asked.element is None:
        frames = [each for each in plan.elements.values() if each.kind == asked.kind == "frame" and not each.deleted]
        return frames[0] if frames else None
    found = plan.elements.get(asked.element)
    if found is None or found.deleted:
        raise UnusableError("not_found", "there is no such element in the plan", place="element")
    if found.owner == FAMILY:
        way_out = "change it: PUT /v1/plans/{id}/words/{element}"
        raise UnusableError("invalid_request", "this is the family's own", place="element", way_out=way_out)
    if asked.kind not in (None, found.kind):
        raise UnusableError("invalid_request", "the element is of another kind", place="kind")
    return found


def _new(case: Casework, asked: Asked) -> Element:
    """Once it is accepted it is the coordinator's to look after."""
    if asked.kind is None:
        raise UnusableError("invalid_request", "neither an element nor a kind is named", place="kind")
    named = reveals(str((asked.content or {}).get("service") or ""))
    categories = classified(asked.categories) | named
    return Element(fresh_id(), asked.kind, coordinating(case.leader), categories, {})


def known_fields(kind: Kind, content: Mapping[str, Value]) -> Mapping[str, Value]:
    """Fields of that kind, each of its form; a field without a value is taken out."""
    if not content or content.keys() - FIELDS[kind].keys():
        way_out = f"name one or more of {', '.join(FIELDS[kind])}"
        raise UnusableError("invalid_request", f"a {kind} has no such field", place="content", way_out=way_out)
    try:
        _form(kind).check({name: value for name, value in content.items() if value is not None})
    except UnusableError as wrong:
        place = f"content{(wrong.place or '$')[1:]}"
        raise UnusableError("invalid_request", "it is not of the form of that field", place=place) from None
    return content


@cache
def _form(kind: Kind) -> Schema:
    return Schema(content_schema(kind))
