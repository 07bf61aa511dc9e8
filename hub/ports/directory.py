"""Registered systems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from hub.model.service import System


class Directory(Protocol):
    """Registered systems. Small, and cached by a generation number."""

    def systems(self) -> Mapping[str, System]:
        """Every registered system, by id."""

    def put(self, systems: Sequence[System]) -> None:
        """Inserts or replaces registrations; none is removed."""
