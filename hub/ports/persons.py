"""Children, and what the registers say of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from hub.model.responsibility import Facts


class Persons(Protocol):
    """Children and the register facts about them. Every change raises the child's facts version by one,
    and asks for a look at its plan in the same commit."""

    def facts(self, children: Sequence[str], *, lock: bool = False) -> Mapping[str, Facts]:
        """With `lock` the facts cannot change until the commit: what serialises a dispatch with a withdrawal."""

    def add(self, facts: Facts, number: str | None) -> None:
        """A new child with a key of its own. The number is kept sealed and never given back."""

    def change(self, facts: Facts) -> None:
        """Raises the version; fails with `TryAgainError` if somebody else did so first."""

    def by_number(self, municipality: str, number: str) -> str | None:
        """The child with this national number, found by its keyed hash."""

    def erase(self, child: str) -> None:
        """Forgets a child for good: its keys, facts, number and links go, what was sealed can never be opened again,
        what still waits ends as refused or expired with the code `erased`; the audit chain still verifies."""
