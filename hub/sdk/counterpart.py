"""A counterpart: a small stand-in for a sector system, driven alike in every sector by the demo and by tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from hub.model.change import ChildKey

__all__ = ["ChildKey", "Counterpart", "SyntheticChild"]


@dataclass(frozen=True, slots=True)
class SyntheticChild:
    """A child who does not exist. `id` is the story's word for it; `number` has its month raised by 80."""

    id: str
    name: str
    number: str
    born: date


class Counterpart(Protocol):
    """Built from synthetic children. Pure Python: what carries its documents to the hub and back is the caller's.

    Every document it gives is what such a system really sends: the whole of it each time, in its own format.
    """

    name: str
    """What the system is called on its own screen."""

    adapter: str
    """The name in the manifest of the adapter that reads its documents."""

    changes: Mapping[str, str]
    """What can happen in it: the word `change` takes, and a sentence that tells it."""

    def key(self, child: str) -> ChildKey:
        """The key this system uses for the child: what an enrolment links."""

    def first_document(self, child: str) -> tuple[str, bytes]:
        """Kind and bytes of what it sends when the child's case is new."""

    def change(self, child: str, what: str) -> tuple[str, bytes]:
        """Lets something happen, and gives kind and bytes of what the system sends then."""

    def receive(self, kind: str, body: bytes) -> None:
        """Takes a document from its mailbox or queue and keeps what it can show."""

    def shows(self, child: str) -> list[str]:
        """The lines a person would see of the child on this system's screen, own and received."""
