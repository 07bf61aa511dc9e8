"""The laws find a mapping that lies: each of these would pass if they had no teeth."""

from __future__ import annotations

from typing import Any

import pytest

from hub.mapping.laws import broken_laws
from hub.model.change import Item
from tests.unit.mapping.lenses import all_of, item, lens, unheld_lens

GOALS = "sections: [{kind: goal, each: goals, key: id, rows: [%s]}]"


@pytest.mark.parametrize(
    ("body", "base", "view"),
    [
        (
            GOALS % "{hub: title, at: t}, {hub: description, at: t}",
            {"goals": [{"id": "g", "t": "a"}]},
            {"goal": {"g": item(title="b", description="c")}},
        ),
        (
            "never: [goals]\n" + GOALS % "{hub: title, at: t}",
            {"goals": [{"id": "g", "t": "a"}]},
            {},
        ),
        (
            "sections:\n"
            "  - {kind: goal, each: items, key: id, rows: [{hub: title, at: t}]}\n"
            "  - {kind: note, each: items, key: id, rows: [{hub: text, at: n}]}",
            {"items": [{"id": "x", "t": "a", "n": "b"}]},
            {"goal": {"x": item(title="a")}},
        ),
        (
            "sections: [{kind: goal, each: goals, key: id, where: {t: x}, rows: [{hub: title, at: t}]}]",
            {"goals": [{"id": "g", "t": "x"}]},
            {"goal": {"g": item(title="y")}},
        ),
    ],
    ids=["two rows at one place", "a row at a never place", "two sections over one list", "a row at a where place"],
)
def test_a_mapping_the_lint_would_refuse_breaks_a_law(body: str, base: Any, view: Any) -> None:
    broken = unheld_lens(body)
    grant = all_of(view, broken.get(base))

    assert broken_laws(broken, base, view, grant)


def test_a_sound_mapping_breaks_none() -> None:
    sound = lens(GOALS % "{hub: title, at: t}, {hub: due, at: d}")
    base = {"goals": [{"id": "g", "t": "a", "d": "2024-01-01T10:00:00Z"}, {"id": "h"}], "more": 1}
    view = {"goal": {"g": item(title="b"), "new": item(due="2024-05"), "gone": Item({}, frozenset("c"), deleted=True)}}

    assert broken_laws(sound, base, view, all_of(view)) == []
