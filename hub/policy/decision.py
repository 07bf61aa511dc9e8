"""A decision: the outcome with every finding, kept as ids and codes; words are made when somebody reads it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import orjson

from hub.model.calendar import norwegian_day
from hub.policy.book import RULES
from hub.policy.known import asked_of, claimed, consent_record, facts_of, known
from hub.policy.statutes import in_force, provisions
from hub.policy.words import Disclosure, Found, Outcome

POLICY_VERSION = "3"
"""Raised by hand whenever an answer may change; `policy_hash` tells whether the text of the policy did."""


Result = Literal["passed", "failed", "noted"]


@cache
def policy_hash() -> str:
    """SHA-256 of the rules and their data, as hexadecimal."""
    folder = files("hub.policy")
    texts = [*folder.iterdir(), *(folder / "rules").iterdir()]
    sources = sorted((one.name, one.read_bytes()) for one in texts if one.name.endswith((".py", ".yaml")))
    digest = hashlib.sha256()
    for name, text in sources:
        digest.update(f"{name}\0{len(text)}\0".encode() + text)
    return digest.hexdigest()


def canonical(record: Mapping[str, Any]) -> bytes:
    """The bytes a record is kept and hashed as: JSON with sorted keys."""
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)


def rules_of(found: Sequence[Found]) -> tuple[str, ...]:
    """The rules whose IF part was true, each once, in the order they were asked."""
    return tuple(dict.fromkeys(one.rule for one in found))


def finding_record(one: Found) -> dict[str, Any]:
    """A check as kept: whether it passed, the facts it rests on, and what it did, in ids and codes."""
    effects = {name: sorted(value) for name, value in zip(one.finding._fields, one.finding, strict=True) if value}
    return {
        "rule": one.rule,
        "stage": one.stage,
        "result": result_of(one),
        "facts": facts_of(one.rule),
        **effects,
    }


def result_of(one: Found) -> Result:
    """`failed` where it hinders or a claimed basis carries nothing, `passed` where it opens, else `noted`.

    A question whom to ask (`asks`, `guardians`) opens nothing yet; a check of consents that voids none has passed.
    """
    finding = one.finding
    if finding.shuts or finding.holds or finding.voids or finding.doubts:
        return "failed"
    if one.stage in ("asks", "guardians"):
        return "noted"
    if finding.opens or one.stage == "record":
        return "passed"
    claimed = one.stage == "basis" and one.rule.startswith("LBW") and RULES[one.rule].statutes
    return "failed" if claimed else "noted"


def ways_of(found: Iterable[Found]) -> list[str]:
    """The rules that hinder, each once: what would change the answer is told in words by these codes."""
    return list(dict.fromkeys(one.rule for one in found if result_of(one) == "failed"))


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one disclosure, and why. `removed` maps what was taken out to the rule that said so."""

    disclosure: Disclosure
    outcome: Outcome
    found: tuple[Found, ...] = ()
    kept: frozenset[str] = frozenset()
    removed: Mapping[str, str] = field(default_factory=dict)

    @property
    def rules(self) -> tuple[str, ...]:
        return rules_of(self.found)

    @property
    def statutes(self) -> tuple[Mapping[str, str | None], ...]:
        """The provisions behind the rules, in the version in force on the day."""
        return in_force(self.rules, norwegian_day(self.disclosure.now))

    @property
    def facts(self) -> tuple[str, ...]:
        """References to the facts it was decided on."""
        asked = self.disclosure
        bases = (f"basis:{one.reference or one.statute}" for one in asked.bases if one.reference or one.statute)
        order = (f"order:{asked.duty.order.id}",) if asked.duty.order and asked.duty.order.id else ()
        return (f"facts:{asked.subject.id}@{asked.facts_version}", *bases, *order)

    @property
    def queue(self) -> str | None:
        """Who may decide a hold: an address handler, the municipality's decision authority, or the coordinator."""
        if self.outcome != "hold":
            return None
        if "ADR-01" in self.rules:
            return "address_handler"
        return "decision_authority" if "COO-04" in self.rules else "coordinator"

    def record(self) -> dict[str, Any]:
        """The kept record: ids and codes, no content."""
        asked = self.disclosure
        return {
            "policy": {"version": POLICY_VERSION, "hash": policy_hash()},
            "at": asked.now.isoformat(),
            "sender": [asked.sender.service, asked.sender.municipality],
            "receiver": [asked.receiver.service, asked.receiver.municipality],
            "kind": asked.message.kind,
            "purpose": asked.purpose,
            "outcome": self.outcome,
            "findings": [finding_record(one) for one in self.found],
            "kept": sorted(self.kept),
            "removed": dict(sorted(self.removed.items())),
            "ways": [] if self.outcome == "forward" else ways_of(self.found),
            "statutes": provisions(self.rules, norwegian_day(asked.now)),
            "facts": list(self.facts),
            "known": [
                *known(asked_of(self.found), asked.subject, asked.plan, asked.child, asked.sender.municipality),
                *claimed(asked),
            ],
            "consents": [consent_record(one) for one in asked.consents],
        }

    def canonical(self) -> bytes:
        return canonical(self.record())

    def hash(self) -> bytes:
        return hashlib.sha256(self.canonical()).digest()
