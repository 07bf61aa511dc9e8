"""Barnevern XML into a JSON value held to the structure, and back: attributes and children by name, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from adapters.child_welfare.structure import Child, Shape, load_structure
from hub.sdk import UnusableError

ROOT = "Barnevern"
STRUCTURE = load_structure()

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_HINTS = frozenset({"noNamespaceSchemaLocation", "schemaLocation"})
_GAP = re.compile(r"(?:[\t\n ]|&#13;|<\?(?:(?!\?>).)*\?>)*", re.DOTALL)
_SPACE = "\t\n\r "
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)


def read_xml(raw: bytes, *, encoding: str | None = None) -> dict[str, Any]:
    """`{"Barnevern": …, "layout": […]}`: the document, and what stands between its tags (white space, instructions).

    `encoding` is what the bytes are, whatever they say of themselves.
    """
    root = _parse(raw, encoding)
    if root.tag != ROOT:
        raise _refused("", f"the root element must be {ROOT}, in no namespace", code="wrong_type")
    layout = ["".join(_instruction(node) for node in reversed([*root.itersiblings(preceding=True)]))]
    document = _element(root, STRUCTURE, f"/{ROOT}", layout)
    layout.append("".join(_instruction(node) for node in root.itersiblings()))
    return {ROOT: document, "layout": layout if any(layout) else []}


def write_xml(document: dict[str, Any]) -> str:
    """The XML of what `read_xml` gave, without its declaration. A layout that no longer fits is left out."""
    layout = document.get("layout") or ()
    fits = len(layout) == 2 + _count_gaps(document[ROOT], STRUCTURE)
    gaps = iter(layout if fits and all(map(_GAP.fullmatch, layout)) else ())
    return "".join((next(gaps, ""), *_written(ROOT, document[ROOT], STRUCTURE, gaps), next(gaps, "")))


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _parse(raw: bytes, encoding: str | None) -> Any:
    parser = etree.XMLParser(
        encoding=encoding, resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True
    )
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise _refused(f"line {line} column {column}", "is not well-formed XML") from None
    except (ValueError, LookupError):
        raise _refused("line 1 column 1", "is not XML in a known encoding") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refused("line 1", "holds a DTD, which no such document has")
    return root


def _element(node: Any, shape: Shape, place: str, layout: list[str]) -> dict[str, Any]:
    found = _attributes(node, shape, place)
    gaps = _gaps(node, place, empty=not shape.children)
    layout.append(gaps[0])
    elements = [child for child in node if isinstance(child.tag, str)]
    at = 0
    for child in shape.children:
        first = at
        while at < len(elements) and elements[at].tag == child.name:
            at += 1
        values = []
        for number, element in enumerate(elements[first:at], start=1):
            below = f"{place}/{child.name}" + ("" if child.single else f"[{number}]")
            values.append(_child(element, child, below, layout))
            layout.append(gaps[first + number])
        _count(values, child, place)
        if values:
            found[child.name] = values[0] if child.single else values
    if at < len(elements):
        raise _refused(f"{place}/*[{at + 1}]", "is unknown here or stands in the wrong order")
    _check_unique(found, shape, place)
    return found


def _child(node: Any, child: Child, place: str, layout: list[str]) -> Any:
    if child.shape is not None:
        return _element(node, child.shape, place, layout)
    text = node.text or ""
    if node.attrib or len(node) or _declared(node):
        raise _refused(place, "must hold text and nothing else")
    if child.form is None or not child.form(text):
        raise _refused(place, "is not of the form or code list that the format has here")
    return text


def _attributes(node: Any, shape: Shape, place: str) -> dict[str, Any]:
    found: dict[str, Any] = {"xmlns": declared} if (declared := _declared(node)) else {}
    for name, value in node.attrib.items():
        if name[0] == "{":
            found[_hint(node, name, place)] = value
            continue
        if (form := shape.attributes.get(name)) is None:
            raise _refused(f"{place}/@*", "is an attribute that the format does not know")
        if not form(value):
            raise _refused(f"{place}/@{name}", "is not of the form or code list that the format has here")
        found[name] = value
    if missing := [name for name in shape.required if name not in found]:
        raise _refused(f"{place}/@{missing[0]}", "is missing")
    return found


def _declared(node: Any) -> dict[str, str]:
    parent = node.getparent()
    known = {} if parent is None else parent.nsmap
    return {prefix: uri for prefix, uri in node.nsmap.items() if prefix and known.get(prefix) != uri}


def _hint(node: Any, name: str, place: str) -> str:
    """Where a schema lies is the one thing that may be said in another namespace."""
    uri, _, local = name[1:].partition("}")
    if uri != _XSI or local not in _HINTS:
        raise _refused(f"{place}/@*", "is an attribute that the format does not know")
    prefix = next(prefix for prefix, known in node.nsmap.items() if prefix and known == uri)
    return f"{prefix}:{local}"


def _gaps(node: Any, place: str, *, empty: bool) -> list[str]:
    """What stands before, between and after the child elements."""
    gaps = [_space(node.text, place, empty)]
    for child in node:
        tail = _space(child.tail, place, empty)
        if isinstance(child.tag, str):
            gaps.append(tail)
        else:
            gaps[-1] += _instruction(child) + tail
    return gaps


def _space(text: str | None, place: str, empty: bool) -> str:
    if text and (empty or text.strip(_SPACE)):
        raise _refused(place, "holds text, and must not")
    return (text or "").replace("\r", "&#13;")


def _instruction(node: Any) -> str:
    if node.tag is not etree.PI:
        return ""
    return f"<?{node.target} {node.text}?>" if node.text else f"<?{node.target}?>"


def _count(values: list[Any], child: Child, place: str) -> None:
    if len(values) < child.least:
        raise _refused(f"{place}/{child.name}", "is missing, or stands in the wrong order")
    if child.most is not None and len(values) > child.most:
        raise _refused(f"{place}/{child.name}", f"stands more than {child.most} times")


def _check_unique(found: dict[str, Any], shape: Shape, place: str) -> None:
    for name, attributes in shape.unique.items():
        seen = set()
        for number, item in enumerate(found.get(name, ()), start=1):
            if (key := tuple(item[attribute] for attribute in attributes)) in seen:
                raise _refused(f"{place}/{name}[{number}]/@{attributes[0]}", "stands twice in the case")
            seen.add(key)


def _refused(place: str, what: str, *, code: str = "unreadable") -> UnusableError:
    way_out = "send a Barnevern document of version 4.0.1"
    return UnusableError(code, f"{place or '/'}: {what}", place=place or "/", way_out=way_out)


# ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _written(name: str, item: dict[str, Any], shape: Shape, gaps: Iterator[str]) -> Iterator[str]:
    yield f"<{name}"
    for prefix, uri in item.get("xmlns", {}).items():
        yield f' xmlns:{prefix}="{uri.translate(_ESCAPES)}"'
    for key, value in item.items():
        if key in shape.attributes or key.partition(":")[2] in _HINTS:
            yield f' {key}="{value.translate(_ESCAPES)}"'
    yield f">{next(gaps, '')}"
    for child, value in _values(item, shape):
        if child.shape is not None:
            yield from _written(child.name, value, child.shape, gaps)
        else:
            yield f"<{child.name}>{value.translate(_ESCAPES)}</{child.name}>"
        yield next(gaps, "")
    yield f"</{name}>"


def _count_gaps(item: dict[str, Any], shape: Shape) -> int:
    return 1 + sum(1 + (_count_gaps(value, child.shape) if child.shape else 0) for child, value in _values(item, shape))


def _values(item: dict[str, Any], shape: Shape) -> Iterator[tuple[Child, Any]]:
    for child in shape.children:
        if (value := item.get(child.name)) is not None:
            yield from ((child, each) for each in ([value] if child.single else value))
