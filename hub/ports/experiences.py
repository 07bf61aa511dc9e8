"""What families say of services, counted as it is said: no answer that is kept leads back to anybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol


class Experience(NamedTuple):
    """One form: what was answered to each question about one service in one year."""

    municipality: str
    year: int
    service: str
    answers: Mapping[str, str]


class Answered(NamedTuple):
    """How many gave one answer about a service."""

    service: str
    answer: str
    number: int


class Experiences(Protocol):
    """Counters by service, question and answer."""

    def add(self, experience: Experience, child: str) -> bool:
        """Counts it, once for each child, service and year; whether it was counted. That a form was given is
        remembered by a keyed print until the next year's first."""

    def answered(self, municipality: str, year: int, question: str) -> Sequence[Answered]:
        """What was answered to one question, by service and answer."""
