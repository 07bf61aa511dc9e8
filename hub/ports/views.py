"""What each system has been told of each plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from hub.ports.rows import NOTHING


class View(NamedTuple):
    """What one system has been told of one plan. `version` counts what left for it.

    `digest` is of the first cut made for it, then of what last left (empty: none yet). `sent` and `seen` map element
    ids to the digest of what was last dispatched to it, and of what it last acknowledged or said itself: the base of
    the three-way merge.

    What a system says in a format beside the one it is sent has a row of its own, which only remembers what it `seen`.
    """

    plan: str
    system: str
    """With the format behind it where the row is about one that the system is not sent; see `base_name`."""
    municipality: str
    version: int = 0
    digest: bytes = b""
    seen: Mapping[str, str] = NOTHING
    sent: Mapping[str, str] = NOTHING
    acknowledged: int | None = None
    """The newest version that it has acknowledged, and when; `put` leaves both alone."""
    acknowledged_at: datetime | None = None


class Views(Protocol):
    """What each system has been told of each plan; digests only, and sealed."""

    def of(
        self, plans: Sequence[str], systems: Iterable[str] | None = None, *, lock: bool = False
    ) -> Mapping[tuple[str, str], View]:
        """The views of these plans, by (plan, system); of all systems, or of those that are asked about.

        With `lock` nobody else can change them until the commit: what keeps two dispatches towards a receiver apart.
        """

    def put(self, views: Sequence[View]) -> None:
        """Inserts or replaces; `version` never goes down."""

    def tell_anew(self, plan: str, system: str, element: str) -> None:
        """What this system was sent of one element no longer counts: the plan's value is news to it at the next look,
        since its own record says otherwise (an edit of its was declined)."""

    def acknowledge(self, received: Iterable[tuple[str, str, int]], at: datetime) -> None:
        """Systems say at this instant that they have it: `seen` takes over what `sent` holds, for these plans, systems
        and versions.

        A version that is not the view's own changes nothing: a late receipt says nothing of what came since.
        """


class ViewVersion(NamedTuple):
    """What one version of a system's view held: the digest of each element's value by id, and when it left."""

    plan: str
    system: str
    version: int
    at: datetime
    cut: Mapping[str, str]


class ViewVersions(Protocol):
    """The versions of each system's view, so that one that was away learns what has changed since; sealed."""

    def keep(self, views: Iterable[tuple[str, str]], at: datetime) -> None:
        """What these views (plan, system) hold as sent, under the version they have now; after they were put."""

    def of(self, plan: str, system: str) -> Sequence[ViewVersion]:
        """Those that are still kept, oldest first; the newest always is."""

    def those(self, wanted: Iterable[tuple[str, str, int]]) -> Sequence[ViewVersion]:
        """Of these (plan, system, version) the ones that are still kept."""

    def forget(self, before: datetime, limit: int) -> int:
        """Deletes what left before this instant and is not the newest of its view; says how many."""
