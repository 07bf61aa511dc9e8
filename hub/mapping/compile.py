"""From a mapping's YAML to a lens of closures: done once, after the mapping has been held to its schema and lint."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from hub.mapping.access import reader, writer
from hub.mapping.codes import CodeTable, LabelTable, OwnLabels
from hub.mapping.form import Form, Tombstone
from hub.mapping.identity import Fact
from hub.mapping.lens import ChildRow, Lens, Parts
from hub.mapping.marks import Labels, Marks
from hub.mapping.never import clean, order
from hub.mapping.path import Json, Path, parse
from hub.mapping.row import Row, as_text, compile_row, plain_key
from hub.mapping.section import Condition, Section, belonging
from hub.mapping.unmapped import Named
from hub.model.content import FIELDS
from hub.model.plan import IDENTITY_FACTS, Kind

Data: TypeAlias = Mapping[str, Any]
LAWFUL_FACTS = IDENTITY_FACTS | {"address"}
"""Facts that are their own category."""


class Tables:
    """The code and label tables a mapping names, read once each."""

    def __init__(self, codes: Callable[[str], CodeTable], labels: Callable[[str], LabelTable]) -> None:
        self.codes = codes
        self.labels = labels


def compile_lens(data: Data, tables: Tables) -> Lens:
    """Raises `ValueError` for what the schema and the lint let through, which is a fault of ours."""
    frame = _form("frame", data["frame"], data, tables) if "frame" in data else None
    facts = tuple(_fact(row, data, tables) for row in data.get("identity", ()))
    sections = tuple(_section(section, data, tables) for section in data.get("sections", ()))
    child = tuple(
        ChildRow(row["kind"], path, reader(path), writer(path))
        for row in data.get("child", ())
        for path in [parse(row["at"])]
    )
    never = [parse(place) for place in data.get("never", ())]
    kinds = [section.form.kind for section in sections]
    whole = data.get("new", {})
    start = data.get("new_part", {}) if "parts" in data else whole
    return Lens(
        name=data["lens"],
        document=data["document"],
        title=data["title"],
        snapshot=data["snapshot"],
        carries=_carries(frame, facts, sections),
        child_rows=child,
        split=_parts(data["parts"]) if "parts" in data else None,
        start=whole,
        part_start=start,
        frame=frame,
        facts=facts,
        sections=sections,
        cleaning=clean(never),
        order=order([(parse(place), keys) for place, keys in data.get("order", {}).items()]),
        named=_named(frame, facts, sections, [*(row.path for row in child), *never], start),
        shared=frozenset(kind for kind in kinds if kinds.count(kind) > 1),
    )


def _parts(text: str) -> Parts:
    path = parse(text)
    return Parts(path, reader(path), writer(path))


def _carries(
    frame: Form | None, facts: tuple[Fact, ...], sections: tuple[Section, ...]
) -> Mapping[Kind, frozenset[str]]:
    """Fields that `put` can write; constants and `^` rows say the same of every item and are not the item's own."""
    carries: dict[Kind, frozenset[str]] = {"identity": frozenset({"fact", "value"})} if facts else {}
    for form in [*([frame] if frame else []), *(section.form for section in sections)]:
        carries[form.kind] = carries.get(form.kind, frozenset()) | {row.hub for row in form.rows}
    return carries


def _fact(data: Data, lens: Data, tables: Tables) -> Fact:
    name = data["fact"]
    categories = data.get("categories") or ([name] if name in LAWFUL_FACTS else lens.get("categories", ()))
    row = compile_row({**data, "hub": "value"}, "date" if name == "birth_date" else "line", tables.codes)
    return Fact(name, row, frozenset(categories), data.get("about", lens.get("about", "child")))


