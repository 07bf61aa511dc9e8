"""Checks of the translation: the laws of the mappings an adapter names, and text in every script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from hub.conformance.subject import Subject, as_json, everything
from hub.errors import UnusableError
from hub.mapping import Lens
from hub.mapping.laws import broken_laws, said
from hub.model.change import Item, Portion
from hub.model.content import FIELDS
from hub.model.plan import Kind as PlanKind

TEXTS = {
    "Norwegian": "Blåbærsyltetøy, ærlig talt: Åse og Bjørn på Sørøya",
    "Northern Sámi": "Áŋŋel čohkká đáppe, šaddá ŧ ja ž",
    "emoji": "Bra jobba 👩🏽‍🏫🎉",
    "long": "en lang tekst " * 715,
    "right to left": "הילדה אומרת: מחר · الطفلة تقول: غدًا",
    "combining marks": "A\u030aP\u0308NE OG LUKKE",
}


def laws_hold(subject: Subject) -> Iterator[str]:
    """Putting back what was got changes nothing, and what was put is got: in samples, and in documents made up."""
    for name, kind, raw in subject.read_samples():
        if (lens := subject.lens(kind)) is not None:
            for part in lens.parts(subject.adapter.read(raw, kind.name)):
                portion = lens.get(part)
                yield from (f"{name}: {fault}" for fault in broken_laws(lens, part, portion, everything(portion)))
    for kind in subject.kinds():
        if (lens := subject.lens(kind)) is not None:
            yield from made_up_documents_keep_the_laws(lens, subject.rounds)


def made_up_documents_keep_the_laws(lens: Lens, rounds: int) -> Iterator[str]:
    """The same with hypothesis, which only tests need to have installed."""
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st

    from hub.mapping.strategies import documents, grants, portions

    @settings(
        max_examples=rounds,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def hold(data: st.DataObject) -> None:
        base, view = data.draw(documents(lens)), data.draw(portions(lens))
        faults = broken_laws(lens, base, view, data.draw(grants(lens, lens.get(base), view)))
        assert not faults, faults[0]

    try:
        hold()
    except AssertionError as broken:
        yield str(broken).splitlines()[0]


def every_script_is_kept(subject: Subject) -> Iterator[str]:
    """Text comes through reading, and through being written and read again, as it was."""
    written = {kind.name for kind in subject.adapter.manifest.writes}
    for name, kind, raw in subject.read_samples():
        if (lens := subject.lens(kind)) is None:
            continue
        document = subject.adapter.read(raw, kind.name)
        for script, text in TEXTS.items():
            if not _is_read(subject, kind.name, lens, raw, text):
                yield f"{name}: {script} text is not read as it stands"
            for part in lens.parts(document) if kind.name in written else ():
                whole, wanted = _with_text_in(lens, document, part, text)
                if _said_once_written(subject, kind.name, lens, whole) != wanted:
                    yield f"{name}: {script} text is not written as it was given"


def _is_read(subject: Subject, kind: str, lens: Lens, raw: bytes, text: str) -> bool:
    """Puts the text where the sample's longest piece of text stands, and looks for it in what is got."""
    document = as_json(raw)
    parts = [lens.get(part) for part in lens.parts(subject.adapter.read(raw, kind))]
    prose = max((each for part in parts for each in _prose(part)), key=len, default="")
    changed = _replaced(document, prose, text)
    if not prose or changed == document:
        return True
    try:
        parts = [lens.get(part) for part in lens.parts(subject.adapter.read(orjson.dumps(changed), kind))]
    except UnusableError:
        return False
    return any(text in _prose(part) for part in parts)


def _with_text_in(lens: Lens, document: Any, part: Any, text: str) -> tuple[Any, Any]:
    """The document with the text in each place of one part, and what that part should then say."""
    view = _with_text(lens.get(part), text)
    return lens.join(document, lens.put(part, view, everything(view))), said(lens.cut(view, part))


def _said_once_written(subject: Subject, kind: str, lens: Lens, document: Any) -> Any:
    """What the part says after the document has been bytes."""
    (part,) = lens.parts(subject.adapter.read(subject.adapter.write(document, kind), kind))
    return said(lens.get(part))


def _with_text(portion: Portion, text: str) -> Portion:
    """The portion with the text in every field of free text."""

    def changed(kind: PlanKind, item: Item) -> Item:
        fields = FIELDS[kind]
        return item._replace(
            content={name: text if fields.get(name) == "text" else value for name, value in item.content.items()}
        )

    return {kind: {key: changed(kind, item) for key, item in items.items()} for kind, items in portion.items()}


def _prose(portion: Portion) -> set[str]:
    return {
        value
        for kind, items in portion.items()
        for item in items.values()
        for name, value in item.content.items()
        if FIELDS[kind].get(name) == "text" and isinstance(value, str)
    }


def _replaced(node: Any, old: str, new: str) -> Any:
    if isinstance(node, dict):
        return {key: _replaced(value, old, new) for key, value in node.items()}
    if isinstance(node, list):
        return [_replaced(value, old, new) for value in node]
    return new if node == old else node
