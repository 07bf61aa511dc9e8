"""What holds for every child and clock: default deny, shut wins, withdrawal opens nothing, same in same out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.model.consent import Consent
from hub.model.person import Child, Guardian, Maturity
from hub.model.plan import Element
from hub.model.responsibility import Facts, Necessity, Responsibility
from hub.model.service import Party
from hub.policy import Message, decide, decide_view, directed
from hub.policy.book import RULES, Book
from hub.policy.services import services
from hub.policy.words import LOCATION

SERVICES = sorted(services())
CATEGORIES = ["education", "health", "economy", "plan_goal", "citizenship", "address", "benefit", "unclassified"]
NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
GUARDIANS = (Guardian("p1", "mother"), Guardian("p2", "father"))
PEOPLE = {"p1": "mother", "p2": "father", "c1": "child", "cw": "child_welfare", "p3": "other"}

instants = st.one_of(st.none(), st.integers(-2, 2).map(lambda hours: NOW + timedelta(hours=hours)))
some_categories = st.frozensets(st.sampled_from(CATEGORIES), max_size=4)


@st.composite
def consents(draw: st.DrawFn) -> Consent:
    person = draw(st.sampled_from(sorted(PEOPLE)))
    return Consent(
        id=f"k{draw(st.integers(0, 10**6))}",
        child="c1",
        person=person,
        giver=PEOPLE[person],  # type: ignore[arg-type]  # the values are givers
        about=draw(st.sampled_from(["c1", "c1", "c1", person])),
        answer=draw(st.sampled_from(["yes", "yes", "yes", "no", "none"])),
        receivers=draw(st.sampled_from([frozenset({"ppt"}), frozenset({"bup"}), frozenset({"ppt", "bup"})])),
        categories=draw(some_categories),
        purposes=frozenset({draw(st.sampled_from(["coordination", "coordination", "research"]))}),
        municipality=draw(st.sampled_from(["4601", "4601", "4601", "5001"])),
        valid_from=draw(instants),
        valid_to=draw(instants),
        withdrawn_at=draw(instants),
        form=draw(st.sampled_from(["written", "written", "oral"])),
        informed=draw(st.sampled_from([True, True, False])),
        kind=draw(st.sampled_from(["access", "access", "plan_only"])),
    )


@st.composite
def children(draw: st.DrawFn) -> Child:
    understands = draw(st.sampled_from([None, True, False]))
    born = draw(st.one_of(st.none(), st.integers(2006, 2026)))
    return Child(
        "c1",
        "4601",
        birth_date=None if born is None else date(born, 9, draw(st.integers(1, 3)) if born < 2026 else 1),
        guardians=draw(st.sampled_from([(), GUARDIANS[:1], GUARDIANS])),
        care_order=draw(st.booleans()),
        protection=draw(st.sampled_from(["none", "none", "confidential", "strictly_confidential"])),
        maturity=None if understands is None else Maturity(understands, "a", date(2026, 1, 1), "q"),
        hearing=draw(st.sampled_from([None, date(2026, 8, 1)])),
        authority_block=draw(st.sampled_from([False, False, True])),
        opposes_health_disclosure=draw(st.booleans()),
        as_of=draw(st.sampled_from([NOW, NOW, NOW, None])),
    )  # fmt: skip


necessities = st.builds(
    Necessity,
    sender=st.sampled_from(["school", "bup", "child_welfare", "nav_social"]),
    receiver=st.sampled_from(["ppt", "bup"]),
    statute=st.sampled_from(["fvl-13b-5", "hpl-25", "hpl-23", "bvl-13-1"]),
    categories=some_categories,
    necessity=st.sampled_from(["sender", "receiver_only"]),
    decision=st.sampled_from([None, "d1"]),
)
known = st.builds(
    Facts,
    child=children(),
    version=st.integers(0, 3),
    consents=st.lists(consents(), max_size=6, unique_by=lambda one: one.id).map(tuple),
    necessities=st.lists(necessities, max_size=2).map(tuple),
)
elements = st.builds(
    Element,
    id=st.integers(0, 10**6).map(str),
    kind=st.just("note"),
    owner=st.sampled_from(["school", "bup", "child_welfare", "nav_social", "family_counselling", "municipal_health"]),
    categories=st.frozensets(st.sampled_from(CATEGORIES), min_size=1, max_size=3),
    content=st.sampled_from([{"title": "x"}, {"place": "x"}, {}]),
    about=st.sampled_from(["child", "child", "child", "parent"]),
    person=st.sampled_from([None, "p1", "p2"]),
    free_text=st.booleans(),
)
plans = st.lists(elements, max_size=8, unique_by=lambda one: one.id)
receivers = st.sampled_from([Party("ppt", "4601"), Party("bup", "4601"), Party("ppt", "5001")])
instant_now = st.integers(-180, 180).map(lambda minutes: NOW + timedelta(minutes=minutes))


def fresh(facts: Facts, receiver: Party, plan: list[Element], now: datetime) -> Any:
    """Decided by a book nobody has asked before."""
    return decide_view(facts, receiver, plan, now, system="s", book=Book(dict(RULES)))


@given(known, receivers, plans, instant_now)
@settings(max_examples=150, deadline=None)
def test_nothing_is_opened_but_by_a_rule(facts: Facts, receiver: Party, plan: list[Element], now: datetime) -> None:
    view = fresh(facts, receiver, plan, now)

    assert view.opened | set(view.held) | set(view.shut) == {one.id for one in plan}
    assert len(view.opened) + len(view.held) + len(view.shut) == len(plan)
    assert all(answer.rules == ("OWN",) or set(answer.rules) <= set(RULES) for answer in view.open_answers.values())
    assert not any(
        "unclassified" in one.categories and one.owner != receiver.service for one in plan if one.id in view.opened
    )


@given(children(), receivers, plans)
@settings(max_examples=100, deadline=None)
def test_without_consent_and_necessity_nothing_of_others_is_opened(
    child: Child, receiver: Party, plan: list[Element]
) -> None:
    view = fresh(Facts(child), receiver, plan, NOW)

    own = receiver.service if receiver.municipality == child.municipality else None
    assert view.opened == {one.id for one in plan if one.owner == own}


@given(known, receivers, plans, instant_now, st.data())
@settings(max_examples=150, deadline=None)
def test_withdrawing_a_consent_never_opens_anything(
    facts: Facts, receiver: Party, plan: list[Element], now: datetime, data: st.DataObject
) -> None:
    given_before = [one for one in facts.consents if one.answer == "yes"]
    if not given_before:
        return
    one = data.draw(st.sampled_from(given_before))
    withdrawn = tuple(replace(c, withdrawn_at=now) if c.id == one.id else c for c in facts.consents)

    after = fresh(replace(facts, consents=withdrawn), receiver, plan, now)

    assert after.opened <= fresh(facts, receiver, plan, now).opened


@given(known, receivers, plans, instant_now)
@settings(max_examples=100, deadline=None)
def test_a_refusal_by_everybody_opens_nothing_new(
    facts: Facts, receiver: Party, plan: list[Element], now: datetime
) -> None:
    everything = frozenset(CATEGORIES)
    both = frozenset({"ppt", "bup"})
    noes = tuple(
        Consent(f"no-{person}", "c1", person, giver, "c1", "no", both, everything, frozenset(), "4601")  # type: ignore[arg-type]
        for person, giver in PEOPLE.items()
    )

    after = fresh(replace(facts, consents=facts.consents + noes), receiver, plan, now)

    assert after.opened <= fresh(facts, receiver, plan, now).opened


@given(known, receivers, plans, instant_now)
@settings(max_examples=100, deadline=None)
def test_of_a_hidden_child_no_place_is_told_to_others(
    facts: Facts, receiver: Party, plan: list[Element], now: datetime
) -> None:
    hidden = replace(facts, child=replace(facts.child, protection="strictly_confidential"))

    view = fresh(hidden, receiver, plan, now)

    own = receiver.service if receiver.municipality == "4601" else None
    told = [one for one in plan if one.id in view.opened and one.owner != own]
    assert not any(one.free_text or one.content.get("place") or one.categories & LOCATION for one in told)


@given(known, receivers, plans, instant_now, instant_now)
@settings(max_examples=150, deadline=None)
def test_what_is_remembered_is_what_would_be_decided_afresh(
    facts: Facts, receiver: Party, plan: list[Element], first: datetime, then: datetime
) -> None:
    decide_view(facts, receiver, plan, first, system="s")
    again = decide_view(facts, receiver, plan, then, system="s")

    assert again.canonical() == fresh(facts, receiver, plan, then).canonical()


@given(known, known, receivers, plans, instant_now, st.booleans())
@settings(max_examples=150, deadline=None)
def test_what_is_remembered_of_other_facts_changes_no_answer_and_no_ground(
    before: Facts, now_known: Facts, receiver: Party, plan: list[Element], now: datetime, same_weight: bool
) -> None:
    if same_weight:
        child = replace(now_known.child, as_of=now_known.child.as_of and NOW - timedelta(hours=1))
        before = replace(now_known, child=child, version=99, responsibility=Responsibility(coordinator="gp"))
    decide_view(before, receiver, plan, now, system="s")
    after = decide_view(now_known, receiver, plan, now, system="s")

    alone = fresh(now_known, receiver, plan, now)
    assert (after.canonical(), after.grounds.canonical) == (alone.canonical(), alone.grounds.canonical)


@given(known, st.sampled_from(SERVICES), receivers, st.sampled_from(CATEGORIES), instant_now)
@settings(max_examples=200, deadline=None)
def test_a_view_of_one_plain_element_and_a_message_of_it_get_one_answer(
    facts: Facts, sender: str, receiver: Party, category: str, now: datetime
) -> None:
    if sender == receiver.service or receiver.municipality != "4601":
        return
    if facts.child.protection == "strictly_confidential":
        facts = replace(facts, child=replace(facts.child, protection="none"))
    one = Element("e", "note", sender, frozenset({category}), {})

    view = fresh(facts, receiver, [one], now)
    message = Message(categories=frozenset({category}))
    decision = decide(directed(facts, Party(sender, "4601"), receiver, message, now, {}))

    outcomes = {"forward": {"e"}, "hold": set(), "deny": set()}
    assert view.opened == outcomes[decision.outcome]
    assert bool(view.held) == (decision.outcome == "hold")
    assert decision.canonical() == decide(decision.disclosure).canonical()
