"""The lines of who coordinates: begun, ended, and kept in step with what is put; none is overwritten or removed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hub.model.calendar import norwegian_day
from hub.model.responsibility import POSTS, Ended, Facts, Mandate, Post


@dataclass(frozen=True, slots=True)
class Mark:
    """By whom and when a line is written."""

    by: str
    at: datetime


def with_mandate(facts: Facts, made: Mandate) -> Facts:
    """One more appointment. Whoever has the post leaves it when this one begins."""
    today = norwegian_day(made.recorded_at)
    mandates = tuple(_gives_way(one, made, begins=made.since <= today) for one in facts.mandates)
    known: dict[str, Any] = {made.post: made.service} if made.since <= today else {}
    if made.post == "child_coordinator":
        known["family_wants_child_coordinator"] = True
    return replace(facts, responsibility=replace(facts.responsibility, **known), mandates=(*mandates, made))


def without(facts: Facts, posts: Iterable[Post], why: Ended, mark: Mark) -> Facts:
    """Nobody has these posts any longer; what was recorded stays, with its end."""
    gone = frozenset(posts)
    ended: dict[str, Any] = {"ended_at": mark.at, "ended_why": why, "ended_by": mark.by}
    mandates = tuple(
        replace(one, **ended) if one.post in gone and one.ended_at is None else one for one in facts.mandates
    )
    known: dict[str, Any] = dict.fromkeys(gone)
    if why == "family":
        known["family_wants_child_coordinator"] = False
    return replace(facts, responsibility=replace(facts.responsibility, **known), mandates=mandates)


def nobody(facts: Facts, why: Ended, mark: Mark) -> Facts:
    """Whoever has a post now has it no longer."""
    standing = facts.standing(norwegian_day(mark.at))
    return without(facts, [post for post in POSTS if getattr(standing, post) is not None], why, mark)


def in_step(before: Facts, after: Facts, mark: Mark) -> Facts:
    """Where posts were put without a line of their own: what differs is ended and begun on this day."""
    if after.mandates != before.mandates or after.responsibility == before.responsibility:
        return after
    today, told = norwegian_day(mark.at), after.responsibility
    standing = before.standing(today)
    differs = [post for post in POSTS if getattr(standing, post) != getattr(told, post)]
    after = without(after, differs, "corrected", mark)
    for post in differs:
        if (service := getattr(told, post)) is not None:
            after = with_mandate(after, Mandate(post, service, today, "register", mark.by, mark.at))
    return replace(after, responsibility=told)


def _gives_way(one: Mandate, made: Mandate, *, begins: bool) -> Mandate:
    if one.post != made.post or one.ended_at is not None:
        return one
    if begins or one.since >= made.since:
        return replace(one, ended_at=made.recorded_at, ended_why="replaced", ended_by=made.recorded_by)
    return replace(one, until=min(one.until or made.since, made.since))
