"""What a kindergarten's system says: its support plan both ways, and OneRoster 1.2 for child and contact."""

from __future__ import annotations

from adapters.education.oneroster import Roster
from hub.sdk import Document, Kind, Manifest, UnusableError, load_schema, read_json, write_json
from hub.sdk.directed import DIRECTED, INFO, is_directed, read_directed, write_directed

SUPPORT_PLAN = Kind("no.langbenk.kindergarten.v1.support-plan", "mappings:kindergarten/support-plan.v1.yaml")
ROSTER = Kind("no.langbenk.kindergarten.v1.oneroster", "mappings:kindergarten/oneroster.v1.yaml")

_SCHEMA = load_schema("adapters.kindergarten", "support_plan.schema.json")
_ROSTER = Roster("kindergarten")


class Kindergarten:
    """Reads and writes documents of kindergartens. Holds no state, so that threads may share it."""

    manifest = Manifest(
        name="kindergarten",
        title="Kindergarten",
        services=("kindergarten", "private_kindergarten"),
        reads=(SUPPORT_PLAN, ROSTER, *DIRECTED),
        writes=(SUPPORT_PLAN, INFO),
        carries={
            SUPPORT_PLAN.name: (
                *("frame", "identity", "need", "resource", "goal"),
                *("measure", "participant", "meeting", "voice", "note"),
            ),
            ROSTER.name: ("identity", "participant"),
        },
    )

    def read(self, raw: bytes, kind: str) -> Document:
        """The support plan as it stands, or a roster with its children; `UnusableError` names the place."""
        if is_directed(kind):
            return read_directed(raw, kind)
        match kind:
            case SUPPORT_PLAN.name:
                document = read_json(raw)
                _SCHEMA.check(document)
                return document
            case ROSTER.name:
                return _ROSTER.read(raw)
            case _:
                raise _unknown()

    def write(self, document: Document, kind: str) -> bytes:
        """The same document as bytes. A roster is written only as it came."""
        if is_directed(kind):
            return write_directed(document)
        match kind:
            case SUPPORT_PLAN.name:
                return write_json(document)
            case ROSTER.name:
                return _ROSTER.write(document)
            case _:
                raise _unknown()


def _unknown() -> UnusableError:
    known = ", ".join(each.name for each in Kindergarten.manifest.reads)
    return UnusableError(
        "unknown_kind", f"kindergarten: no such document kind; known are {known}", way_out="name one of these"
    )
