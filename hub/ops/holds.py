"""What waits for a human is sent, sent in part or refused, by people who may, each with a reason that is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hub.errors import UnusableError
from hub.model.official import Official
from hub.model.responsibility import Facts, Release, named
from hub.ops.districts import among
from hub.ops.enrol import Desk, facts_of
from hub.ops.hands import as_hand
from hub.ops.hold_content import must_have
from hub.ops.officials import NO_HOLD, Barred, admit, may_see, named_in, official_of, roles_for
from hub.ops.waits import end_wait
from hub.policy import STALE
from hub.policy.who_decides import question
from hub.ports import Hold, Move, Work
from hub.ports.holds import Action


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's decision: who (an opaque id), why, and for a release the findings it answers (rule ids).

    `best_interest` says why it is best for the child (Grunnloven § 104), and must be said of whatever is sent; `fields`
    names what of it is sent, where that is not all.
    """

    person: str
    reason: str
    finding: str = ""
    best_interest: str = ""
    fields: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One hold in the hands of one person, locked, with the facts about its child."""

    work: Work
    desk: Desk
    hold: Hold
    facts: Facts | None
    official: Official

    def move(
        self, action: Action, words: Mapping[str, str], detail: Mapping[str, object], part: str | None = None
    ) -> Move:
        """A line about the hold that stays, and one without words in the audit chain."""
        number = len(self.work.moves.of(self.desk.municipality, self.hold.id)) + 1
        kept = {name: said for name, said in words.items() if said}
        now, hold, who = self.desk.clock.now(), self.hold, self.official.person
        row = Move(hold.id, number, hold.municipality, hold.child, now, action, who, kept, detail, part)
        self.work.moves.add([row])
        self.desk.note(self.work, f"hold.{action}", hold.id, **{"by": who, "receiver": hold.receiver, **detail})
        return row


def list_holds(work: Work, desk: Desk, plan: str | None = None) -> Sequence[Hold]:
    """Open holds of the municipality, or of one plan: for the hub's own use, since not everybody may see them all."""
    return work.holds.open(desk.municipality, None if plan is None else [plan])


def seen_by(work: Work, desk: Desk, person: str, plan: str | None = None) -> Sequence[Hold] | Barred:
    """Open holds as one person may see them; what most urgently waits comes first. To somebody of a service those that
    he or she may act on: that another service's information about a child waits is not for every service to know."""
    official = official_of(work, desk, person)
    if isinstance(official, Barred):
        return barred(work, desk, official, "holds", person)
    last = desk.clock.now()
    found = among(work, desk, as_hand(official), may_see(official, list_holds(work, desk, plan)))
    if official.service is not None:
        facts = work.persons.facts(sorted({hold.child for hold in found if hold.child}))
        shown = (
            (each.hold, admit(official, each, facts.get(each.hold.child or ""), last, judging=False))
            for each in named_in(work, found)
        )
        found = [hold for hold, why_not in shown if why_not is None]
    return sorted(found, key=lambda hold: (hold.due_at or last, hold.id))


def release(work: Work, desk: Desk, id: str, judgement: Judgement) -> Hold | Barred:
    """One person's word that it may be sent, whole or in part. When enough have said the same it is a fact, for this
    element, content and receiver only. Sending it is routing's, and decided anew.

    Asking again gives the same hold, so that a caller may safely retry.
    """
    case = taken(work, desk, id, judgement.person, judging=True)
    if isinstance(case, Barred):
        return case
    hold = case.hold
    if hold.state == "released" and judgement.person in hold.agreed_by:
        return hold
    must_be_open(hold.state)
    _answers(case, judgement)
    agreed = hold.agreed_by if hold.fields == judgement.fields else ()
    if judgement.person in agreed:
        return hold
    said = replace(hold, agreed_by=(*agreed, judgement.person), fields=judgement.fields)
    if not _enough(case, said.agreed_by):
        _note(case, "agreed", judgement)
        work.holds.decide([said])
        return said
    if case.facts is not None and hold.receiver and hold.element and hold.digest:
        work.persons.change(_with_release(case.facts, said, judgement, desk))
    return _decided(case, said, "released", judgement)


