"""The system whose document is merged, as the merge sees it: what it may change, and what its format can say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from hub.mapping import Lens
from hub.model.change import Item, Portion
from hub.model.plan import UNCLASSIFIED, Content, Element, Kind
from hub.model.responsibility import Facts
from hub.model.service import PROVIDER, System
from hub.policy import client_relation, gate, hides_client, names_client, reveals
from hub.policy.scale import PLAN_ONLY
from hub.ports import Part
from hub.routing.hidden import placeless
from hub.routing.unnamed import unnamed
from hub.sync import as_shown
from hub.sync.merge import Permission, Sender

NAMING = frozenset({"participant", "cooperation"})
"""Kinds whose `service` names one."""


def sender_of(system: System, part: Part, lens: Lens, facts: Facts, now: datetime) -> Sender:
    """The sender of one part, whose document this lens reads."""
    return Sender(
        system.id,
        system.service,
        lambda element: may(element, system, facts, now),
        part.about if part.about != part.child else None,
        sayable(lens),
        labelled(lens),
        lambda kind, item: revealed(system.service, kind, item),
        shown(facts, system, now),
    )


def shown(facts: Facts, system: System, now: datetime) -> Callable[[Element, Item], Element]:
    """An element as this system knows it: it has never seen what people, hiding or a pseudonym kept from it."""
    told = as_shown(facts.releases.values(), system.id)
    hides = facts.child.protection == "strictly_confidential"

    def known(element: Element, item: Item) -> Element:
        if element.owner == system.service:
            return element if hides else told(element)
        seen = placeless(told(element)) if hides else told(element)
        return unnamed(seen) if _is_unnamed(element, item, facts, system, now) else seen

    return known


def _is_unnamed(element: Element, item: Item, facts: Facts, system: System, now: datetime) -> bool:
    """Whether this system was not told whose it is: its document says so, or today's facts do."""
    if item.owner == PROVIDER:
        return True
    if names_client(facts, system.party, element, now):
        return True
    shows_itself = client_relation(element.owner) <= element.categories
    return not shows_itself and hides_client(facts, system.party, element.owner, now)


def revealed(service: str, kind: Kind, item: Item) -> frozenset[str]:
    """What a service reveals by saying this at all.

    Where its own label names something else, and nothing of its trade, only that it says so would reveal it: then the
    receiver may have it, without its owner's name (RED-02). A row that says who takes part has nothing else to tell.
    """
    found = reveals(service)
    named = (item.named or frozenset()) - {*PLAN_ONLY, UNCLASSIFIED}
    return frozenset() if named and kind not in NAMING and found.isdisjoint(item.categories) else found


def revealing(portion: Portion) -> Portion:
    """That a service takes part tells of a client relation: the row carries that service's categories (RED-02)."""
    return {
        kind: {key: _revealing(item) if kind in NAMING else item for key, item in items.items()}
        for kind, items in portion.items()
    }


def _revealing(item: Item) -> Item:
    found = reveals(str(item.content.get("service") or ""))
    return item if found <= item.categories else item._replace(categories=item.categories | found)


def may(element: Element, system: System, facts: Facts, now: datetime) -> Permission:
    """Asks the coordination gate about one element as it would become."""
    kind = "note" if is_own_contact(element, system.service) else element.kind
    return gate(facts, system.party, kind=kind, owner=element.owner, now=now).answer


def is_own_contact(element: Element, service: str) -> bool:
    """Whom to call at a service, and who the child's own people are, is for the service to say; the team is not."""
    role = element.content.get("role")
    return element.kind == "participant" and element.owner == service and role in ("contact", "guardian")


def sayable(lens: Lens) -> Callable[[Element], Content]:
    """What of an element's content a format can say: a code its table lacks is not taken away by silence."""

    def says(element: Element) -> Content:
        item = Item(element.content, element.categories, element.about, element.free_text)
        fitted = lens.cut({element.kind: {"": item}}).get(element.kind, {}).get("")
        return fitted.content if fitted else {}

    return says


def labelled(lens: Lens) -> Callable[[Element], frozenset[str] | None]:
    """What the label names that is written for an element in a format."""
    return lambda element: lens.label_of(element.kind, Item(element.content, element.categories))
