"""Consents that a system has received and registers on behalf of a family, in its own form and with what shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID, uuid5

from hub.errors import UnusableError
from hub.model.change import ChildKey
from hub.model.consent import Consent, Evidence
from hub.model.discretion import is_reference
from hub.model.person import Child
from hub.model.service import System
from hub.ops.enrol import Desk, facts_of
from hub.ops.register import consent_of, record, withdraw
from hub.policy.question import PARTS, is_informed
from hub.ports import Link, Work

_NAMES = UUID("6f0b5f0e-2d53-4d0c-9d5f-0a52a1a7c0de")
TERMS = ("answer", "receivers", "categories", "senders", "purposes", "valid_from", "valid_to", "kind")


def take_in(work: Work, desk: Desk, system: System, told: Sequence[tuple[ChildKey, Consent]]) -> list[Consent]:
    """The answers as they now stand in the register; all are taken, or none. The same again changes nothing.

    Another answer under the same name is a record of its own, and the former one is withdrawn.
    """
    links = work.links.find([(system.id, key.kind, key.value) for key, _ in told])
    return [
        _take(work, desk, system, _child(work, desk, links, (system.id, key.kind, key.value)), one) for key, one in told
    ]


def own_key(work: Work, desk: Desk, system: str, child: str) -> ChildKey:
    """The key by which this system knows the child, or `no_link`."""
    plan = work.plans.of_child(desk.municipality, facts_of(work, desk, child).child.id)
    links = work.links.of([plan], [system]).get(plan, ()) if plan else ()
    found = next((each.key for each in links if each.about == child), None)
    if found is None:
        raise _no_link()
    return found


def _take(work: Work, desk: Desk, system: System, child: Child, told: Consent) -> Consent:
    if told.id:
        return _known(work, desk, child, told)
    consent = _registered(desk, system, child, told)
    records = work.consents.of(child.id)
    before = next((one for one in records if one.id == consent.id), None)
    if before is not None:
        return _withdrawn(work, desk, before, consent)
    now = desk.clock.now()
    for former in records:
        same = consent.source is not None and (former.source, former.person) == (consent.source, consent.person)
        if same and former.withdrawn_at is None:
            withdraw(work, desk, former.id, now, consent.person)
    return record(work, desk, consent)


def _known(work: Work, desk: Desk, child: Child, told: Consent) -> Consent:
    """A record that came from the register itself: it can be withdrawn, and is never changed."""
    before = consent_of(work, desk, told.id)
    if before.child != child.id:
        raise UnusableError("unknown_consent", "no such consent of this child", way_out="send it without that id")
    if any(getattr(before, name) != getattr(told, name) for name in (*TERMS, "person")):
        way_out = "send another answer as a consent of its own"
        raise UnusableError("already_decided", "a record is never changed", place="identifier", way_out=way_out)
    return _withdrawn(work, desk, before, told)


def _withdrawn(work: Work, desk: Desk, before: Consent, told: Consent) -> Consent:
    if told.withdrawn_at is None or before.withdrawn_at is not None:
        return before
    return withdraw(work, desk, before.id, told.withdrawn_at, before.person)


def _registered(desk: Desk, system: System, child: Child, told: Consent) -> Consent:
    """What the system may say, with what only the registers say: who the giver is, and in which municipality."""
    if told.municipality not in ("", desk.municipality):
        raise UnusableError("not_permitted", "a consent given to another municipality", way_out="register it there")
    if place := next((name for name, word in _names(told).items() if word and not is_reference(word)), None):
        raise UnusableError("unusable", f"{place}: no reference, or one that holds a number", place=place)
    if told.answer == "yes" and told.form == "written" and told.evidence is None:
        way_out = "send the verification with its day, and the source"
        raise UnusableError("no_evidence", "nothing shows that it was given", place="verification", way_out=way_out)
    evidence = _evidence(told, system)
    consent = replace(
        told,
        child=child.id,
        person=_person(child, told, system),
        about=told.about or child.id,
        municipality=desk.municipality,
        senders=_own(told, system),
        source=f"{system.id}:{told.source}" if told.source else None,
        documented=evidence is not None,
        informed=told.answer != "yes" or is_informed(evidence.told if evidence else ()),
        request=None,
        evidence=evidence,
    )
    said = [str(sorted(value) if isinstance(value, frozenset) else value) for value in _terms(consent)]
    return replace(consent, id=uuid5(_NAMES, "\n".join([system.id, child.id, *said])).hex)


def _evidence(told: Consent, system: System) -> Evidence | None:
    """Received by the system where nobody is named; of what was told only parts the hub knows."""
    shown = told.evidence
    if shown is None:
        return None
    return replace(shown, received_by=shown.received_by or system.id, told=shown.told & frozenset(PARTS))


def _names(told: Consent) -> dict[str, str | None]:
    """What is kept in clear words of the system's own: none of it may be a person's number."""
    names = {"source": told.source, "person": told.person, "about": told.about}
    purposes = {f"purposes.{at}": word for at, word in enumerate(sorted(told.purposes))}
    shown = {name: getattr(told.evidence, name) for name in ("reference", "received_by") if told.evidence}
    return {**names, **purposes, **shown}


def _terms(consent: Consent) -> list[object]:
    named = (*TERMS, "person", "giver", "about", "source", "form", "voluntary", "specific", "unambiguous", "background")
    return [getattr(consent, name) for name in named]


def _person(child: Child, told: Consent, system: System) -> str:
    """A mother or father nobody names is the one the registers know; without one the answer has no authority."""
    if told.giver in ("child", "pregnant_person"):
        return child.id
    if told.giver == "child_welfare":
        return "child_welfare"
    guardian = next((one.person for one in child.guardians if one.relation == told.giver), None)
    return told.person or guardian or f"{system.id}:{told.giver}"


def _own(told: Consent, system: System) -> frozenset[str]:
    """A system registers what was agreed about its own service's information; a refusal may be about anybody's."""
    if told.answer == "no":
        return told.senders
    if told.senders - {system.service}:
        way_out = "let the service whose information it is register it, or the coordinator"
        raise UnusableError(
            "not_permitted", "it is about another service's information", place="senders", way_out=way_out
        )
    return frozenset({system.service})


def _child(
    work: Work, desk: Desk, links: Mapping[tuple[str, str, str], Sequence[Link]], key: tuple[str, str, str]
) -> Child:
    found = {
        link.child for link in links.get(key, ()) if link.municipality == desk.municipality and link.about == link.child
    }
    if len(found) != 1:
        raise _no_link()
    return facts_of(work, desk, found.pop(), change=True).child


def _no_link() -> UnusableError:
    way_out = "let the municipality link the system to the child's plan"
    return UnusableError("no_link", "the system is not linked to this child", place="patient", way_out=way_out)
