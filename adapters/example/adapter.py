"""An arts school's register: one member and the activities that member takes part in, as JSON, both ways."""

from __future__ import annotations

from hub.sdk import Document, Kind, Manifest, load_schema, read_json, write_json

ACTIVITIES = Kind("no.langbenk.example.v1.activities", "mappings:example/activities.v1.yaml")

_SCHEMA = load_schema("adapters.example", "activities.schema.json")


class ArtsSchool:
    """Reads and writes the register. All that is particular to it lies in the schema and in the mapping, as data."""

    manifest = Manifest(
        name="example",
        title="An arts school (the example)",
        services=("arts_school",),
        reads=(ACTIVITIES,),
        writes=(ACTIVITIES,),
        carries={ACTIVITIES.name: ("measure", "participant")},
    )

    def read(self, raw: bytes, kind: str) -> Document:
        document = read_json(raw)
        _SCHEMA.check(document)
        return document

    def write(self, document: Document, kind: str) -> bytes:
        return write_json(document)
