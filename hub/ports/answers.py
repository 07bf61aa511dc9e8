"""What a caller was answered, by the key it gave its request: the same request is not carried out twice."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol


class Answer(NamedTuple):
    """One request that may be repeated. `key` and `request` are keyed hashes of what the caller gave and asked;
    `said` is what it was answered (opened), and `None` while it is being carried out."""

    client: str
    key: str
    municipality: str
    request: bytes
    at: datetime
    said: bytes | None = None


class Answers(Protocol):
    """Answers by client and key; the answers are sealed."""

    def begin(self, answer: Answer, stale_before: datetime) -> Answer | None:
        """Claims the key; or gives what is kept under it. One that began before that instant and was never answered is
        taken over by the same request."""

    def keep(self, answer: Answer) -> None:
        """What was answered."""

    def drop(self, client: str, key: str) -> None:
        """The request had no effect: the key is free again."""

    def forget(self, before: datetime, limit: int) -> int:
        """Deletes what was asked before this instant; says how many."""
