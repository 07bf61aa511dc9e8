"""Three-way merge: who changed what since they last saw it, and what their silence means."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hub.model.change import Item
from hub.model.plan import Element, Plan
from hub.sync import cut_view, digest_of, merge, rebased, stamped
from hub.sync.keys import given_key, new_id
from hub.sync.merge import Base, Merge, Permission, Sender

FIELDS = {"measure": frozenset({"title", "status"}), "goal": frozenset({"title"})}
EDUCATION = frozenset({"education"})


def measure(id: str, owner: str, **content: str) -> Element:
    return stamped(Element(id, "measure", owner, EDUCATION, content))


def plan(*elements: Element) -> Plan:
    return Plan("p", "9999", "c", 3, {element.id: element for element in elements})


def school(may: Permission | None = None) -> Sender:
    def asked(element: Element) -> Permission:
        return may or ("allowed" if element.owner == "school" else "propose")

    return Sender("school-1", "school", asked)


def document(**titles: str) -> dict[str, dict[str, Item]]:
    return {"measure": {key: Item({"title": title}, EDUCATION) for key, title in titles.items()}}


def told(
    document: dict[str, dict[str, Item]], at: Plan, base: Base | None = None, sender: Sender | None = None
) -> Merge:
    return merge(at, document, "full", sender or school(), base or Base({}, {}), FIELDS)


def test_a_new_item_becomes_an_element_of_the_senders_service_with_the_same_id_every_time() -> None:
    first = told(document(m1="Read"), plan())
    again = told(document(m1="Read"), plan())

    (element,) = first.changed
    assert (element.owner, element.content, element.keys) == ("school", {"title": "Read"}, {"school-1": "m1"})
    assert element == again.changed[0]
    assert first.plan.version == 4


def test_saying_the_same_again_makes_no_version() -> None:
    first = told(document(m1="Read"), plan())

    again = told(document(m1="Read"), first.plan, Base(first.seen, first.sent))

    assert (again.changed, again.plan.version) == ([], 4)


def test_an_edit_of_anothers_element_is_proposed_and_the_plan_stays() -> None:
    at = plan(measure("e1", "health", title="Swim"))

    outcome = told({"measure": {given_key("e1", "school-1"): Item({"title": "Dive"}, EDUCATION)}}, at)

    assert [element.content["title"] for element in outcome.proposed] == ["Dive"]
    assert outcome.plan == at


def test_the_echo_of_what_it_was_sent_is_no_edit_though_the_plan_has_moved_on() -> None:
    at = plan(measure("e1", "health", title="Swim faster"))
    sent = {"e1": digest_of({"title": "Swim"})}

    outcome = told({"measure": {given_key("e1", "school-1"): Item({"title": "Swim"}, EDUCATION)}}, at, Base({}, sent))

    assert (outcome.changed, outcome.proposed) == ([], [])


def test_its_own_element_left_out_of_a_full_document_is_deleted() -> None:
    first = told(document(m1="Read", m2="Write"), plan())

    outcome = told(document(m1="Read"), first.plan, Base(first.seen, first.sent))

    assert [(element.deleted, element.content) for element in outcome.changed] == [(True, {})]


@given(st.sets(st.sampled_from(["e1", "e2", "e3"])), st.sets(st.sampled_from(["e1", "e2", "e3"])))
def test_a_write_back_never_erases_what_the_writer_was_not_shown(shown: set[str], sent_back: set[str]) -> None:
    at = plan(*(measure(id, "health", title=id) for id in ("e1", "e2", "e3")))
    cut = cut_view(at, shown, FIELDS)
    known = dict(cut.digests)
    items = {given_key(id, "school-1"): Item({"title": id}, EDUCATION) for id in sent_back & shown}

    outcome = told({"measure": items}, at, Base(known, known), school("allowed"))

    assert {id for id, element in outcome.plan.elements.items() if element.deleted} == shown - sent_back


def test_an_absence_from_someone_who_never_had_it_in_hand_deletes_nothing() -> None:
    at = plan(measure("e1", "health", title="Swim"))
    only_sent = Base({}, {"e1": digest_of({"title": "Swim"})})

    outcome = told(document(), at, only_sent, school("allowed"))

    assert outcome.changed == []


def test_fields_its_format_cannot_carry_survive_an_edit_by_the_owner() -> None:
    at = plan(replace(measure("e1", "school", title="Read", how="aloud"), keys={"school-1": "m1"}))

    outcome = told(document(m1="Read twice"), at)

    assert outcome.changed[0].content == {"title": "Read twice", "how": "aloud"}


def test_nobody_but_the_owner_takes_a_category_away() -> None:
    secret = stamped(Element("e1", "measure", "health", frozenset({"health", "mental_health"}), {"title": "Talk"}))

    outcome = told({"measure": {given_key("e1", "school-1"): Item({"title": "Walk"}, EDUCATION)}}, plan(secret))

    assert outcome.proposed[0].categories == {"health", "mental_health", "education"}


def test_what_the_service_itself_reveals_is_on_all_it_says() -> None:
    bup = Sender("bup-1", "bup", lambda element: "allowed", reveals=lambda kind, item: frozenset({"mental_health"}))

    outcome = told(document(m1="Talk"), plan(), sender=bup)

    assert outcome.changed[0].categories == {"education", "mental_health"}


def test_the_id_of_an_element_tells_neither_plan_nor_key() -> None:
    assert "m1" not in new_id("plan-of-nora", "school-1", "school", "measure", "m1")


def relabelled(item: Item, at: Plan) -> Merge:
    key = given_key(next(iter(at.elements)), "school-1")
    return told({"measure": {key: item}}, at)


def test_a_category_its_owner_adds_counts_though_the_words_are_the_same() -> None:
    at = plan(measure("e1", "school", title="Read"))

    outcome = relabelled(Item({"title": "Read"}, EDUCATION | {"sped"}), at)

    assert outcome.plan.elements["e1"].categories == {"education", "sped"}
    assert outcome.plan.elements["e1"].digest != at.elements["e1"].digest


def test_whom_its_owner_says_it_is_about_counts_though_the_words_are_the_same() -> None:
    at = plan(measure("e1", "school", title="Read"))

    outcome = relabelled(Item({"title": "Read"}, EDUCATION, "parent"), at)

    assert outcome.plan.elements["e1"].about == "parent"


def test_silence_takes_no_mark_away_and_anothers_echo_adds_none() -> None:
    strict = measure("e1", "school", title="Read")
    strict = stamped(replace(strict, categories=EDUCATION | {"sped"}, about="parent"))
    others = measure("e1", "health", title="Swim")

    assert relabelled(Item({"title": "Read"}, EDUCATION), plan(strict)).changed == []
    assert relabelled(Item({"title": "Swim"}, EDUCATION | {"sped"}), plan(others)).changed == []


def test_an_accepted_proposal_undoes_nothing_that_came_after_it_was_made() -> None:
    base = measure("e1", "health", title="Swim", status="active")
    proposed = stamped(replace(base, content={"title": "Dive", "status": "active"}))
    now = stamped(replace(base, content={"title": "Swim", "status": "completed"}, categories=EDUCATION | {"health"}))

    accepted = rebased(proposed, base, now)

    assert accepted.content == {"title": "Dive", "status": "completed"}
    assert accepted.categories == {"education", "health"}


def test_an_accepted_deletion_is_a_tombstone_of_the_element_as_it_is() -> None:
    base = measure("e1", "health", title="Swim")
    now = stamped(replace(base, categories=EDUCATION | {"health"}))

    accepted = rebased(stamped(replace(base, content={}, deleted=True)), base, now)

    assert (accepted.deleted, accepted.content, accepted.categories) == (True, {}, {"education", "health"})


IDENTITY = {"identity": frozenset({"fact", "value"}), "frame": frozenset({"title"})}


def states(guess: str, at: Plan) -> tuple[int, int]:
    """How many changes and how many proposals a school's guess at the address leads to."""
    said = {"identity": {"address": Item({"fact": "address", "value": guess}, EDUCATION)}}
    outcome = merge(at, said, "partial", school(), Base({}, {}), IDENTITY)
    return len(outcome.changed), len(outcome.proposed)


