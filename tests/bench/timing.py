"""How long one call takes, on a machine that others use too; and the row a benchmark reports."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def microseconds(run: Callable[[], object], seconds: float = 0.4) -> float:
    """The best of many short rounds: what is over it was spent by somebody else's work."""
    loops, best = 1, float("inf")
    until = time.perf_counter() + seconds
    while (now := time.perf_counter()) < until:
        for _ in range(loops):
            run()
        spent = time.perf_counter() - now
        best = min(best, spent / loops)
        if spent < 0.0005:
            loops *= 2
    return best * 1e6


def row(bench: str, case: str, metric: str, value: float, unit: str, floor: float | None = None) -> dict[str, Any]:
    """One result of `langbenk bench`; `ratio` says how many times the floor it is."""
    return {
        "bench": bench,
        "case": case,
        "metric": metric,
        "value": round(value, 2),
        "unit": unit,
        "floor": None if floor is None else round(floor, 2),
        "ratio": round(value / floor, 2) if floor else None,
    }
