"""Messages as they came in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from hub.model.envelope import Arrival, Receipt


class Inbox(Protocol):
    """Messages by (system, message id): at least once in, effect once."""

    def known(self, keys: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], tuple[bytes, Receipt]]:
        """For those seen before: the content fingerprint and the receipt given then."""

    def add(self, messages: Sequence[tuple[Arrival, Receipt, bytes]]) -> None:
        """Arrival, its receipt and the fingerprint of its raw bytes; the bytes themselves are not kept."""

    def receipt(self, municipality: str, system: str, id: str) -> Receipt | None:
        """With the present state of each part. Only for the system that sent it."""
