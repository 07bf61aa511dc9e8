"""A format that never holds the others' elements says nothing of them by leaving them out."""

from __future__ import annotations

from hub.model.plan import Element, Plan
from hub.sync.merge import Base, Merge, Sender, merge
from hub.sync.version import digest_of

CARRIES = {"measure": frozenset({"title"})}


def measure(id: str, owner: str) -> Element:
    keys = {"case-system": id}
    return Element(id, "measure", owner, frozenset({"care_situation"}), {"title": id}, keys=keys)


def merged(snapshot: str) -> Merge:
    elements = {each.id: each for each in (measure("own", "child_welfare"), measure("theirs", "school"))}
    plan = Plan("p", "9999", "c", 1, elements)
    known = {id: digest_of({"title": id}) for id in elements}
    sender = Sender("case-system", "child_welfare", lambda e: "allowed" if e.owner == "child_welfare" else "propose")
    return merge(plan, {}, snapshot, sender, Base(known, known), CARRIES)  # type: ignore[arg-type]  # a plain str


def test_what_a_case_leaves_out_of_its_own_is_deleted_and_the_others_stay() -> None:
    outcome = merged("own")

    assert [(each.id, each.deleted) for each in outcome.changed] == [("own", True)]
    assert not outcome.proposed


def test_a_full_document_speaks_for_all_it_could_see() -> None:
    outcome = merged("full")

    assert [each.id for each in outcome.changed] == ["own"]
    assert [each.id for each in outcome.proposed] == ["theirs"]


def test_a_partial_document_deletes_nothing() -> None:
    assert not merged("partial").changed
