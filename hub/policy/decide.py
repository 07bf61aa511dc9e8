"""May it be sent? One disclosure, decided whole: directed messages and case files by the steps of the room's README."""

from __future__ import annotations

from collections.abc import Iterable

from hub.errors import UnusableError
from hub.model.calendar import norwegian_day
from hub.policy.book import Book
from hub.policy.decision import Decision
from hub.policy.rules import BOOK
from hub.policy.services import services
from hub.policy.steps import read_records, weigh
from hub.policy.weighing import Weighing
from hub.policy.words import CONTENTLESS, CONTROL, EMPTY, GATED, NOTICE, STALE, Disclosure, Finding, Found, Outcome

ANONYMOUS = frozenset({"anonymous"})
DUTY_REDACTS = frozenset({"ADR-01", "ADR-02", "RED-02"})
HELD_FOR_TEXT = frozenset({"DUT-05", "DUT-07"})
ALWAYS_THERE = frozenset({"location", "client_relation", "content", "feedback_detail"})
"""What a message gives away whatever its categories: its place, its sender, in a queue the content itself, and in a
feedback how the family is followed up."""


def decide(disclosure: Disclosure, *, book: Book = BOOK) -> Decision:
    """Decides one disclosure with the rules in force at its instant. A refusal is an answer, never an exception."""
    for party in (disclosure.sender, disclosure.receiver):
        if party.service not in services():
            raise UnusableError("unknown_service", f"no service {party.service!r} in services.yaml", place="service")
    book = book.on(norwegian_day(disclosure.now))
    w = Weighing(disclosure)
    if w.kind in CONTROL:
        return _control(w, book)
    if _claims_duty(w):
        return _duty(w, book)
    if w.categories == ANONYMOUS:
        told = w.consult("control", book.control("anonymous"))
        if any(one.finding.opens for one in told):
            return _close(w, w.categories)
    return _ordinary(w, book)


def _control(w: Weighing, book: Book) -> Decision:
    """Step 1: a control message is decided alone and carries no content, but for a guardian's view."""
    if w.kind in CONTENTLESS:
        w.categories = NOTICE
    found = w.consult("control", book.control(w.kind))
    shut = _union(one.finding.shuts for one in found)
    if _union(one.finding.holds for one in found) - shut:
        return _end(w, "hold")
    _remove(w, found)
    opened = _union(one.finding.opens for one in found) - shut
    if opened and w.kind == "guardian_view" and not w.subject.confirmed:
        w.found.append(Found(STALE, "control", Finding(holds=opened)))
        return _end(w, "hold")
    return _close(w, opened)


def _claims_duty(w: Weighing) -> bool:
    duty = w.disclosure.duty
    unborn = w.subject.unborn and duty.substance_misuse_in_pregnancy
    return bool(duty.ground is not None or duty.order or duty.danger or unborn or w.kind == "feedback")


def _duty(w: Weighing, book: Book) -> Decision:
    """Step 2: the first duty that carries the message decides; only when none does is a claimed one refused."""
    found = w.consult("duty", book.at("duty", w))
    w.consult("basis", [one for one in book.at("basis", w) if one[0] == "LBW-11"])
    carrier = next((one for one in found if one.finding.opens), None)
    if carrier is None:
        waits = _union(one.finding.holds for one in found) - _union(one.finding.shuts for one in found)
        return _end(w, "hold" if waits else "deny")
    redacts = DUTY_REDACTS | ({"MIN-01"} if carrier.rule == "DUT-08" else set())
    w.open = carrier.finding.opens
    _remove(w, [carrier, *w.consult("redact", [one for one in book.at("redact", w) if one[0] in redacts])])
    w.kept = w.open - w.removed.keys()
    if w.kept and carrier.rule in HELD_FOR_TEXT and w.consult("text", book.at("text", w)):
        return _end(w, "hold")
    return _close(w, w.kept)


def _ordinary(w: Weighing, book: Book) -> Decision:
    """Steps 4 to 7: cover each category, combine, redact, and pass the gate."""
    about_the_child = (one for one in w.disclosure.consents if one.about == w.subject.id)
    read_records(w, book, about_the_child)
    verdicts = weigh(w, book)
    _blame(w)
    _remove(w, w.consult("redact", book.at("redact", w)))
    w.kept = w.open - w.removed.keys()
    text = w.consult("text", book.at("text", w))
    gate = w.consult("gate", book.at("gate", w)) if w.kind in GATED else []
    if "hold" in verdicts.values():
        return _end(w, "hold")
    if w.kept and (text or not _passes(w, gate)):
        return _end(w, "hold")
    return _close(w, w.kept)


def _passes(w: Weighing, gate: list[Found]) -> bool:
    """Step 7: the coordinator of record and the owner of a measure pass; nobody does across municipalities."""
    if w.kind not in GATED:
        return True
    if any(one.rule == "COO-09" and one.finding.holds for one in gate):
        return False
    return any(one.finding.opens for one in gate)


def _remove(w: Weighing, found: Iterable[Found]) -> None:
    """Notes what each rule takes out; of what is not in the message only what is always there (place, sender)."""
    for one in found:
        for category in sorted(one.finding.shuts & (w.categories | ALWAYS_THERE)):
            w.removed.setdefault(category, one.rule)


def _blame(w: Weighing) -> None:
    """Notes for what nothing covers which rule said so most precisely; CON-01 says it of all the rest."""
    for one in w.found:
        for category in sorted(one.finding.shuts & w.uncovered):
            w.removed.setdefault(category, one.rule)


def _close(w: Weighing, kept: frozenset[str]) -> Decision:
    if not kept:
        return _end(w, "deny")
    w.kept = kept
    return _end(w, "forward_redacted" if w.removed else "forward")


def _end(w: Weighing, outcome: Outcome) -> Decision:
    return Decision(w.disclosure, outcome, tuple(w.found), w.kept, w.removed)


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return EMPTY.union(*sets)