def _form(kind: Kind, data: Data, lens: Data, tables: Tables) -> Form:
    fields = FIELDS[kind]
    rows = [compile_row(row, fields[row["hub"]], tables.codes) for row in data["rows"] if "at" in row]
    written = tuple(_live(row, data.get("deleted")) for row in rows if not row.path.root)
    context = tuple(row for row in rows if row.path.root)
    filled = {row["hub"] for row in data["rows"]}
    return Form(
        kind=kind,
        rows=written,
        context=context,
        constants={row["hub"]: row["const"] for row in data["rows"] if "const" in row},
        marks=_marks(data, lens, tables, (*written, *context)),
        texts=frozenset(name for name, field in fields.items() if field == "text" and name in filled),
        free_text=data.get("free_text"),
        deleted=_tombstone(data["deleted"]) if "deleted" in data else None,
    )


def _marks(data: Data, lens: Data, tables: Tables, rows: tuple[Row, ...]) -> Marks:
    about = data.get("about", lens.get("about", "child"))
    says_about = compile_row(about, "code", tables.codes) if isinstance(about, dict) else None
    return Marks(
        categories=frozenset(lens.get("categories", ())) | frozenset(data.get("categories", ())),
        about=about if says_about is None else lens.get("about", "child"),
        labels=_labels(data["labels"], tables) if "labels" in data else None,
        says_about=says_about,
        owner=compile_row(data["owner"], "code", tables.codes) if "owner" in data else None,
        watched=tuple(row for row in rows if row.unclassified),
    )


def _tombstone(data: Data) -> Tombstone:
    path = parse(data["at"])
    return Tombstone(reader(path), writer(path), data["is"])


def _live(row: Row, deleted: Data | None) -> Row:
    """A row at the tombstone's place can say everything but that the item is deleted."""
    if deleted is None or deleted["at"] != row.path.text:
        return row
    say = row.encode or (lambda value: value if isinstance(value, str) else None)

    def encode(value: Any) -> Json:
        code = say(value)
        return None if code == deleted["is"] else code

    return replace(row, decode=row.decode or as_text(row.path), encode=encode)


def _labels(data: Data, tables: Tables) -> Labels:
    path = parse(data["at"])
    table = tables.labels(data["codes"]) if "codes" in data else OwnLabels()
    return Labels(path, reader(path), writer(path), table, plain_key(path))


def _section(data: Data, lens: Data, tables: Tables) -> Section:
    each = parse(data["each"])
    key = parse(data["key"]) if "key" in data else None
    read_key, write_key = (_no_key, _no_write) if key is None else (reader(key), writer(key))
    whole = lens.get("new_part" if "parts" in lens else "new", {})
    where = tuple(_condition(place, value) for place, value in data.get("where", {}).items())
    return Section(
        form=_form(data["kind"], data, lens, tables),
        each=each,
        read=reader(each),
        write=writer(each),
        key=key,
        read_key=read_key,
        write_key=write_key,
        where=where,
        belongs=belonging(where),
        blank=_blank(data, where),
        plain_key=None if key is None else plain_key(key),
        keeps_empty=reader(each)(whole) is not None,
    )


def _blank(data: Data, where: tuple[Condition, ...]) -> Json:
    node = data.get("new", {})
    for condition in where:
        node = condition.write(node, condition.values[0])
    return node


def _no_key(node: Json) -> Json:
    return None


def _no_write(node: Json, value: Json) -> Json:
    return node


def _condition(place: str, value: Json) -> Condition:
    path = parse(place)
    return Condition(place, reader(path), writer(path), tuple(value) if isinstance(value, list) else (value,))


def _named(
    frame: Form | None, facts: tuple[Fact, ...], sections: tuple[Section, ...], places: list[Path], start: Json
) -> Named:
    named = Named()
    named.add_all(start)
    rows = [*(frame.rows if frame else ()), *(fact.row for fact in facts)]
    for path in [*places, *(row.path for row in rows), *(_places_of(frame.marks) if frame else ())]:
        named.add(path.steps)
    for section in sections:
        form, inner = section.form, named.section(section.each.steps, section.belongs)
        inner.add_all(section.blank)
        own = [parse(each.place) for each in section.where] + [row.path for row in (*form.rows, *form.context)]
        for path in [*own, *([section.key] if section.key else []), *_places_of(form.marks)]:
            (named if path.root else inner).add(path.steps)
    return named


def _places_of(marks: Marks) -> list[Path]:
    return [each.path for each in (marks.labels, marks.says_about, marks.owner) if each is not None]
