"""Who must consent: by age, by the sender's secrecy regime, and by who decides for the child."""

from __future__ import annotations

from hub.policy.book import rule
from hub.policy.services import EDUCATION, EXTENDED, FAMILY, HEALTH, PLAIN
from hub.policy.weighing import CHILD, GUARDIANS, VACCINATION, Weighing
from hub.policy.words import EMPTY, NOTED, Finding

PREGNANT: frozenset[str] = frozenset({"pregnant_person"})
OUTSIDE_HEALTH = PLAIN | EXTENDED
EDUCATION_MATTERS: frozenset[str] = frozenset({"education", "attendance", "sped"})


def pupil_of_fifteen(w: Weighing) -> bool:
    return w.sender in EDUCATION and w.aged(15, 17)


def own_education(w: Weighing) -> frozenset[str]:
    """The categories that are the pupil's own to decide on from 15."""
    return w.categories & EDUCATION_MATTERS if pupil_of_fifteen(w) else EMPTY


def unheard(w: Weighing) -> frozenset[str]:
    return w.categories if w.must_be_heard and not w.subject.heard else EMPTY


@rule("AGE-01", "vgml § 9", "pbrl § 4-3", stage="asks", control=["guardian_view"], rests=["age", "unborn"])
def the_adult_alone(w: Weighing) -> Finding | None:
    """From 18 only the person decides, and parents are told nothing; before birth she who is pregnant decides."""
    if w.kind == "guardian_view":
        return Finding(shuts=w.categories) if w.adult else None
    if w.subject.unborn:
        return Finding(opens=w.categories, asks=PREGNANT)
    return Finding(opens=w.categories, asks=CHILD) if w.adult else None


@rule("AGE-02", "pbrl § 4-3", "hpl § 22", stage="asks", senders=HEALTH, rests=["age"])
def health_from_sixteen(w: Weighing) -> Finding | None:
    """In health the young person of 16 or 17 decides alone: parents can neither consent instead nor refuse."""
    return Finding(opens=w.categories, asks=CHILD) if w.aged(16, 17) else None


@rule("AGE-03", "hpl § 22", "pbrl § 4-4", stage="asks", senders=HEALTH, rests=["age", "hearing"])
def health_under_sixteen(w: Weighing) -> Finding | None:
    """In health under 16 the guardians consent, and from 7 the child is informed and heard first."""
    if not w.under(16) or w.kept_from_parents:
        return None
    return Finding(opens=w.categories, asks=GUARDIANS, holds=unheard(w))


@rule(
    "AGE-04",
    "pbrl § 3-4",
    "pbrl § 4-3",
    "pbrl § 4-4",
    stage="asks",
    control=["guardian_view"],
    views=False,
    rests=["age", "message"],
)
def health_kept_from_the_parents(w: Weighing) -> Finding | None:
    """At 12 to 15, where the parents are not told for reasons to be respected, the child decides alone."""
    if w.kind == "guardian_view":
        return NOTED if w.message.matter == "confidential_from_parents" and w.aged(12, 15) else None
    return Finding(opens=w.categories, asks=CHILD) if w.kept_from_parents else None


@rule("AGE-05", "vgml § 9", "barnelova § 31", stage="asks", senders=OUTSIDE_HEALTH, rests=["age", "maturity"])
def guardians_and_the_child(w: Weighing) -> Finding | None:
    """Outside health both the guardians and the child consent, if the child is old enough to understand."""
    asked = w.categories - own_education(w)
    if not w.minor or not asked:
        return None
    return Finding(opens=asked, asks=GUARDIANS | CHILD if w.able else GUARDIANS)


@rule("AGE-07", "oppll § 24-5", "barnelova § 32", stage="asks", senders=EDUCATION, rests=["age"])
def own_education_from_fifteen(w: Weighing) -> Finding | None:
    """From 15 a pupil decides alone on what is about the education only."""
    return Finding(opens=own_education(w), asks=CHILD) if pupil_of_fifteen(w) else None


