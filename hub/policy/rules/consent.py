"""What a consent covers: each rule looks at the records and voids or doubts those that do not carry this disclosure."""

from __future__ import annotations

from collections.abc import Iterable

from hub.policy.book import rule
from hub.policy.weighing import Weighing
from hub.policy.words import EMPTY, NOTED, NOTICE, Finding

BLANKET = "ALL"
UNCLEAR = "UNCLEAR"
NONE: tuple[str, ...] = ()


def _answer(seen: bool, voids: Iterable[str] = NONE, doubts: Iterable[str] = NONE) -> Finding | None:
    """A finding where there was something to look at, else nothing."""
    return Finding(voids=tuple(voids), doubts=tuple(doubts)) if seen else None


@rule("CON-01", "fvl § 13", "fvl § 13 a nr. 1", "hpl § 21", "hpl § 22", stage="redact")
def nothing_covers_it(w: Weighing) -> Finding | None:
    """What neither a consent nor another basis covers stays where it is."""
    return Finding(shuts=w.uncovered) if w.uncovered else None


@rule("CON-02", "offentleglova § 13", stage="record", rests=["consents"])
def no_answer_is_no_consent(w: Weighing) -> Finding | None:
    """A question without an answer is no consent, and no refusal either."""
    silent = [one.id for one in w.answers if one.answer == "none"]
    return _answer(bool(silent), silent)


@rule("CON-03", "gdpr art. 7(1)", stage="record", rests=["consents"])
def oral_consent_is_documented(w: Weighing) -> Finding | None:
    """An oral consent is as good as a written one, once the journal says who gave it, when, and what was told."""
    oral = [one for one in w.answers if one.form == "oral"]
    return _answer(bool(oral), doubts=[one.id for one in oral if not one.documented])


@rule("CON-04", "gdpr art. 4(11)", stage="record", rests=["consents"])
def blank_forms_are_void(w: Weighing) -> Finding | None:
    """A consent to everybody, to everything, or with no background told is a blank form and counts for nothing."""
    blank = [
        one.id
        for one in w.answers
        if BLANKET in one.receivers or BLANKET in one.categories or not one.background or not one.specific
    ]
    return _answer(bool(blank), blank)


@rule("CON-05", "gdpr art. 4(11)", "gdpr art. 7", stage="record", rests=["consents"])
def voluntary_and_informed(w: Weighing) -> Finding | None:
    """A consent under pressure or unclear counts for nothing; one not shown to be informed is confirmed by a person."""
    pressed = [one.id for one in w.answers if not one.voluntary or not one.unambiguous]
    uninformed = [one.id for one in w.answers if not one.informed]
    return _answer(bool(pressed or uninformed), pressed, uninformed)


@rule("CON-06", "gdpr art. 4(11)", stage="record", rests=["consents"])
def unclear_is_read_narrowly(w: Weighing) -> Finding | None:
    """What is unclear in a consent covers nothing beyond what is clearly named."""
    return _answer(any(UNCLEAR in one.receivers or UNCLEAR in one.categories for one in w.answers))


@rule("CON-07", "fvl § 13 a nr. 1", stage="record", rests=["consents"])
def the_receiver_is_named(w: Weighing) -> Finding | None:
    """A consent is to a service in a municipality, whoever works there, and from those it names, where it names any."""
    return _answer(
        bool(w.answers), [one.id for one in w.answers if not (w.names_receiver(one) and w.names_sender(one))]
    )


@rule("CON-08", "fvl § 13 a nr. 1", stage="record", rests=["consents"])
def the_category_is_named(w: Weighing) -> Finding | None:
    """Only the categories that somebody's consent names can be covered; the rest of the message is left out."""
    if not w.answers:
        return None
    named = EMPTY.union(*(one.categories for one in w.answers))
    nothing = [one.id for one in w.answers if one.categories.isdisjoint(w.categories)]
    return Finding(shuts=w.categories - named - w.message.third_party, voids=tuple(nothing))


@rule("CON-09", "gdpr art. 5(1)(b)", "gdpr art. 6", stage="record", rests=["consents"])
def the_purpose_is_named(w: Weighing) -> Finding | None:
    """A consent for one purpose is no consent for another."""
    purpose = w.disclosure.purpose
    return _answer(bool(w.answers), [one.id for one in w.answers if purpose not in one.purposes])


@rule("CON-10", "gdpr art. 7", stage="record", rests=["consents"])
def within_its_period(w: Weighing) -> Finding | None:
    """A consent counts from its first instant until, and not at, its last."""
    dated = [one for one in w.answers if one.valid_from or one.valid_to]
    return _answer(bool(dated), [one.id for one in dated if not w.in_force(one)])


@rule("CON-11", "gdpr art. 7(3)", stage="record", rests=["consents"])
def withdrawn_before_dispatch(w: Weighing) -> Finding | None:
    """A consent withdrawn before the moment of dispatch covers nothing, however long the message has waited."""
    withdrawn = [one for one in w.answers if one.withdrawn_at]
    return _answer(bool(withdrawn), [one.id for one in withdrawn if w.withdrawn(one)])


@rule("CON-12", "gdpr art. 7(3)", stage="record", control=["recall"], rests=["consents"])
def what_was_told_stays_told(w: Weighing) -> Finding | None:
    """A withdrawal works forwards: nobody is ordered to forget, and a new copy is a new disclosure."""
    if w.kind == "recall":
        return Finding(opens=NOTICE)
    return _answer(any(w.withdrawn(one) for one in w.answers))


@rule("CON-13", "gdpr art. 6", "fvl § 13 b", stage="basis", rests=["consents"])
def another_basis_remains(w: Weighing) -> Finding | None:
    """When a consent has lapsed another legal basis may still carry the message, and the change is recorded."""
    lapsed = any(w.withdrawn(one) or not w.in_force(one) for one in w.answers)
    return NOTED if w.basis.statute and lapsed else None


@rule("CON-14", "pbrl § 4-4", "barnelova § 30", stage="record", rests=["consents", "guardians", "care_order"])
def given_by_one_with_authority(w: Weighing) -> Finding | None:
    """A consent counts only from the child, from those who hold parental responsibility, or from child welfare."""
    strangers = [one.id for one in w.answers if not w.has_authority(one)]
    return _answer(bool(strangers), strangers)


@rule("CON-15", "ipf § 5", "ipf § 9 nr. 9", stage="record", control=["plan_create"], rests=["consents"])
def a_plan_is_not_access(w: Weighing) -> Finding | None:
    """There is no plan without consent to the plan, and consent to the plan is not consent to tell."""
    if w.kind == "plan_create":
        return Finding(opens=NOTICE) if w.disclosure.plan.plan_consent else Finding(shuts=NOTICE)
    plan_only = [one.id for one in w.answers if one.kind == "plan_only"]
    for_plan = w.disclosure.purpose == "individual_plan"
    return _answer(bool(plan_only) or for_plan, plan_only)
