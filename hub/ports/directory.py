"""Registered systems, and the people a municipality has authorised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from hub.model.official import Agreement, District, Official, Routine
from hub.model.service import System


class Directory(Protocol):
    """Registered systems and authorised people. The systems are few, and cached by a generation number."""

    def systems(self) -> Mapping[str, System]:
        """Every registered system, by id."""

    def put(self, systems: Sequence[System]) -> None:
        """Inserts or replaces registrations; none is removed."""

    def officials(self, municipality: str, people: Sequence[str] | None = None) -> Sequence[Official]:
        """Whom this municipality has authorised; of some people, or of all. In the order of their ids."""

    def authorise(self, officials: Sequence[Official]) -> None:
        """Inserts or replaces people's roles; nobody is removed, and without roles nobody may do anything."""

    def agreements(self, municipality: str) -> Sequence[Agreement]:
        """This municipality's cooperation agreements, those no longer in force too, by reference."""

    def agree(self, agreements: Sequence[Agreement]) -> None:
        """Inserts or replaces agreements; none is removed."""

    def districts(self, municipality: str) -> Sequence[District]:
        """This municipality's city districts, by number; most municipalities have none."""

    def declare(self, districts: Sequence[District]) -> None:
        """Inserts or replaces them; none is removed."""

    def routines(self, municipality: str) -> Sequence[Routine]:
        """Where this municipality describes its services' routines, by service."""

    def describe(self, routines: Sequence[Routine]) -> None:
        """Inserts or replaces them; none is removed."""
