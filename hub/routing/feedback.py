"""Whoever reported is told what child welfare answered: a word of a closed list, decided when it leaves (DUT-07)."""

from __future__ import annotations

from datetime import datetime, timedelta

import orjson

from hub.errors import UnusableError
from hub.model.envelope import FEEDBACK, fresh_id
from hub.model.responsibility import Facts
from hub.model.service import Party
from hub.policy import Decision, Message, decide, directed, still_known
from hub.ports import DecisionRow, Delivery
from hub.routing.addressed import STATES
from hub.routing.prepared import Prepared, Room

TOLD = frozenset({"case_status"})
"""All that bvl § 13-3 lets through unasked: that it came in, whether it is investigated, and that this is over."""


def give_feedback(row: Delivery, room: Room, done: Prepared, known_for: timedelta) -> None:
    """Decides it now, and lets it leave under the reporter's own id for its message."""
    answer = room.answered.get(row.id)
    if answer is None:
        raise UnusableError("unusable", "what was answered is no longer here")
    facts = room.facts.get(row.child or "")
    known = still_known(facts, done.at, known_for) if facts else None
    decision = may_be_told(known, Party(answer.by, row.municipality), room.systems[row.system].party, done.at)
    done.decisions.append(_row(row, decision, done))
    if not decision.kept >= TOLD:
        done.end(row, STATES[decision.outcome], None)
        return
    body = orjson.dumps({"message": answer.message, "part": row.part, "told": answer.word})
    done.leave(row._replace(version=1), FEEDBACK, body, (answer.message, answer.kind))


def may_be_told(facts: Facts | None, sender: Party, receiver: Party, now: datetime) -> Decision:
    """The decision by which the answer leaves."""
    return decide(directed(facts, sender, receiver, Message("feedback", TOLD), now, {}))


def _row(row: Delivery, decision: Decision, done: Prepared) -> DecisionRow:
    about = (row.municipality, row.child, None, row.part, row.id, row.system)
    return DecisionRow(fresh_id(), *about, "dispatch", decision.outcome, done.at, decision.canonical(), decision.hash())
