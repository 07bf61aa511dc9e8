"""The time."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time, which stands still in tests."""

    def now(self) -> datetime:
        """The instant, with UTC as its zone."""
