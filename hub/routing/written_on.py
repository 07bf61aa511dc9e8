"""What a sender's people had before them when they wrote: in which format, and which version where its message says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hub.model.service import System
from hub.ports import Part, View, Work
from hub.sync import Base, Merge, faded, shown

Views = Mapping[str, View]
"""By system, of one plan."""


def written_on(work: Work, parts: Sequence[Part], views: Mapping[str, Views]) -> Mapping[str, Mapping[str, str]]:
    """What that version held, by part; of one that was never sent, or is no longer kept, nothing is known."""
    said = {
        each.id: (each.plan, each.system, version)
        for each in parts
        if each.plan and (version := _version(work, each, views[each.plan])) is not None
    }
    if not said:
        return {}
    kept = {(each.plan, each.system, each.version): shown(each.cut) for each in work.view_versions.those(said.values())}
    return {id: {} if one[2] == 0 else kept[one] for id, one in said.items() if one[2] == 0 or one in kept}


def _version(work: Work, part: Part, views: Views) -> int | None:
    """As the sender says. A document that waited here while its system took a newer view was written on no newer one
    than it had acknowledged when the document came."""
    view = views.get(part.system)
    if part.view_version is not None or view is None or view.acknowledged_at is None:
        return part.view_version
    if view.acknowledged_at <= part.received_at:
        return None  # as the base has it
    return work.deliveries.acknowledged_by(view.plan, view.system, part.received_at)


def base_name(system: System, kind: str) -> str:
    """Under what name a system's base for a kind of document is kept.

    A format that it writes and is not sent has a base of its own: what that leaves out, or says no longer, was never
    told there, and what was edited in the other format is no word of its.
    """
    return system.id if kind == system.document else f"{system.id} {kind}"


def base_of(system: System, part: Part, views: Mapping[str, View], on: Mapping[str, str] | None) -> Base:
    """What the sender last said, and was sent, in the format of this part; `on` is of the one that it is sent."""
    view = views.get(base_name(system, part.kind))
    if view is None:
        return Base({}, {})
    if view.system != system.id:
        return Base(view.seen, view.sent)
    said = part.view_version
    later = said is None or said < (view.acknowledged or 0)
    newer = said < view.version if said is not None else on is not None or view.version > (view.acknowledged or 0)
    others = (each.seen for name, each in views.items() if on is not None and name.startswith(f"{system.id} "))
    return Base(view.seen, view.sent, on, later, said, frozenset(id for seen in others for id in seen), newer)


def remember(system: System, part: Part, views: dict[str, View], merged: Merge) -> None:
    """What the sender has said now. What it may not change it is told anew, in the format that it is sent."""
    name = base_name(system, part.kind)
    view = views.get(name) or View(merged.plan.id, name, part.municipality)
    if name == system.id:
        views[name] = view._replace(seen=merged.seen, sent=merged.sent)
        return
    views[name] = view._replace(seen=merged.seen)
    own = views.get(system.id)
    if own and (back := {each.id for each in merged.refused} & own.sent.keys()):
        views[system.id] = own._replace(sent={**own.sent, **{id: faded(own.sent[id]) for id in back}})
