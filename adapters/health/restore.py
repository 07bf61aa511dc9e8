"""A document back to FHIR: every resource where it stood, and what the hub has written as new entries beside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from adapters.health.complete import Completion, filled
from adapters.health.inline import APART
from adapters.health.marks import KEYS, activity_key, activity_state, expressed
from adapters.health.references import Resource, Unique

MARKS = frozenset({"resource", "entry", "key", "of", "form", "label", "expressed", "state", "url"})

_ORDER = ("CarePlan", "Patient", "CareTeam", "RelatedPerson", "PractitionerRole", "Practitioner", "Goal")
_IN_PLACE = {"needs": "addresses", "notes": "note"}

Owner: TypeAlias = tuple[str, int]
"""`plan` or `team`, and which of them."""


def restore(document: Mapping[str, Any]) -> Resource:
    """The Bundle, or the single resource that the document was read from."""
    entries = [dict(entry) for entry in document.get("entries") or ()]
    fresh: list[Resource] = []
    for child in document.get("children") or ():
        for slot, resource in _Part(child).resources():
            at = slot.get("entry", len(entries))
            if at < len(entries) and entries[at].pop("inlined", False):
                entries[at]["resource"] = resource
            else:
                fresh.append(_entry(slot, resource))
    kept = [entry for entry in entries if "inlined" not in entry] + fresh
    if document.get("lone") and len(kept) == 1:
        return dict(kept[0]["resource"])
    bundle = dict(document.get("bundle") or {"resourceType": "Bundle", "type": "collection"})
    if kept or ("entries" in document and "bundle" in document):
        bundle["entry"] = kept
    return bundle


def _entry(slot: Resource, resource: Resource) -> Resource:
    url = str(slot.get("url") or slot.get("reference"))
    return {"fullUrl": url, "resource": resource} if url.startswith("urn:") else {"resource": resource}


class _Part:
    """One child's part, taken apart again: lists go to their owners, contained resources to their containers."""

    def __init__(self, child: Mapping[str, Any]) -> None:
        self._child = child = _in_company(child)
        self._completion = Completion(child)
        self._lists: dict[Owner, dict[str, list[Resource]]] = defaultdict(lambda: defaultdict(list))
        self._contained: dict[Owner, dict[str, Resource]] = defaultdict(dict)
        self._placed: list[tuple[Resource, Resource]] = []

    def resources(self) -> list[tuple[Resource, Resource]]:
        """Each entry's resource with its slot; new ones in the order in which a reader wants them."""
        if patient := self._child.get("patient"):
            self._place(patient, self._completion.whole(patient, "Patient"), ("plan", 0))
        for slot in self._slots("goals"):
            self._goal(slot)
        for slot in self._activities():
            self._activity(slot)
        for name, element in _IN_PLACE.items():
            for slot in _with_own_keys(self._slots(name), name):
                self._lists["plan", slot.get("of", 0)][element].append(filled(_element(slot), element))
        self._teams()
        self._plans()
        return sorted(self._placed, key=lambda placed: _rank(placed[1]))

    def _slots(self, name: str) -> list[Resource]:
        return list(self._child.get(name) or ())

    def _goal(self, slot: Resource) -> None:
        reference = _element(slot)
        if "resource" in slot:
            goal = self._completion.whole(slot, "Goal")
            if (who := slot.get("expressed")) != expressed(goal):
                goal = {name: value for name, value in goal.items() if name != "expressedBy"}
                if who is not None:
                    goal["expressedBy"] = {**(self._completion.subject if who == "Patient" else {}), "type": who}
            reference |= self._place(slot, goal, self._plan_of(slot))
        self._refer(slot, "goal", reference)

    def _activities(self) -> Iterator[Resource]:
        """A `detail` has no id of its own: where its words have changed, it keeps its key as its element id."""
        plans = [(slot or {}).get("resource") or {} for slot in (self._child.get("plan"), *self._slots("plans"))]
        unique = Unique()
        for slot in self._slots("activities"):
            natural = unique(activity_key(slot, plans[max(slot.get("of", 0), 0)]))
            changed = "detail" in slot and slot.get("key", natural) != natural
            yield {**slot, "id": slot["key"]} if changed else slot

    def _activity(self, slot: Resource) -> None:
        activity = _element(slot)
        if "resource" in slot:
            reference = slot.get("reference") or {}
            held = {**slot, **({"reference": reference["reference"]} if "reference" in reference else {})}
            request = self._completion.whole(held, "ServiceRequest")
            if slot.get("form") == "request":
                request = _in_state(request, slot.get("state"))
            activity["reference"] = {**reference, **self._place(held, request, self._plan_of(slot))}
        elif "detail" in slot:
            activity["detail"] = filled(slot["detail"], "detail")
        self._refer(slot, "activity", activity)

    def _teams(self) -> None:
        members = list(_with_own_keys(self._slots("team"), "team"))
        teams = self._slots("teams")
        if not teams and any(slot.get("of") != APART for slot in members):
            teams = [{"resource": {}}]
        for slot in members:
            of = slot.get("of", 0)
            if "resource" in slot:
                reference = (slot.get("member") or {}).get("reference")
                in_plan = 0 <= of < len(teams) and str(teams[of].get("reference")).startswith("#")
                holder = self._plan_of(teams[of]) if in_plan else ("team", of)
                self._place({**slot, "reference": reference}, slot["resource"], holder)
            if of != APART:
                self._lists["team", of]["participant"].append(_element(slot))
        for of, slot in enumerate(teams):
            reference = _element(slot)
            if "resource" in slot:
                team = self._owning(self._completion.whole(slot, "CareTeam"), ("team", of))
                reference |= self._place(slot, team, self._plan_of(slot))
            self._refer(slot, "careTeam", reference)

    def _plans(self) -> None:
        plans = [slot for slot in (self._child.get("plan"), *self._slots("plans")) if slot]
        if not plans and (any(owner[0] == "plan" for owner in self._lists) or self._is_bare()):
            plans = [{"resource": {}}]
        for of, slot in enumerate(plans):
            self._place(slot, self._owning(self._completion.whole(slot, "CarePlan"), ("plan", of)), ("plan", of))

    def _is_bare(self) -> bool:
        """A view in which nothing is left names its child still: an empty plan takes the place of what there was."""
        return bool(self._child) and not self._placed and not self._child.keys() - {"id", "identifier"}

    def _plan_of(self, slot: Resource) -> Owner:
        return "plan", slot.get("of", 0)

    def _refer(self, slot: Resource, name: str, element: Resource) -> None:
        if slot.get("of") != APART:
            self._lists[self._plan_of(slot)][name].append(element)

    def _place(self, slot: Resource, resource: Resource, container: Owner) -> Resource:
        """Keeps the resource for its container or its entry; gives a reference where nothing refers to it yet."""
        reference = slot.get("reference")
        if isinstance(reference, str) and reference.startswith("#"):
            self._contained[container][resource["id"]] = resource
            return {}
        if "entry" in slot or reference:
            self._placed.append((slot, resource))
            return {}
        url = self._completion.url(resource)
        self._placed.append(({**slot, "url": url}, resource))
        return {"reference": url}

    def _owning(self, resource: Resource, owner: Owner) -> Resource:
        """The owner with its lists, and with the contained resources that were taken out of it."""
        resource |= self._lists.get(owner, {})
        if stubs := resource.get("contained"):
            back = self._contained[owner]
            kept = [back.get(stub["id"]) if stub.get("inlined") else stub for stub in stubs]
            resource["contained"] = [each for each in kept if each is not None]
            if not resource["contained"]:
                del resource["contained"]
        return resource


