"""Replay a kept decision: is the record what was kept, and what would today's policy answer?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

from hub.errors import LangbenkError, UnusableError
from hub.model.envelope import FEEDBACK, MESSAGE_ANSWER
from hub.model.service import Party
from hub.policy import LIMIT, POLICY_VERSION, policy_hash, still_known
from hub.ports import Clock, DecisionRow, Delivery, Store, Work
from hub.routing.addressed import decide_directed
from hub.routing.catalogue import Catalogue
from hub.routing.feedback import may_be_told
from hub.routing.look import look
from hub.routing.sender_told import may_hear
from hub.sdk.directed import REPORT

Answers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Today:
    """What the policy of today answers, and which elements it answers otherwise: id → then and now."""

    outcome: str
    elements: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Replayed:
    """How a kept decision stands. `intact`: record and grounds have their hashes. `in_the_chain`: so says the audit.

    `today` is there only where the policy has changed since; `because` names what else has changed meanwhile
    (`facts_changed`, `plan_changed`), or why it cannot be decided anew (`not_kept`, `no_plan`, `no_receiver`).
    """

    id: str
    intact: bool
    in_the_chain: bool
    policy_then: str
    policy_now: str
    then: str
    today: Today | None = None
    because: tuple[str, ...] = ()

    @property
    def policy_changed(self) -> bool:
        return self.policy_then != self.policy_now


class Replay:
    """Verifies one decision and, under another policy, decides it anew; writes nothing and sends nothing."""

    def __init__(self, store: Store, clock: Clock, catalogue: Catalogue, known_for: timedelta = LIMIT) -> None:
        self._store, self._clock, self._catalogue, self._known_for = store, clock, catalogue, known_for

    def of(self, municipality: str, id: str) -> Replayed:
        """`not_found` where this municipality has no such decision."""
        with self._store.begin() as work:
            row = work.decisions.find(municipality, id)
            if row is None:
                raise UnusableError("not_found", "there is no such decision in this municipality", place="decision")
            return self._replayed(work, row)

    def _replayed(self, work: Work, row: DecisionRow) -> Replayed:
        record = row.whole
        policy = record.get("policy", {})
        then = f"{policy.get('version', '?')} {policy.get('hash', '?')}"
        found = Replayed(
            row.id,
            intact(row),
            _in_the_chain(work, row),
            then,
            f"{POLICY_VERSION} {policy_hash()}",
            str(record.get("outcome", row.outcome)),
        )
        if not found.policy_changed or not found.intact:
            return found
        try:
            today, because = self._today(work, row, record)
        except UnusableError as error:
            return replace(found, because=(_why(error),))
        except LangbenkError:
            return replace(found, because=("no_receiver",))
        return replace(found, today=today, because=because)

    def _today(self, work: Work, row: DecisionRow, record: Mapping[str, Any]) -> tuple[Today, tuple[str, ...]]:
        now, systems = self._clock.now(), work.directory.systems()
        facts = work.persons.facts([row.child]).get(row.child) if row.child else None
        because = () if facts is None or facts.version == version_of(record) else ("facts_changed",)
        known = still_known(facts, now, self._known_for) if facts else None
        seen = next((one for one in work.deliveries.of(row.municipality, row.delivery or "")), None)
        if seen is not None and seen.kind == FEEDBACK:
            if row.receiver not in systems:
                raise UnusableError("no_receiver", "it has left the table")
            welfare = Party(REPORT.receiver or "", row.municipality)
            return Today(may_be_told(known, welfare, systems[row.receiver].party, now).outcome), because
        if seen is not None and seen.kind == MESSAGE_ANSWER and row.receiver in systems:
            return Today(may_hear(known, systems[row.receiver], now).outcome), because
        if row.plan is None:
            part = next(iter(work.ledger.find([row.part or ""])), None)
            if part is None:
                raise UnusableError("not_kept", "the message is no longer kept")
            return Today(decide_directed(part, known, systems, now).decision.outcome), because
        plan = _plan(work, row, seen)
        if known is None or plan is None or row.receiver not in systems:
            raise UnusableError("no_plan" if plan is None or known is None else "no_receiver", "it has left the table")
        decision = look(plan, known, systems[row.receiver], self._catalogue, now).decision
        if seen is None or plan.version != seen.plan_version:
            because = (*because, "plan_changed")
        return Today(decision.outcome, _otherwise(_answers(record), _answers(decision.record()))), because


def intact(row: DecisionRow) -> bool:
    """Whether record and grounds are, byte for byte, what their hashes were taken of."""
    named = row.whole.get("grounds")
    grounds = sha256(row.grounds).hexdigest() if row.grounds else None
    return sha256(row.record).digest() == row.hash and named == grounds


def version_of(record: Mapping[str, Any]) -> int | None:
    """The version of the child's facts that a record was decided on."""
    found = re.search(r"@(\d+)$", str(next(iter(record.get("facts", ())), "")))
    return int(found.group(1)) if found else None


def _in_the_chain(work: Work, row: DecisionRow) -> bool:
    """Whether a line of the audit chain, which nobody can change unseen, names this very hash."""
    named = row.hash.hex()
    lines = (
        line
        for subject in (row.delivery, row.part, row.plan)
        if subject
        for line in work.audit.of(row.municipality, subject)
    )
    told = ((line.detail.get("decision"), line.detail.get("decisions")) for line in lines)
    return any(one == named or (isinstance(many, list) and named in many) for one, many in told)


def _plan(work: Work, row: DecisionRow, seen: Delivery | None) -> Any:
    """The plan as it was cut from, or else as it now is."""
    if row.plan is None:
        return None
    if seen is not None and seen.plan_version is not None:
        key = (row.plan, seen.plan_version)
        found = work.plans.version([key]).get(key)
        if found is not None:
            return found
    return work.plans.current([row.plan]).get(row.plan)


def _answers(record: Mapping[str, Any]) -> Answers:
    return {id: str(one["answer"]) for one in record.get("elements", ()) for id in one["ids"]}


def _otherwise(then: Answers, now: Answers) -> Mapping[str, tuple[str, str]]:
    """The elements of both that are answered otherwise."""
    return {id: (then[id], now[id]) for id in sorted(then.keys() & now.keys()) if then[id] != now[id]}


def _why(error: UnusableError) -> str:
    known = {"unreadable": "not_kept", "no_receiver": "no_receiver", "no_plan": "no_plan", "not_kept": "not_kept"}
    return known.get(error.code, "not_kept")
