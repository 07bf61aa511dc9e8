"""From register facts to a disclosure: what policy may know of a child at an instant, and where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from hub.model.calendar import norwegian_day
from hub.model.consent import Consent
from hub.model.person import Child
from hub.model.responsibility import Facts, Necessity
from hub.model.service import Party
from hub.policy.claims import claimed
from hub.policy.words import Basis, Coordination, Disclosure, Duty, Message, Subject

LIMIT = timedelta(hours=24)
"""For how long what the registers said may be relied on, where nothing else is set."""
LEEWAY = timedelta(seconds=10)
"""By how much the clocks of two machines may differ; anything later is the future, and confirms nothing."""


def still_known(facts: Facts, now: datetime, limit: timedelta = LIMIT) -> Facts:
    """The facts as they may be relied on: what is older than its limit, or from the future, is no longer confirmed.

    So are all of them where anything was written down later than now: the clock has gone backwards, and a consent that
    is withdrawn would count once more.
    """
    facts = _as_closed(facts)
    said = facts.child.as_of
    if said is None or (now < said + limit and _newest(facts) - LEEWAY <= now):
        return facts
    return replace(facts, child=replace(facts.child, as_of=None))


def _as_closed(facts: Facts) -> Facts:
    """Of a plan that is closed nothing more is opened: a yes given later is for something else."""
    closing = facts.life.closing
    if closing is None:
        return facts
    said = tuple(one for one in facts.consents if one.answer != "yes" or (one.answered_at or closing.at) <= closing.at)
    return facts if len(said) == len(facts.consents) else replace(facts, consents=said)


def _newest(facts: Facts) -> datetime:
    """When the newest of them was written down."""
    written = [facts.child.as_of, *(one.at for one in facts.releases.values())]
    for one in facts.consents:
        written += (one.answered_at, one.withdrawn_at)
    return max(each for each in written if each is not None)


def subject_of(child: Child, now: datetime) -> Subject:
    """The child as the registers know it: age by the date in Norway, maturity and hearing only once they are past."""
    today = norwegian_day(now)
    maturity = child.maturity if child.maturity and child.maturity.assessed_on <= today else None
    return Subject(
        id=child.id,
        age=child.age(today),
        unborn=child.unborn,
        understands=maturity.understands if maturity else None,
        heard=child.hearing is not None and child.hearing <= today,
        guardians=frozenset(one.person for one in child.guardians),
        care_order=child.care_order,
        protection=child.protection,
        authority_block=child.authority_block,
        opposes_health_disclosure=child.opposes_health_disclosure,
        withheld=child.withheld,
        deceased=child.deceased,
        municipality=child.residence or child.municipality,
        confirmed=child.as_of is not None,
    )


def own_subject(person: str) -> Subject:
    """Somebody else in the plan, who answers for herself: only her own consents have authority."""
    return Subject(id=person, guardians=frozenset({person}))


def bases_of(facts: Facts, sender: str, receiver: str) -> tuple[Basis, ...]:
    """The documented necessities of one service towards another."""
    return tuple(_basis(one) for one in facts.necessities if (one.sender, one.receiver) == (sender, receiver))


def _basis(one: Necessity) -> Basis:
    decided = one.decision is not None
    return Basis(
        statute=one.statute,
        necessity=one.necessity,
        decision_documented=decided,
        weighty_reasons_documented=decided,
        permission=decided,
        covers=one.categories,
        reference=one.decision,
        registered=True,
    )


def coordination_of(facts: Facts, day: date) -> Coordination:
    """Who coordinates on a day, by service, and how far the plan has come."""
    known = facts.standing(day)
    return Coordination(
        child_coordinator=known.child_coordinator,
        family_wants_child_coordinator=known.family_wants_child_coordinator,
        coordinator=known.coordinator,
        main_responsible=known.main_responsible,
        appointed=known.appointed,
        disputed=known.disputed,
        stafettlogg_open=facts.life.stafettlogg is not None,
        participation_described=facts.life.described,
    )


def consents_about(facts: Facts, person: str) -> tuple[Consent, ...]:
    """The records that open information about one person."""
    return tuple(one for one in facts.consents if one.about == person)


def directed(
    facts: Facts | None, sender: Party, receiver: Party, message: Message, now: datetime, claims: Mapping[str, object]
) -> Disclosure:
    """The disclosure of a directed message. `facts` None is a child the hub does not know: only a duty carries it.

    `claims` hold `basis` and `duty` in the words of the case format, with the `person` who claims; anything else is an
    `UnusableError` naming the key.
    """
    said = claimed(claims)
    known = facts or Facts(Child(id="", municipality=receiver.municipality))
    bases = (said["basis"],) if "basis" in said else ()
    return Disclosure(
        sender=sender,
        receiver=receiver,
        now=now,
        subject=subject_of(known.child, now),
        message=message,
        consents=known.consents,
        bases=bases + bases_of(known, sender.service, receiver.service),
        duty=said.get("duty", Duty()),
        plan=coordination_of(known, norwegian_day(now)),
        facts_version=known.version,
        child=known.child,
        claimed_by=said.get("person"),
    )
