"""Children, and what the registers say of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from hub.model.responsibility import Facts


class Persons(Protocol):
    """Children and the register facts about them. Every change raises the child's facts version by one,
    and asks for a look at its plan in the same commit."""

    def facts(self, children: Sequence[str], *, lock: bool = False, change: bool = False) -> Mapping[str, Facts]:
        """With `lock` the facts cannot change until the commit: what serialises a dispatch with a withdrawal. Who is to
        `change` them says so: of two who lock them alone and then both change them, one is turned away."""

    def add(self, facts: Facts, number: str | None) -> None:
        """A new child with a key of its own. The number is kept sealed and never given back."""

    def change(self, facts: Facts) -> None:
        """Raises the version; fails with `TryAgainError` if somebody else did so first."""

    def identify(self, child: str, municipality: str, number: str) -> None:
        """A number for one who had none; fails with `TryAgainError` if somebody got it meanwhile."""

    def by_number(self, municipality: str, number: str) -> str | None:
        """The child with this national number, found by its keyed hash."""

    def by_numbers(self, municipality: str, numbers: Sequence[str]) -> Mapping[str, str]:
        """The children with these numbers, by number; a number that is nobody's here is left out."""

    def numbers(self, municipality: str, children: Sequence[str]) -> Mapping[str, str]:
        """The national number of each child that has one: to ask the population register with, and for nothing else."""

    def confirmed_before(self, municipality: str, before: datetime, limit: int) -> Sequence[str]:
        """Children with a number whose facts the register has not confirmed since, those never confirmed first."""

    def erase(self, child: str) -> None:
        """Forgets a child for good: its keys, facts, number and links go, what was sealed can never be opened again,
        what still waits ends as refused or expired with the code `erased`; the audit chain still verifies."""
