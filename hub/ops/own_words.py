"""The child's and the family's own goals, words and comments, written in the plan on their behalf (law.md § 3.4).

They are the family's: no service edits them and no coordinator lets one. Whoever coordinates writes them down, and says
who of the family said it, how, and what shows it. Where they go is decided as of everything else in the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from hub.errors import UnusableError
from hub.model.envelope import fresh_id
from hub.model.plan import Element, Plan
from hub.model.service import FAMILY
from hub.ops.casework import Casework
from hub.ops.family_said import By, Said, Words, as_said, said_by, speaker
from hub.ops.officials import Barred
from hub.sync import stamped


def say(case: Casework, said: Said, words: Words) -> Element | Barred:
    """One more goal, word or comment of the family's own."""
    if why := may_speak(case, said):
        return why
    plan = _locked(case)
    made = as_said(Element(fresh_id(), words.kind, FAMILY, frozenset(), {}), plan, said, words, _speaker(case, said))
    return _written(case, plan, made, said, "family.said")


def say_anew(case: Casework, id: str, said: Said, words: Words) -> Element | Barred:
    """The family has put it otherwise: all of it is as it is said now."""

    def anew(plan: Plan, now: Element) -> Element:
        if words.kind != now.kind:
            raise UnusableError("invalid_request", "a goal stays a goal, and words stay words", place="kind")
        return as_said(now, plan, said, words, _speaker(case, said))

    return _changed(case, id, said, "family.said_anew", anew)


def take_back(case: Casework, id: str, said: Said) -> Element | Barred:
    """The family takes it back; whoever has been told it is told that it is gone."""
    return _changed(
        case,
        id,
        said,
        "family.taken_back",
        lambda plan, now: stamped(replace(now, content={}, free_text=False, deleted=True)),
    )


def own_words(case: Casework) -> Sequence[Element] | Barred:
    """What the family has said for itself, as it stands: for whoever writes it down."""
    if why := case.must_coordinate():
        return why
    return [each for each in case.plan.elements.values() if each.owner == FAMILY and not each.deleted]


def own_word(case: Casework, id: str) -> Element | Barred:
    """One of them."""
    if why := case.must_coordinate():
        return why
    return _own(case.plan, id)


def may_speak(case: Casework, said: Said) -> Barred | None:
    """Why nothing may be written on the family's behalf here: by this person, in this plan, as said by that one."""
    if why := case.must_coordinate():
        return why
    if case.facts.life.begun is None:
        return case.bar("plan_not_begun", "the plan has not begun", "POST /v1/plans/{id}/beginning, with consent to it")
    if said.at > case.now:
        raise UnusableError("contradicting_period", "it cannot be said later than now", place="said.at")
    _speaker(case, said)
    return None


def _speaker(case: Casework, said: Said) -> By:
    return speaker(case.facts, said, case.today)


def _changed(
    case: Casework, id: str, said: Said, action: str, change: Callable[[Plan, Element], Element]
) -> Element | Barred:
    if why := may_speak(case, said):
        return why
    plan = _locked(case)
    now = _own(plan, id)
    if why := _not_theirs(case, now, said):
        return why
    return _written(case, plan, change(plan, now), said, action)


def _not_theirs(case: Casework, now: Element, said: Said) -> Barred | None:
    """The child's words are the child's alone, and what a parent has said of herself is hers; all else the family's."""
    way_out = "write down their own words beside them"
    if said_by(now) == "child" and _speaker(case, said) != "child":
        return case.bar("not_permitted", "what the child has said only the child changes", way_out)
    if now.kind != "note" and now.person not in (None, said.person):
        return case.bar("not_permitted", "what a parent has said of herself only she changes", way_out)
    return None


def _locked(case: Casework) -> Plan:
    return case.work.plans.lock([case.plan.id], wait=True)[case.plan.id]


def _own(plan: Plan, id: str) -> Element:
    found = plan.elements.get(id)
    if found is None or found.deleted or found.owner != FAMILY:
        way_out = "comment on it, or propose a change: POST /v1/plans/{id}/proposals" if found else None
        raise UnusableError("not_found", "the family has said no such thing", place="element", way_out=way_out)
    return found


def _written(case: Casework, plan: Plan, made: Element, said: Said, action: str) -> Element:
    """A new version of the plan, a look at who may be told, and a line without content in the audit chain."""
    newer = replace(plan, version=plan.version + 1, elements={**plan.elements, made.id: made})
    case.work.plans.add([(newer, None)])
    case.work.looks.ask([plan.id])
    by = {"said_by": said.person, "form": said.form, "said_at": said.at.isoformat(), "reference": said.reference}
    case.desk.note(case.work, action, made.id, plan=plan.id, kind=made.kind, person=case.hand.person, **by)
    return made
