"""A kept decision: read in three languages, verified by its hash, and decided anew where the policy is another."""

from __future__ import annotations

from hashlib import sha256

import orjson
import pytest

from hub.errors import UnusableError
from hub.ops.decisions import show_decision
from hub.policy.decision import canonical
from hub.policy.explain import LANGUAGES, Language
from hub.ports import DecisionRow
from tests.journeys.systems import EVERYTHING, HOME, SYSTEMS, measure, support_plan
from tests.journeys.world import World

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]
NARROW = EVERYTHING - {"sped"}


def story(world: World) -> str:
    """A plan of which one measure goes and one stays; gives the child."""
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    world.consent(child, "nora", "mother", "father", categories=NARROW)
    plain, sped = measure("m1", "A quiet start"), measure("m2", "Reading", topic="special_education")
    world.tell(SCHOOL, support_plan("nora@school-1", measures=[plain, sped]))
    world.take(NURSERY)
    return child


def rows(world: World, stage: str = "dispatch") -> list[DecisionRow]:
    with world.hub.store.begin() as work:
        return [row for row in work.decisions.of(HOME, world.plans["nora"]) if row.stage == stage]


def keep(world: World, row: DecisionRow) -> DecisionRow:
    """Puts a row beside the others, under an id of its own."""
    row = row._replace(id=f"{row.id[:20]}-again")
    with world.hub.store.begin() as work:
        work.decisions.add([row])
    return row


def under_another_policy(row: DecisionRow) -> DecisionRow:
    """The same decision as an older hub would have kept it: another policy, and hashes that fit."""
    grounds = canonical({**orjson.loads(row.grounds), "policy": {"version": "0", "hash": "0" * 64}})
    record = canonical({**orjson.loads(row.record), "grounds": sha256(grounds).hexdigest()})
    return row._replace(
        grounds=grounds, grounds_hash=sha256(grounds).digest(), record=record, hash=sha256(record).digest()
    )


@pytest.mark.parametrize(
    ("language", "outcome"),
    [
        ("nb", "Det kan sendes uten spesialundervisning."),
        ("nn", "Det kan sendast utan spesialundervisning."),
        ("en", "It may be sent without special education."),
    ],
)
def test_a_coordinator_reads_why_in_three_languages(world: World, language: Language, outcome: str) -> None:
    story(world)
    (row,) = rows(world)

    with world.hub.store.begin() as work:
        found = show_decision(work, HOME, row.id, language)

    assert found.words.outcome == outcome
    assert {one.rule for one in found.words.checks} >= {"AGE-05", "CON-01", "CON-07"}
    assert [one.body for one in found.complaints] == ["county_governor"]
    assert found.words.ways
    assert "Reading" not in str(found)


def test_another_municipality_does_not_find_it(world: World) -> None:
    story(world)
    (row,) = rows(world)

    with world.hub.store.begin() as work, pytest.raises(UnusableError) as unseen:
        show_decision(work, "8888", row.id)
    with pytest.raises(UnusableError) as unplayed:
        world.hub.replay.of("8888", row.id)

    assert (unseen.value.code, unplayed.value.code) == ("not_found", "not_found")


@pytest.mark.parametrize("stage", ["forward", "dispatch"])
def test_what_was_kept_is_intact_and_the_audit_chain_names_it(world: World, stage: str) -> None:
    story(world)
    (row,) = rows(world, stage)

    found = world.hub.replay.of(HOME, row.id)

    assert (found.intact, found.in_the_chain, found.policy_changed, found.today) == (True, True, False, None)


def test_a_record_that_was_changed_is_found_out(world: World) -> None:
    story(world)
    (row,) = rows(world)
    forged = row.record.replace(b'"shut"', b'"open"')

    found = world.hub.replay.of(HOME, keep(world, row._replace(record=forged)).id)

    assert forged != row.record
    assert not found.intact


def test_grounds_that_were_changed_are_found_out(world: World) -> None:
    story(world)
    (row,) = rows(world)
    forged = row.grounds.replace(b'"failed"', b'"passed"')

    found = world.hub.replay.of(
        HOME, keep(world, row._replace(grounds=forged, grounds_hash=sha256(forged).digest())).id
    )

    assert forged != row.grounds
    assert not found.intact


def test_a_record_forged_with_its_hash_is_not_in_the_chain(world: World) -> None:
    story(world)
    (row,) = rows(world)
    forged = row.record.replace(b'"shut"', b'"open"')

    made = keep(world, row._replace(record=forged, hash=sha256(forged).digest()))
    found = world.hub.replay.of(HOME, made.id)

    assert (found.intact, found.in_the_chain) == (True, False)


def test_where_the_policy_has_changed_todays_answer_stands_beside_it(world: World) -> None:
    story(world)
    (row,) = rows(world)

    found = world.hub.replay.of(HOME, keep(world, under_another_policy(row)).id)

    assert (found.intact, found.policy_changed, found.then, found.because) == (True, True, "forward_redacted", ())
    assert found.today is not None
    assert (found.today.outcome, found.today.elements) == ("forward_redacted", {})


def test_facts_that_have_changed_since_are_said(world: World) -> None:
    child = story(world)
    (row,) = rows(world)
    made = keep(world, under_another_policy(row))

    world.consent(child, "nora", "mother", "father")
    found = world.hub.replay.of(HOME, made.id)

    assert found.because == ("facts_changed",)
    assert found.today is not None
    assert (found.today.outcome, set(found.today.elements.values())) == ("forward", {("shut", "open")})


def test_an_erased_child_cannot_be_decided_about_anew(world: World) -> None:
    child = story(world)
    (row,) = rows(world)
    made = keep(world, under_another_policy(row))

    with world.hub.store.begin() as work:
        work.persons.erase(child)
    found = world.hub.replay.of(HOME, made.id)

    assert (found.intact, found.today, found.because) == (True, None, ("no_plan",))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_decision_of_another_form_is_not_shown_and_says_what_to_do(world: World, language: Language) -> None:
    story(world)
    (row,) = rows(world)
    made = keep(world, row._replace(record=b"{}", grounds_hash=None, grounds=b""))

    with world.hub.store.begin() as work, pytest.raises(UnusableError) as caught:
        show_decision(work, HOME, made.id, language)

    assert caught.value.code == "unreadable"
