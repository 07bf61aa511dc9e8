"""Links to a municipality's routines as data: what is one, and what cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from hub.errors import SetupError
from hub.ops.enrol import Desk
from hub.ops.routines import describe, routines_from, routines_of
from hub.ports import Store

ROW: dict[str, Any] = {
    "municipality": "0001",
    "service": "school",
    "link": "https://kommune.example/rutiner/skole#plan",
}


def test_a_link_takes_the_place_of_the_one_before_and_is_its_own_municipalitys(store: Store, desk: Desk) -> None:
    other = ROW | {"municipality": "0002", "service": "ppt"}
    newer = ROW | {"link": "https://kommune.example/ny"}
    with store.begin() as work:
        describe(work, desk, routines_from([ROW, other]))
    with store.begin() as work:
        describe(work, desk, routines_from([newer]))
    with store.begin() as work:
        found = routines_of(work, desk)
        audit = [entry.action for entry in work.audit.of(desk.municipality, "school")]

    assert found == {"school": "https://kommune.example/ny"}
    assert audit == ["routine.registered", "routine.registered"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"link": "http://kommune.example/rutiner"}, r"routines\[0\]\.link: must be a link that starts with https"),
        ({"link": "javascript:alert(1)"}, "https"),
        ({"link": "https:///rutiner"}, "https"),
        ({"link": "https://[kommune"}, "https"),
        ({"link": "https://kommune.example:99999/"}, "https"),
        ({"link": "https://me:secret@kommune.example/"}, "no password"),
        ({"link": "https://kommune.example/a b"}, "no space"),
        ({"link": "https://kommune.example/14831850052"}, "nobody's number"),
        ({"link": "https://kommune.example/" + "a" * 300}, "no password, no space"),
        ({"service": "schol"}, "unknown service"),
        ({"service": "guardian"}, "unknown service"),
        ({"municipality": "301"}, "four digits"),
        ({"more": 1}, "and nothing else"),
    ],
)
def test_what_cannot_be_a_link_is_named_with_its_place(change: dict[str, Any], named: str) -> None:
    with pytest.raises(SetupError, match=named):
        routines_from([ROW | change])
