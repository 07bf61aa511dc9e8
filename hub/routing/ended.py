"""How a part ends once it has been merged, or could not be; what of it waits, and what is written down about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from hub.model.envelope import PartState, fresh_id
from hub.model.plan import Element, Plan
from hub.model.wire import element_to_json
from hub.ports import AsideRow, AuditEntry, Part, Proposal
from hub.routing.written import Written
from hub.sync import Merge

ONLY_THE_FAMILY = "family_words"
"""Why an edit of what the family says of itself is refused, with the kind of element as its place (law.md § 3.4)."""


def ended(part: Part, merged: Merge) -> Part:
    """Its end by the most that came of it. Where some of it was refused, it says so whatever became of the rest."""
    state: PartState = "merged" if merged.changed else "held" if merged.held else "unchanged"
    if state == "unchanged" and (merged.proposed or merged.refused):
        state = "proposed" if merged.proposed else "refused"
    if not merged.refused:
        return part._replace(state=state)
    return part._replace(state=state, code=ONLY_THE_FAMILY, place=merged.refused[0].kind)


def on_record(part: Part, before: Plan, merged: Merge, now: datetime) -> list[AuditEntry]:
    """A line for each element whose owner has taken a category away, and for each that only the family changes."""
    lines: list[tuple[str, str, Mapping[str, object]]] = [
        *(("element.relabelled", id, {"taken": sorted(gone)}) for id, gone in merged.taken(before).items()),
        *(("element.refused", each.id, {"code": ONLY_THE_FAMILY}) for each in merged.refused),
    ]
    whose = part.municipality, now, part.system
    return [AuditEntry(*whose, action, id, {"part": part.id, **detail}) for action, id, detail in lines]


def set_aside(part: Part, code: str, place: str | None, written: Written, now: datetime) -> None:
    """The part ends `refused` where its document is to blame and the sender can mend it, else `set_aside`."""
    blame = {"nothing_mapped", "unreadable", "unknown_kind", "plan_closed", "plan_not_begun"}
    state: PartState = "refused" if code in blame else "set_aside"
    written.parts.append(part._replace(state=state, code=code, place=place))
    if state == "set_aside":
        written.aside.append(AsideRow(fresh_id(), part.municipality, "part", part.id, code, place, now))
    detail = {"state": state, "code": code}
    written.audit.append(AuditEntry(part.municipality, now, part.system, "part.set_aside", part.id, detail))


def proposal(element: Element, part: Part, plan: Plan, now: datetime) -> Proposal:
    """An edit its sender may not make alone, as it waits for whoever coordinates."""
    return Proposal(
        fresh_id(),
        part.municipality,
        plan.id,
        plan.child,
        part.id,
        part.system,
        element_to_json(element),
        plan.version,
        now,
    )
