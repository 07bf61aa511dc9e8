"""The version of its view that a sender's people had before them when they wrote, where its message says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hub.ports import Part, Work
from hub.sync import shown


def written_on(work: Work, parts: Sequence[Part]) -> Mapping[str, Mapping[str, str]]:
    """What that version held, by part; of one that was never sent, or is no longer kept, nothing is known."""
    said = {part.id: (part.plan, part.system, part.view_version) for part in parts if part.view_version is not None}
    if not said:
        return {}
    kept = {
        (each.plan, each.system, each.version): shown(each.cut)
        for each in work.view_versions.those(
            (plan, system, version or 0) for plan, system, version in said.values() if plan
        )
    }
    return {id: kept[version] for id, version in said.items() if version in kept}
