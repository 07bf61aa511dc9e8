"""Versions of the shared plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from hub.model.plan import Plan


class Plans(Protocol):
    """Versions of each child's plan. A version never changes."""

    def lock(self, ids: Sequence[str], *, wait: bool = False) -> Mapping[str, Plan]:
        """The newest version of each, locked until the commit in id order; those another worker holds are left out,
        or waited for."""

    def version(self, keys: Iterable[tuple[str, int]]) -> Mapping[tuple[str, int], Plan]:
        """Given versions, without locking."""

    def add(self, plans: Sequence[tuple[Plan, str | None]]) -> None:
        """New versions with the part that caused each; raises `TryAgainError` if one was not the next."""

    def of_child(self, municipality: str, child: str) -> str | None:
        """The child's plan, where it has one."""

    def of_municipality(self, municipality: str, after: str, limit: int) -> Sequence[tuple[str, str]]:
        """Its plans with their children, in the order of the children's ids, after that child; page by page."""

    def current(self, ids: Sequence[str]) -> Mapping[str, Plan]:
        """The newest version of each for reading, without locking."""

    def newest(self, municipality: str, id: str) -> Plan | None:
        """The newest version for reading, without locking; `None` where this municipality has no such plan."""
