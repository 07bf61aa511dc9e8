"""The hub's clock: the computer's own."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """Keeps the port `Clock`."""

    def now(self) -> datetime:
        return datetime.now(UTC)
