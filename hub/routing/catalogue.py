"""What routing needs to know of adapters: which reads a kind, through which lens, and what it can be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from hub.errors import UnusableError
from hub.mapping import Lens
from hub.model.plan import Kind as ElementKind
from hub.model.service import System
from hub.sdk import Adapter, Document, Kind


class Catalogue(Protocol):
    """Installed adapters by name; the registry keeps it. Raises `SetupError` for a name that is not installed."""

    def adapter(self, name: str) -> Adapter: ...

    def lens(self, adapter: str, kind: str) -> Lens | None: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """One system's adapter and lens for one kind of document."""

    adapter: Adapter
    kind: Kind
    lens: Lens | None

    @property
    def carries(self) -> Mapping[ElementKind, frozenset[str]]:
        return self.lens.carries if self.lens else {}

    def read(self, raw: bytes) -> list[Document]:
        """The parts of a document, one for each child it is about."""
        if len(raw) > self.adapter.manifest.max_bytes:
            raise UnusableError(
                "too_large", "the document is larger than the adapter takes", way_out="send less at a time"
            )
        document = self.adapter.read(raw, self.kind.name)
        return self.lens.parts(document) if self.lens else [document]

    def write(self, part: Document) -> bytes:
        return self.adapter.write(self.lens.join(None, part) if self.lens else part, self.kind.name)


def inbound(catalogue: Catalogue, system: System, kind: str) -> Desk:
    """The desk that reads a kind from a system; an unknown kind is unusable, not a set-up error."""
    adapter = catalogue.adapter(system.adapter)
    found = next((each for each in adapter.manifest.reads if each.name == kind), None)
    if found is None:
        known = ", ".join(each.name for each in adapter.manifest.reads)
        raise UnusableError(
            "unknown_kind", "the system's adapter does not read this kind", way_out=f"send one of: {known}"
        )
    return Desk(adapter, found, catalogue.lens(system.adapter, kind))


def outbound(catalogue: Catalogue, system: System, kind: str | None = None) -> Desk:
    """The desk that writes to a system: the kind it is registered for, or a directed kind by name."""
    adapter = catalogue.adapter(system.adapter)
    name = kind or system.document
    found = next((each for each in adapter.manifest.writes if each.name == name), None)
    if found is None:
        raise UnusableError("unknown_kind", "the receiver's adapter does not write this kind")
    return Desk(adapter, found, catalogue.lens(system.adapter, name))
