"""A FHIR resource as a document: one item a child, and each entry inlined where a mapping row first meets it.

    {"bundle": {…}, "children": [child, …], "entries": [what lies beside, and what no row reaches, in order]}
    child: {"id", "identifier", "patient", "plan", "plans", "goals", "activities", "needs", "notes", "teams", "team"}

A lens names one list a section, and a child may have several CarePlans; so the lists of all of them are joined, and
`of` says which one an item belongs to. An item is the FHIR element itself with marks that FHIR does not know:
`resource` (what its reference leads to), `entry` (where that stood), `key`, `form` (which section reads it; none where
no row may), `label` (its security labels), `state` and `expressed`. `unread` counts what no row reaches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from adapters.health.complete import bare
from adapters.health.marks import (
    activity_form,
    activity_key,
    activity_state,
    expressed,
    labels,
    member_form,
    need_key,
    note_key,
    participant_key,
)
from adapters.health.references import FOLLOWED, Entries, Resource, Unique, contained, digest, tail

APART = -1
"""`of` of an item that belongs to no plan: a resource that came alone."""


def inline(resource: Resource) -> dict[str, Any]:
    """The document of a Bundle or of a single resource; takes the resource apart."""
    if resource["resourceType"] != "Bundle":
        entries = Entries([{"resource": resource}])
        return {"lone": True, "children": _alone(entries), "entries": entries.entries}
    entries = Entries(resource.get("entry", []))
    bundle = {name: value for name, value in resource.items() if name != "entry"}
    children = list(_children(entries, labels(bundle)))
    if len(children) == 1 and (rest := _unread(entries)):
        children[0]["unread"] = rest
    return {"bundle": bundle, "children": children} | ({"entries": entries.entries} if "entry" in resource else {})


def _unread(entries: Entries) -> dict[str, int]:
    """How many entries of each type no row reaches: what a report of unmapped places can say of them."""
    return dict(Counter(entry["resource"]["resourceType"] for entry in entries.entries if entry.get("resource")))


def _children(entries: Entries, around: frozenset[str]) -> Iterator[dict[str, Any]]:
    """A child a subject of a CarePlan; in a Bundle without plans, a child a Patient."""
    plans: dict[object, list[int]] = {}
    for at in entries.of("CarePlan"):
        subject = _subject(entries, entries.entries[at]["resource"]["subject"], at)
        if subject is not None:
            plans.setdefault(subject, []).append(at)
    for positions in plans.values():
        yield _Child(entries, around).with_plans(positions)
    for at in () if plans else entries.of("Patient"):
        yield _Child(entries, around).with_patient(at)


def _subject(entries: Entries, subject: Resource, plan: int) -> object:
    """What tells one child's plans from another's; `None` for a group."""
    reference = str(subject.get("reference") or "")
    at = entries.find(reference)
    kind = subject.get("type") if at is None else (entries.entries[at].get("resource") or {}).get("resourceType")
    if kind == "Group" or reference.startswith("Group/"):
        return None
    if at is not None or reference.startswith("#"):
        return plan if at is None else (at, "entry")
    identifier = subject.get("identifier") or {}
    return reference or (identifier.get("system"), identifier.get("value"), None if identifier else plan)


def _alone(entries: Entries) -> list[dict[str, Any]]:
    """The one child of a resource that came without a Bundle."""
    kind = entries.entries[0]["resource"]["resourceType"]
    if kind in ("CarePlan", "Patient"):
        return list(_children(entries, frozenset()))
    return [_Child(entries, frozenset()).with_one(kind)]


class _Child:
    """Gathers one child's part, in the order in which a reader of the plan meets the entries."""

    def __init__(self, entries: Entries, around: frozenset[str]) -> None:
        self._entries = entries
        self._around = around
        self._part: dict[str, Any] = {}
        self._keys: dict[str, Unique] = {}

    def with_plans(self, positions: list[int]) -> dict[str, Any]:
        """The first active plan is the plan; the others only lend it their lists."""
        resources = [self._entries.entries[at]["resource"] for at in positions]
        first = next((at for at, plan in enumerate(resources) if plan.get("status") == "active"), 0)
        positions = [positions[first], *positions[:first], *positions[first + 1 :]]
        slots: list[Resource] = [{"resource": self._entries.lift(at), "entry": at} for at in positions]
        for slot in slots:
            bare(slot["resource"], "CarePlan")
            self._mark(slot, slot["resource"])
        self._part = {"plan": slots[0]} | ({"plans": slots[1:]} if slots[1:] else {})
        self._name_child(slots[0]["resource"]["subject"], slots[0]["resource"])
        for of, slot in enumerate(slots):
            self._plan_lists(slot["resource"], of)
        return self._part

    def with_patient(self, at: int) -> dict[str, Any]:
        url = self._entries.entries[at].get("fullUrl")
        resource = self._entries.lift(at)
        self._part = {"patient": {"resource": resource, "entry": at} | ({"url": url} if url else {})}
        if "id" in resource:
            self._part["id"] = resource["id"]
        return self._part

    def with_one(self, kind: str) -> dict[str, Any]:
        resource = self._entries.lift(0)
        subject = resource.get("patient" if kind == "RelatedPerson" else "subject") or {}
        self._name_child(subject, {})  # a contained Patient stays where it is: there is no plan to read it with
        slot: dict[str, Any] = {"resource": resource, "entry": 0, "of": APART}
        match kind:
            case "Goal":
                self._goal(slot, resource)
            case "ServiceRequest":
                self._activity(slot, resource)
            case "CareTeam":
                self._team(slot, resource)
            case _:
                self._participant(slot, resource)
        return self._part

    def _name_child(self, subject: Resource, container: Resource) -> None:
        reference = subject.get("reference")
        slot: Resource = {}
        self._follow(slot, reference, "CarePlan.subject", container)
        if slot:
            self._part["patient"] = slot
        own = None if str(reference).startswith("#") else slot.get("resource", {}).get("id") or tail(reference)
        if own:
            self._part["id"] = own
        if "identifier" in subject:
            self._part["identifier"] = [subject["identifier"]]

    def _plan_lists(self, plan: Resource, of: int) -> None:
        for slot in _lift(plan, "goal", of):
            self._follow(slot, slot.get("reference"), "CarePlan.goal", plan)
            self._goal(slot, plan)
        for slot in _lift(plan, "activity", of):
            self._follow(slot, (slot.get("reference") or {}).get("reference"), "CarePlan.activity.reference", plan)
            self._activity(slot, plan)
        for slot in _lift(plan, "addresses", of):
            named = "display" in slot or "reference" not in slot
            self._add("needs", slot | ({"form": "named"} if named else {}), need_key(slot), plan)
        for slot in _lift(plan, "note", of):
            bare(slot, "note")
            self._add("notes", slot | {"form": "note"}, note_key(slot), plan)
        for slot in _lift(plan, "careTeam", of):
            self._follow(slot, slot.get("reference"), "CarePlan.careTeam", plan)
            self._team(slot, plan)

    def _goal(self, slot: Resource, plan: Resource) -> None:
        if goal := slot.get("resource"):
            bare(goal, "Goal")
            slot["form"] = "goal"
            if who := expressed(goal):
                slot["expressed"] = who
        self._add("goals", slot, (goal or {}).get("id") or tail(slot.get("reference")) or digest(slot), plan)

    def _activity(self, slot: Resource, plan: Resource) -> None:
        bare(slot.get("resource") or {}, "ServiceRequest")
        if slot.get("detail"):
            bare(slot["detail"], "detail")
        if form := activity_form(slot):
            slot["form"] = form
        if form == "request" and (state := activity_state(slot["resource"])):
            slot["state"] = state
        self._add("activities", slot, activity_key(slot, plan), plan)

    def _team(self, slot: Resource, plan: Resource) -> None:
        of = len(self._part.setdefault("teams", []))
        self._part["teams"].append(slot)
        if team := slot.get("resource"):
            holder = plan if str(slot.get("reference")).startswith("#") else team
            for member in _lift(team, "participant", of):
                reference = (member.get("member") or {}).get("reference")
                self._follow(member, reference, "CareTeam.participant.member", holder)
                self._participant(member, team)

    def _participant(self, slot: Resource, team: Resource) -> None:
        if form := member_form(slot):
            slot["form"] = form
        self._add("team", slot, participant_key(slot), team)

    def _follow(self, slot: Resource, reference: object, path: str, container: Resource) -> None:
        if isinstance(reference, str) and reference.startswith("#"):
            if resource := contained(container, reference, FOLLOWED[path]):
                slot["resource"] = resource
                if path == "CarePlan.subject":
                    slot["reference"] = reference
        elif taken := self._entries.take(reference, FOLLOWED[path]):
            slot["entry"], slot["resource"] = taken

    def _add(self, name: str, slot: Resource, key: str, owner: Resource) -> None:
        slot["key"] = self._keys.setdefault(name, Unique())(key)
        self._mark(slot, owner, slot.get("resource", {}))
        self._part.setdefault(name, []).append(slot)

    def _mark(self, slot: Resource, *labelled: Resource) -> None:
        codes = self._around.union(*(labels(resource) for resource in labelled))
        if codes:
            slot["label"] = sorted(codes)


def _lift(owner: Resource, name: str, of: int) -> list[Resource]:
    """The items of a list, out of their owner; an empty list stays where it is."""
    if not owner.get(name):
        return []
    return [{**item, "of": of} if of else dict(item) for item in owner.pop(name)]
