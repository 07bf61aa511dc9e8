"""Legal bases without consent: who has which, and what each one carries."""

from __future__ import annotations

from hub.model.plan import IDENTITY_FACTS
from hub.policy.book import rule
from hub.policy.services import FAMILY, HEALTH, IDENTITY_SECRET, KINDERGARTEN, PLAIN, PRIVATE, PUBLIC
from hub.policy.weighing import Weighing
from hub.policy.words import EMPTY, NOTED, Finding

PUBLIC_PLAIN = PLAIN & PUBLIC
SAME_ORGAN = frozenset({"school", "after_school"})
NAV_FACTS: frozenset[str] = frozenset({"benefit", "allowance", "employment"})
CHILDS_BEST = frozenset({"child_welfare", "other_child_welfare", "bufetat", "crisis_centre"})
POLICE_FOR_OWN_TASKS = frozenset({"nav_state", "nav_social", "crisis_centre"})
NEXT_FROM_KINDERGARTEN = KINDERGARTEN | {"school"}
NEXT_FROM_SCHOOL = frozenset({"other_school", "upper_secondary", "private_school"})


def own_task(w: Weighing) -> bool:
    """Whether the sender has documented that its own task makes it necessary."""
    return w.basis.necessity == "sender"


def _opens_if(carried: bool, w: Weighing) -> Finding:
    return Finding(opens=w.categories) if carried else NOTED


@rule(
    "LBW-01",
    "fvl § 13 b nr. 5",
    stage="basis",
    statutes=["fvl-13b-5"],
    senders=PUBLIC_PLAIN | {"nav_social"},
    rests=["basis"],
)
def necessary_for_the_senders_task(w: Weighing) -> Finding | None:
    """A public body may tell another what its own statutory task makes necessary, when that is documented."""
    return _opens_if(own_task(w), w)


@rule("LBW-02", "fvl § 13 b nr. 5", "fvl § 13 f", stage="basis", rests=["basis"])
def the_receivers_need_is_not_enough(w: Weighing) -> Finding | None:
    """That the receiver needs it opens nothing: the law looks at the sender's tasks."""
    return Finding(shuts=w.categories) if w.basis.necessity == "receiver_only" else None


@rule("LBW-03", "fvl § 13 b nr. 5", stage="basis", receivers=PRIVATE, rests=["basis"])
def private_receivers_need_consent(w: Weighing) -> Finding | None:
    """Organisations and private persons are told with consent, not on a basis made for public bodies."""
    return NOTED if w.basis.statute in ("hpl-23", "hpl-24") else Finding(shuts=w.categories)


@rule("LBW-04", "fvl § 13 b nr. 3", stage="basis", statutes=["fvl-13b-3"], rests=["basis"])
def inside_the_same_organ(w: Weighing) -> Finding | None:
    """Within one organ, as a school and its after-school programme, it may be told; a municipality is not one organ."""
    ends = {w.sender, w.receiver}
    home = w.disclosure.sender.municipality == w.disclosure.receiver.municipality
    return _opens_if(ends == SAME_ORGAN and home, w)


@rule("LBW-05", "fvl § 13 a nr. 2", "hpl § 23", control=["anonymous"], rests=["message"])
def nobody_can_be_recognised(w: Weighing) -> Finding | None:
    """A case in which nobody can be recognised may be told; one that still points at somebody is personal."""
    return NOTED if w.message.re_identifiable else Finding(opens=w.categories)


@rule("LBW-06", "hpl § 25", stage="basis", statutes=["hpl-25"], rests=["basis"])
def health_to_health(w: Weighing) -> Finding | None:
    """Health personnel tell each other what health care makes relevant and necessary."""
    return Finding(opens=w.categories) if w.sender in HEALTH and w.receiver in HEALTH else None


@rule("LBW-07", "hpl § 21", "hpl § 22", "hpl § 25", stage="basis", senders=HEALTH, rests=["basis"])
def health_to_others_needs_consent(w: Weighing) -> Finding | None:
    """Health information goes to school, child welfare, NAV and the like by consent or duty, not as health care."""
    if w.receiver in HEALTH:
        return None
    return Finding(shuts=w.categories) if w.basis.statute == "hpl-25" else NOTED


@rule(
    "LBW-08",
    "bvl § 13-1",
    "bvl § 1-4",
    stage="basis",
    statutes=["bvl-13-1"],
    senders=["child_welfare"],
    rests=["basis", "hearing", "age"],
)
def necessary_for_child_welfare(w: Weighing) -> Finding | None:
    """Child welfare may tell what its own task makes necessary, after the child has had its say."""
    if own_task(w) and w.must_be_heard and not w.subject.heard:
        return Finding(holds=w.categories)
    return _opens_if(own_task(w), w)


