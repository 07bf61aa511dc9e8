"""References between the entries of a Bundle: what each leads to, and which of them a mapping row follows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Any, TypeAlias

Resource: TypeAlias = dict[str, Any]

FOLLOWED: dict[str, tuple[str, ...]] = {
    "CarePlan.subject": ("Patient",),
    "CarePlan.goal": ("Goal",),
    "CarePlan.activity.reference": ("ServiceRequest",),
    "CarePlan.careTeam": ("CareTeam",),
    "CareTeam.participant.member": ("RelatedPerson", "PractitionerRole", "Practitioner"),
}
"""The references that a row of `mappings/health/fhir-bundle.v1.yaml` follows, and the types it can read there."""

_ID = re.compile(r"[A-Za-z0-9.-]{1,64}$", re.ASCII)
_VERSION = re.compile(r"/_history/[^/]*$")


class Entries:
    """The entries of a Bundle, found by reference; each can be taken once."""

    def __init__(self, entries: list[dict[str, Any]]) -> None:
        self.entries = entries
        self._by_url: dict[str, int] = {}
        self._by_id: dict[str, int] = {}
        for position, entry in enumerate(entries):
            if isinstance(url := entry.get("fullUrl"), str):
                self._by_url.setdefault(url, position)
            resource = entry.get("resource")
            if resource and "id" in resource:
                self._by_id.setdefault(f"{resource['resourceType']}/{resource['id']}", position)

    def of(self, *types: str) -> list[int]:
        """Positions of the entries of these types that nobody has taken, in order."""
        return [
            at for at, entry in enumerate(self.entries) if (entry.get("resource") or {}).get("resourceType") in types
        ]

    def find(self, reference: str) -> int | None:
        """The position a reference leads to, by `fullUrl` first and by type and id after."""
        bare = _VERSION.sub("", reference)
        found = self._by_url.get(bare)
        return self._by_id.get("/".join(bare.rsplit("/", 2)[-2:])) if found is None else found

    def take(self, reference: object, types: Iterable[str]) -> tuple[int, Resource] | None:
        """The resource a reference leads to, out of its entry, where it is of these types and still there."""
        position = self.find(reference) if isinstance(reference, str) else None
        if position is None:
            return None
        resource = self.entries[position].get("resource")
        return (position, self.lift(position)) if resource and resource["resourceType"] in types else None

    def lift(self, position: int) -> Resource:
        """The resource out of its entry; what lies beside it stays there, marked."""
        entry = self.entries[position]
        entry["inlined"] = True
        resource: Resource = entry.pop("resource")
        return resource


def contained(container: Resource, reference: str, types: Iterable[str]) -> Resource | None:
    """A contained resource (`#id`) out of its container, where a marked stub keeps its place."""
    for position, resource in enumerate(container.get("contained") or ()):
        if resource.get("id") == reference[1:] and resource.get("resourceType") in types:
            container["contained"][position] = {"id": resource["id"], "inlined": True}
            return resource  # type: ignore[no-any-return]  # the container has been validated
    return None


def tail(reference: object) -> str | None:
    """The id at the end of a reference, where it is one."""
    end = re.split(r"[/:#]", _VERSION.sub("", reference))[-1] if isinstance(reference, str) else ""
    return end if _ID.match(end) else None


def digest(*texts: object) -> str:
    """A short stable key from words, for an item without an id: names must not become keys."""
    return "x" + hashlib.blake2b("\x1f".join(map(str, texts)).encode(), digest_size=8).hexdigest()


class Unique:
    """Makes the keys of one list unlike: the second `a` becomes `a-2`."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def __call__(self, key: str) -> str:
        count = self._seen[key] = self._seen.get(key, 0) + 1
        return key if count == 1 else f"{key}-{count}"
