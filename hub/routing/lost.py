"""What left and was never acknowledged: it does not count as known, and its plan is owed a look."""

from __future__ import annotations

from collections.abc import Iterable

from hub.ports import Delivery, View, Work
from hub.sync.base import faded, lasts, unsure

ANEW = "anew"
"""The code of a delivery that waits because it was asked for: it leaves though its receiver should have all of it."""


def acknowledged(view: View) -> View:
    """The receiver may have lost what was last sent: only what it has acknowledged or said itself counts as known.

    It may as well have it all, and its copy of that is an echo: the rest fades, and is news.
    """
    unheard = {id: value for id, value in view.sent.items() if not lasts(view.seen.get(id), value)}
    sent = {**view.sent, **{id: faded(value) for id, value in unheard.items()}}
    seen = {**view.seen, **{id: unsure(view.seen.get(id), value) for id, value in unheard.items()}}
    return view._replace(seen=seen, sent=sent)


def lost(work: Work, expired: Iterable[Delivery]) -> None:
    """Deliveries of views that their receivers did not take in time; the caller ends their rows in this transaction.

    The look lays ready what each receiver still lacks, decided anew; so one that has been away comes back whole.
    """
    work.looks.ask(unknown(work, expired))


def unknown(work: Work, given_up: Iterable[Delivery]) -> list[str]:
    """What left with these and was never acknowledged is news at the next look; gives their plans."""
    rows = [row for row in given_up if row.plan]
    if not rows:
        return []
    left = {(row.plan, row.system): row.version for row in rows if row.version is not None}
    plans = sorted({row.plan for row in rows if row.plan})
    views = work.views.of(plans, {row.system for row in rows}, lock=True)
    work.views.put([acknowledged(view) for key, view in views.items() if left.get(key) == view.version])
    return plans
