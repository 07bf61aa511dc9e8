"""The consent register: answers recorded, withdrawn, documented. Nothing recorded is ever overwritten or removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from hub.errors import UnusableError
from hub.model.consent import Consent, Evidence
from hub.ops.enrol import Desk, facts_of
from hub.policy.facts import LEEWAY, still_known
from hub.policy.form import check_record
from hub.policy.question import is_informed
from hub.policy.who_is_asked import may_answer
from hub.ports import AuditEntry, Work


def record(work: Work, desk: Desk, consent: Consent) -> Consent:
    """One answer into the register. By a person without authority it is recorded and never opens anything (CON-14).

    What cannot be judged today, since the population register has not answered, is judged at each decision.
    """
    now = desk.clock.now()
    child = still_known(facts_of(work, desk, consent.child, change=True), now).child
    consent = replace(consent, answered_at=consent.answered_at or now)
    if consent.form == "oral" and consent.documented and consent.evidence is None:
        way_out = "say who received it, when and what was told; or leave it undocumented"
        raise UnusableError("no_evidence", "nothing shows that it was given", place="evidence", way_out=way_out)
    check_record(consent, now)
    consent = replace(consent, authority=may_answer(child, consent, now))
    work.consents.add([consent])
    detail = {"child": consent.child, "answer": consent.answer, "form": consent.form, "authority": consent.authority}
    desk.note(work, "consent.given", consent.id, **detail)
    return consent


def withdraw(work: Work, desk: Desk, id: str, at: datetime, person: str | None = None) -> Consent:
    """From this instant on the record opens nothing, also for what is accepted and not yet sent."""
    consent = consent_of(work, desk, id, change=True)
    if at > desk.clock.now():
        way_out = "withdraw it when the time comes, or give a consent with an end"
        raise UnusableError("contradicting_period", "a withdrawal in the future", place="at", way_out=way_out)
    # After a clock has gone backwards "now" may lie before the answer: it must be possible to withdraw all the same.
    if consent.answered_at is not None and at < consent.answered_at and at < desk.clock.now() - LEEWAY:
        raise UnusableError("contradicting_period", "it would be withdrawn before it was given", place="at")
    if consent.withdrawn_at is not None and consent.withdrawn_at <= at:
        return consent
    withdrawn = replace(consent, withdrawn_at=at)
    work.consents.put(withdrawn)
    desk.note(work, "consent.withdrawn", id, person=person)
    return withdrawn


def document(work: Work, desk: Desk, id: str, evidence: Evidence) -> Consent:
    """What the journal says of a yes: from now on it counts, once all that matters was told (CON-03, CON-05)."""
    consent = consent_of(work, desk, id, change=True)
    if not consent.awaits_documentation:
        raise UnusableError("already_decided", "it does not wait to be documented", way_out="read it again")
    before = consent.evidence.told if consent.evidence else frozenset[str]()
    evidence = replace(evidence, told=evidence.told | before)
    documented = replace(consent, documented=True, informed=is_informed(evidence.told), evidence=evidence)
    work.consents.put(documented)
    desk.note(work, "consent.documented", id, person=evidence.received_by, told=sorted(evidence.told))
    return documented


def listed(work: Work, desk: Desk, child: str) -> list[tuple[Consent, Sequence[AuditEntry]]]:
    """Every record about a child, withdrawn ones too, each with what happened to it."""
    facts_of(work, desk, child)
    return [(one, work.audit.of(desk.municipality, one.id)) for one in work.consents.of(child)]


def consent_of(work: Work, desk: Desk, id: str, *, change: bool = False) -> Consent:
    """A record of this municipality, or `unknown_consent`; to `change` it, as whoever came first has left it."""
    consent = work.consents.find(desk.municipality, id)
    if consent is not None and change:
        facts_of(work, desk, consent.child, change=True)
        consent = work.consents.find(desk.municipality, id)
    if consent is None:
        raise UnusableError("unknown_consent", "no such consent in this municipality", way_out="look it up by child")
    return consent
