"""The population register (*Folkeregisteret*), and how far its feed of events has been read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from hub.model.person import Protection, Relation


@dataclass(frozen=True, slots=True)
class Registered:
    """What the register says of one person now. `holders` are who hold parental responsibility, by national number, and
    `None` where somebody does whom the register cannot name; `residence` is a municipality and `district` a city
    district, where they are told."""

    birth_date: date | None
    protection: Protection
    residence: str | None
    deceased: bool
    holders: tuple[tuple[str, Relation], ...] | None = field(repr=False)
    district: str | None = None


@dataclass(frozen=True, slots=True)
class Events:
    """One page of the feed: whom something has happened to, by national number, and where the next page begins."""

    numbers: tuple[str, ...] = field(repr=False)
    next: int


class Population(Protocol):
    """The register as one municipality may ask it. May be called from several threads. Raises `TryAgainError` while it
    is away; no error holds a number."""

    def persons(self, numbers: Sequence[str]) -> Mapping[str, Registered]:
        """What it says of each. One it does not know, or says something unreadable about, is left out."""

    def newest(self) -> int:
        """The number of the newest event there is."""

    def since(self, sequence: int) -> Events:
        """The events from this number on, at most a page; none where nothing has happened since."""


class Feeds(Protocol):
    """How far each municipality has read a register's feed."""

    def next(self, municipality: str, feed: str) -> int | None:
        """Where the next page begins; `None` where nothing has been read yet."""

    def put(self, municipality: str, feed: str, next: int) -> None:
        """So far is read and worked off."""
