"""How each system knows a child."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from hub.model.change import ChildKey


@dataclass(frozen=True, slots=True)
class Link:
    """How a system knows a child. `key` is that system's own key (opened), `about` the person the key identifies:
    the child's id, or the id of an adult of the household (DigiSos)."""

    municipality: str
    system: str
    plan: str
    child: str
    key: ChildKey
    about: str


class Links(Protocol):
    """How each system knows each child; the keys are kept sealed."""

    def find(self, keys: Iterable[tuple[str, str, str]]) -> Mapping[tuple[str, str, str], Sequence[Link]]:
        """By (system, key kind, key value). A key linked to several children gives several."""

    def of(self, plans: Sequence[str], systems: Iterable[str] | None = None) -> Mapping[str, Sequence[Link]]:
        """Who is at each plan's table; of all systems, or of those that are asked about."""

    def seats(self, system: str, after: str, limit: int) -> Sequence[str]:
        """Plans at whose table a system sits, in the order of their ids, after that id."""

    def put(self, link: Link) -> None:
        """Inserts it, or replaces what this system had for the plan and the person."""
