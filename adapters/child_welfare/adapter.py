"""Child welfare (*barnevern*): Barnevern XML 4.0.1 read, our plan document read and written, reports received."""

from __future__ import annotations

from typing import Any

from adapters.child_welfare.fold import child_of, fold
from adapters.child_welfare.xml_document import ROOT, read_xml, write_xml
from hub.sdk import Document, Kind, Manifest, UnusableError, read_json, write_json
from hub.sdk.directed import DIRECTED, is_directed, read_directed, write_directed
from hub.sdk.plan_document import CARRIES, PLAN_DOCUMENT, read_plan, write_plan

CASE = Kind(
    "no.ssb.barnevern.fagsystem.v1.innrapportering",
    lens="mappings:child_welfare/barnevern.v4.yaml",
    also_as=("application/xml",),  # the case alone, without its Fiks envelope
)

_XSD_VERSION = 4
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_BLANKS = b"\xef\xbb\xbf\t\n\r "


class ChildWelfare:
    """The door of a municipality's child-welfare system."""

    manifest = Manifest(
        name="child-welfare",
        title="Child welfare: Barnevern XML 4.0.1, plan document, report of concern",
        services=("child_welfare", "other_child_welfare", "bufetat", "crisis_centre", "family_counselling"),
        reads=(CASE, PLAN_DOCUMENT, *DIRECTED),
        writes=(PLAN_DOCUMENT, *DIRECTED),
        carries={
            CASE.name: ("measure",),
            PLAN_DOCUMENT.name: CARRIES,
        },
    )

    def read(self, raw: bytes, kind: str) -> Document:
        """A case is read from its Fiks envelope or from the XML alone."""
        if is_directed(kind):
            return read_directed(raw, kind)
        if kind == PLAN_DOCUMENT.name:
            return read_plan(raw)
        if kind == CASE.name:
            return _read_envelope(raw) if raw.lstrip(_BLANKS).startswith(b"{") else _case(read_xml(raw))
        raise _unknown(kind)

    def write(self, document: Document, kind: str) -> bytes:
        """A case becomes what it was read from, envelope or XML; the hub itself never makes one."""
        if is_directed(kind):
            return write_directed(document)
        if kind == PLAN_DOCUMENT.name:
            return write_plan(document)
        if kind != CASE.name:
            raise _unknown(kind)
        xml = _DECLARATION + write_xml(document)
        if "envelope" not in document:
            return xml.encode()
        return write_json({**document["envelope"], "xmlBody": xml})


def _read_envelope(raw: bytes) -> Document:
    envelope = read_json(raw)
    version, body = envelope.get("xsdVersion"), envelope.get("xmlBody")
    if isinstance(version, bool) or version != _XSD_VERSION:
        raise _refused("$.xsdVersion", f"must be {_XSD_VERSION}")
    if not isinstance(body, str):
        raise _refused("$.xmlBody", "must be the XML as text")
    try:
        case = _case(read_xml(body.encode(), encoding="utf-8"))
    except UnusableError as error:
        place = f"$.xmlBody {error.place}"
        raise UnusableError(error.code, f"$.xmlBody {error}", place=place, way_out=error.way_out) from None
    return {"envelope": {name: value for name, value in envelope.items() if name != "xmlBody"}, **case}


def _case(document: dict[str, Any]) -> Document:
    root = document[ROOT]
    case = root["Sak"]
    return {"child": child_of(case), ROOT: {**root, "Sak": fold(case)}, "layout": document["layout"]}


def _refused(place: str, what: str) -> UnusableError:
    return UnusableError("unreadable", f"{place}: {what}", place=place, way_out="send the Fiks protocol's envelope")


def _unknown(kind: str) -> UnusableError:
    return UnusableError("unknown_kind", "child welfare has no such document kind", place=None, way_out=None)
