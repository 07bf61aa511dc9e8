"""What left and was never acknowledged: it does not count as known, and its plan is owed a look."""

from __future__ import annotations

from collections.abc import Iterable

from hub.ports import Delivery, View, Work

ANEW = "anew"
"""The code of a delivery that waits because it was asked for: it leaves though its receiver should have all of it."""


def acknowledged(view: View) -> View:
    """The receiver may have lost what was last sent: only what it has acknowledged or said itself counts as known."""
    return view._replace(sent={id: value for id, value in view.sent.items() if view.seen.get(id) == value})


def lost(work: Work, expired: Iterable[Delivery]) -> None:
    """Deliveries of views that their receivers did not take in time; the caller ends their rows in this transaction.

    The look lays ready what each receiver still lacks, decided anew; so one that has been away comes back whole.
    """
    rows = [row for row in expired if row.plan]
    if not rows:
        return
    left = {(row.plan, row.system): row.version for row in rows if row.version is not None}
    plans = sorted({row.plan for row in rows if row.plan})
    views = work.views.of(plans, {row.system for row in rows}, lock=True)
    work.views.put([acknowledged(view) for key, view in views.items() if left.get(key) == view.version])
    work.looks.ask(plans)
