"""What people do about a hold: send a part, hand it over, ask whoever sent it, read it; and what time does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hub.errors import UnusableError
from hub.model.calendar import deadline
from hub.model.consent import ConsentRequest, Evidence
from hub.model.official import Official
from hub.ops import hold_talk, questions
from hub.ops.consents import Said, answer
from hub.ops.hold_view import Shown
from hub.ops.holds import Judgement
from hub.policy.question import PARTS
from hub.ports import Hold
from hub.sdk.directed import INFO
from tests.journeys.systems import EVERYTHING, HOME
from tests.journeys.test_directed import ILLNESS, info
from tests.journeys.waiting import (
    HANDLER,
    LEAD,
    NURSERY,
    ONE,
    OTHER,
    SCHOOL,
    handed,
    in_doubt,
    now,
    people,
    protected,
    says,
    seen,
    shown,
)
from tests.journeys.world import World


@pytest.fixture(autouse=True)
def _people(world: World) -> None:
    people(world)


def test_a_part_that_people_chose_is_sent_and_the_rest_stays(world: World) -> None:
    hold = protected(world, status="active")
    for person in (HANDLER, LEAD):
        says(world, hold, person, ("title", "status"))

    (document,) = world.take(NURSERY)

    assert "Talks" in str(document)
    assert "Siri" not in str(document)


def test_what_a_receiver_was_never_shown_its_silence_does_not_take_away(world: World) -> None:
    hold = protected(world)
    for person in (HANDLER, LEAD):
        says(world, hold, person, ("title", "status"))
    (document,) = world.take(NURSERY)

    document["measures"][0]["title"] = "Long talks"
    world.tell(NURSERY, document)
    (proposal,) = world.proposals("nora")
    world.answer(proposal, accepted=True)

    (element,) = [each for each in world.plan("nora").elements.values() if each.kind == "measure"]
    assert (element.content["title"], element.content["description"]) == ("Long talks", "with Siri")


def test_a_field_that_is_not_there_cannot_be_chosen(world: World) -> None:
    with pytest.raises(UnusableError, match="has not all of these"):
        says(world, protected(world), HANDLER, ("title", "minutes"))


def test_what_is_chosen_is_still_decided_by_the_policy(world: World) -> None:
    """A category that nobody consented to stays shut: leaving the text out does not make it another element."""
    hold = in_doubt(world)
    for person in (ONE, OTHER):
        says(world, hold, person, ("title",))

    assert world.take(NURSERY) == []
    assert now(world, hold).state == "released"
    assert world.ledgers()[1].keys() <= {"denied", "superseded"}


def test_a_hold_nobody_decides_goes_up_at_its_deadline_and_never_away(world: World) -> None:
    hold = in_doubt(world)
    assert hold.due_at == deadline(world.hub.clock.now(), 5)
    assert world.hub.overdue.turn() == 0

    for _ in range(3):
        late = now(world, hold).due_at
        assert late is not None
        world.clock.instant = late
        assert world.hub.overdue.turn() == 1

    above = now(world, hold)
    assert 'langbenk_hold_overdue{langbenk_decision_reason="RED-01"} 1.0' in world.hub.metrics_text()
    assert (above.state, above.role) == ("open", "decision_authority")
    assert above.due_at is not None and above.due_at > world.hub.clock.now()
    with world.hub.store.begin() as work:
        assert [line.action for line in work.audit.of(HOME, hold.id)] == ["hold.escalated"] * 3
        assert [each.who for each in work.moves.of(HOME, hold.id)] == ["hub"] * 3
    assert world.ledgers()[1] == {"held": 1}


def test_a_protected_addresss_hold_goes_up_within_its_circle(world: World) -> None:
    hold = protected(world)
    assert hold.due_at is not None
    world.clock.instant = hold.due_at

    world.hub.overdue.turn()

    assert now(world, hold).role == "address_lead"
    assert seen(world, "authority-1") == []


def test_a_hold_is_handed_over_with_a_new_deadline_and_the_fourth_time_the_municipality_decides(world: World) -> None:
    hold = in_doubt(world)
    world.clock.instant = datetime(2026, 12, 23, 12, tzinfo=UTC)
    for person, to in ((ONE, "decision_authority"), ("authority-1", "coordinator"), (ONE, "health_personnel")):
        answer = handed(world, hold, person, to)
        assert isinstance(answer, Hold) and answer.role == to
        # Christmas Eve is worked, Christmas Day and the weekend are not
        assert answer.due_at == datetime(2026, 12, 31, 23, tzinfo=UTC)

    final = now(world, hold)
    assert (final.hops, final.role) == (3, "health_personnel")
    last = handed(world, hold, ONE, "coordinator")
    assert isinstance(last, Hold) and last.role == "decision_authority"
    with pytest.raises(UnusableError, match="already"):
        handed(world, hold, "authority-1", "coordinator")
    for person in (ONE, OTHER):
        says(world, hold, person)
    assert now(world, hold).state == "open"
    says(world, hold, "authority-1")
    assert now(world, hold).state == "released"


def test_a_hold_is_not_handed_to_the_heads_of_services_who_decide_nothing_that_waits(world: World) -> None:
    world.authorise(Official("head-9", HOME, frozenset({"head"}), "nav_social"))
    hold = in_doubt(world)

    with pytest.raises(UnusableError, match="head"):
        handed(world, hold, ONE, "head")
    assert seen(world, "head-9") == []


def test_a_coordinator_sees_who_to_whom_what_kind_why_and_how_long_and_no_content(world: World) -> None:
    answer = shown(world, in_doubt(world), ONE)

    assert isinstance(answer, Shown)
    assert (answer.hold.sender, answer.hold.receiver, answer.people) == ("school", NURSERY.id, 2)
    assert {"sped"} <= set(answer.hold.categories)
    assert set(answer.fields) >= {"title", "description"}
    assert answer.content is None
    assert "Siri" not in str(answer)


def test_the_content_is_shown_to_whoever_the_policy_would_tell_it_and_that_is_recorded(world: World) -> None:
    hold = in_doubt(world)
    child = hold.child or ""
    world.consent(child, "nora", "mother", "father", receivers=frozenset({"municipal_health"}))

    answer = shown(world, hold, "nurse-1")

    assert isinstance(answer, Shown) and answer.content is not None
    assert answer.content["description"] == "with Siri"
    with world.hub.store.begin() as work:
        assert [line.action for line in work.audit.of(HOME, hold.id)] == ["hold.read"]


@pytest.mark.parametrize(
    ("receivers", "content"),
    [
        ({"municipal_health"}, {"1": {"text": "He reads best alone"}, "2": {"facts": {"allergy": "nuts"}}}),
        ({"kindergarten"}, None),
    ],
)
def test_a_held_message_is_shown_only_to_whoever_is_covered_for_all_of_it(
    world: World, receivers: set[str], content: object
) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    world.consent(child, "nora", "mother", "father", receivers=frozenset(receivers))
    some, school = EVERYTHING - {"health"}, frozenset({"school"})
    world.consent(child, "nora", "mother", "father", categories=some, receivers=school)
    alone = {"categories": ["education"], "text": "He reads best alone"}
    world.tell(NURSERY, {**info(alone, ILLNESS), "free_text": True}, INFO.name, receiver="school")
    with world.hub.store.begin() as work:
        (hold,) = work.holds.open(HOME)

    answer = shown(world, hold, "nurse-1")

    assert isinstance(answer, Shown)
    assert (answer.content, answer.fields) == (content, ("1", "2"))
    assert "nora@kindergarten-1" not in str(answer)
    with world.hub.store.begin() as work:
        assert [line.action for line in work.audit.of(HOME, hold.id)] == (["hold.read"] if content else [])


def test_the_sender_is_asked_and_its_answer_returns_to_the_hold(world: World) -> None:
    hold = in_doubt(world)
    with world.hub.store.begin() as work:
        hold_talk.ask_sender(work, world.desk, hold.id, ONE, "does the text name anybody else?")
        asked = questions.of_parts(work, HOME, [hold.part])
    assert [each.words["question"] for each in asked[hold.part]] == ["does the text name anybody else?"]

    with world.hub.store.begin() as work:
        for _ in range(2):
            questions.answer(work, world.desk, asked[hold.part][0], "no, Siri is her bear", "teacher-7")
        again = questions.of_parts(work, HOME, [hold.part])

    answer = shown(world, hold, ONE)
    assert again == {}
    assert isinstance(answer, Shown)
    assert [(each.action, dict(each.words)) for each in answer.moves] == [
        ("asked_sender", {"question": "does the text name anybody else?"}),
        ("answered", {"answer": "no, Siri is her bear"}),
    ]
    assert now(world, hold).state == "open"


def test_a_consent_is_asked_for_and_the_hold_goes_by_itself_when_all_say_yes(world: World) -> None:
    hold = in_doubt(world)
    with world.hub.store.begin() as work:
        request = hold_talk.ask_consent(work, world.desk, hold.id, Judgement(ONE, "the kindergarten helps her read"))
    assert isinstance(request, ConsentRequest)
    assert (request.hold, request.terms.senders) == (hold.id, {"school"})

    told = Evidence("emp-12", world.hub.clock.now(), frozenset(PARTS))
    with world.hub.store.begin() as work:
        for question in request.questions:
            answer(work, world.desk, request.id, Said(question.person, "yes", evidence=told))
    world.hub.facts_changed(hold.child or "")

    assert now(world, hold).state == "lapsed"
    assert "with Siri" in str(world.take(NURSERY))