def refuse(work: Work, desk: Desk, id: str, judgement: Judgement) -> Hold | Barred:
    """It stays where it is; a changed element makes a new hold."""
    case = taken(work, desk, id, judgement.person, judging=True)
    if isinstance(case, Barred):
        return case
    if case.hold.state == "refused" and case.hold.decided_by == judgement.person:
        return case.hold
    must_be_open(case.hold.state)
    return _decided(case, case.hold, "refused", judgement)


def taken(work: Work, desk: Desk, id: str, person: str, *, judging: bool) -> Case | Barred:
    """Locks the hold and looks the person up in the register: the case in his or her hands, if that may be."""
    hold = work.holds.find(desk.municipality, id, lock=True)
    if hold is None:
        raise UnusableError("not_found", "there is no such hold in this municipality", place="hold")
    official = official_of(work, desk, person)
    if isinstance(official, Barred):
        return barred(work, desk, official, hold.id, person)
    facts = facts_of(work, desk, hold.child, lock=True) if hold.child else None
    if not among(work, desk, as_hand(official), [hold]):
        return barred(work, desk, NO_HOLD, hold.id, person)
    (told,) = named_in(work, [hold])
    if (why := admit(official, told, facts, desk.clock.now(), judging=judging)) is not None:
        return barred(work, desk, why, hold.id, person)
    return Case(work, desk, hold, facts, official)


def barred(work: Work, desk: Desk, why: Barred, subject: str, person: str) -> Barred:
    """Somebody tried what he or she may not: the audit chain says so."""
    desk.note(work, "hold.barred", subject, person=person, code=why.code)
    return why


def must_be_open(state: str) -> None:
    """What is decided stays decided; `already_decided` says how."""
    if state != "open":
        raise UnusableError("already_decided", f"it is {state}", way_out="read it again")


def _answers(case: Case, judgement: Judgement) -> None:
    """A release names every rule it answers, says why it is best for the child, and chooses from what is there."""
    hold = case.hold
    if STALE in hold.rules:
        way_out = "ask the register again, or put what it says: the hold then ends by itself"
        raise UnusableError("wrong_finding", "a person cannot answer for a register", place="finding", way_out=way_out)
    if not named(judgement.finding).issuperset(hold.rules):
        way_out = f"name each rule the hold was made by: {', '.join(hold.rules)}"
        raise UnusableError("wrong_finding", "the release does not answer every rule", place="finding", way_out=way_out)
    if not judgement.best_interest:
        way_out = "say in a few words why it is best for the child, without names"
        raise UnusableError("no_best_interest", "a release says why", place="best_interest", way_out=way_out)
    if judgement.fields is not None:
        must_have(case.work, hold, judgement.fields)


def _enough(case: Case, agreed: Sequence[str]) -> bool:
    """Whether those who agree are as many, and of all the roles, that its rules demand. Who has lost the role since
    does not count."""
    hold, now = case.hold, case.desk.clock.now()
    asked = question(hold.rules, hold.hops)
    officials = case.work.directory.officials(hold.municipality, agreed)
    (told,) = named_in(case.work, [hold])
    counted = [each for each in officials if admit(each, told, case.facts, now, judging=True) is None]
    roles = frozenset(role for each in counted for role in roles_for(each, case.facts, now, told.services))
    return len(counted) >= asked.people and asked.needs <= roles


def _decided(case: Case, hold: Hold, state: Literal["released", "refused"], judgement: Judgement) -> Hold:
    now = case.desk.clock.now()
    decided = replace(hold, state=state, decided_by=judgement.person, reason=judgement.reason, decided_at=now)
    case.work.holds.decide([decided])
    end_wait(case.work, case.desk, decided)
    _note(case, state, judgement)
    return decided


def _note(case: Case, action: Action, judgement: Judgement) -> None:
    words = {"reason": judgement.reason, "best_interest": judgement.best_interest}
    detail: dict[str, object] = {"finding": sorted(named(judgement.finding))}
    if judgement.fields is not None:
        detail["fields"] = list(judgement.fields)
    case.move(action, words, detail)


def _with_release(facts: Facts, hold: Hold, judgement: Judgement, desk: Desk) -> Facts:
    element, digest = hold.element or "", hold.digest or ""
    made = Release(
        element,
        digest,
        hold.receiver,
        judgement.person,
        judgement.reason,
        judgement.finding,
        desk.clock.now(),
        fields=hold.fields,
        agreed_by=hold.agreed_by,
    )
    return replace(facts, releases={**facts.releases, (element, digest, hold.receiver): made})
