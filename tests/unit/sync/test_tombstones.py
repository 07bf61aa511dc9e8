"""A document that says an item is deleted deletes it, whatever its absence would have meant."""

from __future__ import annotations

from dataclasses import replace

from hub.model.change import Item
from hub.model.plan import Element, Kind, Plan
from hub.sync.merge import Base, Merge, Sender, merge
from hub.sync.version import GONE, digest_of

CARRIES: dict[Kind, frozenset[str]] = {"participant": frozenset({"name"})}
DELETED = Item({}, frozenset({"education"}), deleted=True)
SENDER = Sender("roster", "school", lambda _: "allowed")


def merged(contact: Element | None) -> Merge:
    plan = Plan("p", "9999", "c", 1, {contact.id: contact} if contact else {})
    known = {contact.id: digest_of(dict(contact.content))} if contact else {}
    return merge(plan, {"participant": {"k": DELETED}}, "partial", SENDER, Base(known, known), CARRIES)


def _contact(deleted: bool = False) -> Element:
    content = {} if deleted else {"name": "Kari"}
    keys = {"roster": "k"}
    return Element("e", "participant", "school", frozenset({"education"}), content, keys=keys, deleted=deleted)


def test_an_item_the_document_says_is_deleted_becomes_a_tombstone() -> None:
    outcome = merged(_contact())

    assert [(each.id, each.deleted, each.content) for each in outcome.changed] == [("e", True, {})]
    assert outcome.sent == {"e": GONE}


def test_what_is_deleted_already_is_no_change() -> None:
    assert not merged(_contact(deleted=True)).changed


def test_what_the_plan_never_had_is_no_change() -> None:
    outcome = merged(None)

    assert (outcome.changed, outcome.plan.version) == ([], 1)


def test_an_older_copy_of_what_it_has_deleted_since_is_not_taken_for_what_it_holds() -> None:
    """Its owner has restored it meanwhile: whoever deleted it is to be told so."""
    contact = replace(_contact(), owner="health")
    value = digest_of(dict(contact.content))
    base = Base({"e": GONE}, {"e": GONE}, {"e": value}, later=False)
    plan, said = Plan("p", "9999", "c", 1, {"e": contact}), Item(contact.content, frozenset({"education"}))

    outcome = merge(plan, {"participant": {"k": said}}, "partial", SENDER, base, CARRIES)

    assert (outcome.changed, outcome.proposed, outcome.sent) == ([], [], {"e": GONE})
