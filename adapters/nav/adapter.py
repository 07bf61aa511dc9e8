"""NAV: the DigiSos history of an application for social assistance read, our plan document read and written."""

from __future__ import annotations

from adapters.nav.fold import fold
from hub.sdk import Document, Kind, Manifest, UnusableError, load_schema, read_json, write_json
from hub.sdk.directed import DIRECTED, INFO, is_directed, read_directed, write_directed
from hub.sdk.plan_document import CARRIES, PLAN_DOCUMENT, read_plan, write_plan

HISTORY = Kind("no.nav.digisos.digisos.soker.v1", lens="mappings:nav/digisos-soker.v1.yaml", names_child=False)

_SCHEMA = load_schema("adapters.nav", "digisos.schema.json")


class Nav:
    """The door of a NAV office's case system, municipal social services and state alike."""

    manifest = Manifest(
        name="nav",
        title="NAV: DigiSos history, plan document",
        services=("nav_social", "nav_state", "introduction_programme"),
        reads=(HISTORY, PLAN_DOCUMENT, *DIRECTED),
        writes=(PLAN_DOCUMENT, INFO),
        carries={
            HISTORY.name: ("measure",),
            PLAN_DOCUMENT.name: CARRIES,
        },
    )

    def read(self, raw: bytes, kind: str) -> Document:
        """A history comes as `{"fold": how it stands now, "history": what was sent}`."""
        if is_directed(kind):
            return read_directed(raw, kind)
        if kind == PLAN_DOCUMENT.name:
            return read_plan(raw)
        if kind != HISTORY.name:
            raise _unknown()
        history = read_json(raw)
        _SCHEMA.check(history)
        return {"fold": fold(history), "history": history}

    def write(self, document: Document, kind: str) -> bytes:
        """A history is the sender's own: it is given back as it came, and never written anew."""
        if is_directed(kind):
            return write_directed(document)
        if kind == PLAN_DOCUMENT.name:
            return write_plan(document)
        if kind != HISTORY.name:
            raise _unknown()
        if "history" not in document:
            raise UnusableError("unreadable", "history: is missing; a DigiSos history is read only", place="history")
        return write_json(document["history"])


def _unknown() -> UnusableError:
    return UnusableError("unknown_kind", "NAV has no such document kind")
