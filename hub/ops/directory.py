"""The directory as a municipality has it: each service with what it does, who answers, and where to turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hub.errors import UnusableError
from hub.model.official import Agreement
from hub.ops.agreements import standing_agreements
from hub.ops.enrol import Desk
from hub.ops.routines import routines_of
from hub.policy.complaints import complaint_about
from hub.policy.directory import Entry, directory
from hub.ports import Work


@dataclass(frozen=True, slots=True)
class Listed:
    """A service as one municipality has it. `connected` is whether any system of it is registered here."""

    entry: Entry
    routines: str | None
    agreement: Agreement | None
    connected: bool

    @property
    def complaints_to(self) -> str:
        """The body that decides on a complaint about it."""
        return complaint_about(self.entry.service).body


def listed_services(work: Work, desk: Desk) -> Sequence[Listed]:
    """Every service of the acts, those nobody has connected too."""
    links, here = routines_of(work, desk), _connected(work, desk)
    agreed = {service: each for each in reversed(standing_agreements(work, desk)) for service in each.services}
    return [Listed(each, links.get(name), agreed.get(name), name in here) for name, each in directory().items()]


def listed_service(work: Work, desk: Desk, service: str) -> Listed:
    """One of them, or `not_found`."""
    found = next((each for each in listed_services(work, desk) if each.entry.service == service), None)
    if found is None:
        raise UnusableError("not_found", "there is no such service", way_out="GET /v1/services lists them")
    return found


def _connected(work: Work, desk: Desk) -> frozenset[str]:
    systems = work.directory.systems().values()
    return frozenset(each.service for each in systems if each.municipality == desk.municipality)