def _in_company(child: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part, in which a resource that came alone is referred to as soon as it stands beside others."""
    lists = {
        name: child[name] for name in ("goals", "activities", "needs", "notes", "teams", "team") if child.get(name)
    }
    # Those in a team are in its company, so they do not count where there is one.
    company = [slot for name, slots in lists.items() for slot in slots if name != "team" or "teams" not in lists]
    alone = [slot for slot in company if slot.get("of") == APART]
    if not alone or (len(alone) == len(company) and "plan" not in child and "patient" not in child):
        return child
    return {**child, **{name: [_referred(name, slot) for slot in slots] for name, slots in lists.items()}}


def _referred(name: str, slot: Resource) -> Resource:
    if slot.get("of") != APART or "id" not in slot["resource"]:
        return slot
    reference: Any = {"reference": f"{slot['resource']['resourceType']}/{slot['resource']['id']}"}
    wrapped = {"activities": {"reference": reference}, "team": {"member": reference}}.get(name, reference)
    return {**{mark: value for mark, value in slot.items() if mark != "of"}, **wrapped}


def _element(slot: Resource) -> Resource:
    """The FHIR element of a slot, without our marks."""
    return {name: value for name, value in slot.items() if name not in MARKS}


def _with_own_keys(slots: list[Resource], name: str) -> Iterator[Resource]:
    """The items of a list that has no ids; one whose key is not the one it would get carries it as its element id."""
    unique = Unique()
    for slot in slots:
        natural = unique(KEYS[name](slot))
        yield slot if slot.get("key", natural) == natural else {**slot, "id": slot["key"]}


def _in_state(request: Resource, state: str | None) -> Resource:
    """The request in the state the mapping says: a proposal is an intent in FHIR and a status in the plan."""
    if state == activity_state(request):
        return request
    intent = "plan" if request.get("intent") == "proposal" else request["intent"]
    if state == "proposal":
        return {**request, "intent": "proposal", "status": "draft"}
    return {**request, "intent": intent, "status": state or "unknown"}


def _rank(resource: Resource) -> int:
    kind = resource["resourceType"]
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)