def test_a_guess_at_a_withheld_fact_gets_the_same_answer_right_or_wrong_or_unsaid() -> None:
    said = {"fact": "address", "value": "Secret road 1"}
    secret = stamped(Element("a1", "identity", "health", EDUCATION, said, keys={"": "address"}))

    answers = {
        states("Secret road 1", plan(secret)),
        states("Elsewhere 2", plan(secret)),
        states("Elsewhere 2", plan()),
    }

    assert answers == {(1, 0)}


def test_a_guess_at_a_withheld_title_gets_the_same_answer_right_or_wrong_or_unsaid() -> None:
    def answered(guess: str, at: Plan) -> tuple[int, int]:
        said = {"frame": {"": Item({"title": guess}, EDUCATION)}}
        outcome = merge(at, said, "partial", school("propose"), Base({}, {}), IDENTITY)
        return len(outcome.changed), len(outcome.proposed)

    frame = stamped(
        Element(
            new_id("p", "h", "health", "frame", ""), "frame", "health", EDUCATION, {"title": "Secret"}, keys={"": ""}
        )
    )

    assert {answered("Secret", plan(frame)), answered("Open", plan(frame)), answered("Open", plan())} == {(0, 1)}


def test_the_echo_of_a_fact_that_was_sent_is_no_second_fact() -> None:
    said = {"fact": "name", "value": "Nora"}
    name = stamped(Element("n1", "identity", "health", EDUCATION, said, keys={"": "name"}))
    base = Base({}, {"n1": digest_of(said)})

    outcome = merge(plan(name), {"identity": {"name": Item(said, EDUCATION)}}, "partial", school(), base, IDENTITY)

    assert (outcome.changed, outcome.proposed) == ([], [])


def test_a_receiver_gets_one_name_its_own_first() -> None:
    names = [
        stamped(Element(owner, "identity", owner, EDUCATION, {"fact": "name", "value": owner}, keys={"": "name"}))
        for owner in ("health", "school")
    ]

    assert [each.owner for each in cut_view(plan(*names), ["health", "school"], IDENTITY, "school").elements] == [
        "school"
    ]
