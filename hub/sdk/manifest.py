"""What an adapter says of itself: everything a municipality must approve is here, and no code need be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Kind:
    """One document kind. `lens` is `package:path` of its mapping; a directed kind (a report, an info message) has none.

    `name` is a message type in Fiks style, `no.<owner>.<protocol>.v<n>.<what>`. A `directed` kind names its receiver,
    skips merge and never enters a plan; `receiver` is the service such a kind always goes to. `names_child` is false
    where the document names nobody and the sender gives its own key in a header (DigiSos). It is written as
    `media_type`; `also_as` are other types it may come as.
    """

    name: str
    lens: str | None = None
    directed: bool = False
    receiver: str | None = None
    names_child: bool = True
    media_type: str = "application/json"
    also_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """Name, services and documents of an adapter. `carries` says per kind which parts of the plan the format can hold.

    `reads` and `writes` are apart: a sender's own history is read and never written in its name.
    """

    name: str
    title: str
    services: tuple[str, ...]
    reads: tuple[Kind, ...]
    writes: tuple[Kind, ...]
    carries: dict[str, tuple[str, ...]]
    auth: Literal["maskinporten", "helseid", "oauth2", "amqp", "none"] = "oauth2"
    max_bytes: int = 5_000_000
    tier: Literal["bronze", "silver", "gold", "platinum"] = "bronze"

    def kind(self, name: str) -> Kind | None:
        """The document kind of that name, read or written; `None` where the adapter knows it not."""
        return next((kind for kind in (*self.reads, *self.writes) if kind.name == name), None)