@rule("LBW-09", "nav § 8", stage="basis", statutes=["nav-8"], rests=["basis"])
def nav_to_social_services(w: Weighing) -> Finding | None:
    """NAV tells the social services about benefits and employment; anything else needs consent or another statute."""
    if (w.sender, w.receiver) != ("nav_state", "nav_social"):
        return NOTED
    return Finding(opens=w.categories & NAV_FACTS, shuts=w.categories - NAV_FACTS)


@rule("LBW-10", "nav § 7", "sotjl § 44", "bvl § 13-1", "krl § 5", "hol § 12-1", stage="redact", senders=IDENTITY_SECRET)
def identity_facts_are_secret_too(w: Weighing) -> Finding | None:
    """Where secrecy is extended, birth place and date, number, citizenship, civil state, work and home are secret."""
    facts = w.categories & IDENTITY_FACTS
    return Finding(shuts=facts & w.uncovered) if facts else None


@rule("LBW-11", "krl § 5", stage="basis", senders=["crisis_centre"], rests=["basis"])
def the_contact_itself_is_secret(w: Weighing) -> Finding | None:
    """A crisis centre does not tell even that somebody came, but by consent, danger, or its own documented task."""
    return _opens_if(w.basis.statute in ("krl-5", "fvl-13b-5") and own_task(w), w)


@rule("LBW-12", "fvkl § 5", "fvkl § 6", "fvkl § 7", stage="basis", senders=FAMILY, rests=["basis"])
def family_counselling_keeps_health_secrecy(w: Weighing) -> Finding | None:
    """Family counselling is bound as health personnel are: consent, a duty, or a weighing under hpl § 23."""
    return NOTED if w.basis.statute in (None, "hpl-23") else Finding(shuts=w.categories)


@rule("LBW-13", "intgl § 42", "intgl § 44", stage="basis", statutes=["intgl-42"], rests=["basis"])
def introduction_programme(w: Weighing) -> Finding | None:
    """Public bodies exchange what the introduction programme needs, never what the Health Personnel Act covers."""
    if w.regime in ("health", "family") or w.sender in PRIVATE:
        return NOTED
    return _opens_if(w.sender not in CHILDS_BEST or own_task(w), w)


@rule("LBW-14", "bhl § 2 a", "bhl § 47 a", "oppll § 25-1", stage="basis", statutes=["transition"], rests=["basis"])
def from_one_school_to_the_next(w: Weighing) -> Finding | None:
    """Kindergarten tells the school by the parents' leave; school tells the next one what is necessary without."""
    leave = w.basis.permission
    if w.sender in KINDERGARTEN and w.receiver in NEXT_FROM_KINDERGARTEN:
        return _opens_if(leave, w)
    if w.sender != "school" or w.receiver not in NEXT_FROM_SCHOOL:
        return NOTED
    easing = EMPTY if leave else w.basis.only_to_ease_adaptation & w.categories
    return Finding(opens=w.categories - easing, shuts=easing)


@rule("LBW-15", "hpl § 23", stage="basis", statutes=["hpl-23"], rests=["basis"])
def weighty_interests(w: Weighing) -> Finding | None:
    """Weighty interests are weighed by named health personnel, in a documented decision; until then it waits."""
    if w.regime not in ("health", "family"):
        return NOTED
    return Finding(opens=w.categories) if w.basis.decision_documented else Finding(holds=w.categories)


@rule("LBW-16", "fvl § 13 g", stage="basis", statutes=["fvl-13g"], rests=["basis"])
def a_regulation_that_exists(w: Weighing) -> Finding | None:
    """A regulation on sharing must exist and name exactly these bodies."""
    return _opens_if({w.sender, w.receiver} <= w.basis.regulation_names, w)


@rule(
    "LBW-17",
    "fvl § 13 b nr. 6",
    "bvl § 13-1",
    "nav § 7",
    "sotjl § 44",
    "krl § 5",
    stage="basis",
    statutes=["fvl-13b-6"],
    rests=["basis"],
)
def offences_to_the_police(w: Weighing) -> Finding | None:
    """Offences are told the police for a documented public interest or the sender's own tasks; some may not at all."""
    if w.receiver != "police":
        return NOTED
    if w.sender in PUBLIC_PLAIN:
        return _opens_if(w.basis.necessity in ("public_interest", "sender"), w)
    return _opens_if(w.sender in POLICE_FOR_OWN_TASKS and own_task(w), w)


@rule("LBW-18", "hpl § 24", stage="basis", rests=["deceased", "basis"])
def about_one_who_has_died(w: Weighing) -> Finding | None:
    """What is known of one who has died waits for a documented decision that finds weighty reasons."""
    if w.basis.statute != "hpl-24":
        return Finding(holds=w.categories) if w.subject.deceased else None
    if w.regime != "health":
        return NOTED
    return Finding(opens=w.categories) if w.basis.decision_documented else Finding(holds=w.categories)
