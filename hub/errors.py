"""Every error of the hub, grouped by what to do about it.

    LangbenkError
    ├── SetupError       stop: the operator must mend the set-up, and the message says how
    ├── TryAgainError    wait: the world is away for a moment; nothing is lost by trying again
    └── UnusableError    set aside: this input cannot be used; everything else goes on

A refusal by policy is never an exception: it is a `Decision`. Messages name the place, the value's kind and the way
out, never a person.
"""

from __future__ import annotations


class LangbenkError(Exception):
    """The root of what the hub raises on purpose."""


class SetupError(LangbenkError):
    """The hub cannot run as it is set up. The text says what is wrong and the command or setting that mends it."""


class TryAgainError(LangbenkError):
    """A database, broker or system did not answer. `after` is the seconds to wait, where the other side said so."""

    def __init__(self, message: str, *, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class UnusableError(LangbenkError):
    """An input that cannot be used. `code` is stable, `place` is where in the document, `way_out` what to do."""

    def __init__(self, code: str, message: str, *, place: str | None = None, way_out: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.place = place
        self.way_out = way_out
