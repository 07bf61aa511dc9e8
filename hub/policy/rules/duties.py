"""Duties that go before secrecy: report, order, danger, the unborn child, feedback, and what is no such duty."""

from __future__ import annotations

from hub.policy.book import rule
from hub.policy.services import ATTENTION, CARE_SERVICES, HEALTH, KINDERGARTEN, PRIVATE
from hub.policy.weighing import Weighing
from hub.policy.words import EMPTY, NOTED, Finding

GROUNDS = frozenset("abcde")
"""Mistreatment; illness untreated; special needs unmet; danger through own behaviour; trafficking (bvl § 13-2)."""

KINDERGARTEN_GROUNDS = GROUNDS - {"d"}
STATUS: frozenset[str] = frozenset({"case_status"})
DETAIL: frozenset[str] = frozenset({"feedback_detail"})
"""How the family is followed up, told within a feedback that has no category but the status."""


def has_ground(w: Weighing) -> bool:
    grounds = KINDERGARTEN_GROUNDS if w.sender in KINDERGARTEN else GROUNDS
    return w.disclosure.duty.ground in grounds


def is_report(w: Weighing) -> bool:
    return w.disclosure.duty.ground is not None


@rule("DUT-06", "hpl § 32", "fvkl § 9", "bvl § 13-5", "hol § 10-3", stage="duty", rests=["unborn", "claim"])
def substance_misuse_in_pregnancy(w: Weighing) -> Finding | None:
    """Substance misuse in pregnancy is told the municipal health service; child welfare only after the board."""
    if not (w.subject.unborn and w.disclosure.duty.substance_misuse_in_pregnancy):
        return None
    board = w.receiver == "child_welfare" and w.disclosure.duty.board_decision
    carried = w.receiver == "municipal_health" or board
    return Finding(opens=w.categories) if carried else Finding(shuts=w.categories)


@rule("DUT-08", "fvl § 13 b nr. 7", "krl § 5", "hpl § 23", "hpl § 31", stage="duty", rests=["claim"])
def danger_to_life_or_health(w: Weighing) -> Finding | None:
    """Acute danger, described, opens the necessary minimum to the body that can avert it; it is documented after."""
    return Finding(opens=w.categories) if w.disclosure.duty.danger else None


@rule(
    "DUT-01",
    "bvl § 13-2",
    "bhl § 46",
    "oppll § 24-3",
    "hpl § 33",
    "sotjl § 45",
    "krl § 6",
    "fvkl § 10",
    "intgl § 49",
    stage="duty",
    rests=["claim"],
)
def report_to_child_welfare(w: Weighing) -> Finding | None:
    """A report to child welfare on a statutory ground goes without consent, coordinator, copy or notice."""
    return Finding(opens=w.categories) if has_ground(w) and w.receiver == "child_welfare" else None


@rule("DUT-02", "bvl § 13-2", "bhl § 46", stage="duty", rests=["claim"])
def report_without_a_ground(w: Weighing) -> Finding | None:
    """A report that declares none of the statutory grounds is no report: it returns to its sender at once."""
    return Finding(shuts=w.categories) if is_report(w) and not has_ground(w) else None


@rule("DUT-03", "bvl § 13-2", "fvl § 13", stage="duty", rests=["claim"])
def report_to_somebody_else(w: Weighing) -> Finding | None:
    """Only child welfare receives a report: no copy to a coordinator or another service."""
    return Finding(shuts=w.categories) if is_report(w) and w.receiver != "child_welfare" else None


@rule("DUT-04", "oppll § 24-3", "bhl § 46", stage="duty", rests=["claim"])
def the_duty_is_individual(w: Weighing) -> Finding | None:
    """Whoever works under the act reports by himself, substitute or trainee, and asks no leader first."""
    return NOTED if has_ground(w) and w.sender not in PRIVATE else None


@rule("DUT-05", "bvl § 13-4", "hpl § 33", "fvl § 14", stage="duty", rests=["claim"])
def order_from_child_welfare(w: Weighing) -> Finding | None:
    """An order from child welfare opens what it covers; an order that names no basis is first made clear."""
    order = w.disclosure.duty.order
    if order is None:
        return None
    if w.receiver != "child_welfare":
        return Finding(shuts=w.categories)
    if not (order.id and order.provision):
        return Finding(holds=w.categories)
    return Finding(opens=w.categories & order.covers, shuts=w.categories - order.covers)


@rule("DUT-07", "bvl § 13-3", stage="duty", rests=["claim"])
def feedback_to_the_reporter(w: Weighing) -> Finding | None:
    """Child welfare tells who reported that it came in; how the family is followed up only where he must know."""
    if w.kind != "feedback":
        return None
    if w.sender != "child_welfare":
        return Finding(shuts=w.categories)
    needed = any(basis.necessity == "reporter" for basis in w.disclosure.bases)
    if needed:
        return Finding(opens=w.categories)
    told = w.categories & STATUS
    detail = DETAIL if w.message.feedback_detail == "how" else EMPTY
    return Finding(opens=told, shuts=w.categories - told | detail)


@rule(
    "DUT-09",
    "bhl § 45",
    "oppll § 24-2",
    "krl § 6 a",
    "fvkl § 9",
    "hpl § 32",
    stage="basis",
    senders=ATTENTION,
    receivers=CARE_SERVICES,
    views=False,
)
def attention_is_no_basis(w: Weighing) -> Finding | None:
    """To be attentive to what health and social services should do is a duty, but it lifts no secrecy."""
    return None if w.sender in HEALTH and w.receiver in HEALTH else NOTED
