"""Consents asked for: one question to each who must consent, answered by yes, by no, or by nothing at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from hub.errors import UnusableError
from hub.model.calendar import deadline
from hub.model.consent import Answer, Consent, ConsentRequest, Evidence, Matter, Question, Terms
from hub.model.envelope import fresh_id
from hub.ops.enrol import Desk, facts_of
from hub.ops.register import record
from hub.policy.form import check_terms
from hub.policy.question import is_informed, wording
from hub.policy.who_is_asked import who_is_asked
from hub.ports import Clock, Work

PATIENCE = 10
"""Working days a question waits for its answer unless the one who asks says otherwise."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What somebody wants consent to. `person` asks; `about` is the child unless another is said."""

    child: str
    terms: Terms
    person: str
    about: str | None = None
    deadline: datetime | None = None
    matter: Matter = "ordinary"
    hold: str | None = None


def ask(work: Work, desk: Desk, asking: Asking) -> ConsentRequest:
    """One request, with a question to each person who must consent. A blank form is refused (CON-04).

    What the same people have still to answer is not asked twice: the same question gives the request that waits.
    """
    now = desk.clock.now()
    until = asking.deadline or deadline(now, PATIENCE)
    check_terms(asking.terms, now, until)
    child = facts_of(work, desk, asking.child).child
    about = asking.about or child.id
    asked = who_is_asked(child, about, asking.terms, asking.matter, now)
    request = ConsentRequest(
        fresh_id(),
        desk.municipality,
        child.id,
        about,
        asking.terms,
        asking.person,
        now,
        until,
        tuple(Question(person, giver) for giver, person in asked.persons),
        asking.matter,
        asked.needs,
        asking.hold,
    )
    for waits in work.consent_requests.of(desk.municipality, child.id):
        if waits.open and now < waits.deadline and _question(waits) == _question(request):
            return waits
    work.consent_requests.add(request)
    desk.note(work, "consent.asked", request.id, person=asking.person, hold=asking.hold)
    return request


@dataclass(frozen=True, slots=True)
class Said:
    """One person's answer to a request. Narrower words than those asked about are all that is said yes to."""

    person: str
    answer: Literal["yes", "no"]
    form: Literal["written", "oral"] = "written"
    evidence: Evidence | None = None
    voluntary: bool = True
    categories: frozenset[str] | None = None
    senders: frozenset[str] | None = None
    receivers: frozenset[str] | None = None
    valid_to: datetime | None = None


def answer(work: Work, desk: Desk, id: str, said: Said) -> Consent:
    """A yes or a no to a request. The same answer again gives the same record; another is a record of its own."""
    now = desk.clock.now()
    request = request_of(work, desk, id)
    question = request.question(said.person)
    if question is None:
        raise UnusableError("not_asked", "this request asks somebody else", place="person", way_out="ask this person")
    if question.state == said.answer and (before := work.consents.find(desk.municipality, question.consent or "")):
        return before
    if said.answer == "yes" and (question.state == "expired" or now >= request.deadline):
        way_out = "ask again, or record it as a consent of its own"
        raise UnusableError(
            "past_deadline", "the question went unanswered: that is no consent (CON-02)", way_out=way_out
        )
    given = record(work, desk, _answered(request, question, said, now))
    answered = replace(question, state=said.answer, answered_at=now, consent=given.id)
    work.consent_requests.put(_with(request, answered))
    desk.note(work, "consent.answered", request.id, consent=given.id, answer=said.answer, wording=wording())
    return given


def expire(work: Work, clock: Clock, limit: int = 100) -> int:
    """Questions past their deadline: no answer is no consent, and the register says so (CON-02)."""
    late = work.consent_requests.due(clock.now(), limit)
    for request in late:
        desk = Desk(request.municipality, "hub", clock)
        silent = [one for one in request.questions if one.state == "open"]
        nothing = [_silence(request, one) for one in silent]
        work.consents.add(nothing)
        for question, none in zip(silent, nothing, strict=True):
            request = _with(request, replace(question, state="expired", consent=none.id))
        work.consent_requests.put(request)
        desk.note(work, "consent.unanswered", request.id, questions=len(silent))
    return len(late)


def requests(work: Work, desk: Desk, child: str | None = None) -> Sequence[ConsentRequest]:
    """Open requests of the municipality, or all about one child."""
    if child is None:
        return work.consent_requests.open(desk.municipality)
    return work.consent_requests.of(desk.municipality, facts_of(work, desk, child).child.id)


def request_of(work: Work, desk: Desk, id: str) -> ConsentRequest:
    """A request of this municipality, or `not_found`."""
    request = work.consent_requests.find(desk.municipality, id)
    if request is None:
        raise UnusableError("not_found", "there is no such request in this municipality", place="request")
    return request


def _question(request: ConsentRequest) -> tuple[object, ...]:
    """What is asked of whom, whatever the reason given."""
    asked = frozenset((one.giver, one.person) for one in request.questions)
    return replace(request.terms, background=""), request.about, request.matter, asked


def _answered(request: ConsentRequest, question: Question, said: Said, now: datetime) -> Consent:
    """A yes in writing without evidence is kept, and waits until somebody shows that it was informed (CON-05)."""
    terms, told = request.terms, said.evidence.told if said.evidence else ()
    return replace(
        _record(request, question, said.answer),
        categories=_ticked("categories", said.categories, terms.categories),
        senders=_ticked("senders", said.senders, terms.senders),
        receivers=_ticked("receivers", said.receivers, terms.receivers),
        valid_to=min(filter(None, (said.valid_to, terms.valid_to)), default=None),
        form=said.form,
        documented=said.evidence is not None,
        informed=said.answer == "no" or is_informed(told),
        voluntary=said.voluntary,
        answered_at=now,
        evidence=said.evidence,
    )


def _silence(request: ConsentRequest, question: Question) -> Consent:
    return replace(_record(request, question, "none"), answered_at=request.deadline)


def _record(request: ConsentRequest, question: Question, answer: Answer) -> Consent:
    terms = request.terms
    return Consent(
        fresh_id(),
        request.child,
        question.person,
        question.giver,
        request.about,
        answer,
        terms.receivers,
        terms.categories,
        terms.purposes,
        request.municipality,
        terms.valid_from,
        terms.valid_to,
        kind=terms.kind,
        senders=terms.senders,
        request=request.id,
    )


def _ticked(name: str, said: frozenset[str] | None, asked: frozenset[str]) -> frozenset[str]:
    """The boxes that were ticked: all of them unless some are named, and none beside those on the form."""
    if said is not None and not said <= asked:
        raise UnusableError("not_asked", f"the request asks about other {name}", place=name, way_out="ask anew")
    return asked if said is None else said


def _with(request: ConsentRequest, answered: Question) -> ConsentRequest:
    questions = (answered if one.person == answered.person else one for one in request.questions)
    return replace(request, questions=tuple(questions))
