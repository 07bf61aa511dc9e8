"""Is the hub ready to work? Each check is a call that raises when it is not; the answer names checks, not reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from hub.errors import LangbenkError
from hub.ports import Clock

BUILT = datetime(2026, 1, 1, tzinfo=UTC)
"""No right clock is before this; a machine that starts without its time would judge every consent wrongly."""

Check = Callable[[], object]


def ready(checks: Mapping[str, Check]) -> Mapping[str, bool]:
    """Runs every check, also after one has failed."""
    return {name: _passes(check) for name, check in checks.items()}


def clock_is_right(clock: Clock) -> None:
    """Raises where the time cannot be true."""
    if clock.now() < BUILT:
        raise LangbenkError("the clock is wrong: it is before this program was made")


def _passes(check: Check) -> bool:
    try:
        check()
    except LangbenkError:
        return False
    return True
