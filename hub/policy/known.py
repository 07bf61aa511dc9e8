"""What a decision was made on: each fact as a code, with where it comes from and when it was last so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeAlias

from hub.model.consent import Consent
from hub.model.person import Child
from hub.model.responsibility import Necessity
from hub.policy.book import RULES
from hub.policy.words import Coordination, Disclosure, Found, Subject

REGISTER = "population_register"
MUNICIPALITY = "municipality"
CASE = "case"
"""Where a fact comes from: the population register, somebody in the municipality, or the file of a made-up case."""

MISSING_FACTS: Mapping[str, tuple[str, ...]] = {"MISSING": ("age",), "STALE": ("age", "guardians", "protection")}
GROUNDS = frozenset("abcde")
FACTS: tuple[str, ...] = (
    *("age", "unborn", "guardians", "protection", "deceased", "residence"),
    *("maturity", "hearing", "care_order", "authority_block", "opposition", "withheld", "coordination"),
    *("consents", "claim", "basis", "message"),
)
"""Everything a rule may rest on; `message` is what is sent itself, and of consents there is a list of their own."""
AGES = ((7, "0-6"), (12, "7-11"), (15, "12-14"), (16, "15"), (18, "16-17"))

Known: TypeAlias = dict[str, Any]


def facts_of(rule: str) -> tuple[str, ...]:
    """The facts that a rule reads."""
    return RULES[rule].rests if rule in RULES else MISSING_FACTS.get(rule, ())


def asked_of(found: Iterable[Found]) -> tuple[str, ...]:
    """The facts that these findings rest on, each once."""
    return tuple(dict.fromkeys(fact for one in found for fact in facts_of(one.rule)))


def band(age: int | None) -> str:
    """An age as the law tells them apart: which side of 7, 12, 15, 16 and 18."""
    if age is None:
        return "unknown"
    return next((name for limit, name in AGES if age < limit), "18+")


def known(names: Iterable[str], subject: Subject, plan: Coordination, child: Child | None, home: str) -> list[Known]:
    """The register facts among these names, as they were used. `child` None is a case: it says where from, not when."""
    told = []
    for name in names:
        read = _READ.get(name)
        if read is not None:
            value = read(subject) if name != "residence" else "home" if subject.municipality == home else "elsewhere"
            told.append(_fact(name, value, *_from(name, child)))
    if "coordination" in names:
        told.append(_fact("coordination", _coordinators(plan), CASE if child is None else MUNICIPALITY, None))
    return told


def _fact(name: str, value: object, source: str, at: date | None) -> Known:
    fact: Known = {"fact": name, "is": value, "source": source}
    if at is not None:
        fact["at"] = at.isoformat()
    return fact


_READ: Mapping[str, Callable[[Subject], object]] = {
    "age": lambda subject: band(subject.age),
    "unborn": lambda subject: subject.unborn,
    "guardians": lambda subject: sorted(subject.guardians),
    "protection": lambda subject: subject.protection,
    "deceased": lambda subject: subject.deceased,
    "residence": lambda subject: subject.municipality,
    "maturity": lambda subject: "not_assessed" if subject.understands is None else subject.understands,
    "hearing": lambda subject: subject.heard,
    "care_order": lambda subject: subject.care_order,
    "authority_block": lambda subject: subject.authority_block,
    "opposition": lambda subject: subject.opposes_health_disclosure,
    "withheld": lambda subject: sorted(subject.withheld),
}
_WRITTEN = {"opposition": "opposes_health_disclosure"}
_OF_THE_REGISTER = frozenset({"age", "unborn", "guardians", "protection", "deceased", "residence"})


def _from(name: str, child: Child | None) -> tuple[str, date | None]:
    """Who said it, and when: the register's last answer, the day of assessment or hearing, when it was recorded."""
    if child is None:
        return CASE, None
    if name in _OF_THE_REGISTER:
        return REGISTER, child.as_of
    if name == "maturity" and child.maturity:
        return child.maturity.assessor, child.maturity.assessed_on
    return MUNICIPALITY, child.hearing if name == "hearing" else child.written_at(_WRITTEN.get(name, name))


def _coordinators(plan: Coordination) -> list[str]:
    """Who has which part in the coordination, by service."""
    parts = ("child_coordinator", "coordinator", "main_responsible", "appointed")
    told = [f"{part}:{service}" for part in parts if (service := getattr(plan, part)) is not None]
    return [*told, "disputed"] if plan.disputed else told


def claimed(asked: Disclosure) -> list[Known]:
    """What the message itself claims, with the person who claims it: a duty or a basis, by code and reference."""
    duty, by = asked.duty, asked.claimed_by or CASE
    told = []
    if duty.ground is not None:
        told.append(_fact("claim", f"report:{duty.ground if duty.ground in GROUNDS else 'none'}", by, None))
    if duty.order is not None:
        told.append(_fact("claim", f"order:{duty.order.id or 'none'}", by, None))
    for name in ("danger", "substance_misuse_in_pregnancy", "board_decision"):
        if getattr(duty, name):
            told.append(_fact("claim", name, by, None))
    for one in asked.bases:
        fact = _fact("basis", one.statute or "none", MUNICIPALITY if one.registered else by, None)
        told.append({**fact, "necessity": one.necessity or "none", "reference": one.reference})
    return told


def documented(necessities: Iterable[Necessity], receiver: str) -> list[Known]:
    """The documented necessities towards one receiver, with where each decision is kept."""
    return [
        {**_fact("basis", one.statute, one.sender, None), "necessity": one.necessity, "reference": one.decision}
        for one in necessities
        if one.receiver == receiver
    ]


def consent_record(one: Consent) -> dict[str, Any]:
    """A consent as a record refers to it: which, what it answered, and its instants."""
    instants: dict[str, datetime | None] = {
        "answered_at": one.answered_at,
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
        "withdrawn_at": one.withdrawn_at,
    }
    told = {name: at.isoformat() for name, at in instants.items() if at is not None}
    return {"id": one.id, "giver": one.giver, "answer": one.answer, **told}
