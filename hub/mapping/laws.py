"""The laws of a lens, for one document, view and grant: what every mapping must keep, ours and a vendor's.

Each law gives a sentence for what breaks it, and nothing when it holds. `hub.mapping.strategies` makes the documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from hub.mapping.lens import Lens
from hub.mapping.path import Json
from hub.model.change import Grant, Portion
from hub.model.plan import Kind

Said: TypeAlias = dict[tuple[Kind, str], object]


def putting_back_what_was_got_changes_nothing(lens: Lens, base: Json, grant: Grant) -> Iterator[str]:
    """`put(b, get(b)|g, g) = b`."""
    view = within(lens.get(base), grant)
    if lens.put(base, view, grant) != base:
        yield f"{lens.name}: putting back what was got changes the document"


def what_was_put_is_got(lens: Lens, base: Json, view: Portion, grant: Grant) -> Iterator[str]:
    """`get(put(b, v, g))` equals `v`, cut to what the mapping carries, on `g`, and `get(b)` elsewhere."""
    start = lens.part_start if base is None else base
    before, wanted = said(lens.get(start)), said(lens.cut(view, start))
    after = said(lens.get(lens.put(base, view, grant)))
    for kind, key in before.keys() | wanted.keys() | after.keys():
        granted = key in grant.get(kind, ())
        right = (wanted if granted else before).get((kind, key))
        if after.get((kind, key)) != right:
            yield f"{lens.name}: {kind}: a {'granted' if granted else 'withheld'} item is not got as it {_was(granted)}"


def _was(granted: bool) -> str:
    return "was put" if granted else "was before"


def what_the_mapping_does_not_carry_makes_no_difference(
    lens: Lens, base: Json, view: Portion, grant: Grant
) -> Iterator[str]:
    """`put(b, v, g) = put(b, cut(v), g)`, and cutting twice is cutting once."""
    start = lens.part_start if base is None else base
    cut = lens.cut(view, start)
    if lens.put(base, view, grant) != lens.put(base, cut, grant):
        yield f"{lens.name}: what the mapping does not carry changes the document"
    if lens.cut(cut, start) != cut:
        yield f"{lens.name}: a cut view can be cut further"


def putting_twice_is_putting_once(lens: Lens, base: Json, view: Portion, grant: Grant) -> Iterator[str]:
    once = lens.put(base, view, grant)
    if lens.put(once, view, grant) != once:
        yield f"{lens.name}: the same view put twice changes the document again"


def what_is_never_kept_was_never_read(lens: Lens, base: Json) -> Iterator[str]:
    """`get(clean(b)) = get(b)`, and cleaning twice is cleaning once."""
    cleaned = lens.clean(base)
    if lens.clean(cleaned) != cleaned:
        yield f"{lens.name}: a cleaned document can be cleaned further"
    if lens.get(cleaned) != lens.get(base):
        yield f"{lens.name}: a row reads from a place that is never kept"


def broken_laws(lens: Lens, base: Json, view: Portion, grant: Grant) -> list[str]:
    """Every law at once, as sentences."""
    return [
        *putting_back_what_was_got_changes_nothing(lens, base, grant),
        *what_was_put_is_got(lens, base, view, grant),
        *what_was_put_is_got(lens, None, view, grant),
        *what_the_mapping_does_not_carry_makes_no_difference(lens, base, view, grant),
        *putting_twice_is_putting_once(lens, base, view, grant),
        *what_is_never_kept_was_never_read(lens, base),
    ]


def within(portion: Portion, grant: Grant) -> Portion:
    """The portion, granted items only."""
    return {
        kind: kept
        for kind, items in portion.items()
        if (kept := {key: item for key, item in items.items() if key in grant.get(kind, ())})
    }


def said(portion: Portion) -> Said:
    """Content or tombstone by kind and key: what the laws compare. Marks follow from the mapping."""
    return {
        (kind, key): "deleted" if item.deleted else dict(item.content)
        for kind, items in portion.items()
        for key, item in items.items()
    }