@rule("AGE-13", "fvkl § 6", stage="asks", senders=FAMILY, rests=["age", "hearing"])
def family_counselling(w: Weighing) -> Finding | None:
    """In family counselling parents consent under 16 and the child is heard as it matures; from 16 it decides."""
    if not w.minor:
        return None
    if not w.under(16):
        return Finding(opens=w.categories, asks=CHILD)
    return Finding(opens=w.categories, asks=GUARDIANS, holds=unheard(w))


@rule("AGE-08", "barnelova § 30", "barnelova §§ 34-37", "pbrl § 4-4", stage="guardians", rests=["guardians"])
def every_holder_of_responsibility(w: Weighing) -> Finding | None:
    """All who hold parental responsibility consent; in daily-care health one parent is enough. None known: wait."""
    if w.subject.care_order or not _guardians_asked(w):
        return None
    waits = EMPTY if w.subject.guardians else frozenset(c for c, asked in w.asked.items() if "guardians" in asked)
    return Finding(asks=w.subject.guardians, holds=waits)


@rule("AGE-11", "pbrl § 4-4", "oppll § 24-4", "bhl § 32", stage="guardians", rests=["care_order"])
def child_welfare_in_the_parents_place(w: Weighing) -> Finding | None:
    """Under a care order child welfare decides in the parents' place, and foster parents do not."""
    return Finding(asks=w.holders) if w.subject.care_order and _guardians_asked(w) else None


def _guardians_asked(w: Weighing) -> bool:
    return any("guardians" in asked for asked in w.asked.values())


@rule("AGE-06", "fvl § 17", "barnelova § 31", stage="consent", senders=OUTSIDE_HEALTH, rests=["age", "maturity"])
def maturity_is_assessed(w: Weighing) -> Finding | None:
    """Whether a child of 7 to 14 understands is assessed by a person; under 7 no and from 15 yes is presumed."""
    if not w.minor or w.subject.understands is not None:
        return None
    return Finding(holds=w.categories - w.register.firm.get("child", EMPTY)) if w.aged(7, 14) else NOTED


@rule("AGE-09", "barnelova § 30", stage="refusal", rests=["consents"])
def a_holder_refuses(w: Weighing) -> Finding | None:
    """When one who must consent says no, it is no; the refusal of one who need not be asked is not counted."""
    refusals = [one for one in w.refusals if w.who(one) != "child"]
    if not refusals:
        return None
    stopped = VACCINATION if w.any_parent else w.categories
    shuts = frozenset(
        category
        for category, asked in w.asked.items()
        for who in (w.guardians if "guardians" in asked else asked - CHILD)
        if category in w.register.refused.get(who, EMPTY)
    )
    return Finding(shuts=shuts & stopped)


@rule("AGE-10", "pbrl § 4-4", "fvkl § 6", "barnelova § 31", stage="refusal", rests=["age", "consents"])
def the_child_says_no(w: Weighing) -> Finding | None:
    """A child who understands may refuse; in health and family counselling a no at 12 to 15 is weighed by a person."""
    refused = w.register.refused.get("child", EMPTY) & w.categories
    if not any(w.who(one) == "child" for one in w.refusals):
        return None
    if w.regime in ("health", "family") and w.under(16):
        return Finding(holds=refused) if not w.under(12) else NOTED
    return Finding(shuts=frozenset(c for c in refused if "child" in w.asked.get(c, EMPTY)))


@rule("AGE-12", "pbrl § 3-4", "fvkl § 12", control=["guardian_view"], rests=["withheld"])
def what_guardians_are_not_shown(w: Weighing) -> Finding | None:
    """A guardian sees the child's plan but for what is withheld, at the child's wish or for weighty reasons."""
    return Finding(opens=w.categories - w.subject.withheld, shuts=w.categories & w.subject.withheld)
