"""What a supervisor is handed on a statutory request (O-10): decisions with reasons, and the audit chain they stand in.

It reads only. Ids are opaque, also of the child that a request is about. That it was made is itself a line in the
chain, which names its digest: what was handed over can be held against it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, BinaryIO

import orjson

from hub.errors import UnusableError
from hub.model.discretion import is_reference
from hub.ops.audit_file import Manifest, Row, write
from hub.ops.decisions import shown
from hub.ops.enrol import Desk, facts_of, plan_of
from hub.ops.hands import hand_of
from hub.ops.officials import Barred
from hub.policy import POLICY_VERSION, policy_hash
from hub.policy.authorities import provision_of
from hub.ports import AuditLine, DecisionRow, Work


@dataclass(frozen=True, slots=True)
class Request:
    """What is demanded, by whom and on which basis. `reference` is the authority's own case number; `child`, `plan` or
    `case` (a message, part or delivery) is whom or what it is about, where it is not about all."""

    authority: str
    basis: str
    reference: str
    since: datetime
    until: datetime
    child: str = ""
    plan: str = ""
    case: str = ""

    @property
    def about(self) -> dict[str, str]:
        """The one thing it is about; empty where it is about everything in the period."""
        told = {"child": self.child, "plan": self.plan, "case": self.case}
        return {name: id for name, id in told.items() if id}


def export(work: Work, desk: Desk, person: str, asked: Request, out: BinaryIO) -> Manifest | Barred:
    """Writes it. Only for a person who decides for the whole municipality; that somebody else tried is on record."""
    provision = _must_be_sound(asked)
    hand = hand_of(work, desk, person)
    if isinstance(hand, Barred) or not hand.decides or hand.district is not None:
        desk.note(work, "audit.export_barred", desk.municipality, person=person, authority=asked.authority)
        return Barred("not_authorised", "it is for who decides for the municipality", "ask its decision authority")
    about = _ids(work, desk, asked) if asked.about else None
    told = {
        "municipality": desk.municipality,
        "period": {"from": asked.since.isoformat(), "until": asked.until.isoformat()},
        "about": asked.about,
        "authority": asked.authority,
        "basis": provision,
        "reference": asked.reference,
        "exported_by": person,
        "exported_at": desk.clock.now().isoformat(),
    }
    chosen = _Chosen(asked, about, set())
    policy = {"version": POLICY_VERSION, "hash": policy_hash()}
    made = write(out, {**told, "policy": policy}, chosen.decisions(work, desk), chosen.lines(work, desk))
    desk.note(work, "audit.exported", desk.municipality, **told, digest=made.digest)
    return made


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What of it is handed over. `about` are the ids it is about, `None` for all; `hashes` of the decisions so far."""

    asked: Request
    about: frozenset[str] | None
    hashes: set[str]

    def decisions(self, work: Work, desk: Desk) -> Iterator[Row]:
        """Each as it was kept, byte for byte, and beside it in words."""
        for row in work.decisions.between(desk.municipality, self.asked.since, self.asked.until):
            if self.about is None or self.about.intersection((row.child, row.plan, row.part, row.delivery)):
                self.hashes.add(row.hash.hex())
                yield _decision(row)

    def lines(self, work: Work, desk: Desk) -> Iterator[Row]:
        """Each chain from just before the first line that is handed over to the last one; between them, of lines that
        are not, the hash alone."""
        for chain, lines in groupby(work.audit.lines(desk.municipality), key=lambda line: line.chain):
            begun, withheld = False, [AuditLine(chain, 0, b"", None)]
            for line in lines:
                if self._wants(line):
                    yield from map(_withheld, withheld)
                    yield {**_withheld(line), "entry": (line.entry or b"").decode()}
                    begun, withheld = True, []
                elif begun:
                    withheld.append(line)
                else:
                    withheld = [line]

    def _wants(self, line: AuditLine) -> bool:
        """About a decision that is handed over; or within the period, and about what was asked."""
        if line.entry is None:
            return False
        _, at, _, _, subject, detail = orjson.loads(line.entry)
        named = {subject, *_words(detail)}
        if not self.hashes.isdisjoint(named):
            return True
        if self.about is not None and self.about.isdisjoint(named):
            return False
        return self.asked.since <= datetime.fromisoformat(at) < self.asked.until


def _must_be_sound(asked: Request) -> str:
    """The provision it rests on; a request that names none, or no period, is refused."""
    if not is_reference(asked.reference):
        way_out = "give the authority's own case number, without names"
        raise UnusableError("invalid_request", "it must be an opaque reference", place="reference", way_out=way_out)
    if asked.since >= asked.until:
        raise UnusableError("contradicting_period", "it ends before it begins", place="until")
    if len(asked.about) > 1:
        raise UnusableError("invalid_request", "it is about a child, a plan or a case: name one", place="about")
    return provision_of(asked.authority, asked.basis)


def _ids(work: Work, desk: Desk, asked: Request) -> frozenset[str]:
    """Every id by which the chain may speak of whom or what it is about; `not_found` where there is none here."""
    home, plan, child = desk.municipality, asked.plan, asked.child
    if asked.case:
        parts = [part.id for part in work.ledger.of(home, asked.case)]
        found = {row.id for id in (asked.case, *parts) for row in work.deliveries.of(home, id)}
        if not parts and not found:
            raise UnusableError("not_found", "there is no such case in this municipality", place="case")
        return frozenset({asked.case, *parts, *found})
    child = child or plan_of(work, desk, plan).child
    consents = {one.id for one in facts_of(work, desk, child).consents}
    plan = plan or work.plans.of_child(home, child) or ""
    waits = {one.id for one in work.holds.of(home, plan)} | {one.id for one in work.tasks.of(home, plan)}
    moved = {one.id for one in work.proposals.of(home, plan)} | {row.id for row in work.deliveries.of(home, plan)}
    own = {child, plan} if asked.child else {plan}
    return frozenset(own | waits | moved | (consents if asked.child else set())) - {""}


def _decision(row: DecisionRow) -> Row:
    try:
        words: Any = asdict(shown(row, "nb").words)
    except UnusableError:
        words = None  # of another form: the record itself is handed over all the same
    return {
        "id": row.id, "child": row.child, "plan": row.plan, "part": row.part, "delivery": row.delivery,
        "receiver": row.receiver, "stage": row.stage, "outcome": row.outcome, "decided_at": row.decided_at.isoformat(),
        "hash": row.hash.hex(), "record": row.record.decode(), "grounds": row.grounds.decode(), "words": words,
    }  # fmt: skip


def _withheld(line: AuditLine) -> Row:
    return {"chain": line.chain, "number": line.number, "hash": line.hash.hex()}


def _words(value: Any) -> Iterator[str]:
    """Every word in a line's detail, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _words(each)
