"""Which plans are owed a look: a fact about them has changed, or the clock has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol


class Looks(Protocol):
    """What is owed to plans once a fact is committed. Every plan has one line, until its child is erased."""

    def ask(self, plans: Sequence[str]) -> None:
        """From this commit on a look is owed at once. A change of a child's facts asks by itself."""

    def asked(self, plan: str) -> int:
        """How often a look was asked for; read it before anything else a look rests on."""

    def done(self, plan: str, asked: int, next_at: datetime | None) -> None:
        """Looked at; owed again at `next_at`. What has been asked since `asked` was read stays owed."""

    def sooner(self, plans: Mapping[str, datetime]) -> None:
        """Each plan is owed a look at its instant, unless one is owed before."""

    def take(self, due_before: datetime, limit: int, again_at: datetime) -> Sequence[str]:
        """Plans that are owed a look, longest first; put off until `again_at`, so that nobody else takes them too."""
