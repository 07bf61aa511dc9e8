"""What people ask whoever sent what waits (the Clarify of a hold): carried to that system, answered by it, once."""

from __future__ import annotations

from collections.abc import Sequence

from hub.errors import UnusableError
from hub.model.official import Official
from hub.model.service import System
from hub.ops.enrol import Desk
from hub.ops.holds import Case, must_be_open
from hub.ports import Clock, Move, Work, unanswered

CARRIER = "hub"
"""Who tells a sender of a question: the hub itself, once a broker has confirmed it."""


def question_id(asked: Move) -> str:
    """How the sender names a question when it answers."""
    return f"{asked.hold}:{asked.number}"


def find(work: Work, system: System, id: str) -> Move:
    """The question of this id, if this very system was asked. Another system's is as unknown to it as nobody's."""
    hold, _, number = id.rpartition(":")
    for each in work.moves.of(system.municipality, hold):
        asked = each.part if (each.action, str(each.number)) == ("asked_sender", number) else None
        if asked is not None and work.ledger.senders([asked]).get(asked) == system.id:
            return each
    raise UnusableError("not_found", "there is no such question to this system", place="question")


def answer(work: Work, desk: Desk, asked: Move, words: str, person: str | None = None) -> Move:
    """What the sending system, whose desk it is, answers returns to the hold, which is looked at again.

    The same answer may be sent twice; another is refused, and so is one that comes after the hold was decided.
    """
    hold = work.holds.find(desk.municipality, asked.hold, lock=True)
    if hold is None:
        raise UnusableError("not_found", "there is no such question", place="question")
    for each in work.moves.of(desk.municipality, hold.id):
        if each.action == "answered" and each.detail.get("question") == asked.number:
            if each.words.get("answer") == words:
                return each
            way_out = "send what has changed as a new message"
            raise UnusableError("already_answered", "it has another answer", place="question", way_out=way_out)
    must_be_open(hold.state)
    if hold.plan is not None:
        work.looks.ask([hold.plan])
    case = Case(work, desk, hold, None, Official(desk.actor, desk.municipality, frozenset()))
    return case.move("answered", {"answer": words}, {"question": asked.number, "person": person})


def of_parts(work: Work, municipality: str, parts: Sequence[str]) -> dict[str, list[Move]]:
    """What has been asked about these parts and not been answered, by part."""
    mine = frozenset(parts)
    open_ones: dict[str, list[Move]] = {}
    if any(work.moves.asked(municipality, parts)):
        for asked in unanswered(work.moves.talk(municipality)):
            if asked.part in mine:
                open_ones.setdefault(asked.part or "", []).append(asked)
    return open_ones


def of_system(work: Work, system: System) -> list[Move]:
    """All that this system has still to answer, oldest first."""
    asked = unanswered(work.moves.talk(system.municipality))
    senders = work.ledger.senders([each.part for each in asked if each.part])
    return sorted((each for each in asked if senders.get(each.part or "") == system.id), key=lambda each: each.done_at)


def untold(work: Work) -> list[Move]:
    """What no system has been sent yet, in every municipality."""
    talk = work.moves.talk()
    told = {(each.hold, each.detail.get("question")) for each in talk if each.action == "told_sender"}
    return [each for each in unanswered(talk) if (each.hold, each.number) not in told and each.words.get("question")]


def told(work: Work, clock: Clock, asked: Move, system: str) -> None:
    """A line that this system was sent the question. Another worker may have been first: one line is enough."""
    hold = work.holds.find(asked.municipality, asked.hold, lock=True)
    if hold is None or asked not in untold(work):
        return
    case = Case(
        work, Desk(asked.municipality, CARRIER, clock), hold, None, Official(CARRIER, asked.municipality, frozenset())
    )
    case.move("told_sender", {}, {"question": asked.number, "system": system})
