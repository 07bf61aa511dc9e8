"""Plans and elements as JSON values and back: the one spelling that storage keeps and the schema describes."""

from __future__ import annotations

from typing import Any

from hub.model.change import Item, Portion
from hub.model.content import FIELDS
from hub.model.plan import Element, Plan


def element_to_json(element: Element) -> dict[str, Any]:
    """A dict ready for orjson. Marks at their default are left out; categories sorted, so equal is equal in bytes."""
    json: dict[str, Any] = {
        "id": element.id,
        "kind": element.kind,
        "owner": element.owner,
        "categories": sorted(element.categories),
        "content": element.content,
    }
    if element.about != "child":
        json["about"] = element.about
    if element.free_text:
        json["free_text"] = True
    if element.person is not None:
        json["person"] = element.person
    if element.keys:
        json["keys"] = element.keys
    if element.deleted:
        json["deleted"] = True
    if element.digest:
        json["digest"] = element.digest
    if element.labels:
        json["labels"] = element.labels
    return json


def element_from_json(json: dict[str, Any]) -> Element:
    """The inverse of `element_to_json`; trusts its input, which only the hub writes."""
    find = json.get
    return Element(
        json["id"],
        json["kind"],
        json["owner"],
        frozenset(json["categories"]),
        json["content"],
        find("about", "child"),
        find("free_text", False),
        find("person"),
        find("keys") or {},
        find("deleted", False),
        find("digest", ""),
        {system: tuple(map(tuple, said)) for system, said in find("labels", {}).items()},
    )


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """A dict ready for orjson; the elements as a list, each with its own id, in the plan's order."""
    return {
        "id": plan.id,
        "municipality": plan.municipality,
        "child": plan.child,
        "version": plan.version,
        "elements": [element_to_json(element) for element in plan.elements.values()],
    }


def plan_from_json(json: dict[str, Any]) -> Plan:
    """The inverse of `plan_to_json`."""
    elements = [element_from_json(element) for element in json["elements"]]
    return Plan(
        json["id"], json["municipality"], json["child"], json["version"], {element.id: element for element in elements}
    )


def item_to_json(item: Item) -> dict[str, Any]:
    """Marks at their default are left out, as for elements."""
    json: dict[str, Any] = {"content": item.content, "categories": sorted(item.categories)}
    if item.about != "child":
        json["about"] = item.about
    if item.free_text:
        json["free_text"] = True
    if item.owner is not None:
        json["owner"] = item.owner
    if item.deleted:
        json["deleted"] = True
    return json


def portion_to_json(portion: Portion) -> dict[str, Any]:
    """Items by kind and key: what `langbenk translate` prints and a mapping's examples hold."""
    return {kind: {key: item_to_json(item) for key, item in items.items()} for kind, items in portion.items()}


def portion_from_json(json: dict[str, Any]) -> Portion:
    """The inverse of `portion_to_json`; leaves out kinds the plan does not have."""
    return {kind: {key: _item(item) for key, item in json[kind].items()} for kind in FIELDS if kind in json}


def _item(json: dict[str, Any]) -> Item:
    find = json.get
    return Item(
        json["content"],
        frozenset(json["categories"]),
        find("about", "child"),
        find("free_text", False),
        find("owner"),
        find("deleted", False),
    )
